// GeneralNames. RFC 5280 §4.2.1.6; addresses as text: RFC 5952 §4.
#include "pki/general_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "pki/distinguished_name.hpp"
#include "pki/oid.hpp"

namespace handfast::pki {
namespace {

using crypto::DerReader;
namespace der = crypto::der;

constexpr bool is_constructed(GeneralNameType type) {
  switch (type) {
    case GeneralNameType::other_name:
    case GeneralNameType::x400_address:
    case GeneralNameType::directory_name:
    case GeneralNameType::edi_party_name:
      return true;
    default:
      return false;
  }
}

bool is_ia5(Bytes text) {
  return std::all_of(text.begin(), text.end(), [](std::uint8_t c) { return c < 0x80; });
}

std::string ipv6_to_text(Bytes address) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = (unsigned{address[2 * i]} << 8U) | address[2 * i + 1];
  // RFC 5952 §4.2: the longest run of zeros, the first of equals, at least two.
  std::size_t best = 8;
  std::size_t best_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && groups[i + length] == 0) ++length;
    if (length > best_length) {
      best = i;
      best_length = length;
    }
  }
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      text += "::";
      i += best_length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text += fmt::format("{:x}", groups[i]);
  }
  return text;
}

}  // namespace

GeneralName read_general_name(DerReader& reader, const char* field) {
  const crypto::DerElement element = reader.any(field);
  GeneralName name{static_cast<GeneralNameType>(element.tag & 0x1fU), element.content};
  if (reader.failed()) return {};
  const std::uint8_t expected = is_constructed(name.type)
                                    ? der::context_constructed(static_cast<unsigned>(name.type))
                                    : der::context(static_cast<unsigned>(name.type));
  if (name.type > GeneralNameType::registered_id || element.tag != expected) {
    reader.fail(field, element.offset);
    return {};
  }
  switch (name.type) {
    case GeneralNameType::rfc822_name:
    case GeneralNameType::dns_name:
    case GeneralNameType::uniform_resource_identifier:
      // RFC 5280 §4.2.1.6: these are IA5String.
      if (!is_ia5(name.value)) reader.fail(field, element.offset);
      break;
    case GeneralNameType::directory_name: {
      DerReader inner(element.content, element.content_offset);
      check_name(inner, field, name.value);
      if (const Result<void> verdict = inner.finish(); !verdict) reader.fail(field, verdict.error().offset());
      break;
    }
    default:
      break;
  }
  return name;
}

bool GeneralNameWalker::next(GeneralName& name) {
  if (rest_.empty()) return false;
  DerReader reader(rest_);
  const crypto::DerElement element = reader.any("name");
  name = {static_cast<GeneralNameType>(element.tag & 0x1fU), element.content};
  rest_ = reader.remaining();
  return !reader.failed();
}

std::string ip_to_text(Bytes address) {
  if (address.size() == 4) {
    return fmt::format("{}.{}.{}.{}", address[0], address[1], address[2], address[3]);
  }
  if (address.size() == 16) return ipv6_to_text(address);
  std::string text;
  for (const std::uint8_t byte : address) text += fmt::format("{:02x}", byte);
  return text;
}

std::string general_name_to_text(const GeneralName& name) {
  switch (name.type) {
    case GeneralNameType::dns_name:
      return std::string(as_text(name.value));
    case GeneralNameType::ip_address:
      return ip_to_text(name.value);
    case GeneralNameType::rfc822_name:
      return "email:" + std::string(as_text(name.value));
    case GeneralNameType::uniform_resource_identifier:
      return "URI:" + std::string(as_text(name.value));
    case GeneralNameType::directory_name:
      return "dirName:" + name_to_text(name.value);
    case GeneralNameType::registered_id:
      return "RID:" + oid::to_string(name.value);
    case GeneralNameType::other_name:
      return "otherName";
    case GeneralNameType::x400_address:
      return "x400Address";
    case GeneralNameType::edi_party_name:
      return "ediPartyName";
  }
  return {};
}

}  // namespace handfast::pki
