// Runs ML-KEM under memcheck with every secret marked as uninitialised: memcheck then reports each branch and
// each address that depends on one. What FIPS 203 publishes (ρ, the encapsulation key, ciphertexts) is marked
// as known. Must run under valgrind: exits with 77 elsewhere. With --leak it branches on a secret, to show
// that this is noticed.
#include <valgrind/memcheck.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <handfast/bytes.hpp>
#include <string_view>
#include <vector>

#include "crypto/mlkem/constant_time.hpp"
#include "crypto/mlkem/keccak_permutation.hpp"
#include "crypto/mlkem/mlkem.hpp"

namespace {

using namespace handfast;
using namespace handfast::crypto::mlkem;

using Secret32 = std::array<std::uint8_t, 32>;

void make_secret(Bytes bytes) { VALGRIND_MAKE_MEM_UNDEFINED(bytes.data(), bytes.size()); }
void make_public(Bytes bytes) { declassify(bytes); }

// What decapsulating `ciphertext` gives, known again so that it may be compared.
Secret32 decapsulate(const DecapsulationKey& key, Bytes ciphertext) {
  Secret32 secret{};
  const bool done = key.decapsulate(ciphertext, secret);
  make_public(secret);
  return done ? secret : Secret32{};
}

// Good and bad ciphertexts under one key, then the same under its expanded form.
bool exchange(Parameters parameters, std::uint8_t fill) {
  std::array<std::uint8_t, kSeedSize> seed;
  Secret32 m;
  seed.fill(fill);
  m.fill(static_cast<std::uint8_t>(~fill));
  make_secret(seed);
  make_secret(m);

  const DecapsulationKey key = DecapsulationKey::from_seed(parameters, seed);
  const Bytes encapsulation_key = key.encapsulation_key();
  const ByteString published(copy_of(encapsulation_key));
  make_public(published);

  ByteString ciphertext(ciphertext_size(parameters));
  Secret32 secret{};
  if (!encapsulate(parameters, published, m, ciphertext, secret)) return false;
  make_public(ciphertext);
  make_public(secret);
  ByteString changed = ciphertext;
  changed.back() ^= 1;

  ByteString expanded(decapsulation_key_size(parameters));
  if (!key.expand(expanded)) return false;
  const std::size_t tail = published.size() + 64;
  make_public(Bytes(expanded).last(tail).first(published.size() + 32));  // ek and H(ek), not ŝ or z
  const auto again = DecapsulationKey::from_expanded(parameters, expanded);
  if (!again) return false;

  const Secret32 rejected = decapsulate(key, changed);
  return decapsulate(key, ciphertext) == secret && rejected != secret &&
         decapsulate(*again, ciphertext) == secret && decapsulate(*again, changed) == rejected;
}

// The path that processors without AVX2 take.
void permute_portably() {
  FourKeccakStates states{};
  make_secret({reinterpret_cast<const std::uint8_t*>(&states), sizeof(states)});
  permute_four_portable(states, kParallel);
}

void leak() {
  Secret32 secret{};
  make_secret(secret);
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
  permute_portably();
  for (const Parameters parameters : {Parameters::mlkem768, Parameters::mlkem1024}) {
    for (const std::uint8_t fill : std::array<std::uint8_t, 3>{0x00, 0x5a, 0xff}) {
      if (!exchange(parameters, fill)) {
        std::puts("the two sides do not share a secret");
        return 2;
      }
    }
  }
  std::puts("no secret decided a branch or an address, unless memcheck says so above");
  return 0;
}
