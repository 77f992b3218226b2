// Handfast on both ends: see the header.
#include "handfast_peer.hpp"

#include <optional>

namespace handfast::bench {
namespace {

constexpr std::size_t kFlight = 8192;

// Moves what `from` has to say into `to`; the time goes to the side that works.
bool carry(Connection& from, Stopwatch& from_time, Connection& to, Stopwatch& to_time) {
  ByteString buffer(kFlight);
  std::size_t size = 0;
  {
    const auto lap = from_time.lap();
    size = must(from.flush(buffer));
  }
  const auto lap = to_time.lap();
  MutableBytes rest(buffer.data(), size);
  while (!rest.empty()) {
    const Received received = must(to.receive(rest));
    rest = rest.subspan(received.consumed);
    if (received.event == Event::need_input) break;
  }
  return size != 0;
}

}  // namespace

Pair handfast_handshake(const Configs& configs, Stopwatch* client_time, Stopwatch* server_time) {
  Stopwatch unused;
  Stopwatch& client_clock = client_time != nullptr ? *client_time : unused;
  Stopwatch& server_clock = server_time != nullptr ? *server_time : unused;
  static const ServerName name = must(ServerName::parse("bench.test"));
  std::optional<Connection> client;
  std::optional<Connection> server;
  {
    const auto lap = client_clock.lap();
    client.emplace(must(Connection::client(configs.client, name)));
  }
  {
    const auto lap = server_clock.lap();
    server.emplace(must(Connection::server(configs.server)));
  }
  while (!client->is_established() || !server->is_established()) {
    const bool spoke = carry(*client, client_clock, *server, server_clock);
    const bool answered = carry(*server, server_clock, *client, client_clock);
    if (!spoke && !answered) stop("the handshake did not finish");
  }
  return {std::move(*client), std::move(*server)};
}

Costs handfast_handshakes(const Configs& configs, int count) {
  Stopwatch client;
  Stopwatch server;
  for (int i = 0; i < count; ++i) (void)handfast_handshake(configs, &client, &server);
  return {client.total() / count, server.total() / count, (client.total() + server.total()) / count};
}

Costs handfast_records(Pair& pair, std::size_t size, int count) {
  const ByteString plaintext(size, 0x5a);
  ByteString buffer(kMaxRecordSize);
  Stopwatch sealing;
  Stopwatch opening;
  // In batches, so that reading the clock does not count.
  constexpr int kBatch = 16;
  std::vector<ByteString> records(kBatch, buffer);
  std::vector<std::size_t> sizes(kBatch);
  for (int done = 0; done < count; done += kBatch) {
    {
      const auto lap = sealing.lap();
      for (std::size_t i = 0; i < kBatch; ++i)
        sizes[i] = must(pair.client.send(plaintext, records[i])).produced;
    }
    const auto lap = opening.lap();
    for (std::size_t i = 0; i < kBatch; ++i) {
      const Received received = must(pair.server.receive(MutableBytes(records[i]).first(sizes[i])));
      if (received.data.size() != size) stop("a record was lost");
    }
  }
  const double total = (count + kBatch - 1) / kBatch * kBatch;
  return {sealing.total() / total, opening.total() / total};
}

}  // namespace handfast::bench
