// What the runner asked for, one field per flag. The names are those of the runner's flags (PORTING.md and
// test_config.cc of BoringSSL's ssl/test). Must not know the library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <optional>
#include <string>
#include <vector>

namespace handfast::bogo {

struct CredentialOptions {
  std::string cert_file;
  std::string key_file;
  std::vector<std::uint16_t> signing_prefs;
  ByteString ocsp_response;
  ByteString signed_cert_timestamps;
  bool must_match_issuer = false;
  // A pre-shared key to be imported, instead of a certificate.
  bool is_psk = false;
  ByteString psk_key;
  ByteString psk_identity;
  ByteString psk_context;
  bool psk_sha384 = false;
  bool raw_public_key = false;
};

// One connection.
struct Options {
  // --- the connection to the runner ---
  std::uint64_t port = 0;
  std::uint64_t shim_id = 0;
  bool ipv6 = false;
  bool is_server = false;
  std::uint64_t resume_count = 0;
  // No flags: this connection comes after another one; what holds once its early data was refused.
  bool is_resume = false;
  const Options* retry = nullptr;
  bool keeps_tickets_only = false;  // in all connections of the test

  // --- what is negotiated ---
  std::uint64_t min_version = 0;
  std::uint64_t max_version = 0;
  bool no_tls13 = false;
  bool no_tls12 = false;
  bool no_legacy_server_connect = false;
  std::string cipher;
  std::vector<std::uint16_t> curves;
  std::optional<std::vector<std::uint16_t>> key_shares;
  std::vector<std::uint16_t> server_supported_groups_hint;
  std::vector<std::uint16_t> verify_prefs;
  std::string host_name;
  std::string advertise_alpn;  // as on the wire
  std::string select_alpn;
  bool reject_alpn = false;
  bool decline_alpn = false;
  bool enable_grease = false;
  bool permute_extensions = false;
  bool enable_ocsp_stapling = false;
  bool enable_signed_cert_timestamps = false;
  bool install_cert_compression_algs = false;
  std::uint64_t install_one_cert_compression_alg = 0;

  // --- who is who ---
  CredentialOptions default_credential;
  std::vector<CredentialOptions> credentials;
  std::vector<std::uint16_t> accepted_peer_cert_types;  // empty: X.509
  bool verify_peer = false;
  bool require_any_client_certificate = false;
  bool verify_fail = false;
  bool use_custom_verify_callback = false;
  std::string use_client_ca_list;
  bool use_ocsp_callback = false;
  bool set_ocsp_in_callback = false;
  bool decline_ocsp_callback = false;
  bool fail_ocsp_callback = false;

  // --- sessions ---
  bool no_ticket = false;
  bool enable_early_data = false;
  bool use_ticket_callback = false;
  bool use_ticket_aead_callback = false;
  bool skip_ticket = false;
  bool reverify_on_resume = false;
  std::uint64_t resumption_delay = 0;

  // --- what is done ---
  bool async = false;
  bool check_close_notify = false;
  bool shim_shuts_down = false;
  bool shim_writes_first = false;
  std::string shim_initial_write = "hello";
  std::uint64_t repeat_shim_initial_write = 1;
  bool write_different_record_sizes = false;
  bool read_with_unfinished_write = false;
  bool handshake_never_done = false;
  std::uint64_t early_write_after_message = 0;
  bool key_update = false;
  bool key_update_before_read = false;
  std::uint64_t read_size = 0;
  std::uint64_t export_keying_material = 0;
  std::string export_label;
  std::string export_context;
  bool use_export_context = false;
  bool export_traffic_secrets = false;
  bool send_alert = false;

  // --- what must come out ---
  std::uint64_t expect_version = 0;
  std::uint64_t expect_cipher = 0;
  std::uint64_t expect_cipher_aes = 0;
  std::uint64_t expect_curve_id = 0;
  std::uint64_t expect_peer_signature_algorithm = 0;
  std::vector<std::uint16_t> expect_peer_verify_pref;
  std::string expect_server_name;
  std::string expect_alpn;
  std::string expect_advertised_alpn;
  std::string expect_client_ca_list;
  std::string expect_peer_cert_file;
  ByteString expect_peer_rpk_sha256;
  std::optional<int> expect_peer_certificate_type;
  std::string expect_msg_callback;
  ByteString expect_ocsp_response;
  ByteString expect_signed_cert_timestamps;
  std::optional<int> expect_selected_credential;  // -1: the default one
  bool expect_no_peer_cert = false;
  bool expect_verify_result = false;
  bool expect_extended_master_secret = false;
  bool expect_session_miss = false;
  bool expect_no_session = false;
  bool expect_session_id = false;
  bool expect_no_session_id = false;
  bool expect_ticket_renewal = false;
  bool expect_ticket_supports_early_data = false;
  bool expect_accept_early_data = false;
  bool expect_reject_early_data = false;
  bool expect_no_offer_early_data = false;
  std::string expect_early_data_reason;
  std::int64_t expect_ticket_age_skew = 0;
  bool expect_hrr = false;
  bool expect_no_hrr = false;
};

// The first connection, those that resume it, and those that a rejection of early data leads to.
struct AllOptions {
  Options initial;
  Options resume;
  Options retry;
  bool is_handshaker_supported = false;
};

}  // namespace handfast::bogo
