// Authority: a CA made for a test, with credentials below it and settings that trust it.
#pragma once

#include <gtest/gtest.h>

#include <handfast/config.hpp>
#include <memory>
#include <string>
#include <utility>

#include "crypto/private_key.hpp"
#include "pki/issue.hpp"

namespace handfast::test {

// 2026-11-20T00:00:00Z, unless a test sets another time.
class FixedClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return time; }
  Time time{std::chrono::seconds(1'795'132'800)};
};

template <class T>
T must(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().to_string();
    throw std::runtime_error(result.error().to_string());
  }
  return std::move(*result);
}

class Authority {
 public:
  // `now`: for what runs by the system's clock.
  explicit Authority(crypto::KeyType type = crypto::KeyType::ec_p256, Time now = FixedClock().now())
      : key_(must(crypto::PrivateKey::generate(type))) {
    clock.time = now;
    pki::IssueSpec spec;
    spec.common_name = "Test Root";
    spec.is_ca = true;
    spec.not_before = clock.time - std::chrono::hours(24 * 30);
    spec.not_after = clock.time + std::chrono::hours(24 * 365);
    root_ = must(pki::issue(spec, key_.public_key(), key_));
    auto anchors = std::make_shared<TrustAnchors>();
    EXPECT_TRUE(anchors->add_certificate(root_));
    anchors_ = std::move(anchors);
  }

  // What a certificate for a test is like before the test changes it.
  [[nodiscard]] pki::IssueSpec leaf_spec(const std::string& name) const {
    pki::IssueSpec spec;
    spec.common_name = name;
    spec.dns_names = {name};
    spec.server_auth = true;
    spec.client_auth = true;
    spec.not_before = clock.time - std::chrono::hours(24);
    spec.not_after = clock.time + std::chrono::hours(24 * 30);
    return spec;
  }
  [[nodiscard]] Credential credential(const pki::IssueSpec& spec, crypto::KeyType type) const {
    crypto::PrivateKey key = must(crypto::PrivateKey::generate(type));
    Credential credential;
    credential.chain.push_back(must(pki::issue(spec, key.public_key(), key_, root_)));
    credential.signer = crypto::make_signer(std::move(key));
    return credential;
  }
  [[nodiscard]] Credential credential(const std::string& name,
                                      crypto::KeyType type = crypto::KeyType::ec_p256) const {
    return credential(leaf_spec(name), type);
  }
  [[nodiscard]] std::shared_ptr<const CertificateVerifier> verifier() const {
    return must(verify_with(anchors_, clock));
  }
  [[nodiscard]] ClientSettings client_settings() const {
    ClientSettings settings;
    settings.policy = Policy::modern();  // TLS 1.2 has tests of its own
    settings.verifier = verifier();
    return settings;
  }
  [[nodiscard]] ServerSettings server_settings(const std::string& name = "server.test") const {
    ServerSettings settings;
    settings.policy = Policy::modern();
    settings.credentials.push_back(credential(name));
    return settings;
  }
  [[nodiscard]] const ByteString& root() const { return root_; }

  FixedClock clock;

 private:
  crypto::PrivateKey key_;
  ByteString root_;
  std::shared_ptr<const TrustAnchors> anchors_;
};

}  // namespace handfast::test
