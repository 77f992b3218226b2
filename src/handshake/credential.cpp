// Credential: reading it from PEM, and preparing it for a configuration. RFC 9846 §4.5.1, RFC 7468.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/limits.hpp"
#include "crypto/pem.hpp"
#include "handshake/config_data.hpp"
#include "message/certificate.hpp"
#include "pki/certificate.hpp"

namespace handfast {
namespace {

Error mismatch(std::string_view what) {
  return Error(ErrorCode::configuration_key_mismatch)
      .with_detail(fmt::format("{}: the private key is not the one of the first certificate", what));
}

}  // namespace

Result<Credential> Credential::from_pem(std::string_view chain_pem, std::string_view key_pem) {
  HANDFAST_TRY_ASSIGN(std::vector<crypto::PemBlock> blocks, crypto::parse_pem(chain_pem));
  Credential credential;
  for (crypto::PemBlock& block : blocks) {
    if (block.label == "CERTIFICATE") credential.chain.push_back(std::move(block.der));
    wipe(block.der);
  }
  if (credential.chain.empty()) {
    return failure(Error(ErrorCode::pem_malformed).with_detail("the text holds no certificate"));
  }
  HANDFAST_TRY_ASSIGN(credential.signer, signer_from_pem(key_pem));
  HANDFAST_TRY_ASSIGN(const pki::Certificate leaf, pki::Certificate::parse(credential.chain.front()));
  if (!std::ranges::equal(leaf.spki, credential.signer->public_key())) return failure(mismatch("credential"));
  return credential;
}

namespace handshake {

Result<PreparedCredential> PreparedCredential::prepare(Credential credential, std::size_t index) {
  const std::string name = fmt::format("credentials[{}]", index);
  if (!credential.signer)
    return failure(invalid_setting(name.c_str(), "there is no signer for the certificate"));
  if (credential.chain.empty())
    return failure(invalid_setting(name.c_str(), "there is no certificate for the key"));
  if (credential.chain.size() > limits::kMaxCertificates) {
    return failure(invalid_setting(name.c_str(), "the chain is longer than peers accept"));
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
  prepared.credential = std::move(credential);
  return prepared;
}

}  // namespace handshake
}  // namespace handfast
