// Certificate compression: who compresses for whom, and what a hostile peer may announce. RFC 8879.
#include <gtest/gtest.h>

#include <limits>

#include "base/limits.hpp"
#include "compress/compress.hpp"
#include "message/certificate.hpp"
#include "message/compressed_certificate.hpp"
#include "support/hostile.hpp"
#include "support/message_parts.hpp"

namespace handfast {
namespace {

using test::Item;
using test::kDirections;
using test::Middleman;
using test::Parts;
using enum CertificateCompressionAlgorithm;
using enum Direction;
using E = ErrorCode;
using M = HandshakeType;
using Algorithms = std::vector<CertificateCompressionAlgorithm>;

const Algorithms kAll = {zlib, brotli, zstd};

ConnectionOptions keeping() {
  ConnectionOptions options;
  options.keep_peer_certificates = true;
  return options;
}

class CertificateCompression : public test::Hostile {
 protected:
  CertificateCompression() {
    // Chains in which something returns, so that they become smaller.
    client_.chain.push_back(authority_.root());
    client_.chain.push_back(authority_.root());
    server_.chain.push_back(authority_.root());
    server_.chain.push_back(authority_.root());
    client = client_settings();
    client.credentials = {client_};
    server = server_settings();
    server.client_authentication = ClientAuthentication::required;
    server.client_verifier = authority_.verifier();
  }

  // What each side sent instead of, or as, its Certificate.
  struct Seen {
    std::map<Direction, ByteString> message;
    [[nodiscard]] M type(Direction direction) const { return static_cast<M>(message.at(direction)[0]); }
    [[nodiscard]] CertificateCompressionAlgorithm algorithm(Direction direction) const {
      return message::decode_compressed_certificate(message.at(direction))->algorithm;
    }
  };
  static bool is_certificate(const Item& item) {
    return item.epoch == Epoch::handshake && (item.is(M::certificate) || item.is(M::compressed_certificate));
  }
  Seen connect() const {
    Seen seen;
    Middleman middleman(client, server, keeping(), keeping());
    middleman.run([&](Direction direction, std::vector<Item>& items) {
      for (const Item& item : items) {
        if (is_certificate(item)) seen.message[direction] = item.content;
      }
    });
    EXPECT_TRUE(middleman.established());
    for (const auto& [end, chain] :
         {std::pair(&middleman.client, &server_.chain), std::pair(&middleman.server, &client_.chain)}) {
      const auto certificates = end->connection.peer_certificates();
      EXPECT_TRUE(certificates != nullptr && certificates->chain == *chain);
    }
    return seen;
  }

  // The sender in `direction` compresses; what it sent is changed, and the receiver must say `code`.
  using Change = std::function<void(std::vector<Item>& items, std::size_t at)>;
  void refuse(Direction direction, E code, const Change& change,
              std::optional<AlertDescription> alert = {}) const {
    SCOPED_TRACE(test::text_of(direction));
    Middleman middleman(client, server, keeping(), keeping());
    bool done = false;
    middleman.run([&](Direction way, std::vector<Item>& items) {
      for (std::size_t i = 0; i < items.size() && !done; ++i) {
        if (way != direction || !is_certificate(items[i])) continue;
        done = true;
        change(items, i);
        return;
      }
    });
    ASSERT_TRUE(done);
    expect_refused(middleman, direction, code, alert);
  }
  static Change replace(ByteString message) {
    return [message = std::move(message)](std::vector<Item>& items, std::size_t at) {
      items[at].content = message;
    };
  }
  // `body` compressed, with a length of one's own.
  static ByteString compressed(Bytes body, std::size_t announced,
                               CertificateCompressionAlgorithm algorithm = zstd) {
    ByteString out;
    EXPECT_TRUE(
        message::encode_compressed_certificate(algorithm, announced, *compress::pack(algorithm, body), out));
    return out;
  }
  static ByteString compressed(Bytes body) { return compressed(body, body.size()); }
  [[nodiscard]] ByteString body_of(const Credential& credential, std::string_view context = "") const {
    ByteString list;
    EXPECT_TRUE(message::encode_certificate_list(credential.chain, {}, {}, list));
    ByteString message;
    EXPECT_TRUE(message::encode_certificate(as_bytes(context), list, message));
    message.erase(message.begin(), message.begin() + 4);
    return message;
  }
  [[nodiscard]] ByteString body_of(Direction direction) const {
    return body_of(direction == sent ? client_ : server_);
  }

