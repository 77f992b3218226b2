// Finite-field Diffie-Hellman for TLS 1.2. RFC 7919 (groups), RFC 5246 §7.4.3, §8.1.2; RFC 9325 §4.4.
// A key is used once. Must not take a group below 2048 bits, nor work on one of any size.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/random.hpp>
#include <handfast/secret.hpp>
#include <memory>
#include <optional>

namespace handfast::crypto {

// The named groups that this end does: ffdhe2048, ffdhe3072, ffdhe4096.
bool is_supported_finite_field(NamedGroup group);

// A prime and a generator. Cheap to copy.
class FiniteFieldGroup {
 public:
  static constexpr std::size_t kMinBits = 2048;
  // The cost of an exchange grows with the cube of it.
  static constexpr std::size_t kMaxBits = 4096;

  // Errors: internal_error for groups that are not supported, crypto_failed.
  static Result<FiniteFieldGroup> named(NamedGroup group);
  // The numbers of a server: recognised if they are a named group's, else checked, which costs a few
  // exponentiations. Errors: dh_group_too_small, dh_group_invalid, no_common_group if it is too large to
  // compute in, crypto_failed.
  static Result<FiniteFieldGroup> from_numbers(Bytes prime, Bytes generator);

  [[nodiscard]] std::optional<NamedGroup> name() const;
  [[nodiscard]] std::size_t bits() const;
  // Big-endian, without leading zeros.
  [[nodiscard]] Bytes prime() const;
  [[nodiscard]] Bytes generator() const;

 private:
  friend class FiniteFieldKey;
  struct Numbers;
  explicit FiniteFieldGroup(std::shared_ptr<const Numbers> numbers) : numbers_(std::move(numbers)) {}
  std::shared_ptr<const Numbers> numbers_;
};

// The private half of one exchange. Move-only; wiped when it goes.
class FiniteFieldKey {
 public:
  static Result<FiniteFieldKey> generate(const FiniteFieldGroup& group, const RandomSource& random);
  [[nodiscard]] const FiniteFieldGroup& group() const { return group_; }
  // As long as the prime.
  [[nodiscard]] Bytes public_key() const { return public_key_; }
  // "Leading bytes of Z that contain all zero bits are stripped before it is used as the pre_master_secret."
  // (RFC 5246 §8.1.2) Errors: key_share_invalid (RFC 7919 §5.1: not in [2, p-2]), crypto_failed.
  Result<PremasterSecret> finish(Bytes peer) &&;

 private:
  explicit FiniteFieldKey(FiniteFieldGroup group) : group_(std::move(group)) {}
  FiniteFieldGroup group_;
  Secret<48> exponent_;
  ByteString public_key_;
};

}  // namespace handfast::crypto
