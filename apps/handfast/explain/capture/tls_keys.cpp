// What hellos and key changes mean for the records behind them. RFC 9846 §7.3, §4.7.3; RFC 5246 §6.3.
#include <algorithm>

#include "explain/capture/tls_reader.hpp"
#include "fingerprint/ja3.hpp"
#include "fingerprint/ja4.hpp"
#include "keys/key_schedule.hpp"
#include "keys/key_schedule12.hpp"
#include "message/decode.hpp"

namespace handfast::apps::capture {
namespace {

// RFC 9846 §4.2.3: the last eight bytes of ServerHello.random, but for the last one.
constexpr std::string_view kDowngrade = "DOWNGRD";

bool has_sentinel(Bytes random) {
  const auto tail = as_text(random.last(8));
  return tail.starts_with(kDowngrade) && (tail.back() == '\x01' || tail.back() == '\0');
}

}  // namespace

bool TlsReader::is_tls13() const {
  return facts_.server_hello_seen && facts_.version == ProtocolVersion::tls1_3;
}

void TlsReader::client_hello(Bytes message) {
  const auto hello = message::decode_client_hello(message);
  if (!hello) return;
  const bool again = facts_.client_hello_seen;
  facts_.client_hello_seen = true;
  std::copy(hello->random.begin(), hello->random.end(), client_random_.begin());
  if (again) return;
  facts_.client_hello_size = message.size();
  if (hello->server_name) facts_.server_name = std::string(as_text(*hello->server_name));
  facts_.early_data_offered = hello->early_data;
  if (const auto offer = read_client_offer(message)) {
    facts_.ja3 = ja3_of(*offer).hash;
    if (const auto ja4 = ja4_of(*offer)) facts_.ja4 = ja4->text();
    facts_.post_quantum_share = offer->sends_post_quantum_share();
    facts_.tls13_offered =
        std::ranges::find(offer->versions, static_cast<std::uint16_t>(ProtocolVersion::tls1_3)) !=
        offer->versions.end();
  }
}

void TlsReader::server_hello(Bytes message) {
  const auto hello = message::decode_server_hello(message);
  if (!hello || facts_.server_hello_seen) return;
  facts_.server_hello_seen = true;
  facts_.version = hello->selected_version.value_or(hello->legacy_version);
  facts_.suite = hello->cipher_suite;
  facts_.ja3s = ja3s_of(*hello).hash;
  facts_.downgrade_sentinel = has_sentinel(hello->random);
  std::copy(hello->random.begin(), hello->random.end(), server_random_.begin());
  suite_ = keys::find_suite(facts_.suite, is_tls13() ? ProtocolVersion::tls1_3 : ProtocolVersion::tls1_2);
  if (!is_tls13()) return;
  const unsigned server = 1 - facts_.client;
  install13(server, KeyLabel::server_handshake_traffic, Epoch::handshake);
  install13(facts_.client, KeyLabel::client_handshake_traffic, Epoch::handshake);
  recorder_.on_key_change(Direction::sent, Epoch::handshake);
}

void TlsReader::client_certificate(Bytes message) {
  if (is_tls13()) {
    if (const auto decoded = message::decode_certificate(message)) {
      facts_.client_certificate_sent = !decoded->certificate_list.empty();
    }
  } else if (const auto decoded = message::decode_certificate12(message)) {
    facts_.client_certificate_sent = !decoded->certificate_list.empty();
  }
}

void TlsReader::finished(unsigned side) {
  facts_.finished[side] = true;
  if (!is_tls13()) return;
  const bool client = side == facts_.client;
  install13(side, client ? KeyLabel::client_traffic : KeyLabel::server_traffic, Epoch::application);
}

void TlsReader::key_update(unsigned side) {
  Half& half = halves_[side];
  if (!is_tls13() || suite_ == nullptr || half.traffic.empty()) return;
  const auto next = keys::next_traffic_secret(suite_->hash, half.traffic);
  if (next) install_secret(side, *next);
}

void TlsReader::change_cipher_spec(unsigned side) {
  // TLS 1.3 sends it to look familiar, and before ServerHello nobody knows yet what it means.
  if (!facts_.server_hello_seen || is_tls13() || halves_[side].encrypted) return;
  install12(side);
}

void TlsReader::install13(unsigned side, KeyLabel label, Epoch epoch) {
  Half& half = halves_[side];
  half.encrypted = true;
  half.epoch = epoch;
  half.opener = std::monostate();
  half.traffic.clear();
  const HashSecret* const secret = keys_.find(label, client_random_);
  if (secret == nullptr) return;
  if (suite_ == nullptr || secret->size() != suite_->hash_size()) {
    facts_.decryption = suite_ == nullptr ? Decryption::unsupported : Decryption::failed;
    return;
  }
  install_secret(side, *secret);
}

void TlsReader::install_secret(unsigned side, const HashSecret& secret) {
  Half& half = halves_[side];
  const auto traffic = keys::traffic_keys(*suite_, secret);
  if (!traffic) return;
  auto opener = record::Opener::create(suite_->aead, traffic->key.view(), traffic->iv.view());
  if (!opener) return;
  half.opener = std::move(*opener);
  half.traffic = secret.clone();
}

void TlsReader::install12(unsigned side) {
  Half& half = halves_[side];
  half.encrypted = true;
  half.epoch = Epoch::application;
  const HashSecret* const secret = keys_.find(KeyLabel::client_random, client_random_);
  if (secret == nullptr) return;
  if (suite_ == nullptr || facts_.version != ProtocolVersion::tls1_2) {
    facts_.decryption = Decryption::unsupported;
    return;
  }
  if (secret->size() != keys::kMainSecretSize12) {
    facts_.decryption = Decryption::failed;
    return;
  }
  const auto main = keys::MainSecret12::resumed(suite_->hash, secret->clone(), true);
  const auto block = main.key_block(*suite_, {client_random_, server_random_});
  if (!block) return;
  const auto& keys = side == facts_.client ? block->client : block->server;
  auto opener = record::Opener12::create(suite_->aead, keys.key.view(), keys.iv.view());
  if (opener) half.opener = std::move(*opener);
}

std::optional<record::OpenedRecord> TlsReader::open(unsigned side, MutableBytes record) {
  Half& half = halves_[side];
  Result<record::OpenedRecord> opened = failure(ErrorCode::record_bad_mac);
  if (auto* opener = std::get_if<record::Opener>(&half.opener)) {
    opened = opener->open(record, record::kMaxPlaintext + 1);
  } else if (auto* opener12 = std::get_if<record::Opener12>(&half.opener)) {
    opened = opener12->open(record, record::kMaxPlaintext);
  }
  if (opened) return *opened;
  // Early data is under a key of its own, before the handshake's: pass over it.
  const bool early = side == facts_.client && facts_.early_data_offered && half.epoch == Epoch::handshake;
  if (!early) {
    half.opener = std::monostate();
    facts_.decryption = Decryption::failed;
  }
  return std::nullopt;
}

}  // namespace handfast::apps::capture
