// The table of cipher suites, from the outside: what it must not hold. Attack rows 5, 24, 33 to 36, 40, 41.
#include "keys/cipher_suite.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace handfast::keys {
namespace {

// TLS 1.3 and TLS 1.2, AES-GCM and ChaCha20-Poly1305; of all 65536 code points no other.
TEST(CipherSuites, NothingButAeadsExists) {
  constexpr std::array kKnown = {0x1301, 0x1302, 0x1303, 0xc02b, 0xc02c, 0xcca9, 0xc02f,
                                 0xc030, 0xcca8, 0x009e, 0x009f, 0xccaa, 0x009c, 0x009d};
  for (int code = 0; code <= 0xffff; ++code) {
    const SuiteParameters* const row = find_suite(static_cast<CipherSuite>(code));
    const bool is_known = std::find(kKnown.begin(), kKnown.end(), code) != kKnown.end();
    EXPECT_EQ(row != nullptr, is_known) << code;
    if (row == nullptr) continue;
    EXPECT_EQ(row->version == ProtocolVersion::tls1_3, code < 0x1400 && code >= 0x1301);
    EXPECT_LE(row->aead, crypto::AeadAlgorithm::chacha20_poly1305);
    EXPECT_GE(row->hash, crypto::HashAlgorithm::sha256);
  }
}

}  // namespace
}  // namespace handfast::keys
