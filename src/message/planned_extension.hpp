// PlannedExtension: one extension that is about to be sent, so that flows decide about order and GREASE.
// RFC 9846 §4.3.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <span>
#include <utility>

#include "wire/writer.hpp"

namespace handfast::message {

struct PlannedExtension {
  ExtensionType type{};
  ByteString body;
  bool fits = true;  // false: a vector in `body` was too long; encoders then refuse the message
};

// plan_extension(ExtensionType::server_name, encode_server_name, "example.org")
// `encode` is one of the functions of extension_encoders.hpp, called with a Writer and `arguments`.
template <class Encode, class... Arguments>
PlannedExtension plan_extension(ExtensionType type, Encode encode, Arguments&&... arguments) {
  PlannedExtension extension{type, {}, true};
  wire::Writer writer(extension.body);
  encode(writer, std::forward<Arguments>(arguments)...);
  extension.fits = !writer.overflowed();
  return extension;
}

// An extension without a body: extended_main_secret, signed_certificate_timestamp, GREASE, …
inline PlannedExtension plan_empty_extension(ExtensionType type) { return {type, {}, true}; }

}  // namespace handfast::message
