// No answer to the ClientHello: its size, its newness, its name, or something in between.
#include <fmt/format.h>

#include "common/numbers.hpp"
#include "connect/investigation.hpp"
#include "trace/names.hpp"

namespace handfast::apps {
namespace {

using Kind = probe::Answer::Kind;
using probe::ProbeHello;

// Something that speaks TLS answered.
bool answered(const probe::Answer& answer) { return answer.accepted() || answer.kind == Kind::alert; }

class Silence {
 public:
  Silence(Finding& finding, const Inquiry& inquiry, const ProbeHello& hello, Questions& questions)
      : finding_(finding),
        hello_(hello),
        small_(hello.without_post_quantum()),
        questions_(questions),
        silent_(inquiry.at.network == NetworkFailure::timed_out) {}

  void investigate() {
    const auto again = questions_.ask("the same hello once more", hello_);
    if (!again) return;
    if (answered(*again))
      return conclude("N-13", Confidence::likely, "the same hello got an answer the second time");
    if (size_matters(*again) || newness_matters() || name_matters() || proxy_line_helps()) return;
  }

 private:
  void conclude(std::string_view id, Confidence confidence, std::string evidence) {
    questions_.it_tells();
    rename(finding_, id, confidence);
    finding_.evidence.push_back(std::move(evidence));
  }

  bool size_matters(const probe::Answer& large) {
    const auto small = questions_.ask("without post-quantum keys, in one packet", small_);
    if (!small || !answered(*small)) return false;
    questions_.it_tells();
    const std::string sizes =
        fmt::format("{} get no answer, {} do", bytes_text(large.hello_size), bytes_text(small->hello_size));
    const auto split = questions_.ask("the small one, cut in two packets", small_.in_two_packets());
    if (!split) return true;
    if (!answered(*split)) {
      conclude("P-12", Confidence::certain,
               sizes + "; the small one cut in two does not either: something reads one packet only");
    } else {
      conclude(silent_ ? "N-05" : "P-12", Confidence::likely, sizes);
    }
    return true;
  }

  bool newness_matters() {
    const auto plain = questions_.ask("as TLS 1.2, with few extensions", small_.as_tls12());
    if (!plain || !answered(*plain)) return false;
    conclude("P-11", Confidence::certain, "a hello of TLS 1.2 gets an answer, a modern one does not");
    const auto half = questions_.ask("modern, but without supported_versions",
                                     small_.without(ExtensionType::supported_versions));
    if (half && answered(*half)) {
      questions_.it_tells();
      finding_.evidence.push_back(
          "what it does not bear is the extension supported_versions: TLS 1.3 itself");
    }
    return true;
  }

  bool name_matters() {
    const auto other = questions_.ask("for another name", small_.asking_for("www.example.com"));
    if (!other || !answered(*other)) return false;
    conclude(silent_ ? "N-06" : "N-07", Confidence::likely, "only hellos with this name get no answer");
    return true;
  }

  bool proxy_line_helps() {
    const auto proxied = questions_.ask("after a line of the PROXY protocol",
                                        small_.after("PROXY TCP4 192.0.2.1 192.0.2.2 50000 443\r\n"));
    if (!proxied || !answered(*proxied)) return false;
    conclude("N-04", Confidence::certain, "after a line of the PROXY protocol it answers");
    return true;
  }

  Finding& finding_;
  const ProbeHello& hello_;
  ProbeHello small_;
  Questions& questions_;
  bool silent_;
};

}  // namespace

void investigate_silence(Finding& finding, const Inquiry& inquiry, const ProbeHello& hello,
                         Questions& questions) {
  Silence(finding, inquiry, hello, questions).investigate();
}

}  // namespace handfast::apps
