// What asking lists may cost, whoever made them and however many there are. RFC 5280 §6.3.
#include <gtest/gtest.h>

#include "pki/revocation_maker.hpp"
#include "pki/verify.hpp"

namespace handfast::test {
namespace {

using pki::RevocationReason;

struct RevocationBudget : testing::Test {
  ErrorCode code(const std::vector<ByteString>& lists, RevocationMode mode = RevocationMode::hard_fail) {
    const RevocationLists all = lists_of(lists);
    const std::vector<ByteString> chain = {leaf.certificate, ca.certificate};
    pki::VerifyInput input{.chain = chain,
                           .anchors = anchors,
                           .now = kNow,
                           .peer = Side::server,
                           .crls = &all,
                           .revocation = mode};
    input.policy = policy;
    const auto verdict = pki::verify_chain(input);
    if (verdict) return kGood;
    detail = verdict.error().detail();
    return verdict.error().code();
  }
  // A leaf with these distribution points.
  void set_points(const std::vector<ByteString>& points) {
    pki::IssueSpec spec = server_spec("a.example");
    spec.more_extensions = {distribution_points(points)};
    leaf = make_child(spec, ca);
  }
  static ByteString place(const std::string& kind, unsigned number) {
    return uri("http://example.org/" + kind + std::to_string(number));
  }
  ByteString list_for(const ByteString& general_names) {
    ListSpec spec;
    spec.more_extensions = {issuing_point({full_name(general_names)})};
    return make_list(spec, ca);
  }
  void expect_lists_to_exhaust(const std::vector<ByteString>& lists) {
    for (const RevocationMode mode : {RevocationMode::hard_fail, kSoft}) {
      EXPECT_EQ(code(lists, mode), kExhausted) << detail;
      EXPECT_EQ(detail, "comparisons with revocation lists");
    }
  }

  static constexpr auto kGood = ErrorCode::internal_error;
  static constexpr auto kUnknown = ErrorCode::certificate_revocation_unknown;
  static constexpr auto kRevoked = ErrorCode::certificate_revoked;
  static constexpr auto kExhausted = ErrorCode::certificate_budget_exhausted;
  static constexpr auto kSoft = RevocationMode::soft_fail;

