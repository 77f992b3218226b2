// Versions, suites, groups, signatures, extensions: the P rows of the catalogue.
#include <handfast/system.hpp>

#include "lab/own_stack.hpp"
#include "lab/raw_answers.hpp"
#include "lab/scenario.hpp"
#include "message/extension_encoders.hpp"

namespace handfast::apps::lab {
namespace {

using message::plan_empty_extension;
using message::plan_extension;
using enum AlertDescription;

constexpr CipherSuite kTripleDes{0x000a};  // TLS_RSA_WITH_3DES_EDE_CBC_SHA
constexpr SignatureScheme kBrainpoolSignature{0x081a};
constexpr auto kEcdhe = CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;

Maker with_policy(std::function<void(Policy&)> change) {
  return with_server([change = std::move(change)](ServerPlan& plan) -> Result<void> {
    change(plan.settings.policy);
    return {};
  });
}

Maker always(AlertDescription description) {
  return raw([=](Visit& visit) {
    if (visit.hear()) visit.alert(description);
    visit.wait_for_end();
  });
}

// Goes on if `accepts` says so, and refuses with alert 40 otherwise.
Maker refusing(std::function<bool(const message::ClientHello&)> accepts, ProtocolVersion version,
               CipherSuite suite) {
  return raw([=](Visit& visit) {
    const auto heard = visit.hear();
    if (!heard) return;
    if (accepts(heard->hello)) {
      visit.server_hello(*heard, version, suite);
    } else {
      visit.alert(handshake_failure);
    }
    visit.wait_for_end();
  });
}

// Cannot say anything but this version.
Maker old(ProtocolVersion version) {
  return raw([=](Visit& visit) {
    if (const auto heard = visit.hear()) visit.server_hello(*heard, version, kTripleDes);
    visit.wait_for_end();
  });
}

// A ServerHello of TLS 1.2 and what is wrong with it.
Maker hello12(message::ServerHelloPlan plan, CipherSuite suite = kEcdhe) {
  return raw([=](Visit& visit) {
    if (const auto heard = visit.hear()) visit.server_hello(*heard, ProtocolVersion::tls1_2, suite, plan);
    visit.wait_for_end();
  });
}

// RFC 9846 §4.2.3: what a server that could do better writes into the end of its random.
constexpr std::array<std::uint8_t, 32> kDowngraded = {
    0x6c, 0x61, 0x62, 0x20, 0x6f, 0x66, 0x20, 0x62, 0x72, 0x6f, 0x6b, 0x65, 0x6e, 0x20, 0x54, 0x4c,
    0x53, 0x3a, 0x20, 0x6e, 0x6f, 0x74, 0x20, 0x72, 0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x01};

message::ServerHelloPlan safe_renegotiation() {
  static const message::PlannedExtension kExtension =
      plan_extension(ExtensionType::renegotiation_info, message::encode_renegotiation_info, Bytes());
  message::ServerHelloPlan plan;
  plan.extra = {&kExtension, 1};
  return plan;
}

message::ServerHelloPlan unasked_extension() {
  static const message::PlannedExtension kExtension = plan_empty_extension(ExtensionType::heartbeat);
  message::ServerHelloPlan plan;
  plan.extra = {&kExtension, 1};
  return plan;
}

message::ServerHelloPlan downgraded() {
  message::ServerHelloPlan plan = safe_renegotiation();
  plan.random = kDowngraded;
  return plan;
}

// Dies of what it has not heard of before 2018.
void intolerant(Visit& visit) {
  const auto heard = visit.hear();
  if (!heard) return;
  if (heard->hello.supported_versions) return visit.reset();
  visit.server_hello(*heard, ProtocolVersion::tls1_2, kEcdhe, safe_renegotiation());
  visit.wait_for_end();
}

// Takes what the first packet brings for the whole hello.
void one_packet(Visit& visit) {
  constexpr std::size_t kPacket = 1'400;
  const auto heard = visit.hear();
  if (!heard) return;
  const bool whole = heard->first_read >= heard->record_size && heard->record_size <= kPacket;
  if (!whole) return visit.reset();
  visit.server_hello(*heard, ProtocolVersion::tls1_2, kEcdhe, safe_renegotiation());
  visit.wait_for_end();
}

}  // namespace

std::vector<Scenario> negotiation_scenarios() {
  return {
      {"P-01", "answers every hello in TLS 1.0", old(ProtocolVersion::tls1_0)},
      {"P-01.alert", "speaks TLS 1.0 and 1.1 only, and says so with alert 70", raw(speak_tls10)},
      {"P-02",
       "speaks TLS 1.3 only, while the client is older",
       with_policy([](Policy& policy) { policy = Policy::modern(); }),
       {"--tls1.2"}},
      {"P-03", "knows 3DES only",
       refusing([](const auto& hello) { return hello.cipher_suites.contains(kTripleDes); },
                ProtocolVersion::tls1_2, kTripleDes)},
      {"P-04", "knows RSA key exchange only", with_server([](ServerPlan& plan) -> Result<void> {
         HANDFAST_TRY_ASSIGN(const Chain chain, plan.bench.shop.chain([](ChainPlan& spec) {
           spec.leaf_key = crypto::KeyType::rsa;
           spec.leaf.key_usage = std::uint16_t{0xa000};  // digitalSignature, keyEncipherment
         }));
         plan.settings.credentials = {chain.credential};
         plan.settings.policy = Policy::legacy();
         plan.settings.policy.versions = {ProtocolVersion::tls1_2};
         plan.settings.policy.suites = {CipherSuite::TLS_RSA_WITH_AES_128_GCM_SHA256};
         return {};
       })},
      {"P-05", "knows one key exchange group, which few clients have", raw(want_brainpool)},
      {"P-06", "signs in a way that few clients know",
       refusing(
           [](const auto& hello) {
             return hello.signature_algorithms && hello.signature_algorithms->contains(kBrainpoolSignature);
           },
           ProtocolVersion::tls1_2, kEcdhe)},
      {"P-07", "speaks SSL 3.0 only", old(ProtocolVersion::ssl3_0)},
      {"P-08", "tells in TLS 1.2 that somebody forced it down from TLS 1.3", hello12(downgraded())},
      {"P-09", "does not know secure renegotiation", hello12({})},
      {"P-10", "takes the hello for the fallback of a client that could do better",
       always(inappropriate_fallback)},
      {"P-11", "resets connections whose hello speaks of TLS 1.3", raw(intolerant)},
      {"P-12", "reads one packet and takes it for the whole hello", raw(one_packet)},
      {"P-13",
       "does not bind its keys to the handshake, while the client insists",
       hello12(safe_renegotiation()),
       {"--require-ems"}},
      {"P-14", "has a Diffie-Hellman group of 1024 bits", small_dh_server(), {"--policy", "legacy"}},
      {"P-15", "finds everything that is offered too weak", always(insufficient_security)},
      {"P-16", "asks for another key twice", raw(retry_twice)},
      {"P-17", "misses an extension that nobody sends", always(missing_extension)},
      {"P-18", "answers with an extension that nobody offered", hello12(unasked_extension())},
      {"P-19", "chooses a cipher suite that was not offered", hello12(safe_renegotiation(), kTripleDes)},
      {"P-21",
       "has no application protocol in common",
       with_server([](ServerPlan& plan) -> Result<void> {
         plan.settings.application_protocols = {"imap"};
         return {};
       }),
       {"--alpn", "h2,http/1.1"}},
      {"P-22", "insists on Encrypted ClientHello", always(ech_required)},
  };
}

}  // namespace handfast::apps::lab
