// Name resolution with a deadline: getaddrinfo(3) on a thread that is left behind when time is up.
#include <netdb.h>
#include <strings.h>
#include <sys/socket.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <handfast/tcp.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "io/address.hpp"
#include "io/system_call.hpp"

namespace handfast {
namespace {

struct Answer {
  int code = 0;
  int system_error = 0;
  std::vector<Endpoint> endpoints;
};

struct Shared {
  std::mutex mutex;
  std::condition_variable done;
  std::optional<Answer> answer;
};

Answer ask_system(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const std::string service = std::to_string(port);
  Answer answer;
  answer.code = ::getaddrinfo(host.c_str(), service.c_str(), &hints, &found);
  answer.system_error = errno;
  // AI_ADDRCONFIG ignores loopback: on a machine without a network even "localhost" needs a second try.
  if (answer.code == EAI_NONAME || answer.code == EAI_ADDRFAMILY || answer.code == EAI_NODATA) {
    hints.ai_flags = 0;
    answer.code = ::getaddrinfo(host.c_str(), service.c_str(), &hints, &found);
    answer.system_error = errno;
  }
  if (answer.code != 0) return answer;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    sockaddr_storage storage{};
    std::memcpy(&storage, entry->ai_addr, entry->ai_addrlen);
    auto endpoint = io::endpoint_of(storage);
    if (!endpoint.address.empty()) answer.endpoints.push_back(std::move(endpoint));
  }
  ::freeaddrinfo(found);
  return answer;
}

// "Name resolution APIs and libraries SHOULD recognize localhost names as special and SHOULD always return
// the IP loopback address" (RFC 6761 §6.3): a bare container has no /etc/hosts that would say so.
bool is_localhost(std::string_view host) {
  static constexpr std::string_view kName = "localhost";
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.size() < kName.size()) return false;
  const std::string_view rest = host.substr(0, host.size() - kName.size());
  return ::strncasecmp(host.data() + rest.size(), kName.data(), kName.size()) == 0 &&
         (rest.empty() || rest.ends_with('.'));
}

Answer ask_anybody(const std::string& host, std::uint16_t port) {
  Answer answer = ask_system(host, port);
  if (answer.code != 0 && is_localhost(host)) {
    answer.code = 0;
    answer.endpoints = {{"127.0.0.1", port, false}, {"::1", port, true}};
  }
  return answer;
}

std::optional<Answer> ask_with_deadline(const std::string& host, std::uint16_t port, Deadline deadline) {
  if (deadline == kNoDeadline) return ask_anybody(host, port);
  auto shared = std::make_shared<Shared>();
  std::thread([shared, host, port] {
    auto answer = ask_anybody(host, port);
    const std::lock_guard lock(shared->mutex);
    shared->answer = std::move(answer);
    shared->done.notify_all();
  }).detach();
  std::unique_lock lock(shared->mutex);
  shared->done.wait_until(lock, deadline, [&] { return shared->answer.has_value(); });
  return std::move(shared->answer);
}

Result<std::vector<Endpoint>> not_resolved(std::string_view host, const std::string& reason,
                                           NetworkFailure kind, ConnectReport& report) {
  report.failure = kind;
  return failure(Error(ErrorCode::io_failed).with_detail("resolving " + std::string(host) + ": " + reason));
}

}  // namespace

Result<std::vector<Endpoint>> resolve(std::string_view host, std::uint16_t port, Deadline deadline,
                                      ConnectReport* report) {
  ConnectReport unused;
  ConnectReport& out = report != nullptr ? *report : unused;
  if (const auto literal = io::address_from_text(host, port)) {
    out.resolved = {io::endpoint_of(literal->storage)};
    return out.resolved;
  }
  const auto start = std::chrono::steady_clock::now();
  std::optional<Answer> answer;
  try {
    answer = ask_with_deadline(std::string(host), port, deadline);
  } catch (const std::system_error&) {  // no thread to be had
    answer = ask_anybody(std::string(host), port);
  }
  out.resolving =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
  if (!answer) return not_resolved(host, "no answer in time", NetworkFailure::not_resolved, out);
  if (answer->code != 0) {
    const std::string reason =
        answer->code == EAI_SYSTEM ? io::words_of(answer->system_error) : ::gai_strerror(answer->code);
    return not_resolved(host, reason, NetworkFailure::not_resolved, out);
  }
  if (answer->endpoints.empty()) {
    return not_resolved(host, "the name has no IP address", NetworkFailure::not_resolved, out);
  }
  out.resolved = std::move(answer->endpoints);
  return out.resolved;
}

}  // namespace handfast
