// The head line and the summary of a session, as text without drawing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/terminal.hpp"
#include "connect/session.hpp"

namespace handfast::apps {

// "example.org:443  →  93.184.215.14 (1 of 2 IPv4, 2 IPv6 not tried)"
std::string head_line(std::string_view input, const ConnectReport& report);
// "[2001:db8::1]:443: Connection refused", for those before the one that worked.
std::vector<std::string> failed_attempts(const ConnectReport& report);
// "✔ Secure connection in 24.9 ms (…)" and what was agreed on.
std::string summary_text(const SessionResult& result, const Style& style, const ConnectCommand& command);

}  // namespace handfast::apps
