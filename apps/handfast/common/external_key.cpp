// Reading pre-shared keys: see the header.
#include "common/external_key.hpp"

#include <algorithm>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/secret.hpp>
#include <handfast/system.hpp>
#include <optional>
#include <string_view>

namespace handfast::apps {
namespace {

constexpr std::size_t kMaxFile = std::size_t{64} * 1024;

Error invalid(std::string detail) {
  return Error(ErrorCode::configuration_invalid).with_detail(std::move(detail));
}

int hex_digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

int base64_digit(char character) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t at = kDigits.find(character);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

// `bits` of each digit; whatever is left over must be zero.
template <class Digit>
std::optional<ByteString> decode(std::string_view text, unsigned bits, Digit digit_of) {
  ByteString out;
  out.reserve(text.size());  // in one piece: growing would leave the secret in freed memory
  unsigned collected = 0;
  unsigned count = 0;
  for (const char character : text) {
    const int digit = digit_of(character);
    if (digit < 0) return std::nullopt;
    collected = (collected << bits | static_cast<unsigned>(digit)) & 0xfffU;
    count += bits;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<std::uint8_t>(collected >> count));
  }
  if (count >= bits || (collected & ((1U << count) - 1)) != 0) return std::nullopt;
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t start = std::min(text.find_first_not_of(kSpace), text.size());
  text.remove_prefix(start);
  return text.substr(0, text.find_last_not_of(kSpace) + 1);
}

std::optional<ByteString> decode_secret(std::string_view text) {
  text = trimmed(text);
  if (auto hex = decode(text, 4, hex_digit)) return hex;
  while (text.ends_with('=')) text.remove_suffix(1);
  return decode(text, 6, base64_digit);
}

Result<ExternalPsk> make(const ExternalKeyOptions& options, Bytes secret) {
  const Bytes identity = as_bytes(options.identity);
  if (options.bare) return danger::bare_external_psk(identity, secret);
  const std::size_t comma = options.ends.find(',');
  return ExternalPsk::imported(identity, secret, options.ends.substr(0, comma),
                               options.ends.substr(comma + 1));
}

}  // namespace

Result<void> check_external_key(const ExternalKeyOptions& options) {
  if (options.file.empty()) {
    if (options.identity.empty() && options.ends.empty() && !options.bare) return {};
    return failure(invalid("--psk-identity, --psk-ends and --danger-bare-psk need --psk"));
  }
  if (options.identity.empty()) return failure(invalid("--psk needs --psk-identity"));
  if (options.bare && !options.ends.empty()) {
    return failure(
        invalid("--psk-ends is for imported keys; with --danger-bare-psk nothing tells who is who"));
  }
  if (options.bare) return {};
  if (options.ends.find(',') == std::string::npos) {
    return failure(
        invalid("--psk needs --psk-ends CLIENT,SERVER: how the two ends are called, the same words on both"));
  }
  return {};
}

Result<ExternalPsk> read_external_key(const ExternalKeyOptions& options) {
  HANDFAST_TRY(check_external_key(options));
  HANDFAST_TRY_ASSIGN(std::string text,
                      read_file(options.file == "-" ? "/dev/stdin" : options.file, kMaxFile));
  std::optional<ByteString> secret = decode_secret(text);
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  if (!secret || secret->empty()) {
    return failure(invalid("--psk " + options.file + ": neither hexadecimal digits nor base64"));
  }
  auto key = make(options, *secret);
  wipe(*secret);
  return key;
}

}  // namespace handfast::apps
