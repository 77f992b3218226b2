// Certificates, signatures and Finished in TLS 1.2: see the header.
#include "handshake/authentication12.hpp"

#include <algorithm>
#include <handfast/secret.hpp>

#include "base/limits.hpp"
#include "crypto/public_key.hpp"
#include "handshake/selection.hpp"
#include "message/authentication.hpp"
#include "pki/certificate.hpp"

namespace handfast::handshake {
namespace {

// The scheme was offered, goes with the leaf's key, and the signature is right.
Result<void> check_signature(HandshakeType type, const PeerCertificates& certificates, SignatureScheme scheme,
                             std::size_t offset, const std::vector<SignatureScheme>& accepted, Bytes content,
                             Bytes signature) {
  // "the signature algorithm and hash algorithm MUST be a pair offered in the "signature_algorithms"
  // extension" (RFC 5246 §7.4.3); the same for what a CertificateRequest lists (§7.4.8).
  if (std::find(accepted.begin(), accepted.end(), scheme) == accepted.end()) {
    return failure(Error(ErrorCode::signature_scheme_not_offered)
                       .in(type)
                       .at("algorithm", offset)
                       .with_sets(numbers(accepted), {static_cast<std::uint16_t>(scheme)}));
  }
  HANDFAST_TRY_ASSIGN(const pki::Certificate leaf, pki::Certificate::parse(certificates.chain.front()));
  HANDFAST_TRY_ASSIGN(const crypto::PublicKey key, crypto::PublicKey::from_spki(leaf.spki));
  // "the hash and signature algorithms MUST be compatible with the key in the server's end-entity
  // certificate"
  if (!crypto::key_fits_tls12(key.type(), scheme)) {
    return failure(Error(ErrorCode::certificate_key_unsuitable).in(type).at("algorithm", offset));
  }
  // A key that may not sign has not signed (RFC 5246 §7.4.2: "the digitalSignature bit MUST be set").
  if (!leaf.key_usage.allows(pki::KeyUsage::digital_signature)) {
    return failure(Error(ErrorCode::certificate_bad_key_usage).in(type));
  }
  if (auto valid = key.verify(*crypto::method_of(scheme), content, signature); !valid) {
    if (valid.error().code() != ErrorCode::certificate_bad_signature) return failure(valid.error());
    return failure(Error(ErrorCode::certificate_verify_mismatch).in(type).at("signature", offset + 2));
  }
  return {};
}

}  // namespace

Result<PeerCertificates> read_certificates12(Side peer, const message::Certificate12& message) {
  const auto type = message::Certificate12::kType;
  PeerCertificates out;
  for (const message::Asn1Certificate& certificate : message.certificate_list) {
    if (out.chain.size() == limits::kMaxCertificates) {
      return failure(
          Error(ErrorCode::certificate_chain_too_long).in(type).at("certificate_list", certificate.offset));
    }
    out.chain.push_back(copy_of(certificate.data));
  }
  if (out.chain.empty() && peer == Side::server) {
    return failure(Error(ErrorCode::certificate_list_empty).in(type).at("certificate_list", 4));
  }
  return out;
}

Result<void> check_key_of_suite(const PeerCertificates& certificates, const keys::SuiteParameters& suite,
                                const std::vector<NamedGroup>& groups) {
  const auto type = message::Certificate12::kType;
  HANDFAST_TRY_ASSIGN(const pki::Certificate leaf, pki::Certificate::parse(certificates.chain.front()));
  HANDFAST_TRY_ASSIGN(const crypto::PublicKey key, crypto::PublicKey::from_spki(leaf.spki));
  const bool is_rsa = key.type() == crypto::KeyType::rsa || key.type() == crypto::KeyType::rsa_pss;
  const bool fits = suite.key_exchange == KeyExchange::rsa
                        ? key.type() == crypto::KeyType::rsa
                        : is_rsa == (suite.authentication == keys::Authentication::rsa);
  if (!fits) return failure(Error(ErrorCode::certificate_key_unsuitable).in(type).at("certificate_list", 7));
  // In TLS 1.2 supported_groups speaks of the curves of certificates, too (RFC 8422 §5.1.1).
  const auto curve = curve_of(key.type());
  if (curve && std::find(groups.begin(), groups.end(), *curve) == groups.end()) {
    return failure(Error(ErrorCode::group_not_offered).in(type).at("certificate_list", 7));
  }
  const auto usage = suite.key_exchange == KeyExchange::rsa ? pki::KeyUsage::key_encipherment
                                                            : pki::KeyUsage::digital_signature;
  if (!leaf.key_usage.allows(usage)) return failure(Error(ErrorCode::certificate_bad_key_usage).in(type));
  return {};
}

Result<PeerProof> Proofs12::by_key_exchange(VerifiedChain chain, const message::SignedParameters& signature,
                                            const std::vector<SignatureScheme>& accepted,
                                            const keys::Randoms& randoms) {
  const ByteString content = signed_params(randoms, signature.params);
  HANDFAST_TRY(check_signature(message::ServerKeyExchange::kType, *chain.certificates(), signature.algorithm,
                               signature.algorithm_offset, accepted, content, signature.signature));
  return PeerProof(std::move(chain), signature.algorithm);
}

PeerProof Proofs12::by_decryption(VerifiedChain chain, const FinishedProof&) {
  return {std::move(chain), SignatureScheme{}};
}

Result<PeerProof> Proofs12::by_verify(VerifiedChain chain, const message::CertificateVerify& verify,
                                      const std::vector<SignatureScheme>& accepted, Bytes messages) {
  HANDFAST_TRY(check_signature(message::CertificateVerify::kType, *chain.certificates(), verify.algorithm, 4,
                               accepted, messages, verify.signature));
  return PeerProof(std::move(chain), verify.algorithm);
}

Result<FinishedProof> Proofs12::finished(Side sender, const keys::MainSecret12& secret,
                                         const message::Finished& finished, const Transcript12& transcript) {
  HANDFAST_TRY(message::check_finished_length(finished, keys::kVerifyDataSize12));
  HANDFAST_TRY_ASSIGN(const crypto::Digest hash, transcript.current());
  HANDFAST_TRY_ASSIGN(const auto expected, secret.verify_data(sender, hash));
  // "Recipients of Finished messages MUST verify that the contents are correct." (§7.4.9)
  if (!constant_time_equal(expected.view(), finished.verify_data)) {
    return failure(Error(ErrorCode::finished_mismatch).in(message::Finished::kType).at("verify_data", 4));
  }
  return FinishedProof();
}

CertificateDemand read_certificate_request12(const ClientConfigData& config,
                                             const message::CertificateRequest12& request) {
  CertificateDemand demand;
  // "If the certificate_authorities list is empty, then the client MAY send any certificate" (§7.4.4)
  const auto is_wanted = [&](const PreparedCredential& credential) {
    if (request.certificate_authorities.empty()) return true;
    return std::any_of(credential.issuers.begin(), credential.issuers.end(), [&](const ByteString& issuer) {
      for (const message::DistinguishedName& name : request.certificate_authorities) {
        if (std::ranges::equal(name.der, issuer)) return true;
      }
      return false;
    });
  };
  const auto takes = [&](crypto::KeyType type) {
    const bool is_rsa = type == crypto::KeyType::rsa || type == crypto::KeyType::rsa_pss;
    const auto wanted =
        is_rsa ? message::ClientCertificateType::rsa_sign : message::ClientCertificateType::ecdsa_sign;
    return std::find(request.certificate_types.begin(), request.certificate_types.end(),
                     static_cast<std::uint8_t>(wanted)) != request.certificate_types.end();
  };
  for (const PreparedCredential& credential : config.credentials) {
    if (!credential.key_type || !is_wanted(credential) || !takes(*credential.key_type)) continue;
    const auto makes = credential.credential.signer->schemes();
    for (const SignatureScheme scheme : config.settings.policy.signature_schemes) {
      if (std::find(makes.begin(), makes.end(), scheme) == makes.end()) continue;
      if (!crypto::key_fits_tls12(*credential.key_type, scheme)) continue;
      if (!request.signature_algorithms.contains(scheme)) continue;
      demand.credential = &credential;
      demand.scheme = scheme;
      return demand;
    }
  }
  return demand;
}

// digitally-signed struct {
//     opaque client_random[32];
//     opaque server_random[32];
//     ServerDHParams or ServerECDHParams params;
// } signed_params;
ByteString signed_params(const keys::Randoms& randoms, Bytes params) {
  ByteString content;
  content.reserve(2 * randoms.client.size() + params.size());
  for (const Bytes part : {Bytes(randoms.client), Bytes(randoms.server), params}) {
    content.insert(content.end(), part.begin(), part.end());
  }
  return content;
}

Result<ByteString> make_finished12(Side sender, const keys::MainSecret12& secret,
                                   const Transcript12& transcript) {
  HANDFAST_TRY_ASSIGN(const crypto::Digest hash, transcript.current());
  HANDFAST_TRY_ASSIGN(const auto verify_data, secret.verify_data(sender, hash));
  ByteString message;
  HANDFAST_TRY(message::encode_finished(verify_data.view(), message));
  return message;
}

Result<void> send(Context& hs, Transcript12& transcript, const ByteString& message) {
  HANDFAST_TRY(transcript.add(message));
  return hs.link().send(static_cast<HandshakeType>(message.front()), message);
}

}  // namespace handfast::handshake
