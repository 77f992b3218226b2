// The public suffix list for tests, if libpsl was there when they were built.
#pragma once

#include <string_view>

namespace handfast::test {

#ifdef HANDFAST_HAS_LIBPSL
inline constexpr bool kHasPublicSuffixes = true;
#else
inline constexpr bool kHasPublicSuffixes = false;
#endif

// For ValidationPolicy::is_public_suffix; null without libpsl.
using PublicSuffixes = bool (*)(std::string_view name);
PublicSuffixes public_suffixes();

}  // namespace handfast::test
