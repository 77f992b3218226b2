"""The checks that must not be missed: each mutant takes one of them out, and names the test that must turn red.

scripts/mutation-check runs them, scripts/lint-mutants holds the list to the tree.
"""
from typing import NamedTuple


class Mutant(NamedTuple):
    name: str
    file: str
    old: str  # is there exactly once
    new: str
    test: str  # program#Suite.Case, with stars as GoogleTest understands them


_all = []


def change(name, file, old, new, test):
    _all.append(Mutant(name, file, old, new, test))


def never(name, file, condition, test):
    """The `if` with this condition is never taken."""
    change(name, file, f"if ({condition})", f"if (false && ({condition}))", test)


def gone(name, file, statement, test):
    """The statement is left out."""
    change(name, file, statement, "", test)


PROOF = "connection_tamper_test#ProofTamper."
HELLO = "connection_tamper_test#HelloTamper."
EXTENSION = "connection_tamper_test#ExtensionTamper."
MATRIX = "connection_tamper_test#TamperMatrix.EachMessageInEachWay"
RECORD = "connection_record_test#RecordTamper."
ALERT = "connection_record_test#AlertTamper."
AFTER = "connection_record_test#PostHandshakeTamper."
TLS12 = "connection_tls12_test#"
STATES12 = "connection_states12_test#"
RESUMED = "connection_test#*/Resumption.*"
EARLY = "connection_test#ZeroRtt."
VERIFY = "pki_test#Verify."

# --- who the peer is: TLS 1.3 ------------------------------------------------------------------------
F = "src/handshake/authentication.cpp"
never("finished", F, "!constant_time_equal(expected.view(), finished.verify_data)", PROOF + "FinishedWithAWrongBit")
change("finished-of-server", "src/handshake/client13_flow.cpp",
       "auto confirmed = co_await check_finished(secrets.server_traffic, finished.value, transcript);",
       "auto own = co_await make_finished(secrets.server_traffic, transcript);\n"
       "  const message::Finished believed{.raw = own, .verify_data = Bytes(own).subspan(4)};\n"
       "  auto confirmed = co_await check_finished(secrets.server_traffic, believed, transcript);",
       PROOF + "FinishedWithAWrongBit")
change("finished-of-client", "src/handshake/server13_flow.cpp",
       "auto confirmed = co_await check_finished(secrets.client_traffic, client_finished.value, transcript);",
       "auto own = co_await make_finished(secrets.client_traffic, transcript);\n"
       "  const message::Finished believed{.raw = own, .verify_data = Bytes(own).subspan(4)};\n"
       "  auto confirmed = co_await check_finished(secrets.client_traffic, believed, transcript);",
       PROOF + "FinishedWithAWrongBit")
gone("finished-length", F, "  HANDFAST_TRY(message::check_finished_length(finished, crypto::hash_size(transcript.algorithm())));\n", MATRIX)
change("certificate-verify", F, "verify.signature); !valid) {", "verify.signature); !valid && false) {",
       PROOF + "CertificateVerifyWithAWrongBit")
never("certificate-verify-scheme", F, "std::find(accepted.begin(), accepted.end(), verify.algorithm) == accepted.end()",
      PROOF + "CertificateVerifyWithAnotherScheme")
never("certificate-verify-key", F, "!crypto::key_fits(key.type(), verify.algorithm)", PROOF + "CertificateVerifyWithAnotherScheme")
never("certificate-verify-usage", F, "!leaf.key_usage.allows(pki::KeyUsage::digital_signature)",
      PROOF + "CertificateThatIsNotForSignatures")
change("certificate-verify-side", F, "as_bytes(signer == Side::server ? kServerContext : kClientContext)",
       "as_bytes(signer == Side::server ? kServerContext : kServerContext)", "handshake_test#SignedContent.NamesTheSide")
never("empty-server-list", F, "out->chain.empty() && peer == Side::server", PROOF + "ListsOfCertificates")
never("certificates-at-most", F, "out->chain.size() == limits::kMaxCertificates", PROOF + "ListsOfCertificates")
never("certificate-context", F, "!std::ranges::equal(message.certificate_request_context, asked.context)", PROOF + "ListsOfCertificates")
change("request-context", F, "if (request.certificate_request_context.empty()) return {};", "return {};", EXTENSION + "*")
never("request-without-schemes", F, "!request.signature_algorithms", EXTENSION + "Removed")
change("certificate-extensions", F, "return (extension == ExtensionType::status_request && asked.staple) ||",
       "return true || (extension == ExtensionType::status_request && asked.staple) ||", EXTENSION + "UnknownOrNotAsked")
