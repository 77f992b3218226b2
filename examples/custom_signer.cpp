// A server whose private key lives elsewhere. Here "elsewhere" is a thread with a queue; it could be an HSM
// or a signing service. The connection does not block: the answer comes later, through a Completion, from any
// thread.
//   custom_signer PORT CHAIN.pem KEY.pem      answers one client, then ends
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <handfast/stream.hpp>
#include <handfast/system.hpp>
#include <mutex>
#include <string>
#include <thread>

namespace {

class RemoteSigner : public handfast::Signer {
 public:
  explicit RemoteSigner(std::shared_ptr<const handfast::Signer> key)
      : key_(std::move(key)), thread_([this] { run(); }) {}
  RemoteSigner(const RemoteSigner&) = delete;
  RemoteSigner& operator=(const RemoteSigner&) = delete;
  ~RemoteSigner() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
    // Jobs still in the queue are dropped with their Completions: those handshakes fail with
    // decision_abandoned.
  }

  [[nodiscard]] std::span<const handfast::SignatureScheme> schemes() const override {
    return key_->schemes();
  }
  [[nodiscard]] handfast::Bytes public_key() const override { return key_->public_key(); }

  // Returns at once. `content` is valid during this call only, so it is copied.
  void sign(handfast::SignatureScheme scheme, handfast::Bytes content,
            handfast::Completion<handfast::ByteString> done) const override {
    {
      const std::lock_guard lock(mutex_);
      jobs_.push_back({scheme, handfast::copy_of(content), std::move(done)});
    }
    changed_.notify_all();
  }

 private:
  struct Job {
    handfast::SignatureScheme scheme;
    handfast::ByteString content;
    handfast::Completion<handfast::ByteString> done;
  };

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (stopping_) return;
      Job job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      std::printf("signing %zu bytes on another thread\n", job.content.size());
      // A real one would send job.content away here. If the client has gone meanwhile, nobody waits any more.
      if (!job.done.cancelled()) key_->sign(job.scheme, job.content, std::move(job.done));
      lock.lock();
    }
  }

  std::shared_ptr<const handfast::Signer> key_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable std::deque<Job> jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

handfast::Result<void> run(char** argv) {
  HANDFAST_TRY_ASSIGN(const std::string chain, handfast::read_file(argv[2]));
  HANDFAST_TRY_ASSIGN(const std::string key, handfast::read_file(argv[3]));
  HANDFAST_TRY_ASSIGN(auto credential, handfast::Credential::from_pem(chain, key));
  credential.signer = std::make_shared<RemoteSigner>(std::move(credential.signer));

  handfast::ServerSettings settings;
  settings.credentials.push_back(std::move(credential));
  HANDFAST_TRY_ASSIGN(auto config, handfast::ServerConfig::create(std::move(settings)));

  HANDFAST_TRY_ASSIGN(auto listener, handfast::TcpListener::bind(
                                         "127.0.0.1", static_cast<std::uint16_t>(std::atoi(argv[1]))));
  std::printf("listening on %s\n", listener.endpoint().to_string().c_str());
  std::fflush(stdout);
  HANDFAST_TRY_ASSIGN(auto socket, listener.accept());
  HANDFAST_TRY_ASSIGN(auto stream, handfast::Stream::server(std::move(socket), config));
  HANDFAST_TRY(stream.handshake());  // waits for the signature, too
  HANDFAST_TRY(stream.write(handfast::as_bytes("signed elsewhere\n")));
  for (;;) {  // what the client says is not used, but its end is waited for
    HANDFAST_TRY_ASSIGN(const handfast::Bytes data, stream.read_view());
    if (data.empty()) return stream.close();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: custom_signer PORT CHAIN.pem KEY.pem\n");
    return 2;
  }
  const auto result = run(argv);
  if (!result) std::fprintf(stderr, "custom_signer: %s\n", result.error().to_string().c_str());
  return result ? 0 : 1;
}
