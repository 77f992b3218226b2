// --listen, and what follows from the rest of the command line.
#include "serve/options.hpp"

#include <gtest/gtest.h>

namespace handfast::apps::serve {
namespace {

std::string listen(std::string_view text) {
  const auto where = parse_listen(text);
  return where ? where->address + " " + std::to_string(where->port) : "refused";
}

TEST(ParseListen, TakesAddressesAndPorts) {
  EXPECT_EQ(listen("127.0.0.1:8443"), "127.0.0.1 8443");
  EXPECT_EQ(listen("localhost:1"), "127.0.0.1 1");
  EXPECT_EQ(listen(":9000"), "127.0.0.1 9000");
  EXPECT_EQ(listen("0.0.0.0"), "0.0.0.0 8443");
  EXPECT_EQ(listen("[::1]:443"), "::1 443");
  EXPECT_EQ(listen("::1"), "::1 8443");
  EXPECT_EQ(listen("[::]"), ":: 8443");
  EXPECT_EQ(listen("127.0.0.1:0"), "127.0.0.1 0");
}

TEST(ParseListen, RefusesWhatIsNoPort) {
  EXPECT_EQ(listen("127.0.0.1:"), "refused");
  EXPECT_EQ(listen("127.0.0.1:x"), "refused");
  EXPECT_EQ(listen("127.0.0.1:65536"), "refused");
  EXPECT_EQ(listen("[::1]:-1"), "refused");
}

TEST(IsLoopback, KnowsThisMachine) {
  EXPECT_TRUE(is_loopback("127.0.0.1"));
  EXPECT_TRUE(is_loopback("::1"));
  EXPECT_FALSE(is_loopback("0.0.0.0"));
  EXPECT_FALSE(is_loopback("192.0.2.1"));
}

TEST(AddressOf, IsWhatABrowserTakes) {
  EXPECT_EQ(address_of({"127.0.0.1", 8443, false}), "https://localhost:8443/");
  EXPECT_EQ(address_of({"2001:db8::1", 443, true}), "https://[2001:db8::1]:443/");
}

}  // namespace
}  // namespace handfast::apps::serve
