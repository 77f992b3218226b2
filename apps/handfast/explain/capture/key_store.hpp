// KeyStore: the secrets of a key log (SSLKEYLOGFILE, RFC 9850), by the client's random. Must survive any
// text; keeps secrets wiped, and never prints one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <handfast/secret.hpp>
#include <map>
#include <optional>
#include <string_view>

#include "explain/capture/byte_source.hpp"

namespace handfast::apps::capture {

// The labels that decrypt records.
enum class KeyLabel : std::uint8_t {
  client_random,  // TLS 1.2: the main secret
  client_early_traffic,
  client_handshake_traffic,
  server_handshake_traffic,
  client_traffic,
  server_traffic,
};

class KeyStore {
 public:
  using ClientRandom = std::array<std::uint8_t, 32>;

  // One line; true if it holds a secret that is used here.
  bool add_line(std::string_view line);
  void add_text(std::string_view text);
  // A whole file, line by line. Errors: io_failed, file_too_large.
  Result<void> add_source(ByteSource& source);

  // Null if there is none.
  [[nodiscard]] const HashSecret* find(KeyLabel label, Bytes client_random) const;
  [[nodiscard]] std::size_t size() const { return secrets_.size(); }
  // Lines that are neither comments nor secrets under a known label.
  [[nodiscard]] std::size_t unread() const { return unread_; }

 private:
  std::map<std::pair<ClientRandom, KeyLabel>, HashSecret> secrets_;
  std::size_t unread_ = 0;
};

}  // namespace handfast::apps::capture
