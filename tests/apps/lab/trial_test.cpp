// Trials: how a command ends, whatever it does.
#include "lab/trial.hpp"

#include <gtest/gtest.h>

namespace handfast::apps::lab {
namespace {

class Trials : public ::testing::Test {
 protected:
  Trials() {
    auto shop = Workshop::open();
    EXPECT_TRUE(shop);
    shop_ = std::move(*shop);
  }
  Result<void> run(std::vector<std::string> command, const std::vector<const Scenario*>& chosen) {
    settings_.command = std::move(command);
    return run_trials(
        *shop_, chosen, settings_, [] { return false; },
        [&](const Outcome& outcome) { outcomes_.push_back(outcome); });
  }

  std::unique_ptr<Workshop> shop_;
  TrialSettings settings_;
  std::vector<Outcome> outcomes_;
};

const std::vector<const Scenario*> kOne = {find_scenario("C-07")};

TEST_F(Trials, TellStatusAndLastLine) {
  ASSERT_TRUE(run({"sh", "-c", "echo %i; echo first >&2; echo 'second  ' >&2; exit 3"}, kOne));
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0].status, 3);
  EXPECT_EQ(outcomes_[0].last_line, "second");
  EXPECT_EQ(outcomes_[0].output, "C-07\n");
}

TEST_F(Trials, TakeStandardOutputWhereThereIsNoError) {
  ASSERT_TRUE(run({"echo", "%h"}, kOne));
  EXPECT_EQ(outcomes_.at(0).status, 0);
  EXPECT_EQ(outcomes_.at(0).last_line, "localhost");
}

TEST_F(Trials, StopWhatTakesTooLong) {
  settings_.timeout = std::chrono::milliseconds(200);
  ASSERT_TRUE(run({"sh", "-c", "sleep 60 & sleep 60"}, kOne));
  EXPECT_EQ(outcomes_.at(0).status, std::nullopt);
  EXPECT_LT(outcomes_.at(0).took, std::chrono::seconds(10));
}

TEST_F(Trials, KeepTheOrder) {
  const std::vector<const Scenario*> chosen = {find_scenario("C-07"), find_scenario("C-03"),
                                               find_scenario("N-01")};
  ASSERT_TRUE(run({"echo", "%i"}, chosen));
  ASSERT_EQ(outcomes_.size(), 3U);
  for (std::size_t i = 0; i < chosen.size(); ++i) EXPECT_EQ(outcomes_[i].last_line, chosen[i]->name);
}

TEST_F(Trials, RefuseACommandThatIsNotThere) {
  const auto done = run({"no-such-client-anywhere"}, kOne);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().detail().find("no-such-client-anywhere"), std::string_view::npos);
}

}  // namespace
}  // namespace handfast::apps::lab
