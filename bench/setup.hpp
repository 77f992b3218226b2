// What both stacks are measured with: one ECDSA P-256 CA, a P-256 leaf, X25519, AES-128-GCM; the client
// verifies.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/config.hpp>
#include <memory>
#include <string>

#include "crypto/key_algorithm.hpp"

namespace handfast::bench {

struct Setup {
  ByteString root;       // DER
  ByteString leaf;       // DER
  std::string leaf_key;  // PEM

  static Setup make(crypto::KeyType leaf_type = crypto::KeyType::ec_p256);
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
// TLS 1.3 with AES-128-GCM, and sessions in tickets if `resumes`.
Configs handfast_configs(const Setup& setup, NamedGroup group, bool resumes = false);
// TLS 1.2 with this suite, X25519, and sessions in tickets if `resumes`.
Configs handfast_configs12(const Setup& setup, CipherSuite suite, bool resumes);

}  // namespace handfast::bench
