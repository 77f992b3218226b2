// Peers that send too much of something: each is cut off at a limit with a name, and one less is taken. Those
// limits that other tests reach are not here: docs/limits.md names the test of each.
#include "base/limits.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "handshake/message_assembler.hpp"
#include "handshake/session_state.hpp"
#include "handshake/transcript12.hpp"
#include "message/messages12.hpp"
#include "message/post_handshake.hpp"
#include "support/hostile.hpp"
#include "support/stepwise12.hpp"

namespace handfast {
namespace {

using test::Item;
using test::Middleman;
using test::must;
using enum Direction;
using E = ErrorCode;

class Limits : public test::Hostile {
 protected:
  // TLS 1.2, both ends established; `target` gets what the test says.
  std::unique_ptr<test::Stepwise> established12(Side target) {
    ClientSettings client = authority_.client_settings();
    client.policy = test::tls12_policy();
    ServerSettings server;
    server.policy = test::tls12_policy();
    server.credentials = {ecdsa_};
    auto stepwise = std::make_unique<test::Stepwise>(target, std::move(client), std::move(server));
    while (auto piece = stepwise->next()) stepwise->give(*piece);
    EXPECT_TRUE(stepwise->end().connection.is_established());
    return stepwise;
  }
  // How often `content` can be sent to an established end of TLS 1.2 until it ends the connection with
  // `code`.
  unsigned taken12(Side target, ContentType type, const ByteString& content, E code) {
    const auto stepwise = established12(target);
    unsigned taken = 0;
    for (; taken < 1000; ++taken) {
      stepwise->inject_next(type, content);
      if (stepwise->end().error) break;
    }
    EXPECT_TRUE(stepwise->end().error);
    if (!stepwise->end().error) return taken;
    EXPECT_EQ(stepwise->end().error->code(), code) << stepwise->end().error->to_string();
    return taken;
  }

