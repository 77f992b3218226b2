// DerReader: takes DER (X.690) apart, element by element, without a copy. Used for keys here and for
// certificates in pki. The first failure sticks: later reads return empty values, and finish() reports field
// and offset. Must not accept BER: lengths, integers, booleans, bit strings and object identifiers have one
// encoding each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>

namespace handfast::crypto {

// Identifier octets. Tag numbers above 30 (several octets) are refused.
namespace der {
inline constexpr std::uint8_t kBoolean = 0x01;
inline constexpr std::uint8_t kInteger = 0x02;
inline constexpr std::uint8_t kBitString = 0x03;
inline constexpr std::uint8_t kOctetString = 0x04;
inline constexpr std::uint8_t kNull = 0x05;
inline constexpr std::uint8_t kObjectIdentifier = 0x06;
inline constexpr std::uint8_t kEnumerated = 0x0a;
inline constexpr std::uint8_t kUtf8String = 0x0c;
inline constexpr std::uint8_t kPrintableString = 0x13;
inline constexpr std::uint8_t kTeletexString = 0x14;
inline constexpr std::uint8_t kIa5String = 0x16;
inline constexpr std::uint8_t kUtcTime = 0x17;
inline constexpr std::uint8_t kGeneralizedTime = 0x18;
inline constexpr std::uint8_t kUniversalString = 0x1c;
inline constexpr std::uint8_t kBmpString = 0x1e;
inline constexpr std::uint8_t kSequence = 0x30;
inline constexpr std::uint8_t kSet = 0x31;
// [number], for IMPLICIT primitive types and for constructed or EXPLICIT ones. number <= 30.
constexpr std::uint8_t context(unsigned number) { return static_cast<std::uint8_t>(0x80U | number); }
constexpr std::uint8_t context_constructed(unsigned number) {
  return static_cast<std::uint8_t>(0xa0U | number);
}
}  // namespace der

// One element. All views point into the reader's input.
struct DerElement {
  std::uint8_t tag = 0;    // 0 after a failure
  Bytes content;           // value only
  Bytes whole;             // identifier, length and value
  std::size_t offset = 0;  // of the identifier
  std::size_t content_offset = 0;
};

struct DerBitString {
  Bytes bytes;
  unsigned unused_bits = 0;  // at the end of the last byte, all zero
};

class DerReader {
 public:
  // `base_offset` is the offset of der[0] as errors count it; `code` is what every failure is reported as.
  explicit DerReader(Bytes der, std::size_t base_offset = 0,
                     ErrorCode code = ErrorCode::certificate_malformed)
      : rest_(der), offset_(base_offset), own_failure_{nullptr, 0, code}, failure_(&own_failure_) {}
  DerReader(const DerReader&) = delete;  // a nested reader points into its parent
  DerReader& operator=(const DerReader&) = delete;

  // The next element, which must have this tag (implicitly tagged types: give their tag).
  DerElement element(const char* field, std::uint8_t tag);
  // The next element, whatever it is.
  DerElement any(const char* field);
  // Whether the next element has this tag: for OPTIONAL and CHOICE. Never fails.
  [[nodiscard]] bool next_is(std::uint8_t tag) const { return !empty() && rest_.front() == tag; }

  // A reader of the content of the next element, which shares this one's failure and must not outlive it.
  DerReader nested(const char* field, std::uint8_t tag);
  DerReader sequence(const char* field) { return nested(field, der::kSequence); }
  DerReader set(const char* field) { return nested(field, der::kSet); }
  // [number] EXPLICIT.
  DerReader tagged(const char* field, unsigned number) {
    return nested(field, der::context_constructed(number));
  }

  bool boolean(const char* field, std::uint8_t tag = der::kBoolean);
  // Two's complement content octets, checked to be minimal.
  Bytes integer(const char* field, std::uint8_t tag = der::kInteger);
  // An INTEGER that must not be negative, without its leading zero octet; zero is one octet 0.
  Bytes unsigned_integer(const char* field);
  // An INTEGER from 0 to `max`.
  std::uint64_t small_integer(const char* field, std::uint64_t max, std::uint8_t tag = der::kInteger);
  // Content octets, checked to be a well-formed sequence of minimal subidentifiers.
  Bytes object_identifier(const char* field, std::uint8_t tag = der::kObjectIdentifier);
  DerBitString bit_string(const char* field, std::uint8_t tag = der::kBitString);
  // A BIT STRING without unused bits: keys and signatures.
  Bytes bit_string_bytes(const char* field, std::uint8_t tag = der::kBitString);
  Bytes octet_string(const char* field) { return element(field, der::kOctetString).content; }
  void null(const char* field);

  // True at the end and after a failure, so that loops end.
  [[nodiscard]] bool empty() const { return rest_.empty() || failed(); }
  [[nodiscard]] Bytes remaining() const { return failed() ? Bytes() : rest_; }
  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] bool failed() const { return failure_->field != nullptr; }

  // Records a failure that the caller found, if none is there yet.
  void fail(const char* field, std::size_t offset);
  void fail(const char* field, std::size_t offset, ErrorCode code);
  // Fails unless everything was read. For the end of nested readers.
  void expect_end(const char* field) {
    if (!empty()) fail(field, offset_);
  }
  // The verdict so far; failures of nested readers count.
  [[nodiscard]] Result<void> status() const;
  // The verdict: nothing failed and nothing is left over.
  [[nodiscard]] Result<void> finish();

 private:
  struct Failure {
    const char* field;
    std::size_t offset;
    ErrorCode code;
  };

  DerReader(Bytes der, std::size_t base_offset, Failure* failure)
      : rest_(der), offset_(base_offset), own_failure_(*failure), failure_(failure) {}

  Bytes rest_;
  std::size_t offset_;
  Failure own_failure_;
  Failure* failure_;
};

}  // namespace handfast::crypto
