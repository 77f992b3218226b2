// Middleman: sits between a client and a server, reads what each sends with the secrets that it logged, lets
// a test change it, and protects it again for the receiver. So a test can play any hostile peer that knows
// its keys: the honest end behind the Middleman does the work that the test does not want to change.
#pragma once

#include <functional>
#include <handfast/config.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/aead.hpp"
#include "keys/cipher_suite.hpp"
#include "support/loopback.hpp"

namespace handfast::test {

// One thing on its way: a whole handshake message, or the content of another record.
struct Item {
  ContentType type = ContentType::handshake;
  ByteString content = {};
  Epoch epoch = Epoch::plaintext;
  // Goes as it is, instead of all others.
  ByteString raw = {};
  // The whole TLSInnerPlaintext, instead of content and type.
  std::optional<ByteString> inner = {};
  // Another message in the same record.
  ByteString tail = {};
  // Bytes in each record; 0: all in one.
  std::size_t fragment = 0;
  // Finished and CertificateVerify are made right for what the receiver has seen.
  bool forge = true;

  [[nodiscard]] bool is(HandshakeType message) const {
    return type == ContentType::handshake && !content.empty() && raw.empty() &&
           content[0] == static_cast<std::uint8_t>(message);
  }
};

// A record without protection, of any type, length and content.
ByteString plain_record(ContentType type, Bytes content);
// A handshake message around `body`, with the right length.
ByteString handshake_message(HandshakeType type, Bytes body);
// Sets the message's length field to what follows it.
void fix_length(ByteString& message);

class Middleman {
 public:
  using Edit = std::function<void(Direction direction, std::vector<Item>& items)>;

  // Direction::sent is client to server, as in Loopback.
  Middleman(ClientSettings client_settings, ServerSettings server_settings,
            ConnectionOptions client_options = {}, ConnectionOptions server_options = {});

  // The two ends log into it.
  Middleman(const Middleman&) = delete;
  Middleman& operator=(const Middleman&) = delete;

  // Carries until nobody has anything to say.
  void run(const Edit& edit = {});
  // One item more for the receiver of `direction`.
  void deliver(Direction direction, const Item& item);
  // What the sender of `direction` has to say, decrypted; it counts as carried.
  std::vector<Item> take(Direction direction);
  [[nodiscard]] bool established() const {
    return client.connection.is_established() && server.connection.is_established();
  }
  // The end that receives in `direction`.
  Endpoint& receiver(Direction direction) { return direction == Direction::sent ? server : client; }
  // Protects for the receiver with the next sequence number.
  ByteString sealed(Direction direction, Epoch epoch, Bytes inner);

 private:
  // What an end knows: its secrets and, in order, the messages of its handshake.
  struct View final : danger::KeyLog {
    void on_secret(std::string_view label, Bytes, Bytes secret) override {
      secrets[std::string(label)] = copy_of(secret);
    }
    std::map<std::string, ByteString> secrets;
    std::vector<ByteString> messages;
    const keys::SuiteParameters* suite = nullptr;
  };
  // One key in use.
  struct Channel {
    Epoch epoch = Epoch::plaintext;
    ByteString secret;
    std::uint64_t sequence = 0;
    std::optional<crypto::Aead> aead;
    ByteString iv;
  };

  View& view_of_sender(Direction direction) {
    return direction == Direction::sent ? client_view_ : server_view_;
  }
  View& view_of_receiver(Direction direction) {
    return direction == Direction::sent ? server_view_ : client_view_;
  }
  static bool use(Channel& channel, const View& view, Direction direction, Epoch epoch,
                  crypto::Aead::Purpose purpose);
  static bool set_secret(Channel& channel, const keys::SuiteParameters& suite, crypto::Aead::Purpose purpose);
  static void update(Channel& channel, const View& view, crypto::Aead::Purpose purpose);
  static void note(View& view, Bytes message);
  std::vector<Item> open(Direction direction, const ByteString& bytes);
  void forge(Direction direction, ByteString& message);
  ByteString protect(Direction direction, const Item& item, Bytes content);

  View client_view_;
  View server_view_;
  std::shared_ptr<const Signer> client_signer_;
  std::shared_ptr<const Signer> server_signer_;

 public:
  Endpoint client;
  Endpoint server;
  // How an end takes what was put into its inbox; a test may look on.
  std::function<void(Endpoint&)> digest = [](Endpoint& end) { end.digest(); };
  // The alerts that each end sent, by the direction in which they went.
  std::map<Direction, std::vector<AlertDescription>> alerts;

 private:
  struct Reading {
    Channel channel;
    Epoch epoch = Epoch::plaintext;
    ByteString partial;
  };
  std::map<Direction, Reading> reading_;
  std::map<Direction, Channel> writing_;
};

}  // namespace handfast::test
