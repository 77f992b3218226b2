// What a second handshake saves.
#include "connect/revisit.hpp"

#include <fmt/format.h>

#include "common/numbers.hpp"
#include "connect/alert_diagnosis.hpp"

namespace handfast::apps {
namespace {

// What belongs to the handshake itself: tickets, data and alerts come after it.
bool is_handshake(StepKind kind) {
  switch (kind) {
    case StepKind::dns:
    case StepKind::tcp:
    case StepKind::keys:
    case StepKind::change_cipher_spec:
    case StepKind::ticket:
    case StepKind::key_update:
    case StepKind::app:
    case StepKind::alert:
    case StepKind::close:
      return false;
    default:
      return true;
  }
}

std::string_view name_of_status(EarlyDataStatus status) {
  switch (status) {
    case EarlyDataStatus::accepted:
      return "accepted";
    case EarlyDataStatus::refused:
      return "refused";
    case EarlyDataStatus::none:
      break;
  }
  return "not offered";
}

}  // namespace

HandshakeCost cost_of(const SessionResult& result) {
  HandshakeCost cost;
  for (const TraceStep& step : result.trace.steps) {
    if (!is_handshake(step.kind)) continue;
    ++cost.messages;
    cost.bytes += step.size;
  }
  cost.round_trips = result.trace.round_trips;
  cost.time = result.handshake_time;
  return cost;
}

std::string early_data_text(const SessionResult& second, std::size_t wanted) {
  if (!second.info) return {};
  switch (second.info->early_data) {
    case EarlyDataStatus::accepted:
      return fmt::format("Early data accepted: {} of {} went with the first flight, before any answer.",
                         bytes_text(second.early_data_sent), bytes_text(wanted));
    case EarlyDataStatus::refused:
      if (second.info->hello_retry) {
        return "Early data refused: the server wanted another key first (HelloRetryRequest); it was sent "
               "again "
               "after the handshake.";
      }
      if (!second.info->resumed) {
        return "Early data refused: the server did not take up the session; it was sent again after the "
               "handshake.";
      }
      return "Early data refused: the server went on with the session, but does not take early data now (it "
             "has "
             "seen it before, it came too late, or it does not want any); it was sent again after the "
             "handshake.";
    case EarlyDataStatus::none:
      break;
  }
  return "Early data not offered: the session's ticket allows none; it was sent after the handshake.";
}

std::string revisit_text(const SessionResult& first, const SessionResult& second, std::size_t early_data,
                         const Style& style) {
  if (!first.info || !second.info) return {};
  std::string out = "\n";
  const auto line = [&](const std::string& lead, const std::string& text) {
    std::string mark = lead;
    for (const auto& part : fold(style.plain(text), style.width - 3)) {
      out += fmt::format("{} {}\n", mark, part);
      mark = " ";
    }
  };
  if (!second.info->resumed) {
    line(style.warning(),
         "Not resumed: the server did not take up the session, and the second handshake was a "
         "full one.");
  } else {
    line(style.good(),
         "Resumed: the secret of the first visit proves who is who; no certificate, no signature.");
  }
  const HandshakeCost before = cost_of(first);
  const HandshakeCost after = cost_of(second);
  const auto row = [&](std::string_view what, const std::string& one, const std::string& other) {
    out += fmt::format("    {:<22}{:>12}{:>12}\n", what, one, other);
  };
  row("", "first", "again");
  row("handshake messages", std::to_string(before.messages), std::to_string(after.messages));
  row("bytes in them", std::to_string(before.bytes), std::to_string(after.bytes));
  row("round trips", std::to_string(before.round_trips), std::to_string(after.round_trips));
  row("time", milliseconds_text(before.time), milliseconds_text(after.time));
  if (early_data > 0) line(" ", early_data_text(second, early_data));
  return out;
}

nlohmann::ordered_json revisit_json(const SessionResult& first, const SessionResult& second,
                                    std::size_t early_data) {
  const auto cost = [](const SessionResult& result) {
    const HandshakeCost of = cost_of(result);
    return nlohmann::ordered_json{{"messages", of.messages},
                                  {"bytes", of.bytes},
                                  {"round_trips", of.round_trips},
                                  {"ms", static_cast<double>(of.time.count()) / 1000}};
  };
  nlohmann::ordered_json out = {
      {"resumed", second.info && second.info->resumed}, {"first", cost(first)}, {"again", cost(second)}};
  if (early_data > 0) {
    out["early_data"] = {
        {"status", name_of_status(second.info ? second.info->early_data : EarlyDataStatus::none)},
        {"bytes", early_data},
        {"sent_early", second.early_data_sent},
        {"text", early_data_text(second, early_data)}};
  }
  return out;
}

std::optional<Finding> diagnose_revisit(const SessionResult& first, const SessionResult& second) {
  const bool given = first.trace.find(StepKind::ticket) != nullptr;
  if (!given || !second.info || second.info->resumed) return std::nullopt;
  Finding finding = finding_of("R-09", Confidence::likely);
  finding.evidence.push_back(
      "the first visit was given a session ticket; the second one showed it, and it was not taken");
  // Everything worked; it only took longer.
  finding.exit = ExitCode::success;
  return finding;
}

}  // namespace handfast::apps
