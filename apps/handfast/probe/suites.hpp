// What a prober offers that the library does not speak: the code points of old and rare suites, groups and
// signature schemes. They are sent to learn what a server would take, and never used.
#pragma once

#include <handfast/codepoints.hpp>
#include <span>
#include <string>

namespace handfast::apps::probe {

// About 70, modern ones first.
std::span<const CipherSuite> every_suite();
std::span<const NamedGroup> every_group();
std::span<const SignatureScheme> every_scheme();

// Names of those, too; "0x1234" for what is not known here either.
std::string name_of_any(CipherSuite suite);
std::string name_of_any(NamedGroup group);

// Whether the suite takes the server's RSA key to exchange keys.
bool is_rsa_key_exchange(CipherSuite suite);

}  // namespace handfast::apps::probe
