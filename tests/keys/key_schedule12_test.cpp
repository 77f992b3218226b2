// The keys of TLS 1.2, against libcrypto's own pseudorandom function (RFC 5246 §5, RFC 7627 §4, RFC 5705 §4).
#include "keys/key_schedule12.hpp"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <string>

#include "support/hex.hpp"

namespace handfast::keys {
namespace {

using crypto::HashAlgorithm;

ByteString prf(HashAlgorithm hash, Bytes secret, std::string label, std::initializer_list<Bytes> seeds,
               std::size_t size) {
  EVP_KDF* const kdf = EVP_KDF_fetch(nullptr, "TLS1-PRF", nullptr);
  EVP_KDF_CTX* const context = EVP_KDF_CTX_new(kdf);
  std::string digest = hash == HashAlgorithm::sha384 ? "SHA384" : "SHA256";
  ByteString key = copy_of(secret);
  ByteString seed = copy_of(as_bytes(label));
  for (const Bytes part : seeds) seed.insert(seed.end(), part.begin(), part.end());
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, key.data(), key.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, seed.data(), seed.size()),
      OSSL_PARAM_construct_end()};
  ByteString out(size);
  EXPECT_EQ(EVP_KDF_derive(context, out.data(), out.size(), parameters), 1);
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(kdf);
  return out;
}

ByteString bytes(Bytes view) { return copy_of(view); }

Randoms some_randoms() {
  Randoms randoms;
  randoms.client.fill(0x11);
  randoms.server.fill(0x22);
  return randoms;
}

TEST(KeySchedule12, AgreesWithLibcryptoForEverySuite) {
  const Randoms randoms = some_randoms();
  for (const CipherSuite name :
       {CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, CipherSuite::TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,
        CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256}) {
    const SuiteParameters& suite = *find_suite(name, ProtocolVersion::tls1_2);
    for (const std::size_t length : {1U, 32U, 48U, 66U, 256U, 512U}) {
      const ByteString premaster(length, 0x5a);
      crypto::Digest session_hash(suite.hash_size());
      session_hash.writable()[0] = 9;
      const auto plain = MainSecret12::plain(suite.hash, PremasterSecret(Bytes(premaster)), randoms);
      const auto extended =
          MainSecret12::extended(suite.hash, PremasterSecret(Bytes(premaster)), session_hash);
      ASSERT_TRUE(plain && extended);
      EXPECT_FALSE(plain->is_extended());
      EXPECT_TRUE(extended->is_extended());
      EXPECT_EQ(bytes(plain->secret().view()),
                prf(suite.hash, premaster, "master secret", {randoms.client, randoms.server}, 48));
      EXPECT_EQ(bytes(extended->secret().view()),
                prf(suite.hash, premaster, "extended master secret", {session_hash.view()}, 48));

      const std::size_t key = crypto::aead_key_size(suite.aead);
      const std::size_t iv = suite.aead == crypto::AeadAlgorithm::chacha20_poly1305 ? 12 : 4;
      const auto block = plain->key_block(suite, randoms);
      ASSERT_TRUE(block);
      ByteString joined;
      for (const Bytes part : {block->client.key.view(), block->server.key.view(), block->client.iv.view(),
                               block->server.iv.view()}) {
        joined.insert(joined.end(), part.begin(), part.end());
      }
      EXPECT_EQ(joined, prf(suite.hash, plain->secret().view(), "key expansion",
                            {randoms.server, randoms.client}, 2 * (key + iv)));
      EXPECT_EQ(bytes(plain->verify_data(Side::client, session_hash)->view()),
                prf(suite.hash, plain->secret().view(), "client finished", {session_hash.view()}, 12));
      EXPECT_EQ(bytes(plain->verify_data(Side::server, session_hash)->view()),
                prf(suite.hash, plain->secret().view(), "server finished", {session_hash.view()}, 12));
    }
  }
}

TEST(KeySchedule12, ExportersAgreeWithLibcrypto) {
  const Randoms randoms = some_randoms();
  const HashSecret secret(Bytes(ByteString(48, 3)));
  const ByteString context = {1, 2, 3};
  const ByteString length = {0, 3};
  const Bytes view = context;
  const Bytes empty;
  ByteString out(100);
  ASSERT_TRUE(export_keying_material12(HashAlgorithm::sha256, secret, randoms, "EXPORTER", &view, out));
  EXPECT_EQ(out, prf(HashAlgorithm::sha256, secret.view(), "EXPORTER",
                     {randoms.client, randoms.server, length, context}, 100));
  ASSERT_TRUE(export_keying_material12(HashAlgorithm::sha384, secret, randoms, "EXPORTER", nullptr, out));
  EXPECT_EQ(out,
            prf(HashAlgorithm::sha384, secret.view(), "EXPORTER", {randoms.client, randoms.server}, 100));
  ASSERT_TRUE(export_keying_material12(HashAlgorithm::sha256, secret, randoms, "EXPORTER", &empty, out));
  EXPECT_EQ(out, prf(HashAlgorithm::sha256, secret.view(), "EXPORTER",
                     {randoms.client, randoms.server, ByteString(2)}, 100));
  for (const char* label :
       {"master secret", "extended master secret", "key expansion", "client finished", "server finished"}) {
    EXPECT_FALSE(export_keying_material12(HashAlgorithm::sha256, secret, randoms, label, nullptr, out));
  }
  EXPECT_FALSE(
      export_keying_material12(HashAlgorithm::sha256, secret, randoms, std::string(250, 'x'), nullptr, out));
}

}  // namespace
}  // namespace handfast::keys
