// Extension blocks: the raw extensions of a message in their order, and the table of which extension may
// stand in which message. RFC 9846 §4.3. Must not look into extension bodies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <optional>
#include <span>

#include "message/views.hpp"

namespace handfast::message {

// No real peer sends more than a few dozen; ClientHellos with many unknown extensions must still be read.
inline constexpr std::size_t kMaxExtensions = 256;

// struct {
//     ExtensionType extension_type;
//     opaque extension_data<0..2^16-1>;
// } Extension;
struct Extension {
  ExtensionType type{};
  Bytes body;              // extension_data without its length
  std::size_t offset = 0;  // of extension_type, from the first byte of the message header

  static Extension read(wire::Reader& reader);
};

// Extensions as they were sent, unknown ones included.
class ExtensionBlock : public ElementList<Extension> {
 public:
  using ElementList::ElementList;
  [[nodiscard]] std::optional<Extension> find(ExtensionType type) const;
  [[nodiscard]] bool contains(ExtensionType type) const { return find(type).has_value(); }
};

// The columns of the table in §4.3; and ServerHello of TLS 1.2, which is the same message without
// supported_versions. Values are bits.
enum class ExtensionPlace : std::uint16_t {
  client_hello = 1U << 0U,
  server_hello = 1U << 1U,
  hello_retry_request = 1U << 2U,
  encrypted_extensions = 1U << 3U,
  certificate = 1U << 4U,
  certificate_request = 1U << 5U,
  new_session_ticket = 1U << 6U,
  server_hello_tls12 = 1U << 7U,
};

struct ExtensionRule {
  ExtensionType type;
  std::uint16_t places;  // ExtensionPlace bits
};

// All extensions that Handfast recognises, in the order of their numbers.
std::span<const ExtensionRule> extension_table();
// The row of `type`, or null if it is not recognised.
const ExtensionRule* find_rule(ExtensionType type);
// True for unrecognised types too: those are ignored, or refused as answers by check_only_offered.
bool is_allowed(ExtensionType type, ExtensionPlace place);

}  // namespace handfast::message
