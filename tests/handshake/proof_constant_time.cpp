// Checks Finished and binders and opens tickets under memcheck, with keys and secrets marked as
// uninitialised: memcheck then reports each branch and each address that depends on them. Must run under
// valgrind: exits with 77 elsewhere. With --leak it branches on such a byte, to show that this is noticed.
#include <valgrind/memcheck.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <handfast/clock.hpp>
#include <handfast/random.hpp>
#include <handfast/secret.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "crypto/aead.hpp"

// Nobody else reaches the keys of tickets: so their source is part of this program, without its privacy.
#define private public
#include "../../src/handshake/ticket_keys.cpp"
#undef private

#include <handfast/connection.hpp>
#include <handfast/external_psk.hpp>

#include "handshake/authentication.hpp"
#include "handshake/authentication12.hpp"
#include "handshake/server_psk.hpp"
#include "handshake/session_state.hpp"
#include "message/decode.hpp"

using namespace handfast;

namespace {

void mark_secret(Bytes bytes) { (void)VALGRIND_MAKE_MEM_UNDEFINED(bytes.data(), bytes.size()); }
void mark_public(Bytes bytes) { (void)VALGRIND_MAKE_MEM_DEFINED(bytes.data(), bytes.size()); }

void expect(bool right, const char* what) {
  if (right) return;
  std::printf("wrong: %s\n", what);
  std::exit(2);
}

template <class T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  std::printf("failed: %s\n", result.error().to_string().c_str());
  std::exit(2);
}

template <class Check>
void expect_verdicts(MutableBytes proof, const char* what, Check check) {
  expect(check(), what);
  for (const std::size_t at : {std::size_t{0}, proof.size() / 2, proof.size() - 1}) {
    proof[at] ^= 1U;
    expect(!check(), what);
    proof[at] ^= 1U;
  }
}

void check_finished13() {
  for (const auto hash : {crypto::HashAlgorithm::sha256, crypto::HashAlgorithm::sha384}) {
    HashSecret key(ByteString(crypto::hash_size(hash), 0x11));
    keys::Transcript transcript(hash);
    transcript.add(as_bytes("a handshake"));
    ByteString verify_data = copy_of(Bytes(must(handshake::make_finished(key, transcript))).subspan(4));
    mark_secret(key.view());
    expect_verdicts(verify_data, "Finished", [&] {
      return handshake::check_finished(key, {.raw = {}, .verify_data = verify_data}, transcript).has_value();
    });
  }
}

void check_finished12() {
  HashSecret secret(ByteString(keys::kMainSecretSize12, 0x22));
  handshake::Transcript12 transcript(crypto::HashAlgorithm::sha256, false);
  expect(transcript.add(as_bytes("a handshake")).has_value(), "transcript");
  const auto main = [&] {
    return keys::MainSecret12::resumed(crypto::HashAlgorithm::sha256, secret.clone(), true);
  };
  const auto known = main();
  ByteString verify_data =
      copy_of(Bytes(must(handshake::make_finished12(Side::client, known, transcript))).subspan(4));
  mark_secret(secret.view());
  const auto unknown = main();
  expect_verdicts(verify_data, "Finished of TLS 1.2", [&] {
    return handshake::Proofs12::finished(Side::client, unknown, {.raw = {}, .verify_data = verify_data},
                                         transcript)
        .has_value();
  });
}

void check_binder() {
  constexpr auto kHash = crypto::HashAlgorithm::sha256;
  const ByteString secret(32, 0x33);
  ClientSettings settings;
  settings.policy = Policy::modern();
  settings.external_psks.push_back(must(danger::bare_external_psk(as_bytes("identity"), secret)));
  Connection client = must(Connection::client(must(ClientConfig::create(std::move(settings))),
                                              must(ServerName::parse("server.test"))));
  ByteString record(kMaxRecordSize);
  record.resize(must(client.flush(record)));
  ByteString hello(record.begin() + 5, record.end());
  const message::ClientHello decoded = must(message::decode_client_hello(hello));
  const keys::Transcript before(kHash);
  HashSecret unknown{Bytes(secret)};
  mark_secret(unknown.view());
  handshake::PreSharedKey key;
  key.kind = keys::PskKind::external;
  key.hash = kHash;
  std::optional<handshake::SelectedPsk> psk(
      handshake::SelectedPsk{std::move(key), 0, must(keys::EarlySecret::with_psk(kHash, unknown.view()))});
  // The binder ends the hello.
  expect_verdicts(MutableBytes(hello).last(crypto::hash_size(kHash)), "binder",
                  [&] { return handshake::check_binder(psk, decoded, before).has_value(); });
}

void open_ticket() {
  std::vector<TicketKey> given(1);
  given[0].secret.resize(TicketKey::kSecretSize);
  for (std::uint8_t i = 0; i < TicketKey::kSecretSize; ++i) given[0].secret.writable()[i] = i;
  const auto keys = must(TicketKeys::supplied(std::move(given)));
  const ByteString state(100, 0x44);
  ByteString ticket = must(keys->seal(state, system_random()));
  mark_secret(keys->state_->ring.load()->keys[0].key.secret.view());
  expect_verdicts(ticket, "ticket", [&] {
    auto opened = keys->open(ticket);
    if (!opened) return false;
    mark_public(*opened);
    return *opened == state;
  });
}

// What a ticket holds: where the secret stands is public, what it is is not.
void read_session() {
  handshake::SessionState session;
  session.version = ProtocolVersion::tls1_3;
  session.secret = HashSecret(ByteString(32, 0x55));
  ByteString encoded = must(handshake::encode_session(session));
  const Bytes known = session.secret.view();
  const auto at = std::search(encoded.begin(), encoded.end(), known.begin(), known.end());
  expect(at != encoded.end(), "encoding");
  mark_secret(Bytes(encoded).subspan(static_cast<std::size_t>(at - encoded.begin()), known.size()));
  const handshake::SessionState decoded = must(handshake::decode_session(encoded));
  mark_public(decoded.secret.view());
  expect(std::ranges::equal(decoded.secret.view(), known), "session");
}

void leak() {
  std::array<std::uint8_t, 1> secret{};
  mark_secret(secret);
  volatile int taken = 0;
  if (secret[0] == 1) taken = taken + 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (RUNNING_ON_VALGRIND == 0) {
    std::puts("skipped: this check means something only under valgrind");
    return 77;
  }
  if (argc > 1 && std::string_view(argv[1]) == "--leak") leak();
  check_finished13();
  check_finished12();
  check_binder();
  open_ticket();
  read_session();
  std::puts("no secret decided a branch or an address, unless memcheck says so above");
  return 0;
}
