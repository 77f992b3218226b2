// Trials: processes with an end.
#include "lab/trial.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <system_error>
#include <thread>

#include "handfast/system.hpp"
#include "lab/lab_server.hpp"

extern char** environ;  // POSIX: declared by whoever uses it

namespace handfast::apps::lab {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kGlance{5};
constexpr std::size_t kKeptOutput = std::size_t{1} << 20U;

std::string last_line_of(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find_last_not_of(" \t\r\n");
    if (end == std::string_view::npos) return {};
    text = text.substr(0, end + 1);
    const std::size_t begin = text.rfind('\n');
    return std::string(begin == std::string_view::npos ? text : text.substr(begin + 1));
  }
  return {};
}

// Starts a process of its own group, with nothing on standard input and the outputs in files.
Result<pid_t> spawn(const std::vector<std::string>& words, const std::string& out, const std::string& err) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC;
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out.c_str(), kFlags, 0600);
  ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err.c_str(), kFlags, 0600);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  // What this program does with signals is not the client's business.
  sigset_t none;
  sigemptyset(&none);
  sigset_t usual;
  sigemptyset(&usual);
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM}) sigaddset(&usual, signal);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &usual);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  pid_t process = 0;
  const int failed =
      ::posix_spawnp(&process, words.front().c_str(), &files, &attributes, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&attributes);
  if (failed == 0) return process;
  return failure(Error(ErrorCode::configuration_invalid)
                     .with_detail(words.front() + ": " + std::generic_category().message(failed)));
}

// The exit status as a shell tells it; nothing if it had to be stopped.
std::optional<int> wait_for(pid_t process, steady_clock::time_point deadline,
                            const std::function<bool()>& stopped) {
  int status = 0;
  bool killed = false;
  while (::waitpid(process, &status, killed ? 0 : WNOHANG) == 0) {
    if (steady_clock::now() >= deadline || stopped()) {
      ::kill(-process, SIGKILL);
      killed = true;
    } else {
      std::this_thread::sleep_for(kGlance);
    }
  }
  if (killed) return std::nullopt;
  constexpr int kSignalled = 128;
  return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalled + WTERMSIG(status);
}

Result<Outcome> try_one(const Workshop& shop, const Scenario& scenario, const TrialSettings& settings,
                        const std::function<bool()>& stopped) {
  HANDFAST_TRY_ASSIGN(const auto server, LabServer::start(scenario, shop));
  const std::string out = shop.path(std::string(scenario.name) + ".out");
  const std::string err = shop.path(std::string(scenario.name) + ".err");
  const auto start = steady_clock::now();
  HANDFAST_TRY_ASSIGN(const pid_t process, spawn(server->fill_in(settings.command), out, err));
  Outcome outcome;
  outcome.scenario = &scenario;
  outcome.status = wait_for(process, start + settings.timeout, stopped);
  outcome.took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
  if (auto text = read_file(out)) outcome.output = text->substr(0, kKeptOutput);
  if (const auto text = read_file(err)) outcome.last_line = last_line_of(*text);
  if (outcome.last_line.empty()) outcome.last_line = last_line_of(outcome.output);
  return outcome;
}

// The scenarios are shared out among threads; outcomes wait for their turn.
class Trials {
 public:
  Trials(const Workshop& shop, const std::vector<const Scenario*>& chosen, const TrialSettings& settings,
         const std::function<bool()>& stopped)
      : shop_(shop), chosen_(chosen), settings_(settings), stopped_(stopped), outcomes_(chosen.size()) {}

  Result<void> run(const std::function<void(const Outcome&)>& on_outcome) {
    std::vector<std::thread> workers;
    const auto count = std::min<std::size_t>(std::max(settings_.at_once, 1U), chosen_.size());
    for (std::size_t i = 0; i < count; ++i) workers.emplace_back([this] { work(); });
    Result<void> verdict;
    for (std::size_t i = 0; i < outcomes_.size() && verdict && !stopped_(); ++i) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return outcomes_[i].has_value(); });
      if (*outcomes_[i]) {
        on_outcome(**outcomes_[i]);
      } else {
        verdict = failure(outcomes_[i]->error());
      }
    }
    given_up_ = true;
    for (std::thread& worker : workers) worker.join();
    return verdict;
  }

 private:
  void work() {
    for (std::size_t i = next_++; i < chosen_.size(); i = next_++) {
      auto outcome = try_one(shop_, *chosen_[i], settings_, [this] { return given_up_ || stopped_(); });
      const std::lock_guard lock(mutex_);
      outcomes_[i] = std::move(outcome);
      changed_.notify_all();
    }
  }

  const Workshop& shop_;
  const std::vector<const Scenario*>& chosen_;
  const TrialSettings& settings_;
  const std::function<bool()>& stopped_;
  std::vector<std::optional<Result<Outcome>>> outcomes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> given_up_ = false;
};

}  // namespace

Result<void> run_trials(const Workshop& shop, const std::vector<const Scenario*>& chosen,
                        const TrialSettings& settings, const std::function<bool()>& stopped,
                        const std::function<void(const Outcome&)>& on_outcome) {
  return Trials(shop, chosen, settings, stopped).run(on_outcome);
}

}  // namespace handfast::apps::lab
