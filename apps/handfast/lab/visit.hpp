// Visit: one connection to the lab, for servers that misbehave: they read a ClientHello and answer with bytes
// of their own. RFC 9846 §5.1. What a visitor sends is bounded before it is kept; every wait has an end.
#pragma once

#include <chrono>
#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/tcp.hpp>
#include <optional>
#include <string_view>

#include "message/client_hello.hpp"
#include "message/server_hello.hpp"

namespace handfast::apps::lab {

// A ClientHello with the bytes that it views.
struct HeardHello {
  ByteString bytes;
  message::ClientHello hello;
  std::size_t first_read = 0;  // bytes that came with the first read: what one packet brought
  std::size_t record_size = 0;
};

class Visit {
 public:
  // `number` counts the connections to this server: 0, 1, 2, …
  Visit(Socket socket, std::size_t number) : socket_(std::move(socket)), number_(number) {}

  [[nodiscard]] std::size_t number() const { return number_; }
  // For our own stack; the visit is over for everybody else.
  Socket take_socket() { return std::move(socket_); }

  // False if the visitor leaves without a word.
  bool wait_for_words();
  // Whether the visitor begins with `text`, without taking it away.
  bool begins_with(std::string_view text);
  // Takes `text` and the rest of its line, if the visitor begins with it.
  bool skip_line(std::string_view text);
  // Nothing if no ClientHello came. peek() leaves it there for somebody else.
  std::optional<HeardHello> hear() { return hear(false); }
  std::optional<HeardHello> peek() { return hear(true); }

  void send(Bytes bytes);
  void send(std::string_view text) { send(as_bytes(text)); }
  void send_record(ContentType type, Bytes fragment, ProtocolVersion version = ProtocolVersion::tls1_2);
  void alert(AlertDescription description);
  // A ServerHello that answers `heard` in this version with this suite. What `plan` has of random, session id
  // and extensions is kept.
  void server_hello(const HeardHello& heard, ProtocolVersion version, CipherSuite suite,
                    message::ServerHelloPlan plan = {});
  // Says that nothing more will come, and waits for the visitor's end.
  void hang_up();
  // Reads and forgets until the visitor goes or it has had enough time.
  void wait_for_end();
  // Ends the connection with a RST.
  void reset();

 private:
  std::optional<HeardHello> hear(bool leave);
  bool wait_for_input(std::chrono::milliseconds patience);

  Socket socket_;
  std::size_t number_;
};

}  // namespace handfast::apps::lab
