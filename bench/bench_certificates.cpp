// Certificates: parsing and verifying a typical chain of three, against libcrypto's X509 and against the
// signature checks alone, in turns; the memory of verified chains; and the cases that are made to be slow.
#include <fmt/core.h>
#include <openssl/crypto.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <cstdlib>
#include <handfast/system.hpp>
#include <memory>

#include "crypto/private_key.hpp"
#include "measure.hpp"
#include "pathological.hpp"
#include "pki/certificate.hpp"
#include "pki/chain_cache.hpp"
#include "pki/issue.hpp"
#include "setup.hpp"

namespace {

using namespace handfast;
using namespace handfast::bench;
using crypto::KeyType;

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
using OwnedStack =
    std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * stack) { sk_X509_free(stack); })>;

struct Chain {
  const char* name;
  ByteString root;
  std::vector<ByteString> sent;  // leaf, intermediate
  ServerName host = must(ServerName::parse("www.bench.test"));
};

Chain make_chain(const char* name, KeyType root_type, KeyType middle_type, KeyType leaf_type) {
  const Time now = system_clock().now();
  const auto root_key = must(crypto::PrivateKey::generate(root_type));
  const auto middle_key = must(crypto::PrivateKey::generate(middle_type));
  const auto leaf_key = must(crypto::PrivateKey::generate(leaf_type));
  pki::IssueSpec spec;
  spec.common_name = "Benchmark Root";
  spec.organization = "Handfast";
  spec.is_ca = true;
  spec.not_before = now - std::chrono::hours(1);
  spec.not_after = now + std::chrono::hours(24);
  Chain chain{name, must(pki::issue(spec, root_key.public_key(), root_key)), {}};
  spec.common_name = "Benchmark Intermediate";
  spec.path_len = 0;
  const auto middle = must(pki::issue(spec, middle_key.public_key(), root_key, chain.root));
  spec.common_name = "www.bench.test";
  spec.is_ca = false;
  spec.path_len.reset();
  spec.server_auth = true;
  spec.dns_names = {"bench.test", "www.bench.test"};
  spec.ca_issuers_url = "http://ca.bench.test/intermediate.der";
  chain.sent = {must(pki::issue(spec, leaf_key.public_key(), middle_key, middle)), middle};
  return chain;
}

// Microseconds an operation.
template <class Work>
Costs timed(int count, Work work) {
  Stopwatch watch;
  {
    const auto lap = watch.lap();
    for (int i = 0; i < count; ++i) work();
  }
  return {watch.total() / count};
}

OwnedX509 parse_x509(const ByteString& der) {
  const unsigned char* at = der.data();
  OwnedX509 certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!certificate) stop("libcrypto does not parse the chain");
  return certificate;
}

void measure_parsing(const Chain& chain, int rounds) {
  std::vector<ByteString> all = chain.sent;
  all.push_back(chain.root);
  std::vector<Contender> contenders = {
      {"handfast",
       [&] {
         return timed(300, [&] {
           for (const auto& der : all) (void)must(pki::Certificate::parse(der));
         });
       }},
      {"X509, decoded",
       [&] {
         return timed(100, [&] {
           for (const auto& der : all) (void)parse_x509(der);
         });
       }},
      {"X509, with its extensions",
       [&] {
         return timed(100, [&] {
           for (const auto& der : all) (void)X509_get_extension_flags(parse_x509(der).get());
         });
       }},
  };
  take_turns(contenders, rounds);
  const double own = contenders[0].best[0];
  fmt::print("  parse 3 certificates, names and extensions read  {:>8.2f} µs\n", own);
  for (std::size_t i = 1; i < contenders.size(); ++i) {
    fmt::print("    {:<46} {:>8.2f} µs  {:>6.1f} ×\n", contenders[i].name, contenders[i].best[0],
               contenders[i].best[0] / own);
  }
}

// Parses, builds the path, verifies it for the name.
void verify_x509(const Chain& chain, X509_STORE* store) {
  const OwnedX509 leaf = parse_x509(chain.sent[0]);
  const OwnedX509 middle = parse_x509(chain.sent[1]);
  const OwnedStack others(sk_X509_new_null());
  sk_X509_push(others.get(), middle.get());
  const OwnedContext context(X509_STORE_CTX_new());
  if (X509_STORE_CTX_init(context.get(), store, leaf.get(), others.get()) != 1) stop("X509_STORE_CTX_init");
  X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set1_host(parameters, "www.bench.test", 0);
  if (X509_verify_cert(context.get()) != 1) stop("libcrypto does not verify the chain");
}

void measure_verifying(const Chain& chain, int rounds) {
  TrustAnchors anchors;
  must(anchors.add_certificate(chain.root));
  const OwnedStore store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), parse_x509(chain.root).get());
  const pki::VerifyInput input{.chain = chain.sent,
                               .anchors = anchors,
                               .now = system_clock().now(),
                               .peer = Side::server,
                               .name = &chain.host};
  const auto leaf = must(pki::Certificate::parse(chain.sent[0]));
  const auto middle = must(pki::Certificate::parse(chain.sent[1]));
  const auto root = must(pki::Certificate::parse(chain.root));
  const auto root_key = must(crypto::PublicKey::from_spki(root.spki));
  pki::VerifiedChains remembered;
  constexpr int kCount = 20;
  std::vector<Contender> contenders = {
      {"verify", [&] { return timed(kCount, [&] { (void)must(pki::verify_chain(input)); }); }},
      // What no verifier can do without: the intermediate's key is new, the root's is not.
      {"signature checks",
       [&] {
         return timed(kCount, [&] {
           const auto key = must(crypto::PublicKey::from_spki(middle.spki));
           must(key.verify(*leaf.signature_method, leaf.tbs, leaf.signature));
           must(root_key.verify(*middle.signature_method, middle.tbs, middle.signature));
         });
       }},
      {"X509", [&] { return timed(kCount, [&] { verify_x509(chain, store.get()); }); }},
      {"remembered",
       [&] { return timed(kCount, [&] { (void)must(pki::verify_chain(input, &remembered)); }); }},
  };
  take_turns(contenders, rounds);
  const double own = contenders[0].best[0];
  const double checks = contenders[1].best[0];
  fmt::print("  parse, build the path, verify                    {:>8.2f} µs\n", own);
  fmt::print("    its two signature checks alone                 {:>8.2f} µs  {:>+6.1f} %\n", checks,
             100 * (own - checks) / checks);
  fmt::print("    X509_verify_cert with d2i_X509                 {:>8.2f} µs  {:>6.2f} ×\n",
             contenders[2].best[0], contenders[2].best[0] / own);
  fmt::print("    the same chain again, remembered               {:>8.2f} µs\n", contenders[3].best[0]);
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 25;
  fmt::print("\nCertificates: CPU time, one thread, best of {} rounds; {}\n", rounds,
             OpenSSL_version(OPENSSL_VERSION));
  const Chain chains[] = {
      make_chain("RSA 2048 root, P-384 intermediate, P-256 leaf", KeyType::rsa, KeyType::ec_p384,
                 KeyType::ec_p256),
      make_chain("P-256 throughout", KeyType::ec_p256, KeyType::ec_p256, KeyType::ec_p256),
      make_chain("RSA 2048 throughout", KeyType::rsa, KeyType::rsa, KeyType::rsa),
  };
  for (const Chain& chain : chains) {
    fmt::print("\n{}\n", chain.name);
    measure_parsing(chain, rounds);
    measure_verifying(chain, rounds);
  }
  print_pathological();
  return 0;
}
