// Ids and look-ups of the trace model.
#include "trace/model.hpp"

namespace handfast::apps {

std::string_view id_of(StepKind kind) {
  switch (kind) {
    case StepKind::dns:
      return "dns";
    case StepKind::tcp:
      return "tcp";
    case StepKind::client_hello:
      return "client_hello";
    case StepKind::hello_retry:
      return "hello_retry";
    case StepKind::server_hello:
      return "server_hello";
    case StepKind::keys:
      return "keys";
    case StepKind::encrypted_extensions:
      return "encrypted_extensions";
    case StepKind::cert_request:
      return "cert_request";
    case StepKind::certificate:
      return "certificate";
    case StepKind::cert_verify:
      return "cert_verify";
    case StepKind::finished:
      return "finished";
    case StepKind::cert_status:
      return "cert_status";
    case StepKind::server_key_exchange:
      return "server_key_exchange";
    case StepKind::server_hello_done:
      return "server_hello_done";
    case StepKind::client_key_exchange:
      return "client_key_exchange";
    case StepKind::change_cipher_spec:
      return "change_cipher_spec";
    case StepKind::client_auth:
      return "client_auth";
    case StepKind::ticket:
      return "ticket";
    case StepKind::key_update:
      return "key_update";
    case StepKind::app:
      return "app";
    case StepKind::alert:
      return "alert";
    case StepKind::close:
      return "close";
  }
  return "";
}

const Fact* TraceStep::fact(std::string_view id) const {
  for (const auto& candidate : facts) {
    if (candidate.id == id) return &candidate;
  }
  return nullptr;
}

const TraceStep* Trace::find(StepKind kind) const {
  for (const auto& step : steps) {
    if (step.kind == kind) return &step;
  }
  return nullptr;
}

}  // namespace handfast::apps
