// Look-ups in the table, whose rows are generated from data/failures/.
#include "common/failure_table.hpp"

namespace handfast::apps {
namespace {

#include "common/failure_data.inc"

constexpr std::string_view kRefused[] = {"R-08"};
constexpr AlertText kUnknownAlert{AlertDescription::internal_error, "an alert that is not in the registry",
                                  kRefused, false};

}  // namespace

const FailureText* find_failure(std::string_view id) {
  for (const auto& row : kFailures) {
    if (row.id == id) return &row;
  }
  return nullptr;
}

std::span<const FailureText> failure_table() { return kFailures; }

const AlertText& find_alert(AlertDescription alert) {
  for (const auto& row : kAlerts) {
    if (row.alert == alert) return row;
  }
  return kUnknownAlert;
}

ExitCode exit_code_of(std::string_view id) {
  if (id == "C-07" || id == "C-08" || id == "C-09" || id == "C-10") return ExitCode::validity;
  if (id == "N-10" || id == "N-05" || id == "N-06") return ExitCode::not_connected;
  if (id == "N-01" || id == "N-02" || id == "N-03" || id == "N-04") return ExitCode::not_tls;
  if (id == "H-09" || id == "S-01" || id == "S-04" || id == "S-06" || id == "S-07") return ExitCode::usage;
  switch (id.empty() ? '?' : id.front()) {
    case 'C':
    case 'X':
      return ExitCode::certificate;
    case 'H':
      return ExitCode::name_mismatch;
    case 'P':
      return ExitCode::negotiation;
    case 'M':
      return ExitCode::client_certificate;
    case 'N':
    case 'R':
    case 'S':
      return ExitCode::protocol_error;
    default:
      return ExitCode::internal;
  }
}

}  // namespace handfast::apps
