// ExternalPsk: see the header. RFC 9258 §5.1:
//
//   struct {
//       opaque external_identity<1...2^16-1>;
//       opaque context<0..2^16-1>;
//       uint16 target_protocol;
//       uint16 target_kdf;
//   } ImportedIdentity;
//
//   epskx = HKDF-Extract(0, epsk)
//   ipskx = HKDF-Expand-Label(epskx, "derived psk", Hash(ImportedIdentity), L)
//
// The context is that of RFC 9258 Appendix B: opaque client<0..2^8-1>, opaque server<0..2^8-1>.
#include <array>
#include <handfast/external_psk.hpp>
#include <string>
#include <utility>

#include "handshake/psk.hpp"
#include "wire/writer.hpp"

namespace handfast {
namespace {

using handshake::PreSharedKey;

struct Target {
  crypto::HashAlgorithm hash;
  std::uint16_t kdf;  // RFC 9258 §10
};
constexpr std::array kTargets = {Target{crypto::HashAlgorithm::sha256, 0x0001},
                                 Target{crypto::HashAlgorithm::sha384, 0x0002}};
constexpr std::uint16_t kTargetProtocol = 0x0304;
constexpr std::size_t kMaxName = 255;
constexpr std::array<std::uint8_t, 48> kZeros{};

crypto::HashAlgorithm algorithm_of(PskHash hash) {
  return hash == PskHash::sha384 ? crypto::HashAlgorithm::sha384 : crypto::HashAlgorithm::sha256;
}

Error invalid(const char* why) {
  return Error(ErrorCode::configuration_invalid).with_detail(std::string("external pre-shared key: ") + why);
}

Result<void> check(Bytes identity, Bytes secret) {
  if (identity.empty()) return failure(invalid("the identity is empty"));
  if (identity.size() > ExternalPsk::kMaxIdentity) return failure(invalid("the identity is too long"));
  if (secret.size() < ExternalPsk::kMinSecret) return failure(invalid("the secret has fewer than 16 bytes"));
  return {};
}

ByteString context_of(std::string_view client, std::string_view server) {
  ByteString out;
  wire::Writer writer(out);
  for (const std::string_view name : {client, server}) {
    const auto scope = writer.vector8();
    writer.bytes(as_bytes(name));
  }
  return out;
}

ByteString imported_identity(Bytes identity, Bytes importer_context, std::uint16_t kdf) {
  ByteString out;
  wire::Writer writer(out);
  {
    const auto external = writer.vector16();
    writer.bytes(identity);
  }
  {
    const auto context = writer.vector16();
    writer.bytes(importer_context);
  }
  writer.u16(kTargetProtocol);
  writer.u16(kdf);
  return out;
}

}  // namespace

Result<ExternalPsk> ExternalPsk::imported(Bytes identity, Bytes secret, std::string_view client,
                                          std::string_view server, PskHash hash) {
  HANDFAST_TRY(check(identity, secret));
  if (client.empty() || server.empty()) return failure(invalid("both ends must have a name"));
  if (client.size() > kMaxName || server.size() > kMaxName) return failure(invalid("a name is too long"));
  if (client == server) return failure(invalid("both ends have the same name"));
  return danger::imported_in_context(identity, secret, context_of(client, server), hash);
}

namespace danger {

Result<ExternalPsk> imported_in_context(Bytes identity, Bytes secret, Bytes context, PskHash hash) {
  HANDFAST_TRY(check(identity, secret));
  if (context.size() > kMaxContext) return failure(invalid("the context is too long"));
  const crypto::HashAlgorithm own = algorithm_of(hash);
  HANDFAST_TRY_ASSIGN(const HashSecret extracted,
                      crypto::hkdf_extract(own, Bytes(kZeros).first(crypto::hash_size(own)), secret));
  const crypto::HmacKey key(own, extracted.view());
  auto keys = std::make_shared<std::vector<PreSharedKey>>();
  for (const Target& target : kTargets) {
    PreSharedKey imported;
    imported.identity = imported_identity(identity, context, target.kdf);
    imported.kind = keys::PskKind::imported;
    imported.hash = target.hash;
    imported.secret.resize(crypto::hash_size(target.hash));
    imported.external_identity = copy_of(identity);
    HANDFAST_TRY_ASSIGN(const crypto::Digest digest, crypto::hash(own, {imported.identity}));
    HANDFAST_TRY(keys::hkdf_expand_label(key, "derived psk", digest.view(), imported.secret.writable()));
    keys->push_back(std::move(imported));
  }
  return ExternalPsk(copy_of(identity), std::move(keys));
}

Result<ExternalPsk> bare_external_psk(Bytes identity, Bytes secret, PskHash hash) {
  HANDFAST_TRY(check(identity, secret));
  auto keys = std::make_shared<std::vector<PreSharedKey>>();
  PreSharedKey bare;
  bare.identity = copy_of(identity);
  bare.kind = keys::PskKind::external;
  bare.hash = algorithm_of(hash);
  bare.external_identity = copy_of(identity);
  if (secret.size() > handshake::kMaxPskSecret) return failure(invalid("the secret has more than 64 bytes"));
  bare.secret = handshake::PskSecret(secret);
  keys->push_back(std::move(bare));
  return ExternalPsk(copy_of(identity), std::move(keys));
}

}  // namespace danger
}  // namespace handfast
