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

Setup Setup::make(crypto::KeyType leaf_type) {
  const Time now = system_clock().now();
  const crypto::PrivateKey root_key = must(crypto::PrivateKey::generate(crypto::KeyType::ec_p256));
  pki::IssueSpec root;
  root.common_name = "Benchmark Root";
  root.is_ca = true;
  root.not_before = now - std::chrono::hours(1);
  root.not_after = now + std::chrono::hours(24);
  const crypto::PrivateKey leaf_key = must(crypto::PrivateKey::generate(leaf_type));
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

namespace {

struct Settings {
  ClientSettings client;
  ServerSettings server;
};

Settings settings_of(const Setup& setup, Policy policy) {
  auto anchors = std::make_shared<TrustAnchors>();
  must(anchors->add_certificate(setup.root));
  Settings settings;
  settings.client.policy = std::move(policy);
  settings.client.verifier = must(verify_with(std::move(anchors), system_clock()));
  settings.server.policy = settings.client.policy;
  Credential credential;
  credential.chain.push_back(setup.leaf);
  credential.signer = must(signer_from_pem(setup.leaf_key));
  settings.server.credentials.push_back(std::move(credential));
  return settings;
}

void keep_sessions(Settings& settings) {
  settings.client.clock = settings.server.clock = &system_clock();
  settings.client.sessions = std::make_shared<ClientSessions>();
  settings.server.ticket_keys = must(TicketKeys::rotating(system_clock()));
}

Configs configs_of(Settings settings) {
  return {must(ClientConfig::create(std::move(settings.client))),
          must(ServerConfig::create(std::move(settings.server)))};
}

}  // namespace

Configs handfast_configs(const Setup& setup, NamedGroup group, bool resumes) {
  Policy policy = Policy::intermediate();
  policy.groups = {group};
  policy.key_shares = {group};
  policy.suites = {CipherSuite::TLS_AES_128_GCM_SHA256};
  Settings settings = settings_of(setup, std::move(policy));
  if (resumes) keep_sessions(settings);
  return configs_of(std::move(settings));
}

Configs handfast_configs12(const Setup& setup, CipherSuite suite, bool resumes) {
  Policy policy = Policy::intermediate();
  policy.versions = {ProtocolVersion::tls1_2};
  policy.groups = {NamedGroup::x25519, NamedGroup::secp256r1};  // P-256 for the certificate
  policy.key_shares.clear();
  policy.suites = {suite};
  Settings settings = settings_of(setup, std::move(policy));
  if (resumes) keep_sessions(settings);
  return configs_of(std::move(settings));
}

}  // namespace handfast::bench
