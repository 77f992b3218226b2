// From errors to findings: ids, confidence, exit codes.
#include "connect/diagnosis.hpp"

#include <gtest/gtest.h>

namespace handfast::apps {
namespace {

class Diagnosis : public ::testing::Test {
 protected:
  Diagnosis() {
    TraceStep hello;
    hello.kind = StepKind::client_hello;
    hello.size = 1792;
    FactItem group;
    group.text = "x25519";
    hello.facts.push_back({"groups", "Groups", {group}});
    trace_.steps.push_back(hello);
    at_.trace = &trace_;
    at_.connected = true;
    at_.name = "example.org";
    at_.trust_origin = "the system's store";
    at_.now = Time(std::chrono::seconds(1'795'132'800));
  }
  void add_certificate(const std::string& issuer, bool self_issued = false) {
    CertificateFact certificate;
    certificate.subject = "example.org";
    certificate.issuer = issuer;
    certificate.issuer_name = "CN=" + issuer;
    certificate.self_issued = self_issued;
    TraceStep step;
    step.kind = StepKind::certificate;
    step.certificates.push_back(certificate);
    trace_.steps.push_back(step);
  }
  static Error alert(AlertDescription description) {
    return Error(ErrorCode::alert_received).with_alert(description);
  }
  static std::string all_of(const Finding& finding) {
    std::string text;
    for (const auto& line : finding.evidence) text += line + "\n";
    return text;
  }

  Trace trace_;
  Circumstances at_;
};

TEST_F(Diagnosis, Alert40AloneSaysNothingForCertain) {
  const auto finding = diagnose(alert(AlertDescription::handshake_failure), at_);
  EXPECT_EQ(finding.confidence, Confidence::possible);
  EXPECT_GE(finding.candidates.size(), 3U);
  EXPECT_EQ(finding.exit, ExitCode::negotiation);
  EXPECT_NE(all_of(finding).find("this client offered groups: x25519"), std::string::npos);
}

TEST_F(Diagnosis, Alert40AfterACertificateRequestIsAboutTheCertificate) {
  TraceStep request;
  request.kind = StepKind::cert_request;
  trace_.steps.push_back(request);
  const auto finding = diagnose(alert(AlertDescription::handshake_failure), at_);
  EXPECT_EQ(finding.id, "M-01");
  EXPECT_EQ(finding.confidence, Confidence::likely);
}

TEST_F(Diagnosis, AlertsThatSayWhatTheyMean) {
  EXPECT_EQ(diagnose(alert(AlertDescription::protocol_version), at_).id, "P-01");
  EXPECT_EQ(diagnose(alert(AlertDescription::certificate_required), at_).id, "M-02");
  EXPECT_EQ(diagnose(alert(AlertDescription::unrecognized_name), at_).id, "H-05");
  EXPECT_EQ(diagnose(alert(AlertDescription::no_application_protocol), at_).id, "P-21");
  EXPECT_EQ(diagnose(alert(static_cast<AlertDescription>(250)), at_).id, "R-08");
}

TEST_F(Diagnosis, OldServersAreToldWhatIsSpokenHere) {
  TraceStep hello;
  hello.kind = StepKind::server_hello;
  FactItem version;
  version.code = 0x0302;
  version.text = "TLS 1.1";
  hello.facts.push_back({"version", "", {version}});
  trace_.steps.push_back(hello);
  const auto finding = diagnose(Error(ErrorCode::version_not_offered), at_);
  EXPECT_EQ(finding.id, "P-01");
  EXPECT_NE(finding.cause.find("what is older is broken"), std::string::npos);
}

TEST_F(Diagnosis, NetworkFailures) {
  const Error error(ErrorCode::io_failed);
  at_.network = NetworkFailure::timed_out;
  EXPECT_EQ(diagnose(error, at_).id, "N-05");
  at_.network = NetworkFailure::reset;
  EXPECT_EQ(diagnose(error, at_).id, "N-07");
  trace_.steps.clear();
  at_.connected = false;
  at_.network = NetworkFailure::refused;
  EXPECT_EQ(diagnose(error, at_).id, "N-10");
  EXPECT_EQ(diagnose(error, at_).exit, ExitCode::not_connected);
  at_.network = NetworkFailure::not_resolved;
  EXPECT_EQ(diagnose(error, at_).exit, ExitCode::name_not_resolved);
  at_.network = NetworkFailure::none;  // a file
  EXPECT_EQ(diagnose(error, at_).exit, ExitCode::usage);
}

TEST_F(Diagnosis, OtherProtocols) {
  EXPECT_EQ(diagnose(Error(ErrorCode::record_plain_http).with_detail("HTTP/1.1 400 Bad"), at_).id, "N-01");
  const auto smtp = diagnose(Error(ErrorCode::record_other_protocol).with_detail("220 \x1b[1m\r\n"), at_);
  EXPECT_EQ(smtp.id, "N-02");
  EXPECT_EQ(all_of(smtp), "it answered: 220 \\x1b[1m\n");
  EXPECT_EQ(smtp.exit, ExitCode::not_tls);
  EXPECT_EQ(diagnose(Error(ErrorCode::no_tls_answer), at_).id, "N-08");
}

TEST_F(Diagnosis, InspectionDevicesAreRecognisedByName) {
  add_certificate("Zscaler Intermediate Root CA");
  const auto finding = diagnose(Error(ErrorCode::certificate_unknown_issuer), at_);
  EXPECT_EQ(finding.id, "X-01");
  EXPECT_EQ(finding.confidence, Confidence::likely);
}

TEST_F(Diagnosis, UnknownIssuerAndForgottenIntermediateLookAlike) {
  add_certificate("Example CA");
  const auto unknown = diagnose(Error(ErrorCode::certificate_unknown_issuer), at_);
  EXPECT_EQ(unknown.id, "C-02");
  EXPECT_EQ(unknown.confidence, Confidence::likely);
  ASSERT_EQ(unknown.candidates.size(), 1U);
  EXPECT_EQ(unknown.candidates[0].id, "C-01");
  EXPECT_EQ(unknown.chain.size(), 2U);  // sent, missing
  EXPECT_EQ(diagnose(Error(ErrorCode::certificate_missing_intermediate), at_).id, "C-01");
}

TEST_F(Diagnosis, AClockBeforeThisProgramIsWrong) {
  add_certificate("Example CA");
  const Error error(ErrorCode::certificate_not_yet_valid);
  EXPECT_EQ(diagnose(error, at_).id, "C-09");
  at_.now = Time(std::chrono::seconds(0));
  const auto finding = diagnose(error, at_);
  EXPECT_EQ(finding.id, "C-10");
  EXPECT_EQ(finding.confidence, Confidence::certain);
  EXPECT_EQ(finding.exit, ExitCode::validity);
}

TEST_F(Diagnosis, EveryErrorLeadsToATitleAndAnExitCode) {
  for (std::size_t i = 0; i < kErrorCodeCount; ++i) {
    const auto finding = diagnose(Error(static_cast<ErrorCode>(i)), at_);
    EXPECT_FALSE(finding.title.empty()) << i;
    EXPECT_NE(finding.exit, ExitCode::success) << i;
  }
}

}  // namespace
}  // namespace handfast::apps
