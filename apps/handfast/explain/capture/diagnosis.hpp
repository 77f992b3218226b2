// From a recorded conversation to a finding of the catalogue. What only sizes show is "likely", never
// certain.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connect/diagnosis.hpp"
#include "explain/capture/conversations.hpp"

namespace handfast::apps::capture {

enum class Outcome : std::uint8_t {
  established,
  failed,
  unfinished,  // the capture shows no end, and no reason
};
const char* name_of(Outcome outcome);

struct Verdict {
  Outcome outcome = Outcome::unfinished;
  std::optional<Finding> finding;
  std::vector<std::string> notes;  // what else is worth knowing; escaped
};

Verdict judge(const FinishedConversation& conversation);

}  // namespace handfast::apps::capture
