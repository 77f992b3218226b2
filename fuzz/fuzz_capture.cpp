// Any bytes as a capture, read to the end and told: the reader of pcap and pcapng, packets, reassembly,
// records, messages, judgement and report. Nothing may fail but with a message, and what is printed is
// printable.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "common/escape.hpp"
#include "explain/capture/run.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handfast::apps;
  const handfast::Bytes input(data, size);
  for (const bool json : {false, true}) {
    capture::CaptureCommand command;
    command.json = json;
    command.report.verbosity = 2;
    command.report.redact = size % 2 == 1;
    capture::MemorySource source(input);
    std::string out;
    capture::run_capture(source, command,
                         {[&out](const std::string& text) {
                            out += text;
                            return true;
                          },
                          [](const std::string&) {},
                          {}});
    if (json && !out.empty() && !nlohmann::json::accept(out)) std::abort();
    if (!json && escape_untrusted_text(out) != out) std::abort();
  }
  return 0;
}
