// Chains with right signatures and a hostile content (chain_maker.hpp): the verifier and the checker must
// agree, must not crash, and must end.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <handfast/server_name.hpp>
#include <handfast/trust.hpp>

#include "chain_maker.hpp"
#include "pki/chain_cache.hpp"
#include "pki/checker.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handfast;
  static const fuzz::ChainMaker maker;
  static const auto name = ServerName::parse("www.example.org");
  const fuzz::MadeChain made = maker.make({data, size});
  if (made.chain.empty()) return 0;
  TrustAnchors anchors;
  if (!anchors.add_certificate(made.root)) return 0;
  pki::VerifyInput input{
      .chain = made.chain, .anchors = anchors, .now = fuzz::kFuzzNow, .peer = Side::server, .name = &*name};
  for (const auto profile : {pki::Profile::rfc5280, pki::Profile::rfc5280_strict, pki::Profile::webpki}) {
    input.policy.profile = profile;
    const auto verdict = pki::verify_chain(input);
    const auto report = pki::check_chain(input);
    if (verdict.has_value() == report.failure.has_value()) std::abort();
    if (!verdict && verdict.error().to_string() != report.failure->to_string()) std::abort();
    for (const auto& finding : report.findings) {
      if (finding.id.empty() || finding.what.empty()) std::abort();
    }
    pki::VerifiedChains cache;
    for (int i = 0; i < 2; ++i) {
      const auto again = pki::verify_chain(input, &cache);
      if (again.has_value() != verdict.has_value() || (again && *again != *verdict)) std::abort();
    }
  }
  return 0;
}
