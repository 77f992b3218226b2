// Client certificates: the M rows of the catalogue.
#include <handfast/system.hpp>

#include "lab/own_stack.hpp"
#include "lab/raw_answers.hpp"
#include "lab/scenario.hpp"

namespace handfast::apps::lab {
namespace {

using enum ClientAuthentication;
using std::chrono::days;

// Believes whom `inner` believes, but names nobody in its CertificateRequest; or refuses everybody.
class Judge : public CertificateVerifier {
 public:
  explicit Judge(std::shared_ptr<const CertificateVerifier> inner) : inner_(std::move(inner)) {}
  explicit Judge(Error refusal) : refusal_(std::move(refusal)) {}
  void verify(const VerificationRequest& request, Completion<Verdict> done) const override {
    if (inner_) return inner_->verify(request, std::move(done));
    done.complete(failure(refusal_));
  }

 private:
  std::shared_ptr<const CertificateVerifier> inner_;
  Error refusal_{ErrorCode::certificate_refused_by_application};
};

// Demands a certificate; `change` makes the client's, which is in the lab's folder.
Maker asking(ProtocolVersion version, Workshop::Change change = {}) {
  return with_server([=](ServerPlan& plan) -> Result<void> {
    if (version == ProtocolVersion::tls1_2) plan.settings.policy.versions = {version};
    if (change) HANDFAST_TRY(plan.bench.shop.write_client(plan.bench.file(), change));
    return ask_for_certificate(plan, required);
  });
}

// Refuses every client's certificate with this alert.
Maker refusing(AlertDescription alert) {
  return with_server([=](ServerPlan& plan) -> Result<void> {
    plan.settings.client_verifier =
        std::make_shared<Judge>(Error(ErrorCode::certificate_refused_by_application).with_alert(alert));
    plan.settings.client_authentication = required;
    return plan.bench.shop.write_client(plan.bench.file());
  });
}

// Lets everybody in and says no in HTTP, as nginx does.
Maker answering_no(std::string body) {
  return with_server([=](ServerPlan& plan) -> Result<void> {
    plan.page.status = "400 Bad Request";
    plan.page.server = "nginx/1.22.1";
    plan.page.body = body;
    HANDFAST_TRY(plan.bench.shop.write_client(plan.bench.file()));
    return ask_for_certificate(plan, optional);
  });
}

Result<void> name_no_authorities(ServerPlan& plan) {
  HANDFAST_TRY(ask_for_certificate(plan, required));
  plan.settings.client_verifier = std::make_shared<Judge>(plan.settings.client_verifier);
  return plan.bench.shop.write_client(plan.bench.file(), [](ChainPlan& chain) { chain.foreign_root = true; });
}

Result<void> want_rsa_only(ServerPlan& plan) {
  HANDFAST_TRY_ASSIGN(plan.chain,
                      plan.bench.shop.chain([](ChainPlan& chain) { chain.leaf_key = crypto::KeyType::rsa; }));
  plan.settings.credentials = {plan.chain.credential};
  plan.settings.policy = Policy::modern();
  plan.settings.policy.signature_schemes = {SignatureScheme::rsa_pss_rsae_sha256};
  HANDFAST_TRY(plan.bench.shop.write_client(plan.bench.file()));
  return ask_for_certificate(plan, required);
}

const std::vector<std::string_view> kAsk = {"--send", R"(GET / HTTP/1.0\r\n\r\n)"};
constexpr auto kTls12 = ProtocolVersion::tls1_2;
constexpr auto kTls13 = ProtocolVersion::tls1_3;

}  // namespace

std::vector<Scenario> client_certificate_scenarios() {
  return {
      {"M-01", "demands a client certificate in TLS 1.2", asking(kTls12)},
      {"M-02", "demands a client certificate in TLS 1.3, and says so after the handshake", asking(kTls13)},
      {"M-03", "asks for a client certificate and misses it in HTTP",
       answering_no("No required SSL certificate was sent\n"), kAsk},
      {"M-04",
       "names an authority from which the client's certificate is not",
       asking(kTls13, [](ChainPlan& chain) { chain.foreign_root = true; }),
       {"--cert", "%d/%i.pem"}},
      {"M-05",
       "does not know the issuer of the client's certificate",
       with_server(name_no_authorities),
       {"--cert", "%d/%i.pem"}},
      {"M-06",
       "refuses the client's certificate and does not say why",
       refusing(AlertDescription::certificate_unknown),
       {"--cert", "%d/%i.pem"}},
      {"M-07",
       "refuses a client's certificate that is for servers only",
       asking(kTls13,
              [](ChainPlan& chain) {
                chain.leaf.client_auth = false;
                chain.leaf.server_auth = true;
              }),
       {"--cert", "%d/%i.pem"}},
      {"M-08",
       "refuses a client's certificate that ended three days ago",
       asking(kTls13,
              [](ChainPlan& chain) {
                chain.leaf.not_before = chain.now - days(93);
                chain.leaf.not_after = chain.now - days(3);
              }),
       {"--cert", "%d/%i.pem"}},
      {"M-09",
       "finds the client's chain too long and says so in HTTP",
       answering_no("The SSL certificate error\n"),
       {"--cert", "%d/%i.pem", "--send", R"(GET / HTTP/1.0\r\n\r\n)"}},
      {"M-10",
       "finds that the client's signature does not fit its certificate",
       refusing(AlertDescription::decrypt_error),
       {"--cert", "%d/%i.pem"}},
      {"M-11",
       "takes signatures that the client's key cannot make",
       with_server(want_rsa_only),
       {"--cert", "%d/%i.pem"}},
      {"M-13", "names so many authorities that its message is too long", talkative_server()},
  };
}

}  // namespace handfast::apps::lab
