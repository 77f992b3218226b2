// What every file over libcrypto needs: owners for its objects, and errors that leave its queue clean.
// Must be included by .cpp files of src/crypto only.
#pragma once

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <handfast/error.hpp>
#include <memory>

namespace handfast::crypto {

template <auto Function>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Function(object);
  }
};

// All numbers are freed as secrets: the cost does not show.
using OwnedBignum = std::unique_ptr<BIGNUM, FreeWith<&BN_clear_free>>;
using OwnedPoint = std::unique_ptr<EC_POINT, FreeWith<&EC_POINT_clear_free>>;
using OwnedPkey = std::unique_ptr<EVP_PKEY, FreeWith<&EVP_PKEY_free>>;
using OwnedPkeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeWith<&EVP_PKEY_CTX_free>>;
using OwnedDigestContext = std::unique_ptr<EVP_MD_CTX, FreeWith<&EVP_MD_CTX_free>>;

// A failed call leaves entries in the thread's error queue, which belongs to the application too.
inline std::unexpected<Error> crypto_failure(ErrorCode code = ErrorCode::crypto_failed) {
  ERR_clear_error();
  return failure(code);
}

}  // namespace handfast::crypto