change("verdict", "src/handshake/decision.hpp",
       "if (!answer_->has_value()) return failure(answer_->error());\n    return true;",
       "if (!answer_->has_value()) answer_.emplace(T{});\n    return true;", "connection_decision_test#Decisions.NoIsFinal")
change("verdict-at-once", "src/handshake/decision.hpp", "return answer_.has_value() && answer_->has_value();",
       "if (answer_.has_value() && !answer_->has_value()) answer_.emplace(T{});\n    return answer_.has_value();",
       PROOF + "NotBelieved")
change("client-certificate-required", "src/handshake/server_steps.cpp", "if (presented->chain.empty() &&\n",
       "if (false && presented->chain.empty() &&\n", PROOF + "ListsOfCertificates")

# --- who the peer is: TLS 1.2 ------------------------------------------------------------------------
F = "src/handshake/authentication12.cpp"
never("finished12", F, "!constant_time_equal(expected.view(), finished.verify_data)", STATES12 + "*")
change("signature12", F, "content, signature); !valid) {", "content, signature); !valid && false) {",
       TLS12 + "ServerKeyExchange12.SignaturesAreChecked")
never("signature12-scheme", F, "std::find(accepted.begin(), accepted.end(), scheme) == accepted.end()",
      TLS12 + "ServerKeyExchange12.SignaturesAreChecked")
never("signature12-key", F, "!crypto::key_fits_tls12(key.type(), scheme)", TLS12 + "ServerKeyExchange12.SignaturesAreChecked")
never("signature12-usage", F, "!leaf.key_usage.allows(pki::KeyUsage::digital_signature)", TLS12 + "HelloTamper12.CertificateOfTheClient")
never("key-of-suite12", F, "!fits", TLS12 + "HelloTamper12.CertificateOfTheServer")
never("curve-of-key12", F, "curve && std::find(groups.begin(), groups.end(), *curve) == groups.end()",
      TLS12 + "Handshake12.KeyOnACurveThatWasNotOfferedIsRefused")
never("usage-of-key12", F, "!leaf.key_usage.allows(usage)", TLS12 + "HelloTamper12.CertificateOfTheServer")
never("certificates12-at-most", F, "out.chain.size() == limits::kMaxCertificates", "connection_limits_test#Limits.CertificatesInTls12")
never("empty-server-list12", F, "out.chain.empty() && peer == Side::server", TLS12 + "HelloTamper12.CertificateOfTheServer")
change("client-certificate-required12", "src/handshake/server12_steps.cpp", "if (certificates.chain.empty() &&\n",
       "if (false && certificates.chain.empty() &&\n", TLS12 + "Handshake12.ClientWithoutCertificate")
change("rsa-premaster12", "src/handshake/server12_steps.cpp",
       "choice.credential->decryptor->decrypt_premaster(sent, choice.offered, hs.random())",
       "choice.credential->decryptor->decrypt_premaster(sent, ProtocolVersion::tls1_3, hs.random())", TLS12 + "Handshake12.*")

# --- versions, and what is left of them ----------------------------------------------------------------
F = "src/handshake/server_answer.cpp"
never("downgrade-sentinel", F, "has_downgrade_sentinel(answer.random)", TLS12 + "Downgrade12.ItIsSeenByTheSentinel")
change("downgrade-sentinel-12", F, "offered(ProtocolVersion::tls1_2) && !has_downgrade_sentinel(answer.random);",
       "offered(ProtocolVersion::tls1_2);", TLS12 + "Downgrade12.ItIsSeenByTheSentinel")
change("downgrade-sentinel-sent", "src/handshake/server12_steps.cpp",
       "if (offers(hs.server().settings.policy, ProtocolVersion::tls1_3)) {",
       "if (false && offers(hs.server().settings.policy, ProtocolVersion::tls1_3)) {", TLS12 + "Downgrade12.ItIsSeenByTheSentinel")
change("fallback-scsv", "src/handshake/negotiation.cpp",
       "if (hello.cipher_suites.contains(CipherSuite::TLS_FALLBACK_SCSV) && !is_best) {",
       "if (false && hello.cipher_suites.contains(CipherSuite::TLS_FALLBACK_SCSV) && !is_best) {",
       TLS12 + "Downgrade12.AFallbackIsRefusedWhereBetterIsPossible")
never("selected-version", F, "*answer.selected_version != ProtocolVersion::tls1_3", HELLO + "ServerHello")
never("session-id-echo", F, "!std::ranges::equal(answer.legacy_session_id_echo, hello.session_id)", HELLO + "ServerHello")
change("suite-offered", F, "if (suite == nullptr || !hello.offered(answer.cipher_suite)) {", "if (suite == nullptr) {",
       HELLO + "SuiteThatAPolicyLeavesOut")
