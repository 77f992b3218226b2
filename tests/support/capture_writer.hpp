// Captures made by bytes: pcap and pcapng files, frames of several kinds of network, and TCP conversations.
#pragma once

#include <algorithm>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <string_view>
#include <utility>

namespace handfast::test {

// Numbers in either byte order.
class CaptureBytes {
 public:
  explicit CaptureBytes(bool big_endian = false) : big_endian_(big_endian) {}
  CaptureBytes& u16(std::uint32_t value) { return number(value, 2); }
  CaptureBytes& u32(std::uint32_t value) { return number(value, 4); }
  CaptureBytes& raw(Bytes bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
    return *this;
  }
  CaptureBytes& pad() {
    while (out.size() % 4 != 0) out.push_back(0);
    return *this;
  }
  ByteString out;

 private:
  CaptureBytes& number(std::uint32_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) {
      const unsigned shift = 8 * (big_endian_ ? size - 1 - i : i);
      out.push_back(static_cast<std::uint8_t>(value >> shift));
    }
    return *this;
  }
  bool big_endian_;
};

struct CaptureTime {
  std::uint32_t seconds = 1'795'197'062;
  std::uint32_t fraction = 0;
};

class PcapWriter {
 public:
  explicit PcapWriter(std::uint32_t link_type = 1, bool big_endian = false, bool nanoseconds = false)
      : file_(big_endian) {
    file_.u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4).u16(2).u16(4).u32(0).u32(0).u32(262'144).u32(link_type);
  }
  void packet(Bytes frame, CaptureTime time = {}) {
    const auto size = static_cast<std::uint32_t>(frame.size());
    file_.u32(time.seconds).u32(time.fraction).u32(size).u32(size).raw(frame);
  }
  [[nodiscard]] const ByteString& bytes() const { return file_.out; }

 private:
  CaptureBytes file_;
};

