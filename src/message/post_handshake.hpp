// NewSessionTicket, KeyUpdate and EndOfEarlyData: decoders and encoders. RFC 9846 §4.6, §4.7.1, §4.7.3.
// Must not act on them.
#pragma once

#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>
#include <optional>
#include <span>

#include "message/extension.hpp"
#include "message/planned_extension.hpp"

namespace handfast::message {

// Views into `raw`.
struct NewSessionTicket {
  static constexpr HandshakeType kType = HandshakeType::new_session_ticket;

  Bytes raw;                          // header and body
  std::uint32_t ticket_lifetime = 0;  // seconds; more than 604800 is for the receiver to judge
  std::uint32_t ticket_age_add = 0;
  Bytes ticket_nonce;
  Bytes ticket;
  ExtensionBlock extensions;
  std::optional<std::uint32_t> max_early_data_size;  // early_data
};

enum class KeyUpdateRequest : std::uint8_t { update_not_requested = 0, update_requested = 1 };

struct KeyUpdate {
  static constexpr HandshakeType kType = HandshakeType::key_update;

  Bytes raw;  // header and body
  KeyUpdateRequest request_update{};
};

struct EndOfEarlyData {
  static constexpr HandshakeType kType = HandshakeType::end_of_early_data;

  Bytes raw;  // header and body
};

// Errors: message_malformed, the extension_* codes; KeyUpdate: message_illegal_value.
Result<NewSessionTicket> decode_new_session_ticket(Bytes message, FieldSink* sink = nullptr);
Result<KeyUpdate> decode_key_update(Bytes message, FieldSink* sink = nullptr);
Result<EndOfEarlyData> decode_end_of_early_data(Bytes message, FieldSink* sink = nullptr);

struct NewSessionTicketPlan {
  std::uint32_t ticket_lifetime = 0;
  std::uint32_t ticket_age_add = 0;
  Bytes ticket_nonce;
  Bytes ticket;  // not empty
  std::optional<std::uint32_t> max_early_data_size;
  std::span<const PlannedExtension> extra;
};

// Append the whole message. Errors: internal_error if the plan breaks the syntax; then `out` is as it was.
Result<void> encode_new_session_ticket(const NewSessionTicketPlan& plan, ByteString& out);
Result<void> encode_key_update(KeyUpdateRequest request_update, ByteString& out);
Result<void> encode_end_of_early_data(ByteString& out);

}  // namespace handfast::message
