// Channel: a Connection over a blocking socket, the way the runner's tests drive it: bytes one at a time if
// asked (-async), writes that stay unfinished, ends that are told apart.
#pragma once

#include <functional>
#include <handfast/connection.hpp>
#include <handfast/tcp.hpp>

#include "outside.hpp"

namespace handfast::bogo {

class Channel {
 public:
  Channel(Socket socket, Connection connection, Later& later, bool byte_by_byte)
      : socket_(std::move(socket)),
        connection_(std::move(connection)),
        later_(later),
        byte_by_byte_(byte_by_byte) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  // Ends the sending half and drains the socket, so that the last alert is not lost to a reset.
  ~Channel();

  // Until the first decision from outside, if there is one before the first answer.
  Result<void> begin();
  // Until the handshake is done or, on a server, there is early data to read.
  Result<void> handshake();
  // Until `reached` or the handshake is done.
  Result<void> handshake_until(const std::function<bool()>& reached);
  // Seals early data; how much the connection took.
  Result<std::size_t> write_early(Bytes data);
  // Some application data; 0 at the end, be it clean or not.
  Result<std::size_t> read(MutableBytes out);
  Result<void> write(Bytes data);
  // Seals `data`, lets one byte of it through and keeps the rest for finish_write(); early data goes on as
  // soon as the handshake has something to say.
  Result<void> write_one_byte_of(Bytes data);
  Result<void> finish_write();
  Result<void> update_keys();
  Result<void> close();
  Result<void> abort(AlertDescription reason);

  [[nodiscard]] const Connection& connection() const { return connection_; }
  ByteString take_refused_early_data() { return connection_.take_refused_early_data(); }
  // The peer ended with close_notify.
  [[nodiscard]] bool ended_cleanly() const { return ended_cleanly_; }

 private:
  Result<Event> next_event();
  Result<bool> more_input();
  Result<void> flush();
  void transmit(Bytes bytes);

  Socket socket_;
  Connection connection_;
  Later& later_;
  bool byte_by_byte_;
  ByteString input_;         // received, not consumed
  std::size_t visible_ = 0;  // so much of it may the connection see
  ByteString data_;          // application data that was not read yet
  ByteString backlog_;       // sealed, held back
  bool holding_back_ = false;
  bool backlog_is_early_ = false;
  bool ended_cleanly_ = false;
  bool ended_ = false;
};

}  // namespace handfast::bogo
