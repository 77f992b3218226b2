// The key schedule: see the header. RFC 9846 §7.
#include "keys/key_schedule.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace handfast::keys {
namespace {

constexpr std::string_view kLabelPrefix = "tls13 ";
constexpr std::size_t kMaxLabelSize = 255 - kLabelPrefix.size();
constexpr std::size_t kMaxContextSize = 255;
constexpr std::array<std::uint8_t, 48> kZeros{};

Bytes zeros(crypto::HashAlgorithm hash) { return Bytes(kZeros).first(crypto::hash_size(hash)); }

// Hash(""), the transcript hash of no messages. Computed once for each hash.
const Result<crypto::Digest>& hash_of_nothing(crypto::HashAlgorithm hash) {
  static const Result<crypto::Digest> kSha256 = crypto::hash(crypto::HashAlgorithm::sha256, {});
  static const Result<crypto::Digest> kSha384 = crypto::hash(crypto::HashAlgorithm::sha384, {});
  return hash == crypto::HashAlgorithm::sha384 ? kSha384 : kSha256;
}

// Derive-Secret(secret, label, "").
Result<HashSecret> derive_without_messages(const crypto::HmacKey& secret, std::string_view label) {
  const Result<crypto::Digest>& nothing = hash_of_nothing(secret.algorithm());
  if (!nothing) return failure(nothing.error());
  return derive_secret(secret, label, *nothing);
}

// The salt of the handshake secret when no pre-shared key is in use: Derive-Secret(HKDF-Extract(0, 0),
// "derived", ""). Prepared: every handshake extracts with it.
Result<crypto::HmacKey> prepare_salt_without_psk(crypto::HashAlgorithm hash) {
  HANDFAST_TRY_ASSIGN(const HashSecret early, crypto::hkdf_extract(hash, zeros(hash), zeros(hash)));
  HANDFAST_TRY_ASSIGN(const HashSecret salt,
                      derive_without_messages(crypto::HmacKey(hash, early.view()), "derived"));
  return crypto::HmacKey(hash, salt.view());
}

const Result<crypto::HmacKey>& salt_without_psk(crypto::HashAlgorithm hash) {
  static const Result<crypto::HmacKey> kSha256 = prepare_salt_without_psk(crypto::HashAlgorithm::sha256);
  static const Result<crypto::HmacKey> kSha384 = prepare_salt_without_psk(crypto::HashAlgorithm::sha384);
  return hash == crypto::HashAlgorithm::sha384 ? kSha384 : kSha256;
}

}  // namespace

// struct {
//     uint16 length = Length;
//     opaque label<7..255> = "tls13 " + Label;
//     opaque context<0..255> = Context;
// } HkdfLabel;
Result<void> hkdf_expand_label(const crypto::HmacKey& secret, std::string_view label, Bytes context,
                               MutableBytes out) {
  if (label.size() > kMaxLabelSize) return failure(Error(ErrorCode::limit_exceeded).at("label", 0));
  if (context.size() > kMaxContextSize) return failure(Error(ErrorCode::limit_exceeded).at("context", 0));
  if (out.size() > 255 * crypto::hash_size(secret.algorithm())) {
    return failure(Error(ErrorCode::limit_exceeded).at("length", 0));
  }
  std::array<std::uint8_t, 2 + 1 + 255 + 1 + kMaxContextSize> info;
  std::size_t size = 0;
  const auto put = [&](Bytes bytes) {
    std::copy(bytes.begin(), bytes.end(), info.begin() + static_cast<std::ptrdiff_t>(size));
    size += bytes.size();
  };
  info[size++] = static_cast<std::uint8_t>(out.size() >> 8U);
  info[size++] = static_cast<std::uint8_t>(out.size());
  info[size++] = static_cast<std::uint8_t>(kLabelPrefix.size() + label.size());
  put(as_bytes(kLabelPrefix));
  put(as_bytes(label));
  info[size++] = static_cast<std::uint8_t>(context.size());
  put(context);
  return crypto::hkdf_expand(secret, Bytes(info).first(size), out);
}

Result<HashSecret> derive_secret(const crypto::HmacKey& secret, std::string_view label,
                                 const crypto::Digest& transcript_hash) {
  HashSecret out(crypto::hash_size(secret.algorithm()));
  HANDFAST_TRY(hkdf_expand_label(secret, label, transcript_hash.view(), out.writable()));
  return out;
}

Result<TrafficKeys> traffic_keys(const SuiteParameters& suite, const HashSecret& traffic_secret) {
  TrafficKeys keys;
  keys.key.resize(crypto::aead_key_size(suite.aead));
  keys.iv.resize(crypto::kAeadNonceSize);
  const crypto::HmacKey secret(suite.hash, traffic_secret.view());
  HANDFAST_TRY(hkdf_expand_label(secret, "key", {}, keys.key.writable()));
  HANDFAST_TRY(hkdf_expand_label(secret, "iv", {}, keys.iv.writable()));
  return keys;
}

Result<HashSecret> next_traffic_secret(crypto::HashAlgorithm hash, const HashSecret& traffic_secret) {
  HashSecret next(crypto::hash_size(hash));
  HANDFAST_TRY(
      hkdf_expand_label(crypto::HmacKey(hash, traffic_secret.view()), "traffic upd", {}, next.writable()));
  return next;
}

