// Reading the files, and the exit code.
#include "check_cert/inspection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <handfast/secret.hpp>
#include <handfast/signer.hpp>
#include <handfast/system.hpp>

#include "common/escape.hpp"
#include "common/failure_table.hpp"
#include "common/left_out.hpp"
#include "common/numbers.hpp"
#include "common/passphrase.hpp"
#include "pki/bundle.hpp"
#include "pki/certificate.hpp"
#include "trace/certificates.hpp"

namespace handfast::apps {
namespace {

class FixedClock final : public Clock {
 public:
  explicit FixedClock(Time time) : time_(time) {}
  [[nodiscard]] Time now() const override { return time_; }

 private:
  Time time_;
};

// "-" is standard input.
Result<std::string> read_input(const std::string& path) {
  return read_file(path == "-" ? "/dev/stdin" : path);
}

std::unexpected<Error> in_file(const std::string& path, const Error& error) {
  Error out = error;
  const std::string detail(error.detail());
  if (detail.starts_with(path)) return failure(std::move(out));
  return failure(out.with_detail(path + (detail.empty() ? "" : ": " + detail)));
}

Result<std::shared_ptr<const TrustAnchors>> anchors_of(const CheckCertCommand& command, Inspection& out) {
  if (command.authorities.empty()) {
    std::vector<Error> left_out;
    HANDFAST_TRY_ASSIGN(auto anchors, system_trust(&left_out));
    out.notes = left_out_lines(left_out);
    out.trust = fmt::format("the system's store ({})", count_text(anchors->size(), "root", "roots"));
    return anchors;
  }
  auto anchors = std::make_shared<TrustAnchors>();
  for (const auto& path : command.authorities) {
    HANDFAST_TRY_ASSIGN(const std::string text, read_input(path));
    auto loaded = anchors->add_pem(text);
    if (!loaded) return in_file("--ca " + path, loaded.error());
    for (const Error& refused : loaded->refused) {
      out.notes.push_back(escape_untrusted(fmt::format("--ca {}: {}", path, refused.to_string())));
    }
    out.trust += (out.trust.empty() ? "" : ", ") + escape_untrusted(path);
  }
  return anchors;
}

Result<void> read_certificates(const CheckCertCommand& command, const Clock& clock, Inspection& out,
                               std::vector<ByteString>& chain) {
  for (const auto& path : command.files) {
    HANDFAST_TRY_ASSIGN(std::string text, read_input(path));
    auto entries = pki::read_bundle(as_bytes(text));
    wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});  // it may hold the key, too
    if (!entries) return in_file(path, entries.error());
    for (std::size_t i = 0; i < entries->size(); ++i) {
      pki::BundleEntry& entry = (*entries)[i];
      CertificateSource source{escape_untrusted(path), i + 1, entry.offset, {}, {}};
      if (entry.refused) source.refused = escape_untrusted(entry.refused->to_string());
      // More are not looked at: the report says that they are too many.
      if (chain.size() < pki::kMaxPresentedCertificates)
        source.fact = describe_certificate(entry.der, &clock);
      out.certificates.push_back(std::move(source));
      chain.push_back(std::move(entry.der));
    }
  }
  return {};
}

// S-01: the key must be that of the first certificate.
Result<void> check_key(const CheckCertCommand& command, const std::vector<ByteString>& chain,
                       Inspection& out) {
  if (command.key.empty()) return {};
  HANDFAST_TRY_ASSIGN(std::string text, read_input(command.key));
  const auto passphrase = read_passphrase(command.passphrase_file);
  if (!passphrase) return in_file("--passphrase-file " + command.passphrase_file, passphrase.error());
  const auto signer = signer_from_bytes(as_bytes(text), passphrase->view());
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  if (!signer) return in_file(command.key, signer.error());
  const auto leaf = pki::Certificate::parse(chain.front());
  if (!leaf) return {};  // the report says it
  if (std::ranges::equal((*signer)->public_key(), leaf->spki)) {
    out.notes.push_back("the private key belongs to the first certificate");
    return {};
  }
  pki::CheckFinding finding;
  finding.severity = pki::Severity::error;
  finding.id = "S-01";
  finding.code = ErrorCode::configuration_key_mismatch;
  finding.index = 0;
  finding.subject = out.certificates.front().fact.subject_name;
  finding.what = "the private key in " + command.key + " is not that of this certificate";
  finding.fix = "use the key that the certificate was requested with, or have one issued for this key";
  out.report.findings.insert(out.report.findings.begin(), std::move(finding));
  return {};
}

ExitCode exit_of(const Inspection& inspection, pki::Severity fail_on) {
  if (inspection.report.failure) {
    const auto id = inspection.report.failure->info().catalogue;
    // Whatever it is called, it is about a certificate.
    return id.starts_with("H-") || exit_code_of(id) == ExitCode::validity ? exit_code_of(id)
                                                                          : ExitCode::certificate;
  }
  const bool found = std::ranges::any_of(inspection.report.findings,
                                         [&](const auto& finding) { return finding.severity <= fail_on; });
  return found ? ExitCode::findings : ExitCode::success;
}

}  // namespace

Result<Inspection> inspect(const CheckCertCommand& command) {
  Inspection out;
  out.at = command.at.value_or(system_clock().now());
  const FixedClock clock(out.at);
  HANDFAST_TRY_ASSIGN(const auto anchors, anchors_of(command, out));
  std::vector<ByteString> chain;
  HANDFAST_TRY(read_certificates(command, clock, out, chain));
  pki::VerifyInput input{.chain = chain,
                         .anchors = *anchors,
                         .now = out.at,
                         .peer = command.client ? Side::client : Side::server,
                         .name = command.name ? &*command.name : nullptr};
  input.policy.profile = command.profile;
  input.staple_requested = false;  // a file has none
  out.report = pki::check_chain(input);
  HANDFAST_TRY(check_key(command, chain, out));
  out.exit = exit_of(out, command.fail_on);
  return out;
}

}  // namespace handfast::apps
