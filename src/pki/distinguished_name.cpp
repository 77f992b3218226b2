// Distinguished names. RFC 5280 §7.1 (a subset of RFC 4518's string preparation), RFC 4514.
#include "pki/distinguished_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "pki/oid.hpp"

namespace handfast::pki {
namespace {

using crypto::DerReader;
namespace der = crypto::der;

// RFC 3629 §4: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(Bytes text) {
  while (!text.empty()) {
    const std::uint8_t lead = text[0];
    const std::size_t size = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
    if (size == 0 || size > text.size()) return false;
    for (std::size_t i = 1; i < size; ++i) {
      if ((text[i] & 0xc0U) != 0x80U) return false;
    }
    const bool overlong = (lead == 0xe0 && text[1] < 0xa0) || (lead == 0xf0 && text[1] < 0x90);
    const bool outside = (lead == 0xed && text[1] >= 0xa0) || (lead == 0xf4 && text[1] >= 0x90);
    if (overlong || outside) return false;
    text = text.subspan(size);
  }
  return true;
}

// Whether an attribute's value is of a type that X.520 knows, all of which are universal, and a string one of
// its type. The alphabet of PrintableString is not asked for: many CAs stretch it.
bool is_well_formed(std::uint8_t tag, Bytes value) {
  constexpr std::uint8_t kClass = 0xc0;
  if ((tag & kClass) != 0) return false;
  if (tag == der::kUtf8String) return is_utf8(value);
  if (tag == der::kBmpString) return value.size() % 2 == 0;
  if (tag != der::kUniversalString) return true;
  if (value.size() % 4 != 0) return false;
  for (std::size_t i = 0; i < value.size(); i += 4) {
    if (value[i] != 0 || value[i + 1] > 0x10) return false;
  }
  return true;
}

bool is_text(std::uint8_t tag) {
  switch (tag) {
    case der::kUtf8String:
    case der::kPrintableString:
    case der::kTeletexString:
    case der::kIa5String:
    case der::kBmpString:
    case der::kUniversalString:
      return true;
    default:
      return false;
  }
}

// Characters of a string of any type, one by one. UTF-8 stays as it is: its bytes count as characters, and
// BMPString and UniversalString are turned into the same.
class Characters {
 public:
  Characters(std::uint8_t tag, Bytes value) : tag_(tag), rest_(value) {}
  int next() {
    if (pending_ > 0) return encoded_[--pending_];
    const std::size_t width = tag_ == der::kBmpString ? 2 : tag_ == der::kUniversalString ? 4 : 1;
    if (rest_.size() < width) return -1;
    std::uint32_t point = 0;
    for (std::size_t i = 0; i < width; ++i) point = (point << 8U) | rest_[i];
    rest_ = rest_.subspan(width);
    if (tag_ == der::kUtf8String || point < 0x80) return static_cast<int>(point & 0xffU);
    return encode(point);
  }

 private:
  int encode(std::uint32_t point) {
    const unsigned trailing = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    for (unsigned i = 0; i < trailing; ++i) {
      encoded_[i] = static_cast<std::uint8_t>(0x80U | ((point >> (6U * i)) & 0x3fU));
    }
    pending_ = trailing;
    const unsigned mark = trailing == 1 ? 0xc0U : trailing == 2 ? 0xe0U : 0xf0U;
    return static_cast<int>((mark | (point >> (6U * trailing))) & 0xffU);
  }

  std::uint8_t tag_;
  Bytes rest_;
  std::uint8_t encoded_[3] = {};
  unsigned pending_ = 0;
};

// The same, prepared for comparison: lower case, one space between words, none around them.
class PreparedCharacters {
 public:
  PreparedCharacters(std::uint8_t tag, Bytes value) : characters_(tag, value) {
    current_ = characters_.next();
    while (current_ == ' ') current_ = characters_.next();
  }
  int next() {
    if (current_ == -1) return -1;
    int result = current_;
    current_ = characters_.next();
    if (result == ' ') {
      while (current_ == ' ') current_ = characters_.next();
      if (current_ == -1) return -1;
    }
    if (result >= 'A' && result <= 'Z') result += 'a' - 'A';
    return result;
  }

 private:
  Characters characters_;
  int current_;
};

// Whether there is nothing to prepare but letters' case, as in most values.
bool is_simple(std::uint8_t tag, Bytes value) {
  if (tag == der::kBmpString || tag == der::kUniversalString) return false;
  std::uint8_t before = ' ';
  for (const std::uint8_t byte : value) {
    if (byte >= 0x80 || (byte == ' ' && before == ' ')) return false;
    before = byte;
  }
  return before != ' ';
}

bool attributes_equal(const NameAttribute& a, const NameAttribute& b) {
  if (a.new_rdn != b.new_rdn || !oid::equal(a.type, b.type)) return false;
  if (a.tag == b.tag && oid::equal(a.value, b.value)) return true;
  if (!is_text(a.tag) || !is_text(b.tag)) return false;
  PreparedCharacters x(a.tag, a.value);
  PreparedCharacters y(b.tag, b.value);
  while (true) {
    const int left = x.next();
    if (left != y.next()) return false;
    if (left == -1) return true;
  }
}

std::string to_utf8(const NameAttribute& attribute) {
  std::string text;
  if (is_text(attribute.tag)) {
    Characters characters(attribute.tag, attribute.value);
    for (int c = characters.next(); c != -1; c = characters.next()) text.push_back(static_cast<char>(c));
  } else {
    text = "#";
    for (const std::uint8_t byte : attribute.value) text += fmt::format("{:02x}", byte);
  }
  return text;
}

struct ShortName {
  std::array<std::uint8_t, 10> type;
  std::size_t size;
  const char* name;
};

constexpr ShortName kShortNames[] = {
    {{0x55, 0x04, 0x03}, 3, "CN"},
    {{0x55, 0x04, 0x04}, 3, "SN"},
    {{0x55, 0x04, 0x05}, 3, "serialNumber"},
    {{0x55, 0x04, 0x06}, 3, "C"},
    {{0x55, 0x04, 0x07}, 3, "L"},
    {{0x55, 0x04, 0x08}, 3, "ST"},
    {{0x55, 0x04, 0x09}, 3, "STREET"},
    {{0x55, 0x04, 0x0a}, 3, "O"},
    {{0x55, 0x04, 0x0b}, 3, "OU"},
    {{0x55, 0x04, 0x0c}, 3, "title"},
    {{0x55, 0x04, 0x2a}, 3, "GN"},
    {{0x55, 0x04, 0x61}, 3, "organizationIdentifier"},
    {{0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x01}, 10, "UID"},
    {{0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19}, 10, "DC"},
    {{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01}, 9, "emailAddress"},
};

std::string type_to_text(Bytes type) {
  for (const ShortName& row : kShortNames) {
    if (oid::equal(type, Bytes(row.type).first(row.size))) return row.name;
  }
  return oid::to_string(type);
}

}  // namespace

