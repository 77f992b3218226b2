// Record protection: see protection.hpp.
#include "record/protection.hpp"

#include <algorithm>

namespace handfast::record {

std::array<std::uint8_t, crypto::kAeadNonceSize> NonceSequence::nonce() const {
  std::array<std::uint8_t, crypto::kAeadNonceSize> out{};
  std::copy_n(iv_.view().begin(), iv_.size(), out.begin());
  for (std::size_t i = 0; i < 8; ++i) {
    out[out.size() - 1 - i] = static_cast<std::uint8_t>(out[out.size() - 1 - i] ^ (number_ >> (8U * i)));
  }
  return out;
}

Result<Sealer> Sealer::create(crypto::AeadAlgorithm aead, Bytes key, Bytes iv) {
  HANDFAST_TRY_ASSIGN(crypto::Aead cipher, crypto::Aead::create(aead, crypto::Aead::Purpose::seal, key));
  return Sealer(std::move(cipher), iv);
}

// struct {
//     ContentType opaque_type = application_data; /* 23 */
//     ProtocolVersion legacy_record_version = 0x0303; /* TLS v1.2 */
//     uint16 length;
//     opaque encrypted_record[TLSCiphertext.length];
// } TLSCiphertext;
Result<std::size_t> Sealer::seal(ContentType type, Bytes plaintext, std::size_t padding, MutableBytes out) {
  if (sequence_.exhausted()) return failure(ErrorCode::record_sequence_exhausted);
  const std::size_t length = plaintext.size() + 1 + padding + crypto::kAeadTagSize;
  if (plaintext.size() + padding > kMaxPlaintext || out.size() < kHeaderSize + length) {
    return failure(ErrorCode::internal_error);
  }
  const std::array<std::uint8_t, kHeaderSize> header = {
      static_cast<std::uint8_t>(ContentType::application_data), 3, 3, static_cast<std::uint8_t>(length >> 8U),
      static_cast<std::uint8_t>(length)};
  std::copy(header.begin(), header.end(), out.begin());
  const auto nonce = sequence_.nonce();
  sequence_.advance();  // even if sealing fails half-way: no nonce is used twice
  const MutableBytes fragment = out.subspan(kHeaderSize, length);
  if (padding == 0) {
    const auto type_byte = static_cast<std::uint8_t>(type);
    HANDFAST_TRY(aead_.seal(nonce, header, plaintext, Bytes(&type_byte, 1), fragment));
  } else {
    std::array<std::uint8_t, 1 + kMaxPlaintext> trailer;
    trailer[0] = static_cast<std::uint8_t>(type);
    std::fill_n(trailer.begin() + 1, padding, std::uint8_t{0});
    HANDFAST_TRY(aead_.seal(nonce, header, plaintext, Bytes(trailer).first(1 + padding), fragment));
  }
  return kHeaderSize + length;
}

Result<Opener> Opener::create(crypto::AeadAlgorithm aead, Bytes key, Bytes iv) {
  HANDFAST_TRY_ASSIGN(crypto::Aead cipher, crypto::Aead::create(aead, crypto::Aead::Purpose::open, key));
  return Opener(std::move(cipher), iv);
}

// struct {
//     opaque content[TLSPlaintext.length];
//     ContentType type;
//     uint8 zeros[length_of_padding];
// } TLSInnerPlaintext;
Result<OpenedRecord> Opener::open(MutableBytes record, std::size_t longest_inner) {
  if (sequence_.exhausted()) return failure(ErrorCode::record_sequence_exhausted);
  const Bytes header = record.first(kHeaderSize);
  const auto nonce = sequence_.nonce();
  HANDFAST_TRY_ASSIGN(const MutableBytes inner, aead_.open(nonce, header, record.subspan(kHeaderSize)));
  sequence_.advance();
  // "the full encoded TLSInnerPlaintext MUST NOT exceed 2^14 + 1 octets … or some other negotiated limit"
  // (§5.4, §6.2)
  if (inner.size() > longest_inner) return failure(Error(ErrorCode::record_overflow).at("length", 3));
  std::size_t end = inner.size();
  while (end > 0 && inner[end - 1] == 0) --end;
  // "If a receiving implementation does not find a non-zero octet in the cleartext, it MUST terminate the
  // connection with an "unexpected_message" alert." (§5.4)
  if (end == 0) return failure(ErrorCode::record_no_content_type);
  return OpenedRecord{static_cast<ContentType>(inner[end - 1]), inner.first(end - 1), inner.size() - end};
}

}  // namespace handfast::record
