// Link: what a handshake asks of the record side of its connection. The connection layer implements it; tests
// fake it. RFC 9846 §5. Nothing here blocks: what is sent is queued.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>
#include <handfast/secret.hpp>

#include "handshake/psk.hpp"
#include "keys/cipher_suite.hpp"
#include "keys/key_schedule12.hpp"

namespace handfast::handshake {

// Proof that no byte of a later handshake message was received under the current keys: "Implementations MUST
// verify that all messages immediately preceding a key change align with a record boundary" (§5.1). Read keys
// cannot change without.
class RecordBoundary {
 public:
  // The connection vouches for it; nobody else may.
  class Witness;

 private:
  RecordBoundary() = default;
};

class RecordBoundary::Witness {
 protected:
  static RecordBoundary vouch() { return {}; }
};

class Link : protected RecordBoundary::Witness {
 public:
  virtual ~Link() = default;

  // Queues a whole handshake message under the current write keys. Messages queued together may share
  // records.
  virtual Result<void> send(HandshakeType type, Bytes message) = 0;
  // Queues the compatibility change_cipher_spec (§E.4), never protected.
  virtual Result<void> send_change_cipher_spec() = 0;

  // Errors: message_across_key_change.
  virtual Result<RecordBoundary> record_boundary() = 0;
  virtual Result<void> set_read_keys(Epoch epoch, const keys::SuiteParameters& suite,
                                     const HashSecret& secret, RecordBoundary boundary) = 0;
  virtual Result<void> set_write_keys(Epoch epoch, const keys::SuiteParameters& suite,
                                      const HashSecret& secret) = 0;

  // From here on it is TLS 1.3: an alert that reports an error ends the connection, whatever its level (§6).
  virtual void begin_tls13() = 0;
  // Whether a plaintext change_cipher_spec may come now and is dropped (§5).
  virtual void allow_change_cipher_spec(bool allowed) = 0;
  // --- early data (§4.3.10) ---
  // Client: up to `limit` bytes may be sent under these secrets until the write keys change.
  virtual Result<void> offer_early_data(const keys::SuiteParameters& suite, EarlyDataSecrets secrets,
                                        std::size_t limit) = 0;
  // Client: the server does not take it. Nothing is protected again until there are write keys.
  virtual void give_up_early_data() = 0;
  // Server: up to `limit` bytes are taken until the read keys change.
  virtual Result<void> accept_early_data(const keys::SuiteParameters& suite, EarlyDataSecrets secrets,
                                         std::size_t limit, RecordBoundary boundary) = 0;
  // Server: the client sends early data and it is not taken: its records are dropped until the client's next
  // handshake message; `limit` bytes of content at most.
  virtual void skip_early_data(std::size_t limit) = 0;
  // RFC 8449: the longest TLSInnerPlaintext that may be sent and received from the next protected record on.
  virtual void set_record_size_limits(std::size_t send, std::size_t receive) = 0;

  // --- TLS 1.2 (RFC 5246 §6, §7.1) ---
  // From here on a change_cipher_spec means what it says, and warnings are only that. Errors:
  // record_bad_change_cipher_spec if one came before.
  virtual Result<void> begin_tls12(KeyExchange exchange) = 0;
  virtual Result<void> set_read_keys12(const keys::SuiteParameters& suite, const keys::RecordKeys12& keys,
                                       RecordBoundary boundary) = 0;
  virtual Result<void> set_write_keys12(const keys::SuiteParameters& suite,
                                        const keys::RecordKeys12& keys) = 0;
  // RFC 6066 §4: the longest plaintext of a record in both directions, protected or not.
  virtual void set_max_fragment_length(std::size_t length) = 0;
};

}  // namespace handfast::handshake
