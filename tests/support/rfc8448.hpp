// Reads the traces of RFC 8448 from its text: who did what, with which bytes.
#pragma once

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "support/hex.hpp"

namespace handfast::test {

struct TraceStep {
  bool by_client = false;
  std::string what;                          // "send handshake record"
  std::map<std::string, ByteString> fields;  // "payload", "complete record", "private key", …
};

class Trace {
 public:
  // The trace of a section ("3." … "7."); empty if the text is not there.
  static Trace read(const std::string& path, const std::string& section) {
    Trace trace;
    std::ifstream file(path);
    bool inside = false;
    std::string field;
    for (std::string line; std::getline(file, line);) {
      if (!line.empty() && std::isdigit(static_cast<unsigned char>(line[0])) != 0) {
        inside = line.starts_with(section + " ");
        field.clear();
      }
      if (inside && !is_page_break(line)) trace.take(line, field);
    }
    return trace;
  }
  [[nodiscard]] bool empty() const { return steps.empty(); }

  // The nth step of `who` whose text starts with `what`.
  [[nodiscard]] const TraceStep& find(bool by_client, const std::string& what, std::size_t nth = 0) const {
    for (const TraceStep& step : steps) {
      if (step.by_client == by_client && step.what.starts_with(what) && nth-- == 0) return step;
    }
    throw std::runtime_error("no step " + what);
  }
  // All records that one side sent, in order, as {what, bytes}.
  [[nodiscard]] std::vector<const TraceStep*> records(bool by_client) const {
    std::vector<const TraceStep*> out;
    for (const TraceStep& step : steps) {
      if (step.by_client == by_client && step.what.starts_with("send ")) out.push_back(&step);
    }
    return out;
  }

  std::vector<TraceStep> steps;

 private:
  static bool is_page_break(const std::string& line) {
    return line.starts_with("Thomson ") || line.starts_with("RFC 8448 ") ||
           line.find('\f') != std::string::npos;
  }
  void take(const std::string& line, std::string& field) {
    static const std::regex kStep(R"(^   \{(client|server)\}  (.*?):?$)");
    static const std::regex kMore("^         [0-9a-f ]+$");
    static const std::regex kField(R"(^      ([^(]+) \(\d+ octets\):  ([0-9a-f ]*)$)");
    std::smatch match;
    if (std::regex_match(line, match, kStep)) {
      steps.push_back({match[1] == "client", match[2], {}});
      field.clear();
    } else if (std::regex_match(line, match, kField) && !steps.empty()) {
      field = match[1];
      steps.back().fields[field] = from_hex(match[2].str());
    } else if (!field.empty() && std::regex_match(line, kMore)) {
      const ByteString more = from_hex(line);
      ByteString& bytes = steps.back().fields[field];
      bytes.insert(bytes.end(), more.begin(), more.end());
    } else if (!line.empty()) {
      field.clear();
    }
  }
};

}  // namespace handfast::test
