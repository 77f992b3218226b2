// PEM and base64: see the header. RFC 7468 §2 and §3, RFC 4648 §4, RFC 1421 §4.4 (headers of old key files).
// Must not index by the characters: they may be a private key.
#include "crypto/pem.hpp"

#include <algorithm>
#include <cstdint>
#include <handfast/secret.hpp>

namespace handfast::crypto {
namespace {

constexpr std::string_view kDashes = "-----";
constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kSpace = " \t\v\f\r\n";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kLineLength = 64;

// All ones if low <= c <= high, else zero; without a branch.
constexpr std::uint32_t in_range(std::uint32_t c, std::uint32_t low, std::uint32_t high) {
  return (((c - low) | (high - c)) >> 31U) - 1U;
}

// The six bits of a base64 character, or a value above 63.
constexpr std::uint32_t sextet(char character) {
  const auto c = static_cast<std::uint32_t>(static_cast<unsigned char>(character));
  std::uint32_t value = 0;
  std::uint32_t known = 0;
  const auto add = [&](std::uint32_t mask, std::uint32_t bits) {
    value |= mask & bits;
    known |= mask;
  };
  add(in_range(c, 'A', 'Z'), c - 'A');
  add(in_range(c, 'a', 'z'), c - 'a' + 26);
  add(in_range(c, '0', '9'), c - '0' + 52);
  add(in_range(c, '+', '+'), 62);
  add(in_range(c, '/', '/'), 63);
  return value | (~known & 0x80U);
}

constexpr char character_of(std::uint32_t bits) {
  std::uint32_t c = in_range(bits, 0, 25) & (bits + 'A');
  c |= in_range(bits, 26, 51) & (bits - 26 + 'a');
  c |= in_range(bits, 52, 61) & (bits - 52 + '0');
  c |= in_range(bits, 62, 62) & '+';
  c |= in_range(bits, 63, 63) & '/';
  return static_cast<char>(c);
}

bool is_space(char c) { return kSpace.find(c) != std::string_view::npos; }

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
  while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
  return line;
}

// The text line by line, ended by CR, LF or both, without surrounding white space.
class Lines {
 public:
  Lines(std::string_view text, std::size_t start) : text_(text), next_(start) {
    if (start == 0 && text_.starts_with(kByteOrderMark)) next_ = kByteOrderMark.size();
  }
  // False at the end.
  bool advance() {
    if (next_ >= text_.size()) return false;
    const std::size_t end = std::min(text_.find_first_of("\r\n", next_), text_.size());
    const std::string_view raw = text_.substr(next_, end - next_);
    line_ = trimmed(raw);
    start_ = line_.empty() ? next_ : static_cast<std::size_t>(line_.data() - text_.data());
    next_ = end + 1;
    if (end < text_.size() && text_[end] == '\r' && next_ < text_.size() && text_[next_] == '\n') ++next_;
    return true;
  }
  [[nodiscard]] std::string_view line() const { return line_; }
  [[nodiscard]] std::size_t start() const { return start_; }
  [[nodiscard]] std::size_t next() const { return std::min(next_, text_.size()); }

 private:
  std::string_view text_;
  std::string_view line_;
  std::size_t start_ = 0;
  std::size_t next_;
};

std::unexpected<Error> malformed(const char* field, std::size_t offset) {
  return failure(Error(ErrorCode::pem_malformed).at(field, offset));
}

// The label of "-----BEGIN label-----" or "-----END label-----", or nothing.
std::optional<std::string_view> label_of(std::string_view line, std::string_view start) {
  if (!line.starts_with(start) || line.size() < start.size() + kDashes.size() || !line.ends_with(kDashes)) {
    return std::nullopt;
  }
  const std::string_view label = line.substr(start.size(), line.size() - start.size() - kDashes.size());
  if (label.empty()) return std::nullopt;
  return label;
}

// RFC 1421 §4.6.1.1, §4.6.1.3.
void read_header(std::string_view line, PemBlock& block) {
  constexpr std::string_view kDekInfo = "DEK-Info:";
  if (line.starts_with("Proc-Type:") && line.ends_with("ENCRYPTED")) block.encrypted = true;
  if (line.starts_with(kDekInfo)) block.encryption = trimmed(line.substr(kDekInfo.size()));
}

// Reads from after the BEGIN line to the END line.
Result<void> parse_block(std::string_view text, Lines& lines, PemBlock& block) {
  std::size_t content = lines.next();
  bool headers = false;
  while (lines.advance()) {
    const std::string_view line = lines.line();
    if (line.starts_with(kDashes)) {
      if (label_of(line, kEnd) != block.label) return malformed("END line", lines.start());
      auto der = from_base64(text.substr(content, lines.start() - content));
      if (!der) return malformed("base64", content);
      block.der = std::move(*der);
      return {};
    }
    // RFC 1421 §4.4: headers stand before the content, and an empty line ends them.
    if (line.find(':') != std::string_view::npos) {
      headers = true;
      read_header(line, block);
    } else if (headers && line.empty()) {
      headers = false;
      content = lines.next();
    }
  }
  return malformed("END line missing", block.offset);
}

}  // namespace

