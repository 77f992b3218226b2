// A client: connects, checks the server's certificate, sends a line and prints the answer.
//   client HOST PORT [ROOTS.pem]      without ROOTS.pem the system's trust anchors count
#include <cstdio>
#include <cstdlib>
#include <handfast/stream.hpp>
#include <handfast/system.hpp>
#include <string>

namespace {

handfast::Result<void> run(const char* host, const char* port, const char* roots) {
  // Whom to believe. There is no default: a client without trust anchors cannot be built.
  HANDFAST_TRY_ASSIGN(auto anchors,
                      roots != nullptr ? handfast::trust_from_file(roots) : handfast::system_trust());

  handfast::ClientSettings settings;
  HANDFAST_TRY_ASSIGN(settings.verifier, handfast::verify_with(anchors, handfast::system_clock()));
  // Immutable from here on, to be shared by any number of connections on any threads.
  HANDFAST_TRY_ASSIGN(auto config, handfast::ClientConfig::create(std::move(settings)));

  const auto number = static_cast<std::uint16_t>(std::atoi(port));
  HANDFAST_TRY_ASSIGN(auto stream, handfast::Stream::connect(host, number, config));

  HANDFAST_TRY(stream.write(handfast::as_bytes("hello\n")));
  HANDFAST_TRY(stream.close_write());  // nothing more will come from here; the answer still can
  for (;;) {
    HANDFAST_TRY_ASSIGN(const handfast::Bytes data, stream.read_view());
    if (data.empty()) break;  // the server's orderly end; a cut connection would be an error
    std::fwrite(data.data(), 1, data.size(), stdout);
  }
  return stream.close();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: client HOST PORT [ROOTS.pem]\n");
    return 2;
  }
  const auto result = run(argv[1], argv[2], argc > 3 ? argv[3] : nullptr);
  if (!result) std::fprintf(stderr, "client: %s\n", result.error().to_string().c_str());
  return result ? 0 : 1;
}
