// "<label> <client_random> <secret>" in hexadecimal, RFC 9850 §2.
#include "explain/capture/key_store.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "explain/capture/limits.hpp"

namespace handfast::apps::capture {
namespace {

constexpr std::pair<std::string_view, KeyLabel> kLabels[] = {
    {"CLIENT_RANDOM", KeyLabel::client_random},
    {"CLIENT_EARLY_TRAFFIC_SECRET", KeyLabel::client_early_traffic},
    {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", KeyLabel::client_handshake_traffic},
    {"SERVER_HANDSHAKE_TRAFFIC_SECRET", KeyLabel::server_handshake_traffic},
    {"CLIENT_TRAFFIC_SECRET_0", KeyLabel::client_traffic},
    {"SERVER_TRAFFIC_SECRET_0", KeyLabel::server_traffic},
};
// Labels of things that decrypt no record.
constexpr std::string_view kOthers[] = {"EXPORTER_SECRET", "EARLY_EXPORTER_SECRET",      "RSA", "ECH_SECRET",
                                        "ECH_CONFIG",      "SERVER_EARLY_TRAFFIC_SECRET"};

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Exactly out.size() bytes.
bool from_hex(std::string_view text, MutableBytes out) {
  if (text.size() != 2 * out.size()) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = digit(text[2 * i]);
    const int low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

std::string_view take_word(std::string_view& line) {
  const std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
  line.remove_prefix(begin);
  const std::size_t end = std::min(line.find_first_of(" \t\r"), line.size());
  const auto word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

}  // namespace

bool KeyStore::add_line(std::string_view line) {
  const auto label = take_word(line);
  if (label.empty() || label.starts_with('#') || std::ranges::find(kOthers, label) != std::end(kOthers))
    return false;
  const auto* const known = std::ranges::find(kLabels, label, &std::pair<std::string_view, KeyLabel>::first);
  const auto random_text = take_word(line);
  const auto secret_text = take_word(line);
  constexpr std::size_t kLongest = 48;
  ClientRandom random{};
  HashSecret secret(secret_text.size() / 2);
  const bool read = known != std::end(kLabels) && take_word(line).empty() &&
                    secret_text.size() <= 2 * kLongest && !secret_text.empty() &&
                    from_hex(random_text, random) && from_hex(secret_text, secret.writable());
  if (!read || secrets_.size() >= kMaxKeys) {
    ++unread_;
    return false;
  }
  secrets_.insert_or_assign({random, known->second}, std::move(secret));
  return true;
}

void KeyStore::add_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    add_line(text.substr(0, std::min(end, kMaxKeyLogLine)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

Result<void> KeyStore::add_source(ByteSource& source) {
  std::string line;
  std::size_t total = 0;
  ByteString piece(std::size_t{64} << 10U);
  for (;;) {
    HANDFAST_TRY_ASSIGN(const std::size_t got, source.read(piece));
    if (got == 0) break;
    total += got;
    if (total > kMaxKeyLog) return failure(ErrorCode::file_too_large);
    for (const std::uint8_t byte : Bytes(piece).first(got)) {
      if (byte != '\n') {
        if (line.size() < kMaxKeyLogLine) line.push_back(static_cast<char>(byte));
        continue;
      }
      add_line(line);
      line.clear();
    }
  }
  add_line(line);
  wipe(piece);
  wipe({reinterpret_cast<std::uint8_t*>(line.data()), line.size()});
  return {};
}

const HashSecret* KeyStore::find(KeyLabel label, Bytes client_random) const {
  ClientRandom random{};
  if (client_random.size() != random.size()) return nullptr;
  std::copy(client_random.begin(), client_random.end(), random.begin());
  const auto found = secrets_.find({random, label});
  return found == secrets_.end() ? nullptr : &found->second;
}

}  // namespace handfast::apps::capture
