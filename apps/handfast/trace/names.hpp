// Names of code points for people, and facts made of them. RFC 9846 §4.3, RFC 8701.
#pragma once

#include <cstdint>
#include <handfast/codepoints.hpp>
#include <string>
#include <string_view>

#include "common/escape.hpp"
#include "message/views.hpp"
#include "trace/model.hpp"

namespace handfast::apps {

// "0x1a2b".
std::string number_text(std::uint16_t code);

// The registry's name, "GREASE 0x1a1a", or "0x1a2b".
template <class Enum>
std::string name_or_number(Enum value) {
  const auto code = static_cast<std::uint16_t>(value);
  const std::string_view name = name_of(value);
  if (is_grease(code)) return "GREASE " + number_text(code);
  return name.empty() ? number_text(code) : std::string(name);
}

// ML-KEM and hybrids with it.
bool has_post_quantum(NamedGroup group);

// The usual short names: "AES-128-GCM", "P-256".
std::string short_name(CipherSuite suite);
std::string short_name(NamedGroup group);
inline std::string short_name(CertificateCompressionAlgorithm algorithm) { return name_or_number(algorithm); }
// "TLS 1.3" for a version, "X25519MLKEM768 (post-quantum)" for a group.
std::string described(NamedGroup group);

template <class Enum>
FactItem item_of(Enum value) {
  FactItem item;
  item.code = static_cast<std::uint16_t>(value);
  item.text = name_or_number(value);
  item.grease = is_grease(*item.code);
  if constexpr (std::is_same_v<Enum, NamedGroup>) item.post_quantum = has_post_quantum(value);
  return item;
}

template <class Enum>
Fact list_fact(std::string id, std::string title, const message::CodepointList<Enum>& list) {
  Fact fact{std::move(id), std::move(title), {}};
  for (const Enum value : list) fact.items.push_back(item_of(value));
  return fact;
}

// A fact of one text.
Fact text_fact(std::string id, std::string title, std::string text, std::size_t bytes = 0);

// "a", "a and b", "a, b and c".
std::string joined(const std::vector<std::string>& words, std::string_view last = " and ");

}  // namespace handfast::apps
