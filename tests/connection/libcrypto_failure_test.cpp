// Each call of libcrypto that a handshake makes fails once, in TLS 1.3 and 1.2: nobody crashes, nothing
// leaks, and nobody believes a peer that lies. The linker sends the library's calls through here (--wrap).
// Attack rows 2 and 16.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/dh.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <regex>
#include <set>
#include <string>
#include <type_traits>

#include "support/tls12.hpp"

namespace {

// Counts down while armed; the call that meets zero fails, with 0 or with −1 where the result is a number.
struct Failing {
  bool armed = false;
  long left = -1;
  int number = 0;
  const char* failed = nullptr;

  bool fails(const char* name) {
    if (!armed || left < 0 || left-- != 0) return false;
    failed = name;
    return true;
  }
};
thread_local Failing failing;

std::set<std::string>& wrapped() {
  static std::set<std::string> names;
  return names;
}
struct Wrapped {
  explicit Wrapped(const char* name) { wrapped().insert(name); }
};

template <class Result>
Result failed_result() {
  if constexpr (std::is_same_v<Result, int>) return failing.number;
  return Result{};
}

// What libcrypto holds.
std::atomic<long> held = 0;
void* count_malloc(std::size_t size, const char*, int) {
  void* const block = std::malloc(size);
  if (block != nullptr) ++held;
  return block;
}
void* count_realloc(void* block, std::size_t size, const char*, int) {
  if (block == nullptr) ++held;
  return std::realloc(block, size);
}
void count_free(void* block, const char*, int) {
  if (block != nullptr) --held;
  std::free(block);
}
const bool hooked = CRYPTO_set_mem_functions(count_malloc, count_realloc, count_free) == 1;

}  // namespace

