// TLS 1.2: every message in every state of both ends, after what the flow itself says it expects there.
// Whatever is not expected ends the handshake with unexpected_message (attack rows 3 and 4: early
// ChangeCipherSpec, SMACK).
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>

#include "pki/certificate.hpp"
#include "support/stepwise12.hpp"
#include "support/walk.hpp"

namespace handfast {
namespace {

using crypto::KeyType;
using test::Authority;
using test::Piece;
using test::Stepwise;
using test::tls12_policy;

enum class Keeping : std::uint8_t {
  nothing,
  gives_ticket,  // a full handshake with NewSessionTicket
  resumes_by_ticket,
  resumes_and_renews,  // with NewSessionTicket
  resumes_by_id,
};

struct Scenario {
  const char* name;
  CipherSuite suite;
  bool client_certificate;
  bool staple;
  Keeping keeping = Keeping::nothing;
};

constexpr std::array kScenarios = {
    Scenario{"ECDHE", CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, false, false},
    Scenario{"ECDHE, client certificate", CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, true,
             false},
    Scenario{"ECDHE, staple", CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, false, true},
    Scenario{"DHE", CipherSuite::TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, true, false},
    Scenario{"RSA", CipherSuite::TLS_RSA_WITH_AES_128_GCM_SHA256, false, false},
    Scenario{"RSA, staple and client certificate", CipherSuite::TLS_RSA_WITH_AES_256_GCM_SHA384, true, true},
    Scenario{"ECDHE, ticket", CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, true, false,
             Keeping::gives_ticket},
    Scenario{"Resumed by ticket", CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, false, false,
             Keeping::resumes_by_ticket},
    Scenario{"Resumed, new ticket", CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, true, false,
             Keeping::resumes_and_renews},
    Scenario{"Resumed by id", CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, false, false,
             Keeping::resumes_by_id},
};

struct Material {
  Material() {
    pki::IssueSpec spec = authority.leaf_spec("server.test");
    spec.key_usage = static_cast<std::uint16_t>(static_cast<unsigned>(pki::KeyUsage::digital_signature) |
                                                static_cast<unsigned>(pki::KeyUsage::key_encipherment));
    server = authority.credential(spec, KeyType::rsa);
    client = authority.credential("client.test", KeyType::ec_p256);
  }
  Authority authority;
  Credential server;
  Credential client;
};

const Material& material() {
  static const Material all;
  return all;
}

struct Settings {
  ClientSettings client;
  ServerSettings server;
};

// Without sessions.
Settings settings_without_sessions(const Scenario& scenario) {
  ClientSettings client = material().authority.client_settings();
  client.policy = tls12_policy();
  ServerSettings server;
  server.policy = tls12_policy();
  server.policy.suites = {scenario.suite};
  server.credentials.push_back(material().server);
  if (scenario.staple) {
    server.credentials.back().ocsp_response = {1, 2, 3};
    client.verifier = danger::accept_any_certificate();  // of a staple that says nothing, too
  }
  if (scenario.client_certificate) {
    server.client_authentication = ClientAuthentication::required;
    server.client_verifier = material().authority.verifier();
    client.credentials.push_back(material().client);
  }
  client.clock = &material().authority.clock;
  server.clock = &material().authority.clock;
  return {std::move(client), std::move(server)};
}

std::shared_ptr<TicketKeys> ticket_keys(std::initializer_list<std::uint8_t> numbers) {
  std::vector<TicketKey> keys;
  for (const std::uint8_t number : numbers) {
    TicketKey& key = keys.emplace_back();
    key.name.fill(number);
    key.secret.resize(TicketKey::kSecretSize);
    key.secret.writable()[0] = number;
  }
  return test::must(TicketKeys::supplied(std::move(keys)));
}

// A client that has been to such a server before, where the scenario resumes. The session is made once; each
// handshake begins with a copy of it, because a client forgets what it could not resume.
Settings settings_of(const Scenario& scenario) {
  Settings settings = settings_without_sessions(scenario);
  if (scenario.keeping == Keeping::nothing) return settings;
  static std::map<std::string, std::pair<ByteString, std::shared_ptr<SessionStore>>> made;
  if (scenario.keeping != Keeping::gives_ticket && !made.contains(scenario.name)) {
    auto& [session, store] = made[scenario.name];
    Settings first = settings_without_sessions(scenario);
    first.client.sessions = std::make_shared<ClientSessions>();
    store = make_session_store(material().authority.clock);
    if (scenario.keeping == Keeping::resumes_by_id) {
      first.server.session_store = store;
    } else {
      first.server.ticket_keys = ticket_keys({1});
    }
    test::Loopback loopback(test::client_config(first.client), test::server_config(first.server));
    loopback.run();
    EXPECT_TRUE(loopback.established());
    session = first.client.sessions->export_sessions().at(0);
  }
  settings.client.sessions = std::make_shared<ClientSessions>();
  if (scenario.keeping != Keeping::gives_ticket) {
    EXPECT_TRUE(settings.client.sessions->import_session(made[scenario.name].first));
  }
  if (scenario.keeping == Keeping::resumes_by_id) {
    settings.server.session_store = made[scenario.name].second;
  } else if (scenario.keeping == Keeping::resumes_and_renews) {
    settings.server.ticket_keys = ticket_keys({2, 1});
  } else {
    settings.server.ticket_keys = ticket_keys({1});
  }
  return settings;
}

bool resumes(const Scenario& scenario) { return scenario.keeping > Keeping::gives_ticket; }

std::unique_ptr<Stepwise> handshake(const Scenario& scenario, Side target) {
  Settings settings = settings_of(scenario);
  return std::make_unique<Stepwise>(target, std::move(settings.client), std::move(settings.server));
}

// All pieces of a handshake that nobody disturbs, as `target` gets them.
std::vector<Piece> undisturbed(const Scenario& scenario, Side target) {
  const auto stepwise = handshake(scenario, target);
  std::vector<Piece> pieces;
  while (auto piece = stepwise->next()) {
    stepwise->give(*piece);
    EXPECT_FALSE(stepwise->end().error) << stepwise->end().error->to_string();
    pieces.push_back(std::move(*piece));
  }
  EXPECT_TRUE(stepwise->end().connection.is_established());
  EXPECT_EQ(stepwise->end().connection.info()->resumed, resumes(scenario));
  return pieces;
}

// The message of this type that was really sent, or an empty one.
ByteString sample(HandshakeType type, const std::vector<Piece>& client, const std::vector<Piece>& server) {
  for (const auto* pieces : {&client, &server}) {
    for (const Piece& piece : *pieces) {
      if (piece.is(type)) return piece.content;
    }
  }
  return {static_cast<std::uint8_t>(type), 0, 0, 0};
}

constexpr std::array kTypes = {
    HandshakeType::hello_request,          HandshakeType::client_hello,
    HandshakeType::server_hello,           HandshakeType::new_session_ticket,
    HandshakeType::end_of_early_data,      HandshakeType::hello_retry_request,
    HandshakeType::encrypted_extensions,   HandshakeType::certificate,
    HandshakeType::server_key_exchange,    HandshakeType::certificate_request,
    HandshakeType::server_hello_done,      HandshakeType::certificate_verify,
    HandshakeType::client_key_exchange,    HandshakeType::finished,
    HandshakeType::certificate_status,     HandshakeType::key_update,
    HandshakeType::compressed_certificate, HandshakeType::message_hash,
    HandshakeType::change_cipher_spec,     HandshakeType{77},
};

void expect_refused(Stepwise& stepwise) {
  ASSERT_TRUE(stepwise.end().error);
  EXPECT_EQ(stepwise.end().error->alert(), AlertDescription::unexpected_message)
      << stepwise.end().error->to_string();
  EXPECT_FALSE(stepwise.end().connection.is_established());
  EXPECT_TRUE(stepwise.end().received.empty());
}

class States12 : public testing::TestWithParam<std::tuple<Scenario, Side>> {};

TEST_P(States12, TakeNothingButWhatTheyExpect) {
  const Scenario& scenario = std::get<0>(GetParam());
  const Side target = std::get<1>(GetParam());
  const auto client = undisturbed(scenario, Side::server);
  const auto server = undisturbed(scenario, Side::client);
  const std::size_t states = (target == Side::client ? server : client).size();
  std::size_t refused = 0;
  for (std::size_t state = 0; state < states; ++state) {
    const auto disturbed = [&](ContentType type, const ByteString& content) {
      const auto stepwise = handshake(scenario, target);
      for (std::size_t i = 0; i < state; ++i) stepwise->give(*stepwise->next());
      (void)stepwise->next();  // its peer has said what comes next: the keys may be known
      stepwise->inject(type, content);
      expect_refused(*stepwise);
      ++refused;
    };
    // What the flow says it waits for.
    const auto probe = handshake(scenario, target);
    for (std::size_t i = 0; i < state; ++i) probe->give(*probe->next());
    const Waiting waiting = probe->end().connection.waiting_for();
    ASSERT_EQ(waiting.what, Waiting::For::peer);
    const std::vector<HandshakeType> expected(waiting.messages.begin(), waiting.messages.end());
    ASSERT_FALSE(expected.empty());
    const bool wants_change = expected.front() == HandshakeType::change_cipher_spec;
    for (const HandshakeType type : kTypes) {
      const bool is_expected = std::ranges::find(expected, type) != expected.end();
      // As a handshake message, change_cipher_spec is never right.
      if (is_expected && type != HandshakeType::change_cipher_spec) continue;
      SCOPED_TRACE(std::string(scenario.name) + ", state " + std::to_string(state) + ", " +
                   std::string(name_of(type)));
      disturbed(ContentType::handshake, sample(type, client, server));
    }
    SCOPED_TRACE(std::string(scenario.name) + ", state " + std::to_string(state) + ", another record");
    if (!wants_change) disturbed(ContentType::change_cipher_spec, {1});
    disturbed(ContentType::change_cipher_spec, {0});
    disturbed(ContentType::change_cipher_spec, {1, 1});
    disturbed(ContentType::application_data, {'x'});
  }
  // At least: every state refuses most of the types.
  EXPECT_GE(refused, states * 18);
}

std::string name_of_case(const testing::TestParamInfo<std::tuple<Scenario, Side>>& info) {
  std::string name =
      std::string(std::get<0>(info.param).name) + " " + std::string(name_of(std::get<1>(info.param)));
  std::erase_if(name, [](char c) { return c == ' ' || c == ','; });
  return name;
}

INSTANTIATE_TEST_SUITE_P(AllFlows, States12,
                         testing::Combine(testing::ValuesIn(kScenarios),
                                          testing::Values(Side::client, Side::server)),
                         name_of_case);

// Every sequence of messages that this end might be sent, with the contents that its peer gives them in this
// very handshake, or of others: one of them is established. What is accepted on the way and must not be
// skipped shows in Finished.
TEST_P(States12, OnePathIsAccepted) {
  const auto& [scenario, target] = GetParam();
  const auto client = undisturbed(scenario, Side::server);
  const auto server = undisturbed(scenario, Side::client);
  using test::Walk;
  const auto symbol_of = [](const Piece& piece) {
    if (piece.type == ContentType::change_cipher_spec) return Walk::kChangeCipherSpec;
    // The only message under keys.
    return static_cast<Walk::Symbol>(piece.is_sealed ? HandshakeType::finished
                                                     : HandshakeType{piece.content[0]});
  };
  const auto play = [&](const Walk::Path& path) {
    const auto stepwise = handshake(scenario, target);
    std::deque<Piece> pending;
    for (const Walk::Symbol symbol : path) {
      while (auto piece = stepwise->next()) pending.push_back(std::move(*piece));
      const auto live = std::ranges::find(pending, symbol, symbol_of);
      if (live != pending.end() && live->is_sealed == stepwise->is_under_keys()) {
        const Piece piece = *live;
        pending.erase(live);
        stepwise->give(piece);
      } else if (symbol == Walk::kChangeCipherSpec) {
        stepwise->inject(ContentType::change_cipher_spec, ByteString{1});
      } else if (symbol == Walk::kApplicationData) {
        stepwise->inject(ContentType::application_data, ByteString{'x'});
      } else {
        stepwise->inject(ContentType::handshake, sample(static_cast<HandshakeType>(symbol), client, server));
      }
      if (stepwise->end().error) break;
    }
    EXPECT_TRUE(stepwise->end().received.empty());
    if (stepwise->end().connection.is_established()) return Walk::Outcome::established;
    return stepwise->end().error ? Walk::Outcome::refused : Walk::Outcome::open;
  };
  Walk::Path honest;
  for (const Piece& piece : target == Side::client ? server : client) honest.push_back(symbol_of(piece));
  Walk walk(play);
  EXPECT_EQ(walk.accepted(), std::set<std::string>{Walk::text_of(honest)});
  EXPECT_GE(walk.depth(), std::max<std::size_t>(honest.size(), 3));
  RecordProperty("sequences", static_cast<int>(walk.played()));
}

// Each piece left out: what comes after it is then unexpected, or cannot be opened.
TEST_P(States12, NoticeWhatIsMissing) {
  const auto& [scenario, target] = GetParam();
  const std::size_t states = undisturbed(scenario, target).size();
  for (std::size_t skipped = 0; skipped + 1 < states; ++skipped) {
    SCOPED_TRACE(std::string(scenario.name) + ", without piece " + std::to_string(skipped));
    const auto stepwise = handshake(scenario, target);
    for (std::size_t i = 0; i < skipped; ++i) stepwise->give(*stepwise->next());
    const auto left_out = stepwise->next();
    ASSERT_TRUE(left_out);
    // CertificateStatus and CertificateRequest may be absent; then the transcripts differ.
    const bool may_be_absent =
        left_out->is(HandshakeType::certificate_status) || left_out->is(HandshakeType::certificate_request);
    while (!stepwise->end().error) {
      const auto piece = stepwise->next();
      if (!piece) break;
      stepwise->give(*piece);
    }
    EXPECT_FALSE(stepwise->end().connection.is_established());
    if (may_be_absent) continue;
    if (!stepwise->end().error) continue;  // waits for ever for what its peer thinks it has sent
    EXPECT_EQ(stepwise->end().error->alert(), AlertDescription::unexpected_message)
        << stepwise->end().error->to_string();
  }
}

// A change_cipher_spec before the ServerHello is TLS 1.3's; if the server then chooses TLS 1.2, it came too
// early.
TEST(Versions12, EarlyChangeCipherSpecIsRememberedUntilTheVersionIsKnown) {
  ClientSettings client = material().authority.client_settings();
  client.policy = Policy::legacy();
  ServerSettings server;
  server.policy = tls12_policy();
  server.credentials.push_back(material().server);
  Stepwise stepwise(Side::client, std::move(client), std::move(server));
  const auto hello = stepwise.next();
  stepwise.inject(ContentType::change_cipher_spec, ByteString{1});
  EXPECT_FALSE(stepwise.end().error);
  stepwise.give(*hello);
  expect_refused(stepwise);
}

// "no data is accepted before Finished", nor after it anything but data, alerts and what is answered with
// no_renegotiation.
TEST(Established12, RenegotiationIsRefusedOnceAndThenForGood) {
  for (const Side target : {Side::client, Side::server}) {
    const Scenario& scenario = kScenarios[0];
    const auto client = undisturbed(scenario, Side::server);
    for (const HandshakeType type : kTypes) {
      SCOPED_TRACE(std::string(name_of(target)) + " gets " + std::string(name_of(type)));
      const auto stepwise = handshake(scenario, target);
      while (auto piece = stepwise->next()) stepwise->give(*piece);
      ASSERT_TRUE(stepwise->end().connection.is_established());
      (void)stepwise->end().drain();
      const bool asks_again =
          type == (target == Side::client ? HandshakeType::hello_request : HandshakeType::client_hello);
      stepwise->inject(ContentType::handshake, asks_again
                                                   ? sample(type, client, {})
                                                   : ByteString{static_cast<std::uint8_t>(type), 0, 0, 0});
      if (!asks_again) {
        ASSERT_TRUE(stepwise->end().error);
        EXPECT_EQ(stepwise->end().error->alert(), AlertDescription::unexpected_message);
        continue;
      }
      EXPECT_FALSE(stepwise->end().error);
      const ByteString warning = stepwise->end().drain();
      ASSERT_FALSE(warning.empty());
      EXPECT_EQ(warning[0], 21);
      stepwise->peer().inbox = warning;
      stepwise->peer().digest();
      EXPECT_FALSE(stepwise->peer().error) << "a warning ends nothing";
      const ByteString data = stepwise->end().say("still here");
      stepwise->peer().inbox = data;
      stepwise->peer().digest();
      EXPECT_EQ(as_text(stepwise->peer().received), "still here");
    }
  }
}

// Every byte of a handshake, in both directions, with one bit changed: it is never established. Only the
// version in the header of a record without protection may be anything.
TEST(BitFlips12, NoneGoesUnnoticed) {
  for (const Scenario& scenario :
       {kScenarios[0], kScenarios[1], kScenarios[4], kScenarios[8], kScenarios[9]}) {
    // Flips the byte at `target` of all that goes in `direction`; how many bytes went.
    const auto run = [&](Direction flipped, std::size_t target) {
      Settings settings = settings_of(scenario);
      settings.client.grease = false;
      settings.client.permute_extensions = false;
      test::Loopback loopback(test::client_config(std::move(settings.client)),
                              test::server_config(std::move(settings.server)));
      std::size_t seen = 0;
      bool skipped = true;  // until a byte was changed: signatures are not always of one length
      bool is_sealed = false;
      loopback.run([&](Direction direction, ByteString& bytes) {
        if (direction != flipped) return;
        for (std::size_t at = 0; at + 5 <= bytes.size();) {
          const std::size_t size = 5 + (static_cast<std::size_t>(bytes[at + 3]) << 8U | bytes[at + 4]);
          const bool is_change = bytes[at] == 20;
          if (target >= seen + at && target < seen + at + size) {
            const std::size_t inside = target - seen - at;
            skipped = !is_sealed && (inside == 1 || inside == 2);
            bytes[target - seen] = static_cast<std::uint8_t>(bytes[target - seen] ^ 0x04U);
          }
          at += size;
          is_sealed = is_sealed || is_change;
        }
        seen += bytes.size();
      });
      if (!skipped) {
        EXPECT_FALSE(loopback.established())
            << scenario.name << ", " << static_cast<int>(flipped) << ", byte " << target;
      }
      return seen;
    };
    for (const Direction direction : {Direction::sent, Direction::received}) {
      const std::size_t size = run(direction, SIZE_MAX);
      for (std::size_t target = 0; target < size; ++target) run(direction, target);
    }
  }
}

}  // namespace
}  // namespace handfast
