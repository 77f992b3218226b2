// The verifier that comes with the library, with a memory of chains: what it saves, and what it must not
// answer. The memory itself: tests/pki/chain_cache_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <handfast/verifier.hpp>

#include "pki/revocation_maker.hpp"

namespace handfast {
namespace {

using test::Entity;
using test::kNow;
using E = ErrorCode;

class SettableClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return time; }
  Time time = kNow;
};

struct RememberingVerifier : testing::Test {
  [[nodiscard]] std::shared_ptr<const CertificateVerifier> make(std::size_t remembered,
                                                                RevocationSettings revocation = {}) const {
    auto verifier = verify_with(anchors, clock, std::move(revocation), remembered);
    EXPECT_TRUE(verifier.has_value());
    return *verifier;
  }
  // internal_error stands for "believed".
  E ask(const CertificateVerifier& verifier, const char* name = "a.example") {
    const VerificationRequest request{.certificates = presented,
                                      .peer = Side::server,
                                      .name = std::make_shared<const ServerName>(*ServerName::parse(name))};
    const auto pending = std::make_shared<PendingDecision<Verdict>>(nullptr);
    verifier.verify(request, Completion<Verdict>(pending));
    auto verdict = pending->take();
    if (!verdict) return E::decision_abandoned;
    if (!*verdict) return verdict->error().code();
    path = (*verdict)->path;
    return kBelieved;
  }
  void present(const Entity& other) {
    presented = std::make_shared<const PeerCertificates>(
        PeerCertificates{{other.certificate}, CertificateType::X509, {}, {}});
  }
  // What 20 questions cost, the least of some attempts: other programs only make it more.
  std::clock_t cost(const CertificateVerifier& verifier) {
    std::clock_t least = 0;
    for (int attempt = 0; attempt < 5; ++attempt) {
      const std::clock_t start = std::clock();
      for (int i = 0; i < 20; ++i) EXPECT_EQ(ask(verifier), kBelieved);
      const std::clock_t cost = std::clock() - start;
      least = attempt == 0 ? cost : std::min(least, cost);
    }
    return least;
  }

  static constexpr E kBelieved = E::internal_error;
  SettableClock clock;
  Entity root = test::make_root(test::ca_spec("Root"), crypto::KeyType::ec_p384);
  Entity leaf = test::make_child(test::server_spec("a.example"), root);
  std::shared_ptr<const TrustAnchors> anchors = std::make_shared<const TrustAnchors>(test::trust(root));
  std::shared_ptr<const PeerCertificates> presented = std::make_shared<const PeerCertificates>(
      PeerCertificates{{leaf.certificate}, CertificateType::X509, {}, {}});
  std::vector<ByteString> path;
};

TEST_F(RememberingVerifier, AnswersTheSameForLess) {
  const auto forgetful = make(0);
  const auto remembering = make(16);
  EXPECT_EQ(ask(*forgetful), kBelieved);
  const std::vector<ByteString> wanted = path;
  for (int i = 0; i < 3; ++i) {
    path.clear();
    EXPECT_EQ(ask(*remembering), kBelieved);
    EXPECT_EQ(path, wanted);
  }
  // A signature of P-384 against one hash: more than ten times in truth.
  EXPECT_LT(cost(*remembering) * 2, cost(*forgetful));
}

TEST_F(RememberingVerifier, AnswersWhatHoldsNow) {
  const auto verifier = make(16);
  EXPECT_EQ(ask(*verifier), kBelieved);
  EXPECT_EQ(ask(*verifier, "b.example"), E::certificate_name_mismatch);
  clock.time = kNow + std::chrono::days(100);
  EXPECT_EQ(ask(*verifier), E::certificate_expired);
  clock.time = kNow - std::chrono::days(20);
  EXPECT_EQ(ask(*verifier), E::certificate_not_yet_valid);
  clock.time = kNow;
  EXPECT_EQ(ask(*verifier), kBelieved);
  // The same name, another key under a root that nobody knows.
  const Entity stranger = test::make_root(test::ca_spec("Root"));
  present(test::make_child(test::server_spec("a.example"), stranger));
  EXPECT_NE(ask(*verifier), kBelieved);
}

// Lists have dates of their own: with them each question is asked anew.
TEST_F(RememberingVerifier, RemembersNothingWhereListsAreAsked) {
  test::ListSpec spec;
  spec.next_update = kNow + std::chrono::minutes(1);
  auto lists = std::make_shared<const RevocationLists>(test::lists_of({test::make_list(spec, root)}));
  const auto verifier = make(16, {lists, RevocationMode::hard_fail});
  EXPECT_EQ(ask(*verifier), kBelieved);
  clock.time = kNow + std::chrono::hours(1);
  EXPECT_EQ(ask(*verifier), E::certificate_revocation_unknown);
}

}  // namespace
}  // namespace handfast
