// What a user of the installed library writes first: a configuration that lacks a verifier, which the library
// refuses with a sentence. Only installed headers.
#include <cstdio>
#include <handfast/config.hpp>
#include <handfast/error.hpp>

int main() {
  const auto config = handfast::ClientConfig::create(handfast::ClientSettings{});
  if (config) return 1;
  std::printf("handfast refuses: %s\n", config.error().to_string().c_str());
  return config.error().category() == handfast::ErrorCategory::local ? 0 : 1;
}