class PcapngWriter {
 public:
  explicit PcapngWriter(std::uint32_t link_type = 1, bool big_endian = false)
      : big_endian_(big_endian), file_(big_endian) {
    CaptureBytes section(big_endian);
    section.u32(0x1a2b3c4d).u16(1).u16(0).u32(0xffff'ffff).u32(0xffff'ffff);
    block(0x0a0d0d0a, section.out);
    CaptureBytes interface(big_endian);
    interface.u16(link_type).u16(0).u32(262'144);
    block(1, interface.out);
  }
  void packet(Bytes frame, CaptureTime time = {}) {
    const std::uint64_t ticks = std::uint64_t{time.seconds} * 1'000'000 + time.fraction;
    const auto size = static_cast<std::uint32_t>(frame.size());
    CaptureBytes body(big_endian_);
    body.u32(0).u32(static_cast<std::uint32_t>(ticks >> 32U)).u32(static_cast<std::uint32_t>(ticks));
    body.u32(size).u32(size).raw(frame).pad();
    block(6, body.out);
  }
  void secrets(std::string_view key_log) {
    CaptureBytes body(big_endian_);
    body.u32(0x544c534b).u32(static_cast<std::uint32_t>(key_log.size())).raw(as_bytes(key_log)).pad();
    block(10, body.out);
  }
  void block(std::uint32_t type, Bytes body) {
    const auto size = static_cast<std::uint32_t>(body.size() + 12);
    file_.u32(type).u32(size).raw(body).u32(size);
  }
  [[nodiscard]] const ByteString& bytes() const { return file_.out; }

 private:
  bool big_endian_;
  CaptureBytes file_;
};

inline constexpr std::uint8_t kFin = 1, kSyn = 2, kRst = 4, kAck = 16;

struct TcpFields {
  std::uint16_t from = 50'000;
  std::uint16_t to = 443;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgment = 0;
  std::uint8_t flags = kAck;
};

inline ByteString tcp_segment(const TcpFields& fields, Bytes payload) {
  CaptureBytes out(true);
  out.u16(fields.from).u16(fields.to).u32(fields.sequence).u32(fields.acknowledgment);
  out.u16(0x5000U | fields.flags).u16(65'535).u32(0).raw(payload);
  return out.out;
}

// 10.0.0.7 ↔ 10.0.0.9; `back`: from the latter.
inline ByteString ipv4(Bytes segment, bool back = false, std::uint16_t fragment = 0) {
  CaptureBytes out(true);
  out.u16(0x4500)
      .u16(static_cast<std::uint32_t>(20 + segment.size()))
      .u16(1)
      .u16(fragment)
      .u16(0x4006)
      .u16(0);
  out.u32(back ? 0x0a000009 : 0x0a000007).u32(back ? 0x0a000007 : 0x0a000009).raw(segment);
  return out.out;
}

// 2001:db8::7 ↔ 2001:db8::9; `extensions` come first and begin with type `next`.
inline ByteString ipv6(Bytes segment, bool back = false, std::uint8_t next = 6, Bytes extensions = {}) {
  CaptureBytes out(true);
  out.u32(0x6000'0000).u16(static_cast<std::uint32_t>(segment.size() + extensions.size()));
  out.u16(static_cast<std::uint32_t>(next << 8U | 64U));
  const auto address = [&out](std::uint32_t last) { out.u32(0x2001'0db8).u32(0).u32(0).u32(last); };
  address(back ? 9 : 7);
  address(back ? 7 : 9);
  out.raw(extensions).raw(segment);
  return out.out;
}

inline ByteString ethernet(Bytes packet, std::uint16_t type = 0x0800, Bytes vlan = {}) {
  CaptureBytes out(true);
  out.u32(0x0200'0000).u16(1).u32(0x0200'0000).u16(2);
  out.raw(vlan).u16(type).raw(packet);
  return out.out;
}

// One TCP conversation, over Ethernet and IPv4, each step 1 ms later, into any writer.
template <class Writer>
class TcpScript {
 public:
  explicit TcpScript(Writer& writer, std::uint16_t port = 50'000) : writer_(writer), port_(port) {}

  void open() {
    send(true, {}, kSyn);
    ++sequence_[0];
    send(false, {}, kSyn | kAck);
    ++sequence_[1];
    send(true, {}, kAck);
  }
  // In segments of at most `most` bytes.
  void say(bool client, Bytes bytes, std::size_t most = 1400) {
    while (!bytes.empty()) {
      const Bytes piece = bytes.first(std::min(most, bytes.size()));
      send(client, piece, kAck);
      sequence_[client ? 0 : 1] += static_cast<std::uint32_t>(piece.size());
      bytes = bytes.subspan(piece.size());
    }
  }
  void close() {
    send(true, {}, kFin | kAck);
    ++sequence_[0];
    send(false, {}, kFin | kAck);
    ++sequence_[1];
    send(true, {}, kAck);
  }
  void reset(bool client) { send(client, {}, kRst | kAck); }
  // One segment with an offset to where that side is now; its place does not change.
  void send(bool client, Bytes payload, std::uint8_t flags, std::int64_t offset = 0) {
    TcpFields fields;
    fields.from = client ? port_ : 443;
    fields.to = client ? 443 : port_;
    fields.sequence = static_cast<std::uint32_t>(sequence_[client ? 0 : 1] + offset);
    fields.acknowledgment = (flags & kAck) != 0 ? sequence_[client ? 1 : 0] : 0;
    fields.flags = flags;
    writer_.packet(ethernet(ipv4(tcp_segment(fields, payload), !client)), time);
    time.fraction += 1000;
    if (time.fraction >= 1'000'000) {
      time.fraction -= 1'000'000;
      ++time.seconds;
    }
  }
  void skip(bool client, std::uint32_t bytes) { sequence_[client ? 0 : 1] += bytes; }

  CaptureTime time;

 private:
  Writer& writer_;
  std::uint16_t port_;
  std::uint32_t sequence_[2] = {0xffff'ff00, 7'000};  // the client's wraps early on
};

}  // namespace handfast::test
