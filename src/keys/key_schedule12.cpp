// The keys of TLS 1.2: see the header.
#include "keys/key_schedule12.hpp"

#include <algorithm>

#include "crypto/hmac.hpp"

namespace handfast::keys {
namespace {

constexpr std::string_view kMainLabel = "master secret";
constexpr std::string_view kExtendedLabel = "extended master secret";
constexpr std::string_view kKeyLabel = "key expansion";
constexpr std::string_view kClientLabel = "client finished";
constexpr std::string_view kServerLabel = "server finished";
// As TLS 1.3's exporter has it, so that one limit holds for both.
constexpr std::size_t kMaxLabelSize = 249;
constexpr std::size_t kMaxExportSize = 0xffff;

// PRF(secret, label, seed) = P_<hash>(secret, label + seed)
Result<void> prf(crypto::HashAlgorithm hash, Bytes secret, std::string_view label, Bytes seed_1, Bytes seed_2,
                 MutableBytes out) {
  return crypto::p_hash(crypto::HmacKey(hash, secret), {as_bytes(label), seed_1, seed_2, {}, {}}, out);
}

}  // namespace

Result<MainSecret12> MainSecret12::extended(crypto::HashAlgorithm hash, PremasterSecret premaster,
                                            const crypto::Digest& session_hash) {
  MainSecret12 out(hash, true);
  HANDFAST_TRY(prf(hash, premaster.view(), kExtendedLabel, session_hash.view(), {}, out.secret_.writable()));
  return out;
}

Result<MainSecret12> MainSecret12::plain(crypto::HashAlgorithm hash, PremasterSecret premaster,
                                         const Randoms& randoms) {
  MainSecret12 out(hash, false);
  HANDFAST_TRY(
      prf(hash, premaster.view(), kMainLabel, randoms.client, randoms.server, out.secret_.writable()));
  return out;
}

MainSecret12 MainSecret12::resumed(crypto::HashAlgorithm hash, HashSecret secret, bool extended) {
  MainSecret12 out(hash, extended);
  out.secret_ = std::move(secret);
  return out;
}

// key_block = PRF(SecurityParameters.master_secret, "key expansion",
//                 SecurityParameters.server_random + SecurityParameters.client_random);
// AEAD suites have no MAC keys: client_write_key, server_write_key, client_write_IV, server_write_IV.
Result<KeyBlock> MainSecret12::key_block(const SuiteParameters& suite, const Randoms& randoms) const {
  const std::size_t key_size = crypto::aead_key_size(suite.aead);
  const std::size_t iv_size = suite.aead == crypto::AeadAlgorithm::chacha20_poly1305 ? 12 : 4;
  Secret<2 * (crypto::kMaxAeadKeySize + crypto::kAeadNonceSize)> block(2 * (key_size + iv_size));
  HANDFAST_TRY(prf(hash_, secret_.view(), kKeyLabel, randoms.server, randoms.client, block.writable()));
  Bytes rest = block.view();
  const auto take = [&rest](std::size_t size) {
    const Bytes part = rest.first(size);
    rest = rest.subspan(size);
    return part;
  };
  KeyBlock keys;
  keys.client.key = Secret<crypto::kMaxAeadKeySize>(take(key_size));
  keys.server.key = Secret<crypto::kMaxAeadKeySize>(take(key_size));
  keys.client.iv = Secret<crypto::kAeadNonceSize>(take(iv_size));
  keys.server.iv = Secret<crypto::kAeadNonceSize>(take(iv_size));
  return keys;
}

// verify_data = PRF(master_secret, finished_label, Hash(handshake_messages))[0..verify_data_length-1];
Result<Secret<kVerifyDataSize12>> MainSecret12::verify_data(Side sender,
                                                            const crypto::Digest& handshake_hash) const {
  Secret<kVerifyDataSize12> out(kVerifyDataSize12);
  HANDFAST_TRY(prf(hash_, secret_.view(), sender == Side::client ? kClientLabel : kServerLabel,
                   handshake_hash.view(), {}, out.writable()));
  return out;
}

// If no context is provided, it then computes:
//     PRF(SecurityParameters.master_secret, label, client_random + server_random)[length]
// If context is provided, it computes:
//     PRF(…, label, client_random + server_random + context_value_length + context_value)[length]
Result<void> export_keying_material12(crypto::HashAlgorithm hash, const HashSecret& main_secret,
                                      const Randoms& randoms, std::string_view label, const Bytes* context,
                                      MutableBytes out) {
  if (label.size() > kMaxLabelSize) return failure(Error(ErrorCode::limit_exceeded).at("label", 0));
  if (out.size() > kMaxExportSize) return failure(Error(ErrorCode::limit_exceeded).at("length", 0));
  if (context != nullptr && context->size() > 0xffff) {
    return failure(Error(ErrorCode::limit_exceeded).at("context", 0));
  }
  // "Label values beginning with … MUST NOT collide" with those of the handshake: RFC 5705 §4.
  for (const std::string_view used : {kMainLabel, kExtendedLabel, kKeyLabel, kClientLabel, kServerLabel}) {
    if (label == used) return failure(Error(ErrorCode::not_in_this_version).at("label", 0));
  }
  std::array<std::uint8_t, 2> length{};
  Bytes length_bytes;
  Bytes context_bytes;
  if (context != nullptr) {
    length = {static_cast<std::uint8_t>(context->size() >> 8U), static_cast<std::uint8_t>(context->size())};
    length_bytes = length;
    context_bytes = *context;
  }
  return crypto::p_hash(crypto::HmacKey(hash, main_secret.view()),
                        {as_bytes(label), randoms.client, randoms.server, length_bytes, context_bytes}, out);
}

}  // namespace handfast::keys
