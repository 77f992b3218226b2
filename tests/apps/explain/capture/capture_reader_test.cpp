// pcap and pcapng in both byte orders, embedded secrets, and files that are broken in every way.
#include "explain/capture/capture_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/capture_writer.hpp"

namespace handfast::apps::capture {
namespace {

using test::CaptureBytes;
using test::PcapngWriter;
using test::PcapWriter;

struct Read {
  std::vector<std::string> packets;
  std::vector<Instant> times;
  std::vector<std::uint32_t> links;
  std::string secrets;
  std::string error;
  bool truncated = false;
};

Read read_all(Bytes file) {
  MemorySource source(file);
  CaptureReader reader(source);
  Read out;
  for (;;) {
    auto item = reader.next();
    if (!item) {
      out.error = item.error().detail();
      break;
    }
    if (!*item) break;
    if (const auto* packet = std::get_if<Packet>(&**item)) {
      out.packets.emplace_back(as_text(packet->bytes));
      out.times.push_back(packet->time);
      out.links.push_back(packet->link_type);
    } else {
      out.secrets += as_text(std::get<EmbeddedSecrets>(**item).text);
    }
  }
  out.truncated = reader.truncated();
  return out;
}

const std::vector<std::string> kTwo = {"one", "number two"};

template <class Writer>
Read read_two(Writer writer) {
  writer.packet(as_bytes("one"), {5, 250'000});
  writer.packet(as_bytes("number two"), {6, 7});
  return read_all(writer.bytes());
}

TEST(CaptureReader, ReadsPcapOfEitherByteOrder) {
  for (const bool big : {false, true}) {
    const Read read = read_two(PcapWriter(101, big));
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.packets, kTwo);
    EXPECT_EQ(read.links, (std::vector<std::uint32_t>{101, 101}));
    EXPECT_EQ(read.times[0].time_since_epoch(), std::chrono::milliseconds(5250));
    EXPECT_FALSE(read.truncated);
  }
}

TEST(CaptureReader, ReadsNanoseconds) {
  const Read read = read_two(PcapWriter(1, true, true));
  EXPECT_EQ(read.packets, kTwo);
  EXPECT_EQ(read.times[1].time_since_epoch(), std::chrono::nanoseconds(6'000'000'007));
}

TEST(CaptureReader, ReadsPcapngOfEitherByteOrder) {
  for (const bool big : {false, true}) {
    PcapngWriter writer(276, big);
    writer.secrets("CLIENT_RANDOM a b\n");
    writer.block(0xbad, as_bytes("nobody knows this one..."));
    const Read read = read_two(writer);
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.packets, kTwo);
    EXPECT_EQ(read.links[0], 276U);
    EXPECT_EQ(read.secrets, "CLIENT_RANDOM a b\n");
    EXPECT_EQ(read.times[0].time_since_epoch(), std::chrono::milliseconds(5250));
  }
}

TEST(CaptureReader, ReadsSectionsOfDifferentByteOrders) {
  PcapngWriter little(1, false);
  PcapngWriter big(113, true);
  little.packet(as_bytes("little"));
  big.packet(as_bytes("big"));
  ByteString both = little.bytes();
  both.insert(both.end(), big.bytes().begin(), big.bytes().end());
  const Read read = read_all(both);
  EXPECT_EQ(read.packets, (std::vector<std::string>{"little", "big"}));
  EXPECT_EQ(read.links, (std::vector<std::uint32_t>{1, 113}));
}

TEST(CaptureReader, ReadsSimplePacketsAndTimestampOptions) {
  PcapngWriter writer;
  CaptureBytes simple;
  simple.u32(3).raw(as_bytes("abc")).pad();
  writer.block(3, simple.out);
  CaptureBytes interface;
  interface.u16(1).u16(0).u32(0).u16(9).u16(1).raw(Bytes{{9}}).pad().u16(0).u16(0);  // nanoseconds
  writer.block(1, interface.out);
  CaptureBytes packet;
  packet.u32(1).u32(0).u32(1'500'000'000).u32(1).u32(1).raw(as_bytes("x")).pad();
  writer.block(6, packet.out);
  const Read read = read_all(writer.bytes());
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.packets, (std::vector<std::string>{"abc", "x"}));
  EXPECT_EQ(read.times[1].time_since_epoch(), std::chrono::milliseconds(1500));
}

TEST(CaptureReader, SaysWhatIsBroken) {
  EXPECT_NE(read_all(as_bytes("GET / HTTP/1.1")).error.find("no pcap or pcapng"), std::string::npos);
  EXPECT_NE(read_all({}).error.find("no pcap or pcapng"), std::string::npos);
  PcapWriter writer;
  ByteString huge = writer.bytes();
  CaptureBytes header;
  header.u32(0).u32(0).u32(0x7fff'ffff).u32(0x7fff'ffff);
  huge.insert(huge.end(), header.out.begin(), header.out.end());
  EXPECT_NE(read_all(huge).error.find("claims 2147483647 bytes"), std::string::npos);

  PcapngWriter lengths;
  CaptureBytes block;
  block.u32(6).u32(32).u32(0).u32(0).u32(0).u32(0).u32(0).u32(36);
  ByteString differing = lengths.bytes();
  differing.insert(differing.end(), block.out.begin(), block.out.end());
  EXPECT_NE(read_all(differing).error.find("two lengths"), std::string::npos);

  PcapngWriter unknown;
  CaptureBytes packet;
  packet.u32(7).u32(0).u32(0).u32(0).u32(0);
  unknown.block(6, packet.out);
  EXPECT_NE(read_all(unknown.bytes()).error.find("not described"), std::string::npos);

  PcapngWriter longer;
  CaptureBytes body;
  body.u32(0).u32(0).u32(0).u32(500).u32(500).raw(as_bytes("abcd"));
  longer.block(6, body.out);
  EXPECT_NE(read_all(longer.bytes()).error.find("longer than its block"), std::string::npos);
}

TEST(CaptureReader, EndsWellWhereverAFileIsCut) {
  PcapWriter pcap;
  PcapngWriter pcapng(1, true);
  for (int i = 0; i < 3; ++i) {
    pcap.packet(as_bytes("some packet"));
    pcapng.packet(as_bytes("some packet"));
  }
  for (const ByteString& whole : {pcap.bytes(), pcapng.bytes()}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Read read = read_all(Bytes(whole).first(size));
      EXPECT_LE(read.packets.size(), 3U);
      if (size == 0) continue;
      const bool at_edge = read.error.empty() && !read.truncated;
      if (!at_edge) continue;
      EXPECT_LT(read.packets.size(), 3U) << size;
    }
    EXPECT_EQ(read_all(whole).packets.size(), 3U);
    EXPECT_TRUE(read_all(Bytes(whole).first(whole.size() - 1)).truncated);
  }
}

}  // namespace
}  // namespace handfast::apps::capture
