// JA3 and JA3S: fingerprints of a client's and a server's hello (Salesforce's public description, "TLS
// Fingerprinting with JA3 and JA3S"). Clients that shuffle their extensions look different each time: see
// JA4. Must not count GREASE (RFC 8701).
#pragma once

#include <string>

#include "fingerprint/client_offer.hpp"
#include "message/server_hello.hpp"

namespace handfast::apps {

struct Ja3 {
  std::string text;  // "771,4865-4866,0-11-10,29-23,0"
  std::string hash;  // its MD5
};

Ja3 ja3_of(const ClientOffer& offer);
Ja3 ja3s_of(const message::ServerHello& hello);

}  // namespace handfast::apps
