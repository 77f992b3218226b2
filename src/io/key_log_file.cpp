// KeyLogFile: RFC 9850's lines, "<label> <client_random> <secret>" in hexadecimal.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <handfast/secret.hpp>
#include <handfast/system.hpp>

#include "io/system_call.hpp"

namespace handfast::danger {
namespace {

// Label, 32 and at most 64 bytes in hexadecimal, separators.
constexpr std::size_t kLongestLine = 64 + 2 * 32 + 2 * 64 + 3;

class Line {
 public:
  ~Line() { wipe({text_, length_}); }
  void add(std::string_view text) {
    for (const char character : text) add(static_cast<std::uint8_t>(character));
  }
  void add_hex(Bytes bytes) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    for (const auto byte : bytes) {
      add(static_cast<std::uint8_t>(kDigits[byte >> 4U]));
      add(static_cast<std::uint8_t>(kDigits[byte & 15U]));
    }
  }
  [[nodiscard]] Bytes bytes() const { return {text_, length_}; }

 private:
  void add(std::uint8_t byte) {
    if (length_ < sizeof text_) text_[length_++] = byte;
  }
  std::uint8_t text_[kLongestLine] = {};
  std::size_t length_ = 0;
};

}  // namespace

Result<std::unique_ptr<KeyLogFile>> KeyLogFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return failure(io::system_failure(path, errno));
  return std::unique_ptr<KeyLogFile>(new KeyLogFile(descriptor));
}

KeyLogFile::~KeyLogFile() { ::close(descriptor_); }

void KeyLogFile::on_secret(std::string_view label, Bytes client_random, Bytes secret) {
  Line line;
  line.add(label);
  line.add(" ");
  line.add_hex(client_random);
  line.add(" ");
  line.add_hex(secret);
  line.add("\n");
  // One write with O_APPEND: lines of several threads and processes do not mix. A full disk loses lines, not
  // connections.
  const Bytes bytes = line.bytes();
  while (::write(descriptor_, bytes.data(), bytes.size()) < 0 && errno == EINTR) {
  }
}

}  // namespace handfast::danger
