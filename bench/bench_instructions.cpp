// Instructions of each side of a full handshake, counted by valgrind's callgrind: the figure without noise,
// for comparing two builds on any machine. Valgrind hides some instructions of new processors (SHA, for one),
// so that it is no measure of time. Runs itself under valgrind; says so if there is none.
#include <fmt/core.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <handfast/connection.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "setup.hpp"

using namespace handfast;
using namespace handfast::bench;

namespace {

constexpr std::size_t kFlight = 8192;

struct End {
  std::optional<Connection> connection;
  ByteString said = ByteString(kFlight);
  std::size_t size = 0;
};

// Takes what the other end said, and says something itself.
void take_turn(End& own, End& other) {
  MutableBytes rest(other.said.data(), other.size);
  while (!rest.empty()) {
    const Received received = must(own.connection->receive(rest));
    rest = rest.subspan(received.consumed);
    if (received.event == Event::need_input) break;
  }
  own.size = must(own.connection->flush(own.said));
}

}  // namespace

// What callgrind counts: everything one side does, between the connection's making and its end. The names are
// patterns for --toggle-collect.
extern "C" {
[[gnu::noinline]] void count_client_begin(End& client, const Configs& configs, const ServerName& name) {
  client.connection.emplace(must(Connection::client(configs.client, name)));
}
[[gnu::noinline]] void count_server_begin(End& server, const Configs& configs) {
  server.connection.emplace(must(Connection::server(configs.server)));
}
[[gnu::noinline]] void count_client_turn(End& client, End& server) {
  take_turn(client, server);
  asm volatile("# client");  // or compilers make one function of two
}
[[gnu::noinline]] void count_server_turn(End& server, End& client) {
  take_turn(server, client);
  asm volatile("# server");
}
[[gnu::noinline]] void count_client_end(End& client) {
  client.connection.reset();
  asm volatile("# client");
}
[[gnu::noinline]] void count_server_end(End& server) {
  server.connection.reset();
  asm volatile("# server");
}
}

namespace {

void handshakes(const Configs& configs, int count) {
  const ServerName name = must(ServerName::parse("bench.test"));
  End client;
  End server;
  for (int i = 0; i < count; ++i) {
    server.size = 0;
    count_client_begin(client, configs, name);
    count_server_begin(server, configs);
    while (!client.connection->is_established() || !server.connection->is_established()) {
      count_client_turn(client, server);
      count_server_turn(server, client);
    }
    count_client_end(client);
    count_server_end(server);
  }
}

// Instructions of `side` in `count` handshakes of this program, or nothing.
std::optional<double> counted(const std::string& program, const std::string& side, int count) {
  const std::string command = fmt::format(
      "valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='count_{}_*' '{}' {} 2>&1",
      side, program, count);
  const std::unique_ptr<FILE, int (*)(FILE*)> output(::popen(command.c_str(), "r"), &::pclose);
  std::array<char, 512> line{};
  std::optional<double> found;
  while (output && std::fgets(line.data(), line.size(), output.get()) != nullptr) {
    const std::string_view text = line.data();
    const auto at = text.find("Collected : ");
    if (at != std::string_view::npos) found = std::atof(text.data() + at + 12);
  }
  return found;
}

}  // namespace

// With a number: that many handshakes. Without: counts them.
int main(int argc, char** argv) {
  if (argc > 1) {
    handshakes(handfast_configs(Setup::make(), NamedGroup::x25519), std::atoi(argv[1]));
    return 0;
  }
  fmt::print("\nInstructions of a full handshake (TLS 1.3, X25519, ECDSA P-256), counted by callgrind\n");
  constexpr int kFew = 10;
  constexpr int kMany = 40;
  for (const char* const side : {"client", "server"}) {
    // The difference leaves out what is made once per process.
    const auto few = counted(argv[0], side, kFew);
    const auto many = counted(argv[0], side, kMany);
    if (!few || !many) {
      fmt::print("  skipped: no valgrind\n");
      return 0;
    }
    fmt::print("  {:<28}{:>9.0f} thousand\n", side, (*many - *few) / (kMany - kFew) / 1000);
  }
  return 0;
}
