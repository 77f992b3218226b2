// Decimal numbers, joined by '-', the lists by ','.
#include "fingerprint/ja3.hpp"

#include <fmt/format.h>

#include <handfast/codepoints.hpp>

#include "common/escape.hpp"
#include "fingerprint/md5.hpp"

namespace handfast::apps {
namespace {

template <class List>
std::string numbers(const List& list) {
  std::string out;
  for (const auto value : list) {
    if (!is_grease(static_cast<std::uint16_t>(value))) {
      out += fmt::format("{}{}", out.empty() ? "" : "-", static_cast<unsigned>(value));
    }
  }
  return out;
}

Ja3 hashed(std::string text) {
  const auto digest = md5(text);
  return {std::move(text), to_hex(Bytes(digest))};
}

}  // namespace

Ja3 ja3_of(const ClientOffer& offer) {
  std::vector<std::uint16_t> extensions;
  for (const OfferedExtension& extension : offer.extensions) extensions.push_back(extension.type);
  return hashed(fmt::format("{},{},{},{},{}", offer.legacy_version, numbers(offer.suites),
                            numbers(extensions), numbers(offer.groups), numbers(offer.point_formats)));
}

Ja3 ja3s_of(const message::ServerHello& hello) {
  std::vector<std::uint16_t> extensions;
  for (const message::Extension& extension : hello.extensions) {
    extensions.push_back(static_cast<std::uint16_t>(extension.type));
  }
  return hashed(fmt::format("{},{},{}", static_cast<unsigned>(hello.legacy_version),
                            static_cast<unsigned>(hello.cipher_suite), numbers(extensions)));
}

}  // namespace handfast::apps
