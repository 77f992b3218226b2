// TraceRecorder: see the header.
#include "trace/recorder.hpp"

#include <algorithm>

#include "trace/names.hpp"
#include "trace/steps.hpp"

namespace handfast::apps {
namespace {

// A message spans a few records; those of application data are forgotten again.
constexpr std::size_t kRememberedRecords = 256;

bool is_certificate(HandshakeType type) {
  return type == HandshakeType::certificate || type == HandshakeType::compressed_certificate;
}

StepKind kind_of(HandshakeType type, Lane lane) {
  const bool client = lane == Lane::from_client;
  switch (type) {
    case HandshakeType::client_hello:
      return StepKind::client_hello;
    case HandshakeType::server_hello:
      return StepKind::server_hello;
    case HandshakeType::hello_retry_request:
      return StepKind::hello_retry;
    case HandshakeType::encrypted_extensions:
      return StepKind::encrypted_extensions;
    case HandshakeType::certificate_request:
      return StepKind::cert_request;
    case HandshakeType::certificate:
    case HandshakeType::compressed_certificate:
      return client ? StepKind::client_auth : StepKind::certificate;
    case HandshakeType::certificate_verify:
      return client ? StepKind::client_auth : StepKind::cert_verify;
    case HandshakeType::finished:
      return StepKind::finished;
    case HandshakeType::new_session_ticket:
      return StepKind::ticket;
    case HandshakeType::key_update:
      return StepKind::key_update;
    case HandshakeType::certificate_status:
      return StepKind::cert_status;
    case HandshakeType::server_key_exchange:
      return StepKind::server_key_exchange;
    case HandshakeType::server_hello_done:
      return StepKind::server_hello_done;
    case HandshakeType::client_key_exchange:
      return StepKind::client_key_exchange;
    default:
      return StepKind::app;
  }
}

}  // namespace

TraceRecorder::TraceRecorder(RecorderOptions options)
    : options_(std::move(options)), start_(std::chrono::steady_clock::now()) {
  trace_.self = options_.self;
}

Microseconds TraceRecorder::now() const {
  if (options_.elapsed) return options_.elapsed();
  return std::chrono::duration_cast<Microseconds>(std::chrono::steady_clock::now() - start_);
}

Lane TraceRecorder::lane_of(Direction direction) const {
  const bool from_client = (options_.self == Side::client) == (direction == Direction::sent);
  return from_client ? Lane::from_client : Lane::from_server;
}

TraceStep TraceRecorder::start_step(StepKind kind, Direction direction, Epoch epoch) {
  TraceStep step;
  step.kind = kind;
  step.direction = direction;
  step.lane = lane_of(direction);
  step.epoch = epoch;
  step.encrypted = epoch != Epoch::plaintext;
  step.at = now();
  return step;
}

void TraceRecorder::on_record(const RecordEvent& event) {
  const std::lock_guard lock(mutex_);
  records_.push_back({event.direction, event.index, event.wire_length});
  if (records_.size() > kRememberedRecords) records_.pop_front();
  if (event.type == ContentType::change_cipher_spec && is_tls12(trace_)) {
    settle();
    TraceStep step = start_step(StepKind::change_cipher_spec, event.direction, event.epoch);
    step.size = event.payload_length;
    step.wire_size = event.wire_length;
    step.first_record = step.last_record = event.index;
    describe_change_cipher_spec(step);
    append(std::move(step));
  }
}

void TraceRecorder::on_message(const MessageEvent& event) {
  const std::lock_guard lock(mutex_);
  settle();
  if (event.type != HandshakeType::new_session_ticket) end_tickets();
  TraceStep step = start_step(kind_of(event.type, lane_of(event.direction)), event.direction, event.epoch);
  step.title = event.type == HandshakeType{} ? "HelloRequest" : std::string(name_of(event.type));
  if (step.title.empty()) step.title = "message of unknown type";
  step.size = event.bytes.size();
  step.bytes = copy_of(event.bytes);
  step.first_record = event.first_record;
  step.last_record = event.last_record;
  count_records(step);
  describe_message(step, event.type, {trace_, options_.clock});
  mark_choices(trace_, step);
  if (options_.keep_bytes) {
    for (const Field& field : event.fields) {
      step.fields.push_back(
          {field.name, field.offset, field.length, field.depth, meaning_of(field, event.bytes, event.type)});
    }
  } else {
    step.bytes.clear();
  }
  if (merge_ticket(step)) return;

  // What a received proof proves is said when the connection has gone on from it.
  const bool received = event.direction == Direction::received && !options_.watching;
  const bool client = step.lane == Lane::from_client;
  if (received && event.type == HandshakeType::certificate_verify) {
    const std::string who = client ? "client" : "server";
    append(std::move(step), Awaits::next_event, {who + " proved it owns the key", Mark::good},
           {who + " did not prove that it owns the key", Mark::bad});
  } else if (received && event.type == HandshakeType::finished) {
    append(std::move(step), Awaits::next_event, {"nobody changed the conversation", Mark::good},
           {"the checksum does not match", Mark::bad});
  } else if (received && is_certificate(event.type) && options_.verdict_follows) {
    append(std::move(step), Awaits::verdict);
  } else if (event.type == HandshakeType::new_session_ticket) {
    append(std::move(step), Awaits::more_tickets);
  } else {
    append(std::move(step));
  }
}

bool TraceRecorder::merge_ticket(const TraceStep& step) {
  if (step.kind != StepKind::ticket || trace_.steps.empty()) return false;
  TraceStep& last = trace_.steps.back();
  if (last.kind != StepKind::ticket || last.direction != step.direction) return false;
  ++last.repeated;
  last.size += step.size;
  if (step.first_record != last.last_record) last.wire_size += step.wire_size;
  last.last_record = step.last_record;
  return true;
}

void TraceRecorder::on_alert(const AlertEvent& event) {
  const std::lock_guard lock(mutex_);
  end_tickets();
  const bool close = event.description == AlertDescription::close_notify;
  TraceStep step = start_step(close ? StepKind::close : StepKind::alert, event.direction, event.epoch);
  step.title = close ? "close_notify" : "Alert";
  step.size = 2;
  std::string name = name_or_number(event.description);
  if (name.starts_with("0x")) name = "unknown";
  const auto code = static_cast<unsigned>(event.description);
  if (close) {
    step.say.push_back({"nothing more will come", Mark::none});
    step.why = "close_notify — the orderly end of one direction: what came before is complete.";
  } else {
    step.say.push_back({name + " (alert " + std::to_string(code) + ")", Mark::bad});
    step.why = "Alert — one side gives up, with a number that says why, as far as it says anything.";
  }
  FactItem item;
  item.code = static_cast<std::uint16_t>(code);
  item.text = std::move(name);
  step.facts.push_back({"alert", "Alert", {std::move(item)}});
  if (event.direction == Direction::received) settle();
  append(std::move(step));
}

void TraceRecorder::on_key_change(Direction direction, Epoch epoch) {
  const std::lock_guard lock(mutex_);
  // Keys for application data are taken after Finished was checked.
  if (direction == Direction::received && epoch == Epoch::application) settle();
  if (epoch == Epoch::handshake) announce_keys(epoch);
}

void TraceRecorder::announce_keys(Epoch epoch) {
  if (keys_announced_) return;
  keys_announced_ = true;
  TraceStep step = start_step(StepKind::keys, Direction::sent, epoch);
  step.lane = Lane::neither;
  step.title = "from here everything is encrypted";
  step.why =
      "Keys — each side combines its own secret with the other's public half. Both get the same handshake "
      "keys, "
      "without ever having sent them.";
  append(std::move(step));
}

void TraceRecorder::on_error(const Error& error) { failed(error); }

void TraceRecorder::failed(const Error& error) {
  const std::lock_guard lock(mutex_);
  if (!trace_.error) trace_.error = error;
  // Only an error of this very check denies the claim; others leave it unsaid.
  const bool denies =
      error.code() == ErrorCode::finished_mismatch || error.code() == ErrorCode::certificate_verify_mismatch;
  for (Held& held : held_) {
    if (denies && held.awaits == Awaits::next_event) trace_.steps[held.index].say.push_back(held.denial);
    held.awaits = Awaits::nothing;
  }
  release();
}

void TraceRecorder::add(TraceStep step) {
  const std::lock_guard lock(mutex_);
  end_tickets();
  if (step.at == Microseconds{0}) step.at = now();
  append(std::move(step));
}

void TraceRecorder::certificate_verdict(std::vector<Say> lines) {
  const std::lock_guard lock(mutex_);
  for (Held& held : held_) {
    if (held.awaits != Awaits::verdict) continue;
    auto& say = trace_.steps[held.index].say;
    say.insert(say.end(), lines.begin(), lines.end());
    held.awaits = Awaits::nothing;
  }
  release();
}

void TraceRecorder::established() {
  const std::lock_guard lock(mutex_);
  settle();
  for (Held& held : held_) held.awaits = Awaits::nothing;
  release();
  trace_.established_at = std::max(now(), Microseconds{1});
  // In TLS 1.2 the client waits for the server's Finished, unless an earlier session went on.
  const bool full12 = is_tls12(trace_) && trace_.find(StepKind::server_hello_done) != nullptr;
  trace_.round_trips = full12 || trace_.find(StepKind::hello_retry) != nullptr ? 2 : 1;
}

Trace TraceRecorder::trace() const {
  const std::lock_guard lock(mutex_);
  return trace_;
}

void TraceRecorder::append(TraceStep step, Awaits awaits, Say claim, Say denial) {
  if (step.lane != Lane::neither) step.number = next_number_++;
  trace_.steps.push_back(std::move(step));
  held_.push_back({trace_.steps.size() - 1, awaits, std::move(claim), std::move(denial)});
  release();
}

void TraceRecorder::settle() {
  for (Held& held : held_) {
    if (held.awaits != Awaits::next_event) continue;
    trace_.steps[held.index].say.push_back(held.claim);
    held.awaits = Awaits::nothing;
  }
  release();
}

void TraceRecorder::end_tickets() {
  for (Held& held : held_) {
    if (held.awaits == Awaits::more_tickets) held.awaits = Awaits::nothing;
  }
  release();
}

void TraceRecorder::flush() {
  const std::lock_guard lock(mutex_);
  for (Held& held : held_) held.awaits = Awaits::nothing;
  release();
}

void TraceRecorder::release() {
  while (!held_.empty() && held_.front().awaits == Awaits::nothing) {
    const std::size_t index = held_.front().index;
    held_.pop_front();
    if (options_.on_step) options_.on_step(trace_.steps[index]);
  }
}

void TraceRecorder::count_records(TraceStep& step) {
  for (const auto& record : records_) {
    if (record.direction == step.direction && record.index >= step.first_record &&
        record.index <= step.last_record) {
      step.wire_size += record.wire_length;
    }
  }
  for (auto& other : trace_.steps) {
    if (other.direction != step.direction || other.bytes.empty() || other.last_record < step.first_record)
      continue;
    other.shares_records = step.shares_records = true;
  }
}

}  // namespace handfast::apps
