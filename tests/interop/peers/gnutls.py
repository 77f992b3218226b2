"""GnuTLS's gnutls-cli and gnutls-serv. The server cannot be told to listen on loopback only."""
import time
from functools import partial

from harness import peer, tls12
from harness.case import Case, replace
from harness.lab import PSK, PSK_IDENTITY, check, report_of, visit_of
from harness.processes import Running, free_port, run
from harness.raw_keys import public_key

SUITES = {
    "TLS_AES_128_GCM_SHA256": "AES-128-GCM", "TLS_AES_256_GCM_SHA384": "AES-256-GCM",
    "TLS_CHACHA20_POLY1305_SHA256": "CHACHA20-POLY1305",
}


# How pre-shared keys are used: DHE-PSK is psk_dhe_ke, PSK is psk_ke.
WITHOUT_EXCHANGE = {"DHE-PSK": [], "PSK": ["--danger-psk-ke"]}


def priority_of_key(kind):
    return (f"NONE:+VERS-TLS1.3:+AEAD:+SHA256:+AES-128-GCM:+{kind}:+COMP-NULL:+GROUP-X25519:+GROUP-SECP256R1:"
            "+SIGN-ALL")


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


RAW = ":+CTYPE-SRV-RAWPK:+CTYPE-CLI-RAWPK"


class Peer(peer.Peer):
    name = "gnutls"
    suites12 = tuple(tls12.SUITES)
    comes_back_with = takes_back_by = ("tickets", "store")
    raw_keys = True
    unpacks = packs = ("zlib", "brotli", "zstd")
    without = {f"Handfast {role}: certificate compressed with {name}": "Debian's GnuTLS knows no compression method"
               for role in ("server", "client") for name in ("zlib", "brotli", "zstd")}
    without["Handfast client: mutual raw keys"] = "gnutls-serv verifies X.509 only: access_denied"
    answers = {"peer refuses the client: expired": (32, ("R-08",)),  # access_denied
               "TLS 1.2 only": (30, ("P-03",))}  # handshake_failure: no suite
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

    def visit(self, case, port, path="/json", words=()):
        request = f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode()
        log = self.lab.file(f"cli-{port}.log")
        done = run(self._client(case, port, "--logfile", log, *words), request, self.lab.seconds(20))
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

    def visit_raw(self, case, port, client_key):
        lab = self.lab
        log = lab.file(f"cli-{port}.log")
        words = ["--no-ca-verification", "--logfile", log]
        if client_key:
            words += ["--rawpkkeyfile", lab.certificates.key(client_key), "--rawpkfile", public_key(lab, client_key)]
        request = b"GET /json HTTP/1.0\r\nHost: localhost\r\n\r\n"
        done = run(self._client(case, port, *words, more=RAW), request, lab.seconds(20))
        done.err += log.read_bytes()
        return done

    def listen_raw(self, case, mutual):
        lab = self.lab
        words = ["--rawpkkeyfile", lab.certificates.key(case.key), "--rawpkfile", public_key(lab, case.key)]
        wanted = replace(case, authentication="required") if mutual else case
        return self._server(wanted, "--http", *words, more=RAW)

    def visit_compressed(self, case, port, algorithm):
        return self.visit(case, port, words=["--compress-cert", algorithm])

    def listen_compressed(self, case, algorithm):
        return self._server(case, "--http", "--compress-cert", algorithm)

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
        for kind in ("DHE-PSK", "PSK"):
            without = ", without a key exchange" if kind == "PSK" else ""
            yield f"Handfast server: gnutls-cli has a pre-shared key{without}", partial(self.client_has_key, kind)
            yield f"Handfast client: gnutls-serv has a pre-shared key{without}", partial(self.server_has_key, kind)
        for shows in (True, False):
            yield (f"Handfast server: gnutls-cli {'shows a' if shows else 'has no'} certificate after the handshake",
                   partial(self.client_shows_later, shows))

    def client_shows_later(self, shows):
        case = Case("server", authentication="required" if shows else "none")
        with self.lab.echo_server("--later", "--http", "--ca", self.lab.certificates.ca) as server:
            # At the end of its input it leaves, asked or not.
            with Running(self._client(case, server.port, "--post-handshake-auth")) as client:
                check(client.wait_for("Simple Client Mode"), "no handshake", client, server)
                client.write(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
                report = report_of(server)
                check(report["answered_later"], "no answer", report, client, server)
                check((report["certificates_later"] > 0) == shows, "another answer", report, client, server)

    def client_has_key(self, kind):
        with self.lab.serve_by_key(*WITHOUT_EXCHANGE[kind]) as server:
            done = run(["gnutls-cli", "--port", server.port, "--priority", priority_of_key(kind), "--pskusername",
                        PSK_IDENTITY, "--pskkey", PSK, "127.0.0.1"],
                       b"GET /json HTTP/1.0\r\nHost: localhost\r\n\r\n", self.lab.seconds(20))
            visit = visit_of(done.text)
            check(visit, "no page came", done, server)

    def server_has_key(self, kind):
        passwords = self.lab.file("psk.passwd")
        passwords.write_text(f"{PSK_IDENTITY}:{PSK}\n")
        port = free_port()
        command = ["stdbuf", "-oL", "gnutls-serv", "--port", port, "--pskpasswd", passwords, "--priority",
                   priority_of_key(kind), "--http"]
        with Running(command).port_open(port) as server:
            answer = self.lab.connect_by_key(server.port, *WITHOUT_EXCHANGE[kind])
            check((answer["connection"]["group"] == "0x0000") == (kind == "PSK"), "another exchange", answer["connection"])

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


