// Certificates, CertificateVerify, Finished: see the header.
#include "handshake/authentication.hpp"

#include <algorithm>
#include <handfast/secret.hpp>
#include <optional>
#include <string_view>

#include "base/limits.hpp"
#include "crypto/public_key.hpp"
#include "handshake/selection.hpp"
#include "keys/key_schedule.hpp"
#include "message/checks.hpp"
#include "pki/certificate.hpp"

namespace handfast::handshake {
namespace {

// Headers and lengths around what a message carries, at most: so that encoding it allocates once.
constexpr std::size_t kOverhead = 16;
constexpr std::size_t kPadding = 64;
constexpr std::string_view kServerContext = "TLS 1.3, server CertificateVerify";
constexpr std::string_view kClientContext = "TLS 1.3, client CertificateVerify";

Error wrong_context(HandshakeType type) {
  return Error(ErrorCode::message_illegal_value).in(type).at("certificate_request_context", 4);
}

// The SubjectPublicKeyInfo of the peer's key.
Result<ByteString> signing_key_of(const PeerCertificates& certificates) {
  if (certificates.type == CertificateType::RawPublicKey) return certificates.chain.front();
  HANDFAST_TRY_ASSIGN(const pki::Certificate leaf, pki::Certificate::parse(certificates.chain.front()));
  // "the digitalSignature bit MUST be set if the Key Usage extension is present" (§4.5.1.2), whatever the
  // verifier looked at.
  if (!leaf.key_usage.allows(pki::KeyUsage::digital_signature)) {
    return failure(
        Error(ErrorCode::certificate_bad_key_usage).in(message::CertificateVerify::kType).at("algorithm", 4));
  }
  return copy_of(leaf.spki);
}

// The client's order of schemes, among those that the credential can make and the server accepts.
std::optional<SignatureScheme> choose_scheme(const ClientConfigData& config,
                                             const PreparedCredential& credential,
                                             const message::CodepointList<SignatureScheme>& accepted) {
  const auto makes = credential.credential.signer->schemes();
  for (const SignatureScheme scheme : config.settings.policy.signature_schemes) {
    if (crypto::signs_tls13_messages(scheme) &&
        std::find(makes.begin(), makes.end(), scheme) != makes.end() && accepted.contains(scheme)) {
      return scheme;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<std::shared_ptr<const PeerCertificates>> read_certificates(Side peer,
                                                                  const message::Certificate& message,
                                                                  const Asked& asked) {
  const auto type = message::Certificate::kType;
  if (!std::ranges::equal(message.certificate_request_context, asked.context))
    return failure(wrong_context(type));
  auto out = std::make_shared<PeerCertificates>();
  out->type = asked.type;
  const bool raw = asked.type == CertificateType::RawPublicKey;
  for (const message::CertificateEntry& entry : message.certificate_list) {
    if (out->chain.size() == limits::kMaxCertificates) {
      return failure(
          Error(ErrorCode::certificate_chain_too_long).in(type).at("certificate_list", entry.offset));
    }
    // "If the RawPublicKey certificate type was negotiated, then the certificate_list MUST contain no more
    // than one CertificateEntry" (§4.5.1)
    if (raw && !out->chain.empty()) {
      return failure(Error(ErrorCode::message_illegal_value).in(type).at("certificate_list", entry.offset));
    }
    // "Extensions in the Certificate message from the server MUST correspond to ones from the ClientHello
    // message. Extensions in the Certificate message from the client MUST correspond to extensions in the
    // CertificateRequest"
    HANDFAST_TRY(message::check_only_offered(
        entry.extensions,
        [&](ExtensionType extension) {
          if (raw) return false;  // they are about certificates
          return (extension == ExtensionType::status_request && asked.staple) ||
                 (extension == ExtensionType::signed_certificate_timestamp && asked.timestamps);
        },
        type));
    if (out->chain.empty()) {
      if (entry.ocsp_response) out->ocsp_response = copy_of(*entry.ocsp_response);
      if (entry.signed_certificate_timestamp) {
        out->signed_certificate_timestamps = copy_of(*entry.signed_certificate_timestamp);
      }
    }
    out->chain.push_back(copy_of(entry.cert_data));
  }
  // "If the server supplies an empty Certificate message, the client MUST abort the handshake with a
  // "decode_error" alert." (§4.5.1.3)
  if (out->chain.empty() && peer == Side::server) {
    return failure(Error(ErrorCode::certificate_list_empty).in(type).at("certificate_list", 5));
  }
  return out;
}

ExpectedMessages certificate_messages(Context& hs) {
  ExpectedMessages expected = {HandshakeType::certificate};
  if (!hs.settings().accept_compressed_certificates.empty())
    expected.add(HandshakeType::compressed_certificate);
  return expected;
}

Result<std::shared_ptr<const PeerCertificates>> read_certificates(Context& hs, Side peer,
                                                                  const CertificateMessage& message,
                                                                  const Asked& asked) {
  if (message.plain != nullptr) return read_certificates(peer, *message.plain, asked);
  if (message.compressed == nullptr) return failure(ErrorCode::internal_error);
  HANDFAST_TRY_ASSIGN(const ByteString unpacked,
                      unpack_certificate(*message.compressed, hs.settings().accept_compressed_certificates));
  HANDFAST_TRY_ASSIGN(const message::Certificate certificate, message::decode_certificate(unpacked));
  return read_certificates(peer, certificate, asked);
}

Result<VerifiedChain> accept_verdict(std::shared_ptr<const PeerCertificates> certificates, Verdict verdict) {
  if (certificates->chain.empty()) return failure(ErrorCode::internal_error);
  VerifiedChain chain;
  chain.certificates_ = std::move(certificates);
  chain.path_ = std::move(verdict.path);
  return chain;
}

Result<PeerProof> check_certificate_verify(Side peer, VerifiedChain chain,
                                           const message::CertificateVerify& verify,
                                           const std::vector<SignatureScheme>& accepted,
                                           const keys::Transcript& transcript) {
  const auto type = message::CertificateVerify::kType;
  // "the signature algorithm MUST be one offered in the client's "signature_algorithms" extension"
  // (§4.5.2). PKCS #1 v1.5 may be in that list for TLS 1.2: key_fits() below keeps it out of TLS 1.3.
  if (std::find(accepted.begin(), accepted.end(), verify.algorithm) == accepted.end()) {
    return failure(Error(ErrorCode::signature_scheme_not_offered)
                       .in(type)
                       .at("algorithm", 4)
                       .with_sets(numbers(accepted), {static_cast<std::uint16_t>(verify.algorithm)}));
  }
  HANDFAST_TRY_ASSIGN(const ByteString spki, signing_key_of(*chain.certificates()));
  HANDFAST_TRY_ASSIGN(const crypto::PublicKey key, crypto::PublicKey::from_spki(spki));
  // "the signature algorithm MUST be compatible with the key in the sender's end-entity certificate."
  // (§4.5.2)
  if (!crypto::key_fits(key.type(), verify.algorithm)) {
    return failure(Error(ErrorCode::certificate_key_unsuitable).in(type).at("algorithm", 4));
  }
  HANDFAST_TRY_ASSIGN(const ByteString content, signed_content(peer, transcript));
  // "If the verification fails, the receiver MUST terminate the handshake with a "decrypt_error" alert."
  // (§4.5.2)
  if (auto valid = key.verify(*crypto::method_of(verify.algorithm), content, verify.signature); !valid) {
    if (valid.error().code() != ErrorCode::certificate_bad_signature) return failure(valid.error());
    return failure(Error(ErrorCode::certificate_verify_mismatch).in(type).at("signature", 6));
  }
  return PeerProof(std::move(chain), verify.algorithm);
}

Result<FinishedProof> check_finished(const HashSecret& base_key, const message::Finished& finished,
                                     const keys::Transcript& transcript) {
  HANDFAST_TRY(message::check_finished_length(finished, crypto::hash_size(transcript.algorithm())));
  HANDFAST_TRY_ASSIGN(const crypto::Digest hash, transcript.current());
  HANDFAST_TRY_ASSIGN(const HashSecret expected,
                      keys::finished_verify_data(transcript.algorithm(), base_key, hash));
  // "Recipients of Finished messages MUST verify that the contents are correct and if incorrect MUST
  // terminate the connection with a "decrypt_error" alert." (§4.5.3)
  if (!constant_time_equal(expected.view(), finished.verify_data)) {
    return failure(Error(ErrorCode::finished_mismatch).in(message::Finished::kType).at("verify_data", 4));
  }
  return FinishedProof();
}

Result<void> check_no_context(const message::CertificateRequest& request) {
  if (request.certificate_request_context.empty()) return {};
  return failure(wrong_context(message::CertificateRequest::kType));
}

Result<CertificateDemand> read_certificate_request(const ClientConfigData& config,
                                                   const message::CertificateRequest& request,
                                                   CertificateType wanted_type) {
  const auto type = message::CertificateRequest::kType;
  // "The "signature_algorithms" extension MUST be specified" (§4.4.2)
  if (!request.signature_algorithms) {
    return failure(Error(ErrorCode::extension_missing).in(type).at("signature_algorithms", 5));
  }
  CertificateDemand demand;
  demand.staple = request.status_request;
  demand.timestamps = request.signed_certificate_timestamp;
  demand.context = copy_of(request.certificate_request_context);
  demand.compression =
      choose_compression(config.settings.compress_certificates, request.compress_certificate);
  const auto is_wanted = [&](const PreparedCredential& credential) {
    if (credential.credential.type != wanted_type) return false;
    if (!request.certificate_authorities || wanted_type == CertificateType::RawPublicKey) return true;
    return std::any_of(credential.issuers.begin(), credential.issuers.end(), [&](const ByteString& issuer) {
      for (const message::DistinguishedName& name : *request.certificate_authorities) {
        if (std::ranges::equal(name.der, issuer)) return true;
      }
      return false;
    });
  };
  const auto& certificate_schemes =
      request.signature_algorithms_cert ? request.signature_algorithms_cert : request.signature_algorithms;
  // The first whose chain the server can check: §4.5.1.2. Else "the client MAY use a fallback chain".
  for (const bool must_suit : {true, false}) {
    for (const PreparedCredential& credential : config.credentials) {
      if (!is_wanted(credential)) continue;
      if (must_suit && !suits_certificates(credential, *certificate_schemes)) continue;
      const auto scheme = choose_scheme(config, credential, *request.signature_algorithms);
      if (!scheme) continue;
      demand.credential = &credential;
      demand.scheme = *scheme;
      return demand;
    }
  }
  return demand;
}

Result<ByteString> make_certificate(const PreparedCredential* credential, bool staple, bool timestamps,
                                    Bytes context,
                                    std::optional<CertificateCompressionAlgorithm> compression) {
  const std::size_t stapled = staple ? 1 : 0;
  const std::size_t stamped = timestamps ? 1 : 0;
  ByteString message;
  Bytes list;
  if (credential != nullptr) {
    if (!context.empty()) compression.reset();
    for (const CompressedForm& form : credential->compressed[stapled][stamped]) {
      if (form.algorithm == compression) return form.message;
    }
    list = credential->certificate_lists[stapled][stamped];
  }
  message.reserve(kOverhead + context.size() + list.size());
  HANDFAST_TRY(message::encode_certificate(context, list, message));
  return message;
}

Result<ByteString> signed_content(Side signer, const keys::Transcript& transcript) {
  HANDFAST_TRY_ASSIGN(const crypto::Digest hash, transcript.current());
  const Bytes context = as_bytes(signer == Side::server ? kServerContext : kClientContext);
  ByteString content;
  content.reserve(kPadding + context.size() + 1 + hash.view().size());
  content.assign(kPadding, 0x20);
  content.insert(content.end(), context.begin(), context.end());
  content.push_back(0);
  content.insert(content.end(), hash.view().begin(), hash.view().end());
  return content;
}

Result<ByteString> make_certificate_verify(SignatureScheme scheme, const ByteString& signature) {
  ByteString message;
  message.reserve(kOverhead + signature.size());
  HANDFAST_TRY(message::encode_certificate_verify(scheme, signature, message));
  return message;
}

Result<ByteString> make_finished(const HashSecret& base_key, const keys::Transcript& transcript) {
  HANDFAST_TRY_ASSIGN(const crypto::Digest hash, transcript.current());
  HANDFAST_TRY_ASSIGN(const HashSecret verify_data,
                      keys::finished_verify_data(transcript.algorithm(), base_key, hash));
  ByteString message;
  message.reserve(kOverhead + verify_data.size());
  HANDFAST_TRY(message::encode_finished(verify_data.view(), message));
  return message;
}

Result<void> send(Context& hs, keys::Transcript& transcript, const ByteString& message) {
  transcript.add(message);
  return hs.link().send(static_cast<HandshakeType>(message.front()), message);
}

}  // namespace handfast::handshake
