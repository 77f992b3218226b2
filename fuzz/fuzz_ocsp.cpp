// Stapled responses of a hostile peer: parsing and judging must neither crash nor take long, the views of
// what was parsed must lie inside the input, and nothing that the fuzzer makes may be believed.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <handfast/trust.hpp>
#include <vector>

#include "crypto/private_key.hpp"
#include "pki/issue.hpp"
#include "pki/ocsp.hpp"
#include "pki/verify.hpp"

namespace {

using handfast::Bytes;
using handfast::ByteString;
namespace pki = handfast::pki;

const handfast::Time kNow{std::chrono::seconds(1'780'000'000)};

bool inside(Bytes outer, Bytes inner) {
  return inner.empty() ||
         (inner.data() >= outer.data() && inner.data() + inner.size() <= outer.data() + outer.size());
}

void look_at(const pki::OcspResponse& response) {
  for (const Bytes view :
       {response.tbs, response.responder_name, response.responder_key_hash, response.responses,
        response.certificates, response.extensions, response.signature_algorithm, response.signature}) {
    if (!inside(response.der, view)) std::abort();
  }
  pki::OcspSingleResponseWalker answers(response);
  pki::OcspSingleResponse answer;
  while (answers.next(answer)) {
    if (!inside(response.der, answer.serial) || !inside(response.der, answer.signed_certificate_timestamps)) {
      std::abort();
    }
  }
  pki::OcspCertificateWalker certificates(response);
  Bytes certificate;
  while (certificates.next(certificate)) (void)pki::Certificate::parse(certificate);
}

// A root and a leaf whose keys nobody has after this.
struct World {
  handfast::TrustAnchors anchors;
  std::vector<ByteString> chain;

  World() {
    const auto root_key = handfast::crypto::PrivateKey::generate(handfast::crypto::KeyType::ec_p256);
    const auto leaf_key = handfast::crypto::PrivateKey::generate(handfast::crypto::KeyType::ec_p256);
    pki::IssueSpec root;
    root.common_name = "Root";
    root.is_ca = true;
    root.not_before = kNow - std::chrono::days(1);
    root.not_after = kNow + std::chrono::days(1);
    const auto root_certificate = pki::issue(root, root_key->public_key(), *root_key);
    pki::IssueSpec leaf = root;
    leaf.common_name = "a.example";
    leaf.is_ca = false;
    leaf.server_auth = true;
    leaf.serial = {0x05};
    chain = {*pki::issue(leaf, leaf_key->public_key(), *root_key, *root_certificate)};
    if (!anchors.add_certificate(*root_certificate)) std::abort();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World world;
  const Bytes input(data, size);
  const auto response = pki::OcspResponse::parse(input);
  if (response) look_at(*response);
  const auto verdict = pki::verify_chain({.chain = world.chain,
                                          .anchors = world.anchors,
                                          .now = kNow,
                                          .peer = handfast::Side::server,
                                          .stapled_response = input});
  // Only nothing at all, or a regret, which nobody signs, changes nothing.
  const bool harmless =
      input.empty() || (response && response->status != pki::OcspResponseStatus::successful);
  if (verdict.has_value() != harmless) std::abort();
  return 0;
}
