// Servers of the lab that our own stack plays: a good server with one thing changed. Words that the tables of
// scenarios are written in.
#pragma once

#include <chrono>
#include <functional>
#include <handfast/config.hpp>
#include <handfast/stream.hpp>
#include <string>

#include "lab/scenario.hpp"

namespace handfast::apps::lab {

// What a visitor that asks for a page gets.
struct Page {
  std::string status = "200 OK";
  std::string server = "handfast-lab";
  std::string body = "This is a server of handfast lab.\n";
  std::chrono::seconds date_shift{0};  // how wrong the server's clock is
  bool cut = false;                    // hangs up without close_notify, in the middle of the page
  // Instead of a page.
  std::function<void(Stream&)> instead;
};

// A server of our own stack and what goes with it; a scenario changes what is to be wrong.
struct ServerPlan {
  const Bench& bench;
  ServerSettings settings;  // with a good certificate
  Chain chain;              // its certificate
  Page page;
};

// A good server with these certificates.
Maker with_certificates(Workshop::Change change);
// A good server with other settings.
Maker with_server(std::function<Result<void>(ServerPlan&)> change);
// A server that knows no TLS stack at all.
Maker raw(Behaviour behaviour);

// A good server with `settings`, for behaviours of several.
Result<Behaviour> serve_with(ServerSettings settings, Page page = {});

// Asks for client certificates of the lab's root.
Result<void> ask_for_certificate(ServerPlan& plan, ClientAuthentication how);

}  // namespace handfast::apps::lab
