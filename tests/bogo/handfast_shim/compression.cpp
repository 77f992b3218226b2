// The runner compresses certificates with algorithms of its own. This file takes the place of src/compress
// when the shim is linked.
#include <algorithm>
#include <array>

#include "compress/compress.hpp"

namespace handfast::compress {
namespace {

constexpr auto kShrinking = CertificateCompressionAlgorithm{0xff01};  // leaves out two zeros
constexpr auto kExpanding = CertificateCompressionAlgorithm{0xff02};  // puts four bytes in front
constexpr auto kRandom = CertificateCompressionAlgorithm{0xff03};     // puts any byte in front
constexpr std::array<std::uint8_t, 2> kShrinkingPrefix = {0, 0};
constexpr std::array<std::uint8_t, 4> kExpandingPrefix = {1, 2, 3, 4};

ByteString joined(Bytes one, Bytes other) {
  ByteString out = copy_of(one);
  out.insert(out.end(), other.begin(), other.end());
  return out;
}

bool begins_with(Bytes bytes, Bytes prefix) {
  return bytes.size() >= prefix.size() && std::ranges::equal(bytes.first(prefix.size()), prefix);
}

}  // namespace

bool is_supported(CertificateCompressionAlgorithm algorithm) {
  return algorithm == kShrinking || algorithm == kExpanding || algorithm == kRandom;
}

Result<ByteString> pack(CertificateCompressionAlgorithm algorithm, Bytes input) {
  if (algorithm == kShrinking && begins_with(input, kShrinkingPrefix)) {
    return copy_of(input.subspan(kShrinkingPrefix.size()));
  }
  if (algorithm == kExpanding) return joined(kExpandingPrefix, input);
  if (algorithm == kRandom) return joined(Bytes(kExpandingPrefix).first(1), input);
  return failure(ErrorCode::internal_error);
}

Result<void> unpack(CertificateCompressionAlgorithm algorithm, Bytes input, MutableBytes output) {
  ByteString unpacked;
  if (algorithm == kShrinking) {
    unpacked = joined(kShrinkingPrefix, input);
  } else if (algorithm == kExpanding && begins_with(input, kExpandingPrefix)) {
    unpacked = copy_of(input.subspan(kExpandingPrefix.size()));
  } else if (algorithm == kRandom && !input.empty()) {
    unpacked = copy_of(input.subspan(1));
  }
  if (unpacked.size() != output.size()) return failure(ErrorCode::certificate_decompression_failed);
  std::ranges::copy(unpacked, output.begin());
  return {};
}

}  // namespace handfast::compress