  Credential ecdsa_ = authority_.credential("server.test");
};

constexpr std::array kSides = {Side::client, Side::server};

TEST_F(Limits, FloodsInTls12) {
  for (const Side target : kSides) {
    EXPECT_EQ(taken12(target, ContentType::application_data, {}, E::record_empty_flood),
              limits::kMaxEmptyRecords);
    EXPECT_EQ(taken12(target, ContentType::alert, {1, 90}, E::alert_flood), limits::kMaxWarningAlerts);
  }
  const ByteString hello_request = {0, 0, 0, 0};
  EXPECT_EQ(taken12(Side::client, ContentType::handshake, hello_request, E::renegotiation_refused),
            limits::kMaxRenegotiationRequests);
  const ByteString client_hello = {1, 0, 0, 0};
  EXPECT_EQ(taken12(Side::server, ContentType::handshake, client_hello, E::renegotiation_refused),
            limits::kMaxRenegotiationRequests);
}

// One certificate more than the limit is refused before it is looked at; with as many, the verifier decides.
TEST_F(Limits, CertificatesInTls12) {
  for (const std::size_t count : {limits::kMaxCertificates, limits::kMaxCertificates + 1}) {
    ClientSettings client = authority_.client_settings();
    client.policy = test::tls12_policy();
    ServerSettings server;
    server.policy = test::tls12_policy();
    server.credentials = {ecdsa_};
    test::Stepwise stepwise(Side::client, std::move(client), std::move(server));
    while (auto piece = stepwise.next()) {
      if (piece->is(HandshakeType::certificate)) {
        const std::vector<ByteString> list(count, ecdsa_.chain.front());
        piece->content.clear();
        ASSERT_TRUE(message::encode_certificate12(list, piece->content));
      }
      stepwise.give(*piece);
      if (stepwise.end().error) break;
    }
    ASSERT_TRUE(stepwise.end().error);
    // The right leaf, so that only the transcripts differ: nothing after it fits.
    EXPECT_EQ(stepwise.end().error->code() == E::certificate_chain_too_long, count > limits::kMaxCertificates)
        << stepwise.end().error->to_string();
  }
}

// Of the keys that a client offers, those behind the limit are not looked at.
TEST_F(Limits, TriedPsks) {
  const auto key = [](const std::string& name) {
    return must(danger::bare_external_psk(as_bytes(name), ByteString(32, 7)));
  };
  for (const unsigned ahead : {limits::kMaxTriedPsks - 1, limits::kMaxTriedPsks}) {
    ClientSettings client;
    client.policy = Policy::modern();
    for (unsigned i = 0; i < ahead; ++i) client.external_psks.push_back(key("unknown " + std::to_string(i)));
    client.external_psks.push_back(key("known"));
    ServerSettings server;
    server.policy = Policy::modern();
    server.external_psks = {key("known")};
    test::Loopback loopback(test::client_config(std::move(client)), test::server_config(std::move(server)));
    loopback.run();
    EXPECT_EQ(loopback.established(), ahead < limits::kMaxTriedPsks);
    if (!loopback.established()) {
      EXPECT_EQ(loopback.server.error->code(), E::psk_required);
    }
  }
}

// A server may allow four gigabytes of early data: the client sends and keeps what it has room for.
TEST_F(Limits, EarlyDataThatAClientSends) {
  ClientSettings client = client_settings();
  client.clock = &authority_.clock;
  client.early_data = true;
  ServerSettings server = server_settings();
  server.clock = &authority_.clock;
  server.ticket_keys = must(TicketKeys::rotating(authority_.clock));
  server.replay_guard = make_replay_guard(authority_.clock);
  server.max_early_data_size = 1000;
  client.sessions = std::make_shared<ClientSessions>();
  test::Loopback first(test::client_config(client), test::server_config(server));
  first.run();
  const ByteString exported = client.sessions->export_sessions().at(0);
  constexpr std::size_t kKey = sizeof(ClientSessions::Key);
  handshake::SessionState session = must(handshake::decode_session(Bytes(exported).subspan(kKey)));
  session.max_early_data_size = 0xffffffff;
  ByteString generous(exported.begin(), exported.begin() + kKey);
  const ByteString encoded = must(handshake::encode_session(session));
  generous.insert(generous.end(), encoded.begin(), encoded.end());
  client.sessions->clear();
  ASSERT_TRUE(client.sessions->import_session(generous));
  Connection connection =
      must(Connection::client(test::client_config(client), must(ServerName::parse("server.test"))));
  EXPECT_EQ(connection.early_data_limit(), limits::kMaxEarlyDataSent);
  ByteString output(2 * limits::kMaxEarlyDataSent);
  const ByteString text(limits::kMaxEarlyDataSent + 1, 'x');
  std::size_t consumed = 0;
  for (int i = 0; i < 100; ++i) {
    consumed += must(connection.send_early_data(Bytes(text).subspan(consumed), output)).consumed;
  }
  EXPECT_EQ(consumed, limits::kMaxEarlyDataSent);
}

// Tickets above the limit are dropped, and the connection goes on.
TEST_F(Limits, TicketsThatAClientKeeps) {
  for (const std::size_t size : {limits::kMaxTicketSize, limits::kMaxTicketSize + 1}) {
    ClientSettings client = client_settings();
    client.clock = &authority_.clock;
    client.sessions = std::make_shared<ClientSessions>();
    const auto kept = client.sessions;
    Middleman middleman(std::move(client), server_settings());
    middleman.run();
    ByteString message;
    ASSERT_TRUE(message::encode_new_session_ticket({.ticket_lifetime = 1000,
                                                    .ticket_age_add = 1,
                                                    .ticket_nonce = as_bytes("n"),
                                                    .ticket = ByteString(size, 7),
                                                    .max_early_data_size = {},
                                                    .extra = {}},
                                                   message));
    middleman.deliver(received, {.content = message, .epoch = Epoch::application, .fragment = 16384});
    expect_accepted(middleman, received);
    EXPECT_EQ(kept->size(), size <= limits::kMaxTicketSize ? 1U : 0U);
  }
}

TEST_F(Limits, SettingsOfAServer) {
  ServerSettings server = server_settings();
  server.tickets = ServerSettings::kMaxTickets + 1;
  server.clock = &authority_.clock;
  server.ticket_keys = must(TicketKeys::rotating(authority_.clock));
  EXPECT_FALSE(ServerConfig::create(server));
  server.tickets = ServerSettings::kMaxTickets;
  EXPECT_TRUE(ServerConfig::create(server));
  server.replay_guard = make_replay_guard(authority_.clock);
  server.max_early_data_size = ServerSettings::kMaxEarlyData + 1;
  EXPECT_FALSE(ServerConfig::create(server));
  server.max_early_data_size = ServerSettings::kMaxEarlyData;
  EXPECT_TRUE(ServerConfig::create(server));
}

// What is kept for a client's CertificateVerify in TLS 1.2.
TEST_F(Limits, MessagesThatAClientSigns) {
  handshake::Transcript12 transcript(crypto::HashAlgorithm::sha256, true);
  const ByteString message(limits::kMaxSignedMessages / 4, 7);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(transcript.add(message));
  const auto refused = transcript.add(ByteString(1, 7));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), E::limit_exceeded);
  // Nothing is kept where nobody will sign.
  handshake::Transcript12 unsigned_transcript(crypto::HashAlgorithm::sha256, false);
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(unsigned_transcript.add(message));
}

// All that an unauthenticated peer can have kept at one time, whatever its messages are.
TEST_F(Limits, HandshakeMemory) {
  handshake::MemoryBudget budget(limits::kMaxHandshakeMemory);
  std::vector<handshake::MessageBuffer> kept;
  handshake::MessageAssembler assembler(budget);
  const ByteString message = [] {
    constexpr std::size_t kBody = limits::kMaxHandshakeMessage;
    ByteString out = {1, static_cast<std::uint8_t>(kBody >> 16U), static_cast<std::uint8_t>(kBody >> 8U), 0};
    out.resize(4 + kBody);
    return out;
  }();
  std::optional<E> code;
  while (!code && kept.size() < 100) {
    Bytes rest = message;
    auto taken = assembler.take(rest);
    if (!taken) {
      code = taken.error().code();
    } else if (*taken) {
      kept.push_back(std::move(**taken));
    }
  }
  EXPECT_EQ(code, E::limit_exceeded);
  EXPECT_LE(kept.size() * message.size(), limits::kMaxHandshakeMemory);
  EXPECT_GE(kept.size(), 3U);
}

}  // namespace
}  // namespace handfast
