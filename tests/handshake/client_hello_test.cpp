// The client's hello: GREASE, order, names, and the second one after a HelloRetryRequest.
#include "handshake/client_hello.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "message/decode.hpp"
#include "support/authority.hpp"
#include "support/recorded_link.hpp"

namespace handfast::handshake {
namespace {

using test::must;

class ClientHelloTest : public ::testing::Test {
 protected:
  // Makes a hello for `name` with the settings of the test.
  SentHello make(const std::string& name = "server.test") {
    context_.emplace(must(ClientConfig::create(settings)), must(ServerName::parse(name)), link_,
                     std::function<void()>());
    return must(make_client_hello(*context_));
  }
  Context& context() { return *context_; }

  test::Authority authority;
  ClientSettings settings = authority.client_settings();

 private:
  test::RecordedLink link_{Side::client};
  std::optional<Context> context_;
};

std::vector<ExtensionType> order_of(const SentHello& hello) {
  std::vector<ExtensionType> order;
  for (const auto& extension : hello.extensions) order.push_back(extension.type);
  return order;
}

TEST_F(ClientHelloTest, IsWellFormedAndSaysWhatPolicySays) {
  const SentHello hello = make();
  const message::ClientHello decoded = must(message::decode_client_hello(hello.message));
  EXPECT_EQ(decoded.legacy_version, ProtocolVersion::tls1_2);
  EXPECT_EQ(decoded.legacy_session_id.size(), 32U);
  EXPECT_EQ(as_text(*decoded.server_name), "server.test");
  EXPECT_TRUE(decoded.supported_versions->contains(ProtocolVersion::tls1_3));
  EXPECT_TRUE(decoded.key_share->find(NamedGroup::X25519MLKEM768).has_value());
  EXPECT_TRUE(decoded.key_share->find(NamedGroup::x25519).has_value());
  EXPECT_TRUE(decoded.signature_algorithms_cert->contains(SignatureScheme::rsa_pkcs1_sha256));
  EXPECT_FALSE(decoded.signature_algorithms->contains(SignatureScheme::rsa_pkcs1_sha256));
}

// RFC 8701: in suites, groups, versions, shares, signature schemes, and two extensions, first and last.
TEST_F(ClientHelloTest, GreaseIsEverywhereAndCanBeSwitchedOff) {
  const SentHello hello = make();
  const message::ClientHello decoded = must(message::decode_client_hello(hello.message));
  const auto greased = [](auto value) { return is_grease(static_cast<std::uint16_t>(value)); };
  EXPECT_TRUE(greased(decoded.cipher_suites[0]));
  EXPECT_TRUE(greased((*decoded.supported_groups)[0]));
  EXPECT_TRUE(greased((*decoded.supported_versions)[0]));
  EXPECT_TRUE(greased(decoded.key_share->begin()->group));
  const auto schemes = *decoded.signature_algorithms;
  EXPECT_TRUE(greased(schemes[schemes.size() - 1]));
  EXPECT_EQ(schemes.size(), settings.policy.signature_schemes.size() + 1);
  const SentHello again = make();
  EXPECT_TRUE(greased(again.extensions.front().type));
  EXPECT_TRUE(greased(again.extensions.back().type));
  EXPECT_NE(again.extensions.front().type, again.extensions.back().type);
  // A server that answers a GREASE extension answers what was not offered.
  EXPECT_FALSE(again.offered(again.extensions.front().type));

  settings.grease = false;
  const SentHello plain = make();
  EXPECT_TRUE(std::none_of(plain.suites.begin(), plain.suites.end(), greased));
  for (const ExtensionType type : order_of(plain)) EXPECT_FALSE(greased(type));
}

TEST_F(ClientHelloTest, ExtensionOrderIsPermutedUnlessSwitchedOff) {
  settings.grease = false;
  std::set<std::vector<ExtensionType>> orders;
  for (int i = 0; i < 20; ++i) orders.insert(order_of(make()));
  EXPECT_GT(orders.size(), 10U);
  settings.permute_extensions = false;
  EXPECT_EQ(order_of(make()), order_of(make()));
}

TEST_F(ClientHelloTest, AddressesAndRefusedNamesAreNotSent) {
  EXPECT_FALSE(make("192.0.2.1").offered(ExtensionType::server_name));
  settings.send_server_name = false;
  EXPECT_FALSE(make().offered(ExtensionType::server_name));
}

TEST_F(ClientHelloTest, NothingIsReused) {
  const SentHello one = make();
  const SentHello other = make();
  EXPECT_NE(one.random, other.random);
  EXPECT_NE(one.session_id, other.session_id);
  EXPECT_NE(copy_of(one.shares[0].public_key()), copy_of(other.shares[0].public_key()));
}

// Attack row 47: two processes that were one when the library was used first.
TEST_F(ClientHelloTest, ParentAndChildDiffer) {
  (void)make();  // whatever is remembered is remembered before
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const ByteString own = make().message;
    _exit(write(ends[1], own.data(), own.size()) == static_cast<ssize_t>(own.size()) ? 0 : 1);
  }
  const SentHello of_parent = make();
  ByteString of_child(of_parent.message.size() + 1024);
  const ssize_t size = read(ends[0], of_child.data(), of_child.size());
  ASSERT_GT(size, 0);
  of_child.resize(static_cast<std::size_t>(size));
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  const message::ClientHello one = must(message::decode_client_hello(of_parent.message));
  const message::ClientHello other = must(message::decode_client_hello(of_child));
  EXPECT_FALSE(std::ranges::equal(one.random, other.random));
  EXPECT_FALSE(std::ranges::equal(one.legacy_session_id, other.legacy_session_id));
  for (const NamedGroup group : {NamedGroup::X25519MLKEM768, NamedGroup::x25519}) {
    const auto share = one.key_share->find(group);
    const auto share_of_child = other.key_share->find(group);
    ASSERT_TRUE(share && share_of_child);
    EXPECT_FALSE(std::ranges::equal(share->key_exchange, share_of_child->key_exchange));
  }
  close(ends[0]);
  close(ends[1]);
}

TEST_F(ClientHelloTest, SecondHelloChangesShareAndCookieOnly) {
  SentHello hello = make();
  const ByteString before = hello.message;
  ASSERT_TRUE(
      retry_client_hello(
          context(), hello,
          {.group = NamedGroup::secp384r1, .cookie = {1, 2, 3}, .suite = CipherSuite::TLS_AES_128_GCM_SHA256},
          keys::Transcript(crypto::HashAlgorithm::sha256))
          .has_value());
  const message::ClientHello one = must(message::decode_client_hello(before));
  const message::ClientHello two = must(message::decode_client_hello(hello.message));
  EXPECT_TRUE(std::ranges::equal(one.random, two.random));
  EXPECT_TRUE(std::ranges::equal(one.legacy_session_id, two.legacy_session_id));
  EXPECT_TRUE(std::ranges::equal(one.cipher_suites.raw(), two.cipher_suites.raw()));
  EXPECT_EQ(two.key_share->size(), 1U);
  EXPECT_TRUE(two.key_share->find(NamedGroup::secp384r1).has_value());
  EXPECT_EQ(copy_of(*two.cookie), (ByteString{1, 2, 3}));
  for (const message::Extension& extension : one.extensions) {
    if (extension.type == ExtensionType::key_share) continue;
    const auto same = two.extensions.find(extension.type);
    ASSERT_TRUE(same.has_value());
    EXPECT_TRUE(std::ranges::equal(same->body, extension.body));
  }
}

}  // namespace
}  // namespace handfast::handshake
