// Binding: the digest of what a session must not outlive. See session_state.hpp.
// RFC 9846 §4.7.1, §8.1. A resumed handshake checks no certificate: it may only stand in for one that would
// have asked the same questions.
#include <algorithm>
#include <string_view>

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
  for (const PreparedCredential& prepared : credentials) hash.add(Bytes(prepared.credential.chain.front()));
  return std::move(hash).finish();
}

Result<Binding> binding_of(const ServerSettings& settings) {
  BindingHash hash("server");
  hash.add(as_bytes(settings.session_context));
  const std::array<std::uint8_t, 1> mode = {static_cast<std::uint8_t>(settings.client_authentication)};
  hash.add(Bytes(mode));
  HANDFAST_TRY(hash.add(settings.client_verifier.get()));
  return std::move(hash).finish();
}

}  // namespace handfast::handshake
