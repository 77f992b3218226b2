// Handshakes and records of Handfast, as ratios to the primitives they need and to libssl on the same
// libcrypto.
#include <fmt/core.h>
#include <openssl/crypto.h>

#include <cstdlib>

#include "handfast_peer.hpp"
#include "libssl_peer.hpp"
#include "primitives.hpp"
#include "setup.hpp"

namespace {

using namespace handfast::bench;

// One line per figure: Handfast's cost, and how it compares.
void print(const std::vector<Contender>& contenders, const std::vector<const char*>& figures) {
  const Costs& own = contenders[0].best;
  const Costs& primitives = contenders[1].best;
  const Costs& libssl = contenders[2].best;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    fmt::print("  {:<28}{:>9.2f} µs   {:>5.2f} × primitives ({:.2f} µs)   {:>5.2f} × libssl ({:.2f} µs)\n",
               figures[i], own[i], own[i] / primitives[i], primitives[i], own[i] / libssl[i], libssl[i]);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 15;
  const Setup setup = Setup::make();
  const Configs configs = handfast_configs(setup, handfast::NamedGroup::x25519);
  Libssl libssl(setup, "X25519");
  fmt::print("CPU time in memory, one thread, best of {} rounds; {}\n\n", rounds,
             OpenSSL_version(OPENSSL_VERSION));

  fmt::print("Full handshake: TLS 1.3, X25519, ECDSA P-256 leaf and CA, chain verified, AES-128-GCM\n");
  std::vector<Contender> handshakes = {
      {"handfast", [&] { return handfast_handshakes(configs, 40); }},
      {"primitives", [] { return handshake_primitives(40); }},
      {"libssl", [&] { return libssl.handshakes(40); }},
  };
  take_turns(handshakes, rounds);
  print(handshakes, {"client", "server", "both"});

  const Configs resuming = handfast_configs(setup, handfast::NamedGroup::x25519, true);
  (void)handfast_handshake(resuming);
  if (!handfast_handshake(resuming).client.info()->resumed) stop("the session was not resumed");
  Libssl libssl_resuming = Libssl::resuming(setup, "X25519");
  fmt::print("\nResumed by ticket: TLS 1.3, X25519, AES-128-GCM; a new ticket each time\n");
  std::vector<Contender> resumed = {
      {"handfast", [&] { return handfast_handshakes(resuming, 100); }},
      {"primitives", [] { return exchange_primitives(100); }},
      {"libssl", [&] { return libssl_resuming.handshakes(100); }},
  };
  take_turns(resumed, rounds);
  print(resumed, {"client", "server", "both"});

  Pair pair = handfast_handshake(configs);
  for (const std::size_t size : {std::size_t{64}, std::size_t{1350}, std::size_t{16384}}) {
    const int count = size > 10000 ? 320 : 1600;
    std::vector<Contender> records = {
        {"handfast", [&] { return handfast_records(pair, size, count); }},
        {"primitives", [&] { return record_primitives(size, count); }},
        {"libssl", [&] { return libssl.records(size, count); }},
    };
    take_turns(records, rounds);
    fmt::print("\nRecords of {} bytes, AES-128-GCM\n", size);
    print(records, {"seal", "open"});
  }
  return 0;
}
