// Signer: the holder of a private key, in this process or elsewhere (an HSM, a remote signer).
// RFC 9846 §4.5.2. The connection never sees the key.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/completion.hpp>
#include <handfast/error.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace handfast {

// Thread-safety: all functions may be called from several threads at once; a signer is shared by connections.
class Signer {
 public:
  virtual ~Signer() = default;

  // The schemes this key can make, best first. Fixed for the signer's life.
  [[nodiscard]] virtual std::span<const SignatureScheme> schemes() const = 0;

  // The SubjectPublicKeyInfo (DER) of the key, to check that it belongs to a certificate. May be empty if the
  // holder cannot tell; then the check is left to the peer.
  [[nodiscard]] virtual Bytes public_key() const = 0;

  // Signs `content` (the message itself, not its hash) with `scheme`, one of schemes(). `content` is valid
  // during the call only: a signer that answers later copies it. Must not block for long on the connection's
  // thread: answer later through `done` instead.
  virtual void sign(SignatureScheme scheme, Bytes content, Completion<ByteString> done) const = 0;
};

// A signer for a private key in memory, the first of a file, PEM or DER: PKCS #8, SEC1 or PKCS #1, in PEM
// also the encrypted kinds (PBES2, and the one of old OpenSSL). RSA ≥ 2048, ECDSA P-256, P-384, P-521,
// RSA-PSS, Ed25519, ML-DSA. Errors: pem_malformed (the detail says what the file is instead),
// key_unsupported, key_passphrase_missing, key_passphrase_wrong. It answers inside sign(). The key is wiped
// with the signer; the caller wipes file and passphrase.
Result<std::shared_ptr<const Signer>> signer_from_bytes(
    Bytes file, std::optional<std::string_view> passphrase = std::nullopt);
// The same for a text.
inline Result<std::shared_ptr<const Signer>> signer_from_pem(
    std::string_view pem, std::optional<std::string_view> passphrase = std::nullopt) {
  return signer_from_bytes(as_bytes(pem), passphrase);
}

}  // namespace handfast
