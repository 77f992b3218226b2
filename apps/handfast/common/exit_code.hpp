// Exit codes: one contract for all sub-commands. Documented in docs/man/handfast.1.
// All stay below 64; shells reserve what is above 125.
#pragma once

namespace handfast::apps {

enum class ExitCode : int {
  success = 0,
  usage = 1,        // wrong arguments, files that cannot be read
  internal = 2,     // a bug here; the message says how to report it
  interrupted = 3,  // Ctrl-C or --max-time; what was printed is partial
  name_not_resolved = 4,
  not_connected = 5,  // refused, unreachable or timed out, all addresses
  proxy_failed = 6,
  not_tls = 7,  // N-01 … N-04
  findings = 10,
  profile = 11,
  certificate = 20,    // C-xx
  name_mismatch = 21,  // H-xx
  validity = 22,       // expired or not yet valid
  expires_soon = 23,
  negotiation = 30,         // P-xx
  client_certificate = 31,  // M-xx
  protocol_error = 32,      // R-xx: the peer broke the protocol or the connection was cut
  capture_unreadable = 40,  // explain
  no_tls_found = 41,
  keys_missing = 42,  // a handshake was found, and some of it stays hidden
};

}  // namespace handfast::apps
