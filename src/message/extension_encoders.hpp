// Encoders of extension bodies (extension_data without its length). RFC 9846 §4.3, 6066, 7301, 8449, 8879.
// A list that is too long shows as overflow of the Writer. Must not choose what to send.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <span>
#include <string>
#include <string_view>

#include "message/extension_types.hpp"
#include "wire/writer.hpp"

namespace handfast::message {

// --- ClientHello -----------------------------------------------------------------------------
void encode_server_name(wire::Writer& writer, std::string_view host_name);
void encode_supported_versions(wire::Writer& writer, std::span<const ProtocolVersion> versions);
void encode_key_share_client(wire::Writer& writer, std::span<const KeyShareEntry> client_shares);
void encode_psk_key_exchange_modes(wire::Writer& writer, std::span<const PskKeyExchangeMode> ke_modes);
// Binders of these sizes, still zero: they can only be computed over the rest of the hello.
void encode_offered_psks(wire::Writer& writer, std::span<const PskIdentity> identities,
                         std::span<const std::size_t> binder_sizes);
// An OCSP request without responder ids and extensions.
void encode_status_request(wire::Writer& writer);
void encode_padding(wire::Writer& writer, std::size_t length);
void encode_renegotiation_info(wire::Writer& writer, Bytes renegotiated_connection);

// --- ClientHello and others ------------------------------------------------------------------
void encode_supported_groups(wire::Writer& writer, std::span<const NamedGroup> named_group_list);
// Also the body of signature_algorithms_cert.
void encode_signature_algorithms(wire::Writer& writer, std::span<const SignatureScheme> schemes);
void encode_compression_algorithms(wire::Writer& writer,
                                   std::span<const CertificateCompressionAlgorithm> algorithms);
void encode_application_protocols(wire::Writer& writer, std::span<const std::string> names);
void encode_cookie(wire::Writer& writer, Bytes cookie);
void encode_record_size_limit(wire::Writer& writer, std::uint16_t limit);
void encode_certificate_authorities(wire::Writer& writer, std::span<const ByteString> authorities);

// --- ServerHello, HelloRetryRequest, EncryptedExtensions, Certificate, NewSessionTicket -----------
void encode_selected_version(wire::Writer& writer, ProtocolVersion selected_version);
void encode_key_share_server(wire::Writer& writer, const KeyShareEntry& server_share);
void encode_key_share_retry(wire::Writer& writer, NamedGroup selected_group);
void encode_selected_identity(wire::Writer& writer, std::uint16_t selected_identity);
void encode_application_protocol(wire::Writer& writer, std::string_view name);
// CertificateStatus with an OCSP response.
void encode_certificate_status(wire::Writer& writer, Bytes ocsp_response);
void encode_max_early_data_size(wire::Writer& writer, std::uint32_t max_early_data_size);

}  // namespace handfast::message
