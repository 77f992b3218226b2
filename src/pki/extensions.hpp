// The extensions of certificates, CRLs and OCSP responses: syntax only. RFC 5280 §4.2, §5.2, RFC 6962 §3.3,
// RFC 7633.
#pragma once

#include <array>

#include "crypto/der.hpp"
#include "pki/certificate.hpp"
#include "pki/oid.hpp"

namespace handfast::pki {

// Takes `Extensions` from `tagged` (the content of [3]) and fills the extension fields of `certificate`.
// Failures stay in `tagged`.
void parse_extensions(crypto::DerReader& tagged, Certificate& certificate);

void read_authority_key_identifier(crypto::DerReader& value, AuthorityKeyIdentifier& out);

// Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
// Answers extnValue.
crypto::DerElement read_extension(crypto::DerReader& extensions, Extension& extension);

// Takes Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension from `reader`, at most `Most` of them and each
// type once, and shows each to visit(extension, value). If that answers true the value was read and must be
// used up.
template <std::size_t Most, class Visit>
void read_extensions(crypto::DerReader& reader, const char* field, Bytes& content, Visit visit) {
  const crypto::DerElement element = reader.element(field, crypto::der::kSequence);
  if (reader.failed()) return;
  content = element.content;
  crypto::DerReader extensions(element.content, element.content_offset);
  std::array<Bytes, Most> seen;
  std::size_t count = 0;
  do {
    const std::size_t offset = extensions.offset();
    Extension extension;
    const crypto::DerElement value = read_extension(extensions, extension);
    if (extensions.failed()) break;
    // RFC 5280 §4.2: "A certificate MUST NOT include more than one instance of a particular extension."
    for (std::size_t i = 0; i < count; ++i) {
      if (oid::equal(seen[i], extension.oid)) extensions.fail("extensions (duplicate)", offset);
    }
    if (count == Most) {
      extensions.fail("extensions (too many)", offset);
      break;
    }
    seen[count++] = extension.oid;
    crypto::DerReader inner(extension.value, value.content_offset);
    if (!visit(extension, inner)) continue;
    if (const Result<void> verdict = inner.finish(); !verdict) {
      extensions.fail(*verdict.error().field() != '\0' ? verdict.error().field() : "extnValue",
                      verdict.error().offset());
    }
  } while (!extensions.empty());
  if (const Result<void> verdict = extensions.finish(); !verdict) {
    reader.fail(verdict.error().field(), verdict.error().offset());
  }
}

}  // namespace handfast::pki
