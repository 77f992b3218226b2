// One HTTP/1.1 request, as little of it as a page about a handshake needs. RFC 9112 §2–§5, RFC 9110 §9.
// Takes bytes as they come; must not read a socket and must not keep more than its limits allow.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace handfast::apps::serve {

// Longer heads are refused with 431: browsers stay far below, and the buffer of a visitor stays small.
inline constexpr std::size_t kMaxHeadSize = 8192;
// Longer request targets are refused with 414.
inline constexpr std::size_t kMaxTargetSize = 1024;
// More header lines are refused with 431.
inline constexpr std::size_t kMaxHeaderLines = 64;

struct Request {
  // 0: a request that can be answered; else the status to refuse it with.
  int refusal = 0;
  bool head = false;    // HEAD: no body in the answer
  std::string path;     // of the target, without query; never decoded, compared literally only
  std::string summary;  // "GET /": the peer's own text, cut short; escape it
};

// Collects the head of a request.
class RequestReader {
 public:
  // Takes the next bytes. True as soon as request() is final; what follows the head is not looked at.
  bool take(std::string_view bytes);
  // The peer will send nothing more, or not in time: what came is refused with `status`.
  void finish(int status);
  [[nodiscard]] const Request& request() const { return request_; }
  [[nodiscard]] bool started() const { return !head_.empty(); }

 private:
  std::string head_;
  Request request_;
};

// Of a whole head, up to and including the empty line.
Request parse_head(std::string_view head);

}  // namespace handfast::apps::serve
