// An HTTP/1.1 response of this server: one per connection, with headers that let a page do nothing but be
// read. RFC 9112 §4, RFC 9110 §15.
#pragma once

#include <handfast/clock.hpp>
#include <string>
#include <string_view>

namespace handfast::apps::serve {

struct Response {
  int status = 200;
  std::string_view content_type;  // a literal
  std::string body;
};

std::string_view reason_phrase(int status);

// Head and, unless `head_only`, body. `policy` is the value of Content-Security-Policy.
std::string encode_response(const Response& response, std::string_view policy, bool head_only, Time now);

}  // namespace handfast::apps::serve
