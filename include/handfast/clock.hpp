// Clock: the only way the library learns the time. Tests inject their own.
// The clock of the system is made by handfast/system.hpp, in the io layer.
#pragma once

#include <chrono>

namespace handfast {

// Seconds since 1970-01-01T00:00:00Z, as certificates and tickets count them.
using Time = std::chrono::sys_seconds;

// Thread-safety: now() may be called from several threads at once.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Time now() const = 0;
};

}  // namespace handfast