  Entity root = make_root(ca_spec("Root"));
  Entity ca = make_child(ca_spec("CA"), root);
  Entity leaf = make_child(server_spec("a.example"), ca);
  TrustAnchors anchors = trust(root);
  ByteString root_list = make_list({}, root);
  ByteString ca_list = make_list({}, ca);
  pki::ValidationPolicy policy;
  std::string detail;
};

TEST_F(RevocationBudget, SignaturesOfListsCount) {
  policy.budget.signature_checks = 2;  // those of the two certificates
  EXPECT_EQ(code({root_list, ca_list}), ErrorCode::certificate_budget_exhausted);
  policy.budget.signature_checks = 4;
  EXPECT_EQ(code({root_list, ca_list}), kGood) << detail;
}

// The delta is the last to be checked: without it nothing is known.
TEST_F(RevocationBudget, ABudgetThatEndsBeforeTheDeltaIsNoAnswer) {
  ListSpec delta{{{serial_of(leaf), RevocationReason::key_compromise}}};
  delta.number = 2;
  delta.delta_base = 1;
  const std::vector<ByteString> lists = {root_list, ca_list, make_list(delta, ca)};
  for (const RevocationMode mode : {RevocationMode::hard_fail, kSoft}) {
    for (std::size_t checks = 0; checks <= 8; ++checks) {
      policy.budget.signature_checks = checks;
      EXPECT_EQ(code(lists, mode), checks < 5 ? ErrorCode::certificate_budget_exhausted : kRevoked) << checks;
    }
  }
}

TEST_F(RevocationBudget, ManyForgedListsEndWithTheBudget) {
  std::vector<ByteString> lists = {root_list};
  const Entity forger = make_root(ca_spec("CA"));
  for (unsigned i = 0; i < 70; ++i) {
    ListSpec list;
    list.number = i;
    lists.push_back(make_list(list, forger));
  }
  EXPECT_EQ(code(lists), ErrorCode::certificate_budget_exhausted);
}

TEST_F(RevocationBudget, ABudgetThatIsSpentIsNoAnswer) {
  policy.budget.name_comparisons = 1;
  EXPECT_EQ(code({root_list, make_list({{{serial_of(leaf)}}}, ca)}, kSoft),
            ErrorCode::certificate_budget_exhausted);
}

// A CA that splits its lists into many, as public ones do.
TEST_F(RevocationBudget, SuffersManyListsOfOneIssuer) {
  set_points({full_name(place("list", 77))});
  std::vector<ByteString> lists = {root_list};
  for (unsigned i = 0; i < 256; ++i) lists.push_back(list_for(place("list", i)));
  EXPECT_EQ(code(lists), kGood) << detail;
}

TEST_F(RevocationBudget, ManyPointsAndManyLists) {
  std::vector<ByteString> points;
  for (unsigned i = 0; i < 64; ++i) points.push_back(full_name(place("point", i)));
  set_points(points);
  std::vector<ByteString> lists = {root_list};
  for (unsigned i = 0; i < 900; ++i) lists.push_back(list_for(place("list", i)));
  expect_lists_to_exhaust(lists);
}

TEST_F(RevocationBudget, ManyNamesOfOnePointAndOneList) {
  ByteString wanted;
  ByteString covered;
  for (unsigned i = 0; i < 1000; ++i) {
    wanted = joined({wanted, place("point", i)});
    covered = joined({covered, place("list", i)});
  }
  set_points({full_name(wanted)});
  expect_lists_to_exhaust({root_list, list_for(covered)});
}

TEST_F(RevocationBudget, LongNamesInManySpellings) {
  const ByteString name = absolute_name(subject_of(ca), std::string(20'000, 'a'));
  const ByteString same_name = absolute_name(subject_of(ca), std::string(20'000, 'A'));
  std::string other_text(20'000, 'A');
  other_text.back() = 'B';
  const ByteString other = absolute_name(subject_of(ca), other_text);
  set_points({full_name(directory_name(name))});
  EXPECT_EQ(code({root_list, list_for(directory_name(same_name))}), kGood) << detail;
  ByteString names;
  for (unsigned i = 0; i < 100; ++i) names = joined({names, directory_name(other)});
  expect_lists_to_exhaust({root_list, list_for(names)});
}

// Each outdated list looks for a delta that goes with it.
TEST_F(RevocationBudget, ManyCompleteListsAndManyDeltas) {
  std::vector<ByteString> lists = {root_list};
  for (unsigned i = 0; i < 50; ++i) {
    ListSpec spec;
    spec.number = i;
    spec.next_update = kNow - std::chrono::hours(1);
    lists.push_back(make_list(spec, ca));
  }
  for (unsigned i = 0; i < 1500; ++i) {
    ListSpec spec;
    spec.number = 1000 + i;
    spec.delta_base = 1000;
    lists.push_back(make_list(spec, ca));
  }
  expect_lists_to_exhaust(lists);
}

// One serial number, used by every CA that an indirect list speaks for, or again and again.
TEST_F(RevocationBudget, ManyEntriesWithTheSameNumber) {
  ListSpec spec;
  spec.more_extensions = {issuing_point({flag(4)})};
  for (unsigned i = 0; i < 2000; ++i) {
    spec.entries.push_back({serial_of(leaf), std::nullopt, absolute_name(subject_of(ca), std::to_string(i))});
  }
  const ByteString list = make_list(spec, ca);
  EXPECT_EQ(code({root_list, list}), kGood) << detail;
  spec = {};
  spec.entries.assign(2000, {serial_of(leaf), RevocationReason::certificate_hold});
  const ByteString repeating = make_list(spec, ca);
  EXPECT_EQ(code({root_list, repeating}), kRevoked) << detail;
  policy.budget.name_comparisons = 1000;
  expect_lists_to_exhaust({root_list, list});
  expect_lists_to_exhaust({root_list, repeating});
}

}  // namespace
}  // namespace handfast::test
