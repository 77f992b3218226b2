// libpsl's built-in list, with the private domains (s3.amazonaws.com) as CABF BR §3.2.2.6 counts them.
#include "pki/public_suffix.hpp"

#include <string>

#ifdef HANDFAST_HAS_LIBPSL
#include <libpsl.h>
#endif

namespace handfast::test {

PublicSuffixes public_suffixes() {
#ifdef HANDFAST_HAS_LIBPSL
  return [](std::string_view name) {
    // A name of one label is one by the list's default rule as well.
    return psl_is_public_suffix2(psl_builtin(), std::string(name).c_str(), PSL_TYPE_ANY) == 1;
  };
#else
  return nullptr;
#endif
}

}  // namespace handfast::test
