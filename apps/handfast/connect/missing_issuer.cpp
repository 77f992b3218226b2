// AIA: a certificate may name the address of its issuer's (RFC 5280 §4.2.2.1). If that leads to a root in the
// store, the server forgot an intermediate certificate; if not, the issuer is not known here.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "common/escape.hpp"
#include "connect/investigation.hpp"
#include "crypto/pem.hpp"
#include "pki/bundle.hpp"
#include "pki/certificate.hpp"
#include "pki/describe.hpp"
#include "pki/verify.hpp"
#include "probe/fetch.hpp"
#include "trace/certificates.hpp"

namespace handfast::apps {
namespace {

// How far up the chain is followed.
constexpr unsigned kMostFetches = 3;

// Trust only: names and purposes are other questions.
bool is_about_trust(const Error& error) {
  return error.code() == ErrorCode::certificate_missing_intermediate ||
         error.code() == ErrorCode::certificate_unknown_issuer ||
         error.code() == ErrorCode::certificate_self_signed_root ||
         error.code() == ErrorCode::certificate_self_signed;
}

// Whether the chain now leads to a root in the store, whatever else may be wrong with it.
bool is_complete(const std::vector<ByteString>& chain, const Inquiry& inquiry) {
  const pki::VerifyInput input{.chain = chain,
                               .anchors = *inquiry.anchors,
                               .now = inquiry.at.now,
                               .peer = Side::server,
                               .staple_requested = false};
  const auto verdict = pki::verify_chain(input);
  return verdict || !is_about_trust(verdict.error());
}

// The certificate whose issuer is not among those that were sent.
const ByteString* last_link(const std::vector<ByteString>& chain) {
  const ByteString* link = &chain.front();
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const auto parsed = pki::Certificate::parse(*link);
    if (!parsed) return nullptr;
    const auto issuer = std::ranges::find_if(chain, [&](const ByteString& der) {
      const auto other = pki::Certificate::parse(der);
      return other && &der != link && std::ranges::equal(other->subject, parsed->issuer);
    });
    if (issuer == chain.end()) return link;
    link = &*issuer;
  }
  return nullptr;
}

// "example-tls-ca-r3.pem": letters and digits only, so that a certificate cannot choose where it is written.
std::string file_name_for(std::string_view subject) {
  std::string name;
  for (const char c : subject) {
    const bool usable = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (usable)
      name += c;
    else if (c >= 'A' && c <= 'Z')
      name += static_cast<char>(c + 32);
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  constexpr std::size_t kLongest = 60;
  name.resize(std::min(name.size(), kLongest));
  return (name.empty() ? "missing" : name) + ".pem";
}

void save(Finding& finding, const std::string& name) {
  // Nothing that is there already is written over.
  const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0)
    return finding.evidence.push_back(
        fmt::format("--save-missing: {} cannot be written, or is there already", name));
  const auto size = static_cast<ssize_t>(finding.missing_pem.size());
  const bool written = ::write(file, finding.missing_pem.data(), finding.missing_pem.size()) == size;
  if (::close(file) == 0 && written) finding.saved_as = name;
}

}  // namespace

void look_for_issuer(Finding& finding, const Inquiry& inquiry, const Questions& questions) {
  const TraceStep* step = inquiry.at.trace->find(StepKind::certificate);
  if (step == nullptr || !inquiry.anchors || step->certificates.empty()) return;
  std::vector<ByteString> chain;
  for (const auto& certificate : step->certificates) chain.push_back(certificate.der);
  std::string found;
  for (unsigned fetches = 0; fetches < kMostFetches; ++fetches) {
    const ByteString* link = last_link(chain);
    const auto parsed =
        link == nullptr ? failure(ErrorCode::certificate_malformed) : pki::Certificate::parse(*link);
    const auto urls = parsed ? pki::ca_issuer_urls(*parsed) : std::vector<std::string>();
    if (urls.empty()) {
      finding.evidence.push_back("no certificate names an address where its issuer's could be fetched");
      return;
    }
    const std::string url = escape_untrusted(urls.front());
    const auto body = probe::fetch(urls.front(), questions.next_deadline());
    auto entries = body ? pki::read_bundle(*body) : failure(body.error());
    if (!entries || entries->empty() || entries->front().refused) {
      finding.evidence.push_back(
          fmt::format("fetching {} (named in the certificate) brought no certificate", url));
      return;
    }
    chain.push_back(entries->front().der);
    found += crypto::to_pem("CERTIFICATE", chain.back());
    if (!is_complete(chain, inquiry)) continue;
    rename(finding, "C-01", Confidence::certain);
    finding.missing_pem = std::move(found);
    finding.evidence.push_back(
        fmt::format("fetching {} (named in the certificate) completes the chain", url));
    const auto forgotten = describe_certificate(chain[step->certificates.size()], nullptr);
    if (inquiry.command.save_missing) save(finding, file_name_for(forgotten.subject));
    return;
  }
  finding.evidence.push_back("the addresses that the certificates name lead to no root in the store");
}

}  // namespace handfast::apps
