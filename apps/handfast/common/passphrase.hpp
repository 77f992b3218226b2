// A passphrase from a file: the command line and the environment are no place for one, others can read them.
#pragma once

#include <handfast/error.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace handfast::apps {

// Wiped when it goes.
class Passphrase {
 public:
  Passphrase() = default;
  explicit Passphrase(std::string text) : text_(std::move(text)) {}
  Passphrase(Passphrase&& other) noexcept { *this = std::move(other); }
  Passphrase& operator=(Passphrase&& other) noexcept;
  Passphrase(const Passphrase&) = delete;
  Passphrase& operator=(const Passphrase&) = delete;
  ~Passphrase();

  // Empty: there is none.
  [[nodiscard]] std::optional<std::string_view> view() const { return text_; }

 private:
  std::optional<std::string> text_;
};

// The first line of the file, without its end; "-" is standard input, an empty path no passphrase. Errors:
// io_failed, configuration_invalid for a file with nothing in it.
Result<Passphrase> read_passphrase(const std::string& path);

}  // namespace handfast::apps
