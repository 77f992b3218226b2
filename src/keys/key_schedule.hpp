// The key schedule of TLS 1.3: from the key exchange to every key, in stages that are consumed as they go.
//
//   EarlySecret ──▶ HandshakeSecret ──▶ MainSecret        RFC 9846 §7.1
//
// A stage is moved from when the next one is made, so that no key can be derived from the wrong one. The
// labels keep the word "master" on the wire. Knows nothing of messages: it takes transcript hashes.
#pragma once

#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <handfast/secret.hpp>
#include <optional>
#include <string_view>

#include "crypto/hash.hpp"
#include "crypto/hmac.hpp"
#include "keys/cipher_suite.hpp"

namespace handfast::keys {

// HKDF-Expand-Label(secret, label, context, out.size()). label ≤ 249 bytes, context ≤ 255, out ≤ 255 hashes;
// over that limit_exceeded. The secret is prepared, so that several keys from one secret cost less.
Result<void> hkdf_expand_label(const crypto::HmacKey& secret, std::string_view label, Bytes context,
                               MutableBytes out);
// Derive-Secret with the hash of the messages already taken.
Result<HashSecret> derive_secret(const crypto::HmacKey& secret, std::string_view label,
                                 const crypto::Digest& transcript_hash);

// What protects the records of one direction (§7.3).
struct TrafficKeys {
  Secret<crypto::kMaxAeadKeySize> key;
  Secret<crypto::kAeadNonceSize> iv;
};
Result<TrafficKeys> traffic_keys(const SuiteParameters& suite, const HashSecret& traffic_secret);
// application_traffic_secret_N+1 (§7.2).
Result<HashSecret> next_traffic_secret(crypto::HashAlgorithm hash, const HashSecret& traffic_secret);

// verify_data of a Finished message (§4.5.3): as long as the hash. `base_key` is the sender's handshake
// traffic secret.
Result<HashSecret> finished_verify_data(crypto::HashAlgorithm hash, const HashSecret& base_key,
                                        const crypto::Digest& transcript_hash);

// TLS-Exporter (§7.5). label ≤ 249 bytes, out ≤ 255 hashes; over that limit_exceeded.
Result<void> export_keying_material(crypto::HashAlgorithm hash, const HashSecret& exporter_secret,
                                    std::string_view label, Bytes context, MutableBytes out);

class MainSecret {
 public:
  Result<HashSecret> client_application_traffic(const crypto::Digest& to_server_finished) const;
  Result<HashSecret> server_application_traffic(const crypto::Digest& to_server_finished) const;
  Result<HashSecret> exporter(const crypto::Digest& to_server_finished) const;
  Result<HashSecret> resumption(const crypto::Digest& to_client_finished) const;

 private:
  friend class HandshakeSecret;
  explicit MainSecret(crypto::HmacKey secret) : secret_(std::move(secret)) {}
  crypto::HmacKey secret_;
};

class HandshakeSecret {
 public:
  Result<HashSecret> client_traffic(const crypto::Digest& to_server_hello) const;
  Result<HashSecret> server_traffic(const crypto::Digest& to_server_hello) const;
  Result<MainSecret> to_main() &&;

 private:
  friend class EarlySecret;
  explicit HandshakeSecret(crypto::HmacKey secret) : secret_(std::move(secret)) {}
  crypto::HmacKey secret_;
};

// Where a pre-shared key comes from: an earlier connection, or from outside (as it is, or imported by
// RFC 9258).
// Each has its own label, so that a binder for one kind is worth nothing for another (§4.3.11.2).
enum class PskKind : std::uint8_t { resumption, external, imported };

class EarlySecret {
 public:
  // Without a pre-shared key: "the 0-value consisting of a string of Hash.length bytes set to zeros". What
  // follows from it is the same for every connection and computed once.
  static EarlySecret without_psk(crypto::HashAlgorithm hash) { return EarlySecret(hash); }
  // psk.size() > 0
  static Result<EarlySecret> with_psk(crypto::HashAlgorithm hash, Bytes psk);

  // A PskBinderEntry (§4.3.11.2): `truncated_hello` is the hash up to and including the ClientHello's
  // PreSharedKeyExtension.identities. Only with a pre-shared key, like the next two; else internal_error.
  [[nodiscard]] Result<HashSecret> binder(PskKind kind, const crypto::Digest& truncated_hello) const;
  [[nodiscard]] Result<HashSecret> client_early_traffic(const crypto::Digest& client_hello) const;
  [[nodiscard]] Result<HashSecret> early_exporter(const crypto::Digest& client_hello) const;

  // `shared` is the result of the key exchange, empty if there was none (psk_ke); wiped.
  Result<HandshakeSecret> to_handshake(SharedSecret shared) &&;

 private:
  explicit EarlySecret(crypto::HashAlgorithm hash) : hash_(hash) {}
  Result<HashSecret> derive(std::string_view label, const crypto::Digest& transcript_hash) const;
  crypto::HashAlgorithm hash_;
  std::optional<crypto::HmacKey> secret_;  // with a pre-shared key
};

// The pre-shared key that a NewSessionTicket stands for (§4.7.1).
Result<HashSecret> resumption_psk(crypto::HashAlgorithm hash, const HashSecret& resumption_secret,
                                  Bytes ticket_nonce);

}  // namespace handfast::keys
