// SessionState: what both ends of a connection remember to resume it, and what the resumption is bound to.
// RFC 9846 §4.7.1, §2.2; RFC 5246 §F.1.4; RFC 7627 §5.3. Encoded into tickets, stores and exported sessions.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/secret.hpp>
#include <handfast/verifier.hpp>
#include <memory>
#include <optional>
#include <string>

namespace handfast::handshake {

// "Servers MUST NOT use any value greater than 604800 seconds (7 days)." (RFC 9846 §4.7.1)
inline constexpr std::chrono::seconds kMaxTicketLifetime = std::chrono::days(7);

// How far the clocks of servers may differ that share keys or a store.
inline constexpr std::chrono::seconds kClocksOfOneFleet{5};

// A digest of everything in a configuration that a session must not outlive: whom it trusts, whom it asks for
// a certificate, who it is itself.
using Binding = std::array<std::uint8_t, 32>;

// All of a session but its secret.
struct SessionTerms {
  ProtocolVersion version{};
  CipherSuite suite{};
  bool extended_main_secret = true;
  Time authenticated;  // when certificates were checked last
  Time issued;
  Time expires;
  std::uint32_t ticket_age_add = 0;
  std::uint32_t max_early_data_size = 0;
  std::string server_name;  // SNI; empty if none
  std::string application_protocol;
  Binding binding{};
  NamedGroup group{};  // TLS 1.2: of the key exchange, for information only
  // TLS 1.2, RFC 6066 §4: "The negotiated length applies for the duration of the session including session
  // resumptions." 0: none.
  std::uint16_t max_fragment_length = 0;
  SignatureScheme server_signature_scheme{};
  std::optional<SignatureScheme> client_signature_scheme;
  std::shared_ptr<const PeerCertificates> peer_certificates;  // null if the peer presented none
  // Client only.
  ByteString ticket;
  ByteString session_id;  // TLS 1.2

  // False before it was issued, too: a clock that was set back makes nothing live longer. `skew`: how far the
  // clock of who issued it may be ahead.
  [[nodiscard]] bool is_valid_at(Time now, std::chrono::seconds skew = std::chrono::seconds(0)) const {
    return issued <= now + skew && now < expires;
  }
};

struct SessionState : SessionTerms {
  HashSecret secret;  // TLS 1.3: the pre-shared key of this ticket; TLS 1.2: the main secret

  [[nodiscard]] SessionState clone() const {
    SessionState copy;
    static_cast<SessionTerms&>(copy) = *this;
    copy.secret = secret.clone();
    return copy;
  }
};

// The caller wipes the bytes. Errors: limit_exceeded if a part is too long.
Result<ByteString> encode_session(const SessionState& session);
// Errors: message_malformed.
Result<SessionState> decode_session(Bytes bytes);

// When certificates that were good at `now` stop being so: the earliest notAfter of the list; certificates
// that cannot be read end at once.
Time end_of(const PeerCertificates& certificates, Time now);

}  // namespace handfast::handshake
