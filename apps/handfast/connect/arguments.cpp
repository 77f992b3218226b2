// Taking arguments apart. Errors are sentences for the command line.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <handfast/policy.hpp>

#include "connect/options.hpp"
#include "trace/names.hpp"

namespace handfast::apps {
namespace {

constexpr std::array kGroups = {
    NamedGroup::X25519MLKEM768,
    NamedGroup::SecP256r1MLKEM768,
    NamedGroup::SecP384r1MLKEM1024,
    NamedGroup::MLKEM1024,
    NamedGroup::x25519,
    NamedGroup::secp256r1,
    NamedGroup::secp384r1,
    NamedGroup::secp521r1,
    NamedGroup::ffdhe2048,
    NamedGroup::ffdhe3072,
    NamedGroup::ffdhe4096,
};
constexpr std::array kSuites = {
    CipherSuite::TLS_AES_128_GCM_SHA256,
    CipherSuite::TLS_AES_256_GCM_SHA384,
    CipherSuite::TLS_CHACHA20_POLY1305_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    CipherSuite::TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,
    CipherSuite::TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    CipherSuite::TLS_RSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_RSA_WITH_AES_256_GCM_SHA384,
};

constexpr std::array kCompression = {
    CertificateCompressionAlgorithm::brotli,
    CertificateCompressionAlgorithm::zstd,
    CertificateCompressionAlgorithm::zlib,
};

std::unexpected<Error> wrong(std::string detail) {
  return failure(Error(ErrorCode::configuration_invalid).with_detail(std::move(detail)));
}

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

template <class Enum, std::size_t N>
Result<std::vector<Enum>> parse_names(std::string_view text, const std::array<Enum, N>& known,
                                      const char* kind) {
  std::vector<Enum> out;
  for (const auto& word : split_list(text)) {
    const auto found = std::ranges::find_if(known, [&](Enum value) {
      return same_word(word, name_of(value)) || same_word(word, short_name(value));
    });
    if (found == known.end()) {
      std::vector<std::string> names;
      names.reserve(known.size());
      for (const Enum value : known) names.push_back(short_name(value));
      return wrong(fmt::format("unknown {} '{}'; known are {}", kind, escape_untrusted(word), joined(names)));
    }
    if (std::ranges::find(out, *found) == out.end()) out.push_back(*found);
  }
  if (out.empty()) return wrong(fmt::format("no {} given", kind));
  return out;
}

Result<std::uint16_t> parse_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0 || port > 0xffff) {
    return failure(
        Error(ErrorCode::name_invalid).with_detail("'" + escape_untrusted(text) + "' is not a port"));
  }
  return static_cast<std::uint16_t>(port);
}

// "https://example.org/path" → "example.org".
std::string_view without_url_parts(std::string_view text) {
  constexpr std::string_view kScheme = "https://";
  if (text.starts_with(kScheme)) {
    text.remove_prefix(kScheme.size());
    text = text.substr(0, text.find_first_of("/?#"));
  }
  return text;
}

}  // namespace

Result<Target> Target::parse(std::string_view text) {
  text = without_url_parts(text);
  Target target;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) {
      return failure(Error(ErrorCode::name_invalid).with_detail("a ']' is missing"));
    }
    target.host = text.substr(1, close - 1);
    port = text.substr(close + 1);
  } else if (std::ranges::count(text, ':') == 1) {
    target.host = text.substr(0, text.find(':'));
    port = text.substr(text.find(':'));
  } else {
    target.host = text;  // no port, or a bare IPv6 address
  }
  if (!port.empty()) {
    if (port.front() != ':')
      return failure(Error(ErrorCode::name_invalid).with_detail("expected ':' and a port"));
    HANDFAST_TRY_ASSIGN(target.port, parse_port(port.substr(1)));
  }
  if (target.host.empty()) return failure(Error(ErrorCode::name_invalid).with_detail("there is no host"));
  return target;
}

std::string Target::to_string() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return fmt::format("{}:{}", ipv6 ? "[" + host + "]" : host, port);
}

Result<std::vector<NamedGroup>> parse_groups(std::string_view text) {
  return parse_names(text, kGroups, "group");
}

Result<std::vector<CipherSuite>> parse_suites(std::string_view text) {
  return parse_names(text, kSuites, "cipher suite");
}

Result<std::vector<CertificateCompressionAlgorithm>> parse_compression(std::string_view text) {
  return parse_names(text, kCompression, "compression");
}

Result<Policy> parse_policy(std::string_view name, bool tls12) {
  Policy policy = Policy::intermediate();
  if (name == "modern") {
    policy = Policy::modern();
  } else if (name == "legacy") {
    policy = Policy::legacy();
  } else if (name != "intermediate") {
    return wrong(
        fmt::format("unknown policy '{}'; known are modern, intermediate, legacy", escape_untrusted(name)));
  }
  if (!tls12) return policy;
  std::erase(policy.versions, ProtocolVersion::tls1_3);
  if (policy.versions.empty()) {
    return wrong(fmt::format("policy {} has no TLS 1.2", name));
  }
  return policy;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (comma > 0) parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

Result<std::string> unescape_argument(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    const char kind = ++i < text.size() ? text[i] : '\0';
    unsigned value = 0;
    switch (kind) {
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case '\\':
        out += '\\';
        break;
      case 'x':
        if (text.size() - i < 3 ||
            std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr != text.data() + i + 3) {
          return wrong("\\x in --send needs two hexadecimal digits");
        }
        out += static_cast<char>(value);
        i += 2;
        break;
      default:
        return wrong("--send understands \\r, \\n, \\t, \\\\ and \\x1b after a backslash");
    }
  }
  return out;
}

}  // namespace handfast::apps
