// The sections of the page, one function each. For page.cpp only.
#pragma once

#include <cstddef>
#include <string_view>

#include "common/numbers.hpp"
#include "markup.hpp"
#include "visit.hpp"

namespace handfast::apps::serve {

std::string_view page_style();

Markup banner_section(const Visit& visit);
Markup conversation_section(const Visit& visit);
Markup choices_section(const Visit& visit);
Markup hello_section(const Visit& visit);
Markup fingerprint_section(const Visit& visit);
Markup keys_section(const Visit& visit);
Markup listener_section(const Visit& visit);
Markup words_section(const Visit& visit);

// The bytes of a message with the name of each field beside them.
Markup annotated_bytes(const TraceStep& step);

// An identifier that may be broken after its underscores.
Markup identifier(std::string_view name);
Markup icon_lock();
Markup icon_eye();

// "1 792": thousands apart by a narrow no-break space.
std::string spaced(std::size_t number);

}  // namespace handfast::apps::serve
