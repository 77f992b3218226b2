// What is said of keys and signatures that are not supported: their names, where they have one.
#include <gtest/gtest.h>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "pki/key_info.hpp"
#include "pki/signature_algorithm.hpp"

namespace handfast::test {
namespace {

namespace der = crypto::der;
using crypto::der_encode;

ByteString algorithm(const ByteString& oid) {
  return der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {oid})});
}

TEST(AlgorithmName, OfWhatIsNotSupported) {
  const ByteString ml_dsa_65 = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12};
  const ByteString ed448 = {0x2b, 0x65, 0x71};
  const ByteString nobody_knows = {0x2a, 0x03, 0x04};
  const std::pair<ByteString, const char*> rows[] = {
      {ml_dsa_65, "ML-DSA-65"}, {ed448, "Ed448"}, {nobody_knows, "1.2.3.4"}};
  for (const auto& [oid, name] : rows) {
    const ByteString spki =
        der_encode(der::kSequence, {algorithm(oid), crypto::der_bit_string(ByteString(4))});
    const bool has = oid == ml_dsa_65 && crypto::has_ml_dsa();
    EXPECT_EQ(pki::key_info_of(spki).type.has_value(), has) << name;
    EXPECT_EQ(pki::key_info_of(spki).to_string(), name);
    EXPECT_EQ(pki::signature_algorithm_to_text(algorithm(oid)), name);
  }
}

}  // namespace
}  // namespace handfast::test
