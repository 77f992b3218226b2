// libssl on both ends: see the header.
#include "libssl_peer.hpp"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace handfast::bench {
namespace {

template <auto Function>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Function(object);
  }
};
using OwnedContext = std::unique_ptr<SSL_CTX, FreeWith<&SSL_CTX_free>>;
using OwnedSsl = std::unique_ptr<SSL, FreeWith<&SSL_free>>;

void require(bool ok, const char* what) {
  if (!ok) stop(what);
}

OwnedContext context(const char* group) {
  OwnedContext made(SSL_CTX_new(TLS_method()));
  require(made != nullptr, "SSL_CTX_new");
  require(SSL_CTX_set_min_proto_version(made.get(), TLS1_3_VERSION) == 1, "version");
  require(SSL_CTX_set_ciphersuites(made.get(), "TLS_AES_128_GCM_SHA256") == 1, "suite");
  require(SSL_CTX_set1_groups_list(made.get(), group) == 1, "group");
  SSL_CTX_set_session_cache_mode(made.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(made.get(), 0);
  return made;
}

void use(SSL_CTX* client, SSL_CTX* server, const Setup& setup) {
  const unsigned char* at = setup.root.data();
  X509* const root = d2i_X509(nullptr, &at, static_cast<long>(setup.root.size()));
  require(X509_STORE_add_cert(SSL_CTX_get_cert_store(client), root) == 1, "root");
  X509_free(root);
  SSL_CTX_set_verify(client, SSL_VERIFY_PEER, nullptr);
  require(SSL_CTX_use_certificate_ASN1(server, static_cast<int>(setup.leaf.size()), setup.leaf.data()) == 1,
          "leaf");
  BIO* const pem = BIO_new_mem_buf(setup.leaf_key.data(), static_cast<int>(setup.leaf_key.size()));
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(pem, nullptr, nullptr, nullptr);
  require(SSL_CTX_use_PrivateKey(server, key) == 1, "key");
  EVP_PKEY_free(key);
  BIO_free(pem);
}

OwnedContext context12(const char* suite, bool resumes) {
  OwnedContext made(SSL_CTX_new(TLS_method()));
  require(made != nullptr, "SSL_CTX_new");
  require(SSL_CTX_set_min_proto_version(made.get(), TLS1_2_VERSION) == 1 &&
              SSL_CTX_set_max_proto_version(made.get(), TLS1_2_VERSION) == 1,
          "version");
  require(SSL_CTX_set_cipher_list(made.get(), suite) == 1, "suite");
  require(SSL_CTX_set1_groups_list(made.get(), "X25519:P-256") == 1, "groups");
  SSL_CTX_set_session_cache_mode(made.get(), SSL_SESS_CACHE_OFF);
  if (!resumes) SSL_CTX_set_options(made.get(), SSL_OP_NO_TICKET);
  return made;
}

struct SslPair {
  OwnedSsl client;
  OwnedSsl server;
};

}  // namespace

struct Libssl::State {
  OwnedContext client;
  OwnedContext server;
  std::unique_ptr<SSL_SESSION, FreeWith<&SSL_SESSION_free>> session;  // that is resumed; may be null
  bool takes_tickets = false;

  // The client's new session, which is ours from here on.
  static int keep(SSL* ssl, SSL_SESSION* session) {
    static_cast<State*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)))->session.reset(session);
    return 1;
  }

  [[nodiscard]] SslPair handshake(Stopwatch& client_time, Stopwatch& server_time) const {
    SslPair pair;
    BIO* client_bio = nullptr;
    BIO* server_bio = nullptr;
    require(BIO_new_bio_pair(&client_bio, 65536, &server_bio, 65536) == 1, "BIO_new_bio_pair");
    {
      const auto lap = client_time.lap();
      pair.client.reset(SSL_new(client.get()));
      SSL_set_connect_state(pair.client.get());
      SSL_set_tlsext_host_name(pair.client.get(), "bench.test");
      SSL_set1_host(pair.client.get(), "bench.test");
      SSL_set_bio(pair.client.get(), client_bio, client_bio);
      if (session) SSL_set_session(pair.client.get(), session.get());
    }
    {
      const auto lap = server_time.lap();
      pair.server.reset(SSL_new(server.get()));
      SSL_set_accept_state(pair.server.get());
      SSL_set_bio(pair.server.get(), server_bio, server_bio);
    }
    for (int i = 0; i < 10; ++i) {
      int client_done = 0;
      int server_done = 0;
      {
        const auto lap = client_time.lap();
        client_done = SSL_do_handshake(pair.client.get());
      }
      {
        const auto lap = server_time.lap();
        server_done = SSL_do_handshake(pair.server.get());
      }
      if (client_done != 1 || server_done != 1) continue;
      if (takes_tickets) {
        // libssl looks at a ticket when it is asked for data.
        const auto lap = client_time.lap();
        char none = 0;
        (void)SSL_peek(pair.client.get(), &none, 1);
      }
      return pair;
    }
    stop("libssl's handshake did not finish");
  }
};

