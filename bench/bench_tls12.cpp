// Handshakes of TLS 1.2, full and resumed, as ratios to the primitives they need and to libssl on the same
// libcrypto. A resumed one needs no public-key operation: it has no primitives to be compared to.
#include <fmt/core.h>
#include <openssl/crypto.h>

#include <array>
#include <cstdlib>

#include "handfast_peer.hpp"
#include "libssl_peer.hpp"
#include "primitives.hpp"
#include "setup.hpp"

namespace {

using namespace handfast;
using namespace handfast::bench;

void print(const std::vector<Contender>& contenders) {
  static constexpr std::array kFigures = {"client", "server", "both"};
  for (std::size_t i = 0; i < kFigures.size(); ++i) {
    fmt::print("  {:<10}{:>9.2f} µs", kFigures[i], contenders[0].best[i]);
    for (std::size_t other = 1; other < contenders.size(); ++other) {
      fmt::print("   {:>5.2f} × {} ({:.2f} µs)", contenders[0].best[i] / contenders[other].best[i],
                 contenders[other].name, contenders[other].best[i]);
    }
    fmt::print("\n");
  }
}

void full(const Setup& setup, CipherSuite suite, const char* name, bool rsa, int rounds) {
  const Configs configs = handfast_configs12(setup, suite, false);
  Libssl libssl = Libssl::tls12(setup, name, false);
  std::vector<Contender> contenders = {
      {"handfast", [&] { return handfast_handshakes(configs, 40); }, {}},
      {"primitives", [&] { return handshake_primitives(40, rsa); }, {}},
      {"libssl", [&] { return libssl.handshakes(40); }, {}},
  };
  take_turns(contenders, rounds);
  fmt::print("Full handshake: TLS 1.2, {}, X25519, chain verified\n", name);
  print(contenders);
}

void resumed(const Setup& setup, int rounds) {
  constexpr auto kSuite = CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
  const Configs configs = handfast_configs12(setup, kSuite, true);
  (void)handfast_handshake(configs);
  if (!handfast_handshake(configs).client.info()->resumed) stop("the session was not resumed");
  Libssl libssl = Libssl::tls12(setup, "ECDHE-ECDSA-AES128-GCM-SHA256", true);
  std::vector<Contender> contenders = {
      {"handfast", [&] { return handfast_handshakes(configs, 200); }, {}},
      {"libssl", [&] { return libssl.handshakes(200); }, {}},
  };
  take_turns(contenders, rounds);
  fmt::print("Resumed by ticket: TLS 1.2, AES-128-GCM\n");
  print(contenders);
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 15;
  fmt::print("CPU time in memory, one thread, best of {} rounds; {}\n\n", rounds,
             OpenSSL_version(OPENSSL_VERSION));
  const Setup ecdsa = Setup::make();
  const Setup rsa = Setup::make(crypto::KeyType::rsa);
  full(ecdsa, CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "ECDHE-ECDSA-AES128-GCM-SHA256", false,
       rounds);
  full(rsa, CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "ECDHE-RSA-AES128-GCM-SHA256", true, rounds);
  resumed(ecdsa, rounds);
  return 0;
}
