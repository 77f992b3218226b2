// Distribution points: which lists of revoked certificates cover what. RFC 5280 §4.2.1.13, §5.2.5.
// Views into the DER; must not fetch anything.
#pragma once

#include <cstdint>
#include <handfast/bytes.hpp>
#include <optional>

#include "crypto/der.hpp"
#include "pki/certificate.hpp"
#include "pki/comparisons.hpp"
#include "pki/general_name.hpp"

namespace handfast::pki {

// ReasonFlags, with bit 0 of the RFC as the highest bit.
using ReasonMask = std::uint16_t;
// keyCompromise(1) … aACompromise(8).
inline constexpr ReasonMask kAllReasons = 0x7f80;

// DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] RDN }
struct DistributionPointName {
  bool present = false;
  Bytes full_name;      // content of GeneralNames
  Bytes relative_name;  // content of RelativeDistinguishedName
};

// DistributionPoint ::= SEQUENCE { distributionPoint [0], reasons [1], cRLIssuer [2], all OPTIONAL }
struct DistributionPoint {
  DistributionPointName name;
  ReasonMask reasons = kAllReasons;
  Bytes crl_issuer;  // content of GeneralNames; empty if absent
};

struct IssuingDistributionPoint : ExtensionFlags {
  Bytes value;  // the whole extension, to compare it with another
  DistributionPointName name;
  bool only_contains_user_certificates = false;
  bool only_contains_ca_certificates = false;
  bool only_contains_attribute_certificates = false;
  bool indirect_crl = false;
  ReasonMask only_some_reasons = kAllReasons;
};

// Takes CRLDistributionPoints from the content of extnValue, one after the other.
class DistributionPointReader {
 public:
  explicit DistributionPointReader(Bytes extension_value);
  // False at the end and when something is malformed.
  bool next(DistributionPoint& point);
  [[nodiscard]] bool malformed() const { return malformed_; }

 private:
  Bytes rest_;
  bool malformed_ = false;
};

// Failures stay in `value`.
void read_issuing_distribution_point(crypto::DerReader& value, IssuingDistributionPoint& out);

// One GeneralName at least, each well formed; their content.
Bytes read_general_names(crypto::DerReader& reader, const char* field, std::uint8_t tag);

// Whether two distribution point names have a name in common. A relative name stands below `first_issuer` or
// `second_issuer` (whole Names). RFC 5280 §6.3.3 (b) (2) (i). False, too, when `comparisons` are exhausted.
bool distribution_names_meet(const DistributionPointName& first, Bytes first_issuer,
                             const DistributionPointName& second, Bytes second_issuer,
                             Comparisons& comparisons);
// Whether `name`, relative to `issuer`, is one of `names` (content of GeneralNames). The same holds.
bool distribution_name_among(const DistributionPointName& name, Bytes issuer, Bytes names,
                             Comparisons& comparisons);

}  // namespace handfast::pki
