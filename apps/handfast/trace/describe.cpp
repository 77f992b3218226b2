// From a message's bytes to its description, by the production decoders; choices that later messages make.
#include <algorithm>

#include "trace/names.hpp"
#include "trace/steps.hpp"

namespace handfast::apps {
namespace {

template <class Message>
void decode_and_describe(TraceStep& step, const StepContext& context) {
  auto decoded = message::decode<Message>(step.bytes);
  if (decoded) {
    describe(step, *decoded, context);
  } else {
    step.say.push_back({"malformed: " + escape_untrusted(decoded.error().to_string()), Mark::bad});
  }
}

void mark(TraceStep* step, std::string_view fact_id, const Fact* chosen) {
  if (step == nullptr || chosen == nullptr || chosen->items.empty()) return;
  for (auto& fact : step->facts) {
    if (fact.id != fact_id) continue;
    for (auto& item : fact.items) {
      const auto& wanted = chosen->items.front();
      item.chosen = wanted.code ? item.code == wanted.code : item.text == wanted.text;
    }
  }
}

}  // namespace

void describe_message(TraceStep& step, HandshakeType type, const StepContext& context) {
  if (is_tls12(context.trace) && describe_message12(step, type, context)) return;
  switch (type) {
    case HandshakeType::client_hello:
      return decode_and_describe<message::ClientHello>(step, context);
    case HandshakeType::server_hello:
    case HandshakeType::hello_retry_request:
      return decode_and_describe<message::ServerHello>(step, context);
    case HandshakeType::encrypted_extensions:
      return decode_and_describe<message::EncryptedExtensions>(step, context);
    case HandshakeType::certificate_request:
      return decode_and_describe<message::CertificateRequest>(step, context);
    case HandshakeType::certificate:
      return decode_and_describe<message::Certificate>(step, context);
    case HandshakeType::compressed_certificate:
      return decode_and_describe<message::CompressedCertificate>(step, context);
    case HandshakeType::certificate_verify:
      return decode_and_describe<message::CertificateVerify>(step, context);
    case HandshakeType::finished:
      return decode_and_describe<message::Finished>(step, context);
    case HandshakeType::new_session_ticket:
      return decode_and_describe<message::NewSessionTicket>(step, context);
    case HandshakeType::end_of_early_data:
      return decode_and_describe<message::EndOfEarlyData>(step, context);
    case HandshakeType::key_update:
      return decode_and_describe<message::KeyUpdate>(step, context);
    default:
      break;
  }
}

void mark_choices(Trace& trace, const TraceStep& step) {
  // The answer is to the last ClientHello.
  const auto found = std::find_if(trace.steps.rbegin(), trace.steps.rend(), [](const TraceStep& candidate) {
    return candidate.kind == StepKind::client_hello;
  });
  TraceStep* const hello = found != trace.steps.rend() ? &*found : nullptr;
  if (step.kind == StepKind::server_hello) {
    mark(hello, "versions", step.fact("version"));
    mark(hello, "suites", step.fact("suite"));
    mark(hello, "groups", step.fact("group"));
    mark(hello, "key_shares", step.fact("group"));
  } else if (step.kind == StepKind::hello_retry) {
    mark(hello, "groups", step.fact("group"));
  } else if (step.kind == StepKind::encrypted_extensions) {
    mark(hello, "application_protocols", step.fact("application_protocol"));
  } else if (step.kind == StepKind::server_key_exchange) {
    mark(hello, "groups", step.fact("group"));
    mark(hello, "signature_schemes", step.fact("verify_scheme"));
  } else if (step.kind == StepKind::cert_verify) {
    mark(hello, "signature_schemes", step.fact("verify_scheme"));
  }
}

}  // namespace handfast::apps
