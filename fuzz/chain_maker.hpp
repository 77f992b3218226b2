// Harness: chains whose content a fuzzer chooses and whose signatures are right all the same, so that what is
// tried gets beyond the first check. Each certificate is made by pki::issue from choices of the input; then
// bytes of its TBSCertificate are changed and it is signed again. Keys are the same in each run.
#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "crypto/private_key.hpp"
#include "pki/certificate.hpp"
#include "pki/issue.hpp"
#include "pki/oid.hpp"

namespace handfast::fuzz {

// 2026-11-20
inline constexpr Time kFuzzNow{std::chrono::seconds(1'795'132'800)};

// Choices, one byte or more each; zeros at the end.
class Choices {
 public:
  explicit Choices(Bytes input) : rest_(input) {}
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  std::size_t below(std::size_t limit) { return byte() % limit; }
  std::size_t word() {
    const std::size_t high = byte();
    return high << 8U | byte();
  }
  bool flag() { return (byte() & 1U) != 0; }
  // One in sixteen.
  bool rarely() { return byte() % 16U == 1; }
  Bytes bytes(std::size_t count) {
    const Bytes taken = rest_.first(std::min(count, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  [[nodiscard]] bool empty() const { return rest_.empty(); }

 private:
  Bytes rest_;
};

// Ed25519, from a seed of one repeated byte: PKCS #8 with its fixed head. RFC 8410 §7.
inline crypto::PrivateKey fixed_key(std::uint8_t seed) {
  ByteString der = {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                    0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};
  der.insert(der.end(), 32, seed);
  auto key = crypto::PrivateKey::from_bytes(der);
  if (!key) std::abort();
  return std::move(*key);
}

struct MadeChain {
  std::vector<ByteString> chain;  // as a peer would send it
  ByteString root;
};

class ChainMaker {
 public:
  ChainMaker() {
    for (std::uint8_t i = 1; i <= 4; ++i) keys_.push_back(fixed_key(i));
  }

  MadeChain make(Bytes input) const {
    Choices choices(input);
    MadeChain made;
    const std::size_t intermediates = choices.below(3);
    pki::IssueSpec spec = ca("Root");
    if (choices.rarely()) vary(spec, choices);
    made.root = issue(spec, 0, 0, {}, choices);
    ByteString issuer = made.root;
    std::vector<ByteString> cas;
    for (std::size_t i = 1; i <= intermediates; ++i) {
      spec = ca(i == 1 ? "First" : "Second");
      vary(spec, choices);
      ByteString certificate = issue(spec, i, i - 1, issuer, choices);
      if (certificate.empty()) return {};
      cas.push_back(certificate);
      issuer = std::move(certificate);
    }
    spec = leaf();
    vary(spec, choices);
    made.chain.push_back(issue(spec, 3, intermediates, issuer, choices));
    std::reverse(cas.begin(), cas.end());
    made.chain.insert(made.chain.end(), cas.begin(), cas.end());
    if (choices.rarely()) made.chain.push_back(made.root);
    if (choices.rarely() && made.chain.size() > 2) std::swap(made.chain[1], made.chain[2]);
    if (made.root.empty() || made.chain.front().empty()) return {};
    return made;
  }

 private:
  static pki::IssueSpec ca(const std::string& name) {
    pki::IssueSpec spec;
    spec.common_name = name;
    spec.is_ca = true;
    spec.not_before = kFuzzNow - std::chrono::days(30);
    spec.not_after = kFuzzNow + std::chrono::days(300);
    return spec;
  }
  static pki::IssueSpec leaf() {
    pki::IssueSpec spec;
    spec.common_name = "www.example.org";
    spec.dns_names = {"www.example.org"};
    spec.server_auth = true;
    spec.not_before = kFuzzNow - std::chrono::days(10);
    spec.not_after = kFuzzNow + std::chrono::days(80);
    return spec;
  }

  // One or two fields of the spec become something else.
  static void vary(pki::IssueSpec& spec, Choices& choices) {
    constexpr std::array kNames = {
        "www.example.org", "example.org", "*.example.org",   "*.org", "other.example.org", ".example.org", "",
        "WWW.EXAMPLE.ORG", "xn--a",       "www.example.org."};
    constexpr std::array<Bytes, 12> kOids = {
        Bytes(pki::oid::kBasicConstraints),  Bytes(pki::oid::kKeyUsage),
        Bytes(pki::oid::kExtKeyUsage),       Bytes(pki::oid::kNameConstraints),
        Bytes(pki::oid::kSubjectAltName),    Bytes(pki::oid::kCertificatePolicies),
        Bytes(pki::oid::kPolicyConstraints), Bytes(pki::oid::kPolicyMappings),
        Bytes(pki::oid::kInhibitAnyPolicy),  Bytes(pki::oid::kAuthorityInfoAccess),
        Bytes(pki::oid::kTlsFeature),        Bytes(pki::oid::kCtPoison)};
    const auto name = [&] { return std::string(kNames[choices.below(kNames.size())]); };
    for (std::size_t count = choices.below(3); count > 0; --count) {
      switch (choices.below(14)) {
        case 0:
          spec.is_ca = !spec.is_ca;
          break;
        case 1:
          spec.path_len = static_cast<unsigned>(choices.below(3));
          break;
        case 2:
          spec.key_usage = static_cast<std::uint16_t>(choices.word());
          break;
        case 3:
          spec.server_auth = choices.flag();
          spec.client_auth = choices.flag();
          break;
        case 4:
          spec.dns_names = {name(), name()};
          break;
        case 5:
          spec.permitted_dns.push_back(name());
          break;
        case 6:
          spec.excluded_dns.push_back(name());
          break;
        case 7:
          spec.not_after = kFuzzNow + std::chrono::seconds(static_cast<int>(choices.byte()) - 128);
          break;
        case 8:
          spec.not_before = kFuzzNow + std::chrono::seconds(static_cast<int>(choices.byte()) - 128);
          break;
        case 9:
          spec.common_name = choices.flag() ? name() : std::string(choices.flag() ? "First" : "Root");
          break;
        case 10:
          spec.dns_names.clear();
          break;
        case 11:
          spec.ip_addresses.push_back(copy_of(choices.bytes(choices.flag() ? 4 : 16)));
          break;
        case 12:
          spec.permitted_ips.push_back(copy_of(choices.bytes(choices.flag() ? 8 : 32)));
          break;
        default: {
          const Bytes type = kOids[choices.below(kOids.size())];
          const bool critical = choices.flag();
          spec.more_extensions.push_back(
              pki::encode_extension(type, critical, choices.bytes(choices.below(48))));
        }
      }
    }
  }

  // Empty if the maker refuses.
  ByteString issue(const pki::IssueSpec& spec, std::size_t key, std::size_t issuer_key,
                   const ByteString& issuer, Choices& choices) const {
    const auto made = pki::issue(spec, keys_[key].public_key(), keys_[issuer_key], issuer);
    if (!made) return {};
    const std::size_t changes = choices.rarely() ? 1 + choices.below(3) : 0;
    return changes == 0 ? *made : changed(*made, keys_[issuer_key], changes, choices);
  }

  static ByteString changed(const ByteString& certificate, const crypto::PrivateKey& key, std::size_t changes,
                            Choices& choices) {
    const auto parsed = pki::Certificate::parse(certificate);
    if (!parsed) return {};
    ByteString tbs = copy_of(parsed->tbs);
    for (; changes > 0; --changes) tbs[choices.word() % tbs.size()] = choices.byte();
    const auto signature =
        key.sign({crypto::SignatureAlgorithm::ed25519, crypto::HashAlgorithm::sha512}, tbs);
    if (!signature) return {};
    return crypto::der_encode(crypto::der::kSequence,
                              {tbs, parsed->signature_algorithm, crypto::der_bit_string(*signature)});
  }

  std::vector<crypto::PrivateKey> keys_;
};

}  // namespace handfast::fuzz
