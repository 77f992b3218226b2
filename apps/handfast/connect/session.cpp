// One run of `handfast connect`.
#include "connect/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <handfast/stream.hpp>
#include <handfast/system.hpp>

#include "common/escape.hpp"
#include "common/failure_table.hpp"
#include "common/numbers.hpp"
#include "connect/client_setup.hpp"
#include "connect/http_answer.hpp"
#include "connect/investigation.hpp"
#include "connect/talk.hpp"
#include "trace/certificates.hpp"
#include "trace/recorder.hpp"

namespace handfast::apps {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kConnectTimeout{10'000};
// After the handshake: at least one round trip, so that tickets and late refusals are seen, but not long.
constexpr milliseconds kShortestLinger{50};
constexpr milliseconds kLongestLinger{1'000};

class Session {
 public:
  Session(const ConnectCommand& command, SessionView& view, const Revisit& revisit)
      : command_(command), view_(view), revisit_(revisit), recorder_(recorder_options(view)) {
    if (command.max_time.count() > 0) deadline_ = start_ + command.max_time;
  }

  SessionResult run() {
    result_.started = time_text(system_clock().now());
    result_.insecure = command_.insecure;
    const auto outcome = go();
    recorder_.flush();
    if (!outcome) recorder_.failed(outcome.error());
    result_.trace = recorder_.trace();
    result_.duration = since(start_);
    result_.out_of_time = !outcome && steady_clock::now() >= deadline_;
    result_.exit = ExitCode::success;
    if (outcome) {
      result_.finding = diagnose_answer(answer_.head, circumstances());
      if (result_.finding) result_.exit = result_.finding->exit;
    } else {
      result_.finding = diagnose(outcome.error(), circumstances());
      if (command_.probes) ask_on(outcome.error());
      result_.duration = since(start_);
      result_.exit = result_.out_of_time ? ExitCode::interrupted : result_.finding->exit;
    }
    return std::move(result_);
  }

 private:
  static RecorderOptions recorder_options(SessionView& view) {
    RecorderOptions options;
    options.self = Side::client;
    options.clock = &system_clock();
    options.verdict_follows = true;
    options.on_step = [&view](const TraceStep& step) { view.on_step(step); };
    return options;
  }

  // More connections, to tell apart what looks alike.
  void ask_on(const Error& error) {
    if (result_.network.attempts.empty()) return;
    const Circumstances at = circumstances();
    Inquiry inquiry{
        command_,       error,    at, result_.network.resolved, result_.network.attempts.back().endpoint, {},
        setup_.anchors, deadline_};
    if (auto name = ServerName::parse(result_.name)) inquiry.name = std::move(*name);
    view_.on_investigation();
    investigate(*result_.finding, inquiry);
  }

  Result<void> go() {
    HANDFAST_TRY_ASSIGN(result_.target, Target::parse(command_.input));
    const std::string& wanted = command_.server_name.empty() ? result_.target.host : command_.server_name;
    HANDFAST_TRY_ASSIGN(auto name, ServerName::parse(wanted));
    result_.name = name.to_string();
    HANDFAST_TRY_ASSIGN(auto setup, make_client_setup(
                                        command_, result_.target.port,
                                        [this](const VerifierReport& report) { on_verdict(report); },
                                        revisit_.sessions, !revisit_.early_data.empty()));
    setup_ = std::move(setup);
    for (const auto& note : setup_.notes) view_.on_note(note);
    HANDFAST_TRY_ASSIGN(auto socket, connect_socket());
    StreamOptions options;
    options.observer = &recorder_;
    options.handshake_timeout = time_left(command_.timeout);
    HANDFAST_TRY_ASSIGN(auto stream,
                        Stream::client(std::move(socket), setup_.config, std::move(name), options));
    return converse(stream);
  }

  Result<Socket> connect_socket() {
    const Deadline deadline = std::min(deadline_, start_ + kConnectTimeout);
    HANDFAST_TRY_ASSIGN(const auto endpoints,
                        resolve(result_.target.host, result_.target.port, deadline, &result_.network));
    TraceStep dns;
    dns.kind = StepKind::dns;
    dns.title = "name resolved";
    Fact addresses{"addresses", "Addresses", {}};
    for (const auto& endpoint : endpoints) {
      FactItem item;
      item.text = endpoint.address;
      addresses.items.push_back(std::move(item));
    }
    dns.facts.push_back(std::move(addresses));
    recorder_.add(std::move(dns));
    HANDFAST_TRY_ASSIGN(auto socket, connect_tcp(endpoints, deadline, &result_.network));
    result_.connected = true;
    TraceStep tcp;
    tcp.kind = StepKind::tcp;
    tcp.title = "connected to " + result_.network.attempts.back().endpoint.to_string();
    view_.on_connected(result_.network);
    recorder_.add(std::move(tcp));
    return socket;
  }

  Result<void> converse(Stream& stream) {
    const auto hello_at = steady_clock::now();
    HANDFAST_TRY(speak_early(stream));
    auto shaken = stream.handshake();
    result_.network.failure = stream.network_failure();
    HANDFAST_TRY(std::move(shaken));
    recorder_.established();
    result_.handshake_time = since(hello_at);
    take_advice();
    if (const auto* info = stream.connection().info()) result_.info = *info;
    // Then the certificate was checked on the visit that the session comes from.
    if (result_.info->resumed) result_.identity_checked = !command_.insecure;
    if (!result_.info->external_psk.empty()) result_.identity_checked = true;
    result_.trace = recorder_.trace();
    const auto patience = std::clamp(std::chrono::ceil<milliseconds>(2 * result_.handshake_time),
                                     kShortestLinger, kLongestLinger);
    auto spoken = speak(stream, patience);
    if (!spoken) result_.network.failure = stream.network_failure();
    recorder_.flush();
    // Nothing was asked, so nothing is missing when the server just hangs up.
    if (!spoken && !command_.send && is_hang_up(spoken.error())) spoken = 0;
    HANDFAST_TRY_ASSIGN(result_.answer_size, std::move(spoken));
    announce();
    // The answer is complete: how the end goes changes nothing.
    [[maybe_unused]] const auto closed = stream.close();
    return {};
  }

  void take_advice() {
    const Trace trace = recorder_.trace();
    const TraceStep* step = trace.find(StepKind::certificate);
    if (step == nullptr || !result_.identity_checked || !setup_.anchors) return;
    const auto name = ServerName::parse(result_.name);
    result_.advice =
        advise(step->certificates, *setup_.anchors, name ? &*name : nullptr, system_clock().now());
  }

  Result<void> speak_early(Stream& stream) {
    if (revisit_.early_data.empty()) return {};
    if (const auto* early = stream.connection().early_data_info())
      early_protocol_ = early->application_protocol;
    HANDFAST_TRY_ASSIGN(result_.early_data_sent, stream.write_early(revisit_.early_data));
    if (result_.early_data_sent == 0) return {};
    TraceStep step;
    step.kind = StepKind::app;
    step.lane = Lane::from_client;
    step.encrypted = true;
    step.epoch = Epoch::early_data;
    step.title = "early data";
    step.size = result_.early_data_sent;
    step.say.push_back({"sent before anybody answered; others could replay it", Mark::none});
    recorder_.add(std::move(step));
    return {};
  }

  // What was asked for; after early data the rest of it, and what the server did not take.
  Result<std::size_t> speak(Stream& stream, milliseconds patience) {
    if (!revisit_.early_data.empty()) {
      recorder_.flush();
      announce();
      ByteString rest = stream.take_refused_early_data();
      // "An implementation MUST NOT automatically resend early data unless the negotiated connection selects
      // the same ALPN protocol" (RFC 9846 §4.3.10)
      if (!rest.empty() && early_protocol_ != result_.info->application_protocol) return 0;
      const Bytes unsent = revisit_.early_data.subspan(result_.early_data_sent);
      rest.insert(rest.end(), unsent.begin(), unsent.end());
      stream.set_io_timeout(time_left(command_.timeout));
      HANDFAST_TRY(stream.write(rest));
      return linger(stream, std::min(command_.idle, time_left(command_.idle)), view_);
    }
    if (command_.send) return talk_now(stream);
    return linger(stream, std::min(patience, time_left(patience)), view_);
  }

  static bool is_hang_up(const Error& error) {
    return error.code() == ErrorCode::truncated || error.code() == ErrorCode::io_failed;
  }

  Result<std::size_t> talk_now(Stream& stream) {
    recorder_.flush();
    announce();
    return talk(stream, command_, deadline_, answer_);
  }

  void announce() {
    if (announced_) return;
    announced_ = true;
    view_.on_established(result_);
  }

  void on_verdict(const VerifierReport& report) {
    std::vector<Say> lines;
    if (report.refused) {
      const Error& error = *report.refused;
      if (command_.insecure) {
        result_.trace = recorder_.trace();
        result_.overruled = diagnose_certificate(error, circumstances());
        lines.push_back(
            {"NOT CHECKED (--insecure); it would have failed: " + result_.overruled->title, Mark::bad});
      } else {
        lines.push_back({std::string(error.info().sentence), Mark::bad});
      }
    } else if (report.certificates->type == CertificateType::RawPublicKey) {
      lines.push_back({"trusted: it is a key of --raw-key", Mark::good});
      lines.push_back(
          {"a raw key has no name: " + result_.name + " is not compared with anything", Mark::none});
      result_.identity_checked = true;
    } else {
      const auto& path = report.verdict.path;
      const std::string anchor = path.empty() ? "" : describe_certificate(path.back(), nullptr).subject;
      lines.push_back(
          {anchor.empty() ? "trusted" : fmt::format("trusted: {} is in {}", anchor, setup_.trust_origin),
           Mark::good});
      lines.push_back({"name matches: " + result_.name, Mark::good});
      result_.identity_checked = true;
      if (command_.insecure)
        lines.push_back({"(--insecure: a failure would have been ignored)", Mark::warning});
    }
    if (!report.certificates->ocsp_response.empty()) {
      result_.staple =
          describe_staple(report.certificates->ocsp_response, report.certificates->chain.front());
      result_.staple->verdict = staple_verdict(report.refused ? &*report.refused : nullptr);
      lines.push_back(say_staple(*result_.staple));
    }
    recorder_.certificate_verdict(std::move(lines));
  }

  Circumstances circumstances() {
    Circumstances at;
    at.trace = &result_.trace;
    at.host = result_.target.host;
    at.name = result_.name;
    at.network = result_.network.failure;
    at.connected = result_.connected;
    at.own = setup_.own;
    at.now = system_clock().now();
    at.trust_origin = setup_.trust_origin;
    return at;
  }

  milliseconds time_left(milliseconds most) const {
    if (deadline_ == kNoDeadline) return most;
    const auto left = std::chrono::ceil<milliseconds>(deadline_ - steady_clock::now());
    return std::clamp(left, milliseconds{1}, most);
  }

  static Microseconds since(steady_clock::time_point start) {
    return std::chrono::duration_cast<Microseconds>(steady_clock::now() - start);
  }

  // Hands the answer on, and keeps its beginning.
  class HeadKeeper : public SessionView {
   public:
    explicit HeadKeeper(SessionView& view) : view_(view) {}
    void on_answer(Bytes data) override {
      constexpr std::size_t kKept = 4'096;
      if (head.size() < kKept) head += as_text(data.first(std::min(data.size(), kKept - head.size())));
      view_.on_answer(data);
    }
    std::string head;

   private:
    SessionView& view_;
  };

  const ConnectCommand& command_;
  SessionView& view_;
  HeadKeeper answer_{view_};
  const Revisit& revisit_;
  steady_clock::time_point start_ = steady_clock::now();
  Deadline deadline_ = kNoDeadline;
  TraceRecorder recorder_;
  ClientSetup setup_;
  SessionResult result_;
  bool announced_ = false;
  std::string early_protocol_;  // what the early data was meant for
};

}  // namespace

SessionResult run_session(const ConnectCommand& command, SessionView& view, const Revisit& revisit) {
  return Session(command, view, revisit).run();
}

}  // namespace handfast::apps
