// The writing half of Stream. Everything here runs under the writing mutex; the reading half only ever tries
// to take it, so that neither half waits for the other's peer.
#include <sys/socket.h>

#include <cerrno>

#include "io/stream_body.hpp"
#include "io/system_call.hpp"

namespace handfast {

// close() does not wait longer than this for a peer that takes nothing any more.
static constexpr std::chrono::milliseconds kClosePatience{1000};
// Input that close() reads and drops, so that a peer that never stops sending cannot hold it up.
static constexpr std::size_t kDrainMax = std::size_t{256} << 10U;

Result<void> Stream::Body::write(Bytes data) {
  const Deadline deadline = io::deadline_after(options_.io_timeout);
  {
    const Lock lock(write_mutex_);
    while (!data.empty()) {
      HANDFAST_TRY(drain(lock, Blocking::yes, deadline));
      HANDFAST_TRY_ASSIGN(const Sent sent, connection_->send(data, output_));
      output_end_ = sent.produced;
      data = data.subspan(sent.consumed);
      if (sent.consumed == 0 && sent.produced == 0) return failure(ErrorCode::output_too_small);
    }
    HANDFAST_TRY(drain(lock, Blocking::yes, deadline));
    if (transport_refuses_) return network_error("writing", EPIPE);
  }
  offer_output();
  return {};
}

Result<std::size_t> Stream::Body::write_early(Bytes data) {
  const Deadline deadline = io::deadline_after(options_.handshake_timeout);
  const Lock lock(write_mutex_);
  std::size_t written = 0;
  for (;;) {
    HANDFAST_TRY(drain(lock, Blocking::yes, deadline));
    HANDFAST_TRY_ASSIGN(const Sent sent, connection_->send_early_data(data.subspan(written), output_));
    output_end_ = sent.produced;
    written += sent.consumed;
    if (sent.produced == 0) return written;
  }
}

Result<void> Stream::Body::close_write() {
  {
    const Lock lock(write_mutex_);
    connection_->close();
    HANDFAST_TRY(flush(lock, Blocking::yes, io::deadline_after(options_.io_timeout)));
  }
  offer_output();
  return {};
}

Result<void> Stream::Body::update_keys(bool request_peer) {
  {
    const Lock lock(write_mutex_);
    HANDFAST_TRY(connection_->update_keys(request_peer));
    HANDFAST_TRY(flush(lock, Blocking::yes, io::deadline_after(options_.io_timeout)));
  }
  offer_output();
  return {};
}

Result<void> Stream::Body::request_client_certificate(ClientCertificate wanted) {
  {
    const Lock lock(write_mutex_);
    HANDFAST_TRY(connection_->request_client_certificate(wanted));
    HANDFAST_TRY(flush(lock, Blocking::yes, io::deadline_after(options_.io_timeout)));
  }
  offer_output();
  return {};
}

Result<void> Stream::Body::close() {
  if (!socket_.is_open()) return {};
  const auto patience = options_.io_timeout.count() > 0 ? options_.io_timeout : kClosePatience;
  Result<void> closed;
  {
    const Lock lock(write_mutex_);
    connection_->close();
    closed = flush(lock, Blocking::yes, io::deadline_after(patience));
  }
  ::shutdown(socket_.descriptor(), SHUT_WR);
  // Closing a socket with unread input makes the system send a reset, which may destroy what we sent last.
  for (std::size_t seen = 0; seen < kDrainMax;) {
    const ssize_t size = ::recv(socket_.descriptor(), input_.data(), input_.size(), MSG_DONTWAIT);
    if (size <= 0) break;
    seen += static_cast<std::size_t>(size);
  }
  socket_.close();
  unread_ = {};
  return closed;
}

Result<void> Stream::Body::flush(const Lock& lock, Blocking blocking, Deadline deadline) {
  for (;;) {
    HANDFAST_TRY(drain(lock, blocking, deadline));
    if (output_begin_ != output_end_) return {};  // the socket is full, and we must not block
    HANDFAST_TRY_ASSIGN(output_end_, connection_->flush(output_));
    if (output_end_ == 0) return {};
  }
}

Result<void> Stream::Body::drain(const Lock&, Blocking blocking, Deadline deadline) {
  while (output_begin_ != output_end_) {
    const auto count = ::send(socket_.descriptor(), output_.data() + output_begin_,
                              output_end_ - output_begin_, MSG_NOSIGNAL);
    if (count >= 0) {
      output_begin_ += static_cast<std::size_t>(count);
    } else if (errno == EPIPE || errno == ECONNRESET) {
      // The peer may have said why before it hung up: the reading half finds that out.
      transport_refuses_ = true;
      output_begin_ = output_end_;
      network_failure_ = NetworkFailure::reset;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      output_stuck_ = true;
      if (blocking == Blocking::no) return {};
      pollfd waiting{socket_.descriptor(), POLLOUT, 0};
      const int ready = io::poll_until(&waiting, 1, deadline);
      if (ready < 0) return network_error("writing", errno);
      if (ready == 0) return network_error("writing", ETIMEDOUT);
    } else if (errno != EINTR) {
      return network_error("writing", errno);
    }
  }
  output_begin_ = output_end_ = 0;
  output_stuck_ = false;
  return {};
}

void Stream::Body::offer_output() {
  while (output_wanted_) {
    const Lock lock(write_mutex_, std::try_to_lock);
    if (!lock.owns_lock()) return;  // the writer looks again when it is done
    output_wanted_ = false;
    // An error here shows in the next call of the writing half, or in reading.
    [[maybe_unused]] const auto flushed = flush(lock, Blocking::no, kNoDeadline);
  }
}

}  // namespace handfast
