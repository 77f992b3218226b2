// Channel: see the header.
#include "channel.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace handfast::bogo {
namespace {

constexpr std::size_t kReceiveSize = 16 * 1024;

}  // namespace

Channel::~Channel() {
  if (!socket_.is_open()) return;
  (void)::shutdown(socket_.descriptor(), SHUT_WR);
  std::array<std::uint8_t, kReceiveSize> rest{};
  while (::recv(socket_.descriptor(), rest.data(), rest.size(), 0) > 0) {
  }
}

Result<void> Channel::begin() {
  while (connection_.waiting_for().what != Waiting::For::peer && later_.run()) {
    HANDFAST_TRY(connection_.receive({}));
  }
  return {};
}

Result<void> Channel::handshake() {
  return handshake_until([this] { return !data_.empty(); });
}

Result<void> Channel::handshake_until(const std::function<bool()>& reached) {
  HANDFAST_TRY(flush());
  while (!connection_.is_established() && !reached()) {
    HANDFAST_TRY(next_event());
    if (ended_) return failure(ErrorCode::truncated);
  }
  return {};
}

Result<std::size_t> Channel::write_early(Bytes data) {
  ByteString output(kMaxRecordSize);
  std::size_t taken = 0;
  while (taken < data.size()) {
    HANDFAST_TRY_ASSIGN(const Sent sent, connection_.send_early_data(data.subspan(taken), output));
    if (sent.consumed == 0 && sent.produced == 0) break;
    transmit(Bytes(output).first(sent.produced));
    taken += sent.consumed;
  }
  return taken;
}

Result<std::size_t> Channel::read(MutableBytes out) {
  while (data_.empty() && !ended_) HANDFAST_TRY(next_event());
  const std::size_t size = std::min(out.size(), data_.size());
  std::copy_n(data_.begin(), size, out.begin());
  data_.erase(data_.begin(), data_.begin() + static_cast<std::ptrdiff_t>(size));
  return size;
}

Result<void> Channel::write(Bytes data) {
  ByteString output(kMaxRecordSize);
  while (!data.empty()) {
    HANDFAST_TRY_ASSIGN(const Sent sent, connection_.send(data, output));
    if (sent.consumed == 0 && sent.produced == 0) return failure(ErrorCode::output_too_small);
    transmit(Bytes(output).first(sent.produced));
    data = data.subspan(sent.consumed);
  }
  return flush();
}

Result<void> Channel::write_one_byte_of(Bytes data) {
  HANDFAST_TRY(flush());
  holding_back_ = true;
  backlog_is_early_ = connection_.early_data_limit() > 0;
  if (backlog_is_early_) {
    HANDFAST_TRY(write_early(data));
  } else {
    HANDFAST_TRY(write(data));
  }
  holding_back_ = false;
  const ByteString all = std::move(backlog_);
  backlog_.clear();
  transmit(Bytes(all).first(1));
  backlog_ = copy_of(Bytes(all).subspan(1));
  holding_back_ = true;
  return {};
}

Result<void> Channel::finish_write() {
  holding_back_ = false;
  const ByteString rest = std::move(backlog_);
  backlog_.clear();
  transmit(rest);
  return flush();
}

Result<void> Channel::update_keys() {
  HANDFAST_TRY(connection_.update_keys(false));
  return flush();
}

Result<void> Channel::close() {
  connection_.close();
  return flush();
}

Result<void> Channel::abort(AlertDescription reason) {
  connection_.abort(reason);
  return flush();
}

// Lets the connection take what is there, waits for more where it must, and answers what it waits for.
Result<Event> Channel::next_event() {
  const Result<Received> received = connection_.receive(MutableBytes(input_).first(visible_));
  if (received) {
    data_.insert(data_.end(), received->data.begin(), received->data.end());
    input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(received->consumed));
    visible_ -= received->consumed;
  }
  // An answer to KeyUpdate goes out with the next write, as it does from BoringSSL: the runner counts them.
  const bool may_wait = received && received->event != Event::established && connection_.is_established() &&
                        connection_.info()->version == ProtocolVersion::tls1_3;
  if (!may_wait) HANDFAST_TRY(flush());
  if (!received) return failure(received.error());
  switch (received->event) {
    case Event::closed:
      ended_ = ended_cleanly_ = true;
      break;
    case Event::waiting:
      if (!later_.run()) return failure(ErrorCode::decision_abandoned);
      break;
    case Event::need_input: {
      HANDFAST_TRY_ASSIGN(const bool more, more_input());
      if (more) break;
      ended_ = true;
      const Result<void> end = connection_.receive_end();
      if (!end && !connection_.is_established()) return failure(end.error());
      break;
    }
    default:
      break;
  }
  return received->event;
}

// False at the end of the transport.
Result<bool> Channel::more_input() {
  if (visible_ < input_.size()) {
    ++visible_;
    return true;
  }
  const std::size_t old = input_.size();
  input_.resize(old + kReceiveSize);
  const ssize_t count = ::recv(socket_.descriptor(), input_.data() + old, kReceiveSize, 0);
  input_.resize(old + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  if (count < 0 && errno != ECONNRESET) return failure(ErrorCode::io_failed);
  visible_ = byte_by_byte_ ? std::min(old + 1, input_.size()) : input_.size();
  return count > 0;
}

Result<void> Channel::flush() {
  if (holding_back_ && backlog_is_early_ && connection_.has_output()) HANDFAST_TRY(finish_write());
  std::array<std::uint8_t, kReceiveSize> output{};
  while (connection_.has_output()) {
    HANDFAST_TRY_ASSIGN(const std::size_t size, connection_.flush(output));
    if (size == 0) break;
    transmit(Bytes(output).first(size));
  }
  return {};
}

// A peer that is gone shows itself when it is read from.
void Channel::transmit(Bytes bytes) {
  if (holding_back_) {
    backlog_.insert(backlog_.end(), bytes.begin(), bytes.end());
    return;
  }
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

}  // namespace handfast::bogo
