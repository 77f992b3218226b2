// The page that draws a visitor's own handshake: one HTML file that fetches nothing and runs nothing.
#pragma once

#include <handfast/error.hpp>
#include <string>

#include "visit.hpp"

namespace handfast::apps::serve {

std::string render_page(const Visit& visit);

// A small page for what is no page: 404 and its kin.
std::string render_note(int status, std::string_view reason, std::string_view sentence);

// The value of Content-Security-Policy under which both pages work: nothing but their own stylesheet, named
// by its hash. Errors: crypto_failed.
Result<std::string> content_security_policy();

}  // namespace handfast::apps::serve
