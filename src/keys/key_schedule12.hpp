// The keys of TLS 1.2: one main secret, and everything that the pseudorandom function makes of it.
// RFC 5246 §5, §6.3, §7.4.9, §8.1; RFC 7627 §4 (extended main secret); RFC 5705 (exporters).
// The labels keep the word "master" on the wire. Knows nothing of messages: it takes hashes and randoms.
#pragma once

#include <array>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/secret.hpp>
#include <string_view>

#include "crypto/aead.hpp"
#include "crypto/hash.hpp"
#include "keys/cipher_suite.hpp"

namespace handfast::keys {

using Random = std::array<std::uint8_t, 32>;
struct Randoms {
  Random client{};
  Random server{};
};

// What protects the records of one direction. AES-GCM takes 4 bytes of IV, ChaCha20-Poly1305 all 12.
struct RecordKeys12 {
  Secret<crypto::kMaxAeadKeySize> key;
  Secret<crypto::kAeadNonceSize> iv;
};
struct KeyBlock {
  RecordKeys12 client;
  RecordKeys12 server;
};

inline constexpr std::size_t kVerifyDataSize12 = 12;
inline constexpr std::size_t kMainSecretSize12 = 48;

class MainSecret12 {
 public:
  // PRF(pre_master_secret, "extended master secret", session_hash). `session_hash`: of all messages up to and
  // including ClientKeyExchange. `premaster` is wiped.
  static Result<MainSecret12> extended(crypto::HashAlgorithm hash, PremasterSecret premaster,
                                       const crypto::Digest& session_hash);
  // PRF(pre_master_secret, "master secret", ClientHello.random + ServerHello.random): not bound to what was
  // negotiated.
  static Result<MainSecret12> plain(crypto::HashAlgorithm hash, PremasterSecret premaster,
                                    const Randoms& randoms);
  // Of a session that is resumed. secret.size() == kMainSecretSize12.
  static MainSecret12 resumed(crypto::HashAlgorithm hash, HashSecret secret, bool extended);

  [[nodiscard]] Result<KeyBlock> key_block(const SuiteParameters& suite, const Randoms& randoms) const;
  // verify_data of the Finished message that `sender` sends.
  [[nodiscard]] Result<Secret<kVerifyDataSize12>> verify_data(Side sender,
                                                              const crypto::Digest& handshake_hash) const;
  [[nodiscard]] const HashSecret& secret() const { return secret_; }
  [[nodiscard]] bool is_extended() const { return extended_; }
  [[nodiscard]] crypto::HashAlgorithm hash() const { return hash_; }

 private:
  MainSecret12(crypto::HashAlgorithm hash, bool extended)
      : hash_(hash), extended_(extended), secret_(kMainSecretSize12) {}
  crypto::HashAlgorithm hash_;
  bool extended_;
  HashSecret secret_;
};

// TLS-PRF exporter. `context` null: none, which differs from an empty one. Errors: limit_exceeded (label over
// 249 bytes, context over 65535, out over 65535), not_in_this_version for labels that the handshake itself
// uses.
Result<void> export_keying_material12(crypto::HashAlgorithm hash, const HashSecret& main_secret,
                                      const Randoms& randoms, std::string_view label, const Bytes* context,
                                      MutableBytes out);

}  // namespace handfast::keys