never("compression", F, "answer.legacy_compression_method != 0", HELLO + "ServerHello")
gone("unasked-extension", F, "HANDFAST_TRY(message::check_only_offered(\n      answer.extensions, "
     "[&](ExtensionType type) { return hello.offered(type); }, answer.type()));\n", HELLO + "ServerHello")
never("useless-retry", F, "!retry.group && retry.cookie.empty()", HELLO + "HelloRetryRequest")
change("retry-group", F, "hello.has_share(*retry.group)) {", "false) {", HELLO + "HelloRetryRequest")
change("retry-group-offered", F, "if (std::find(groups.begin(), groups.end(), *retry.group) == groups.end() ||", "if (",
       HELLO + "HelloRetryRequest")
change("retry-twice", F, "if (answer.is_hello_retry_request) return failure", "if (false) return failure", MATRIX)
never("suite-after-retry", F, "answer.cipher_suite != retry.suite", HELLO + "ServerHelloAfterRetry")
never("share-of-server", F, "!hello.has_share(answer.key_share->group)", HELLO + "ServerHello")
gone("unasked-encrypted-extension", F, "  HANDFAST_TRY(message::check_only_offered(\n      extensions.extensions, "
     "[&](ExtensionType asked) { return hello.offered(asked); }, type));\n", EXTENSION + "UnknownOrNotAsked")
never("protocol-offered", F, "std::find(offered.begin(), offered.end(), name) == offered.end()",
      EXTENSION + "EncryptedExtensionsValues")
change("fragment-length-asked", F, "if (has_record_size_limit || length != settings.max_fragment_length.value_or(0)) {",
       "if (has_record_size_limit) {", EXTENSION + "MaxFragmentLengthInEncryptedExtensions")

# --- what a server checks of hellos --------------------------------------------------------------------
F = "src/handshake/negotiation.cpp"
never("hello-compression", F, "hello.legacy_compression_methods.size() != 1 || hello.legacy_compression_methods[0] != 0",
      HELLO + "ClientHello")
never("hello-without-schemes", F, "!hello.signature_algorithms && psk == nullptr", HELLO + "ClientHello")
gone("shares-unique", F, "  HANDFAST_TRY(message::check_shares_unique(*hello.key_share));\n", HELLO + "ClientHello")
change("shares-in-groups", F, "return message::check_shares_in_groups(*hello.key_share, *hello.supported_groups);",
       "return {};", HELLO + "ClientHello")
for field, line in {
    "legacy_version": "if (first.legacy_version != second.legacy_version) return changed(\"legacy_version\");\n",
    "random": "if (!std::ranges::equal(first.random, second.random)) return changed(\"random\");\n",
    "session_id": "if (!std::ranges::equal(first.legacy_session_id, second.legacy_session_id))\n    return changed(\"legacy_session_id\");\n",
    "suites": "if (!std::ranges::equal(first.cipher_suites.raw(), second.cipher_suites.raw()))\n    return changed(\"cipher_suites\");\n",
    "early_data": "if (second.early_data) return changed(\"early_data\");\n",
    "psk": "if (second.pre_shared_key && !first.pre_shared_key) return changed(\"pre_shared_key\");\n",
}.items():
    gone(f"second-hello-{field}", F, line, HELLO + "SecondClientHello")
change("second-hello-extensions", F,
       "if (one->type != other->type || !std::ranges::equal(one->body, other->body)) return changed(\"extensions\");\n", "",
       HELLO + "SecondClientHello")
change("second-hello-more-extensions", F,
       "if (!(one == std::default_sentinel) || !(other == std::default_sentinel)) return changed(\"extensions\");\n", "",
       HELLO + "SecondClientHello")
change("second-hello-share", F, "if (second.key_share->size() != 1 || !second.key_share->find(*retry_group)) return changed(\"key_share\");\n",
       "", HELLO + "SecondClientHello")
never("cookie", F, "!constant_time_equal(echoed, cookie)", HELLO + "SecondClientHello")
never("name-rejected", F, "name && !any_for_name && config.settings.reject_unknown_name",
      "connection_test#Handshake.ApplicationProtocolAndSelectionByName")
change("no-common-protocol", "src/handshake/selection.cpp", "if (own.empty() || !hello.application_layer_protocol_negotiation) return",
       "if (true || own.empty() || !hello.application_layer_protocol_negotiation) return", "connection_test#Handshake.ApplicationProtocolAndSelectionByName")

F = "src/handshake/negotiation12.cpp"
never("hello12-compression", F, "!contains(hello.legacy_compression_methods, 0)", TLS12 + "HelloTamper12.ClientHello")
never("hello12-renegotiation", F, "hello.renegotiation_info && !hello.renegotiation_info->empty()", TLS12 + "HelloTamper12.ClientHello")
never("hello12-main-secret", F, "config.settings.require_extended_main_secret && !hello.extended_main_secret", TLS12 + "HelloTamper12.ClientHello")
change("resumed12-main-secret", F, "if (!hello.extended_main_secret) return failure", "if (false) return failure",
       TLS12 + "*/SessionTamper12.AServerAbortsWhenTheClientDropsTheExtendedMainSecret/*")
