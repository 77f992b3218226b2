// The key schedule as the flows walk through it, with the key log. RFC 9846 §7.1, RFC 9850.
#pragma once

#include <handfast/error.hpp>

#include "handshake/context.hpp"
#include "handshake/psk.hpp"
#include "keys/key_schedule.hpp"
#include "keys/transcript.hpp"

namespace handfast::handshake {

// Valid from ServerHello to Finished.
struct HandshakeSecrets {
  keys::HandshakeSecret secret;
  HashSecret client_traffic;
  HashSecret server_traffic;
};

// Valid from the server's Finished on.
struct ApplicationSecrets {
  HashSecret client_traffic;
  HashSecret server_traffic;
  HashSecret exporter;
  keys::MainSecret main;  // for tickets
};

// `transcript` reaches to the ClientHello.
Result<EarlyDataSecrets> derive_early_data_secrets(Context& hs, Bytes client_random,
                                                   const keys::EarlySecret& early,
                                                   const keys::Transcript& transcript);
// `transcript` reaches to ServerHello; `early` and `shared` are used up. `client_random` is for the key log
// only.
Result<HandshakeSecrets> derive_handshake_secrets(Context& hs, Bytes client_random, keys::EarlySecret& early,
                                                  SharedSecret& shared, const keys::Transcript& transcript);
// `transcript` reaches to the server's Finished; the handshake secret is used up, its traffic secrets stay.
Result<ApplicationSecrets> derive_application_secrets(Context& hs, Bytes client_random,
                                                      HandshakeSecrets& secrets,
                                                      const keys::Transcript& transcript);
// What an established connection keeps of them.
Established with_exporter(Established outcome, ApplicationSecrets secrets);

}  // namespace handfast::handshake
