// MD5 (RFC 1321), because JA3 is defined by it. Broken long ago: must not be used for anything else.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace handfast::apps {

std::array<std::uint8_t, 16> md5(std::string_view text);

}  // namespace handfast::apps