F = "src/handshake/server_answer12.cpp"
never("renegotiation-info-missing", F, "!answer.renegotiation_info && settings.require_secure_renegotiation",
      TLS12 + "Bindings12.AServerWithoutThemIsRefused")
never("renegotiation-info", F, "answer.renegotiation_info && !answer.renegotiation_info->empty()", TLS12 + "HelloTamper12.ServerHello")
never("main-secret-missing", F, "settings.require_extended_main_secret && !answer.extended_main_secret",
      TLS12 + "Bindings12.AServerWithoutThemIsRefused")
never("resumed-main-secret", F, "!answer.extended_main_secret",
      TLS12 + "*/SessionTamper12.AClientAbortsWhenTheServerDropsTheExtendedMainSecret/*")
never("resumed-suite", F, "answer.cipher_suite != out.resumed->suite", TLS12 + "*/SessionTamper12.AServerMustKeepTheSuite/*")
change("suite12-offered", F, "if (out.suite == nullptr || !hello.offered(answer.cipher_suite)) {", "if (out.suite == nullptr) {",
       TLS12 + "HelloTamper12.ServerHello")
never("compression12", F, "answer.legacy_compression_method != 0", TLS12 + "HelloTamper12.ServerHello")
change("session-id12-made-up", F, "if (!hello.session12) return differently", "if (false) return differently", TLS12 + "HelloTamper12.ASessionThatIsNone")
gone("unasked-extension12", F, "  HANDFAST_TRY(message::check_only_offered(\n      answer.extensions, "
     "[&](ExtensionType type) { return hello.offered(type); }, kType));\n", TLS12 + "HelloTamper12.ServerHello")
F = "src/handshake/client12_steps.cpp"
change("curve-offered12", F, "if (!crypto::is_classical(params.group) ||\n      std::find(groups.begin(), groups.end(), params.group) == groups.end()) {",
       "if (false) {", TLS12 + "ServerKeyExchange12.BadCurvesAndPointsAreRefused")

# --- sessions and pre-shared keys ------------------------------------------------------------------------
F = "src/handshake/server_psk.cpp"
change("binder", F, "if (constant_time_equal(expected.view(), entry.binder)) return {};", "return {};",
       "connection_test#ExternalPsks.AnotherSecretIsNotBelieved")
change("binder-transcript", F, "before.with(hello.raw.first(hello.pre_shared_key->binders_offset))", "before.with({})", RESUMED)
change("session-valid", F, "if (!session.is_valid_at(config.settings.clock->now(), kClocksOfOneFleet) ||\n      session.binding != config.binding)\n    return false;",
       "if (session.binding != config.binding) return false;", "connection_test#*/Resumption.SessionsEnd/*")
change("session-binding", F, "if (!session.is_valid_at(config.settings.clock->now(), kClocksOfOneFleet) ||\n      session.binding != config.binding)\n    return false;",
       "if (!session.is_valid_at(config.settings.clock->now(), kClocksOfOneFleet)) return false;", "connection_test#*StricterRulesForClients*")
gone("session-name", F, "  if (name != session.server_name) return false;\n", "connection_test#*VirtualHost*")
change("session-protocol", F, "return protocol && *protocol == session.application_protocol;", "return protocol.has_value();",
       "connection_test#*AnotherApplicationProtocol*")
change("early-data-fresh", F, "if (!possible || !is_fresh(", "if (!possible || false && !is_fresh(", EARLY + "RefusedWhenItIsNotFresh")
change("early-data-replay", F, "if (!verdict.value_or(false)) {", "if (!verdict.has_value()) {", EARLY + "AReplayedFlightIsActedOnOnce")
change("early-data-suite", F, "psk->key.session->suite == choice.suite->suite;", "true;", EARLY + "RefusedWithAnotherSuite")
change("early-data-allowed", F, "hello.early_data && !choice.needs_retry && settings.max_early_data_size > 0 && psk &&",
       "hello.early_data && !choice.needs_retry && psk &&", EARLY + "RefusedWhenTheServerDoesNotTakeItAnyMore")
change("psk-again", F, "if (std::ranges::equal(identity.identity, psk->key.identity)) {", "if (true) {", RESUMED)
F = "src/handshake/replay_guard.cpp"
change("replay-guard", F, "|| shard.ids.contains(id)) return false;", ") return false;", EARLY + "AReplayedFlightIsActedOnOnce")
change("replay-guard-start", F, "if (now < opens_ || id.empty()) return false;", "if (id.empty()) return false;",
       EARLY + "AGuardThatWasJustStartedRefuses")
