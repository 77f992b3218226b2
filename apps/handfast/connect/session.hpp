// Session: one run of `handfast connect`: resolve, connect, handshake, talk, close; everything that happened
// ends up in a SessionResult. Must not print: that is a SessionView's.
#pragma once

#include <handfast/client_sessions.hpp>
#include <handfast/connection.hpp>
#include <handfast/tcp.hpp>
#include <handfast/verifier.hpp>
#include <memory>
#include <optional>
#include <string>

#include "connect/advice.hpp"
#include "connect/diagnosis.hpp"
#include "connect/options.hpp"
#include "trace/model.hpp"
#include "trace/staple.hpp"

namespace handfast::apps {

// Told what happens, as it happens; on the session's thread.
class SessionView {
 public:
  virtual ~SessionView() = default;
  // Something about the files that were given: a line, escaped.
  virtual void on_note(const std::string&) {}
  virtual void on_connected(const ConnectReport&) {}
  virtual void on_step(const TraceStep&) {}
  // It failed, and more questions are asked now; that may take seconds.
  virtual void on_investigation() {}
  virtual void on_established(const struct SessionResult&) {}
  // Application data from the server.
  virtual void on_answer(Bytes) {}
};

struct SessionResult {
  Target target;
  std::string name;  // SNI and the name that was checked
  Trace trace;
  ConnectReport network;
  bool connected = false;
  Microseconds handshake_time{0};  // from the first byte of ClientHello to the end of the handshake
  std::optional<ConnectionInfo> info;
  std::optional<Finding> finding;    // why it failed
  std::optional<Finding> overruled;  // what --insecure passed over
  std::vector<Advice> advice;        // accepted here, but others may refuse it
  bool insecure = false;
  bool identity_checked = false;
  std::optional<StapleFact> staple;  // the OCSP response that came with the certificate
  bool out_of_time = false;          // --max-time
  std::size_t answer_size = 0;
  std::size_t early_data_sent = 0;  // went early, whether or not the server took it
  std::string started;
  std::chrono::microseconds duration{0};
  ExitCode exit = ExitCode::internal;
};

// What one visit leaves for the next, and what the next one has to say at once.
struct Revisit {
  std::shared_ptr<ClientSessions> sessions;  // null: nothing is kept
  Bytes early_data;
};

SessionResult run_session(const ConnectCommand& command, SessionView& view, const Revisit& revisit = {});

}  // namespace handfast::apps
