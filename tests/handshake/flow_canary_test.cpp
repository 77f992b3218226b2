// The canary of docs/decisions/0001: every shape in which flows are written, with values that notice a double
// free, a missed destructor or a copy. If a compiler fails here, its flows cannot be trusted. Run it under
// ASan.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <variant>

#include "handshake/context.hpp"
#include "support/authority.hpp"

namespace {

bool fail_frames = false;      // the next frame cannot be allocated
std::size_t watched_size = 0;  // a freed block of at least this size is looked at before it goes
bool saw_secret = false;
constexpr unsigned char kSecret = 0xa7;

bool holds_secret(const unsigned char* bytes, std::size_t size) {
  for (std::size_t run = 0, i = 0; i < size; ++i) {
    run = bytes[i] == kSecret ? run + 1 : 0;
    if (run == 32) return true;
  }
  return false;
}

}  // namespace

void* operator new(std::size_t size) {
  void* const block = std::malloc(size + 16);
  if (block == nullptr) throw std::bad_alloc();
  std::memcpy(block, &size, sizeof size);
  return static_cast<unsigned char*>(block) + 16;
}
// Only frames are allocated by this form.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return fail_frames ? nullptr : operator new(size);
}
void operator delete(void* block) noexcept {
  if (block == nullptr) return;
  unsigned char* const start = static_cast<unsigned char*>(block) - 16;
  std::size_t size = 0;
  std::memcpy(&size, start, sizeof size);
  if (watched_size != 0 && size >= watched_size && holds_secret(start + 16, size)) saw_secret = true;
  std::free(start);
}
void operator delete(void* block, std::size_t) noexcept { operator delete(block); }

namespace handfast::handshake {
namespace {

// Notices what the compiler does with it.
class Counted {
 public:
  explicit Counted(int value) : value_(new int(value)) { ++alive; }
  Counted(Counted&& other) noexcept : value_(std::exchange(other.value_, nullptr)) { ++alive; }
  Counted& operator=(Counted&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Counted() {
    delete value_;
    --alive;
  }
  [[nodiscard]] int value() const { return value_ == nullptr ? -1 : *value_; }
  static inline int alive = 0;

 private:
  int* value_;
};

struct Secretive {
  std::array<std::uint8_t, 64> bytes{};
};

class NoLink final : public Link {
 public:
  Result<void> send(HandshakeType, Bytes) override { return {}; }
  Result<void> send_change_cipher_spec() override { return {}; }
  Result<RecordBoundary> record_boundary() override { return vouch(); }
  Result<void> set_read_keys(Epoch, const keys::SuiteParameters&, const HashSecret&,
                             RecordBoundary) override {
    return {};
  }
  Result<void> set_write_keys(Epoch, const keys::SuiteParameters&, const HashSecret&) override { return {}; }
  void allow_change_cipher_spec(bool) override {}
  void begin_tls13() override {}
  Result<void> offer_early_data(const keys::SuiteParameters&, EarlyDataSecrets, std::size_t) override {
    return {};
  }
  void give_up_early_data() override {}
  Result<void> accept_early_data(const keys::SuiteParameters&, EarlyDataSecrets, std::size_t,
                                 RecordBoundary) override {
    return {};
  }
  void skip_early_data(std::size_t) override {}
  void set_record_size_limits(std::size_t, std::size_t) override {}
  Result<void> begin_tls12(KeyExchange) override { return {}; }
  Result<void> set_read_keys12(const keys::SuiteParameters&, const keys::RecordKeys12&,
                               RecordBoundary) override {
    return {};
  }
  Result<void> set_write_keys12(const keys::SuiteParameters&, const keys::RecordKeys12&) override {
    return {};
  }
  void set_max_fragment_length(std::size_t) override {}
};

Result<Counted> make(int value) { return Counted(value); }
Result<Counted> refuse(const Counted&) { return failure(ErrorCode::message_unexpected); }
Result<int> add(const Counted& one, Counted other) { return one.value() + other.value(); }
Result<void> check(bool good) {
  if (good) return {};
  return failure(ErrorCode::message_illegal_value);
}
Result<Counted> throw_bad_alloc(const Counted&) { throw std::bad_alloc(); }
Result<Counted> throw_other(const Counted&) { throw std::string("other"); }

std::shared_ptr<PendingDecision<ByteString>> the_decision;
Decision<ByteString> decide(Context& hs) { return {hs, Waiting::For::signature, the_decision}; }

int result = 0;
bool went_on = false;

Flow last_flow(Context& hs, Counted taken, std::string text, int sum) {
  auto finished = co_await hs.receive<message::Finished>();
  result = taken.value() + sum + static_cast<int>(text.size()) +
           static_cast<int>(finished.value.verify_data.size());
  went_on = true;
  co_return Complete{};
}

Flow shapes_flow(Context& hs, Counted given) {
  auto one = co_await make(given.value());  // auto x = co_await f(names)
  const bool good = true;
  co_await check(good);  // co_await f(names)
  auto next = co_await hs.receive<message::Finished, message::KeyUpdate>();
  std::string text = "short";
  if (std::holds_alternative<Message<message::KeyUpdate>>(next)) {
    text = std::string(100, 'x');
    next = co_await hs.receive<message::Finished, message::KeyUpdate>();  // x = co_await f(names)
  }
  auto signature = co_await decide(hs);
  auto sum = co_await add(one, std::move(given));
  one = co_await make(sum);
  text.append(signature.begin(), signature.end());
  co_return last_flow(hs, std::move(one), std::move(text), sum);  // hand-over
}

Flow refusing_flow(Context& hs, Counted given) {
  auto one = co_await make(given.value());
  auto two = co_await refuse(one);
  went_on = true;
  co_return last_flow(hs, std::move(two), {}, 0);
}

Flow throwing_flow(Context& hs, Counted given, bool memory) {
  auto one = co_await make(given.value());
  if (memory) co_await throw_bad_alloc(one);
  co_await throw_other(one);
  went_on = true;
  co_return last_flow(hs, std::move(one), {}, 0);
}

Flow secret_flow(Context& hs) {
  Secretive secret;
  secret.bytes.fill(kSecret);
  auto finished = co_await hs.receive<message::Finished>();
  result = secret.bytes[finished.value.verify_data.size()];
  co_return Complete{};
}

class FlowCanary : public testing::Test {
 protected:
  FlowCanary() {
    result = 0;
    went_on = false;
    saw_secret = false;
    Counted::alive = 0;
    the_decision = std::make_shared<PendingDecision<ByteString>>(nullptr);
  }
  ~FlowCanary() override {
    watched_size = 0;
    EXPECT_EQ(Counted::alive, 0);
  }