change("replay-guard-full", F, "|| shard.ids.size() >= per_shard_ ", "", EARLY + "AFullGuardRefuses")
F = "src/handshake/client_psk.cpp"
never("psk-offered", F, "index >= offered.size()", "handshake_test#SelectedPsk.IsOneThatWasOffered")
never("psk-hash", F, "offered[index].hash != suite->hash", "handshake_test#SelectedPsk.IsOneThatWasOffered")
never("psk-required", F, "!settings.verifier && !settings.raw_key_verifier", "handshake_test#SelectedPsk.IsOneThatWasOffered")
change("verify-again", F, "return hs.client().settings.verify_resumed_sessions && session", "return false && session",
       "connection_test#VerifyAgain.NoEndsTheHandshake")
F = "src/handshake/session_binding.cpp"
gone("binding-verifier", F, "  HANDFAST_TRY(hash.add(settings.verifier.get()));\n", "connection_test#*DifferentTrust*")
gone("binding-mode", F, "  hash.add(Bytes(mode));\n", "connection_test#*StricterRulesForClients*")
change("binding-context", F, "BindingHash hash(\"server\");\n  hash.add(as_bytes(settings.session_context));", "BindingHash hash(\"server\");",
       "connection_test#*AnotherContext*")
F = "src/handshake/server12_session.cpp"
gone("session12-main-secret", F, "  if (!session.extended_main_secret || session.secret.size() != keys::kMainSecretSize12) return false;\n",
     TLS12 + "Stores12.ASessionWithoutTheExtendedMainSecretIsNotResumed")
F = "src/handshake/ticket_keys.cpp"
change("ticket-forgotten", F, "if (state_->clock != nullptr && state_->is_forgotten(entry, state_->clock->now())) return std::nullopt;", "",
       "handshake_test#TicketKeysTest.KeysAreForgotten")
change("ticket-key-of-zeros", F, "return failure(invalid(\"a secret of 32 equal bytes was never drawn at random\"));", "",
       "handshake_test#TicketKeysTest.NoTicketOpensUnderZeros")

F = "src/handshake/post_handshake_auth.cpp"
never("late-certificate-required", F, "presented->chain.empty() && asked.required", "connection_authentication_test#PostHandshakeAuth.*")
change("late-context", F, "read_certificates(Side::client, answer, {.context = asked.context})",
       "read_certificates(Side::client, answer, {.context = answer.certificate_request_context})",
       "connection_authentication_test#PostHandshakeAuth.AnotherContext")

# --- records ---------------------------------------------------------------------------------------------
F = "src/crypto/aead.cpp"
change("record-tag", F, "if (EVP_CipherFinal_ex(context, tag, &written) != 1) {",
       "if (EVP_CipherFinal_ex(context, tag, &written) != 1 && false) {", "record_test#RecordProtection.FlippedBitTruncationAndReplayDoNotOpen")
F = "src/record/protection.cpp"
never("padding-only", F, "end == 0", RECORD + "PaddingOnly")
never("inner-length", F, "inner.size() > longest_inner", RECORD + "InnerPlaintextTooLong")
change("nonce", F, "  sequence_.advance();  // even if sealing fails half-way: no nonce is used twice\n", "",
       "record_test#RecordProtection.*")
change("sequence-of-opener", F, "  sequence_.advance();\n", "", "record_test#RecordProtection.FlippedBitTruncationAndReplayDoNotOpen")
F = "src/record/protection12.cpp"
never("plaintext12-length", F, "length > longest_plaintext", "record_test#Protection12.LimitsAreKept")
change("sequence12-of-opener", F, "  nonce_.advance();\n", "", "record_test#Protection12.OrderIsProtected")
change("additional-data12", F, "  std::copy(number.begin(), number.end(), out.begin());\n  std::copy_n(header", "  std::copy_n(header",
       "record_test#Protection12.OrderIsProtected")
never("record-length", "src/record/header.cpp", "header.length > longest", RECORD + "Oversized")
F = "src/connection/read_half.cpp"
change("plaintext-after-keys", F, "if (!is_protected() || may_be_plaintext(header.type)) {",
       "if (!is_protected() || may_be_plaintext(header.type) || header.type == ContentType::handshake) {",
       RECORD + "WithoutProtectionAfterKeys")
never("outer-type", F, "outer_type != ContentType::application_data", RECORD + "*")
never("protected-change-cipher-spec", F, "opened.type != ContentType::handshake && opened.type != ContentType::alert &&\n      "
      "opened.type != ContentType::application_data", RECORD + "*")
