// Key exchange for TLS 1.3's groups: ECDH, X25519, ML-KEM and the hybrids of both.
// RFC 9846 §4.3.8, §7.4; RFC 7748; FIPS 203; draft-ietf-tls-ecdhe-mlkem; draft-ietf-tls-mlkem.
// Seen from TLS: the client makes a share, the server answers it with its own and the secret. A key is used
// once.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/random.hpp>
#include <handfast/secret.hpp>
#include <memory>

namespace handfast::crypto {

// True for the groups that this build can do: P-256, P-384, P-521, X25519, MLKEM768, MLKEM1024,
// X25519MLKEM768, SecP256r1MLKEM768, SecP384r1MLKEM1024.
bool is_supported(NamedGroup group);
bool is_post_quantum(NamedGroup group);
// A curve alone: what TLS 1.2 knows. RFC 8422 §5.1.1.
bool is_classical(NamedGroup group);
// Bytes of the client's and of the server's key_exchange for `group`; 0 for unsupported groups.
std::size_t client_share_size(NamedGroup group);
std::size_t server_share_size(NamedGroup group);

// The private half of one client key share. Move-only; wiped when it goes.
class ClientKeyShare {
 public:
  // All randomness comes from `random`: 32 bytes for X25519; 64 (d ‖ z) for ML-KEM; for P-curves as many as
  // one scalar has, again if out of range; in the order of the hybrid's share. Errors: crypto_failed,
  // out_of_memory.
  static Result<ClientKeyShare> generate(NamedGroup group, const RandomSource& random);
  ClientKeyShare(ClientKeyShare&&) noexcept;
  ClientKeyShare& operator=(ClientKeyShare&&) noexcept;
  ~ClientKeyShare();

  [[nodiscard]] NamedGroup group() const;
  // KeyShareEntry.key_exchange.
  [[nodiscard]] Bytes public_key() const;
  // Ends the exchange with the server's key_exchange. Errors: key_share_invalid (length, not on the curve,
  // low order, all-zero X25519 result: RFC 9846 §7.4.2), crypto_failed.
  Result<SharedSecret> finish(Bytes server_share) &&;

 private:
  struct Key;
  explicit ClientKeyShare(std::unique_ptr<Key> key);
  std::unique_ptr<Key> key_;
};

struct ServerKeyShare {
  ByteString public_key;  // KeyShareEntry.key_exchange of the ServerHello
  SharedSecret secret;
};

// The server's half in one go. Randomness as above, for ML-KEM 32 bytes (m). Errors as for finish().
Result<ServerKeyShare> answer_key_share(NamedGroup group, Bytes client_share, const RandomSource& random);

}  // namespace handfast::crypto
