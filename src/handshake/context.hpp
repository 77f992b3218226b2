// Context: what a flow can reach: its configuration, the messages that come, the link, outside decisions.
// It holds no protocol state: that lives in the flow, in the scope where it is valid.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <handfast/config.hpp>
#include <handfast/connection_info.hpp>
#include <handfast/error.hpp>
#include <handfast/server_name.hpp>
#include <handfast/signer.hpp>
#include <handfast/verifier.hpp>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "crypto/hash.hpp"
#include "handshake/config_data.hpp"
#include "handshake/decision.hpp"
#include "handshake/drawn_random.hpp"
#include "handshake/flow.hpp"
#include "handshake/link.hpp"
#include "handshake/lookup.hpp"
#include "handshake/message_buffer.hpp"
#include "message/decode.hpp"

namespace handfast::handshake {

// A received message with the bytes that its views point into.
template <class T>
struct Message {
  MessageBuffer buffer;
  T value{};

  // Header and body, for the transcript.
  [[nodiscard]] Bytes bytes() const { return buffer.view(); }
};

template <class... Ts>
Bytes bytes_of(const std::variant<Message<Ts>...>& received) {
  return std::visit([](const auto& message) { return message.bytes(); }, received);
}

// A flow that waits for a message, as the driver sees it.
class MessageWaiter {
 public:
  virtual ~MessageWaiter() = default;
  [[nodiscard]] virtual std::span<const HandshakeType> expected() const = 0;
  // Errors: message_unexpected (the one place where it is made), or the decoder's.
  virtual Result<void> accept(MessageBuffer message) = 0;
  // TLS 1.2's change_cipher_spec came. Errors: record_bad_change_cipher_spec.
  virtual Result<void> accept_change_cipher_spec();
};

// A set of messages that is only known when the flow gets there: it depends on suite and extensions.
class ExpectedMessages {
 public:
  ExpectedMessages(std::initializer_list<HandshakeType> types) {
    for (const HandshakeType type : types) add(type);
  }
  void add(HandshakeType type) { types_[size_++] = type; }
  [[nodiscard]] bool contains(HandshakeType type) const {
    return std::ranges::find(view(), type) != view().end();
  }
  [[nodiscard]] std::span<const HandshakeType> view() const { return std::span(types_).first(size_); }

 private:
  std::array<HandshakeType, 4> types_{};
  std::size_t size_ = 0;
};

Error unexpected_message(HandshakeType received, std::span<const HandshakeType> expected);

// co_await hs.receive<A>() gives Message<A>; co_await hs.receive<A, B>() gives std::variant<Message<A>,
// Message<B>>.
template <class... Ts>
class Receive final : public MessageWaiter {
 public:
  explicit Receive(Context& context) : context_(&context) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>);
  auto await_resume() {
    if constexpr (sizeof...(Ts) == 1) {
      return std::get<0>(std::move(*received_));
    } else {
      return std::move(*received_);
    }
  }

  [[nodiscard]] std::span<const HandshakeType> expected() const override { return kExpected; }
  Result<void> accept(MessageBuffer message) override {
    const auto type = static_cast<HandshakeType>(message.view()[0]);
    std::optional<Error> refused;
    const bool known = (try_accept<Ts>(type, message, refused) || ...);
    if (!known) return failure(unexpected_message(type, kExpected));
    if (refused) return failure(std::move(*refused));
    return {};
  }

 private:
  static constexpr std::array kExpected = {Ts::kType...};

  template <class T>
  bool try_accept(HandshakeType type, MessageBuffer& message, std::optional<Error>& refused) {
    if (type != T::kType) return false;
    // Moving the buffer does not move the bytes: the views stay valid.
    Result<T> decoded = message::decode<T>(message.view());
    if (!decoded) {
      refused = std::move(decoded).error();
    } else {
      received_.emplace(Message<T>{std::move(message), std::move(*decoded)});
    }
    return true;
  }

  Context* context_;
  std::optional<std::variant<Message<Ts>...>> received_;
};

// co_await hs.receive_among<A, B, C>(expected): as receive, for those that `expected` names.
template <class... Ts>
class ReceiveAmong final : public MessageWaiter {
 public:
  ReceiveAmong(Context& context, ExpectedMessages expected)
      : receive_(context), expected_(expected), context_(&context) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>);
  auto await_resume() { return receive_.await_resume(); }

  [[nodiscard]] std::span<const HandshakeType> expected() const override { return expected_.view(); }
  Result<void> accept(MessageBuffer message) override {
    const auto type = static_cast<HandshakeType>(message.view()[0]);
    if (!expected_.contains(type)) return failure(unexpected_message(type, expected_.view()));
    return receive_.accept(std::move(message));
  }

 private:
  Receive<Ts...> receive_;
  ExpectedMessages expected_;
  Context* context_;
};

// co_await hs.receive_change_cipher_spec(): TLS 1.2's, exactly here (RFC 5246 §7.1).
class ReceiveChangeCipherSpec final : public MessageWaiter {
 public:
  explicit ReceiveChangeCipherSpec(Context& context) : context_(&context) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>);
  void await_resume() const noexcept {}

  [[nodiscard]] std::span<const HandshakeType> expected() const override { return kExpected; }
  Result<void> accept(MessageBuffer message) override {
    return failure(unexpected_message(static_cast<HandshakeType>(message.view()[0]), kExpected));
  }
  Result<void> accept_change_cipher_spec() override { return {}; }

 private:
  static constexpr std::array kExpected = {HandshakeType::change_cipher_spec};
  Context* context_;
};

