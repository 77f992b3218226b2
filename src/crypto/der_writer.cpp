// DER output: see the header.
#include "crypto/der_writer.hpp"

#include <array>

#include "crypto/der.hpp"

namespace handfast::crypto {

ByteString der_encode(std::uint8_t tag, std::initializer_list<Bytes> parts) {
  constexpr std::size_t kMaxHeader = 5;
  std::size_t length = 0;
  for (const Bytes part : parts) length += part.size();
  ByteString out;
  out.reserve(kMaxHeader + length);
  out.push_back(tag);
  if (length < 0x80) {
    out.push_back(static_cast<std::uint8_t>(length));
  } else {
    const unsigned octets = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
    out.push_back(static_cast<std::uint8_t>(0x80U | octets));
    for (unsigned i = octets; i-- > 0;) out.push_back(static_cast<std::uint8_t>(length >> (8U * i)));
  }
  for (const Bytes part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

ByteString der_unsigned(Bytes number) {
  constexpr std::array<std::uint8_t, 1> kZero{};
  while (!number.empty() && number.front() == 0) number = number.subspan(1);
  const bool needs_zero = number.empty() || number.front() >= 0x80;
  return der_encode(der::kInteger, {needs_zero ? Bytes(kZero) : Bytes(), number});
}

ByteString der_bit_string(Bytes bytes) {
  constexpr std::array<std::uint8_t, 1> kNoUnusedBits{};
  return der_encode(der::kBitString, {kNoUnusedBits, bytes});
}

}  // namespace handfast::crypto
