"""GnuTLS's gnutls-cli and gnutls-serv. The server cannot be told to listen on loopback only."""
import time

from harness import peer, tls12
from harness.case import Case
from harness.lab import check, visit_of
from harness.processes import Running, free_port, run

SUITES = {
    "TLS_AES_128_GCM_SHA256": "AES-128-GCM", "TLS_AES_256_GCM_SHA384": "AES-256-GCM",
    "TLS_CHACHA20_POLY1305_SHA256": "CHACHA20-POLY1305",
}


KEY_EXCHANGES = {"TLS_ECDHE_ECDSA": "ECDHE-ECDSA", "TLS_ECDHE_RSA": "ECDHE-RSA", "TLS_DHE_RSA": "DHE-RSA",
                 "TLS_RSA": "RSA"}
CIPHERS = {"AES_128_GCM_SHA256": "AES-128-GCM", "AES_256_GCM_SHA384": "AES-256-GCM",
           "CHACHA20_POLY1305_SHA256": "CHACHA20-POLY1305"}


def priority12(suite, groups):
    exchange, cipher = suite.split("_WITH_")
    return (f"NONE:+VERS-TLS1.2:+AEAD:+{CIPHERS[cipher]}:+{KEY_EXCHANGES[exchange]}:+COMP-NULL:+SIGN-ALL:+CTYPE-X509:"
            "+GROUP-FFDHE2048:" + ":".join(f"+GROUP-{g.upper()}" for g in groups))


def priority(suite, groups, version="TLS1.3", more=""):
    if "_WITH_" in suite:
        return priority12(suite, groups) + more
    return (f"NONE:+VERS-{version}:+AEAD:+SHA1:+{SUITES[suite]}:+ECDHE-ECDSA:+ECDHE-RSA:+COMP-NULL:+SIGN-ALL:"
            f"+CTYPE-X509:" + ":".join(f"+GROUP-{g.upper()}" for g in groups) + more)


class Peer(peer.Peer):
    name = "gnutls"
    suites12 = tuple(tls12.SUITES)
    comes_back_with = takes_back_by = ("tickets", "store")
    answers = {"peer refuses the client: expired": (32, ("R-08",)),  # access_denied
               "TLS 1.2 only": (30, ("P-05",))}  # handshake_failure
    alert_words = {
        "unknown_ca": "unknown.?ca|unknown certificate authority|CA is unknown",
        "certificate_required": "certificate is required|certificate.required",
        "bad_certificate": "certificate is bad|bad.?certificate",
        "certificate_expired": "certificate (was|has|is) ?expired|expired",
        "handshake_failure": "handshake failed",
    }

    def version(self):
        peer.find("gnutls-cli")
        peer.find("gnutls-serv")
        return "GnuTLS " + peer.first_line(["gnutls-cli", "--version"], r"\d+\.\d+\.\d+")

    def _client(self, case, port, *words, groups=None, more=""):
        lab = self.lab
        groups = groups or ((self.first_group(case.group), case.group) if case.retry else
                            tls12.groups_of(case) if case.old else (case.group,))
        command = ["gnutls-cli", "--port", port, "--sni-hostname", "localhost", "--verify-hostname", "localhost",
                   "--x509cafile", lab.trust(case.trust), "--single-key-share", "--priority",
                   priority(case.suite, groups, more=more), *words]
        if case.shows_certificate:
            command += ["--x509certfile", lab.certificates.chain(case.client_key),
                        "--x509keyfile", lab.certificates.key(case.client_key)]
        if case.alpn:
            command += ["--alpn", case.alpn]
        return [*command, "127.0.0.1"]

    def visit(self, case, port, path="/json"):
        request = f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode()
        log = self.lab.file(f"cli-{port}.log")
        done = run(self._client(case, port, "--logfile", log), request, self.lab.seconds(20))
        done.err += log.read_bytes()
        return done

    def pour(self, port, data, groups=None):
        log = self.lab.file(f"cli-{port}.log")
        case = Case("server")
        return run(self._client(case, port, "--logfile", log, groups=groups), data, self.lab.seconds(30))

    def _server(self, case, *words, more=""):
        lab = self.lab
        port = free_port()
        command = ["stdbuf", "-oL", "gnutls-serv", "--port", port, "--x509certfile", lab.certificates.chain(case.key), "--x509keyfile",
                   lab.certificates.key(case.key), "--priority",
                   priority(case.suite, (case.group,), "TLS1.2" if case.old else "TLS1.3", more), *words]
        if case.authentication == "none":
            command += ["--disable-client-cert"]
        else:
            command += ["--x509cafile", lab.certificates.ca, "--verify-client-cert"]
            if case.authentication == "required":
                command += ["--require-client-cert"]
        if case.alpn:
            command += ["--alpn", case.alpn, "--alpn-fatal"]
        return Running(command).port_open(port)

    def listen(self, case):
        return self._server(case, "--http")

    def listen_echo(self, case):
        return self._server(case, "--echo")

    def come_back(self, case, port, keeping):
        more = ":%NO_TICKETS" if keeping == "store" else ""
        request = b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"
        return run(self._client(case, port, "--resume", more=more), request, self.lab.seconds(20))

    def listen_again(self, case, keeping):
        return self._server(case, "--echo", *(["--noticket"] if keeping == "store" else []))

    shows_early_data = False

    def listen_early(self, case):
        return self._server(case, "--echo", "--earlydata", "--maxearlydata", "2000")

    def scenarios(self):
        yield "Handfast server: gnutls-cli updates keys", self.client_updates_keys

    def client_updates_keys(self):
        case = Case("server")
        with self.lab.serve(case) as server:
            with Running(self._client(case, server.port, "--inline-commands")) as client:
                check(client.wait_for("Simple Client Mode"), "no handshake", client, server)
                for command in (b"^rekey1^\n", b"^rekey^\n"):
                    client.write(command)
                    time.sleep(0.2)
                client.write(b"GET /json HTTP/1.0\r\nHost: localhost\r\n\r\n")
                client.end(5)
                check(client.text.lower().count("rekey") > 1, "gnutls-cli did not update keys", client)
                check(visit_of(client.text), "no page came", client, server)


