// Servers of the lab: files, placeholders, the clean end.
#include "lab/lab_server.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <handfast/system.hpp>

#include "pki/verify.hpp"

namespace handfast::apps::lab {
namespace {

template <class T>
T must(Result<T> result) {
  EXPECT_TRUE(result.has_value()) << result.error().to_string();
  return std::move(*result);
}

TEST(LabWorkshop, LeavesNothingBehind) {
  std::string folder;
  {
    const auto shop = must(Workshop::open());
    folder = shop->folder();
    EXPECT_TRUE(std::filesystem::exists(shop->authority_file()));
    must(trust_from_file(shop->authority_file()));
    const auto access = std::filesystem::status(folder).permissions();
    EXPECT_EQ(access & (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
              std::filesystem::perms::none);
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST(LabWorkshop, MakesAChainThatIsGoodUnlessItIsChanged) {
  const auto shop = must(Workshop::open());
  const auto anchors = must(trust_from_file(shop->authority_file()));
  const auto name = must(ServerName::parse("localhost"));
  const auto verdict = [&](const Workshop::Change& change) {
    const Chain chain = must(shop->chain(change));
    return pki::verify_chain({.chain = chain.credential.chain,
                              .anchors = *anchors,
                              .now = shop->now(),
                              .peer = Side::server,
                              .name = &name,
                              .staple_requested = false});
  };
  EXPECT_TRUE(verdict({}));
  const auto foreign = verdict([](ChainPlan& plan) { plan.foreign_root = true; });
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().info().catalogue, "C-02");
}

TEST(LabServer, FillsInPlaceholders) {
  const auto shop = must(Workshop::open());
  const auto server = must(LabServer::start(*find_scenario("P-02"), *shop));
  const std::string port = std::to_string(server->port());
  EXPECT_EQ(server->fill_in("%h:%p %i 100%% %x %"), "localhost:" + port + " P-02 100% %x %");
  EXPECT_EQ(server->fill_in("%ca"), shop->folder() + "/ca.pem");
  EXPECT_EQ(server->fill_in(std::vector<std::string>{"a", "%o", "%d"}),
            (std::vector<std::string>{"a", "--tls1.2", shop->folder()}));
}

TEST(LabServer, EndsAtOnceWithVisitorsThatHang) {
  const auto shop = must(Workshop::open());
  auto server = must(LabServer::start(*find_scenario("N-02"), *shop));
  const auto visitor = must(connect_tcp({{"127.0.0.1", server->port(), false}}, kNoDeadline));
  const auto start = std::chrono::steady_clock::now();
  server.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(LabServer, KeepsAPortForNobody) {
  const auto shop = must(Workshop::open());
  const auto server = must(LabServer::start(*find_scenario("N-10"), *shop));
  ASSERT_NE(server->port(), 0);
  ConnectReport report;
  EXPECT_FALSE(connect_tcp({{"127.0.0.1", server->port(), false}}, kNoDeadline, &report));
  EXPECT_EQ(report.attempts.back().failure, NetworkFailure::refused);
}

// Every maker makes a server.
TEST(LabServer, StartsEveryScenario) {
  const auto shop = must(Workshop::open());
  for (const Scenario& scenario : scenarios()) {
    const auto server = LabServer::start(scenario, *shop);
    EXPECT_TRUE(server) << scenario.name << ": " << (server ? "" : server.error().to_string());
  }
}

}  // namespace
}  // namespace handfast::apps::lab
