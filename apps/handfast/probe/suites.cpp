// Code points and names from IANA's registries.
#include "probe/suites.hpp"

#include <string_view>
#include <vector>

#include "trace/names.hpp"

namespace handfast::apps::probe {
namespace {

template <class Enum>
struct Known {
  Enum code;
  std::string_view name;
};

constexpr Known<CipherSuite> kSuites[] = {
    {CipherSuite{0x1301}, "TLS_AES_128_GCM_SHA256"},
    {CipherSuite{0x1302}, "TLS_AES_256_GCM_SHA384"},
    {CipherSuite{0x1303}, "TLS_CHACHA20_POLY1305_SHA256"},
    {CipherSuite{0x1304}, "TLS_AES_128_CCM_SHA256"},
    {CipherSuite{0x1305}, "TLS_AES_128_CCM_8_SHA256"},
    {CipherSuite{0xc02b}, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
    {CipherSuite{0xc02f}, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
    {CipherSuite{0xc02c}, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"},
    {CipherSuite{0xc030}, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
    {CipherSuite{0xcca9}, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"},
    {CipherSuite{0xcca8}, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
    {CipherSuite{0x009e}, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"},
    {CipherSuite{0x009f}, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"},
    {CipherSuite{0xccaa}, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
    {CipherSuite{0xc0ac}, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM"},
    {CipherSuite{0xc0ad}, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM"},
    {CipherSuite{0xc0ae}, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"},
    {CipherSuite{0xc0af}, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8"},
    {CipherSuite{0xc023}, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"},
    {CipherSuite{0xc027}, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"},
    {CipherSuite{0xc024}, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"},
    {CipherSuite{0xc028}, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"},
    {CipherSuite{0xc009}, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"},
    {CipherSuite{0xc013}, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"},
    {CipherSuite{0xc00a}, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"},
    {CipherSuite{0xc014}, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"},
    {CipherSuite{0xc05c}, "TLS_ECDHE_ECDSA_WITH_ARIA_128_GCM_SHA256"},
    {CipherSuite{0xc060}, "TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256"},
    {CipherSuite{0xc072}, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256"},
    {CipherSuite{0xc076}, "TLS_ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256"},
    {CipherSuite{0xc08a}, "TLS_ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256"},
    {CipherSuite{0x0067}, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256"},
    {CipherSuite{0x006b}, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256"},
    {CipherSuite{0x0033}, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"},
    {CipherSuite{0x0039}, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"},
    {CipherSuite{0x0032}, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA"},
    {CipherSuite{0x0038}, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA"},
    {CipherSuite{0x0045}, "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA"},
    {CipherSuite{0x0088}, "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA"},
    {CipherSuite{0xc09e}, "TLS_DHE_RSA_WITH_AES_128_CCM"},
    {CipherSuite{0xc09f}, "TLS_DHE_RSA_WITH_AES_256_CCM"},
    {CipherSuite{0x009c}, "TLS_RSA_WITH_AES_128_GCM_SHA256"},
    {CipherSuite{0x009d}, "TLS_RSA_WITH_AES_256_GCM_SHA384"},
    {CipherSuite{0xc09c}, "TLS_RSA_WITH_AES_128_CCM"},
    {CipherSuite{0xc09d}, "TLS_RSA_WITH_AES_256_CCM"},
    {CipherSuite{0x003c}, "TLS_RSA_WITH_AES_128_CBC_SHA256"},
    {CipherSuite{0x003d}, "TLS_RSA_WITH_AES_256_CBC_SHA256"},
    {CipherSuite{0x002f}, "TLS_RSA_WITH_AES_128_CBC_SHA"},
    {CipherSuite{0x0035}, "TLS_RSA_WITH_AES_256_CBC_SHA"},
    {CipherSuite{0x0041}, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA"},
    {CipherSuite{0x0084}, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA"},
    {CipherSuite{0x0096}, "TLS_RSA_WITH_SEED_CBC_SHA"},
    {CipherSuite{0x0007}, "TLS_RSA_WITH_IDEA_CBC_SHA"},
    {CipherSuite{0xc008}, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA"},
    {CipherSuite{0xc012}, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"},
    {CipherSuite{0x0016}, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA"},
    {CipherSuite{0x000a}, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
    {CipherSuite{0xc007}, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA"},
    {CipherSuite{0xc011}, "TLS_ECDHE_RSA_WITH_RC4_128_SHA"},
    {CipherSuite{0x0005}, "TLS_RSA_WITH_RC4_128_SHA"},
    {CipherSuite{0x0004}, "TLS_RSA_WITH_RC4_128_MD5"},
    {CipherSuite{0x0009}, "TLS_RSA_WITH_DES_CBC_SHA"},
};

constexpr Known<NamedGroup> kGroups[] = {
    {NamedGroup{0x001d}, "x25519"},
    {NamedGroup{0x0017}, "secp256r1"},
    {NamedGroup{0x0018}, "secp384r1"},
    {NamedGroup{0x0019}, "secp521r1"},
    {NamedGroup{0x11ec}, "X25519MLKEM768"},
    {NamedGroup{0x11eb}, "SecP256r1MLKEM768"},
    {NamedGroup{0x11ed}, "SecP384r1MLKEM1024"},
    {NamedGroup{0x0201}, "MLKEM768"},
    {NamedGroup{0x0202}, "MLKEM1024"},
    {NamedGroup{0x001e}, "x448"},
    {NamedGroup{0x001f}, "brainpoolP256r1tls13"},
    {NamedGroup{0x0020}, "brainpoolP384r1tls13"},
    {NamedGroup{0x0021}, "brainpoolP512r1tls13"},
    {NamedGroup{0x001a}, "brainpoolP256r1"},
    {NamedGroup{0x001b}, "brainpoolP384r1"},
    {NamedGroup{0x001c}, "brainpoolP512r1"},
    {NamedGroup{0x0016}, "secp256k1"},
    {NamedGroup{0x0015}, "secp224r1"},
    {NamedGroup{0x0013}, "secp192r1"},
    {NamedGroup{0x0029}, "curveSM2"},
    {NamedGroup{0x0100}, "ffdhe2048"},
    {NamedGroup{0x0101}, "ffdhe3072"},
    {NamedGroup{0x0102}, "ffdhe4096"},
    {NamedGroup{0x0103}, "ffdhe6144"},
    {NamedGroup{0x0104}, "ffdhe8192"},
};

constexpr SignatureScheme kSchemes[] = {
    SignatureScheme{0x0403}, SignatureScheme{0x0804}, SignatureScheme{0x0401}, SignatureScheme{0x0503},
    SignatureScheme{0x0805}, SignatureScheme{0x0501}, SignatureScheme{0x0603}, SignatureScheme{0x0806},
    SignatureScheme{0x0601}, SignatureScheme{0x0807}, SignatureScheme{0x0808}, SignatureScheme{0x0809},
    SignatureScheme{0x080a}, SignatureScheme{0x080b}, SignatureScheme{0x081a}, SignatureScheme{0x081b},
    SignatureScheme{0x081c}, SignatureScheme{0x0904}, SignatureScheme{0x0905}, SignatureScheme{0x0906},
    SignatureScheme{0x0708}, SignatureScheme{0x0301}, SignatureScheme{0x0303}, SignatureScheme{0x0302},
    SignatureScheme{0x0402}, SignatureScheme{0x0203}, SignatureScheme{0x0201}, SignatureScheme{0x0202},
    SignatureScheme{0x0101},
};

template <class Enum, std::size_t Size>
std::vector<Enum> codes_of(const Known<Enum> (&rows)[Size]) {
  std::vector<Enum> codes;
  for (const auto& row : rows) codes.push_back(row.code);
  return codes;
}

template <class Enum, std::size_t Size>
std::string name_in(const Known<Enum> (&rows)[Size], Enum code) {
  for (const auto& row : rows) {
    if (row.code == code) return std::string(row.name);
  }
  return number_text(static_cast<std::uint16_t>(code));
}

}  // namespace

std::span<const CipherSuite> every_suite() {
  static const std::vector<CipherSuite> kCodes = codes_of(kSuites);
  return kCodes;
}

std::span<const NamedGroup> every_group() {
  static const std::vector<NamedGroup> kCodes = codes_of(kGroups);
  return kCodes;
}

std::span<const SignatureScheme> every_scheme() { return kSchemes; }

std::string name_of_any(CipherSuite suite) { return name_in(kSuites, suite); }
std::string name_of_any(NamedGroup group) { return name_in(kGroups, group); }

bool is_rsa_key_exchange(CipherSuite suite) { return name_of_any(suite).starts_with("TLS_RSA_"); }

}  // namespace handfast::apps::probe
