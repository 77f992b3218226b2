// What a peer that has not proved who it is can make a connection keep: counted at operator new. libcrypto's
// own contexts are not counted: they do not depend on what the peer sends. RFC 9846 §C.3; attack rows 55, 60.
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "base/limits.hpp"
#include "compress/compress.hpp"
#include "message/compressed_certificate.hpp"
#include "support/hostile.hpp"
#include "support/message_parts.hpp"

namespace {

std::atomic<std::ptrdiff_t> held = 0;
std::atomic<std::ptrdiff_t> most = 0;

void* counted(std::size_t size) noexcept {
  void* const block = std::malloc(size);
  if (block == nullptr) return nullptr;
  const std::ptrdiff_t now = held += static_cast<std::ptrdiff_t>(malloc_usable_size(block));
  std::ptrdiff_t before = most;
  while (now > before && !most.compare_exchange_weak(before, now)) {
  }
  return block;
}
void give_back(void* block) noexcept {
  if (block != nullptr) held -= static_cast<std::ptrdiff_t>(malloc_usable_size(block));
  std::free(block);
}

}  // namespace

void* operator new(std::size_t size) {
  void* const block = counted(size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void operator delete(void* block) noexcept { give_back(block); }
void operator delete(void* block, std::size_t) noexcept { give_back(block); }

namespace handfast {
namespace {

using test::Item;
using test::Middleman;
using test::Parts;
using enum Direction;
using E = ErrorCode;
using M = HandshakeType;

// Beside the messages themselves: the connection, its flow, what it has to send, and the rest of one record
// that waits for a decision.
constexpr std::ptrdiff_t kConnection = 64 * 1024;
// The certificates are kept apart from their message as well, for a verifier that answers at its leisure.
constexpr std::ptrdiff_t kPresented = limits::kMaxCertificateMessage + 16 * 1024;
// An idle connection that was sent a few bytes.
constexpr std::ptrdiff_t kIdle = 16 * 1024;

class Memory : public test::Hostile {
 protected:
  // Only what happens inside receive() and what it leaves behind counts.
  static std::ptrdiff_t receive_at_most(Connection& connection, ByteString input) {
    const std::ptrdiff_t before = held;
    most = before;
    MutableBytes rest = input;
    for (;;) {
      auto got = connection.receive(rest);
      if (!got || got->consumed == 0) break;
      rest = rest.subspan(got->consumed);
    }
    return most - before;
  }

  // As large as a list of certificates may be, and no certificate in it.
  static ByteString large_certificate() {
    ByteString list;
    for (int i = 0; i < 8; ++i) {
      Parts::put(list, 16300, 3);
      list.resize(list.size() + 16300);
      Parts::put(list, 0, 2);
    }
    ByteString body = {0};
    Parts::put(body, list.size(), 3);
    body.insert(body.end(), list.begin(), list.end());
    return test::handshake_message(M::certificate, body);
  }

  static void pad(ByteString& message, std::size_t size, ExtensionType type) {
    Parts parts = Parts::of(message);
    // An extension holds 2^16 - 1 bytes at most, and so does the block.
    parts.extensions.push_back({type, ByteString(size - message.size() - 4)});
    message = parts.join();
  }
};

TEST_F(Memory, AClaimedLengthCostsNothing) {
  for (const unsigned length : {0xffffffU, 0x20001U, 0x10001U}) {
    for (unsigned type = 0; type < 256; type += 5) {
      ByteString header = {static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(length >> 16U),
                           static_cast<std::uint8_t>(length >> 8U), static_cast<std::uint8_t>(length)};
      Connection server = test::must(Connection::server(test::server_config(server_settings())));
      EXPECT_LT(receive_at_most(server, test::plain_record(ContentType::handshake, header)), 4096);
    }
  }
  Connection server = test::must(Connection::server(test::server_config(server_settings())));
  ByteString record = test::plain_record(ContentType::handshake, ByteString{1, 0xff, 0xff, 0xff});
  const auto got = server.receive(record);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code(), E::message_too_large);
}

TEST_F(Memory, TricklingGrowsWithWhatCame) {
  Connection server = test::must(Connection::server(test::server_config(server_settings())));
  std::ptrdiff_t grown =
      receive_at_most(server, test::plain_record(ContentType::handshake, ByteString{1, 0, 0xff, 0xf0}));
  const std::ptrdiff_t start = held;
  for (int i = 0; i < 2000; ++i) {
    (void)receive_at_most(server, test::plain_record(ContentType::handshake, ByteString{0}));
    grown = held - start;
    ASSERT_LT(grown, 2 * (i + 1024));
  }
}

// Counts what receive() adds and leaves, and nothing that the test itself holds.
struct Meter {
  std::ptrdiff_t kept = 0;
  std::ptrdiff_t highest = 0;

  void digest(test::Endpoint& end) {
    while (!end.error) {
      const std::ptrdiff_t before = held;
      most = before;
      auto got = end.connection.receive(end.inbox);
      highest = std::max(highest, kept + most - before);
      kept += held - before;
      if (!got) end.error = got.error();
      if (!got || got->consumed == 0) return;
      end.inbox.erase(end.inbox.begin(), end.inbox.begin() + static_cast<std::ptrdiff_t>(got->consumed));
      if (end.inbox.empty()) return;
    }
  }
};

// The largest hellos, twice, and the largest Certificate after them.
TEST_F(Memory, AServerWithTheLargestMessages) {
  ServerSettings settings = retrying_server();
  settings.client_authentication = ClientAuthentication::required;
  settings.client_verifier = danger::accept_any_certificate();
  ClientSettings client = client_settings();
  client.credentials = {client_};
  Middleman middleman(std::move(client), std::move(settings));
  Meter meter;
  middleman.digest = [&](test::Endpoint& end) {
    if (&end != &middleman.server) return end.digest();
    meter.digest(end);
  };
  middleman.run([&](Direction direction, std::vector<Item>& items) {
    for (Item& item : items) {
      if (direction != sent) continue;
      if (item.is(M::client_hello)) pad(item.content, limits::kMaxHandshakeMessage, ExtensionType::padding);
      if (item.is(M::certificate)) item.content = large_certificate();
      item.fragment = 16384;
    }
  });
  RecordProperty("bytes", static_cast<int>(meter.highest));
  ASSERT_TRUE(middleman.server.error);
  EXPECT_EQ(middleman.server.error->code(), E::certificate_malformed);
  EXPECT_GT(meter.highest, static_cast<std::ptrdiff_t>(limits::kMaxCertificateMessage))
      << "the meter does not run";
  EXPECT_LE(meter.highest,
            static_cast<std::ptrdiff_t>(limits::kMaxHandshakeMemory) + kPresented + kConnection);
}

TEST_F(Memory, AClientWithTheLargestMessages) {
  ClientSettings client = client_settings();
  client.credentials = {client_};
  client.verifier = danger::accept_any_certificate();
  ServerSettings server = server_settings();
  server.client_authentication = ClientAuthentication::required;
  server.client_verifier = authority_.verifier();
  Middleman middleman(std::move(client), std::move(server));
  Meter meter;
  middleman.digest = [&](test::Endpoint& end) {
    if (&end != &middleman.client) return end.digest();
    meter.digest(end);
  };
  middleman.run([&](Direction direction, std::vector<Item>& items) {
    for (Item& item : items) {
      if (direction != received) continue;
      // Unknown extensions are ignored there.
      if (item.is(M::certificate_request)) {
        pad(item.content, limits::kMaxHandshakeMessage, static_cast<ExtensionType>(0x1234));
      }
      if (item.is(M::certificate)) item.content = large_certificate();
      item.fragment = 16384;
    }
  });
  RecordProperty("bytes", static_cast<int>(meter.highest));
  ASSERT_TRUE(middleman.client.error);
  EXPECT_EQ(middleman.client.error->code(), E::certificate_malformed);
  EXPECT_GT(meter.highest, static_cast<std::ptrdiff_t>(limits::kMaxCertificateMessage))
      << "the meter does not run";
  EXPECT_LE(meter.highest,
            static_cast<std::ptrdiff_t>(limits::kMaxHandshakeMemory) + kPresented + kConnection);
}

// Attack row 61: a few bytes that promise, and are, as much as a Certificate may be; and some that promise
// more.
TEST_F(Memory, AClientWithACompressedCertificate) {
  const ByteString certificate = large_certificate();
  const Bytes body = Bytes(certificate).subspan(4);
  const ByteString packed = *compress::pack(CertificateCompressionAlgorithm::zlib, body);
  ASSERT_LT(packed.size(), body.size() / 50);
  for (const std::size_t announced : {body.size(), std::size_t{0xffffff}}) {
    ClientSettings client = client_settings();
    client.verifier = danger::accept_any_certificate();
    client.accept_compressed_certificates = {CertificateCompressionAlgorithm::zlib};
    Middleman middleman(std::move(client), server_settings());
    Meter meter;
    middleman.digest = [&](test::Endpoint& end) {
      if (&end != &middleman.client) return end.digest();
      meter.digest(end);
    };
    middleman.run([&](Direction, std::vector<Item>& items) {
      for (Item& item : items) {
        if (!item.is(M::compressed_certificate)) continue;
        item.content.clear();
        ASSERT_TRUE(message::encode_compressed_certificate(CertificateCompressionAlgorithm::zlib, announced,
                                                           packed, item.content));
      }
    });
    ASSERT_TRUE(middleman.client.error);
    const bool true_to_its_word = announced == body.size();
    EXPECT_EQ(middleman.client.error->code(),
              true_to_its_word ? E::certificate_malformed : E::certificate_decompression_failed);
    // Unpacked once, and the certificates in it.
    const std::ptrdiff_t unpacked = limits::kMaxCertificateMessage + kPresented;
    EXPECT_LE(meter.highest, (true_to_its_word ? unpacked : 0) + kConnection);
  }
}

// Attack row 60: ten thousand clients that promise much.
TEST_F(Memory, TenThousandConnectionsThatWait) {
  constexpr std::ptrdiff_t kCount = 10'000;
  const auto config = test::server_config(server_settings());
  std::vector<Connection> servers;
  servers.reserve(kCount);
  const ByteString record = test::plain_record(ContentType::handshake, ByteString{1, 0, 0xff, 0xf0, 3, 3});
  const std::ptrdiff_t before = held;
  for (int i = 0; i < kCount; ++i) {
    servers.push_back(test::must(Connection::server(config)));
    ByteString input = record;
    ASSERT_TRUE(servers.back().receive(input));
  }
  const std::ptrdiff_t each = (held - before) / kCount;
  RecordProperty("bytes_each", static_cast<int>(each));
  EXPECT_LT(each, kIdle);
  servers.clear();
  EXPECT_LT(held - before, 4096) << "all of it comes back";
}

// Ten thousand whose first message claims 16 MiB: each ends at its header, and holds nothing for it.
TEST_F(Memory, TenThousandConnectionsThatPromiseTooMuch) {
  constexpr std::ptrdiff_t kCount = 10'000;
  const auto config = test::server_config(server_settings());
  std::vector<Connection> servers;
  servers.reserve(kCount);
  const ByteString record = test::plain_record(ContentType::handshake, ByteString{1, 0xff, 0xff, 0xff});
  const std::ptrdiff_t before = held;
  for (int i = 0; i < kCount; ++i) {
    servers.push_back(test::must(Connection::server(config)));
    ByteString input = record;
    const auto got = servers.back().receive(input);
    ASSERT_FALSE(got);
    ASSERT_EQ(got.error().code(), E::message_too_large);
  }
  EXPECT_LT((held - before) / kCount, kIdle);
}

}  // namespace
}  // namespace handfast
