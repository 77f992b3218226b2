// Name constraints of every type on longer chains, as PKITS 4.13 tries them. RFC 5280 §4.2.1.10.
#include <gtest/gtest.h>

#include "pki/long_chain.hpp"

namespace handfast::test {
namespace {

ByteString general_name(unsigned number, const std::string& text) {
  return der_encode(der::context(number), {as_bytes(text)});
}
ByteString email(const std::string& text) { return general_name(1, text); }
ByteString dns(const std::string& text) { return general_name(2, text); }
ByteString alternative_names(const std::vector<ByteString>& names) {
  return pki::encode_extension(pki::oid::kSubjectAltName, false, der_encode(der::kSequence, {joined(names)}));
}
ByteString constraints(const std::vector<ByteString>& permitted, const std::vector<ByteString>& excluded) {
  const auto subtrees = [](unsigned number, const std::vector<ByteString>& bases) {
    ByteString content;
    for (const ByteString& base : bases) {
      const ByteString subtree = der_encode(der::kSequence, {base});
      content.insert(content.end(), subtree.begin(), subtree.end());
    }
    return bases.empty() ? ByteString() : der_encode(der::context_constructed(number), {content});
  };
  return pki::encode_extension(pki::oid::kNameConstraints, true,
                               der_encode(der::kSequence, {subtrees(0, permitted), subtrees(1, excluded)}));
}
ByteString organization(const std::string& text) {
  const ByteString attribute =
      der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {pki::oid::kOrganizationName}),
                                  der_encode(der::kUtf8String, {as_bytes(text)})});
  return directory_name(der_encode(der::kSequence, {der_encode(der::kSet, {attribute})}));
}

struct LongChainNames : LongChain {
  // Whether a leaf with these alternative names may stand below a CA with these constraints.
  bool may(const ByteString& limits, const std::vector<ByteString>& names, const std::string& org = "Org") {
    pki::IssueSpec leaf = end({alternative_names(names)});
    leaf.dns_names.clear();
    leaf.organization = org;
    pki::IssueSpec ca = authority("A", {limits});
    ca.organization = "Org";
    const bool accepted = accepts({ca, leaf});
    if (!accepted) {
      EXPECT_EQ(code, ErrorCode::certificate_name_constraint);
    }
    return accepted;
  }
};

// 4.13.1 to 4.13.20.
TEST_F(LongChainNames, DirectoryNames) {
  const std::vector<ByteString> names = {dns("a.example")};
  EXPECT_TRUE(may(constraints({organization("Org")}, {}), names));
  EXPECT_TRUE(may(constraints({organization("ORG ")}, {}), names));
  EXPECT_FALSE(may(constraints({organization("Org")}, {}), names, "Other"));
  EXPECT_FALSE(may(constraints({}, {organization("Org")}), names));
  EXPECT_TRUE(may(constraints({}, {organization("Org")}), names, "Other"));
  // As alternative name as well: 4.13.4, 4.13.10.
  EXPECT_FALSE(may(constraints({organization("Org")}, {}), {organization("Other")}));
  EXPECT_TRUE(may(constraints({organization("Org")}, {}), {organization("Org")}));
  EXPECT_FALSE(may(constraints({}, {organization("Other")}), {organization("Other")}));
  // Excluded within permitted: 4.13.12.
  EXPECT_FALSE(may(constraints({organization("Org")}, {organization("Org")}), names));
}

TEST_F(LongChainNames, EveryCaOfThePathCounts) {
  const auto chain = [&](const ByteString& first, const ByteString& second, const std::string& org) {
    pki::IssueSpec a = authority("A", {first});
    a.organization = "Org";
    pki::IssueSpec b = authority("B", {second});
    b.organization = "Org";
    pki::IssueSpec leaf = end();
    leaf.organization = org;
    return accepts({a, b, leaf});
  };
  const ByteString org = constraints({organization("Org")}, {});
  EXPECT_TRUE(chain(org, org, "Org"));
  // The lower CA cannot widen: 4.13.7, 4.13.8.
  EXPECT_FALSE(chain(org, constraints({organization("Org"), organization("Other")}, {}), "Other"));
  EXPECT_FALSE(chain(org, constraints({}, {organization("Org")}), "Org"));
}

// 4.13.18 to 4.13.20: self-issued CAs are not constrained, self-issued leaves are.
TEST_F(LongChainNames, SelfIssuedCertificates) {
  const ByteString limits = constraints({organization("Other")}, {});
  pki::IssueSpec leaf = end();
  leaf.organization = "Other";
  EXPECT_TRUE(accepts({authority("A", {limits}), authority("A"), leaf}));
  EXPECT_FALSE(accepts({authority("A", {limits}), authority("B"), leaf}));
  pki::IssueSpec same = end();
  same.common_name = "A";
  EXPECT_FALSE(accepts({authority("A", {limits}), same}));
  EXPECT_EQ(code, ErrorCode::certificate_name_constraint);
}

// 4.13.21 to 4.13.29.
TEST_F(LongChainNames, MailboxesAndTheirHosts) {
  const ByteString below = constraints({email(".example.org")}, {});
  EXPECT_TRUE(may(below, {email("me@mail.example.org")}));
  EXPECT_FALSE(may(below, {email("me@example.org")}));
  const ByteString host = constraints({email("example.org")}, {});
  EXPECT_TRUE(may(host, {email("me@example.org")}));
  EXPECT_TRUE(may(host, {email("me@EXAMPLE.org")}));
  EXPECT_FALSE(may(host, {email("me@mail.example.org")}));
  const ByteString one = constraints({email("Me@example.org")}, {});
  EXPECT_TRUE(may(one, {email("Me@Example.org")}));
  EXPECT_FALSE(may(one, {email("me@example.org")}));  // the local part is compared as it is
  const ByteString excluded = constraints({}, {email("example.org")});
  EXPECT_FALSE(may(excluded, {email("me@example.org")}));
  EXPECT_TRUE(may(excluded, {email("me@mail.example.org")}));
  // Other types of names are not meant: 4.13.29 has it the other way round.
  EXPECT_TRUE(may(host, {dns("other.example")}));
}

