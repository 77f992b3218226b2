// Writer: numbers, vectors that patch their prefix, overflow. RFC 9846 §3.3, §3.4.
#include "wire/writer.hpp"

#include <gtest/gtest.h>

#include "support/hex.hpp"

namespace handfast::wire {
namespace {

using handfast::test::to_hex;

TEST(Writer, AppendsNumbersAndBytes) {
  ByteString out{0xee};
  Writer writer(out);
  writer.u8(1);
  writer.u16(0x0203);
  writer.u24(0x040506);
  writer.u32(0x0708090a);
  writer.bytes(ByteString{0xaa, 0xbb});
  EXPECT_EQ(to_hex(out), "ee0102030405060708090aaabb");
  EXPECT_EQ(writer.size(), out.size());
  EXPECT_FALSE(writer.overflowed());
}

TEST(Writer, NestedVectorsGetTheirLengths) {
  ByteString out;
  Writer writer(out);
  {
    const auto outer = writer.vector24();
    {
      const auto inner = writer.vector16();
      const auto innermost = writer.vector8();
      writer.u16(0xabcd);
    }
    const auto empty = writer.vector8();
  }
  EXPECT_EQ(to_hex(out),
            "000006"
            "0003"
            "02"
            "abcd"
            "00");
}

TEST(Writer, AnUnfinishedVectorIsNotValid) {
  ByteString out;
  Writer writer(out);
  const auto vector = writer.vector16();
  writer.u8(7);
  EXPECT_EQ(to_hex(out), "ffff07");
}

TEST(Writer, LongestVectorFitsAndOneMoreOverflows) {
  for (const std::size_t prefix : {1U, 2U, 3U}) {
    const std::size_t longest = (std::size_t{1} << (8 * prefix)) - 1;
    for (const std::size_t extra : {0U, 1U}) {
      ByteString out;
      Writer writer(out);
      {
        const Writer::Vector vector(writer, prefix);
        writer.bytes(ByteString(longest + extra));
      }
      EXPECT_EQ(writer.overflowed(), extra == 1) << prefix;
    }
  }
}

TEST(Writer, OverflowSticks) {
  ByteString out;
  Writer writer(out);
  {
    const auto vector = writer.vector8();
    writer.bytes(ByteString(256));
  }
  {
    const auto vector = writer.vector8();
  }
  EXPECT_TRUE(writer.overflowed());
}

}  // namespace
}  // namespace handfast::wire
