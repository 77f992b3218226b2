// What both stacks are measured with: one ECDSA P-256 CA, a P-256 leaf, X25519, AES-128-GCM; the client
// verifies.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/config.hpp>
#include <memory>
#include <string>

namespace handfast::bench {

struct Setup {
  ByteString root;       // DER
  ByteString leaf;       // DER
  std::string leaf_key;  // PEM

  static Setup make();
};

// Stops the program with a sentence if something failed: a benchmark must not measure failures.
template <class T>
T must(Result<T> result);
[[noreturn]] void stop(const std::string& why);

template <class T>
T must(Result<T> result) {
  if (!result) stop(result.error().to_string());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

struct Configs {
  std::shared_ptr<const ClientConfig> client;
  std::shared_ptr<const ServerConfig> server;
};
Configs handfast_configs(const Setup& setup, NamedGroup group);

}  // namespace handfast::bench
