// Whether time tells a server's RSA key exchange apart: good, badly padded and otherwise wrong ciphertexts in
// random order through finish_key_exchange, compared by Welch's t-test. RFC 5246 §7.4.7.1 (attack:
// Bleichenbacher).
//
//   premaster_timing [RUNS [--strict]]
//
// RUNS ciphertexts of each kind, 300 unless said. |t| above 4.5 is what side-channel evaluations call a leak.
// For comparison the same is done with a little work more for bad padding: its t shows what would be seen.
// Prints; only --strict turns a leak into exit code 1: a busy machine must not fail `make test`.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <random>
#include <set>
#include <string_view>

#include "handshake/server12_steps.hpp"
#include "keys/cipher_suite.hpp"
#include "message/key_exchange12.hpp"
#include "pki/certificate.hpp"
#include "support/recorded_link.hpp"
#include "support/tls12.hpp"

namespace {

using namespace handfast;
using test::must;

constexpr std::size_t kModulus = 256;
constexpr std::size_t kVariants = 32;  // ciphertexts of each kind, so that none becomes familiar to a cache
constexpr double kLeak = 4.5;
// Runs that were interrupted say nothing: the slower half is left out of each kind.
constexpr double kKept = 0.5;
constexpr double kControl = 20;  // µs

struct Kind {
  const char* name;
  std::function<void(ByteString&)> spoil;  // of a good encoded message
};
const std::array<Kind, 6>& kinds() {
  static const std::array<Kind, 6> all = {
      Kind{"good", [](ByteString&) {}},
      Kind{"good, other secrets", [](ByteString&) {}},  // what no difference looks like
      Kind{"block type 1", [](ByteString& message) { message[1] = 1; }},
      Kind{"zero in the padding", [](ByteString& message) { message[20] = 0; }},
      Kind{"no separator", [](ByteString& message) { message[kModulus - 49] = 1; }},
      Kind{"version 3.1", [](ByteString& message) { message[kModulus - 47] = 1; }},
  };
  return all;
}

EVP_PKEY* public_key_of(const Credential& credential) {
  const Bytes spki = credential.signer->public_key();
  const std::uint8_t* at = spki.data();
  return d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size()));
}

// An encoded premaster secret (RFC 8017 §7.2.1), spoiled, encrypted without further padding.
ByteString ciphertext(EVP_PKEY* key, const Kind& kind, std::mt19937& random) {
  ByteString message(kModulus);
  for (std::uint8_t& byte : message) byte = static_cast<std::uint8_t>(1 + random() % 255);
  message[0] = 0;
  message[1] = 2;
  message[kModulus - 49] = 0;
  message[kModulus - 48] = 3;
  message[kModulus - 47] = 3;
  kind.spoil(message);
  EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new(key, nullptr);
  ByteString out(kModulus);
  std::size_t size = out.size();
  if (EVP_PKEY_encrypt_init(context) != 1 || EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) != 1 ||
      EVP_PKEY_encrypt(context, out.data(), &size, message.data(), message.size()) != 1) {
    std::abort();
  }
  EVP_PKEY_CTX_free(context);
  return out;
}

std::vector<std::vector<ByteString>> ciphertexts_of_all_kinds(EVP_PKEY* key) {
  std::mt19937 random(2);
  std::vector<std::vector<ByteString>> all;
  for (const Kind& kind : kinds()) {
    auto& list = all.emplace_back();
    for (std::size_t i = 0; i < kVariants; ++i) list.push_back(ciphertext(key, kind, random));
  }
  return all;
}

// CPU time of this thread: what others do meanwhile is not the server's.
double cpu_microseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

struct Sample {
  double mean;
  double variance;
  double size;
};
Sample summarize(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  times.resize(static_cast<std::size_t>(static_cast<double>(times.size()) * kKept));
  const auto size = static_cast<double>(times.size());
  double sum = 0;
  for (const double time : times) sum += time;
  const double mean = sum / size;
  double squares = 0;
  for (const double time : times) squares += (time - mean) * (time - mean);
  return {mean, squares / (size - 1), size};
}
double welch(const Sample& one, const Sample& other) {
  return (one.mean - other.mean) / std::sqrt(one.variance / one.size + other.variance / other.size);
}

