// Chain, trust and dates: the C rows of the catalogue.
#include <handfast/system.hpp>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "lab/own_stack.hpp"
#include "lab/scenario.hpp"
#include "pki/oid.hpp"

namespace handfast::apps::lab {
namespace {

using crypto::der_encode;
using std::chrono::days;
using std::chrono::hours;
namespace der = crypto::der;

// The CA's web server is the same one: it hands out `certificate` to whoever speaks plain HTTP.
Behaviour with_ca_issuers(Behaviour tls, ByteString certificate) {
  return [tls = std::move(tls), certificate = std::move(certificate)](Visit& visit) {
    if (!visit.skip_line("GET ")) return tls(visit);
    visit.send("HTTP/1.0 200 OK\r\nContent-Type: application/pkix-cert\r\nConnection: close\r\n\r\n");
    visit.send(certificate);
    visit.hang_up();
  };
}

Result<Behaviour> forget_intermediate(const Bench& bench) {
  HANDFAST_TRY_ASSIGN(const Chain chain, bench.shop.chain([&](ChainPlan& plan) {
    plan.send_intermediate = false;
    plan.leaf.ca_issuers_url = "http://127.0.0.1:" + std::to_string(bench.port) + "/intermediate.der";
  }));
  ServerSettings settings;
  settings.credentials = {chain.credential};
  HANDFAST_TRY_ASSIGN(Behaviour tls, serve_with(std::move(settings)));
  return with_ca_issuers(std::move(tls), chain.intermediate.certificate);
}

// An intermediate of the right name with the key of last year's.
Result<void> send_old_intermediate(ServerPlan& plan) {
  HANDFAST_TRY_ASSIGN(const Chain last_year, plan.bench.shop.chain());
  plan.chain.credential.chain[1] = last_year.intermediate.certificate;
  plan.settings.credentials = {plan.chain.credential};
  return {};
}

// Every second visitor sees the renewed certificate: one node was forgotten.
Result<Behaviour> renew_one_node(const Bench& bench) {
  HANDFAST_TRY_ASSIGN(const Chain old, bench.shop.chain([](ChainPlan& plan) {
    plan.leaf.not_before = plan.now - days(91);
    plan.leaf.not_after = plan.now - days(1);
  }));
  HANDFAST_TRY_ASSIGN(const Chain renewed, bench.shop.chain());
  ServerSettings settings;
  settings.credentials = {old.credential};
  HANDFAST_TRY_ASSIGN(Behaviour forgotten, serve_with(settings));
  settings.credentials = {renewed.credential};
  HANDFAST_TRY_ASSIGN(Behaviour reloaded, serve_with(settings));
  return Behaviour([=](Visit& visit) { visit.number() % 2 == 0 ? forgotten(visit) : reloaded(visit); });
}

// The same serial number for two keys; every second visitor sees the other one.
Result<Behaviour> repeat_serial(const Bench& bench) {
  Behaviour nodes[2];
  for (Behaviour& node : nodes) {
    HANDFAST_TRY_ASSIGN(const Chain chain, bench.shop.chain([](ChainPlan& plan) { plan.leaf.serial = {1}; }));
    ServerSettings settings;
    settings.credentials = {chain.credential};
    HANDFAST_TRY_ASSIGN(node, serve_with(std::move(settings)));
  }
  return Behaviour([first = nodes[0], second = nodes[1]](Visit& visit) {
    visit.number() % 2 == 0 ? first(visit) : second(visit);
  });
}

// A server whose clock is `shift` ahead refuses a client's certificate that ends before that.
Result<void> set_clock(ServerPlan& plan, std::chrono::seconds shift) {
  class ShiftedClock : public Clock {
   public:
    explicit ShiftedClock(std::chrono::seconds shift) : shift_(shift) {}
    [[nodiscard]] Time now() const override { return system_clock().now() + shift_; }

   private:
    std::chrono::seconds shift_;
  };
  static const ShiftedClock clock(shift);  // outlives every server
  auto anchors = std::make_shared<TrustAnchors>();
  HANDFAST_TRY(anchors->add_certificate(plan.bench.shop.root().certificate));
  HANDFAST_TRY_ASSIGN(plan.settings.client_verifier, verify_with(std::move(anchors), clock));
  plan.settings.client_authentication = ClientAuthentication::required;
  return plan.bench.shop.write_client(plan.bench.file());
}

// An authority below the intermediate, which says that it has none.
Result<void> add_branch_office(ServerPlan& plan) {
  HANDFAST_TRY_ASSIGN(plan.chain, plan.bench.shop.chain([&](ChainPlan& spec) {
    spec.intermediate.path_len = 0;
    spec.sub = plan.bench.shop.authority_spec("handfast lab branch office");
  }));
  plan.settings.credentials = {plan.chain.credential};
  return {};
}

constexpr std::uint16_t kKeyEncipherment = 0x2000;
constexpr std::uint16_t kSignsEverything = 0x8400;  // digitalSignature, keyCertSign

// What the leaf's key may be used for.
Workshop::Change usage(std::uint16_t bits) {
  return [bits](ChainPlan& plan) { plan.leaf.key_usage = bits; };
}

void disorder(ChainPlan& plan) {
  plan.send_root = true;
  plan.rearrange = [](std::vector<ByteString>& sent) { std::swap(sent[1], sent[2]); };
}

ByteString must_staple() {
  const std::uint8_t status_request = 5;
  return pki::encode_extension(
      pki::oid::kTlsFeature, false,
      der_encode(der::kSequence, {der_encode(der::kInteger, {Bytes(&status_request, 1)})}));
}

// A private OID that nobody knows, marked critical.
ByteString unknown_critical() {
  constexpr std::uint8_t kType[] = {0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xaa, 0x65, 0x01};
  return pki::encode_extension(kType, true, der_encode(der::kNull, {}));
}

// rsaEncryption with 1024 bits. Nobody has the private key, which need not be: clients that look at the size
// stop before it is used.
ByteString short_rsa_key() {
  constexpr std::uint8_t kRsaEncryption[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
  constexpr std::uint8_t kExponent[] = {0x01, 0x00, 0x01};
  ByteString modulus(128, 0xc5);
  const ByteString key =
      der_encode(der::kSequence, {crypto::der_unsigned(modulus), crypto::der_unsigned(kExponent)});
  const ByteString algorithm = der_encode(
      der::kSequence, {der_encode(der::kObjectIdentifier, {kRsaEncryption}), der_encode(der::kNull, {})});
  return der_encode(der::kSequence, {algorithm, crypto::der_bit_string(key)});
}

// The leaf with an OCSP response of its issuer; `revoked` and how old.
Maker stapled(bool revoked, hours age) {
  return with_server([=](ServerPlan& plan) -> Result<void> {
    const Time now = plan.bench.shop.now();
    const RevocationSpec spec{revoked, now - age - hours(1), now - age + hours(72)};
    HANDFAST_TRY_ASSIGN(plan.settings.credentials.front().ocsp_response,
                        make_ocsp_response(spec, plan.chain.leaf, plan.chain.intermediate));
    return {};
  });
}

// A list that covers nothing of this chain is in the folder: whether it is revoked cannot be found out.
Result<void> write_foreign_list(ServerPlan& plan) {
  const Time now = plan.bench.shop.now();
  HANDFAST_TRY_ASSIGN(const Chain other,
                      plan.bench.shop.chain([](ChainPlan& chain) { chain.foreign_root = true; }));
  HANDFAST_TRY_ASSIGN(const ByteString list,
                      make_empty_list({false, now - hours(1), now + hours(72)}, other.root));
  return plan.bench.shop.write("foreign.crl", as_text(list));
}

}  // namespace

std::vector<Scenario> trust_scenarios() {
  return {
      {"C-01", "sends its own certificate without the intermediate", forget_intermediate},
      {"C-02", "shows a complete chain of an authority that nobody knows",
       with_certificates([](ChainPlan& plan) { plan.foreign_root = true; })},
      {"C-03", "shows a certificate that is signed by itself",
       with_certificates([](ChainPlan& plan) { plan.self_signed = true; })},
      {"C-04", "sends an unknown root along with its chain", with_certificates([](ChainPlan& plan) {
         plan.foreign_root = true;
         plan.send_root = true;
       })},
      {"C-05", "sends an intermediate of the right name with another key",
       with_server(send_old_intermediate)},
      {"C-07", "shows a certificate that ended three days ago", with_certificates([](ChainPlan& plan) {
         plan.leaf.not_before = plan.now - days(93);
         plan.leaf.not_after = plan.now - days(3);
       })},
      {"C-08", "has an intermediate that ended three days ago", with_certificates([](ChainPlan& plan) {
         plan.intermediate.not_before = plan.now - days(93);
         plan.intermediate.not_after = plan.now - days(3);
       })},
      {"C-09", "shows a certificate that begins in a week",
       with_certificates([](ChainPlan& plan) { plan.leaf.not_before = plan.now + days(7); })},
      {"C-10", "lives nine days in your future: what you see when your clock is behind",
       with_server([](ServerPlan& plan) -> Result<void> {
         HANDFAST_TRY_ASSIGN(const Chain chain, plan.bench.shop.chain([](ChainPlan& spec) {
           spec.leaf.not_before = spec.now + days(8);
         }));
         plan.settings.credentials = {chain.credential};
         plan.page.date_shift = days(9);
         return {};
       })},
      {"C-11",
       "has a clock 400 days ahead, and refuses client certificates that are good",
       with_server([](ServerPlan& plan) {
         plan.page.date_shift = days(400);
         return set_clock(plan, days(400));
       }),
       {"--cert", "%d/%i.pem", "--tls1.2"}},
  };
}

std::vector<Scenario> certificate_scenarios() {
  return {
      {"C-12", "shows a certificate that is for clients only", with_certificates([](ChainPlan& plan) {
         plan.leaf.server_auth = false;
         plan.leaf.client_auth = true;
       })},
      {"C-13", "shows a certificate whose key may not sign", with_certificates(usage(kKeyEncipherment))},
      {"C-14", "shows a certificate that is signed with SHA-1", with_certificates([](ChainPlan& plan) {
         plan.leaf.signature_method = {crypto::SignatureAlgorithm::ecdsa, crypto::HashAlgorithm::sha1};
       })},
      {"C-15", "shows a certificate with an RSA key of 1024 bits",
       with_certificates([](ChainPlan& plan) { plan.leaf_spki = short_rsa_key(); })},
      {"C-16", "has an intermediate that may sign for example.test only",
       with_certificates([](ChainPlan& plan) { plan.intermediate.permitted_dns = {"example.test"}; })},
      {"C-17", "has a certificate authority below one that may have none", with_server(add_branch_office)},
      {"C-18", "has a chain whose intermediate is no certificate authority",
       with_certificates([](ChainPlan& plan) {
         plan.intermediate.is_ca = false;
         plan.intermediate.key_usage = kSignsEverything;
       })},
      {"C-19",
       "shows a certificate that may sign others although it is no authority",
       with_certificates(usage(kSignsEverything)),
       {},
       true},
      {"C-20", "shows a certificate with a critical extension that nobody knows",
       with_certificates([](ChainPlan& plan) { plan.leaf.more_extensions = {unknown_critical()}; })},
      {"C-21", "shows a certificate of which one byte was changed", with_certificates([](ChainPlan& plan) {
         plan.rearrange = [](std::vector<ByteString>& sent) { sent.front().back() ^= 1U; };
       })},
      {"C-22", "staples the news that its certificate was revoked", stapled(true, hours(0))},
      {"C-23",
       "belongs to no revocation list, while the client wants one",
       with_server(write_foreign_list),
       {"--crl", "%d/foreign.crl", "--crl-required"}},
      {"C-24", "shows a certificate that demands a staple, without one",
       with_certificates([](ChainPlan& plan) { plan.leaf.more_extensions = {must_staple()}; })},
      {"C-25", "staples an OCSP response that ended a month ago", stapled(false, hours(24 * 33))},
      {"C-26",
       "shows a certificate for 2000 days",
       with_certificates([](ChainPlan& plan) { plan.leaf.not_after = plan.now + days(2000); }),
       {},
       true},
      {"C-28",
       "shows a CA's certificate as its own",
       with_certificates([](ChainPlan& plan) {
         plan.leaf.is_ca = true;
         usage(kSignsEverything)(plan);
       }),
       {},
       true},
      {"C-29", "has two nodes that show the same serial number for different keys", repeat_serial, {}, true},
      {"C-30",
       "sends its chain in the wrong order, with a stranger in it",
       with_certificates(disorder),
       {},
       true},
      {"C-31", "has two nodes, one of which still shows the certificate before the renewal", renew_one_node},
  };
}

}  // namespace handfast::apps::lab
