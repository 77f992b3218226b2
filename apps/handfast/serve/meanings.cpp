// Versions, suites, groups, signature schemes and certificate compression. Extensions have a file of their
// own.
#include "meanings.hpp"

#include <handfast/codepoints.hpp>

#include "trace/names.hpp"

namespace handfast::apps::serve {
namespace {

constexpr std::string_view kGreaseNote =
    "a random number that stands for nothing: it keeps servers used to ignoring what they do not know";

// Suites that are offered in the wild and that Handfast itself does not speak.
struct Suite {
  std::uint16_t code;
  std::string_view name;
};
constexpr Suite kOtherSuites[] = {
    {0x0004, "TLS_RSA_WITH_RC4_128_MD5"},
    {0x0005, "TLS_RSA_WITH_RC4_128_SHA"},
    {0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
    {0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA"},
    {0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"},
    {0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"},
    {0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"},
    {0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256"},
    {0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256"},
    {0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256"},
    {0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256"},
    {0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256"},
    {0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384"},
    {0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"},
    {0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"},
    {0x1304, "TLS_AES_128_CCM_SHA256"},
    {0x1305, "TLS_AES_128_CCM_8_SHA256"},
    {0xc008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA"},
    {0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"},
    {0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"},
    {0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"},
    {0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"},
    {0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"},
    {0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"},
    {0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"},
    {0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"},
    {0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"},
    {0xc09c, "TLS_RSA_WITH_AES_128_CCM"},
    {0xc09d, "TLS_RSA_WITH_AES_256_CCM"},
    {0xc09e, "TLS_DHE_RSA_WITH_AES_128_CCM"},
    {0xc09f, "TLS_DHE_RSA_WITH_AES_256_CCM"},
    {0xc0ac, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM"},
    {0xc0ad, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM"},
    {0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

void judge_suite(Meaning& meaning) {
  const std::string_view name = meaning.name;
  if (contains(name, "SCSV")) {
    meaning.note = "no suite: a signal for TLS 1.2 and older";
  } else if (contains(name, "RC4") || contains(name, "3DES")) {
    meaning.note = "broken or worn-out cipher, for very old servers";
    meaning.strength = Strength::weak;
  } else if (name.starts_with("TLS_RSA_")) {
    meaning.note = "TLS 1.2 without forward secrecy: whoever gets the server's key reads old recordings";
    meaning.strength = Strength::weak;
  } else if (contains(name, "_CBC_")) {
    meaning.note = "TLS 1.2 with a mode of encryption that has needed many repairs";
    meaning.strength = Strength::dated;
  } else if (contains(name, "_WITH_")) {
    meaning.note = "TLS 1.2, forward secrecy, authenticated encryption";
    meaning.strength = Strength::good;
  } else if (name.starts_with("TLS_")) {
    meaning.note = "TLS 1.3";
    meaning.strength = Strength::good;
  }
}

template <class Enum>
Meaning named(std::uint16_t value) {
  const std::string_view name = name_of(static_cast<Enum>(value));
  Meaning out;
  out.name = name.empty() ? number_text(value) : std::string(name);
  if (is_grease(value)) {
    out.name = "GREASE " + number_text(value);
    out.note = kGreaseNote;
  }
  return out;
}

}  // namespace

Meaning version_meaning(std::uint16_t version) {
  Meaning out = named<ProtocolVersion>(version);
  if (version == 0x0304) {
    out.note = "the current version";
    out.strength = Strength::good;
  } else if (version == 0x0303) {
    out.note = "still in wide use; safe with care";
    out.strength = Strength::good;
  } else if (version >= 0x0300 && version < 0x0303) {
    out.note = "retired (RFC 8996)";
    out.strength = Strength::weak;
  }
  return out;
}

Meaning suite_meaning(std::uint16_t suite) {
  Meaning out = named<CipherSuite>(suite);
  if (is_grease(suite)) return out;
  for (const Suite& other : kOtherSuites) {
    if (other.code == suite) out.name = other.name;
  }
  judge_suite(out);
  return out;
}

Meaning group_meaning(std::uint16_t group) {
  Meaning out = named<NamedGroup>(group);
  switch (static_cast<NamedGroup>(group)) {
    case NamedGroup::X25519MLKEM768:
      out.note = "X25519 and ML-KEM-768 together: safe as long as one of the two is";
      out.strength = Strength::good;
      break;
    case NamedGroup::SecP256r1MLKEM768:
      out.note = "P-256 and ML-KEM-768 together";
      out.strength = Strength::good;
      break;
    case NamedGroup::SecP384r1MLKEM1024:
      out.note = "P-384 and ML-KEM-1024 together";
      out.strength = Strength::good;
      break;
    case NamedGroup::MLKEM768:
    case NamedGroup::MLKEM1024:
      out.note = "ML-KEM alone";
      out.strength = Strength::good;
      break;
    case NamedGroup::x25519:
    case NamedGroup::x448:
      out.note = "modern elliptic curve; a large quantum computer would break it";
      out.strength = Strength::good;
      break;
    case NamedGroup::secp256r1:
    case NamedGroup::secp384r1:
    case NamedGroup::secp521r1:
      out.note = "NIST elliptic curve; a large quantum computer would break it";
      out.strength = Strength::good;
      break;
    default:
      if (group >= 0x0100 && group <= 0x0104) {
        out.note = "finite-field Diffie-Hellman: large and slow";
        out.strength = Strength::dated;
      } else if (group == 0x6399) {
        out.name = "X25519Kyber768Draft00";
        out.note = "an early draft of the post-quantum hybrid";
        out.strength = Strength::dated;
      } else if (group >= 0x001a && group <= 0x001c) {
        out.name = group == 0x001a   ? "brainpoolP256r1"
                   : group == 0x001b ? "brainpoolP384r1"
                                     : "brainpoolP512r1";
      }
  }
  return out;
}

Meaning scheme_meaning(std::uint16_t scheme) {
  Meaning out = named<SignatureScheme>(scheme);
  if (is_grease(scheme)) return out;
  if (contains(out.name, "sha1") || scheme == 0x0202) {
    if (scheme == 0x0202) out.name = "dsa_sha1";
    out.note = "SHA-1: forgeable";
    out.strength = Strength::weak;
  } else if (contains(out.name, "pkcs1")) {
    out.note = "in TLS 1.3 for certificates only";
    out.strength = Strength::dated;
  } else if (contains(out.name, "mldsa")) {
    out.note = "post-quantum signature";
    out.strength = Strength::good;
  } else if (!out.name.starts_with("0x")) {
    out.strength = Strength::good;
  } else if (scheme >= 0x081a && scheme <= 0x081c) {
    out.name = scheme == 0x081a   ? "ecdsa_brainpoolP256r1tls13_sha256"
               : scheme == 0x081b ? "ecdsa_brainpoolP384r1tls13_sha384"
                                  : "ecdsa_brainpoolP512r1tls13_sha512";
  } else if (scheme == 0x0301 || scheme == 0x0302 || scheme == 0x0303) {
    out.note = "SHA-224, for TLS 1.2 only";
    out.strength = Strength::dated;
  } else if (scheme == 0x0402 || scheme == 0x0502 || scheme == 0x0602) {
    out.note = "DSA, for TLS 1.2 only";
    out.strength = Strength::dated;
  }
  return out;
}

Meaning compression_meaning(std::uint16_t algorithm) {
  Meaning out;
  out.name = algorithm == 1   ? "zlib"
             : algorithm == 2 ? "brotli"
             : algorithm == 3 ? "zstd"
                              : number_text(algorithm);
  return out;
}

}  // namespace handfast::apps::serve
