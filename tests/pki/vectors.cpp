// Running cases: from JSON to a verdict.
#include "pki/vectors.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <handfast/revocation.hpp>
#include <handfast/server_name.hpp>
#include <iterator>
#include <sstream>

#include "crypto/pem.hpp"
#include "pki/oid.hpp"
#include "pki/public_suffix.hpp"
#include "pki/verify.hpp"

namespace handfast::test {
namespace {

using nlohmann::json;

Outcome outcome_of(const std::string& text) {
  return text == "SUCCESS" ? Outcome::success : Outcome::failure;
}

// Null for a key that is not there: the schema leaves out what has its default.
const json& field(const json& object, const char* key) {
  static const json kNothing;
  const auto found = object.find(key);
  return found == object.end() ? kNothing : *found;
}

std::string skip_reason(const json& testcase) {
  const json& name = field(testcase, "expected_peer_name");
  if (name.is_object() && name["kind"] == "RFC822") return "TLS has no peers that are mailboxes";
  if (kHasPublicSuffixes) return {};
  for (const auto& feature : field(testcase, "features")) {
    if (feature == "pedantic-public-suffix-wildcard" &&
        testcase["id"] != "webpki::san::public-suffix-wildcard-san") {
      return "built without libpsl: there is no list of public suffixes";
    }
  }
  return {};
}

ByteString read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// `true` or "true".
bool flag_of(const json& settings, const char* key) {
  if (!settings.contains(key)) return false;
  const json& value = settings[key];
  return value.is_boolean() ? value.get<bool>() : value == "true";
}

// "2.5.29.32.0", "anyPolicy" or one of PKITS' own, "NIST-test-policy-1" = 2.16.840.1.101.3.2.1.48.1.
ByteString policy_of(std::string name) {
  constexpr std::string_view kNist = "NIST-test-policy-";
  if (name == "anyPolicy") return copy_of(pki::oid::kAnyPolicy);
  if (name.starts_with(kNist)) name = "2.16.840.1.101.3.2.1.48." + name.substr(kNist.size());
  std::vector<std::uint64_t> arcs;
  std::stringstream stream(name);
  for (std::string arc; std::getline(stream, arc, '.');) arcs.push_back(std::stoull(arc));
  if (arcs.size() < 2) return {};
  arcs[1] += 40 * arcs[0];
  ByteString out;
  for (std::size_t i = 1; i < arcs.size(); ++i) {
    ByteString octets = {static_cast<std::uint8_t>(arcs[i] & 0x7fU)};
    while ((arcs[i] >>= 7U) > 0) octets.push_back(static_cast<std::uint8_t>(0x80U | (arcs[i] & 0x7fU)));
    out.insert(out.end(), octets.rbegin(), octets.rend());
  }
  return out;
}

// A list, or one string with commas. PKITS' default is anyPolicy.
std::vector<ByteString> policies_of(const json& settings) {
  std::vector<ByteString> out;
  if (!settings.contains("initial_policy_set")) return out;
  const json& value = settings["initial_policy_set"];
  std::vector<std::string> names;
  if (value.is_array()) {
    names = value.get<std::vector<std::string>>();
  } else {
    std::stringstream stream(value.get<std::string>());
    for (std::string name; std::getline(stream, name, ',');) names.push_back(name);
  }
  for (std::string& name : names) {
    std::erase(name, ' ');
    if (!name.empty()) out.push_back(policy_of(name));
  }
  return out;
}

}  // namespace

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::success:
      return "SUCCESS";
    case Outcome::failure:
      return "FAILURE";
    case Outcome::skipped:
      break;
  }
  return "SKIPPED";
}

PkitsResult run_pkits_case(const json& testcase, const std::string& certificate_folder,
                           const std::string& crl_folder) {
  PkitsResult result;
  const json settings = testcase.value("settings", json::object());
  result.number = settings.value("test_number", testcase.value("title", ""));
  result.title = testcase.value("title", "");
  result.expected = flag_of(settings, "should_validate") ? Outcome::success : Outcome::failure;
  const auto names = testcase["certs"].get<std::vector<std::string>>();
  std::vector<ByteString> chain;
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    chain.push_back(read_file(certificate_folder + "/" + *name));
  }
  TrustAnchors anchors;
  if (auto added = anchors.add_certificate(chain.back()); !added) {
    result.context = names.front() + ": " + added.error().to_string();
    return result;
  }
  chain.pop_back();
  RevocationLists lists;
  for (const std::string name : testcase.value("crls", json::array())) {
    if (auto added = lists.add_list(read_file(crl_folder + "/" + name)); !added) {
      result.context += name + ": " + added.error().to_string() + "; ";
    }
  }
  pki::VerifyInput input{.chain = chain,
                         .anchors = anchors,
                         .now = parse_rfc3339("2015-01-01T00:00:00"),
                         .peer = Side::server,
                         .crls = &lists,
                         .revocation = RevocationMode::hard_fail};
  input.policy.check_purpose = false;
  input.policy.require_digital_signature = false;
  input.policy.initial_policies = policies_of(settings);
  input.policy.initial_explicit_policy = flag_of(settings, "initial_explicit_policy");
  input.policy.initial_policy_mapping_inhibit = flag_of(settings, "initial_policy_mapping_inhibit");
  input.policy.initial_any_policy_inhibit = flag_of(settings, "initial_inhibit_any_policy");
  const auto verdict = pki::verify_chain(input);
  result.actual = verdict ? Outcome::success : Outcome::failure;
  if (!verdict) {
    result.refused_by_policy = verdict.error().code() == ErrorCode::certificate_unsupported_algorithm;
    result.context += (result.refused_by_policy ? "refused by policy: " : "") + verdict.error().to_string();
  }
  return result;
}

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
  if (id.starts_with("rfc5280::") || id.starts_with("crl::")) return pki::Profile::rfc5280_strict;
  if (id.starts_with("webpki::") || id.starts_with("online::")) return pki::Profile::webpki;
  return pki::Profile::rfc5280;
}

LimboResult run_limbo_case(const json& testcase) {
  LimboResult result;
  result.id = testcase["id"];
  const json& expected = field(testcase, "expected_result");
  result.expected = outcome_of(expected.is_string() ? expected.get<std::string>() : "");
  result.context = skip_reason(testcase);
  if (!result.context.empty()) return result;
  TrustAnchors anchors;
  for (const std::string pem : testcase["trusted_certs"]) (void)anchors.add_pem(pem);
  RevocationLists lists;
  for (const std::string pem : field(testcase, "crls")) (void)lists.add_pem(pem);
  const bool has_lists = !field(testcase, "crls").empty();
  std::vector<ByteString> chain = certificates_of_pem(testcase["peer_certificate"]);
  for (const std::string pem : testcase["untrusted_intermediates"]) {
    for (ByteString& der : certificates_of_pem(pem)) chain.push_back(std::move(der));
  }
  std::optional<ServerName> name;
  const json& peer_name = field(testcase, "expected_peer_name");
  if (peer_name.is_object()) {
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
  input.policy.is_public_suffix = public_suffixes();
  if (has_lists) {
    input.crls = &lists;
    input.revocation = RevocationMode::hard_fail;
  }
  if (const json& time = field(testcase, "validation_time"); time.is_string())
    input.now = parse_rfc3339(time);
  const json& depth = field(testcase, "max_chain_depth");
  if (depth.is_number()) input.policy.max_intermediates = depth;
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