never("second-change-cipher-spec12", F, "outer_type == ContentType::change_cipher_spec", STATES12 + "*TakeNothingButWhatTheyExpect*")
never("empty-handshake-record", F, "inbound.type != ContentType::application_data", RECORD + "Empty")
never("empty-records", F, "++empty_records_ > limits::kMaxEmptyRecords", RECORD + "EmptyRecordFlood")
never("skipped-early-data", F, "skipped_ > skip_limit_", "connection_record_test#EarlyData.MoreThanTheLimitIsRefused")
F = "src/connection/engine_receive.cpp"
never("data-before-finished", F, "read_.epoch() != Epoch::early_data", RECORD + "ApplicationDataBeforeTheEnd")
never("early-data-limit", F, "content.size() > handshaking.early_data_left", EARLY + "*")
never("interrupted-message", F, "interrupts && amid_messages()", RECORD + "*:AlertTamper.*")
never("change-cipher-spec-value", F, "!allowed || !well_formed", RECORD + "ChangeCipherSpecOfAnotherValue")
change("change-cipher-specs", F, "handshaking->allows_change_cipher_spec &&\n                       "
       "handshaking->change_cipher_specs < limits::kMaxChangeCipherSpec;", "handshaking->allows_change_cipher_spec;",
       RECORD + "ChangeCipherSpecAtEachTime")
never("warnings", F, "++warning_alerts_ > limits::kMaxWarningAlerts", ALERT + "UserCanceledIsIgnoredButNotForEver")
change("handshake-before-change12", F, "if (!waiting.messages.empty() && waiting.messages.front() == HandshakeType::change_cipher_spec) {",
       "if (false) {", STATES12 + "*TakeNothingButWhatTheyExpect*")
change("end-is-truncation", F, "if (close_received_) return {};\n  const ErrorCode code", "return {};\n  const ErrorCode code",
       "connection_flip_test#BitFlip.CutAtEachByte")
F = "src/connection/engine_link.cpp"
never("record-boundary", F, "!handshaking.payload.empty() || !inbound_.empty()", MATRIX)
change("early-change-cipher-spec", F, "if (handshaking.change_cipher_specs != 0) {", "if (false) {",
       STATES12 + "Versions12.EarlyChangeCipherSpecIsRememberedUntilTheVersionIsKnown")
F = "src/connection/engine_post_handshake.cpp"
never("key-update-boundary", F, "type == HandshakeType::key_update && !payload.empty()", AFTER + "KeyUpdateMustEndItsRecord")
never("post-handshake-messages", F, "++post_handshake_messages_ > limits::kMaxPostHandshakeMessages", AFTER + "SessionTickets")
never("key-updates", F, "!control_.take_request() && ++key_updates_in_a_row_ > limits::kMaxKeyUpdatesInARow", AFTER + "KeyUpdateFlood")
never("renegotiations", F, "++renegotiations_ > limits::kMaxRenegotiationRequests", "connection_limits_test#Limits.FloodsInTls12")
F = "src/handshake/message_assembler.cpp"
never("message-length", F, "length > longest(type)", "connection_memory_test#Memory.AClaimedLengthCostsNothing")
F = "src/handshake/message_buffer.cpp"
never("handshake-memory", F, "!budget_->take(capacity)", "connection_limits_test#Limits.HandshakeMemory")
change("frame-wipe", "src/handshake/flow.cpp", "  wipe({static_cast<std::uint8_t*>(frame), size});\n", "  (void)size;\n",
       "flow_canary_test#FlowCanary.FramesAreWiped")

# --- keys and signatures -----------------------------------------------------------------------------------
F = "src/crypto/rsa.cpp"
never("rsa-signature", F, "!std::ranges::equal(expected, decrypted)", "crypto_test#PrivateKeyTest.EveryTypeSignsAndSurvivesItsPem:*Pkcs*")
never("rsa-signature-size", F, "signature.size() != size", "crypto_test#PublicKeyTest.*:PrivateKeyTest.*")
never("rsa-limits", F, "!acceptable(modulus, exponent)", "crypto_test#PublicKeyTest.RsaLimits")
change("rsa-key-that-signs-wrongly", F, "if (!makes_good_signatures(*key)) return", "if (false) return",
       "crypto_test#PrivateKeyTest.RsaNumbersThatDoNotBelongTogetherAreMalformed")
F = "src/crypto/rsa_padding.cpp"
change("pss-hash", F, "if (!constant_time_equal(expected.view(), layout.h)) return inconsistent;\n", "", "crypto_test#RsaPaddingTest.*")
change("pss-zeros", F, "if (!zeros || padding.back() != 0x01) return inconsistent;\n", "", "crypto_test#RsaPaddingTest.*")
change("pss-trailer", F, "if (!surplus_zero || encoded.back() != kPssTrailer || (db[0] & ~layout.top_mask) != 0) return inconsistent;\n", "",
       "crypto_test#RsaPaddingTest.*")
