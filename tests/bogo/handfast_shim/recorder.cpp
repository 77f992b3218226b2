// Recorder: see the header.
#include "recorder.hpp"

#include <fmt/format.h>

namespace handfast::bogo {
namespace {

const char* verb(Direction direction) { return direction == Direction::sent ? "write" : "read"; }

}  // namespace

void Recorder::on_record(const RecordEvent& event) {
  if (event.type == ContentType::change_cipher_spec) lines_ += fmt::format("{} ccs\n", verb(event.direction));
}

void Recorder::on_message(const MessageEvent& event) {
  lines_ += fmt::format("{} hs {}\n", verb(event.direction), event.bytes.front());
  if (event.direction != Direction::received) return;
  last_received_ = event.type;
  if (event.type == HandshakeType::server_hello) seen_.answered = true;
  if (event.type == HandshakeType::new_session_ticket) new_session_ticket_ = copy_of(event.bytes);
  if (event.type == HandshakeType::client_hello) client_hello_ = copy_of(event.bytes);
  if (event.type == HandshakeType::certificate_request) certificate_request_ = copy_of(event.bytes);
}

void Recorder::on_alert(const AlertEvent& event) {
  lines_ += fmt::format("{} alert {} {}\n", verb(event.direction), static_cast<unsigned>(event.level),
                        static_cast<unsigned>(event.description));
}

}  // namespace handfast::bogo
