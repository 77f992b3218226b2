// Names and SNI: the H rows of the catalogue.
#include <handfast/system.hpp>

#include "lab/own_stack.hpp"
#include "lab/scenario.hpp"

namespace handfast::apps::lab {
namespace {

Workshop::Change named(std::vector<std::string> names) {
  return [names = std::move(names)](ChainPlan& plan) {
    plan.leaf.common_name = names.empty() ? "localhost" : names.front();
    plan.leaf.dns_names = names;
    plan.leaf.ip_addresses.clear();
  };
}

// Two sites behind one address: `first` is the default.
Maker two_sites(std::vector<std::string> first, std::vector<std::string> second) {
  return with_server([=](ServerPlan& plan) -> Result<void> {
    plan.settings.credentials.clear();
    for (const auto& names : {first, second}) {
      HANDFAST_TRY_ASSIGN(const Chain chain, plan.bench.shop.chain(named(names)));
      plan.settings.credentials.push_back(chain.credential);
    }
    return {};
  });
}

// Answers the name that it is asked for with the certificate of another one of its owner's sites.
Result<Behaviour> mixed_up_site(const Bench& bench) {
  HANDFAST_TRY_ASSIGN(const Chain wrong, bench.shop.chain(named({"www.localhost", "api.localhost"})));
  ServerSettings settings;
  settings.credentials = {wrong.credential};
  return serve_with(std::move(settings));
}

Maker answering(std::string status, std::string server) {
  return with_server([=](ServerPlan& plan) -> Result<void> {
    plan.page.status = status;
    plan.page.server = server;
    return {};
  });
}

}  // namespace

std::vector<Scenario> name_scenarios() {
  return {
      {"H-01", "shows a certificate for other names of the same owner", mixed_up_site},
      {"H-02",
       "shows a certificate for *.lab.test to one who asks for a name two labels deeper",
       with_certificates(named({"*.lab.test"})),
       {"--sni", "www.shop.lab.test"}},
      {"H-03",
       "shows its default certificate because no name was asked for",
       two_sites({"default.lab.test"}, {"localhost"}),
       {"--no-sni"}},
      {"H-04", "does not know the name and shows another site's certificate",
       two_sites({"shop.example.test", "www.shop.example.test"}, {"news.example.test"})},
      {"H-05", "refuses names that it does not know", with_server([](ServerPlan& plan) -> Result<void> {
         HANDFAST_TRY_ASSIGN(const Chain chain, plan.bench.shop.chain(named({"www.example.test"})));
         plan.settings.credentials = {chain.credential};
         plan.settings.reject_unknown_name = true;
         return {};
       })},
      {"H-06",
       "answers 421 Misdirected Request",
       answering("421 Misdirected Request", "Apache/2.4.66"),
       {"--send", R"(GET / HTTP/1.1\r\nHost: other.example.test\r\n\r\n)"}},
      {"H-07",
       "has no certificate for its IP address",
       with_certificates(named({"localhost"})),
       {},
       false,
       "127.0.0.1"},
      {"H-08", "shows a certificate with a common name only", with_certificates(named({}))},
      {"H-09", "has written the name with a dot at its end", with_certificates(named({"localhost."}))},
      {"H-11", "is the router that answers instead", with_certificates([](ChainPlan& plan) {
         named({"fritz.box", "myfritz.box"})(plan);
         plan.self_signed = true;
       })},
  };
}

}  // namespace handfast::apps::lab
