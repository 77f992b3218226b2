// What a capture may cost, each with its reason. Sizes are bytes unless they say otherwise.
#pragma once

#include <cstddef>

namespace handfast::apps::capture {

// One packet. Network cards that join segments hand on up to 512 KiB.
inline constexpr std::size_t kMaxPacket = std::size_t{1} << 20U;
// One block of a pcapng file that is read and not passed over: a packet, or embedded secrets.
inline constexpr std::size_t kMaxBlock = std::size_t{4} << 20U;
// Interfaces of one pcapng section: what machines have.
inline constexpr std::size_t kMaxInterfaces = 1024;
// VLAN tags and IPv6 extension headers of one packet.
inline constexpr unsigned kMaxNesting = 8;

// Conversations that are followed at one time; then the one that was silent longest ends.
inline constexpr std::size_t kMaxConversations = 4096;
// Segments of one direction that wait for a missing one: a few full TCP windows of a LAN.
inline constexpr std::size_t kMaxWaiting = std::size_t{512} << 10U;
// The same over all conversations.
inline constexpr std::size_t kMaxWaitingInAll = std::size_t{64} << 20U;
// Segments that wait in one direction: each costs an entry, however short.
inline constexpr std::size_t kMaxWaitingSegments = 2048;
// Text before a ClientHello (STARTTLS, CONNECT): a dialogue is far shorter.
inline constexpr std::size_t kMaxDialogue = std::size_t{64} << 10U;
// Steps that one conversation keeps; what comes after them is counted.
inline constexpr std::size_t kMaxSteps = 200;
// Encrypted records whose sizes are kept for inferences.
inline constexpr std::size_t kMaxSizes = 64;
// Narration that is kept until the end, so that the summary comes first; beyond it, it is printed as it
// comes.
inline constexpr std::size_t kMaxKeptReport = std::size_t{16} << 20U;

// A key log, and what it may hold: 1.5 million secrets are a day of a busy server.
inline constexpr std::size_t kMaxKeyLog = std::size_t{256} << 20U;
inline constexpr std::size_t kMaxKeyLogLine = 4096;
inline constexpr std::size_t kMaxKeys = 500'000;

}  // namespace handfast::apps::capture
