// Parts: a handshake message taken apart around its (first) extension block, so that a test can change
// extensions and put the message together again with all lengths right. Trusts the message: it came from an
// honest end.
#pragma once

#include <algorithm>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <vector>

namespace handfast::test {

struct Parts {
  struct Extension {
    ExtensionType type{};
    ByteString body;
  };

  ByteString head;  // up to the block's length
  std::vector<Extension> extensions;
  ByteString rest;  // behind the block

  static Parts of(const ByteString& message) {
    Parts parts;
    const std::size_t start = block_of(message);
    parts.head.assign(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(start));
    const std::size_t end = start + 2 + number(message, start, 2);
    for (std::size_t at = start + 2; at < end;) {
      const std::size_t size = number(message, at + 2, 2);
      parts.extensions.push_back({static_cast<ExtensionType>(number(message, at, 2)),
                                  copy_of(Bytes(message).subspan(at + 4, size))});
      at += 4 + size;
    }
    parts.rest = copy_of(Bytes(message).subspan(end));
    return parts;
  }

  [[nodiscard]] ByteString join() const {
    ByteString out = head;
    put(out, 0, 2);
    const std::size_t start = out.size();
    for (const Extension& extension : extensions) {
      put(out, static_cast<std::size_t>(extension.type), 2);
      put(out, extension.body.size(), 2);
      out.insert(out.end(), extension.body.begin(), extension.body.end());
    }
    set(out, start - 2, 2, out.size() - start);
    out.insert(out.end(), rest.begin(), rest.end());
    set(out, 1, 3, out.size() - 4);
    if (out[0] == static_cast<std::uint8_t>(HandshakeType::certificate)) {
      const std::size_t list = 5U + out[4];
      set(out, list, 3, out.size() - list - 3);
    }
    return out;
  }

  // Null if there is none.
  Extension* find(ExtensionType type) {
    const auto found = std::find_if(extensions.begin(), extensions.end(),
                                    [type](const Extension& extension) { return extension.type == type; });
    return found == extensions.end() ? nullptr : &*found;
  }
  void remove(ExtensionType type) {
    std::erase_if(extensions, [type](const Extension& extension) { return extension.type == type; });
  }

  static std::size_t number(const ByteString& bytes, std::size_t at, std::size_t size) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8U | bytes[at + i];
    return value;
  }
  static void set(ByteString& bytes, std::size_t at, std::size_t size, std::size_t value) {
    for (std::size_t i = size; i-- > 0; value >>= 8U) bytes[at + i] = static_cast<std::uint8_t>(value);
  }
  static void put(ByteString& bytes, std::size_t value, std::size_t size) {
    bytes.resize(bytes.size() + size);
    set(bytes, bytes.size() - size, size, value);
  }

 private:
  // Where the length of the extension block stands.
  static std::size_t block_of(const ByteString& message) {
    constexpr std::size_t kSessionId = 4 + 2 + 32;
    switch (static_cast<HandshakeType>(message[0])) {
      case HandshakeType::client_hello: {
        const std::size_t suites = kSessionId + 1 + message[kSessionId];
        const std::size_t compression = suites + 2 + number(message, suites, 2);
        return compression + 1 + message[compression];
      }
      case HandshakeType::server_hello:
        return kSessionId + 1 + message[kSessionId] + 3;
      case HandshakeType::certificate_request:
        return 5U + message[4];
      case HandshakeType::certificate: {
        const std::size_t entry = 5U + message[4] + 3U;
        return entry + 3 + number(message, entry, 3);
      }
      default:
        return 4;
    }
  }
};

}  // namespace handfast::test
