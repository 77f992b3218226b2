// Each allocation of a handshake, and of a client's authentication after it, fails once, in both roles: the
// ends report it or do without, and nothing is believed that was not checked. operator new and libcrypto's
// allocator are counted apart. Run it under ASan for leaks.
#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>

#include "base/limits.hpp"
#include "support/loopback.hpp"

namespace {

// Counts down while armed; the allocation that meets zero fails.
struct Failing {
  bool armed = false;
  long left = 0;
  bool failed = false;

  bool fails() {
    if (!armed || left < 0 || left-- != 0) return false;
    failed = true;
    return true;
  }
};
thread_local Failing of_new;
thread_local Failing of_libcrypto;

void* crypto_malloc(std::size_t size, const char*, int) {
  return of_libcrypto.fails() ? nullptr : std::malloc(size);
}
void* crypto_realloc(void* block, std::size_t size, const char*, int) {
  return of_libcrypto.fails() ? nullptr : std::realloc(block, size);
}
void crypto_free(void* block, const char*, int) { std::free(block); }
// The largest allocation while armed.
std::size_t largest = 0;
// Before libcrypto allocates for the first time.
const bool hooked = CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free) == 1;

}  // namespace

void* operator new(std::size_t size) {
  if (of_new.armed || of_libcrypto.armed) largest = std::max(largest, size);
  void* const block = of_new.fails() ? nullptr : std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return of_new.fails() ? nullptr : std::malloc(size);
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }

namespace handfast {
namespace {

// One end that allocates nothing of its own.
struct End {
  std::optional<Connection> connection;
  std::array<std::uint8_t, 8192> inbox{};
  std::size_t size = 0;
  std::optional<ErrorCode> code;
  bool established = false;
  bool client_answered = false;
};

class Armed {
 public:
  explicit Armed(Failing& failing) : failing_(failing) { failing_.armed = true; }
  ~Armed() { failing_.armed = false; }
  Armed(const Armed&) = delete;
  Armed& operator=(const Armed&) = delete;

 private:
  Failing& failing_;
};

class AllocationFailure : public testing::Test {
 protected:
  AllocationFailure() {
    ClientSettings client = authority_.client_settings();
    client.policy.groups = {NamedGroup::X25519MLKEM768, NamedGroup::secp256r1};
    client.policy.key_shares = {NamedGroup::secp256r1};
    client.credentials = {authority_.credential("client.test")};
    client.post_handshake_authentication = true;
    client_config_ = test::client_config(std::move(client));
    ServerSettings server = authority_.server_settings();
    server.policy.groups = {NamedGroup::X25519MLKEM768};
    server.policy.key_shares = {};
    server.hello_retry_cookie = true;
    server.client_authentication = ClientAuthentication::required;
    server.client_verifier = authority_.verifier();
    server.post_handshake_authentication = true;
    server_config_ = test::server_config(std::move(server));
  }

  static void carry(End& from, End& to, Failing& failing) {
    if (!from.connection || !to.connection) return;
    {
      const Armed armed(failing);
      for (;;) {
        const auto produced = from.connection->flush(MutableBytes(to.inbox).subspan(to.size));
        if (!produced) from.code = produced.error().code();
        if (!produced || *produced == 0) break;
        to.size += *produced;
      }
    }
    while (!to.code) {
      const Armed armed(failing);
      const auto got = to.connection->receive(MutableBytes(to.inbox).first(to.size));
      if (!got) {
        to.code = got.error().code();
        break;
      }
      to.established = to.established || got->event == Event::established;
      to.client_answered = to.client_answered || got->event == Event::client_answered;
      std::copy(to.inbox.begin() + static_cast<std::ptrdiff_t>(got->consumed),
                to.inbox.begin() + static_cast<std::ptrdiff_t>(to.size), to.inbox.begin());
      to.size -= got->consumed;
      if (got->consumed == 0) break;
    }
  }

  // A handshake in which allocation number `at` fails; false when there was none any more.
  bool run(Failing& failing, long at) {
    failing = {.armed = false, .left = at, .failed = false};
    End client;
    End server;
    ServerName name = test::must(ServerName::parse("server.test"));
    const auto open = [&](End& end, auto make) {
      const Armed armed(failing);
      auto made = make();
      if (made) {
        end.connection.emplace(std::move(*made));
      } else {
        end.code = made.error().code();
      }
    };
    open(client, [&] { return Connection::client(client_config_, std::move(name)); });
    open(server, [&] { return Connection::server(server_config_); });
    const auto talk = [&] {
      for (int round = 0; round < 6; ++round) {
        carry(client, server, failing);
        carry(server, client, failing);
      }
    };
    talk();
    if (server.established && !server.code) {
      const Armed armed(failing);
      const auto asked = server.connection->request_client_certificate();
      if (!asked) server.code = asked.error().code();
    }
    talk();
    const bool failed = failing.failed;
    const bool complained = client.code || server.code;
    EXPECT_TRUE(complained || (client.established && server.established && server.client_answered))
        << "silence after allocation " << at;
    EXPECT_TRUE(failed || !complained);
    // A size that came of a failure would be taken for one.
    EXPECT_LE(largest, limits::kMaxHandshakeMemory);
    if (client.established && server.established) {
      std::array<std::uint8_t, 32> one{};
      std::array<std::uint8_t, 32> other{};
      EXPECT_TRUE(client.connection->export_keying_material("EXPORTER-x", {}, one));
      EXPECT_TRUE(server.connection->export_keying_material("EXPORTER-x", {}, other));
      EXPECT_EQ(one, other);
    }
    // The server believes only a client that has proved itself.
    if (server.established) {
      EXPECT_TRUE(server.connection->info()->client_signature_scheme);
    }
    if (server.client_answered) {
      const auto answer = server.connection->take_client_answer();
      EXPECT_TRUE(answer && answer->certificates && answer->signature_scheme);
    }
    return failed;
  }

  test::Authority authority_;
  std::shared_ptr<const ClientConfig> client_config_;
  std::shared_ptr<const ServerConfig> server_config_;
};

TEST_F(AllocationFailure, OfTheLibrary) {
  long at = 0;
  while (run(of_new, at) && !HasFailure()) ++at;
  RecordProperty("allocations", static_cast<int>(at));
  EXPECT_GT(at, 50);
}

TEST_F(AllocationFailure, OfLibcrypto) {
  if (!hooked) GTEST_SKIP() << "libcrypto had allocated before";
  constexpr long kNever = 1'000'000'000;
  EXPECT_FALSE(run(of_libcrypto, kNever));  // fills its caches
  EXPECT_FALSE(run(of_libcrypto, kNever));
  const long count = kNever - of_libcrypto.left;
  RecordProperty("allocations", static_cast<int>(count));
  EXPECT_GT(count, 100);
  for (long at = 0; at < count && !HasFailure(); ++at) run(of_libcrypto, at);
}

}  // namespace
}  // namespace handfast
