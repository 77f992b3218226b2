// TraceRecorder: an Observer that turns what a connection does into the steps of a Trace, as it happens.
// Message contents come from src/message's decoders, certificates from src/pki; there is no second parser.
// Must not influence the connection.
#pragma once

#include <deque>
#include <functional>
#include <handfast/clock.hpp>
#include <handfast/observer.hpp>
#include <mutex>
#include <string>
#include <vector>

#include "trace/model.hpp"

namespace handfast::apps {

struct RecorderOptions {
  Side self = Side::client;
  // Time since the trace began. Empty: a steady clock that starts with the recorder.
  std::function<Microseconds()> elapsed;
  // For "61 days left". Null: no such statement is made.
  const Clock* clock = nullptr;
  // Called once for each new step when it is settled (live output), on the connection's thread. The step
  // stays valid for the call only: later ones may mark items of it as chosen.
  std::function<void(const TraceStep&)> on_step;
  // The peer's Certificate step is settled by certificate_verdict() (or by an error), not at once.
  bool verdict_follows = false;
  // Keep the bytes and fields of messages (for -x and the page). Off: only what lanes need.
  bool keep_bytes = true;
  // Somebody looks on who is neither end: nothing was checked, so nothing is claimed to be proved.
  bool watching = false;
};

// A claim ("proved that it owns the key") appears only after the connection has gone on from that message: it
// reports a message before it has checked it. Steps reach `on_step` in order, each when it is settled.
//
// Thread-safety: as an Observer it is called by one connection; trace() and the other functions may be called
// from other threads too, a mutex protects the trace. `on_step` must not call the recorder.
class TraceRecorder : public Observer {
 public:
  explicit TraceRecorder(RecorderOptions options);

  void on_record(const RecordEvent& event) override;
  void on_message(const MessageEvent& event) override;
  void on_alert(const AlertEvent& event) override;
  void on_key_change(Direction direction, Epoch epoch) override;
  void on_error(const Error& error) override;

  // What the connection itself does not see: name resolution, TCP, application data. `at` is filled in unless
  // it is set.
  void add(TraceStep step);
  // What the verifier said of the peer's certificates, as lines of their Certificate step.
  void certificate_verdict(std::vector<Say> lines);
  // The handshake is done.
  void established();
  // It will never be: the reason, for trace().error. Also settles what waits.
  void failed(const Error& error);

  // Nothing more will come for now: shows what waits for company (tickets come in flocks).
  void flush();

  [[nodiscard]] Microseconds now() const;
  // A copy of all that is known so far.
  [[nodiscard]] Trace trace() const;

 private:
  // What a step waits for before it is shown.
  enum class Awaits : std::uint8_t { nothing, next_event, verdict, more_tickets };
  struct Held {
    std::size_t index;  // in trace_.steps
    Awaits awaits;
    Say claim;   // added when the next event shows that the check passed
    Say denial;  // added when an error comes instead
  };
  struct RecordSeen {
    Direction direction;
    std::uint64_t index;
    std::size_t wire_length;
  };

  // All of these run under the mutex.
  TraceStep start_step(StepKind kind, Direction direction, Epoch epoch);
  void append(TraceStep step, Awaits awaits = Awaits::nothing, Say claim = {}, Say denial = {});
  bool merge_ticket(const TraceStep& step);
  void settle();
  void end_tickets();
  void release();
  void count_records(TraceStep& step);
  void announce_keys(Epoch epoch);
  [[nodiscard]] Lane lane_of(Direction direction) const;

  RecorderOptions options_;
  std::chrono::steady_clock::time_point start_;
  mutable std::mutex mutex_;
  Trace trace_;
  std::deque<Held> held_;
  std::deque<RecordSeen> records_;
  unsigned next_number_ = 1;
  bool keys_announced_ = false;
};

}  // namespace handfast::apps
