// What is no TLS, the network, and boxes in between: the N and X rows of the catalogue.
#include "lab/own_stack.hpp"
#include "lab/scenario.hpp"

namespace handfast::apps::lab {
namespace {

constexpr std::size_t kPacket = 1'400;

void plain_http(Visit& visit) {
  if (!visit.wait_for_words()) return;
  visit.send(
      "HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  visit.hang_up();
}

Maker greeting(std::string_view text) {
  return raw([=](Visit& visit) {
    visit.send(text);
    visit.wait_for_end();
  });
}

// A good server behind something in between, which decides by the hello whom it lets through.
Maker behind(std::function<bool(Visit&)> lets_through) {
  return [=](const Bench& bench) -> Result<Behaviour> {
    HANDFAST_TRY_ASSIGN(const Chain chain, bench.shop.chain());
    ServerSettings settings;
    settings.credentials = {chain.credential};
    HANDFAST_TRY_ASSIGN(Behaviour good, serve_with(std::move(settings)));
    return Behaviour([=](Visit& visit) {
      if (lets_through(visit)) good(visit);
    });
  };
}

bool needs_proxy_line(Visit& visit) { return visit.skip_line("PROXY "); }

bool drops_large(Visit& visit) {
  const auto heard = visit.peek();
  if (heard && heard->record_size <= kPacket) return true;
  visit.wait_for_end();
  return false;
}

bool drops_name(Visit& visit) {
  const auto heard = visit.peek();
  const bool dropped = heard && heard->hello.server_name && as_text(*heard->hello.server_name) == "localhost";
  if (dropped) visit.wait_for_end();
  return heard && !dropped;
}

bool every_second(Visit& visit) {
  if (visit.number() % 2 == 1) return true;
  if (visit.hear()) visit.alert(AlertDescription::handshake_failure);
  visit.wait_for_end();
  return false;
}

void lose_patience(Visit& visit) {
  constexpr std::size_t kTolerated = 3;
  if (!visit.hear()) return;
  if (visit.number() >= kTolerated) return visit.reset();
  visit.alert(AlertDescription::handshake_failure);
  visit.wait_for_end();
}

Maker saying(std::string status, std::string server) {
  return with_server([=](ServerPlan& plan) -> Result<void> {
    plan.page.status = status;
    plan.page.server = server;
    return {};
  });
}

const std::vector<std::string_view> kAsk = {"--send", R"(GET / HTTP/1.0\r\n\r\n)"};

}  // namespace

std::vector<Scenario> network_scenarios() {
  using namespace std::string_view_literals;
  return {
      {"N-01", "speaks plain HTTP", raw(plain_http)},
      {"N-02", "is a mail server, which begins in plain text", greeting("220 mail.lab.test ESMTP ready\r\n")},
      {"N-02.imap", "is a mailbox, which begins in plain text", greeting("* OK lab IMAP4rev1 ready\r\n")},
      {"N-02.mysql", "is a database, which begins in a language of its own",
       greeting("\x4a\x00\x00\x00\x0a"
                "8.0.36\x00\x08\x00\x00\x00labsalt1\x00\xff\xff\x21\x02\x00"sv)},
      {"N-04", "expects the PROXY protocol's line before the handshake", behind(needs_proxy_line)},
      {"N-05", "stands behind a path that loses large packets", behind(drops_large)},
      {"N-06", "stands behind a firewall that drops hellos with this name", behind(drops_name)},
      {"N-07", "resets the connection after the hello", raw([](Visit& visit) {
         if (visit.hear()) visit.reset();
       })},
      {"N-08", "hangs up after the hello", raw([](Visit& visit) { (void)visit.hear(); })},
      {"N-09", "hangs up in the middle of the page, without close_notify",
       with_server([](ServerPlan& plan) -> Result<void> {
         plan.page.cut = true;
         return {};
       }),
       kAsk},
      {"N-10", "is not there", raw([](Visit&) {}), {}, false, "localhost", Listening::no},
      {"N-12", "refuses, and after three connections resets every further one", raw(lose_patience)},
      {"N-13", "has two nodes, one of which cannot do it", behind(every_second)},
      {"X-01", "is a box that signs the certificates of others", with_certificates([](ChainPlan& plan) {
         plan.foreign_root = true;
         plan.root.common_name = "Zscaler Root CA";
         plan.intermediate.common_name = "Zscaler Intermediate Root CA";
         plan.send_root = true;
       })},
      {"X-04", "is a CDN that cannot speak TLS to the origin",
       saying("525 SSL Handshake Failed", "cloudflare"), kAsk},
      {"X-05", "is a reverse proxy that cannot reach its upstream", saying("502 Bad Gateway", "nginx/1.22.1"),
       kAsk},
  };
}

}  // namespace handfast::apps::lab
