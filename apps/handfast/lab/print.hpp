// What the lab says: the list, the servers that run, the table of a trial; as text and as JSON.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/terminal.hpp"
#include "lab/lab_server.hpp"
#include "lab/trial.hpp"

namespace handfast::apps::lab {

using Servers = std::vector<std::unique_ptr<LabServer>>;

std::string list_text(const Style& style);
nlohmann::ordered_json list_json();

std::string servers_text(const Servers& servers, const Style& style);
nlohmann::ordered_json servers_json(const Servers& servers, const Workshop& shop);

// The head of the table, one row of it, and what it comes to.
std::string trial_head(const Style& style);
std::string trial_row(const Outcome& outcome, const Style& style);
std::string trial_sum(const std::vector<Outcome>& outcomes, const Style& style);
nlohmann::ordered_json trial_json(const std::vector<Outcome>& outcomes, const TrialSettings& settings);

}  // namespace handfast::apps::lab
