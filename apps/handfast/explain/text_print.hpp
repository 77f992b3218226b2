// An explained text for people and for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "common/terminal.hpp"
#include "explain/text_match.hpp"

namespace handfast::apps {

// One failure in full, or the candidates and what tells them apart.
std::string explanation_text(const TextExplanation& explanation, const Style& style);

// Schema handfast.explain-text/1. `input` is escaped here.
nlohmann::ordered_json explanation_json(const TextExplanation& explanation, std::string_view input);

// A failure as both schemas have it.
nlohmann::ordered_json failure_json(const FailureText& failure);

}  // namespace handfast::apps
