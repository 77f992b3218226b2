// Harness: a connection that a fuzzer talks to, in four ways. The first byte of the input chooses:
//   0  raw: the bytes as they are, cut into pieces
//   1  inside the protection of the handshake: records that the fuzzer makes, sealed with the right keys
//   2  the same after the handshake
//   3  an honest peer's first flight with bytes changed
// Whatever comes: no crash, no endless loop, no error that does not stick, and never a connection that is
// established with somebody who has proved nothing.
#pragma once

#include <array>
#include <cstdlib>
#include <handfast/connection.hpp>
#include <map>
#include <optional>
#include <string>

#include "crypto/private_key.hpp"
#include "keys/cipher_suite.hpp"
#include "keys/key_schedule.hpp"
#include "pki/issue.hpp"
#include "record/protection.hpp"

namespace handfast::fuzz {

inline void demand(bool holds) {
  if (!holds) std::abort();
}
template <class T>
T must(Result<T> result) {
  demand(result.has_value());
  return std::move(*result);
}

// The same bytes in each run.
class SameRandom final : public RandomSource {
 public:
  Result<void> fill(MutableBytes out) const override {
    for (std::uint8_t& byte : out) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;
      byte = static_cast<std::uint8_t>(state_ >> 56U);
    }
    return {};
  }
  void restart() const { state_ = 1; }

 private:
  mutable std::uint64_t state_ = 1;
};

class Secrets final : public danger::KeyLog {
 public:
  void on_secret(std::string_view label, Bytes, Bytes secret) override {
    all[std::string(label)] = copy_of(secret);
  }
  std::map<std::string, ByteString> all;
};

class Harness {
 public:
  explicit Harness(Side victim) : victim_(victim) {
    ClientSettings client;
    configure(client);
    client.verifier = danger::accept_any_certificate();
    client.record_size_limit = 16385;
    client_ = must(ClientConfig::create(std::move(client)));
    ServerSettings server;
    configure(server);
    server.client_authentication = ClientAuthentication::optional;
    server.client_verifier = danger::accept_any_certificate();
    server_ = must(ServerConfig::create(std::move(server)));
  }

  void run(Bytes input) {
    if (input.empty()) return;
    random_.restart();
    secrets_.all.clear();
    Connection client = must(Connection::client(client_, must(ServerName::parse("fuzz.test"))));
    Connection server = must(Connection::server(server_));
    Connection& victim = victim_ == Side::client ? client : server;
    const unsigned mode = input[0] % 4U;
    input = input.subspan(1);
    if (mode == 0) {
      pieces(victim, input);
      demand(!victim.is_established());
      return;
    }
    const ByteString hello = drain(client);
    if (mode == 3) {
      ByteString flight = victim_ == Side::client ? answer(server, hello) : hello;
      for (; input.size() >= 3; input = input.subspan(3)) {
        flight[(static_cast<std::size_t>(input[0]) << 8U | input[1]) % flight.size()] = input[2];
      }
      feed(victim, flight);
      return;
    }
    ByteString flight = answer(server, hello);
    if (mode == 2) {
      (void)answer(server, answer(client, flight));
      demand(client.is_established() && server.is_established());
      sealed(victim, input, "_TRAFFIC_SECRET_0");
      return;
    }
    // The client needs ServerHello, which is the first record.
    const std::size_t first = 5U + (static_cast<std::size_t>(flight[3]) << 8U | flight[4]);
    flight.resize(first);
    if (victim_ == Side::client) (void)answer(victim, flight);
    sealed(victim, input, "_HANDSHAKE_TRAFFIC_SECRET");
    demand(!victim.is_established());
  }

