// Handfast's verifier against libcrypto's X509_verify_cert, over chains with right signatures and a hostile
// content (chain_maker.hpp). What only Handfast accepts must have a reason in the table below, else the run
// ends.
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <handfast/server_name.hpp>
#include <handfast/trust.hpp>
#include <map>
#include <memory>

#include "chain_maker.hpp"
#include "crypto/pem.hpp"
#include "pki/verify.hpp"

namespace {

using namespace handfast;

template <auto Function>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Function(object);
  }
};
using OwnedX509 = std::unique_ptr<X509, FreeWith<&X509_free>>;
using OwnedStore = std::unique_ptr<X509_STORE, FreeWith<&X509_STORE_free>>;
using OwnedContext = std::unique_ptr<X509_STORE_CTX, FreeWith<&X509_STORE_CTX_free>>;

constexpr const char* kName = "www.example.org";

struct Answer {
  int error = X509_V_OK;
  int depth = 0;
};

constexpr int kUnparsed = -1;

OwnedX509 parse(const ByteString& der) {
  const unsigned char* at = der.data();
  OwnedX509 certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (certificate && at != der.data() + der.size()) certificate.reset();
  return certificate;
}

// libcrypto's verdict under the same circumstances: server, name, time, anchors.
Answer ask_libcrypto(const fuzz::MadeChain& made, unsigned long flags) {
  Answer answer{kUnparsed, 0};
  const OwnedX509 root = parse(made.root);
  const OwnedX509 leaf = parse(made.chain.front());
  const OwnedStore store(X509_STORE_new());
  const OwnedContext context(X509_STORE_CTX_new());
  STACK_OF(X509)* const others = sk_X509_new_null();
  bool readable = root != nullptr && leaf != nullptr;
  for (std::size_t i = 1; i < made.chain.size(); ++i) {
    if (OwnedX509 other = parse(made.chain[i])) sk_X509_push(others, other.release());
  }
  if (readable && X509_STORE_add_cert(store.get(), root.get()) == 1 &&
      X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), others) == 1) {
    X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(
        parameters,
        std::chrono::duration_cast<std::chrono::seconds>(fuzz::kFuzzNow.time_since_epoch()).count());
    X509_VERIFY_PARAM_set_flags(parameters, flags);
    X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
    X509_VERIFY_PARAM_set_hostflags(
        parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(parameters, kName, 0);
    const int verdict = X509_verify_cert(context.get());
    answer.error = X509_STORE_CTX_get_error(context.get());
    answer.depth = X509_STORE_CTX_get_error_depth(context.get());
    if (verdict != 1 && answer.error == X509_V_OK) answer.error = X509_V_ERR_UNSPECIFIED;
  }
  sk_X509_pop_free(others, X509_free);
  ERR_clear_error();
  return answer;
}

// The path, or empty.
std::vector<ByteString> ask_handfast(const fuzz::MadeChain& made, pki::Profile profile) {
  static const auto name = ServerName::parse(kName);
  TrustAnchors anchors;
  if (!anchors.add_certificate(made.root)) return {};
  pki::VerifyInput input{
      .chain = made.chain, .anchors = anchors, .now = fuzz::kFuzzNow, .peer = Side::server, .name = &*name};
  input.policy.profile = profile;
  input.staple_requested = false;
  auto path = pki::verify_chain(input);
  return path ? std::move(*path) : std::vector<ByteString>();
}

using Path = std::vector<pki::Certificate>;

// RFC 4158 §3.5.12: key identifiers that differ are advice where to look first; the signature decides.
// libcrypto takes such a certificate for another issuer.
bool key_identifiers_differ(const Path& path) {
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const auto& wanted = path[i].authority_key_identifier;
    if (!wanted.present) continue;
    const auto& has = path[i + 1].subject_key_identifier;
    // It compares issuer and serial number, too.
    if (wanted.has_issuer || wanted.has_serial) return true;
    if (wanted.key_identifier && has.present &&
        !std::ranges::equal(*wanted.key_identifier, has.key_identifier))
      return true;
  }
  return false;
}

// A CA that certifies its own new key (RFC 5280 §3.2, self-issued). libcrypto takes subject and issuer of one
// name for self-signed if no key identifier says otherwise.
bool has_new_key_of_same_name(const Path& path) {
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    if (path[i].self_issued) return true;
  }
  return false;
}

// Why Handfast accepts what libcrypto refuses with this error: only if the reason is there.
struct Explained {
  int error;
  bool (*reason)(const Path& path);
};
constexpr Explained kExplained[] = {
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, key_identifiers_differ},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, key_identifiers_differ},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, key_identifiers_differ},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, has_new_key_of_same_name},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, has_new_key_of_same_name},
};

bool is_explained(int error, const std::vector<ByteString>& path) {
  Path parsed;
  for (const ByteString& der : path) {
    if (const auto certificate = pki::Certificate::parse(der)) parsed.push_back(*certificate);
  }
  for (const Explained& row : kExplained) {
    if (row.error == error && row.reason(parsed)) return true;
  }
  return false;
}

void compare(const fuzz::MadeChain& made, pki::Profile profile, unsigned long flags) {
  static std::map<std::pair<int, unsigned long>, int> seen;
  const auto path = ask_handfast(made, profile);
  if (path.empty()) return;
  // An anchor is believed whether it is signed by itself or not.
  const Answer answer = ask_libcrypto(made, flags | X509_V_FLAG_PARTIAL_CHAIN);
  if (answer.error == X509_V_OK || is_explained(answer.error, path)) return;
  if (seen[{answer.error, flags}]++ == 0) {
    std::fprintf(stderr, "ONLY HANDFAST ACCEPTS (%s): libcrypto says %d, %s, at depth %d\n",
                 flags != 0 ? "strict" : "rfc5280", answer.error,
                 answer.error == kUnparsed ? "not parsed" : X509_verify_cert_error_string(answer.error),
                 answer.depth);
    for (const ByteString& der : made.chain) std::fputs(crypto::to_pem("CERTIFICATE", der).c_str(), stderr);
    std::fputs("the anchor:\n", stderr);
    std::fputs(crypto::to_pem("CERTIFICATE", made.root).c_str(), stderr);
  }
  static const bool go_on = std::getenv("HANDFAST_DIFFERENTIAL_GO_ON") != nullptr;
  if (!go_on) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::ChainMaker maker;
  const fuzz::MadeChain made = maker.make({data, size});
  if (made.chain.empty()) return 0;
  compare(made, pki::Profile::rfc5280, 0);
  compare(made, pki::Profile::rfc5280_strict, X509_V_FLAG_X509_STRICT);
  return 0;
}
