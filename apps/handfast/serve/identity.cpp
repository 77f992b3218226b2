// Three keys in memory, three certificates; the two CA keys are gone when this returns.
#include "identity.hpp"

#include <fmt/format.h>

#include <fstream>
#include <handfast/secret.hpp>
#include <handfast/system.hpp>

#include "common/escape.hpp"
#include "common/numbers.hpp"
#include "common/passphrase.hpp"
#include "crypto/hash.hpp"
#include "crypto/pem.hpp"
#include "crypto/private_key.hpp"
#include "pki/issue.hpp"

namespace handfast::apps::serve {
namespace {

using crypto::KeyType;
using crypto::PrivateKey;

constexpr std::chrono::hours kBefore{1};  // clocks of containers may be a little behind
constexpr std::chrono::days kLifetime{30};

const ByteString kLoopback4 = {127, 0, 0, 1};
const ByteString kLoopback6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

// Address and mask of that single address, as name constraints want them (RFC 5280 §4.2.1.10).
ByteString only(ByteString address) {
  address.resize(address.size() * 2, 0xff);
  return address;
}

pki::IssueSpec spec_for(std::string common_name, Time now) {
  pki::IssueSpec spec;
  spec.common_name = std::move(common_name);
  spec.organization = "handfast throw-away authority";
  spec.not_before = now - kBefore;
  spec.not_after = now + kLifetime;
  return spec;
}

// Each root has a name of its own, so that a browser that was told to trust one does not take another for it.
Result<ByteString> issue_root(Time now, const PrivateKey& key) {
  HANDFAST_TRY_ASSIGN(const crypto::Digest digest,
                      crypto::hash(crypto::HashAlgorithm::sha256, {key.public_key()}));
  pki::IssueSpec spec = spec_for("throw-away root " + to_hex(digest.view().first(3)), now);
  spec.is_ca = true;
  spec.path_len = 1;
  return pki::issue(spec, key.public_key(), key);
}

Result<ByteString> issue_intermediate(Time now, const PrivateKey& key, const PrivateKey& root_key,
                                      Bytes root) {
  pki::IssueSpec spec = spec_for("throw-away intermediate, this machine only", now);
  spec.is_ca = true;
  spec.path_len = 0;
  spec.permitted_dns = {"localhost"};
  spec.permitted_ips = {only(kLoopback4), only(kLoopback6)};
  return pki::issue(spec, key.public_key(), root_key, root);
}

Result<ByteString> issue_leaf(Time now, const PrivateKey& key, const PrivateKey& issuer_key, Bytes issuer) {
  pki::IssueSpec spec = spec_for("localhost", now);
  spec.dns_names = {"localhost"};
  spec.ip_addresses = {kLoopback4, kLoopback6};
  spec.server_auth = true;
  return pki::issue(spec, key.public_key(), issuer_key, issuer);
}

Result<std::string> fingerprint_of(Bytes certificate) {
  HANDFAST_TRY_ASSIGN(const crypto::Digest digest,
                      crypto::hash(crypto::HashAlgorithm::sha256, {certificate}));
  std::string out;
  for (const std::uint8_t byte : digest.view()) out += fmt::format("{}{:02X}", out.empty() ? "" : ":", byte);
  return out;
}

Result<Credential> load_credential(const IdentityFiles& files) {
  HANDFAST_TRY_ASSIGN(const std::string chain, read_file(files.chain));
  HANDFAST_TRY_ASSIGN(const Passphrase passphrase, read_passphrase(files.passphrase));
  HANDFAST_TRY_ASSIGN(std::string key, read_file(files.key));
  auto credential = Credential::from_pem(chain, key, passphrase.view());
  wipe({reinterpret_cast<std::uint8_t*>(key.data()), key.size()});
  if (credential) return credential;
  Error error = std::move(credential).error();
  const std::string detail(error.detail());
  error.with_detail(
      fmt::format("{} with {}{}{}", files.chain, files.key, detail.empty() ? "" : ": ", detail));
  return failure(std::move(error));
}

}  // namespace

Result<Identity> make_throw_away_identity(Time now) {
  HANDFAST_TRY_ASSIGN(const PrivateKey root_key, PrivateKey::generate(KeyType::ec_p256));
  HANDFAST_TRY_ASSIGN(const PrivateKey intermediate_key, PrivateKey::generate(KeyType::ec_p256));
  HANDFAST_TRY_ASSIGN(PrivateKey leaf_key, PrivateKey::generate(KeyType::ec_p256));
  HANDFAST_TRY_ASSIGN(const ByteString root, issue_root(now, root_key));
  HANDFAST_TRY_ASSIGN(ByteString intermediate, issue_intermediate(now, intermediate_key, root_key, root));
  HANDFAST_TRY_ASSIGN(ByteString leaf, issue_leaf(now, leaf_key, intermediate_key, intermediate));

  Identity out;
  out.throw_away = true;
  out.root_pem = crypto::to_pem("CERTIFICATE", root);
  out.valid_until = time_text(now + kLifetime);
  HANDFAST_TRY_ASSIGN(out.root_fingerprint, fingerprint_of(root));
  Credential credential;
  credential.chain = {std::move(leaf), std::move(intermediate)};
  credential.signer = crypto::make_signer(std::move(leaf_key));
  out.credentials.push_back(std::move(credential));
  return out;
}

Result<void> write_root(const Identity& identity, const std::string& path) {
  if (!identity.throw_away) {
    return failure(
        Error(ErrorCode::configuration_invalid)
            .with_detail("--write-ca writes the throw-away authority's root; with --cert there is none"));
  }
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << identity.root_pem;
  file.close();
  if (file) return {};
  return failure(Error(ErrorCode::io_failed).with_detail("cannot write " + path));
}

Result<Credential> load_raw_key(const std::string& path) {
  HANDFAST_TRY_ASSIGN(std::string key, read_file(path));
  auto signer = signer_from_pem(key);
  wipe({reinterpret_cast<std::uint8_t*>(key.data()), key.size()});
  if (!signer) {
    Error error = std::move(signer).error();
    const std::string detail(error.detail());
    return failure(error.with_detail("--raw-key " + path + (detail.empty() ? "" : ": " + detail)));
  }
  Credential credential;
  credential.signer = std::move(*signer);
  credential.type = CertificateType::RawPublicKey;
  return credential;
}

Result<Identity> load_identity(const std::vector<IdentityFiles>& files) {
  Identity out;
  for (const IdentityFiles& one : files) {
    HANDFAST_TRY_ASSIGN(Credential credential, load_credential(one));
    out.credentials.push_back(std::move(credential));
  }
  return out;
}

}  // namespace handfast::apps::serve
