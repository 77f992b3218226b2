// The rows. Titles are sentences for a person; fixes name the setting of the usual servers.
#include "common/failure_table.hpp"

#include <array>

namespace handfast::apps {
namespace {

// clang-format off: one block a row reads as the table it is
constexpr std::array kTable = {
    FailureText{"C-01", "Certificate not trusted: the server forgot an intermediate certificate",
        "The chain that was sent ends before it reaches a root in the store.",
        "\"unable to get local issuer certificate\" · \"PKIX path building failed\" · \"certificate signed by unknown authority\" · ERR_CERT_AUTHORITY_INVALID",
        "nginx: ssl_certificate must be the full chain, leaf first (fullchain.pem)\nApache ≥ 2.4.8: SSLCertificateFile fullchain.pem · HAProxy: one PEM with leaf, intermediates and key"},
    FailureText{"C-02", "Certificate not trusted: its issuer is not in the trust store used here",
        "The chain ends in a CA that this machine does not know: a private CA, or an inspection device.",
        "\"unable to get local issuer certificate\" · \"PKIX path building failed\" · \"certificate signed by unknown authority\" · ERR_CERT_AUTHORITY_INVALID",
        "if you know this CA: handfast connect --ca root.pem …, or install it: update-ca-certificates (Debian), trust anchor (Fedora)\nif it is a public CA: the server may have forgotten an intermediate (C-01)"},
    FailureText{"C-03", "Certificate not trusted: it is signed by itself",
        "Nobody vouches for this certificate but its own key.",
        "\"self-signed certificate\" · DEPTH_ZERO_SELF_SIGNED_CERT · MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT · ERR_CERT_AUTHORITY_INVALID",
        "get a certificate from an ACME CA; for development trust exactly this one: --ca certificate.pem"},
    FailureText{"C-04", "Certificate not trusted: the chain ends in a root that is not in the trust store used here",
        "The server sent its root along, but a root counts only if it is known already.",
        "\"self-signed certificate in certificate chain\" · SELF_SIGNED_CERT_IN_CHAIN",
        "if it is your own CA: --ca root.pem, or install it (update-ca-certificates, trust anchor)\nif you expected a public CA: somebody may be inspecting the connection (X-01)"},
    FailureText{"C-05", "Certificate not trusted: an intermediate has the right name but another key",
        "The intermediate belongs to another generation of the CA.", "\"certificate signature failure\" · \"PKIX path building failed\"",
        "use the chain that came with this very certificate (ACME: fullchain.pem)"},
    FailureText{"C-07", "The certificate has expired", "", "\"certificate has expired\" · ERR_CERT_DATE_INVALID · SEC_ERROR_EXPIRED_CERTIFICATE · CERT_HAS_EXPIRED",
        "renew it and reload the server (nginx -s reload); then look why the renewal timer did not\nif it was renewed: the server still serves the old file"},
    FailureText{"C-08", "A certificate of the issuing chain has expired", "An intermediate or a root in the chain is too old; the server's own certificate may be fine.",
        "\"certificate has expired\" (at depth 1 or more) · SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE",
        "replace the chain file by the one that the CA gives out today; drop old cross-signed certificates"},
    FailureText{"C-09", "The certificate is not valid yet", "", "\"certificate is not yet valid\" · ERR_CERT_DATE_INVALID · CERT_NOT_YET_VALID",
        "wait, or check the clocks: yours (timedatectl) and that of the CA's machine"},
    FailureText{"C-10", "Certificate \"not yet valid\" — but your clock is wrong", "", "ERR_CERT_DATE_INVALID · \"Your clock is behind\"",
        "sudo timedatectl set-ntp true   (nothing is wrong with the server)"},
    FailureText{"C-12", "The certificate is not meant for this purpose (extended key usage)", "", "\"unsuitable certificate purpose\" · SEC_ERROR_INADEQUATE_CERT_TYPE",
        "have it issued again with extendedKeyUsage = serverAuth (clientAuth for clients)"},
    FailureText{"C-13", "The certificate's key usage forbids this use", "", "\"unsuitable certificate purpose\" · ERR_SSL_KEY_USAGE_INCOMPATIBLE",
        "have it issued again with keyUsage = digitalSignature"},
    FailureText{"C-14", "A certificate is signed in a way that is broken or not supported", "", "\"CA signature digest algorithm too weak\" · ERR_CERT_WEAK_SIGNATURE_ALGORITHM",
        "have it issued again, signed with SHA-256 or better"},
    FailureText{"C-15", "A certificate's key is too short", "", "\"EE certificate key too weak\" · \"ee key too small\" · ERR_CERT_WEAK_KEY",
        "make a new key (RSA 2048 or more, or ECDSA P-256) and have the certificate issued again"},
    FailureText{"C-16", "A CA of the chain may not sign for this name", "", "\"permitted subtree violation\" · ERR_CERT_NAME_CONSTRAINT_VIOLATION",
        "use the CA that is meant for this name, or widen its name constraints"},
    FailureText{"C-17", "A CA of the chain may not have this many CAs below it", "", "\"path length constraint exceeded\" · SEC_ERROR_PATH_LEN_CONSTRAINT_INVALID",
        "have the CA certificate issued again with a larger pathLenConstraint"},
    FailureText{"C-18", "A certificate was issued by something that is not a CA", "", "\"invalid CA certificate\" · SEC_ERROR_CA_CERT_INVALID",
        "have the issuer's certificate made with basicConstraints CA:TRUE, critical"},
    FailureText{"C-19", "A certificate breaks the rules of RFC 5280", "", "\"Missing Authority Key Identifier\" · \"Basic Constraints of CA cert not marked critical\"",
        "have it issued again by a CA that follows RFC 5280"},
    FailureText{"C-20", "A certificate has a critical extension that is not understood", "", "\"unhandled critical extension\" · SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION",
        "have it issued again; if it is a precertificate, serve the final one"},
    FailureText{"C-21", "A certificate's signature is wrong", "The file was damaged, or it was signed by another key of the same name.", "\"certificate signature failure\" · SEC_ERROR_BAD_SIGNATURE",
        "fetch the certificates again and compare; check the order of the chain"},
    FailureText{"C-22", "The certificate was revoked", "", "\"certificate revoked\" · ERR_CERT_REVOKED", "get a new certificate with a new key, and find out why it was revoked"},
    FailureText{"C-23", "Whether the certificate was revoked could not be found out", "", "CRYPT_E_NO_REVOCATION_CHECK", "allow access to the CA's CRL and OCSP hosts"},
    FailureText{"C-24", "The certificate demands a stapled OCSP response and none came", "", "MOZILLA_PKIX_ERROR_REQUIRED_TLS_FEATURE_MISSING", "nginx: ssl_stapling on; or a certificate without must-staple"},
    FailureText{"C-25", "The stapled OCSP response is stale or invalid", "", "SEC_ERROR_OCSP_OLD_RESPONSE", "let the server reach the CA's OCSP host, or switch stapling off"},
    FailureText{"C-26", "The certificate is valid for longer than browsers accept", "", "ERR_CERT_VALIDITY_TOO_LONG · \"not standards compliant\"",
        "have it issued for a shorter time (public sites: at most 200 days since 2026-03-15) and renew it automatically"},
    FailureText{"C-27", "The certificate lacks signed certificate timestamps (Certificate Transparency)", "", "ERR_CERTIFICATE_TRANSPARENCY_REQUIRED · MOZILLA_PKIX_ERROR_INSUFFICIENT_CERTIFICATE_TRANSPARENCY",
        "have it issued again by a CA that logs its certificates"},
    FailureText{"C-28", "A CA's certificate is used as a server's", "", "MOZILLA_PKIX_ERROR_CA_CERT_USED_AS_END_ENTITY", "have a certificate without CA:TRUE issued for the server"},
    FailureText{"C-29", "Two certificates have the same issuer and serial number", "", "SEC_ERROR_REUSED_ISSUER_AND_SERIAL", "let the CA choose serial numbers at random, or give a CA that was made anew another name"},
    FailureText{"C-30", "The chain cannot be used as it was sent", "", "", "send leaf, then its issuer, and so on; no root, nothing else"},
    FailureText{"H-01", "The certificate is for another name", "", "\"hostname mismatch\" · \"no alternative certificate subject name matches\" · ERR_CERT_COMMON_NAME_INVALID · SSL_ERROR_BAD_CERT_DOMAIN",
        "connect by a name that the certificate has, or have it issued again with this name added"},
    FailureText{"H-02", "The certificate's wildcard covers one label only", "*.x matches a.x, but neither x nor a.b.x.", "\"hostname mismatch\" · ERR_CERT_COMMON_NAME_INVALID",
        "have the certificate issued again with this name added"},
    FailureText{"H-05", "The server knows no such name", "It refused the name that the ClientHello asked for (SNI).", "\"tlsv1 unrecognized name\" · ERR_SSL_UNRECOGNIZED_NAME_ALERT",
        "check the name (--sni NAME asks for another); on the server: server_name / ServerAlias / strict-sni"},
    FailureText{"H-07", "The certificate does not name this IP address", "", "\"IP address mismatch\" · \"doesn't contain any IP SANs\"",
        "connect by name (or --sni NAME), or have the address added as an iPAddress name"},
    FailureText{"H-08", "The certificate has no subject alternative name", "Names in the common name have not counted for years.", "\"relies on legacy Common Name field\" · ERR_CERT_COMMON_NAME_INVALID",
        "have it issued again with its names as subjectAltName"},
    FailureText{"H-09", "That is not a host name or an IP address", "", "", "write names in ASCII (xn--… for others), without underscores at the edges, spaces or a path"},
    FailureText{"P-01", "The server speaks no protocol version that is offered here", "Handfast speaks TLS 1.3 and TLS 1.2; what is older is broken.",
        "\"unsupported protocol\" · \"tlsv1 alert protocol version\" · ERR_SSL_VERSION_OR_CIPHER_MISMATCH · SSL_ERROR_UNSUPPORTED_VERSION",
        "on the server: nginx ssl_protocols TLSv1.2 TLSv1.3; · Apache SSLProtocol -all +TLSv1.2 +TLSv1.3"},
    FailureText{"P-03", "No cipher suite in common", "", "\"sslv3 alert handshake failure\" · \"no shared cipher\" · SSL_ERROR_NO_CYPHER_OVERLAP · ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
        "on the server: do not switch off the three suites of TLS 1.3"},
    FailureText{"P-05", "No key exchange group in common", "", "\"no suitable key share\" · \"sslv3 alert handshake failure\"",
        "on the server: nginx ssl_ecdh_curve X25519:prime256v1:secp384r1; · HAProxy curves …\nhere: --groups names what this client offers"},
    FailureText{"P-06", "No signature scheme in common", "The server's certificate needs a kind of signature that this client did not offer.", "\"no suitable signature algorithm\" · SSL_ERROR_UNSUPPORTED_SIGNATURE_ALGORITHM",
        "serve an ECDSA P-256 or RSA certificate"},
    FailureText{"P-08", "Somebody forced an older protocol version", "The server's random says that it can do better: a box in between changed the conversation.", "ERR_TLS13_DOWNGRADE_DETECTED · \"inappropriate fallback\"",
        "look for an inspecting proxy on the way and update it (X-01)"},
    FailureText{"P-09", "The server does not know secure renegotiation", "It lacks a remedy of 2010 (RFC 5746): somebody in between could put his own words before this client's.", "\"unsafe legacy renegotiation disabled\" · SSL_ERROR_UNSAFE_NEGOTIATION",
        "on the server: update its TLS library, or switch RFC 5746 on (NetScaler: -denySSLReneg NONSECURE)"},
    FailureText{"P-10", "The server refuses a fallback to an older version", "", "\"tlsv1 alert inappropriate fallback\"", "fix the first failure instead of trying older versions"},
    FailureText{"P-11", "The server or a box before it cannot digest a modern ClientHello", "", "ERR_CONNECTION_RESET · \"unexpected eof while reading\"", "update the server's or the middlebox's software"},
    FailureText{"P-12", "The server or a box before it cannot digest a ClientHello of two packets", "A post-quantum key share makes the ClientHello larger than one packet.", "ERR_CONNECTION_RESET · \"Recv failure: Connection reset by peer\"",
        "try: handfast connect --groups X25519 …   if that works, update the box in between"},
    FailureText{"P-13", "The peer does not bind its keys to the handshake", "It speaks TLS 1.2 without the extended main secret (RFC 7627), and this end insists on it.", "\"ems not enabled\" · SSL_ERROR_MISSING_EXTENDED_MASTER_SECRET",
        "on the peer: OpenSSL 1.1.0 or later, or TLS 1.3"},
    FailureText{"P-14", "The server's Diffie-Hellman group is too small", "Below 2048 bits the key exchange can be broken by whoever can pay for it.", "\"dh key too small\" · SSL_ERROR_WEAK_SERVER_EPHEMERAL_DH_KEY",
        "on the server: drop DHE, or nginx ssl_dhparam with a group of 2048 bits (RFC 7919)"},
    FailureText{"P-15", "The server wants stronger parameters", "", "\"tlsv1 alert insufficient security\"", "offer stronger groups and suites"},
    FailureText{"P-16", "HelloRetryRequest went wrong", "", "SSL_ERROR_RX_UNEXPECTED_HELLO_RETRY_REQUEST · SSL_ERROR_BAD_2ND_CLIENT_HELLO", "update the server; if it is a load balancer, its nodes must agree about groups"},
    FailureText{"P-17", "A required extension is missing", "", "\"tlsv13 alert missing extension\"", "the server may demand a server name: do not connect by IP address, or give --sni"},
    FailureText{"P-18", "An extension where none may be", "", "\"unsolicited extension\" · \"bad extension\"", "update the server"},
    FailureText{"P-19", "The server chose something that was not offered", "It breaks the protocol; often it is a box in between.", "\"unknown cipher returned\" · \"bad key share\"", "update the server or the box in between"},
    FailureText{"P-21", "No application protocol (ALPN) in common", "", "\"tlsv1 alert no application protocol\" · SSL_ERROR_NEXT_PROTOCOL_NO_PROTOCOL", "--alpn names what this client offers; on the server: nginx http2 on; · HAProxy alpn h2,http/1.1"},
    FailureText{"P-22", "The server insists on Encrypted ClientHello", "", "ERR_ECH_NOT_NEGOTIATED · SSL_ERROR_ECH_REQUIRED_ALERT", "not supported yet"},
    FailureText{"M-01", "The server wants a client certificate", "", "\"sslv3 alert handshake failure\" · \"peer did not return a certificate\"", "--cert client.pem --key client.key"},
    FailureText{"M-02", "The server wants a client certificate, and none was sent", "In TLS 1.3 the server says so only after the handshake.", "\"tlsv13 alert certificate required\" · SSL_ERROR_RX_CERTIFICATE_REQUIRED_ALERT", "--cert client.pem --key client.key"},
    FailureText{"M-05", "The server does not know the issuer of our certificate", "", "\"tlsv1 alert unknown ca\"", "here: --cert must hold the intermediates too\non the server: ssl_client_certificate / SSLCACertificateFile must hold the issuer"},
    FailureText{"M-06", "The server does not like our certificate", "Only its log says why.", "\"bad certificate\" · \"certificate unknown\"", "read the server's log"},
    FailureText{"M-07", "Our certificate is not meant for clients", "", "\"unsuitable certificate purpose\"", "have it issued again with extendedKeyUsage = clientAuth"},
    FailureText{"M-08", "Our certificate has expired", "", "\"sslv3 alert certificate expired\"", "renew it"},
    FailureText{"M-10", "The signature does not fit the certificate", "Key and certificate do not belong together, or somebody is in between.", "\"decrypt error\" · ERR_SSL_CLIENT_AUTH_SIGNATURE_FAILED", "compare: openssl x509 -pubkey -noout -in cert.pem; openssl pkey -pubout -in key.pem"},
    FailureText{"M-09", "The certificate list is longer than accepted", "", "\"certificate chain too long\"", "send leaf and intermediates only"},
    FailureText{"M-12", "The peer wants to negotiate again", "Handfast does not renegotiate: TLS 1.3 has no such thing, and in TLS 1.2 it brought more attacks than use.", "no_renegotiation · SSL_ERROR_RENEGOTIATION_NOT_ALLOWED · AH02261",
        "on the server: ask for the client's certificate in the first handshake (Apache: SSLVerifyClient for the whole host)"},
    FailureText{"M-13", "A handshake message is larger than accepted", "", "\"excessive message size\"", "if it is CertificateRequest: name fewer CAs (nginx: ssl_trusted_certificate instead of ssl_client_certificate)"},
    FailureText{"N-01", "That port does not speak TLS: it speaks plain HTTP", "", "\"wrong version number\" · \"server gave HTTP response to HTTPS client\" · SSL_ERROR_RX_RECORD_TOO_LONG · ERR_SSL_PROTOCOL_ERROR",
        "use http://, or another port (443)\non the server: nginx listen 443 ssl; · Apache SSLEngine on in that virtual host"},
    FailureText{"N-02", "That port does not speak TLS first", "It greets in another protocol; many of those start TLS on request (STARTTLS), which this program does not do yet.",
        "\"wrong version number\" · \"first record does not look like a TLS handshake\"", "use the port that starts with TLS: 465 (SMTP), 993 (IMAP), 995 (POP3)"},
    FailureText{"N-05", "No answer to the ClientHello", "Packets get lost on the way (often the large ones: an MTU problem), or the port waits for something else.",
        "\"timed out\" · \"Read timed out\" · \"context deadline exceeded\"", "try a smaller hello: handfast connect --groups X25519 …   if that works: clamp the MSS, allow ICMP \"fragmentation needed\""},
    FailureText{"N-07", "The connection was reset after the ClientHello", "A firewall, a load balancer without that name, or software that cannot digest a modern ClientHello (P-11, P-12).",
        "\"Connection reset by peer\" · PR_CONNECT_RESET_ERROR · ERR_CONNECTION_RESET", "try: --groups X25519 (smaller hello), --sni another.name"},
    FailureText{"N-08", "The server closed the connection without an answer", "It crashed, has no certificate for that name, an access list refuses you, or it does not speak TLS.",
        "\"unexpected eof while reading\" · SSL_ERROR_SYSCALL · PR_END_OF_FILE_ERROR", "read the server's log; try another name with --sni"},
    FailureText{"N-09", "The connection was cut: no close_notify came", "What was received may be incomplete: anybody on the way can cut a connection.", "\"unexpected eof while reading\"", "if the protocol says its own length (Content-Length), compare; else do not trust the end"},
    FailureText{"N-10", "No connection", "", "\"Connection refused\" · ERR_CONNECTION_REFUSED · ERR_NAME_NOT_RESOLVED", "check the name, the port, and that the server runs"},
    FailureText{"X-01", "Somebody between you and the server re-signs certificates", "The issuer is a product that inspects connections.", "\"self-signed certificate in certificate chain\" · MOZILLA_PKIX_ERROR_MITM_DETECTED · ERR_CERT_AUTHORITY_INVALID",
        "if it is your company's: trust its root here (--ca proxy-root.pem); else switch the scanning off; never switch checking off"},
    FailureText{"R-01", "A record could not be decrypted", "It was damaged or forged on the way, or the keys differ.", "\"decryption failed or bad record mac\"", "try again; if it repeats at the same place, suspect the network card's offloading or a box in between"},
    FailureText{"R-02", "A record is longer than allowed", "", "\"packet length too long\"", "often no TLS at all (N-01); else update the peer"},
    FailureText{"R-03", "A message came that must not come now", "", "\"unexpected message\"", "update the peer; keep a trace (--json) for its authors"},
    FailureText{"R-04", "A message does not follow its syntax", "", "\"length mismatch\" · \"decode error\"", "update the peer; keep a trace (--json) for its authors"},
    FailureText{"R-05", "A message holds a value that is not allowed", "", "\"illegal parameter\"", "update the peer; keep a trace (--json) for its authors"},
    FailureText{"R-06", "The two sides' sums differ", "Somebody changed the conversation, or a key does not fit.", "\"decrypt error\"", "check that the server's key and certificate are a pair, and what stands between"},
    FailureText{"R-07", "An internal error", "", "\"internal error\"", "read the log of the side that failed"},
    FailureText{"R-08", "The peer refused", "", "", "read the peer's log"},
    FailureText{"R-10", "A limit was exceeded", "", "", "update the peer"},
    FailureText{"S-01", "Private key and certificate do not belong together", "", "\"key values mismatch\"", "compare: openssl x509 -pubkey -noout -in cert.pem; openssl pkey -pubout -in key.pem"},
    FailureText{"S-02", "The server has no usable certificate", "", "\"no shared cipher\"", "on the server: set a certificate for this name; check that it can read the key"},
    FailureText{"S-04", "A key or certificate file cannot be read", "", "\"no start line\" · \"bad decrypt\"", "the line above says what the file is instead; PEM and DER are read"},
    FailureText{"S-06", "There are no trust anchors on this machine", "", "\"error setting certificate file\" · curl (77)", "apt install ca-certificates, or --ca roots.pem"},
    FailureText{"S-07", "The configuration cannot work", "", "", "see the sentence above"},
};

constexpr std::string_view kHandshakeFailure[] = {"P-05", "P-03", "P-06", "M-01", "S-02"};
constexpr std::string_view kR01[] = {"R-01"}, kR02[] = {"R-02"}, kR03[] = {"R-03", "P-11"}, kR04[] = {"R-04", "P-11"},
                           kR05[] = {"R-05", "P-11"}, kR06[] = {"R-06", "M-10"}, kR07[] = {"R-07", "S-02"}, kR08[] = {"R-08"};
constexpr std::string_view kM02[] = {"M-02"}, kM05[] = {"M-05"}, kM06[] = {"M-06"}, kM07[] = {"M-07", "M-06"}, kM08[] = {"M-08", "M-06"};
constexpr std::string_view kP01[] = {"P-01"}, kP10[] = {"P-10"}, kP15[] = {"P-15"}, kP17[] = {"P-17", "P-11"},
                           kP18[] = {"P-18", "P-11"}, kP21[] = {"P-21"}, kP22[] = {"P-22"}, kH05[] = {"H-05"}, kN09[] = {"N-09"};

using enum AlertDescription;
constexpr std::array kAlerts = {
    AlertText{close_notify, "it closes in good order, in the middle of the handshake", kN09, false},
    AlertText{unexpected_message, "a message came that it did not expect", kR03, false},
    AlertText{bad_record_mac, "it could not decrypt a record", kR01, false},
    AlertText{record_overflow, "a record was longer than it takes", kR02, false},
    AlertText{handshake_failure, "no acceptable parameters, or something else it does not name", kHandshakeFailure, false},
    AlertText{bad_certificate, "our certificate is corrupt or not acceptable", kM06, false},
    AlertText{unsupported_certificate, "our certificate is of a kind that it does not take", kM07, false},
    AlertText{certificate_revoked, "our certificate was revoked", kM06, false},
    AlertText{certificate_expired, "our certificate has expired or is not valid", kM08, false},
    AlertText{certificate_unknown, "our certificate is not acceptable for a reason it does not name", kM06, false},
    AlertText{illegal_parameter, "a field of ours holds a value that it does not allow", kR05, false},
    AlertText{unknown_ca, "it does not know the issuer of our certificate", kM05, true},
    AlertText{access_denied, "our certificate is valid, but we may not come in", kR08, true},
    AlertText{decode_error, "it could not read a message of ours", kR04, false},
    AlertText{decrypt_error, "a signature or a Finished of ours does not match", kR06, false},
    AlertText{protocol_version, "it does not speak the protocol version that was offered", kP01, true},
    AlertText{insufficient_security, "it wants stronger parameters than were offered", kP15, true},
    AlertText{internal_error, "something failed on its side", kR07, false},
    AlertText{inappropriate_fallback, "it refuses a fallback to an older version", kP10, true},
    AlertText{user_canceled, "somebody cancelled the handshake", kR08, true},
    AlertText{no_renegotiation, "it does not renegotiate", kR08, true},
    AlertText{missing_extension, "it misses an extension", kP17, false},
    AlertText{unsupported_extension, "it got an extension that it had not asked for", kP18, false},
    AlertText{unrecognized_name, "it knows no such server name", kH05, true},
    AlertText{bad_certificate_status_response, "it does not accept the OCSP response", kR08, true},
    AlertText{unknown_psk_identity, "it does not know the key that was named", kR08, true},
    AlertText{certificate_required, "it requires a client certificate", kM02, true},
    AlertText{general_error, "something failed that it does not name", kR07, false},
    AlertText{no_application_protocol, "no application protocol (ALPN) in common", kP21, true},
    AlertText{ech_required, "it insists on Encrypted ClientHello", kP22, true},
};
// clang-format on

constexpr AlertText kUnknownAlert{internal_error, "an alert that is not in the registry", kR08, false};

}  // namespace

const FailureText* find_failure(std::string_view id) {
  for (const auto& row : kTable) {
    if (row.id == id) return &row;
  }
  return nullptr;
}

std::span<const FailureText> failure_table() { return kTable; }

const AlertText& find_alert(AlertDescription alert) {
  for (const auto& row : kAlerts) {
    if (row.alert == alert) return row;
  }
  return kUnknownAlert;
}

ExitCode exit_code_of(std::string_view id) {
  if (id == "C-07" || id == "C-08" || id == "C-09" || id == "C-10") return ExitCode::validity;
  if (id == "N-10" || id == "N-05" || id == "N-06") return ExitCode::not_connected;
  if (id == "N-01" || id == "N-02" || id == "N-03" || id == "N-04") return ExitCode::not_tls;
  if (id == "H-09" || id == "S-01" || id == "S-04" || id == "S-06" || id == "S-07") return ExitCode::usage;
  switch (id.empty() ? '?' : id.front()) {
    case 'C':
    case 'X':
      return ExitCode::certificate;
    case 'H':
      return ExitCode::name_mismatch;
    case 'P':
      return ExitCode::negotiation;
    case 'M':
      return ExitCode::client_certificate;
    case 'N':
    case 'R':
    case 'S':
      return ExitCode::protocol_error;
    default:
      return ExitCode::internal;
  }
}

}  // namespace handfast::apps
