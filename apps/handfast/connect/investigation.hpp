// Investigation: what `connect` asks after a failure to tell causes apart that look alike: at most eight more
// connections to the same server, each with one thing changed (the probes D0 to D10 of the catalogue), and
// the address that a certificate names for its issuer. Nobody else is asked. Must not ask after the deadline,
// and must not call certain what the answers leave open.
#pragma once

#include <chrono>
#include <functional>
#include <handfast/error.hpp>
#include <handfast/server_name.hpp>
#include <handfast/tcp.hpp>
#include <handfast/trust.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connect/diagnosis.hpp"
#include "connect/options.hpp"
#include "probe/ask.hpp"
#include "probe/look.hpp"

namespace handfast::apps {

inline constexpr unsigned kMostProbes = 8;

// What the session knows when it failed.
struct Inquiry {
  const ConnectCommand& command;
  const Error& error;
  const Circumstances& at;
  std::vector<Endpoint> endpoints;  // all of the name
  Endpoint endpoint;                // the one that failed
  std::optional<ServerName> name;
  std::shared_ptr<const TrustAnchors> anchors;
  Deadline deadline = kNoDeadline;
};

// Asks, and makes `finding` better: its id, confidence, evidence, probes, fix.
void investigate(Finding& finding, const Inquiry& inquiry);

// Questions, counted and written down. For investigate() and its parts.
class Questions {
 public:
  Questions(const Inquiry& inquiry, Finding& finding) : inquiry_(inquiry), finding_(finding) {}

  // Nothing if there is no time or no question left.
  std::optional<probe::Answer> ask(std::string question, const probe::ProbeHello& hello);
  std::optional<probe::Sight> look(std::string question, const Endpoint& endpoint, const ServerName& name,
                                   const probe::LookSettings& settings);
  // The last answer made the difference.
  void it_tells() { finding_.probes.back().tells = true; }
  [[nodiscard]] Deadline next_deadline() const;

 private:
  [[nodiscard]] bool may_ask() const;
  const Inquiry& inquiry_;
  Finding& finding_;
};

// The parts. After an alert that came instead of a ServerHello:
void investigate_refusal(Finding& finding, const Inquiry& inquiry, const probe::ProbeHello& hello,
                         Questions& questions);
void investigate_versions(Finding& finding, const probe::ProbeHello& hello, Questions& questions);
// After silence, a reset or the end of the connection:
void investigate_silence(Finding& finding, const Inquiry& inquiry, const probe::ProbeHello& hello,
                         Questions& questions);
// After a certificate that was not believed:
void investigate_certificate(Finding& finding, const Inquiry& inquiry, Questions& questions);
// AIA: looks for the certificate that the server forgot.
void look_for_issuer(Finding& finding, const Inquiry& inquiry, const Questions& questions);

}  // namespace handfast::apps
