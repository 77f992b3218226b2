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

}  // namespace

Result<PreparedCredential> PreparedCredential::prepare(Credential credential, std::size_t index) {
  const std::string name = fmt::format("credentials[{}]", index);
  if (!credential.signer)
    return failure(invalid_setting(name.c_str(), "there is no signer for the certificate"));
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
  PreparedCredential prepared;
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
  for (const bool staple : {false, true}) {
    for (const bool timestamps : {false, true}) {
      HANDFAST_TRY(message::encode_certificate_list(
          credential.chain, staple ? Bytes(credential.ocsp_response) : Bytes(),
          timestamps ? Bytes(credential.signed_certificate_timestamps) : Bytes(),
          prepared
              .certificate_lists[static_cast<std::size_t>(staple)][static_cast<std::size_t>(timestamps)]));
    }
  }
  HANDFAST_TRY(message::encode_certificate12(credential.chain, prepared.certificate_message12));
  if (auto public_key = crypto::PublicKey::from_spki(prepared.leaf.spki))
    prepared.key_type = public_key->type();
  prepared.decryptor = dynamic_cast<const crypto::PremasterDecryptor*>(credential.signer.get());
  prepared.credential = std::move(credential);
  return prepared;
}

}  // namespace handshake
}  // namespace handfast
