// Authentication after the handshake: see the header.
#include "handshake/post_handshake_auth.hpp"

#include "wire/writer.hpp"

namespace handfast::handshake {
namespace {

// "the server SHOULD make the context unpredictable to the client … to prevent an attacker who has temporary
// access to the client's private key from pre-computing valid CertificateVerify messages." (§4.4.2)
constexpr std::size_t kContextSize = 32;

// `request` has an empty context.
ByteString under_context(Bytes request, Bytes context) {
  constexpr std::size_t kEmptyContext = 4;  // where its length stands, after the header
  ByteString message;
  wire::Writer writer(message);
  writer.u8(request[0]);
  {
    const auto body = writer.vector24();
    {
      const auto scope = writer.vector8();
      writer.bytes(context);
    }
    writer.bytes(request.subspan(kEmptyContext + 1));
  }
  return message;
}

}  // namespace

void expect_request(Context& hs, Established& outcome, const keys::Transcript& transcript) {
  if (!hs.client().settings.post_handshake_authentication || !outcome.info.external_psk.empty()) return;
  outcome.info.post_handshake_authentication = true;
  outcome.post_handshake =
      std::make_unique<PostHandshake>(PostHandshake{hs.client_config(), nullptr, transcript});
}

void allow_requests(Context& hs, const HelloSummary& client, Established& outcome,
                    const keys::Transcript& transcript) {
  if (!hs.server().settings.post_handshake_authentication || !client.post_handshake_auth) return;
  if (!outcome.info.external_psk.empty()) return;
  outcome.info.post_handshake_authentication = true;
  outcome.post_handshake =
      std::make_unique<PostHandshake>(PostHandshake{nullptr, hs.server_config(), transcript});
}

Result<NewRequest> make_late_request(const PostHandshake& start, bool required) {
  const ServerConfigData& config = start.server->data();
  const RandomSource* const random = config.settings.random;
  AskedClient asked{ByteString(kContextSize), required, start.transcript};
  HANDFAST_TRY((random != nullptr ? *random : system_random()).fill(asked.context));
  NewRequest request{.asked = std::move(asked), .message = {}};
  request.message = under_context(config.late_certificate_request, request.asked.context);
  request.asked.transcript.add(request.message);
  return request;
}

Result<std::shared_ptr<const PeerCertificates>> read_late_certificates(Context&, const AskedClient& asked,
                                                                       const message::Certificate& answer) {
  HANDFAST_TRY_ASSIGN(std::shared_ptr<const PeerCertificates> presented,
                      read_certificates(Side::client, answer, {.context = asked.context}));
  // "If the client does not send any certificates, the server MAY at its discretion either continue … or
  // abort the handshake with a "certificate_required" alert." (§4.5.1.3)
  if (presented->chain.empty() && asked.required) {
    return failure(Error(ErrorCode::certificate_required).in(message::Certificate::kType));
  }
  return presented;
}

ClientAnswer client_answer(PeerProof proof) {
  ClientAnswer answer;
  answer.certificates = proof.chain.certificates();
  answer.verified_path = proof.chain.take_path();
  answer.signature_scheme = proof.scheme;
  return answer;
}

Result<CertificateDemand> read_late_request(Context& hs, const message::CertificateRequest& request) {
  return read_certificate_request(hs.client(), request, CertificateType::X509);
}

}  // namespace handfast::handshake
