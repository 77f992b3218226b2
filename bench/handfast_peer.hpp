// Handfast on both ends, in memory.
#pragma once

#include <handfast/connection.hpp>

#include "measure.hpp"
#include "setup.hpp"

namespace handfast::bench {

struct Pair {
  Connection client;
  Connection server;
};
// A whole handshake; the clocks of each side are optional.
Pair handfast_handshake(const Configs& configs, Stopwatch* client_time = nullptr,
                        Stopwatch* server_time = nullptr);
// {client, server, both} microseconds a handshake, over `count` handshakes.
Costs handfast_handshakes(const Configs& configs, int count);
// {seal, open} microseconds a record of `size` bytes.
Costs handfast_records(Pair& pair, std::size_t size, int count);

}  // namespace handfast::bench
