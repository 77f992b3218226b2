// Binding: the digest of what a session must not outlive. See session_state.hpp.
// RFC 9846 §4.7.1, §8.1. A resumed handshake checks no certificate: it may only stand in for one that would
// have asked the same questions.
#include <algorithm>
#include <string_view>
#include <vector>

#include "crypto/hash.hpp"
#include "handshake/config_data.hpp"

namespace handfast::handshake {
namespace {

class BindingHash {
 public:
  explicit BindingHash(std::string_view role) { add(as_bytes(role)); }

  // Each part with its length, so that no two lists of parts look alike.
  void add(Bytes part) {
    const std::size_t size = part.size();
    const std::array<std::uint8_t, 4> length = {
        static_cast<std::uint8_t>(size >> 24U), static_cast<std::uint8_t>(size >> 16U),
        static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size)};
    hash_.update(length);
    hash_.update(part);
  }
  template <class Enum>
  void add(const std::vector<Enum>& list) {
    ByteString bytes;
    for (const Enum value : list) {
      bytes.push_back(static_cast<std::uint8_t>(static_cast<std::uint16_t>(value) >> 8U));
      bytes.push_back(static_cast<std::uint8_t>(value));
    }
    add(Bytes(bytes));
  }
  // A verifier without an identity is like no other.
  Result<void> add(const CertificateVerifier* verifier) {
    ByteString identity = verifier != nullptr ? verifier->identity() : ByteString{0};
    if (identity.empty()) {
      identity.resize(32);
      HANDFAST_TRY(system_random().fill(identity));
    }
    add(Bytes(identity));
    return {};
  }
  Result<Binding> finish() && {
    HANDFAST_TRY_ASSIGN(const crypto::Digest digest, std::move(hash_).finish());
    Binding binding{};
    std::copy_n(digest.view().begin(), binding.size(), binding.begin());
    return binding;
  }

 private:
  crypto::Hash hash_{crypto::HashAlgorithm::sha256};
};

}  // namespace

Result<Binding> binding_of(const ClientSettings& settings,
                           const std::vector<PreparedCredential>& credentials) {
  BindingHash hash("client");
  hash.add(as_bytes(settings.session_context));
  HANDFAST_TRY(hash.add(settings.verifier.get()));
  HANDFAST_TRY(hash.add(settings.raw_key_verifier.get()));
  // What the server's certificates and signatures had to be like.
  hash.add(settings.policy.signature_schemes);
  hash.add(settings.policy.certificate_signature_schemes);
  hash.add(settings.policy.groups);
  const std::array<std::uint8_t, 1> staple = {static_cast<std::uint8_t>(settings.request_ocsp_staple)};
  hash.add(Bytes(staple));
  for (const PreparedCredential& prepared : credentials) {
    const bool raw = prepared.credential.type == CertificateType::RawPublicKey;
    hash.add(raw ? prepared.public_key : Bytes(prepared.credential.chain.front()));
  }
  return std::move(hash).finish();
}

Result<Binding> binding_of(const ServerSettings& settings) {
  BindingHash hash("server");
  hash.add(as_bytes(settings.session_context));
  const std::array<std::uint8_t, 1> mode = {static_cast<std::uint8_t>(settings.client_authentication)};
  hash.add(Bytes(mode));
  HANDFAST_TRY(hash.add(settings.client_verifier.get()));
  HANDFAST_TRY(hash.add(settings.raw_key_verifier.get()));
  if (settings.client_verifier || settings.raw_key_verifier) {
    hash.add(settings.policy.signature_schemes);
    hash.add(settings.policy.certificate_signature_schemes);
  }
  return std::move(hash).finish();
}

}  // namespace handfast::handshake
