// The decisions that a connection leaves to others, as the runner wants them: a signer that knows some
// schemes only, a verifier that says yes or no; both answer at once or later (-async).
#pragma once

#include <functional>
#include <handfast/observer.hpp>
#include <handfast/signer.hpp>
#include <handfast/verifier.hpp>
#include <memory>
#include <vector>

#include "options.hpp"

namespace handfast::bogo {

// Work for later: what an outside decision takes its time for. Outlives the connections.
class Later {
 public:
  void add(std::function<void()> work) { work_.push_back(std::move(work)); }
  // Does all of it; false if there was nothing to do.
  bool run();

 private:
  std::vector<std::function<void()>> work_;
};

// Remembers the secrets of application data (-export-traffic-secrets).
class TrafficSecrets final : public danger::KeyLog {
 public:
  void on_secret(std::string_view label, Bytes client_random, Bytes secret) override;

  ByteString of_client;
  ByteString of_server;
};

// What the outside saw during one connection.
struct Seen {
  TrafficSecrets secrets;
  std::optional<int> credential;  // the index of the one that signed; -1: the default one
  bool verified = false;
  bool verify_failed = false;
  std::size_t sessions_before = 0;  // kept by this end before the handshake
  bool offers_early_data = false;
  bool answered = false;  // by the server
};

// Signs with `inner`, only with `schemes` (all of inner's if empty).
std::shared_ptr<const Signer> make_signer(std::shared_ptr<const Signer> inner, const Options& options,
                                          const std::vector<std::uint16_t>& schemes, int index, Later& later,
                                          Seen& seen);

std::shared_ptr<const CertificateVerifier> make_verifier(const Options& options, Later& later, Seen& seen);

// "<EMPTY>" or DER names in hexadecimal digits, separated by commas.
std::vector<ByteString> read_names(const std::string& text);

}  // namespace handfast::bogo
