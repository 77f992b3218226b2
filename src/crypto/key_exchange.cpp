// Key exchange: see the header. One table says which parts a group has and in which order they stand.
// draft-ietf-tls-ecdhe-mlkem §4: shares and secrets are the parts', one after the other, without lengths.
#include "crypto/key_exchange.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <variant>

#include "crypto/ec.hpp"
#include "crypto/kem.hpp"
#include "crypto/x25519.hpp"

namespace handfast::crypto {
namespace {

enum class PartKind : std::uint8_t { p256, p384, p521, x25519, mlkem768, mlkem1024 };

struct Group {
  NamedGroup name;
  std::array<PartKind, 2> parts;
  std::size_t part_count;
  [[nodiscard]] std::span<const PartKind> all() const { return std::span(parts).first(part_count); }
};

constexpr Group single(NamedGroup name, PartKind part) { return {name, {part, part}, 1}; }

// X25519MLKEM768 has ML-KEM first, the other hybrids second: so the draft, so everybody.
constexpr std::array kGroups{
    single(NamedGroup::secp256r1, PartKind::p256),
    single(NamedGroup::secp384r1, PartKind::p384),
    single(NamedGroup::secp521r1, PartKind::p521),
    single(NamedGroup::x25519, PartKind::x25519),
    single(NamedGroup::MLKEM768, PartKind::mlkem768),
    single(NamedGroup::MLKEM1024, PartKind::mlkem1024),
    Group{NamedGroup::X25519MLKEM768, {PartKind::mlkem768, PartKind::x25519}, 2},
    Group{NamedGroup::SecP256r1MLKEM768, {PartKind::p256, PartKind::mlkem768}, 2},
    Group{NamedGroup::SecP384r1MLKEM1024, {PartKind::p384, PartKind::mlkem1024}, 2},
};

const Group* find_group(NamedGroup name) {
  const auto* const found = std::ranges::find(kGroups, name, &Group::name);
  return found == kGroups.end() ? nullptr : found;
}

constexpr std::optional<ec::Curve> curve_of(PartKind part) {
  switch (part) {
    case PartKind::p256:
      return ec::Curve::p256;
    case PartKind::p384:
      return ec::Curve::p384;
    case PartKind::p521:
      return ec::Curve::p521;
    default:
      return std::nullopt;
  }
}

constexpr kem::Parameters parameters_of(PartKind part) {
  return part == PartKind::mlkem768 ? kem::Parameters::mlkem768 : kem::Parameters::mlkem1024;
}

constexpr std::size_t client_size(PartKind part) {
  if (const auto curve = curve_of(part)) return ec::point_size(*curve);
  return part == PartKind::x25519 ? x25519::kKeySize : mlkem::encapsulation_key_size(parameters_of(part));
}

constexpr std::size_t server_size(PartKind part) {
  if (const auto curve = curve_of(part)) return ec::point_size(*curve);
  return part == PartKind::x25519 ? x25519::kKeySize : mlkem::ciphertext_size(parameters_of(part));
}

constexpr std::size_t secret_size(PartKind part) {
  if (const auto curve = curve_of(part)) return ec::field_size(*curve);
  return part == PartKind::x25519 ? x25519::kKeySize : mlkem::kSharedSecretSize;
}

template <class Size>
std::size_t sum(NamedGroup name, Size size) {
  const Group* const group = find_group(name);
  std::size_t total = 0;
  if (group != nullptr) {
    for (const PartKind part : group->all()) total += size(part);
  }
  return total;
}

// Takes the next `size` bytes off the front of `bytes`.
template <class View>
View take(View& bytes, std::size_t size) {
  const View front = bytes.first(size);
  bytes = bytes.subspan(size);
  return front;
}

struct EcKey {
  ec::Curve curve;
  ec::Scalar scalar;
};

using PartKey = std::variant<EcKey, x25519::PrivateKey, kem::PrivateKey>;

Result<PartKey> generate_part(PartKind part, const RandomSource& random, MutableBytes public_key) {
  if (const auto curve = curve_of(part)) {
    HANDFAST_TRY_ASSIGN(ec::Scalar scalar, ec::generate(*curve, random));
    HANDFAST_TRY(ec::public_point(*curve, scalar.view(), public_key));
    return EcKey{*curve, std::move(scalar)};
  }
  if (part == PartKind::x25519) {
    HANDFAST_TRY_ASSIGN(auto key, x25519::PrivateKey::generate(random, public_key));
    return PartKey(std::move(key));
  }
  HANDFAST_TRY_ASSIGN(auto key, kem::PrivateKey::generate(parameters_of(part), random, public_key));
  return PartKey(std::move(key));
}

Result<void> finish_part(PartKey& key, Bytes peer, MutableBytes secret) {
  if (auto* const ec_key = std::get_if<EcKey>(&key)) {
    return ec::shared_secret(ec_key->curve, ec_key->scalar.view(), peer, secret);
  }
  if (auto* const x25519_key = std::get_if<x25519::PrivateKey>(&key)) return x25519_key->derive(peer, secret);
  return std::get<kem::PrivateKey>(key).decapsulate(peer, secret);
}

Result<void> answer_part(PartKind part, Bytes peer, const RandomSource& random, MutableBytes public_key,
                         MutableBytes secret) {
  if (part == PartKind::mlkem768 || part == PartKind::mlkem1024) {
    return kem::encapsulate(parameters_of(part), peer, random, public_key, secret);
  }
  HANDFAST_TRY_ASSIGN(PartKey key, generate_part(part, random, public_key));
  return finish_part(key, peer, secret);
}

}  // namespace

bool is_supported(NamedGroup group) { return find_group(group) != nullptr; }

bool is_post_quantum(NamedGroup name) {
  const Group* const group = find_group(name);
  return group != nullptr && std::ranges::any_of(group->all(), [](PartKind part) {
           return part == PartKind::mlkem768 || part == PartKind::mlkem1024;
         });
}

bool is_classical(NamedGroup name) { return find_group(name) != nullptr && !is_post_quantum(name); }

std::size_t client_share_size(NamedGroup group) { return sum(group, client_size); }

std::size_t server_share_size(NamedGroup group) { return sum(group, server_size); }

struct ClientKeyShare::Key {
  const Group* group;
  ByteString public_key;
  std::array<std::optional<PartKey>, 2> parts;
};

ClientKeyShare::ClientKeyShare(std::unique_ptr<Key> key) : key_(std::move(key)) {}
ClientKeyShare::ClientKeyShare(ClientKeyShare&&) noexcept = default;
ClientKeyShare& ClientKeyShare::operator=(ClientKeyShare&&) noexcept = default;
ClientKeyShare::~ClientKeyShare() = default;

NamedGroup ClientKeyShare::group() const { return key_->group->name; }

Bytes ClientKeyShare::public_key() const { return key_->public_key; }

Result<ClientKeyShare> ClientKeyShare::generate(NamedGroup name, const RandomSource& random) {
  const Group* const group = find_group(name);
  if (group == nullptr) return failure(ErrorCode::internal_error);
  auto key = std::make_unique<Key>();
  key->group = group;
  key->public_key.resize(client_share_size(name));
  MutableBytes rest = key->public_key;
  for (std::size_t i = 0; i < group->part_count; ++i) {
    const PartKind part = group->parts[i];
    HANDFAST_TRY_ASSIGN(PartKey part_key, generate_part(part, random, take(rest, client_size(part))));
    key->parts[i].emplace(std::move(part_key));
  }
  return ClientKeyShare(std::move(key));
}

Result<SharedSecret> ClientKeyShare::finish(Bytes server_share) && {
  if (!key_) return failure(ErrorCode::internal_error);
  const std::unique_ptr<Key> key = std::move(key_);
  const Group& group = *key->group;
  if (server_share.size() != server_share_size(group.name)) return failure(ErrorCode::key_share_invalid);
  SharedSecret secret(sum(group.name, secret_size));
  MutableBytes rest = secret.writable();
  for (std::size_t i = 0; i < group.part_count; ++i) {
    const PartKind part = group.parts[i];
    HANDFAST_TRY(
        finish_part(*key->parts[i], take(server_share, server_size(part)), take(rest, secret_size(part))));
  }
  return secret;
}

Result<ServerKeyShare> answer_key_share(NamedGroup name, Bytes client_share, const RandomSource& random) {
  const Group* const group = find_group(name);
  if (group == nullptr) return failure(ErrorCode::internal_error);
  // RFC 9846 §4.3.8.2 and the drafts: each part has one length, so the whole has.
  if (client_share.size() != client_share_size(name)) return failure(ErrorCode::key_share_invalid);
  ServerKeyShare answer{ByteString(server_share_size(name)), SharedSecret(sum(name, secret_size))};
  MutableBytes public_rest = answer.public_key;
  MutableBytes secret_rest = answer.secret.writable();
  for (const PartKind part : group->all()) {
    HANDFAST_TRY(answer_part(part, take(client_share, client_size(part)), random,
                             take(public_rest, server_size(part)), take(secret_rest, secret_size(part))));
  }
  return answer;
}

}  // namespace handfast::crypto
