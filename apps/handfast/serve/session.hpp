// One visitor from the accepted socket to the closed one: handshake, one request, one answer.
// Every wait has an end; what a visitor sends is bounded before it is kept.
#pragma once

#include <chrono>
#include <functional>
#include <handfast/clock.hpp>
#include <handfast/config.hpp>
#include <handfast/error.hpp>
#include <handfast/tcp.hpp>
#include <memory>
#include <optional>
#include <string>

#include "visit.hpp"

namespace handfast::apps::serve {

struct SessionLimits {
  std::chrono::milliseconds handshake{10'000};
  std::chrono::milliseconds request{
      10'000};  // for the whole head, however slowly it drips in; and for taking the answer
  std::chrono::milliseconds farewell{1'000};  // for the visitor's close_notify after ours
};

// What all visitors share. Immutable; outlives the sessions.
struct Site {
  std::shared_ptr<const ServerConfig> config;
  ServerOffer offer;
  std::string content_security_policy;
  std::string address;  // "https://localhost:8443/", for those who come without TLS
  bool throw_away_ca = false;
  const Clock* clock = nullptr;
  SessionLimits limits;
};

// What became of a visitor, for the log.
struct SessionReport {
  std::string visitor;
  bool plain_http = false;                // it spoke HTTP without TLS and was told so
  std::optional<ConnectionInfo> outcome;  // if the handshake was completed
  std::optional<Error> error;
  std::chrono::microseconds handshake_time{0};
  std::string ja4;
  std::string request;  // "GET /"; the visitor's own text
  int status = 0;       // 0: nothing was answered
};

SessionReport serve_visitor(Socket socket, const Site& site);

// For a Server: serves visitors of `site` and hands each report on, one at a time.
std::function<void(Socket)> host_of(Site site, std::function<void(const SessionReport&)> on_report);

}  // namespace handfast::apps::serve
