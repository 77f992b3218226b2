// Ten thousand random exchanges whose results hash to published values: rare cases without megabytes of
// vectors. The expected hashes are those of C2SP's CCTV collection, which target the draft of FIPS 203, and
// of the Go project, which target the standard. Needs no vector files.
#include <gtest/gtest.h>

#include <string>

#include "crypto/mlkem/keccak.hpp"
#include "crypto/mlkem/mlkem.hpp"
#include "crypto/mlkem/pke.hpp"
#include "mlkem_draft_key.hpp"
#include "mlkem_test_support.hpp"

namespace handfast::crypto::mlkem::test {
namespace {

constexpr int kExchanges = 10000;

ByteString draw(Sponge& source, std::size_t size) {
  ByteString bytes(size);
  source.squeeze(bytes);
  return bytes;
}

// The draft's collection also hashes the expanded key, and draws the bad ciphertext whatever comes of the
// good one.
std::string accumulate(Parameters parameters, bool draft) {
  Sponge source = shake128();
  Sponge results = shake128();
  for (int i = 0; i < kExchanges; ++i) {
    const ByteString seed = draw(source, kSeedSize);
    const ByteString m = draw(source, kMessageSize);
    const ByteString random_ciphertext = draw(source, ciphertext_size(parameters));
    const auto key = draft ? draft_key(parameters, seed) : key_from_seed(parameters, seed);
    if (!key) return "no key";
    const auto sent = encapsulate(parameters, key->encapsulation_key(), m);
    if (!sent || decapsulate(*key, sent->ciphertext) != sent->secret) return "secrets differ";
    const auto rejected = decapsulate(*key, random_ciphertext);
    if (!rejected) return "not decapsulated";
    results.absorb(key->encapsulation_key());
    if (draft) results.absorb(expanded(parameters, *key));
    results.absorb(sent->ciphertext);
    results.absorb(sent->secret);
    results.absorb(*rejected);
  }
  return to_hex(draw(results, 32));
}

TEST(MlkemAccumulated, Standard768) {
  EXPECT_EQ(accumulate(Parameters::mlkem768, false),
            "8a518cc63da366322a8e7a818c7a0d63483cb3528d34a4cf42f35d5ad73f22fc");
}

TEST(MlkemAccumulated, Draft768) {
  EXPECT_EQ(accumulate(Parameters::mlkem768, true),
            "f7db260e1137a742e05fe0db9525012812b004d29040a5b606aad3d134b548d3");
}

TEST(MlkemAccumulated, Draft1024) {
  EXPECT_EQ(accumulate(Parameters::mlkem1024, true),
            "47ac888fe61544efc0518f46094b4f8a600965fc89822acb06dc7169d24f3543");
}

}  // namespace
}  // namespace handfast::crypto::mlkem::test
