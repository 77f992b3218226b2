// For the decoders of this layer: walks an extension block, refuses what must not stand there, and lets the
// message read the bodies it knows. RFC 9846 §4.3. Must not be included by other layers.
#pragma once

#include <cstddef>
#include <handfast/codepoints.hpp>

#include "message/checks.hpp"
#include "message/extension.hpp"
#include "wire/reader.hpp"

namespace handfast::message {

// Number, uniqueness and place of the extensions of one block.
class ExtensionGate {
 public:
  explicit ExtensionGate(ExtensionPlace place) : place_(place) {}
  void admit(ExtensionType type, std::size_t offset, wire::Reader& block);
  void leave(ExtensionType type, std::size_t offset, wire::Reader& block) const;

 private:
  ExtensionPlace place_;
  std::size_t count_ = 0;
  CodepointSet seen_;
};

// Reads `Extension extensions<0..2^16-1>`. `read_body(type, body)` reads a body it knows and answers true, or
// answers false: then the body stays raw. RFCs whose lower bound is above zero have a mandatory extension
// that implies it, and is checked for instead.
template <class ReadBody>
ExtensionBlock read_extensions(wire::Reader& reader, ExtensionPlace place, ReadBody read_body) {
  wire::Reader block = reader.nested16("extensions", 0, 0xffff);
  const ExtensionBlock extensions(block.peek(), block.offset());
  if (block.empty()) return extensions;

  ExtensionGate gate(place);
  while (!block.empty()) {
    const std::size_t offset = block.offset();
    const auto type = static_cast<ExtensionType>(block.u16("extension_type"));
    if (!block.failed()) gate.admit(type, offset, block);
    wire::Reader body = block.nested16("extension_data", 0, 0xffff);
    if (body.failed()) break;
    // "receivers MUST abort the handshake with a "decode_error" alert if there is data left over after
    // parsing the structure." §4.3
    if (read_body(type, body)) body.expect_end("extension_data");
    gate.leave(type, offset, block);
  }
  return extensions;
}

}  // namespace handfast::message
