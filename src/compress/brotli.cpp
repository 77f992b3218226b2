// brotli (RFC 7932): one stream. Its writer says how large the reader's buffers and tables become, so the
// reader allocates from a budget.
#include <brotli/decode.h>
#include <brotli/encode.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

#include "base/limits.hpp"
#include "compress/algorithms.hpp"

namespace handfast::compress {
namespace {

// One step better takes twenty times as long and gains two per cent.
constexpr int kQuality = 9;
// 2^17 bytes are kMaxCertificateMessage: a larger window costs time and gains nothing.
constexpr int kWindowBits = 17;

// The library's allocator. It holds memory for one decoder, on one thread.
class Budget {
 public:
  static void* take(void* budget, std::size_t size) { return static_cast<Budget*>(budget)->allocate(size); }
  static void give_back(void* budget, void* address) { static_cast<Budget*>(budget)->release(address); }

 private:
  // In front of each block, as far from it as any alignment asks: its size.
  static constexpr std::size_t kHeader = alignof(std::max_align_t);
  static_assert(kHeader >= sizeof(std::size_t));

  void* allocate(std::size_t size) {
    if (size > left_) return nullptr;
    auto* const block = static_cast<std::byte*>(std::malloc(kHeader + size));
    if (block == nullptr) return nullptr;
    left_ -= size;
    new (block) std::size_t(size);
    return block + kHeader;
  }
  void release(void* address) {
    if (address == nullptr) return;
    auto* const block = static_cast<std::byte*>(address) - kHeader;
    left_ += *reinterpret_cast<const std::size_t*>(block);
    std::free(block);
  }

  std::size_t left_ = limits::kMaxDecompressorMemory;
};

}  // namespace

Result<ByteString> pack_brotli(Bytes input) {
  ByteString out(BrotliEncoderMaxCompressedSize(input.size()));
  std::size_t size = out.size();
  if (BrotliEncoderCompress(kQuality, kWindowBits, BROTLI_MODE_GENERIC, input.size(), input.data(), &size,
                            out.data()) != BROTLI_TRUE) {
    return failure(ErrorCode::out_of_memory);
  }
  out.resize(size);
  return out;
}

Result<void> unpack_brotli(Bytes input, MutableBytes output) {
  Budget budget;
  const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> decoder(
      BrotliDecoderCreateInstance(&Budget::take, &Budget::give_back, &budget), &BrotliDecoderDestroyInstance);
  if (decoder == nullptr) return failure(ErrorCode::out_of_memory);
  std::size_t input_left = input.size();
  std::size_t output_left = output.size();
  const std::uint8_t* next_input = input.data();
  std::uint8_t* next_output = output.data();
  const BrotliDecoderResult verdict = BrotliDecoderDecompressStream(decoder.get(), &input_left, &next_input,
                                                                    &output_left, &next_output, nullptr);
  if (verdict == BROTLI_DECODER_RESULT_SUCCESS && input_left == 0 && output_left == 0) return {};
  return failure(ErrorCode::certificate_decompression_failed);
}

}  // namespace handfast::compress
