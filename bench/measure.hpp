// Measuring CPU time on a noisy machine: contenders take turns, and each one's best round counts.
#pragma once

#include <time.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace handfast::bench {

// CPU time of this thread, in microseconds.
inline double cpu_microseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

// Adds up the CPU time of the scopes it is handed to.
class Stopwatch {
 public:
  class Lap {
   public:
    explicit Lap(double& total) : total_(total), start_(cpu_microseconds()) {}
    Lap(const Lap&) = delete;
    Lap& operator=(const Lap&) = delete;
    ~Lap() { total_ += cpu_microseconds() - start_; }

   private:
    double& total_;
    double start_;
  };
  Lap lap() { return Lap(total_); }
  [[nodiscard]] double total() const { return total_; }

 private:
  double total_ = 0;
};

// What one round of a contender cost, in microseconds an operation. Several figures, e.g. {client, server}.
using Costs = std::vector<double>;

struct Contender {
  std::string name;
  std::function<Costs()> round;
  Costs best{};
};

// Every contender in turn, `rounds` times; keeps the smallest cost of each figure.
inline void take_turns(std::vector<Contender>& contenders, int rounds) {
  for (int i = 0; i < rounds; ++i) {
    for (Contender& contender : contenders) {
      const Costs costs = contender.round();
      if (contender.best.empty()) contender.best.assign(costs.size(), std::numeric_limits<double>::max());
      for (std::size_t k = 0; k < costs.size(); ++k)
        contender.best[k] = std::min(contender.best[k], costs[k]);
    }
  }
}

}  // namespace handfast::bench
