// Reader: numbers, vectors, sticky failures, fields. RFC 9846 §3.3, §3.4.
#include "wire/reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/hex.hpp"

namespace handfast::wire {
namespace {

using handfast::test::from_hex;
using handfast::test::to_hex;

class FieldList : public FieldSink {
 public:
  void on_field(const Field& field) override {
    text += std::string(field.depth, '>') + field.name + "@" + std::to_string(field.offset) + "+" +
            std::to_string(field.length) + " ";
  }
  std::string text;
};

std::string verdict(Reader& reader) {
  const Result<void> end = reader.finish();
  if (end) return "ok";
  return std::string(end.error().info().name) + " at " + end.error().field() + "+" +
         std::to_string(end.error().offset());
}

TEST(Reader, NumbersAreBigEndian) {
  const ByteString bytes = from_hex("01 0203 040506 0708090a 0b0c0d0e0f101112");
  Reader reader(bytes);
  EXPECT_EQ(reader.u8("a"), 0x01);
  EXPECT_EQ(reader.u16("b"), 0x0203);
  EXPECT_EQ(reader.u24("c"), 0x040506U);
  EXPECT_EQ(reader.u32("d"), 0x0708090aU);
  EXPECT_EQ(reader.u64("e"), 0x0b0c0d0e0f101112U);
  EXPECT_TRUE(reader.empty());
  EXPECT_EQ(reader.offset(), 18U);
  EXPECT_EQ(verdict(reader), "ok");
}

TEST(Reader, TheFirstFailureSticks) {
  const ByteString bytes = from_hex("0102 03");
  Reader reader(bytes, 100);
  EXPECT_EQ(reader.u16("first"), 0x0102);
  EXPECT_EQ(reader.u16("second"), 0);
  EXPECT_TRUE(reader.failed());
  EXPECT_EQ(reader.u8("third"), 0) << "one byte is left, but the reader has failed";
  EXPECT_TRUE(reader.bytes("fourth", 0).empty());
  EXPECT_TRUE(reader.empty()) << "so that loops end";
  EXPECT_EQ(reader.remaining(), 0U);
  EXPECT_TRUE(reader.peek().empty());
  reader.fail("fifth", 0, ErrorCode::message_illegal_value);
  EXPECT_EQ(verdict(reader), "message_malformed at second+102");
}

TEST(Reader, LeftOverBytesAreAnError) {
  const ByteString bytes = from_hex("0102");
  Reader reader(bytes);
  EXPECT_EQ(reader.u8("a"), 1);
  EXPECT_EQ(to_hex(reader.peek()), "02");
  EXPECT_EQ(verdict(reader), "message_malformed at trailing bytes+1");
}

TEST(Reader, BytesArraysAndTheRest) {
  const ByteString bytes = from_hex("aabb ccdd ee");
  Reader reader(bytes);
  EXPECT_EQ(to_hex(reader.bytes("a", 2)), "aabb");
  EXPECT_EQ(reader.array<2>("b"), (std::array<std::uint8_t, 2>{0xcc, 0xdd}));
  EXPECT_EQ(to_hex(reader.rest("c")), "ee");
  EXPECT_TRUE(reader.rest("d").empty());
  EXPECT_EQ(verdict(reader), "ok");
  Reader short_one(Bytes(bytes).first(1));
  EXPECT_EQ(short_one.array<2>("b"), (std::array<std::uint8_t, 2>{0, 0}));
  EXPECT_EQ(verdict(short_one), "message_malformed at b+0");
}

TEST(Reader, VectorsKeepTheirBounds) {
  const auto run = [](std::string_view hex, std::size_t min, std::size_t max) {
    const ByteString bytes = from_hex(hex);
    Reader reader(bytes);
    const Bytes content = reader.vector8("v", min, max);
    const std::string read = to_hex(content);
    return verdict(reader) == "ok" ? read : verdict(reader);
  };
  EXPECT_EQ(run("02 aabb", 0, 255), "aabb");
  EXPECT_EQ(run("00", 0, 255), "");
  EXPECT_EQ(run("00", 1, 255), "message_malformed at v+0");
  EXPECT_EQ(run("03 aabbcc", 0, 2), "message_malformed at v+0");
  EXPECT_EQ(run("02 aabb", 2, 2), "aabb");
  EXPECT_EQ(run("02 aa", 0, 255), "message_malformed at v+0");
  EXPECT_EQ(run("", 0, 255), "message_malformed at v+0");
  EXPECT_EQ(run("01 aa bb", 0, 255), "message_malformed at trailing bytes+2");

  const ByteString wide = from_hex("0001aa 000001bb");
  Reader reader(wide);
  EXPECT_EQ(to_hex(reader.vector16("a", 0, 0xffff)), "aa");
  EXPECT_EQ(to_hex(reader.vector24("b", 0, 0xffffff)), "bb");
  EXPECT_EQ(verdict(reader), "ok");

  const ByteString half = from_hex("00");
  Reader prefix_cut(half);
  EXPECT_TRUE(prefix_cut.vector16("a", 0, 0xffff).empty());
  EXPECT_EQ(verdict(prefix_cut), "message_malformed at a+0");
  const ByteString greedy = from_hex("ffffff 00");
  Reader liar(greedy);
  EXPECT_TRUE(liar.vector24("a", 0, 0xffffff).empty());
  EXPECT_EQ(verdict(liar), "message_malformed at a+0");
}

TEST(Reader, NestedReadersShareTheFailure) {
  const ByteString bytes = from_hex("0003 02 aabb 07");
  Reader reader(bytes, 10);
  {
    Reader outer = reader.nested16("outer", 0, 0xffff);
    EXPECT_EQ(outer.offset(), 12U);
    EXPECT_EQ(outer.depth(), 1U);
    Reader inner = outer.nested8("inner", 0, 0xff);
    EXPECT_EQ(inner.offset(), 13U);
    EXPECT_EQ(inner.u8("x"), 0xaa);
    EXPECT_TRUE(outer.empty());
    EXPECT_FALSE(reader.failed());
    EXPECT_EQ(inner.u16("y"), 0);
    EXPECT_TRUE(outer.failed());
  }
  EXPECT_EQ(reader.u8("z"), 0);
  EXPECT_EQ(verdict(reader), "message_malformed at y+14");
}

TEST(Reader, ExpectEndRefusesLeftovers) {
  const ByteString bytes = from_hex("02 aabb");
  Reader reader(bytes);
  Reader inner = reader.nested8("v", 0, 0xff);
  inner.u8("x");
  inner.expect_end("v");
  EXPECT_EQ(verdict(reader), "message_malformed at v+2");
}

TEST(Reader, FailuresOfTheCallerKeepTheirCode) {
  const ByteString bytes = from_hex("05");
  Reader reader(bytes);
  reader.u8("mode");
  reader.fail("mode", 0, ErrorCode::message_illegal_value);
  EXPECT_EQ(verdict(reader), "message_illegal_value at mode+0");
}

TEST(Reader, SinkSeesFieldsInOrderOuterFirst) {
  const ByteString bytes = from_hex("01 0003 02 aabb cc");
  FieldList sink;
  Reader reader(bytes, 4, &sink);
  reader.u8("a");
  Reader outer = reader.nested16("b", 0, 0xffff);
  outer.vector8("c", 0, 0xff);
  reader.bytes("d", 1);
  reader.u16("never");
  EXPECT_EQ(sink.text, "a@4+1 b@5+5 >c@7+3 d@10+1 ");
}

}  // namespace
}  // namespace handfast::wire
