// `handfast check-cert`: options, and who prints.
#include "check_cert/command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

#include "check_cert/inspection.hpp"
#include "check_cert/json.hpp"
#include "check_cert/print.hpp"
#include "common/escape.hpp"
#include "common/output.hpp"

namespace handfast::apps {
namespace {

constexpr std::string_view kFooter = R"(examples:
  handfast check-cert fullchain.pem --name www.example.org     would a client believe this file?
  handfast check-cert fullchain.pem --key privkey.pem          and does the key belong to it?
  handfast check-cert chain.pem --ca root.pem --at 2027-01-01  a private CA, on a day to come
  handfast check-cert --profile webpki --json chain.pem        by the rules of public sites, for programs
exit codes: 0 trusted, 1 a file cannot be used, 10 findings at or above --fail-on, 20 not trusted, 21 name,
  22 dates; all of them in handfast(1))";

// What the command line holds before it is checked.
struct RawOptions {
  CheckCertCommand command;
  std::string name;
  std::string at;
  std::string profile = "rfc5280";
  std::string fail_on = "error";
};

Result<void> complete(RawOptions& raw) {
  CheckCertCommand& command = raw.command;
  if (!raw.name.empty()) {
    auto name = ServerName::parse(raw.name);
    if (!name) {
      return failure(
          Error(ErrorCode::configuration_invalid)
              .with_detail("--name " + escape_untrusted(raw.name) + " is no host name or IP address"));
    }
    command.name = std::move(*name);
  }
  if (!raw.at.empty()) {
    HANDFAST_TRY_ASSIGN(command.at, parse_time_argument(raw.at));
  }
  HANDFAST_TRY_ASSIGN(command.profile, parse_profile(raw.profile));
  if (raw.fail_on == "warning") command.fail_on = pki::Severity::warning;
  if (raw.fail_on == "advice") command.fail_on = pki::Severity::advice;
  if (command.client && command.name) {
    return failure(
        Error(ErrorCode::configuration_invalid)
            .with_detail("--name is for servers: a client's certificate is not checked for a name"));
  }
  return {};
}

ExitCode fail(const Error& error) {
  // The detail names the file; the sentence alone says less.
  std::string text(error.detail());
  const bool plain = error.code() == ErrorCode::io_failed ||
                     error.code() == ErrorCode::configuration_invalid ||
                     error.code() == ErrorCode::file_too_large;
  if (!plain) {
    text += (text.empty() ? "" : ": ") + std::string(error.info().sentence);
    if (*error.field() != '\0') text += fmt::format(", {} at byte {}", error.field(), error.offset());
  }
  if (!error.fix().empty()) text += fmt::format("\nfix: {}", error.fix());
  fmt::print(stderr, "handfast check-cert: {}\n", escape_untrusted_text(text));
  return ExitCode::usage;
}

ExitCode run(RawOptions& raw) {
  if (auto completed = complete(raw); !completed) return fail(completed.error());
  const CheckCertCommand& command = raw.command;
  const auto inspection = inspect(command);
  if (!inspection) return fail(inspection.error());
  std::string text;
  if (command.json) {
    text = inspection_json(*inspection, command)
               .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
           "\n";
  } else {
    text = inspection_text(*inspection, command, Style::of(terminal_facts(STDOUT_FILENO), command.ascii));
  }
  // What nobody can read is no verdict.
  if (auto written = write_output(text); !written) return fail(written.error());
  return inspection->exit;
}

void add_options(CLI::App& command, RawOptions& raw) {
  CheckCertCommand& out = raw.command;
  command
      .add_option("FILE", out.files,
                  "Certificates, PEM or DER, the leaf first; several files are one list; -: standard input")
      ->required();
  command.add_option("--name", raw.name, "The host name or IP address that the certificate must be for")
      ->type_name("NAME");
  command
      .add_option("--ca", out.authorities, "Trust the roots in this file instead of the system's; repeatable")
      ->type_name("FILE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--key", out.key, "Check that this private key belongs to the first certificate")
      ->type_name("FILE");
  command.add_option("--passphrase-file", out.passphrase_file, "The first line of this file opens the key")
      ->type_name("FILE");
  command
      .add_option("--at", raw.at, "Judge at this time (UTC): 2026-11-20, 2026-11-20T17:51:02Z or @seconds")
      ->type_name("TIME");
  command
      .add_option("--profile", raw.profile,
                  "rfc5280 (private PKIs), rfc5280_strict (every MUST for CAs), webpki (public sites)")
      ->type_name("NAME")
      ->capture_default_str();
  command.add_flag("--client", out.client, "Judge it as a client's certificate");
  command
      .add_option("--fail-on", raw.fail_on,
                  "Exit with 10 if there are findings like this: error, warning or advice")
      ->type_name("KIND")
      ->check(CLI::IsMember({"error", "warning", "advice"}))
      ->capture_default_str();
  command.add_flag("--json", out.json, "Print JSON (schema handfast.check-cert/1) instead");
  command.add_flag("--ascii", out.ascii, "No characters beyond ASCII");
}

}  // namespace

void add_check_cert_command(CLI::App& app, ExitCode& exit) {
  CLI::App* const command = app.add_subcommand(
      "check-cert", "Judge the certificates in a file, and list everything that could be better");
  auto raw = std::make_shared<RawOptions>();
  add_options(*command, *raw);
  command->footer(std::string(kFooter));
  command->callback([raw, &exit] { exit = run(*raw); });
}

}  // namespace handfast::apps
