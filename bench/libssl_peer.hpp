// OpenSSL's libssl on both ends, over the same libcrypto, in memory: the yardstick.
#pragma once

#include <memory>

#include "measure.hpp"
#include "setup.hpp"

namespace handfast::bench {

class Libssl {
 public:
  // `group` by OpenSSL's name: "X25519".
  Libssl(const Setup& setup, const char* group);
  // TLS 1.3; each handshake goes on with the ticket of the one before.
  static Libssl resuming(const Setup& setup, const char* group);
  // TLS 1.2 with this suite, by OpenSSL's name, and X25519; with `resumes` the session of a first handshake
  // goes on, by ticket.
  static Libssl tls12(const Setup& setup, const char* suite, bool resumes);
  Libssl(Libssl&&) noexcept;
  Libssl(const Libssl&) = delete;
  Libssl& operator=(const Libssl&) = delete;
  ~Libssl();

  // {client, server, both} microseconds a handshake.
  Costs handshakes(int count);
  // {seal, open} microseconds a record.
  Costs records(std::size_t size, int count);

 private:
  Libssl() = default;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace handfast::bench
