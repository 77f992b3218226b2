// The trace of one connection: a list of steps that terminal lanes, the page of `serve` and JSON are rendered
// from, so that they always agree. RFC 9846 §2 is the picture that it draws.
// All text in here is printable UTF-8: what a peer sent was escaped when it was put in (common/escape.hpp).
// A renderer still escapes for its own medium (HTML, JSON). Must not know any medium.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace handfast::apps {

// Stable ids of steps, the same in every output: id_of(StepKind::client_hello) is "client_hello".
enum class StepKind : std::uint8_t {
  dns,
  tcp,
  client_hello,
  hello_retry,
  server_hello,
  keys,  // not a message: from here everything is encrypted
  encrypted_extensions,
  cert_request,
  certificate,
  cert_verify,
  finished,
  cert_status,  // TLS 1.2, as the next four
  server_key_exchange,
  server_hello_done,
  client_key_exchange,
  change_cipher_spec,  // not a message: a record of its own
  client_auth,         // the client's Certificate and CertificateVerify
  ticket,
  key_update,
  app,
  alert,
  close,
};
std::string_view id_of(StepKind kind);

// Which way a step goes, whoever watches.
enum class Lane : std::uint8_t { from_client, from_server, neither };

// One value of a list that a message carries: a suite, a group, an extension, a name.
struct FactItem {
  std::optional<std::uint16_t> code;  // the registry's number, where it has one
  std::string text;                   // "X25519MLKEM768"; "0x1234" for a number that nobody knows here
  std::string note;                   // what it is, in a few words; may be empty
  std::size_t bytes = 0;              // its size on the wire where that says something; else 0
  bool grease = false;                // RFC 8701: a random value that must be ignored
  bool post_quantum = false;
  bool chosen = false;  // the server picked this one (set in the ClientHello's step once ServerHello is seen)
};

// A named list out of a message. Ids: "versions", "suites", "groups", "key_shares", "signature_schemes",
// "certificate_signature_schemes", "application_protocols", "extensions", "server_name", "random",
// "session_id", "record_size_limit", "certificates", "verify_scheme", "lifetime", "alert", …
struct Fact {
  std::string id;
  std::string title;            // "Key exchange groups"
  std::vector<FactItem> items;  // in wire order
};

// A certificate of the Certificate message, described by pki's own parser.
struct CertificateFact {
  std::string subject;  // common name or first name, for a lane
  std::string issuer;
  std::string subject_name;  // whole distinguished name
  std::string issuer_name;
  std::vector<std::string> names;  // dNSName and iPAddress, as text
  std::string key;                 // "ECDSA P-256", "RSA 2048"
  std::string signature;           // "ecdsa_secp256r1_sha256", "sha256WithRSAEncryption"
  std::string serial;              // hexadecimal
  std::string sha256;              // fingerprint, hexadecimal
  std::string not_before;          // "2026-11-20T17:51:02Z"
  std::string not_after;
  std::optional<std::int64_t> days_left;
  bool self_issued = false;
  std::string problem;  // why it could not be described; empty if it could
  ByteString der;
};

// A field of the message, as its production decoder read it.
struct TraceField {
  std::string name;
  std::size_t offset = 0;  // in TraceStep::bytes
  std::size_t length = 0;
  unsigned depth = 0;
  std::string meaning;  // "X25519MLKEM768", "16 bytes", …; may be empty
};

enum class Mark : std::uint8_t { none, good, warning, bad };

// One line that says what a step does, in words.
struct Say {
  std::string text;
  Mark mark = Mark::none;
};

using Microseconds = std::chrono::microseconds;

struct TraceStep {
  StepKind kind = StepKind::app;
  unsigned number = 0;  // 1, 2, 3, … for messages and alerts; 0 for what is no message (dns, tcp, keys, app)
  Lane lane = Lane::neither;
  Direction direction = Direction::sent;  // as seen by who recorded
  bool encrypted = false;
  Epoch epoch = Epoch::plaintext;
  std::string title;            // the RFC's name: "ClientHello"
  std::vector<Say> say;         // short lines for the lanes
  std::string why;              // one sentence or two: what it is for, what was checked
  Microseconds at{0};           // since the trace began
  std::size_t size = 0;         // bytes of the message, header included
  std::size_t wire_size = 0;    // bytes of the records that carried it; shared if `shares_records`
  bool shares_records = false;  // other messages came in the same records
  std::uint64_t first_record = 0;
  std::uint64_t last_record = 0;
  std::vector<Fact> facts;
  std::vector<CertificateFact> certificates;
  std::vector<TraceField> fields;  // of `bytes`
  ByteString bytes;                // header and body; empty for what is no message
  unsigned repeated = 1;           // several tickets in a row are one step

  [[nodiscard]] const Fact* fact(std::string_view id) const;
};

struct Trace {
  Side self = Side::client;
  std::vector<TraceStep> steps;
  std::optional<Error> error;      // what ended it, if it failed
  Microseconds established_at{0};  // zero: never
  unsigned round_trips = 0;        // of the TLS handshake, seen from the client

  [[nodiscard]] const TraceStep* find(StepKind kind) const;  // the first, or null
};

}  // namespace handfast::apps