Result<HashSecret> finished_verify_data(crypto::HashAlgorithm hash, const HashSecret& base_key,
                                        const crypto::Digest& transcript_hash) {
  HashSecret finished_key(crypto::hash_size(hash));
  HANDFAST_TRY(
      hkdf_expand_label(crypto::HmacKey(hash, base_key.view()), "finished", {}, finished_key.writable()));
  HashSecret verify_data(crypto::hash_size(hash));
  HANDFAST_TRY(crypto::hmac(hash, finished_key.view(), {transcript_hash.view()}, verify_data.writable()));
  return verify_data;
}

Result<void> export_keying_material(crypto::HashAlgorithm hash, const HashSecret& exporter_secret,
                                    std::string_view label, Bytes context, MutableBytes out) {
  HANDFAST_TRY_ASSIGN(const HashSecret secret,
                      derive_without_messages(crypto::HmacKey(hash, exporter_secret.view()), label));
  HANDFAST_TRY_ASSIGN(const crypto::Digest context_hash, crypto::hash(hash, {context}));
  return hkdf_expand_label(crypto::HmacKey(hash, secret.view()), "exporter", context_hash.view(), out);
}

Result<HashSecret> MainSecret::client_application_traffic(const crypto::Digest& to_server_finished) const {
  return derive_secret(secret_, "c ap traffic", to_server_finished);
}

Result<HashSecret> MainSecret::server_application_traffic(const crypto::Digest& to_server_finished) const {
  return derive_secret(secret_, "s ap traffic", to_server_finished);
}

Result<HashSecret> MainSecret::exporter(const crypto::Digest& to_server_finished) const {
  return derive_secret(secret_, "exp master", to_server_finished);
}

Result<HashSecret> MainSecret::resumption(const crypto::Digest& to_client_finished) const {
  return derive_secret(secret_, "res master", to_client_finished);
}

Result<HashSecret> HandshakeSecret::client_traffic(const crypto::Digest& to_server_hello) const {
  return derive_secret(secret_, "c hs traffic", to_server_hello);
}

Result<HashSecret> HandshakeSecret::server_traffic(const crypto::Digest& to_server_hello) const {
  return derive_secret(secret_, "s hs traffic", to_server_hello);
}

Result<MainSecret> HandshakeSecret::to_main() && {
  const crypto::HmacKey secret = std::move(secret_);
  const crypto::HashAlgorithm hash = secret.algorithm();
  HANDFAST_TRY_ASSIGN(const HashSecret salt, derive_without_messages(secret, "derived"));
  HANDFAST_TRY_ASSIGN(const HashSecret main, crypto::hkdf_extract(hash, salt.view(), zeros(hash)));
  return MainSecret(crypto::HmacKey(hash, main.view()));
}

Result<EarlySecret> EarlySecret::with_psk(crypto::HashAlgorithm hash, Bytes psk) {
  HANDFAST_TRY_ASSIGN(const HashSecret secret, crypto::hkdf_extract(hash, zeros(hash), psk));
  EarlySecret early(hash);
  early.secret_.emplace(hash, secret.view());
  return early;
}

Result<HashSecret> EarlySecret::derive(std::string_view label, const crypto::Digest& transcript_hash) const {
  if (!secret_) return failure(ErrorCode::internal_error);
  return derive_secret(*secret_, label, transcript_hash);
}

Result<HashSecret> EarlySecret::binder(PskKind kind, const crypto::Digest& truncated_hello) const {
  const std::string_view label = kind == PskKind::resumption ? "res binder"
                                 : kind == PskKind::imported ? "imp binder"
                                                             : "ext binder";
  if (!secret_) return failure(ErrorCode::internal_error);
  HANDFAST_TRY_ASSIGN(const HashSecret binder_key, derive_without_messages(*secret_, label));
  return finished_verify_data(hash_, binder_key, truncated_hello);
}

Result<HashSecret> EarlySecret::client_early_traffic(const crypto::Digest& client_hello) const {
  return derive("c e traffic", client_hello);
}

Result<HashSecret> EarlySecret::early_exporter(const crypto::Digest& client_hello) const {
  return derive("e exp master", client_hello);
}

Result<HashSecret> resumption_psk(crypto::HashAlgorithm hash, const HashSecret& resumption_secret,
                                  Bytes ticket_nonce) {
  HashSecret psk(crypto::hash_size(hash));
  HANDFAST_TRY(hkdf_expand_label(crypto::HmacKey(hash, resumption_secret.view()), "resumption", ticket_nonce,
                                 psk.writable()));
  return psk;
}

Result<HandshakeSecret> EarlySecret::to_handshake(SharedSecret shared) && {
  if (secret_) {
    const std::optional<crypto::HmacKey> early = std::exchange(secret_, std::nullopt);
    HANDFAST_TRY_ASSIGN(const HashSecret salt, derive_without_messages(*early, "derived"));
    // "if … no (EC)DHE shared secret: the 0-value" (§7.1)
    const Bytes input = shared.empty() ? zeros(hash_) : shared.view();
    HANDFAST_TRY_ASSIGN(const HashSecret handshake, crypto::hkdf_extract(hash_, salt.view(), input));
    return HandshakeSecret(crypto::HmacKey(hash_, handshake.view()));
  }
  const Result<crypto::HmacKey>& salt = salt_without_psk(hash_);
  if (!salt) return failure(salt.error());
  HANDFAST_TRY_ASSIGN(const HashSecret handshake, crypto::hkdf_extract(*salt, shared.view()));
  return HandshakeSecret(crypto::HmacKey(hash_, handshake.view()));
}

}  // namespace handfast::keys
