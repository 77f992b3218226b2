// The start of either format, and the packets of pcap. pcapng's blocks are in pcapng.cpp.
#include "explain/capture/capture_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "explain/capture/limits.hpp"

namespace handfast::apps::capture {
namespace {

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::size_t kPcapHeader = 24;
constexpr std::size_t kPcapRecordHeader = 16;
constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;

std::uint32_t big_endian(Bytes bytes) {
  return static_cast<std::uint32_t>(bytes[0]) << 24U | static_cast<std::uint32_t>(bytes[1]) << 16U |
         static_cast<std::uint32_t>(bytes[2]) << 8U | bytes[3];
}

std::uint32_t swapped(std::uint32_t value) { return __builtin_bswap32(value); }

bool is_pcap(std::uint32_t magic) { return magic == kMicroseconds || magic == kNanoseconds; }

}  // namespace

bool looks_like_capture(Bytes bytes) {
  if (bytes.size() < 4) return false;
  const std::uint32_t magic = big_endian(bytes);
  return magic == kSectionHeader || is_pcap(magic) || is_pcap(swapped(magic));
}

std::uint16_t CaptureReader::u16(Bytes bytes, std::size_t at) const {
  const unsigned first = bytes[at];
  const unsigned second = bytes[at + 1];
  return static_cast<std::uint16_t>(big_endian_ ? first << 8U | second : second << 8U | first);
}

std::uint32_t CaptureReader::u32(Bytes bytes, std::size_t at) const {
  const std::uint32_t value = big_endian(bytes.subspan(at, 4));
  return big_endian_ ? value : swapped(value);
}

std::unexpected<Error> CaptureReader::broken(std::string what) const {
  return failure(Error(ErrorCode::message_malformed)
                     .with_detail(fmt::format("{}, before byte {}", what, source_.position())));
}

Result<std::optional<CaptureItem>> CaptureReader::ended(bool whole) {
  truncated_ = truncated_ || !whole;
  return std::nullopt;
}

Result<void> CaptureReader::start() {
  HANDFAST_TRY_ASSIGN(const Bytes magic, source_.peek(4));
  if (!looks_like_capture(magic)) return broken("this is no pcap or pcapng file");
  if (big_endian(magic) == kSectionHeader) {
    format_ = Format::pcapng;
    return {};
  }
  HANDFAST_TRY_ASSIGN(const Bytes header, source_.take(kPcapHeader));
  if (header.size() < kPcapHeader) return broken("the file ends in its header");
  big_endian_ = is_pcap(big_endian(header));
  if (u32(header, 0) == kNanoseconds) pcap_.ticks_per_second = kNanosecondsPerSecond;
  if (u16(header, 4) != 2) return broken(fmt::format("pcap version {} is not known", u16(header, 4)));
  // The upper bits say whether a frame check sequence follows each packet.
  pcap_.link_type = u32(header, 20) & 0x0fff'ffffU;
  format_ = Format::pcap;
  return {};
}

Result<std::optional<CaptureItem>> CaptureReader::next() {
  if (format_ == Format::unknown) {
    HANDFAST_TRY(start());
  }
  return format_ == Format::pcap ? next_pcap() : next_pcapng();
}

Result<std::optional<CaptureItem>> CaptureReader::next_pcap() {
  HANDFAST_TRY_ASSIGN(const Bytes header, source_.take(kPcapRecordHeader));
  if (header.size() < kPcapRecordHeader) return ended(header.empty());
  const std::uint64_t seconds = u32(header, 0);
  const std::uint64_t fraction = u32(header, 4);
  const std::size_t size = u32(header, 8);
  const std::size_t original = u32(header, 12);
  if (size > kMaxPacket) {
    return broken(fmt::format("a packet claims {} bytes, more than the {} that are read", size, kMaxPacket));
  }
  HANDFAST_TRY_ASSIGN(const Bytes bytes, source_.take(size));
  if (bytes.size() < size) return ended(false);
  const Instant time = instant(pcap_, seconds * pcap_.ticks_per_second + fraction);
  return Packet{time, pcap_.link_type, bytes, original};
}

Instant CaptureReader::instant(const Interface& interface, std::uint64_t ticks) const {
  const std::uint64_t seconds = ticks / interface.ticks_per_second;
  const std::uint64_t rest = ticks % interface.ticks_per_second;
  // Beyond the year 2200 nobody captured anything; it keeps the sum within 64 bits.
  constexpr std::uint64_t kLatest = 7'258'118'400;
  const auto whole =
      std::min(static_cast<std::int64_t>(std::min(seconds, kLatest)) + interface.offset_seconds,
               static_cast<std::int64_t>(kLatest));
  const auto part = static_cast<std::int64_t>(static_cast<long double>(rest) * kNanosecondsPerSecond /
                                              static_cast<long double>(interface.ticks_per_second));
  return Instant(std::chrono::seconds(whole) + std::chrono::nanoseconds(part));
}

}  // namespace handfast::apps::capture
