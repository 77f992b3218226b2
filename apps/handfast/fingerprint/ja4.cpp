// JA4_a by hand, JA4_b and JA4_c by SHA-256, cut to twelve hex digits.
#include "fingerprint/ja4.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <handfast/codepoints.hpp>

#include "crypto/hash.hpp"

namespace handfast::apps {
namespace {

constexpr std::size_t kHashDigits = 12;
constexpr std::size_t kCountMax = 99;  // two digits
constexpr const char* kNothing = "000000000000";

std::vector<std::uint16_t> without_grease(const std::vector<std::uint16_t>& values) {
  std::vector<std::uint16_t> out;
  std::copy_if(values.begin(), values.end(), std::back_inserter(out),
               [](std::uint16_t value) { return !is_grease(value); });
  return out;
}

std::string hex_list(const std::vector<std::uint16_t>& values) {
  std::string out;
  for (const std::uint16_t value : values) out += fmt::format("{}{:04x}", out.empty() ? "" : ",", value);
  return out;
}

const char* version_digits(const ClientOffer& offer) {
  std::uint16_t version = offer.legacy_version;
  const auto known = without_grease(offer.versions);
  if (!known.empty()) version = *std::max_element(known.begin(), known.end());
  switch (version) {
    case 0x0304:
      return "13";
    case 0x0303:
      return "12";
    case 0x0302:
      return "11";
    case 0x0301:
      return "10";
    case 0x0300:
      return "s3";
    case 0x0002:
      return "s2";
    default:
      return "00";
  }
}

bool alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::string protocol_characters(const ClientOffer& offer) {
  if (offer.application_protocols.empty() || offer.application_protocols.front().empty()) return "00";
  const std::string& name = offer.application_protocols.front();
  if (alphanumeric(name.front()) && alphanumeric(name.back())) return {name.front(), name.back()};
  const std::string first = fmt::format("{:02x}", static_cast<unsigned char>(name.front()));
  const std::string last = fmt::format("{:02x}", static_cast<unsigned char>(name.back()));
  return {first.front(), last.back()};
}

Result<std::string> short_hash(const std::string& text) {
  HANDFAST_TRY_ASSIGN(const crypto::Digest digest,
                      crypto::hash(crypto::HashAlgorithm::sha256, {as_bytes(text)}));
  std::string out;
  for (const std::uint8_t byte : digest.view().first(kHashDigits / 2)) out += fmt::format("{:02x}", byte);
  return out;
}

}  // namespace

Result<Ja4> ja4_of(const ClientOffer& offer) {
  auto suites = without_grease(offer.suites);
  std::vector<std::uint16_t> extensions;
  for (const OfferedExtension& extension : offer.extensions) extensions.push_back(extension.type);
  extensions = without_grease(extensions);

  Ja4 out;
  out.a = fmt::format("t{}{}{:02}{:02}{}", version_digits(offer), offer.has(0) ? 'd' : 'i',
                      std::min(suites.size(), kCountMax), std::min(extensions.size(), kCountMax),
                      protocol_characters(offer));

  std::sort(suites.begin(), suites.end());
  out.suites = hex_list(suites);
  // The server's name and ALPN are in the first part already.
  std::erase_if(extensions, [](std::uint16_t type) {
    return type == static_cast<std::uint16_t>(ExtensionType::server_name) ||
           type == static_cast<std::uint16_t>(ExtensionType::application_layer_protocol_negotiation);
  });
  std::sort(extensions.begin(), extensions.end());
  out.rest = hex_list(extensions);
  const auto schemes = without_grease(offer.signature_schemes);
  if (!schemes.empty()) out.rest += "_" + hex_list(schemes);

  out.b = kNothing;
  out.c = kNothing;
  if (!suites.empty()) {
    HANDFAST_TRY_ASSIGN(out.b, short_hash(out.suites));
  }
  if (!extensions.empty()) {
    HANDFAST_TRY_ASSIGN(out.c, short_hash(out.rest));
  }
  return out;
}

}  // namespace handfast::apps
