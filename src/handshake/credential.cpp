// Credential: reading it from files, and preparing it for a configuration. RFC 9846 §4.5.1, RFC 7468.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/limits.hpp"
#include "handshake/config_data.hpp"
#include "message/certificate.hpp"
#include "message/extension_bodies.hpp"
#include "message/messages12.hpp"
#include "pki/bundle.hpp"
#include "pki/certificate.hpp"

namespace handfast {
namespace {

Error mismatch(std::string_view what) {
  return Error(ErrorCode::configuration_key_mismatch)
      .with_detail(fmt::format("{}: the private key is not the one of the first certificate", what));
}

Error disordered() {
  return Error(ErrorCode::configuration_key_mismatch)
      .with_detail("the private key is that of a later certificate: the leaf is not the first of the file")
      .with_fix("put the certificate of the key first, then its issuer, and so on");
}

// Whether another certificate of the chain has the key.
bool key_is_elsewhere(const Credential& credential) {
  return std::any_of(credential.chain.begin() + 1, credential.chain.end(), [&](const ByteString& der) {
    const auto parsed = pki::Certificate::parse(der);
    return parsed && std::ranges::equal(parsed->spki, credential.signer->public_key());
  });
}

// Which of the two files it is about.
Error about(const char* file, Error error) {
  const std::string detail(error.detail());
  return error.with_detail(file + (detail.empty() ? std::string() : ": " + detail));
}

}  // namespace

Result<Credential> Credential::from_bytes(Bytes chain, Bytes key,
                                          std::optional<std::string_view> passphrase) {
  auto entries = pki::read_bundle(chain);
  if (!entries) return failure(about("certificate file", entries.error()));
  Credential credential;
  for (pki::BundleEntry& entry : *entries) {
    // What is sent must be whole: a chain with a hole would fail at every peer.
    if (entry.refused) return failure(about("certificate file", *entry.refused));
    credential.chain.push_back(std::move(entry.der));
  }
  auto signer = signer_from_bytes(key, passphrase);
  if (!signer) return failure(about("key file", signer.error()));
  credential.signer = std::move(*signer);
  HANDFAST_TRY_ASSIGN(const pki::Certificate leaf, pki::Certificate::parse(credential.chain.front()));
  if (!std::ranges::equal(leaf.spki, credential.signer->public_key())) {
    return failure(key_is_elsewhere(credential) ? disordered() : mismatch("credential"));
  }
  return credential;
}

namespace handshake {

namespace {

// The list goes to peers as it is: they would refuse the handshake for it.
bool is_timestamp_list(Bytes list) {
  wire::Reader reader(list);
  (void)message::read_signed_certificate_timestamps(reader);
  return reader.finish().has_value();
}

// Each list that differs from the others, in every form.
Result<void> compress_lists(PreparedCredential& prepared, const CommonSettings& settings) {
  if (!offers(settings.policy, ProtocolVersion::tls1_3)) return {};
  const auto& [plain, stapled] = prepared.certificate_lists;
  const bool has_staple = plain[0] != stapled[0];
  const bool has_timestamps = plain[0] != plain[1];
  for (std::size_t staple = 0; staple < 2; ++staple) {
    for (std::size_t timestamps = 0; timestamps < 2; ++timestamps) {
      std::vector<CompressedForm>& forms = prepared.compressed[staple][timestamps];
      if (staple == 1 && !has_staple) {
        forms = prepared.compressed[0][timestamps];
      } else if (timestamps == 1 && !has_timestamps) {
        forms = prepared.compressed[staple][0];
      } else {
        HANDFAST_TRY_ASSIGN(forms, compress_certificate_list(prepared.certificate_lists[staple][timestamps],
                                                             settings.compress_certificates));
      }
    }
  }
  return {};
}

// What there is to check and parse of a certificate chain.
Result<void> read_chain(const Credential& credential, const std::string& name, PreparedCredential& prepared) {
  if (credential.chain.empty())
    return failure(invalid_setting(name.c_str(), "there is no certificate for the key"));
  if (credential.chain.size() > limits::kMaxCertificates) {
    return failure(invalid_setting(name.c_str(), "the chain is longer than peers accept"));
  }
  if (!credential.signed_certificate_timestamps.empty() &&
      !is_timestamp_list(credential.signed_certificate_timestamps)) {
    return failure(invalid_setting(
        name.c_str(), "signed_certificate_timestamps is no SignedCertificateTimestampList (RFC 6962 §3.3)"));
  }
  for (std::size_t i = 0; i < credential.chain.size(); ++i) {
    auto parsed = pki::Certificate::parse(credential.chain[i]);
    if (!parsed) {
      return failure(invalid_setting(
          name.c_str(), fmt::format("certificate {} of the chain: {}", i, parsed.error().to_string())));
    }
    const Bytes key = credential.signer->public_key();
    if (i == 0 && !key.empty() && !std::ranges::equal(parsed->spki, key)) return failure(mismatch(name));
    if (i == 0) prepared.leaf = *parsed;
    if (parsed->signature_method && !parsed->self_issued)
      prepared.chain_methods.push_back(*parsed->signature_method);
    ByteString issuer = copy_of(parsed->issuer);
    if (std::find(prepared.issuers.begin(), prepared.issuers.end(), issuer) == prepared.issuers.end()) {
      prepared.issuers.push_back(std::move(issuer));
    }
  }
  prepared.public_key = prepared.leaf.spki;
  return {};
}

Result<void> read_raw_key(const Credential& credential, const std::string& name,
                          PreparedCredential& prepared) {
  if (!credential.chain.empty() || !credential.ocsp_response.empty() ||
      !credential.signed_certificate_timestamps.empty()) {
    return failure(
        invalid_setting(name.c_str(), "a raw public key has no certificate, staple or timestamps"));
  }
  prepared.public_key = credential.signer->public_key();
  if (prepared.public_key.empty()) {
    return failure(invalid_setting(name.c_str(), "the signer does not say what its public key is"));
  }
  return {};
}

}  // namespace

Result<PreparedCredential> PreparedCredential::prepare(Credential credential, std::size_t index,
                                                       const CommonSettings& settings) {
  const std::string name = fmt::format("credentials[{}]", index);
  if (!credential.signer)
    return failure(invalid_setting(name.c_str(), "there is no signer for the certificate"));
  PreparedCredential prepared;
  const bool raw = credential.type == CertificateType::RawPublicKey;
  if (raw) {
    HANDFAST_TRY(read_raw_key(credential, name, prepared));
  } else {
    HANDFAST_TRY(read_chain(credential, name, prepared));
  }
  const std::vector<ByteString> shown =
      raw ? std::vector<ByteString>{copy_of(prepared.public_key)} : credential.chain;
  for (const bool staple : {false, true}) {
    for (const bool timestamps : {false, true}) {
      HANDFAST_TRY(message::encode_certificate_list(
          shown, staple ? Bytes(credential.ocsp_response) : Bytes(),
          timestamps ? Bytes(credential.signed_certificate_timestamps) : Bytes(),
          prepared
              .certificate_lists[static_cast<std::size_t>(staple)][static_cast<std::size_t>(timestamps)]));
    }
  }
  HANDFAST_TRY(compress_lists(prepared, settings));
  HANDFAST_TRY(message::encode_certificate12(shown, prepared.certificate_message12));
  if (auto public_key = crypto::PublicKey::from_spki(prepared.public_key))
    prepared.key_type = public_key->type();
  prepared.decryptor = dynamic_cast<const crypto::PremasterDecryptor*>(credential.signer.get());
  prepared.credential = std::move(credential);
  return prepared;
}

}  // namespace handshake
}  // namespace handfast
