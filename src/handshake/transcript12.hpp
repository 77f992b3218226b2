// Transcript12: the messages of a TLS 1.2 handshake, as a running hash, and as they are: a client's
// CertificateVerify signs the messages themselves, by whatever hash its scheme has. RFC 5246 §7.4.8, §7.4.9.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/error.hpp>

#include "base/limits.hpp"
#include "handshake/context.hpp"
#include "keys/transcript.hpp"

namespace handfast::handshake {

class Transcript12 {
 public:
  // `keep`: CertificateVerify may come.
  Transcript12(crypto::HashAlgorithm hash, bool keep) : hash_(hash), keeps_(keep) {}

  // A whole message. Errors: limit_exceeded.
  Result<void> add(Bytes message) {
    hash_.add(message);
    if (!keeps_) return {};
    if (messages_.size() + message.size() > limits::kMaxSignedMessages) {
      return failure(Error(ErrorCode::limit_exceeded).at("handshake messages", messages_.size()));
    }
    messages_.insert(messages_.end(), message.begin(), message.end());
    return {};
  }
  [[nodiscard]] Result<crypto::Digest> current() const { return hash_.current(); }
  // Everything so far, which is not kept any longer.
  ByteString take_messages() {
    keeps_ = false;
    return std::move(messages_);
  }
  void forget_messages() { take_messages(); }

 private:
  keys::Transcript hash_;
  bool keeps_;
  ByteString messages_;
};

template <class T>
Result<void> add(Transcript12& transcript, const Message<T>& message) {
  return transcript.add(message.bytes());
}

}  // namespace handfast::handshake
