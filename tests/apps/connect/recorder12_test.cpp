// The recorder on TLS 1.2: the classic steps of a full handshake, and the abbreviated ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <handfast/connection.hpp>

#include "support/resumption12.hpp"
#include "trace/recorder.hpp"

namespace handfast::apps {
namespace {

using test::must;

class Recorder12Test : public ::testing::Test, protected test::Sessions12 {
 protected:
  struct Traces {
    Trace client;
    Trace server;
  };
  RecorderOptions options_for(Side self) {
    RecorderOptions options;
    options.self = self;
    options.elapsed = [this] { return Microseconds{++ticks_}; };
    options.clock = &authority.clock;
    return options;
  }
  // A handshake under the settings as they are now, as both ends see it.
  Traces draw() {
    TraceRecorder client_recorder(options_for(Side::client));
    TraceRecorder server_recorder(options_for(Side::server));
    ConnectionOptions client_options;
    client_options.observer = &client_recorder;
    ConnectionOptions server_options;
    server_options.observer = &server_recorder;
    loopback.emplace(test::client_config(client), test::server_config(server), name, client_options,
                     server_options);
    loopback->run();
    EXPECT_TRUE(loopback->established());
    client_recorder.established();
    server_recorder.established();
    return {client_recorder.trace(), server_recorder.trace()};
  }
  static std::vector<std::string> ids_of(const Trace& trace) {
    std::vector<std::string> ids;
    for (const auto& step : trace.steps) ids.emplace_back(id_of(step.kind));
    return ids;
  }
  static bool says(const TraceStep* step, std::string_view text) {
    return step != nullptr && std::ranges::any_of(step->say, [&](const Say& say) {
             return say.text.find(text) != std::string::npos;
           });
  }
  static void expect_every_byte_in_a_field(const Trace& trace) {
    for (const auto& step : trace.steps) {
      if (step.bytes.empty()) continue;
      std::size_t covered = 0;
      for (const auto& field : step.fields) {
        if (field.depth == 0) covered += field.length;
      }
      EXPECT_EQ(covered, step.bytes.size()) << step.title;
    }
  }

 private:
  std::int64_t ticks_ = 0;
};

TEST_F(Recorder12Test, AFullHandshakeHasTenSteps) {
  const auto traces = draw();
  const std::vector<std::string> ten = {
      "client_hello",        "server_hello",       "certificate", "server_key_exchange", "server_hello_done",
      "client_key_exchange", "change_cipher_spec", "finished",    "change_cipher_spec",  "finished"};
  for (const Trace& trace : {traces.client, traces.server}) {
    EXPECT_EQ(ids_of(trace), ten);
    EXPECT_EQ(trace.round_trips, 2U);
    EXPECT_EQ(trace.steps.back().number, 10U);
    EXPECT_FALSE(trace.find(StepKind::certificate)->encrypted);
    EXPECT_TRUE(trace.steps.back().encrypted);
    // What becomes of the halves is said in names.
    EXPECT_TRUE(says(trace.find(StepKind::client_key_exchange), "premaster secret"));
    EXPECT_NE(trace.find(StepKind::client_key_exchange)->why.find("the two randoms"), std::string::npos);
    EXPECT_NE(trace.find(StepKind::server_key_exchange)->why.find("TLS 1.3"), std::string::npos);
    EXPECT_FALSE(says(trace.find(StepKind::server_hello), "earlier visit"));
    expect_every_byte_in_a_field(trace);
  }
}

TEST_F(Recorder12Test, AnAbbreviatedHandshakeHasSix) {
  server.session_store = make_session_store(authority.clock);
  connect();
  const std::vector<std::string> six = {"client_hello", "server_hello",       "change_cipher_spec",
                                        "finished",     "change_cipher_spec", "finished"};
  const auto traces = draw();
  for (const Trace& trace : {traces.client, traces.server}) {
    EXPECT_EQ(ids_of(trace), six);
    EXPECT_EQ(trace.round_trips, 1U);
    EXPECT_TRUE(says(trace.find(StepKind::server_hello), "session of an earlier visit"));
    EXPECT_EQ(trace.steps[2].lane, Lane::from_server);
    EXPECT_EQ(trace.steps[4].lane, Lane::from_client);
  }
  EXPECT_TRUE(says(&traces.client.steps[3], "nobody changed the conversation"));
}

TEST_F(Recorder12Test, ShowsTickets) {
  server.ticket_keys = must(TicketKeys::rotating(authority.clock, std::chrono::hours(1)));
  const auto full = draw();
  EXPECT_EQ(full.client.steps.size(), 11U);
  const TraceStep* const ticket = full.client.find(StepKind::ticket);
  ASSERT_NE(ticket, nullptr);
  EXPECT_FALSE(ticket->encrypted);
  EXPECT_EQ(ticket->lane, Lane::from_server);
  EXPECT_TRUE(says(ticket, "a next visit can save a round trip"));
  ASSERT_NE(ticket->fact("lifetime"), nullptr);
  expect_every_byte_in_a_field(full.client);
  // A made-up session id is repeated, too, when the server takes the ticket.
  EXPECT_EQ(draw().client.steps.size(), 6U);
  authority.clock.time += std::chrono::minutes(61);
  const auto renewed = draw();
  const std::vector<std::string> seven = {
      "client_hello", "server_hello",       "ticket",  "change_cipher_spec",
      "finished",     "change_cipher_spec", "finished"};
  EXPECT_EQ(ids_of(renewed.client), seven);
  EXPECT_TRUE(says(renewed.client.find(StepKind::server_hello), "session of an earlier visit"));
}

// A server of TLS 1.3 repeats the session id always: that says nothing.
TEST_F(Recorder12Test, Tls13IsNotTakenForIt) {
  client.policy = Policy::modern();
  server.policy = Policy::modern();
  EXPECT_FALSE(says(draw().client.find(StepKind::server_hello), "earlier visit"));
}

}  // namespace
}  // namespace handfast::apps
