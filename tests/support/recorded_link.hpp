// RecordedLink: the record side of a connection around a handshake that a test drives itself.
#pragma once

#include "connection/read_half.hpp"
#include "connection/write_half.hpp"
#include "handshake/link.hpp"

namespace handfast::test {

class RecordedLink final : public handshake::Link {
 public:
  explicit RecordedLink(Side side)
      : read(side, nullptr),
        write(side == Side::client ? ProtocolVersion::tls1_0 : ProtocolVersion::tls1_2, {}, {}, nullptr) {}

  Result<void> send(HandshakeType type, Bytes message) override { return write.queue_message(type, message); }
  Result<void> send_change_cipher_spec() override { return write.queue_change_cipher_spec(); }
  Result<handshake::RecordBoundary> record_boundary() override { return vouch(); }
  Result<void> set_read_keys(Epoch epoch, const keys::SuiteParameters& suite, const HashSecret& secret,
                             handshake::RecordBoundary) override {
    return read.set_keys(epoch, suite, secret);
  }
  Result<void> set_write_keys(Epoch epoch, const keys::SuiteParameters& suite,
                              const HashSecret& secret) override {
    return write.set_keys(epoch, suite, secret);
  }
  void allow_change_cipher_spec(bool) override {}
  void begin_tls13() override {}
  Result<void> offer_early_data(const keys::SuiteParameters&, handshake::EarlyDataSecrets,
                                std::size_t) override {
    return {};
  }
  void give_up_early_data() override {}
  Result<void> accept_early_data(const keys::SuiteParameters&, handshake::EarlyDataSecrets, std::size_t,
                                 handshake::RecordBoundary) override {
    return {};
  }
  void skip_early_data(std::size_t) override {}
  void set_record_size_limits(std::size_t, std::size_t) override {}
  Result<void> begin_tls12(KeyExchange) override { return {}; }
  Result<void> set_read_keys12(const keys::SuiteParameters&, const keys::RecordKeys12&,
                               handshake::RecordBoundary) override {
    return {};
  }
  Result<void> set_write_keys12(const keys::SuiteParameters&, const keys::RecordKeys12&) override {
    return {};
  }
  void set_max_fragment_length(std::size_t) override {}

  // Everything that was queued.
  ByteString output() {
    ByteString out(64 * 1024);
    out.resize(write.flush(out).value());
    return out;
  }

  connection::ReadHalf read;
  connection::WriteHalf write;
};

}  // namespace handfast::test
