// The recorder: real connections in memory, and what it says of them; claims wait for the check behind them.
#include "trace/recorder.hpp"

#include <gtest/gtest.h>

#include <handfast/connection.hpp>
#include <set>

#include "support/loopback.hpp"

namespace handfast::apps {
namespace {

using test::must;

class RecorderTest : public ::testing::Test {
 protected:
  RecorderOptions options_for(Side self) {
    RecorderOptions options;
    options.self = self;
    options.elapsed = [this] { return Microseconds{++ticks_}; };
    options.clock = &authority_.clock;
    return options;
  }
  static ConnectionOptions observed(Observer& observer) {
    ConnectionOptions options;
    options.observer = &observer;
    return options;
  }
  static std::vector<std::string> ids_of(const Trace& trace) {
    std::vector<std::string> ids;
    for (const auto& step : trace.steps) ids.emplace_back(id_of(step.kind));
    return ids;
  }
  static bool says(const TraceStep* step, std::string_view text) {
    if (step == nullptr) return false;
    for (const auto& say : step->say) {
      if (say.text.find(text) != std::string::npos) return true;
    }
    return false;
  }

  test::Authority authority_;
  std::int64_t ticks_ = 0;
};

TEST_F(RecorderTest, DrawsTheHandshakeFromBothSides) {
  TraceRecorder client(options_for(Side::client));
  TraceRecorder server(options_for(Side::server));
  test::Loopback loopback(test::client_config(authority_.client_settings()),
                          test::server_config(authority_.server_settings()), "server.test", observed(client),
                          observed(server));
  loopback.run();
  ASSERT_TRUE(loopback.established());
  client.established();
  server.established();

  const std::vector<std::string> expected = {
      "client_hello", "server_hello", "keys",     "encrypted_extensions",
      "certificate",  "cert_verify",  "finished", "finished"};
  for (const auto& trace : {client.trace(), server.trace()}) {
    EXPECT_EQ(ids_of(trace), expected);
    EXPECT_EQ(trace.find(StepKind::client_hello)->lane, Lane::from_client);
    EXPECT_EQ(trace.find(StepKind::certificate)->lane, Lane::from_server);
    EXPECT_FALSE(trace.find(StepKind::server_hello)->encrypted);
    EXPECT_TRUE(trace.find(StepKind::encrypted_extensions)->encrypted);
    EXPECT_EQ(trace.find(StepKind::certificate)->certificates.at(0).names,
              std::vector<std::string>{"server.test"});
    EXPECT_EQ(trace.round_trips, 1U);
    for (const auto& step : trace.steps) EXPECT_EQ(step.bytes.size(), step.size) << step.title;
  }
  EXPECT_TRUE(says(client.trace().find(StepKind::cert_verify), "proved it owns the key"));
  EXPECT_TRUE(says(client.trace().find(StepKind::finished), "nobody changed the conversation"));
  // What oneself signs needs no proof.
  EXPECT_FALSE(says(server.trace().find(StepKind::cert_verify), "proved"));
}

TEST_F(RecorderTest, EveryByteOfAMessageBelongsToAField) {
  TraceRecorder client(options_for(Side::client));
  test::Loopback loopback(test::client_config(authority_.client_settings()),
                          test::server_config(authority_.server_settings()), "server.test", observed(client));
  loopback.run();
  for (const auto& step : client.trace().steps) {
    if (step.bytes.empty()) continue;
    std::size_t covered = 0;
    for (const auto& field : step.fields) {
      EXPECT_LE(field.offset + field.length, step.bytes.size()) << step.title << " " << field.name;
      if (field.depth == 0) covered += field.length;
    }
    EXPECT_EQ(covered, step.bytes.size()) << step.title;
  }
}

TEST_F(RecorderTest, MarksWhatWasChosen) {
  auto settings = authority_.server_settings();
  settings.policy.suites = {CipherSuite::TLS_CHACHA20_POLY1305_SHA256};
  TraceRecorder client(options_for(Side::client));
  test::Loopback loopback(test::client_config(authority_.client_settings()),
                          test::server_config(std::move(settings)), "server.test", observed(client));
  loopback.run();
  const auto trace = client.trace();
  const Fact* suites = trace.find(StepKind::client_hello)->fact("suites");
  ASSERT_NE(suites, nullptr);
  for (const auto& item : suites->items) {
    EXPECT_EQ(item.chosen, item.text == "TLS_CHACHA20_POLY1305_SHA256") << item.text;
  }
  const Fact* schemes = trace.find(StepKind::client_hello)->fact("signature_schemes");
  EXPECT_TRUE(std::ranges::any_of(schemes->items, [](const FactItem& item) { return item.chosen; }));
}

TEST_F(RecorderTest, NamesTheRetry) {
  auto settings = authority_.server_settings();
  settings.policy.groups = {NamedGroup::secp384r1};
  settings.policy.key_shares = {NamedGroup::secp384r1};
  TraceRecorder client(options_for(Side::client));
  test::Loopback loopback(test::client_config(authority_.client_settings()),
                          test::server_config(std::move(settings)), "server.test", observed(client));
  loopback.run();
  client.established();
  EXPECT_EQ(client.trace().round_trips, 2U);
  EXPECT_TRUE(says(client.trace().find(StepKind::hello_retry), "asks for a key for P-384"));
}

// A message as a connection would report it, without one.
MessageEvent event_of(HandshakeType type, Bytes bytes) {
  return {Direction::received, Epoch::handshake, type, bytes, {}, 0, 0};
}

TEST_F(RecorderTest, ClaimsNothingBeforeItIsChecked) {
  std::vector<std::string> shown;
  RecorderOptions options = options_for(Side::client);
  options.on_step = [&](const TraceStep& step) { shown.emplace_back(step.title); };
  TraceRecorder recorder(options);
  const ByteString finished = {20, 0, 0, 1, 0xaa};
  recorder.on_message(event_of(HandshakeType::finished, finished));
  EXPECT_TRUE(shown.empty());
  recorder.on_error(Error(ErrorCode::finished_mismatch));
  EXPECT_EQ(shown, std::vector<std::string>{"Finished"});
  EXPECT_TRUE(says(recorder.trace().find(StepKind::finished), "does not match"));
  EXPECT_FALSE(says(recorder.trace().find(StepKind::finished), "nobody changed"));
}

TEST_F(RecorderTest, AnotherErrorNeitherProvesNorDenies) {
  TraceRecorder recorder(options_for(Side::client));
  const ByteString verify = {15, 0, 0, 5, 0x04, 0x03, 0, 1, 0xaa};
  recorder.on_message(event_of(HandshakeType::certificate_verify, verify));
  recorder.on_error(Error(ErrorCode::truncated));
  EXPECT_FALSE(says(recorder.trace().find(StepKind::cert_verify), "prove"));
}

TEST_F(RecorderTest, CertificateWaitsForItsVerdict) {
  std::vector<std::string> shown;
  RecorderOptions options = options_for(Side::client);
  options.verdict_follows = true;
  options.on_step = [&](const TraceStep& step) { shown.emplace_back(step.say.back().text); };
  TraceRecorder recorder(options);
  const ByteString certificate = {11, 0, 0, 4, 0, 0, 0, 0};
  recorder.on_message(event_of(HandshakeType::certificate, certificate));
  EXPECT_TRUE(shown.empty());
  recorder.certificate_verdict({{"believed", Mark::good}});
  EXPECT_EQ(shown, std::vector<std::string>{"believed"});
}

TEST_F(RecorderTest, TicketsAreCountedTogether) {
  std::vector<unsigned> shown;
  RecorderOptions options = options_for(Side::client);
  options.on_step = [&](const TraceStep& step) { shown.push_back(step.repeated); };
  TraceRecorder recorder(options);
  const ByteString ticket = {4, 0, 0, 14, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 1, 0xaa, 0, 0};
  recorder.on_message(event_of(HandshakeType::new_session_ticket, ticket));
  recorder.on_message(event_of(HandshakeType::new_session_ticket, ticket));
  EXPECT_TRUE(shown.empty());
  recorder.flush();
  EXPECT_EQ(shown, std::vector<unsigned>{2});
}

TEST_F(RecorderTest, MalformedMessagesAreShownAsSuch) {
  TraceRecorder recorder(options_for(Side::client));
  const ByteString hello = {2, 0, 0, 1, 0x03};
  recorder.on_message(event_of(HandshakeType::server_hello, hello));
  EXPECT_TRUE(says(recorder.trace().find(StepKind::server_hello), "malformed"));
}

TEST_F(RecorderTest, WhatPeersNameThemselvesIsEscaped) {
  auto settings = authority_.client_settings();
  settings.application_protocols = {"\x1b[31mevil"};
  TraceRecorder server(options_for(Side::server));
  test::Loopback loopback(test::client_config(std::move(settings)),
                          test::server_config(authority_.server_settings()), "server.test", {},
                          observed(server));
  loopback.run();
  const auto trace = server.trace();
  ASSERT_NE(trace.find(StepKind::client_hello), nullptr);
  for (const auto& say : trace.find(StepKind::client_hello)->say)
    EXPECT_EQ(say.text.find('\x1b'), std::string::npos);
  EXPECT_EQ(trace.find(StepKind::client_hello)->fact("application_protocols")->items.at(0).text,
            "\\x1b[31mevil");
}

}  // namespace
}  // namespace handfast::apps
