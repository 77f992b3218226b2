// fetch: one small file over plain HTTP, as certificates name their issuers (RFC 5280 §4.2.2.1). The address
// comes from a peer: only http://, no redirects, one size and one deadline.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <handfast/tcp.hpp>
#include <string_view>

namespace handfast::apps::probe {

inline constexpr std::size_t kLongestFetched = std::size_t{64} * 1024;

// The body of a 200. Errors: name_invalid for addresses it does not take, io_failed, limit_exceeded,
// message_malformed for an answer that is no 200.
Result<ByteString> fetch(std::string_view url, Deadline deadline);

}  // namespace handfast::apps::probe
