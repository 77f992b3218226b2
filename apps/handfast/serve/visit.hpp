// Visit: all that is known of one visitor's connection, ready to be drawn or written as JSON.
// Must hold no secret: what is in here goes to the visitor.
#pragma once

#include <handfast/connection.hpp>
#include <string>

#include "decisions.hpp"
#include "fingerprint/client_offer.hpp"
#include "fingerprint/ja4.hpp"
#include "trace/model.hpp"

namespace handfast::apps::serve {

struct Visit {
  Trace trace;
  ClientOffer offer;  // of the ClientHello that was answered: the second one after a HelloRetryRequest
  Ja4 ja4;            // of the first ClientHello
  ConnectionInfo outcome;
  ServerOffer server;
  std::string visitor;  // "127.0.0.1:51234"
  std::string when;     // "2026-11-20T17:51:02Z"
  bool throw_away_ca = false;
};

}  // namespace handfast::apps::serve