 private:
  template <class Settings>
  void configure(Settings& settings) {
    settings.policy.groups = {NamedGroup::x25519, NamedGroup::secp256r1};
    settings.policy.key_shares = {NamedGroup::x25519};
    settings.policy.suites = {CipherSuite::TLS_CHACHA20_POLY1305_SHA256};
    settings.application_protocols = {"h2"};
    settings.random = &random_;
    settings.key_log = &secrets_;
    crypto::PrivateKey key = must(crypto::PrivateKey::generate(crypto::KeyType::ed25519));
    pki::IssueSpec spec;
    spec.common_name = "fuzz.test";
    spec.dns_names = {"fuzz.test"};
    spec.not_before = Time(std::chrono::seconds(1'700'000'000));
    spec.not_after = Time(std::chrono::seconds(1'900'000'000));
    Credential credential;
    credential.chain.push_back(must(pki::issue(spec, key.public_key(), key)));
    credential.signer = crypto::make_signer(std::move(key));
    settings.credentials.push_back(std::move(credential));
  }

  static ByteString drain(Connection& connection) {
    ByteString out;
    ByteString room(kMaxRecordSize);
    for (;;) {
      const auto produced = connection.flush(room);
      if (!produced || *produced == 0) return out;
      out.insert(out.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(*produced));
    }
  }

  // What an end says to what is right.
  static ByteString answer(Connection& connection, const ByteString& bytes) {
    ByteString out;
    demand(feed(connection, bytes, &out));
    return out;
  }

  // False once the connection has failed. What it says goes to `out`, or is dropped.
  static bool feed(Connection& connection, ByteString bytes, ByteString* out = nullptr) {
    MutableBytes rest = bytes;
    for (;;) {
      const auto got = connection.receive(rest);
      if (!got) {
        const auto again = connection.receive(rest);
        demand(!again && again.error().code() == got.error().code());
        ByteString room(kMaxRecordSize);
        demand(drain(connection).size() < 100'000);
        demand(!connection.send(as_bytes("x"), room));
        return false;
      }
      demand(got->consumed <= rest.size());
      const Event event = got->event;
      if (event == Event::data) demand(connection.is_established());
      rest = rest.subspan(got->consumed);
      if (event != Event::data && event != Event::established) break;
      demand(got->consumed != 0);
    }
    ByteString said = drain(connection);
    if (out != nullptr) *out = std::move(said);
    return true;
  }

  // Each piece after its length in a byte; what was not consumed comes again in front of the next one.
  static void pieces(Connection& connection, Bytes input) {
    ByteString inbox;
    while (!input.empty()) {
      const std::size_t size = std::min<std::size_t>(input[0], input.size() - 1);
      inbox.insert(inbox.end(), input.begin() + 1, input.begin() + 1 + static_cast<std::ptrdiff_t>(size));
      input = input.subspan(1 + size);
      const auto got = connection.receive(inbox);
      if (!got) break;
      demand(got->consumed <= inbox.size());
      inbox.erase(inbox.begin(), inbox.begin() + static_cast<std::ptrdiff_t>(got->consumed));
    }
    demand(!connection.receive_end());
  }

  // Records: content type, padding, length, content.
  void sealed(Connection& victim, Bytes input, const char* label) {
    const keys::SuiteParameters& suite = *keys::find_suite(CipherSuite::TLS_CHACHA20_POLY1305_SHA256);
    const std::string name = std::string(victim_ == Side::client ? "SERVER" : "CLIENT") + label;
    const HashSecret secret{Bytes(secrets_.all.at(name))};
    const keys::TrafficKeys keys = must(keys::traffic_keys(suite, secret));
    record::Sealer sealer = must(record::Sealer::create(suite.aead, keys.key.view(), keys.iv.view()));
    while (input.size() >= 4) {
      const auto type = static_cast<ContentType>(input[0]);
      const std::size_t padding = input[1] % 8U;
      const std::size_t size = std::min<std::size_t>(
          {(static_cast<std::size_t>(input[2]) << 8U | input[3]) % 16000U, input.size() - 4});
      ByteString record(record::Sealer::sealed_size(size, padding));
      must(sealer.seal(type, input.subspan(4, size), padding, record));
      input = input.subspan(4 + size);
      if (!feed(victim, std::move(record))) return;
    }
  }

  Side victim_;
  SameRandom random_;
  Secrets secrets_;
  std::shared_ptr<const ClientConfig> client_;
  std::shared_ptr<const ServerConfig> server_;
};

}  // namespace handfast::fuzz
