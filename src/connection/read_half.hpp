// ReadHalf: takes records apart: header, key, inner type, floods. RFC 9846 §5, §6.
// One thread at a time. Knows nothing of what the content means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>
#include <handfast/secret.hpp>
#include <optional>
#include <variant>

#include "keys/cipher_suite.hpp"
#include "keys/key_schedule12.hpp"
#include "record/protection.hpp"
#include "record/protection12.hpp"

namespace handfast::connection {

// A record without its protection. `content` lies in the input that it came from.
struct InboundRecord {
  ContentType type{};
  MutableBytes content;
  std::size_t wire_length = 0;
  std::uint64_t index = 0;
  bool skipped = false;  // early data that this end does not take: no content
};

class ReadHalf {
 public:
  ReadHalf(Side side, Observer* observer) : side_(side), observer_(observer) {}

  // The next whole record at the front of `input`; nothing while it is not whole: then wanted() bytes are
  // missing. Compatibility change_cipher_spec records come back like any other. Errors: the record_* codes.
  Result<std::optional<InboundRecord>> next(MutableBytes input);
  [[nodiscard]] std::size_t wanted() const { return wanted_; }

  Result<void> set_keys(Epoch epoch, const keys::SuiteParameters& suite, const HashSecret& secret);
  Result<void> set_keys12(const keys::SuiteParameters& suite, const keys::RecordKeys12& keys);
  // After a KeyUpdate of the peer (§4.7.3).
  Result<void> update_keys();
  // From here to the client's next handshake message, what cannot be opened is early data (§4.3.10).
  // `limit`: bytes of content at least that may come.
  void skip_early_data(std::size_t limit) {
    skips_early_data_ = true;
    skip_limit_ = limit;
  }
  void set_record_size_limit(std::size_t longest_inner) { longest_inner_ = longest_inner; }
  void set_max_fragment_length(std::size_t length) {
    longest_inner_ = length + 1;
    longest_plaintext_ = length;
  }
  [[nodiscard]] Epoch epoch() const { return epoch_; }
  // The traffic secret in use (TLS 1.3).
  [[nodiscard]] const HashSecret& secret() const { return secret_; }
  // True once any byte came.
  [[nodiscard]] bool heard_anything() const { return heard_; }

 private:
  Result<InboundRecord> open(const record::RecordHeader& header, MutableBytes bytes);
  Result<record::OpenedRecord> open_protected(ContentType outer_type, MutableBytes bytes, RecordEvent& event);
  [[nodiscard]] bool may_be_plaintext(ContentType type) const;
  Result<InboundRecord> open_or_skip(const record::RecordHeader& header, MutableBytes bytes);
  Result<void> count_empty(const InboundRecord& record);

  Side side_;
  Observer* observer_;
  [[nodiscard]] bool is_protected() const { return !std::holds_alternative<std::monostate>(opener_); }

  std::variant<std::monostate, record::Opener, record::Opener12> opener_;
  const keys::SuiteParameters* suite_ = nullptr;
  HashSecret secret_;
  Epoch epoch_ = Epoch::plaintext;
  std::size_t longest_inner_ = record::kMaxPlaintext + 1;
  std::size_t longest_plaintext_ = record::kMaxPlaintext;  // of records without protection
  std::size_t wanted_ = record::kHeaderSize;
  std::uint64_t records_ = 0;
  bool heard_ = false;
  unsigned empty_records_ = 0;
  bool skips_early_data_ = false;
  std::size_t skipped_ = 0;
  std::size_t skip_limit_ = 0;
};

}  // namespace handfast::connection
