// The server's choices in TLS 1.2: see the header.
#include "handshake/negotiation12.hpp"

#include <algorithm>

#include "crypto/finite_field.hpp"
#include "crypto/key_exchange.hpp"
#include "crypto/public_key.hpp"
#include "handshake/selection.hpp"

namespace handfast::handshake {
namespace {

constexpr auto kType = HandshakeType::client_hello;

bool contains(Bytes list, std::uint8_t value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

Error illegal(const char* field) { return Error(ErrorCode::message_illegal_value).in(kType).at(field, 0); }

Result<void> check_hello(const ServerConfigData& config, const message::ClientHello& hello) {
  // "This vector MUST contain, and all implementations MUST support, CompressionMethod.null." (RFC 5246
  // §7.4.1.2)
  if (!contains(hello.legacy_compression_methods, 0)) {
    return failure(Error(ErrorCode::compression_not_null).in(kType).at("legacy_compression_methods", 0));
  }
  // "The server MUST then verify that the length of the "renegotiated_connection" field is zero, and if it is
  // not, MUST abort the handshake" (RFC 5746 §3.6)
  if (hello.renegotiation_info && !hello.renegotiation_info->empty()) {
    return failure(Error(ErrorCode::renegotiation_info_invalid).in(kType).at("renegotiated_connection", 0));
  }
  // "If the Supported Point Formats Extension is indeed sent, it MUST contain the value 0 (uncompressed)"
  // (RFC 8422 §5.1.2)
  if (hello.ec_point_formats && !contains(*hello.ec_point_formats, 0))
    return failure(illegal("ec_point_formats"));
  // "If a server receives a maximum fragment length negotiation request for a value other than the allowed
  // values, it MUST abort the handshake with an "illegal_parameter" alert." (RFC 6066 §4)
  const auto length = fragment_length_asked_for(config, hello);
  if (length && fragment_length_of(*length) == 0) {
    return failure(illegal("max_fragment_length"));
  }
  if (config.settings.require_extended_main_secret && !hello.extended_main_secret) {
    return failure(Error(ErrorCode::extended_main_secret_missing).in(kType));
  }
  return {};
}

// A group of this server's that the client takes for this key exchange. Clients that send no list leave it to
// the server (RFC 8422 §4): everybody has P-256.
std::optional<NamedGroup> choose_curve(const ServerConfigData& config, const message::ClientHello& hello) {
  for (const NamedGroup group : config.settings.policy.groups) {
    if (!crypto::is_classical(group)) continue;
    if (hello.supported_groups ? hello.supported_groups->contains(group) : group == NamedGroup::secp256r1)
      return group;
  }
  return std::nullopt;
}

bool is_finite_field_codepoint(NamedGroup group) {
  return static_cast<std::uint16_t>(group) >> 8U == 1U;  // "Codepoints in the range 256-511", RFC 7919 §2
}

// "If … the client has offered any FFDHE group, and none of them is acceptable to the server, the server MUST
// NOT select an FFDHE cipher suite" (RFC 7919 §4); a client that names none gets the first.
std::optional<NamedGroup> choose_finite_field(const ServerConfigData& config,
                                              const message::ClientHello& hello) {
  const bool names_groups =
      hello.supported_groups &&
      std::any_of(hello.supported_groups->begin(), hello.supported_groups->end(), is_finite_field_codepoint);
  for (const NamedGroup group : config.settings.policy.groups) {
    if (!crypto::is_supported_finite_field(group)) continue;
    if (!names_groups || hello.supported_groups->contains(group)) return group;
  }
  return std::nullopt;
}

// Whether the certificate's key is of the suite's kind and may be used so.
bool key_goes_with(const PreparedCredential& prepared, const keys::SuiteParameters& suite,
                   const message::ClientHello& hello) {
  if (!prepared.key_type) return false;
  const bool is_rsa =
      *prepared.key_type == crypto::KeyType::rsa || *prepared.key_type == crypto::KeyType::rsa_pss;
  if (is_rsa != (suite.authentication == keys::Authentication::rsa)) return false;
  if (suite.key_exchange == KeyExchange::rsa) {
    return *prepared.key_type == crypto::KeyType::rsa && prepared.decryptor != nullptr &&
           prepared.leaf.key_usage.allows(pki::KeyUsage::key_encipherment);
  }
  // "The named curve of the certificate's key" must be one of the client's, too (RFC 8422 §5.1.1).
  const auto curve = curve_of(*prepared.key_type);
  const bool curve_is_known = !curve || !hello.supported_groups || hello.supported_groups->contains(*curve);
  return curve_is_known && prepared.leaf.key_usage.allows(pki::KeyUsage::digital_signature);
}

// This server's order of schemes, among those that the credential can make and the client accepts. Without
// signature_algorithms the client means SHA-1 (RFC 5246 §7.4.1.4.1), which nobody should.
std::optional<SignatureScheme> choose_scheme(const ServerConfigData& config,
                                             const PreparedCredential& prepared,
                                             const message::ClientHello& hello) {
  if (!hello.signature_algorithms) return std::nullopt;
  const auto makes = prepared.credential.signer->schemes();
  for (const SignatureScheme scheme : config.settings.policy.signature_schemes) {
    if (std::find(makes.begin(), makes.end(), scheme) != makes.end() &&
        crypto::key_fits_tls12(*prepared.key_type, scheme) && hello.signature_algorithms->contains(scheme)) {
      return scheme;
    }
  }
  return std::nullopt;
}

// How good a choice is: the name counts more than whether the client can check the chain. -1: none.
constexpr int kForName = 2;
constexpr int kSuits = 1;

// The best of the credentials that go with the suite, of equals the first.
int choose_credential(const ServerConfigData& config, const message::ClientHello& hello,
                      const std::optional<ServerName>& name, const keys::SuiteParameters& suite,
                      Negotiated12& choice) {
  int best = -1;
  for (const PreparedCredential& prepared : config.credentials) {
    if (!key_goes_with(prepared, suite, hello)) continue;
    SignatureScheme scheme{};
    if (suite.key_exchange != KeyExchange::rsa) {
      const auto chosen = choose_scheme(config, prepared, hello);
      if (!chosen) continue;
      scheme = *chosen;
    }
    const bool for_name = name && is_for(prepared, *name);
    const int score = (for_name ? kForName : 0) + (suits_certificates(prepared, hello) ? kSuits : 0);
    if (score <= best) continue;
    best = score;
    choice.credential = &prepared;
    choice.scheme = scheme;
    choice.answers_server_name = for_name;
  }
  return best;
}

// This server's order; but a client that puts ChaCha20 first says that it has no fast AES.
std::vector<const keys::SuiteParameters*> common_suites(const ServerConfigData& config,
                                                        const message::ClientHello& hello) {
  std::vector<const keys::SuiteParameters*> common;
  for (const CipherSuite suite : config.settings.policy.suites) {
    const keys::SuiteParameters* const row = keys::find_suite(suite, ProtocolVersion::tls1_2);
    if (row != nullptr && hello.cipher_suites.contains(suite)) common.push_back(row);
  }
  for (const CipherSuite suite : hello.cipher_suites) {
    const keys::SuiteParameters* const first = keys::find_suite(suite, ProtocolVersion::tls1_2);
    if (first == nullptr) continue;
    if (first->aead != crypto::AeadAlgorithm::chacha20_poly1305) break;
    // Within one key exchange only: forward secrecy goes before speed.
    std::stable_sort(common.begin(), common.end(), [](const auto* a, const auto* b) {
      const auto rank = [](const auto* row) {
        return std::pair(row->key_exchange, row->aead != crypto::AeadAlgorithm::chacha20_poly1305);
      };
      return rank(a) < rank(b);
    });
    break;
  }
  return common;
}

// The first suite for which there are a group, a certificate and a signature scheme. Prefers, of two suites,
// one with a certificate for the name, and then one whose chain the client can check.
Result<void> choose_suite(const ServerConfigData& config, const message::ClientHello& hello,
                          Negotiated12& choice) {
  HANDFAST_TRY_ASSIGN(const std::optional<ServerName> name, requested_name(hello));
  const bool any_for_name =
      name && std::any_of(config.credentials.begin(), config.credentials.end(),
                          [&](const auto& prepared) { return is_for(prepared, *name); });
  if (name && !any_for_name && config.settings.reject_unknown_name) {
    return failure(Error(ErrorCode::no_certificate_for_name).in(kType).with_detail(name->to_string()));
  }
  const auto common = common_suites(config, hello);
  bool any_group = false;
  const Negotiated12 start = choice;
  int best = -1;
  for (const keys::SuiteParameters* const suite : common) {
    Negotiated12 candidate = start;
    candidate.suite = suite;
    if (suite->key_exchange != KeyExchange::rsa) {
      const auto group = suite->key_exchange == KeyExchange::ecdhe ? choose_curve(config, hello)
                                                                   : choose_finite_field(config, hello);
      if (!group) continue;
      candidate.group = *group;
    }
    any_group = true;
    const int score = choose_credential(config, hello, name, *suite, candidate);
    if (score <= best) continue;
    best = score;
    choice = candidate;
    if (best == (any_for_name ? kForName : 0) + kSuits) break;
  }
  if (best >= 0) return {};
  const auto& policy = config.settings.policy;
  if (common.empty()) {
    return failure(Error(ErrorCode::no_common_suite)
                       .in(kType)
                       .with_sets(hello.cipher_suites.numbers(), numbers(policy.suites)));
  }
  if (!any_group) {
    return failure(Error(ErrorCode::no_common_group)
                       .in(kType)
                       .with_sets(hello.supported_groups ? hello.supported_groups->numbers()
                                                         : std::vector<std::uint16_t>{},
                                  numbers(policy.groups)));
  }
  return failure(Error(ErrorCode::no_common_signature_scheme)
                     .in(kType)
                     .with_sets(hello.signature_algorithms ? hello.signature_algorithms->numbers()
                                                           : std::vector<std::uint16_t>{},
                                numbers(policy.signature_schemes)));
}

// A session goes on: "this field is the value from the state of the session being resumed" (RFC 5246
// §7.4.1.3).
Result<void> resume(const message::ClientHello& hello, std::shared_ptr<const SessionState> session,
                    Negotiated12& choice) {
  // "If the original session used the "extended_master_secret" extension but the new ClientHello does not
  // contain it, the server MUST abort the abbreviated handshake." (RFC 7627 §5.3)
  if (!hello.extended_main_secret) return failure(Error(ErrorCode::extended_main_secret_missing).in(kType));
  choice.suite = keys::find_suite(session->suite, ProtocolVersion::tls1_2);
  choice.group = session->group;
  choice.scheme = session->server_signature_scheme;
  choice.resumed = std::move(session);
  return {};
}

// What only a full handshake answers: a resumed one shows no certificate, and "When resuming a session, the
// server MUST NOT include a server_name extension in the server hello." (RFC 6066 §3)
void answer_certificate_extensions(const message::ClientHello& hello, Negotiated12& choice) {
  const Credential& credential = choice.credential->credential;
  choice.answers_point_formats = hello.ec_point_formats && choice.suite->key_exchange == KeyExchange::ecdhe;
  choice.staple = hello.status_request &&
                  hello.status_request->status_type == message::CertificateStatusType::ocsp &&
                  !credential.ocsp_response.empty();
  choice.timestamps = hello.signed_certificate_timestamp && !credential.signed_certificate_timestamps.empty();
}

// Whether the client gets a ticket, or its session an id. Clients that take tickets keep their sessions
// themselves.
void choose_keeping(const ServerConfigData& config, const message::ClientHello& hello, Negotiated12& choice) {
  if (!choice.extended_main_secret) return;
  const auto& keys = config.settings.ticket_keys;
  const bool takes_tickets = keys && hello.session_ticket;
  if (!choice.resumed) {
    choice.sends_ticket = takes_tickets;
    choice.keeps_session = !takes_tickets && config.settings.session_store;
    return;
  }
  // A ticket under the newest key lives no longer if it is made anew.
  choice.sends_ticket = takes_tickets && !keys->is_newest(*hello.session_ticket);
}

}  // namespace

std::optional<std::uint8_t> fragment_length_asked_for(const ServerConfigData& config,
                                                      const message::ClientHello& hello) {
  if (config.settings.record_size_limit && hello.record_size_limit) return std::nullopt;
  return hello.max_fragment_length;
}

Result<Negotiated12> negotiate12(const ServerConfigData& config, const message::ClientHello& hello,
                                 std::shared_ptr<const SessionState> session) {
  HANDFAST_TRY(check_hello(config, hello));
  Negotiated12 choice;
  if (session) {
    HANDFAST_TRY(resume(hello, std::move(session), choice));
  } else {
    HANDFAST_TRY(choose_suite(config, hello, choice));
    answer_certificate_extensions(hello, choice);
  }
  HANDFAST_TRY_ASSIGN(choice.application_protocol, choose_application_protocol(config, hello));
  choice.offered = hello.legacy_version;
  choice.extended_main_secret = hello.extended_main_secret;
  choice.answers_renegotiation_info =
      hello.renegotiation_info ||
      hello.cipher_suites.contains(CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
  if (config.settings.record_size_limit) choice.record_size_limit = hello.record_size_limit;
  choice.max_fragment_length = fragment_length_asked_for(config, hello);
  choose_keeping(config, hello, choice);
  return choice;
}

}  // namespace handfast::handshake
