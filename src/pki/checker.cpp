// The checker: see the header.
#include "pki/checker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "pki/advice.hpp"
#include "pki/checks.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/key_info.hpp"
#include "pki/oid.hpp"
#include "pki/path_builder.hpp"
#include "pki/presented.hpp"
#include "pki/remedy.hpp"
#include "pki/rules.hpp"

namespace handfast::pki {
namespace {

using E = ErrorCode;

// The table's id, but for what the catalogue has an id of its own for.
std::string_view catalogue_id(const Fault& fault) {
  const std::string_view field = fault.field;
  if (fault.code == E::certificate_unsupported_algorithm && field == "subjectPublicKeyInfo") return "C-15";
  if (fault.code == E::certificate_extension_forbidden && field == "basicConstraints" && fault.depth == 0 &&
      fault.certificate->basic_constraints.ca) {
    return "C-28";
  }
  return info_of(fault.code).catalogue;
}

std::string what_of(const Fault& fault) {
  std::string text(info_of(fault.code).sentence);
  if (!fault.detail.empty()) text += ": " + fault.detail;
  return text;
}

class Checker {
 public:
  Checker(const VerifyInput& input, PresentedList& list) : input_(input), list_(list) {}

  CheckReport run() {
    for (const Error& error : list_.unreadable) add_unreadable(error);
    if (has_leaf()) judge_path();
    for (const Presented& presented : list_.readable) {
      if (!depth_of(presented)) judge_unused(presented);
      for (Advice& advice : advise_any(presented.certificate)) add(presented, std::move(advice));
      add_strict_rules(presented.certificate, presented.index, role_of(presented));
    }
    judge_order();
    judge_repetition();
    sort_findings();
    return std::move(report_);
  }

 private:
  [[nodiscard]] bool has_leaf() const { return !list_.readable.empty() && list_.readable.front().index == 0; }

  // --- the path -----------------------------------------------------------------------------
  void judge_path() {
    PathBuilder builder(input_, list_.readable);
    const Result<void> built = builder.build();
    const Explanation& explanation = builder.explanation();
    path_ = built ? builder.path() : explanation.path;
    if (!built) {
      report_.failure = failure_of(list_, built.error());
      for (const Fault& fault : explanation.faults) add_fault(fault);
      // A budget that ran out leaves no fault behind.
      if (explanation.faults.empty()) add_failure(built.error());
    }
    for (std::size_t i = 0; i < path_.size(); ++i) {
      const PathStep& step = path_[i];
      report_.path.push_back({copy_of(step.certificate->der), index_of(step)});
      const auto list =
          i == 0 ? advise_leaf(*step.certificate, input_) : advise_issuer(*step.certificate, input_);
      for (const Advice& advice : list) add_finding(index_of(step), *step.certificate, advice);
      if (step.presented == nullptr) add_strict_rules(*step.certificate, std::nullopt, Role::anchor);
    }
  }

  static std::optional<std::size_t> index_of(const PathStep& step) {
    if (step.presented == nullptr) return std::nullopt;
    return step.presented->index;
  }

  [[nodiscard]] std::optional<std::size_t> depth_of(const Presented& presented) const {
    for (std::size_t i = 0; i < path_.size(); ++i) {
      if (path_[i].presented == &presented) return i;
    }
    return std::nullopt;
  }

  // --- single certificates ------------------------------------------------------------------
  [[nodiscard]] Role role_of(const Presented& presented) const {
    if (presented.index == 0) return Role::leaf;
    return presented.certificate.self_issued ? Role::anchor : Role::intermediate;
  }

