// Certificates and lists that are too much of something: refused at a limit with a name, one less is taken.
// Those limits that other tests reach are not here: docs/limits.md names the test of each.
#include <gtest/gtest.h>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "pki/certificate.hpp"
#include "pki/crl.hpp"
#include "pki/maker.hpp"
#include "pki/verify.hpp"

namespace handfast::test {
namespace {

namespace der = crypto::der;
using E = ErrorCode;

std::size_t count_extensions(const pki::Certificate& certificate) {
  crypto::DerReader reader(certificate.extensions);
  std::size_t count = 0;
  for (; !reader.empty(); ++count) reader.any("extension");
  return count;
}

TEST(PkiLimits, Extensions) {
  const Entity root = make_root(ca_spec("Root"));
  pki::IssueSpec spec = server_spec("a.test");
  for (std::size_t i = 0; i <= pki::kMaxExtensions; ++i) {
    const auto issued = pki::issue(spec, root.key.public_key(), root.key, root.certificate);
    ASSERT_TRUE(issued);
    const auto parsed = pki::Certificate::parse(*issued);
    if (!parsed) {
      EXPECT_EQ(parsed.error().code(), E::certificate_malformed);
      EXPECT_EQ(std::string_view(parsed.error().field()), "extensions (too many)");
      // The one before was the longest.
      spec.more_extensions.pop_back();
      const auto longest = pki::issue(spec, root.key.public_key(), root.key, root.certificate);
      EXPECT_EQ(count_extensions(*pki::Certificate::parse(*longest)), pki::kMaxExtensions);
      return;
    }
    spec.more_extensions.push_back(pki::encode_extension(ByteString{0x2a, 3, static_cast<std::uint8_t>(i)},
                                                         false, crypto::der_encode(der::kNull, {})));
  }
  FAIL() << "nothing was refused";
}

TEST(PkiLimits, Sizes) {
  EXPECT_EQ(pki::Certificate::parse(ByteString(pki::kMaxCertificateSize + 1, 0x30)).error().code(),
            E::certificate_malformed);
  EXPECT_FALSE(pki::Crl::parse(ByteString(pki::kMaxCrlSize + 1, 0x30)));
}

// A chain of CAs that all are allowed: the path ends at its greatest length.
TEST(PkiLimits, PathLength) {
  pki::ValidationPolicy policy;
  policy.max_intermediates = 100;
  const Entity root = make_root(ca_spec("Root"));
  const TrustAnchors anchors = trust(root);
  const ServerName name = *ServerName::parse("a.test");
  for (const std::size_t length : {pki::kMaxPathLength, pki::kMaxPathLength + 1}) {
    std::vector<ByteString> chain;
    std::vector<Entity> cas;
    for (std::size_t i = 0; i + 2 < length; ++i) {
      cas.push_back(make_child(ca_spec("CA " + std::to_string(i)), i == 0 ? root : cas.back()));
      chain.insert(chain.begin(), cas.back().certificate);
    }
    chain.insert(chain.begin(), make_child(server_spec("a.test"), cas.back()).certificate);
    const pki::VerifyInput input{.chain = chain,
                                 .anchors = anchors,
                                 .now = kNow,
                                 .peer = Side::server,
                                 .name = &name,
                                 .policy = policy};
    EXPECT_EQ(pki::verify_chain(input).has_value(), length <= pki::kMaxPathLength);
  }
}

}  // namespace
}  // namespace handfast::test
