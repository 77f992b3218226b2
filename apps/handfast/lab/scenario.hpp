// Scenario: one way in which a handshake fails, as a server that has exactly this fault. The tables are in
// scenarios_*.cpp: a new scenario is one entry there. Must not be reachable from other machines: servers of
// the lab listen on loopback only.
#pragma once

#include <cstdint>
#include <functional>
#include <handfast/error.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lab/visit.hpp"
#include "lab/workshop.hpp"

namespace handfast::apps::lab {

// What a server does with one connection, on a thread of the connection's own.
using Behaviour = std::function<void(Visit&)>;

// Where a scenario is made: the workshop, and the port that its server has already.
struct Bench {
  const Workshop& shop;
  std::uint16_t port = 0;
  std::string_view name;  // the scenario's
  // "M-05.pem", in options %d/%i.pem: several scenarios share the folder. `part` tells several files apart.
  [[nodiscard]] std::string file(std::string_view part = "") const {
    return std::string(name) + std::string(part) + ".pem";
  }
};
using Maker = std::function<Result<Behaviour>(const Bench&)>;

// Whether anybody is there to take connections.
enum class Listening : std::uint8_t { yes, no };

struct Scenario {
  // The id of the failure catalogue; with a word behind it where an id has several: "P-01.alert".
  std::string_view name;
  std::string_view what;  // what this server does, in a few words
  Maker make;
  // What `handfast connect` needs to meet the fault beside --ca, host and port: {"--tls1.2"}. %d stands for
  // the folder of the lab's files.
  std::vector<std::string_view> options = {};
  // True: handfast (as OpenSSL, curl and others) rightly accepts it; only other clients fail.
  bool accepted = false;
  std::string_view host = "localhost";
  Listening listening = Listening::yes;

  [[nodiscard]] std::string_view id() const { return name.substr(0, name.find('.')); }
};

// All of them, in the order of the catalogue.
std::span<const Scenario> scenarios();
const Scenario* find_scenario(std::string_view name);

// A failure that the lab does not make, and why.
struct LeftOut {
  std::string_view id;
  std::string_view why;
};
std::span<const LeftOut> left_out();

// The tables.
std::vector<Scenario> trust_scenarios();
std::vector<Scenario> certificate_scenarios();
std::vector<Scenario> name_scenarios();
std::vector<Scenario> negotiation_scenarios();
std::vector<Scenario> client_certificate_scenarios();
std::vector<Scenario> network_scenarios();
std::vector<Scenario> record_scenarios();

}  // namespace handfast::apps::lab
