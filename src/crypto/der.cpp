// DerReader: see the header. X.690 §8 (encodings), §10 and §11 (what DER leaves of them).
#include "crypto/der.hpp"

namespace handfast::crypto {
namespace {

// Four length octets reach 4 GiB: far above every limit on messages and files.
constexpr std::size_t kMaxLengthOctets = 4;

// Reads identifier and length octets of `in`. False if they are malformed or promise more than there is.
bool parse_header(Bytes in, std::size_t& header, std::size_t& length) {
  if (in.size() < 2) return false;
  constexpr std::uint8_t kHighTagNumber = 0x1f;
  if ((in[0] & kHighTagNumber) == kHighTagNumber) return false;
  header = 2;
  length = in[1];
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7fU;
    if (octets == 0 || octets > kMaxLengthOctets || in.size() < 2 + octets) return false;
    header += octets;
    length = 0;
    for (const std::uint8_t octet : in.subspan(2, octets)) length = (length << 8U) | octet;
    // X.690 §10.1: the length "shall be encoded in the minimum number of octets".
    if (length < 0x80 || in[2] == 0) return false;
  }
  return length <= in.size() - header;
}

}  // namespace

void DerReader::fail(const char* field, std::size_t offset) { fail(field, offset, failure_->code); }

void DerReader::fail(const char* field, std::size_t offset, ErrorCode code) {
  if (!failed()) *failure_ = {field, offset, code};
}

DerElement DerReader::any(const char* field) {
  if (failed()) return {};
  std::size_t header = 0;
  std::size_t length = 0;
  if (!parse_header(rest_, header, length)) {
    fail(field, offset_);
    return {};
  }
  const DerElement element{rest_[0], rest_.subspan(header, length), rest_.first(header + length), offset_,
                           offset_ + header};
  rest_ = rest_.subspan(header + length);
  offset_ += header + length;
  return element;
}

DerElement DerReader::element(const char* field, std::uint8_t tag) {
  if (!next_is(tag)) {
    fail(field, offset_);
    return {};
  }
  return any(field);
}

DerReader DerReader::nested(const char* field, std::uint8_t tag) {
  const DerElement outer = element(field, tag);
  return {outer.content, outer.content_offset, failure_};
}

bool DerReader::boolean(const char* field, std::uint8_t tag) {
  const DerElement value = element(field, tag);
  if (failed()) return false;
  // X.690 §11.1: TRUE is 0xff.
  if (value.content.size() != 1 || (value.content[0] != 0 && value.content[0] != 0xff))
    fail(field, value.offset);
  return !failed() && value.content[0] != 0;
}

Bytes DerReader::integer(const char* field, std::uint8_t tag) {
  const DerElement value = element(field, tag);
  if (failed()) return {};
  const Bytes octets = value.content;
  // X.690 §8.3.2: the first nine bits are neither all ones nor all zero.
  const bool minimal = octets.size() == 1 || (octets.size() > 1 && !(octets[0] == 0 && octets[1] < 0x80) &&
                                              !(octets[0] == 0xff && octets[1] >= 0x80));
  if (!minimal) {
    fail(field, value.offset);
    return {};
  }
  return octets;
}

Bytes DerReader::unsigned_integer(const char* field) {
  const std::size_t start = offset_;
  const Bytes octets = integer(field);
  if (failed()) return {};
  if (octets[0] >= 0x80) {
    fail(field, start);
    return {};
  }
  return octets.size() > 1 && octets[0] == 0 ? octets.subspan(1) : octets;
}

std::uint64_t DerReader::small_integer(const char* field, std::uint64_t max, std::uint8_t tag) {
  const std::size_t start = offset_;
  const Bytes octets = integer(field, tag);
  if (failed()) return 0;
  std::uint64_t value = 0;
  const bool fits = octets[0] < 0x80 && octets.size() <= sizeof(value);
  if (fits) {
    for (const std::uint8_t octet : octets) value = (value << 8U) | octet;
  }
  if (!fits || value > max) {
    fail(field, start);
    return 0;
  }
  return value;
}

Bytes DerReader::object_identifier(const char* field, std::uint8_t tag) {
  const DerElement value = element(field, tag);
  if (failed()) return {};
  // X.690 §8.19.2: a subidentifier ends with the octet whose bit 8 is clear and does not start with 0x80.
  bool at_start = true;
  bool well_formed = !value.content.empty();
  for (const std::uint8_t octet : value.content) {
    if (at_start && octet == 0x80) well_formed = false;
    at_start = octet < 0x80;
  }
  if (!well_formed || !at_start) {
    fail(field, value.offset);
    return {};
  }
  return value.content;
}

DerBitString DerReader::bit_string(const char* field, std::uint8_t tag) {
  const DerElement value = element(field, tag);
  if (failed()) return {};
  const Bytes octets = value.content;
  const unsigned unused = octets.empty() ? 8 : octets[0];
  // X.690 §11.2.1: "Each unused bit in the final octet […] shall be set to zero."
  const bool well_formed =
      unused == 0 || (unused < 8 && octets.size() > 1 && (octets.back() & ((1U << unused) - 1)) == 0);
  if (!well_formed) {
    fail(field, value.offset);
    return {};
  }
  return {octets.subspan(1), unused};
}

Bytes DerReader::bit_string_bytes(const char* field, std::uint8_t tag) {
  const std::size_t start = offset_;
  const DerBitString bits = bit_string(field, tag);
  if (bits.unused_bits != 0) {
    fail(field, start);
    return {};
  }
  return bits.bytes;
}

void DerReader::null(const char* field) {
  const DerElement value = element(field, der::kNull);
  if (!value.content.empty()) fail(field, value.offset);
}

Result<void> DerReader::status() const {
  if (failed()) return failure(Error(failure_->code).at(failure_->field, failure_->offset));
  return {};
}

Result<void> DerReader::finish() {
  expect_end("trailing bytes");
  return status();
}

}  // namespace handfast::crypto
