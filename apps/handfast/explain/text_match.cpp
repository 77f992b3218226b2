// Messages are compared as words; the longest one found wins.
#include "explain/text_match.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "explain/text_alerts.hpp"

namespace handfast::apps {
namespace {

constexpr std::string_view kAnything = "…";
// "EOF" and the like: they stand at the end of a message, or they mean something else.
constexpr std::size_t kShortPattern = 5;
// What is found in a much shorter message than another is a coincidence.
constexpr std::size_t kShareOfBest = 2;

bool is_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z');
}

// Where `word` stands in `text` from `from` on, not inside another word.
std::size_t find_words(std::string_view word, std::string_view text, std::size_t from) {
  for (std::size_t at = text.find(word, from); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const bool starts = at == 0 || !is_word(word.front()) || !is_word(text[at - 1]);
    const std::size_t end = at + word.size();
    const bool ends = end == text.size() || !is_word(word.back()) || !is_word(text[end]);
    if (starts && ends) return at;
  }
  return std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

struct Place {
  std::size_t begin = std::string_view::npos;
  std::size_t end = 0;
};

Place place_of(std::string_view pattern, std::string_view text) {
  Place place;
  std::size_t from = 0;
  while (!pattern.empty()) {
    const std::size_t gap = pattern.find(kAnything);
    const auto part = trimmed(pattern.substr(0, gap));
    pattern.remove_prefix(gap == std::string_view::npos ? pattern.size() : gap + kAnything.size());
    if (part.empty()) continue;
    const std::size_t at = find_words(part, text, from);
    if (at == std::string_view::npos) return {};
    if (place.begin == std::string_view::npos) place.begin = at;
    place.end = from = at + part.size();
  }
  return place;
}

struct Found {
  TextMatch match;
  Place place;
};

// The longest message of each failure that the text has.
std::vector<Found> messages_in(std::string_view text) {
  std::vector<Found> found;
  for (const FailureText& failure : failure_table()) {
    std::optional<Found> best;
    for (const SeenText& seen : failure.seen_texts) {
      const std::string pattern = normalized(seen.text);
      const Place place = place_of(pattern, text);
      if (place.begin == std::string_view::npos) continue;
      if (pattern.size() <= kShortPattern && place.end != text.size()) continue;
      const auto kind = seen.weak ? MatchKind::weak_message : MatchKind::message;
      const bool better = !best || kind < best->match.kind ||
                          (kind == best->match.kind && pattern.size() > best->match.length);
      if (!better) continue;
      best = Found{{&failure, kind, pattern.size(), seen.client, seen.text}, place};
    }
    if (best) found.push_back(*best);
  }
  return found;
}

// "self-signed certificate" inside "self-signed certificate in certificate chain" says nothing of its own.
bool is_part_of_another(const Found& candidate, const std::vector<Found>& all) {
  return std::any_of(all.begin(), all.end(), [&](const Found& other) {
    return other.match.kind == MatchKind::message && other.place.begin <= candidate.place.begin &&
           other.place.end >= candidate.place.end && other.match.length > candidate.match.length;
  });
}

void add_messages(TextExplanation& out, std::string_view text) {
  const auto found = messages_in(text);
  std::size_t longest = 0;
  for (const Found& one : found) {
    if (one.match.kind == MatchKind::message) longest = std::max(longest, one.match.length);
  }
  for (const Found& one : found) {
    const bool weak = one.match.kind == MatchKind::weak_message;
    if (weak && longest > 0) continue;
    if (is_part_of_another(one, found) || one.match.length * kShareOfBest < longest) continue;
    out.matches.push_back(one.match);
  }
}

void add(TextExplanation& out, std::string_view id, MatchKind kind) {
  const FailureText* const failure = find_failure(id);
  if (failure != nullptr) out.matches.push_back({failure, kind, 0, {}, {}});
}

void add_alert(TextExplanation& out, const AlertRow& alert) {
  const auto description = static_cast<AlertDescription>(alert.number);
  const std::string_view historic = historic_id(alert.number);
  out.alert = NamedAlert{
      alert.number, std::string(alert.name),
      historic.empty() ? find_alert(description).sentence : "an alert of older versions of the protocol"};
  if (!historic.empty()) return add(out, historic, MatchKind::alert);
  for (const auto id : find_alert(description).ids) add(out, id, MatchKind::alert);
  for (const FailureText& failure : failure_table()) {
    const bool sends = std::ranges::find(failure.alerts, description) != failure.alerts.end();
    if (sends) add(out, failure.id, MatchKind::related);
  }
}

void add_codes(TextExplanation& out, std::string_view text) {
  for (const int code : verify_codes_in(text)) {
    for (const FailureText& failure : failure_table()) {
      const bool has = std::ranges::find(failure.verify_codes, code) != failure.verify_codes.end();
      if (has) add(out, failure.id, MatchKind::code);
    }
  }
}

// "C-01", wherever it stands.
void add_ids(TextExplanation& out, std::string_view text) {
  for (const FailureText& failure : failure_table()) {
    if (occurs(normalized(failure.id), text)) add(out, failure.id, MatchKind::id);
  }
}

// Each failure once, the best first; what is only related stays if nothing better than an alert was found.
void rank(TextExplanation& out) {
  std::ranges::stable_sort(out.matches, [](const TextMatch& a, const TextMatch& b) {
    return std::tuple(a.kind, b.length) < std::tuple(b.kind, a.length);
  });
  std::vector<TextMatch> kept;
  for (const TextMatch& match : out.matches) {
    const bool again =
        std::ranges::any_of(kept, [&](const TextMatch& other) { return other.failure == match.failure; });
    if (!again) kept.push_back(match);
  }
  const auto best = kept.empty() ? MatchKind::related : kept.front().kind;
  // An id leaves nothing open; a message does not need what merely sends the same alert.
  std::erase_if(kept, [&](const TextMatch& match) {
    if (best == MatchKind::id) return match.kind != MatchKind::id;
    return best == MatchKind::message && match.kind > MatchKind::alert;
  });
  out.matches = std::move(kept);
  out.ambiguous = out.matches.size() > 1 && out.matches[1].kind == out.matches[0].kind &&
                  out.matches[1].length == out.matches[0].length;
}

}  // namespace

std::string_view name_of(MatchKind kind) {
  switch (kind) {
    case MatchKind::id:
      return "id";
    case MatchKind::message:
      return "message";
    case MatchKind::code:
      return "code";
    case MatchKind::alert:
      return "alert";
    case MatchKind::weak_message:
      return "weak_message";
    case MatchKind::related:
      break;
  }
  return "related";
}

std::string normalized(std::string_view text) {
  std::string out;
  constexpr std::pair<std::string_view, std::string_view> kAlike[] = {{"\u2018", "'"},  {"\u2019", "'"},
                                                                      {"\u201c", "\""}, {"\u201d", "\""},
                                                                      {"\u00a0", " "},  {"...", kAnything}};
  while (!text.empty()) {
    const auto* const alike =
        std::ranges::find_if(kAlike, [&](const auto& pair) { return text.starts_with(pair.first); });
    std::string_view put = text.substr(0, 1);
    text.remove_prefix(alike != std::end(kAlike) ? alike->first.size() : 1);
    if (alike != std::end(kAlike)) put = alike->second;
    const auto byte = static_cast<unsigned char>(put.front());
    if (byte <= ' ' || byte == '_' || byte == '-' || byte == 0x7f) {
      if (!out.empty() && out.back() != ' ') out.push_back(' ');
    } else if (byte >= 'A' && byte <= 'Z') {
      out.push_back(static_cast<char>(byte - 'A' + 'a'));
    } else {
      out += put;
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

bool occurs(std::string_view pattern, std::string_view text) {
  return place_of(pattern, text).begin != std::string_view::npos;
}

TextExplanation explain_text(std::string_view text) {
  TextExplanation out;
  const std::string clean = normalized(text);
  add_ids(out, clean);
  add_messages(out, clean);
  if (const std::string modern = modern_code_in(clean); !modern.empty()) add_messages(out, modern);
  if (const auto alert = alert_in(clean)) add_alert(out, *alert);
  add_codes(out, clean);
  rank(out);
  return out;
}

}  // namespace handfast::apps
