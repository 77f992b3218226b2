// Servers of our own stack.
#include "lab/own_stack.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <handfast/system.hpp>
#include <handfast/trust.hpp>

namespace handfast::apps::lab {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kHandshakeTimeout{10'000};
// How long a visitor may think before it asks for a page, and how much of the question is read.
constexpr milliseconds kThinking{2'000};
constexpr std::size_t kLongestRequest = 8'192;

bool read_request(Stream& stream) {
  std::string request;
  while (request.size() < kLongestRequest && request.find("\r\n\r\n") == std::string::npos) {
    const auto data = stream.read_view();
    if (!data || data->empty()) return false;
    request += as_text(*data);
  }
  return true;
}

std::string http_date(Time time) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

void answer(Stream& stream, const Page& page) {
  stream.set_io_timeout(kThinking);
  if (page.instead) return page.instead(stream);
  if (!read_request(stream)) return;
  const std::string& body = page.body;
  const std::string head = fmt::format(
      "HTTP/1.1 {}\r\nServer: {}\r\nDate: {}\r\nContent-Type: text/plain\r\nContent-Length: "
      "{}\r\nConnection: close\r\n\r\n",
      page.status, page.server, http_date(system_clock().now() + page.date_shift), body.size());
  (void)stream.write(as_bytes(head + (page.cut ? body.substr(0, body.size() / 2) : body)));
  if (!page.cut) (void)stream.close();
}

}  // namespace

Result<Behaviour> serve_with(ServerSettings settings, Page page) {
  HANDFAST_TRY_ASSIGN(const auto config, ServerConfig::create(std::move(settings)));
  return Behaviour([config, page = std::move(page)](Visit& visit) {
    StreamOptions options;
    options.handshake_timeout = kHandshakeTimeout;
    auto stream = Stream::server(visit.take_socket(), config, options);
    if (stream && stream->handshake()) answer(*stream, page);
  });
}

Maker with_server(std::function<Result<void>(ServerPlan&)> change) {
  return [change = std::move(change)](const Bench& bench) -> Result<Behaviour> {
    HANDFAST_TRY_ASSIGN(Chain chain, bench.shop.chain());
    ServerPlan plan{bench, {}, std::move(chain), {}};
    plan.settings.credentials = {plan.chain.credential};
    HANDFAST_TRY(change(plan));
    return serve_with(std::move(plan.settings), std::move(plan.page));
  };
}

Maker with_certificates(Workshop::Change change) {
  return with_server([change = std::move(change)](ServerPlan& plan) -> Result<void> {
    HANDFAST_TRY_ASSIGN(plan.chain, plan.bench.shop.chain(change));
    plan.settings.credentials = {plan.chain.credential};
    return {};
  });
}

Maker raw(Behaviour behaviour) {
  return [behaviour = std::move(behaviour)](const Bench&) -> Result<Behaviour> { return behaviour; };
}

Result<void> ask_for_certificate(ServerPlan& plan, ClientAuthentication how) {
  auto anchors = std::make_shared<TrustAnchors>();
  HANDFAST_TRY(anchors->add_certificate(plan.bench.shop.root().certificate));
  HANDFAST_TRY_ASSIGN(plan.settings.client_verifier, verify_with(std::move(anchors), system_clock()));
  plan.settings.client_authentication = how;
  return {};
}

}  // namespace handfast::apps::lab
