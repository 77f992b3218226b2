// Any bytes as a pasted message: an answer, or none, in printable text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/escape.hpp"
#include "explain/text_match.hpp"
#include "explain/text_print.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handfast::apps;
  const auto text = handfast::as_text({data, size}).substr(0, kLongestExplainedText);
  const auto explanation = explain_text(text);
  const std::string out = explanation_text(explanation, Style());
  if (escape_untrusted_text(out) != out) std::abort();
  if (explanation_json(explanation, text)["schema"] != "handfast.explain-text/1") std::abort();
  return 0;
}
