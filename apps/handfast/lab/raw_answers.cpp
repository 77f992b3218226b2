// Servers that misbehave in more than one step.
#include "lab/raw_answers.hpp"

#include <algorithm>
#include <handfast/random.hpp>

#include "crypto/key_exchange.hpp"
#include "crypto/public_key.hpp"
#include "lab/own_stack.hpp"
#include "message/extension_encoders.hpp"
#include "message/key_exchange12.hpp"
#include "message/messages12.hpp"
#include "record/header.hpp"

namespace handfast::apps::lab {
namespace {

constexpr NamedGroup kBrainpool{0x001f};  // brainpoolP256r1tls13
constexpr auto kSuite13 = CipherSuite::TLS_AES_128_GCM_SHA256;

void retry(Visit& visit, const HeardHello& heard, NamedGroup group) {
  message::HelloRetryRequestPlan plan;
  plan.legacy_session_id_echo = heard.hello.legacy_session_id;
  plan.cipher_suite = kSuite13;
  plan.selected_group = group;
  ByteString out;
  if (message::encode_hello_retry_request(plan, out)) visit.send_record(ContentType::handshake, out);
}

// A prime of 1024 bits: the second Oakley group (RFC 2409 §6.2), long broken by those who can afford it.
constexpr std::array<std::uint8_t, 128> kOakley2 = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc9, 0x0f, 0xda, 0xa2, 0x21, 0x68, 0xc2, 0x34,
    0xc4, 0xc6, 0x62, 0x8b, 0x80, 0xdc, 0x1c, 0xd1, 0x29, 0x02, 0x4e, 0x08, 0x8a, 0x67, 0xcc, 0x74,
    0x02, 0x0b, 0xbe, 0xa6, 0x3b, 0x13, 0x9b, 0x22, 0x51, 0x4a, 0x08, 0x79, 0x8e, 0x34, 0x04, 0xdd,
    0xef, 0x95, 0x19, 0xb3, 0xcd, 0x3a, 0x43, 0x1b, 0x30, 0x2b, 0x0a, 0x6d, 0xf2, 0x5f, 0x14, 0x37,
    0x4f, 0xe1, 0x35, 0x6d, 0x6d, 0x51, 0xc2, 0x45, 0xe4, 0x85, 0xb5, 0x76, 0x62, 0x5e, 0x7e, 0xc6,
    0xf4, 0x4c, 0x42, 0xe9, 0xa6, 0x37, 0xed, 0x6b, 0x0b, 0xff, 0x5c, 0xb6, 0xf4, 0x06, 0xb7, 0xed,
    0xee, 0x38, 0x6b, 0xfb, 0x5a, 0x89, 0x9f, 0xa5, 0xae, 0x9f, 0x24, 0x11, 0x7c, 0x4b, 0x1f, 0xe6,
    0x49, 0x28, 0x66, 0x51, 0xec, 0xe6, 0x53, 0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

// What follows a ServerHello of TLS 1.2: Certificate, ServerKeyExchange with these parameters, `request` (may
// be empty), ServerHelloDone.
struct Flight {
  ByteString params;
  SignatureScheme scheme{};
  ByteString request;
};
Result<ByteString> encode_flight(const Flight& flight, const Credential& credential, Bytes client_random,
                                 Bytes server_random) {
  ByteString covered = copy_of(client_random);
  covered.insert(covered.end(), server_random.begin(), server_random.end());
  covered.insert(covered.end(), flight.params.begin(), flight.params.end());
  auto pending = std::make_shared<PendingDecision<ByteString>>(nullptr);
  credential.signer->sign(flight.scheme, covered, Completion<ByteString>(pending));
  auto signature = pending->take();
  if (!signature) return failure(ErrorCode::signer_failed);
  HANDFAST_TRY_ASSIGN(const ByteString signed_params, std::move(*signature));
  ByteString out;
  HANDFAST_TRY(message::encode_certificate12(credential.chain, out));
  HANDFAST_TRY(message::encode_server_key_exchange(flight.params, flight.scheme, signed_params, out));
  out.insert(out.end(), flight.request.begin(), flight.request.end());
  HANDFAST_TRY(message::encode_server_hello_done(out));
  return out;
}

// A server of TLS 1.2 that gets as far as ServerHelloDone.
Behaviour half_server12(CipherSuite suite, Credential credential, Flight flight) {
  return [=](Visit& visit) {
    const auto heard = visit.hear();
    if (!heard) return;
    if (!heard->hello.cipher_suites.contains(suite)) {
      visit.alert(AlertDescription::handshake_failure);
      return visit.wait_for_end();
    }
    const ByteString random(32, 0x24);
    const std::vector<message::PlannedExtension> extensions = {
        message::plan_extension(ExtensionType::renegotiation_info, message::encode_renegotiation_info,
                                Bytes()),
        message::plan_empty_extension(ExtensionType::extended_main_secret)};
    message::ServerHelloPlan plan;
    plan.random = random;
    plan.extra = extensions;
    visit.server_hello(*heard, ProtocolVersion::tls1_2, suite, plan);
    if (const auto messages = encode_flight(flight, credential, heard->hello.random, random)) {
      Bytes rest = *messages;
      while (!rest.empty()) {
        const Bytes part = rest.first(std::min(rest.size(), record::kMaxPlaintext));
        visit.send_record(ContentType::handshake, part);
        rest = rest.subspan(part.size());
      }
    }
    visit.wait_for_end();
  };
}

}  // namespace

void speak_tls10(Visit& visit) {
  const auto heard = visit.hear();
  if (!heard) return;
  const auto& versions = heard->hello.supported_versions;
  const bool takes_it = versions ? versions->contains(ProtocolVersion::tls1_0)
                                 : heard->hello.legacy_version <= ProtocolVersion::tls1_1;
  if (takes_it) {
    visit.server_hello(*heard, ProtocolVersion::tls1_0, CipherSuite{0x000a});
  } else {
    visit.alert(AlertDescription::protocol_version);
  }
  visit.wait_for_end();
}

void want_brainpool(Visit& visit) {
  const auto heard = visit.hear();
  if (!heard) return;
  const auto& groups = heard->hello.supported_groups;
  if (groups && groups->contains(kBrainpool)) {
    retry(visit, *heard, kBrainpool);
  } else {
    visit.alert(AlertDescription::handshake_failure);
  }
  visit.wait_for_end();
}

void retry_twice(Visit& visit) {
  for (const NamedGroup group : {NamedGroup::secp384r1, NamedGroup::secp256r1}) {
    const auto heard = visit.hear();
    if (!heard) return;
    retry(visit, *heard, group);
  }
  visit.wait_for_end();
}

Maker small_dh_server() {
  return [](const Bench& bench) -> Result<Behaviour> {
    HANDFAST_TRY_ASSIGN(const Chain chain,
                        bench.shop.chain([](ChainPlan& plan) { plan.leaf_key = crypto::KeyType::rsa; }));
    constexpr std::uint8_t kGenerator[] = {2};
    const ByteString share(kOakley2.size(), 0x42);  // g^x for an x that nobody has to know
    Flight flight;
    HANDFAST_TRY_ASSIGN(flight.params, message::encode_server_dh_params(kOakley2, kGenerator, share));
    flight.scheme = SignatureScheme::rsa_pss_rsae_sha256;
    return half_server12(CipherSuite::TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, chain.credential,
                         std::move(flight));
  };
}

Maker talkative_server() {
  return [](const Bench& bench) -> Result<Behaviour> {
    HANDFAST_TRY_ASSIGN(const Chain chain, bench.shop.chain());
    HANDFAST_TRY_ASSIGN(const auto share,
                        crypto::ClientKeyShare::generate(NamedGroup::x25519, system_random()));
    Flight flight;
    HANDFAST_TRY_ASSIGN(flight.params,
                        message::encode_server_ecdh_params(NamedGroup::x25519, share.public_key()));
    flight.scheme = SignatureScheme::ecdsa_secp256r1_sha256;
    // CN=xxx…: together just what the list can hold, and with the rest of the message more than 64 KiB.
    constexpr std::uint8_t kText = 116;
    ByteString name = {0x30, kText + 11, 0x31, kText + 9, 0x30, kText + 7, 0x06,
                       0x03, 0x55,       0x04, 0x03,      0x0c, kText};
    name.resize(name.size() + kText, 'x');
    const std::vector<ByteString> authorities(0xffff / (name.size() + 2), name);
    const std::vector<SignatureScheme> schemes(60, SignatureScheme::ecdsa_secp256r1_sha256);
    HANDFAST_TRY(message::encode_certificate_request12(schemes, authorities, flight.request));
    return half_server12(CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, chain.credential,
                         std::move(flight));
  };
}

bool begin_tls13(Visit& visit) {
  const auto heard = visit.hear();
  if (!heard || !heard->hello.key_share) return false;
  for (const auto& share : *heard->hello.key_share) {
    if (!crypto::is_supported(share.group)) continue;
    const auto answer = crypto::answer_key_share(share.group, share.key_exchange, system_random());
    if (!answer) continue;
    message::ServerHelloPlan plan;
    plan.key_share = message::KeyShareEntry{share.group, answer->public_key};
    visit.server_hello(*heard, ProtocolVersion::tls1_3, kSuite13, plan);
    return true;
  }
  return false;
}

}  // namespace handfast::apps::lab
