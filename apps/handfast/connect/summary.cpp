// The head line and the summary.
#include "connect/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/escape.hpp"
#include "common/numbers.hpp"
#include "trace/names.hpp"

namespace handfast::apps {
namespace {

std::string what_alpn_means(const std::string& protocol) {
  if (protocol == "h2") return "HTTP/2";
  if (protocol == "http/1.1") return "HTTP/1.1";
  return escape_untrusted(protocol);
}

std::string agreed_text(const SessionResult& result) {
  const ConnectionInfo& info = *result.info;
  const std::string exchange = info.group == NamedGroup{} ? "no key exchange" : short_name(info.group);
  std::vector<std::string> parts = {name_or_number(info.version), exchange, name_or_number(info.suite)};
  if (!info.external_psk.empty()) {
    parts.push_back("key shared beforehand: " + escape_untrusted(as_text(info.external_psk)));
  }
  const TraceStep* certificate = result.trace.find(StepKind::certificate);
  if (certificate != nullptr && !certificate->certificates.empty() &&
      !certificate->certificates.front().key.empty()) {
    parts.push_back(certificate->certificates.front().key);
  }
  if (!info.application_protocol.empty()) parts.push_back(what_alpn_means(info.application_protocol));
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : " · ") + part;
  return text;
}

std::string times_text(const SessionResult& result) {
  const auto tcp =
      result.network.attempts.empty() ? std::chrono::microseconds{0} : result.network.attempts.back().took;
  const auto bare = [](std::chrono::microseconds time) {
    std::string text = milliseconds_text(time);
    return text.ends_with(" ms") ? text.substr(0, text.size() - 3) : text;
  };
  return fmt::format("in {} (DNS {} · TCP {} · TLS {}, {})",
                     milliseconds_text(result.network.resolving + tcp + result.handshake_time),
                     bare(result.network.resolving), bare(tcp), bare(result.handshake_time),
                     count_text(result.trace.round_trips, "round trip", "round trips"));
}

}  // namespace

std::string head_line(std::string_view input, const ConnectReport& report) {
  const auto& chosen = report.attempts.back().endpoint;
  std::size_t total = 0;
  std::size_t other_total = 0;
  for (const auto& endpoint : report.resolved) ++(endpoint.ipv6 == chosen.ipv6 ? total : other_total);
  const auto other_tried = static_cast<std::size_t>(std::ranges::count_if(
      report.attempts, [&](const auto& attempt) { return attempt.endpoint.ipv6 != chosen.ipv6; }));
  std::string text = fmt::format("{}  →  {}", escape_untrusted(input), chosen.to_string());
  if (total + other_total <= 1) return text;
  text += fmt::format(" (1 of {} {}", total, chosen.ipv6 ? "IPv6" : "IPv4");
  if (other_total > other_tried) {
    text += fmt::format(", {} {} not tried", other_total - other_tried, chosen.ipv6 ? "IPv4" : "IPv6");
  }
  return text + ")";
}

std::vector<std::string> failed_attempts(const ConnectReport& report) {
  std::vector<std::string> lines;
  for (const auto& attempt : report.attempts) {
    if (attempt.failure == NetworkFailure::none) continue;
    lines.push_back(fmt::format("{} did not work: {}", attempt.endpoint.to_string(), attempt.reason));
  }
  return lines;
}

std::string summary_text(const SessionResult& result, const Style& style, const ConnectCommand& command) {
  std::string out;
  const auto lines = [&](const std::string& first, Tone tone, const std::string& text) {
    std::string lead = first;
    for (const auto& line : fold(style.plain(text), style.width - 3)) {
      out += fmt::format("{} {}\n", lead, style.paint(tone, line));
      lead = " ";
    }
  };
  if (result.overruled) {
    lines(style.bad(), Tone::bad, "Encrypted, but nobody knows with whom: --insecure passed over this:");
    lines(" ", Tone::plain, fmt::format("{} [{}]", result.overruled->title, result.overruled->id));
    lines(" ", Tone::plain, times_text(result));
  } else {
    lines(style.good(), Tone::plain, "Secure connection " + times_text(result));
  }
  if (result.info) lines(" ", Tone::plain, agreed_text(result));
  for (const Advice& advice : result.advice) {
    lines(style.warning(), Tone::plain,
          fmt::format("works here, but others may refuse it: {} [{}]", advice.text, advice.id));
  }
  if (command.verbosity == 0 && style.is_terminal && !command.send) {
    lines(" ", Tone::dim, "Try: -v explains each line · -vv shows the fields · -x the bytes");
  }
  return out;
}

}  // namespace handfast::apps
