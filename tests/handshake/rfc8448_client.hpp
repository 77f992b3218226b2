// A client whose hellos are those of a recorded trace; from the ServerHello on it is the production flow.
#pragma once

#include <vector>

#include "handshake/flows.hpp"

namespace handfast::test {

// The hellos of the trace, first to last, with their key shares.
struct RecordedHellos {
  std::vector<handshake::SentHello> hellos;
};

handshake::Flow recorded_client_flow(handshake::Context& hs, RecordedHellos recorded);

}  // namespace handfast::test
