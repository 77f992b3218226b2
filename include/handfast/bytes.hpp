// Byte views and byte strings: the vocabulary of every other header.
// Must not know anything of TLS.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace handfast {

// A view of bytes that somebody else owns. Valid only as long as its owner says.
using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

// Bytes that are owned. Never used for secrets: see secret.hpp.
using ByteString = std::vector<std::uint8_t>;

// The characters of `text` as bytes, without a terminator. Lives as long as `text`.
inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// The bytes as characters, unescaped: never print what a peer sent without escaping it first.
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// An owned copy.
inline ByteString copy_of(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace handfast
