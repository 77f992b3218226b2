// PEM: DER between lines of dashes, in files that people edit. RFC 7468, RFC 4648 §4.
// Reads leniently around the blocks (comments, CRLF, indentation, a byte order mark), strictly inside them.
// Must not know what a label means.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace handfast::crypto {

struct PemBlock {
  std::string label;       // "CERTIFICATE", "PRIVATE KEY", …
  ByteString der;          // the caller wipes it if it is secret
  std::size_t offset = 0;  // of "-----BEGIN" in the text
  bool encrypted = false;  // "Proc-Type: 4,ENCRYPTED" of RFC 1421: der is no DER
  std::string encryption;  // the value of its "DEK-Info:", e.g. "AES-256-CBC,0F1E…"
};

// Block after block, so that a broken one does not take the others with it.
class PemReader {
 public:
  explicit PemReader(std::string_view text) : text_(text) {}
  // Nothing at the end. After an error, which is one of parse_pem(), it goes on behind what is broken.
  std::optional<Result<PemBlock>> next();

 private:
  std::string_view text_;
  std::size_t next_ = 0;
};

// All blocks of `text`, in order; none is no error. Text between blocks is skipped. Errors: pem_malformed
// with the offset, for a block that is cut, has another label at its end, or holds something that is not
// base64.
Result<std::vector<PemBlock>> parse_pem(std::string_view text);

// One block, 64 characters a line.
std::string to_pem(std::string_view label, Bytes der);

// RFC 4648 §4, without line breaks.
std::string to_base64(Bytes bytes);
// Nothing if `text` is not base64 with its padding. White space is skipped.
std::optional<ByteString> from_base64(std::string_view text);

}  // namespace handfast::crypto
