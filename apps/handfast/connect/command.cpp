// `handfast connect`: options, and who prints.
#include "connect/command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <handfast/system.hpp>
#include <memory>
#include <optional>
#include <string>

#include "common/escape.hpp"
#include "common/output.hpp"
#include "connect/json.hpp"
#include "connect/options.hpp"
#include "connect/revisit.hpp"
#include "connect/session.hpp"
#include "connect/terminal_view.hpp"

namespace handfast::apps {
namespace {

constexpr std::string_view kFooter = R"(examples:
  handfast connect example.org                 the handshake, drawn while it happens
  handfast connect -v localhost:8443           with a sentence on each step
  handfast connect -x --ca root.pem app.test   with every byte and what it means
  handfast connect --resume example.org        twice: what the second handshake saves
  handfast connect --send 'GET / HTTP/1.0\r\nHost: example.org\r\n\r\n' example.org
exit codes: 0 done, 4 name not resolved, 5 not connected, 7 not TLS, 20 certificate, 21 name, 22 dates,
  30 negotiation, 31 client certificate, 32 protocol error; all of them in handfast(1))";

// A file for --early-data: servers take some KiB; the rest goes after the handshake.
constexpr std::size_t kLongestEarlyData = std::size_t{1} << 20U;

// What the command line holds before it is checked.
struct RawOptions {
  ConnectCommand command;
  std::string groups;
  std::string suites;
  std::string compression;
  std::string protocols;
  std::string send;
  double max_time = 0;
  double timeout = 10;
  double wait = 5;
};

// Collects the answer for --json; prints notes only.
class SilentView : public SessionView {
 public:
  void on_note(const std::string& text) override { notes_.print(text); }
  void on_answer(Bytes data) override {
    if (answer.size() < kKept) answer += as_text(data);
  }
  std::string answer;

 private:
  static constexpr std::size_t kKept = std::size_t{1} << 20U;
  Notes notes_;
};

extern "C" void leave_on_interrupt(int) {
  // What happened so far is printed already. Only async-signal-safe calls here.
  constexpr char kMessage[] = "\ninterrupted\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kMessage, sizeof kMessage - 1);
  ::_exit(static_cast<int>(ExitCode::interrupted));
}

std::chrono::milliseconds from_seconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

// What CLI11 cannot check. The sentence of the first thing that is wrong.
Result<void> complete(RawOptions& raw, const CLI::App& app) {
  ConnectCommand& command = raw.command;
  const auto wrong = [](std::string text) {
    return failure(Error(ErrorCode::configuration_invalid).with_detail(std::move(text)));
  };
  HANDFAST_TRY(parse_policy(command.policy, command.tls12));
  if (!raw.groups.empty()) {
    HANDFAST_TRY_ASSIGN(command.groups, parse_groups(raw.groups));
  }
  if (!raw.suites.empty()) {
    HANDFAST_TRY_ASSIGN(command.suites, parse_suites(raw.suites));
  }
  if (!raw.compression.empty()) {
    HANDFAST_TRY_ASSIGN(command.compression, parse_compression(raw.compression));
  }
  if (app.count("--alpn") > 0) {
    command.application_protocols = split_list(raw.protocols);
    command.application_protocols_given = true;
  }
  if (app.count("--send") > 0) {
    command.send = raw.send;
    if (raw.send != "-") HANDFAST_TRY(unescape_argument(raw.send));
  }
  if (command.revocation_lists_required && command.revocation_lists.empty()) {
    return wrong("--crl-required needs --crl");
  }
  command.resume = command.resume || !command.early_data.empty();
  if (command.send == "-" && command.resume) return wrong("--resume cannot read standard input twice");
  if (!command.early_data.empty() && command.send) return wrong("--early-data and --send exclude each other");
  if (!command.raw_keys.empty() && command.tls12) return wrong("--raw-key needs TLS 1.3");
  if (command.certificate.empty() && command.raw_keys.empty() && !command.key.empty()) {
    return wrong("--key needs --cert, or --raw-key");
  }
  if (command.certificate.empty() && command.key.empty() && !command.passphrase_file.empty()) {
    return wrong("--passphrase-file needs --cert or --key");
  }
  HANDFAST_TRY(check_external_key(command.psk));
  if (command.tls12 && !command.psk.file.empty()) return wrong("--psk is for TLS 1.3: leave --tls1.2 out");
  command.max_time = from_seconds(raw.max_time);
  command.timeout = from_seconds(raw.timeout);
  command.idle = from_seconds(raw.wait);
  return {};
}

// One visit, or two.
struct Visits {
  SessionResult first;
  std::optional<SessionResult> second;
  ByteString early_data;

