// What the bytes of a field mean. Names of fields are those of the production decoders (src/message).
#include <fmt/core.h>

#include <algorithm>

#include "common/numbers.hpp"
#include "message/server_hello.hpp"
#include "trace/names.hpp"
#include "trace/steps.hpp"

namespace handfast::apps {
namespace {

// Longer texts are left to the bytes.
constexpr std::size_t kLongestText = 64;

std::uint64_t number_of(Bytes bytes) {
  std::uint64_t value = 0;
  for (const auto byte : bytes) value = (value << 8U) | byte;
  return value;
}

// The content of a vector whose field covers its length prefix of `prefix` bytes.
std::string text_of(Bytes bytes, std::size_t prefix) {
  if (bytes.size() <= prefix || bytes.size() > kLongestText) return "";
  return "\"" + escape_untrusted(bytes.subspan(prefix)) + "\"";
}

std::string codepoint_meaning(std::string_view name, std::uint16_t code, HandshakeType type) {
  if (name == "legacy_version" || name == "version" || name == "selected_version") {
    return name_or_number(static_cast<ProtocolVersion>(code));
  }
  if (name == "cipher_suite") return name_or_number(static_cast<CipherSuite>(code));
  if (name == "group" || name == "named_group" || name == "selected_group") {
    return name_or_number(static_cast<NamedGroup>(code));
  }
  if (name == "signature_scheme" || (name == "algorithm" && type == HandshakeType::certificate_verify)) {
    return name_or_number(static_cast<SignatureScheme>(code));
  }
  if (name == "extension_type") return name_or_number(static_cast<ExtensionType>(code));
  if (name == "algorithm") return name_or_number(static_cast<CertificateCompressionAlgorithm>(code));
  if (name == "record_size_limit") return with_spaces(code);
  return "";
}

std::string byte_meaning(std::string_view name, std::uint8_t value) {
  if (name == "msg_type") return std::string(name_of(static_cast<HandshakeType>(value)));
  if (name == "name_type") return value == 0 ? "host_name" : "";
  if (name == "status_type") return value == 1 ? "ocsp" : "";
  if (name == "request_update")
    return value == 1 ? "update_requested" : value == 0 ? "update_not_requested" : "";
  if (name == "legacy_compression_method" || name == "compression_method") return value == 0 ? "null" : "";
  if (name == "client_certificate_type" || name == "server_certificate_type") {
    return name_or_number(static_cast<CertificateType>(value));
  }
  return "";
}

}  // namespace

std::string meaning_of(const Field& field, Bytes message, HandshakeType type) {
  const std::string_view name = field.name;
  if (field.offset > message.size() || field.length > message.size() - field.offset) return "";
  const Bytes bytes = message.subspan(field.offset, field.length);
  if (name == "length") return bytes_text(number_of(bytes));
  if (name == "random") {
    return std::ranges::equal(bytes, message::kHelloRetryRequestRandom)
               ? "the value that marks a HelloRetryRequest"
               : "32 random bytes: no two conversations are alike";
  }
  if (name == "host_name") return text_of(bytes, 2);
  if (name == "protocol_name") return text_of(bytes, 1);
  if (name == "key_exchange" && bytes.size() > 2) return "public key, " + bytes_text(bytes.size() - 2);
  if (name == "ticket_lifetime" || name == "ticket_lifetime_hint")
    return span_text(std::chrono::seconds(number_of(bytes)));
  if (name == "verify_data") return "the checksum";
  if (name == "signature" && bytes.size() > 2) return bytes_text(bytes.size() - 2);
  if (name == "cert_data" && bytes.size() > 3) return "X.509 certificate, " + bytes_text(bytes.size() - 3);
  if (name == "uncompressed_length") return bytes_text(number_of(bytes));
  if (name == "compressed_certificate_message" && bytes.size() > 3) return bytes_text(bytes.size() - 3);
  if (bytes.size() == 1) return byte_meaning(name, bytes[0]);
  if (bytes.size() == 2) return codepoint_meaning(name, static_cast<std::uint16_t>(number_of(bytes)), type);
  return "";
}

}  // namespace handfast::apps
