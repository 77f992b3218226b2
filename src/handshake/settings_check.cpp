// What both sides' settings must satisfy before a configuration exists. See config_data.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "compress/compress.hpp"
#include "crypto/finite_field.hpp"
#include "crypto/key_exchange.hpp"
#include "crypto/public_key.hpp"
#include "handshake/config_data.hpp"
#include "handshake/psk.hpp"
#include "keys/cipher_suite.hpp"
#include "record/header.hpp"

namespace handfast::handshake {
namespace {

constexpr std::size_t kMaxProtocolName = 255;
constexpr std::uint16_t kSmallestRecordSizeLimit = 64;  // RFC 8449 §4
constexpr std::uint64_t kShortestKeyLifetime = 16;      // room for data between the KeyUpdates themselves
constexpr std::uint16_t kLargestRecordSizeLimit = record::kMaxPlaintext + 1;

template <class T>
bool has_duplicates(const std::vector<T>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::find(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(i), values[i]) !=
        values.begin() + static_cast<std::ptrdiff_t>(i)) {
      return true;
    }
  }
  return false;
}

template <class Enum>
std::string described(Enum value) {
  const std::string_view name = name_of(value);
  return name.empty() ? fmt::format("0x{:04x}", static_cast<unsigned>(value)) : std::string(name);
}

// A list that is not empty, has no value twice, and only values that `is_known`.
template <class T, class Known>
Result<void> check_list(const char* setting, const std::vector<T>& values, Known is_known) {
  if (values.empty()) return failure(invalid_setting(setting, "the list is empty"));
  if (has_duplicates(values)) return failure(invalid_setting(setting, "a value appears twice"));
  for (const T value : values) {
    if (!is_known(value)) {
      return failure(invalid_setting(setting, fmt::format("{} is not supported", described(value))));
    }
  }
  return {};
}

Result<void> check_compression(const char* setting,
                               const std::vector<CertificateCompressionAlgorithm>& algorithms) {
  if (algorithms.empty()) return {};
  return check_list(setting, algorithms, compress::is_supported);
}

Result<void> check_policy(const Policy& policy) {
  HANDFAST_TRY(check_list("policy.versions", policy.versions, [](ProtocolVersion version) {
    return version == ProtocolVersion::tls1_3 || version == ProtocolVersion::tls1_2;
  }));
  HANDFAST_TRY(check_list("policy.suites", policy.suites,
                          [](CipherSuite suite) { return keys::find_suite(suite) != nullptr; }));
  HANDFAST_TRY(check_list("policy.groups", policy.groups, [](NamedGroup group) {
    return crypto::is_supported(group) || crypto::is_supported_finite_field(group);
  }));
  const auto can_check = [](SignatureScheme scheme) { return crypto::method_of(scheme).has_value(); };
  HANDFAST_TRY(check_list("policy.signature_schemes", policy.signature_schemes, [&](SignatureScheme scheme) {
    const auto method = crypto::method_of(scheme);
    if (!method || method->hash == crypto::HashAlgorithm::sha1) return false;
    return method->algorithm != crypto::SignatureAlgorithm::rsa_pkcs1 ||
           offers(policy, ProtocolVersion::tls1_2);
  }));
  if (!policy.certificate_signature_schemes.empty()) {
    HANDFAST_TRY(
        check_list("policy.certificate_signature_schemes", policy.certificate_signature_schemes, can_check));
  }
  if (has_duplicates(policy.key_shares)) {
    return failure(invalid_setting("policy.key_shares", "a group appears twice"));
  }
  for (const NamedGroup group : policy.key_shares) {
    if (!crypto::is_supported(group) ||
        std::find(policy.groups.begin(), policy.groups.end(), group) == policy.groups.end()) {
      return failure(invalid_setting("policy.key_shares",
                                     fmt::format("{} is not one of policy.groups", described(group))));
    }
  }
  return {};
}

// A group for ECDHE in TLS 1.2: an elliptic curve alone.
bool is_curve(NamedGroup group) { return crypto::is_supported(group) && crypto::is_classical(group); }

}  // namespace

bool offers(const Policy& policy, ProtocolVersion version) {
  return std::find(policy.versions.begin(), policy.versions.end(), version) != policy.versions.end();
}

void normalize(Policy& policy) {
  const auto any_group = [&](auto is_good) {
    return std::any_of(policy.groups.begin(), policy.groups.end(), is_good);
  };
  const bool has_curve = any_group(is_curve);
  const bool has_share = any_group(crypto::is_supported);
  const auto can_agree = [&](KeyExchange exchange) {
    if (exchange == KeyExchange::by_extension) return has_share;
    return exchange != KeyExchange::ecdhe || has_curve;
  };
  std::erase_if(policy.suites, [&](CipherSuite suite) {
    const keys::SuiteParameters* const row = keys::find_suite(suite);
    return row != nullptr && !(offers(policy, row->version) && can_agree(row->key_exchange));
  });
  std::erase_if(policy.versions, [&](ProtocolVersion version) {
    return std::none_of(policy.suites.begin(), policy.suites.end(),
                        [&](CipherSuite suite) { return keys::find_suite(suite, version) != nullptr; });
  });
}

