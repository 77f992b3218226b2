// The blocks of pcapng. Blocks that are not known are passed over, whatever their size.
#include <fmt/format.h>

#include <algorithm>

#include "explain/capture/capture_reader.hpp"
#include "explain/capture/limits.hpp"

namespace handfast::apps::capture {
namespace {

enum class BlockType : std::uint32_t {
  interface_description = 1,
  obsolete_packet = 2,
  simple_packet = 3,
  enhanced_packet = 6,
  decryption_secrets = 10,
  section_header = 0x0a0d0d0a,
};

constexpr std::uint32_t kByteOrder = 0x1a2b3c4d;
constexpr std::uint32_t kTlsKeyLog = 0x544c534b;  // "TLSK"
constexpr std::size_t kBlockHeader = 8;
constexpr std::size_t kBlockTrailer = 4;
constexpr std::size_t kLeastSection = 28;
constexpr std::uint16_t kEndOfOptions = 0;
constexpr std::uint16_t kTimestampResolution = 9;
constexpr std::uint16_t kTimestampOffset = 14;

bool is_read(BlockType type) {
  return type == BlockType::interface_description || type == BlockType::obsolete_packet ||
         type == BlockType::simple_packet || type == BlockType::enhanced_packet ||
         type == BlockType::decryption_secrets || type == BlockType::section_header;
}

// "If the Most Significant Bit is equal to zero, the remaining bits indicate the resolution … as a negative
// power of 10; … if it is equal to one, … as a negative power of 2."
std::uint64_t ticks_of(std::uint8_t resolution) {
  const unsigned power = resolution & 0x7fU;
  if ((resolution & 0x80U) != 0) return std::uint64_t{1} << std::min(power, 62U);
  std::uint64_t ticks = 1;
  for (unsigned i = 0; i < std::min(power, 18U); ++i) ticks *= 10;
  return ticks;
}

std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

}  // namespace

Result<std::optional<CaptureItem>> CaptureReader::next_pcapng() {
  for (;;) {
    HANDFAST_TRY_ASSIGN(const Bytes head, source_.peek(kBlockHeader + 4));
    if (head.size() < kBlockHeader + 4) return ended(head.empty());
    // A section header's type reads the same either way, and its byte order stands behind its length.
    if (head[0] == 0x0a && head[1] == 0x0d && head[2] == 0x0d && head[3] == 0x0a) {
      big_endian_ = true;
      if (u32(head, kBlockHeader) != kByteOrder) big_endian_ = false;
      if (u32(head, kBlockHeader) != kByteOrder) return broken("a section begins without its byte order");
    }
    const auto type = static_cast<BlockType>(u32(head, 0));
    const std::size_t size = u32(head, 4);
    const std::size_t least =
        type == BlockType::section_header ? kLeastSection : kBlockHeader + kBlockTrailer;
    if (size < least || size % 4 != 0) return broken(fmt::format("a block claims {} bytes", size));
    if (!is_read(type)) {
      HANDFAST_TRY_ASSIGN(const std::uint64_t skipped, source_.skip(size));
      if (skipped < size) return ended(false);
      continue;
    }
    if (size > kMaxBlock) {
      return broken(fmt::format("a block claims {} bytes, more than the {} that are read", size, kMaxBlock));
    }
    HANDFAST_TRY_ASSIGN(const Bytes block, source_.take(size));
    if (block.size() < size) return ended(false);
    if (u32(block, size - kBlockTrailer) != size) return broken("the two lengths of a block differ");
    const Bytes body = block.subspan(kBlockHeader, size - kBlockHeader - kBlockTrailer);
    if (type == BlockType::section_header) {
      HANDFAST_TRY(start_section(body));
    } else if (type == BlockType::interface_description) {
      HANDFAST_TRY(add_interface(body));
    } else if (type == BlockType::enhanced_packet) {
      return enhanced_packet(body);
    } else if (type == BlockType::obsolete_packet) {
      return obsolete_packet(body);
    } else if (type == BlockType::simple_packet) {
      return simple_packet(body);
    } else if (body.size() >= 8 && u32(body, 0) == kTlsKeyLog) {
      const std::size_t length = u32(body, 4);
      if (length > body.size() - 8) return broken("a block of secrets is shorter than it says");
      return EmbeddedSecrets{body.subspan(8, length)};
    }
  }
}

Result<void> CaptureReader::start_section(Bytes body) {
  if (u16(body, 4) != 1) return broken(fmt::format("pcapng version {} is not known", u16(body, 4)));
  interfaces_.clear();
  return {};
}

// LinkType (16 bits), reserved (16), SnapLen (32), options.
Result<void> CaptureReader::add_interface(Bytes body) {
  if (body.size() < 8) return broken("an interface description is too short");
  if (interfaces_.size() >= kMaxInterfaces) {
    return broken(fmt::format("a section has more than {} interfaces", kMaxInterfaces));
  }
  Interface interface;
  interface.link_type = u16(body, 0);
  interface.snap_length = u32(body, 4);
  for (Bytes options = body.subspan(8); options.size() >= 4;) {
    const std::uint16_t code = u16(options, 0);
    const std::size_t length = u16(options, 2);
    if (code == kEndOfOptions) break;
    if (padded(length) > options.size() - 4) return broken("an option is longer than its block");
    if (code == kTimestampResolution && length == 1) interface.ticks_per_second = ticks_of(options[4]);
    if (code == kTimestampOffset && length == 8) {
      // Only the lower half can be sensible: seconds.
      interface.offset_seconds = u32(options, big_endian_ ? 8 : 4);
    }
    options = options.subspan(4 + padded(length));
  }
  interfaces_.push_back(interface);
  return {};
}

// Interface ID (32 bits), timestamp (high, low), captured length, original length (32 bits each), data,
// options.
Result<std::optional<CaptureItem>> CaptureReader::enhanced_packet(Bytes body) const {
  return timed_packet(body, body.size() < 4 ? 0 : u32(body, 0));
}

// Interface ID, drops (16 bits each), then as in an enhanced packet.
Result<std::optional<CaptureItem>> CaptureReader::obsolete_packet(Bytes body) const {
  return timed_packet(body, body.size() < 2 ? 0 : u16(body, 0));
}

Result<std::optional<CaptureItem>> CaptureReader::timed_packet(Bytes body, std::size_t index) const {
  constexpr std::size_t kFixed = 20;
  if (body.size() < kFixed) return broken("a packet block is too short");
  if (index >= interfaces_.size()) return broken("a packet names an interface that was not described");
  const std::uint64_t ticks = std::uint64_t{u32(body, 4)} << 32U | u32(body, 8);
  const std::size_t size = u32(body, 12);
  if (size > body.size() - kFixed) return broken("a packet is longer than its block");
  const Interface& interface = interfaces_[index];
  return Packet{instant(interface, ticks), interface.link_type, body.subspan(kFixed, size), u32(body, 16)};
}

// Original length (32 bits), data. No time.
Result<std::optional<CaptureItem>> CaptureReader::simple_packet(Bytes body) const {
  if (body.size() < 4) return broken("a packet block is too short");
  if (interfaces_.empty()) return broken("a packet names an interface that was not described");
  const Interface& interface = interfaces_.front();
  const std::size_t original = u32(body, 0);
  std::size_t size = std::min(original, body.size() - 4);
  if (interface.snap_length != 0) size = std::min<std::size_t>(size, interface.snap_length);
  return Packet{Instant{}, interface.link_type, body.subspan(4, size), original};
}

}  // namespace handfast::apps::capture
