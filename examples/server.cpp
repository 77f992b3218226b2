// A server: answers each client with the lines it sent, one client after the other.
//   server PORT CHAIN.pem KEY.pem [CLIENT_ROOTS.pem]
// With CLIENT_ROOTS.pem clients must show a certificate. Port 0 lets the system choose.
#include <cstdio>
#include <cstdlib>
#include <handfast/stream.hpp>
#include <handfast/system.hpp>
#include <string>

namespace {

handfast::Result<void> serve_one(handfast::Socket socket,
                                 const std::shared_ptr<const handfast::ServerConfig>& config) {
  handfast::StreamOptions options;
  options.io_timeout = std::chrono::seconds(10);  // a silent client must not keep the server for itself
  HANDFAST_TRY_ASSIGN(auto stream, handfast::Stream::server(std::move(socket), config, options));
  HANDFAST_TRY(stream.handshake());
  for (;;) {
    HANDFAST_TRY_ASSIGN(const handfast::Bytes data, stream.read_view());
    if (data.empty()) break;
    HANDFAST_TRY(stream.write(data));
  }
  return stream.close();
}

handfast::Result<void> run(int argc, char** argv) {
  handfast::ServerSettings settings;
  HANDFAST_TRY_ASSIGN(const std::string chain, handfast::read_file(argv[2]));
  HANDFAST_TRY_ASSIGN(const std::string key, handfast::read_file(argv[3]));
  HANDFAST_TRY_ASSIGN(auto credential, handfast::Credential::from_pem(chain, key));
  settings.credentials.push_back(std::move(credential));
  if (argc > 4) {
    HANDFAST_TRY_ASSIGN(auto anchors, handfast::trust_from_file(argv[4]));
    HANDFAST_TRY_ASSIGN(settings.client_verifier, handfast::verify_with(anchors, handfast::system_clock()));
    settings.client_authentication = handfast::ClientAuthentication::required;
  }
  HANDFAST_TRY_ASSIGN(auto config, handfast::ServerConfig::create(std::move(settings)));

  HANDFAST_TRY_ASSIGN(auto listener, handfast::TcpListener::bind(
                                         "127.0.0.1", static_cast<std::uint16_t>(std::atoi(argv[1]))));
  std::printf("listening on %s\n", listener.endpoint().to_string().c_str());
  std::fflush(stdout);
  for (;;) {
    HANDFAST_TRY_ASSIGN(auto socket, listener.accept());
    // One client's failure is not the server's.
    const auto served = serve_one(std::move(socket), config);
    std::printf("%s\n", served ? "served" : served.error().to_string().c_str());
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: server PORT CHAIN.pem KEY.pem [CLIENT_ROOTS.pem]\n");
    return 2;
  }
  const auto result = run(argc, argv);
  std::fprintf(stderr, "server: %s\n", result.error().to_string().c_str());
  return 1;
}
