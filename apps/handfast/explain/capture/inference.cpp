// Sizes: an alert has 2 bytes (19 with protection, 35 where 16 zeros are added, as Java does); Finished 4 and
// the hash (53 for SHA-256, 69 for SHA-384); an empty Certificate 8 (25), or together with Finished 61
// and 77.
#include "explain/capture/inference.hpp"

namespace handfast::apps::capture {
namespace {

constexpr std::size_t kAlert = 19;
constexpr std::size_t kPaddedAlert = 35;

bool is_finished(std::size_t size) { return size == 53 || size == 69; }
bool is_empty_certificate(std::size_t size) { return size == 25 || size == 61 || size == 77; }

}  // namespace

Guess guess_of(std::size_t size) {
  if (size == kAlert) return Guess::alert;
  if (size == kPaddedAlert) return Guess::padded_alert;
  if (is_finished(size)) return Guess::finished;
  return is_empty_certificate(size) ? Guess::empty_certificate : Guess::unknown;
}

const HiddenRecord* hidden_of(const TlsFacts& facts, unsigned side, std::size_t index) {
  for (const HiddenRecord& record : facts.hidden) {
    if (record.side == side && index-- == 0) return &record;
  }
  return nullptr;
}

std::size_t hidden_alert_size(const TlsFacts& facts, unsigned side) {
  const HiddenRecord* const first = hidden_of(facts, side, 0);
  if (first == nullptr) return 0;
  const Guess guess = guess_of(first->size);
  return guess == Guess::alert || guess == Guess::padded_alert ? first->size : 0;
}

bool looks_established(const TlsFacts& facts) {
  const unsigned client = facts.client;
  // Early data comes before the server has said anything; then the client's first records prove nothing.
  if (facts.early_data_offered && !facts.finished[client]) return hidden_of(facts, 1 - client, 3) != nullptr;
  const HiddenRecord* const first = hidden_of(facts, client, 0);
  if (first == nullptr || hidden_of(facts, 1 - client, 0) == nullptr) return false;
  return hidden_alert_size(facts, client) == 0;
}

bool looks_refused_without_certificate(const TlsFacts& facts) {
  const unsigned client = facts.client;
  std::size_t from_client = 0;
  bool empty_list = false;
  std::size_t server_after = 0;
  std::size_t last_size = 0;
  for (const HiddenRecord& record : facts.hidden) {
    if (record.side == client) {
      ++from_client;
      empty_list = empty_list || (from_client == 1 && guess_of(record.size) == Guess::empty_certificate);
    } else if (from_client > 0) {
      ++server_after;
      last_size = record.size;
    }
  }
  const Guess last = guess_of(last_size);
  return empty_list && server_after == 1 && (last == Guess::alert || last == Guess::padded_alert);
}

}  // namespace handfast::apps::capture
