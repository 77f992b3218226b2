// The key schedule as the flows walk through it: see the header.
#include "handshake/secrets.hpp"

namespace handfast::handshake {
namespace {

// Labels of RFC 9850 §2.
void log(Context& hs, const char* label, Bytes client_random, const HashSecret& secret) {
  if (hs.settings().key_log != nullptr) hs.settings().key_log->on_secret(label, client_random, secret.view());
}

}  // namespace

Result<EarlyDataSecrets> derive_early_data_secrets(Context& hs, Bytes client_random,
                                                   const keys::EarlySecret& early,
                                                   const keys::Transcript& transcript) {
  HANDFAST_TRY_ASSIGN(const crypto::Digest hash, transcript.current());
  HANDFAST_TRY_ASSIGN(HashSecret traffic, early.client_early_traffic(hash));
  HANDFAST_TRY_ASSIGN(HashSecret exporter, early.early_exporter(hash));
  log(hs, "CLIENT_EARLY_TRAFFIC_SECRET", client_random, traffic);
  log(hs, "EARLY_EXPORTER_SECRET", client_random, exporter);
  return EarlyDataSecrets{.traffic = std::move(traffic), .exporter = std::move(exporter)};
}

Result<HandshakeSecrets> derive_handshake_secrets(Context& hs, Bytes client_random, keys::EarlySecret& early,
                                                  SharedSecret& shared, const keys::Transcript& transcript) {
  HANDFAST_TRY_ASSIGN(const crypto::Digest hash, transcript.current());
  HANDFAST_TRY_ASSIGN(keys::HandshakeSecret secret, std::move(early).to_handshake(std::move(shared)));
  HANDFAST_TRY_ASSIGN(HashSecret client, secret.client_traffic(hash));
  HANDFAST_TRY_ASSIGN(HashSecret server, secret.server_traffic(hash));
  log(hs, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", client_random, client);
  log(hs, "SERVER_HANDSHAKE_TRAFFIC_SECRET", client_random, server);
  return HandshakeSecrets{std::move(secret), std::move(client), std::move(server)};
}

Result<ApplicationSecrets> derive_application_secrets(Context& hs, Bytes client_random,
                                                      HandshakeSecrets& secrets,
                                                      const keys::Transcript& transcript) {
  HANDFAST_TRY_ASSIGN(const crypto::Digest hash, transcript.current());
  HANDFAST_TRY_ASSIGN(keys::MainSecret main, std::move(secrets.secret).to_main());
  HANDFAST_TRY_ASSIGN(HashSecret client, main.client_application_traffic(hash));
  HANDFAST_TRY_ASSIGN(HashSecret server, main.server_application_traffic(hash));
  HANDFAST_TRY_ASSIGN(HashSecret exporter, main.exporter(hash));
  log(hs, "CLIENT_TRAFFIC_SECRET_0", client_random, client);
  log(hs, "SERVER_TRAFFIC_SECRET_0", client_random, server);
  log(hs, "EXPORTER_SECRET", client_random, exporter);
  return ApplicationSecrets{std::move(client), std::move(server), std::move(exporter), std::move(main)};
}

Established with_exporter(Established outcome, ApplicationSecrets secrets) {
  outcome.exporter_secret = std::move(secrets.exporter);
  return outcome;
}

}  // namespace handfast::handshake
