// ProbeHello: a ClientHello as a prober varies it: what the library sent, with one thing changed. RFC 9846
// §4.2.2. It leads to no handshake: what counts is the first answer.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "message/planned_extension.hpp"

namespace handfast::apps::probe {

struct ProbeHello {
  std::vector<CipherSuite> suites;
  std::vector<message::PlannedExtension> extensions;
  ByteString session_id;
  std::string before;  // bytes that go before the hello
  bool split = false;  // cut in two packets, after the record's header

  // The same hello again, without what belongs to an earlier session. Errors: those of decode_client_hello.
  static Result<ProbeHello> like(Bytes client_hello);

  [[nodiscard]] bool offers(CipherSuite suite) const;
  [[nodiscard]] bool offers(NamedGroup group) const;
  void set(message::PlannedExtension extension);
  void drop(ExtensionType type);

  // Variations; each answers a changed copy.
  [[nodiscard]] ProbeHello with_every_suite() const;
  [[nodiscard]] ProbeHello with_every_group() const;
  [[nodiscard]] ProbeHello with_every_scheme() const;
  [[nodiscard]] ProbeHello with_every_version() const;  // TLS 1.0 to 1.3
  [[nodiscard]] ProbeHello without_post_quantum() const;
  [[nodiscard]] ProbeHello without(ExtensionType type) const;
  // As clients sent it in 2016: TLS 1.2, few extensions, the same name.
  [[nodiscard]] ProbeHello as_tls12() const;
  [[nodiscard]] ProbeHello asking_for(std::string_view name) const;
  [[nodiscard]] ProbeHello in_two_packets() const;
  [[nodiscard]] ProbeHello after(std::string bytes) const;

  // In its record. Errors: crypto_failed, internal_error.
  [[nodiscard]] Result<ByteString> encode() const;
};

}  // namespace handfast::apps::probe
