// The system's clock.
#include <handfast/system.hpp>

namespace handfast {
namespace {

class SystemClock : public Clock {
 public:
  [[nodiscard]] Time now() const override {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace handfast
