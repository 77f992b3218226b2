// ML-KEM-768 and ML-KEM-1024 (FIPS 203 §6 and §7), for systems whose libcrypto has no ML-KEM.
// Deterministic: the caller brings the random bytes. Constant-time in seeds, messages, decapsulation keys and
// secrets. Must not draw randomness itself, nor say whether a ciphertext was rejected.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <memory>
#include <optional>
#include <span>

namespace handfast::crypto::mlkem {

enum class Parameters { mlkem768, mlkem1024 };

constexpr std::size_t encapsulation_key_size(Parameters p) { return p == Parameters::mlkem768 ? 1184 : 1568; }
constexpr std::size_t decapsulation_key_size(Parameters p) { return p == Parameters::mlkem768 ? 2400 : 3168; }
constexpr std::size_t ciphertext_size(Parameters p) { return p == Parameters::mlkem768 ? 1088 : 1568; }

inline constexpr std::size_t kSeedSize = 64;  // d ‖ z
inline constexpr std::size_t kMessageSize = 32;
inline constexpr std::size_t kSharedSecretSize = 32;
inline constexpr std::size_t kMaxEncapsulationKeySize = encapsulation_key_size(Parameters::mlkem1024);
inline constexpr std::size_t kMaxDecapsulationKeySize = decapsulation_key_size(Parameters::mlkem1024);
inline constexpr std::size_t kMaxCiphertextSize = ciphertext_size(Parameters::mlkem1024);

// A key pair. Holds the matrix of its encapsulation key too (about 15 KB on the heap), so that decapsulating
// need not sample it again. Move-only; wiped when it goes. A key that was moved from decapsulates nothing.
class DecapsulationKey {
 public:
  // ML-KEM.KeyGen_internal(d, z), FIPS 203 Algorithm 16.
  static DecapsulationKey from_seed(Parameters parameters, std::span<const std::uint8_t, kSeedSize> seed);
  // The long form of a decapsulation key. Nothing if it fails a check of FIPS 203 §7.3.
  static std::optional<DecapsulationKey> from_expanded(Parameters parameters, Bytes key);

  DecapsulationKey(DecapsulationKey&&) noexcept;
  DecapsulationKey& operator=(DecapsulationKey&&) noexcept;
  ~DecapsulationKey();

  // Lives as long as this key.
  [[nodiscard]] Bytes encapsulation_key() const;
  // Writes the long form. False, and nothing written, if `key` does not have decapsulation_key_size() bytes.
  [[nodiscard]] bool expand(MutableBytes key) const;
  // ML-KEM.Decaps, FIPS 203 Algorithm 21. False only if the length is wrong. A ciphertext that was tampered
  // with gives a secret that the other side does not have (implicit rejection).
  [[nodiscard]] bool decapsulate(Bytes ciphertext, std::span<std::uint8_t, kSharedSecretSize> secret) const;

 private:
  struct State;
  explicit DecapsulationKey(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

// FIPS 203 §7.2: the length, and that every coefficient is below q.
[[nodiscard]] bool check_encapsulation_key(Parameters parameters, Bytes key);

// ML-KEM.Encaps_internal(key, m) after the checks of §7.2 (FIPS 203 Algorithms 17 and 20), where m must be
// random and used once. False if the key fails a check or `ciphertext` does not have ciphertext_size() bytes.
[[nodiscard]] bool encapsulate(Parameters parameters, Bytes key,
                               std::span<const std::uint8_t, kMessageSize> m, MutableBytes ciphertext,
                               std::span<std::uint8_t, kSharedSecretSize> secret);

}  // namespace handfast::crypto::mlkem
