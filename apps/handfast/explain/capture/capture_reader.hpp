// CaptureReader: packets and embedded secrets out of a pcap or pcapng file, of either byte order
// (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng). Must not look into packets, and must survive any bytes.
#pragma once

#include <chrono>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "explain/capture/byte_source.hpp"

namespace handfast::apps::capture {

using Instant = std::chrono::sys_time<std::chrono::nanoseconds>;

struct Packet {
  Instant time;
  std::uint32_t link_type = 0;
  Bytes bytes;               // as captured; valid until the next call
  std::size_t original = 0;  // its size on the wire
};

// A decryption-secrets block with TLS secrets: a key log. Valid until the next call.
struct EmbeddedSecrets {
  Bytes text;
};

using CaptureItem = std::variant<Packet, EmbeddedSecrets>;

// True if `bytes` (at least 4) begin like a capture.
bool looks_like_capture(Bytes bytes);

class CaptureReader {
 public:
  explicit CaptureReader(ByteSource& source) : source_(source) {}

  // The next item, or nothing at the end. Errors: io_failed; message_malformed with a detail that says what
  // is wrong and where.
  Result<std::optional<CaptureItem>> next();
  // The file ended in the middle of something.
  [[nodiscard]] bool truncated() const { return truncated_; }
  [[nodiscard]] std::uint64_t position() const { return source_.position(); }

 private:
  enum class Format : std::uint8_t { unknown, pcap, pcapng };
  struct Interface {
    std::uint32_t link_type = 0;
    std::uint32_t snap_length = 0;
    std::uint64_t ticks_per_second = 1'000'000;
    std::int64_t offset_seconds = 0;
  };

  Result<void> start();
  Result<std::optional<CaptureItem>> next_pcap();
  Result<std::optional<CaptureItem>> next_pcapng();
  Result<void> start_section(Bytes body);
  Result<void> add_interface(Bytes body);
  Result<std::optional<CaptureItem>> enhanced_packet(Bytes body) const;
  Result<std::optional<CaptureItem>> obsolete_packet(Bytes body) const;
  // What both have after the interface's number.
  Result<std::optional<CaptureItem>> timed_packet(Bytes body, std::size_t index) const;
  Result<std::optional<CaptureItem>> simple_packet(Bytes body) const;
  [[nodiscard]] Instant instant(const Interface& interface, std::uint64_t ticks) const;
  // Answers what the end of the file means here: nothing more, or an item that was cut off.
  Result<std::optional<CaptureItem>> ended(bool whole);
  [[nodiscard]] std::unexpected<Error> broken(std::string what) const;

  [[nodiscard]] std::uint16_t u16(Bytes bytes, std::size_t at) const;
  [[nodiscard]] std::uint32_t u32(Bytes bytes, std::size_t at) const;

  BufferedSource source_;
  Format format_ = Format::unknown;
  bool big_endian_ = false;
  bool truncated_ = false;
  Interface pcap_;  // of a pcap file
  std::vector<Interface> interfaces_;
};

}  // namespace handfast::apps::capture