void check_name(DerReader& reader, const char* field, Bytes& name) {
  const crypto::DerElement element = reader.element(field, der::kSequence);
  name = element.whole;
  DerReader rdns(element.content, element.content_offset);
  while (!rdns.empty()) {
    DerReader attributes = rdns.set(field);
    do {
      DerReader attribute = attributes.sequence(field);
      attribute.object_identifier(field);
      const crypto::DerElement value = attribute.any(field);
      if (!is_well_formed(value.tag, value.content)) attribute.fail(field, value.offset);
      attribute.expect_end(field);
    } while (!attributes.empty());
  }
  if (const Result<void> verdict = rdns.finish(); !verdict) reader.fail(field, verdict.error().offset());
}

NameWalker::NameWalker(Bytes name) {
  DerReader reader(name);
  rdns_ = reader.element("name", der::kSequence).content;
}

bool NameWalker::next(NameAttribute& attribute) {
  attribute.new_rdn = attributes_.empty();
  if (attributes_.empty()) {
    if (rdns_.empty()) return false;
    DerReader reader(rdns_);
    attributes_ = reader.element("relativeDistinguishedName", der::kSet).content;
    rdns_ = reader.remaining();
  }
  DerReader reader(attributes_);
  DerReader fields = reader.sequence("attribute");
  attribute.type = fields.element("type", der::kObjectIdentifier).content;
  const crypto::DerElement value = fields.any("value");
  attribute.tag = value.tag;
  attribute.value = value.content;
  attributes_ = reader.remaining();
  return !reader.failed();
}

bool names_equal(Bytes a, Bytes b) {
  if (oid::equal(a, b)) return true;
  NameWalker left(a);
  NameWalker right(b);
  NameAttribute x;
  NameAttribute y;
  while (true) {
    const bool more = left.next(x);
    if (more != right.next(y)) return false;
    if (!more) return true;
    if (!attributes_equal(x, y)) return false;
  }
}

std::uint64_t name_hash(Bytes name) {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  const auto mix = [&hash](unsigned value) { hash = (hash ^ value) * 0x100000001b3U; };
  NameWalker walker(name);
  NameAttribute attribute;
  while (walker.next(attribute)) {
    for (const std::uint8_t byte : attribute.type) mix(byte);
    mix(0x100);
    if (!is_text(attribute.tag)) continue;
    if (is_simple(attribute.tag, attribute.value)) {
      for (const std::uint8_t byte : attribute.value) {
        mix(byte >= 'A' && byte <= 'Z' ? unsigned{byte} + ('a' - 'A') : byte);
      }
    } else {
      PreparedCharacters characters(attribute.tag, attribute.value);
      for (int c = characters.next(); c != -1; c = characters.next()) mix(static_cast<unsigned>(c));
    }
    mix(0x101);
  }
  return hash;
}

bool name_within(Bytes name, Bytes base) {
  NameWalker names(name);
  NameWalker bases(base);
  NameAttribute x;
  NameAttribute y;
  while (bases.next(y)) {
    if (!names.next(x) || !attributes_equal(x, y)) return false;
  }
  // The base must end where an RDN of the name ends.
  return !names.next(x) || x.new_rdn;
}

bool name_is_empty(Bytes name) {
  NameWalker walker(name);
  NameAttribute attribute;
  return !walker.next(attribute);
}

// A name that nobody would read to its end is cut: it may have megabytes.
constexpr std::size_t kMaxNameText = 4096;

std::string name_to_text(Bytes name) {
  std::vector<std::string> parts;
  std::size_t shown = 0;
  NameWalker walker(name);
  NameAttribute attribute;
  while (walker.next(attribute)) {
    if (shown > kMaxNameText) {
      parts.emplace_back("…");
      break;
    }
    attribute.value = attribute.value.first(std::min(attribute.value.size(), kMaxNameText));
    std::string part = type_to_text(attribute.type) + "=" + to_utf8(attribute);
    shown += part.size();
    if (attribute.new_rdn) {
      parts.push_back(std::move(part));
    } else {
      parts.back() += "+" + part;
    }
  }
  if (parts.empty()) return "(empty)";
  std::reverse(parts.begin(), parts.end());
  return fmt::format("{}", fmt::join(parts, ","));
}

std::optional<std::string> attribute_text(Bytes name, Bytes type) {
  NameWalker walker(name);
  NameAttribute attribute;
  while (walker.next(attribute)) {
    if (oid::equal(attribute.type, type)) return to_utf8(attribute);
  }
  return std::nullopt;
}

}  // namespace handfast::pki
