// The structures inside extensions, as views. RFC 9846 §4.3, 6066, 6962, 7250, 7301, 8879, 9149.
// Must not hold policy. What each `read` accepts is exactly the RFC's syntax.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <optional>

#include "message/views.hpp"

namespace handfast::message {

// struct {
//     NamedGroup group;
//     opaque key_exchange<1..2^16-1>;
// } KeyShareEntry;                                                                        RFC 9846 §4.3.8
struct KeyShareEntry {
  NamedGroup group{};
  Bytes key_exchange;
  std::size_t offset = 0;  // of `group`; encoders ignore it

  static KeyShareEntry read(wire::Reader& reader);
};

class KeyShareList : public ElementList<KeyShareEntry> {
 public:
  using ElementList::ElementList;
  // The first entry of `group`.
  [[nodiscard]] std::optional<KeyShareEntry> find(NamedGroup group) const;
};

// opaque ProtocolName<1..2^8-1>;                                                          RFC 7301 §3.1
struct ProtocolName {
  Bytes name;
  std::size_t offset = 0;  // of the name's length byte

  static ProtocolName read(wire::Reader& reader);
};

class ProtocolNameList : public ElementList<ProtocolName> {
 public:
  using ElementList::ElementList;
  [[nodiscard]] bool contains(Bytes name) const;
};

// opaque DistinguishedName<1..2^16-1>;                                                    RFC 9846 §4.3.4
struct DistinguishedName {
  Bytes der;
  std::size_t offset = 0;

  static DistinguishedName read(wire::Reader& reader);
};
using DistinguishedNameList = ElementList<DistinguishedName>;

// struct {
//     opaque certificate_extension_oid<1..2^8-1>;
//     opaque certificate_extension_values<0..2^16-1>;
// } OIDFilter;                                                                            RFC 9846 §4.3.5
struct OidFilter {
  Bytes oid;
  Bytes values;
  std::size_t offset = 0;

  static OidFilter read(wire::Reader& reader);
};
using OidFilterList = ElementList<OidFilter>;

// struct {
//     opaque identity<1..2^16-1>;
//     uint32 obfuscated_ticket_age;
// } PskIdentity;                                                                          RFC 9846 §4.3.11
struct PskIdentity {
  Bytes identity;
  std::uint32_t obfuscated_ticket_age = 0;
  std::size_t offset = 0;

  static PskIdentity read(wire::Reader& reader);
};

// opaque PskBinderEntry<32..255>;
struct PskBinderEntry {
  Bytes binder;
  std::size_t offset = 0;

  static PskBinderEntry read(wire::Reader& reader);
};

// As many identities as binders.
struct OfferedPsks {
  ElementList<PskIdentity> identities;
  ElementList<PskBinderEntry> binders;
  // Where the binders' length prefix lies: the binders sign the ClientHello up to here (§4.3.11.2).
  std::size_t binders_offset = 0;
};

// struct {
//     NameType name_type;
//     select (name_type) { case host_name: HostName; } name;
// } ServerName;                                                                           RFC 6066 §3
struct ServerNameEntry {
  std::uint8_t name_type = 0;
  Bytes name;
  std::size_t offset = 0;

  static ServerNameEntry read(wire::Reader& reader);
};

enum class NameType : std::uint8_t { host_name = 0 };                         // RFC 6066 §3
enum class CertificateStatusType : std::uint8_t { ocsp = 1 };                 // RFC 6066 §8
enum class PskKeyExchangeMode : std::uint8_t { psk_ke = 0, psk_dhe_ke = 1 };  // RFC 9846 §4.3.9

// What a client asks for with status_request. RFC 6066 §8.
struct CertificateStatusRequest {
  CertificateStatusType status_type{};  // of an unknown type, `request` is all there is
  Bytes request;                        // OCSPStatusRequest for ocsp, syntax checked
};

// RFC 9149 §3, ClientHello.
struct TicketRequest {
  std::uint8_t new_session_count = 0;
  std::uint8_t resumption_count = 0;
};

// True for 1 to 255 ASCII letters, digits, '-', '_' and '.', without an empty label: what a host_name may
// look like at all. In particular no NUL. RFC 6066 §3.
bool is_host_name(Bytes name);

}  // namespace handfast::message