Error invalid_setting(const char* setting, std::string why) {
  return Error(ErrorCode::configuration_invalid).with_detail(fmt::format("{}: {}", setting, why));
}

Result<void> check_common_settings(const CommonSettings& settings) {
  HANDFAST_TRY(check_policy(settings.policy));
  Policy effective = settings.policy;
  normalize(effective);
  if (effective.versions.empty()) {
    return failure(
        invalid_setting("policy.suites", "none of them goes with policy.versions and policy.groups"));
  }
  for (const std::string& name : settings.application_protocols) {
    if (name.empty() || name.size() > kMaxProtocolName) {
      return failure(invalid_setting("application_protocols", "a name must have 1 to 255 bytes"));
    }
  }
  if (has_duplicates(settings.application_protocols)) {
    return failure(invalid_setting("application_protocols", "a name appears twice"));
  }
  HANDFAST_TRY(check_compression("compress_certificates", settings.compress_certificates));
  HANDFAST_TRY(check_compression("accept_compressed_certificates", settings.accept_compressed_certificates));
  if (settings.record_size_limit && (*settings.record_size_limit < kSmallestRecordSizeLimit ||
                                     *settings.record_size_limit > kLargestRecordSizeLimit)) {
    return failure(invalid_setting("record_size_limit", "must be 64 to 16385"));
  }
  if (settings.key_lifetime && *settings.key_lifetime < kShortestKeyLifetime) {
    return failure(invalid_setting("key_lifetime", "must be at least 16 records"));
  }
  if (settings.padding.block == 0 || settings.padding.block > record::kMaxPlaintext) {
    return failure(invalid_setting("padding.block", "must be 1 to 16384"));
  }
  return {};
}

Result<void> check_external_psks(const CommonSettings& settings) {
  if (settings.external_psks.empty()) return {};
  if (!offers(settings.policy, ProtocolVersion::tls1_3)) {
    return failure(invalid_setting("external_psks", "policy.versions has no TLS 1.3"));
  }
  for (std::size_t i = 0; i < settings.external_psks.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      for (const PreSharedKey& one : settings.external_psks[i].keys()) {
        for (const PreSharedKey& other : settings.external_psks[j].keys()) {
          if (one.identity == other.identity) {
            return failure(invalid_setting("external_psks", "two of them have the same identity"));
          }
        }
      }
    }
  }
  return {};
}

Result<void> check_authenticates_later(const CommonSettings& settings) {
  if (offers(settings.policy, ProtocolVersion::tls1_3)) return {};
  return failure(invalid_setting("post_handshake_authentication", "policy.versions has no TLS 1.3"));
}

Result<void> check_raw_keys(const CommonSettings& settings,
                            const std::vector<PreparedCredential>& credentials, bool authenticates_later) {
  const bool shows_raw = std::ranges::any_of(credentials, [](const PreparedCredential& prepared) {
    return prepared.credential.type == CertificateType::RawPublicKey;
  });
  if (!shows_raw && !settings.raw_key_verifier) return {};
  const char* const setting = shows_raw ? "credentials" : "raw_key_verifier";
  if (offers(settings.policy, ProtocolVersion::tls1_2)) {
    return failure(invalid_setting(
        setting, "raw public keys are known with TLS 1.3 only, and policy.versions has TLS 1.2"));
  }
  if (authenticates_later) {
    return failure(invalid_setting(
        setting, "raw public keys are not known after the handshake (post_handshake_authentication)"));
  }
  return {};
}

Result<void> check_clock(const CommonSettings& settings) {
  if (settings.clock != nullptr) return {};
  return failure(invalid_setting("clock", "sessions are kept, but nothing tells how old they are"));
}

Result<void> check_session_lifetime(std::chrono::seconds lifetime) {
  if (lifetime.count() > 0 && lifetime <= kMaxTicketLifetime) return {};
  return failure(invalid_setting("session_lifetime", "must be between a second and 7 days"));
}

Result<void> check_can_sign(const PreparedCredential& prepared, const Policy& policy) {
  const auto makes = prepared.credential.signer->schemes();
  const bool can_sign = std::any_of(makes.begin(), makes.end(), [&](SignatureScheme scheme) {
    return std::find(policy.signature_schemes.begin(), policy.signature_schemes.end(), scheme) !=
           policy.signature_schemes.end();
  });
  if (can_sign) return {};
  return failure(
      invalid_setting("credentials", "the key of a certificate can make none of policy.signature_schemes"));
}

}  // namespace handfast::handshake
