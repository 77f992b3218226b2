// TlsReader: the two byte streams of a conversation as TLS records and messages, told to a TraceRecorder.
// Records come from src/record, keys from src/keys, messages from src/message: there is no second parser.
// Decrypts where a key log has the secrets (RFC 9846 §7.3, RFC 5246 §6.3). Must survive any bytes.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/secret.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "explain/capture/capture_reader.hpp"
#include "explain/capture/key_store.hpp"
#include "explain/capture/tls_facts.hpp"
#include "keys/cipher_suite.hpp"
#include "record/header.hpp"
#include "record/protection.hpp"
#include "record/protection12.hpp"
#include "trace/recorder.hpp"

namespace handfast::apps::capture {

class TlsReader {
 public:
  TlsReader(const KeyStore& keys, Instant start, bool keep_bytes);
  TlsReader(const TlsReader&) = delete;
  TlsReader& operator=(const TlsReader&) = delete;

  // `side` is 0 for whoever opened the connection, 1 for the other.
  void take(unsigned side, Bytes bytes, Instant time);
  // So many bytes of that side are missing here.
  void lost(unsigned side, std::uint64_t bytes, Instant time);

  [[nodiscard]] const TlsFacts& facts() const { return facts_; }
  // The steps, once nothing more comes.
  [[nodiscard]] Trace finish();

 private:
  using Opener = std::variant<std::monostate, record::Opener, record::Opener12>;
  struct Half {
    ByteString buffer;       // the front of a record that is not whole yet
    std::uint64_t skip = 0;  // bytes of a hidden record that are still to come
    std::uint64_t seen = 0;  // bytes of dialogue before TLS
    bool started = false;    // TLS began
    bool first = true;       // no record was accepted yet
    bool given_up = false;
    bool encrypted = false;  // by a key change; records of TLS 1.3 may still be plain alerts
    Epoch epoch = Epoch::plaintext;
    Opener opener;
    HashSecret traffic;              // TLS 1.3: what the next key is derived from
    std::uint64_t index = 0;         // of the next record
    std::uint64_t first_record = 0;  // of the message that is being put together
    ByteString handshake;
  };
  class PacketClock : public Clock {
   public:
    [[nodiscard]] Time now() const override { return std::chrono::floor<std::chrono::seconds>(time); }
    Instant time;
  };

  // How many bytes of `input` were used up; 0 if more are needed.
  std::size_t parse(unsigned side, Bytes input);
  std::size_t find_start(unsigned side, Bytes input);
  void begin_at(unsigned client);
  void give_up(unsigned side, const Error& error);
  [[nodiscard]] bool is_hidden(const Half& half, const record::RecordHeader& header) const;
  void hide(unsigned side, const record::RecordHeader& header);

  void process_record(unsigned side, const record::RecordHeader& header, Bytes record);
  std::optional<record::OpenedRecord> open(unsigned side, MutableBytes record);
  void process_content(unsigned side, ContentType type, Bytes content);
  void process_handshake(unsigned side, Bytes content);
  void process_alert(unsigned side, Bytes content);
  void process_message(unsigned side, HandshakeType type, Bytes message);

  void client_hello(Bytes message);
  void server_hello(Bytes message);
  void client_certificate(Bytes message);
  void finished(unsigned side);
  void key_update(unsigned side);
  void change_cipher_spec(unsigned side);
  void install13(unsigned side, KeyLabel label, Epoch epoch);
  void install_secret(unsigned side, const HashSecret& secret);
  void install12(unsigned side);

  [[nodiscard]] bool is_tls13() const;
  [[nodiscard]] Direction direction(unsigned side) const;

  const KeyStore& keys_;
  Instant start_;
  PacketClock clock_;
  TlsFacts facts_;
  std::array<Half, 2> halves_;
  const keys::SuiteParameters* suite_ = nullptr;
  std::array<std::uint8_t, 32> client_random_{};
  std::array<std::uint8_t, 32> server_random_{};
  ByteString scratch_;
  std::size_t messages_ = 0;
  TraceRecorder recorder_;
};

}  // namespace handfast::apps::capture
