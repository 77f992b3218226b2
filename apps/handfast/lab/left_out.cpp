// Failures that the lab does not make, and why.
#include "lab/scenario.hpp"

namespace handfast::apps::lab {

std::span<const LeftOut> left_out() {
  static constexpr LeftOut kLeftOut[] = {
      {"C-06", "needs a certificate of a public CA that browsers have dropped"},
      {"C-27", "only public CAs are asked for timestamps, and only their logs make them"},
      {"C-32", "the pin is in an application; see what your own client does when you change its --ca"},
      {"H-10", "the client sends the wrong name: handfast serve shows what yours sends"},
      {"P-20", "the policy is the client's; C-14, C-15 and P-14 are what such policies refuse"},
      {"M-12", "our stack does not negotiate again, on purpose"},
      {"N-03", "the client is at fault: handfast serve answers plain HTTP and says so"},
      {"N-11", "needs a proxy on the way"},
      {"X-02", "what such boxes break is P-08, P-11 and P-12"},
      {"X-03", "needs a network that redirects; H-11 is what a portal's certificate looks like"},
      {"S-03", "the server does not start, so that no client ever sees it"},
      {"S-05", "the file is Java's own"},
      {"S-06", "the store is this machine's: try any scenario with SSL_CERT_FILE=/dev/null"},
      {"S-07", "the configuration is libcrypto's own"},
  };
  return kLeftOut;
}

}  // namespace handfast::apps::lab
