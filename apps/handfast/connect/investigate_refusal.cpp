// Alerts instead of a ServerHello: which part of the offer the server did not like. RFC 9846 §6.2: "no" has
// one number for many reasons.
#include <fmt/format.h>

#include "connect/investigation.hpp"
#include "probe/suites.hpp"
#include "trace/names.hpp"

namespace handfast::apps {
namespace {

using Kind = probe::Answer::Kind;
using probe::ProbeHello;

bool is_cut_off(const probe::Answer& answer) {
  return answer.kind == Kind::reset || answer.kind == Kind::closed || answer.kind == Kind::silent ||
         answer.kind == Kind::not_connected;
}

// What the server chose that the first hello did not offer.
void conclude(Finding& finding, const ProbeHello& hello, const probe::Answer& answer) {
  const bool old_suite = !hello.offers(answer.suite);
  if (old_suite && probe::is_rsa_key_exchange(answer.suite)) {
    // RSA key exchange with a cipher that nobody takes any more is no question of the key exchange alone.
    const bool modern_cipher = probe::name_of_any(answer.suite).find("GCM") != std::string::npos;
    rename(finding, modern_cipher ? "P-04" : "P-03", Confidence::certain);
  } else if (old_suite) {
    rename(finding, "P-03", Confidence::certain);
  } else if (answer.group && !hello.offers(*answer.group)) {
    rename(finding, "P-05", Confidence::certain);
    finding.evidence.push_back(
        fmt::format("the server takes the group {}", probe::name_of_any(*answer.group)));
    return;
  } else {
    rename(finding, "P-06", Confidence::certain);
    return;
  }
  finding.evidence.push_back(fmt::format("the server takes {}", probe::name_of_any(answer.suite)));
}

void nothing_helps(Finding& finding, const Error& error) {
  if (error.alert() != AlertDescription::handshake_failure) return;
  rename(finding, "S-02", Confidence::likely);
  finding.evidence.push_back("it refuses whatever is offered: look at its log");
}

}  // namespace

void investigate_refusal(Finding& finding, const Inquiry& inquiry, const ProbeHello& hello,
                         Questions& questions) {
  const auto again = questions.ask("the same hello once more", hello);
  if (!again) return;
  if (again->accepted()) {
    questions.it_tells();
    rename(finding, "N-13", Confidence::likely);
    return finding.evidence.push_back("the same hello was refused once and taken once");
  }
  struct Step {
    std::string question;
    ProbeHello hello;
  };
  const ProbeHello suites = hello.with_every_suite();
  const ProbeHello schemes = suites.with_every_scheme();
  const Step steps[] = {
      {fmt::format("+ every cipher suite that I know ({})", probe::every_suite().size()), suites},
      {fmt::format("+ every signature scheme ({})", probe::every_scheme().size()), schemes},
      {fmt::format("+ every group ({})", probe::every_group().size()), schemes.with_every_group()},
      {"as TLS 1.2, with few extensions", hello.as_tls12()},
  };
  unsigned cut_off = is_cut_off(*again) ? 1 : 0;
  for (const Step& step : steps) {
    const auto answer = questions.ask(step.question, step.hello);
    if (!answer) return;
    if (answer->accepted()) {
      questions.it_tells();
      if (&step != &steps[3]) return conclude(finding, hello, *answer);
      rename(finding, "P-11", Confidence::certain);
      return finding.evidence.push_back("a hello of TLS 1.2 is accepted");
    }
    cut_off = is_cut_off(*answer) ? cut_off + 1 : 0;
    constexpr unsigned kBlocked = 2;
    if (cut_off < kBlocked) continue;
    questions.it_tells();
    rename(finding, "N-12", Confidence::likely);
    return finding.evidence.push_back("it answered at first and does not any more: I stopped asking");
  }
  nothing_helps(finding, inquiry.error);
}

void investigate_versions(Finding& finding, const ProbeHello& hello, Questions& questions) {
  const auto answer = questions.ask("every version from TLS 1.0 to 1.3", hello.with_every_version());
  if (!answer || !answer->accepted()) {
    finding.confidence = Confidence::likely;
    return;
  }
  questions.it_tells();
  const bool newer = answer->version >= ProtocolVersion::tls1_2;
  rename(finding, newer ? "P-02" : "P-01", Confidence::certain);
  finding.evidence.push_back("the server takes " + name_or_number(answer->version));
}

}  // namespace handfast::apps
