// Which premaster secret: see the header. No branch and no address depends on what was decrypted.
#include "crypto/premaster_selection.hpp"

namespace handfast::crypto::rsa {
namespace {

constexpr std::size_t kOverhead = 2 + 8 + 1;  // 00 02, at least eight bytes of padding, 00

// 0xff if the two are the same, else 0. The volatile read keeps compilers from turning it into a branch.
std::uint8_t equal_mask(std::uint8_t a, std::uint8_t b) {
  const volatile unsigned difference = static_cast<unsigned>(a ^ b);
  return static_cast<std::uint8_t>((difference - 1U) >> 8U);
}

}  // namespace

// EM = 0x00 || 0x02 || PS || 0x00 || M, where PS has no zero octet and M is client_version and 46 bytes: its
// length fixes where everything stands.
RsaPremaster select_premaster(Bytes encoded, ProtocolVersion offered, Bytes fallback) {
  if (encoded.size() < kRsaPremasterSize + kOverhead || fallback.size() != kRsaPremasterSize) {
    return RsaPremaster(fallback);  // lengths are public
  }
  const std::size_t separator = encoded.size() - kRsaPremasterSize - 1;
  const Bytes message = encoded.last(kRsaPremasterSize);
  const auto version = static_cast<std::uint16_t>(offered);
  std::uint8_t good = equal_mask(encoded[0], 0x00);
  good &= equal_mask(encoded[1], 0x02);
  for (std::size_t i = 2; i < separator; ++i) {
    good &= static_cast<std::uint8_t>(~equal_mask(encoded[i], 0x00));
  }
  good &= equal_mask(encoded[separator], 0x00);
  good &= equal_mask(message[0], static_cast<std::uint8_t>(version >> 8U));
  good &= equal_mask(message[1], static_cast<std::uint8_t>(version));
  RsaPremaster premaster(kRsaPremasterSize);
  for (std::size_t i = 0; i < kRsaPremasterSize; ++i) {
    premaster.writable()[i] = static_cast<std::uint8_t>((message[i] & good) | (fallback[i] & ~good));
  }
  return premaster;
}

}  // namespace handfast::crypto::rsa
