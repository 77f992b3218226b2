// Included in front of the sources that proof_constant_time.cpp checks: whether a comparison in constant time
// was right decides about the connection, so memcheck is told that this is public. What leads to it is not.
#pragma once

#include <valgrind/memcheck.h>

#include <handfast/secret.hpp>

namespace handfast {

inline bool constant_time_equal_published(Bytes a, Bytes b) {
  bool equal = constant_time_equal(a, b);
  (void)VALGRIND_MAKE_MEM_DEFINED(&equal, sizeof(equal));
  return equal;
}

}  // namespace handfast

#define constant_time_equal constant_time_equal_published