  // Not on the path: its own faults do no harm here, but may elsewhere.
  void judge_unused(const Presented& presented) {
    const bool is_copy = std::ranges::any_of(list_.readable, [&](const Presented& other) {
      return other.index < presented.index && oid::equal(other.certificate.der, presented.certificate.der);
    });
    if (is_copy) return;  // said by judge_repetition()
    Faults faults;
    faults.collect();
    const std::size_t depth = presented.index == 0 ? 0 : 1;
    check_common(presented.certificate, depth, role_of(presented) == Role::anchor, input_, faults);
    if (!presented.certificate.self_issued) {
      check_signature_algorithm(presented.certificate, depth, input_.policy, faults);
    }
    for (const Fault& fault : faults.found()) {
      CheckFinding finding = finding_of(fault);
      finding.severity = presented.index == 0 ? Severity::error : Severity::warning;
      finding.index = presented.index;
      finding.depth.reset();
      report_.findings.push_back(std::move(finding));
    }
    if (presented.index != 0 && !path_is_open()) add_superfluous(presented);
  }

  // Nothing can be called superfluous while the path is not complete.
  [[nodiscard]] bool path_is_open() const { return path_.size() == 0 || report_.failure.has_value(); }

  void add_superfluous(const Presented& presented) {
    const bool root = presented.certificate.self_issued;
    add(presented, {Severity::advice, "C-30",
                    fmt::format("{}: {} bytes in every handshake for nothing",
                                root ? "a root need not be sent" : "it is not needed for the path",
                                presented.certificate.der.size()),
                    "leave it out of the file"});
  }

  // What RFC 5280 asks of CAs beyond this profile: strict verifiers (Python from 3.13 on) refuse it.
  void add_strict_rules(const Certificate& certificate, std::optional<std::size_t> index, Role role) {
    constexpr Profile kStrict = Profile::rfc5280_strict;
    const Profile own = input_.policy.profile;
    if (own == kStrict) return;
    for (const Rule* rule = next_broken_rule(certificate, role, kStrict); rule != nullptr;
         rule = next_broken_rule(certificate, role, kStrict, rule)) {
      if (applies(*rule, own)) continue;
      add_finding(index, certificate,
                  {Severity::warning, "C-19",
                   fmt::format("{}: {}; strict verifiers (Python from 3.13 on) refuse it", rule->field,
                               rule->sentence),
                   fmt::format("have it issued again with a correct {}", rule->field)});
    }
  }

  static bool applies(const Rule& rule, Profile profile) {
    return (rule.profiles & (1U << static_cast<unsigned>(profile))) != 0;
  }

  // --- the list -----------------------------------------------------------------------------
  void judge_order() {
    std::optional<std::size_t> last;
    for (std::size_t i = 0; i < path_.size(); ++i) {
      if (path_[i].presented == nullptr) continue;
      const std::size_t index = path_[i].presented->index;
      if (last && index < *last) {
        add(*path_[i].presented, {Severity::warning, "C-30",
                                  "it stands before a certificate that it did not sign: the order is wrong",
                                  "put the leaf first, then its issuer, and so on"});
      }
      last = std::max(last.value_or(0), index);
    }
    // A root that was sent and that the anchors hold ends the path as an anchor: it is there twice.
    if (path_is_open()) return;
    for (const Presented& presented : list_.readable) {
      if (presented.index != 0 && presented.is_anchor && depth_of(presented)) add_superfluous(presented);
    }
  }

  void judge_repetition() {
    const auto& all = list_.readable;
    for (std::size_t i = 1; i < all.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Certificate& a = all[j].certificate;
        const Certificate& b = all[i].certificate;
        if (oid::equal(a.der, b.der)) {
          add(all[i], {Severity::advice, "C-30",
                       fmt::format("the same as certificate {} of the list", all[j].index + 1),
                       "leave one of them out of the file"});
          break;
        }
        if (a.issuer_hash == b.issuer_hash && oid::equal(a.serial, b.serial) &&
            names_equal(a.issuer, b.issuer)) {
          add(all[i],
              {Severity::warning, "C-29",
               fmt::format("another certificate with the issuer and the serial number of certificate {}: "
                           "Firefox refuses both",
                           all[j].index + 1),
               "have each certificate issued with a random serial number of its own"});
          break;
        }
      }
    }
  }

