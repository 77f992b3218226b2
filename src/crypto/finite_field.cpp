// Finite-field Diffie-Hellman: see the header. The primes of RFC 7919 are libcrypto's own.
#define OPENSSL_SUPPRESS_DEPRECATED  // DH_new_by_nid: the only way to these primes in libcrypto 3
#include "crypto/finite_field.hpp"

#include <openssl/dh.h>
#include <openssl/obj_mac.h>

#include <algorithm>
#include <array>

#include "crypto/openssl.hpp"

namespace handfast::crypto {
namespace {

using OwnedContext = std::unique_ptr<BN_CTX, FreeWith<&BN_CTX_free>>;
using OwnedMontgomery = std::unique_ptr<BN_MONT_CTX, FreeWith<&BN_MONT_CTX_free>>;
using OwnedDh = std::unique_ptr<DH, FreeWith<&DH_free>>;

// Miller-Rabin with random bases on what an authenticated server sent: a composite passes with less than
// 2^-24.
constexpr int kPrimalityRounds = 12;

OwnedBignum number(Bytes bytes) {
  return OwnedBignum(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

ByteString bytes_of(const BIGNUM& number) {
  ByteString out(static_cast<std::size_t>(BN_num_bytes(&number)));
  BN_bn2bin(&number, out.data());
  return out;
}

Bytes without_leading_zeros(Bytes bytes) {
  while (!bytes.empty() && bytes.front() == 0) bytes = bytes.subspan(1);
  return bytes;
}

int nid_of(NamedGroup group) {
  switch (group) {
    case NamedGroup::ffdhe2048:
      return NID_ffdhe2048;
    case NamedGroup::ffdhe3072:
      return NID_ffdhe3072;
    case NamedGroup::ffdhe4096:
      return NID_ffdhe4096;
    default:
      return NID_undef;
  }
}

// RFC 7919 §A: twice the group's strength, rounded up.
std::size_t exponent_size(std::size_t bits) { return bits <= 2048 ? 32 : bits <= 3072 ? 40 : 48; }

// 2 <= value < last, which is the prime less one.
bool in_range(const BIGNUM& value, const BIGNUM& last) {
  return BN_is_negative(&value) == 0 && BN_num_bits(&value) >= 2 && BN_cmp(&value, &last) < 0;
}

OwnedBignum less_one(const BIGNUM& prime) {
  OwnedBignum last(BN_dup(&prime));
  if (last && BN_sub_word(last.get(), 1) != 1) last.reset();
  return last;
}

// One round: is `base` no witness against `prime`, where prime - 1 = last = 2^shift * odd? Errors:
// crypto_failed, which says nothing about the prime.
Result<bool> passes_round(const BIGNUM& base, const BIGNUM& prime, const BIGNUM& last, const BIGNUM& odd,
                          int shift, BN_MONT_CTX* montgomery, BN_CTX* context) {
  const OwnedBignum power(BN_new());
  if (!power || BN_mod_exp_mont(power.get(), &base, &odd, &prime, context, montgomery) != 1) {
    return crypto_failure();
  }
  if (BN_is_one(power.get()) || BN_cmp(power.get(), &last) == 0) return true;
  for (int i = 1; i < shift; ++i) {
    if (BN_mod_sqr(power.get(), power.get(), &prime, context) != 1) return crypto_failure();
    if (BN_cmp(power.get(), &last) == 0) return true;
  }
  return false;
}

Result<bool> is_probably_prime(const BIGNUM& prime, const BIGNUM& last, BN_MONT_CTX* montgomery,
                               BN_CTX* context) {
  const OwnedBignum odd(BN_new());
  const OwnedBignum base(BN_new());
  int shift = 1;
  while (BN_is_bit_set(&last, shift) == 0) ++shift;
  if (!odd || !base || BN_rshift(odd.get(), &last, shift) != 1) return crypto_failure();
  for (int round = 0; round < kPrimalityRounds; ++round) {
    do {
      if (BN_rand_range(base.get(), &last) != 1) return crypto_failure();
    } while (BN_num_bits(base.get()) < 2);
    HANDFAST_TRY_ASSIGN(const bool passes,
                        passes_round(*base, prime, last, *odd, shift, montgomery, context));
    if (!passes) return false;
  }
  return true;
}

}  // namespace

struct FiniteFieldGroup::Numbers {
  OwnedBignum p;
  OwnedBignum last;  // p - 1
  OwnedBignum g;
  OwnedMontgomery montgomery;
  std::optional<NamedGroup> name;
  ByteString prime;
  ByteString generator;

  static std::shared_ptr<Numbers> make(OwnedBignum p, OwnedBignum g, BN_CTX* context) {
    auto numbers = std::make_shared<Numbers>();
    numbers->montgomery.reset(BN_MONT_CTX_new());
    if (p) numbers->last = less_one(*p);
    if (!numbers->last || !g || !numbers->montgomery ||
        BN_MONT_CTX_set(numbers->montgomery.get(), p.get(), context) != 1) {
      return nullptr;
    }
    numbers->prime = bytes_of(*p);
    numbers->generator = bytes_of(*g);
    numbers->p = std::move(p);
    numbers->g = std::move(g);
    return numbers;
  }

  // Made once per process; null if libcrypto fails.
  static std::shared_ptr<const Numbers> make_named(NamedGroup name) {
    const OwnedDh dh(DH_new_by_nid(nid_of(name)));
    const OwnedContext context(BN_CTX_new());
    if (!dh || !context) return nullptr;
    auto numbers = make(OwnedBignum(BN_dup(DH_get0_p(dh.get()))), OwnedBignum(BN_dup(DH_get0_g(dh.get()))),
                        context.get());
    if (numbers) numbers->name = name;
    return numbers;
  }
  static std::shared_ptr<const Numbers> find(NamedGroup name) {
    static const std::array kGroups = {make_named(NamedGroup::ffdhe2048), make_named(NamedGroup::ffdhe3072),
                                       make_named(NamedGroup::ffdhe4096)};
    return kGroups[static_cast<std::size_t>(name) - static_cast<std::size_t>(NamedGroup::ffdhe2048)];
  }
};

bool is_supported_finite_field(NamedGroup group) { return nid_of(group) != NID_undef; }

Result<FiniteFieldGroup> FiniteFieldGroup::named(NamedGroup group) {
  if (!is_supported_finite_field(group)) return failure(ErrorCode::internal_error);
  auto numbers = Numbers::find(group);
  if (!numbers) return crypto_failure();
  return FiniteFieldGroup(std::move(numbers));
}

Result<FiniteFieldGroup> FiniteFieldGroup::from_numbers(Bytes prime, Bytes generator) {
  prime = without_leading_zeros(prime);
  generator = without_leading_zeros(generator);
  for (const NamedGroup name : {NamedGroup::ffdhe2048, NamedGroup::ffdhe3072, NamedGroup::ffdhe4096}) {
    HANDFAST_TRY_ASSIGN(FiniteFieldGroup known, named(name));
    if (std::ranges::equal(prime, known.prime()) && std::ranges::equal(generator, known.generator()))
      return known;
  }
  if (8 * prime.size() < kMinBits) return failure(ErrorCode::dh_group_too_small);
  // A good group perhaps, but not one that this end computes in.
  if (8 * prime.size() > kMaxBits) {
    return failure(
        Error(ErrorCode::no_common_group).with_detail("a Diffie-Hellman group of more than 4096 bits"));
  }
  if (generator.size() > prime.size()) return failure(ErrorCode::dh_group_invalid);
  OwnedBignum p = number(prime);
  OwnedBignum g = number(generator);
  const OwnedContext context(BN_CTX_new());
  if (!p || !g || !context) return crypto_failure();
  if (static_cast<std::size_t>(BN_num_bits(p.get())) < kMinBits)
    return failure(ErrorCode::dh_group_too_small);
  if (!BN_is_odd(p.get())) return failure(ErrorCode::dh_group_invalid);
  const auto numbers = Numbers::make(std::move(p), std::move(g), context.get());
  if (!numbers) return crypto_failure();
  if (!in_range(*numbers->g, *numbers->last)) return failure(ErrorCode::dh_group_invalid);
  HANDFAST_TRY_ASSIGN(const bool is_prime, is_probably_prime(*numbers->p, *numbers->last,
                                                             numbers->montgomery.get(), context.get()));
  if (!is_prime) return failure(ErrorCode::dh_group_invalid);
  return FiniteFieldGroup(numbers);
}

std::optional<NamedGroup> FiniteFieldGroup::name() const { return numbers_->name; }
std::size_t FiniteFieldGroup::bits() const {
  return static_cast<std::size_t>(BN_num_bits(numbers_->p.get()));
}
Bytes FiniteFieldGroup::prime() const { return numbers_->prime; }
Bytes FiniteFieldGroup::generator() const { return numbers_->generator; }

namespace {

// base^exponent mod p in constant time, as long as the prime. False if libcrypto fails.
bool power(const BIGNUM& base, Bytes exponent, const BIGNUM& prime, BN_MONT_CTX* montgomery,
           MutableBytes out) {
  const OwnedContext context(BN_CTX_secure_new());
  const OwnedBignum result(BN_secure_new());
  OwnedBignum secret = number(exponent);
  if (!context || !result || !secret) return false;
  BN_set_flags(secret.get(), BN_FLG_CONSTTIME);
  return BN_mod_exp_mont_consttime(result.get(), &base, secret.get(), &prime, context.get(), montgomery) ==
             1 &&
         BN_bn2binpad(result.get(), out.data(), static_cast<int>(out.size())) == static_cast<int>(out.size());
}

}  // namespace

Result<FiniteFieldKey> FiniteFieldKey::generate(const FiniteFieldGroup& group, const RandomSource& random) {
  FiniteFieldKey key(group);
  const FiniteFieldGroup::Numbers& numbers = *group.numbers_;
  key.exponent_.resize(exponent_size(group.bits()));
  HANDFAST_TRY(random.fill(key.exponent_.writable()));
  key.exponent_.writable()[0] |= 0x80U;  // all exponents have one length
  key.public_key_.resize(numbers.prime.size());
  if (!power(*numbers.g, key.exponent_.view(), *numbers.p, numbers.montgomery.get(), key.public_key_)) {
    return crypto_failure();
  }
  return key;
}

Result<PremasterSecret> FiniteFieldKey::finish(Bytes peer) && {
  const FiniteFieldGroup::Numbers& numbers = *group_.numbers_;
  peer = without_leading_zeros(peer);
  if (peer.empty() || peer.size() > numbers.prime.size()) return failure(ErrorCode::key_share_invalid);
  const OwnedBignum value = number(peer);
  if (!value) return crypto_failure();
  // "Peers MUST validate each other's public key Y … by ensuring that 1 < Y < p-1." (RFC 7919 §5.1)
  if (!in_range(*value, *numbers.last)) return failure(ErrorCode::key_share_invalid);
  PremasterSecret z(numbers.prime.size());
  if (!power(*value, exponent_.view(), *numbers.p, numbers.montgomery.get(), z.writable()))
    return crypto_failure();
  exponent_.clear();
  return PremasterSecret(without_leading_zeros(z.view()));
}

}  // namespace handfast::crypto
