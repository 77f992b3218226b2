// The raw side of the lab.
#include "lab/visit.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "record/header.hpp"
#include "wire/writer.hpp"

namespace handfast::apps::lab {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{10'000};
// Between looks at a hello that is not whole yet and is to stay where it is.
constexpr milliseconds kGlance{5};
// How long a visitor that hangs is kept.
constexpr milliseconds kLongestWait{60'000};
constexpr std::size_t kLongestHello = std::size_t{64} * 1024;
constexpr std::size_t kHandshakeHeader = 4;

constexpr std::array<std::uint8_t, 32> kRandom = {
    0x6c, 0x61, 0x62, 0x20, 0x6f, 0x66, 0x20, 0x62, 0x72, 0x6f, 0x6b, 0x65, 0x6e, 0x20, 0x54, 0x4c,
    0x53, 0x3a, 0x20, 0x6e, 0x6f, 0x74, 0x20, 0x72, 0x61, 0x6e, 0x64, 0x6f, 0x6d, 0x2e, 0x2e, 0x2e};

// Puts the first handshake message of `input` together from its records; leaves `message` empty while there
// is more to come. False if it is something else.
bool take_message(Bytes input, ByteString& message) {
  ByteString whole;
  while (!input.empty()) {
    const auto header = record::peek_header(input, record::kMaxPlaintext, true);
    if (!header) return false;
    if (!*header || input.size() < record::kHeaderSize + (*header)->length) return true;
    const Bytes fragment = input.subspan(record::kHeaderSize, (*header)->length);
    input = input.subspan(record::kHeaderSize + fragment.size());
    // Before a second hello a client may send one for the sake of middleboxes (RFC 9846 §E.4).
    if ((*header)->type == ContentType::change_cipher_spec) continue;
    if ((*header)->type != ContentType::handshake) return false;
    whole.insert(whole.end(), fragment.begin(), fragment.end());
    if (whole.size() < kHandshakeHeader) continue;
    const std::size_t size =
        kHandshakeHeader + (std::size_t{whole[1]} << 16U) + (std::size_t{whole[2]} << 8U) + whole[3];
    if (whole.size() < size) continue;
    whole.resize(size);
    message = std::move(whole);
    return true;
  }
  return true;
}

}  // namespace

bool Visit::wait_for_input(milliseconds patience) {
  pollfd waiting{socket_.descriptor(), POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(patience.count())) > 0;
}

bool Visit::wait_for_words() {
  std::uint8_t byte = 0;
  return wait_for_input(kPatience) && ::recv(socket_.descriptor(), &byte, 1, MSG_PEEK) == 1;
}

bool Visit::begins_with(std::string_view text) {
  std::array<char, 16> start{};
  if (text.size() > start.size() || !wait_for_input(kPatience)) return false;
  const auto count = ::recv(socket_.descriptor(), start.data(), text.size(), MSG_PEEK);
  return count == static_cast<ssize_t>(text.size()) && std::string_view(start.data(), text.size()) == text;
}

bool Visit::skip_line(std::string_view text) {
  if (!begins_with(text)) return false;
  constexpr std::size_t kLongestLine = 200;
  char byte = 0;
  for (std::size_t i = 0; i < kLongestLine && byte != '\n'; ++i) {
    if (!wait_for_input(kPatience) || ::recv(socket_.descriptor(), &byte, 1, 0) != 1) return false;
  }
  return byte == '\n';
}

std::optional<HeardHello> Visit::hear(bool leave) {
  HeardHello heard;
  ByteString input;
  ByteString buffer(kLongestHello);
  while (input.size() < kLongestHello && wait_for_input(kPatience)) {
    const auto count = ::recv(socket_.descriptor(), buffer.data(), buffer.size(), leave ? MSG_PEEK : 0);
    if (count <= 0) return std::nullopt;
    if (leave) input.clear();
    input.insert(input.end(), buffer.begin(), buffer.begin() + count);
    if (heard.first_read == 0) heard.first_read = input.size();
    if (!take_message(input, heard.bytes)) return std::nullopt;
    if (!heard.bytes.empty()) {
      heard.record_size = input.size();
      auto hello = message::decode_client_hello(heard.bytes);
      if (!hello) return std::nullopt;
      heard.hello = *hello;
      return heard;
    }
    if (leave) std::this_thread::sleep_for(kGlance);
  }
  return std::nullopt;
}

void Visit::send(Bytes bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(socket_.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;  // the visitor has gone, or will not read: either way it is over
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void Visit::send_record(ContentType type, Bytes fragment, ProtocolVersion version) {
  ByteString out;
  record::append_plaintext_record(type, version, fragment, out);
  send(out);
}

void Visit::alert(AlertDescription description) {
  const std::uint8_t alert[] = {static_cast<std::uint8_t>(AlertLevel::fatal),
                                static_cast<std::uint8_t>(description)};
  send_record(ContentType::alert, alert);
}

void Visit::server_hello(const HeardHello& heard, ProtocolVersion version, CipherSuite suite,
                         message::ServerHelloPlan plan) {
  const bool tls13 = version == ProtocolVersion::tls1_3;
  plan.legacy_version = tls13 ? ProtocolVersion::tls1_2 : version;
  if (plan.random.empty()) plan.random = kRandom;
  if (tls13 && plan.legacy_session_id_echo.empty())
    plan.legacy_session_id_echo = heard.hello.legacy_session_id;
  plan.cipher_suite = suite;
  if (tls13) {
    plan.selected_version = version;
  } else {
    plan.selected_version.reset();
  }
  ByteString out;
  if (!message::encode_server_hello(plan, out)) return;
  send_record(ContentType::handshake, out, plan.legacy_version);
}

// Closing at once would turn what the visitor still says into a RST, which can overtake our words.
void Visit::hang_up() {
  ::shutdown(socket_.descriptor(), SHUT_WR);
  wait_for_end();
}

void Visit::wait_for_end() {
  const auto end = std::chrono::steady_clock::now() + kLongestWait;
  std::array<std::uint8_t, 4096> buffer{};
  for (;;) {
    const auto left = std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0 || !wait_for_input(left)) return;
    if (::recv(socket_.descriptor(), buffer.data(), buffer.size(), 0) <= 0) return;
  }
}

void Visit::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_.descriptor(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  socket_.close();
}

}  // namespace handfast::apps::lab
