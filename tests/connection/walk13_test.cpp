// Every sequence of messages that an end of TLS 1.3 might be sent, by a peer that knows the keys and makes
// each proof right for what was said: which sequences end in an established connection. Attack rows 4, 10
// and 12.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>

#include "message/server_hello.hpp"
#include "support/hostile.hpp"
#include "support/walk.hpp"

namespace handfast {
namespace {

using test::Item;
using test::Middleman;
using test::must;
using test::Walk;
using enum Direction;
using M = HandshakeType;

enum class Mode : std::uint8_t { plain, client_certificate, retry, resumed };
constexpr std::array kModes = {Mode::plain, Mode::client_certificate, Mode::retry, Mode::resumed};
const char* text_of(Mode mode) {
  constexpr std::array kTexts = {"plain", "client certificate", "retry", "resumed"};
  return kTexts[static_cast<std::size_t>(mode)];
}

class Walk13 : public test::Hostile {
 protected:
  Walk13() {
    TicketKey& key = ticket_keys_.emplace_back();
    key.secret.resize(TicketKey::kSecretSize);
    key.secret.writable()[0] = 1;
    keys_ = must(TicketKeys::supplied(std::move(ticket_keys_)));
    // A session, and one message of each kind that the modes send.
    sessions_ = std::make_shared<ClientSessions>();
    for (const Mode mode : {Mode::plain, Mode::client_certificate, Mode::retry}) {
      Middleman middleman = between(mode);
      middleman.run([&](Direction, std::vector<Item>& items) {
        for (const Item& item : items) {
          if (item.type == ContentType::handshake) samples_.emplace(symbol_of(item), item.content);
        }
      });
      EXPECT_TRUE(middleman.established());
    }
    session_ = sessions_->export_sessions().at(0);
    samples_[static_cast<Walk::Symbol>(M::key_update)] =
        test::handshake_message(M::key_update, ByteString{0});
  }

  Middleman between(Mode mode) {
    ClientSettings client = client_settings();
    client.middlebox_compatibility = false;  // then a HelloRetryRequest of one handshake fits into another
    client.credentials = {client_};
    client.clock = &authority_.clock;
    if (mode == Mode::resumed) {
      client.sessions = std::make_shared<ClientSessions>();
      EXPECT_TRUE(client.sessions->import_session(session_));
    } else if (mode == Mode::plain) {
      client.sessions = sessions_;
    }
    ServerSettings server = mode == Mode::retry ? retrying_server() : server_settings();
    server.clock = &authority_.clock;
    server.ticket_keys = keys_;
    if (mode == Mode::client_certificate) {
      server.client_authentication = ClientAuthentication::required;
      server.client_verifier = authority_.verifier();
    }
    return {std::move(client), std::move(server)};
  }

  static Walk::Symbol symbol_of(const Item& item) {
    if (item.type != ContentType::handshake) return Walk::kApplicationData;
    return static_cast<Walk::Symbol>(message::is_hello_retry_request(item.content) ? M::hello_retry_request
                                                                                   : M{item.content[0]});
  }

  // Gives the end that receives `toward` these messages: those that its peer really has to say, where it has,
  // else samples of other handshakes.
  Walk::Outcome play(Mode mode, Direction toward, const Walk::Path& path) {
    Middleman middleman = between(mode);
    test::Endpoint& target = middleman.receiver(toward);
    std::deque<Item> pending;
    Epoch epoch = Epoch::plaintext;
    for (const Walk::Symbol symbol : path) {
      for (const Item& item : middleman.take(test::back(toward))) middleman.deliver(test::back(toward), item);
      for (Item& item : middleman.take(toward)) pending.push_back(std::move(item));
      if (!pending.empty()) epoch = pending.front().epoch;
      const auto live = std::find_if(pending.begin(), pending.end(),
                                     [&](const Item& item) { return symbol_of(item) == symbol; });
      Item item{.epoch = epoch};
      if (symbol == Walk::kApplicationData) {
        item.type = ContentType::application_data;
        item.content = {'x'};
      } else if (live != pending.end()) {
        item = std::move(*live);
        pending.erase(live);
      } else if (const auto sample = samples_.find(symbol); sample != samples_.end()) {
        item.content = sample->second;
      } else {
        item.content = {static_cast<std::uint8_t>(symbol), 0, 0, 0};
      }
      middleman.deliver(toward, item);
      if (target.error) break;
    }
    EXPECT_TRUE(target.received.empty());
    if (target.connection.is_established()) return Walk::Outcome::established;
    return target.error ? Walk::Outcome::refused : Walk::Outcome::open;
  }

  static std::set<std::string> expected(Mode mode, Direction toward) {
    if (toward == sent) {
      switch (mode) {
        case Mode::client_certificate:
          return {"ClientHello Certificate CertificateVerify Finished"};
        case Mode::retry:
          return {"ClientHello ClientHello Finished"};
        default:
          return {"ClientHello Finished"};
      }
    }
    if (mode == Mode::resumed) return {"ServerHello EncryptedExtensions Finished"};
    // A server may ask for a certificate: the only choice that there is.
    std::set<std::string> out;
    for (const std::string asked : {"", "CertificateRequest "}) {
      out.insert((mode == Mode::retry ? "HelloRetryRequest " : "") +
                 std::string("ServerHello EncryptedExtensions ") + asked +
                 "Certificate CertificateVerify Finished");
    }
    return out;
  }

 private:
  std::vector<TicketKey> ticket_keys_;
  std::shared_ptr<TicketKeys> keys_;
  std::shared_ptr<ClientSessions> sessions_;
  ByteString session_;
  std::map<Walk::Symbol, ByteString> samples_;
};

TEST_F(Walk13, OnePathIsAccepted) {
  std::size_t played = 0;
  std::size_t depth = 0;
  for (const Mode mode : kModes) {
    for (const Direction toward : test::kDirections) {
      SCOPED_TRACE(std::string(test::text_of(toward)) + text_of(mode));
      Walk walk([&](const Walk::Path& path) { return play(mode, toward, path); });
      walk.without(
          Walk::kChangeCipherSpec);  // is dropped, wherever it comes: RecordTamper.ChangeCipherSpecAtEachTime
      EXPECT_EQ(walk.accepted(), expected(mode, toward));
      played += walk.played();
      depth = std::max(depth, walk.depth());
    }
  }
  RecordProperty("sequences", static_cast<int>(played));
  EXPECT_GT(played, 500U);
  EXPECT_GE(depth, 7U);
}

}  // namespace
}  // namespace handfast
