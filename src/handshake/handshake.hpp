// Handshake: drives one flow after the other until the connection is established or has failed.
// The connection layer feeds it whole messages and asks what it waits for. RFC 9846 §2, §A.
#pragma once

#include <functional>
#include <handfast/config.hpp>
#include <handfast/connection_info.hpp>
#include <handfast/error.hpp>
#include <handfast/server_name.hpp>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "handshake/context.hpp"
#include "handshake/flow.hpp"
#include "handshake/flows.hpp"
#include "handshake/link.hpp"
#include "handshake/message_buffer.hpp"

namespace handfast::handshake {

enum class Progress : std::uint8_t { needs_message, needs_decision, established, failed };

class Handshake {
 public:
  // Makes the first flow.
  using FirstFlow = std::function<Flow(Context&)>;

  // Nothing runs before the first advance(). `link` outlives the handshake. Tests replay recorded handshakes
  // with a first flow of their own.
  Handshake(std::shared_ptr<const ClientConfig> config, ServerName name, Link& link,
            std::function<void()> wake, const FirstFlow& first = client_hello_flow);
  Handshake(std::shared_ptr<const ServerConfig> config, Link& link, std::function<void()> wake,
            const FirstFlow& first = server_hello_flow);
  // A client that is asked for a certificate after the handshake.
  Handshake(std::shared_ptr<const ClientConfig> config, Link& link, std::function<void()> wake,
            const FirstFlow& first);
  Handshake(const Handshake&) = delete;
  Handshake& operator=(const Handshake&) = delete;

  // Starts, or looks whether the pending decision was made and goes on.
  Progress advance();
  // A whole message, after needs_message.
  Progress deliver(MessageBuffer message);
  // TLS 1.2: a change_cipher_spec, after needs_message.
  Progress deliver_change_cipher_spec();

  [[nodiscard]] Waiting waiting_for() const { return context_.waiting_for(); }
  // After established, once.
  template <class Outcome>
  Outcome take_outcome() {
    return context_.take_outcome<Outcome>();
  }
  // After failed.
  [[nodiscard]] const Error& error() const { return context_.error(); }

 private:
  Progress run();

  Context context_;
  Flow flow_;
};

}  // namespace handfast::handshake
