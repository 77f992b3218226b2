// The head of a request, strictly: what two readers could understand differently is refused.
#include "request.hpp"

#include <algorithm>

namespace handfast::apps::serve {
namespace {

Request refuse(int status) {
  Request out;
  out.refusal = status;
  out.summary = "not understood";
  return out;
}

// RFC 9110 §5.6.2, tchar.
bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

// RFC 9110 §5.5: visible characters, space, tab and obs-text.
bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find("\r\n");
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
  return line;
}

// RFC 9112 §3.2: origin-form, or absolute-form, which a server must accept.
std::string path_of(std::string_view target) {
  if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos && target[0] != '/') {
    const std::size_t slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return std::string(target.substr(0, target.find('?')));
}

int check_headers(std::string_view rest, bool host_needed) {
  std::size_t lines = 0;
  std::size_t hosts = 0;
  for (std::string_view line = take_line(rest); !line.empty(); line = take_line(rest)) {
    if (++lines > kMaxHeaderLines) return 431;
    const std::size_t colon = line.find(':');
    // "No whitespace is allowed between the field name and colon … reject … with … 400" RFC 9112 §5.1; a
    // folded line (§5.2) begins with a space and is no token either.
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return 400;
    if (!is_field_value(line.substr(colon + 1))) return 400;
    if (equal_ignoring_case(line.substr(0, colon), "host")) ++hosts;
  }
  // "A server MUST respond with a 400 … to any HTTP/1.1 request message that lacks a Host header field and to
  // any request message that contains more than one" RFC 9112 §3.2.
  return hosts > 1 || (host_needed && hosts == 0) ? 400 : 0;
}

}  // namespace

Request parse_head(std::string_view head) {
  std::string_view rest = head;
  const std::string_view line = take_line(rest);
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return refuse(400);
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);

  if (!is_token(method) || target.empty() || !is_visible(target)) return refuse(400);
  if (version.size() != 8 || version.substr(0, 5) != "HTTP/") return refuse(400);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return refuse(505);
  if (target.size() > kMaxTargetSize) return refuse(414);
  if (const int status = check_headers(rest, version == "HTTP/1.1"); status != 0) return refuse(status);
  if (method != "GET" && method != "HEAD") return refuse(405);

  Request out;
  out.head = method == "HEAD";
  out.path = path_of(target);
  constexpr std::size_t kSummaryMax = 80;
  out.summary = (out.head ? "HEAD " : "GET ") + out.path.substr(0, kSummaryMax);
  return out;
}

bool RequestReader::take(std::string_view bytes) {
  // "a server … SHOULD ignore at least one empty line (CRLF) received prior to the request-line" RFC 9112
  // §2.2.
  while (head_.empty() && (bytes.starts_with('\r') || bytes.starts_with('\n'))) bytes.remove_prefix(1);
  const std::size_t before = head_.size();
  head_ += bytes.substr(0, kMaxHeadSize + 1 - std::min(kMaxHeadSize + 1, before));
  const std::size_t end = head_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
  if (end != std::string::npos && end + 4 <= kMaxHeadSize) {
    request_ = parse_head(std::string_view(head_).substr(0, end + 4));
    return true;
  }
  if (head_.size() <= kMaxHeadSize) return false;
  request_ = refuse(head_.find("\r\n") == std::string::npos ? 414 : 431);
  return true;
}

void RequestReader::finish(int status) { request_ = refuse(status); }

}  // namespace handfast::apps::serve
