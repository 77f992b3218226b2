// SessionState: see the header. The encoding:
//
//   struct {
//       uint8 format = 2;
//       ProtocolVersion version;  CipherSuite suite;  uint8 extended_main_secret;
//       opaque secret<1..48>;
//       uint64 authenticated, issued, expires;         seconds since 1970
//       uint32 ticket_age_add, max_early_data_size;
//       opaque server_name<0..255>;  opaque application_protocol<0..255>;
//       opaque binding[32];
//       NamedGroup group;  uint16 max_fragment_length;         0 if none
//       SignatureScheme server, client;                        client: 0 if none
//       CertificateType type;
//       opaque certificate<1..2^24-1> chain<0..2^24-1>;        leaf first
//       opaque ticket<0..2^16-1>;  opaque session_id<0..32>;
//   } SessionState;
#include "handshake/session_state.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "pki/certificate.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace handfast::handshake {
namespace {

constexpr std::uint8_t kFormat = 2;

void write_time(wire::Writer& writer, Time time) {
  const auto seconds = static_cast<std::uint64_t>(time.time_since_epoch().count());
  writer.u32(static_cast<std::uint32_t>(seconds >> 32U));
  writer.u32(static_cast<std::uint32_t>(seconds));
}

Time read_time(wire::Reader& reader, const char* field) {
  const std::uint64_t seconds = reader.u64(field);
  // Room for sums of times, far beyond any of them.
  constexpr std::uint64_t kLatest = std::uint64_t{1} << 48U;
  if (seconds > kLatest) reader.fail(field, reader.offset());
  return Time(std::chrono::seconds(static_cast<std::int64_t>(std::min(seconds, kLatest))));
}

void write8(wire::Writer& writer, Bytes content) {
  const auto scope = writer.vector8();
  writer.bytes(content);
}

std::shared_ptr<const PeerCertificates> read_chain(wire::Reader& reader) {
  const auto type = static_cast<CertificateType>(reader.u8("type"));
  wire::Reader list = reader.nested24("chain", 0, limits::kMaxCertificateMessage);
  if (list.empty()) return nullptr;
  auto certificates = std::make_shared<PeerCertificates>();
  certificates->type = type;
  while (!list.empty()) {
    if (certificates->chain.size() == limits::kMaxCertificates) list.fail("chain", list.offset());
    certificates->chain.push_back(copy_of(list.vector24("certificate", 1, limits::kMaxCertificateMessage)));
  }
  return certificates;
}

}  // namespace

Result<ByteString> encode_session(const SessionState& session) {
  ByteString out;
  // In one piece: growing would leave the secret in freed memory.
  std::size_t size = 1024 + session.ticket.size();
  if (session.peer_certificates) {
    for (const ByteString& der : session.peer_certificates->chain) size += 3 + der.size();
  }
  out.reserve(size);
  wire::Writer writer(out);
  writer.u8(kFormat);
  writer.u16(static_cast<std::uint16_t>(session.version));
  writer.u16(static_cast<std::uint16_t>(session.suite));
  writer.u8(session.extended_main_secret ? 1 : 0);
  write8(writer, session.secret.view());
  write_time(writer, session.authenticated);
  write_time(writer, session.issued);
  write_time(writer, session.expires);
  writer.u32(session.ticket_age_add);
  writer.u32(session.max_early_data_size);
  write8(writer, as_bytes(session.server_name));
  write8(writer, as_bytes(session.application_protocol));
  writer.bytes(session.binding);
  writer.u16(static_cast<std::uint16_t>(session.group));
  writer.u16(session.max_fragment_length);
  writer.u16(static_cast<std::uint16_t>(session.server_signature_scheme));
  writer.u16(static_cast<std::uint16_t>(session.client_signature_scheme.value_or(SignatureScheme{})));
  const auto type = session.peer_certificates ? session.peer_certificates->type : CertificateType::X509;
  writer.u8(static_cast<std::uint8_t>(type));
  {
    const auto chain = writer.vector24();
    if (session.peer_certificates) {
      for (const ByteString& der : session.peer_certificates->chain) {
        const auto certificate = writer.vector24();
        writer.bytes(der);
      }
    }
  }
  {
    const auto ticket = writer.vector16();
    writer.bytes(session.ticket);
  }
  write8(writer, session.session_id);
  if (writer.overflowed()) {
    wipe(out);
    return failure(Error(ErrorCode::limit_exceeded).at("session", 0));
  }
  return out;
}

Result<SessionState> decode_session(Bytes bytes) {
  SessionState session;
  wire::Reader reader(bytes);
  if (reader.u8("format") != kFormat) reader.fail("format", 0);
  session.version = static_cast<ProtocolVersion>(reader.u16("version"));
  session.suite = static_cast<CipherSuite>(reader.u16("suite"));
  session.extended_main_secret = reader.u8("extended_main_secret") == 1;
  session.secret = HashSecret(reader.vector8("secret", 1, 48));
  session.authenticated = read_time(reader, "authenticated");
  session.issued = read_time(reader, "issued");
  session.expires = read_time(reader, "expires");
  session.ticket_age_add = reader.u32("ticket_age_add");
  session.max_early_data_size = reader.u32("max_early_data_size");
  session.server_name = as_text(reader.vector8("server_name", 0, 255));
  session.application_protocol = as_text(reader.vector8("application_protocol", 0, 255));
  session.binding = reader.array<32>("binding");
  session.group = static_cast<NamedGroup>(reader.u16("group"));
  session.max_fragment_length = reader.u16("max_fragment_length");
  session.server_signature_scheme = static_cast<SignatureScheme>(reader.u16("server_signature_scheme"));
  const auto client = static_cast<SignatureScheme>(reader.u16("client_signature_scheme"));
  if (client != SignatureScheme{}) session.client_signature_scheme = client;
  session.peer_certificates = read_chain(reader);
  session.ticket = copy_of(reader.vector16("ticket", 0, 0xffff));
  session.session_id = copy_of(reader.vector8("session_id", 0, 32));
  HANDFAST_TRY(reader.finish());
  return session;
}

Time end_of(const PeerCertificates& certificates, Time now) {
  Time end = Time::max();
  if (certificates.type == CertificateType::RawPublicKey) return end;  // it bears no date
  for (const ByteString& der : certificates.chain) {
    const auto parsed = pki::Certificate::parse(der);
    if (!parsed) return now;
    end = std::min(end, parsed->not_after);
  }
  return end;
}

}  // namespace handfast::handshake
