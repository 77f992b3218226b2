// Scenarios that run.
#include "lab/lab_server.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace handfast::apps::lab {
namespace {

// A port that is taken although nobody listens there.
Result<Socket> reserve_port(std::uint16_t& port) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket.descriptor(), raw, size) != 0 || ::getsockname(socket.descriptor(), raw, &size) != 0) {
    return failure(Error(ErrorCode::io_failed).with_detail(std::generic_category().message(errno)));
  }
  port = ntohs(address.sin_port);
  return socket;
}

}  // namespace

Result<std::unique_ptr<LabServer>> LabServer::start(const Scenario& scenario, const Workshop& shop,
                                                    std::uint16_t port) {
  std::unique_ptr<LabServer> out(new LabServer(scenario, shop));
  if (scenario.listening == Listening::no) {
    out->port_ = port;
    HANDFAST_TRY_ASSIGN(out->closed_, reserve_port(out->port_));
    return out;
  }
  HANDFAST_TRY_ASSIGN(TcpListener listener, TcpListener::bind("127.0.0.1", port));
  out->port_ = listener.port();
  HANDFAST_TRY_ASSIGN(out->behaviour_, scenario.make(Bench{shop, out->port_, scenario.name}));
  const auto host = [lab = out.get()](Socket socket) {
    Visit visit(std::move(socket), lab->visits_++);
    lab->behaviour_(visit);
  };
  constexpr std::chrono::milliseconds kNoGrace{0};
  out->server_.emplace(std::move(listener), host, 0, kNoGrace);
  out->thread_ = std::thread([lab = out.get()] { (void)lab->server_->run(); });
  return out;
}

LabServer::~LabServer() {
  if (!thread_.joinable()) return;
  server_->stop();
  thread_.join();
}

std::string LabServer::fill_in(std::string_view text) const {
  const std::pair<std::string_view, std::string> values[] = {
      {"%%", "%"},
      {"%ca", shop_.authority_file()},
      {"%h", std::string(scenario_.host)},
      {"%p", std::to_string(port_)},
      {"%d", shop_.folder()},
      {"%i", std::string(scenario_.name)},
  };
  std::string out;
  while (!text.empty()) {
    std::size_t taken = 0;
    for (const auto& [mark, value] : values) {
      if (!text.starts_with(mark)) continue;
      out += value;
      taken = mark.size();
      break;
    }
    if (taken == 0) out += text[taken++];
    text.remove_prefix(taken);
  }
  return out;
}

std::vector<std::string> LabServer::fill_in(const std::vector<std::string>& words) const {
  std::vector<std::string> out;
  for (const std::string& word : words) {
    if (word != "%o") {
      out.push_back(fill_in(word));
      continue;
    }
    for (const auto option : scenario_.options) out.push_back(fill_in(option));
  }
  return out;
}

}  // namespace handfast::apps::lab
