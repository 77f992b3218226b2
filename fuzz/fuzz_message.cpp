// Fuzz target: every decoder of handshake messages. The input is the message type and its body; the header's
// length is made to match, and the raw input is tried as a whole message too.
// Asserts: the verdict does not depend on the sink, fields lie inside the message, what decodes re-encodes to
// the same bytes.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "message/checks.hpp"
#include "message/decode.hpp"
#include "message/describe.hpp"

namespace {

using namespace handfast;           // NOLINT(google-build-using-namespace)
using namespace handfast::message;  // NOLINT(google-build-using-namespace)

void require(bool condition) {
  if (!condition) std::abort();
}

class BoundsSink : public FieldSink {
 public:
  explicit BoundsSink(std::size_t size) : size_(size) {}
  void on_field(const Field& field) override {
    require(field.name != nullptr && field.offset <= size_ && field.length <= size_ - field.offset);
    if (std::string_view(field.name) == "extensions" && field.depth == 0) has_extensions = true;
  }
  bool has_extensions = false;

 private:
  std::size_t size_;
};

std::vector<PlannedExtension> plan_all(const ExtensionBlock& extensions) {
  std::vector<PlannedExtension> out;
  for (const Extension& extension : extensions)
    out.push_back({extension.type, copy_of(extension.body), true});
  return out;
}

void require_same(Bytes raw, const Result<void>& encoded, const ByteString& out) {
  require(encoded.has_value() && out == copy_of(raw));
}

void reencode(const ClientHello& hello, bool has_extensions) {
  if (hello.key_share) {
    (void)check_shares_unique(*hello.key_share);
    if (hello.supported_groups) {
      (void)check_shares_in_groups(*hello.key_share, *hello.supported_groups);
    }
  }
  require(check_only_offered(hello.extensions, hello.extensions, ClientHello::kType).has_value());
  if (!has_extensions || hello.legacy_compression_methods.size() != 1 ||
      hello.legacy_compression_methods[0] != 0) {
    return;
  }
  const std::vector<CipherSuite> suites(hello.cipher_suites.begin(), hello.cipher_suites.end());
  const auto extensions = plan_all(hello.extensions);
  ByteString out;
  const auto encoded = encode_client_hello(
      {hello.legacy_version, hello.random, hello.legacy_session_id, suites, extensions}, out);
  require_same(hello.raw, encoded, out);
}

void reencode(const ServerHello& hello, bool has_extensions) {
  require(hello.is_hello_retry_request == is_hello_retry_request(hello.raw));
  if (!has_extensions || hello.legacy_compression_method != 0) return;
  const auto extensions = plan_all(hello.extensions);
  ByteString out;
  const auto encoded =
      encode_server_hello({hello.legacy_version, hello.random, hello.legacy_session_id_echo,
                           hello.cipher_suite, std::nullopt, std::nullopt, std::nullopt, extensions},
                          out);
  require_same(hello.raw, encoded, out);
}

void reencode(const EncryptedExtensions& message, bool) {
  const auto extensions = plan_all(message.extensions);
  EncryptedExtensionsPlan plan;
  plan.extra = extensions;
  ByteString out;
  const auto encoded = encode_encrypted_extensions(plan, out);
  require_same(message.raw, encoded, out);
}

void reencode(const CertificateRequest& message, bool) {
  const auto extensions = plan_all(message.extensions);
  CertificateRequestPlan plan;
  plan.certificate_request_context = message.certificate_request_context;
  plan.extra = extensions;
  ByteString out;
  const auto encoded = encode_certificate_request(plan, out);
  require_same(message.raw, encoded, out);
}

void reencode(const Certificate& message, bool) {
  std::vector<ByteString> chain;
  bool plain = true;
  std::size_t end = message.certificate_list.offset();
  for (const CertificateEntry& entry : message.certificate_list) {
    require(entry.offset == end);  // iteration visits what the decoder checked
    end = entry.extensions.offset() + entry.extensions.raw().size();
    chain.push_back(copy_of(entry.cert_data));
    plain = plain && entry.extensions.empty();
  }
  require(end == message.raw.size());
  ByteString out;
  const auto encoded =
      encode_certificate(message.certificate_request_context, message.certificate_list.raw(), out);
  require_same(message.raw, encoded, out);
  if (!plain) return;
  ByteString list;
  require(encode_certificate_list(chain, {}, {}, list).has_value());
  require(list == copy_of(message.certificate_list.raw()));
}

void reencode(const CompressedCertificate& message, bool) {
  ByteString out;
  const auto encoded = encode_compressed_certificate(message.algorithm, message.uncompressed_length,
                                                     message.compressed_certificate_message, out);
  require_same(message.raw, encoded, out);
}

void reencode(const CertificateVerify& message, bool) {
  ByteString out;
  const auto encoded = encode_certificate_verify(message.algorithm, message.signature, out);
  require_same(message.raw, encoded, out);
}

void reencode(const Finished& message, bool) {
  ByteString out;
  const auto encoded = encode_finished(message.verify_data, out);
  require_same(message.raw, encoded, out);
}

void reencode(const NewSessionTicket& message, bool) {
  const auto extensions = plan_all(message.extensions);
  ByteString out;
  const auto encoded =
      encode_new_session_ticket({message.ticket_lifetime, message.ticket_age_add, message.ticket_nonce,
                                 message.ticket, std::nullopt, extensions},
                                out);
  require_same(message.raw, encoded, out);
}

void reencode(const KeyUpdate& message, bool) {
  ByteString out;
  const auto encoded = encode_key_update(message.request_update, out);
  require_same(message.raw, encoded, out);
}

void reencode(const EndOfEarlyData& message, bool) {
  ByteString out;
  const auto encoded = encode_end_of_early_data(out);
  require_same(message.raw, encoded, out);
}

template <class Message>
void try_as(Bytes bytes) {
  BoundsSink sink(bytes.size());
  const Result<Message> with_sink = decode<Message>(bytes, &sink);
  const Result<Message> result = decode<Message>(bytes);
  require(with_sink.has_value() == result.has_value());
  if (!result) {
    const Error& error = result.error();
    require(error.code() == with_sink.error().code() && error.offset() == with_sink.error().offset());
    require(error.offset() <= bytes.size() && error.field()[0] != '\0' && error.message().has_value());
    return;
  }
  reencode(*result, sink.has_extensions);
}

void try_all(Bytes bytes) {
  (void)peek_header(bytes);
  (void)raw_message(bytes);
  (void)decode_any(bytes);
  BoundsSink sink(bytes.size());
  (void)describe_fields(bytes, ProtocolVersion::tls1_2, sink);
  try_as<ClientHello>(bytes);
  try_as<ServerHello>(bytes);
  try_as<EncryptedExtensions>(bytes);
  try_as<CertificateRequest>(bytes);
  try_as<Certificate>(bytes);
  try_as<CompressedCertificate>(bytes);
  try_as<CertificateVerify>(bytes);
  try_as<Finished>(bytes);
  try_as<NewSessionTicket>(bytes);
  try_as<KeyUpdate>(bytes);
  try_as<EndOfEarlyData>(bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  try_all(input);
  if (input.empty() || size > 0xffff) return 0;
  ByteString message{input[0], 0, static_cast<std::uint8_t>((size - 1) >> 8U),
                     static_cast<std::uint8_t>(size - 1)};
  message.insert(message.end(), input.begin() + 1, input.end());
  try_all(message);
  return 0;
}
