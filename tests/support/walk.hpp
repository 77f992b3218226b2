// Walk: all sequences of handshake messages, to any depth. A sequence that was refused is not gone on with:
// fatal errors stick. So the walk is exhaustive and short.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <handfast/codepoints.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace handfast::test {

class Walk {
 public:
  // A handshake message by its type, or one of two records.
  using Symbol = std::uint16_t;
  static constexpr Symbol kChangeCipherSpec = 0x100;
  static constexpr Symbol kApplicationData = 0x101;
  using Path = std::vector<Symbol>;
  enum class Outcome : std::uint8_t { refused, open, established };
  // Begins a handshake and gives one end the whole path.
  using Play = std::function<Outcome(const Path&)>;

  explicit Walk(Play play) : play_(std::move(play)) {}
  void without(Symbol symbol) { std::erase(symbols_, symbol); }

  // The paths that end in an established connection, as text.
  std::set<std::string> accepted() {
    go_on({});
    return accepted_;
  }
  // How many sequences were played, and how many messages the longest of them has.
  [[nodiscard]] std::size_t played() const { return played_; }
  [[nodiscard]] std::size_t depth() const { return depth_; }
  // The names of the messages.
  static std::string text_of(const Path& path) {
    std::string text;
    for (const Symbol symbol : path) {
      if (!text.empty()) text += ' ';
      text += symbol == kChangeCipherSpec  ? "change_cipher_spec"
              : symbol == kApplicationData ? "application_data"
                                           : std::string(name_of(static_cast<HandshakeType>(symbol)));
    }
    return text;
  }

 private:
  // No handshake has as many messages: whoever accepts more accepts anything.
  static constexpr std::size_t kTooDeep = 14;

  void go_on(const Path& path) {
    if (path.size() == kTooDeep) {
      accepted_.insert("without end: " + text_of(path));
      return;
    }
    for (const Symbol symbol : symbols_) {
      Path longer = path;
      longer.push_back(symbol);
      ++played_;
      depth_ = std::max(depth_, longer.size());
      const Outcome outcome = play_(longer);
      if (outcome == Outcome::established) accepted_.insert(text_of(longer));
      if (outcome == Outcome::open) go_on(longer);
    }
  }
  Play play_;
  // Every type that is registered, message_hash (which is never sent), and one that nobody knows.
  std::vector<Symbol> symbols_ = {0,
                                  1,
                                  2,
                                  4,
                                  5,
                                  6,
                                  8,
                                  11,
                                  12,
                                  13,
                                  14,
                                  15,
                                  16,
                                  20,
                                  22,
                                  24,
                                  25,
                                  23,
                                  21,
                                  254,
                                  77,
                                  kChangeCipherSpec,
                                  kApplicationData};
  std::set<std::string> accepted_;
  std::size_t played_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace handfast::test
