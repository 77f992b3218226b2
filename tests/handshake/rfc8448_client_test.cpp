// RFC 8448 §3, §5, §6, §7 from the client's side: the production flow makes the recorded records, byte for
// byte.
#include "rfc8448_client.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "handshake/authentication.hpp"
#include "handshake/config_data.hpp"
#include "handshake/handshake.hpp"
#include "handshake/message_assembler.hpp"
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

// Gives the recorded signature, so that a randomized scheme replays.
class RecordedSigner final : public Signer {
 public:
  RecordedSigner(ByteString public_key, ByteString signature)
      : public_key_(std::move(public_key)), signature_(std::move(signature)) {}
  [[nodiscard]] std::span<const SignatureScheme> schemes() const override { return kSchemes; }
  [[nodiscard]] Bytes public_key() const override { return public_key_; }
  void sign(SignatureScheme, Bytes, Completion<ByteString> done) const override { done.complete(signature_); }

 private:
  static constexpr std::array kSchemes = {SignatureScheme::rsa_pss_rsae_sha256};
  ByteString public_key_;
  ByteString signature_;
};

SentHello recorded_hello(const Trace& trace, std::size_t nth) {
  SentHello hello;
  hello.message = trace.find(true, "construct a ClientHello", nth).fields.at("ClientHello");
  const message::ClientHello decoded = must(message::decode_client_hello(hello.message));
  std::copy_n(decoded.random.begin(), hello.random.size(), hello.random.begin());
  hello.session_id = copy_of(decoded.legacy_session_id);
  hello.suites.assign(decoded.cipher_suites.begin(), decoded.cipher_suites.end());
  for (const message::Extension& extension : decoded.extensions) {
    hello.extensions.push_back({extension.type, copy_of(extension.body), true});
  }
  const TraceStep& pair = trace.find(true, "create an ephemeral", nth);
  const bool is_p256 = pair.what.find("P-256") != std::string::npos;
  const test::RecordedRandom random(pair.fields.at("private key"));
  hello.shares.push_back(
      must(crypto::ClientKeyShare::generate(is_p256 ? NamedGroup::secp256r1 : NamedGroup::x25519, random)));
  EXPECT_EQ(copy_of(hello.shares.back().public_key()), pair.fields.at("public key"));

  // The encoder makes the same message of the same parts.
  ByteString encoded;
  EXPECT_TRUE(message::encode_client_hello({.random = hello.random,
                                            .legacy_session_id = hello.session_id,
                                            .cipher_suites = hello.suites,
                                            .extensions = hello.extensions},
                                           encoded));
  EXPECT_EQ(encoded, hello.message);
  return hello;
}

std::shared_ptr<const ClientConfig> recorded_config(const Trace& trace, bool with_certificate,
                                                    bool compatibility) {
  ClientSettings settings;
  settings.verifier = danger::accept_any_certificate();  // the trace's RSA-1024 certificate convinces nobody
  settings.middlebox_compatibility = compatibility;
  settings.policy.groups = {NamedGroup::x25519, NamedGroup::secp256r1};
  settings.policy.key_shares = {NamedGroup::x25519};
  settings.record_size_limit = 16385;
  if (with_certificate) {
    const ByteString& bytes = trace.find(true, "construct a Certificate handshake").fields.at("Certificate");
    const message::Certificate decoded = must(message::decode_certificate(bytes));
    Credential credential;
    credential.chain.push_back(copy_of(decoded.certificate_list.begin()->cert_data));
    const pki::Certificate leaf = must(pki::Certificate::parse(credential.chain.front()));
    const ByteString& verify =
        trace.find(true, "construct a CertificateVerify").fields.at("CertificateVerify");
    credential.signer = std::make_shared<RecordedSigner>(
        copy_of(leaf.spki), copy_of(must(message::decode_certificate_verify(verify)).signature));
    settings.credentials.push_back(std::move(credential));
  }
  return must(ClientConfig::create(std::move(settings)));
}

// Runs the client against the recorded server.
void replay_client(const std::string& section, bool with_certificate = false, bool compatibility = false) {
  const Trace trace = Trace::read(kText, section);
  ASSERT_FALSE(trace.empty());
  test::RecordedLink link(Side::client);
  test::RecordedHellos recorded;
  recorded.hellos.push_back(recorded_hello(trace, 0));
  const bool retries = section == "5.";
  if (retries) recorded.hellos.push_back(recorded_hello(trace, 1));
  Handshake handshake(recorded_config(trace, with_certificate, compatibility),
                      must(ServerName::parse("server")), link, {},
                      [&](Context& hs) { return test::recorded_client_flow(hs, std::move(recorded)); });
  Progress progress = handshake.advance();

  MemoryBudget budget(1U << 20U);
  MessageAssembler assembler(budget);
  ByteString sent = link.output();
  for (const TraceStep* step : trace.records(false)) {
    if (progress == Progress::established) break;
    ByteString bytes = step->fields.at("complete record");
    const auto record = must(link.read.next(bytes));
    ASSERT_TRUE(record.has_value());
    if (record->type == ContentType::change_cipher_spec) continue;
    for (Bytes payload = record->content; !payload.empty();) {
      auto message = must(assembler.take(payload));
      ASSERT_TRUE(message.has_value());
      progress = handshake.deliver(std::move(*message));
      ASSERT_NE(progress, Progress::failed) << handshake.error().to_string();
    }
    const ByteString more = link.output();
    sent.insert(sent.end(), more.begin(), more.end());
  }
  ASSERT_EQ(progress, Progress::established);

  // Application data and the final alert go on under the same keys.
  ByteString expected;
  ByteString buffer(kMaxRecordSize);
  for (const TraceStep* step : trace.records(true)) {
    const ByteString& bytes = step->fields.at("complete record");
    expected.insert(expected.end(), bytes.begin(), bytes.end());
    if (step->what.starts_with("send application_data")) {
      const Sent data = must(link.write.send(step->fields.at("payload"), buffer));
      sent.insert(sent.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(data.produced));
    } else if (step->what.starts_with("send alert")) {
      link.write.queue_alert(AlertDescription::close_notify);
      const ByteString alert = link.output();
      sent.insert(sent.end(), alert.begin(), alert.end());
    }
  }
  EXPECT_EQ(test::to_hex(sent), test::to_hex(expected));
}

class Rfc8448Client : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kText)) GTEST_SKIP() << "the text of RFC 8448 is not there";
  }
};

TEST_F(Rfc8448Client, Simple) { replay_client("3."); }
TEST_F(Rfc8448Client, HelloRetryRequest) { replay_client("5."); }
TEST_F(Rfc8448Client, ClientAuthentication) { replay_client("6.", true); }
TEST_F(Rfc8448Client, CompatibilityMode) { replay_client("7.", false, true); }

}  // namespace
}  // namespace handfast
