// The two halves of a connection on two threads: one reads while the other writes, with KeyUpdates asked for
// by both sides all the time. Made for ThreadSanitizer: cmake --preset tsan, then run connection_halves_test.
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "support/loopback.hpp"

namespace handfast {
namespace {

constexpr int kRecords = 10'000;

// Bytes from one end to the other, in order.
class Pipe {
 public:
  void put(Bytes bytes) {
    const std::lock_guard lock(mutex_);
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    ready_.notify_one();
  }
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    ready_.notify_one();
  }
  // Appends what there is; false at the end.
  bool get(ByteString& into) {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return ended_ || !bytes_.empty(); });
    if (bytes_.empty()) return false;
    into.insert(into.end(), bytes_.begin(), bytes_.end());
    bytes_.clear();
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  ByteString bytes_;
  bool ended_ = false;
};

// Sends kRecords numbered records and, now and then, a request for new keys.
// `asks`: for the client's certificate, as often as it may.
void write_all(Connection& connection, Pipe& out, bool asks = false) {
  ByteString room(kMaxRecordSize);
  for (int i = 0; i < kRecords; ++i) {
    const std::string text = std::to_string(i) + "\n";
    if (asks && i % 100 == 20) {
      const auto asked = connection.request_client_certificate();
      ASSERT_TRUE(asked || asked.error().code() == ErrorCode::limit_exceeded);
    }
    if (i % 100 == 50) {
      ASSERT_TRUE(connection.update_keys(true));
    }
    Bytes rest = as_bytes(text);
    while (!rest.empty()) {
      const auto sent = connection.send(rest, room);
      ASSERT_TRUE(sent) << sent.error().to_string();
      out.put(Bytes(room).first(sent->produced));
      rest = rest.subspan(sent->consumed);
    }
  }
  connection.close();
  for (;;) {
    const auto produced = connection.flush(room);
    if (!produced || *produced == 0) break;
    out.put(Bytes(room).first(*produced));
  }
  out.end();
}

void read_all(Connection& connection, Pipe& in, std::string& text, int* answers = nullptr) {
  ByteString inbox;
  while (in.get(inbox)) {
    MutableBytes rest = inbox;
    for (;;) {
      const auto got = connection.receive(rest);
      ASSERT_TRUE(got) << got.error().to_string();
      text += as_text(got->data);
      rest = rest.subspan(got->consumed);
      EXPECT_NE(connection.info(), nullptr);  // [E]
      if (got->event == Event::closed) return;
      if (got->event == Event::client_answered && answers != nullptr) {
        *answers += connection.take_client_answer()->certificates != nullptr ? 1 : 0;
        continue;
      }
      if (got->event != Event::data) break;
    }
    inbox.erase(inbox.begin(), inbox.end() - static_cast<std::ptrdiff_t>(rest.size()));
  }
  ADD_FAILURE() << "no close_notify";
}

TEST(Halves, ReadAndWriteAtOnceWithKeyUpdates) {
  const test::Authority authority;
  ClientSettings client_settings = authority.client_settings();
  client_settings.key_lifetime = 64;
  test::Loopback loopback(test::client_config(std::move(client_settings)),
                          test::server_config(authority.server_settings()));
  loopback.run();
  ASSERT_TRUE(loopback.established());
  Connection& client = loopback.client.connection;
  Connection& server = loopback.server.connection;
  Pipe to_server;
  Pipe to_client;
  std::string at_server;
  std::string at_client;
  std::thread client_writes([&] { write_all(client, to_server); });
  std::thread server_writes([&] { write_all(server, to_client); });
  std::thread client_reads([&] { read_all(client, to_client, at_client); });
  read_all(server, to_server, at_server);
  client_writes.join();
  server_writes.join();
  client_reads.join();
  std::string expected;
  for (int i = 0; i < kRecords; ++i) expected += std::to_string(i) + "\n";
  EXPECT_EQ(at_server, expected);
  EXPECT_EQ(at_client, expected);
}

// The client signs on its reading thread and answers on its writing thread, whose keys change all the time.
TEST(Halves, CertificatesAreAskedForMeanwhile) {
  const test::Authority authority;
  ClientSettings client_settings = authority.client_settings();
  client_settings.key_lifetime = 64;
  client_settings.credentials = {authority.credential("client.test")};
  client_settings.post_handshake_authentication = true;
  ServerSettings server_settings = authority.server_settings();
  server_settings.client_verifier = authority.verifier();
  server_settings.post_handshake_authentication = true;
  test::Loopback loopback(test::client_config(std::move(client_settings)),
                          test::server_config(std::move(server_settings)));
  loopback.run();
  ASSERT_TRUE(loopback.established());
  Connection& client = loopback.client.connection;
  Connection& server = loopback.server.connection;
  Pipe to_server;
  Pipe to_client;
  std::string at_server;
  std::string at_client;
  int answers = 0;
  std::thread client_writes([&] {
    while (!client.has_output()) std::this_thread::yield();  // so that it is asked before it has closed
    write_all(client, to_server);
  });
  std::thread server_writes([&] { write_all(server, to_client, true); });
  std::thread client_reads([&] { read_all(client, to_client, at_client); });
  read_all(server, to_server, at_server, &answers);
  client_writes.join();
  server_writes.join();
  client_reads.join();
  EXPECT_GT(answers, 0);
  EXPECT_EQ(at_server.size(), at_client.size());
}

// The reading half fails while the writing half is busy: the writer sends the alert and stops.
TEST(Halves, AFailureOfTheReaderStopsTheWriter) {
  const test::Authority authority;
  test::Loopback loopback(test::client_config(authority.client_settings()),
                          test::server_config(authority.server_settings()));
  loopback.run();
  ASSERT_TRUE(loopback.established());
  std::thread reading([&] {
    ByteString garbage = {23, 3, 3, 0, 20};
    garbage.resize(25);
    EXPECT_FALSE(loopback.client.connection.receive(garbage));
  });
  ByteString room(kMaxRecordSize);
  for (;;) {
    const auto sent = loopback.client.connection.send(as_bytes("x"), room);
    if (!sent) {
      EXPECT_EQ(sent.error().code(), ErrorCode::connection_closed);
      break;
    }
    loopback.server.inbox.assign(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(sent->produced));
    loopback.server.digest();
  }
  reading.join();
  const ByteString rest = loopback.client.drain();
  loopback.server.inbox.insert(loopback.server.inbox.end(), rest.begin(), rest.end());
  loopback.server.digest();
  ASSERT_TRUE(loopback.server.error);
  EXPECT_EQ(loopback.server.error->alert(), AlertDescription::bad_record_mac);
}

}  // namespace
}  // namespace handfast
