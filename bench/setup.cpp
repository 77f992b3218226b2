// The certificates and configurations of the benchmarks.
#include "setup.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <handfast/system.hpp>

#include "crypto/private_key.hpp"
#include "pki/issue.hpp"

namespace handfast::bench {

void stop(const std::string& why) {
  std::fprintf(stderr, "benchmark stopped: %s\n", why.c_str());
  std::exit(1);
}

Setup Setup::make() {
  const Time now = system_clock().now();
  const crypto::PrivateKey root_key = must(crypto::PrivateKey::generate(crypto::KeyType::ec_p256));
  pki::IssueSpec root;
  root.common_name = "Benchmark Root";
  root.is_ca = true;
  root.not_before = now - std::chrono::hours(1);
  root.not_after = now + std::chrono::hours(24);
  const crypto::PrivateKey leaf_key = must(crypto::PrivateKey::generate(crypto::KeyType::ec_p256));
  pki::IssueSpec leaf = root;
  leaf.common_name = "bench.test";
  leaf.dns_names = {"bench.test"};
  leaf.is_ca = false;
  leaf.server_auth = true;
  Setup setup;
  setup.root = must(pki::issue(root, root_key.public_key(), root_key));
  setup.leaf = must(pki::issue(leaf, leaf_key.public_key(), root_key, setup.root));
  setup.leaf_key = must(leaf_key.to_pem());
  return setup;
}

Configs handfast_configs(const Setup& setup, NamedGroup group) {
  auto anchors = std::make_shared<TrustAnchors>();
  must(anchors->add_certificate(setup.root));
  ClientSettings client;
  client.policy.groups = {group};
  client.policy.key_shares = {group};
  client.policy.suites = {CipherSuite::TLS_AES_128_GCM_SHA256};
  client.verifier = must(verify_with(std::move(anchors), system_clock()));
  ServerSettings server;
  server.policy = client.policy;
  Credential credential;
  credential.chain.push_back(setup.leaf);
  credential.signer = must(signer_from_pem(setup.leaf_key));
  server.credentials.push_back(std::move(credential));
  return {must(ClientConfig::create(std::move(client))), must(ServerConfig::create(std::move(server)))};
}

}  // namespace handfast::bench