std::optional<Result<PemBlock>> PemReader::next() {
  Lines lines(text_, next_);
  while (lines.advance()) {
    next_ = lines.next();
    if (lines.line().starts_with(kEnd)) return malformed("END without BEGIN", lines.start());
    if (!lines.line().starts_with(kBegin)) continue;
    const auto label = label_of(lines.line(), kBegin);
    if (!label) return malformed("BEGIN line", lines.start());
    PemBlock block;
    block.label = *label;
    block.offset = lines.start();
    const auto parsed = parse_block(text_, lines, block);
    // A block that is cut may be followed by a good one.
    const bool cut = !parsed && lines.line().starts_with(kBegin) && lines.start() > block.offset;
    next_ = cut ? lines.start() : lines.next();
    if (!parsed) return failure(parsed.error());
    return block;
  }
  next_ = text_.size();
  return std::nullopt;
}

Result<std::vector<PemBlock>> parse_pem(std::string_view text) {
  std::vector<PemBlock> blocks;
  PemReader reader(text);
  while (auto block = reader.next()) {
    if (!*block) {
      for (PemBlock& earlier : blocks) wipe(earlier.der);
      return failure(std::move(*block).error());
    }
    blocks.push_back(std::move(**block));
  }
  return blocks;
}

std::string to_pem(std::string_view label, Bytes der) {
  std::string encoded = to_base64(der);
  std::string pem;
  pem.reserve(encoded.size() + encoded.size() / kLineLength + 2 * label.size() + 48);
  pem.append(kBegin).append(label).append(kDashes).push_back('\n');
  for (std::size_t i = 0; i < encoded.size(); i += kLineLength) {
    pem.append(encoded, i, kLineLength).push_back('\n');
  }
  pem.append(kEnd).append(label).append(kDashes).push_back('\n');
  wipe({reinterpret_cast<std::uint8_t*>(encoded.data()), encoded.size()});
  return pem;
}

std::string to_base64(Bytes bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const std::uint32_t group = static_cast<std::uint32_t>(bytes[i]) << 16U |
                                (left > 1 ? static_cast<std::uint32_t>(bytes[i + 1]) << 8U : 0U) |
                                (left > 2 ? static_cast<std::uint32_t>(bytes[i + 2]) : 0U);
    out.push_back(character_of(group >> 18U));
    out.push_back(character_of(group >> 12U & 63U));
    out.push_back(left > 1 ? character_of(group >> 6U & 63U) : '=');
    out.push_back(left > 2 ? character_of(group & 63U) : '=');
  }
  return out;
}

std::optional<ByteString> from_base64(std::string_view text) {
  ByteString out;
  out.reserve(text.size() / 4 * 3 + 3);  // enough for all: no copy is left behind by growing
  std::uint32_t bits = 0;
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (is_space(c)) continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const std::uint32_t value = sextet(c);
    if (value > 63 || padding > 0) {
      wipe(out);
      return std::nullopt;
    }
    bits = bits << 6U | value;
    if (++digits % 4 == 0) {
      for (const unsigned shift : {16U, 8U, 0U}) out.push_back(static_cast<std::uint8_t>(bits >> shift));
    }
  }
  const std::size_t tail = digits % 4;
  const std::size_t expected_padding = tail == 0 ? 0 : 4 - tail;
  // RFC 4648 §3.5: the bits that the last character has too many are zero.
  const std::uint32_t spare = tail == 2 ? bits & 15U : tail == 3 ? bits & 3U : 0U;
  if (tail == 1 || padding != expected_padding || spare != 0) {
    wipe(out);
    return std::nullopt;
  }
  if (tail == 2) out.push_back(static_cast<std::uint8_t>(bits >> 4U));
  if (tail == 3) {
    out.push_back(static_cast<std::uint8_t>(bits >> 10U));
    out.push_back(static_cast<std::uint8_t>(bits >> 2U));
  }
  return out;
}

}  // namespace handfast::crypto
