// The vocabulary of path building: a path that grows from the leaf to an anchor, and what is wrong on it.
#pragma once

#include <array>
#include <cstddef>
#include <handfast/error.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crypto/public_key.hpp"
#include "pki/certificate.hpp"
#include "pki/trust_index.hpp"
#include "pki/validation_policy.hpp"

namespace handfast::pki {

// A certificate that the peer sent.
struct Presented {
  Certificate certificate;
  std::size_t index = 0;   // its place in the peer's list
  bool is_anchor = false;  // the trust anchors hold the same bytes
  std::optional<Result<crypto::PublicKey>> key;

  const Result<crypto::PublicKey>& load_key() {
    if (!key) key.emplace(crypto::PublicKey::from_spki(certificate.spki));
    return *key;
  }
};

// One place in a path: `presented` or `anchor`.
struct PathStep {
  const Certificate* certificate = nullptr;
  Presented* presented = nullptr;
  const Anchor* anchor = nullptr;
};

class Path {
 public:
  void push(const PathStep& step) { steps_[size_++] = step; }
  void pop() { --size_; }
  [[nodiscard]] bool full() const { return size_ == kMaxPathLength; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const PathStep& operator[](std::size_t depth) const { return steps_[depth]; }
  [[nodiscard]] const PathStep& back() const { return steps_[size_ - 1]; }

 private:
  std::array<PathStep, kMaxPathLength> steps_{};
  std::size_t size_ = 0;
};

// Something wrong with the certificate at `depth`.
struct Fault {
  ErrorCode code;
  std::size_t depth;
  const Certificate* certificate;
  const char* field;
  std::string detail;
};

// The path that went farthest and everything that is wrong on it: what a failure is explained from.
struct Explanation {
  Path path;
  std::vector<Fault> faults;
};

// Where checks put what they find. While a path is searched the first fault ends it and nothing is kept; when
// none was found the search is repeated and every fault is kept, to explain the failure.
class Faults {
 public:
  // Answers whether to go on. `detail` is a function, so that it costs nothing while searching.
  template <class Detail>
  bool report(ErrorCode code, std::size_t depth, const Certificate& certificate, const char* field,
              Detail detail) {
    if (collecting_) found_.push_back({code, depth, &certificate, field, detail()});
    return collecting_;
  }
  void collect() { collecting_ = true; }
  [[nodiscard]] bool collecting() const { return collecting_; }
  [[nodiscard]] const std::vector<Fault>& found() const { return found_; }
  // Back to an earlier size().
  [[nodiscard]] std::size_t size() const { return found_.size(); }
  void truncate(std::size_t size) {
    found_.erase(found_.begin() + static_cast<std::ptrdiff_t>(size), found_.end());
  }

 private:
  bool collecting_ = false;
  std::vector<Fault> found_;
};

}  // namespace handfast::pki
