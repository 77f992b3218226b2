// A RandomSource that gives the bytes of a recording, in order, and fails when it is used up.
#pragma once

#include <algorithm>
#include <handfast/random.hpp>
#include <mutex>
#include <utility>

namespace handfast::test {

class RecordedRandom final : public RandomSource {
 public:
  explicit RecordedRandom(ByteString bytes) : bytes_(std::move(bytes)) {}

  Result<void> fill(MutableBytes out) const override {
    const std::lock_guard lock(mutex_);
    if (out.size() > bytes_.size() - used_) return failure(ErrorCode::crypto_failed);
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(used_), out.size(), out.begin());
    used_ += out.size();
    return {};
  }
  [[nodiscard]] bool used_up() const { return used_ == bytes_.size(); }

 private:
  ByteString bytes_;
  mutable std::mutex mutex_;
  mutable std::size_t used_ = 0;
};

}  // namespace handfast::test
