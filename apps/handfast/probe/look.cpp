// A handshake without belief.
#include "probe/look.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <ctime>
#include <handfast/config.hpp>
#include <handfast/stream.hpp>
#include <iomanip>
#include <locale>
#include <memory>
#include <sstream>

namespace handfast::apps::probe {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kLongestHead = 8'192;

// Believes everybody and keeps what it was shown.
class Onlooker : public CertificateVerifier {
 public:
  void verify(const VerificationRequest& request, Completion<Verdict> done) const override {
    seen = request.certificates;
    done.complete(Verdict{});
  }
  mutable std::shared_ptr<const PeerCertificates> seen;
};

milliseconds left_until(Deadline deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
  return std::max(left, milliseconds{1});
}

std::string ask_page(Stream& stream, const ServerName& name, Deadline deadline) {
  stream.set_io_timeout(left_until(deadline));
  const std::string request =
      fmt::format("HEAD / HTTP/1.1\r\nHost: {}\r\nUser-Agent: handfast/{}\r\nConnection: close\r\n\r\n",
                  name.to_string(), HANDFAST_VERSION);
  std::string answer;
  if (!stream.write(as_bytes(request))) return answer;
  while (answer.size() < kLongestHead && answer.find("\r\n\r\n") == std::string::npos) {
    const auto data = stream.read_view();
    if (!data || data->empty()) break;
    answer += as_text(*data);
    stream.set_io_timeout(left_until(deadline));
  }
  return answer.starts_with("HTTP/") ? answer : std::string();
}

Result<void> look_closely(const Endpoint& endpoint, const ServerName& name, const LookSettings& settings,
                          const std::shared_ptr<Onlooker>& onlooker, Deadline deadline, Sight& sight) {
  ClientSettings client;
  client.policy = Policy::legacy();
  client.verifier = onlooker;
  client.send_server_name = settings.send_name;
  client.require_secure_renegotiation = false;
  if (settings.ask_page) client.application_protocols = {"http/1.1"};
  HANDFAST_TRY_ASSIGN(const auto config, ClientConfig::create(std::move(client)));
  HANDFAST_TRY_ASSIGN(auto socket, connect_tcp({endpoint}, deadline));
  StreamOptions options;
  options.handshake_timeout = left_until(deadline);
  HANDFAST_TRY_ASSIGN(auto stream, Stream::client(std::move(socket), config, name, options));
  HANDFAST_TRY(stream.handshake());
  sight.established = true;
  if (!settings.ask_page) return {};
  const std::string answer = ask_page(stream, name, deadline);
  sight.server = header_of(answer, "server");
  sight.date = parse_http_date(header_of(answer, "date"));
  return {};
}

bool equal_letters(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

Sight look(const Endpoint& endpoint, const ServerName& name, const LookSettings& settings,
           Deadline deadline) {
  Sight sight;
  const auto onlooker = std::make_shared<Onlooker>();
  // What it got to see counts, however it ended.
  (void)look_closely(endpoint, name, settings, onlooker, deadline, sight);
  if (onlooker->seen) sight.chain = onlooker->seen->chain;
  return sight;
}

std::string header_of(std::string_view answer, std::string_view name) {
  answer = answer.substr(0, answer.find("\r\n\r\n"));
  while (!answer.empty()) {
    const std::size_t end = std::min(answer.find("\r\n"), answer.size());
    const std::string_view line = answer.substr(0, end);
    answer.remove_prefix(std::min(end + 2, answer.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !equal_letters(line.substr(0, colon), name)) continue;
    const std::size_t value = line.find_first_not_of(" \t", colon + 1);
    return value == std::string_view::npos ? std::string() : std::string(line.substr(value));
  }
  return {};
}

std::optional<Time> parse_http_date(const std::string& text) {
  std::tm parts{};
  std::istringstream stream(text);
  stream.imbue(std::locale::classic());
  stream >> std::get_time(&parts, "%a, %d %b %Y %H:%M:%S");
  if (stream.fail()) return std::nullopt;
  return Time(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace handfast::apps::probe
