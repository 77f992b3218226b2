// The client's checks of the server's hello messages: see the header.
#include "handshake/server_answer.hpp"

#include <algorithm>
#include <array>

#include "crypto/key_exchange.hpp"
#include "handshake/selection.hpp"
#include "message/checks.hpp"

namespace handfast::handshake {
namespace {

// Offsets of fields that follow the session id in a ServerHello: header 4, version 2, random 32, length 1.
constexpr std::size_t kSessionIdOffset = 4 + 2 + 32;
std::size_t suite_offset(const message::ServerHello& answer) {
  return kSessionIdOffset + 1 + answer.legacy_session_id_echo.size();
}

// "44 4F 57 4E 47 52 44 01" if TLS 1.2, "… 00" if something older was negotiated by a server that knows
// TLS 1.3.
bool has_downgrade_sentinel(Bytes random) {
  constexpr std::array<std::uint8_t, 7> kSentinel = {0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44};
  const Bytes tail = random.last(8);
  return std::equal(kSentinel.begin(), kSentinel.end(), tail.begin()) && tail[7] <= 1;
}

Error no_common_version(const std::vector<ProtocolVersion>& versions, const message::ServerHello& answer) {
  return Error(ErrorCode::no_common_version)
      .in(answer.type())
      .at("legacy_version", 4)
      .with_sets(numbers(versions), {static_cast<std::uint16_t>(answer.legacy_version)});
}

Result<void> check_version(const message::ServerHello& answer) {
  // "The server's extensions MUST contain "supported_versions"." (§4.2.4) No older version has this message.
  if (answer.is_hello_retry_request && !answer.selected_version) {
    return failure(Error(ErrorCode::extension_missing).in(answer.type()).at("supported_versions", 0));
  }
  if (!answer.selected_version) {
    // "TLS 1.3 clients receiving a ServerHello indicating TLS 1.2 or below MUST check that the last 8 bytes
    // are not equal to either of these values. … If a match is found, the client MUST abort the handshake
    // with an "illegal_parameter" alert." (§4.2.3)
    if (has_downgrade_sentinel(answer.random)) {
      return failure(Error(ErrorCode::downgrade_detected).in(answer.type()).at("random", 4 + 2 + 24));
    }
    return failure(no_common_version({ProtocolVersion::tls1_3}, answer));
  }
  // "If the "supported_versions" extension in the ServerHello contains a version not offered by the client or
  // contains a version prior to TLS 1.3, the client MUST abort the handshake with an "illegal_parameter"
  // alert." (§4.3.1)
  if (*answer.selected_version != ProtocolVersion::tls1_3) {
    return failure(Error(ErrorCode::version_not_offered).in(answer.type()).at("selected_version", 0));
  }
  // "A client which receives a TLS 1.3 Server Hello with a legacy_version value not equal to 0x0303 MUST
  // abort the handshake with a "protocol_version" alert." (§4.2.3)
  if (answer.legacy_version != ProtocolVersion::tls1_2) {
    return failure(Error(ErrorCode::message_illegal_value)
                       .in(answer.type())
                       .at("legacy_version", 4)
                       .with_alert(AlertDescription::protocol_version));
  }
  return {};
}

}  // namespace

Result<ProtocolVersion> check_server_version(const ClientSettings& settings,
                                             const message::ServerHello& answer) {
  const auto& versions = settings.policy.versions;
  const auto offered = [&](ProtocolVersion version) {
    return std::find(versions.begin(), versions.end(), version) != versions.end();
  };
  if (offered(ProtocolVersion::tls1_3)) {
    const bool is_tls12 = !answer.selected_version && !answer.is_hello_retry_request &&
                          answer.legacy_version == ProtocolVersion::tls1_2 &&
                          offered(ProtocolVersion::tls1_2) && !has_downgrade_sentinel(answer.random);
    if (is_tls12) return ProtocolVersion::tls1_2;
    if (auto good = check_version(answer); !good) {
      if (good.error().code() != ErrorCode::no_common_version) return failure(good.error());
      return failure(no_common_version(versions, answer));
    }
    return ProtocolVersion::tls1_3;
  }
  // supported_versions was not sent, so nothing may answer it (RFC 9846 §4.3).
  if (answer.selected_version || answer.is_hello_retry_request) {
    return failure(Error(ErrorCode::version_not_offered).in(answer.type()).at("selected_version", 0));
  }
  if (answer.legacy_version != ProtocolVersion::tls1_2) return failure(no_common_version(versions, answer));
  return ProtocolVersion::tls1_2;
}

Result<const keys::SuiteParameters*> check_server_choice(const SentHello& hello,
                                                         const message::ServerHello& answer) {
  HANDFAST_TRY(check_version(answer));
  // "A client which receives a legacy_session_id_echo field that does not match what it sent in the
  // ClientHello MUST abort the handshake with an "illegal_parameter" alert." (§4.2.3)
  if (!std::ranges::equal(answer.legacy_session_id_echo, hello.session_id)) {
    return failure(Error(ErrorCode::session_id_not_echoed)
                       .in(answer.type())
                       .at("legacy_session_id_echo", kSessionIdOffset));
  }
  // "A client which receives a cipher suite that was not offered MUST abort the handshake with an
  // "illegal_parameter" alert." (§4.2.3)
  const keys::SuiteParameters* const suite = keys::find_suite(answer.cipher_suite, ProtocolVersion::tls1_3);
  if (suite == nullptr || !hello.offered(answer.cipher_suite)) {
    return failure(Error(ErrorCode::suite_not_offered)
                       .in(answer.type())
                       .at("cipher_suite", suite_offset(answer))
                       .with_sets(numbers(hello.suites), {static_cast<std::uint16_t>(answer.cipher_suite)}));
  }
  if (answer.legacy_compression_method != 0) {
    return failure(Error(ErrorCode::compression_not_null)
                       .in(answer.type())
                       .at("legacy_compression_method", suite_offset(answer) + 2));
  }
  HANDFAST_TRY(message::check_only_offered(
      answer.extensions, [&](ExtensionType type) { return hello.offered(type); }, answer.type()));
  return suite;
}

Result<RetryRequest> check_hello_retry_request(const ClientSettings& settings, const SentHello& hello,
                                               const message::ServerHello& request) {
  RetryRequest retry{request.selected_group, {}, request.cipher_suite};
  if (request.cookie) retry.cookie = copy_of(*request.cookie);
  // "Clients MUST abort the handshake with an "illegal_parameter" alert if the HelloRetryRequest would not
  // result in any change in the ClientHello." (§4.2.4)
  if (!retry.group && retry.cookie.empty()) {
    return failure(Error(ErrorCode::hello_retry_useless).in(request.type()));
  }
  if (retry.group) {
    // "the client MUST verify that (1) the selected_group field corresponds to a group which was provided in
    // the "supported_groups" extension in the original ClientHello and (2) the selected_group field does not
    // correspond to a group which was provided in the "key_share" extension in the original ClientHello."
    // (§4.3.8)
    const auto& groups = settings.policy.groups;
    if (std::find(groups.begin(), groups.end(), *retry.group) == groups.end() ||
        !crypto::is_supported(*retry.group) || hello.has_share(*retry.group)) {
      return failure(Error(ErrorCode::hello_retry_group_not_offered)
                         .in(request.type())
                         .at("selected_group", 0)
                         .with_sets(numbers(groups), {static_cast<std::uint16_t>(*retry.group)}));
    }
  }
  return retry;
}

Result<void> check_after_retry(const RetryRequest& retry, const message::ServerHello& answer) {
  // "If a client receives a second HelloRetryRequest in the same connection, it MUST abort the handshake with
  // an "unexpected_message" alert." (§4.2.4)
  if (answer.is_hello_retry_request) return failure(Error(ErrorCode::hello_retry_twice).in(answer.type()));
  // "The value of selected_version in the HelloRetryRequest "supported_versions" extension MUST be retained
  // in the ServerHello, and a client MUST abort the handshake with an "illegal_parameter" alert if the value
  // changes." (§4.2.4)
  if (answer.selected_version != ProtocolVersion::tls1_3) {
    return failure(Error(ErrorCode::version_not_offered).in(answer.type()).at("selected_version", 0));
  }
  // "clients MUST check that the cipher suite supplied in the ServerHello is the same as that in the
  // HelloRetryRequest and otherwise abort the handshake with an "illegal_parameter" alert." (§4.2.4)
  if (answer.cipher_suite != retry.suite) {
    return failure(Error(ErrorCode::hello_retry_suite_changed)
                       .in(answer.type())
                       .at("cipher_suite", suite_offset(answer)));
  }
  return {};
}

Result<NamedGroup> check_server_hello(const SentHello& hello, const message::ServerHello& answer) {
  if (!answer.key_share && answer.selected_identity && hello.psk_ke) return NamedGroup{};
  // No pre-shared key was offered without an exchange: "If these values are not consistent, the client MUST
  // abort the handshake with an "illegal_parameter" alert." (§4.3.11)
  if (!answer.key_share && answer.selected_identity) {
    return failure(Error(ErrorCode::message_illegal_value).in(answer.type()).at("key_share", 0));
  }
  if (!answer.key_share) {
    return failure(Error(ErrorCode::extension_missing).in(answer.type()).at("key_share", 0));
  }
  // "This value MUST be in the same group as the KeyShareEntry value offered by the client that the server
  // has selected"; after a HelloRetryRequest only the requested group has a share. (§4.3.8)
  if (!hello.has_share(answer.key_share->group)) {
    std::vector<std::uint16_t> offered;
    offered.reserve(hello.shares.size());
    for (const crypto::ClientKeyShare& share : hello.shares) {
      offered.push_back(static_cast<std::uint16_t>(share.group()));
    }
    return failure(Error(ErrorCode::group_not_offered)
                       .in(answer.type())
                       .at("group", answer.key_share->offset)
                       .with_sets(std::move(offered), {static_cast<std::uint16_t>(answer.key_share->group)}));
  }
  return answer.key_share->group;
}

Result<SharedSecret> finish_key_exchange(SentHello& hello, const message::ServerHello& answer) {
  if (!answer.key_share) {
    hello.shares.clear();
    return SharedSecret();
  }
  // Shares are used once: whatever happens, none is left.
  const std::vector<crypto::ClientKeyShare>::iterator end = hello.shares.end();
  const auto share = std::find_if(hello.shares.begin(), end, [&](const crypto::ClientKeyShare& candidate) {
    return candidate.group() == answer.key_share->group;
  });
  if (share == end) return failure(ErrorCode::internal_error);
  auto secret = std::move(*share).finish(answer.key_share->key_exchange);
  hello.shares.clear();
  if (!secret) {
    Error error = secret.error();
    return failure(error.in(answer.type()).at("key_exchange", answer.key_share->offset));
  }
  return secret;
}

Result<std::optional<std::size_t>> check_max_fragment_length(const ClientSettings& settings,
                                                             HandshakeType message,
                                                             std::optional<std::uint8_t> code,
                                                             bool has_record_size_limit) {
  if (!code) return std::nullopt;
  // "A client MUST treat receipt of both "max_fragment_length" and "record_size_limit" as a fatal error, and
  // it SHOULD generate an "illegal_parameter" alert." (RFC 8449 §5)
  // "If a client receives a maximum fragment length negotiation response that differs from the length it
  // requested, it MUST also abort the handshake with an "illegal_parameter" alert." (RFC 6066 §4)
  const std::size_t length = fragment_length_of(*code);
  if (has_record_size_limit || length != settings.max_fragment_length.value_or(0)) {
    return failure(Error(ErrorCode::message_illegal_value).in(message).at("max_fragment_length", 0));
  }
  return length;
}

Result<ServerParameters> check_encrypted_extensions(const ClientSettings& settings, const SentHello& hello,
                                                    const message::EncryptedExtensions& extensions) {
  const auto type = message::EncryptedExtensions::kType;
  HANDFAST_TRY(message::check_only_offered(
      extensions.extensions, [&](ExtensionType asked) { return hello.offered(asked); }, type));
  ServerParameters parameters;
  if (extensions.application_protocol) {
    // RFC 7301 §3.1: the server's choice is one of the client's names.
    const std::string_view name = as_text(*extensions.application_protocol);
    const auto& offered = settings.application_protocols;
    if (std::find(offered.begin(), offered.end(), name) == offered.end()) {
      return failure(Error(ErrorCode::application_protocol_not_offered).in(type).at("protocol_name_list", 0));
    }
    parameters.application_protocol = name;
  }
  parameters.record_size_limit = extensions.record_size_limit;
  HANDFAST_TRY_ASSIGN(parameters.max_fragment_length,
                      check_max_fragment_length(settings, type, extensions.max_fragment_length,
                                                extensions.record_size_limit.has_value()));
  return parameters;
}

}  // namespace handfast::handshake
