#include "pki/vectors.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <handfast/server_name.hpp>

#include "crypto/pem.hpp"
#include "pki/verify.hpp"

namespace handfast::test {
namespace {

using nlohmann::json;

Outcome outcome_of(const std::string& text) {
  return text == "SUCCESS" ? Outcome::success : Outcome::failure;
}

std::string skip_reason(const json& testcase) {
  for (const auto& feature : testcase["features"]) {
    if (feature == "has-crl") return "CRLs are not checked yet";
    if (feature == "pedantic-public-suffix-wildcard" &&
        testcase["id"] != "webpki::san::public-suffix-wildcard-san") {
      return "there is no list of public suffixes yet";
    }
  }
  return {};
}

}  // namespace

json load_json(const std::string& path) {
  std::ifstream file(path);
  if (!file) return nullptr;
  return json::parse(file);
}

std::vector<ByteString> certificates_of_pem(const std::string& pem) {
  std::vector<ByteString> out;
  auto blocks = crypto::parse_pem(pem);
  if (!blocks) return out;
  for (auto& block : *blocks) out.push_back(std::move(block.der));
  return out;
}

Time parse_rfc3339(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::sscanf(text.c_str(), "%d-%u-%uT%d:%d:%d", &year, &month, &day, &hour, &minute, &second);
  const std::chrono::sys_days date(std::chrono::year(year) / std::chrono::month(month) /
                                   std::chrono::day(day));
  return date + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

pki::Profile profile_of(const std::string& id) {
  if (id.starts_with("rfc5280::")) return pki::Profile::rfc5280_strict;
  if (id.starts_with("webpki::") || id.starts_with("online::")) return pki::Profile::webpki;
  return pki::Profile::rfc5280;
}

LimboResult run_limbo_case(const json& testcase) {
  LimboResult result;
  result.id = testcase["id"];
  result.expected = outcome_of(testcase["expected_result"]);
  result.context = skip_reason(testcase);
  if (!result.context.empty()) return result;
  TrustAnchors anchors;
  for (const std::string pem : testcase["trusted_certs"]) (void)anchors.add_pem(pem);
  std::vector<ByteString> chain = certificates_of_pem(testcase["peer_certificate"]);
  for (const std::string pem : testcase["untrusted_intermediates"]) {
    for (ByteString& der : certificates_of_pem(pem)) chain.push_back(std::move(der));
  }
  std::optional<ServerName> name;
  const json& peer_name = testcase["expected_peer_name"];
  if (peer_name.is_object() && peer_name["kind"] != "RFC822") {
    auto parsed = ServerName::parse(peer_name["value"].get<std::string>());
    if (!parsed) {
      result.actual = Outcome::failure;
      result.context = parsed.error().to_string();
      return result;
    }
    name = std::move(*parsed);
  }
  pki::VerifyInput input{.chain = chain,
                         .anchors = anchors,
                         .now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
                         .peer = testcase["validation_kind"] == "CLIENT" ? Side::client : Side::server,
                         .name = name ? &*name : nullptr};
  input.policy.profile = profile_of(result.id);
  if (testcase["validation_time"].is_string()) input.now = parse_rfc3339(testcase["validation_time"]);
  if (testcase["max_chain_depth"].is_number()) input.policy.max_intermediates = testcase["max_chain_depth"];
  // The key usage that a case asks for; without one it is about paths, not about TLS.
  input.policy.require_digital_signature = !testcase["key_usage"].empty();
  for (const auto& usage : testcase["extended_key_usage"]) {
    if (usage == "clientAuth") input.peer = Side::client;
  }
  // Time of this process, not of a busy machine.
  const std::clock_t start = std::clock();
  const auto verdict = pki::verify_chain(input);
  result.milliseconds = 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  result.actual = verdict ? Outcome::success : Outcome::failure;
  if (!verdict) result.context = verdict.error().to_string();
  return result;
}

}  // namespace handfast::test