class ClientTickets;   // client_psk.hpp
struct PostHandshake;  // post_handshake_auth.hpp

// What the flows agreed on, handed to the connection.
struct Established {
  ConnectionInfo info;
  const keys::SuiteParameters* suite = nullptr;
  HashSecret exporter_secret;            // TLS 1.2: the main secret, if it is an extended one
  std::optional<keys::Randoms> randoms;  // TLS 1.2: what its exporters need
  std::shared_ptr<const PeerCertificates> peer_certificates;  // null if the peer presented none
  std::vector<ByteString> verified_path;
  // TLS 1.3, a client that keeps sessions: what makes them of tickets. Else null.
  std::unique_ptr<ClientTickets> tickets;
  // Null unless the client can be asked for a certificate later.
  std::unique_ptr<PostHandshake> post_handshake;

  Established();
  Established(Established&&) noexcept;
  Established& operator=(Established&&) noexcept;
  ~Established();
};

class FinishedProof;  // authentication.hpp

// A client's answer to a late CertificateRequest, but for Finished, which is made when it is sent (§4.7.2).
struct PreparedAnswer {
  ByteString certificate;         // the whole messages
  ByteString certificate_verify;  // empty if the client declines
  crypto::Digest transcript;      // up to here
};

class Context {
 public:
  Context(std::shared_ptr<const ClientConfig> config, ServerName name, Link& link,
          std::function<void()> wake);
  Context(std::shared_ptr<const ServerConfig> config, Link& link, std::function<void()> wake);
  // A client whom the server asks for a certificate after the handshake.
  Context(std::shared_ptr<const ClientConfig> config, Link& link, std::function<void()> wake);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // --- what flows use ---
  [[nodiscard]] Side side() const { return client_ ? Side::client : Side::server; }
  [[nodiscard]] const ClientConfigData& client() const { return client_->data(); }
  [[nodiscard]] const ServerConfigData& server() const { return server_->data(); }
  [[nodiscard]] const CommonSettings& settings() const;
  // The configured source, or libcrypto's. Not for other threads, nor for longer than the handshake.
  [[nodiscard]] const RandomSource& random() const;
  // The configuration of this end; that of the other is null.
  [[nodiscard]] const std::shared_ptr<const ClientConfig>& client_config() const { return client_; }
  [[nodiscard]] const std::shared_ptr<const ServerConfig>& server_config() const { return server_; }
  // Whom the client means; null on servers, and after the handshake.
  [[nodiscard]] const std::shared_ptr<const ServerName>& name() const { return name_; }
  [[nodiscard]] Link& link() { return link_; }

  template <class... Ts>
  Receive<Ts...> receive() {
    return Receive<Ts...>(*this);
  }
  template <class... Ts>
  ReceiveAmong<Ts...> receive_among(const ExpectedMessages& expected) {
    return ReceiveAmong<Ts...>(*this, expected);
  }
  ReceiveChangeCipherSpec receive_change_cipher_spec() { return ReceiveChangeCipherSpec(*this); }
  Decision<ByteString> sign(const Signer& signer, SignatureScheme scheme, const ByteString& content);
  Decision<Verdict> verify(const CertificateVerifier& verifier, const VerificationRequest& request);
  Lookup<ByteString> look_up(SessionStore& store, ByteString id);
  Lookup<bool, bool> accept_once(ReplayGuard& guard, ByteString id, Time until);
  // The last word of a flow: nobody gets here without the peer's Finished.
  Complete establish(const FinishedProof& proof, Established outcome);
  // The same of an authentication after the handshake.
  Complete believe(const FinishedProof& proof, ClientAnswer answer);
  Complete answer(PreparedAnswer answer);

  // --- what the driver uses ---
  void fail(Error error);
  [[nodiscard]] bool failed() const { return error_.has_value(); }
  [[nodiscard]] const Error& error() const { return *error_; }
  void wait_for(MessageWaiter* waiter) { message_waiter_ = waiter; }
  void wait_for(DecisionWaiter* waiter) { decision_waiter_ = waiter; }
  [[nodiscard]] MessageWaiter* message_waiter() const { return message_waiter_; }
  [[nodiscard]] DecisionWaiter* decision_waiter() const { return decision_waiter_; }
  [[nodiscard]] Waiting waiting_for() const;
  template <class Outcome>
  Outcome take_outcome() {
    return std::move(std::get<Outcome>(outcome_));
  }

 private:
  std::shared_ptr<const ClientConfig> client_;
  std::shared_ptr<const ServerConfig> server_;
  std::shared_ptr<const ServerName> name_;
  Link& link_;
  std::function<void()> wake_;
  MessageWaiter* message_waiter_ = nullptr;
  DecisionWaiter* decision_waiter_ = nullptr;
  DrawnRandom drawn_random_;
  std::optional<Error> error_;
  std::variant<std::monostate, Established, ClientAnswer, PreparedAnswer> outcome_;
};

template <class... Ts>
void Receive<Ts...>::await_suspend(std::coroutine_handle<>) {
  context_->wait_for(static_cast<MessageWaiter*>(this));
}

template <class... Ts>
void ReceiveAmong<Ts...>::await_suspend(std::coroutine_handle<>) {
  context_->wait_for(static_cast<MessageWaiter*>(this));
}

}  // namespace handfast::handshake
