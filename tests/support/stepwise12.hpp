// Stepwise: a TLS 1.2 handshake that is handed to one end piece by piece, so that a test can put something
// else at any place, also under the keys.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "keys/cipher_suite.hpp"
#include "keys/key_schedule12.hpp"
#include "record/protection12.hpp"
#include "support/tls12.hpp"

namespace handfast::test {

// One handshake message, one change_cipher_spec, or one protected record as it is.
struct Piece {
  ContentType type = ContentType::handshake;
  ByteString content;
  bool is_sealed = false;

  [[nodiscard]] bool is(HandshakeType message) const {
    return type == ContentType::handshake && !is_sealed && !content.empty() &&
           content[0] == static_cast<std::uint8_t>(message);
  }
};

class Stepwise final : danger::KeyLog {
 public:
  // `target` is the end that gets the pieces.
  Stepwise(Side target, ClientSettings client, ServerSettings server) : target_(target) {
    client.key_log = this;
    loopback_ =
        std::make_unique<Loopback>(client_config(std::move(client)), server_config(std::move(server)));
  }

  [[nodiscard]] Endpoint& end() { return target_ == Side::client ? loopback_->client : loopback_->server; }
  [[nodiscard]] Endpoint& peer() { return target_ == Side::client ? loopback_->server : loopback_->client; }

  // The next piece for the target, taken from the queue; none once everything was said.
  std::optional<Piece> next() {
    for (int round = 0; queue_.empty() && round < 3; ++round) {
      const ByteString to_peer = end().drain();
      note_hellos(to_peer);
      peer().inbox.insert(peer().inbox.end(), to_peer.begin(), to_peer.end());
      if (!to_peer.empty()) peer().digest();
      const ByteString to_target = peer().drain();
      note_hellos(to_target);
      take_apart(to_target);
    }
    if (queue_.empty()) return std::nullopt;
    Piece piece = std::move(queue_.front());
    queue_.pop_front();
    return piece;
  }
  void give(const Piece& piece) {
    give_record(piece.type, piece.content);
    if (piece.type == ContentType::change_cipher_spec) sealed_from_ = 0;
    if (piece.is_sealed) ++sealed_from_;
  }
  // As inject(), and what is injected next comes after it.
  void inject_next(ContentType type, Bytes content) {
    inject(type, content);
    if (sealed_from_ >= 0) ++sealed_from_;
  }
  // Under the keys that the target reads with at the moment.
  void inject(ContentType type, Bytes content) {
    if (sealed_from_ < 0) return give_record(type, content);
    const auto* const suite = keys::find_suite(suite_);
    auto secret = keys::MainSecret12::resumed(suite->hash, HashSecret(Bytes(main_secret_)), true);
    const keys::KeyBlock block = must(secret.key_block(*suite, randoms_));
    const auto& keys = target_ == Side::client ? block.server : block.client;
    auto sealer = must(record::Sealer12::create(suite->aead, keys.key.view(), keys.iv.view()));
    ByteString record(sealer.sealed_size(content.size(), 0));
    for (int i = 0; i <= sealed_from_; ++i) record.resize(must(sealer.seal(type, content, 0, record)));
    end().inbox.insert(end().inbox.end(), record.begin(), record.end());
    end().digest();
  }
  [[nodiscard]] bool is_under_keys() const { return sealed_from_ >= 0; }
  [[nodiscard]] const keys::Randoms& randoms() const { return randoms_; }

 private:
  void on_secret(std::string_view, Bytes, Bytes secret) override { main_secret_ = copy_of(secret); }
  void give_record(ContentType type, Bytes content) {
    ByteString record = {static_cast<std::uint8_t>(type), 3, 3,
                         static_cast<std::uint8_t>(content.size() >> 8U),
                         static_cast<std::uint8_t>(content.size())};
    record.insert(record.end(), content.begin(), content.end());
    end().inbox.insert(end().inbox.end(), record.begin(), record.end());
    end().digest();
  }
  // The randoms and the suite, from the hellos.
  void note_hellos(const ByteString& bytes) {
    if (bytes.size() < 5 + 4 + 2 + 32 || bytes[0] != 22) return;
    const auto type = static_cast<HandshakeType>(bytes[5]);
    if (type == HandshakeType::client_hello) std::copy_n(bytes.begin() + 11, 32, randoms_.client.begin());
    if (type == HandshakeType::server_hello) {
      std::copy_n(bytes.begin() + 11, 32, randoms_.server.begin());
      const std::size_t at = 5 + 4 + 2 + 32 + 1 + bytes[43];
      suite_ = static_cast<CipherSuite>(static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]));
    }
  }
  void take_apart(const ByteString& bytes) {
    for (std::size_t at = 0; at + 5 <= bytes.size();) {
      const std::size_t length = static_cast<std::size_t>(bytes[at + 3]) << 8U | bytes[at + 4];
      const auto type = static_cast<ContentType>(bytes[at]);
      const Bytes content = Bytes(bytes).subspan(at + 5, length);
      at += 5 + length;
      if (type != ContentType::handshake || sealing_) {
        queue_.push_back({type, copy_of(content), sealing_});
        sealing_ = sealing_ || type == ContentType::change_cipher_spec;
        continue;
      }
      partial_.insert(partial_.end(), content.begin(), content.end());
      while (partial_.size() >= 4) {
        const std::size_t size = 4 + (static_cast<std::size_t>(partial_[1]) << 16U |
                                      static_cast<std::size_t>(partial_[2]) << 8U | partial_[3]);
        if (partial_.size() < size) break;
        const auto end = partial_.begin() + static_cast<std::ptrdiff_t>(size);
        queue_.push_back({type, ByteString(partial_.begin(), end), false});
        partial_.erase(partial_.begin(), end);
      }
    }
  }

  Side target_;
  std::unique_ptr<Loopback> loopback_;
  std::deque<Piece> queue_;
  ByteString partial_;
  bool sealing_ = false;  // the peer has changed its keys
  int sealed_from_ = -1;  // protected records that the target has read; -1: no keys yet
  keys::Randoms randoms_;
  CipherSuite suite_{};
  ByteString main_secret_;
};

}  // namespace handfast::test
