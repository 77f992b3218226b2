// The blocking life of one connection. RFC 9846 §6.1: we say close_notify, and wait a little for the
// visitor's.
#include "session.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <handfast/stream.hpp>
#include <mutex>

#include "common/numbers.hpp"
#include "page.hpp"
#include "request.hpp"
#include "response.hpp"
#include "trace/recorder.hpp"
#include "visit_json.hpp"

namespace handfast::apps::serve {
namespace {

using SteadyClock = std::chrono::steady_clock;

// What is read of a visitor who talks on after its request, before the connection is closed on it.
constexpr std::size_t kFarewellMax = std::size_t{256} << 10U;

// Waits for the first bytes and looks at them without taking them: HTTP methods begin with a capital letter,
// which no TLS record does.
bool speaks_plain_http(const Socket& socket, std::chrono::milliseconds patience) {
  pollfd waiting{socket.descriptor(), POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return false;
  char first = 0;
  return ::recv(socket.descriptor(), &first, 1, MSG_PEEK | MSG_DONTWAIT) == 1 && first >= 'A' && first <= 'Z';
}

void refuse_plain_http(const Socket& socket, const Site& site) {
  Response response;
  response.status = 400;
  response.content_type = "text/plain; charset=utf-8";
  response.body = "This port speaks TLS only. Try " + site.address + "\n";
  const std::string bytes = encode_response(response, site.content_security_policy, false, site.clock->now());
  // Short enough for any socket buffer; who does not take it has to do without.
  [[maybe_unused]] const auto sent =
      ::send(socket.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  ::shutdown(socket.descriptor(), SHUT_WR);
  // Unread input would turn the close into a reset, which may overtake the answer.
  std::array<char, 4096> rest{};
  while (::recv(socket.descriptor(), rest.data(), rest.size(), MSG_DONTWAIT) > 0) {
  }
}

const TraceStep* last_client_hello(const Trace& trace) {
  const TraceStep* out = nullptr;
  for (const TraceStep& step : trace.steps) {
    if (step.kind == StepKind::client_hello) out = &step;
  }
  return out;
}

// The conversation begins with the ClientHello, not with the wait for it.
void rebase(Trace& trace) {
  const TraceStep* first = trace.find(StepKind::client_hello);
  if (first == nullptr) return;
  const Microseconds start = first->at;
  for (TraceStep& step : trace.steps) step.at = std::max(Microseconds{0}, step.at - start);
  trace.established_at = std::max(Microseconds{0}, trace.established_at - start);
}

class Session {
 public:
  Session(Socket socket, const Site& site)
      : site_(site), recorder_(recorder_options(site)), socket_(std::move(socket)) {
    report_.visitor = peer_of(socket_).to_string();
  }

  SessionReport run() {
    if (speaks_plain_http(socket_, site_.limits.handshake)) {
      report_.plain_http = true;
      refuse_plain_http(socket_, site_);
      return std::move(report_);
    }
    if (auto done = talk(); !done) report_.error = std::move(done.error());
    return std::move(report_);
  }

 private:
  static RecorderOptions recorder_options(const Site& site) {
    RecorderOptions options;
    options.self = Side::server;
    options.clock = site.clock;
    return options;
  }

  Result<void> talk() {
    StreamOptions options;
    options.handshake_timeout = site_.limits.handshake;
    options.io_timeout = site_.limits.request;
    options.observer = &recorder_;
    const auto start = SteadyClock::now();
    HANDFAST_TRY_ASSIGN(Stream stream, Stream::server(std::move(socket_), site_.config, options));
    HANDFAST_TRY(stream.handshake());
    report_.handshake_time =
        std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - start);
    recorder_.established();
    report_.outcome = *stream.connection().info();
    HANDFAST_TRY(read_offers());

    RequestReader reader;
    HANDFAST_TRY_ASSIGN(const bool asked, read_request(stream, reader));
    if (!asked) return stream.close();  // came, shook hands, left: that is what probes do
    HANDFAST_TRY(answer(stream, reader.request()));
    HANDFAST_TRY(stream.close_write());
    take_leave(stream);
    return stream.close();
  }

  // The fingerprint belongs to the first hello; what was negotiated, to the last.
  Result<void> read_offers() {
    recorder_.flush();
    trace_ = recorder_.trace();
    const TraceStep* first = trace_.find(StepKind::client_hello);
    const TraceStep* last = last_client_hello(trace_);
    if (first == nullptr || last == nullptr) return failure(ErrorCode::internal_error);
    HANDFAST_TRY_ASSIGN(const ClientOffer opening, read_client_offer(first->bytes));
    HANDFAST_TRY_ASSIGN(ja4_, ja4_of(opening));
    HANDFAST_TRY_ASSIGN(offer_, read_client_offer(last->bytes));
    report_.ja4 = ja4_.text();
    return {};
  }

  // False: the visitor left without asking for anything.
  Result<bool> read_request(Stream& stream, RequestReader& reader) {
    const auto deadline = SteadyClock::now() + site_.limits.request;
    for (;;) {
      auto bytes = stream.read_view();
      if (!bytes) {
        if (!reader.started()) return std::unexpected(std::move(bytes).error());
        reader.finish(stream.network_failure() == NetworkFailure::timed_out ? 408 : 400);
        return true;
      }
      if (bytes->empty()) {
        if (reader.started()) reader.finish(400);
        return reader.started();
      }
      if (reader.take(as_text(*bytes))) return true;
      if (SteadyClock::now() > deadline) {
        reader.finish(408);
        return true;
      }
    }
  }

  Result<void> answer(Stream& stream, const Request& request) {
    add_step(Lane::from_client, Direction::received, "the request: " + request.summary);
    add_step(Lane::from_server, Direction::sent, "the answer: what you are reading");
    report_.request = request.summary;
    const Response response = respond(request);
    report_.status = response.status;
    const std::string bytes =
        encode_response(response, site_.content_security_policy, request.head, site_.clock->now());
    return stream.write(as_bytes(bytes));
  }

  Response respond(const Request& request) {
    Response out;
    out.content_type = "text/html; charset=utf-8";
    if (request.refusal != 0) {
      out.status = request.refusal;
      out.body =
          render_note(out.status, reason_phrase(out.status), "This server could not make sense of that.");
    } else if (request.path == "/") {
      out.body = render_page(visit());
    } else if (request.path == "/json") {
      out.content_type = "application/json";
      // Foreign text was escaped before; should a byte slip through all the same, it must not throw.
      out.body = visit_json(visit()).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    } else if (request.path == "/health") {
      out.content_type = "text/plain; charset=utf-8";
      out.body = "ok\n";
    } else {
      out.status = 404;
      out.body =
          render_note(404, reason_phrase(404), "There is one page here, and it is about your handshake.");
    }
    return out;
  }

  Visit visit() {
    Visit out;
    out.trace = recorder_.trace();
    rebase(out.trace);
    out.offer = offer_;
    out.ja4 = ja4_;
    out.outcome = *report_.outcome;
    out.server = site_.offer;
    if (const TraceStep* step = out.trace.find(StepKind::certificate); step != nullptr) {
      if (!step->certificates.empty()) out.server.certificate_name = step->certificates.front().subject;
    }
    out.visitor = report_.visitor;
    out.when = time_text(site_.clock->now());
    out.throw_away_ca = site_.throw_away_ca;
    return out;
  }

  void add_step(Lane lane, Direction direction, std::string say) {
    TraceStep step;
    step.kind = StepKind::app;
    step.lane = lane;
    step.direction = direction;
    step.encrypted = true;
    step.epoch = Epoch::application;
    step.title = "Application data";
    step.say.push_back({std::move(say), Mark::none});
    step.why =
        lane == Lane::from_client
            ? "Application data — HTTP begins, with the application keys. Whoever listens sees its size."
            : "Application data — the answer goes back under the server's own key.";
    recorder_.add(std::move(step));
  }

  // Waits for the visitor's own close_notify, so that closing does not cut off what it still reads.
  void take_leave(Stream& stream) {
    const auto deadline = SteadyClock::now() + site_.limits.farewell;
    std::size_t taken = 0;
    while (taken < kFarewellMax) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
      pollfd waiting{stream.descriptor(), POLLIN, 0};
      if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return;
      const auto bytes = stream.read_view();
      if (!bytes || bytes->empty()) return;
      taken += bytes->size();
    }
  }

  const Site& site_;
  TraceRecorder recorder_;
  Socket socket_;
  SessionReport report_;
  Trace trace_;
  ClientOffer offer_;
  Ja4 ja4_;
};

}  // namespace

SessionReport serve_visitor(Socket socket, const Site& site) {
  return Session(std::move(socket), site).run();
}

std::function<void(Socket)> host_of(Site site, std::function<void(const SessionReport&)> on_report) {
  return [site = std::move(site), on_report = std::move(on_report),
          turn = std::make_shared<std::mutex>()](Socket socket) {
    const SessionReport report = serve_visitor(std::move(socket), site);
    const std::lock_guard lock(*turn);
    on_report(report);
  };
}

}  // namespace handfast::apps::serve
