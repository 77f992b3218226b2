// Certificates that are not believed: another node, another name, the clock, the software of the server.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/escape.hpp"
#include "common/failure_table.hpp"
#include "common/numbers.hpp"
#include "connect/investigation.hpp"
#include "pki/certificate.hpp"
#include "pki/verify.hpp"
#include "trace/certificates.hpp"

namespace handfast::apps {
namespace {

using std::chrono::hours;

// Clocks may differ by so much and still be called right.
constexpr hours kTolerance{1};

// Boxes that answer instead of a server have names like these.
constexpr std::array<std::string_view, 12> kDevices = {"fritz.box", "fritz!box", "router",  "openwrt",
                                                       "speedport", "ubnt",      "unifi",   "mikrotik",
                                                       "synology",  "captive",   "hotspot", "portal"};

std::string small_letters(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

class CertificateInquiry {
 public:
  CertificateInquiry(Finding& finding, const Inquiry& inquiry, Questions& questions)
      : finding_(finding), in_(inquiry), questions_(questions) {
    const TraceStep* step = inquiry.at.trace->find(StepKind::certificate);
    if (step != nullptr && !step->certificates.empty()) leaf_ = &step->certificates.front();
  }

  void investigate() {
    if (leaf_ == nullptr) return;
    const auto code = in_.error.code();
    const bool issuer_unknown =
        code == ErrorCode::certificate_missing_intermediate || code == ErrorCode::certificate_unknown_issuer;
    if (issuer_unknown) look_for_issuer(finding_, in_, questions_);
    ask_for_page();
    const bool about_name = finding_.id.starts_with("H-") && code != ErrorCode::certificate_ip_mismatch;
    if (about_name) ask_for_names();
    if (code == ErrorCode::certificate_expired) ask_nodes();
    name_device();
  }

 private:
  // Its front page: what it runs on, and what time it thinks it is.
  void ask_for_page() {
    const auto sight = questions_.look("the same without checking, and HEAD /", in_.endpoint, *in_.name,
                                       {in_.command.send_server_name, true});
    if (!sight) return;
    if (!sight->server.empty()) name_software(sight->server);
    if (sight->date) compare_clocks(*sight->date);
    compare_leaf(*sight, in_.endpoint);
  }

  void name_software(const std::string& server) {
    finding_.software = escape_untrusted(server);
    const FailureText* failure = find_failure(finding_.id);
    if (failure == nullptr) return;
    const std::string words = small_letters(server);
    static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
        {"nginx", "nginx"},     {"openresty", "nginx"},   {"apache-coyote", "java"},
        {"tomcat", "java"},     {"jetty", "java"},        {"apache", "apache"},
        {"haproxy", "haproxy"}, {"microsoft-iis", "iis"}, {"express", "node"}};
    for (const auto& [word, software] : kNames) {
      if (words.find(word) == std::string::npos) continue;
      for (const FixText& fix : failure->fixes) {
        if (fix.software == software) finding_.fix = fix.text;
      }
      return;
    }
  }

  // A certificate that begins in the future, and a server that lives there: then it is our clock. RFC 9110
  // §10.2 knows no proof: somebody could make both up.
  void compare_clocks(Time server) {
    const auto certificate = pki::Certificate::parse(leaf_->der);
    const auto ahead = server - in_.at.now;
    if (!certificate || std::chrono::abs(ahead) < kTolerance) return;
    const bool fits = certificate->not_before <= server && server <= certificate->not_after;
    const bool about_dates = in_.error.code() == ErrorCode::certificate_expired ||
                             in_.error.code() == ErrorCode::certificate_not_yet_valid;
    finding_.evidence.push_back(fmt::format("the server's clock says {}: it is {} {} yours",
                                            time_text(server), span_text(std::chrono::abs(ahead)),
                                            ahead.count() > 0 ? "ahead of" : "behind"));
    if (fits && about_dates) {
      rename(finding_, "C-10", Confidence::likely);
      finding_.exit = ExitCode::validity;
    }
  }

  // Another certificate at the same address or a later one: if that is good, the nodes differ.
  bool compare_leaf(const probe::Sight& sight, const Endpoint& endpoint) {
    if (sight.chain.empty() || sight.chain.front() == leaf_->der) return false;
    const auto other = pki::Certificate::parse(sight.chain.front());
    if (!other || !is_good(sight.chain)) return false;
    questions_.it_tells();
    finding_.evidence.push_back(fmt::format("{} shows another certificate the next time, which is good to {}",
                                            endpoint.to_string(), time_text(other->not_after)));
    const bool expired = in_.error.code() == ErrorCode::certificate_expired;
    rename(finding_, expired ? "C-31" : "N-13", expired ? Confidence::certain : Confidence::likely);
    // The certificate was refused, whoever is behind it.
    finding_.exit = exit_code_of(in_.error.info().catalogue);
    return true;
  }

  [[nodiscard]] bool is_good(const std::vector<ByteString>& chain) const {
    return in_.anchors && pki::verify_chain({.chain = chain,
                                             .anchors = *in_.anchors,
                                             .now = in_.at.now,
                                             .peer = Side::server,
                                             .name = &*in_.name,
                                             .staple_requested = false});
  }

  void ask_nodes() {
    constexpr std::size_t kMostNodes = 3;
    std::size_t asked = 0;
    for (const Endpoint& endpoint : in_.endpoints) {
      if (endpoint.address == in_.endpoint.address || finding_.id == "C-31" || asked == kMostNodes) continue;
      ++asked;
      const auto sight = questions_.look("another address: " + endpoint.to_string(), endpoint, *in_.name,
                                         {in_.command.send_server_name, false});
      if (!sight || compare_leaf(*sight, endpoint)) return;
    }
  }

  void ask_for_names() {
    if (is_same_but_for_spelling()) {
      rename(finding_, "H-09", Confidence::certain);
      finding_.exit = ExitCode::name_mismatch;
      return finding_.evidence.push_back("a dot at the end or capital letters are all that is different");
    }
    if (!in_.command.send_server_name) {
      const auto named =
          questions_.look("with the name in the hello (SNI)", in_.endpoint, *in_.name, {true, false});
      if (!named || named->chain.empty() || named->chain.front() == leaf_->der) return;
      questions_.it_tells();
      return rename(finding_, "H-03", Confidence::certain);
    }
    if (in_.error.code() != ErrorCode::certificate_name_mismatch) return;
    const auto stranger = ServerName::parse("name-that-nobody-has.example.com");
    if (!stranger) return;
    const auto other = questions_.look("for a name that nobody has", in_.endpoint, *stranger, {true, false});
    const bool default_site = other && !other->chain.empty() && other->chain.front() == leaf_->der;
    if (!default_site || is_of_same_owner()) return;
    questions_.it_tells();
    rename(finding_, "H-04", Confidence::likely);
    finding_.evidence.push_back("it shows the same certificate for a name that nobody has: its default");
  }

  [[nodiscard]] bool is_same_but_for_spelling() const {
    return std::ranges::any_of(leaf_->names, [&](const std::string& name) {
      std::string plain = small_letters(name);
      if (plain.ends_with('.')) plain.pop_back();
      return plain == small_letters(in_.at.name) && name != in_.at.name;
    });
  }

  // One name below the other, or both below one that is no top-level domain.
  [[nodiscard]] bool is_of_same_owner() const {
    const auto owner = [](std::string_view name) {
      const std::size_t last = name.rfind('.');
      const std::size_t before =
          last == std::string_view::npos || last == 0 ? last : name.rfind('.', last - 1);
      return before == std::string_view::npos ? name : name.substr(before + 1);
    };
    const std::string wanted = small_letters(in_.at.name);
    return std::ranges::any_of(leaf_->names, [&](const std::string& raw) {
      const std::string name = small_letters(raw);
      return owner(name) == owner(wanted) || name.ends_with("." + wanted) || wanted.ends_with("." + name);
    });
  }

  void name_device() {
    const bool expected =
        std::ranges::any_of(leaf_->names, [&](const auto& name) { return name == in_.at.name; });
    if (expected) return;
    std::string words = small_letters(leaf_->subject_name + " " + leaf_->issuer_name);
    for (const auto& name : leaf_->names) words += " " + small_letters(name);
    const auto device =
        std::ranges::find_if(kDevices, [&](auto name) { return words.find(name) != std::string::npos; });
    if (device == kDevices.end()) return;
    rename(finding_, "H-11", Confidence::likely);
    finding_.evidence.push_back(
        fmt::format("\"{}\" in the certificate is what routers and portals are called", *device));
  }

  Finding& finding_;
  const Inquiry& in_;
  Questions& questions_;
  const CertificateFact* leaf_ = nullptr;
};

}  // namespace

void investigate_certificate(Finding& finding, const Inquiry& inquiry, Questions& questions) {
  CertificateInquiry(finding, inquiry, questions).investigate();
}

}  // namespace handfast::apps
