// The loop over packets, and the summary.
#include "explain/capture/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "common/escape.hpp"
#include "common/failure_table.hpp"
#include "common/layout.hpp"
#include "common/numbers.hpp"
#include "explain/capture/capture_reader.hpp"
#include "explain/capture/conversations.hpp"
#include "explain/capture/key_store.hpp"
#include "explain/capture/limits.hpp"
#include "explain/capture/segment.hpp"

namespace handfast::apps::capture {
namespace {

using Json = nlohmann::ordered_json;

// Packets between two looks at the clock for the progress bar.
constexpr std::uint64_t kProgressEvery = 4096;

std::string dumped(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

class Run {
 public:
  Run(ByteSource& source, const CaptureCommand& command, const CaptureOutput& output)
      : command_(command),
        output_(output),
        reader_(source),
        total_(source.size()),
        conversations_(keys_, command.report.verbosity >= 2 || command.report.hex,
                       [this](FinishedConversation&& done) { conversation(std::move(done)); }) {}

  ExitCode run() {
    for (const auto& path : command_.key_logs) {
      if (!read_keys(path)) return ExitCode::usage;
    }
    const bool whole = read_packets();
    conversations_.finish();
    if (!printed_) return ExitCode::usage;
    const ExitCode exit = exit_code(whole);
    finish(exit);
    if (error_) output_.complain(error_text());
    return printed_ ? exit : ExitCode::usage;
  }

 private:
  bool read_keys(const std::string& path) {
    auto source = FileSource::open(path);
    if (!source) {
      output_.complain(std::string(source.error().detail()));
      return false;
    }
    if (auto read = keys_.add_source(**source); !read) {
      output_.complain(fmt::format("{}: {}", path, read.error().info().sentence));
      return false;
    }
    if (keys_.size() == 0) output_.complain(fmt::format("{}: no secrets that decrypt TLS are in it", path));
    return true;
  }

  // False if the capture cannot be read to its end.
  bool read_packets() {
    for (;;) {
      auto item = reader_.next();
      if (!item) {
        error_ = item.error();
        return false;
      }
      if (!*item) return true;
      if (const auto* secrets = std::get_if<EmbeddedSecrets>(&**item)) {
        keys_.add_text(as_text(secrets->text));
      } else {
        packet(std::get<Packet>(**item));
      }
      if (output_.progress && packets_ % kProgressEvery == 0) output_.progress(reader_.position(), total_);
    }
  }

  void packet(const Packet& packet) {
    ++packets_;
    Segment segment;
    const Decoded decoded = decode_packet(packet.link_type, packet.bytes, segment);
    if (decoded == Decoded::segment) {
      conversations_.add(segment, packet.time);
    } else {
      ++skipped_[decoded];
      if (decoded == Decoded::unknown_link) unknown_link_ = packet.link_type;
    }
  }

  void conversation(FinishedConversation&& done) {
    Verdict verdict = judge(done);
    count(done, verdict);
    if (command_.failed_only && verdict.outcome != Outcome::failed) return;
    Hosts hosts{done.client.text(), done.server.text()};
    if (command_.report.redact) {
      hosts = {redactor_.host(done.client), redactor_.host(done.server)};
      redactor_.apply(done, verdict);
    }
    const std::uint64_t number = done.number;
    if (command_.json) {
      keep(number, dumped(conversation_json(done, verdict, hosts, command_.report), -1));
    } else {
      keep(number, conversation_text(done, verdict, hosts, command_.report));
    }
  }

  void count(const FinishedConversation& done, const Verdict& verdict) {
    if (verdict.outcome == Outcome::failed) ++failed_;
    const Decryption decryption = done.tls.decryption;
    if (decryption == Decryption::done) ++decrypted_;
    if (done.tls.hidden_count > 0) ++without_keys_;
    if (verdict.finding) worst_ = std::max(worst_, static_cast<int>(verdict.finding->exit));
  }

  // Reports are kept, to be printed behind the summary, as long as they are few.
  void keep(std::uint64_t number, std::string text) {
    if (!streaming_ && kept_bytes_ + text.size() > kMaxKeptReport) {
      streaming_ = true;
      print(head());
      for (auto& [n, kept] : kept_) print_report(kept);
      kept_.clear();
    }
    if (streaming_) return print_report(text);
    kept_bytes_ += text.size();
    kept_[number] = std::move(text);
  }

  void print_report(const std::string& text) {
    if (!command_.json) return print(text);
    print((first_report_ ? "    " : ",\n    ") + text);
    first_report_ = false;
  }

  void print(const std::string& text) { printed_ = printed_ && output_.print(text); }

  // What comes before the conversations.
  std::string head() {
    if (!command_.json) return streaming_ ? "" : summary() + "\n";
    Json out = {{"schema", "handfast.explain-capture/1"},
                {"tool", {{"name", "handfast"}, {"version", HANDFAST_VERSION}}},
                {"input", escape_untrusted(command_.input)}};
    std::string text = dumped(out, 2);
    text.resize(text.size() - 2);  // it goes on: without "\n}"
    return text + ",\n  \"conversations\": [\n";
  }

  std::string tail(ExitCode exit) {
    if (!command_.json) return streaming_ ? summary() : "";
    Json skipped = Json::object();
    for (const auto& [what, times] : skipped_) skipped[name_of_skipped(what)] = times;
    Json out = {{"packets", packets_},
                {"skipped", skipped},
                {"tls_conversations", conversations_.traffic().with_tls},
                {"tcp_connections", conversations_.traffic().connections},
                {"decrypted", decrypted_},
                {"without_keys", without_keys_},
                {"failed", failed_},
                {"truncated", reader_.truncated()},
                {"error", error_ ? Json(error_text()) : Json(nullptr)},
                {"exit_code", static_cast<int>(exit)}};
    return "\n  ],\n  " + dumped(out, 2).substr(4) + "\n";
  }

  std::string summary() {
    const Traffic& traffic = conversations_.traffic();
    std::string out =
        fmt::format("{} in {}", count_text(traffic.with_tls, "TLS conversation", "TLS conversations"),
                    count_text(packets_, "packet", "packets"));
    if (traffic.with_tls > 0) {
      out += fmt::format(" ({} failed, {} decrypted, {} with records that stay hidden)", failed_, decrypted_,
                         without_keys_);
    }
    out += "\n";
    if (traffic.with_tls == 0 && traffic.connections > 0) {
      out += fmt::format("{}, but no ClientHello in any\n",
                         count_text(traffic.connections, "TCP connection", "TCP connections"));
    }
    for (const auto& [what, times] : skipped_) {
      if (what == Decoded::not_ip || what == Decoded::not_tcp) continue;
      std::string text =
          fmt::format("{} passed over: {}", count_text(times, "packet", "packets"), reason_of(what));
      if (what == Decoded::unknown_link) text += fmt::format(" (link type {})", unknown_link_);
      out += text + "\n";
    }
    if (reader_.truncated()) out += "the capture ends in the middle of a packet\n";
    return command_.report.style.plain(out);
  }

  static const char* name_of_skipped(Decoded what) {
    switch (what) {
      case Decoded::not_ip:
        return "not_ip";
      case Decoded::not_tcp:
        return "not_tcp";
      case Decoded::fragment:
        return "fragments";
      case Decoded::unknown_link:
        return "unknown_link";
      default:
        return "malformed";
    }
  }
  static const char* reason_of(Decoded what) {
    switch (what) {
      case Decoded::fragment:
        return "IP fragments, which are not put together";
      case Decoded::unknown_link:
        return "a kind of network that is not known here";
      default:
        return "cut off or malformed";
    }
  }

  std::string error_text() const {
    return error_->detail().empty() ? std::string(error_->info().sentence) : std::string(error_->detail());
  }

  ExitCode exit_code(bool whole) const {
    if (!whole) return ExitCode::capture_unreadable;
    if (conversations_.traffic().with_tls == 0) return ExitCode::no_tls_found;
    if (command_.exit_zero) return ExitCode::success;
    return without_keys_ > 0 ? ExitCode::keys_missing : static_cast<ExitCode>(worst_);
  }

  void finish(ExitCode exit) {
    if (!streaming_) {
      // A file that is no capture has nothing to tell, but to programs.
      if (error_ && packets_ == 0 && !command_.json) return;
      print(head());
      for (auto& [number, text] : kept_) print_report(text);
    }
    print(tail(exit));
  }

  const CaptureCommand& command_;
  const CaptureOutput& output_;
  KeyStore keys_;
  CaptureReader reader_;
  std::optional<std::uint64_t> total_;
  Redactor redactor_;
  std::uint64_t packets_ = 0;
  std::map<Decoded, std::uint64_t> skipped_;
  std::uint32_t unknown_link_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t decrypted_ = 0;
  std::uint64_t without_keys_ = 0;
  int worst_ = 0;
  std::map<std::uint64_t, std::string> kept_;
  std::size_t kept_bytes_ = 0;
  bool streaming_ = false;
  bool first_report_ = true;
  bool printed_ = true;
  std::optional<Error> error_;
  Conversations conversations_;
};

}  // namespace

ExitCode run_capture(ByteSource& source, const CaptureCommand& command, const CaptureOutput& output) {
  return Run(source, command, output).run();
}

}  // namespace handfast::apps::capture
