// Record protection of TLS 1.2: see the header.
#include "record/protection12.hpp"

#include <algorithm>
#include <limits>

namespace handfast::record {
namespace {

// additional_data = seq_num + TLSCompressed.type + TLSCompressed.version + TLSCompressed.length;
std::array<std::uint8_t, 13> additional_data(const Nonce12& nonce, Bytes header, std::size_t length) {
  std::array<std::uint8_t, 13> out{};
  const auto number = nonce.number_bytes();
  std::copy(number.begin(), number.end(), out.begin());
  std::copy_n(header.begin(), 3, out.begin() + 8);
  out[11] = static_cast<std::uint8_t>(length >> 8U);
  out[12] = static_cast<std::uint8_t>(length);
  return out;
}

}  // namespace

std::array<std::uint8_t, 8> Nonce12::number_bytes() const {
  std::array<std::uint8_t, 8> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(number_ >> (8U * (7 - i)));
  return out;
}

std::array<std::uint8_t, crypto::kAeadNonceSize> Nonce12::nonce(Bytes explicit_part) const {
  std::array<std::uint8_t, crypto::kAeadNonceSize> out{};
  std::copy_n(fixed_iv_.view().begin(), fixed_iv_.size(), out.begin());
  if (explicit_size_ != 0) {
    std::copy_n(explicit_part.begin(), explicit_size_, out.begin() + 4);
    return out;
  }
  const auto number = number_bytes();
  for (std::size_t i = 0; i < number.size(); ++i) out[4 + i] ^= number[i];
  return out;
}

Result<Sealer12> Sealer12::create(crypto::AeadAlgorithm aead, Bytes key, Bytes fixed_iv) {
  if (fixed_iv.size() != Nonce12::fixed_iv_size(aead)) return failure(ErrorCode::internal_error);
  HANDFAST_TRY_ASSIGN(crypto::Aead cipher, crypto::Aead::create(aead, crypto::Aead::Purpose::seal, key));
  return Sealer12(std::move(cipher), Nonce12(aead, fixed_iv));
}

// struct {
//     ContentType type;
//     ProtocolVersion version;
//     uint16 length;
//     struct {
//         opaque nonce_explicit[SecurityParameters.record_iv_length];
//         aead-ciphered struct { opaque content[TLSCompressed.length]; };
//     } fragment;
// } TLSCiphertext;
Result<std::size_t> Sealer12::seal(ContentType type, Bytes plaintext, std::size_t padding, MutableBytes out) {
  if (nonce_.exhausted()) return failure(ErrorCode::record_sequence_exhausted);
  const std::size_t size = sealed_size(plaintext.size(), padding);
  if (padding != 0 || plaintext.size() > kMaxPlaintext || out.size() < size) {
    return failure(ErrorCode::internal_error);
  }
  const std::size_t length = size - kHeaderSize;
  const std::array<std::uint8_t, kHeaderSize> header = {static_cast<std::uint8_t>(type), 3, 3,
                                                        static_cast<std::uint8_t>(length >> 8U),
                                                        static_cast<std::uint8_t>(length)};
  const auto additional = additional_data(nonce_, header, plaintext.size());
  const auto number = nonce_.number_bytes();
  const auto nonce = nonce_.nonce(number);
  nonce_.advance();  // even if sealing fails half-way: no nonce is used twice
  // In place is possible only behind the header and the explicit nonce.
  std::copy(header.begin(), header.end(), out.begin());
  std::copy_n(number.begin(), nonce_.explicit_size(), out.begin() + kHeaderSize);
  const MutableBytes fragment = out.first(size).subspan(kHeaderSize + nonce_.explicit_size());
  HANDFAST_TRY(aead_.seal(nonce, additional, plaintext, {}, fragment));
  return size;
}

Result<Opener12> Opener12::create(crypto::AeadAlgorithm aead, Bytes key, Bytes fixed_iv) {
  if (fixed_iv.size() != Nonce12::fixed_iv_size(aead)) return failure(ErrorCode::internal_error);
  HANDFAST_TRY_ASSIGN(crypto::Aead cipher, crypto::Aead::create(aead, crypto::Aead::Purpose::open, key));
  return Opener12(std::move(cipher), Nonce12(aead, fixed_iv));
}

Result<OpenedRecord> Opener12::open(MutableBytes record, std::size_t longest_plaintext) {
  if (nonce_.exhausted()) return failure(ErrorCode::record_sequence_exhausted);
  const MutableBytes fragment = record.subspan(kHeaderSize);
  if (fragment.size() < nonce_.explicit_size() + crypto::kAeadTagSize)
    return failure(ErrorCode::record_bad_mac);
  const std::size_t length = fragment.size() - nonce_.explicit_size() - crypto::kAeadTagSize;
  // "The length MUST NOT exceed 2^14" (TLSCompressed, RFC 5246 §6.2.1, §6.2.2) "… or some other negotiated
  // limit": known before any work.
  if (length > longest_plaintext) return failure(Error(ErrorCode::record_overflow).at("length", 3));
  const auto additional = additional_data(nonce_, record, length);
  const auto nonce = nonce_.nonce(fragment.first(nonce_.explicit_size()));
  HANDFAST_TRY_ASSIGN(const MutableBytes content,
                      aead_.open(nonce, additional, fragment.subspan(nonce_.explicit_size())));
  nonce_.advance();
  return OpenedRecord{static_cast<ContentType>(record[0]), content, 0};
}

}  // namespace handfast::record
