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
  Libssl(const Libssl&) = delete;
  Libssl& operator=(const Libssl&) = delete;
  ~Libssl();

  // {client, server, both} microseconds a handshake.
  Costs handshakes(int count);
  // {seal, open} microseconds a record.
  Costs records(std::size_t size, int count);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace handfast::bench
