// The client's hello: making the first and, after a HelloRetryRequest, the second. RFC 9846 §4.2.2, §4.2.4.
#pragma once

#include <array>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "crypto/key_exchange.hpp"
#include "handshake/context.hpp"
#include "handshake/psk.hpp"
#include "keys/transcript.hpp"
#include "message/planned_extension.hpp"

namespace handfast::handshake {

class OfferedSession12;  // client12_session.hpp

// The hello that was sent last, and what is needed to understand the answer and to send it again.
struct SentHello {
  std::array<std::uint8_t, 32> random{};
  ByteString session_id;
  std::vector<CipherSuite> suites;
  std::vector<message::PlannedExtension> extensions;  // in the order on the wire
  std::vector<crypto::ClientKeyShare> shares;
  std::vector<PreSharedKey> psks;
  bool psk_ke = false;  // the server may take one without a key exchange
  // The suite of the early data that is announced, which goes under psks.front(); null: none.
  const keys::SuiteParameters* early_data = nullptr;
  std::shared_ptr<OfferedSession12> session12;  // null: no session of TLS 1.2 is offered
  ByteString message;

  [[nodiscard]] bool offered(ExtensionType type) const;
  [[nodiscard]] bool offered(CipherSuite suite) const;
  [[nodiscard]] bool has_share(NamedGroup group) const;
};

// Draws random, session id, GREASE and key shares. Errors: crypto_failed, out_of_memory, internal_error.
Result<SentHello> make_client_hello(Context& hs);

// What a HelloRetryRequest asks for, checked.
struct RetryRequest {
  std::optional<NamedGroup> group;
  ByteString cookie;
  CipherSuite suite{};
};

// Changes `hello` as §4.2.2 allows: one share for the requested group, the cookie, pre-shared keys of the
// suite's hash only, with new binders. `transcript` reaches to the HelloRetryRequest.
Result<void> retry_client_hello(Context& hs, SentHello& hello, const RetryRequest& retry,
                                const keys::Transcript& transcript);

}  // namespace handfast::handshake
