// A small PKI for tests: a root, an intermediate and leaves, made with pki::issue.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <handfast/trust.hpp>
#include <string>
#include <utility>
#include <vector>

#include "crypto/private_key.hpp"
#include "pki/issue.hpp"

namespace handfast::test {

inline constexpr Time kNow = std::chrono::sys_days(std::chrono::year(2026) / 7 / 1);

inline crypto::PrivateKey new_key(crypto::KeyType type = crypto::KeyType::ec_p256) {
  auto key = crypto::PrivateKey::generate(type);
  EXPECT_TRUE(key.has_value());
  return std::move(*key);
}

struct Entity {
  crypto::PrivateKey key;
  ByteString certificate;
};

inline pki::IssueSpec ca_spec(const std::string& name) {
  pki::IssueSpec spec;
  spec.common_name = name;
  spec.not_before = kNow - std::chrono::days(30);
  spec.not_after = kNow + std::chrono::days(300);
  spec.is_ca = true;
  return spec;
}

inline pki::IssueSpec server_spec(const std::string& dns) {
  pki::IssueSpec spec;
  spec.common_name = dns;
  spec.dns_names = {dns};
  spec.not_before = kNow - std::chrono::days(10);
  spec.not_after = kNow + std::chrono::days(80);
  spec.server_auth = true;
  return spec;
}

inline Entity make_root(const pki::IssueSpec& spec, crypto::KeyType type = crypto::KeyType::ec_p256) {
  crypto::PrivateKey key = new_key(type);
  auto certificate = pki::issue(spec, key.public_key(), key);
  EXPECT_TRUE(certificate.has_value()) << certificate.error().to_string();
  return {std::move(key), std::move(*certificate)};
}

inline Entity make_child(const pki::IssueSpec& spec, const Entity& issuer,
                         crypto::KeyType type = crypto::KeyType::ec_p256) {
  crypto::PrivateKey key = new_key(type);
  auto certificate = pki::issue(spec, key.public_key(), issuer.key, issuer.certificate);
  EXPECT_TRUE(certificate.has_value()) << certificate.error().to_string();
  return {std::move(key), std::move(*certificate)};
}

inline TrustAnchors trust(const Entity& root) {
  TrustAnchors anchors;
  EXPECT_TRUE(anchors.add_certificate(root.certificate).has_value());
  return anchors;
}

}  // namespace handfast::test
