// The key schedule of TLS 1.3: from the key exchange to every key, in stages that are consumed as they go.
//
//   EarlySecret ──▶ HandshakeSecret ──▶ MainSecret        RFC 9846 §7.1
//
// A stage is moved from when the next one is made, so that no key can be derived from the wrong one. The
// labels keep the word "master" on the wire. Knows nothing of messages: it takes transcript hashes.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <handfast/secret.hpp>
#include <string_view>

#include "crypto/hash.hpp"
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

class EarlySecret {
 public:
  // Without a pre-shared key: "the 0-value consisting of a string of Hash.length bytes set to zeros". What
  // follows from it is the same for every connection and computed once.
  static EarlySecret without_psk(crypto::HashAlgorithm hash) { return EarlySecret(hash); }
  // `shared` is the result of the key exchange; wiped.
  Result<HandshakeSecret> to_handshake(SharedSecret shared) &&;

 private:
  explicit EarlySecret(crypto::HashAlgorithm hash) : hash_(hash) {}
  crypto::HashAlgorithm hash_;
};

}  // namespace handfast::keys
