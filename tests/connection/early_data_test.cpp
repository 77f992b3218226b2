// A server that takes no early data drops it and goes on with the handshake. RFC 9846 §4.3.10.
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "record/header.hpp"
#include "support/hostile.hpp"
#include "support/message_parts.hpp"

namespace handfast {
namespace {

using test::Item;
using test::Middleman;
using test::Parts;
using enum Direction;

class EarlyData : public test::Hostile {
 protected:
  // The first hello announces early data, and `records` of it follow.
  static Middleman::Edit announcing(std::size_t records, std::size_t size, bool announce = true) {
    return [=, done = false](Direction direction, std::vector<Item>& items) mutable {
      if (direction != sent || done) return;
      done = true;
      Parts hello = Parts::of(items.front().content);
      if (announce) hello.extensions.push_back({ExtensionType::early_data, {}});
      items.front().content = hello.join();
      const ByteString record = test::plain_record(ContentType::application_data, ByteString(size, 0x55));
      for (std::size_t i = 0; i < records; ++i) items.insert(items.begin() + 1, Item{.raw = record});
    };
  }
  static void expect_done(Middleman& middleman) {
    EXPECT_TRUE(middleman.established());
    expect_accepted(middleman, sent);
    EXPECT_TRUE(middleman.server.received.empty()) << "early data must not reach the application";
  }
};

TEST_F(EarlyData, IsDroppedAndTheHandshakeGoesOn) {
  Middleman middleman = quick();
  middleman.run(announcing(4, 1000));
  expect_done(middleman);
}

TEST_F(EarlyData, IsDroppedAfterAHelloRetryRequestToo) {
  Middleman middleman(client_settings(), retrying_server());
  middleman.run(announcing(4, 1000));
  expect_done(middleman);
}

TEST_F(EarlyData, AFullRecordIsNotTooLong) {
  Middleman middleman(client_settings(), retrying_server());
  middleman.run(announcing(1, record::kMaxCiphertext));
  expect_done(middleman);
}

TEST_F(EarlyData, MoreThanTheLimitIsRefused) {
  for (const bool retry : {false, true}) {
    Middleman middleman(client_settings(), retry ? retrying_server() : server_settings());
    middleman.run(announcing(limits::kMaxSkippedEarlyData / 983 + 1, 1000));
    expect_refused(middleman, sent, ErrorCode::limit_exceeded);
  }
}

TEST_F(EarlyData, UnannouncedIsRefused) {
  Middleman middleman = quick();
  middleman.run(announcing(1, 1000, false));
  expect_refused(middleman, sent, ErrorCode::record_bad_mac);
}

TEST_F(EarlyData, NothingIsDroppedOnceTheHandshakeWentOn) {
  Middleman middleman = quick();
  middleman.run(announcing(1, 1000));
  ASSERT_TRUE(middleman.established());
  middleman.deliver(sent, {.raw = test::plain_record(ContentType::application_data, ByteString(100, 0x55))});
  EXPECT_TRUE(middleman.server.error);
}

}  // namespace
}  // namespace handfast