change("ecdsa-signature", "src/crypto/ecdsa.cpp", "const_cast<EC_KEY*>(&key)) != 1) {\n    return crypto_failure(ErrorCode::certificate_bad_signature);",
       "const_cast<EC_KEY*>(&key)) == 2) {\n    return crypto_failure(ErrorCode::certificate_bad_signature);",
       "crypto_test#PrivateKeyTest.EveryTypeSignsAndSurvivesItsPem")
change("pure-signature", "src/crypto/pure_signature.cpp", "message.size()) !=\n      1) {", "message.size()) ==\n      2) {",
       "crypto_test#PrivateKeyTest.EveryTypeSignsAndSurvivesItsPem")
change("method-of-key", "src/crypto/public_key.cpp", "if (!method_fits(key_->algorithm, method)) return", "if (false) return",
       "crypto_test#PublicKeyTest.APssKeyBoundToAHashVerifiesNoOther:PublicKeyTest.AMethodOfAnotherKindIsABadSignature")
F = "src/crypto/key_exchange.cpp"
change("share-of-client-size", F, "if (client_share.size() != client_share_size(name)) return failure(ErrorCode::key_share_invalid);\n",
       "if (client_share.size() < client_share_size(name)) return failure(ErrorCode::key_share_invalid);\n",
       "crypto_test#KeyExchangeTest.SharesOfAnotherLengthAreRefused")
change("share-of-server-size", F, "if (server_share.size() != server_share_size(group.name)) return failure(ErrorCode::key_share_invalid);\n",
       "if (server_share.size() < server_share_size(group.name)) return failure(ErrorCode::key_share_invalid);\n",
       "crypto_test#KeyExchangeTest.SharesOfAnotherLengthAreRefused")
change("mlkem-key", "src/crypto/mlkem/mlkem.cpp", "if (!check_encapsulation_key(parameters, key)) return false;",
       "if (key.size() != encapsulation_key_size(parameters)) return false;", "mlkem_test#*AKeyWithACoefficientTooLargeIsRefused*")
F = "src/crypto/finite_field.cpp"
change("finite-field-value", F, "if (!in_range(*value, *numbers.last)) return failure(ErrorCode::key_share_invalid);\n", "",
       "crypto_test#FiniteField.ValuesThatMustNotBeUsed")
change("finite-field-prime", F, "if (!is_prime) return failure(ErrorCode::dh_group_invalid);\n", "(void)is_prime;\n",
       "crypto_test#FiniteField.GroupsThatMustNotBeUsed")
change("finite-field-bits", F, "if (8 * prime.size() < kMinBits) return failure(ErrorCode::dh_group_too_small);\n", "",
       "crypto_test#FiniteField.GroupsThatMustNotBeUsed")
change("finite-field-bits-of-number", F, "if (static_cast<std::size_t>(BN_num_bits(p.get())) < kMinBits)\n    return failure(ErrorCode::dh_group_too_small);\n", "",
       TLS12 + "ServerKeyExchange12.BadFiniteFieldsAreRefused")
change("finite-field-generator", F, "if (!in_range(*numbers->g, *numbers->last)) return failure(ErrorCode::dh_group_invalid);\n", "",
       TLS12 + "ServerKeyExchange12.BadFiniteFieldsAreRefused")

# --- certificates --------------------------------------------------------------------------------------------
F = "src/pki/checks.cpp"
never("expired", F, "now > certificate.not_after", VERIFY + "Expired")
never("not-yet-valid", F, "now < certificate.not_before", VERIFY + "NotYetValid")
never("unknown-key", F, "!key.type", "pki_test#*")
change("weak-key", F, "if (key.bits >= policy.min_rsa_bits && !uneven) return true;", "return true;", VERIFY + "WeakKey")
change("purpose", F, "if (!input.policy.check_purpose || allows_purpose(", "if (true || allows_purpose(", VERIFY + "ExtendedKeyUsage")
never("not-a-ca", F, "!certificate.basic_constraints.ca", VERIFY + "IssuerIsNotACa")
never("may-not-sign-certificates", F, "!certificate.key_usage.allows(KeyUsage::key_cert_sign)", VERIFY + "KeyUsage")
never("path-length", F, "allowed && below > *allowed", VERIFY + "PathLength")
never("intermediates", F, "intermediates > policy.max_intermediates", VERIFY + "MoreIntermediatesThanThePolicyAllows")
never("critical-extension", F, "!certificate.unknown_critical_extension.empty()", VERIFY + "UnknownCriticalExtension")
change("leaf-usage", F, "if (input.policy.require_digital_signature && !leaf.key_usage.allows(KeyUsage::digital_signature) &&",
       "if (false && input.policy.require_digital_signature && !leaf.key_usage.allows(KeyUsage::digital_signature) &&", VERIFY + "KeyUsage")
