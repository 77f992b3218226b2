// The memory of verified chains: what it answers, and above all what it must not answer.
#include "pki/chain_cache.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "pki/revocation_maker.hpp"
#include "pki/staple.hpp"

namespace handfast::test {
namespace {

class ChainCache : public testing::Test {
 protected:
  ChainCache()
      : root_(make_root(ca_spec("Root"))),
        leaf_(make_child(server_spec("www.example.org"), root_)),
        anchors_(trust(root_)),
        chain_({leaf_.certificate}) {}

  Result<std::vector<ByteString>> verify(Time now = kNow) {
    pki::VerifyInput input{
        .chain = chain_, .anchors = anchors_, .now = now, .peer = Side::server, .name = &name_};
    input.policy = policy_;
    input.stapled_response = staple_;
    const auto key = pki::VerifiedChains::key_of(input);
    known_ = key && cache_.find(*key, now) != nullptr;
    return pki::verify_chain(input, &cache_);
  }
  // Whether the last verify() found its answer in the cache.
  bool known_ = false;

  Entity root_;
  Entity leaf_;
  TrustAnchors anchors_;
  std::vector<ByteString> chain_;
  ServerName name_ = *ServerName::parse("www.example.org");
  pki::ValidationPolicy policy_;
  ByteString staple_;
  pki::VerifiedChains cache_;
};

TEST_F(ChainCache, TheSameQuestionIsAnsweredFromMemory) {
  const auto first = verify();
  ASSERT_TRUE(first);
  EXPECT_FALSE(known_);
  const auto second = verify();
  ASSERT_TRUE(second);
  EXPECT_TRUE(known_);
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(cache_.size(), 1U);
}

TEST_F(ChainCache, FailuresAreNotRemembered) {
  name_ = *ServerName::parse("other.example.org");
  EXPECT_FALSE(verify());
  EXPECT_EQ(cache_.size(), 0U);
}

TEST_F(ChainCache, EveryPartOfTheQuestionCounts) {
  ASSERT_TRUE(verify());
  name_ = *ServerName::parse("other.example.org");
  EXPECT_EQ(verify().error().code(), ErrorCode::certificate_name_mismatch);
  name_ = *ServerName::parse("192.0.2.1");
  EXPECT_FALSE(verify());
  name_ = *ServerName::parse("www.example.org");
  policy_.min_rsa_bits = 4096;
  EXPECT_TRUE(verify());
  EXPECT_FALSE(known_);
  policy_ = {};
  policy_.profile = pki::Profile::webpki;
  (void)verify();
  EXPECT_FALSE(known_);
  policy_ = {};
  chain_.push_back(root_.certificate);
  EXPECT_TRUE(verify());
  EXPECT_FALSE(known_);
  chain_.pop_back();
  // A flipped bit anywhere is another question.
  chain_[0].back() ^= 1U;
  EXPECT_FALSE(verify());
  chain_[0].back() ^= 1U;
  EXPECT_TRUE(verify());
  EXPECT_TRUE(known_);
  // Other anchors, even with the same address.
  TrustAnchors others = trust(make_root(ca_spec("Root")));
  anchors_ = std::move(others);
  EXPECT_FALSE(verify());
}

TEST_F(ChainCache, AnswersEndWithTheCertificatesAndWithTime) {
  const Time end = kNow + std::chrono::days(80);
  ASSERT_TRUE(verify(end - std::chrono::seconds(2)));
  ASSERT_TRUE(verify(end));
  EXPECT_TRUE(known_);
  EXPECT_EQ(verify(end + std::chrono::seconds(1)).error().code(), ErrorCode::certificate_expired);
  ASSERT_TRUE(verify(kNow));
  EXPECT_FALSE(known_);  // before it was found good
  ASSERT_TRUE(verify(kNow + pki::kMaxVerdictAge));
  EXPECT_TRUE(known_);
  ASSERT_TRUE(verify(kNow + pki::kMaxVerdictAge + std::chrono::seconds(1)));
  EXPECT_FALSE(known_);
}

TEST_F(ChainCache, AnswersEndWithTheStaple) {
  AnswerSpec answer{serial_of(leaf_)};
  answer.next_update = kNow + std::chrono::minutes(1);
  staple_ = make_response({{answer}}, root_, root_);
  ASSERT_TRUE(verify());
  ASSERT_TRUE(verify(*answer.next_update));
  EXPECT_TRUE(known_);
  ASSERT_TRUE(verify(*answer.next_update + std::chrono::seconds(1)));
  EXPECT_FALSE(known_);
  // One that only the responder's clock may excuse.
  answer.next_update = kNow - pki::kStapleClockSkew;
  staple_ = make_response({{answer}}, root_, root_);
  ASSERT_TRUE(verify());
  const std::size_t size = cache_.size();
  EXPECT_EQ(verify(kNow + std::chrono::seconds(1)).error().code(), ErrorCode::certificate_staple_invalid);
  EXPECT_EQ(cache_.size(), size);
  // Without nextUpdate.
  answer.next_update.reset();
  answer.this_update = kNow - pki::kMaxStapleAgeWithoutNextUpdate;
  staple_ = make_response({{answer}}, root_, root_);
  ASSERT_TRUE(verify());
  EXPECT_EQ(verify(kNow + std::chrono::seconds(1)).error().code(), ErrorCode::certificate_staple_invalid);
}

TEST_F(ChainCache, AnswersEndWithTheResponder) {
  pki::IssueSpec spec = server_spec("responder.example");
  spec.server_auth = false;
  spec.not_after = kNow + std::chrono::minutes(1);
  const ByteString purpose = der_encode(der::kObjectIdentifier, {pki::oid::kOcspSigning});
  spec.more_extensions = {
      pki::encode_extension(pki::oid::kExtKeyUsage, false, der_encode(der::kSequence, {purpose}))};
  const Entity responder = make_child(spec, root_);
  staple_ = make_response({{{serial_of(leaf_)}}, false, {responder.certificate}}, root_, responder);
  ASSERT_TRUE(verify());
  ASSERT_TRUE(verify(spec.not_after));
  EXPECT_TRUE(known_);
  EXPECT_EQ(verify(spec.not_after + std::chrono::seconds(1)).error().code(),
            ErrorCode::certificate_staple_invalid);
}

// A regret says nothing, and ends nothing.
TEST_F(ChainCache, ARegretIsRememberedLikeNoStaple) {
  staple_ = make_regret(pki::OcspResponseStatus::try_later);
  ASSERT_TRUE(verify());
  ASSERT_TRUE(verify(kNow + std::chrono::seconds(1)));
  EXPECT_TRUE(known_);
}

TEST_F(ChainCache, IsBounded) {
  pki::VerifiedChains small(16);
  const auto path = std::make_shared<const std::vector<ByteString>>(chain_);
  for (int i = 0; i < 10'000; ++i) {
    pki::VerifiedChains::Key key{};
    key[0] = static_cast<std::uint8_t>(i);
    key[1] = static_cast<std::uint8_t>(i >> 8);
    small.insert(key, path, kNow);
    EXPECT_NE(small.find(key, kNow), nullptr);
  }
  EXPECT_EQ(small.size(), 16U);
}

TEST_F(ChainCache, ManyThreads) {
  std::vector<std::thread> threads;
  const auto path = std::make_shared<const std::vector<ByteString>>(chain_);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2'000; ++i) {
        pki::VerifiedChains::Key key{};
        key[0] = static_cast<std::uint8_t>(i * (t + 1));
        if (cache_.find(key, kNow) == nullptr) cache_.insert(key, path, kNow);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(cache_.size(), pki::kVerifiedChainsByDefault);
}

}  // namespace
}  // namespace handfast::test
