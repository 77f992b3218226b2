// An alert that the client sent: what it did not like about the server. The certificates that the capture
// shows decide between the failures that share an alert.
#pragma once

#include "connect/diagnosis.hpp"
#include "explain/capture/conversations.hpp"

namespace handfast::apps::capture {

Finding client_complaint(const FinishedConversation& conversation, AlertDescription alert);

// Texts of the catalogue for `id`.
Finding finding_of(std::string_view id, Confidence confidence);
// Adds those of `ids` that are not the finding's own.
void add_candidates(Finding& finding, std::initializer_list<std::string_view> ids);

// What is wrong with the certificates as they were sent, at the time of the capture; empty if nothing is
// seen.
struct ChainFault {
  std::string_view id;
  std::string evidence;
};
std::optional<ChainFault> date_fault(const FinishedConversation& conversation);
std::optional<ChainFault> name_fault(const FinishedConversation& conversation);
std::optional<ChainFault> trust_fault(const FinishedConversation& conversation);

}  // namespace handfast::apps::capture
