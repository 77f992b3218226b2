// The JSON of a visit: its schema, and that foreign text cannot break it.
#include "serve/visit_json.hpp"

#include <gtest/gtest.h>

#include "sample_visit.hpp"

namespace handfast::apps::serve {
namespace {

using test::sample_visit;

TEST(VisitJson, FollowsItsSchema) {
  const auto json = nlohmann::json::parse(visit_json(sample_visit()).dump());
  EXPECT_EQ(json.at("schema"), "handfast.visit/1");
  EXPECT_EQ(json.at("tool").at("name"), "handfast");
  EXPECT_EQ(json.at("connection").at("version"), "TLS 1.3");
  EXPECT_EQ(json.at("connection").at("group"), "X25519MLKEM768");
  EXPECT_EQ(json.at("connection").at("post_quantum"), true);
  EXPECT_EQ(json.at("connection").at("round_trips"), 1);
  EXPECT_EQ(json.at("ja4").at("ja4"), sample_visit().ja4.text());
  const auto& hello = json.at("client_hello");
  EXPECT_EQ(hello.at("server_name"), "localhost");
  EXPECT_EQ(hello.at("post_quantum").at("offered"), true);
  EXPECT_EQ(hello.at("groups").at(0).at("grease"), true);
  EXPECT_EQ(hello.at("groups").at(1).at("name"), "X25519MLKEM768");
  EXPECT_EQ(hello.at("cipher_suites").at(1).at("id"), "0x1301");
  EXPECT_EQ(hello.at("extensions").size(), sample_visit().offer.extensions.size());
  EXPECT_EQ(json.at("choices").size(), 5U);
  for (const auto& choice : json.at("choices")) EXPECT_FALSE(choice.at("why").get<std::string>().empty());
}

TEST(VisitJson, HoldsEachStepWithItsBytes) {
  const Visit visit = sample_visit();
  const auto json = visit_json(visit);
  const auto& steps = json.at("handshake").at("steps");
  ASSERT_EQ(steps.size(), visit.trace.steps.size());
  EXPECT_EQ(steps.at(0).at("id"), "client_hello");
  EXPECT_EQ(steps.at(0).at("from"), "client");
  EXPECT_EQ(steps.at(0).at("hex").get<std::string>().size(), 2 * visit.trace.steps[0].bytes.size());
  EXPECT_EQ(steps.at(0).at("fields").at(0).at("name"), "legacy_version");
  EXPECT_EQ(steps.at(0).at("fields").at(0).at("offset"), 4);
}

TEST(VisitJson, SurvivesHostileText) {
  Visit visit = sample_visit();
  visit.offer.server_name = "\xff\"\\\x01\n</script>";
  visit.offer.application_protocols = {std::string("\0\xc3", 2)};
  visit.outcome.application_protocol = "\xc3\x28";
  std::string text;
  ASSERT_NO_THROW(text = visit_json(visit).dump());
  EXPECT_TRUE(nlohmann::json::accept(text));
}

}  // namespace
}  // namespace handfast::apps::serve