Libssl::Libssl(const Setup& setup, const char* group) : state_(std::make_unique<State>()) {
  state_->client = context(group);
  state_->server = context(group);
  use(state_->client.get(), state_->server.get(), setup);
}

Libssl Libssl::resuming(const Setup& setup, const char* group) {
  Libssl made(setup, group);
  State& state = *made.state_;
  state.takes_tickets = true;
  require(SSL_CTX_set_num_tickets(state.server.get(), 1) == 1, "tickets");
  SSL_CTX_set_session_cache_mode(state.client.get(),
                                 SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
  SSL_CTX_set_app_data(state.client.get(), &state);
  SSL_CTX_sess_set_new_cb(state.client.get(), &State::keep);
  (void)made.handshakes(1);
  Stopwatch unused;
  const SslPair second = state.handshake(unused, unused);
  require(SSL_session_reused(second.client.get()) == 1, "libssl did not resume");
  SSL_set_shutdown(second.client.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  return made;
}

Libssl Libssl::tls12(const Setup& setup, const char* suite, bool resumes) {
  Libssl made;
  made.state_ = std::make_unique<State>();
  made.state_->client = context12(suite, resumes);
  made.state_->server = context12(suite, resumes);
  use(made.state_->client.get(), made.state_->server.get(), setup);
  if (resumes) {
    Stopwatch unused;
    const SslPair first = made.state_->handshake(unused, unused);
    made.state_->session.reset(SSL_get1_session(first.client.get()));
    const SslPair second = made.state_->handshake(unused, unused);
    require(SSL_session_reused(second.client.get()) == 1, "libssl did not resume");
    for (const SslPair* const pair : {&first, &second}) {
      SSL_set_shutdown(pair->client.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    }
  }
  return made;
}

Libssl::Libssl(Libssl&&) noexcept = default;
Libssl::~Libssl() = default;

Costs Libssl::handshakes(int count) {
  Stopwatch client;
  Stopwatch server;
  for (int i = 0; i < count; ++i) {
    const SslPair pair = state_->handshake(client, server);
    // libssl does not resume a session whose connection was left without close_notify.
    SSL_set_shutdown(pair.client.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }
  return {client.total() / count, server.total() / count, (client.total() + server.total()) / count};
}

Costs Libssl::records(std::size_t size, int count) {
  Stopwatch unused;
  const SslPair pair = state_->handshake(unused, unused);
  const ByteString plaintext(size, 0x5a);
  ByteString received(16384);
  Stopwatch sealing;
  Stopwatch opening;
  constexpr int kBatch = 3;  // what fits into the BIO pair
  for (int done = 0; done < count; done += kBatch) {
    {
      const auto lap = sealing.lap();
      for (int i = 0; i < kBatch; ++i) {
        require(
            SSL_write(pair.client.get(), plaintext.data(), static_cast<int>(size)) == static_cast<int>(size),
            "SSL_write");
      }
    }
    const auto lap = opening.lap();
    for (int i = 0; i < kBatch; ++i) {
      require(SSL_read(pair.server.get(), received.data(), static_cast<int>(size)) == static_cast<int>(size),
              "SSL_read");
    }
  }
  const double total = (count + kBatch - 1) / kBatch * kBatch;
  return {sealing.total() / total, opening.total() / total};
}

}  // namespace handfast::bench
