// TicketKeys: the keys under which a server seals its sessions and hands them to the clients for keeping.
// RFC 9846 §4.7.1, §8; RFC 5077 §4, §5.5. Whoever has such a key can resume, and read the 0-RTT data of,
// every session that was sealed with it: keys are changed often and forgotten soon.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <handfast/error.hpp>
#include <handfast/random.hpp>
#include <handfast/secret.hpp>
#include <memory>
#include <optional>
#include <vector>

namespace handfast {

// One key. The name is public: it stands in front of each ticket.
struct TicketKey {
  static constexpr std::size_t kNameSize = 16;
  static constexpr std::size_t kSecretSize = 32;  // AES-256-GCM

  std::array<std::uint8_t, kNameSize> name{};
  Secret<kSecretSize> secret;
};

// Shared by configurations; thread-safe. No lock is held while a ticket is sealed or opened.
class TicketKeys {
 public:
  // Keys of this process alone: a new one after each `period`; the old ones open tickets for `accepted_for`
  // longer, and are wiped when the next key is made. `clock` must outlive the keys. Errors: crypto_failed,
  // configuration_invalid (period or accepted_for not positive, or more than a week).
  static Result<std::shared_ptr<TicketKeys>> rotating(
      const Clock& clock, std::chrono::seconds period = std::chrono::hours(12),
      std::chrono::seconds accepted_for = std::chrono::hours(24));

  // Keys from outside, for servers that share them: the first seals, all of them open. Nothing changes until
  // replace(). Errors: configuration_invalid (no key, more than kMaxKeys, a secret of another size than
  // kSecretSize or of 32 equal bytes, a name twice).
  static Result<std::shared_ptr<TicketKeys>> supplied(std::vector<TicketKey> keys);
  static constexpr std::size_t kMaxKeys = 16;

  // The same at run time. To change the key of a fleet without a lost session: first give every server the
  // new key in second place, then in first place with the old one behind it, then without the old one.
  // Errors: as above, and then the keys stay as they were; configuration_invalid for keys that rotate by
  // themselves.
  Result<void> replace(std::vector<TicketKey> keys);

  ~TicketKeys();
  TicketKeys(const TicketKeys&) = delete;
  TicketKeys& operator=(const TicketKeys&) = delete;

  // --- for the handshake -------------------------------------------------------------------------
  // A ticket: the key's name, a random nonce, `state` encrypted with a tag. Errors: crypto_failed.
  Result<ByteString> seal(Bytes state, const RandomSource& random);
  // Whether seal() would use the key of `ticket` at the moment: otherwise it is time for a new one.
  [[nodiscard]] bool is_newest(Bytes ticket) const;
  // What seal() was given; nothing if no key opens `ticket`. The caller wipes it.
  [[nodiscard]] std::optional<ByteString> open(Bytes ticket);

 private:
  struct Ring;
  struct State;
  explicit TicketKeys(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace handfast
