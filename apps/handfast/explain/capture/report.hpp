// A judged conversation as text and as JSON, and what a capture held altogether. All text of peers was
// escaped when it entered the trace. Redaction happens here, before anything is printed.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "common/terminal.hpp"
#include "explain/capture/diagnosis.hpp"

namespace handfast::apps::capture {

struct ReportOptions {
  Style style;
  int verbosity = 0;  // 1: why, 2: fields
  bool hex = false;
  bool redact = false;
};

// Replaces what identifies people and hosts, the same thing by the same word all over the report.
class Redactor {
 public:
  // Names, addresses, certificates, tickets and randoms of this conversation.
  void apply(FinishedConversation& conversation, Verdict& verdict);
  // "host-1", the same for the same address.
  std::string host(const Endpoint& endpoint);

 private:
  std::string word_for(const std::string& secret, const char* kind);
  std::map<std::string, std::string> words_;
  std::map<std::string, unsigned> counts_;
};

// `hosts` are the two ends as they are shown.
struct Hosts {
  std::string client;
  std::string server;
};

std::string conversation_text(const FinishedConversation& conversation, const Verdict& verdict,
                              const Hosts& hosts, const ReportOptions& options);
nlohmann::ordered_json conversation_json(const FinishedConversation& conversation, const Verdict& verdict,
                                         const Hosts& hosts, const ReportOptions& options);

// The protocol that was spoken before TLS, by its greeting: "SMTP"; empty if there was none.
std::string dialogue_name(const TlsFacts& facts);

}  // namespace handfast::apps::capture
