// Records, messages, keys and files: the R and S rows of the catalogue.
#include <handfast/system.hpp>
#include <handfast/ticket_keys.hpp>

#include "lab/own_stack.hpp"
#include "lab/raw_answers.hpp"
#include "lab/scenario.hpp"

namespace handfast::apps::lab {
namespace {

Maker always(AlertDescription description) {
  return raw([=](Visit& visit) {
    if (visit.hear()) visit.alert(description);
    visit.wait_for_end();
  });
}

// Instead of a ServerHello.
Maker answering(ByteString bytes) {
  return raw([=](Visit& visit) {
    if (visit.hear()) visit.send(bytes);
    visit.wait_for_end();
  });
}

void damaged_record(Visit& visit) {
  if (!begin_tls13(visit)) return;
  visit.send_record(ContentType::application_data, ByteString(64, 0x55));
  visit.wait_for_end();
}

void wrong_echo(Visit& visit) {
  const ByteString other(32, 0x11);
  message::ServerHelloPlan plan;
  plan.legacy_session_id_echo = other;
  if (const auto heard = visit.hear()) {
    visit.server_hello(*heard, ProtocolVersion::tls1_3, CipherSuite::TLS_AES_128_GCM_SHA256, plan);
  }
  visit.wait_for_end();
}

// Signs with another key than the certificate's.
Result<void> mismatched_key(ServerPlan& plan) {
  HANDFAST_TRY_ASSIGN(const auto other, crypto::PrivateKey::generate(crypto::KeyType::ec_p256));
  HANDFAST_TRY_ASSIGN(const Chain chain, plan.bench.shop.chain([&](ChainPlan& spec) {
    spec.leaf_spki = copy_of(other.public_key());
  }));
  plan.settings.credentials = {chain.credential};
  return {};
}

// Two nodes that do not share the keys of their tickets; visitors take turns.
Result<Behaviour> unshared_tickets(const Bench& bench) {
  HANDFAST_TRY_ASSIGN(const Chain chain, bench.shop.chain());
  Behaviour nodes[2];
  for (Behaviour& node : nodes) {
    ServerSettings settings;
    settings.credentials = {chain.credential};
    settings.clock = &system_clock();
    HANDFAST_TRY_ASSIGN(settings.ticket_keys, TicketKeys::rotating(system_clock()));
    HANDFAST_TRY_ASSIGN(node, serve_with(std::move(settings)));
  }
  return Behaviour([first = nodes[0], second = nodes[1]](Visit& visit) {
    visit.number() % 2 == 0 ? first(visit) : second(visit);
  });
}

void restless_keys(Stream& stream) {
  constexpr int kTooMany = 100;
  for (int i = 0; i < kTooMany; ++i) {
    if (!stream.update_keys(false)) return;
  }
  (void)stream.read_view();  // the client's alert
}

// A client's certificate with another one's key.
Result<void> mix_up_files(ServerPlan& plan) {
  HANDFAST_TRY(plan.bench.shop.write_client(plan.bench.file()));
  return plan.bench.shop.write_client(plan.bench.file("-other"));
}

Result<void> spoil_file(ServerPlan& plan) {
  HANDFAST_TRY(plan.bench.shop.write_client(plan.bench.file()));
  return plan.bench.shop.write(
      plan.bench.file("-broken"),
      "-----BEGIN PRIVATE KEY-----\nnot base64 at all!\n-----END PRIVATE KEY-----\n");
}

}  // namespace

std::vector<Scenario> record_scenarios() {
  return {
      {"R-01", "sends a record that nobody can decrypt", raw(damaged_record)},
      {"R-02", "sends a record that is longer than allowed", answering({0x16, 0x03, 0x03, 0x70, 0x00, 0x02})},
      {"R-03", "begins with the second message",
       answering({0x16, 0x03, 0x03, 0x00, 0x07, 0x0b, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00})},
      {"R-04", "cuts its ServerHello short",
       answering({0x16, 0x03, 0x03, 0x00, 0x0a, 0x02, 0x00, 0x00, 0x06, 0x03, 0x03, 0x01, 0x02, 0x03, 0x04})},
      {"R-05", "echoes another session id than it was sent", raw(wrong_echo)},
      {"R-06", "signs with another key than its certificate's", with_server(mismatched_key)},
      {"R-07", "breaks down and says so", always(AlertDescription::internal_error)},
      {"R-08", "lets nobody in", always(AlertDescription::access_denied)},
      {"R-09", "has two nodes that do not share their ticket keys", unshared_tickets, {"--resume"}},
      {"R-10", "changes its keys over and over", with_server([](ServerPlan& plan) -> Result<void> {
         plan.page.instead = restless_keys;
         return {};
       })},
      {"S-01",
       "is good, while the client's key is not that of its certificate",
       with_server(mix_up_files),
       {"--cert", "%d/%i.pem", "--key", "%d/%i-other.pem"}},
      {"S-02", "has no certificate, and refuses whatever is offered",
       always(AlertDescription::handshake_failure)},
      {"S-04",
       "is good, while the client's key file is broken",
       with_server(spoil_file),
       {"--cert", "%d/%i.pem", "--key", "%d/%i-broken.pem"}},
  };
}

}  // namespace handfast::apps::lab
