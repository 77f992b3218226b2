// What a client makes of the server's hello messages: pure checks, one function per message.
// RFC 9846 §4.2.3, §4.2.4, §4.4.1.
#pragma once

#include <handfast/config.hpp>
#include <handfast/error.hpp>
#include <string>

#include "handshake/certificate_types.hpp"
#include "handshake/client_hello.hpp"
#include "keys/cipher_suite.hpp"
#include "message/encrypted_extensions.hpp"
#include "message/server_hello.hpp"

namespace handfast::handshake {

// What ServerHello settled.
struct ServerAnswer {
  const keys::SuiteParameters* suite = nullptr;
  NamedGroup group{};
  bool hello_retry = false;
};

// Which of the offered versions the server took. Errors: no_common_version, downgrade_detected,
// version_not_offered, extension_missing, message_illegal_value.
Result<ProtocolVersion> check_server_version(const ClientSettings& settings,
                                             const message::ServerHello& answer);

// TLS 1.3: version, suite, session id, compression, sentinel and unasked extensions: everything that a
// ServerHello and a HelloRetryRequest have in common. The suite's parameters.
Result<const keys::SuiteParameters*> check_server_choice(const SentHello& hello,
                                                         const message::ServerHello& answer);

// A HelloRetryRequest beyond that (§4.2.4). Errors: the hello_retry_* codes.
Result<RetryRequest> check_hello_retry_request(const ClientSettings& settings, const SentHello& hello,
                                               const message::ServerHello& request);

// A ServerHello that follows a HelloRetryRequest agrees with it (§4.2.4). Errors: hello_retry_twice,
// version_not_offered, hello_retry_suite_changed.
Result<void> check_after_retry(const RetryRequest& retry, const message::ServerHello& answer);

// A ServerHello beyond that (§4.3.8). The group is 0 if a pre-shared key does without. Errors:
// extension_missing, group_not_offered.
Result<NamedGroup> check_server_hello(const SentHello& hello, const message::ServerHello& answer);

// The result of the key exchange (§4.3.8), empty if there is none (psk_ke). Uses up the shares. Errors:
// key_share_invalid, crypto_failed.
Result<SharedSecret> finish_key_exchange(SentHello& hello, const message::ServerHello& answer);

// What EncryptedExtensions settled.
struct ServerParameters {
  std::string application_protocol;
  std::optional<std::uint16_t> record_size_limit;  // the server's
  std::optional<std::size_t> max_fragment_length;
  bool early_data = false;  // it is taken
  CertificateTypes certificate_types;
};

// The length that the server's max_fragment_length, in its ServerHello (TLS 1.2) or EncryptedExtensions,
// agrees to; nothing if it sent none. Errors: message_illegal_value.
Result<std::optional<std::size_t>> check_max_fragment_length(const ClientSettings& settings,
                                                             HandshakeType message,
                                                             std::optional<std::uint8_t> code,
                                                             bool has_record_size_limit);

Result<ServerParameters> check_encrypted_extensions(const ClientSettings& settings, const SentHello& hello,
                                                    const message::EncryptedExtensions& extensions);

}  // namespace handfast::handshake