  ClientSettings client;
  ServerSettings server;
};

TEST_F(CertificateCompression, NothingIsCompressedUnlessAsked) {
  const Seen seen = connect();
  EXPECT_EQ(seen.type(sent), M::certificate);
  EXPECT_EQ(seen.type(received), M::certificate);
}

TEST_F(CertificateCompression, EachAlgorithmBothWays) {
  std::map<Direction, std::size_t> plain;
  for (const auto& [direction, message] : connect().message) plain[direction] = message.size();
  for (const auto algorithm : kAll) {
    client.accept_compressed_certificates = {algorithm};
    server.accept_compressed_certificates = {algorithm};
    const Seen seen = connect();
    for (const Direction direction : kDirections) {
      ASSERT_EQ(seen.type(direction), M::compressed_certificate);
      EXPECT_EQ(seen.algorithm(direction), algorithm);
      EXPECT_LT(seen.message.at(direction).size(), plain[direction]);
    }
  }
}

TEST_F(CertificateCompression, EachWayForItself) {
  client.accept_compressed_certificates = kAll;
  Seen seen = connect();
  EXPECT_EQ(seen.type(received), M::compressed_certificate);
  EXPECT_EQ(seen.type(sent), M::certificate);
  std::swap(client.accept_compressed_certificates, server.accept_compressed_certificates);
  seen = connect();
  EXPECT_EQ(seen.type(received), M::certificate);
  EXPECT_EQ(seen.type(sent), M::compressed_certificate);
}

TEST_F(CertificateCompression, TheSenderPrefers) {
  client.accept_compressed_certificates = {zlib, zstd, brotli};
  server.compress_certificates = {zstd, brotli};
  EXPECT_EQ(connect().algorithm(received), zstd);
  client.accept_compressed_certificates = {zlib, brotli};
  EXPECT_EQ(connect().algorithm(received), brotli);
  client.accept_compressed_certificates = {zlib};
  EXPECT_EQ(connect().type(received), M::certificate);
  server.compress_certificates.clear();
  client.accept_compressed_certificates = kAll;
  EXPECT_EQ(connect().type(received), M::certificate);
}

TEST_F(CertificateCompression, StaplesAreInside) {
  server.credentials.front().ocsp_response = {0x30, 3, 0x0a, 1, 3};  // tryLater
  server.credentials.front().signed_certificate_timestamps = {0, 3, 0, 1, 9};
  client.accept_compressed_certificates = kAll;
  for (const bool staple : {false, true}) {
    for (const bool timestamps : {false, true}) {
      client.request_ocsp_staple = staple;
      client.request_signed_certificate_timestamps = timestamps;
      Middleman middleman(client, server, keeping(), keeping());
      middleman.run();
      ASSERT_TRUE(middleman.established());
      const auto certificates = middleman.client.connection.peer_certificates();
      EXPECT_EQ(!certificates->ocsp_response.empty(), staple);
      EXPECT_EQ(!certificates->signed_certificate_timestamps.empty(), timestamps);
    }
  }
}

TEST_F(CertificateCompression, AfterAHelloRetryRequest) {
  client.accept_compressed_certificates = kAll;
  server.policy.groups = {NamedGroup::secp256r1};
  server.policy.key_shares = {};
  EXPECT_EQ(connect().type(received), M::compressed_certificate);
}

TEST_F(CertificateCompression, Tls12KnowsNothingOfIt) {
  client.policy = Policy::intermediate();
  client.accept_compressed_certificates = kAll;
  server.accept_compressed_certificates = kAll;
  server.policy = Policy::intermediate();
  server.policy.versions = {ProtocolVersion::tls1_2};
  test::Loopback loopback(test::client_config(client), test::server_config(server));
  loopback.run();
  ASSERT_TRUE(loopback.established());
  EXPECT_EQ(loopback.client.connection.info()->version, ProtocolVersion::tls1_2);
}

TEST_F(CertificateCompression, SettingsAreChecked) {
  for (const Algorithms& wrong :
       {Algorithms{zlib, zlib}, Algorithms{static_cast<CertificateCompressionAlgorithm>(4)}}) {
    for (Algorithms ClientSettings::* const list :
         {static_cast<Algorithms ClientSettings::*>(&ClientSettings::compress_certificates),
          static_cast<Algorithms ClientSettings::*>(&ClientSettings::accept_compressed_certificates)}) {
      ClientSettings settings = client;
      settings.*list = wrong;
      const auto config = ClientConfig::create(settings);
      ASSERT_FALSE(config);
      EXPECT_EQ(config.error().code(), E::configuration_invalid);
    }
  }
}

// --- hostile peers ---------------------------------------------------------------------------------

class CertificateCompressionTamper : public CertificateCompression {
 protected:
  CertificateCompressionTamper() {
    client.accept_compressed_certificates = {brotli, zstd};
    server.accept_compressed_certificates = {brotli, zstd};
    client.compress_certificates = {zstd};
    server.compress_certificates = {zstd};
  }
};

// "a CompressedCertificate message [only if] the peer … indicated support" (RFC 8879 §4)
TEST_F(CertificateCompressionTamper, WhereNoneWasAskedItIsUnexpected) {
  client.accept_compressed_certificates.clear();
  server.accept_compressed_certificates.clear();
  for (const Direction direction : kDirections)
    refuse(direction, E::message_unexpected, replace(compressed(body_of(direction))));
}

TEST_F(CertificateCompressionTamper, AnAlgorithmThatWasNotOffered) {
  for (const Direction direction : kDirections) {
    for (const unsigned algorithm : {0U, 1U, 4U, 0x0a0aU, 0xffffU}) {
      refuse(
          direction, E::certificate_compression_not_offered,
          [&](std::vector<Item>& items, std::size_t at) { Parts::set(items[at].content, 4, 2, algorithm); },
          AlertDescription::illegal_parameter);
    }
    // Offered, but not what it is.
    refuse(
        direction, E::certificate_decompression_failed,
        [](std::vector<Item>& items, std::size_t at) {
          Parts::set(items[at].content, 4, 2, static_cast<std::size_t>(brotli));
        },
        AlertDescription::bad_certificate);
  }
}

TEST_F(CertificateCompressionTamper, LengthsThatAreNotTrue) {
  for (const Direction direction : kDirections) {
    const ByteString body = body_of(direction);
    for (const std::size_t announced : {std::size_t{0}, std::size_t{1}, body.size() - 1, body.size() + 1,
                                        2 * body.size(), std::size_t{limits::kMaxCertificateMessage},
                                        limits::kMaxCertificateMessage + 1, std::size_t{0x1000000 - 1}}) {
      refuse(direction, E::certificate_decompression_failed, replace(compressed(body, announced)),
             AlertDescription::bad_certificate);
    }
  }
}

TEST_F(CertificateCompressionTamper, TruncatedAndLengthened) {
  for (const Direction direction : kDirections) {
    const ByteString whole = compressed(body_of(direction));
    for (const std::size_t size : {std::size_t{10}, whole.size() / 2, whole.size() - 1}) {
      ByteString cut = copy_of(Bytes(whole).first(size));
      if (size > 12) Parts::set(cut, 9, 3, size - 12);  // the length of what is left
      test::fix_length(cut);
      refuse(direction, size == 10 ? E::message_malformed : E::certificate_decompression_failed,
             replace(cut));
    }
    ByteString longer = whole;
    longer.push_back(0);
    test::fix_length(longer);
    refuse(direction, E::message_malformed, replace(longer));  // behind the vector
    Parts::set(longer, 9, 3, longer.size() - 12);
    refuse(direction, E::certificate_decompression_failed, replace(longer));  // inside it
  }
}

TEST_F(CertificateCompressionTamper, Twice) {
  for (const Direction direction : kDirections) {
    refuse(direction, E::message_unexpected, [](std::vector<Item>& items, std::size_t at) {
      items.insert(items.begin() + static_cast<std::ptrdiff_t>(at), items[at]);
    });
  }
}

// Every byte: it cannot be unpacked, is no certificate, or is the same certificate under another transcript.
TEST_F(CertificateCompressionTamper, EveryByteFlipped) {
  for (const Direction direction : kDirections) {
    const std::size_t size = compressed(body_of(direction)).size();
    for (std::size_t byte = 4; byte < size; ++byte) {
      Middleman middleman(client, server);
      middleman.run([&](Direction way, std::vector<Item>& items) {
        for (Item& item : items) {
          item.forge = false;
          if (way == direction && item.is(M::compressed_certificate) && byte < item.content.size())
            item.content[byte] ^= 0x21U;
        }
      });
      ASSERT_FALSE(middleman.receiver(direction).connection.is_established()) << byte;
      ASSERT_TRUE(middleman.receiver(direction).error) << byte;
    }
  }
}

// "after decompression, the Certificate message MUST be processed as if it were encoded without being
// compressed" (RFC 8879 §4)
TEST_F(CertificateCompressionTamper, WhatIsInsideIsReadLikeAnyOther) {
  for (const Direction direction : kDirections) {
    ByteString trailing = body_of(direction);
    trailing.push_back(0);
    refuse(direction, E::message_malformed, replace(compressed(trailing)));
    refuse(direction, E::message_illegal_value,
           replace(compressed(body_of(direction == sent ? client_ : server_, "context"))));
    Credential many = server_;
    many.chain.resize(limits::kMaxCertificates + 1, many.chain.back());
    refuse(direction, E::certificate_chain_too_long, replace(compressed(body_of(many))));
  }
  const ByteString empty = {0, 0, 0, 0};
  refuse(received, E::certificate_list_empty, replace(compressed(empty)));
  refuse(sent, E::certificate_required, replace(compressed(empty)));
}

// The transcript holds the message as it came: the same certificates, packed otherwise, are another
// conversation.
TEST_F(CertificateCompressionTamper, TheTranscriptHoldsWhatCame) {
  for (const Direction direction : kDirections) {
    const ByteString other = compressed(body_of(direction), body_of(direction).size(), brotli);
    refuse(direction, E::certificate_verify_mismatch, [&](std::vector<Item>& items, std::size_t at) {
      items[at].content = other;
      for (Item& item : items) item.forge = false;
    });
  }
}

}  // namespace
}  // namespace handfast
