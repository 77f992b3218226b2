// A visit as JSON: the page's contents for programs. Schema "handfast.visit/1", additive changes only.
#pragma once

#include <nlohmann/json.hpp>

#include "visit.hpp"

namespace handfast::apps::serve {

nlohmann::ordered_json visit_json(const Visit& visit);

}  // namespace handfast::apps::serve
