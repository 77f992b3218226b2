// Certificates of a hostile peer: parsing, describing and verifying must neither crash nor take long, and the
// views of what was parsed must lie inside the input.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <handfast/server_name.hpp>
#include <handfast/trust.hpp>
#include <vector>

#include "pki/certificate.hpp"
#include "pki/describe.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/verify.hpp"

namespace {

using handfast::Bytes;
using handfast::ByteString;

bool inside(Bytes outer, Bytes inner) {
  return inner.empty() ||
         (inner.data() >= outer.data() && inner.data() + inner.size() <= outer.data() + outer.size());
}

void look_at(const handfast::pki::Certificate& certificate) {
  for (const Bytes view :
       {certificate.tbs, certificate.serial, certificate.issuer, certificate.subject, certificate.spki,
        certificate.signature_algorithm, certificate.signature, certificate.extensions}) {
    if (!inside(certificate.der, view)) std::abort();
  }
  (void)handfast::pki::describe(certificate);
  if (!handfast::pki::names_equal(certificate.subject, certificate.subject)) std::abort();
  handfast::pki::ExtensionWalker walker(certificate);
  handfast::pki::Extension extension;
  while (walker.next(extension)) {
  }
}

// The input is a list of certificates, each after its length in two bytes; the last one is the anchor.
std::vector<ByteString> split(Bytes input) {
  std::vector<ByteString> parts;
  while (input.size() >= 2 && parts.size() < 8) {
    std::size_t length = (std::size_t{input[0]} << 8U) | input[1];
    input = input.subspan(2);
    if (length > input.size()) length = input.size();
    parts.push_back(handfast::copy_of(input.first(length)));
    input = input.subspan(length);
  }
  return parts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  if (const auto certificate = handfast::pki::Certificate::parse(input)) look_at(*certificate);

  std::vector<ByteString> chain = split(input);
  handfast::TrustAnchors anchors;
  if (chain.size() > 1) {
    (void)anchors.add_certificate(chain.back());
    chain.pop_back();
  }
  static const auto name = handfast::ServerName::parse("example.org");
  handfast::pki::VerifyInput verify{.chain = chain,
                                    .anchors = anchors,
                                    .now = handfast::Time(std::chrono::seconds(1'780'000'000)),
                                    .peer = handfast::Side::server,
                                    .name = &*name};
  for (const auto profile : {handfast::pki::Profile::rfc5280, handfast::pki::Profile::webpki}) {
    verify.policy.profile = profile;
    const auto verdict = handfast::pki::verify_chain(verify);
    if (!verdict) (void)verdict.error().to_string();
  }
  return 0;
}
