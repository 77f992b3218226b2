// Diagnosis: from an error and what was seen on the way to a finding of the failure catalogue, with its
// confidence and evidence. Must not guess silently: what cannot be known is "likely" or "possible".
#pragma once

#include <cstdint>
#include <handfast/clock.hpp>
#include <handfast/error.hpp>
#include <handfast/tcp.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/exit_code.hpp"
#include "trace/model.hpp"

namespace handfast::apps {

enum class Confidence : std::uint8_t { certain, likely, possible };
std::string_view name_of(Confidence confidence);

// Another explanation that fits.
struct Candidate {
  std::string id;
  std::string text;
};

// One more question to the server, and what came of it.
struct ProbeLine {
  std::string question;  // "every cipher suite I know (63)"
  std::string outcome;   // "refused: handshake_failure"
  bool tells = false;    // this one made the difference
};

struct Finding {
  std::string id;  // "C-07"; empty if the catalogue has none
  std::string title;
  Confidence confidence = Confidence::certain;
  std::string cause;
  std::vector<std::string> chain;     // "sent  example.org  issued by …": the picture of a chain
  std::vector<std::string> evidence;  // escaped
  std::vector<Candidate> candidates;
  std::string seen;  // what others call it
  std::string fix;   // lines
  std::vector<ProbeLine> probes;
  std::string fails;  // who fails, and who works, where programs differ
  std::string works;
  std::string software;     // the server's own words: "nginx/1.22.1"; escaped
  std::string missing_pem;  // the certificate that the server forgot
  std::string saved_as;     // where it was written
  ExitCode exit = ExitCode::internal;
};

// What this client had to show.
struct OwnCertificate {
  Time not_before;
  Time not_after;
  bool for_clients = true;  // its extended key usage allows it
  std::string issuer;       // escaped
  std::size_t chain_length = 0;
  std::vector<SignatureScheme> schemes;  // that its key can make
};

// What was known when it failed.
struct Circumstances {
  const Trace* trace = nullptr;
  std::string host;
  std::string name;  // whom the certificate had to be for
  NetworkFailure network = NetworkFailure::none;
  bool connected = false;             // TCP was established
  std::optional<OwnCertificate> own;  // this client had a certificate to show
  Time now;
  std::string trust_origin;  // "the system's store", "roots.pem"
};

Finding diagnose(const Error& error, const Circumstances& circumstances);

// Another id with its texts; evidence and probes stay.
void rename(Finding& finding, std::string_view id, Confidence confidence);

// The same for a certificate's error alone, for what --insecure overruled.
Finding diagnose_certificate(const Error& error, const Circumstances& circumstances);

// The number sets of an error or a hello in words: "X25519MLKEM768, X25519, P-256".
std::string offered_text(const Trace& trace, std::string_view fact_id);

}  // namespace handfast::apps
