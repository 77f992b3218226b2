// The encodings of RSA signatures: see the header.
#include "crypto/rsa_padding.hpp"

#include <algorithm>
#include <array>
#include <handfast/secret.hpp>

namespace handfast::crypto::rsa {
namespace {

// RFC 8017 §9.2, note 1: DigestInfo up to the digest, for SHA-1, SHA-256, SHA-384 and SHA-512.
constexpr std::array<std::uint8_t, 15> kSha1Prefix{0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e,
                                                   0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14};
constexpr std::array<std::uint8_t, 19> sha2_prefix(std::uint8_t oid_end, std::uint8_t size) {
  return {0x30,    static_cast<std::uint8_t>(size + 17),
          0x30,    0x0d,
          0x06,    0x09,
          0x60,    0x86,
          0x48,    0x01,
          0x65,    0x03,
          0x04,    0x02,
          oid_end, 0x05,
          0x00,    0x04,
          size};
}
constexpr auto kSha256Prefix = sha2_prefix(1, 32);
constexpr auto kSha384Prefix = sha2_prefix(2, 48);
constexpr auto kSha512Prefix = sha2_prefix(3, 64);

Bytes digest_info_prefix(HashAlgorithm hash) {
  switch (hash) {
    case HashAlgorithm::sha1:
      return kSha1Prefix;
    case HashAlgorithm::sha256:
      return kSha256Prefix;
    case HashAlgorithm::sha384:
      return kSha384Prefix;
    case HashAlgorithm::sha512:
      return kSha512Prefix;
  }
  return {};
}

constexpr std::uint8_t kPssTrailer = 0xbc;
constexpr std::array<std::uint8_t, 8> kPssZeros{};

// §9.1: the parts of an encoded message EM = maskedDB ‖ H ‖ 0xbc of emBits = modulus_bits - 1.
struct PssLayout {
  MutableBytes masked_db;
  MutableBytes h;
  std::uint8_t top_mask = 0;  // the bits of the first octet that EM may use
};

// The layout of `encoded`, without the zero octet in front that a modulus of 8n + 1 bits leaves.
// False if there is no room for hash and salt (step 3).
bool lay_out(HashAlgorithm hash, std::size_t modulus_bits, MutableBytes encoded, PssLayout& layout) {
  const std::size_t em_bits = modulus_bits - 1;
  const std::size_t em_size = (em_bits + 7) / 8;
  const std::size_t hash_length = hash_size(hash);
  if (em_size > encoded.size() || em_size < 2 * hash_length + 2) return false;
  const MutableBytes em = encoded.last(em_size);
  layout.masked_db = em.first(em_size - hash_length - 1);
  layout.h = em.subspan(layout.masked_db.size(), hash_length);
  layout.top_mask = static_cast<std::uint8_t>(0xffU >> (8 * em_size - em_bits));
  return true;
}

// MGF1, RFC 8017 §B.2.1: target ^= mask of `seed`.
Result<void> apply_mask(HashAlgorithm hash_algorithm, Bytes seed, MutableBytes target) {
  Hash seeded(hash_algorithm);
  seeded.update(seed);
  for (std::uint8_t counter = 0; !target.empty(); ++counter) {
    const std::array<std::uint8_t, 4> octets{0, 0, 0, counter};
    Hash block = seeded;
    block.update(octets);
    HANDFAST_TRY_ASSIGN(const Digest mask, block.current());
    const std::size_t size = std::min(target.size(), mask.view().size());
    for (std::size_t i = 0; i < size; ++i) target[i] ^= mask.view()[i];
    target = target.subspan(size);
  }
  return {};
}

}  // namespace

bool encode_pkcs1(HashAlgorithm hash, Bytes digest, MutableBytes encoded) {
  const Bytes prefix = digest_info_prefix(hash);
  const std::size_t info_size = prefix.size() + digest.size();
  constexpr std::size_t kOverhead = 11;  // 00 01, at least eight ff, 00
  if (encoded.size() < info_size + kOverhead) return false;
  encoded[0] = 0x00;
  encoded[1] = 0x01;
  const std::size_t separator = encoded.size() - info_size - 1;
  std::ranges::fill(encoded.subspan(2, separator - 2), std::uint8_t{0xff});
  encoded[separator] = 0x00;
  std::ranges::copy(prefix, encoded.begin() + static_cast<std::ptrdiff_t>(separator + 1));
  std::ranges::copy(digest, encoded.end() - static_cast<std::ptrdiff_t>(digest.size()));
  return true;
}

Result<void> encode_pss(HashAlgorithm hash_algorithm, Bytes digest, Bytes salt, std::size_t modulus_bits,
                        MutableBytes encoded) {
  PssLayout layout;
  if (salt.size() != hash_size(hash_algorithm) || !lay_out(hash_algorithm, modulus_bits, encoded, layout)) {
    return failure(ErrorCode::signer_failed);
  }
  std::ranges::fill(encoded, std::uint8_t{0});
  HANDFAST_TRY_ASSIGN(const Digest h, hash(hash_algorithm, {kPssZeros, digest, salt}));
  std::ranges::copy(h.view(), layout.h.begin());
  encoded.back() = kPssTrailer;
  const MutableBytes db = layout.masked_db;
  db[db.size() - salt.size() - 1] = 0x01;
  std::ranges::copy(salt, db.last(salt.size()).begin());
  HANDFAST_TRY(apply_mask(hash_algorithm, layout.h, db));
  db[0] &= layout.top_mask;
  return {};
}

Result<void> verify_pss(HashAlgorithm hash_algorithm, Bytes digest, std::size_t modulus_bits,
                        MutableBytes encoded) {
  const auto inconsistent = failure(ErrorCode::certificate_bad_signature);
  PssLayout layout;
  if (!lay_out(hash_algorithm, modulus_bits, encoded, layout)) return inconsistent;
  const MutableBytes db = layout.masked_db;
  const std::size_t surplus = encoded.size() - db.size() - layout.h.size() - 1;
  const bool surplus_zero = surplus == 0 || encoded[0] == 0;
  // Steps 4 and 6.
  if (!surplus_zero || encoded.back() != kPssTrailer || (db[0] & ~layout.top_mask) != 0) return inconsistent;
  HANDFAST_TRY(apply_mask(hash_algorithm, layout.h, db));
  db[0] &= layout.top_mask;
  const Bytes salt = db.last(hash_size(hash_algorithm));
  const Bytes padding = db.first(db.size() - salt.size());
  // Step 10: zeros, then 0x01 where a salt of this length begins.
  const bool zeros =
      std::ranges::all_of(padding.first(padding.size() - 1), [](std::uint8_t b) { return b == 0; });
  if (!zeros || padding.back() != 0x01) return inconsistent;
  HANDFAST_TRY_ASSIGN(const Digest expected, hash(hash_algorithm, {kPssZeros, digest, salt}));
  if (!constant_time_equal(expected.view(), layout.h)) return inconsistent;
  return {};
}

}  // namespace handfast::crypto::rsa
