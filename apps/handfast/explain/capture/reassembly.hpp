// One direction of a TCP connection put in order again: segments out of order, repeated, overlapping or lost
// (RFC 9293 §3.4). Bounded memory; what is lost is said, not guessed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <handfast/bytes.hpp>
#include <map>

namespace handfast::apps::capture {

// What waits in all directions together; shared by them.
struct WaitingBudget {
  std::size_t used = 0;
};

class Reassembly {
 public:
  struct Sink {
    std::function<void(Bytes)> bytes;
    std::function<void(std::uint64_t)> lost;  // so many bytes are missing here
  };

  explicit Reassembly(WaitingBudget& budget) : budget_(&budget) {}
  Reassembly(Reassembly&&) = delete;
  Reassembly& operator=(Reassembly&&) = delete;
  ~Reassembly() { drop(); }

  // SYN: the first byte of data has the next number.
  void begin(std::uint32_t sequence);
  // `length` is the size on the wire; more than payload.size() if the capture cut it.
  void add(std::uint32_t sequence, Bytes payload, std::size_t length, const Sink& sink);
  // Gives up on what is missing, and hands on what waits.
  void finish(const Sink& sink);

  [[nodiscard]] bool begun() const { return begun_; }
  // The number that is expected next.
  [[nodiscard]] std::uint32_t next() const { return next_; }
  [[nodiscard]] bool waiting() const { return !waiting_.empty(); }
  [[nodiscard]] std::uint64_t delivered() const { return delivered_; }
  [[nodiscard]] unsigned repeated() const { return repeated_; }

 private:
  struct Piece {
    ByteString bytes;
    std::size_t length;
  };

  void deliver(Bytes payload, std::size_t length, const Sink& sink);
  void deliver_waiting(const Sink& sink);
  void hold(std::uint32_t ahead, Bytes payload, std::size_t length);
  void drop();

  WaitingBudget* budget_;
  bool begun_ = false;
  std::uint32_t next_ = 0;
  std::uint64_t delivered_ = 0;
  unsigned repeated_ = 0;
  std::size_t waiting_bytes_ = 0;
  std::map<std::uint64_t, Piece> waiting_;  // by offset as delivered_ counts
};

}  // namespace handfast::apps::capture
