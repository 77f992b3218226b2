// What a recorded conversation shows beside its steps: what diagnosis and report are made of. Plain data.
#pragma once

#include <array>
#include <cstdint>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <optional>
#include <string>
#include <vector>

#include "explain/capture/capture_reader.hpp"

namespace handfast::apps::capture {

// A record whose content stays hidden.
struct HiddenRecord {
  unsigned side;
  ContentType type;  // as its header says; application_data for all of TLS 1.3
  std::size_t size;  // of the fragment
  Instant time;
};

struct AlertSeen {
  unsigned side;
  AlertLevel level;
  AlertDescription description;
  bool encrypted;
};

enum class Decryption : std::uint8_t {
  not_needed,  // nothing encrypted was seen
  done,
  no_keys,      // the key log has none for this conversation
  unsupported,  // a suite that is not decrypted here (CBC, CCM, …)
  failed,       // the keys do not fit
  interrupted,  // bytes are missing in the capture
};
const char* name_of(Decryption decryption);

struct TlsFacts {
  bool client_hello_seen = false;
  bool server_hello_seen = false;
  bool joined_late = false;  // the capture began after the ClientHello
  unsigned client = 0;       // which side
  std::size_t client_hello_size = 0;
  std::string server_name;  // as sent
  std::string ja3, ja3s, ja4;
  bool early_data_offered = false;
  bool post_quantum_share = false;

  ProtocolVersion version{};
  CipherSuite suite{};
  bool tls13_offered = false;
  bool downgrade_sentinel = false;
  bool hello_retry = false;
  bool certificate_requested = false;
  std::optional<bool> client_certificate_sent;

  std::array<std::string, 2> dialogue;  // the first text before TLS, by side
  std::array<std::uint64_t, 2> application_bytes{};
  std::array<bool, 2> finished{};  // decrypted, or in TLS 1.2 known from its place
  std::array<bool, 2> closed_orderly{};
  std::vector<AlertSeen> alerts;
  std::vector<HiddenRecord> hidden;  // the first ones
  std::size_t hidden_count = 0;
  std::size_t opened_count = 0;
  std::array<std::uint64_t, 2> lost{};
  std::array<std::optional<Error>, 2> error;  // why a side was given up
  Decryption decryption = Decryption::not_needed;
};

}  // namespace handfast::apps::capture
