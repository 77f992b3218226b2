// The page holds the facts of the visit, fetches nothing, and takes foreign text as text.
#include "serve/page.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "sample_visit.hpp"
#include "serve/page_parts.hpp"

namespace handfast::apps::serve {
namespace {

using test::sample_visit;

testing::AssertionResult holds(const std::string& page, std::string_view text) {
  if (page.find(text) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "the page lacks: " << text;
}

std::size_t count(const std::string& page, std::string_view text) {
  std::size_t found = 0;
  for (std::size_t at = page.find(text); at != std::string::npos; at = page.find(text, at + 1)) ++found;
  return found;
}

TEST(Page, HoldsTheFacts) {
  const std::string page = render_page(sample_visit());
  EXPECT_TRUE(holds(page, "Encrypted, with TLS 1.3"));
  EXPECT_TRUE(holds(page, "Post-quantum: yes"));
  EXPECT_TRUE(holds(page, "X25519MLKEM768"));
  EXPECT_TRUE(holds(page, "GREASE 0x4a4a"));
  EXPECT_TRUE(holds(page, sample_visit().ja4.text()));
  EXPECT_TRUE(holds(page, "localhost"));
  EXPECT_TRUE(holds(page, "127.0.0.1:51234"));
  for (const TraceStep& step : sample_visit().trace.steps) EXPECT_TRUE(holds(page, step.title));
}

TEST(Page, IsWholeAndFetchesNothing) {
  const std::string page = render_page(sample_visit());
  for (const std::string_view tag :
       {"details", "section", "table", "ol", "ul", "li", "svg", "dl", "div", "p"}) {
    const std::string open = "<" + std::string(tag);
    EXPECT_EQ(count(page, open + ">") + count(page, open + " "), count(page, "</" + std::string(tag) + ">"))
        << tag;
  }
  EXPECT_EQ(count(page, "<script"), 0U);
  EXPECT_EQ(count(page, "<link"), 1U);  // the icon, a data: URL
  EXPECT_EQ(count(page, "src="), 0U);
  EXPECT_EQ(count(page, " style="), 0U);
  EXPECT_EQ(count(page, "url("), 0U);
  EXPECT_EQ(count(page, "@import"), 0U);
  EXPECT_EQ(count(page, "&lt;"), 0U) << "markup was taken for text";
}

TEST(Page, SaysWhenItIsNotPostQuantum) {
  Visit visit = sample_visit();
  visit.outcome.group = NamedGroup::x25519;
  visit.offer.groups = {0x001d};
  const std::string page = render_page(visit);
  EXPECT_TRUE(holds(page, "Post-quantum: no"));
  EXPECT_TRUE(holds(page, "offered no ML-KEM group"));
}

TEST(Page, TakesHostileTextAsText) {
  const std::string hostile = "\"><script>alert(1)</script>\x1b[31m\xe2\x80\xae&";
  Visit visit = sample_visit();
  visit.offer.server_name = hostile;
  visit.offer.application_protocols = {hostile, hostile};
  visit.outcome.application_protocol = hostile;
  visit.visitor = hostile;
  visit.server.certificate_name = hostile;
  for (TraceStep& step : visit.trace.steps) {
    step.title = hostile;
    step.why = hostile;
    step.say = {{hostile, Mark::bad}};
    for (TraceField& field : step.fields) field.meaning = hostile;
    for (CertificateFact& certificate : step.certificates) {
      certificate.subject = hostile;
      certificate.subject_name = hostile;
      certificate.names = {hostile};
    }
  }
  const std::string page = render_page(visit);
  EXPECT_EQ(count(page, "<script"), 0U);
  EXPECT_EQ(count(page, "\x1b"), 0U);
  EXPECT_EQ(count(page, "\xe2\x80\xae"), 0U);
  EXPECT_EQ(count(page, "\"><"), count(render_page(sample_visit()), "\"><"));
}

TEST(Page, SurvivesFieldsOutsideOfTheirMessage) {
  Visit visit = sample_visit();
  visit.trace.steps[0].fields.push_back({"beyond", 1'000'000, 4, 0, ""});
  visit.trace.steps[0].fields.push_back({"too long", 4, static_cast<std::size_t>(-1), 3, ""});
  EXPECT_TRUE(holds(render_page(visit), "</html>"));
}

TEST(Page, IsBoundedWhateverAMessageHolds) {
  Visit visit = sample_visit();
  TraceStep& step = visit.trace.steps[0];
  step.bytes.assign(std::size_t{1} << 20U, 0);
  step.fields.clear();
  for (std::size_t i = 0; i + 4 <= step.bytes.size(); i += 4) step.fields.push_back({"x", i, 4, 0, ""});
  EXPECT_LT(render_page(visit).size(), std::size_t{1} << 20U);
}

TEST(Page, ShowsEachByteOfAMessageOnce) {
  TraceStep step;
  step.title = "Test";
  step.bytes = {0x01, 0x00, 0x00, 0x05, 0xaa, 0xbb, 0x01, 0xcc, 0xdd};
  step.fields = {{"first", 4, 2, 0, ""}, {"list", 6, 2, 0, ""}, {"entry", 7, 1, 1, "meaning of it"}};
  const std::string table = annotated_bytes(step).take();
  for (const std::string_view bytes : {"01 00 00 05", "aa bb", ">01<", ">cc<", ">dd<"}) {
    EXPECT_EQ(count(table, bytes), 1U) << bytes;
  }
  EXPECT_TRUE(holds(table, "1 byte follows"));
  EXPECT_TRUE(holds(table, "meaning of it"));
}

TEST(Page, PolicyNamesTheStyleByItsHash) {
  const auto policy = content_security_policy();
  ASSERT_TRUE(policy);
  EXPECT_TRUE(holds(*policy, "default-src 'none'; style-src 'sha256-"));
  EXPECT_EQ(policy->find("unsafe"), std::string::npos);
}

TEST(Page, NoteIsEscaped) { EXPECT_TRUE(holds(render_note(404, "Not Found", "<b>"), "&lt;b&gt;")); }

// For eyes: HANDFAST_PAGE_OUT=/some/file.html serve_test --gtest_filter='*Written*'
TEST(Page, CanBeWrittenToAFile) {
  const char* path = std::getenv("HANDFAST_PAGE_OUT");
  if (path == nullptr) GTEST_SKIP() << "HANDFAST_PAGE_OUT is not set";
  std::ofstream(path) << render_page(sample_visit());
}

}  // namespace
}  // namespace handfast::apps::serve
