// The tables of the lab, and the catalogue.
#include "lab/scenario.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "common/failure_table.hpp"

namespace handfast::apps::lab {
namespace {

TEST(Scenarios, HaveNamesOfTheirOwnAndIdsOfTheCatalogue) {
  std::set<std::string_view> names;
  for (const Scenario& scenario : scenarios()) {
    EXPECT_TRUE(names.insert(scenario.name).second) << scenario.name << " is there twice";
    EXPECT_NE(find_failure(scenario.id()), nullptr) << scenario.name;
    EXPECT_FALSE(scenario.what.empty()) << scenario.name;
    EXPECT_EQ(find_scenario(scenario.name), &scenario);
  }
  EXPECT_EQ(find_scenario("C-99"), nullptr);
}

TEST(Scenarios, CoverTheCatalogueTogetherWithWhatIsLeftOut) {
  std::set<std::string_view> here;
  for (const Scenario& scenario : scenarios()) here.insert(scenario.id());
  std::set<std::string_view> missing;
  for (const LeftOut& failure : left_out()) {
    EXPECT_TRUE(missing.insert(failure.id).second) << failure.id;
    EXPECT_FALSE(here.contains(failure.id)) << failure.id << " is there after all";
    EXPECT_GT(failure.why.size(), 10U) << failure.id;
  }
  for (const FailureText& failure : failure_table()) {
    EXPECT_TRUE(here.contains(failure.id) || missing.contains(failure.id))
        << failure.id << ": neither a scenario nor a reason why there is none";
  }
  EXPECT_EQ(here.size() + missing.size(), failure_table().size());
  EXPECT_GE(here.size(), 75U);
}

}  // namespace
}  // namespace handfast::apps::lab
