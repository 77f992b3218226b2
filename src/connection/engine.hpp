// Connection::Engine: joins the two halves and the handshake. RFC 9846 §4.7, §5, §6.
// Coarse state is the variant: Handshaking, Established, Closed. It changes only while one thread drives the
// handshake; afterwards the reading functions touch read_ and inbound_, the writing functions write_, and
// both control_.
#pragma once

#include <atomic>
#include <handfast/connection.hpp>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "connection/authentications.hpp"
#include "connection/control_word.hpp"
#include "connection/read_half.hpp"
#include "connection/write_half.hpp"
#include "handshake/handshake.hpp"
#include "handshake/link.hpp"
#include "handshake/message_assembler.hpp"

namespace handfast {

class Connection::Engine final : private handshake::Link {
 public:
  Engine(std::shared_ptr<const ClientConfig> config, ServerName name, ConnectionOptions options);
  Engine(std::shared_ptr<const ServerConfig> config, ConnectionOptions options);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Runs the handshake up to its first wait.
  Result<void> start();

  Result<Received> receive(MutableBytes input);
  Result<void> receive_end();
  Result<Sent> send(Bytes plaintext, MutableBytes output);
  Result<std::size_t> flush(MutableBytes output);
  Result<Sent> send_early_data(Bytes plaintext, MutableBytes output);
  [[nodiscard]] std::size_t early_data_limit() const;
  [[nodiscard]] const EarlyDataInfo* early_data_info() const {
    return early_exporter_ ? &early_exporter_->info : nullptr;
  }
  ByteString take_refused_early_data() { return std::exchange(refused_early_data_, {}); }
  Result<void> export_early_keying_material(std::string_view label, Bytes context, MutableBytes out) const;
  [[nodiscard]] bool has_output() const;
  void close();
  void abort(AlertDescription reason);
  Result<void> update_keys(bool request_peer);
  // A writing function ended half-way for want of memory.
  void abandon_writing() { write_.abandon(); }
  Result<void> request_client_certificate(ClientCertificate wanted);
  std::optional<ClientAnswer> take_client_answer() { return std::exchange(client_answer_, std::nullopt); }
  [[nodiscard]] bool is_established() const { return established_.load(std::memory_order_acquire); }
  [[nodiscard]] Waiting waiting_for() const;
  [[nodiscard]] const ConnectionInfo* info() const;
  [[nodiscard]] const PeerCertificates* peer_certificates() const;
  [[nodiscard]] std::span<const ByteString> verified_path() const;
  Result<void> export_keying_material(std::string_view label, std::optional<Bytes> context,
                                      MutableBytes out) const;

 private:
  struct Handshaking {
    std::unique_ptr<handshake::Handshake> handshake;
    // Handshake bytes of a record that came before the flow could take them.
    ByteString held;
    Bytes payload;  // what is left of the record, or of held, that is being taken
    bool allows_change_cipher_spec = false;
    unsigned change_cipher_specs = 0;
    // Early data that may still be sent (client) or come (server), in bytes; what was sent, in case the
    // server does not take it; whether that is so.
    std::size_t early_data_left = 0;
    ByteString early_data_sent;
    bool early_data_refused = false;
    // Server: "Servers MAY send data after sending their first flight" (§4.5.3); here if early data comes.
    bool answers_early_data = false;
  };
  struct EarlyExporter {
    crypto::HashAlgorithm hash{};
    HashSecret secret;
    EarlyDataInfo info;
  };
  using Established = handshake::Established;
  struct Closed {};

  // What a record led to, if the caller must know.
  using Outcome = std::optional<Event>;

  // --- receiving ---
  Result<Received> receive_records(MutableBytes input);
  Result<Outcome> take_record(const connection::InboundRecord& record);
  Result<Outcome> take_alert(Bytes content);
  [[nodiscard]] bool is_ignored_alert(Bytes content) const;
  Result<Outcome> take_early_data(Bytes content);
  Result<Outcome> take_change_cipher_spec(Bytes content);
  Result<Outcome> take_handshake_bytes(Bytes payload);
  Result<Outcome> resume_handshake();
  Result<Outcome> feed_handshake();
  Result<Outcome> progress(handshake::Progress progress);
  Result<void> take_post_handshake(Bytes payload);
  Result<void> take_post_handshake_message(handshake::MessageBuffer message);
  Result<Outcome> next_client_answer();
  [[nodiscard]] bool amid_messages() const;
  Result<void> take_post_handshake_message12(Bytes message);
  Result<void> take_key_update(Bytes message);
  [[nodiscard]] bool answers_early_data() const;
  void end_handshake();  // this end wants it no more
  Result<void> obey();   // what the reading half left for the writing half
  Error fail(Error error);
  void report_message(Bytes message);
  void report_alert(AlertLevel level, AlertDescription description);
  void wake() const;

  // --- Link: what the handshake asks ---
  Result<void> send(HandshakeType type, Bytes message) override;
  Result<void> send_change_cipher_spec() override;
  Result<handshake::RecordBoundary> record_boundary() override;
  Result<void> set_read_keys(Epoch epoch, const keys::SuiteParameters& suite, const HashSecret& secret,
                             handshake::RecordBoundary boundary) override;
  Result<void> set_write_keys(Epoch epoch, const keys::SuiteParameters& suite,
                              const HashSecret& secret) override;
  void allow_change_cipher_spec(bool allowed) override;
  void begin_tls13() override { may_be_tls12_ = false; }
  Result<void> offer_early_data(const keys::SuiteParameters& suite, handshake::EarlyDataSecrets secrets,
                                std::size_t limit) override;
  void give_up_early_data() override;
  Result<void> accept_early_data(const keys::SuiteParameters& suite, handshake::EarlyDataSecrets secrets,
                                 std::size_t limit, handshake::RecordBoundary boundary) override;
  void skip_early_data(std::size_t limit) override;
  void set_record_size_limits(std::size_t send, std::size_t receive) override;
  Result<void> begin_tls12(KeyExchange exchange) override;
  Result<void> set_read_keys12(const keys::SuiteParameters& suite, const keys::RecordKeys12& keys,
                               handshake::RecordBoundary boundary) override;
  Result<void> set_write_keys12(const keys::SuiteParameters& suite, const keys::RecordKeys12& keys) override;
  void set_max_fragment_length(std::size_t length) override;

  Side side_;
  ConnectionOptions options_;
  handshake::MemoryBudget budget_;
  handshake::MessageAssembler inbound_;
  connection::ReadHalf read_;
  connection::WriteHalf write_;
  connection::ControlWord control_;
  std::variant<Handshaking, Established, Closed> state_;
  std::atomic<bool> established_ = false;

  // As long as TLS 1.2 is possible, alerts of level warning do not end the connection.
  bool may_be_tls12_;
  ProtocolVersion version_ = ProtocolVersion::tls1_3;
  KeyExchange exchange_ = KeyExchange::by_extension;

  std::unique_ptr<EarlyExporter> early_exporter_;  // null without early data
  ByteString refused_early_data_;

  // Null unless the client can be asked for a certificate; both halves.
  std::unique_ptr<connection::Authentications> authentications_;

  // Reading half.
  std::optional<ClientAnswer> client_answer_;
  std::optional<Error> read_error_;
  bool close_received_ = false;
  unsigned warning_alerts_ = 0;
  unsigned key_updates_in_a_row_ = 0;
  unsigned post_handshake_messages_ = 0;
  unsigned renegotiations_ = 0;
  std::uint64_t message_first_record_ = 0;
  std::uint64_t current_record_ = 0;
};

}  // namespace handfast
