// Observer: sees what a connection does, as it does it. The tools are built on it.
// RFC 9846 throughout; key log labels from RFC 9850. Must not influence the connection: it only looks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <span>
#include <string_view>

namespace handfast {

// Where a named field of a message lies, as its decoder read it.
struct Field {
  const char* name;    // the RFC's name; a string literal
  std::size_t offset;  // from the first byte of the handshake message header
  std::size_t length;  // bytes
  unsigned depth;      // nesting: a field encloses the deeper ones that follow it
};

// Receives fields in wire order; a vector's own field comes before what it encloses.
class FieldSink {
 public:
  virtual ~FieldSink() = default;
  virtual void on_field(const Field& field) = 0;
};

// Which keys protect a record (RFC 9846 §A).
enum class Epoch : std::uint8_t { plaintext, early_data, handshake, application };

struct RecordEvent {
  Direction direction;
  Epoch epoch;
  ContentType type;               // the real type, inside the protection
  std::uint64_t index;            // 0, 1, 2, … of this direction over the connection's life
  std::uint64_t sequence_number;  // under the current keys; 0 for plaintext
  std::size_t wire_length;        // header, payload and protection
  std::size_t payload_length;     // without header, protection and padding
  std::size_t padding_length;     // zero bytes of TLSInnerPlaintext (§5.4)
};

struct MessageEvent {
  Direction direction;
  Epoch epoch;
  HandshakeType type;             // hello_retry_request for a ServerHello that is one
  Bytes bytes;                    // header and body; valid during the call
  std::span<const Field> fields;  // of `bytes`; valid during the call
  std::uint64_t first_record;     // RecordEvent::index of the records it came in
  std::uint64_t last_record;
};

struct AlertEvent {
  Direction direction;
  Epoch epoch;
  AlertLevel level;  // as on the wire; TLS 1.3 ignores it (§6)
  AlertDescription description;
};

// Callbacks run inside the call of Connection that caused them, on its thread: after establishment, received
// things on the reading thread and sent things on the writing thread. They must not call the connection.
// Order per message: the records that complete it, then the message. Spans end with the call.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_record(const RecordEvent&) {}
  virtual void on_message(const MessageEvent&) {}
  virtual void on_alert(const AlertEvent&) {}
  // New keys protect this direction from the next record on.
  virtual void on_key_change(Direction, Epoch) {}
  // The connection ended with this error; at most once per half.
  virtual void on_error(const Error&) {}
};

namespace danger {

// Receives the secrets that decrypt a recorded connection, under the labels of RFC 9850 (SSLKEYLOGFILE):
// CLIENT_HANDSHAKE_TRAFFIC_SECRET, SERVER_HANDSHAKE_TRAFFIC_SECRET, CLIENT_TRAFFIC_SECRET_0,
// SERVER_TRAFFIC_SECRET_0, EXPORTER_SECRET. Whoever has them reads everything.
// Called on the thread that drives the handshake; spans end with the call. Shared by many connections: must
// be thread-safe.
class KeyLog {
 public:
  virtual ~KeyLog() = default;
  virtual void on_secret(std::string_view label, Bytes client_random, Bytes secret) = 0;
};

}  // namespace danger

}  // namespace handfast
