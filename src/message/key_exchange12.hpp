// The key exchange messages of TLS 1.2: ServerKeyExchange and ClientKeyExchange. RFC 5246 §7.4.3, §7.4.7; RFC
// 8422 §5.4, §5.7. What they hold depends on the suite, so decoding has two steps: the message first, its
// content when the key exchange is known. Must not verify anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>

namespace handfast::message {

struct ServerKeyExchange {
  static constexpr HandshakeType kType = HandshakeType::server_key_exchange;
  Bytes raw;  // header and body
};

struct ClientKeyExchange {
  static constexpr HandshakeType kType = HandshakeType::client_key_exchange;
  Bytes raw;  // header and body
};

// The signature under the parameters of a ServerKeyExchange.
struct SignedParameters {
  Bytes params;  // what is signed, after the two randoms
  SignatureScheme algorithm{};
  std::size_t algorithm_offset = 0;
  Bytes signature;
};

// Views into the message.
struct ServerEcdhParams {
  NamedGroup group{};
  Bytes public_key;
  std::size_t public_offset = 0;  // of its first byte
  SignedParameters signature;
};
struct ServerDhParams {
  Bytes prime;
  Bytes generator;
  Bytes public_key;
  std::size_t prime_offset = 0;
  std::size_t public_offset = 0;
  SignedParameters signature;
};

// Errors: message_malformed.
Result<ServerKeyExchange> decode_server_key_exchange(Bytes message, FieldSink* sink = nullptr);
// Errors: message_malformed, message_illegal_value (not a named curve).
Result<ServerEcdhParams> decode_server_ecdh_params(Bytes message, FieldSink* sink = nullptr);
Result<ServerDhParams> decode_server_dh_params(Bytes message, FieldSink* sink = nullptr);

Result<ClientKeyExchange> decode_client_key_exchange(Bytes message, FieldSink* sink = nullptr);
// The client's public key, or the encrypted premaster secret. Errors: message_malformed.
Result<Bytes> decode_client_exchange_keys(KeyExchange exchange, Bytes message, FieldSink* sink = nullptr);

// The parameters alone, to be signed.
Result<ByteString> encode_server_ecdh_params(NamedGroup group, Bytes public_key);
Result<ByteString> encode_server_dh_params(Bytes prime, Bytes generator, Bytes public_key);
// Append the whole message. Errors: internal_error if something is too long; then `out` is as it was.
Result<void> encode_server_key_exchange(Bytes params, SignatureScheme algorithm, Bytes signature,
                                        ByteString& out);
Result<void> encode_client_key_exchange(KeyExchange exchange, Bytes exchange_keys, ByteString& out);

}  // namespace handfast::message
