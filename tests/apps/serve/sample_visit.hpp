// A visit as a browser makes it, written down by hand: what the page and the JSON are tested with.
#pragma once

#include "serve/visit.hpp"

namespace handfast::apps::serve::test {

Visit sample_visit();

// The ClientHello of JA4's public description (FoxIO, "JA4: TLS Client Fingerprinting", Example).
ClientOffer published_offer();

}  // namespace handfast::apps::serve::test