change("name", F, "if (match) return check_public_suffix(leaf, input, faults);", "return true;", VERIFY + "NameMismatch*")
change("sha1", F, "if (certificate.signature_method->hash == crypto::HashAlgorithm::sha1 && !policy.allow_sha1) {", "if (false) {",
       VERIFY + "WeakSignature")
F = "src/pki/path_builder.cpp"
change("signature-of-certificate", "src/pki/signatures.cpp", "const bool good = key->verify(method, message, signature).has_value();",
       "const bool good = key->verify(method, message, signature).has_value() || true;", VERIFY + "BadSignature")
change("signature-budget", "src/pki/signatures.cpp", "if (left_ == 0) return Verdict::budget_exhausted;", "if (left_ == 0) left_ = 1;",
       VERIFY + "TheBudgetEndsTheSearch")
never("path-steps", F, "work_.steps_left == 0", VERIFY + "TheBudgetEndsTheSearch")
change("name-constraints", F, "if (result.verdict == NameConstraintVerdict::obeyed) continue;",
       "if (result.verdict != NameConstraintVerdict::budget_exhausted) continue;", VERIFY + "NameConstraints")
change("policies", F, "case PolicyVerdict::no_valid_policy:\n    case PolicyVerdict::malformed:\n      if (",
       "case PolicyVerdict::no_valid_policy:\n    case PolicyVerdict::malformed:\n      if (false && ", "pki_test#Policies.*")
change("revoked", F, "case RevocationVerdict::Kind::revoked:\n      return", "case RevocationVerdict::Kind::revoked:\n      return true ||",
       "pki_test#Revocation.RevokedLeafAndRevokedCa")
change("revoked-by-staple", F, "return report(ErrorCode::certificate_revoked);", "return true;", "pki_test#Staple.RevokedAndUnknown")
change("must-staple", F, "if (!leaf.must_staple || !input_.staple_requested) return true;", "return true;", "pki_test#Staple.ACertificateMayDemandIt")
change("tls-features", F, "check_issuer(path_, input_, faults_) && check_tls_features() &&", "check_issuer(path_, input_, faults_) &&",
       "pki_test#TlsFeature.*")
F = "src/pki/name_constraints.cpp"
change("excluded-names", F, "if (found) return NameConstraintVerdict::excluded;\n", "found = false;\n", "pki_test#LongChainNames.DnsNames")
change("excluded-wildcards", F, "return !base.starts_with('.') && dot != std::string_view::npos && ascii_equal(bare.substr(dot + 1), name);",
       "return dot == 0;", "pki_test#LongChainNames.*")
change("constraints-on-subject", F, "if (!name_is_empty(below.subject)) {", "if (false) {", "pki_test#LongChainNames.DirectoryNames")
F = "src/pki/staple.cpp"
change("staple-is-about", F, "if (!is_about(single, leaf, *issuer.certificate)) continue;\n", "", "pki_test#Staple.TheRightCertificate")
change("staple-date", F, "if (input.now <= end) return {};", "return {};", "pki_test#Staple.Dates")
change("staple-responder-purpose", F, "if (!delegate.extended_key_usage.ocsp_signing) return", "if (false) return", "pki_test#Staple.ByOthersIsNotBelieved")
change("staple-responder-date", F, "if (input.now < delegate.not_before || input.now > delegate.not_after) {", "if (false) {",
       "pki_test#Staple.ByOthersIsNotBelieved")
change("crl-signer-usage", "src/pki/revocation_signer.cpp", "if (signer.key_usage.allows(KeyUsage::crl_sign)) return Signer::found;",
       "return Signer::found;", "pki_test#Revocation.TheSignerMayHaveToSignLists")
change("inner-algorithm", "src/pki/certificate.cpp", "if (!oid::equal(inner_algorithm, certificate.signature_algorithm)) {", "if (false) {",
       VERIFY + "*:IssueFor*:PkiLimits*")
change("duplicate-extension", "src/pki/extensions.hpp", "if (oid::equal(seen[i], extension.oid)) extensions.fail", "if (false) extensions.fail",
       "pki_test#*")
change("wildcard", "src/pki/name_match.cpp", "return dot != std::string_view::npos && dot != 0 && ascii_equal(pattern.substr(1), name.substr(dot));",
       "return dot != std::string_view::npos && name.ends_with(pattern.substr(1));", "pki_test#DnsPattern.WildcardsAreOneWholeLeftMostLabel")

MUTANTS = {mutant.name: mutant for mutant in _all}
assert len(MUTANTS) == len(_all), "a name twice"
