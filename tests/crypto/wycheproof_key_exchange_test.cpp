// ECDH, X25519 and ML-KEM against Wycheproof's vectors, through the interface that handshakes use: private
// keys go in as the randomness of a key share.
#include <algorithm>

#include "crypto/key_exchange.hpp"
#include "crypto/wycheproof.hpp"
#include "support/recorded_random.hpp"

namespace handfast::crypto {
namespace {

using test::for_each_case;
using test::has_flag;
using test::hex_field;
using test::Json;
using test::RecordedRandom;

// The number with leading zeros added or removed.
ByteString with_size(ByteString number, std::size_t size) {
  while (number.size() > size && number.front() == 0) number.erase(number.begin());
  number.insert(number.begin(), size - std::min(size, number.size()), 0);
  return number;
}

void check_exchange(NamedGroup group, std::size_t scalar_size, const Json& test, bool must_work) {
  const RecordedRandom random(with_size(hex_field(test, "private"), scalar_size));
  auto key = ClientKeyShare::generate(group, random);
  ASSERT_TRUE(key);
  ASSERT_TRUE(random.used_up());
  const auto secret = std::move(*key).finish(hex_field(test, "public"));
  ASSERT_EQ(secret.has_value(), must_work);
  if (must_work) {
    EXPECT_EQ(test::to_hex(secret->view()), test.at("shared").get<std::string>());
  } else {
    EXPECT_EQ(secret.error().code(), ErrorCode::key_share_invalid);
  }
}

void check_ecdh(const char* file, NamedGroup group, std::size_t size) {
  for_each_case(file, [&](const Json&, const Json& test) {
    // TLS has no compressed points (RFC 9846 §4.3.8.2).
    check_exchange(group, size, test, test.at("result") == "valid" && !has_flag(test, "CompressedPoint"));
  });
}

TEST(WycheproofTest, EcdhP256) { check_ecdh("ecdh_secp256r1_ecpoint_test.json", NamedGroup::secp256r1, 32); }
TEST(WycheproofTest, EcdhP384) { check_ecdh("ecdh_secp384r1_ecpoint_test.json", NamedGroup::secp384r1, 48); }
TEST(WycheproofTest, EcdhP521) { check_ecdh("ecdh_secp521r1_ecpoint_test.json", NamedGroup::secp521r1, 66); }

TEST(WycheproofTest, X25519) {
  for_each_case("x25519_test.json", [](const Json&, const Json& test) {
    // Points on the twist and non-canonical ones are "acceptable" there and as good as others in RFC 7748.
    check_exchange(NamedGroup::x25519, 32, test, !has_flag(test, "ZeroSharedSecret"));
  });
}

void check_decapsulation(const char* file, NamedGroup group) {
  for_each_case(file, [&](const Json&, const Json& test) {
    const ByteString seed = hex_field(test, "seed");
    if (seed.size() != 64) return;  // the interface draws 64 bytes, no others
    const RecordedRandom random(seed);
    auto key = ClientKeyShare::generate(group, random);
    ASSERT_TRUE(key);
    const bool valid = test.at("result") == "valid";
    if (valid) {
      EXPECT_EQ(test::to_hex(key->public_key()), test.at("ek").get<std::string>());
    }
    const auto secret = std::move(*key).finish(hex_field(test, "c"));
    ASSERT_EQ(secret.has_value(), valid);
    if (valid) {
      EXPECT_EQ(test::to_hex(secret->view()), test.at("K").get<std::string>());
    } else {
      EXPECT_EQ(secret.error().code(), ErrorCode::key_share_invalid);
    }
  });
}

TEST(WycheproofTest, MlKem768Decapsulation) {
  check_decapsulation("mlkem_768_test.json", NamedGroup::MLKEM768);
}
TEST(WycheproofTest, MlKem1024Decapsulation) {
  check_decapsulation("mlkem_1024_test.json", NamedGroup::MLKEM1024);
}

void check_encapsulation(const char* file, NamedGroup group) {
  for_each_case(file, [&](const Json&, const Json& test) {
    const RecordedRandom random(hex_field(test, "m"));
    const auto answer = answer_key_share(group, hex_field(test, "ek"), random);
    ASSERT_EQ(answer.has_value(), test.at("result") == "valid");
    if (answer) {
      EXPECT_EQ(test::to_hex(answer->public_key), test.at("c").get<std::string>());
      EXPECT_EQ(test::to_hex(answer->secret.view()), test.at("K").get<std::string>());
    } else {
      EXPECT_EQ(answer.error().code(), ErrorCode::key_share_invalid);
    }
  });
}

TEST(WycheproofTest, MlKem768Encapsulation) {
  check_encapsulation("mlkem_768_encaps_test.json", NamedGroup::MLKEM768);
}
TEST(WycheproofTest, MlKem1024Encapsulation) {
  check_encapsulation("mlkem_1024_encaps_test.json", NamedGroup::MLKEM1024);
}

}  // namespace
}  // namespace handfast::crypto
