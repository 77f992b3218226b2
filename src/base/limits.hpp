// Every limit that a peer can run into, with its reason. Sizes are bytes. RFC 9846 §C.3.
#pragma once

#include <cstddef>
#include <cstdint>

namespace handfast::limits {

// A handshake message other than Certificate: room for a ClientHello with several post-quantum shares, ECH
// and a large ticket, or for a CertificateRequest that names hundreds of CAs.
inline constexpr std::size_t kMaxHandshakeMessage = std::size_t{64} * 1024;
// Certificate: ten large RSA or a few ML-DSA certificates with staples.
inline constexpr std::size_t kMaxCertificateMessage = std::size_t{128} * 1024;
// What a decompressor may allocate beside its output. Brotli's writer chooses how much its reader needs, up
// to 18 MiB; for a Certificate message 300 KiB do. zlib and zstd need less, whatever comes.
inline constexpr std::size_t kMaxDecompressorMemory = std::size_t{1024} * 1024;
// All handshake bytes kept at one time for a peer that has not proved who it is. The largest message twice,
// since it moves when it grows, and what is still needed beside it.
inline constexpr std::size_t kMaxHandshakeMemory = std::size_t{384} * 1024;
// Certificates in one list: the longest public chains have five.
inline constexpr std::size_t kMaxCertificates = 16;
// Records without content in a row: they cost work and bring nothing (attack row 63).
inline constexpr unsigned kMaxEmptyRecords = 32;
// Early data that a server drops because it does not take it: one full record, the max_early_data_size that
// is customary; or what its own tickets allow, if that is more.
inline constexpr std::size_t kMaxSkippedEarlyData = std::size_t{16} * 1024 + 256;
// Early data that a client sends: it is kept, in case the server does not take it.
inline constexpr std::size_t kMaxEarlyDataSent = std::size_t{128} * 1024;
// user_canceled and unknown warnings are ignored, but not for ever.
inline constexpr unsigned kMaxWarningAlerts = 4;
// Compatibility change_cipher_spec records in one handshake: two are sent by correct peers.
inline constexpr unsigned kMaxChangeCipherSpec = 32;
// TLS 1.2: how often a peer may ask for a renegotiation and hear no.
inline constexpr unsigned kMaxRenegotiationRequests = 1;
// TLS 1.2: handshake messages kept because a client's CertificateVerify signs them: two long certificate
// lists.
inline constexpr std::size_t kMaxSignedMessages = std::size_t{384} * 1024;
// TLS 1.3: of the pre-shared keys that a client offers, how many a server looks at; each costs a decryption.
inline constexpr unsigned kMaxTriedPsks = 8;
// A ticket that a server makes or a client keeps: clients send it in a ClientHello, for which others have
// less room than this end.
inline constexpr std::size_t kMaxTicketSize = std::size_t{16} * 1024;
// Client authentications after the handshake that one connection has under way, asked for or waiting for a
// verdict or a signature: each holds a certificate list or two. Connection::kMaxClientRequests.
inline constexpr std::size_t kMaxLateAuthentications = 4;
// KeyUpdates without application data between them: each costs a derivation and maybe an answer.
inline constexpr unsigned kMaxKeyUpdatesInARow = 32;
// NewSessionTicket and other messages after the handshake without application data between them.
inline constexpr unsigned kMaxPostHandshakeMessages = 256;
// "sending implementations MUST NOT allow the epoch to exceed 2^48-1" (RFC 9846 §4.7.3).
inline constexpr std::uint64_t kMaxKeyUpdatesSent = (std::uint64_t{1} << 48U) - 1;

}  // namespace handfast::limits