  void sort_findings() {
    std::vector<std::size_t> order(report_.findings.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [&](std::size_t i) {
      const CheckFinding& finding = report_.findings[i];
      return std::tuple(finding.severity, finding.index.value_or(SIZE_MAX), i);
    });
    std::vector<CheckFinding> sorted;
    sorted.reserve(order.size());
    for (const std::size_t i : order) sorted.push_back(std::move(report_.findings[i]));
    report_.findings = std::move(sorted);
  }

  // --- adding -------------------------------------------------------------------------------
  CheckFinding finding_of(const Fault& fault) {
    return {Severity::error, catalogue_id(fault),  fault.code,
            std::nullopt,    fault.depth,          name_to_text(fault.certificate->subject),
            what_of(fault),  remedy(fault, input_)};
  }

  void add_fault(const Fault& fault) {
    CheckFinding finding = finding_of(fault);
    if (fault.depth < path_.size()) finding.index = index_of(path_[fault.depth]);
    report_.findings.push_back(std::move(finding));
  }

  void add_failure(const Error& error) {
    CheckFinding finding;
    finding.severity = Severity::error;
    finding.id = error.info().catalogue;
    finding.code = error.code();
    finding.what = std::string(error.info().sentence) + ": " + std::string(error.detail());
    finding.fix = "send the leaf and its intermediates only";
    report_.findings.push_back(std::move(finding));
  }

  void add_unreadable(const Error& error) {
    CheckFinding finding;
    const std::size_t index = error.certificate_depth().value_or(0);
    finding.severity = index == 0 ? Severity::error : Severity::warning;
    finding.id = error.info().catalogue;
    finding.code = error.code();
    finding.index = index;
    finding.subject = "unreadable";
    finding.what =
        fmt::format("{}: field {} at byte {}", error.info().sentence, error.field(), error.offset());
    finding.fix = "get the certificate from the CA again";
    report_.findings.push_back(std::move(finding));
    if (index == 0) report_.failure = error;
  }

  void add_finding(std::optional<std::size_t> index, const Certificate& certificate, Advice advice) {
    CheckFinding finding;
    finding.severity = advice.severity;
    finding.id = advice.id;
    finding.index = index;
    for (std::size_t i = 0; i < path_.size(); ++i) {
      if (path_[i].certificate == &certificate) finding.depth = i;
    }
    finding.subject = name_to_text(certificate.subject);
    finding.what = std::move(advice.what);
    finding.fix = std::move(advice.fix);
    report_.findings.push_back(std::move(finding));
  }
  void add(const Presented& presented, Advice advice) {
    add_finding(presented.index, presented.certificate, std::move(advice));
  }

  const VerifyInput& input_;
  PresentedList& list_;
  Path path_;
  CheckReport report_;
};

// Lists that are not looked at.
CheckReport refuse(const VerifyInput& input) {
  CheckReport report;
  const auto verdict = verify_chain(input);
  if (verdict) return report;
  const Error& error = verdict.error();
  CheckFinding finding;
  finding.severity = Severity::error;
  finding.id = error.info().catalogue;
  finding.code = error.code();
  finding.what = std::string(error.info().sentence);
  if (!error.detail().empty()) finding.what += ": " + std::string(error.detail());
  finding.fix = input.chain.empty() ? "give a certificate" : "send the leaf and its intermediates only";
  report.failure = error;
  report.findings.push_back(std::move(finding));
  return report;
}

}  // namespace

CheckReport check_chain(const VerifyInput& input) {
  if (input.chain.empty() || input.chain.size() > kMaxPresentedCertificates) return refuse(input);
  PresentedList list = parse_presented(input.chain, input.anchors, false);
  return Checker(input, list).run();
}

}  // namespace handfast::pki
