// Which questions to ask, by how it failed.
#include "connect/investigation.hpp"

#include <algorithm>

#include "common/escape.hpp"

namespace handfast::apps {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A probe may wait so long, and never longer than the handshake was allowed to.
constexpr milliseconds kLongestProbe{3'000};

bool is_silence(const Error& error, const Circumstances& at) {
  if (error.code() == ErrorCode::no_tls_answer || error.code() == ErrorCode::truncated) return true;
  return error.code() == ErrorCode::io_failed &&
         (at.network == NetworkFailure::reset || at.network == NetworkFailure::timed_out);
}

}  // namespace

bool Questions::may_ask() const {
  return finding_.probes.size() < kMostProbes && steady_clock::now() < inquiry_.deadline;
}

Deadline Questions::next_deadline() const {
  const auto patience = std::min(kLongestProbe, inquiry_.command.timeout);
  return std::min(inquiry_.deadline, steady_clock::now() + patience);
}

std::optional<probe::Answer> Questions::ask(std::string question, const probe::ProbeHello& hello) {
  if (!may_ask()) return std::nullopt;
  auto answer = probe::ask(inquiry_.endpoint, hello, next_deadline());
  finding_.probes.push_back({std::move(question), answer.to_string(), false});
  return answer;
}

std::optional<probe::Sight> Questions::look(std::string question, const Endpoint& endpoint,
                                            const ServerName& name, const probe::LookSettings& settings) {
  if (!may_ask()) return std::nullopt;
  auto sight = probe::look(endpoint, name, settings, next_deadline());
  std::string outcome = "handshake done";
  if (!sight.established) outcome = sight.chain.empty() ? "no handshake" : "certificate seen, no handshake";
  finding_.probes.push_back({std::move(question), std::move(outcome), false});
  return sight;
}

void investigate(Finding& finding, const Inquiry& inquiry) {
  const Circumstances& at = inquiry.at;
  const TraceStep* sent = at.trace->find(StepKind::client_hello);
  if (!at.connected || sent == nullptr) return;
  Questions questions(inquiry, finding);
  if (inquiry.error.category() == ErrorCategory::certificate && inquiry.name) {
    return investigate_certificate(finding, inquiry, questions);
  }
  if (at.trace->find(StepKind::server_hello) != nullptr || at.trace->find(StepKind::hello_retry) != nullptr)
    return;
  const auto hello = probe::ProbeHello::like(sent->bytes);
  if (!hello) return;
  if (is_silence(inquiry.error, at)) return investigate_silence(finding, inquiry, *hello, questions);
  if (inquiry.error.code() != ErrorCode::alert_received) return;
  if (inquiry.error.alert() == AlertDescription::protocol_version) {
    return investigate_versions(finding, *hello, questions);
  }
  if (finding.confidence != Confidence::certain) investigate_refusal(finding, inquiry, *hello, questions);
}

}  // namespace handfast::apps
