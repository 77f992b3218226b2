// Talking through an established stream: what --send gives goes out, what comes back goes to a view.
#pragma once

#include <handfast/stream.hpp>
#include <handfast/tcp.hpp>

#include "connect/options.hpp"
#include "connect/session.hpp"

namespace handfast::apps {

// Sends the text or standard input (on a thread of its own) and reads until the server's orderly end, or
// until it says nothing for command.idle, or `deadline`. The size of the answer. Errors: those of the stream;
// silence is none.
Result<std::size_t> talk(Stream& stream, const ConnectCommand& command, Deadline deadline, SessionView& view);

// Waits a moment for what comes after a handshake: session tickets, or the server's second thoughts about our
// certificate (RFC 9846 §4.5.1.3: they come only now). Silence is success. Bytes of unasked-for data.
Result<std::size_t> linger(Stream& stream, std::chrono::milliseconds patience, SessionView& view);

}  // namespace handfast::apps
