// One question to a server.
#include "probe/ask.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

#include "common/numbers.hpp"
#include "message/server_hello.hpp"
#include "probe/suites.hpp"
#include "record/header.hpp"
#include "trace/names.hpp"

namespace handfast::apps::probe {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using Kind = Answer::Kind;

// A ServerHello has a few hundred bytes, with post-quantum shares some 1,200.
constexpr std::size_t kLongestAnswer = std::size_t{16} * 1024;
constexpr std::size_t kHandshakeHeader = 4;
// Between the two packets of a hello that is cut.
constexpr milliseconds kPause{40};

bool wait_for(int descriptor, short events, Deadline deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
  pollfd waiting{descriptor, events, 0};
  return left.count() > 0 && ::poll(&waiting, 1, static_cast<int>(left.count())) > 0;
}

bool send_all(int descriptor, Bytes bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const auto count = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EAGAIN && wait_for(descriptor, POLLOUT, deadline)) continue;
    if (count <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

bool send_hello(int descriptor, const ProbeHello& hello, Bytes record, Deadline deadline) {
  if (!send_all(descriptor, as_bytes(hello.before), deadline)) return false;
  if (!hello.split) return send_all(descriptor, record, deadline);
  if (!send_all(descriptor, record.first(record::kHeaderSize), deadline)) return false;
  std::this_thread::sleep_for(kPause);
  return send_all(descriptor, record.subspan(record::kHeaderSize), deadline);
}

void take_server_hello(Bytes message, Answer& answer) {
  const auto hello = message::decode_server_hello(message);
  answer.kind = hello ? Kind::accepted : Kind::malformed;
  if (!hello) return;
  answer.retry = hello->is_hello_retry_request;
  answer.version = hello->selected_version.value_or(hello->legacy_version);
  answer.suite = hello->cipher_suite;
  if (hello->key_share) answer.group = hello->key_share->group;
  if (hello->selected_group) answer.group = hello->selected_group;
}

// False while there is more to come.
bool understand(Bytes input, Answer& answer) {
  ByteString message;
  while (!input.empty()) {
    const auto header = record::peek_header(input, record::kMaxCiphertext, message.empty());
    if (!header) {
      const bool other = header.error().info().catalogue.starts_with("N-");
      answer.kind = other ? Kind::not_tls : Kind::malformed;
      return true;
    }
    if (!*header || input.size() < record::kHeaderSize + (*header)->length) return false;
    const Bytes fragment = input.subspan(record::kHeaderSize, (*header)->length);
    input = input.subspan(record::kHeaderSize + fragment.size());
    if ((*header)->type == ContentType::alert && fragment.size() == 2) {
      answer.kind = Kind::alert;
      answer.alert = static_cast<AlertDescription>(fragment[1]);
      // unrecognized_name may be a mere warning (RFC 6066 §3).
      if (fragment[0] == static_cast<std::uint8_t>(AlertLevel::warning) && fragment[1] != 0) continue;
      return true;
    }
    message.insert(message.end(), fragment.begin(), fragment.end());
    const bool starts_well = (*header)->type == ContentType::handshake && !message.empty() &&
                             message[0] == static_cast<std::uint8_t>(HandshakeType::server_hello);
    if (!starts_well) {
      answer.kind = Kind::malformed;
      return true;
    }
    if (message.size() < kHandshakeHeader) continue;
    const std::size_t size =
        kHandshakeHeader + (std::size_t{message[1]} << 16U) + (std::size_t{message[2]} << 8U) + message[3];
    if (message.size() < size) continue;
    take_server_hello(Bytes(message).first(size), answer);
    return true;
  }
  return false;
}

void listen(int descriptor, Answer& answer, Deadline deadline) {
  ByteString input;
  std::array<std::uint8_t, 4096> buffer{};
  while (input.size() < kLongestAnswer) {
    if (!wait_for(descriptor, POLLIN, deadline)) return;
    const auto count = ::recv(descriptor, buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EAGAIN) continue;
    if (count <= 0) {
      if (answer.kind != Kind::alert) answer.kind = count == 0 ? Kind::closed : Kind::reset;
      return;
    }
    input.insert(input.end(), buffer.begin(), buffer.begin() + count);
    if (understand(input, answer)) return;
  }
  answer.kind = Kind::malformed;
}

}  // namespace

Answer ask(const Endpoint& endpoint, const ProbeHello& hello, Deadline deadline) {
  Answer answer;
  const auto record = hello.encode();
  if (!record) {
    answer.kind = Kind::not_connected;
    return answer;
  }
  answer.hello_size = record->size();
  ConnectReport report;
  const auto socket = connect_tcp({endpoint}, deadline, &report);
  if (!socket) {
    answer.kind = report.failure == NetworkFailure::timed_out ? Kind::silent : Kind::not_connected;
    return answer;
  }
  if (!send_hello(socket->descriptor(), hello, *record, deadline)) {
    answer.kind = Kind::reset;
    return answer;
  }
  listen(socket->descriptor(), answer, deadline);
  return answer;
}

std::string Answer::to_string() const {
  switch (kind) {
    case Kind::accepted: {
      std::string text = fmt::format("accepted: {}, {}", name_or_number(version), name_of_any(suite));
      if (group) text += ", " + name_of_any(*group);
      return text;
    }
    case Kind::alert:
      return fmt::format("refused: {}", name_or_number(alert));
    case Kind::reset:
      return "reset";
    case Kind::closed:
      return "hung up";
    case Kind::silent:
      return "no answer";
    case Kind::not_tls:
      return "words that are no TLS";
    case Kind::malformed:
      return "records that make no sense";
    case Kind::not_connected:
      break;
  }
  return "not connected";
}

}  // namespace handfast::apps::probe
