// What went over the wire, as far as the runner asks about it. An Observer.
#pragma once

#include <handfast/observer.hpp>
#include <optional>
#include <string>

#include "outside.hpp"

namespace handfast::bogo {

class Recorder final : public Observer {
 public:
  explicit Recorder(Seen& seen) : seen_(seen) {}
  void on_record(const RecordEvent& event) override;
  void on_message(const MessageEvent& event) override;
  void on_alert(const AlertEvent& event) override;

  // The last ones received; empty if none came.
  [[nodiscard]] Bytes client_hello() const { return client_hello_; }
  [[nodiscard]] Bytes certificate_request() const { return certificate_request_; }
  [[nodiscard]] Bytes new_session_ticket() const { return new_session_ticket_; }
  [[nodiscard]] std::optional<HandshakeType> last_received() const { return last_received_; }
  // A line for each message, change_cipher_spec and alert, as -expect-msg-callback writes it.
  [[nodiscard]] const std::string& lines() const { return lines_; }

 private:
  Seen& seen_;
  ByteString client_hello_;
  ByteString certificate_request_;
  ByteString new_session_ticket_;
  std::optional<HandshakeType> last_received_;
  std::string lines_;
};

}  // namespace handfast::bogo
