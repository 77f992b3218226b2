// Bytes to records, records to messages. Keys are in tls_keys.cpp.
#include "explain/capture/tls_reader.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "explain/capture/limits.hpp"
#include "message/decode.hpp"

namespace handfast::apps::capture {
namespace {

// TLS 1.2 lets protection add 2048 bytes (RFC 5246 §6.2.3).
constexpr std::size_t kLongestRecord = record::kMaxPlaintext + 2048;
constexpr std::size_t kLongestMessage =
    std::max(limits::kMaxHandshakeMessage, limits::kMaxCertificateMessage) * 2;
// Record header, message header, version.
constexpr std::size_t kHelloFront = 11;
constexpr std::size_t kShownDialogue = 200;

// Whether a ClientHello or ServerHello begins here: record header, message header and versions agree.
bool hello_at(Bytes bytes, HandshakeType type) {
  if (bytes.size() < kHelloFront) return false;
  const std::size_t record = static_cast<std::size_t>(bytes[3]) << 8U | bytes[4];
  const std::size_t message =
      static_cast<std::size_t>(bytes[6]) << 16U | static_cast<std::size_t>(bytes[7]) << 8U | bytes[8];
  return bytes[0] == static_cast<std::uint8_t>(ContentType::handshake) && bytes[1] == 3 && bytes[2] <= 4 &&
         record >= 6 && record <= record::kMaxPlaintext && bytes[5] == static_cast<std::uint8_t>(type) &&
         message >= 38 && message <= kLongestMessage && bytes[9] == 3 && bytes[10] <= 4;
}

RecorderOptions watching(std::function<Microseconds()> elapsed, const Clock* clock, bool keep_bytes) {
  RecorderOptions options;
  options.self = Side::server;
  options.elapsed = std::move(elapsed);
  options.clock = clock;
  options.keep_bytes = keep_bytes;
  options.watching = true;
  return options;
}

}  // namespace

const char* name_of(Decryption decryption) {
  switch (decryption) {
    case Decryption::not_needed:
      return "not_needed";
    case Decryption::done:
      return "done";
    case Decryption::no_keys:
      return "no_keys";
    case Decryption::unsupported:
      return "unsupported";
    case Decryption::failed:
      return "failed";
    case Decryption::interrupted:
      break;
  }
  return "interrupted";
}

TlsReader::TlsReader(const KeyStore& keys, Instant start, bool keep_bytes)
    : keys_(keys),
      start_(start),
      recorder_(watching([this] { return std::chrono::duration_cast<Microseconds>(clock_.time - start_); },
                         &clock_, keep_bytes)) {
  clock_.time = start;
}

Trace TlsReader::finish() {
  recorder_.flush();
  return recorder_.trace();
}

Direction TlsReader::direction(unsigned side) const {
  return side == facts_.client ? Direction::received : Direction::sent;
}

void TlsReader::take(unsigned side, Bytes bytes, Instant time) {
  clock_.time = time;
  Half& half = halves_[side];
  while (!bytes.empty() && !half.given_up) {
    if (half.skip > 0) {
      const auto skipped = std::min<std::uint64_t>(half.skip, bytes.size());
      half.skip -= skipped;
      bytes = bytes.subspan(static_cast<std::size_t>(skipped));
    } else if (half.buffer.empty()) {
      const std::size_t used = parse(side, bytes);
      if (used == 0) half.buffer = copy_of(bytes);
      bytes = bytes.subspan(used == 0 ? bytes.size() : used);
    } else {
      half.buffer.insert(half.buffer.end(), bytes.begin(), bytes.end());
      bytes = {};
      // What the buffer holds beyond one item is looked at once more as a whole.
      const ByteString whole = std::exchange(half.buffer, {});
      const std::size_t used = parse(side, whole);
      if (used == 0) {
        half.buffer = whole;
      } else if (used < whole.size()) {
        take(side, Bytes(whole).subspan(used), time);
      }
    }
  }
}

void TlsReader::lost(unsigned side, std::uint64_t bytes, Instant time) {
  clock_.time = time;
  Half& half = halves_[side];
  facts_.lost[side] += bytes;
  if (half.skip >= bytes && half.skip > 0) {  // inside a record that is hidden anyway
    half.skip -= bytes;
    return;
  }
  if (!half.started) return;
  half.given_up = true;
  if (half.encrypted || is_tls13()) facts_.decryption = Decryption::interrupted;
}

void TlsReader::give_up(unsigned side, const Error& error) {
  halves_[side].given_up = true;
  halves_[side].buffer.clear();
  if (!facts_.error[side]) facts_.error[side] = error;
}

void TlsReader::begin_at(unsigned client) {
  facts_.client = client;
  halves_[client].started = halves_[1 - client].started = true;
  // What the other side said until now belongs to the dialogue.
  halves_[1 - client].buffer.clear();
}

// TLS may begin after a dialogue of another protocol (STARTTLS, CONNECT): at the first hello in it.
std::size_t TlsReader::find_start(unsigned side, Bytes input) {
  Half& half = halves_[side];
  for (std::size_t at = 0; at + kHelloFront <= input.size(); ++at) {
    const Bytes rest = input.subspan(at);
    const bool client = hello_at(rest, HandshakeType::client_hello);
    if (!client && !hello_at(rest, HandshakeType::server_hello)) continue;
    facts_.joined_late = !client;
    begin_at(client ? side : 1 - side);
    half.started = true;
    half.seen += at;
    facts_.dialogue[side] += std::string(as_text(input.first(std::min(at, kShownDialogue))));
    return at > 0 ? at : parse(side, input);
  }
  if (input.size() < kHelloFront) return 0;
  const std::size_t used = input.size() - kHelloFront + 1;
  if (facts_.dialogue[side].size() < kShownDialogue) {
    facts_.dialogue[side] += std::string(as_text(input.first(std::min(used, kShownDialogue))));
  }
  half.seen += used;
  if (half.seen > kMaxDialogue) {
    half.given_up = true;
    half.buffer.clear();
    return input.size();
  }
  return used;
}

std::size_t TlsReader::parse(unsigned side, Bytes input) {
  Half& half = halves_[side];
  if (!half.started) return find_start(side, input);
  const auto header = record::peek_header(input, kLongestRecord, half.first);
  if (!header) {
    give_up(side, header.error());
    return input.size();
  }
  if (!*header) return 0;
  const std::size_t size = record::kHeaderSize + (*header)->length;
  if (is_hidden(half, **header)) {
    half.first = false;
    hide(side, **header);
    half.skip = (*header)->length;
    return record::kHeaderSize;
  }
  if (input.size() < size) return 0;
  half.first = false;
  process_record(side, **header, input.first(size));
  return size;
}

bool TlsReader::is_hidden(const Half& half, const record::RecordHeader& header) const {
  if (half.opener.index() != 0) return false;
  // Before the keys changed application data can only be early data.
  if (!half.encrypted) return header.type == ContentType::application_data;
  if (!is_tls13()) return true;
  return header.type == ContentType::application_data;
}

void TlsReader::hide(unsigned side, const record::RecordHeader& header) {
  Half& half = halves_[side];
  ++facts_.hidden_count;
  ++half.index;
  if (facts_.decryption == Decryption::not_needed || facts_.decryption == Decryption::done) {
    facts_.decryption = Decryption::no_keys;
  }
  if (facts_.hidden.size() < kMaxSizes)
    facts_.hidden.push_back({side, header.type, header.length, clock_.time});
  // In TLS 1.2 the first protected handshake message is Finished.
  if (!is_tls13() && half.encrypted && header.type == ContentType::handshake) facts_.finished[side] = true;
}

void TlsReader::process_record(unsigned side, const record::RecordHeader& header, Bytes record) {
  Half& half = halves_[side];
  Bytes content = record.subspan(record::kHeaderSize);
  ContentType type = header.type;
  std::size_t padding = 0;
  const bool sealed = half.opener.index() != 0 && (!is_tls13() || type == ContentType::application_data);
  std::uint64_t sequence = 0;
  if (sealed) {
    if (const auto* opener = std::get_if<record::Opener>(&half.opener)) sequence = opener->sequence_number();
    if (const auto* opener = std::get_if<record::Opener12>(&half.opener))
      sequence = opener->sequence_number();
    scratch_ = copy_of(record);
    const auto opened = open(side, scratch_);
    if (!opened) return hide(side, header);
    ++facts_.opened_count;
    if (facts_.decryption == Decryption::not_needed) facts_.decryption = Decryption::done;
    type = opened->type;
    content = opened->content;
    padding = opened->padding;
  }
  if (messages_ <= kMaxSteps) {
    recorder_.on_record({direction(side), sealed ? half.epoch : Epoch::plaintext, type, half.index, sequence,
                         record.size(), content.size(), padding});
  }
  // Messages may fill scratch_ again while this content is read only in process_content, which copies.
  process_content(side, type, content);
  ++half.index;
}

void TlsReader::process_content(unsigned side, ContentType type, Bytes content) {
  switch (type) {
    case ContentType::handshake:
      return process_handshake(side, content);
    case ContentType::alert:
      return process_alert(side, content);
    case ContentType::change_cipher_spec:
      return change_cipher_spec(side);
    case ContentType::application_data:
      facts_.application_bytes[side] += content.size();
      return;
    default:
      return;
  }
}

void TlsReader::process_handshake(unsigned side, Bytes content) {
  Half& half = halves_[side];
  if (half.handshake.empty()) half.first_record = half.index;
  half.handshake.insert(half.handshake.end(), content.begin(), content.end());
  std::size_t used = 0;
  for (;;) {
    const Bytes rest = Bytes(half.handshake).subspan(used);
    const auto header = message::peek_header(rest);
    if (!header) break;
    if (header->message_size() > kLongestMessage) {
      give_up(side, Error(ErrorCode::message_too_large).in(header->type));
      break;
    }
    if (rest.size() < header->message_size()) break;
    // The message must not move while it is looked at.
    const ByteString message = copy_of(rest.first(header->message_size()));
    used += message.size();
    process_message(side, header->type, message);
    half.first_record = half.index;
  }
  half.handshake.erase(half.handshake.begin(), half.handshake.begin() + static_cast<std::ptrdiff_t>(used));
}

void TlsReader::process_message(unsigned side, HandshakeType type, Bytes message) {
  const Half& half = halves_[side];
  if (type == HandshakeType::server_hello && message::is_hello_retry_request(message)) {
    type = HandshakeType::hello_retry_request;
  }
  if (++messages_ <= kMaxSteps) {
    recorder_.on_message({direction(side), half.epoch, type, message, {}, half.first_record, half.index});
  }
  const bool from_client = side == facts_.client;
  if (type == HandshakeType::client_hello && from_client) return client_hello(message);
  if (type == HandshakeType::hello_retry_request && !from_client) facts_.hello_retry = true;
  if (type == HandshakeType::server_hello && !from_client) return server_hello(message);
  if (type == HandshakeType::certificate_request && !from_client) facts_.certificate_requested = true;
  if (type == HandshakeType::certificate && from_client) return client_certificate(message);
  if (type == HandshakeType::finished) return finished(side);
  if (type == HandshakeType::key_update) return key_update(side);
}

void TlsReader::process_alert(unsigned side, Bytes content) {
  if (content.size() != 2) return give_up(side, Error(ErrorCode::alert_malformed));
  const auto level = static_cast<AlertLevel>(content[0]);
  const auto description = static_cast<AlertDescription>(content[1]);
  const Half& half = halves_[side];
  if (facts_.alerts.size() < kMaxSizes) facts_.alerts.push_back({side, level, description, half.encrypted});
  if (description == AlertDescription::close_notify) facts_.closed_orderly[side] = true;
  if (++messages_ <= kMaxSteps) recorder_.on_alert({direction(side), half.epoch, level, description});
}

}  // namespace handfast::apps::capture
