// Captures of real handshakes of this library's own client and server, told with and without keys; and
// captures of what goes wrong, each led to its failure.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "common/escape.hpp"
#include "explain/capture/run.hpp"
#include "support/capture_writer.hpp"
#include "support/loopback.hpp"
#include "support/tls12.hpp"

namespace handfast::apps::capture {
namespace {

using test::Authority;
using test::kFin;
using test::PcapngWriter;
using test::PcapWriter;
using test::TcpScript;

struct TextKeyLog final : danger::KeyLog {
  void on_secret(std::string_view label, Bytes random, Bytes secret) override {
    text += std::string(label) + " " + to_hex(random) + " " + to_hex(secret) + "\n";
  }
  std::string text;
};

struct Flight {
  bool client;
  ByteString bytes;
};

// What two ends said to each other, and their secrets.
struct Recording {
  std::vector<Flight> flights;
  std::string secrets;
};

Recording record(ClientSettings client, ServerSettings server, const std::string& name = "server.test",
                 bool talk = true) {
  Recording out;
  TextKeyLog log;
  client.key_log = &log;
  test::Loopback loopback(test::client_config(std::move(client)), test::server_config(std::move(server)),
                          name);
  loopback.run([&](Direction direction, ByteString& bytes) {
    out.flights.push_back({direction == Direction::sent, bytes});
  });
  if (talk && loopback.established()) {
    out.flights.push_back({true, loopback.client.say("ping")});
    out.flights.push_back({false, loopback.server.say("pong, with more to say")});
  }
  out.secrets = log.text;
  return out;
}

struct Told {
  nlohmann::json json;
  std::string text;
  std::string complaints;
  int exit = -1;
  [[nodiscard]] const nlohmann::json& first() const { return json["conversations"][0]; }
  [[nodiscard]] std::string finding() const {
    const auto& found = first()["finding"];
    return found.is_null() ? "" : found["id"].is_null() ? "?" : found["id"].get<std::string>();
  }
  [[nodiscard]] std::string confidence() const { return first()["finding"]["confidence"]; }
  // "ClientHello ServerHello …"
  [[nodiscard]] std::string steps() const {
    std::string out;
    for (const auto& step : first()["handshake"]["steps"]) {
      out += (out.empty() ? "" : " ") + step["title"].get<std::string>();
    }
    return out;
  }
};

Told tell(Bytes file, bool redact = false) {
  Told out;
  CaptureCommand command;
  command.report.redact = redact;
  for (const bool json : {true, false}) {
    command.json = json;
    std::string printed;
    MemorySource source(file);
    const auto exit = run_capture(source, command,
                                  {[&](const std::string& text) {
                                     printed += text;
                                     return true;
                                   },
                                   [&](const std::string& text) { out.complaints = text; },
                                   {}});
    EXPECT_TRUE(out.exit == -1 || out.exit == static_cast<int>(exit));
    out.exit = static_cast<int>(exit);
    if (json) {
      out.json = nlohmann::json::parse(printed);
      EXPECT_EQ(out.json["exit_code"], out.exit);
    } else {
      out.text = printed;
    }
  }
  return out;
}

// The whole conversation, in order, with a proper end.
template <class Writer>
void play(Writer& writer, const Recording& recording, std::size_t most = 1400) {
  TcpScript script(writer);
  script.open();
  for (const Flight& flight : recording.flights) script.say(flight.client, flight.bytes, most);
  script.close();
}

Told tell_with_keys(const Recording& recording, std::size_t most = 1400) {
  PcapngWriter writer;
  writer.secrets(recording.secrets);
  play(writer, recording, most);
  return tell(writer.bytes());
}
Told tell_without_keys(const Recording& recording) {
  PcapWriter writer;
  play(writer, recording);
  return tell(writer.bytes());
}

class Narration : public ::testing::Test {
 protected:
  Authority authority_;
  Recording tls13_ = record(authority_.client_settings(), authority_.server_settings());