// Times `operation` on all kinds in random order and prints each kind against the first; the largest |t|.
double compare(const char* title, const std::vector<std::vector<ByteString>>& ciphertexts, std::size_t runs,
               const std::function<void(const ByteString&)>& operation) {
  std::mt19937 random(1);
  std::vector<std::size_t> order;
  for (std::size_t kind = 0; kind < ciphertexts.size(); ++kind) order.insert(order.end(), runs, kind);
  std::shuffle(order.begin(), order.end(), random);
  std::vector<std::vector<double>> times(ciphertexts.size());
  for (std::size_t i = 0; i < kVariants; ++i) operation(ciphertexts[0][i]);  // warm
  for (const std::size_t kind : order) {
    const ByteString& sent = ciphertexts[kind][random() % kVariants];
    const double start = cpu_microseconds();
    operation(sent);
    times[kind].push_back(cpu_microseconds() - start);
  }
  fmt::print("{}\n", title);
  const Sample good = summarize(times[0]);
  double worst = 0;
  for (std::size_t kind = 0; kind < times.size(); ++kind) {
    const Sample sample = summarize(times[kind]);
    const double t = kind == 0 ? 0 : welch(sample, good);
    worst = std::max(worst, std::abs(t));
    fmt::print("  {:<24}{:>9.2f} µs   t = {:+.2f}\n", kinds()[kind].name, sample.mean, t);
  }
  return worst;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t runs = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 300;
  const bool strict = argc > 2 && std::string_view(argv[2]) == "--strict";
  if (runs < 20) return 2;

  const test::Authority authority;
  pki::IssueSpec spec = authority.leaf_spec("server.test");
  spec.key_usage = static_cast<std::uint16_t>(pki::KeyUsage::key_encipherment);
  Credential credential = authority.credential(spec, crypto::KeyType::rsa);
  ServerSettings settings;
  settings.policy = test::tls12_policy();
  settings.credentials.push_back(credential);
  const auto config = test::server_config(std::move(settings));
  test::RecordedLink link(Side::server);
  handshake::Context context(config, link, [] {});
  handshake::Negotiated12 choice;
  choice.suite = keys::find_suite(CipherSuite::TLS_RSA_WITH_AES_128_GCM_SHA256);
  choice.credential = &config->data().credentials.front();
  choice.offered = ProtocolVersion::tls1_2;

  EVP_PKEY* const public_key = public_key_of(credential);
  std::vector<std::vector<ByteString>> messages = ciphertexts_of_all_kinds(public_key);
  EVP_PKEY_free(public_key);
  for (auto& list : messages) {
    for (ByteString& sent : list) {
      ByteString message;
      if (!message::encode_client_key_exchange(KeyExchange::rsa, sent, message)) return 1;
      sent = std::move(message);
    }
  }
  std::size_t wrong = 0;
  const auto key_exchange = [&](const ByteString& sent) {
    handshake::ServerExchange12 exchange;
    const auto received = message::decode<message::ClientKeyExchange>(sent);
    const auto premaster = handshake::finish_key_exchange(context, choice, exchange, *received);
    if (!premaster || premaster->size() != crypto::kRsaPremasterSize) ++wrong;
  };
  std::set<ByteString> badly_padded;
  for (std::size_t kind = 2; kind < 5; ++kind) {
    badly_padded.insert(messages[kind].begin(), messages[kind].end());
  }
  const double own = compare("finish_key_exchange, RSA with 2048 bits", messages, runs, key_exchange);
  if (wrong != 0) {
    fmt::print("{} runs told that something was wrong\n", wrong);
    return 1;
  }
  fmt::print("  {}\n\n", own > kLeak ? "a difference: run again with more runs on an idle machine"
                                     : "no difference seen");
  // What would be seen: the same, and a little work for what is badly padded.
  const double control =
      compare(fmt::format("for comparison, with {} µs more for bad padding", kControl).c_str(), messages,
              runs, [&](const ByteString& sent) {
                key_exchange(sent);
                const double end = cpu_microseconds() + (badly_padded.contains(sent) ? kControl : 0);
                while (cpu_microseconds() < end) {
                }
              });
  fmt::print("  {}\n", control > kLeak ? "this one is seen" : "not even this one is seen: too few runs");
  return strict && own > kLeak ? 1 : 0;
}
