// WriteHalf: everything that sending needs: the write key, what waits to be sent, the padding policy.
// RFC 9846 §5, §4.7.3, §6. One thread at a time. Application data goes straight into the caller's output;
// only handshake flights, alerts and KeyUpdates are queued here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/config.hpp>
#include <handfast/connection.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>
#include <handfast/secret.hpp>
#include <optional>
#include <variant>
#include <vector>

#include "connection/control_word.hpp"
#include "handshake/context.hpp"
#include "keys/cipher_suite.hpp"
#include "keys/key_schedule12.hpp"
#include "record/protection.hpp"
#include "record/protection12.hpp"

namespace handfast::connection {

class WriteHalf {
 public:
  // `first_version`: legacy_record_version of the first record, 0x0301 for an initial ClientHello (§5.1).
  // `key_lifetime`: records after which new keys are made; empty: the suite's limit.
  WriteHalf(ProtocolVersion first_version, RecordPadding padding, std::optional<std::uint64_t> key_lifetime,
            Observer* observer)
      : first_version_(first_version), padding_(padding), key_lifetime_(key_lifetime), observer_(observer) {}

  // --- the handshake ---
  // Messages wait unsealed until seal_pending(), so that a flight shares records.
  Result<void> queue_message(HandshakeType type, Bytes message);
  Result<void> queue_change_cipher_spec();
  // Seals what waits under the old keys first.
  Result<void> set_keys(Epoch epoch, const keys::SuiteParameters& suite, const HashSecret& secret);
  // What waits is still sealed; from here on there is no protection until there are keys again.
  Result<void> drop_keys();
  Result<void> set_keys12(const keys::SuiteParameters& suite, const keys::RecordKeys12& keys);
  // How the messages are to be described to an observer, and no KeyUpdate any more.
  void begin_tls12(KeyExchange exchange) {
    version_ = ProtocolVersion::tls1_2;
    exchange_ = exchange;
  }
  void set_max_fragment_length(std::size_t length) {
    longest_inner_ = length + 1;
    longest_plaintext_ = length;
  }
  // The longest TLSInnerPlaintext that the peer takes (RFC 8449).
  void set_record_size_limit(std::size_t longest_inner) { longest_inner_ = longest_inner; }

  // --- any time ---
  // close_notify or a fatal alert; nothing is sent after it. Warnings: user_canceled may come before
  // close_notify, no_renegotiation at any time.
  void queue_alert(AlertDescription description, bool last_word = true);
  // Carries out what the reading half ordered.
  Result<void> obey(ControlWord& control);
  // Moves what is queued into `output`; answers the bytes.
  Result<std::size_t> flush(MutableBytes output);
  [[nodiscard]] bool has_output() const { return !pending_.empty() || taken_ < queue_.size(); }
  [[nodiscard]] Epoch epoch() const { return epoch_; }
  [[nodiscard]] bool stopped() const { return stopped_; }
  // Sending failed half-way: what would follow no longer fits what the peer expects, so nothing does. Whole
  // records that wait still go.
  void abandon();

  // --- established ---
  Result<Sent> send(Bytes plaintext, MutableBytes output);
  Result<void> update_keys(bool request_peer);
  // A server's late CertificateRequest, a client's answer to one: with a Finished under the key that is in
  // use now (RFC 9846 §4.7.2), and in one piece.
  Result<void> queue_request(Bytes message);
  Result<void> queue_answer(const handshake::PreparedAnswer& answer);

 private:
  struct PendingMessage {
    HandshakeType type;
    std::size_t size;
  };

  [[nodiscard]] std::size_t longest_content() const { return longest_inner_ - 1; }
  [[nodiscard]] std::size_t padding_for(std::size_t content) const;
  [[nodiscard]] bool key_is_worn(std::uint64_t records = 1) const;
  // New keys if what follows, so long, would wear these out.
  Result<void> make_room(std::size_t size);
  Result<void> replace_keys(Epoch epoch, const keys::SuiteParameters& suite, const HashSecret& secret);
  Result<Sent> send_records(Bytes plaintext, MutableBytes output);
  Result<void> seal_pending();
  Result<void> seal_messages();
  Result<void> append_record(ContentType type, Bytes content, std::size_t padding);
  void report_record(ContentType type, std::uint64_t sequence, std::size_t wire, std::size_t payload,
                     std::size_t padding);
  void report_messages(std::uint64_t first_record, std::size_t record_payload);

  ProtocolVersion first_version_;
  RecordPadding padding_;
  std::optional<std::uint64_t> key_lifetime_;
  Observer* observer_;

  [[nodiscard]] bool is_protected() const { return !std::holds_alternative<std::monostate>(sealer_); }
  [[nodiscard]] std::size_t sealed_size(std::size_t content, std::size_t padding) const;
  [[nodiscard]] std::uint64_t sequence_number() const;
  Result<std::size_t> seal(ContentType type, Bytes content, std::size_t padding, MutableBytes out);

  std::variant<std::monostate, record::Sealer, record::Sealer12> sealer_;
  ProtocolVersion version_ = ProtocolVersion::tls1_3;
  KeyExchange exchange_ = KeyExchange::by_extension;
  const keys::SuiteParameters* suite_ = nullptr;
  HashSecret secret_;
  Epoch epoch_ = Epoch::plaintext;
  std::size_t longest_inner_ = record::kMaxPlaintext + 1;
  std::size_t longest_plaintext_ = record::kMaxPlaintext;  // of records without protection
  std::uint64_t records_ = 0;
  std::uint64_t key_updates_ = 0;
  bool update_requested_ = false;  // of the peer, and not answered yet
  bool stopped_ = false;

  ByteString pending_;  // handshake messages that wait for a record
  std::vector<PendingMessage> pending_messages_;
  ByteString queue_;       // records that wait for the transport
  std::size_t taken_ = 0;  // bytes of queue_ that it has got
};

}  // namespace handfast::connection