  [[nodiscard]] const SessionResult& last() const { return second ? *second : first; }
};

// The second visit is made if the first one went well. `between` is called before it.
template <class Between>
Result<Visits> visit(const ConnectCommand& command, SessionView& view, Between between) {
  Visits visits;
  if (!command.early_data.empty()) {
    HANDFAST_TRY_ASSIGN(const std::string content, read_file(command.early_data, kLongestEarlyData));
    visits.early_data = copy_of(as_bytes(content));
  }
  Revisit revisit;
  if (command.resume) revisit.sessions = std::make_shared<ClientSessions>();
  visits.first = run_session(command, view, revisit);
  if (!command.resume || visits.first.exit != ExitCode::success) return visits;
  between(visits.first);
  revisit.early_data = visits.early_data;
  visits.second = run_session(command, view, revisit);
  if (!visits.second->finding) visits.second->finding = diagnose_revisit(visits.first, *visits.second);
  return visits;
}

ExitCode complain(const Error& error) {
  fmt::print(stderr, "handfast connect: {}\n", escape_untrusted(error.to_string()));
  return ExitCode::usage;
}

ExitCode run_json(const ConnectCommand& command) {
  SilentView view;
  const auto visits = visit(command, view, [&](const SessionResult&) { view.answer.clear(); });
  if (!visits) return complain(visits.error());
  const SessionResult& result = visits->last();
  auto json = session_json(result, command, view.answer);
  if (visits->second) json["resumption"] = revisit_json(visits->first, result, visits->early_data.size());
  // Everything in it was escaped; "replace" only guards against what slipped through.
  const std::string text = json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  if (const auto written = write_output(text); !written) {
    fmt::print(stderr, "handfast connect: {}\n", written.error().detail());
    return ExitCode::usage;
  }
  return result.exit;
}

ExitCode run_terminal(const ConnectCommand& command) {
  const bool answer_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  // A pipe behind a conversation gets the answer alone.
  std::FILE* const out = command.send && !answer_is_terminal ? stderr : stdout;
  const Style style = Style::of(terminal_facts(out == stdout ? STDOUT_FILENO : STDERR_FILENO), command.ascii);
  TerminalView view(command, style, out, stdout, answer_is_terminal);
  const auto visits = visit(command, view, [&](const SessionResult& first) {
    view.finish(first);
    view.start_again();
  });
  if (!visits) return complain(visits.error());
  view.finish(visits->last());
  if (visits->second) {
    view.print(revisit_text(visits->first, *visits->second, visits->early_data.size(), style));
  }
  return visits->last().exit;
}

ExitCode run(RawOptions& raw, const CLI::App& app) {
  if (auto completed = complete(raw, app); !completed) {
    fmt::print(stderr, "handfast connect: {}\n", escape_untrusted(completed.error().detail()));
    return ExitCode::usage;
  }
  (void)std::signal(SIGINT, leave_on_interrupt);
  return raw.command.json ? run_json(raw.command) : run_terminal(raw.command);
}

// Whom to believe, and who we are.
void add_identity_options(CLI::App& command, ConnectCommand& out) {
  command
      .add_option("--ca", out.authorities,
                  "Trust the roots in this PEM file instead of the system's; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);  // what follows may be the host
  command
      .add_option("--crl", out.revocation_lists,
                  "Refuse certificates that the revocation lists (CRL) in this file name; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);  // what follows may be the host
  command.add_flag("--crl-required", out.revocation_lists_required,
                   "Refuse certificates that no list in date covers, too");
  command
      .add_option("--raw-key", out.raw_keys,
                  "Believe a server that shows this raw public key (PEM), whatever its name; repeatable")
      ->type_name("FILE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--cert", out.certificate, "Certificate to show if the server asks, PEM, leaf first")
      ->type_name("FILE");
  command
      .add_option(
          "--key", out.key,
          "Its private key, PEM; default: in the same file. With --raw-key and without --cert: shown raw")
      ->type_name("FILE");
  command.add_option("--passphrase-file", out.passphrase_file, "The first line of this file opens the key")
      ->type_name("FILE");
  command.add_flag("--post-handshake-auth", out.post_handshake_auth,
                   "Let the server ask for the certificate after the handshake, too");
  command.add_flag("!--no-sni", out.send_server_name, "Do not say in the hello which name is meant");
  command.add_option("--sni", out.server_name, "Ask for this name and check the certificate for it")
      ->type_name("NAME");
}

// Instead of certificates.
void add_key_options(CLI::App& command, ConnectCommand& out) {
  command
      .add_option("--psk", out.psk.file,
                  "A pre-shared key (hex or base64) in this file instead of certificates; with --ca, as well")
      ->type_name("FILE");
  command.add_option("--psk-identity", out.psk.identity, "What both ends call the key; sent in clear")
      ->type_name("ID");
  command
      .add_option("--psk-ends", out.psk.ends,
                  "How the two ends are called, for the import (RFC 9258): the same words on both")
      ->type_name("CLIENT,SERVER");
  command.add_flag("--danger-bare-psk", out.psk.bare,
                   "Use the key as it is, for servers that know no import (OpenSSL, GnuTLS)");
  command.add_flag("--danger-psk-ke", out.danger_psk_ke,
                   "Let the server leave the key exchange out: no forward secrecy");
}

void add_options(CLI::App& command, RawOptions& raw) {
  ConnectCommand& out = raw.command;
  command.add_option("HOST", out.input, "Whom to connect to; port 443 unless given. Also https://host/…")
      ->option_text("[:PORT]")
      ->required();
  command.add_flag("-v", out.verbosity,
                   "Explain each step in a sentence; -vv: show the fields of each message");
  command.add_flag("-x,--hex", out.hex, "Show the bytes of each message, each range with its meaning");
  command.add_flag("--json", out.json,
                   "Print JSON (schema handfast.connect/1) instead; -vv adds fields, -x bytes");
  command
      .add_option("--alpn", raw.protocols, "Application protocols, best first: h2,http/1.1; \"\" offers none")
      ->type_name("LIST");
  command.add_option("--groups", raw.groups, "Key exchange groups, best first: X25519MLKEM768,X25519,P-256")
      ->type_name("LIST");
  command.add_option("--suites", raw.suites, "Cipher suites, best first: AES-128-GCM,ChaCha20-Poly1305")
      ->type_name("LIST");
  command
      .add_option("--compress", raw.compression, "Let the server compress its certificates: brotli,zstd,zlib")
      ->type_name("LIST");
  command.add_flag("--resume", out.resume,
                   "Connect twice, the second time with the first one's session, and show what that saves");
  command
      .add_option("--early-data", out.early_data,
                  "--resume, and send this file as early (0-RTT) data; others could replay it")
      ->type_name("FILE");
  command
      .add_option("--keylog", out.key_log,
                  "Append the secrets to this file (SSLKEYLOGFILE): whoever reads it can decrypt")
      ->type_name("FILE");
  command.add_flag("--insecure", out.insecure,
                   "Go on whoever the server is; still shows what would have failed");
  command
      .add_option(
          "--send", raw.send,
          "Send this text (\\r \\n \\t \\\\ \\x1b are understood) and print the answer; -: standard input")
      ->type_name("TEXT");
  command.add_option("--wait", raw.wait, "With --send: stop when nothing came for this long")
      ->type_name("SECONDS")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--timeout", raw.timeout, "How long the handshake may take")
      ->type_name("SECONDS")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_flag("!--no-probes", out.probes,
                   "After a failure: do not ask the server again to find the cause");
  command.add_flag("--save-missing", out.save_missing,
                   "Write an intermediate certificate that the server forgot to a file in this folder");
  command.add_flag("--require-ems", out.require_extended_main_secret,
                   "TLS 1.2: refuse servers that do not bind keys to the handshake (RFC 7627)");
  command.add_option("--max-time", raw.max_time, "Give up after this long altogether")
      ->type_name("SECONDS")
      ->check(CLI::PositiveNumber);
  command.add_flag("--ascii", out.ascii, "No characters beyond ASCII");
  command.add_flag("--tls1.2", out.tls12, "Offer TLS 1.2 at most, and show its handshake of two round trips");
  command.add_option("--policy", out.policy, "What to accept: modern, intermediate or legacy")
      ->type_name("NAME")
      ->capture_default_str();
}

}  // namespace

void add_connect_command(CLI::App& app, ExitCode& exit) {
  CLI::App* const command =
      app.add_subcommand("connect", "Connect to a server and show the handshake, step by step");
  auto raw = std::make_shared<RawOptions>();
  add_options(*command, *raw);
  add_identity_options(*command, raw->command);
  add_key_options(*command, raw->command);
  command->footer(std::string(kFooter));
  command->callback([raw, command, &exit] { exit = run(*raw, *command); });
}

}  // namespace handfast::apps
