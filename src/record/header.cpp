// The record header: see header.hpp.
#include "record/header.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace handfast::record {
namespace {

constexpr std::array<std::string_view, 10> kHttp = {"HTTP/", "GET ", "POST ",  "HEAD ", "PUT ",
                                                    "DELE",  "OPTI", "PATCH ", "TRACE", "CONNE"};
constexpr std::size_t kDetailSize = 40;

bool starts_with(Bytes input, std::string_view text) {
  const std::size_t size = std::min(input.size(), text.size());
  return size >= 4 && as_text(input.first(size)) == text.substr(0, size);
}

// What the peer said instead of TLS.
Error not_tls(Bytes input) {
  const auto is_printable = [](std::uint8_t byte) {
    return (byte >= 0x20 && byte < 0x7f) || byte == '\r' || byte == '\n' || byte == '\t';
  };
  ErrorCode code = ErrorCode::record_not_tls;
  if (std::any_of(kHttp.begin(), kHttp.end(),
                  [&](std::string_view word) { return starts_with(input, word); })) {
    code = ErrorCode::record_plain_http;
  } else if (std::all_of(input.begin(), input.begin() + kHeaderSize, is_printable)) {
    code = ErrorCode::record_other_protocol;
  }
  Error error(code);
  error.at("type", 0);
  if (code != ErrorCode::record_not_tls) {
    error.with_detail(std::string(as_text(input.first(std::min(input.size(), kDetailSize)))));
  }
  return error;
}

bool is_known(ContentType type) {
  return type == ContentType::change_cipher_spec || type == ContentType::alert ||
         type == ContentType::handshake || type == ContentType::application_data;
}

}  // namespace

// struct {
//     ContentType type;
//     ProtocolVersion legacy_record_version;
//     uint16 length;
//     opaque fragment[TLSPlaintext.length];
// } TLSPlaintext;
Result<std::optional<RecordHeader>> peek_header(Bytes input, std::size_t longest, bool first) {
  if (input.size() < kHeaderSize) return std::nullopt;
  const RecordHeader header{static_cast<ContentType>(input[0]),
                            static_cast<std::uint16_t>(input[1] << 8U | input[2]),
                            static_cast<std::size_t>(input[3] << 8U | input[4])};
  if (!is_known(header.type)) {
    if (first) return failure(not_tls(input));
    // "If a TLS implementation receives an unexpected record type, it MUST terminate the connection with an
    // "unexpected_message" alert." (§5)
    return failure(Error(ErrorCode::record_unknown_type).at("type", 0));
  }
  // legacy_record_version "MUST be ignored for all purposes"; but whoever begins with a major version other
  // than 3 does not speak TLS.
  const bool version_is_tls = (header.legacy_version >> 8U) == 3;
  if (first && !version_is_tls)
    return failure(Error(ErrorCode::record_bad_version).at("legacy_record_version", 1));
  if (header.length > longest) return failure(Error(ErrorCode::record_overflow).at("length", 3));
  return header;
}

void append_plaintext_record(ContentType type, ProtocolVersion legacy_version, Bytes fragment,
                             ByteString& out) {
  const auto version = static_cast<std::uint16_t>(legacy_version);
  const std::array<std::uint8_t, kHeaderSize> header = {
      static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(version >> 8U),
      static_cast<std::uint8_t>(version), static_cast<std::uint8_t>(fragment.size() >> 8U),
      static_cast<std::uint8_t>(fragment.size())};
  out.reserve(out.size() + header.size() + fragment.size());  // a record is there whole or not at all
  out.insert(out.end(), header.begin(), header.end());
  out.insert(out.end(), fragment.begin(), fragment.end());
}

}  // namespace handfast::record
