// RFC 8448 §3, §5, §6, §7 from the server's side: the steps of the production flow, in its order, make the
// recorded records, byte for byte. What another server chose freely (its cookie, the groups it names in
// EncryptedExtensions, the randomized signature) is taken from the trace.
#include <gtest/gtest.h>

#include <filesystem>

#include "handshake/server_steps.hpp"
#include "message/decode.hpp"
#include "pki/certificate.hpp"
#include "support/authority.hpp"
#include "support/recorded_link.hpp"
#include "support/recorded_random.hpp"
#include "support/rfc8448.hpp"

namespace handfast {
namespace {

using namespace handshake;
using test::must;
using test::Trace;
using test::TraceStep;

const std::string kText = std::string(HANDFAST_VECTORS) + "/rfc8448/rfc8448.txt";

class SilentSigner final : public Signer {
 public:
  explicit SilentSigner(SignatureScheme scheme) : schemes_{scheme} {}
  [[nodiscard]] std::span<const SignatureScheme> schemes() const override { return schemes_; }
  [[nodiscard]] Bytes public_key() const override { return {}; }
  void sign(SignatureScheme, Bytes, Completion<ByteString>) const override {}

 private:
  std::array<SignatureScheme, 1> schemes_;
};

const ByteString& message_of(const Trace& trace, bool by_client, const std::string& name,
                             std::size_t nth = 0) {
  const std::string article = name.starts_with("E") ? "an " : "a ";
  return trace.find(by_client, "construct " + article + name + " handshake message", nth).fields.at(name);
}

const std::optional<SelectedPsk> kNoPsk;

class Replay {
 public:
  Replay(const Trace& trace, bool asks)
      : trace_(trace),
        retries_(message::is_hello_retry_request(message_of(trace, false, "ServerHello"))),
        random_(recorded_random()),
        config_(config(asks)),
        hs_(config_, link_, {}) {}

  void run() {
    hello_bytes_ = message_of(trace_, true, "ClientHello");
    message::ClientHello hello = must(message::decode_client_hello(hello_bytes_));
    Negotiated choice = must(negotiate(hs_, hello, kNoPsk));
    keys::Transcript transcript(choice.suite->hash);
    transcript.add(hello_bytes_);
    EXPECT_EQ(choice.needs_retry, retries_);
    if (retries_) hello = retry(hello, choice, transcript);

    crypto::ServerKeyShare exchange = must(answer_key_share(hs_, choice, hello));
    const ByteString server_hello = must(make_server_hello(hs_, choice, hello, exchange, kNoPsk));
    EXPECT_EQ(server_hello, message_of(trace_, false, "ServerHello", retries_ ? 1 : 0));
    EXPECT_TRUE(send(hs_, transcript, server_hello));
    EXPECT_TRUE(answer_change_cipher_spec(hs_, hello));
    const HelloSummary client = summarize(hs_, hello, kNoPsk);
    keys::EarlySecret early = keys::EarlySecret::without_psk(choice.suite->hash);
    HandshakeSecrets secrets =
        must(derive_handshake_secrets(hs_, client.random, early, exchange.secret, transcript));
    EXPECT_TRUE(install_handshake_keys(hs_, choice, secrets, kNoPsk));
    send_flight(choice, client, secrets, transcript);
    const ApplicationSecrets application =
        must(derive_application_secrets(hs_, client.random, secrets, transcript));
    EXPECT_EQ(copy_of(application.exporter.view()),
              trace_.find(false, "derive secret \"tls13 exp master\"").fields.at("expanded"));
    EXPECT_TRUE(install_application_write_keys(hs_, choice, application));
    append(link_.output());
    hear_client(choice, secrets, application, transcript);
    compare_records();
  }

 private:
  // The key pair first, then the random of ServerHello: the order in which the server draws them.
  [[nodiscard]] ByteString recorded_random() const {
    ByteString bytes = trace_.find(false, "create an ephemeral").fields.at("private key");
    const ByteString& hello = message_of(trace_, false, "ServerHello", retries_ ? 1 : 0);
    bytes.insert(bytes.end(), hello.begin() + 6, hello.begin() + 38);
    return bytes;
  }
  std::shared_ptr<const ServerConfig> config(bool asks) {
    ServerSettings settings;
    const message::Certificate certificate =
        must(message::decode_certificate(message_of(trace_, false, "Certificate")));
    const message::CertificateVerify verify =
        must(message::decode_certificate_verify(message_of(trace_, false, "CertificateVerify")));
    Credential credential;
    credential.chain.push_back(copy_of(certificate.certificate_list.begin()->cert_data));
    credential.signer = std::make_shared<SilentSigner>(verify.algorithm);
    settings.credentials.push_back(std::move(credential));
    settings.policy.groups = {retries_ ? NamedGroup::secp256r1 : NamedGroup::x25519};
    settings.policy.key_shares = {};
    settings.random = &random_;
    if (asks) {
      settings.client_authentication = ClientAuthentication::required;
      settings.client_verifier = danger::accept_any_certificate();
    }
    return must(ServerConfig::create(std::move(settings)));
  }

  message::ClientHello retry(const message::ClientHello& first, Negotiated& choice,
                             keys::Transcript& transcript) {
    const message::ServerHello recorded =
        must(message::decode_server_hello(message_of(trace_, false, "ServerHello")));
    SentRetry retry{choice.group, copy_of(*recorded.cookie), {}};
    EXPECT_TRUE(message::encode_hello_retry_request({.legacy_session_id_echo = first.legacy_session_id,
                                                     .cipher_suite = choice.suite->suite,
                                                     .selected_group = choice.group,
                                                     .cookie = retry.cookie,
                                                     .extra = {}},
                                                    retry.message));
    EXPECT_EQ(retry.message, copy_of(recorded.raw));
    EXPECT_TRUE(transcript.replace_with_message_hash());
    EXPECT_TRUE(send(hs_, transcript, retry.message));
    append(link_.output());
    second_bytes_ = message_of(trace_, true, "ClientHello", 1);
    const message::ClientHello second = must(message::decode_client_hello(second_bytes_));
    choice = must(negotiate_again(hs_, choice, retry, first, second, kNoPsk));
    transcript.add(second_bytes_);
    return second;
  }

