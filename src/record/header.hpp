// The record header: telling records apart in a stream of bytes, before any key is involved.
// RFC 9846 §5.1, §5.2. Must not trust anything: the first bytes may be of any protocol.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <optional>

namespace handfast::record {

inline constexpr std::size_t kHeaderSize = 5;
// "The length MUST NOT exceed 2^14 bytes" (TLSPlaintext, §5.1).
inline constexpr std::size_t kMaxPlaintext = 16384;
// "The length MUST NOT exceed 2^14 + 256 bytes" (TLSCiphertext, §5.2).
inline constexpr std::size_t kMaxCiphertext = kMaxPlaintext + 256;

struct RecordHeader {
  ContentType type;
  std::uint16_t legacy_version;
  std::size_t length;  // of the fragment that follows the header
};

// The header at the front of `input`, once its five bytes are there. `longest` is kMaxPlaintext or
// kMaxCiphertext. `first`: no record of this connection was accepted yet; then bytes of another protocol get
// an error that says so. Errors: record_plain_http, record_other_protocol, record_not_tls,
// record_unknown_type, record_bad_version, record_overflow.
Result<std::optional<RecordHeader>> peek_header(Bytes input, std::size_t longest, bool first);

// Appends a record that is not protected. fragment.size() <= kMaxPlaintext.
void append_plaintext_record(ContentType type, ProtocolVersion legacy_version, Bytes fragment,
                             ByteString& out);

}  // namespace handfast::record
