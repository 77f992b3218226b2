// The messages of TLS 1.2 in words, and what TLS 1.3 does instead. RFC 5246 §7.3, §7.4.
#include <fmt/core.h>

#include <chrono>

#include "common/numbers.hpp"
#include "keys/cipher_suite.hpp"
#include "message/key_exchange12.hpp"
#include "message/messages12.hpp"
#include "trace/certificates.hpp"
#include "trace/names.hpp"
#include "trace/steps.hpp"

namespace handfast::apps {
namespace {

KeyExchange exchange_of(const Trace& trace) {
  const TraceStep* const hello = trace.find(StepKind::server_hello);
  const Fact* const suite = hello != nullptr ? hello->fact("suite") : nullptr;
  if (suite == nullptr || suite->items.empty() || !suite->items.front().code) return KeyExchange::ecdhe;
  const auto* const row = keys::find_suite(static_cast<CipherSuite>(*suite->items.front().code));
  return row == nullptr ? KeyExchange::ecdhe : row->key_exchange;
}

void malformed(TraceStep& step, const Error& error) {
  step.say.push_back({"malformed: " + escape_untrusted(error.to_string()), Mark::bad});
}

void describe_certificates(TraceStep& step, const message::Certificate12& message,
                           const StepContext& context) {
  Fact fact{"certificates", "Certificates", {}};
  for (const auto& entry : message.certificate_list) {
    step.certificates.push_back(describe_certificate(entry.data, context.clock));
    FactItem item;
    item.text = step.certificates.back().subject;
    item.bytes = entry.data.size();
    fact.items.push_back(std::move(item));
  }
  step.facts.push_back(std::move(fact));
  describe_chain(step);
  step.why = step.kind == StepKind::client_auth ? "Certificate — the client says who it is, because the "
                                                  "server asked. Everybody on the way can read it; in "
                                                  "TLS 1.3 nobody can."
                                                : "Certificate — the server says who it is, and who vouches "
                                                  "for that. Everybody on the way can read it: only "
                                                  "TLS 1.3 encrypts it. A certificate alone proves nothing; "
                                                  "what the server signs next is the proof.";
}

void describe_parameters(TraceStep& step, const Trace& trace) {
  const auto signed_with = [&](const message::SignedParameters& signature) {
    step.say.push_back({"signed with " + name_or_number(signature.algorithm), Mark::none});
    step.facts.push_back({"verify_scheme", "Signature scheme", {item_of(signature.algorithm)}});
  };
  if (exchange_of(trace) == KeyExchange::dhe) {
    const auto params = message::decode_server_dh_params(step.bytes);
    if (!params) return malformed(step, params.error());
    step.say.push_back(
        {fmt::format("its half of a key: Diffie-Hellman, {} bits", 8 * params->prime.size()), Mark::none});
    signed_with(params->signature);
  } else {
    const auto params = message::decode_server_ecdh_params(step.bytes);
    if (!params) return malformed(step, params.error());
    FactItem item = item_of(params->group);
    item.bytes = params->public_key.size();
    step.facts.push_back({"group", "Key exchange group", {std::move(item)}});
    step.say.push_back({"its half of a key: " + described(params->group), Mark::none});
    signed_with(params->signature);
  }
  step.why =
      "ServerKeyExchange — the server's half of the key, signed together with both randoms, so that nobody "
      "can put his "
      "own in its place. In TLS 1.3 it stands in the ServerHello, a whole round trip earlier, because the "
      "client sent "
      "its half along.";
}

void describe_client_keys(TraceStep& step, const Trace& trace) {
  const KeyExchange exchange = exchange_of(trace);
  const auto keys = message::decode_client_exchange_keys(exchange, step.bytes);
  if (!keys) return malformed(step, keys.error());
  if (exchange == KeyExchange::rsa) {
    step.say.push_back({"a premaster secret, encrypted to the server's certificate", Mark::warning});
    step.why =
        "ClientKeyExchange — the client makes up the premaster secret and encrypts it to the key of the "
        "certificate. "
        "Whoever gets that key later can read every conversation that was recorded: TLS 1.3 has no such "
        "thing.";
    return;
  }
  step.say.push_back({fmt::format("the other half of the key: {}", bytes_text(keys->size())), Mark::none});
  step.say.push_back(
      {"both halves make the premaster secret; with the hellos it makes the main secret", Mark::none});
  step.why =
      "ClientKeyExchange — now both sides compute the same premaster secret. From it, the two randoms and, "
      "with an "
      "extended main secret, the hash of everything said so far, comes the main secret; from that and the "
      "randoms four "
      "keys and nonces. TLS 1.3 derives a new secret for each phase instead.";
}

void describe_request(TraceStep& step, const message::CertificateRequest12& request) {
  step.say.push_back(
      {step.direction == Direction::received ? "asks me for a certificate" : "asks for a certificate",
       Mark::none});
  step.facts.push_back(list_fact("signature_schemes", "Signature schemes", request.signature_algorithms));
  step.why =
      "CertificateRequest — the server wants to know who the client is, by a certificate (mutual TLS).";
}

void describe_ticket(TraceStep& step, const message::NewSessionTicket12& ticket) {
  if (ticket.ticket.empty()) {
    step.say.push_back({"no ticket after all", Mark::none});
    return;
  }
  step.say.push_back(
      {fmt::format("a ticket of {}: a next visit can save a round trip", bytes_text(ticket.ticket.size())),
       Mark::none});
  const std::chrono::seconds lifetime(ticket.ticket_lifetime_hint);
  step.facts.push_back(
      text_fact("lifetime", "Lifetime", lifetime.count() == 0 ? "not said" : span_text(lifetime)));
}

bool is_before_tls12(const Trace& trace) {
  const TraceStep* const hello = trace.find(StepKind::server_hello);
  const Fact* const version = hello != nullptr ? hello->fact("version") : nullptr;
  return version != nullptr && !version->items.empty() &&
         version->items.front().code < static_cast<std::uint16_t>(ProtocolVersion::tls1_2);
}

// TLS 1.0 and 1.1 name no signature scheme: these messages have another layout, which no decoder here reads.
bool describe_message10(TraceStep& step, HandshakeType type) {
  if (type == HandshakeType::server_key_exchange) {
    step.say.push_back({"its half of a key, signed with MD5 and SHA-1", Mark::warning});
  } else if (type == HandshakeType::certificate_request) {
    step.say.push_back({"asks for a certificate", Mark::none});
  } else if (type == HandshakeType::certificate_verify) {
    step.say.push_back({"signs the conversation with MD5 and SHA-1", Mark::warning});
  } else {
    return false;
  }
  step.why = "This version of the protocol is broken and no longer allowed (RFC 8996).";
  return true;
}

}  // namespace

bool is_tls12(const Trace& trace) {
  const TraceStep* const hello = trace.find(StepKind::server_hello);
  const Fact* const version = hello != nullptr ? hello->fact("version") : nullptr;
  return version != nullptr && !version->items.empty() &&
         version->items.front().code <= static_cast<std::uint16_t>(ProtocolVersion::tls1_2);
}

bool describe_message12(TraceStep& step, HandshakeType type, const StepContext& context) {
  if (is_before_tls12(context.trace) && describe_message10(step, type)) return true;
  switch (type) {
    case HandshakeType::certificate:
      if (auto decoded = message::decode_certificate12(step.bytes)) {
        describe_certificates(step, *decoded, context);
      } else {
        malformed(step, decoded.error());
      }
      return true;
    case HandshakeType::certificate_status:
      step.say.push_back({"an OCSP response for the certificate", Mark::none});
      step.why =
          "CertificateStatus — what the certificate's issuer says about its revocation, so that the client "
          "need not ask.";
      return true;
    case HandshakeType::server_key_exchange:
      describe_parameters(step, context.trace);
      return true;
    case HandshakeType::certificate_request:
      if (auto decoded = message::decode_certificate_request12(step.bytes)) {
        describe_request(step, *decoded);
      } else {
        malformed(step, decoded.error());
      }
      return true;
    case HandshakeType::server_hello_done:
      step.say.push_back({"your turn", Mark::none});
      step.why =
          "ServerHelloDone — the server has said all it has to say for now. TLS 1.3 would be encrypted by "
          "now.";
      return true;
    case HandshakeType::client_key_exchange:
      describe_client_keys(step, context.trace);
      return true;
    case HandshakeType::new_session_ticket:
      if (auto decoded = message::decode_new_session_ticket12(step.bytes)) {
        describe_ticket(step, *decoded);
      } else {
        malformed(step, decoded.error());
      }
      step.why =
          "NewSessionTicket — a ticket for a shorter handshake next time. Here it is sent in clear; TLS 1.3 "
          "sends it "
          "encrypted, after the handshake.";
      return true;
    default:
      return false;
  }
}

void describe_change_cipher_spec(TraceStep& step) {
  step.title = "ChangeCipherSpec";
  step.say.push_back({"from here on encrypted", Mark::none});
  step.why =
      "ChangeCipherSpec — not a message but a record of its own: the next one is encrypted. TLS 1.3 has no "
      "use for it and "
      "sends it only to look familiar.";
}

}  // namespace handfast::apps
