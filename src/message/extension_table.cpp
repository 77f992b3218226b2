// The table of message × extension. RFC 9846 §4.3 (the rows it has), RFC 8446 §4.2 (max_fragment_length,
// signed_certificate_timestamp), and for TLS 1.2 the RFC of each extension.
#include <algorithm>
#include <array>

#include "message/extension.hpp"

namespace handfast::message {
namespace {

using enum ExtensionType;

constexpr std::uint16_t bit(ExtensionPlace place) { return static_cast<std::uint16_t>(place); }

constexpr auto CH = bit(ExtensionPlace::client_hello);
constexpr auto SH = bit(ExtensionPlace::server_hello);
constexpr auto HRR = bit(ExtensionPlace::hello_retry_request);
constexpr auto EE = bit(ExtensionPlace::encrypted_extensions);
constexpr auto CT = bit(ExtensionPlace::certificate);
constexpr auto CR = bit(ExtensionPlace::certificate_request);
constexpr auto NST = bit(ExtensionPlace::new_session_ticket);
constexpr auto SH12 = bit(ExtensionPlace::server_hello_tls12);

constexpr ExtensionRule rule(ExtensionType type, unsigned places) {
  return {type, static_cast<std::uint16_t>(places)};
}

// supported_groups and TLS 1.2: no RFC lets a server send it there, but some do; it says nothing and is
// ignored.
constexpr std::array kTable = {
    rule(server_name, CH | EE | CR | SH12),
    rule(max_fragment_length, CH | EE | SH12),
    rule(status_request, CH | CR | CT | SH12),
    rule(supported_groups, CH | EE | SH12),
    rule(ec_point_formats, CH | SH12),
    rule(signature_algorithms, CH | CR),
    rule(use_srtp, CH | EE | SH12),
    rule(heartbeat, CH | EE | SH12),
    rule(application_layer_protocol_negotiation, CH | EE | SH12),
    rule(signed_certificate_timestamp, CH | CR | CT | SH12),
    rule(client_certificate_type, CH | EE | SH12),
    rule(server_certificate_type, CH | EE | SH12),
    rule(padding, CH),
    rule(encrypt_then_mac, CH | SH12),
    rule(extended_main_secret, CH | SH12),
    rule(compress_certificate, CH | CR),
    rule(record_size_limit, CH | EE | SH12),
    rule(session_ticket, CH | SH12),
    rule(pre_shared_key, CH | SH),
    rule(early_data, CH | EE | NST),
    rule(supported_versions, CH | SH | HRR),
    rule(cookie, CH | HRR),
    rule(psk_key_exchange_modes, CH),
    rule(certificate_authorities, CH | CR),
    rule(oid_filters, CR),
    rule(post_handshake_auth, CH),
    rule(signature_algorithms_cert, CH | CR),
    rule(key_share, CH | SH | HRR),
    rule(ticket_request, CH | EE),
    rule(encrypted_client_hello, CH | HRR | EE),
    rule(renegotiation_info, CH | SH12),
};

static_assert(std::ranges::is_sorted(kTable, {}, &ExtensionRule::type), "find_rule searches by halves");

}  // namespace

std::span<const ExtensionRule> extension_table() { return kTable; }

const ExtensionRule* find_rule(ExtensionType type) {
  const auto* const row = std::ranges::lower_bound(kTable, type, {}, &ExtensionRule::type);
  return row != kTable.end() && row->type == type ? &*row : nullptr;
}

bool is_allowed(ExtensionType type, ExtensionPlace place) {
  const ExtensionRule* const row = find_rule(type);
  return row == nullptr || (row->places & bit(place)) != 0;
}

}  // namespace handfast::message
