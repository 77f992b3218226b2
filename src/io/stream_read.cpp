// The reading half of Stream, and the handshake. RFC 9846 §6.1: an end without close_notify is truncation.
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "io/stream_body.hpp"
#include "io/system_call.hpp"

namespace handfast {

// Room for two records: the rest of one and the start of the next come with one system call.
static constexpr std::size_t kInputSize = 2 * kMaxRecordSize;

Stream::Body::Body(Socket socket, Socket wakeup, const StreamOptions& options)
    : socket_(std::move(socket)),
      waker_(std::make_shared<Waker>(std::move(wakeup))),
      options_(options),
      input_(kInputSize),
      output_(kMaxRecordSize) {}

ConnectionOptions Stream::Body::connection_options() {
  ConnectionOptions options;
  options.observer = options_.observer;
  options.keep_peer_certificates = options_.keep_peer_certificates;
  options.wake = [waker = waker_] {
    waker->woken = true;
    io::signal_wakeup(waker->wakeup);
  };
  return options;
}

// After a failed handshake the peer gets this long to read why, and may send this much meanwhile.
static constexpr std::chrono::milliseconds kPartingPatience{500};
static constexpr std::size_t kPartingMax = std::size_t{256} << 10U;

Result<void> Stream::Body::handshake() {
  const Deadline deadline = io::deadline_after(options_.handshake_timeout);
  auto outcome = shake_hands(deadline);
  if (!outcome) part(outcome.error(), deadline);
  return outcome;
}

Result<void> Stream::Body::shake_hands(Deadline deadline) {
  for (;;) {
    {
      const Lock lock(write_mutex_);
      HANDFAST_TRY(flush(lock, Blocking::yes, deadline));
    }
    if (connection_->is_established()) return {};
    HANDFAST_TRY_ASSIGN(const Received received, next_event(deadline));
    if (received.event == Event::closed) return failure(ErrorCode::truncated);
    if (received.event == Event::early_data) {
      early_data_.insert(early_data_.end(), received.data.begin(), received.data.end());
    }
  }
}

void Stream::Body::part(const Error& error, Deadline deadline) {
  const bool peer_knows = error.category() == ErrorCategory::alert_received ||
                          error.code() == ErrorCode::io_failed || error.code() == ErrorCode::truncated;
  if (peer_knows) return;
  deadline = std::min(deadline, io::deadline_after(kPartingPatience));
  {
    const Lock lock(write_mutex_);
    [[maybe_unused]] const auto flushed = flush(lock, Blocking::yes, deadline);
  }
  ::shutdown(socket_.descriptor(), SHUT_WR);
  // A peer that is still writing would get a reset if the socket were closed now, and never read the alert.
  std::size_t discarded = 0;
  while (discarded < kPartingMax) {
    pollfd waiting{socket_.descriptor(), POLLIN, 0};
    if (io::poll_until(&waiting, 1, deadline) <= 0) return;
    const auto count = ::recv(socket_.descriptor(), input_.data(), input_.size(), MSG_DONTWAIT);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return;
    if (count > 0) discarded += static_cast<std::size_t>(count);
  }
}

Result<Bytes> Stream::Body::read_view(std::size_t limit) {
  const Deadline deadline = io::deadline_after(options_.io_timeout);
  if (early_data_read_ < early_data_.size() && limit > 0) {
    const Bytes early = Bytes(early_data_).subspan(early_data_read_);
    const Bytes view = early.first(std::min(limit, early.size()));
    early_data_read_ += view.size();
    return view;
  }
  while (unread_.empty() && limit > 0) {
    if (closed_by_peer_) return Bytes();
    HANDFAST_TRY_ASSIGN(const Received received, next_event(deadline));
    unread_ = received.data;
  }
  const Bytes view = unread_.first(std::min(limit, unread_.size()));
  unread_ = unread_.subspan(view.size());
  return view;
}

Result<std::optional<ClientAnswer>> Stream::Body::read_client_answer() {
  const Deadline deadline = io::deadline_after(options_.io_timeout);
  for (;;) {
    if (auto answer = connection_->take_client_answer()) return answer;
    if (early_data_read_ < early_data_.size() || !unread_.empty() || closed_by_peer_) return std::nullopt;
    HANDFAST_TRY_ASSIGN(const Received received, next_event(deadline));
    unread_ = received.data;
  }
}

Result<Received> Stream::Body::next_event(Deadline deadline) {
  for (;;) {
    if (wants_more_) HANDFAST_TRY(fill(deadline));
    wants_more_ = false;
    if (closed_by_peer_) {
      Received end;
      end.event = Event::closed;
      return end;
    }
    auto received =
        connection_->receive(MutableBytes(input_).subspan(input_begin_, input_end_ - input_begin_));
    notice_wake();
    if (!received) {
      output_wanted_ = true;  // the alert
      offer_output();
      return failure(std::move(received.error()));
    }
    offer_output();
    input_begin_ += received->consumed;
    closed_by_peer_ = received->event == Event::closed;
    if (received->event == Event::waiting) {
      HANDFAST_TRY(wait_for_decision(deadline));
    } else if (received->event == Event::need_input) {
      wants_more_ = true;
      // During the handshake an answer may be due before more can come.
      if (!connection_->is_established() && connection_->has_output()) return *received;
    } else {
      return *received;
    }
  }
}

Result<void> Stream::Body::fill(Deadline deadline) {
  if (input_begin_ == input_end_) input_begin_ = input_end_ = 0;
  if (input_.size() - input_end_ < kMaxRecordSize && input_begin_ > 0) {
    std::memmove(input_.data(), input_.data() + input_begin_, input_end_ - input_begin_);
    input_end_ -= input_begin_;
    input_begin_ = 0;
  }
  for (;;) {
    const auto count =
        ::recv(socket_.descriptor(), input_.data() + input_end_, input_.size() - input_end_, 0);
    if (count > 0) {
      input_end_ += static_cast<std::size_t>(count);
      return {};
    }
    if (count == 0) return end_of_transport();
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      // Whatever it was woken for may be the connection's to go on with.
      HANDFAST_TRY_ASSIGN(const bool has_input, wait_for_input(deadline));
      if (!has_input) return {};
    } else if (errno != EINTR) {
      return network_error("reading", errno);
    }
  }
}

