// compress: what was packed comes back, and nothing else is taken for it. RFC 8879 §4, §5.
#include "compress/compress.hpp"

#include <brotli/encode.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/limits.hpp"

namespace handfast::compress {
namespace {

using enum CertificateCompressionAlgorithm;

constexpr std::array kAlgorithms = {zlib, brotli, zstd};

// Bytes that look random, from a generator of full period.
ByteString noise(std::size_t size) {
  ByteString out(size);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : out) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>(state >> 24U);
  }
  return out;
}

// As a chain is: noise, and between it what returns.
ByteString chain_like() {
  ByteString out;
  const ByteString random = noise(900);
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string_view name = "\x30\x82 C=XX O=Example Trust Services CN=Example Issuing Authority";
    out.insert(out.end(), name.begin(), name.end());
    out.insert(out.end(), random.begin() + static_cast<std::ptrdiff_t>(300 * i),
               random.begin() + static_cast<std::ptrdiff_t>(300 * (i + 1)));
  }
  return out;
}

ErrorCode refusal(CertificateCompressionAlgorithm algorithm, Bytes packed, std::size_t room) {
  ByteString out(room);
  const auto verdict = unpack(algorithm, packed, out);
  return verdict ? ErrorCode::alert_received : verdict.error().code();
}

class Compress : public testing::TestWithParam<CertificateCompressionAlgorithm> {
 protected:
  [[nodiscard]] static ByteString packed(Bytes input) { return *pack(GetParam(), input); }
};

TEST_P(Compress, GivesBackWhatWasPacked) {
  for (const ByteString& input :
       {ByteString{0}, chain_like(), noise(70'000), ByteString(limits::kMaxCertificateMessage, 'a'),
        noise(limits::kMaxCertificateMessage)}) {
    const ByteString small = packed(input);
    ByteString out(input.size());
    ASSERT_TRUE(unpack(GetParam(), small, out)) << input.size();
    EXPECT_EQ(out, input);
  }
}

TEST_P(Compress, MakesAChainSmaller) { EXPECT_LT(packed(chain_like()).size(), chain_like().size() - 50); }

// "if … the specified length does not match the actual length, the party receiving the invalid message MUST
// abort" (RFC 8879 §4)
TEST_P(Compress, WantsExactlyTheRoomThatWasAnnounced) {
  const ByteString input = chain_like();
  const ByteString small = packed(input);
  for (std::size_t room = 0; room < 2 * input.size(); ++room) {
    if (room == input.size()) continue;
    ASSERT_EQ(refusal(GetParam(), small, room), ErrorCode::certificate_decompression_failed) << room;
  }
}

TEST_P(Compress, RefusesWhatIsCutOff) {
  const ByteString input = chain_like();
  const ByteString small = packed(input);
  for (std::size_t size = 0; size < small.size(); ++size) {
    ASSERT_EQ(refusal(GetParam(), Bytes(small).first(size), input.size()),
              ErrorCode::certificate_decompression_failed)
        << size;
  }
}

TEST_P(Compress, RefusesWhatFollows) {
  const ByteString input = chain_like();
  for (const std::uint8_t byte : ByteString{0x00, 0x03, 0x06, 0x28, 0x78, 0xff}) {
    ByteString longer = packed(input);
    longer.push_back(byte);
    EXPECT_EQ(refusal(GetParam(), longer, input.size()), ErrorCode::certificate_decompression_failed);
  }
  ByteString twice = packed(input);
  const ByteString once = twice;
  twice.insert(twice.end(), once.begin(), once.end());
  EXPECT_EQ(refusal(GetParam(), twice, input.size()), ErrorCode::certificate_decompression_failed);
  EXPECT_EQ(refusal(GetParam(), twice, 2 * input.size()), ErrorCode::certificate_decompression_failed);
}

// Whatever a changed byte makes of it, it is no more than was announced; the address sanitizer looks on.
TEST_P(Compress, StaysInsideTheRoomWhateverIsFlipped) {
  const ByteString input = chain_like();
  const ByteString small = packed(input);
  for (std::size_t i = 0; i < small.size(); ++i) {
    for (const std::uint8_t flip : ByteString{0x01, 0x10, 0x80, 0xff}) {
      ByteString changed = small;
      changed[i] = static_cast<std::uint8_t>(changed[i] ^ flip);
      const ErrorCode code = refusal(GetParam(), changed, input.size());
      ASSERT_TRUE(code == ErrorCode::certificate_decompression_failed || code == ErrorCode::alert_received);
    }
  }
}

// A bomb: megabytes of one letter in some bytes. It ends where the room does.
TEST_P(Compress, RefusesABomb) {
  const ByteString bomb = packed(ByteString(std::size_t{16} * 1024 * 1024, 'a'));
  EXPECT_LT(bomb.size(), 20'000U);
  EXPECT_EQ(refusal(GetParam(), bomb, limits::kMaxCertificateMessage),
            ErrorCode::certificate_decompression_failed);
}

INSTANTIATE_TEST_SUITE_P(All, Compress, testing::ValuesIn(kAlgorithms),
                         [](const auto& of) { return std::string(name_of(of.param)); });

// Its writer may make a brotli decoder keep 16 MiB of output at hand, however little room there is.
TEST(CompressBrotli, ADecoderStaysWithinItsBudget) {
  const ByteString input(std::size_t{4} * 1024 * 1024, 'a');
  ByteString greedy(BrotliEncoderMaxCompressedSize(input.size()));
  std::size_t size = greedy.size();
  ASSERT_TRUE(
      BrotliEncoderCompress(5, 24, BROTLI_MODE_GENERIC, input.size(), input.data(), &size, greedy.data()));
  EXPECT_EQ(refusal(brotli, Bytes(greedy).first(size), input.size()),
            ErrorCode::certificate_decompression_failed);
  EXPECT_EQ(refusal(brotli, *pack(brotli, input), input.size()),
            ErrorCode::alert_received);  // a small window
}

// A frame without content is skipped by zstd's own function, one before or after another too.
TEST(CompressZstd, TakesOneFrameOnly) {
  const ByteString input = chain_like();
  const ByteString frame = *pack(zstd, input);
  const ByteString skippable = {0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0};
  ByteString before = skippable;
  before.insert(before.end(), frame.begin(), frame.end());
  ByteString after = frame;
  after.insert(after.end(), skippable.begin(), skippable.end());
  EXPECT_EQ(refusal(zstd, before, input.size()), ErrorCode::certificate_decompression_failed);
  EXPECT_EQ(refusal(zstd, after, input.size()), ErrorCode::certificate_decompression_failed);
  EXPECT_EQ(refusal(zstd, skippable, 0), ErrorCode::alert_received);
}

TEST(CompressAlgorithms, OthersAreNotSupported) {
  const auto other = static_cast<CertificateCompressionAlgorithm>(4);
  EXPECT_FALSE(is_supported(other));
  EXPECT_FALSE(pack(other, noise(3)));
  EXPECT_EQ(refusal(other, noise(3), 3), ErrorCode::internal_error);
  for (const auto algorithm : kAlgorithms) EXPECT_TRUE(is_supported(algorithm));
}

}  // namespace
}  // namespace handfast::compress
