// Decisions: what the two sides chose, out of what each of them brought, and why it came out so.
// RFC 9846 §4.2.3, §4.3. Looks at the outcome; must not negotiate anything itself.
#pragma once

#include <cstdint>
#include <handfast/connection.hpp>
#include <handfast/policy.hpp>
#include <string>
#include <vector>

#include "fingerprint/client_offer.hpp"

namespace handfast::apps::serve {

// What this server brought to each decision.
struct ServerOffer {
  Policy policy;
  std::vector<std::string> application_protocols;
  std::vector<SignatureScheme> signer_schemes;  // of all its certificates' keys
  std::string certificate_name;                 // of the certificate that was shown; may be empty
};

struct Candidate {
  std::string name;
  bool grease = false;
  bool common = false;  // both sides have it
  bool chosen = false;
  bool post_quantum = false;
};

struct Decision {
  std::string id;      // "version", "group", "suite", "signature", "application_protocol"
  std::string title;   // "Key exchange"
  std::string chosen;  // may be empty: nothing was agreed
  std::string why;
  std::vector<Candidate> client;  // in the client's order
  std::vector<Candidate> server;  // in the server's order
};

std::vector<Decision> decisions_of(const ClientOffer& client, const ServerOffer& server,
                                   const ConnectionInfo& outcome);

}  // namespace handfast::apps::serve
