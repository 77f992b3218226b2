// Selects premaster secrets under memcheck with the decryption marked as uninitialised: memcheck then reports
// each branch and each address that depends on it. Must run under valgrind: exits with 77 elsewhere. With
// --leak it branches on it, to show that this is noticed.
#include <valgrind/memcheck.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "crypto/premaster_selection.hpp"

using namespace handfast;

namespace {

constexpr std::size_t kModulus = 256;
constexpr std::size_t kSize = crypto::kRsaPremasterSize;

std::array<std::uint8_t, kModulus> well_formed() {
  std::array<std::uint8_t, kModulus> encoded{};
  encoded.fill(0x5a);
  encoded[0] = 0;
  encoded[1] = 2;
  encoded[kModulus - kSize - 1] = 0;
  encoded[kModulus - kSize] = 3;
  encoded[kModulus - kSize + 1] = 3;
  return encoded;
}

// True if the right one of the two was selected.
bool select(std::array<std::uint8_t, kModulus> encoded, bool good) {
  std::array<std::uint8_t, kSize> fallback{};
  fallback.fill(0xc3);
  const auto expected = well_formed();
  VALGRIND_MAKE_MEM_UNDEFINED(encoded.data(), encoded.size());
  VALGRIND_MAKE_MEM_UNDEFINED(fallback.data(), fallback.size());
  const auto premaster = crypto::rsa::select_premaster(encoded, ProtocolVersion::tls1_2, fallback);
  VALGRIND_MAKE_MEM_DEFINED(premaster.view().data(), premaster.size());
  VALGRIND_MAKE_MEM_DEFINED(fallback.data(), fallback.size());
  return good ? std::ranges::equal(premaster.view(), Bytes(expected).last(kSize))
              : std::ranges::equal(premaster.view(), fallback);
}

void leak() {
  std::array<std::uint8_t, 1> secret{};
  VALGRIND_MAKE_MEM_UNDEFINED(secret.data(), secret.size());
  volatile int taken = 0;
  if (secret[0] == 1) taken = taken + 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (RUNNING_ON_VALGRIND == 0) {
    std::puts("skipped: this check means something only under valgrind");
    return 77;
  }
  if (argc > 1 && std::string_view(argv[1]) == "--leak") leak();
  bool right = select(well_formed(), true);
  for (const std::size_t position : {std::size_t{0}, std::size_t{1}, std::size_t{2}, kModulus - kSize - 2,
                                     kModulus - kSize - 1, kModulus - kSize, kModulus - kSize + 1}) {
    auto bad = well_formed();
    const bool is_padding = position >= 2 && position < kModulus - kSize - 1;
    bad[position] = is_padding ? std::uint8_t{0} : static_cast<std::uint8_t>(bad[position] ^ 1U);
    right = select(bad, false) && right;
  }
  if (!right) {
    std::puts("the wrong premaster secret was selected");
    return 2;
  }
  std::puts("no decrypted byte decided a branch or an address, unless memcheck says so above");
  return 0;
}
