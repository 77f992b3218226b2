// EncryptedExtensions: decoder and encoder. RFC 9846 §4.4.1.
// Must not compare with what was offered: see checks.hpp.
#pragma once

#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>
#include <optional>
#include <span>
#include <string_view>

#include "message/extension.hpp"
#include "message/extension_types.hpp"
#include "message/planned_extension.hpp"

namespace handfast::message {

// Views into `raw`; an extension that was not sent is empty or false.
struct EncryptedExtensions {
  static constexpr HandshakeType kType = HandshakeType::encrypted_extensions;

  Bytes raw;  // header and body
  ExtensionBlock extensions;

  bool server_name = false;  // the server used the name
  std::optional<std::uint8_t> max_fragment_length;
  std::optional<CodepointList<NamedGroup>> supported_groups;
  std::optional<Bytes> application_protocol;  // the one name of ALPN
  std::optional<CertificateType> client_certificate_type;
  std::optional<CertificateType> server_certificate_type;
  std::optional<std::uint16_t> record_size_limit;  // at least 64
  bool early_data = false;
  std::optional<std::uint8_t> ticket_request_expected_count;
};

// Errors: message_malformed, message_illegal_value, the extension_* codes.
Result<EncryptedExtensions> decode_encrypted_extensions(Bytes message, FieldSink* sink = nullptr);

// Extensions in this order: supported_groups, ALPN, record_size_limit, server_name, early_data, extra.
struct EncryptedExtensionsPlan {
  std::span<const NamedGroup> supported_groups;  // empty: not sent
  std::string_view application_protocol;         // empty: not sent
  std::optional<std::uint16_t> record_size_limit;
  bool server_name = false;
  bool early_data = false;
  std::span<const PlannedExtension> extra;
};

// Appends the whole message. Errors: internal_error if the plan breaks the syntax; then `out` is as it was.
Result<void> encode_encrypted_extensions(const EncryptedExtensionsPlan& plan, ByteString& out);

}  // namespace handfast::message
