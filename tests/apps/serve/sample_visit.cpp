#include "sample_visit.hpp"

#include <utility>

#include "serve/meanings.hpp"

namespace handfast::apps::serve::test {
namespace {

TraceStep step(StepKind kind, unsigned number, Lane lane, const char* title, int microseconds,
               std::size_t size) {
  TraceStep out;
  out.kind = kind;
  out.number = number;
  out.lane = lane;
  out.title = title;
  out.at = Microseconds(microseconds);
  out.size = size;
  out.wire_size = size + 22;
  out.bytes.resize(size);
  for (std::size_t i = 0; i < size; ++i) out.bytes[i] = static_cast<std::uint8_t>(i * 37 + 11);
  return out;
}

TraceStep sealed(TraceStep in, Epoch epoch) {
  in.encrypted = true;
  in.epoch = epoch;
  in.shares_records = true;
  return in;
}

TraceStep client_hello_step(const ClientOffer& offer) {
  TraceStep out = step(StepKind::client_hello, 1, Lane::from_client, "ClientHello", 0, offer.message_size);
  out.say = {{"I can speak TLS 1.3, 1.2 · 3 ciphers · want http/1.1", Mark::none},
             {"name: localhost (sent in clear)", Mark::none},
             {"my keys: X25519MLKEM768 (post-quantum) + x25519", Mark::none}};
  out.why =
      "The client opens the conversation: it says what it can do, and sends its half of the key exchange.";
  const auto field = [&](const char* name, std::size_t offset, std::size_t length, unsigned depth,
                         const char* meaning) {
    out.fields.push_back({name, offset, length, depth, meaning});
  };
  field("legacy_version", 4, 2, 0, "TLS 1.2");
  field("random", 6, 32, 0, "32 bytes");
  field("legacy_session_id", 38, 33, 0, "32 bytes");
  field("cipher_suites", 71, 2 + 2 * offer.suites.size(), 0, "");
  std::size_t at = 73;
  for (const std::uint16_t suite : offer.suites) {
    out.fields.push_back({"CipherSuite", at, 2, 1, suite_meaning(suite).name});
    at += 2;
  }
  field("legacy_compression_methods", at, 2, 0, "null");
  at += 2;
  field("extensions", at, out.bytes.size() - at, 0, "");
  at += 2;
  for (const OfferedExtension& extension : offer.extensions) {
    if (at + 4 + extension.size > out.bytes.size()) break;
    out.fields.push_back({"extension_type", at, 2, 1, extension_meaning(extension.type).name});
    if (extension.size > 0) {
      out.fields.push_back({"extension_data", at + 2, extension.size + 2, 1, ""});
      if (extension.size > 2) out.fields.push_back({"content", at + 4, extension.size, 2, ""});
    }
    at += 4 + extension.size;
  }
  return out;
}

TraceStep server_hello_step() {
  TraceStep out = step(StepKind::server_hello, 2, Lane::from_server, "ServerHello", 1100, 1210);
  out.say = {{"picks TLS 1.3 · AES-128-GCM · X25519MLKEM768", Mark::good}};
  out.why =
      "The server answers with its half of the key. Both sides can now compute the same secret; a listener "
      "cannot.";
  out.fields = {{"legacy_version", 4, 2, 0, "TLS 1.2"},
                {"random", 6, 32, 0, "32 bytes"},
                {"legacy_session_id_echo", 38, 33, 0, "32 bytes"},
                {"cipher_suite", 71, 2, 0, "TLS_AES_128_GCM_SHA256"},
                {"legacy_compression_method", 73, 1, 0, "null"},
                {"extensions", 74, 1136, 0, ""}};
  out.facts = {
      {"suites",
       "Cipher suite",
       {{.code = 0x1301, .text = "TLS_AES_128_GCM_SHA256", .note = "", .bytes = 0, .chosen = true}}}};
  return out;
}

TraceStep certificate_step() {
  TraceStep out =
      sealed(step(StepKind::certificate, 4, Lane::from_server, "Certificate", 1400, 1091), Epoch::handshake);
  out.say = {{"2 certificates, 1 091 B", Mark::none}, {"localhost ← throw-away intermediate", Mark::none}};
  out.why = "The server shows who it is, with the chain that leads to an authority the client may trust.";
  CertificateFact leaf;
  leaf.subject = "localhost";
  leaf.issuer = "Handfast throw-away intermediate";
  leaf.subject_name = "CN=localhost";
  leaf.issuer_name = "CN=Handfast throw-away intermediate";
  leaf.names = {"localhost", "127.0.0.1", "::1"};
  leaf.key = "ECDSA P-256";
  leaf.signature = "ecdsa_secp256r1_sha256";
  leaf.sha256 = "8f43a1c0f4d6a7f95e3f1f7f2f0b5c3e8f43a1c0f4d6a7f95e3f1f7f2f0b5c3e";
  leaf.not_before = "2026-11-20T16:51:02Z";
  leaf.not_after = "2026-11-27T17:51:02Z";
  leaf.days_left = 7;
  out.certificates = {leaf};
  return out;
}

void add_steps(Visit& visit) {
  auto& steps = visit.trace.steps;
  steps.push_back(client_hello_step(visit.offer));
  steps.push_back(server_hello_step());
  steps.push_back({});
  steps.back().kind = StepKind::keys;
  const auto add = [&](StepKind kind, unsigned number, Lane lane, const char* title, int at, std::size_t size,
                       Epoch epoch, const char* say, const char* why) {
    TraceStep out = sealed(step(kind, number, lane, title, at, size), epoch);
    out.say = {{say, Mark::none}};
    out.why = why;
    steps.push_back(std::move(out));
  };
  add(StepKind::encrypted_extensions, 3, Lane::from_server, "EncryptedExtensions", 1300, 23, Epoch::handshake,
      "http/1.1 accepted", "What the server agrees to and need not be readable for everybody.");
  steps.push_back(certificate_step());
  add(StepKind::cert_verify, 5, Lane::from_server, "CertificateVerify", 1900, 79, Epoch::handshake,
      "signed with ecdsa_secp256r1_sha256", "The server signs all that was said so far: it owns the key.");
  add(StepKind::finished, 6, Lane::from_server, "Finished", 1950, 36, Epoch::handshake,
      "a checksum over the whole conversation", "Nobody changed the conversation on the way.");
  add(StepKind::finished, 7, Lane::from_client, "Finished", 3400, 36, Epoch::handshake,
      "a checksum over the whole conversation", "The client agrees.");
  add(StepKind::app, 0, Lane::from_client, "Application data", 3900, 0, Epoch::application, "GET /",
      "The browser asks for a page.");
  add(StepKind::app, 0, Lane::from_server, "Application data", 4100, 0, Epoch::application, "this page",
      "And here it is.");
  steps.back().bytes.clear();
}

}  // namespace

ClientOffer published_offer() {
  ClientOffer out;
  out.legacy_version = 0x0303;
  out.suites = {0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9,
                0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035};
  constexpr std::uint16_t kTypes[] = {0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d,
                                      0x0005, 0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015};
  for (const std::uint16_t type : kTypes) {
    out.extensions.push_back({type, 0});
  }
  out.versions = {0x0304, 0x0303};
  out.signature_schemes = {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601};
  out.application_protocols = {"h2", "http/1.1"};
  out.server_name = "example.org";
  return out;
}

Visit sample_visit() {
  Visit visit;
  ClientOffer& offer = visit.offer;
  offer = published_offer();
  offer.message_size = 1792;
  offer.session_id_size = 32;
  offer.server_name = "localhost";
  offer.suites.insert(offer.suites.begin(), 0x2a2a);
  offer.versions = {0xdada, 0x0304, 0x0303};
  offer.groups = {0x4a4a, 0x11ec, 0x001d, 0x0017, 0x0018};
  offer.key_shares = {{0x4a4a, 1}, {0x11ec, 1216}, {0x001d, 32}};
  offer.certificate_compression = {2};
  offer.psk_modes = {1};
  offer.extensions.insert(offer.extensions.begin(), {0x6a6a, 0});
  offer.extensions.push_back({0xfe0d, 186});
  for (OfferedExtension& extension : offer.extensions) {
    if (extension.type == 0) extension.size = 14;
    if (extension.type == 0x33) extension.size = 1263;
    if (extension.type == 0x10) extension.size = 14;
    if (extension.type == 0x0a) extension.size = 12;
    if (extension.type == 0x0d) extension.size = 18;
    if (extension.type == 0x2b) extension.size = 7;
  }
  visit.outcome.version = ProtocolVersion::tls1_3;
  visit.outcome.suite = CipherSuite::TLS_AES_128_GCM_SHA256;
  visit.outcome.group = NamedGroup::X25519MLKEM768;
  visit.outcome.server_signature_scheme = SignatureScheme::ecdsa_secp256r1_sha256;
  visit.outcome.application_protocol = "http/1.1";
  visit.outcome.server_name = "localhost";
  visit.server.policy.versions = {ProtocolVersion::tls1_3};
  visit.server.policy.suites = {CipherSuite::TLS_AES_128_GCM_SHA256, CipherSuite::TLS_AES_256_GCM_SHA384,
                                CipherSuite::TLS_CHACHA20_POLY1305_SHA256};
  visit.server.policy.groups = {NamedGroup::X25519MLKEM768, NamedGroup::SecP256r1MLKEM768,
                                NamedGroup::SecP384r1MLKEM1024, NamedGroup::x25519, NamedGroup::secp256r1};
  visit.server.signer_schemes = {SignatureScheme::ecdsa_secp256r1_sha256};
  visit.server.application_protocols = {"http/1.1"};
  visit.server.certificate_name = "localhost";
  visit.trace.self = Side::server;
  visit.trace.round_trips = 1;
  visit.trace.established_at = Microseconds(3400);
  visit.visitor = "127.0.0.1:51234";
  visit.when = "2026-11-20T17:51:02Z";
  visit.throw_away_ca = true;
  if (auto ja4 = ja4_of(offer)) visit.ja4 = *ja4;
  add_steps(visit);
  return visit;
}

}  // namespace handfast::apps::serve::test
