// Names of code points for people.
#include "trace/names.hpp"

#include <fmt/core.h>

namespace handfast::apps {

std::string number_text(std::uint16_t code) { return fmt::format("0x{:04x}", code); }

bool has_post_quantum(NamedGroup group) {
  switch (group) {
    case NamedGroup::MLKEM768:
    case NamedGroup::MLKEM1024:
    case NamedGroup::SecP256r1MLKEM768:
    case NamedGroup::X25519MLKEM768:
    case NamedGroup::SecP384r1MLKEM1024:
      return true;
    default:
      return false;
  }
}

std::string short_name(CipherSuite suite) {
  switch (suite) {
    case CipherSuite::TLS_AES_128_GCM_SHA256:
      return "AES-128-GCM";
    case CipherSuite::TLS_AES_256_GCM_SHA384:
      return "AES-256-GCM";
    case CipherSuite::TLS_CHACHA20_POLY1305_SHA256:
      return "ChaCha20-Poly1305";
    default:
      return name_or_number(suite);
  }
}

std::string short_name(NamedGroup group) {
  switch (group) {
    case NamedGroup::secp256r1:
      return "P-256";
    case NamedGroup::secp384r1:
      return "P-384";
    case NamedGroup::secp521r1:
      return "P-521";
    case NamedGroup::x25519:
      return "X25519";
    case NamedGroup::x448:
      return "X448";
    default:
      return name_or_number(group);
  }
}

std::string described(NamedGroup group) {
  return short_name(group) + (has_post_quantum(group) ? " (post-quantum)" : "");
}

Fact text_fact(std::string id, std::string title, std::string text, std::size_t bytes) {
  Fact fact{std::move(id), std::move(title), {}};
  FactItem item;
  item.text = std::move(text);
  item.bytes = bytes;
  fact.items.push_back(std::move(item));
  return fact;
}

std::string joined(const std::vector<std::string>& words, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? last : std::string_view(", ");
    out += words[i];
  }
  return out;
}

}  // namespace handfast::apps
