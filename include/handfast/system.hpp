// What the library takes from the machine it runs on: the time, the system's trust anchors, files, a key log.
// The only other places that touch the system are handfast/tcp.hpp and handfast/stream.hpp.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>
#include <handfast/trust.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace handfast {

// The system's clock. Lives as long as the process.
const Clock& system_clock();

// Certificate bundles have a few hundred KiB; this is far above them.
inline constexpr std::size_t kMaxFileSize = std::size_t{16} << 20U;

// The whole file. Errors: io_failed (the detail has the path and the system's words), file_too_large.
// If it holds a private key, the caller wipes the text.
Result<std::string> read_file(const std::string& path, std::size_t limit = kMaxFileSize);

// The trust anchors of this machine. SSL_CERT_FILE (a bundle) and SSL_CERT_DIR (folders, separated by ':')
// win if one of them is set; else the bundle of the distribution: Debian, Ubuntu, Arch, Alpine, Fedora, RHEL,
// openSUSE. What cannot be used is left out, and put into `left_out` if that is not null: the detail has the
// file, and for one of several certificates its place. Errors: configuration_invalid; the detail lists where
// it looked and what was there.
Result<std::shared_ptr<const TrustAnchors>> system_trust(std::vector<Error>* left_out = nullptr);

// The anchors of one PEM bundle; `left_out` as above. Errors: io_failed, file_too_large, pem_malformed.
Result<std::shared_ptr<const TrustAnchors>> trust_from_file(const std::string& path,
                                                            std::vector<Error>* left_out = nullptr);

namespace danger {

// A key log in a file, in the format of SSLKEYLOGFILE (RFC 9850): appended to, created readable by its owner
// only. Thread-safe; each line is one write. Whoever reads the file can read the recorded connections.
class KeyLogFile : public KeyLog {
 public:
  // Errors: io_failed.
  static Result<std::unique_ptr<KeyLogFile>> open(const std::string& path);
  KeyLogFile(const KeyLogFile&) = delete;
  KeyLogFile& operator=(const KeyLogFile&) = delete;
  ~KeyLogFile() override;

  void on_secret(std::string_view label, Bytes client_random, Bytes secret) override;

 private:
  explicit KeyLogFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace danger

}  // namespace handfast
