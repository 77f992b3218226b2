// A client that shows a certificate when the server asks for one (mutual TLS).
//   client_certificate HOST PORT ROOTS.pem CHAIN.pem KEY.pem
#include <cstdio>
#include <cstdlib>
#include <handfast/stream.hpp>
#include <handfast/system.hpp>
#include <string>

namespace {

handfast::Result<void> run(char** argv) {
  handfast::ClientSettings settings;
  HANDFAST_TRY_ASSIGN(auto anchors, handfast::trust_from_file(argv[3]));
  HANDFAST_TRY_ASSIGN(settings.verifier, handfast::verify_with(anchors, handfast::system_clock()));

  // Key and certificate must belong together: a pair that does not is refused here, not by the server.
  HANDFAST_TRY_ASSIGN(const std::string chain, handfast::read_file(argv[4]));
  HANDFAST_TRY_ASSIGN(const std::string key, handfast::read_file(argv[5]));
  HANDFAST_TRY_ASSIGN(auto credential, handfast::Credential::from_pem(chain, key));
  settings.credentials.push_back(std::move(credential));
  HANDFAST_TRY_ASSIGN(auto config, handfast::ClientConfig::create(std::move(settings)));

  HANDFAST_TRY_ASSIGN(auto stream, handfast::Stream::connect(
                                       argv[1], static_cast<std::uint16_t>(std::atoi(argv[2])), config));
  const handfast::ConnectionInfo* const info = stream.connection().info();
  std::printf("client certificate %s\n", info->client_signature_scheme ? "shown" : "not asked for");

  HANDFAST_TRY(stream.write(handfast::as_bytes("who am I?\n")));
  HANDFAST_TRY(stream.close_write());
  // In TLS 1.3 a server refuses a client's certificate only after the handshake: the answer is the proof.
  for (;;) {
    HANDFAST_TRY_ASSIGN(const handfast::Bytes data, stream.read_view());
    if (data.empty()) return stream.close();
    std::fwrite(data.data(), 1, data.size(), stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: client_certificate HOST PORT ROOTS.pem CHAIN.pem KEY.pem\n");
    return 2;
  }
  const auto result = run(argv);
  if (!result) std::fprintf(stderr, "client_certificate: %s\n", result.error().to_string().c_str());
  return result ? 0 : 1;
}
