// `handfast lab`: options, and the run from the first server to the clean end.
#include "lab/command.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "common/escape.hpp"
#include "common/output.hpp"
#include "common/stop_signal.hpp"
#include "lab/print.hpp"

namespace handfast::apps {
namespace {

using namespace lab;

constexpr std::string_view kFooter = R"(examples:
  handfast lab list                                       what it can break
  handfast lab run C-01                                   a server without its intermediate certificate
  handfast lab run P-05 P-06 --json                       two servers, for scripts
  handfast lab test curl -sS --cacert %ca https://%h:%p/  what curl says to each of them
  handfast lab test --only C --only H -- ./client %h %p   your own client, certificates and names only)";

constexpr std::string_view kPlaceholders =
    "COMMAND is a client and its arguments; in them %h is the host, %p the port, %ca the file of the root to "
    "trust, %d the folder with "
    "client certificates, %i the scenario; a word %o: what handfast connect needs for this scenario";

struct Request {
  bool json = false;
  bool ascii = false;
  std::vector<std::string> names;
  std::uint16_t port = 0;
  std::vector<std::string> only;
  TrialSettings trial;
  double timeout = 10;
};

Style style_of(const Request& request) { return Style::of(terminal_facts(STDOUT_FILENO), request.ascii); }

std::string dumped(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Error unknown(const std::string& name) {
  return Error(ErrorCode::configuration_invalid)
      .with_detail("there is no scenario '" + name + "'; handfast lab list shows them");
}

// "C-01", "P-01.alert", an id with all its scenarios ("P-01"), a letter with all its ids ("C"), "all".
bool is_meant(const Scenario& scenario, std::string_view name) {
  return name == "all" || name == scenario.name || name == scenario.id() ||
         (name.size() == 1 && scenario.name.starts_with(name));
}

Result<std::vector<const Scenario*>> choose(const std::vector<std::string>& names) {
  std::vector<const Scenario*> chosen;
  for (const std::string& name : names) {
    const std::size_t before = chosen.size();
    for (const Scenario& scenario : scenarios()) {
      if (is_meant(scenario, name)) chosen.push_back(&scenario);
    }
    if (chosen.size() == before) return failure(unknown(name));
  }
  return chosen;
}

Result<ExitCode> list(const Request& request) {
  HANDFAST_TRY(write_output(request.json ? dumped(list_json()) : list_text(style_of(request))));
  return ExitCode::success;
}

Result<ExitCode> run(const Request& request) {
  HANDFAST_TRY_ASSIGN(const auto chosen, choose(request.names));
  if (request.port != 0 && chosen.size() > 1) {
    return failure(Error(ErrorCode::configuration_invalid).with_detail("--port is for one scenario"));
  }
  std::atomic<bool> stopped = false;
  const StopSignal signal([&] { stopped = true; });
  HANDFAST_TRY_ASSIGN(const auto shop, Workshop::open());
  Servers servers;
  for (const Scenario* scenario : chosen) {
    HANDFAST_TRY_ASSIGN(auto server, LabServer::start(*scenario, *shop, request.port));
    servers.push_back(std::move(server));
  }
  HANDFAST_TRY(write_output(request.json ? dumped(servers_json(servers, *shop))
                                         : servers_text(servers, style_of(request))));
  constexpr int kGlance = 100;  // milliseconds
  while (!stopped) (void)::poll(nullptr, 0, kGlance);
  return ExitCode::success;
}

Result<ExitCode> test(Request& request) {
  auto& words = request.trial.command;
  if (!words.empty() && words.front() == "--") words.erase(words.begin());
  if (words.empty()) {
    return failure(
        Error(ErrorCode::configuration_invalid).with_detail("whose command? see handfast lab test --help"));
  }
  if (request.only.empty()) request.only = {"all"};
  HANDFAST_TRY_ASSIGN(const auto chosen, choose(request.only));
  request.trial.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(request.timeout * 1000));
  std::atomic<bool> stopped = false;
  const StopSignal signal([&] { stopped = true; });
  HANDFAST_TRY_ASSIGN(const auto shop, Workshop::open());
  const Style style = style_of(request);
  std::vector<Outcome> outcomes;
  if (!request.json) HANDFAST_TRY(write_output(trial_head(style)));
  HANDFAST_TRY(run_trials(
      *shop, chosen, request.trial, [&] { return stopped.load(); },
      [&](const Outcome& outcome) {
        outcomes.push_back(outcome);
        if (!request.json) (void)write_output(trial_row(outcome, style));
      }));
  HANDFAST_TRY(
      write_output(request.json ? dumped(trial_json(outcomes, request.trial)) : trial_sum(outcomes, style)));
  return stopped ? ExitCode::interrupted : ExitCode::success;
}

template <class Run>
void finish(CLI::App& command, const std::shared_ptr<Request>& request, ExitCode& exit, Run run_it) {
  command.add_flag("--json", request->json, "Print JSON (schema handfast.lab/1) instead");
  command.add_flag("--ascii", request->ascii, "No characters beyond ASCII");
  command.callback([request, &exit, run_it] {
    const auto done = run_it(*request);
    if (!done) fmt::print(stderr, "handfast lab: {}\n", escape_untrusted(done.error().to_string()));
    exit = done ? *done : ExitCode::usage;
  });
}

}  // namespace

void add_lab_command(CLI::App& app, ExitCode& exit) {
  auto request = std::make_shared<Request>();
  CLI::App* const command = app.add_subcommand(
      "lab", "A museum of broken TLS: servers on loopback, each with one fault, for your client");
  command->require_subcommand(1);
  command->footer(std::string(kFooter));

  finish(*command->add_subcommand("list", "The scenarios, and the failures that are not among them"), request,
         exit, list);

  CLI::App* const running = command->add_subcommand("run", "Run servers with these faults until interrupted");
  running->add_option("ID", request->names, "Ids of the catalogue, names of the list, a letter, or all")
      ->required();
  running->add_option("--port", request->port, "Listen on this port; default: a free one");
  finish(*running, request, exit, run);

  CLI::App* const testing = command->add_subcommand("test", "Run a client's command against every scenario");
  testing->add_option("--only", request->only, "Only these: as for lab run; repeatable")
      ->type_name("ID")
      ->allow_extra_args(false);
  testing->add_option("--timeout", request->timeout, "Stop a command that takes longer")
      ->type_name("SECONDS")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  testing->add_option("--jobs", request->trial.at_once, "So many commands at a time")->capture_default_str();
  testing->prefix_command();  // the rest of the line is the client's
  testing->footer(std::string(kPlaceholders));
  finish(*testing, request, exit, [testing](Request& given) {
    given.trial.command = testing->remaining();
    return test(given);
  });
}

}  // namespace handfast::apps
