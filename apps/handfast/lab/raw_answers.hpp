// Servers that misbehave in more than one step; scenarios name them.
#pragma once

#include "lab/scenario.hpp"

namespace handfast::apps::lab {

// Alert 70 for clients that speak TLS 1.2 or more only, TLS 1.0 for those that take it.
void speak_tls10(Visit& visit);
// TLS 1.3 with brainpoolP256r1tls13 or alert 40.
void want_brainpool(Visit& visit);
// HelloRetryRequest, and once more.
void retry_twice(Visit& visit);
// TLS 1.2 up to ServerHelloDone, with a prime of 1024 bits; or asking for certificates of so many authorities
// that the message is longer than others take.
Maker small_dh_server();
Maker talkative_server();
// A ServerHello of TLS 1.3 with a good key share; then `what` follows.
bool begin_tls13(Visit& visit);

}  // namespace handfast::apps::lab
