// The keys of TLS 1.2 as the flows walk through them: see the header.
#include "handshake/secrets12.hpp"

namespace handfast::handshake {

Result<keys::MainSecret12> derive_main_secret(Context&, const keys::SuiteParameters& suite, bool extended,
                                              const keys::Randoms& randoms, PremasterSecret premaster,
                                              const Transcript12& transcript) {
  if (!extended) return keys::MainSecret12::plain(suite.hash, std::move(premaster), randoms);
  HANDFAST_TRY_ASSIGN(const crypto::Digest session_hash, transcript.current());
  return keys::MainSecret12::extended(suite.hash, std::move(premaster), session_hash);
}

Result<keys::MainSecret12> resume_main_secret(const keys::SuiteParameters* suite,
                                              const std::shared_ptr<const SessionState>& session) {
  return keys::MainSecret12::resumed(suite->hash, session->secret.clone(), session->extended_main_secret);
}

Result<keys::KeyBlock> derive_keys12(Context& hs, const keys::SuiteParameters& suite,
                                     const keys::MainSecret12& secret, const keys::Randoms& randoms) {
  if (hs.settings().key_log != nullptr) {
    hs.settings().key_log->on_secret("CLIENT_RANDOM", randoms.client, secret.secret().view());
  }
  return secret.key_block(suite, randoms);
}

Result<void> change_write_keys(Context& hs, const keys::SuiteParameters& suite,
                               const keys::RecordKeys12& keys) {
  HANDFAST_TRY(hs.link().send_change_cipher_spec());
  return hs.link().set_write_keys12(suite, keys);
}

Result<void> change_read_keys(Context& hs, const keys::SuiteParameters& suite,
                              const keys::RecordKeys12& keys) {
  HANDFAST_TRY_ASSIGN(const RecordBoundary boundary, hs.link().record_boundary());
  return hs.link().set_read_keys12(suite, keys, boundary);
}

Established outcome12(const keys::SuiteParameters& suite, const keys::MainSecret12& secret,
                      const keys::Randoms& randoms) {
  Established outcome;
  outcome.suite = &suite;
  outcome.info.version = ProtocolVersion::tls1_2;
  outcome.info.suite = suite.suite;
  outcome.info.key_exchange = suite.key_exchange;
  outcome.info.extended_main_secret = secret.is_extended();
  outcome.randoms = randoms;
  // Without the binding nothing may be exported: then nothing is kept.
  if (secret.is_extended()) outcome.exporter_secret = secret.secret().clone();
  return outcome;
}

SessionState session_of(const Established& outcome, const keys::MainSecret12& secret) {
  SessionState session;
  session.version = ProtocolVersion::tls1_2;
  session.suite = outcome.info.suite;
  session.secret = secret.secret().clone();
  session.extended_main_secret = secret.is_extended();
  session.server_name = outcome.info.server_name;
  session.application_protocol = outcome.info.application_protocol;
  session.group = outcome.info.group;
  session.server_signature_scheme = outcome.info.server_signature_scheme;
  session.client_signature_scheme = outcome.info.client_signature_scheme;
  session.peer_certificates = outcome.peer_certificates;
  return session;
}

}  // namespace handfast::handshake