// `leaf` with another subject, signed anew by `ca`.
ByteString with_subject(const ByteString& leaf, const ByteString& subject, const Entity& ca) {
  const pki::Certificate old = parsed(leaf);
  const Bytes tbs = old.tbs;
  crypto::DerReader reader(tbs);
  const Bytes content = reader.element("tbs", der::kSequence).content;
  const auto before = static_cast<std::size_t>(old.subject.data() - content.data());
  const ByteString changed = der_encode(
      der::kSequence, {content.first(before), subject, content.subspan(before + old.subject.size())});
  auto signature = ca.key.sign(*old.signature_method, changed);
  EXPECT_TRUE(signature.has_value());
  return der_encode(der::kSequence, {changed, old.signature_algorithm, crypto::der_bit_string(*signature)});
}

// 4.13.27 to 4.13.29: the attribute emailAddress counts where there is no rfc822Name.
TEST_F(LongChainNames, MailboxesInTheSubject) {
  const Entity ca = make_child(authority("A", {constraints({email("example.org")}, {})}), root);
  const auto may_be = [&](const std::string& address, const std::vector<ByteString>& names) {
    const ByteString attribute =
        der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {pki::oid::kEmailAddress}),
                                    der_encode(der::kIa5String, {as_bytes(address)})});
    const ByteString subject = der_encode(der::kSequence, {der_encode(der::kSet, {attribute})});
    pki::IssueSpec spec = end({alternative_names(names)});
    spec.dns_names.clear();
    const ByteString leaf = make_child(spec, ca).certificate;
    return verify({with_subject(leaf, subject, ca), ca.certificate}).has_value();
  };
  EXPECT_TRUE(may_be("me@example.org", {dns("a.example")}));
  EXPECT_FALSE(may_be("me@other.example", {dns("a.example")}));
  EXPECT_EQ(code, ErrorCode::certificate_name_constraint);
  EXPECT_TRUE(may_be("me@other.example", {email("me@example.org")}));
}

// 4.13.30 to 4.13.33, 4.13.38.
TEST_F(LongChainNames, DnsNames) {
  const ByteString permitted = constraints({dns("example.org")}, {});
  EXPECT_TRUE(may(permitted, {dns("example.org")}));
  EXPECT_TRUE(may(permitted, {dns("a.b.Example.org")}));
  EXPECT_FALSE(may(permitted, {dns("badexample.org")}));
  EXPECT_FALSE(may(permitted, {dns("example.org"), dns("example.com")}));
  const ByteString excluded = constraints({}, {dns("example.org")});
  EXPECT_FALSE(may(excluded, {dns("a.example.org")}));
  EXPECT_TRUE(may(excluded, {dns("badexample.org")}));
}

// 4.13.34 to 4.13.37.
TEST_F(LongChainNames, HostsOfUris) {
  const ByteString below = constraints({uri(".example.org")}, {});
  EXPECT_TRUE(may(below, {uri("http://a.example.org/index.html")}));
  EXPECT_FALSE(may(below, {uri("http://example.org/")}));
  EXPECT_FALSE(may(below, {uri("http://a.example.com/example.org")}));
  EXPECT_FALSE(may(below, {uri("urn:example")}));
  const ByteString excluded = constraints({}, {uri("example.org")});
  EXPECT_FALSE(may(excluded, {uri("ftp://example.org:21/file")}));
  EXPECT_FALSE(may(excluded, {uri("ftp://user@example.org/file")}));
  EXPECT_TRUE(may(excluded, {uri("ftp://a.example.org/file")}));
}

// CABF BR §3.2.2.6.
TEST_F(LongChain, AWildcardForAPublicSuffixMatchesNothing) {
  policy.is_public_suffix = [](std::string_view suffix) { return suffix == "co.example"; };
  const auto is_for = [&](const std::vector<std::string>& names, const std::string& wanted) {
    pki::IssueSpec spec = end();
    spec.common_name.clear();
    spec.dns_names = names;
    const Entity ca = make_child(authority("A"), root);
    const std::vector<ByteString> chain = {make_child(spec, ca).certificate, ca.certificate};
    const auto name = ServerName::parse(wanted);
    pki::VerifyInput input{
        .chain = chain, .anchors = anchors, .now = kNow, .peer = Side::server, .name = &*name};
    input.policy = policy;
    const auto verdict = pki::verify_chain(input);
    code = verdict ? ErrorCode::internal_error : verdict.error().code();
    return verdict.has_value();
  };
  EXPECT_TRUE(is_for({"*.co.example"}, "a.co.example"));
  policy.profile = pki::Profile::webpki;
  EXPECT_FALSE(is_for({"*.co.example"}, "a.co.example"));
  EXPECT_EQ(code, ErrorCode::certificate_name_mismatch);
  EXPECT_TRUE(is_for({"*.co.example", "A.co.example"}, "a.co.example"));
  EXPECT_TRUE(is_for({"*.co.example", "co.example"}, "co.example"));
  EXPECT_TRUE(is_for({"*.a.co.example"}, "b.a.co.example"));
}

}  // namespace
}  // namespace handfast::test
