// ExternalPsk: a secret that two ends were given beforehand and that proves to each who the other is, without
// certificates. RFC 9846 §2.2, §4.3.11; RFC 9258 (importing), RFC 9257 (guidance).
#pragma once

#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <memory>
#include <string_view>
#include <vector>

namespace handfast {

namespace handshake {
struct PreSharedKey;
}  // namespace handshake

// The hash that goes with the secret; SHA-256 if nobody said anything else (RFC 9846 §4.3.11).
enum class PskHash : std::uint8_t { sha256, sha384 };

// Immutable; copies share the secret, which is wiped with the last one.
class ExternalPsk {
 public:
  // Imports `secret` for TLS 1.3, as both ends must do it. `client` and `server` name the two ends, in these
  // roles: the keys of A as a client of B are not those of B as a client of A, so that nobody who plays both
  // roles can be made to talk to itself (RFC 9257 §4.1, "Selfie"). Errors: configuration_invalid: `identity`
  // or a name is empty, the identity is longer than kMaxIdentity, a name longer than 255 bytes, both names
  // are the same, `secret` has fewer than kMinSecret bytes.
  static Result<ExternalPsk> imported(Bytes identity, Bytes secret, std::string_view client,
                                      std::string_view server, PskHash hash = PskHash::sha256);

  // "A 128-bit secret at least" (RFC 9257 §6): a password is not enough.
  static constexpr std::size_t kMinSecret = 16;
  static constexpr std::size_t kMaxIdentity = 32'768;

  // What both ends call it. Sent in clear.
  [[nodiscard]] const ByteString& identity() const { return identity_; }

  // --- for the handshake -------------------------------------------------------------------------
  [[nodiscard]] const std::vector<handshake::PreSharedKey>& keys() const { return *keys_; }
  using Keys = std::shared_ptr<const std::vector<handshake::PreSharedKey>>;
  ExternalPsk(ByteString identity, Keys keys) : identity_(std::move(identity)), keys_(std::move(keys)) {}

 private:
  ByteString identity_;
  Keys keys_;
};

namespace danger {

// The secret as it is, for peers that know no other way (OpenSSL, GnuTLS). Nothing binds it to a hash, a
// protocol or a role: it must not be used for anything else, and no end may be client and server with it.
// Errors: as ExternalPsk::imported().
Result<ExternalPsk> bare_external_psk(Bytes identity, Bytes secret, PskHash hash = PskHash::sha256);

// Imports `secret` under a context of the caller's own (RFC 9258 §5.1), for peers that agreed on one. Unless
// it says which end is the client and which the server, nothing keeps an end from being made to talk to
// itself. Errors: as ExternalPsk::imported(); the context has at most kMaxContext bytes.
inline constexpr std::size_t kMaxContext = 1024;
Result<ExternalPsk> imported_in_context(Bytes identity, Bytes secret, Bytes context,
                                        PskHash hash = PskHash::sha256);

}  // namespace danger

}  // namespace handfast
