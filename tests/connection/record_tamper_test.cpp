// Records of a hostile peer, toward both sides in each phase: lengths, types, padding, change_cipher_spec,
// floods, application data where none may be. RFC 9846 §5.
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "support/hostile.hpp"

namespace handfast {
namespace {

using test::back;
using test::epoch_of;
using test::Item;
using test::kDirections;
using test::kPhases;
using test::Middleman;
using test::Phase;
using test::plain_record;
using test::text_of;
using enum Direction;
using enum ContentType;
using E = ErrorCode;

ByteString header_only(std::uint8_t type, std::size_t length) {
  return {type, 3, 3, static_cast<std::uint8_t>(length >> 8U), static_cast<std::uint8_t>(length)};
}

class RecordTamper : public test::Hostile {
 protected:
  // One hostile item in each phase toward each side; the codes for hello, handshake, established. An empty
  // code: accepted.
  void in_each_phase(const std::function<Item(Phase)>& make, std::array<std::optional<E>, 3> codes) {
    for (const Direction toward : kDirections) {
      for (std::size_t i = 0; i < kPhases.size(); ++i) {
        SCOPED_TRACE(std::string(text_of(toward)) + text_of(kPhases[i]));
        Middleman middleman = quick();
        advance(middleman, toward, kPhases[i]);
        middleman.deliver(toward, make(kPhases[i]));
        if (codes[i]) {
          expect_refused(middleman, toward, *codes[i]);
        } else {
          expect_accepted(middleman, toward);
        }
      }
    }
  }
  void raw_in_each_phase(const ByteString& raw, std::array<std::optional<E>, 3> codes) {
    in_each_phase([&](Phase) { return Item{.raw = raw}; }, codes);
  }
  // TLSInnerPlaintext, where there is one.
  void inner_when_protected(const ByteString& inner, E in_handshake, std::optional<E> when_established) {
    for (const Direction toward : kDirections) {
      for (const Phase phase : {Phase::handshake, Phase::established}) {
        SCOPED_TRACE(std::string(text_of(toward)) + text_of(phase));
        Middleman middleman = quick();
        advance(middleman, toward, phase);
        middleman.deliver(toward, {.epoch = epoch_of(phase), .inner = inner});
        const std::optional<E> code = phase == Phase::handshake ? in_handshake : when_established;
        if (code) {
          expect_refused(middleman, toward, *code);
        } else {
          expect_accepted(middleman, toward);
        }
      }
    }
  }
};

// "An endpoint that receives a record that exceeds this length MUST terminate the connection with a
// "record_overflow" alert." (§5.1, §5.2) The claim alone is enough.
TEST_F(RecordTamper, Oversized) {
  raw_in_each_phase(header_only(22, 16384 + 257),
                    {E::record_overflow, E::record_overflow, E::record_overflow});
  raw_in_each_phase(header_only(23, 16384 + 257),
                    {E::record_overflow, E::record_overflow, E::record_overflow});
  // As long as a protected record may be: waits for the rest once there are keys.
  raw_in_each_phase(header_only(23, 16384 + 256), {E::record_overflow, {}, {}});
  raw_in_each_phase(header_only(22, 16384 + 1), {E::record_overflow, {}, {}});
}

TEST_F(RecordTamper, InnerPlaintextTooLong) {
  ByteString inner(16384 + 2, 'x');
  inner.back() = 23;
  inner_when_protected(inner, E::record_overflow, E::record_overflow);
  // Padding counts. (§5.4)
  inner.assign(16384 + 2, 0);
  inner[0] = 'x';
  inner[1] = 23;
  inner_when_protected(inner, E::record_overflow, E::record_overflow);
  inner.pop_back();
  inner_when_protected(inner, E::record_unexpected_type, {});
}

TEST_F(RecordTamper, Empty) {
  raw_in_each_phase(header_only(22, 0),
                    {E::record_empty_handshake, E::record_unexpected_type, E::record_unexpected_type});
  raw_in_each_phase(header_only(23, 0), {E::record_unexpected_type, E::record_bad_mac, E::record_bad_mac});
  raw_in_each_phase(header_only(20, 0),
                    {E::record_empty_handshake, E::record_empty_handshake, E::record_empty_handshake});
  inner_when_protected({22}, E::record_empty_handshake, E::record_empty_handshake);
  inner_when_protected({22, 0, 0}, E::record_empty_handshake, E::record_empty_handshake);
  inner_when_protected({21}, E::record_empty_handshake, E::record_empty_handshake);
  inner_when_protected({23}, E::record_unexpected_type, {});
}

// "If a receiving implementation does not find a non-zero octet in the cleartext, it MUST terminate the
// connection with an "unexpected_message" alert." (§5.4)
TEST_F(RecordTamper, PaddingOnly) {
  inner_when_protected({}, E::record_no_content_type, E::record_no_content_type);
  inner_when_protected({0}, E::record_no_content_type, E::record_no_content_type);
  inner_when_protected(ByteString(16385, 0), E::record_no_content_type, E::record_no_content_type);
}

TEST_F(RecordTamper, UnknownTypes) {
  for (unsigned type = 0; type < 256; ++type) {
    if (type >= 20 && type <= 23) continue;
    const auto byte = static_cast<std::uint8_t>(type);
    if (type % 51 == 0 || (type > 18 && type < 26)) {  // each phase costs a handshake
      raw_in_each_phase({byte, 3, 3, 0, 1, 0},
                        {E::record_not_tls, E::record_unknown_type, E::record_unknown_type});
    }
    if (type == 24 || type == 255)
      inner_when_protected({1, byte}, E::record_unexpected_type, E::record_unexpected_type);
  }
}

TEST_F(RecordTamper, WithoutProtectionAfterKeys) {
  const ByteString key_update =
      test::handshake_message(HandshakeType::key_update, as_bytes(std::string_view("\0", 1)));
  raw_in_each_phase(plain_record(handshake, key_update),
                    {E::message_unexpected, E::record_unexpected_type, E::record_unexpected_type});
  raw_in_each_phase(plain_record(application_data, as_bytes("data")),
                    {E::record_unexpected_type, E::record_bad_mac, E::record_bad_mac});
}

// The minor number "MUST be ignored for all purposes" (§5.1); it is protected once there are keys.
TEST_F(RecordTamper, Version) {
  raw_in_each_phase({22, 2, 3, 0, 1, 1},
                    {E::record_bad_version, E::record_unexpected_type, E::record_unexpected_type});
  raw_in_each_phase({22, 3, 0x99, 0, 1, 1},
                    {std::optional<E>{}, E::record_unexpected_type, E::record_unexpected_type});
}

// Records without content count together, whatever alert comes between them.
TEST_F(RecordTamper, EmptyRecordsWithAlertsBetween) {
  for (const Direction toward : kDirections) {
    Middleman middleman = quick();
    advance(middleman, toward, Phase::established);
    const auto deliver = [&](ByteString inner) {
      middleman.deliver(toward, {.raw = middleman.sealed(toward, Epoch::application, inner)});
    };
    for (unsigned i = 0; i < limits::kMaxEmptyRecords; ++i) deliver({23});
    deliver({1, static_cast<std::uint8_t>(AlertDescription::user_canceled), 21});
    expect_accepted(middleman, toward);
    deliver({23});
    expect_refused(middleman, toward, E::record_empty_flood);
  }
}

TEST_F(RecordTamper, OtherProtocols) {
  for (const Direction toward : kDirections) {
    for (const auto& [text, code] : {std::pair{"GET / HTTP/1.1\r\n", E::record_plain_http},
                                     std::pair{"HTTP/1.1 400 Bad Request\r\n", E::record_plain_http},
                                     std::pair{"SSH-2.0-x\r\n", E::record_other_protocol},
                                     std::pair{"220 mail ESMTP\r\n", E::record_other_protocol},
                                     std::pair{"\x80\x2e\x01\x03\x01\x01", E::record_not_tls}}) {
      Middleman middleman = quick();
      advance(middleman, toward, Phase::hello);
      middleman.deliver(toward, {.raw = copy_of(as_bytes(text))});
      expect_refused(middleman, toward, code);
    }
  }
}

// Attack rows 30 and 32: what somebody put in front of the hello, as it happens where a connection is
// upgraded and its plaintext was buffered, is refused together with it; no byte of it reaches anybody.
TEST_F(RecordTamper, PlaintextInFrontOfTheHello) {
  for (const Direction toward : kDirections) {
    for (const std::string_view text :
         {std::string_view("a"), std::string_view("RSET\r\n"), std::string_view("250 ok\r\n250 ok\r\n"),
          std::string_view("\r\n\0\0", 4)}) {
      Middleman middleman = quick();
      advance(middleman, toward, Phase::hello);
      const std::vector<Item> hello = middleman.take(toward);
      ByteString raw = copy_of(as_bytes(text));
      for (const Item& item : hello) {
        const ByteString record = test::plain_record(item.type, item.content);
        raw.insert(raw.end(), record.begin(), record.end());
      }
      if (hello.empty()) raw.resize(raw.size() + 100, std::uint8_t{22});
      middleman.deliver(toward, {.raw = raw});
      ASSERT_TRUE(middleman.receiver(toward).error) << text;
      EXPECT_TRUE(middleman.receiver(toward).received.empty());
      EXPECT_FALSE(middleman.established());
    }
  }
}

TEST_F(RecordTamper, ForgedAndReplayed) {
  for (const Direction toward : kDirections) {
    for (const Phase phase : {Phase::handshake, Phase::established}) {
      SCOPED_TRACE(std::string(text_of(toward)) + text_of(phase));
      for (const std::size_t at : {std::size_t{2}, std::size_t{5}, std::size_t{9}}) {
        Middleman middleman = quick();
        advance(middleman, toward, phase);
        ByteString record = middleman.sealed(toward, epoch_of(phase), ByteString{'x', 23});
        record[at] ^= 1U;
        middleman.deliver(toward, {.raw = record});
        expect_refused(middleman, toward, E::record_bad_mac);
      }
    }
    // Twice the same, and one left out.
    Middleman replayed = quick();
    advance(replayed, toward, Phase::established);
    const ByteString record = replayed.sealed(toward, Epoch::application, ByteString{23});
    replayed.deliver(toward, {.raw = record});
    expect_accepted(replayed, toward);
    replayed.deliver(toward, {.raw = record});
    expect_refused(replayed, toward, E::record_bad_mac);
    Middleman skipped = quick();
    advance(skipped, toward, Phase::established);
    (void)skipped.sealed(toward, Epoch::application, ByteString{'x', 23});
    skipped.deliver(toward, {.raw = skipped.sealed(toward, Epoch::application, ByteString{'y', 23})});
    expect_refused(skipped, toward, E::record_bad_mac);
  }
}

TEST_F(RecordTamper, ChangeCipherSpecOfAnotherValue) {
  const std::array codes = {std::optional(E::record_bad_change_cipher_spec),
                            std::optional(E::record_bad_change_cipher_spec),
                            std::optional(E::record_bad_change_cipher_spec)};
  raw_in_each_phase({20, 3, 3, 0, 1, 2}, codes);
  raw_in_each_phase({20, 3, 3, 0, 1, 0}, codes);
  raw_in_each_phase({20, 3, 3, 0, 2, 1, 1}, codes);
  inner_when_protected({1, 20}, E::record_unexpected_type, E::record_unexpected_type);
}

// "received before the first ClientHello message or after the peer's Finished message, it MUST be treated as
// an unexpected record type" (§5)
TEST_F(RecordTamper, ChangeCipherSpecAtEachTime) {
  const ByteString record = {20, 3, 3, 0, 1, 1};
  for (const Direction toward : kDirections) {
    for (const Phase phase : kPhases) {
      SCOPED_TRACE(std::string(text_of(toward)) + text_of(phase));
      Middleman middleman = quick();
      advance(middleman, toward, phase);
      middleman.deliver(toward, {.raw = record});
      const bool allowed = phase == Phase::handshake || (phase == Phase::hello && toward == received);
      if (allowed) {
        expect_accepted(middleman, toward);
        for (unsigned i = 1; i < limits::kMaxChangeCipherSpec; ++i)
          middleman.deliver(toward, {.raw = record});
        expect_accepted(middleman, toward);
        middleman.deliver(toward, {.raw = record});
      }
      expect_refused(middleman, toward, E::record_bad_change_cipher_spec);
    }
  }
}

TEST_F(RecordTamper, EmptyRecordFlood) {
  for (const Direction toward : kDirections) {
    Middleman middleman = quick();
    middleman.run();
    for (unsigned i = 0; i < limits::kMaxEmptyRecords; ++i) {
      middleman.deliver(toward, {.type = application_data, .epoch = Epoch::application});
    }
    expect_accepted(middleman, toward);
    middleman.deliver(toward, {.type = application_data, .epoch = Epoch::application});
    expect_refused(middleman, toward, E::record_empty_flood);
  }
}

// Attack row 13: in each state, both directions, protected or not. Before item number `at` of its flight.
TEST_F(RecordTamper, ApplicationDataBeforeTheEnd) {
  for (const bool asks : {false, true}) {
    for (const Direction toward : kDirections) {
      for (const bool plain : {false, true}) {
        for (std::size_t at = 0;; ++at) {
          SCOPED_TRACE(std::string(text_of(toward)) + "before item " + std::to_string(at) +
                       (plain ? ", plain" : ""));
          ClientSettings client = client_settings();
          client.credentials = {client_};
          ServerSettings server = server_settings();
          if (asks) {
            server.client_authentication = ClientAuthentication::required;
            server.client_verifier = authority_.verifier();
          }
          Middleman middleman(std::move(client), std::move(server));
          std::size_t seen = 0;
          bool done = false;
          Epoch epoch = Epoch::plaintext;
          middleman.run([&](Direction direction, std::vector<Item>& items) {
            if (direction != toward) return;
            for (std::size_t i = 0; i < items.size() && !done; ++i) {
              if (items[i].type != handshake || items[i].epoch == Epoch::application || seen++ != at)
                continue;
              epoch = plain ? Epoch::plaintext : items[i].epoch;
              items.insert(items.begin() + static_cast<std::ptrdiff_t>(i),
                           Item{.type = application_data, .content = {'x'}, .epoch = epoch});
              done = true;
            }
          });
          if (!done) break;
          const bool has_keys =
              at > 0 && !(toward == received && at == 1 && epoch == Epoch::plaintext && !plain);
          expect_refused(middleman, toward,
                         plain && has_keys ? E::record_bad_mac : E::record_unexpected_type);
        }
      }
    }
  }
}

// The server's keys for application data are of no use before the client's Finished.
TEST_F(RecordTamper, ApplicationKeysBeforeFinished) {
  for (const Direction toward : kDirections) {
    Middleman middleman = quick();
    middleman.run([&](Direction direction, std::vector<Item>& items) {
      if (direction != toward) return;
      for (Item& item : items) {
        if (!item.is(HandshakeType::finished)) continue;
        item = {.type = application_data, .content = {'x'}, .epoch = Epoch::application};
      }
    });
    expect_refused(middleman, toward, E::record_bad_mac);
  }
}

}  // namespace
}  // namespace handfast
