// The encrypted part of the handshake in words. RFC 9846 §4.4, §4.5, §4.6, §4.7.
#include <fmt/core.h>

#include "base/limits.hpp"
#include "common/numbers.hpp"
#include "compress/compress.hpp"
#include "trace/certificates.hpp"
#include "trace/names.hpp"
#include "trace/steps.hpp"

namespace handfast::apps {
namespace {

// How many CA names a lane shows.
constexpr std::size_t kShownAuthorities = 3;

std::string chain_text(const std::vector<CertificateFact>& certificates) {
  std::string text;
  for (const auto& certificate : certificates) {
    if (!text.empty()) text += " ← ";
    text += certificate.subject;
  }
  // The issuer of the last one is known by name only, unless it is its own.
  const auto& last = certificates.back();
  if (last.problem.empty() && !last.self_issued) text += " ← " + last.issuer + " (not sent)";
  return text;
}

Say validity_of(const CertificateFact& leaf) {
  if (!leaf.problem.empty()) return {"cannot be read: " + leaf.problem, Mark::bad};
  const std::string rest = " · " + leaf.key;
  if (!leaf.days_left) return {"valid until " + leaf.not_after + rest, Mark::none};
  const auto days = *leaf.days_left;
  if (days < 0) return {fmt::format("expired on {}{}", leaf.not_after, rest), Mark::bad};
  const Mark mark = days < 14 ? Mark::warning : Mark::none;
  return {
      fmt::format("valid {}{}",
                  days == 0 ? "until later today" : fmt::format("{} more day{}", days, days == 1 ? "" : "s"),
                  rest),
      mark};
}

// Whether EncryptedExtensions said so (RFC 7250).
bool is_raw_key(const TraceStep& step, const StepContext& context) {
  const TraceStep* const settled = context.trace.find(StepKind::encrypted_extensions);
  const Fact* const fact =
      settled == nullptr ? nullptr
                         : settled->fact(step.kind == StepKind::client_auth ? "client_certificate_type"
                                                                            : "server_certificate_type");
  return fact != nullptr &&
         fact->items.front().code == static_cast<std::uint16_t>(CertificateType::RawPublicKey);
}

void describe_raw_key(TraceStep& step, const message::Certificate& certificate) {
  for (const auto& entry : certificate.certificate_list) {
    const std::string text = describe_raw_public_key(entry.cert_data);
    step.facts.push_back(text_fact("raw_public_key", "Raw public key", text, entry.cert_data.size()));
    step.say.push_back({"raw public key: " + text, Mark::none});
  }
  if (certificate.certificate_list.empty()) step.say.push_back({"no key to show", Mark::warning});
  step.why =
      "Certificate — a public key alone, without a certificate around it: no name, no dates, nobody who "
      "vouches "
      "for it. It is believed by who knows this very key already.";
}

void describe_client_certificate(TraceStep& step) {
  if (step.certificates.empty()) {
    step.say.push_back(
        {step.direction == Direction::sent ? "I have no certificate to show" : "shows no certificate",
         Mark::warning});
  } else {
    step.say.push_back({chain_text(step.certificates), Mark::none});
    step.say.push_back(validity_of(step.certificates.front()));
  }
  step.why =
      "Certificate — the client says who it is, because the server asked. It is encrypted: a listener does "
      "not learn "
      "who the client is.";
}

}  // namespace

Fact extensions_fact(const message::ExtensionBlock& block) {
  Fact fact{"extensions", "Extensions", {}};
  for (const auto& extension : block) {
    FactItem item = item_of(extension.type);
    item.bytes = extension.body.size();
    fact.items.push_back(std::move(item));
  }
  return fact;
}

void describe(TraceStep& step, const message::EncryptedExtensions& extensions, const StepContext& context) {
  if (extensions.application_protocol) {
    const std::string name = escape_untrusted(*extensions.application_protocol);
    step.say.push_back({name + " accepted", Mark::none});
    step.facts.push_back(text_fact("application_protocol", "Application protocol (ALPN)", name));
  } else {
    const TraceStep* hello = context.trace.find(StepKind::client_hello);
    const bool asked = hello != nullptr && hello->fact("application_protocols") != nullptr;
    step.say.push_back({asked ? "no application protocol chosen" : "nothing more to settle", Mark::none});
  }
  if (extensions.early_data) step.say.push_back({"early data accepted", Mark::none});
  const auto say_type = [&](const std::optional<CertificateType>& type, const char* id, const char* who) {
    if (!type) return;
    step.facts.push_back({id, fmt::format("Kind of the {}'s certificate", who), {item_of(*type)}});
    if (*type == CertificateType::RawPublicKey) {
      step.say.push_back({fmt::format("the {} shows a raw public key, no certificate", who), Mark::none});
    }
  };
  say_type(extensions.server_certificate_type, "server_certificate_type", "server");
  say_type(extensions.client_certificate_type, "client_certificate_type", "client");
  if (extensions.record_size_limit) {
    const std::string limit = bytes_text(*extensions.record_size_limit);
    step.say.push_back({"records of at most " + limit + ", please", Mark::none});
    step.facts.push_back(text_fact("record_size_limit", "Record size limit", limit));
  }
  step.facts.push_back(extensions_fact(extensions.extensions));
  step.why =
      "EncryptedExtensions — answers to what the client offered and that nobody else needs to see. This is "
      "the first "
      "message under the new keys.";
}

void describe(TraceStep& step, const message::CertificateRequest& request, const StepContext&) {
  step.say.push_back(
      {step.direction == Direction::received ? "asks me for a certificate" : "asks for a certificate",
       Mark::none});
  if (request.certificate_authorities) {
    Fact fact{"certificate_authorities", "Accepted issuers", {}};
    std::vector<std::string> names;
    for (const auto& name : *request.certificate_authorities) {
      FactItem item;
      item.text = short_subject(name.der);
      item.bytes = name.der.size();
      if (names.size() < kShownAuthorities) names.push_back(item.text);
      fact.items.push_back(std::move(item));
    }
    std::string text = "issued by " + joined(names, " or ");
    if (fact.items.size() > names.size())
      text += fmt::format(" (and {} more)", fact.items.size() - names.size());
    step.say.push_back({std::move(text), Mark::none});
    step.facts.push_back(std::move(fact));
  }
  if (request.signature_algorithms) {
    step.facts.push_back(list_fact("signature_schemes", "Signature schemes", *request.signature_algorithms));
  }
  step.facts.push_back(extensions_fact(request.extensions));
  step.why =
      "CertificateRequest — the server wants to know who the client is, by a certificate (mutual TLS).";
}

void describe(TraceStep& step, const message::Certificate& certificate, const StepContext& context) {
  if (is_raw_key(step, context)) return describe_raw_key(step, certificate);
  Fact fact{"certificates", "Certificates", {}};
  bool staple = false;
  bool timestamps = false;
  for (const auto& entry : certificate.certificate_list) {
    step.certificates.push_back(describe_certificate(entry.cert_data, context.clock));
    FactItem item;
    item.text = step.certificates.back().subject;
    item.bytes = entry.cert_data.size();
    fact.items.push_back(std::move(item));
    staple = staple || entry.ocsp_response.has_value();
    timestamps = timestamps || entry.signed_certificate_timestamp.has_value();
  }
  step.facts.push_back(std::move(fact));
  if (step.kind == StepKind::client_auth) {
    describe_client_certificate(step);
    return;
  }
  describe_chain(step);
  if (!step.certificates.empty()) {
    if (staple || timestamps) {
      step.say.push_back({fmt::format("brings {}", staple && timestamps ? "an OCSP staple and SCTs"
                                                   : staple             ? "an OCSP staple"
                                                                        : "SCTs"),
                          Mark::none});
    }
  }
  step.why =
      "Certificate — the server says who it is, and who vouches for that. Since TLS 1.3 it is encrypted: a "
      "listener "
      "does not see it. A certificate alone proves nothing: anybody can copy it; the next message is the "
      "proof.";
}

// What is inside is unpacked here once more, within the library's limit, by the library's decoders.
void describe(TraceStep& step, const message::CompressedCertificate& compressed, const StepContext& context) {
  const std::size_t length = compressed.uncompressed_length;
  const std::string algorithm = name_or_number(compressed.algorithm);
  step.facts.push_back({"compression", "Compressed with", {item_of(compressed.algorithm)}});
  ByteString unpacked;
  if (length <= limits::kMaxCertificateMessage && compress::is_supported(compressed.algorithm)) {
    unpacked = message::blank_message(HandshakeType::certificate, length);
    const MutableBytes body = MutableBytes(unpacked).subspan(message::kHandshakeHeaderSize);
    if (!compress::unpack(compressed.algorithm, compressed.compressed_certificate_message, body))
      unpacked.clear();
  }
  const auto certificate = message::decode_certificate(unpacked);
  if (!certificate) {
    step.say.push_back({fmt::format("compressed with {}, and cannot be unpacked to the {} that it announces",
                                    algorithm, bytes_text(length)),
                        Mark::bad});
    return;
  }
  describe(step, *certificate, context);
  step.say.push_back(
      {fmt::format("compressed with {}: {} instead of {}", algorithm,
                   bytes_text(compressed.compressed_certificate_message.size()), bytes_text(length)),
       Mark::none});
  step.why = "Compressed" + step.why;
}

void describe_chain(TraceStep& step) {
  if (step.certificates.empty()) {
    const bool optional = step.kind == StepKind::client_auth;
    step.say.push_back({optional ? "no certificate to show" : "no certificate at all",
                        optional ? Mark::warning : Mark::bad});
    return;
  }
  step.say.push_back(
      {fmt::format("{}: {}", count_text(step.certificates.size(), "certificate", "certificates"),
                   chain_text(step.certificates)),
       Mark::none});
  step.say.push_back(validity_of(step.certificates.front()));
}

void describe(TraceStep& step, const message::CertificateVerify& verify, const StepContext&) {
  const bool client = step.lane == Lane::from_client;
  step.facts.push_back({"verify_scheme", "Signature scheme", {item_of(verify.algorithm)}});
  step.say.push_back(
      {fmt::format("signs the conversation so far with {}", name_or_number(verify.algorithm)), Mark::none});
  step.why = fmt::format(
      "CertificateVerify — {} signs everything said so far with the key of its certificate. A copied "
      "certificate, or a recording of another conversation, could not do that.",
      client ? "the client" : "the server");
}

void describe(TraceStep& step, const message::Finished& finished, const StepContext&) {
  step.facts.push_back(text_fact("verify_data", "Checksum under the shared secret",
                                 to_hex(finished.verify_data), finished.verify_data.size()));
  step.why =
      "Finished — a checksum over the whole handshake, made with the shared secret. If anybody had changed a "
      "single "
      "bit on the way, the two sides' sums would differ.";
}

void describe(TraceStep& step, const message::NewSessionTicket& ticket, const StepContext&) {
  step.say.push_back({step.direction == Direction::received ? "a next visit can skip the certificates"
                                                            : "a next visit can skip the certificates",
                      Mark::none});
  step.facts.push_back(
      text_fact("lifetime", "Lifetime", span_text(std::chrono::seconds(ticket.ticket_lifetime))));
  step.facts.push_back(text_fact("ticket", "Ticket", bytes_text(ticket.ticket.size()), ticket.ticket.size()));
  step.why =
      "NewSessionTicket — a ticket for a shorter handshake next time: it stands for the secret that both "
      "sides know "
      "already. It comes after the handshake, among the application data.";
}

void describe(TraceStep& step, const message::EndOfEarlyData&, const StepContext&) {
  step.say.push_back({"that was the early data", Mark::none});
  step.why =
      "EndOfEarlyData — the client's early data ends here; what follows is protected by the handshake's own "
      "keys.";
}

void describe(TraceStep& step, const message::KeyUpdate& update, const StepContext&) {
  const bool asks = update.request_update == message::KeyUpdateRequest::update_requested;
  step.say.push_back(
      {asks ? "new keys from here on; asks for the same back" : "new keys from here on", Mark::none});
  step.why =
      "KeyUpdate — a key has protected enough; the next one is derived from it, and the old one forgotten.";
}

}  // namespace handfast::apps
