// handfast_shim: Handfast as the runner of BoringSSL's TLS tests (ssl/test/runner) drives it. See README.md.
// Exit codes: 0 all as expected, 1 an error (on stderr, by the name of its ErrorCode), 89 not implemented.
#include <fmt/core.h>

#include <csignal>
#include <span>
#include <string>

#include "exchange.hpp"
#include "flags.hpp"
#include "settings.hpp"

namespace {

using namespace handfast;

constexpr int kFailed = 1;
constexpr int kUnimplemented = 89;

// ":name:" is what the error map of config.json refers to.
void print_error(const Error& error) {
  if (error.code() == ErrorCode::alert_received) {
    const std::string_view name = name_of(error.alert());
    const std::string number = std::to_string(static_cast<unsigned>(error.alert()));
    fmt::print(stderr, ":alert_received/{}:\n", name.empty() ? number : name);
  }
  fmt::print(stderr, ":{}: {}\n", error.info().name, error.to_string());
}

Result<void> run_connections(const bogo::AllOptions& all) {
  HANDFAST_TRY_ASSIGN(const auto sessions, bogo::Sessions::create(all.initial.async));
  for (std::uint64_t i = 0; i <= all.initial.resume_count; ++i) {
    const bogo::Options& options = i == 0 ? all.initial : all.resume;
    HANDFAST_TRY(bogo::run_connection(options, *sessions));
    sessions->clock.advance(std::chrono::seconds(options.resumption_delay));
  }
  return {};
}

bool asks_about_tickets(const bogo::Options& options) {
  return options.enable_early_data || options.use_ticket_callback || options.use_ticket_aead_callback ||
         options.expect_no_session_id;
}

int run(bogo::AllOptions& all) {
  for (const bogo::Options* const options : {&all.initial, &all.resume, &all.retry}) {
    const std::string missing = bogo::missing_feature(*options);
    if (missing.empty()) continue;
    fmt::print(stderr, "not implemented: {}\n", missing);
    return kUnimplemented;
  }
  all.resume.is_resume = all.retry.is_resume = true;
  all.resume.retry = &all.retry;
  all.initial.keeps_tickets_only = all.resume.keeps_tickets_only =
      asks_about_tickets(all.initial) || asks_about_tickets(all.resume);
  const Result<void> done = run_connections(all);
  if (done) return 0;
  print_error(done.error());
  return kFailed;
}

}  // namespace

int main(int argc, char** argv) {
  (void)std::signal(SIGPIPE, SIG_IGN);
  bogo::AllOptions all;
  std::string problem;
  const std::span<const char* const> arguments(argv + 1, static_cast<std::size_t>(argc) - 1);
  const bogo::Parsed parsed = bogo::parse_flags(arguments, all, problem);
  if (parsed == bogo::Parsed::unimplemented) {
    fmt::print(stderr, "unknown flag {}\n", problem);
    return kUnimplemented;
  }
  if (parsed == bogo::Parsed::malformed) {
    fmt::print(stderr, "malformed value of {}\n", problem);
    return kFailed;
  }
  if (all.is_handshaker_supported) {
    fmt::print("No\n");
    return 0;
  }
  const int code = run(all);
  // What follows on stderr is not the shim's: a sanitizer's report, which the runner takes for a failure.
  fmt::print(stderr, "--- DONE ---\n");
  return code;
}
