// What a second handshake saves when an earlier session goes on: `handfast connect --resume`. RFC 9846 §2.2.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "common/terminal.hpp"
#include "connect/session.hpp"

namespace handfast::apps {

// Messages, bytes and time of a handshake, as its trace has them.
struct HandshakeCost {
  std::size_t messages = 0;
  std::size_t bytes = 0;  // of the handshake messages, both ways
  unsigned round_trips = 0;
  std::chrono::microseconds time{0};
};
HandshakeCost cost_of(const SessionResult& result);

// Why the second handshake was a full one, or what became of the early data, in a sentence; empty if there is
// nothing to say.
std::string early_data_text(const SessionResult& second, std::size_t wanted);
// "What the second handshake saved": a small table.
std::string revisit_text(const SessionResult& first, const SessionResult& second, std::size_t early_data,
                         const Style& style);
nlohmann::ordered_json revisit_json(const SessionResult& first, const SessionResult& second,
                                    std::size_t early_data);

// the server gave tickets, and did not take them back. Nothing if all is well, or if it gave none.
std::optional<Finding> diagnose_revisit(const SessionResult& first, const SessionResult& second);

}  // namespace handfast::apps
