// The same TCP segment out of every kind of frame, and what is no segment.
#include "explain/capture/segment.hpp"

#include <gtest/gtest.h>

#include "support/capture_writer.hpp"

namespace handfast::apps::capture {
namespace {

using test::CaptureBytes;
using test::ethernet;
using test::ipv4;
using test::ipv6;

const ByteString kSegment =
    test::tcp_segment({50'000, 443, 7, 9, test::kSyn | test::kAck}, as_bytes("payload"));

ByteString behind(Bytes front, Bytes packet) {
  ByteString out = copy_of(front);
  out.insert(out.end(), packet.begin(), packet.end());
  return out;
}

void expect_segment(std::uint32_t link, Bytes frame, const char* from, const char* what) {
  Segment segment;
  ASSERT_EQ(decode_packet(link, frame, segment), Decoded::segment) << what;
  EXPECT_EQ(segment.from.text(), from) << what;
  EXPECT_EQ(segment.to.port, 443) << what;
  EXPECT_EQ(segment.sequence, 7U) << what;
  EXPECT_EQ(segment.acknowledgment, 9U) << what;
  EXPECT_TRUE(segment.syn && segment.ack && !segment.fin && !segment.rst) << what;
  EXPECT_EQ(as_text(segment.payload), "payload") << what;
  EXPECT_EQ(segment.length, 7U) << what;
}

TEST(DecodePacket, KnowsTheKindsOfNetwork) {
  const ByteString four = ipv4(kSegment);
  const ByteString six = ipv6(kSegment);
  const char* const from4 = "10.0.0.7:50000";
  const char* const from6 = "[2001:db8::7]:50000";
  expect_segment(1, ethernet(four), from4, "Ethernet");
  expect_segment(1, ethernet(six, 0x86dd), from6, "Ethernet, IPv6");
  const ByteString tag = CaptureBytes(true).u16(0x8100).u16(5).out;
  const ByteString tags = CaptureBytes(true).u16(0x88a8).u16(5).u16(0x8100).u16(6).out;
  expect_segment(1, ethernet(four, 0x0800, tag), from4, "VLAN");
  expect_segment(1, ethernet(six, 0x86dd, tags), from6, "two VLAN tags");
  expect_segment(113, behind(CaptureBytes(true).u32(0).u32(0).u32(0).u16(0).u16(0x0800).out, four), from4,
                 "cooked");
  expect_segment(276, behind(CaptureBytes(true).u16(0x86dd).u16(0).u32(1).u32(0).u32(0).u32(0).out, six),
                 from6, "cooked 2");
  expect_segment(0, behind(CaptureBytes().u32(2).out, four), from4, "null");
  expect_segment(108, behind(CaptureBytes(true).u32(24).out, six), from6, "loop");
  for (const std::uint32_t link : {12U, 14U, 101U, 228U}) expect_segment(link, four, from4, "raw");
  expect_segment(229, six, from6, "raw IPv6");
}

TEST(DecodePacket, PassesOverExtensionHeadersAndPadding) {
  // Hop-by-hop options (8 bytes), then destination options (16 bytes), then TCP.
  const ByteString extensions =
      CaptureBytes(true).u16(60U << 8U).u16(0).u32(0).u16(6U << 8U | 1U).u16(0).u32(0).u32(0).u32(0).out;
  expect_segment(101, ipv6(kSegment, false, 0, extensions), "[2001:db8::7]:50000", "extension headers");
  // An atomic fragment is a whole packet.
  expect_segment(101, ipv6(kSegment, false, 44, CaptureBytes(true).u16(6U << 8U).u16(0).u32(1).out),
                 "[2001:db8::7]:50000", "atomic fragment");
  ByteString padded = ethernet(ipv4(kSegment));
  padded.resize(padded.size() + 20);
  expect_segment(1, padded, "10.0.0.7:50000", "padding of Ethernet");
}

TEST(DecodePacket, NamesWhatItDoesNotTake) {
  Segment segment;
  EXPECT_EQ(decode_packet(101, ipv4(kSegment, false, 0x2000), segment), Decoded::fragment);
  EXPECT_EQ(decode_packet(101, ipv4(kSegment, false, 5), segment), Decoded::fragment);
  EXPECT_EQ(decode_packet(101, ipv6(kSegment, false, 44, CaptureBytes(true).u16(6U << 8U).u16(1).u32(1).out),
                          segment),
            Decoded::fragment);
  ByteString udp = ipv4(kSegment);
  udp[9] = 17;
  EXPECT_EQ(decode_packet(101, udp, segment), Decoded::not_tcp);
  EXPECT_EQ(decode_packet(1, ethernet(as_bytes("arp"), 0x0806), segment), Decoded::not_ip);
  EXPECT_EQ(decode_packet(147, ipv4(kSegment), segment), Decoded::unknown_link);
  EXPECT_EQ(decode_packet(101, {}, segment), Decoded::malformed);
}

TEST(DecodePacket, KnowsThatACaptureCutAPacketShort) {
  ByteString packet = ipv4(kSegment);
  packet.resize(packet.size() - 3);
  Segment segment;
  ASSERT_EQ(decode_packet(101, packet, segment), Decoded::segment);
  EXPECT_EQ(as_text(segment.payload), "payl");
  EXPECT_EQ(segment.length, 7U);
}

TEST(DecodePacket, SurvivesEveryCutAndEveryChange) {
  const ByteString frame = ethernet(ipv6(kSegment), 0x86dd);
  Segment segment;
  for (std::size_t size = 0; size < frame.size(); ++size) {
    decode_packet(1, Bytes(frame).first(size), segment);
    for (unsigned bit = 0; bit < 8; ++bit) {
      ByteString changed = frame;
      changed[size] ^= static_cast<std::uint8_t>(1U << bit);
      for (const std::uint32_t link : {0U, 1U, 101U, 113U, 276U}) decode_packet(link, changed, segment);
    }
  }
}

}  // namespace
}  // namespace handfast::apps::capture
