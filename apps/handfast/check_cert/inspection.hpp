// Inspection: the files of a check-cert, read and judged. Printing is elsewhere.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "check_cert/options.hpp"
#include "common/exit_code.hpp"
#include "pki/checker.hpp"
#include "trace/model.hpp"

namespace handfast::apps {

// Where a certificate came from. Its place in the vector is its `index` in the report.
struct CertificateSource {
  std::string file;        // escaped
  std::size_t number = 0;  // in its file, from 1
  std::size_t offset = 0;
  CertificateFact fact;
  std::string refused;  // why it is none, escaped; empty for the others
};

struct Inspection {
  std::vector<CertificateSource> certificates;
  pki::CheckReport report;
  std::string trust;               // "the system's store (142 roots)", escaped
  std::vector<std::string> notes;  // what was left out on the way: refused roots, escaped
  Time at;
  ExitCode exit = ExitCode::success;
};

// Errors: files that cannot be used; the detail names the file.
Result<Inspection> inspect(const CheckCertCommand& command);

}  // namespace handfast::apps
