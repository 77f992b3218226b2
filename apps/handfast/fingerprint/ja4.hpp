// JA4: the fingerprint of a TLS client, made of what its ClientHello offers (FoxIO's public description,
// "JA4: TLS Client Fingerprinting"). Two visits by the same program give the same text, whatever order it
// shuffles its extensions into. Must not count GREASE (RFC 8701).
#pragma once

#include <handfast/error.hpp>
#include <string>

#include "fingerprint/client_offer.hpp"

namespace handfast::apps {

struct Ja4 {
  std::string a;       // readable: transport, version, SNI, counts, ALPN
  std::string b;       // 12 hex digits: the sorted suites
  std::string c;       // 12 hex digits: the sorted extensions, then the signature schemes as sent
  std::string suites;  // what b is the hash of
  std::string rest;    // what c is the hash of

  [[nodiscard]] std::string text() const { return a + "_" + b + "_" + c; }
  [[nodiscard]] std::string raw() const { return a + "_" + suites + "_" + rest; }
};

// Of a ClientHello over TCP. Errors: crypto_failed.
Result<Ja4> ja4_of(const ClientOffer& offer);

}  // namespace handfast::apps
