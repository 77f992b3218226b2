// look: a whole handshake that believes whoever answers, to see what is there: certificates, and what the
// server says of itself in HTTP. Nothing secret is sent, and nothing it learns is trusted.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <handfast/error.hpp>
#include <handfast/server_name.hpp>
#include <handfast/tcp.hpp>
#include <optional>
#include <string>
#include <vector>

namespace handfast::apps::probe {

struct Sight {
  std::vector<ByteString> chain;  // DER, as it was sent; empty if it did not get so far
  bool established = false;
  std::string server;        // HTTP's Server header; not escaped
  std::optional<Time> date;  // HTTP's Date header
};

struct LookSettings {
  bool send_name = true;
  bool ask_page = false;  // HEAD /
};

Sight look(const Endpoint& endpoint, const ServerName& name, const LookSettings& settings, Deadline deadline);

// The value of a header in an HTTP answer; empty if it is not there.
std::string header_of(std::string_view answer, std::string_view name);
// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7).
std::optional<Time> parse_http_date(const std::string& text);

}  // namespace handfast::apps::probe
