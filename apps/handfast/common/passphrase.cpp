// Reading passphrases.
#include "common/passphrase.hpp"

#include <algorithm>
#include <cstdint>
#include <handfast/secret.hpp>
#include <handfast/system.hpp>
#include <utility>

namespace handfast::apps {
namespace {

// Nobody types more.
constexpr std::size_t kMaxPassphraseFile = 64 * 1024;

void wipe_text(std::string& text) { wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}); }

}  // namespace

Passphrase& Passphrase::operator=(Passphrase&& other) noexcept {
  if (this == &other) return *this;
  if (text_) wipe_text(*text_);
  text_.reset();
  // A short text lies in the object itself: moving leaves a copy behind.
  if (other.text_) {
    text_ = *other.text_;
    wipe_text(*other.text_);
    other.text_.reset();
  }
  return *this;
}

Passphrase::~Passphrase() {
  if (text_) wipe_text(*text_);
}

Result<Passphrase> read_passphrase(const std::string& path) {
  if (path.empty()) return Passphrase();
  HANDFAST_TRY_ASSIGN(std::string text, read_file(path == "-" ? "/dev/stdin" : path, kMaxPassphraseFile));
  if (text.empty()) {
    return failure(Error(ErrorCode::configuration_invalid)
                       .with_detail(path + ": it is empty; its first line is the passphrase"));
  }
  std::size_t end = std::min(text.find('\n'), text.size());
  if (end > 0 && text[end - 1] == '\r') --end;
  Passphrase passphrase(text.substr(0, end));
  wipe_text(text);
  return passphrase;
}

}  // namespace handfast::apps
