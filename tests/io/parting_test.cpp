// A peer that is still writing when its handshake is refused reads the alert, not a reset. RFC 9846 §6.2.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <handfast/stream.hpp>
#include <string>
#include <thread>

#include "support/authority.hpp"

namespace handfast {
namespace {

// Accepted sockets do not block.
template <class Buffer>
ssize_t receive(const Socket& socket, Buffer& buffer) {
  pollfd waiting{socket.descriptor(), POLLIN, 0};
  constexpr int kPatience = 5000;  // milliseconds
  ::poll(&waiting, 1, kPatience);
  return ::recv(socket.descriptor(), buffer.data(), buffer.size(), 0);
}

// A server that answers the ClientHello with nonsense, writes on, and looks at the answer only then; like
// many programs it gives up when it cannot write.
std::string converse(Socket socket) {
  std::array<char, 65536> buffer{};
  EXPECT_GT(receive(socket, buffer), 0);
  const std::string nonsense("\x16\x03\x03\x00\x04\x63\x00\x00\x00", 9);
  ::send(socket.descriptor(), nonsense.data(), nonsense.size(), MSG_NOSIGNAL);
  for (int i = 0; i < 20; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (::send(socket.descriptor(), buffer.data(), 1000, MSG_NOSIGNAL) < 0) return "reset";
  }
  const auto count = receive(socket, buffer);
  return count < 0 ? "reset" : std::string(buffer.data(), static_cast<std::size_t>(count));
}

TEST(Parting, LetsThePeerReadTheAlert) {
  const test::Authority authority;
  auto listener = test::must(TcpListener::bind());
  std::string answer;
  std::thread server([&] {
    answer =
        converse(test::must(listener.accept(std::chrono::steady_clock::now() + std::chrono::seconds(5))));
  });
  const auto config = test::must(ClientConfig::create(authority.client_settings()));
  {
    const auto stream = Stream::connect("127.0.0.1", listener.port(), config);
    ASSERT_FALSE(stream);
    EXPECT_EQ(stream.error().alert(), AlertDescription::unexpected_message);
  }
  server.join();
  EXPECT_EQ(answer, std::string("\x15\x03\x03\x00\x02\x02\x0a", 7));
}

}  // namespace
}  // namespace handfast
