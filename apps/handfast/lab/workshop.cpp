// The lab's certificates and files.
#include "lab/workshop.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <handfast/system.hpp>
#include <system_error>

#include "crypto/pem.hpp"
#include "crypto/public_key.hpp"

namespace handfast::apps::lab {
namespace {

using crypto::KeyType;
using crypto::PrivateKey;
using std::chrono::days;

const ByteString kLoopback4 = {127, 0, 0, 1};
const ByteString kLoopback6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

Error file_error(const std::string& path) {
  return Error(ErrorCode::io_failed).with_detail(path + ": " + std::generic_category().message(errno));
}

// A signer for a key that others use, too.
class SharedSigner : public Signer {
 public:
  explicit SharedSigner(std::shared_ptr<const PrivateKey> key) : key_(std::move(key)) {}
  [[nodiscard]] std::span<const SignatureScheme> schemes() const override { return key_->schemes(); }
  // Not told: a scenario may show a certificate for another key.
  [[nodiscard]] Bytes public_key() const override { return {}; }
  void sign(SignatureScheme scheme, Bytes content, Completion<ByteString> done) const override {
    const auto method = crypto::method_of(scheme);
    if (method) done.complete(key_->sign(*method, content));
  }

 private:
  std::shared_ptr<const PrivateKey> key_;
};

// TLS 1.2's RSA key exchange wants more of a key than signatures.
class SharedRsaSigner : public SharedSigner, public crypto::PremasterDecryptor {
 public:
  explicit SharedRsaSigner(std::shared_ptr<const PrivateKey> key) : SharedSigner(key), key_(std::move(key)) {}
  [[nodiscard]] Result<crypto::RsaPremaster> decrypt_premaster(Bytes encrypted, ProtocolVersion offered,
                                                               const RandomSource& random) const override {
    return key_->decrypt_premaster(encrypted, offered, random);
  }

