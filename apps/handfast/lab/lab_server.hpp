// LabServer: a scenario that runs: a listener on loopback and what it does with each visitor.
#pragma once

#include <atomic>
#include <cstdint>
#include <handfast/error.hpp>
#include <handfast/tcp.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/server.hpp"
#include "lab/scenario.hpp"

namespace handfast::apps::lab {

class LabServer {
 public:
  // On 127.0.0.1; port 0: a free one. `shop` must outlive the server. Errors: those of the listener and the
  // scenario's maker.
  static Result<std::unique_ptr<LabServer>> start(const Scenario& scenario, const Workshop& shop,
                                                  std::uint16_t port = 0);
  LabServer(const LabServer&) = delete;
  LabServer& operator=(const LabServer&) = delete;
  // Cuts what still runs.
  ~LabServer();

  [[nodiscard]] const Scenario& scenario() const { return scenario_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }

  // Fills in %h (host), %p (port), %ca (file with the lab's root), %d (folder), %i (name), %% (%).
  [[nodiscard]] std::string fill_in(std::string_view text) const;
  // The same for the words of a command; a word %o stands for the scenario's options for `handfast connect`.
  [[nodiscard]] std::vector<std::string> fill_in(const std::vector<std::string>& words) const;

 private:
  LabServer(const Scenario& scenario, const Workshop& shop) : scenario_(scenario), shop_(shop) {}

  const Scenario& scenario_;
  const Workshop& shop_;
  std::uint16_t port_ = 0;
  Behaviour behaviour_;
  std::atomic<std::size_t> visits_ = 0;
  Socket closed_;  // keeps the port for nobody
  std::optional<Server> server_;
  std::thread thread_;
};

}  // namespace handfast::apps::lab
