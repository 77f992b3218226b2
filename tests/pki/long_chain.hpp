// Chains of any length for tests: the anchor, then CAs, the last one the peer's.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "pki/revocation_maker.hpp"
#include "pki/verify.hpp"

namespace handfast::test {

// A CA below the one before it; with the name of that one it is self-issued.
inline pki::IssueSpec authority(const std::string& name, std::vector<ByteString> extensions = {}) {
  pki::IssueSpec spec = ca_spec(name);
  spec.more_extensions = std::move(extensions);
  return spec;
}
inline pki::IssueSpec end(std::vector<ByteString> extensions = {}) {
  pki::IssueSpec spec = server_spec("a.example");
  spec.more_extensions = std::move(extensions);
  return spec;
}

struct LongChain : testing::Test {
  // The anchor, then these, the last one the peer's.
  bool accepts(const std::vector<pki::IssueSpec>& specs) {
    std::vector<ByteString> chain;
    const Entity* issuer = &root;
    std::deque<Entity> entities;
    for (const pki::IssueSpec& spec : specs) {
      issuer = &entities.emplace_back(make_child(spec, *issuer));
      chain.insert(chain.begin(), issuer->certificate);
    }
    const auto verdict = verify(chain);
    return verdict.has_value();
  }
  Result<std::vector<ByteString>> verify(const std::vector<ByteString>& chain) {
    pki::VerifyInput input{.chain = chain, .anchors = anchors, .now = kNow, .peer = Side::server};
    input.policy = policy;
    auto verdict = pki::verify_chain(input);
    code = verdict ? ErrorCode::internal_error : verdict.error().code();
    return verdict;
  }

  Entity root = make_root(ca_spec("Root"));
  TrustAnchors anchors = trust(root);
  pki::ValidationPolicy policy;
  ErrorCode code = ErrorCode::internal_error;
};

}  // namespace handfast::test
