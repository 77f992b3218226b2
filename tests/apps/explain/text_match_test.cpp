// Every text of the catalogue leads back to its failure, and no input does harm.
#include "explain/text_match.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "explain/text_alerts.hpp"
#include "explain/text_print.hpp"

namespace handfast::apps {
namespace {

// The text as a client would print it: something where the catalogue says "…".
std::string filled(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at).starts_with("…")) {
      out += "shop.example 42";
      at += std::string_view("…").size();
    } else {
      out += text[at++];
    }
  }
  return out;
}

bool has(const TextExplanation& explanation, std::string_view id) {
  return std::ranges::any_of(explanation.matches,
                             [&](const TextMatch& match) { return match.failure->id == id; });
}

std::string first(std::string_view text) {
  const auto explanation = explain_text(text);
  return explanation.matches.empty() ? "" : std::string(explanation.matches.front().failure->id);
}

TEST(ExplainText, FindsEachFailureByEachOfItsTexts) {
  std::map<std::string, std::set<std::string_view>> owners;
  for (const auto& failure : failure_table()) {
    for (const auto& seen : failure.seen_texts) owners[normalized(seen.text)].insert(failure.id);
  }
  for (const auto& failure : failure_table()) {
    for (const auto& seen : failure.seen_texts) {
      const auto explanation = explain_text(filled(seen.text));
      EXPECT_TRUE(has(explanation, failure.id)) << failure.id << " " << seen.text;
      if (owners[normalized(seen.text)].size() > 1 || explanation.matches.empty()) continue;
      EXPECT_EQ(explanation.matches.front().failure->id, failure.id) << seen.text;
    }
  }
}

TEST(ExplainText, FindsEachFailureByItsId) {
  for (const auto& failure : failure_table()) {
    const auto explanation = explain_text(failure.id);
    ASSERT_EQ(explanation.matches.size(), 1U) << failure.id;
    EXPECT_EQ(explanation.matches.front().failure->id, failure.id);
    EXPECT_FALSE(explanation.ambiguous);
  }
  EXPECT_EQ(first("c-01"), "C-01");
  EXPECT_EQ(first("see C-07, please"), "C-07");
}

TEST(ExplainText, KnowsEveryAlertByNumberAndByName) {
  for (unsigned number = 0; number < 256; ++number) {
    const auto alert = static_cast<AlertDescription>(number);
    if (name_of(alert).empty()) continue;
    for (const std::string& text :
         {std::to_string(number), "SSL alert number " + std::to_string(number), std::string(name_of(alert)),
          "Received fatal alert: " + std::string(name_of(alert))}) {
      const auto explanation = explain_text(text);
      ASSERT_TRUE(explanation.alert.has_value()) << text;
      EXPECT_EQ(explanation.alert->number, number) << text;
      EXPECT_FALSE(explanation.matches.empty()) << text;
    }
  }
  EXPECT_EQ(explain_text("alert 41").alert->name, "no_certificate");
  EXPECT_FALSE(explain_text("alert 250").alert.has_value());
}

TEST(ExplainText, TakesWhatPeoplePaste) {
  EXPECT_EQ(first("curl: (60) SSL certificate problem: unable to get local issuer certificate"), "C-01");
  EXPECT_EQ(
      first("requests.exceptions.SSLError: HTTPSConnectionPool(host='x', port=443): Max retries exceeded "
            "(Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate "
            "verify failed: certificate has expired (_ssl.c:1129)')))"),
      "C-07");
  EXPECT_EQ(
      first("curl: (60) SSL: no alternative certificate subject name matches target host name 'a.example'"),
      "H-01");
  EXPECT_EQ(first("Get \"https://a\": x509: certificate is valid for b.example, not a.example"), "H-01");
  EXPECT_EQ(first("error:0A000152:SSL routines::unsafe legacy renegotiation disabled"), "P-09");
  EXPECT_EQ(first("error:0A000152"), "P-09");
  EXPECT_EQ(first("Get \"https://a/\": EOF"), "N-08");
  EXPECT_EQ(first("verify error:num=19:self-signed certificate in certificate chain"), "C-04");
  EXPECT_EQ(first("verify error:num=18:self signed certificate"), "C-03");
  EXPECT_EQ(
      first("javax.net.ssl.SSLHandshakeException: PKIX path building failed: "
            "sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification "
            "path to requested target"),
      "C-01");
  // OpenSSL 1.1 numbers the same reasons in another way.
  EXPECT_EQ(explain_text("error:1409442E:SSL routines:ssl3_read_bytes").alert->number, 70U);
  EXPECT_EQ(first("error:141A318A:SSL routines"), "P-14");
  EXPECT_EQ(first("  WRONG_VERSION_NUMBER\n"), "N-01");
}

TEST(ExplainText, SaysWhenATextIsAmbiguous) {
  const auto refused = explain_text("sslv3 alert handshake failure");
  EXPECT_TRUE(refused.ambiguous);
  for (const auto* id : {"P-03", "P-04", "P-05", "P-06", "M-01", "S-02"}) EXPECT_TRUE(has(refused, id)) << id;
  EXPECT_TRUE(explain_text("unable to get local issuer certificate").ambiguous);
  EXPECT_FALSE(explain_text("certificate revoked").ambiguous);
  const auto text = explanation_text(refused, Style());
  EXPECT_NE(text.find("to tell them apart:"), std::string::npos);
  EXPECT_NE(text.find("handfast connect HOST"), std::string::npos);
}

TEST(ExplainText, DoesNotFindWhatIsNotThere) {
  for (const std::string_view text :
       {"", " ", "hello", "it works", "geoffrey", "C-99", "999", "C-011", "-"}) {
    EXPECT_TRUE(explain_text(text).empty()) << text;
  }
}

TEST(ExplainText, TakesAnyBytes) {
  std::string every;
  for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
  EXPECT_TRUE(explain_text(every).empty());
  EXPECT_EQ(first("certificate\x1b[31m revoked"), "");
  EXPECT_EQ(first(std::string(60'000, 'x') + " certificate revoked"), "C-22");
  std::string worst;
  while (worst.size() < kLongestExplainedText - 8) worst += "error:0a";
  EXPECT_TRUE(explain_text(worst).empty());
  const auto json =
      explanation_json(explain_text("\xff\x1b certificate revoked"), "\xff\x1b certificate revoked");
  EXPECT_EQ(json["input"], "\\xff\\x1b certificate revoked");
  EXPECT_EQ(json["failures"][0]["id"], "C-22");
}

TEST(ExplainText, ReadsVerifyCodes) {
  EXPECT_EQ(verify_codes_in("num=20 and error 10 at 0 depth lookup"), (std::vector<int>{20, 10}));
  EXPECT_TRUE(has(explain_text("Verify return code: 62"), "H-01"));
  EXPECT_TRUE(verify_codes_in("num=99999999999999999999").empty());
}

TEST(ExplainText, PrintsOneFailureInFull) {
  const auto text = explanation_text(explain_text("P-09"), Style());
  for (const auto* part : {"P-09", "cause", "fix", "what is seen", "unsafe legacy renegotiation"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace handfast::apps
