// Writes root.pem, server.pem, server.key, client.pem, client.key and another root, stranger.pem, into a
// folder.
#include <cstdio>
#include <fstream>
#include <handfast/system.hpp>
#include <string>

#include "crypto/pem.hpp"
#include "crypto/private_key.hpp"
#include "pki/issue.hpp"

namespace {

using handfast::Result;

struct Issuer {
  handfast::crypto::PrivateKey key;
  handfast::ByteString certificate;
};

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

handfast::pki::IssueSpec spec_of(const std::string& name) {
  handfast::pki::IssueSpec spec;
  spec.common_name = name;
  spec.not_before = handfast::system_clock().now() - std::chrono::hours(1);
  spec.not_after = handfast::system_clock().now() + std::chrono::hours(24);
  return spec;
}

Result<Issuer> make_root(const std::string& path, const std::string& name) {
  HANDFAST_TRY_ASSIGN(auto key, handfast::crypto::PrivateKey::generate(handfast::crypto::KeyType::ec_p256));
  auto spec = spec_of(name);
  spec.is_ca = true;
  HANDFAST_TRY_ASSIGN(auto certificate, handfast::pki::issue(spec, key.public_key(), key));
  write(path, handfast::crypto::to_pem("CERTIFICATE", certificate));
  return Issuer{std::move(key), std::move(certificate)};
}

Result<void> make_leaf(const std::string& path, const Issuer& issuer, handfast::pki::IssueSpec spec) {
  HANDFAST_TRY_ASSIGN(const auto key,
                      handfast::crypto::PrivateKey::generate(handfast::crypto::KeyType::ec_p256));
  HANDFAST_TRY_ASSIGN(const auto certificate,
                      handfast::pki::issue(spec, key.public_key(), issuer.key, issuer.certificate));
  HANDFAST_TRY_ASSIGN(const auto key_pem, key.to_pem());
  write(path + ".pem", handfast::crypto::to_pem("CERTIFICATE", certificate));
  write(path + ".key", key_pem);
  return {};
}

Result<void> run(const std::string& folder) {
  HANDFAST_TRY_ASSIGN(const auto root, make_root(folder + "/root.pem", "Example Root"));
  HANDFAST_TRY(make_root(folder + "/stranger.pem", "Some Other Root"));
  auto server = spec_of("localhost");
  server.dns_names = {"localhost"};
  server.ip_addresses = {{127, 0, 0, 1}};
  server.server_auth = true;
  HANDFAST_TRY(make_leaf(folder + "/server", root, server));
  auto client = spec_of("Alice");
  client.dns_names = {"alice.test"};
  client.client_auth = true;
  return make_leaf(folder + "/client", root, client);
}

}  // namespace

int main(int argc, char** argv) {
  const auto result =
      argc == 2 ? run(argv[1]) : handfast::failure(handfast::ErrorCode::configuration_invalid);
  if (!result) std::fprintf(stderr, "%s\n", result.error().to_string().c_str());
  return result ? 0 : 1;
}
