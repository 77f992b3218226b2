// What the ML-KEM code needs to stay free of secret branches and of secret leftovers (FIPS 203 §3.3).
// Must not contain arithmetic of its own: only barriers, marks and wiping.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#ifdef HANDFAST_CONSTANT_TIME_CHECK
#include <valgrind/memcheck.h>
#endif

#include <handfast/bytes.hpp>
#include <handfast/secret.hpp>

namespace handfast::crypto::mlkem {

// Hides where `value` came from, so that the compiler cannot turn arithmetic on a mask back into a branch.
[[gnu::always_inline]] inline std::uint32_t opaque(std::uint32_t value) {
  __asm__("" : "+r"(value));
  return value;
}

// States that FIPS 203 publishes these bytes although they were computed from a secret.
// Only the constant-time check, which runs under memcheck, sees a difference.
inline void declassify([[maybe_unused]] Bytes bytes) {
#ifdef HANDFAST_CONSTANT_TIME_CHECK
  VALGRIND_MAKE_MEM_DEFINED(bytes.data(), bytes.size());
#endif
}

// A temporary that holds secrets: wiped when it goes. What the compiler spills to the stack is out of reach.
template <class T>
struct Wiped {
  static_assert(std::is_trivially_copyable_v<T>);
  Wiped() = default;
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { wipe({reinterpret_cast<std::uint8_t*>(&value), sizeof(value)}); }
  T* operator->() { return &value; }
  T& operator*() { return value; }

  T value{};
};

}  // namespace handfast::crypto::mlkem