Result<void> Stream::Body::end_of_transport() {
  auto ended = connection_->receive_end();
  if (ended) closed_by_peer_ = true;
  return ended;
}

Result<bool> Stream::Body::wait_for_input(Deadline deadline) {
  for (;;) {
    offer_output();
    const auto events = static_cast<short>(output_stuck_ ? POLLIN | POLLOUT : POLLIN);
    pollfd waiting[] = {{socket_.descriptor(), events, 0}, {waker_->wakeup.descriptor(), POLLIN, 0}};
    const int ready = io::poll_until(waiting, 2, deadline);
    if (ready < 0) return network_error("waiting for the peer", errno);
    if (ready == 0) return network_error("waiting for the peer", ETIMEDOUT);
    if (waiting[1].revents != 0) {
      io::drain_wakeup(waker_->wakeup);
      notice_wake();
      offer_output();
      return false;
    }
    if ((waiting[0].revents & POLLOUT) != 0) output_wanted_ = true;
    if ((waiting[0].revents & ~POLLOUT) != 0) return true;
  }
}

Result<void> Stream::Body::wait_for_decision(Deadline deadline) {
  pollfd waiting{waker_->wakeup.descriptor(), POLLIN, 0};
  const int ready = io::poll_until(&waiting, 1, deadline);
  if (ready < 0) return network_error("waiting for a decision", errno);
  if (ready == 0) return network_error("waiting for a decision", ETIMEDOUT);
  io::drain_wakeup(waker_->wakeup);
  notice_wake();
  return {};
}

void Stream::Body::notice_wake() {
  if (waker_->woken.exchange(false)) output_wanted_ = true;
}

std::unexpected<Error> Stream::Body::network_error(std::string_view what, int system_error) {
  network_failure_ = io::failure_of(system_error);
  return failure(io::system_failure(what, system_error));
}

}  // namespace handfast
