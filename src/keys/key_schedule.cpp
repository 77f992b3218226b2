// The key schedule: see the header. RFC 9846 §7.
#include "keys/key_schedule.hpp"

#include <algorithm>
#include <array>

namespace handfast::keys {
namespace {

constexpr std::string_view kLabelPrefix = "tls13 ";
constexpr std::size_t kMaxLabelSize = 255 - kLabelPrefix.size();
constexpr std::size_t kMaxContextSize = 255;
constexpr std::array<std::uint8_t, 48> kZeros{};

Bytes zeros(crypto::HashAlgorithm hash) { return Bytes(kZeros).first(crypto::hash_size(hash)); }

// Derive-Secret(secret, label, "").
Result<HashSecret> derive_without_messages(crypto::HashAlgorithm hash, const HashSecret& secret,
                                           std::string_view label) {
  HANDFAST_TRY_ASSIGN(const crypto::Digest nothing, crypto::hash(hash, {}));
  return derive_secret(hash, secret.view(), label, nothing.view());
}

}  // namespace

// struct {
//     uint16 length = Length;
//     opaque label<7..255> = "tls13 " + Label;
//     opaque context<0..255> = Context;
// } HkdfLabel;
Result<void> hkdf_expand_label(crypto::HashAlgorithm hash, Bytes secret, std::string_view label,
                               Bytes context, MutableBytes out) {
  if (label.size() > kMaxLabelSize) return failure(Error(ErrorCode::limit_exceeded).at("label", 0));
  if (context.size() > kMaxContextSize) return failure(Error(ErrorCode::limit_exceeded).at("context", 0));
  if (out.size() > 255 * crypto::hash_size(hash)) {
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
  return crypto::hkdf_expand(hash, secret, Bytes(info).first(size), out);
}

Result<HashSecret> derive_secret(crypto::HashAlgorithm hash, Bytes secret, std::string_view label,
                                 Bytes transcript_hash) {
  HashSecret out(crypto::hash_size(hash));
  HANDFAST_TRY(hkdf_expand_label(hash, secret, label, transcript_hash, out.writable()));
  return out;
}

Result<TrafficKeys> traffic_keys(const SuiteParameters& suite, const HashSecret& traffic_secret) {
  TrafficKeys keys;
  keys.key.resize(crypto::aead_key_size(suite.aead));
  keys.iv.resize(crypto::kAeadNonceSize);
  HANDFAST_TRY(hkdf_expand_label(suite.hash, traffic_secret.view(), "key", {}, keys.key.writable()));
  HANDFAST_TRY(hkdf_expand_label(suite.hash, traffic_secret.view(), "iv", {}, keys.iv.writable()));
  return keys;
}

Result<HashSecret> next_traffic_secret(crypto::HashAlgorithm hash, const HashSecret& traffic_secret) {
  return derive_secret(hash, traffic_secret.view(), "traffic upd", {});
}

Result<HashSecret> finished_verify_data(crypto::HashAlgorithm hash, const HashSecret& base_key,
                                        const crypto::Digest& transcript_hash) {
  HANDFAST_TRY_ASSIGN(const HashSecret finished_key, derive_secret(hash, base_key.view(), "finished", {}));
  HashSecret verify_data(crypto::hash_size(hash));
  HANDFAST_TRY(crypto::hmac(hash, finished_key.view(), {transcript_hash.view()}, verify_data.writable()));
  return verify_data;
}

Result<void> export_keying_material(crypto::HashAlgorithm hash, const HashSecret& exporter_secret,
                                    std::string_view label, Bytes context, MutableBytes out) {
  HANDFAST_TRY_ASSIGN(const HashSecret secret, derive_without_messages(hash, exporter_secret, label));
  HANDFAST_TRY_ASSIGN(const crypto::Digest context_hash, crypto::hash(hash, {context}));
  return hkdf_expand_label(hash, secret.view(), "exporter", context_hash.view(), out);
}

Result<HashSecret> MainSecret::client_application_traffic(const crypto::Digest& to_server_finished) const {
  return derive_secret(hash_, secret_.view(), "c ap traffic", to_server_finished.view());
}

Result<HashSecret> MainSecret::server_application_traffic(const crypto::Digest& to_server_finished) const {
  return derive_secret(hash_, secret_.view(), "s ap traffic", to_server_finished.view());
}

Result<HashSecret> MainSecret::exporter(const crypto::Digest& to_server_finished) const {
  return derive_secret(hash_, secret_.view(), "exp master", to_server_finished.view());
}

Result<HashSecret> MainSecret::resumption(const crypto::Digest& to_client_finished) const {
  return derive_secret(hash_, secret_.view(), "res master", to_client_finished.view());
}

Result<HashSecret> HandshakeSecret::client_traffic(const crypto::Digest& to_server_hello) const {
  return derive_secret(hash_, secret_.view(), "c hs traffic", to_server_hello.view());
}

Result<HashSecret> HandshakeSecret::server_traffic(const crypto::Digest& to_server_hello) const {
  return derive_secret(hash_, secret_.view(), "s hs traffic", to_server_hello.view());
}

Result<MainSecret> HandshakeSecret::to_main() && {
  const HashSecret secret = std::move(secret_);
  HANDFAST_TRY_ASSIGN(const HashSecret salt, derive_without_messages(hash_, secret, "derived"));
  HANDFAST_TRY_ASSIGN(HashSecret main, crypto::hkdf_extract(hash_, salt.view(), zeros(hash_)));
  return MainSecret(hash_, std::move(main));
}

Result<EarlySecret> EarlySecret::without_psk(crypto::HashAlgorithm hash) {
  HANDFAST_TRY_ASSIGN(HashSecret secret, crypto::hkdf_extract(hash, zeros(hash), zeros(hash)));
  return EarlySecret(hash, std::move(secret));
}

Result<HandshakeSecret> EarlySecret::to_handshake(SharedSecret shared) && {
  const HashSecret secret = std::move(secret_);
  HANDFAST_TRY_ASSIGN(const HashSecret salt, derive_without_messages(hash_, secret, "derived"));
  HANDFAST_TRY_ASSIGN(HashSecret handshake, crypto::hkdf_extract(hash_, salt.view(), shared.view()));
  return HandshakeSecret(hash_, std::move(handshake));
}

}  // namespace handfast::keys
