// `handfast demo`: `serve` on a free loopback port and `connect` to it, in one process, over a real socket.
// Nothing in the handshake is staged: it is the code that talks to strangers.
#include "demo/command.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <optional>
#include <thread>

#include "common/escape.hpp"
#include "common/server.hpp"
#include "common/stop_signal.hpp"
#include "connect/options.hpp"
#include "connect/session.hpp"
#include "connect/terminal_view.hpp"
#include "serve/announce.hpp"
#include "serve/options.hpp"

namespace handfast::apps {
namespace {

struct Request {
  serve::ServeOptions serve;
  int verbosity = 0;
  bool hex = false;
  bool ascii = false;
};

// The server of the demonstration, on a thread of its own. It ends with this object.
class DemoServer {
 public:
  DemoServer(TcpListener listener, const serve::Site& site, const Style& style)
      : server_(std::move(listener),
                serve::host_of(site,
                               [this, style](const serve::SessionReport& report) {
                                 if (!talkative_) return;
                                 fmt::print("{}\n", serve::visit_line(report, style));
                                 std::fflush(stdout);
                               }),
                0) {
    thread_ = std::thread([this] { outcome_ = server_.run(); });
  }
  DemoServer(const DemoServer&) = delete;
  DemoServer& operator=(const DemoServer&) = delete;
  ~DemoServer() { finish(); }

  void announce_visitors() { talkative_ = true; }
  Result<void> finish() {
    if (thread_.joinable()) {
      server_.stop();
      thread_.join();
    }
    return outcome_;
  }

 private:
  std::atomic<bool> talkative_ = false;  // the demonstration's own visit is told by the client
  Result<void> outcome_;
  Server server_;
  std::thread thread_;
};

ConnectCommand visit_of(const Request& request, const Endpoint& endpoint, const serve::Identity& identity) {
  ConnectCommand command;
  command.input = endpoint.to_string();
  command.server_name = "localhost";
  command.verbosity = std::max(1, request.verbosity);
  command.hex = request.hex;
  command.ascii = request.ascii;
  command.tls12 = request.serve.tls12;
  command.application_protocols = {"h2", "http/1.1"};
  command.application_protocols_given = true;
  command.own_authorities = identity.root_pem;
  command.own_authorities_name = "the demonstration's own roots";
  return command;
}

void wait_for_enter(const std::atomic<bool>& stopped) {
  constexpr int kPatience = 200;  // milliseconds between looks at `stopped`
  pollfd input{STDIN_FILENO, POLLIN, 0};
  while (!stopped) {
    const int ready = ::poll(&input, 1, kPatience);
    if (ready > 0) return;
  }
}

Result<ExitCode> run(const Request& request) {
  HANDFAST_TRY_ASSIGN(const serve::ListenAddress where, serve::parse_listen(request.serve.listen));
  HANDFAST_TRY_ASSIGN(serve::Prepared prepared, serve::prepare(request.serve, system_clock()));
  const std::string& root_file = request.serve.write_ca;
  if (!root_file.empty()) HANDFAST_TRY(serve::write_root(prepared.identity, root_file));
  HANDFAST_TRY_ASSIGN(TcpListener listener, TcpListener::bind(where.address, where.port));
  const Endpoint endpoint = listener.endpoint();
  prepared.site.address = serve::address_of(endpoint);

  std::atomic<bool> stopped = false;
  const StopSignal signal([&] { stopped = true; });
  const Style style = Style::of(terminal_facts(STDOUT_FILENO), request.ascii);
  DemoServer server(std::move(listener), prepared.site, style);

  fmt::print("{}\n\n",
             style.paint(Tone::bold, "A client and a server in one program, a real socket between them"));
  const ConnectCommand command = visit_of(request, endpoint, prepared.identity);
  TerminalView view(command, style, stdout, stdout, true);
  const SessionResult result = run_session(command, view);
  view.finish(result);
  if (result.exit != ExitCode::success) return result.exit;

  if (::isatty(STDIN_FILENO) == 1 && !stopped) {
    server.announce_visitors();
    fmt::print("\n{}\n{}\n", serve::announcement(prepared.site, prepared.identity, root_file, style),
               style.plain("  Open it in a browser to see that browser's handshake. Enter or Ctrl-C ends."));
    std::fflush(stdout);
    wait_for_enter(stopped);
  } else {
    fmt::print("\n{}\n", style.plain(fmt::format(
                             "To see your browser's handshake: run this in a terminal, or `handfast "
                             "serve`, and open {}",
                             "https://localhost:8443/")));
  }
  HANDFAST_TRY(server.finish());
  return ExitCode::success;
}

}  // namespace

void add_demo_command(CLI::App& app, ExitCode& exit) {
  auto request = std::make_shared<Request>();
  request->serve.listen = "127.0.0.1:0";
  CLI::App* command =
      app.add_subcommand("demo", "Show a real handshake on this machine, explained, then serve it as a page");
  command->add_option("--listen", request->serve.listen, "Address and port of the server; 0: a free port")
      ->capture_default_str();
  command->add_flag("-v", request->verbosity, "-vv: show the fields of each message, too");
  command->add_flag("-x,--hex", request->hex, "Show the bytes of each message, each range with its meaning");
  command->add_flag("--tls1.2", request->serve.tls12, "Speak TLS 1.2 instead, and see what it costs");
  command->add_option("--groups", request->serve.groups, "The server's key-exchange groups, best first");
  command->add_option("--write-ca", request->serve.write_ca,
                      "Write the throw-away authority's root certificate here");
  command->add_flag("--ascii", request->ascii, "No characters beyond ASCII");
  command->callback([request, &exit] {
    const auto done = run(*request);
    if (!done) fmt::print(stderr, "handfast demo: {}\n", escape_untrusted(done.error().to_string()));
    exit = done ? *done : ExitCode::usage;
  });
}

}  // namespace handfast::apps
