// The handfast program: one sub-command per folder. Must not do anything itself but choose one.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <system_error>

#include "check_cert/command.hpp"
#include "common/exit_code.hpp"
#include "connect/command.hpp"
#include "demo/command.hpp"
#include "explain/command.hpp"
#include "lab/command.hpp"
#include "serve/command.hpp"

namespace {

using handfast::apps::ExitCode;

int run(int argc, char** argv) {
  auto exit = ExitCode::success;
  CLI::App app("Makes TLS handshakes, and makes them visible.", "handfast");
  app.set_version_flag("--version", "handfast " HANDFAST_VERSION);
  app.require_subcommand(1);
  app.footer("Exit codes are the same for all commands: see handfast(1).");
  handfast::apps::add_connect_command(app, exit);
  handfast::apps::add_check_cert_command(app, exit);
  handfast::apps::add_explain_command(app, exit);
  handfast::apps::add_serve_command(app, exit);
  handfast::apps::add_lab_command(app, exit);
  handfast::apps::add_demo_command(app, exit);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return static_cast<int>(app.exit(error) == 0 ? ExitCode::success : ExitCode::usage);
  }
  return static_cast<int>(exit);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return run(argc, argv);
  } catch (const std::system_error& error) {
    // What fmt throws when a pipe is closed or a disk full. Whoever reads a pipe may have enough.
    if (error.code() != std::errc::broken_pipe) std::fprintf(stderr, "handfast: %s\n", error.what());
    return static_cast<int>(ExitCode::usage);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "handfast: internal error: %s\nPlease report it with the command that you ran.\n",
                 error.what());
  }
  return static_cast<int>(ExitCode::internal);
}
