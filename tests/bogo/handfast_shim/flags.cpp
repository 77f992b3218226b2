// The table of flags: see the header.
#include "flags.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace handfast::bogo {
namespace {

using Text = std::string_view;
using Setter = bool (*)(Options&, Text);

struct Flag {
  Text name;
  bool has_value;
  Setter set;
};

template <class Number>
bool read_number(Text text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

int base64_digit(char character) {
  if (character >= 'A' && character <= 'Z') return character - 'A';
  if (character >= 'a' && character <= 'z') return character - 'a' + 26;
  if (character >= '0' && character <= '9') return character - '0' + 52;
  if (character == '+') return 62;
  return character == '/' ? 63 : -1;
}

bool read_base64(Text text, ByteString& out) {
  out.clear();
  unsigned bits = 0;
  unsigned collected = 0;
  for (const char character : text) {
    if (character == '=') break;
    const int digit = base64_digit(character);
    if (digit < 0) return false;
    collected = (collected << 6U) | static_cast<unsigned>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<std::uint8_t>(collected >> bits));
  }
  return true;
}

// --- setters, one per kind of field ---

template <auto Field>
bool on(Options& options, Text) {
  options.*Field = true;
  return true;
}

template <auto Field>
bool number(Options& options, Text value) {
  return read_number(value, options.*Field);
}

template <auto Field>
bool optional_number(Options& options, Text value) {
  return read_number(value, (options.*Field).emplace());
}

template <auto Field>
bool add_number(Options& options, Text value) {
  return read_number(value, (options.*Field).emplace_back());
}

template <auto Field>
bool text(Options& options, Text value) {
  options.*Field = value;
  return true;
}

template <auto Field>
bool base64(Options& options, Text value) {
  return read_base64(value, options.*Field);
}

bool ignore(Options&, Text) { return true; }

bool add_key_share(Options& options, Text value) {
  if (!options.key_shares) options.key_shares.emplace();
  return read_number(value, options.key_shares->emplace_back());
}

bool no_key_shares(Options& options, Text) {
  options.key_shares.emplace();
  return true;
}

// Flags of a credential go to the newest one, or to the default one while there is none.
CredentialOptions& credential_of(Options& options) {
  return options.credentials.empty() ? options.default_credential : options.credentials.back();
}

bool new_credential(Options& options, Text) {
  options.credentials.emplace_back();
  return true;
}

bool new_psk_credential(Options& options, Text) {
  options.credentials.emplace_back().is_psk = true;
  return true;
}

template <bool Sha384>
bool psk_hash(Options& options, Text) {
  credential_of(options).psk_sha384 = Sha384;
  return true;
}

bool new_raw_credential(Options& options, Text) {
  options.credentials.emplace_back().raw_public_key = true;
  return true;
}

template <auto Field>
bool credential_text(Options& options, Text value) {
  credential_of(options).*Field = value;
  return true;
}

template <auto Field>
bool credential_base64(Options& options, Text value) {
  return read_base64(value, credential_of(options).*Field);
}

bool credential_scheme(Options& options, Text value) {
  return read_number(value, credential_of(options).signing_prefs.emplace_back());
}

bool must_match_issuer(Options& options, Text) {
  credential_of(options).must_match_issuer = true;
  return true;
}

constexpr std::array kFlags = {
    Flag{"-port", true, number<&Options::port>},
    Flag{"-shim-id", true, number<&Options::shim_id>},
    Flag{"-ipv6", false, on<&Options::ipv6>},
    Flag{"-server", false, on<&Options::is_server>},
    Flag{"-resume-count", true, number<&Options::resume_count>},

    Flag{"-min-version", true, number<&Options::min_version>},
    Flag{"-max-version", true, number<&Options::max_version>},
    Flag{"-no-tls13", false, on<&Options::no_tls13>},
    Flag{"-no-tls12", false, on<&Options::no_tls12>},
    Flag{"-no-legacy-server-connect", false, on<&Options::no_legacy_server_connect>},
    Flag{"-cipher", true, text<&Options::cipher>},
    Flag{"-curves", true, add_number<&Options::curves>},
    Flag{"-key-shares", true, add_key_share},
    Flag{"-no-key-shares", false, no_key_shares},
    Flag{"-server-supported-groups-hint", true, add_number<&Options::server_supported_groups_hint>},
    Flag{"-verify-prefs", true, add_number<&Options::verify_prefs>},
    Flag{"-host-name", true, text<&Options::host_name>},
    Flag{"-advertise-alpn", true, text<&Options::advertise_alpn>},
    Flag{"-select-alpn", true, text<&Options::select_alpn>},
    Flag{"-reject-alpn", false, on<&Options::reject_alpn>},
    Flag{"-decline-alpn", false, on<&Options::decline_alpn>},
    Flag{"-enable-grease", false, on<&Options::enable_grease>},
    Flag{"-permute-extensions", false, on<&Options::permute_extensions>},
    Flag{"-enable-ocsp-stapling", false, on<&Options::enable_ocsp_stapling>},
    Flag{"-enable-signed-cert-timestamps", false, on<&Options::enable_signed_cert_timestamps>},
    Flag{"-install-cert-compression-algs", false, on<&Options::install_cert_compression_algs>},
    Flag{"-install-one-cert-compression-alg", true, number<&Options::install_one_cert_compression_alg>},

    Flag{"-new-x509-credential", false, new_credential},
    Flag{"-new-psk-credential", false, new_psk_credential},
    Flag{"-psk-importer-key", true, credential_base64<&CredentialOptions::psk_key>},
    Flag{"-psk-importer-identity", true, credential_base64<&CredentialOptions::psk_identity>},
    Flag{"-psk-importer-context", true, credential_base64<&CredentialOptions::psk_context>},
    Flag{"-psk-importer-sha256", false, psk_hash<false>},
    Flag{"-psk-importer-sha384", false, psk_hash<true>},
    Flag{"-new-rpk-credential", false, new_raw_credential},
    Flag{"-accepted-peer-cert-types", true, add_number<&Options::accepted_peer_cert_types>},
    Flag{"-cert-file", true, credential_text<&CredentialOptions::cert_file>},
    Flag{"-key-file", true, credential_text<&CredentialOptions::key_file>},
    Flag{"-signing-prefs", true, credential_scheme},
    Flag{"-ocsp-response", true, credential_base64<&CredentialOptions::ocsp_response>},
    Flag{"-signed-cert-timestamps", true, credential_base64<&CredentialOptions::signed_cert_timestamps>},
    Flag{"-must-match-issuer", false, must_match_issuer},
    Flag{"-verify-peer", false, on<&Options::verify_peer>},
    Flag{"-require-any-client-certificate", false, on<&Options::require_any_client_certificate>},
    Flag{"-verify-fail", false, on<&Options::verify_fail>},
    Flag{"-use-custom-verify-callback", false, on<&Options::use_custom_verify_callback>},
    Flag{"-use-client-ca-list", true, text<&Options::use_client_ca_list>},
    Flag{"-use-ocsp-callback", false, on<&Options::use_ocsp_callback>},
    Flag{"-set-ocsp-in-callback", false, on<&Options::set_ocsp_in_callback>},
    Flag{"-decline-ocsp-callback", false, on<&Options::decline_ocsp_callback>},
    Flag{"-fail-ocsp-callback", false, on<&Options::fail_ocsp_callback>},

    Flag{"-no-ticket", false, on<&Options::no_ticket>},
    Flag{"-enable-early-data", false, on<&Options::enable_early_data>},
    Flag{"-use-ticket-callback", false, on<&Options::use_ticket_callback>},
    Flag{"-use-ticket-aead-callback", false, on<&Options::use_ticket_aead_callback>},
    Flag{"-skip-ticket", false, on<&Options::skip_ticket>},
    Flag{"-reverify-on-resume", false, on<&Options::reverify_on_resume>},
    Flag{"-resumption-delay", true, number<&Options::resumption_delay>},

    Flag{"-async", false, on<&Options::async>},
    Flag{"-check-close-notify", false, on<&Options::check_close_notify>},
    Flag{"-shim-shuts-down", false, on<&Options::shim_shuts_down>},
    Flag{"-shim-writes-first", false, on<&Options::shim_writes_first>},
    Flag{"-shim-initial-write", true, text<&Options::shim_initial_write>},
    Flag{"-repeat-shim-initial-write", true, number<&Options::repeat_shim_initial_write>},
    Flag{"-write-different-record-sizes", false, on<&Options::write_different_record_sizes>},
    Flag{"-read-with-unfinished-write", false, on<&Options::read_with_unfinished_write>},
    Flag{"-handshake-never-done", false, on<&Options::handshake_never_done>},
    Flag{"-early-write-after-message", true, number<&Options::early_write_after_message>},
    Flag{"-key-update", false, on<&Options::key_update>},
    Flag{"-key-update-before-read", false, on<&Options::key_update_before_read>},
    Flag{"-read-size", true, number<&Options::read_size>},
    Flag{"-export-keying-material", true, number<&Options::export_keying_material>},
    Flag{"-export-label", true, text<&Options::export_label>},
    Flag{"-export-context", true, text<&Options::export_context>},
    Flag{"-use-export-context", false, on<&Options::use_export_context>},
    Flag{"-export-traffic-secrets", false, on<&Options::export_traffic_secrets>},
    Flag{"-send-alert", false, on<&Options::send_alert>},

    Flag{"-expect-version", true, number<&Options::expect_version>},
    Flag{"-expect-cipher", true, number<&Options::expect_cipher>},
    Flag{"-expect-cipher-aes", true, number<&Options::expect_cipher_aes>},
    Flag{"-expect-curve-id", true, number<&Options::expect_curve_id>},
    Flag{"-expect-peer-signature-algorithm", true, number<&Options::expect_peer_signature_algorithm>},
    Flag{"-expect-peer-verify-pref", true, add_number<&Options::expect_peer_verify_pref>},
    Flag{"-expect-server-name", true, text<&Options::expect_server_name>},
    Flag{"-expect-alpn", true, text<&Options::expect_alpn>},
    Flag{"-expect-advertised-alpn", true, text<&Options::expect_advertised_alpn>},
    Flag{"-expect-client-ca-list", true, text<&Options::expect_client_ca_list>},
    Flag{"-expect-peer-cert-file", true, text<&Options::expect_peer_cert_file>},
    Flag{"-expect-peer-rpk-sha256", true, base64<&Options::expect_peer_rpk_sha256>},
    Flag{"-expect-peer-certificate-type", true, optional_number<&Options::expect_peer_certificate_type>},
    Flag{"-expect-msg-callback", true, text<&Options::expect_msg_callback>},
    Flag{"-expect-ocsp-response", true, base64<&Options::expect_ocsp_response>},
    Flag{"-expect-signed-cert-timestamps", true, base64<&Options::expect_signed_cert_timestamps>},
    Flag{"-expect-selected-credential", true, optional_number<&Options::expect_selected_credential>},
    Flag{"-expect-no-peer-cert", false, on<&Options::expect_no_peer_cert>},
    Flag{"-expect-verify-result", false, on<&Options::expect_verify_result>},
    Flag{"-expect-extended-master-secret", false, on<&Options::expect_extended_master_secret>},
    Flag{"-expect-session-miss", false, on<&Options::expect_session_miss>},
    Flag{"-expect-no-session", false, on<&Options::expect_no_session>},
    Flag{"-expect-session-id", false, on<&Options::expect_session_id>},
    Flag{"-expect-no-session-id", false, on<&Options::expect_no_session_id>},
    Flag{"-expect-ticket-renewal", false, on<&Options::expect_ticket_renewal>},
    Flag{"-expect-ticket-supports-early-data", false, on<&Options::expect_ticket_supports_early_data>},
    Flag{"-expect-accept-early-data", false, on<&Options::expect_accept_early_data>},
    Flag{"-expect-reject-early-data", false, on<&Options::expect_reject_early_data>},
    Flag{"-expect-no-offer-early-data", false, on<&Options::expect_no_offer_early_data>},
    Flag{"-expect-early-data-reason", true, text<&Options::expect_early_data_reason>},
    Flag{"-expect-ticket-age-skew", true, number<&Options::expect_ticket_age_skew>},
    Flag{"-expect-hrr", false, on<&Options::expect_hrr>},
    Flag{"-expect-no-hrr", false, on<&Options::expect_no_hrr>},

    // Nothing to do: these choose between two ways of BoringSSL's API that come to the same thing here,
    // switch off what Handfast does not have, or switch on what it always does.
    Flag{"-trust-cert", true, ignore},
    Flag{"-available-client-cert-types", true, ignore},  // Handfast offers those of its credentials
    Flag{"-implicit-handshake", false, ignore},
    Flag{"-no-op-extra-handshake", false, ignore},
    Flag{"-handshake-twice", false, ignore},
    Flag{"-use-early-callback", false, ignore},
    Flag{"-use-old-client-cert-callback", false, ignore},
    Flag{"-no-tls1", false, ignore},
    Flag{"-no-tls11", false, ignore},
    Flag{"-renew-ticket", false, ignore},
    Flag{"-no-server-name-ack", false, ignore},
    Flag{"-expect-secure-renegotiation", false, ignore},
    Flag{"-expect-cipher-no-aes", true, ignore},
    Flag{"-server-preference", false, ignore},
};

bool remove_prefix(Text& name, Text prefix) {
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  return true;
}

// "-on-resume-x" is "-x" for connections that resume; a flag without such a prefix is for all.
std::vector<Options*> targets_of(Text& name, AllOptions& all) {
  (void)remove_prefix(name, "-on-shim");
  if (remove_prefix(name, "-on-handshaker")) return {};
  if (remove_prefix(name, "-on-initial")) return {&all.initial};
  if (remove_prefix(name, "-on-resume")) return {&all.resume};
  if (remove_prefix(name, "-on-retry")) return {&all.retry};
  return {&all.initial, &all.resume, &all.retry};
}

}  // namespace

Parsed parse_flags(std::span<const char* const> arguments, AllOptions& out, std::string& problem) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    problem = arguments[i];
    if (problem == "-is-handshaker-supported") {
      out.is_handshaker_supported = true;
      continue;
    }
    Text name = problem;
    const std::vector<Options*> targets = targets_of(name, out);
    const auto* const flag = std::ranges::find(kFlags, name, &Flag::name);
    if (flag == kFlags.end()) return Parsed::unimplemented;
    Text value;
    if (flag->has_value) {
      if (++i == arguments.size()) return Parsed::malformed;
      value = arguments[i];
    }
    for (Options* const target : targets) {
      if (!flag->set(*target, value)) return Parsed::malformed;
    }
  }
  return Parsed::yes;
}

}  // namespace handfast::bogo
