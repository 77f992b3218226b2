// A trial: any client's command against a scenario: how it ends and what it says last.
#pragma once

#include <chrono>
#include <functional>
#include <handfast/error.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lab/scenario.hpp"

namespace handfast::apps::lab {

struct Outcome {
  const Scenario* scenario = nullptr;
  std::optional<int> status;  // of the exit; nothing: it was stopped because it took too long
  std::string last_line;      // of standard error, or else of standard output; not escaped
  std::string output;         // standard output, the beginning of it; not escaped
  std::chrono::milliseconds took{0};
};

struct TrialSettings {
  std::vector<std::string> command;  // placeholders as LabServer::fill_in() knows them
  std::chrono::milliseconds timeout{10'000};
  unsigned at_once = 4;
};

// Runs the command against each of `chosen` and calls `on_outcome` in their order, one at a time. `stopped`
// is asked now and then. Errors: those of starting a server; configuration_invalid if the command cannot be
// started.
Result<void> run_trials(const Workshop& shop, const std::vector<const Scenario*>& chosen,
                        const TrialSettings& settings, const std::function<bool()>& stopped,
                        const std::function<void(const Outcome&)>& on_outcome);

}  // namespace handfast::apps::lab
