// What an HTTP answer says about TLS: some servers complete the handshake and complain afterwards.
#pragma once

#include <optional>
#include <string_view>

#include "connect/diagnosis.hpp"

namespace handfast::apps {

// `head` is the beginning of the answer. Nothing for answers that are about something else.
std::optional<Finding> diagnose_answer(std::string_view head, const Circumstances& circumstances);

}  // namespace handfast::apps