  // Delivers a Finished with `size` bytes, or a KeyUpdate.
  void deliver(std::size_t size) {
    MessageBuffer buffer(budget_);
    ByteString bytes = {static_cast<std::uint8_t>(HandshakeType::finished), 0, 0,
                        static_cast<std::uint8_t>(size)};
    bytes.resize(4 + size);
    if (size == 1) bytes[0] = static_cast<std::uint8_t>(HandshakeType::key_update);
    ASSERT_TRUE(buffer.append(bytes, bytes.size()));
    MessageWaiter* const waiter = context_.message_waiter();
    ASSERT_NE(waiter, nullptr);
    ASSERT_TRUE(waiter->accept(std::move(buffer)));
    context_.wait_for(static_cast<MessageWaiter*>(nullptr));
  }

  test::Authority authority_;
  NoLink link_;
  MemoryBudget budget_{100'000};
  Context context_{test::must(ClientConfig::create(authority_.client_settings())),
                   test::must(ServerName::parse("server.test")), link_, nullptr};
};

TEST_F(FlowCanary, AllShapesToTheEnd) {
  for (const bool other_message : {false, true}) {
    for (const bool late : {false, true}) {
      the_decision = std::make_shared<PendingDecision<ByteString>>(nullptr);
      went_on = false;
      Flow flow = shapes_flow(context_, Counted(7));
      flow.resume();
      if (other_message) {
        deliver(1);
        flow.resume();
      }
      if (!late) the_decision->answer(ByteString{'a', 'b'});
      deliver(12);
      flow.resume();
      if (late) {
        DecisionWaiter* const waiter = context_.decision_waiter();
        ASSERT_NE(waiter, nullptr);
        EXPECT_FALSE(*waiter->poll());
        the_decision->answer(ByteString{'a', 'b'});
        EXPECT_TRUE(*waiter->poll());
        context_.wait_for(static_cast<DecisionWaiter*>(nullptr));
        flow.resume();
      }
      ASSERT_TRUE(flow.done());
      std::optional<Flow> next = flow.take_next();
      ASSERT_TRUE(next);
      flow = std::move(*next);
      flow.resume();
      deliver(20);
      flow.resume();
      ASSERT_TRUE(flow.done());
      EXPECT_FALSE(flow.take_next());
      EXPECT_TRUE(went_on);
      EXPECT_EQ(result, 14 + 14 + (other_message ? 102 : 7) + 20);
      EXPECT_FALSE(context_.failed());
    }
  }
}

TEST_F(FlowCanary, AnErrorEndsItWhereItIs) {
  Flow flow = refusing_flow(context_, Counted(1));
  flow.resume();
  EXPECT_FALSE(flow.done());
  EXPECT_FALSE(went_on);
  ASSERT_TRUE(context_.failed());
  EXPECT_EQ(context_.error().code(), ErrorCode::message_unexpected);
}

TEST_F(FlowCanary, ARefusedDecisionEndsIt) {
  the_decision->answer(failure(ErrorCode::signer_failed));
  Flow flow = shapes_flow(context_, Counted(1));
  flow.resume();
  deliver(12);
  flow.resume();
  ASSERT_TRUE(context_.failed());
  EXPECT_EQ(context_.error().code(), ErrorCode::signer_failed);
}

TEST_F(FlowCanary, DestroyedInEachState) {
  {
    const Flow never_started = shapes_flow(context_, Counted(1));
  }
  {
    Flow flow = shapes_flow(context_, Counted(1));
    flow.resume();  // waits for a message
  }
  {
    Flow flow = shapes_flow(context_, Counted(1));
    flow.resume();
    deliver(12);
    flow.resume();  // waits for a decision
    EXPECT_FALSE(the_decision->cancelled());
  }
  EXPECT_TRUE(the_decision->cancelled());
  the_decision = std::make_shared<PendingDecision<ByteString>>(nullptr);
  the_decision->answer(ByteString{});
  {
    Flow flow = shapes_flow(context_, Counted(1));
    flow.resume();
    deliver(12);
    flow.resume();  // done; its successor was never taken
    EXPECT_TRUE(flow.done());
  }
  EXPECT_FALSE(went_on);
}

TEST_F(FlowCanary, ExceptionsBecomeErrors) {
  for (const bool memory : {true, false}) {
    Context context(test::must(ClientConfig::create(authority_.client_settings())),
                    test::must(ServerName::parse("server.test")), link_, nullptr);
    Flow flow = throwing_flow(context, Counted(1), memory);
    flow.resume();
    ASSERT_TRUE(context.failed());
    EXPECT_EQ(context.error().code(), memory ? ErrorCode::out_of_memory : ErrorCode::internal_error);
    EXPECT_FALSE(went_on);
  }
}

TEST_F(FlowCanary, FramesAreWiped) {
  Flow flow = secret_flow(context_);
  flow.resume();
  watched_size = 64;
  deliver(12);
  flow.resume();
  EXPECT_EQ(result, kSecret);
  flow.destroy();
  EXPECT_FALSE(saw_secret);
  // The same, destroyed while it waits.
  Flow waiting = secret_flow(context_);
  waiting.resume();
  waiting.destroy();
  EXPECT_FALSE(saw_secret);
}

TEST_F(FlowCanary, AFrameThatCannotBeMade) {
  fail_frames = true;
  const Flow flow = secret_flow(context_);
  fail_frames = false;
  EXPECT_FALSE(flow);
  // In a hand-over.
  the_decision->answer(ByteString{});
  Flow first = shapes_flow(context_, Counted(1));
  first.resume();
  deliver(12);
  fail_frames = true;
  first.resume();
  fail_frames = false;
  ASSERT_TRUE(context_.failed());
  EXPECT_EQ(context_.error().code(), ErrorCode::out_of_memory);
}

}  // namespace
}  // namespace handfast::handshake
