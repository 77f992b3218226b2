// All scenarios.
#include "lab/scenario.hpp"

#include <algorithm>
#include <iterator>

namespace handfast::apps::lab {

std::span<const Scenario> scenarios() {
  static const std::vector<Scenario> kAll = [] {
    std::vector<Scenario> all;
    for (auto* table : {trust_scenarios, certificate_scenarios, name_scenarios, negotiation_scenarios,
                        client_certificate_scenarios, network_scenarios, record_scenarios}) {
      std::ranges::move(table(), std::back_inserter(all));
    }
    return all;
  }();
  return kAll;
}

const Scenario* find_scenario(std::string_view name) {
  const auto all = scenarios();
  const auto found = std::ranges::find(all, name, &Scenario::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace handfast::apps::lab