// NOLINTBEGIN: these names are the linker's.
#define WRAP(RESULT, NAME, PARAMETERS, ARGUMENTS)             \
  extern "C" RESULT __real_##NAME PARAMETERS;                 \
  extern "C" RESULT __wrap_##NAME PARAMETERS;                 \
  static const Wrapped noted_##NAME(#NAME);                   \
  extern "C" RESULT __wrap_##NAME PARAMETERS {                \
    if (failing.fails(#NAME)) return failed_result<RESULT>(); \
    return __real_##NAME ARGUMENTS;                           \
  }

using Out = unsigned char*;
using In = const unsigned char*;
// clang-format off: a function a line; the build reads the names
WRAP(BN_CTX*, BN_CTX_new, (), ())
WRAP(BN_CTX*, BN_CTX_secure_new, (), ())
WRAP(BN_MONT_CTX*, BN_MONT_CTX_new, (), ())
WRAP(int, BN_MONT_CTX_set, (BN_MONT_CTX* a, const BIGNUM* b, BN_CTX* c), (a, b, c))
WRAP(BIGNUM*, BN_bin2bn, (In a, int b, BIGNUM* c), (a, b, c))
WRAP(int, BN_bn2binpad, (const BIGNUM* a, Out b, int c), (a, b, c))
WRAP(BIGNUM*, BN_dup, (const BIGNUM* a), (a))
WRAP(int, BN_mod_exp_mont, (BIGNUM* a, const BIGNUM* b, const BIGNUM* c, const BIGNUM* d, BN_CTX* e, BN_MONT_CTX* f), (a, b, c, d, e, f))
WRAP(int, BN_mod_exp_mont_consttime, (BIGNUM* a, const BIGNUM* b, const BIGNUM* c, const BIGNUM* d, BN_CTX* e, BN_MONT_CTX* f), (a, b, c, d, e, f))
WRAP(int, BN_mod_sqr, (BIGNUM* a, const BIGNUM* b, const BIGNUM* c, BN_CTX* d), (a, b, c, d))
WRAP(BIGNUM*, BN_new, (), ())
WRAP(int, BN_rand_range, (BIGNUM* a, const BIGNUM* b), (a, b))
WRAP(int, BN_rshift, (BIGNUM* a, const BIGNUM* b, int c), (a, b, c))
WRAP(BIGNUM*, BN_secure_new, (), ())
WRAP(int, BN_sub_word, (BIGNUM* a, BN_ULONG b), (a, b))
WRAP(DH*, DH_new_by_nid, (int a), (a))
WRAP(ECDSA_SIG*, ECDSA_SIG_new, (), ())
WRAP(int, ECDSA_SIG_set0, (ECDSA_SIG* a, BIGNUM* b, BIGNUM* c), (a, b, c))
WRAP(int, ECDSA_do_verify, (In a, int b, const ECDSA_SIG* c, EC_KEY* d), (a, b, c, d))
WRAP(int, ECDSA_sign, (int a, In b, int c, Out d, unsigned* e, EC_KEY* f), (a, b, c, d, e, f))
WRAP(EC_GROUP*, EC_GROUP_new_by_curve_name, (int a), (a))
WRAP(EC_KEY*, EC_KEY_new, (), ())
WRAP(int, EC_KEY_set_group, (EC_KEY* a, const EC_GROUP* b), (a, b))
WRAP(int, EC_KEY_set_private_key, (EC_KEY* a, const BIGNUM* b), (a, b))
WRAP(int, EC_KEY_set_public_key, (EC_KEY* a, const EC_POINT* b), (a, b))
WRAP(int, EC_POINT_get_affine_coordinates, (const EC_GROUP* a, const EC_POINT* b, BIGNUM* c, BIGNUM* d, BN_CTX* e), (a, b, c, d, e))
WRAP(int, EC_POINT_mul, (const EC_GROUP* a, EC_POINT* b, const BIGNUM* c, const EC_POINT* d, const BIGNUM* e, BN_CTX* f), (a, b, c, d, e, f))
WRAP(EC_POINT*, EC_POINT_new, (const EC_GROUP* a), (a))
WRAP(int, EC_POINT_oct2point, (const EC_GROUP* a, EC_POINT* b, In c, std::size_t d, BN_CTX* e), (a, b, c, d, e))
WRAP(std::size_t, EC_POINT_point2oct, (const EC_GROUP* a, const EC_POINT* b, point_conversion_form_t c, Out d, std::size_t e, BN_CTX* f), (a, b, c, d, e, f))
WRAP(int, EVP_CIPHER_CTX_ctrl, (EVP_CIPHER_CTX* a, int b, int c, void* d), (a, b, c, d))
WRAP(EVP_CIPHER_CTX*, EVP_CIPHER_CTX_new, (), ())
WRAP(EVP_CIPHER*, EVP_CIPHER_fetch, (OSSL_LIB_CTX* a, const char* b, const char* c), (a, b, c))
WRAP(int, EVP_CipherFinal_ex, (EVP_CIPHER_CTX* a, Out b, int* c), (a, b, c))
WRAP(int, EVP_CipherInit_ex, (EVP_CIPHER_CTX* a, const EVP_CIPHER* b, ENGINE* c, In d, In e, int f), (a, b, c, d, e, f))
WRAP(int, EVP_CipherUpdate, (EVP_CIPHER_CTX* a, Out b, int* c, In d, int e), (a, b, c, d, e))
WRAP(int, EVP_DigestSign, (EVP_MD_CTX* a, Out b, std::size_t* c, In d, std::size_t e), (a, b, c, d, e))
WRAP(int, EVP_DigestSignInit, (EVP_MD_CTX* a, EVP_PKEY_CTX** b, const EVP_MD* c, ENGINE* d, EVP_PKEY* e), (a, b, c, d, e))
WRAP(int, EVP_DigestVerify, (EVP_MD_CTX* a, In b, std::size_t c, In d, std::size_t e), (a, b, c, d, e))
WRAP(int, EVP_DigestVerifyInit, (EVP_MD_CTX* a, EVP_PKEY_CTX** b, const EVP_MD* c, ENGINE* d, EVP_PKEY* e), (a, b, c, d, e))
WRAP(EVP_KEYEXCH*, EVP_KEYEXCH_fetch, (OSSL_LIB_CTX* a, const char* b, const char* c), (a, b, c))
WRAP(EVP_MD_CTX*, EVP_MD_CTX_new, (), ())
WRAP(EVP_PKEY_CTX*, EVP_PKEY_CTX_new_from_name, (OSSL_LIB_CTX* a, const char* b, const char* c), (a, b, c))
WRAP(int, EVP_PKEY_fromdata, (EVP_PKEY_CTX* a, EVP_PKEY** b, int c, OSSL_PARAM* d), (a, b, c, d))
WRAP(int, EVP_PKEY_fromdata_init, (EVP_PKEY_CTX* a), (a))
WRAP(EVP_PKEY*, EVP_PKEY_new_raw_public_key_ex, (OSSL_LIB_CTX* a, const char* b, const char* c, In d, std::size_t e), (a, b, c, d, e))
WRAP(int, RAND_bytes, (Out a, int b), (a, b))
WRAP(int, RSA_private_decrypt, (int a, In b, Out c, RSA* d, int e), (a, b, c, d, e))
WRAP(int, RSA_private_encrypt, (int a, In b, Out c, RSA* d, int e), (a, b, c, d, e))
WRAP(int, RSA_public_decrypt, (int a, In b, Out c, RSA* d, int e), (a, b, c, d, e))
WRAP(int, RSA_public_encrypt, (int a, In b, Out c, RSA* d, int e), (a, b, c, d, e))
WRAP(RSA*, RSA_new, (), ())
WRAP(int, RSA_set0_key, (RSA* a, BIGNUM* b, BIGNUM* c, BIGNUM* d), (a, b, c, d))
WRAP(int, SHA1_Final, (Out a, SHA_CTX* b), (a, b))
WRAP(int, SHA1_Init, (SHA_CTX* a), (a))
WRAP(int, SHA1_Update, (SHA_CTX* a, const void* b, std::size_t c), (a, b, c))
WRAP(int, SHA256_Final, (Out a, SHA256_CTX* b), (a, b))
WRAP(int, SHA256_Init, (SHA256_CTX* a), (a))
WRAP(int, SHA256_Update, (SHA256_CTX* a, const void* b, std::size_t c), (a, b, c))
WRAP(int, SHA384_Final, (Out a, SHA512_CTX* b), (a, b))
WRAP(int, SHA384_Init, (SHA512_CTX* a), (a))
WRAP(int, SHA384_Update, (SHA512_CTX* a, const void* b, std::size_t c), (a, b, c))
WRAP(int, SHA512_Final, (Out a, SHA512_CTX* b), (a, b))
WRAP(int, SHA512_Init, (SHA512_CTX* a), (a))
WRAP(int, SHA512_Update, (SHA512_CTX* a, const void* b, std::size_t c), (a, b, c))
// clang-format on
// NOLINTEND

namespace handfast {
namespace {

using test::Authority;
using test::must;

class Armed {
 public:
  explicit Armed(bool armed) { failing.armed = armed; }
  ~Armed() { failing.armed = false; }
  Armed(const Armed&) = delete;
  Armed& operator=(const Armed&) = delete;
};

// Signs wrongly: somebody who has the certificate and not the key.
class Liar final : public Signer {
 public:
  explicit Liar(std::shared_ptr<const Signer> honest) : honest_(std::move(honest)) {}
  [[nodiscard]] std::span<const SignatureScheme> schemes() const override { return honest_->schemes(); }
  [[nodiscard]] Bytes public_key() const override { return honest_->public_key(); }
  void sign(SignatureScheme scheme, Bytes, Completion<ByteString> done) const override {
    honest_->sign(scheme, as_bytes("something else"), std::move(done));
  }

 private:
  std::shared_ptr<const Signer> honest_;
};

// What is wrong with the peer of the end in which calls fail. The last: a byte of what it sends was changed.
enum class Lie : std::uint8_t { none, signature, chain, record };

class LibcryptoFailure : public testing::Test {
 protected:
  struct Ends {
    std::shared_ptr<const ClientConfig> client;
    std::shared_ptr<const ServerConfig> server;
  };

  Ends ends(ProtocolVersion version, crypto::KeyType type, Lie lie = Lie::none,
            Side victim = Side::client) const {
    ClientSettings client = authority_.client_settings();
    ServerSettings server;
    if (version == ProtocolVersion::tls1_2) {
      client.policy = test::tls12_policy();
      server.policy = test::tls12_policy();
    } else {
      server.policy = Policy::modern();
    }
    for (Policy* const policy : {&client.policy, &server.policy}) {
      policy->groups = {NamedGroup::secp256r1};
      policy->key_shares = {NamedGroup::secp256r1};
    }
    const Authority& of_server = lie == Lie::chain && victim == Side::client ? stranger_ : authority_;
    const Authority& of_client = lie == Lie::chain && victim == Side::server ? stranger_ : authority_;
    server.credentials = {of_server.credential("server.test", type)};
    client.credentials = {of_client.credential("client.test", type)};
    if (lie == Lie::signature) {
      Credential& liar = victim == Side::client ? server.credentials[0] : client.credentials[0];
      liar.signer = std::make_shared<Liar>(liar.signer);
    }
    server.client_authentication = ClientAuthentication::required;
    server.client_verifier = authority_.verifier();
    return {test::client_config(std::move(client)), test::server_config(std::move(server))};
  }

  // Everything that `end` has to say; a failure is its error.
  static ByteString drained(test::Endpoint& end) {
    ByteString out;
    ByteString buffer(16384);
    for (;;) {
      const auto produced = end.connection.flush(buffer);
      if (!produced && !end.error) end.error = produced.error();
      if (!produced || *produced == 0) return out;
      out.insert(out.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*produced));
    }
  }
  // Whether the last record is under keys: after a change_cipher_spec, or of TLS 1.3.
  static bool ends_protected(const ByteString& records) {
    bool under_keys = false;
    for (std::size_t at = 0; at + 5 <= records.size();) {
      under_keys = under_keys || records[at] == 23 || (records[at] == 20 && at + 6 < records.size());
      at += 5 + (static_cast<std::size_t>(records[at + 3]) << 8U | records[at + 4]);
    }
    return under_keys;
  }
  // A handshake in which call number `at` of the armed ends fails; the number of calls that were made. `look`
  // sees how it ended.
  template <class Look>
  static long run(const Ends& ends, bool arm_client, bool arm_server, long at, bool spoil, Look look) {
    failing.left = at;
    failing.failed = nullptr;
    const ServerName name = must(ServerName::parse("server.test"));
    std::optional<test::Endpoint> client;
    std::optional<test::Endpoint> server;
    {
      const Armed armed(arm_client);
      auto made = Connection::client(ends.client, name);
      if (made) client.emplace(test::Endpoint{std::move(*made), {}, {}, {}, {}, false});
    }
    {
      const Armed armed(arm_server);
      auto made = Connection::server(ends.server);
      if (made) server.emplace(test::Endpoint{std::move(*made), {}, {}, {}, {}, false});
    }
    const auto carry = [&](test::Endpoint& from, test::Endpoint& to, bool arm_from, bool arm_to,
                           bool changed) {
      ByteString bytes;
      {
        const Armed armed(arm_from);
        bytes = drained(from);
      }
      if (changed && ends_protected(bytes)) bytes.back() ^= 1U;
      to.inbox.insert(to.inbox.end(), bytes.begin(), bytes.end());
      const Armed armed(arm_to);
      to.digest();
    };
    for (int round = 0; client && server && round < 4; ++round) {
      const bool client_is_victim = arm_client && !arm_server;
      carry(*client, *server, arm_client, arm_server, spoil && !client_is_victim && round > 0);
      carry(*server, *client, arm_server, arm_client, spoil && client_is_victim);
    }
    look(client ? &*client : nullptr, server ? &*server : nullptr);
    return at - failing.left;
  }

  // Nobody lies: who goes on in spite of a failed call agrees with the other end.
  void expect_no_harm(ProtocolVersion version, crypto::KeyType type) {
    const Ends both = ends(version, type);
    const auto look = [](const test::Endpoint* client, const test::Endpoint* server) {
      if (client == nullptr || server == nullptr) return;
      const bool established = client->connection.is_established() && server->connection.is_established();
      EXPECT_TRUE(established || client->error || server->error) << "silence after " << failing.failed;
      if (failing.failed == nullptr) {
        EXPECT_TRUE(established);
      }
      if (!established) return;
      std::array<std::uint8_t, 32> one{};
      std::array<std::uint8_t, 32> other{};
      EXPECT_TRUE(client->connection.export_keying_material("EXPORTER-x", {}, one)) << failing.failed;
      EXPECT_TRUE(server->connection.export_keying_material("EXPORTER-x", {}, other)) << failing.failed;
      EXPECT_EQ(one, other) << failing.failed;
      EXPECT_TRUE(server->connection.info()->client_signature_scheme) << failing.failed;
    };
    constexpr long kNever = 1'000'000;
    run(both, true, true, kNever, false, look);  // fills the caches of libcrypto
    const long calls = run(both, true, true, kNever, false, look);
    EXPECT_GT(calls, 100);
    const long before = held;
    for (long at = 0; at < calls && !HasFailure(); ++at) {
      failing.number = at % 2 == 0 ? 0 : -1;
      run(both, true, true, at, false, look);
    }
    EXPECT_LE(held, before) << "libcrypto still holds what a failed call left";
  }

  // The peer lies: whatever fails in the end that is lied to, it is never established.
  void expect_no_belief(ProtocolVersion version, crypto::KeyType type) {
    for (const Lie lie : {Lie::signature, Lie::chain, Lie::record}) {
      // The record layer does not know of keys that sign.
      if (lie == Lie::record && type != crypto::KeyType::ec_p256) continue;
      for (const Side victim : {Side::client, Side::server}) {
        SCOPED_TRACE(std::string(name_of(victim)) + ", lie " + std::to_string(static_cast<int>(lie)));
        const Ends both = ends(version, type, lie, victim);
        const bool is_client = victim == Side::client;
        const auto look = [&](const test::Endpoint* client, const test::Endpoint* server) {
          const test::Endpoint* const end = is_client ? client : server;
          if (end == nullptr) return;
          EXPECT_FALSE(end->connection.is_established()) << failing.failed;
          EXPECT_TRUE(end->received.empty());
          if (failing.failed == nullptr) {
            EXPECT_TRUE(end->error) << "the lie was not told";
          }
        };
        constexpr long kNever = 1'000'000;
        const long calls = run(both, is_client, !is_client, kNever, lie == Lie::record, look);
        EXPECT_GT(calls, 5);
        for (long at = 0; at < calls && !HasFailure(); ++at) {
          failing.number = at % 2 == 0 ? 0 : -1;
          run(both, is_client, !is_client, at, lie == Lie::record, look);
        }
      }
    }
  }

  Authority authority_;
  Authority stranger_;  // of the same name, with another key
};

constexpr std::array kTypes = {crypto::KeyType::ec_p256, crypto::KeyType::rsa, crypto::KeyType::ed25519};

TEST_F(LibcryptoFailure, OfEachCallInTls13) {
  ASSERT_TRUE(hooked);
  for (const crypto::KeyType type : kTypes) expect_no_harm(ProtocolVersion::tls1_3, type);
}

TEST_F(LibcryptoFailure, OfEachCallInTls12) {
  for (const crypto::KeyType type : kTypes) expect_no_harm(ProtocolVersion::tls1_2, type);
}

TEST_F(LibcryptoFailure, MakesNobodyBelieveALieInTls13) {
  for (const crypto::KeyType type : kTypes) expect_no_belief(ProtocolVersion::tls1_3, type);
}

TEST_F(LibcryptoFailure, MakesNobodyBelieveALieInTls12) {
  for (const crypto::KeyType type : {crypto::KeyType::ec_p256, crypto::KeyType::rsa}) {
    expect_no_belief(ProtocolVersion::tls1_2, type);
  }
}

// What the program takes from libcrypto is wrapped above, cannot fail, or is not called in a handshake.
TEST_F(LibcryptoFailure, EachThatCanFailIsWrapped) {
  const std::regex cannot_fail(
      "\\w+_free|\\w+_get0_\\w+|BN_(is_\\w+|cmp|num_bits|set_flags)|EC_GROUP_order_bits|EC_POINT_cmp|RSA_("
      "bits|size)|"
      "SHA\\d+_Transform|OSSL_PARAM_construct_\\w+|ERR_\\w+|CRYPTO_\\w+|OpenSSL_version\\w*");
  // Key files, keys that are generated, and what X25519 asks libcrypto for once in a process.
  const std::regex not_in_handshakes(
      "EVP_(BytesToKey|Decrypt\\w+|PBE_\\w+|aes_\\w+|des_\\w+|md5|sha\\d+|CIPHER_get_\\w+|PKEY_get_raw_\\w+)|"
      "EVP_PKEY_new_raw_private_key_ex|EVP_PKEY_get_octet_string_param|PKCS5_\\w+|RSA_(generate_key_ex|set0_"
      "crt_params|set0_factors)|BN_(bn2bin|"
      "set_word)|"
      "OSSL_PROVIDER_query_operation");
  FILE* const names =
      popen(("nm -D --undefined-only /proc/" + std::to_string(getpid()) + "/exe 2>/dev/null").c_str(), "r");
  ASSERT_NE(names, nullptr);
  std::array<char, 512> line{};
  std::size_t seen = 0;
  while (std::fgets(line.data(), line.size(), names) != nullptr) {
    std::string name(line.data());
    name.erase(0, name.find_last_of(' ') + 1);
    name.erase(name.find_first_of("@\n"));
    Dl_info info{};
    void* const address = dlsym(RTLD_DEFAULT, name.c_str());
    if (address == nullptr || dladdr(address, &info) == 0 || info.dli_fname == nullptr) continue;
    if (std::string_view(info.dli_fname).find("libcrypto") == std::string_view::npos) continue;
    ++seen;
    EXPECT_TRUE(wrapped().contains(name) || std::regex_match(name, cannot_fail) ||
                std::regex_match(name, not_in_handshakes))
        << name << " can fail";
  }
  pclose(names);
  if (seen == 0) GTEST_SKIP() << "nm is not there, or libcrypto is linked in";
}

}  // namespace
}  // namespace handfast
