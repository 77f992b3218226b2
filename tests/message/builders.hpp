// Builds messages for the tests of decoders, byte by byte and without the production encoders.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "message/extension.hpp"

namespace handfast::message::test {

struct RawExtension {
  ExtensionType type;
  ByteString body;
};

// An extension with a body in hexadecimal.
RawExtension extension(ExtensionType type, std::string_view body_hex = "");
RawExtension extension(unsigned type, std::string_view body_hex = "");

// The four header bytes and the body.
ByteString message_of(HandshakeType type, Bytes body);

// All places, in the order of their bits.
std::vector<ExtensionPlace> all_places();
std::string to_string(ExtensionPlace place);

// The smallest message of the kind that `place` stands for, with these extensions. A TLS 1.3 ServerHello gets
// supported_versions after them if they have none.
ByteString message_with(ExtensionPlace place, std::vector<RawExtension> extensions);
// What errors and observers call that message.
HandshakeType type_of(ExtensionPlace place);
// The offset of the first extension's type in it. The length follows two bytes on, the body four.
std::size_t first_extension(ExtensionPlace place);

// A body that `place` accepts for `type`.
ByteString valid_body(ExtensionType type, ExtensionPlace place);

// A message with every extension that may stand in `place`, and an unknown one.
ByteString rich_message(ExtensionPlace place);

struct Sample {
  std::string name;
  ByteString bytes;
};
// One or more of each message that has a decoder.
std::vector<Sample> samples();

// What a decoder said, in one line: "message_malformed at cipher_suites+39 in ClientHello" or "ok".
std::string outcome(const Result<void>& result);
template <class Message>
std::string outcome(const Result<Message>& result) {
  return result ? outcome(Result<void>{}) : outcome(Result<void>(failure(result.error())));
}

// Keeps every field.
class FieldList : public FieldSink {
 public:
  void on_field(const Field& field) override { fields.push_back(field); }
  // The first field of that name, or null.
  [[nodiscard]] const Field* find(std::string_view name) const;
  std::vector<Field> fields;
};

}  // namespace handfast::message::test
