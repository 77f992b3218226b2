// The inside of Stream: a socket, a Connection and the two buffers between them.
// The reading half is touched by the reading thread only, the writing half under its mutex.
#pragma once

#include <atomic>
#include <handfast/stream.hpp>
#include <memory>
#include <mutex>
#include <optional>

namespace handfast {

class Stream::Body {
 public:
  Body(Socket socket, Socket wakeup, const StreamOptions& options);

  // What the Connection is made with: it must know how to wake this stream.
  [[nodiscard]] ConnectionOptions connection_options();
  void adopt(Connection connection) { connection_.emplace(std::move(connection)); }

  Result<void> handshake();
  Result<std::size_t> write_early(Bytes data);
  ByteString take_refused_early_data() { return connection_->take_refused_early_data(); }
  [[nodiscard]] std::size_t early_bytes() const { return early_data_.size(); }
  Result<Bytes> read_view(std::size_t limit);
  Result<void> write(Bytes data);
  Result<void> close_write();
  Result<void> close();
  Result<void> update_keys(bool request_peer);
  Result<void> request_client_certificate(ClientCertificate wanted);
  Result<std::optional<ClientAnswer>> read_client_answer();
  void set_io_timeout(std::chrono::milliseconds timeout) { options_.io_timeout = timeout; }

  [[nodiscard]] const Connection& connection() const { return *connection_; }
  [[nodiscard]] int descriptor() const { return socket_.descriptor(); }
  [[nodiscard]] NetworkFailure network_failure() const { return network_failure_; }

 private:
  enum class Blocking : std::uint8_t { yes, no };

  Result<void> shake_hands(Deadline deadline);
  // Ends a failed handshake so that the peer can read the alert.
  void part(const Error& error, Deadline deadline);

  // Reading half: waits for the next event that is not need_input.
  Result<Received> next_event(Deadline deadline);
  Result<void> fill(Deadline deadline);
  // False if it was woken instead.
  Result<bool> wait_for_input(Deadline deadline);
  Result<void> wait_for_decision(Deadline deadline);
  Result<void> end_of_transport();

  // Writing half. The mutex is held where a lock is passed.
  using Lock = std::unique_lock<std::mutex>;
  Result<void> flush(const Lock& lock, Blocking blocking, Deadline deadline);
  Result<void> drain(const Lock& lock, Blocking blocking, Deadline deadline);
  // Sends what the reading half left, unless the writing half is busy: then that one does.
  void offer_output();
  void notice_wake();

  std::unexpected<Error> network_error(std::string_view what, int system_error);

  // One allocation that outlives moves of the stream: `wake` may come from any thread, after the stream too.
  struct Waker {
    explicit Waker(Socket socket) : wakeup(std::move(socket)) {}
    Socket wakeup;
    std::atomic<bool> woken = false;
  };

  Socket socket_;
  std::shared_ptr<Waker> waker_;
  StreamOptions options_;
  std::optional<Connection> connection_;
  std::atomic<NetworkFailure> network_failure_ = NetworkFailure::none;

  // Reading half. input_[begin, end) is not consumed yet; unread_ lies before begin.
  ByteString input_;
  std::size_t input_begin_ = 0;
  std::size_t input_end_ = 0;
  Bytes unread_;
  ByteString early_data_;  // bounded by max_early_data_size
  std::size_t early_data_read_ = 0;
  bool wants_more_ = false;
  bool closed_by_peer_ = false;

  // Writing half. output_[begin, end) waits for the socket.
  std::mutex write_mutex_;
  ByteString output_;
  std::size_t output_begin_ = 0;
  std::size_t output_end_ = 0;
  bool transport_refuses_ = false;  // the peer does not take any more
  std::atomic<bool> output_wanted_ = false;
  std::atomic<bool> output_stuck_ = false;
};

}  // namespace handfast
