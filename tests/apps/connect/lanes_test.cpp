// Lanes, fields and findings as text, from models made here.
#include "connect/lanes.hpp"

#include <gtest/gtest.h>

#include "common/escape.hpp"
#include "connect/print_finding.hpp"

namespace handfast::apps {
namespace {

TraceStep hello_step() {
  TraceStep step;
  step.kind = StepKind::client_hello;
  step.number = 1;
  step.lane = Lane::from_client;
  step.direction = Direction::sent;
  step.title = "ClientHello";
  step.say = {{"I can speak TLS 1.3", Mark::none}, {"all is well", Mark::good}};
  step.why = "Why it is so.";
  step.at = Microseconds{1000};
  step.size = 1792;
  step.bytes = {0x01, 0x00, 0x00, 0x02, 0x03, 0x04};
  step.fields = {{"msg_type", 0, 1, 0, "ClientHello"},
                 {"length", 1, 3, 0, "2 B"},
                 {"outer", 4, 2, 0, ""},
                 {"inner", 5, 1, 1, ""}};
  return step;
}

LaneOptions plain_options() {
  LaneOptions options;
  options.style.width = 80;
  return options;
}

TEST(Lanes, DrawWithAsciiOffTerminal) {
  EXPECT_EQ(lane_header(plain_options()),
            "   me                                              server\n"
            "    |                                                  |\n");
  EXPECT_EQ(lane_step(hello_step(), Microseconds{0}, true, plain_options()),
            " 1  | ClientHello --------------------------------->  |     +1.0 ms   1 792 B\n"
            "    |   I can speak TLS 1.3                            |\n"
            "    |   all is well ok                                 |\n");
}

TEST(Lanes, DrawBoxesWhereTheyAreUnderstood) {
  LaneOptions options = plain_options();
  options.style.unicode = options.style.boxes = true;
  EXPECT_EQ(lane_step(hello_step(), Microseconds{500}, false, options),
            " 1  │ ClientHello ─────────────────────────────────▶  │               1 792 B\n"
            "    │   I can speak TLS 1.3                            │\n"
            "    │   all is well ✔                                  │\n");
}

TEST(Lanes, PointTheOtherWayForTheServer) {
  TraceStep step = hello_step();
  step.lane = Lane::from_server;
  step.title = "NewSessionTicket";
  step.repeated = 2;
  step.say.clear();
  EXPECT_EQ(lane_step(step, Microseconds{0}, false, plain_options()),
            " 1  |  <------------------------ 2 x NewSessionTicket |               1 792 B\n");
}

TEST(Lanes, NoLineIsWiderThanTheTerminal) {
  TraceStep step = hello_step();
  step.say = {{std::string(300, 'x'), Mark::bad},
              {"word word word word word word word word word word word", Mark::none}};
  step.why.assign(50, 'y');
  step.why.append(1, ' ').append(200, 'z');
  for (const std::size_t width : {60U, 80U, 120U}) {
    LaneOptions options = plain_options();
    options.style.width = width;
    options.verbosity = 1;
    std::string text = lane_header(options) + lane_step(step, Microseconds{0}, true, options);
    while (!text.empty()) {
      const auto end = text.find('\n');
      EXPECT_LE(display_width(text.substr(0, end)), width);
      text.erase(0, end + 1);
    }
  }
}

TEST(Lanes, WhyAndFieldsOnRequest) {
  LaneOptions options = plain_options();
  options.verbosity = 1;
  EXPECT_NE(lane_step(hello_step(), Microseconds{0}, true, options).find("Why it is so."), std::string::npos);
  EXPECT_EQ(lane_step(hello_step(), Microseconds{0}, true, options).find("msg_type"), std::string::npos);
  options.verbosity = 2;
  EXPECT_NE(lane_step(hello_step(), Microseconds{0}, true, options).find("msg_type: ClientHello"),
            std::string::npos);
}

TEST(Fields, EachByteIsShownOnce) {
  LaneOptions options = plain_options();
  options.hex = true;
  EXPECT_EQ(field_lines(hello_step(), options),
            "       msg_type: ClientHello\n"
            "             0  01\n"
            "       length: 2 B\n"
            "             1  00 00 02\n"
            "       outer: 0x0304\n"
            "             4  03\n"
            "         inner: 0x04\n"
            "               5  04\n");
}

TEST(Fields, FieldsBeyondTheBytesAreNoHarm) {
  TraceStep step = hello_step();
  step.fields = {{"lie", 5, 100, 0, ""}, {"far", 1000, 1, 0, ""}};
  LaneOptions options = plain_options();
  options.hex = true;
  EXPECT_EQ(field_lines(step, options), "       lie: 100 B\n       far\n");
}

TEST(FindingText, VerdictFirst) {
  Finding finding;
  finding.id = "C-07";
  finding.title = "The certificate has expired";
  finding.evidence = {"it ended"};
  finding.candidates = {{"C-10", "or the clock"}};
  finding.fix = "renew\nreload";
  Style style;
  style.width = 60;
  EXPECT_EQ(finding_text(finding, style),
            "X The certificate has expired                [C-07, certain]\n"
            "\n"
            "   evidence          - it ended\n"
            "   also possible     C-10  or the clock\n"
            "\n"
            "   fix               renew\n"
            "                     reload\n");
}

}  // namespace
}  // namespace handfast::apps
