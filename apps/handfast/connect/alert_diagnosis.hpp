// What an alert means, in view of what was on the way: the ids of the catalogue that fit, the best one first.
// RFC 9846 §6.2. An alert says little: what it leaves open stays open (probes ask on).
#pragma once

#include <handfast/error.hpp>

#include "connect/diagnosis.hpp"

namespace handfast::apps {

Finding diagnose_alert(const Error& error, const Circumstances& circumstances);

// A finding with the catalogue's texts.
Finding finding_of(std::string_view id, Confidence confidence);

// What this client offered, as evidence.
void add_offer(Finding& finding, const Trace& trace);

}  // namespace handfast::apps
