// Every error and every alert leads to a text and an exit code.
#include "common/failure_table.hpp"

#include <gtest/gtest.h>

#include <handfast/error.hpp>
#include <map>
#include <set>

namespace handfast::apps {
namespace {

TEST(FailureTable, HasARowForEachIdThatAnErrorNames) {
  for (std::size_t i = 0; i < kErrorCodeCount; ++i) {
    const auto& info = info_of(static_cast<ErrorCode>(i));
    if (info.catalogue.empty()) continue;
    EXPECT_NE(find_failure(info.catalogue), nullptr) << info.name << " " << info.catalogue;
  }
}

TEST(FailureTable, KnowsEveryFailureOfTheCatalogue) {
  std::map<char, int> count;
  for (const auto& row : failure_table()) ++count[row.id.front()];
  const std::map<char, int> expected = {{'C', 32}, {'H', 11}, {'P', 22}, {'M', 13},
                                        {'N', 13}, {'X', 5},  {'R', 10}, {'S', 7}};
  EXPECT_EQ(count, expected);
}

TEST(FailureTable, EachRowSaysWhatToDoAndHowToTellItApart) {
  for (const auto& row : failure_table()) {
    EXPECT_FALSE(row.cause.empty() || row.detect.empty() || row.fix.empty()) << row.id;
    EXPECT_FALSE(row.seen_texts.empty() || row.fixes.empty()) << row.id;
    EXPECT_EQ(row.like.empty(), row.apart.empty()) << row.id;
    for (const auto other : row.like) EXPECT_NE(find_failure(other), nullptr) << row.id << " " << other;
  }
}

TEST(FailureTable, HasNoIdTwice) {
  std::set<std::string_view> ids;
  for (const auto& row : failure_table()) EXPECT_TRUE(ids.insert(row.id).second) << row.id;
}

TEST(FailureTable, AlertsNameRowsThatExist) {
  for (int number = 0; number < 256; ++number) {
    const auto& alert = find_alert(static_cast<AlertDescription>(number));
    EXPECT_FALSE(alert.ids.empty());
    for (const auto id : alert.ids) EXPECT_NE(find_failure(id), nullptr) << id;
    // Every alert of the registry has a row of its own.
    const auto description = static_cast<AlertDescription>(number);
    if (!name_of(description).empty()) {
      EXPECT_EQ(alert.alert, description) << name_of(description);
    }
  }
}

TEST(FailureTable, ABareRefusalIsNeverCertain) {
  EXPECT_FALSE(find_alert(AlertDescription::handshake_failure).certain);
  EXPECT_GT(find_alert(AlertDescription::handshake_failure).ids.size(), 2U);
}

TEST(ExitCodes, FollowTheId) {
  EXPECT_EQ(exit_code_of("C-07"), ExitCode::validity);
  EXPECT_EQ(exit_code_of("C-09"), ExitCode::validity);
  EXPECT_EQ(exit_code_of("C-01"), ExitCode::certificate);
  EXPECT_EQ(exit_code_of("X-01"), ExitCode::certificate);
  EXPECT_EQ(exit_code_of("H-01"), ExitCode::name_mismatch);
  EXPECT_EQ(exit_code_of("P-05"), ExitCode::negotiation);
  EXPECT_EQ(exit_code_of("M-02"), ExitCode::client_certificate);
  EXPECT_EQ(exit_code_of("R-01"), ExitCode::protocol_error);
  EXPECT_EQ(exit_code_of("N-01"), ExitCode::not_tls);
  EXPECT_EQ(exit_code_of("N-05"), ExitCode::not_connected);
  EXPECT_EQ(exit_code_of("N-08"), ExitCode::protocol_error);
  EXPECT_EQ(exit_code_of("S-01"), ExitCode::usage);
}

}  // namespace
}  // namespace handfast::apps
