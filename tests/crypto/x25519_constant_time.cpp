// Makes X25519 public keys under memcheck with the private key marked as uninitialised: memcheck then reports
// each branch and each address that depends on it. Must run under valgrind: exits with 77 elsewhere. With
// --leak it branches on one, to show that this is noticed.
#include <valgrind/memcheck.h>

#include <array>
#include <cstdio>
#include <string_view>

#include "crypto/x25519_base.hpp"

using namespace handfast;

namespace {

using Key = std::array<std::uint8_t, 32>;

Key public_key(Key scalar, bool secret) {
  if (secret) VALGRIND_MAKE_MEM_UNDEFINED(scalar.data(), scalar.size());
  Key out{};
#ifdef HANDFAST_FIELD25519
  crypto::x25519::multiply_base_point(scalar, out);
#endif
  VALGRIND_MAKE_MEM_DEFINED(out.data(), out.size());
  return out;
}

void leak() {
  Key secret{};
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
  for (const int byte : {0x00, 0x35, 0x78, 0xc8, 0xff}) {
    Key scalar{};
    scalar.fill(static_cast<std::uint8_t>(byte));
    if (public_key(scalar, true) != public_key(scalar, false)) {
      std::puts("the keys differ");
      return 2;
    }
  }
  std::puts("no bit of a private key decided a branch or an address, unless memcheck says so above");
  return 0;
}
