// Randomness for one handshake, drawn from libcrypto's generator in one piece: each request to it costs some
// microseconds, whatever its size, and a handshake makes up to ten. RFC 9846 §C.1.
// Lives as long as the handshake: what is drawn before a fork() belongs to a connection that both processes
// hold anyway. Every byte is handed out once and wiped here.
#pragma once

#include <algorithm>
#include <array>
#include <handfast/random.hpp>
#include <handfast/secret.hpp>

namespace handfast::handshake {

class DrawnRandom final : public RandomSource {
 public:
  DrawnRandom() = default;
  DrawnRandom(const DrawnRandom&) = delete;
  DrawnRandom& operator=(const DrawnRandom&) = delete;
  ~DrawnRandom() override { wipe(piece_); }

  // Unlike other sources: for the one thread that performs the handshake.
  Result<void> fill(MutableBytes out) const override {
    if (out.size() > kPiece) return system_random().fill(out);
    if (out.size() > left_) {
      left_ = 0;
      HANDFAST_TRY(system_random().fill(piece_));
      left_ = kPiece;
    }
    const MutableBytes next = MutableBytes(piece_).subspan(kPiece - left_, out.size());
    std::ranges::copy(next, out.begin());
    wipe(next);
    left_ -= out.size();
    return {};
  }

 private:
  // Both randoms, a hybrid key share and two tickets.
  static constexpr std::size_t kPiece = 256;
  mutable std::array<std::uint8_t, kPiece> piece_{};
  mutable std::size_t left_ = 0;
};

}  // namespace handfast::handshake
