// ControlWord: what the reading half of a connection needs sent, in one atomic word that the writing half
// empties. The only state that both halves change after establishment.
#pragma once

#include <atomic>
#include <cstdint>
#include <handfast/codepoints.hpp>
#include <optional>

namespace handfast::connection {

class ControlWord {
 public:
  struct Orders {
    bool update_keys = false;               // the peer asked for new keys (RFC 9846 §4.7.3)
    bool peer_updated = false;              // the peer sent a KeyUpdate of its own
    bool refuse_renegotiation = false;      // warn no_renegotiation (RFC 5246 §7.2.2)
    bool stop = false;                      // nothing may be sent any more
    std::optional<AlertDescription> alert;  // send this fatal alert, then stop
  };

  // The writing half asked the peer for new keys; its answer is no flood. One answer is remembered.
  void note_request() { requested_.store(true, std::memory_order_release); }
  // [reading half] True if a KeyUpdate that came answers such a request.
  bool take_request() { return requested_.exchange(false, std::memory_order_acq_rel); }

  // [reading half]
  void order_key_update() { word_.fetch_or(kUpdateKeys, std::memory_order_release); }
  void note_peer_update() { word_.fetch_or(kPeerUpdated, std::memory_order_release); }
  void order_refusal() { word_.fetch_or(kRefuse, std::memory_order_release); }
  void order_stop() { word_.fetch_or(kStop, std::memory_order_release); }
  void order_alert(AlertDescription alert) {
    word_.fetch_or(kAlert | kStop | static_cast<std::uint32_t>(alert) << kAlertShift,
                   std::memory_order_release);
  }

  // [writing half]
  [[nodiscard]] bool empty() const { return word_.load(std::memory_order_acquire) == 0; }
  // True if carrying the orders out may give something to send.
  [[nodiscard]] bool has_output() const {
    return (word_.load(std::memory_order_acquire) & (kUpdateKeys | kRefuse | kAlert)) != 0;
  }
  Orders take() {
    const std::uint32_t word = word_.exchange(0, std::memory_order_acquire);
    Orders orders;
    orders.update_keys = (word & kUpdateKeys) != 0;
    orders.peer_updated = (word & kPeerUpdated) != 0;
    orders.refuse_renegotiation = (word & kRefuse) != 0;
    orders.stop = (word & kStop) != 0;
    if ((word & kAlert) != 0) orders.alert = static_cast<AlertDescription>((word >> kAlertShift) & 0xffU);
    return orders;
  }

 private:
  static constexpr std::uint32_t kUpdateKeys = 1;
  static constexpr std::uint32_t kPeerUpdated = 2;
  static constexpr std::uint32_t kStop = 4;
  static constexpr std::uint32_t kAlert = 8;
  static constexpr std::uint32_t kRefuse = 16;
  static constexpr unsigned kAlertShift = 8;
  std::atomic<std::uint32_t> word_{0};
  std::atomic<bool> requested_{false};
};

}  // namespace handfast::connection
