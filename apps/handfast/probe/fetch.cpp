// One GET.
#include "probe/fetch.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string>

#include "connect/options.hpp"

namespace handfast::apps::probe {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::string_view kScheme = "http://";
constexpr std::uint16_t kHttpPort = 80;

struct Address {
  Target target;
  std::string path;
};

Result<Address> parse_url(std::string_view url) {
  const auto printable = [](char c) { return c > ' ' && c < '\x7f'; };
  const bool usable = url.starts_with(kScheme) && std::ranges::all_of(url, printable);
  if (!usable) return failure(Error(ErrorCode::name_invalid).with_detail("not an http:// address"));
  url.remove_prefix(kScheme.size());
  const std::size_t slash = std::min(url.find('/'), url.size());
  const std::string_view authority = url.substr(0, slash);
  Address out;
  HANDFAST_TRY_ASSIGN(out.target, Target::parse(authority));
  const bool has_port = authority.ends_with(fmt::format(":{}", out.target.port));
  if (!has_port) out.target.port = kHttpPort;
  out.path = slash == url.size() ? "/" : std::string(url.substr(slash));
  return out;
}

bool wait_for(int descriptor, short events, Deadline deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
  pollfd waiting{descriptor, events, 0};
  return left.count() > 0 && ::poll(&waiting, 1, static_cast<int>(left.count())) > 0;
}

Error failed(const char* what) { return Error(ErrorCode::io_failed).with_detail(what); }

Result<std::string> converse(int descriptor, std::string_view request, Deadline deadline) {
  // It fits into the socket's buffer.
  if (::send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return failure(failed("the question could not be sent"));
  }
  std::string answer;
  std::array<char, 4096> buffer{};
  for (;;) {
    if (!wait_for(descriptor, POLLIN, deadline)) return failure(failed("no answer in time"));
    const auto count = ::recv(descriptor, buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EAGAIN) continue;
    if (count < 0) return failure(failed("the connection broke"));
    if (count == 0) return answer;
    answer.append(buffer.data(), static_cast<std::size_t>(count));
    if (answer.size() > kLongestFetched) return failure(ErrorCode::limit_exceeded);
  }
}

}  // namespace

Result<ByteString> fetch(std::string_view url, Deadline deadline) {
  HANDFAST_TRY_ASSIGN(const Address address, parse_url(url));
  HANDFAST_TRY_ASSIGN(const auto endpoints, resolve(address.target.host, address.target.port, deadline));
  HANDFAST_TRY_ASSIGN(const Socket socket, connect_tcp(endpoints, deadline));
  const std::string request = fmt::format("GET {} HTTP/1.0\r\nHost: {}\r\nUser-Agent: handfast/{}\r\n\r\n",
                                          address.path, address.target.host, HANDFAST_VERSION);
  HANDFAST_TRY_ASSIGN(const std::string answer, converse(socket.descriptor(), request, deadline));
  const bool good = answer.starts_with("HTTP/1.") && answer.substr(8, 4) == " 200";
  const std::size_t head = answer.find("\r\n\r\n");
  if (!good || head == std::string::npos) {
    return failure(Error(ErrorCode::message_malformed).with_detail("the answer is no HTTP 200"));
  }
  return copy_of(as_bytes(std::string_view(answer).substr(head + 4)));
}

}  // namespace handfast::apps::probe
