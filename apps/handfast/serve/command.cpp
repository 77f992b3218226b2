// Options of `handfast serve`, and the run from the listening socket to the clean end.
#include "command.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <memory>
#include <mutex>

#include "announce.hpp"
#include "common/escape.hpp"
#include "common/server.hpp"
#include "common/stop_signal.hpp"
#include "options.hpp"

namespace handfast::apps {
namespace {

using namespace serve;

struct Request {
  ServeOptions serve;
  bool once = false;
  bool ascii = false;
};

ExitCode complain(const Error& error) {
  fmt::print(stderr, "handfast serve: {}\n", escape_untrusted(error.to_string()));
  return error.category() == ErrorCategory::local && error.code() == ErrorCode::internal_error
             ? ExitCode::internal
             : ExitCode::usage;
}

void warn_beyond_loopback(const ListenAddress& where, const ServeOptions& options) {
  if (is_loopback(where.address)) return;
  fmt::print(stderr, "handfast serve: note: {} is not loopback: others on the network can come here.\n",
             escape_untrusted(where.address));
  if (options.certificates.empty()) {
    fmt::print(stderr,
               "handfast serve: note: the throw-away certificate is for localhost only; see --cert.\n");
  }
}

Result<void> run(const Request& request) {
  const ServeOptions& options = request.serve;
  HANDFAST_TRY_ASSIGN(const ListenAddress where, parse_listen(options.listen));
  HANDFAST_TRY_ASSIGN(Prepared prepared, prepare(options, system_clock()));
  if (!options.write_ca.empty()) HANDFAST_TRY(write_root(prepared.identity, options.write_ca));
  for (const auto& note : prepared.notes) {
    fmt::print(stderr, "handfast serve: note: {}\n", request.ascii ? to_ascii(note) : note);
  }
  warn_beyond_loopback(where, options);
  HANDFAST_TRY_ASSIGN(TcpListener listener, TcpListener::bind(where.address, where.port));
  prepared.site.address = address_of(listener.endpoint());

  const Style style = Style::of(terminal_facts(1), request.ascii);
  fmt::print("{}", announcement(prepared.site, prepared.identity, options.write_ca, style));
  if (options.write_ca.empty()) fmt::print("{}", prepared.identity.root_pem);
  std::fflush(stdout);

  // Signals are blocked before the first thread starts, so that each of them inherits it.
  Server* target = nullptr;
  bool stopped_early = false;
  std::mutex guard;
  StopSignal signal([&] {
    const std::lock_guard lock(guard);
    stopped_early = target == nullptr;
    if (target != nullptr) target->stop();
  });
  Server server(std::move(listener),
                host_of(prepared.site,
                        [&](const SessionReport& report) {
                          fmt::print("{}\n", visit_line(report, style));
                          std::fflush(stdout);
                        }),
                request.once ? 1 : options.max_connections);
  {
    const std::lock_guard lock(guard);
    target = &server;
    if (stopped_early) server.stop();
  }
  auto outcome = server.run();
  const std::lock_guard lock(guard);
  target = nullptr;
  return outcome;
}

// What to show, and whom to trust.
void add_file_options(CLI::App& command, ServeOptions& options) {
  command
      .add_option("--cert", options.certificates, "PEM file with a certificate chain, leaf first; repeatable")
      ->allow_extra_args(false);
  command.add_option("--key", options.keys, "PEM file with its private key; one for each --cert")
      ->allow_extra_args(false);
  command
      .add_option(
          "--raw-key", options.raw_key,
          "PEM file with a private key that is shown without a certificate, as raw public key; TLS 1.3 only")
      ->type_name("FILE");
  command
      .add_option("--client-raw-key", options.client_raw_keys,
                  "Raw public key (PEM) by which a visitor is believed; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      .add_option("--passphrase-file", options.passphrase_files,
                  "The first line of this file opens the key; one for each --key, or one for all")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      .add_option("--ocsp", options.ocsp_responses,
                  "File with the OCSP response (DER) to staple to the certificate; one for each --cert")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command.add_option("--client-auth", options.client_authentication, "Ask visitors for a certificate")
      ->check(CLI::IsMember({"none", "optional", "required"}))
      ->capture_default_str();
  command.add_option("--client-ca", options.client_ca,
                     "PEM file with the authorities of client certificates");
  command
      .add_option("--client-crl", options.client_crls,
                  "Revocation lists (CRL) for client certificates, PEM or DER; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
}

// Beside certificates.
void add_key_options(CLI::App& command, ServeOptions& options) {
  command
      .add_option(
          "--psk", options.psk.file,
          "File with a pre-shared key (hex or base64): visitors who have it need no certificate of ours")
      ->type_name("FILE");
  command.add_option("--psk-identity", options.psk.identity, "What both ends call the key")->type_name("ID");
  command
      .add_option("--psk-ends", options.psk.ends,
                  "How the two ends are called, for the import (RFC 9258): the same words on both")
      ->type_name("CLIENT,SERVER");
  command.add_flag("--danger-bare-psk", options.psk.bare,
                   "Use the key as it is, for visitors that know no import (OpenSSL, GnuTLS)");
  command.add_flag("--danger-psk-ke", options.danger_psk_ke,
                   "Leave the key exchange out where the visitor knows no other way: no forward secrecy");
}

}  // namespace

void add_serve_command(CLI::App& app, ExitCode& exit) {
  auto request = std::make_shared<Request>();
  ServeOptions& options = request->serve;
  CLI::App* command =
      app.add_subcommand("serve", "An HTTPS server whose page draws the visitor's own handshake");
  command->add_option("--listen", options.listen, "Address and port; loopback unless another is named")
      ->capture_default_str();
  add_file_options(*command, options);
  add_key_options(*command, options);
  command
      ->add_option("--alpn", options.application_protocols,
                   "Application protocols, best first; http/1.1 is spoken")
      ->delimiter(',')
      ->capture_default_str();
  command
      ->add_option("--policy", options.policy,
                   "What to accept: modern (TLS 1.3), intermediate, legacy (DHE, RSA key exchange)")
      ->capture_default_str();
  command->add_flag("--tls1.2", options.tls12, "TLS 1.2 at most");
  command->add_option("--groups", options.groups,
                      "Key-exchange groups, best first, e.g. X25519MLKEM768,x25519");
  command->add_option("--suites", options.suites,
                      "Cipher suites, best first, e.g. AES-128-GCM,ChaCha20-Poly1305");
  command->add_flag("--no-tickets", options.no_tickets, "No session tickets: every handshake is a full one");
  command
      ->add_option("--early-data", options.early_data,
                   "Take so many bytes of early (0-RTT) data from visitors who come back; each once")
      ->type_name("BYTES")
      ->check(CLI::Range(std::uint32_t{0}, ServerSettings::kMaxEarlyData));
  command->add_option("--keylog", options.key_log,
                      "Append the connections' secrets to this file (SSLKEYLOGFILE)");
  command->add_option("--write-ca", options.write_ca,
                      "Write the throw-away authority's root certificate here");
  auto* once = command->add_flag("--once", request->once, "End after the first visitor");
  command->add_option("--max-connections", options.max_connections, "End after so many visitors")
      ->check(CLI::PositiveNumber)
      ->excludes(once);
  command->add_flag("--ascii", request->ascii, "ASCII only");
  command->callback([request, &exit] {
    const auto done = run(*request);
    exit = done ? ExitCode::success : complain(done.error());
  });
}

}  // namespace handfast::apps
