// A client's authentication after the handshake: what it starts from, and the steps of its two flows.
// RFC 9846 §4.3.6, §4.4.2, §4.7.2.
#pragma once

#include <handfast/connection_info.hpp>
#include <handfast/error.hpp>
#include <memory>

#include "handshake/authentication.hpp"
#include "handshake/client_steps.hpp"
#include "handshake/context.hpp"
#include "handshake/server_steps.hpp"
#include "keys/transcript.hpp"

namespace handfast::handshake {

// What a connection keeps whose client can be asked later.
struct PostHandshake {
  std::shared_ptr<const ClientConfig> client;  // one of the two
  std::shared_ptr<const ServerConfig> server;
  keys::Transcript transcript;  // up to the client's Finished
};

// The last steps of the handshake's flows: nothing is kept unless the client made the offer and both ends'
// settings go with it. "servers which are authenticating with an external PSK MUST NOT … request
// post-handshake authentication" (§4.4.2). `transcript` reaches to the client's Finished.
void expect_request(Context& hs, Established& outcome, const keys::Transcript& transcript);
void allow_requests(Context& hs, const HelloSummary& client, Established& outcome,
                    const keys::Transcript& transcript);

// --- server ---

// A CertificateRequest that waits for its answer.
struct AskedClient {
  ByteString context;
  bool required = true;
  keys::Transcript transcript;  // up to this CertificateRequest, without others
};
// A CertificateRequest under a context of its own: the whole message, and what is remembered of it. Errors:
// crypto_failed.
struct NewRequest {
  AskedClient asked;
  ByteString message;
};
Result<NewRequest> make_late_request(const PostHandshake& start, bool required);

// Errors: certificate_required, and those of read_certificates().
Result<std::shared_ptr<const PeerCertificates>> read_late_certificates(Context& hs, const AskedClient& asked,
                                                                       const message::Certificate& answer);
ClientAnswer client_answer(PeerProof proof);

// --- client ---

Result<CertificateDemand> read_late_request(Context& hs, const message::CertificateRequest& request);

}  // namespace handfast::handshake