  void send_flight(const Negotiated& choice, const HelloSummary& client, const HandshakeSecrets& secrets,
                   keys::Transcript& transcript) {
    EXPECT_TRUE(send(hs_, transcript, message_of(trace_, false, "EncryptedExtensions")));
    if (asks_for_certificate(hs_)) {
      EXPECT_TRUE(send(hs_, transcript, message_of(trace_, false, "CertificateRequest")));
    }
    const ByteString certificate = must(make_server_certificate(choice, client));
    EXPECT_EQ(certificate, message_of(trace_, false, "Certificate"));
    EXPECT_TRUE(send(hs_, transcript, certificate));
    const ByteString& recorded = message_of(trace_, false, "CertificateVerify");
    const ByteString signature = copy_of(must(message::decode_certificate_verify(recorded)).signature);
    // The recorded signature is over what this server would sign.
    const ByteString content = must(server_signed_content(transcript));
    const pki::Certificate leaf = must(pki::Certificate::parse(choice.credential->credential.chain.front()));
    const crypto::PublicKey key = must(crypto::PublicKey::from_spki(leaf.spki));
    EXPECT_TRUE(key.verify(*crypto::method_of(choice.scheme), content, signature));
    const ByteString verify = must(make_server_verify(choice, signature));
    EXPECT_EQ(verify, recorded);
    EXPECT_TRUE(send(hs_, transcript, verify));
    const ByteString finished = must(make_finished(secrets.server_traffic, transcript));
    EXPECT_EQ(finished, message_of(trace_, false, "Finished"));
    EXPECT_TRUE(send(hs_, transcript, finished));
  }

  // The client's protected flight opens and its Finished holds.
  void hear_client(const Negotiated& choice, const HandshakeSecrets& secrets,
                   const ApplicationSecrets& application, keys::Transcript& transcript) {
    bool finished = false;
    for (const TraceStep* step : trace_.records(true)) {
      ByteString bytes = step->fields.at("complete record");
      if (bytes[0] != static_cast<std::uint8_t>(ContentType::application_data)) continue;
      const auto record = must(link_.read.next(bytes));
      ASSERT_TRUE(record.has_value());
      EXPECT_EQ(copy_of(record->content), step->fields.at("payload"));
      if (finished || record->type != ContentType::handshake) continue;
      Bytes rest = record->content;
      while (!rest.empty()) {
        const std::size_t size = message::peek_header(rest)->message_size();
        const Bytes message = rest.first(size);
        rest = rest.subspan(size);
        if (static_cast<HandshakeType>(message[0]) == HandshakeType::finished) {
          const message::Finished decoded = must(message::decode_finished(message));
          EXPECT_TRUE(check_finished(secrets.client_traffic, decoded, transcript));
          finished = true;
        }
        transcript.add(message);
      }
      EXPECT_TRUE(install_application_read_keys(hs_, choice, application));
    }
    EXPECT_TRUE(finished);
  }

  void compare_records() {
    ByteString expected;
    ByteString buffer(kMaxRecordSize);
    bool established = false;
    for (const TraceStep* step : trace_.records(false)) {
      const ByteString& bytes = step->fields.at("complete record");
      expected.insert(expected.end(), bytes.begin(), bytes.end());
      if (step->what.starts_with("send application_data")) {
        const Sent data = must(link_.write.send(step->fields.at("payload"), buffer));
        sent_.insert(sent_.end(), buffer.begin(),
                     buffer.begin() + static_cast<std::ptrdiff_t>(data.produced));
      } else if (step->what.starts_with("send alert")) {
        link_.write.queue_alert(AlertDescription::close_notify);
        append(link_.output());
      } else if (established && step->what.starts_with("send handshake")) {
        EXPECT_TRUE(link_.write.queue_message(HandshakeType::new_session_ticket, step->fields.at("payload")));
        append(link_.output());
      }
      // What follows the flight that ends with Finished is under the application keys.
      const ByteString& payload = step->fields.at("payload");
      established = established || payload.size() > 400;
    }
    EXPECT_EQ(test::to_hex(sent_), test::to_hex(expected));
    EXPECT_TRUE(random_.used_up());
  }
  void append(const ByteString& bytes) { sent_.insert(sent_.end(), bytes.begin(), bytes.end()); }

  const Trace& trace_;
  bool retries_;
  test::RecordedRandom random_;
  test::RecordedLink link_{Side::server};
  std::shared_ptr<const ServerConfig> config_;
  Context hs_;
  ByteString hello_bytes_;
  ByteString second_bytes_;
  ByteString sent_;
};

void replay_server(const std::string& section, bool asks = false) {
  const Trace trace = Trace::read(kText, section);
  ASSERT_FALSE(trace.empty());
  Replay(trace, asks).run();
}

class Rfc8448Server : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kText)) GTEST_SKIP() << "the text of RFC 8448 is not there";
  }
};

TEST_F(Rfc8448Server, Simple) { replay_server("3."); }
TEST_F(Rfc8448Server, HelloRetryRequest) { replay_server("5."); }
TEST_F(Rfc8448Server, ClientAuthentication) { replay_server("6.", true); }
TEST_F(Rfc8448Server, CompatibilityMode) { replay_server("7."); }

}  // namespace
}  // namespace handfast
