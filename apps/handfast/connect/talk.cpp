// Talking through an established stream.
#include "connect/talk.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <thread>

namespace handfast::apps {
namespace {

using std::chrono::milliseconds;

// The reading thread wakes this often to see whether it is time to leave.
constexpr milliseconds kGlance{100};

bool is_timeout(const Stream& stream, const Error& error) {
  return error.code() == ErrorCode::io_failed && stream.network_failure() == NetworkFailure::timed_out;
}

// Copies standard input into the stream until its end, or until `stop`.
class InputPump {
 public:
  explicit InputPump(Stream& stream) : stream_(stream), thread_([this] { run(); }) {}
  ~InputPump() {
    stop_ = true;
    thread_.join();
  }
  InputPump(const InputPump&) = delete;
  InputPump& operator=(const InputPump&) = delete;

  [[nodiscard]] bool running() const { return running_; }

 private:
  void run() {
    std::array<std::uint8_t, 4096> buffer{};
    while (!stop_) {
      pollfd waiting{STDIN_FILENO, POLLIN, 0};
      const int ready = ::poll(&waiting, 1, static_cast<int>(kGlance.count()));
      if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
      const auto count = ready < 0 ? -1 : ::read(STDIN_FILENO, buffer.data(), buffer.size());
      if (count <= 0) break;
      if (!stream_.write(Bytes(buffer).first(static_cast<std::size_t>(count)))) break;
    }
    running_ = false;
  }

  Stream& stream_;
  std::atomic<bool> stop_ = false;
  std::atomic<bool> running_ = true;
  std::thread thread_;
};

// Reads until the end, or until nothing came for `idle` and `busy` says no.
template <class Busy>
Result<std::size_t> read_answers(Stream& stream, milliseconds idle, Deadline deadline, SessionView& view,
                                 Busy busy) {
  std::size_t total = 0;
  auto last = std::chrono::steady_clock::now();
  for (;;) {
    auto view_of_data = stream.read_view();
    const auto now = std::chrono::steady_clock::now();
    if (view_of_data) {
      if (view_of_data->empty()) return total;
      total += view_of_data->size();
      view.on_answer(*view_of_data);
      last = now;
    } else if (!is_timeout(stream, view_of_data.error())) {
      return failure(std::move(view_of_data.error()));
    }
    if (busy()) last = now;
    if (now - last >= idle || now >= deadline) return total;
  }
}

}  // namespace

Result<std::size_t> talk(Stream& stream, const ConnectCommand& command, Deadline deadline,
                         SessionView& view) {
  stream.set_io_timeout(kGlance);
  if (command.send != "-") {
    HANDFAST_TRY_ASSIGN(const std::string text, unescape_argument(*command.send));
    HANDFAST_TRY(stream.write(as_bytes(text)));
    return read_answers(stream, command.idle, deadline, view, [] { return false; });
  }
  const InputPump pump(stream);
  return read_answers(stream, command.idle, deadline, view, [&] { return pump.running(); });
}

Result<std::size_t> linger(Stream& stream, milliseconds patience, SessionView& view) {
  stream.set_io_timeout(patience);
  const Deadline deadline = std::chrono::steady_clock::now() + patience;
  return read_answers(stream, patience, deadline, view, [] { return false; });
}

}  // namespace handfast::apps