  Recording tls12() {
    ClientSettings client = authority_.client_settings();
    ServerSettings server = authority_.server_settings();
    client.policy = server.policy = test::tls12_policy();
    return record(std::move(client), std::move(server));
  }
};

TEST_F(Narration, TellsAHandshakeOfTls13WithItsKeys) {
  const Told told = tell_with_keys(tls13_);
  EXPECT_EQ(told.exit, 0) << told.text;
  EXPECT_EQ(told.first()["outcome"], "established");
  EXPECT_EQ(told.first()["decryption"], "done");
  EXPECT_EQ(told.first()["server_name"], "server.test");
  EXPECT_EQ(told.first()["version"], "TLS 1.3");
  EXPECT_EQ(told.finding(), "");
  EXPECT_TRUE(told.steps().starts_with(
      "ClientHello ServerHello from here everything is encrypted EncryptedExtensions "
      "Certificate CertificateVerify Finished Finished"))
      << told.steps();
  EXPECT_EQ(told.first()["application_bytes"]["client"], 4);
  EXPECT_EQ(told.first()["application_bytes"]["server"], 22);
  EXPECT_TRUE(told.first()["ja4"].get<std::string>().starts_with("t13d"));
  EXPECT_EQ(told.first()["ja3"].get<std::string>().size(), 32U);
  EXPECT_EQ(told.first()["ja3s"].get<std::string>().size(), 32U);
  // Nothing was verified by somebody who only looks on.
  EXPECT_EQ(told.text.find("proved"), std::string::npos) << told.text;
  EXPECT_NE(told.text.find("1 TLS conversation"), std::string::npos) << told.text;
  EXPECT_NE(told.text.find("server.test"), std::string::npos);
}

TEST_F(Narration, TellsAHandshakeOfTls12WithItsKeys) {
  const Told told = tell_with_keys(tls12());
  EXPECT_EQ(told.exit, 0) << told.text;
  EXPECT_EQ(told.first()["decryption"], "done");
  EXPECT_EQ(told.first()["version"], "TLS 1.2");
  EXPECT_TRUE(
      told.steps().starts_with("ClientHello ServerHello Certificate ServerKeyExchange ServerHelloDone "
                               "ClientKeyExchange ChangeCipherSpec Finished"))
      << told.steps();
  EXPECT_EQ(told.first()["application_bytes"]["client"], 4);
}

TEST_F(Narration, DoesNotCareHowSegmentsWereCut) {
  for (const std::size_t most : {std::size_t{1}, std::size_t{5}, std::size_t{100}, std::size_t{60'000}}) {
    const Told told = tell_with_keys(tls13_, most);
    EXPECT_EQ(told.exit, 0) << most << told.text;
    EXPECT_EQ(told.first()["application_bytes"]["server"], 22) << most;
  }
}

TEST_F(Narration, SaysWhatStaysHiddenWithoutKeys) {
  const Told told = tell_without_keys(tls13_);
  EXPECT_EQ(told.exit, 42);
  EXPECT_EQ(told.first()["outcome"], "established") << told.text;
  EXPECT_EQ(told.first()["decryption"], "no_keys");
  EXPECT_TRUE(told.steps().starts_with("ClientHello ServerHello"));
  EXPECT_NE(told.text.find("likely Finished"), std::string::npos) << told.text;
  const Told older = tell_without_keys(tls12());
  EXPECT_EQ(older.first()["outcome"], "established") << older.text;
  EXPECT_EQ(older.exit, 42);
}

TEST_F(Narration, KnowsKeysThatDoNotFit) {
  Recording other = tls13_;
  for (std::size_t at = other.secrets.find("TRAFFIC_SECRET"); at != std::string::npos;
       at = other.secrets.find("TRAFFIC_SECRET", at + 1)) {
    const std::size_t end = other.secrets.find('\n', at) - 1;
    other.secrets[end] = other.secrets[end] == '0' ? '1' : '0';
  }
  const Told told = tell_with_keys(other);
  EXPECT_EQ(told.first()["decryption"], "failed");
  EXPECT_EQ(told.exit, 42);
}

TEST_F(Narration, FindsTheClientsReasonInTheCertificates) {
  const Authority stranger;
  ClientSettings distrustful = authority_.client_settings();
  distrustful.verifier = stranger.verifier();
  const Told unknown = tell_with_keys(record(std::move(distrustful), authority_.server_settings()));
  EXPECT_EQ(unknown.finding(), "C-01") << unknown.text;
  EXPECT_EQ(unknown.confidence(), "likely");
  EXPECT_EQ(unknown.exit, 20);

  auto spec = authority_.leaf_spec("server.test");
  spec.not_after = authority_.clock.time - std::chrono::hours(1);
  ServerSettings server = authority_.server_settings();
  server.credentials = {authority_.credential(spec, crypto::KeyType::ec_p256)};
  const Told expired = tell_with_keys(record(authority_.client_settings(), server));
  EXPECT_EQ(expired.finding(), "C-07") << expired.text;
  EXPECT_EQ(expired.confidence(), "certain");
  EXPECT_EQ(expired.exit, 22);

  // Without keys there is only a size.
  const Told hidden = tell_without_keys(record(authority_.client_settings(), server));
  EXPECT_EQ(hidden.first()["outcome"], "failed") << hidden.text;
  EXPECT_EQ(hidden.finding(), "?");
  EXPECT_EQ(hidden.confidence(), "likely");
  EXPECT_NE(hidden.text.find("19 bytes"), std::string::npos) << hidden.text;

  ClientSettings elsewhere = authority_.client_settings();
  const Told name = tell_with_keys(record(std::move(elsewhere), authority_.server_settings("other.test")));
  EXPECT_EQ(name.finding(), "H-01") << name.text;
}

TEST_F(Narration, FindsTheServersRefusal) {
  ClientSettings client = authority_.client_settings();
  client.policy.groups = client.policy.key_shares = {NamedGroup::secp521r1};
  ServerSettings server = authority_.server_settings();
  server.policy.groups = server.policy.key_shares = {NamedGroup::x25519};
  const Told told = tell_without_keys(record(std::move(client), std::move(server)));
  EXPECT_EQ(told.finding(), "P-05") << told.text;
  EXPECT_EQ(told.confidence(), "possible");
  EXPECT_EQ(told.exit, 30);
}

TEST_F(Narration, FindsTlsAfterADialogue) {
  PcapngWriter writer;
  writer.secrets(tls13_.secrets);
  TcpScript script(writer);
  script.open();
  script.say(false, as_bytes("220 mail.test ESMTP\r\n"));
  script.say(true, as_bytes("EHLO me\r\n"));
  script.say(false, as_bytes("250-mail.test\r\n250 STARTTLS\r\n"));
  script.say(true, as_bytes("STARTTLS\r\n"));
  script.say(false, as_bytes("220 go ahead\r\n"));
  for (const Flight& flight : tls13_.flights) script.say(flight.client, flight.bytes);
  script.close();
  const Told told = tell(writer.bytes());
  EXPECT_EQ(told.exit, 0) << told.text;
  EXPECT_EQ(told.first()["dialogue"], "SMTP");
  EXPECT_EQ(told.first()["outcome"], "established");
  EXPECT_NE(told.text.find("after a dialogue of SMTP"), std::string::npos);
}

TEST_F(Narration, SurvivesDisorderAndRepetition) {
  PcapngWriter writer;
  writer.secrets(tls13_.secrets);
  TcpScript script(writer);
  script.open();
  for (const Flight& flight : tls13_.flights) {
    const Bytes bytes = flight.bytes;
    const std::size_t half = bytes.size() / 2;
    script.send(flight.client, bytes.subspan(half), test::kAck, static_cast<std::int64_t>(half));
    script.send(flight.client, bytes.first(half), test::kAck);
    script.send(flight.client, bytes, test::kAck);
    script.skip(flight.client, static_cast<std::uint32_t>(bytes.size()));
  }
  script.close();
  const Told told = tell(writer.bytes());
  EXPECT_EQ(told.exit, 0) << told.text;
  EXPECT_EQ(told.first()["outcome"], "established");
}

TEST_F(Narration, SaysWhatIsMissing) {
  PcapngWriter writer;
  writer.secrets(tls13_.secrets);
  TcpScript script(writer);
  script.open();
  bool dropped = false;
  for (const Flight& flight : tls13_.flights) {
    if (!flight.client && !dropped) {
      dropped = true;
      script.say(false, Bytes(flight.bytes).first(200));
      script.skip(false, 50);
      script.say(false, Bytes(flight.bytes).subspan(250));
    } else {
      script.say(flight.client, flight.bytes);
    }
  }
  script.close();
  const Told told = tell(writer.bytes());
  EXPECT_EQ(told.first()["lost_bytes"]["server"], 50) << told.text;
  EXPECT_NE(told.text.find("are missing in the capture"), std::string::npos);
}

TEST_F(Narration, KnowsHowAClientHelloWasNotAnswered) {
  const Bytes hello = tls13_.flights.front().bytes;
  const auto after_hello = [&](auto&& rest) {
    PcapWriter writer;
    TcpScript script(writer);
    script.open();
    script.say(true, hello);
    rest(script);
    return tell(writer.bytes());
  };
  const Told reset = after_hello([](auto& script) { script.reset(false); });
  EXPECT_EQ(reset.finding(), "N-07") << reset.text;
  EXPECT_EQ(reset.exit, 32);
  const Told closed = after_hello([](auto& script) { script.send(false, {}, kFin | test::kAck); });
  EXPECT_EQ(closed.finding(), "N-08") << closed.text;
  const Told silent = after_hello([&](auto& script) {
    for (int i = 0; i < 4; ++i) {
      script.time.seconds += 1U << static_cast<unsigned>(i);
      script.send(true, hello, test::kAck, -static_cast<std::int64_t>(hello.size()));
    }
  });
  EXPECT_EQ(silent.finding(), "N-05") << silent.text;
  EXPECT_EQ(silent.confidence(), "likely");
  const Told web =
      after_hello([](auto& script) { script.say(false, as_bytes("HTTP/1.1 400 Bad Request\r\n\r\n")); });
  EXPECT_EQ(web.finding(), "N-01") << web.text;
  EXPECT_EQ(web.exit, 7);
  const Told cut = after_hello([](auto&) {});
  EXPECT_EQ(cut.first()["outcome"], "unfinished");
}

TEST_F(Narration, SaysWhenThereIsNoTls) {
  PcapWriter writer;
  TcpScript script(writer);
  script.open();
  script.say(true, as_bytes("GET / HTTP/1.1\r\n\r\n"));
  script.say(false, as_bytes("HTTP/1.1 200 OK\r\n\r\n"));
  script.close();
  const Told told = tell(writer.bytes());
  EXPECT_EQ(told.exit, 41);
  EXPECT_NE(told.text.find("0 TLS conversations"), std::string::npos);
  EXPECT_NE(told.text.find("no ClientHello"), std::string::npos);
  EXPECT_EQ(tell(as_bytes("nonsense, no capture")).exit, 40);
  EXPECT_NE(tell(as_bytes("nonsense, no capture")).complaints.find("no pcap"), std::string::npos);
}

TEST_F(Narration, RedactsWhoItWas) {
  PcapngWriter writer;
  writer.secrets(tls13_.secrets);
  play(writer, tls13_);
  const Told told = tell(writer.bytes(), true);
  for (const std::string& out : {told.text, told.json.dump()}) {
    for (const char* secret : {"server.test", "Test Root", "10.0.0.", "10.0.0.9"}) {
      EXPECT_EQ(out.find(secret), std::string::npos) << secret << "\n" << out;
    }
    EXPECT_NE(out.find("host-1"), std::string::npos);
    EXPECT_NE(out.find("name-1"), std::string::npos);
  }
}

TEST_F(Narration, SurvivesDamageAnywhere) {
  PcapngWriter writer;
  writer.secrets(tls13_.secrets);
  play(writer, tls13_, 300);
  const ByteString whole = writer.bytes();
  for (std::size_t at = 0; at < whole.size(); at += 7) {
    ByteString damaged = whole;
    damaged[at] ^= 0x55;
    const Told told = tell(damaged);
    EXPECT_TRUE(told.exit >= 0 && told.exit < 64) << at;
  }
  for (std::size_t size = 0; size < whole.size(); size += 101) tell(Bytes(whole).first(size));
}

TEST_F(Narration, TellsManyConversationsInTheirOrder) {
  PcapngWriter writer;
  writer.secrets(tls13_.secrets);
  std::vector<std::unique_ptr<TcpScript<PcapngWriter>>> scripts;
  for (std::uint16_t i = 0; i < 20; ++i) {
    scripts.push_back(
        std::make_unique<TcpScript<PcapngWriter>>(writer, static_cast<std::uint16_t>(40'000 + i)));
    scripts.back()->open();
  }
  for (const Flight& flight : tls13_.flights) {
    for (auto& script : scripts) script->say(flight.client, flight.bytes);
  }
  for (auto script = scripts.rbegin(); script != scripts.rend(); ++script) (*script)->close();
  const Told told = tell(writer.bytes());
  ASSERT_EQ(told.json["conversations"].size(), 20U);
  for (unsigned i = 0; i < 20; ++i) {
    EXPECT_EQ(told.json["conversations"][i]["n"], i + 1);
    EXPECT_EQ(told.json["conversations"][i]["client"], "10.0.0.7:" + std::to_string(40'000 + i));
  }
}

}  // namespace
}  // namespace handfast::apps::capture
