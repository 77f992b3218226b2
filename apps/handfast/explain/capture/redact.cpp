// Words for what must not be shared. Works on the report's texts, so that nothing slips through a renderer.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "common/escape.hpp"
#include "explain/capture/report.hpp"

namespace handfast::apps::capture {
namespace {

using Words = std::vector<std::pair<std::string, std::string>>;

// Shorter ones would hit by chance.
constexpr std::size_t kLeast = 3;

void replace_all(std::string& text, const Words& words) {
  for (const auto& [secret, word] : words) {
    for (std::size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + word.size())) {
      text.replace(at, secret.size(), word);
    }
  }
}

// Facts whose values tell who it was, or can be used.
bool is_private(std::string_view fact) {
  return fact == "server_name" || fact == "random" || fact == "session_id" || fact == "ticket" ||
         fact == "cookie" || fact == "verify_data" || fact == "certificates" ||
         fact == "certificate_authorities";
}

void hide(CertificateFact& certificate, const Words& words) {
  for (std::string* text : {&certificate.subject, &certificate.issuer, &certificate.subject_name,
                            &certificate.issuer_name, &certificate.problem}) {
    replace_all(*text, words);
  }
  for (std::string& name : certificate.names) replace_all(name, words);
  certificate.serial = certificate.sha256 = "redacted";
  certificate.der.clear();
}

void hide(TraceStep& step, const Words& words) {
  step.bytes.clear();
  step.fields.clear();
  for (Say& say : step.say) replace_all(say.text, words);
  for (Fact& fact : step.facts) {
    for (FactItem& item : fact.items) {
      if (is_private(fact.id)) item.text = "redacted";
      replace_all(item.text, words);
    }
  }
  for (CertificateFact& certificate : step.certificates) hide(certificate, words);
}

}  // namespace

std::string Redactor::word_for(const std::string& secret, const char* kind) {
  auto [place, added] = words_.try_emplace(secret);
  if (added) place->second = fmt::format("{}-{}", kind, ++counts_[kind]);
  return place->second;
}

std::string Redactor::host(const Endpoint& endpoint) {
  return fmt::format("{}:{}", word_for(endpoint.address_text(), "host"), endpoint.port);
}

void Redactor::apply(FinishedConversation& at, Verdict& verdict) {
  Words words;
  const auto add = [&](const std::string& secret, const char* kind) {
    if (secret.size() >= kLeast) words.emplace_back(secret, word_for(secret, kind));
  };
  add(escape_untrusted(at.tls.server_name), "name");
  for (const TraceStep& step : at.trace.steps) {
    for (const CertificateFact& certificate : step.certificates) {
      for (const std::string& name : certificate.names) add(name, "name");
      add(certificate.subject_name, "subject");
      add(certificate.issuer_name, "subject");
      add(certificate.subject, "name");
      add(certificate.issuer, "name");
    }
    const Fact* const authorities = step.fact("certificate_authorities");
    if (authorities == nullptr) continue;
    for (const FactItem& item : authorities->items) add(item.text, "name");
  }
  // A whole name goes before its parts.
  std::ranges::sort(words, [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  for (TraceStep& step : at.trace.steps) hide(step, words);
  if (!at.tls.server_name.empty())
    at.tls.server_name = word_for(escape_untrusted(at.tls.server_name), "name");
  for (std::string& note : verdict.notes) replace_all(note, words);
  if (verdict.finding) {
    for (std::string& line : verdict.finding->evidence) replace_all(line, words);
    replace_all(verdict.finding->title, words);
  }
}

}  // namespace handfast::apps::capture
