// TraceRecorder: an Observer that turns what a connection does into the steps of a Trace, as it happens.
// Message contents come from src/message's decoders, certificates from src/pki; there is no second parser.
// Must not influence the connection.
#pragma once

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
  // Called once for each new step when it is complete (live output), on the connection's thread. The step
  // stays valid and unchanged for the call only: later ones may mark items of it as chosen.
  std::function<void(const TraceStep&)> on_step;
  // Keep the bytes and fields of messages (for -x and the page). Off: only what lanes need.
  bool keep_bytes = true;
};

// Thread-safety: as an Observer it is called by one connection; trace() and the add functions may be called
// from other threads too, a mutex protects the trace.
class TraceRecorder : public Observer {
 public:
  explicit TraceRecorder(RecorderOptions options);

  void on_record(const RecordEvent& event) override;
  void on_message(const MessageEvent& event) override;
  void on_alert(const AlertEvent& event) override;
  void on_key_change(Direction direction, Epoch epoch) override;
  void on_error(const Error& error) override;

  // What the connection itself does not see: name resolution, TCP, application data. `step.at` is filled in.
  void add(TraceStep step);
  // The handshake is done; `round_trips` follows from the steps.
  void established();

  // A copy of all that is known so far.
  [[nodiscard]] Trace trace() const;

 private:
  TraceStep message_step(const MessageEvent& event);
  void append(TraceStep step);
  void mark_choices();
  [[nodiscard]] Lane lane_of(Direction direction) const;
  [[nodiscard]] Microseconds now() const;

  struct RecordSeen {
    std::uint64_t index = 0;
    std::size_t wire_length = 0;
  };

  RecorderOptions options_;
  std::chrono::steady_clock::time_point start_;
  mutable std::mutex mutex_;
  Trace trace_;
  std::vector<RecordSeen> sent_records_;  // those not yet claimed by a message
  std::vector<RecordSeen> received_records_;
  bool keys_announced_ = false;
};

}  // namespace handfast::apps
