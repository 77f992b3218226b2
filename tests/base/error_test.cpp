// Error and its table. RFC 9846 §6.2.
#include <gtest/gtest.h>

#include <handfast/error.hpp>
#include <set>
#include <string>

namespace handfast {
namespace {

TEST(ErrorTable, EveryRowIsCompleteAndItsNameIsUnique) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kErrorCodeCount; ++i) {
    const auto code = static_cast<ErrorCode>(i);
    const ErrorInfo& info = info_of(code);
    SCOPED_TRACE(info.name);
    EXPECT_EQ(info.code, code);
    EXPECT_TRUE(names.insert(info.name).second);
    ASSERT_FALSE(info.sentence.empty());
    EXPECT_NE(info.sentence.back(), '.');
    EXPECT_FALSE(name_of(info.alert).empty());
    EXPECT_TRUE(info.category == ErrorCategory::local || !info.reference.empty());
  }
}

TEST(ErrorTable, OwnFailuresAreInternalErrorsToThePeer) {
  for (std::size_t i = 0; i < kErrorCodeCount; ++i) {
    const ErrorInfo& info = info_of(static_cast<ErrorCode>(i));
    if (info.category == ErrorCategory::local) {
      EXPECT_EQ(info.alert, AlertDescription::internal_error) << info.name;
    } else if (info.category != ErrorCategory::alert_received) {
      EXPECT_NE(info.alert, AlertDescription::internal_error) << info.name;
    }
  }
}

TEST(ErrorTable, CatalogueIdsHaveTheirForm) {
  for (std::size_t i = 0; i < kErrorCodeCount; ++i) {
    const std::string_view id = info_of(static_cast<ErrorCode>(i)).catalogue;
    if (id.empty()) continue;
    ASSERT_EQ(id.size(), 4U) << id;
    EXPECT_TRUE(id[0] >= 'A' && id[0] <= 'Z' && id[1] == '-' && id[2] >= '0' && id[2] <= '9' &&
                id[3] >= '0' && id[3] <= '9')
        << id;
  }
}

TEST(ErrorTable, AlertsTheRfcNames) {
  const auto alert = [](ErrorCode code) { return info_of(code).alert; };
  EXPECT_EQ(alert(ErrorCode::record_bad_mac), AlertDescription::bad_record_mac);
  EXPECT_EQ(alert(ErrorCode::record_overflow), AlertDescription::record_overflow);
  EXPECT_EQ(alert(ErrorCode::message_malformed), AlertDescription::decode_error);
  EXPECT_EQ(alert(ErrorCode::message_unexpected), AlertDescription::unexpected_message);
  EXPECT_EQ(alert(ErrorCode::message_illegal_value), AlertDescription::illegal_parameter);
  EXPECT_EQ(alert(ErrorCode::extension_duplicate), AlertDescription::illegal_parameter);
  EXPECT_EQ(alert(ErrorCode::extension_not_offered), AlertDescription::unsupported_extension);
  EXPECT_EQ(alert(ErrorCode::extension_wrong_message), AlertDescription::illegal_parameter);
  EXPECT_EQ(alert(ErrorCode::extension_missing), AlertDescription::missing_extension);
  EXPECT_EQ(alert(ErrorCode::no_common_version), AlertDescription::protocol_version);
  EXPECT_EQ(alert(ErrorCode::no_common_application_protocol), AlertDescription::no_application_protocol);
  EXPECT_EQ(alert(ErrorCode::finished_mismatch), AlertDescription::decrypt_error);
  EXPECT_EQ(alert(ErrorCode::certificate_list_empty), AlertDescription::decode_error);
  EXPECT_EQ(alert(ErrorCode::certificate_required), AlertDescription::certificate_required);
  EXPECT_EQ(alert(ErrorCode::certificate_unknown_issuer), AlertDescription::unknown_ca);
}

TEST(Error, KeepsWhatItIsGiven) {
  const Error error = Error(ErrorCode::message_malformed)
                          .at("cipher_suites", 39)
                          .in(HandshakeType::client_hello)
                          .seen_by(Side::server)
                          .with_detail("words");
  EXPECT_EQ(error.code(), ErrorCode::message_malformed);
  EXPECT_EQ(error.category(), ErrorCategory::peer_misbehaved);
  EXPECT_EQ(error.alert(), AlertDescription::decode_error);
  EXPECT_STREQ(error.field(), "cipher_suites");
  EXPECT_EQ(error.offset(), 39U);
  EXPECT_EQ(error.message(), HandshakeType::client_hello);
  EXPECT_EQ(error.side(), Side::server);
  EXPECT_EQ(error.to_string(),
            "a handshake message does not follow its syntax, in ClientHello, field cipher_suites at byte 39: "
            "words");
}

TEST(Error, BareOneHasNothingElse) {
  const Error error(ErrorCode::no_common_suite);
  EXPECT_STREQ(error.field(), "");
  EXPECT_FALSE(error.message());
  EXPECT_FALSE(error.side());
  EXPECT_FALSE(error.certificate_depth());
  EXPECT_TRUE(error.detail().empty());
  EXPECT_TRUE(error.offered().empty());
  EXPECT_TRUE(error.accepted().empty());
  EXPECT_EQ(error.to_string(), "no cipher suite in common");
}

TEST(Error, CopiesShareDetailsButDoNotChangeEachOther) {
  Error first = Error(ErrorCode::no_common_group).with_sets({1, 2}, {3});
  Error second = first;
  second.with_detail("second").with_sets({9}, {});
  EXPECT_TRUE(first.detail().empty());
  EXPECT_EQ(first.offered(), (std::vector<std::uint16_t>{1, 2}));
  EXPECT_EQ(first.accepted(), (std::vector<std::uint16_t>{3}));
  EXPECT_EQ(second.offered(), (std::vector<std::uint16_t>{9}));
}

TEST(Error, AlertMayBeReplaced) {
  const Error error = Error(ErrorCode::alert_received).with_alert(AlertDescription::unknown_ca);
  EXPECT_EQ(error.alert(), AlertDescription::unknown_ca);
  EXPECT_EQ(error.to_string(), "the peer refused: unknown_ca");
}

TEST(Error, NamesTheCertificate) {
  const Error error = Error(ErrorCode::certificate_expired).with_certificate(1, "CN=x");
  EXPECT_EQ(error.certificate_depth(), 1U);
  EXPECT_EQ(error.certificate_subject(), "CN=x");
  EXPECT_EQ(error.to_string(), "the certificate has expired, certificate 1 (CN=x)");
}

Result<int> half_of(int number) {
  if (number % 2 != 0) return failure(ErrorCode::internal_error);
  return number / 2;
}

Result<int> quarter_of(int number) {
  HANDFAST_TRY_ASSIGN(const int half, half_of(number));
  HANDFAST_TRY(half_of(half));
  return half / 2;
}

TEST(Try, LeavesWithTheErrorOrGoesOn) {
  EXPECT_EQ(quarter_of(8).value(), 2);
  EXPECT_FALSE(quarter_of(7));
  ASSERT_FALSE(quarter_of(6));
  EXPECT_EQ(quarter_of(6).error().code(), ErrorCode::internal_error);
}

}  // namespace
}  // namespace handfast