 private:
  std::shared_ptr<const PrivateKey> key_;
};

std::shared_ptr<const Signer> signer_for(std::shared_ptr<const PrivateKey> key) {
  if (key->type() == KeyType::rsa) return std::make_shared<SharedRsaSigner>(std::move(key));
  return std::make_shared<SharedSigner>(std::move(key));
}

Result<Entity> issue_entity(const pki::IssueSpec& spec, std::shared_ptr<const PrivateKey> key,
                            const Entity* issuer, Bytes spki = {}) {
  if (spki.empty()) spki = key->public_key();
  Entity entity{key, {}};
  const PrivateKey& signing = issuer == nullptr ? *key : *issuer->key;
  const Bytes issuer_certificate = issuer == nullptr ? Bytes() : Bytes(issuer->certificate);
  HANDFAST_TRY_ASSIGN(entity.certificate, pki::issue(spec, spki, signing, issuer_certificate));
  return entity;
}

}  // namespace

Result<std::unique_ptr<Workshop>> Workshop::open() {
  std::error_code failed;
  std::string folder = (std::filesystem::temp_directory_path(failed) / "handfast-lab-XXXXXX").string();
  if (failed || ::mkdtemp(folder.data()) == nullptr) return failure(file_error(folder));
  std::unique_ptr<Workshop> shop(new Workshop(folder, system_clock().now()));
  HANDFAST_TRY_ASSIGN(auto key, shop->key(KeyType::ec_p256));
  HANDFAST_TRY_ASSIGN(shop->root_, issue_entity(shop->authority_spec("handfast lab root"), key, nullptr));
  HANDFAST_TRY(shop->write("ca.pem", crypto::to_pem("CERTIFICATE", shop->root_.certificate)));
  return shop;
}

Workshop::~Workshop() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

pki::IssueSpec Workshop::authority_spec(std::string name) const {
  pki::IssueSpec spec;
  spec.common_name = std::move(name);
  spec.organization = "handfast lab";
  spec.not_before = now_ - days(1);
  spec.not_after = now_ + days(90);
  spec.is_ca = true;
  return spec;
}

ChainPlan Workshop::good_plan() const {
  ChainPlan plan;
  plan.now = now_;
  plan.root = authority_spec("handfast lab foreign root");
  plan.intermediate = authority_spec("handfast lab intermediate");
  pki::IssueSpec& leaf = plan.leaf;
  leaf.common_name = "localhost";
  leaf.organization = "handfast lab";
  leaf.dns_names = {"localhost"};
  leaf.ip_addresses = {kLoopback4, kLoopback6};
  leaf.not_before = now_ - days(1);
  leaf.not_after = now_ + days(30);
  leaf.server_auth = true;
  return plan;
}

Result<std::shared_ptr<const PrivateKey>> Workshop::key(KeyType type) const {
  const std::lock_guard lock(mutex_);
  if (type == KeyType::rsa && rsa_) return rsa_;
  HANDFAST_TRY_ASSIGN(PrivateKey made, PrivateKey::generate(type));
  auto key = std::make_shared<const PrivateKey>(std::move(made));
  if (type == KeyType::rsa) rsa_ = key;
  return key;
}

Result<Entity> Workshop::authority_below(const pki::IssueSpec& spec, const Entity& issuer) const {
  HANDFAST_TRY_ASSIGN(auto made, key(KeyType::ec_p256));
  return issue_entity(spec, std::move(made), &issuer);
}

Result<Chain> Workshop::chain(const Change& change) const {
  ChainPlan plan = good_plan();
  if (change) change(plan);
  Chain chain;
  HANDFAST_TRY_ASSIGN(auto leaf_key, key(plan.leaf_key));
  if (plan.self_signed) {
    HANDFAST_TRY_ASSIGN(Entity leaf, issue_entity(plan.leaf, leaf_key, nullptr));
    chain.leaf = std::move(leaf.certificate);
    chain.credential.chain = {chain.leaf};
  } else {
    chain.root = root_;
    if (plan.foreign_root) {
      HANDFAST_TRY_ASSIGN(auto root_key, key(KeyType::ec_p256));
      HANDFAST_TRY_ASSIGN(chain.root, issue_entity(plan.root, root_key, nullptr));
    }
    HANDFAST_TRY_ASSIGN(chain.intermediate, authority_below(plan.intermediate, chain.root));
    auto& sent = chain.credential.chain;
    if (plan.send_intermediate) sent.push_back(chain.intermediate.certificate);
    if (plan.send_root) sent.push_back(chain.root.certificate);
    if (plan.sub) {
      HANDFAST_TRY_ASSIGN(chain.intermediate, authority_below(*plan.sub, chain.intermediate));
      sent.insert(sent.begin(), chain.intermediate.certificate);
    }
    HANDFAST_TRY_ASSIGN(Entity leaf, issue_entity(plan.leaf, leaf_key, &chain.intermediate, plan.leaf_spki));
    chain.leaf = std::move(leaf.certificate);
    sent.insert(sent.begin(), chain.leaf);
  }
  if (plan.rearrange) plan.rearrange(chain.credential.chain);
  chain.credential.signer = signer_for(std::move(leaf_key));
  return chain;
}

Result<void> Workshop::write_client(std::string_view name, const Change& change) const {
  HANDFAST_TRY_ASSIGN(const auto client_key, key(KeyType::ec_p256));
  ChainPlan plan = good_plan();
  plan.leaf.common_name = "a client of the lab";
  plan.leaf.dns_names.clear();
  plan.leaf.ip_addresses.clear();
  plan.leaf.server_auth = false;
  plan.leaf.client_auth = true;
  if (change) change(plan);
  Entity issuer = root_;
  if (plan.foreign_root) {
    HANDFAST_TRY_ASSIGN(auto foreign_key, key(KeyType::ec_p256));
    HANDFAST_TRY_ASSIGN(issuer, issue_entity(plan.root, foreign_key, nullptr));
  }
  HANDFAST_TRY_ASSIGN(const Entity client, issue_entity(plan.leaf, client_key, &issuer));
  HANDFAST_TRY_ASSIGN(const std::string key_pem, client_key->to_pem());
  return write(name, crypto::to_pem("CERTIFICATE", client.certificate) + key_pem);
}

Result<void> Workshop::write(std::string_view name, std::string_view content) const {
  const std::string file = path(name);
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return failure(file_error(file));
  const bool written =
      ::write(descriptor, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  const Error error = file_error(file);
  if (::close(descriptor) != 0 || !written) return failure(error);
  return {};
}

}  // namespace handfast::apps::lab
