"""OpenSSL's s_client and s_server."""
import copy
import re
import time
from functools import partial

from harness import peer
from harness.case import CURVES, HYBRIDS, KEYS, ML_DSA, Case, replace
from harness.lab import PSK, PSK_IDENTITY, check, check_visit, report_of, reports_of, visit_of
from harness.processes import Running, run
from harness.tls12 import RESUMED, SUITES, groups_of

# Makes TLS 1.2's main secret as it was before RFC 7627.
OLD_MAIN_SECRET = """openssl_conf = init
[init]
ssl_conf = ssl
[ssl]
system_default = defaults
[defaults]
Options = -ExtendedMasterSecret
"""
GET = b"GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n"


class Peer(peer.Peer):
    name = "openssl"
    program = ("openssl",)
    groups = CURVES
    suites12 = tuple(SUITES)
    comes_back_with = takes_back_by = ("tickets", "store")
    without = {"Handfast server: 1 MiB, records of at most 512 bytes": "OpenSSL does not know record_size_limit",
               "Handfast client: 1 MiB, records of at most 512 bytes": "OpenSSL does not know record_size_limit"}

    def version(self):
        peer.find(self.program[0])
        version = peer.first_line([*self.program, "version"], r"OpenSSL \S+")
        number = re.match(r"OpenSSL (\d+)\.(\d+)", version)
        if number and tuple(map(int, number.groups())) >= (3, 5):
            self.groups = HYBRIDS + CURVES
            self.keys = self.client_keys = KEYS + ML_DSA
        self.raw_keys = "-enable_server_rpk" in run([*self.program, "s_server", "-help"]).text
        self.packs = self._compression()
        self.unpacks = self.packs[:1]  # of those that it offers Handfast takes the first
        return version

    def _compression(self):
        """Since 3.2, those that it was built with, in Handfast's order."""
        if "-cert_comp" not in run([*self.program, "s_server", "-help"]).text:
            return ()
        left_out = run([*self.program, "list", "-disabled"]).text.lower()
        return tuple(name for name in ("brotli", "zstd", "zlib") if name not in left_out)

    # As a client.

    def _client(self, case, port, *words):
        lab = self.lab
        groups = f"{self.first_group(case.group)}:{case.group}" if case.retry else case.group
        if case.old:
            groups = ":".join(groups_of(case))
        command = [*self.program, "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "localhost",
                   "-verify_hostname", "localhost", "-verify_return_error", "-CAfile", lab.trust(case.trust),
                   "-groups", groups, *words]
        command += ["-tls1_2", "-cipher", SUITES[case.suite]] if case.old else ["-tls1_3", "-ciphersuites", case.suite]
        if case.shows_certificate:
            name = case.client_key
            command += ["-cert", lab.certificates.chain(name), "-cert_chain", lab.certificates.intermediates(name),
                        "-key", lab.certificates.key(name)]
        if case.alpn:
            command += ["-alpn", case.alpn]
        return command

    def visit(self, case, port, path="/json", words=()):
        return run(self._client(case, port, "-ign_eof", "-nocommands", *words), GET % path.encode(),
                   self.lab.seconds(20))

    def pour(self, port, data, groups=None):
        case = Case("server")
        words = ["-groups", ":".join(groups)] if groups else []
        with Running(self._client(case, port, "-quiet", "-nocommands", *words)) as client:
            return _pour(client, data)

    # As a server.

    def _server(self, case, *words):
        lab = self.lab
        command = [*self.program, "s_server", "-accept", "127.0.0.1:0", "-cert", lab.certificates.chain(case.key),
                   "-cert_chain", lab.certificates.intermediates(case.key), "-key", lab.certificates.key(case.key),
                   "-groups", ":".join(groups_of(case)) if case.old else case.group, *words]
        command += ["-tls1_2"] if case.old else ["-tls1_3", "-ciphersuites", case.suite]
        if case.suite in SUITES:
            command += ["-cipher", SUITES[case.suite]]
        if case.authentication != "none":
            command += ["-Verify" if case.authentication == "required" else "-verify", "3",
                        "-verify_return_error", "-CAfile", lab.certificates.ca]
        if case.alpn:
            command += ["-alpn", case.alpn]
        return Running(command).port_from(r"ACCEPT \S+:(\d+)")

    def listen(self, case, words=()):
        return self._server(case, "-www", *words)

    def visit_raw(self, case, port, client_key):
        """It has no word for the key that it expects: it goes on with any."""
        shown = replace(case, authentication="required", client_key=client_key) if client_key else case
        command = self._client(shown, port, "-ign_eof", "-nocommands", "-enable_server_rpk",
                               *(["-enable_client_rpk"] if client_key else []))
        return run([word for word in command if word != "-verify_return_error"], GET % b"/json", self.lab.seconds(20))

    def listen_raw(self, case, mutual):
        words = ["-enable_server_rpk", *(["-enable_client_rpk", "-Verify", "3"] if mutual else [])]
        return self._server(case, "-www", *words)

    def visit_compressed(self, case, port, algorithm):
        return self.visit(case, port)  # it offers all that it has

    def listen_compressed(self, case, algorithm):
        return self._server(case, "-www", "-cert_comp")

    def listen_echo(self, case, words=()):
        return self._server(case, "-rev", *words)

    def come_back(self, case, port, keeping):
        kept = self.lab.file(f"session-{port}")
        words = ["-no_ticket"] if keeping == "store" else []
        first = self.visit(case, port, words=[*words, "-sess_out", kept])
        check(first.status == 0, "the first visit failed", first)
        return self.visit(case, port, words=[*words, "-sess_in", kept])

    def listen_again(self, case, keeping):
        return self._server(case, "-rev", *(["-no_ticket"] if keeping == "store" else []))

    def listen_early(self, case):
        return self._server(case, "-early_data")

    def come_early(self, case, port, file):
        kept = self.lab.file(f"early-{port}")
        first = self.visit(case, port, words=["-sess_out", kept])
        check(first.status == 0, "the first visit failed", first)
        return run(self._client(case, port, "-ign_eof", "-nocommands", "-sess_in", kept, "-early_data", file), b"",
                   self.lab.seconds(20))

    # Its own.

    def scenarios(self):
        yield "TLS 1.2, Handfast server: s_client -reconnect", self.client_reconnects
        yield "TLS 1.2, Handfast server: s_client without extended main secret", self.client_of_old
        yield "TLS 1.2, Handfast client: s_server without extended main secret", self.server_of_old
        yield "Handfast server: s_client updates keys (k, K)", self.client_updates_keys
        yield "Handfast client: s_server updates keys (k, K)", self.server_updates_keys
        yield "Handfast client: s_server ends without close_notify", self.server_is_cut
        for name, words in {"without middlebox compatibility": ["-no_middlebox"],
                            "padded records": ["-record_padding", "4096"]}.items():
            yield f"Handfast server: s_client {name}", partial(self.visit_with, words)
            yield f"Handfast client: s_server {name}", partial(self.serve_with, words)
        yield "Handfast server: s_client in small records", partial(self.visit_with, ["-max_send_frag", "512"])
        yield "Handfast client: s_server in small records", partial(self.serve_with, ["-max_send_frag", "512"])
        yield ("Handfast client: s_server sends its certificate twice",
               partial(self.serve_with, ["-cert_chain", self.lab.certificates.chain("p256")]))
        for number in (0, 1, 8):
            yield (f"Handfast client: s_server sends {number} tickets",
                   partial(self.serve_with, ["-num_tickets", str(number)]))
        yield "Handfast server: s_client leaves after the handshake", self.client_leaves
        yield "Handfast server: s_client has a pre-shared key", self.client_has_key
        yield "Handfast client: s_server has a pre-shared key", self.server_has_key
        for shows in (True, False):
            yield (f"Handfast server: s_client {'shows a' if shows else 'has no'} certificate after the handshake",
                   partial(self.client_shows_later, shows))
            yield (f"Handfast client: s_server asks for a certificate after the handshake (we have "
                   f"{'one' if shows else 'none'})", partial(self.server_asks_later, shows))
        yield "Handfast server: s_client meets an end without close_notify", self.we_are_cut

    def client_reconnects(self):
        """Five more connections with one session, each left without close_notify."""
        with self.lab.echo_server("--tls1.2", "--http", "--sessions", "tickets", "--connections", 6) as server:
            done = self.visit(RESUMED, server.port, words=["-reconnect"])
            check(done.text.count("Reused, TLSv1.2") == 5, "not resumed five times", done, server)

    def _of_old(self):
        """The same program, which knows nothing of the extended main secret."""
        configuration = self.lab.file("old-main-secret.cnf")
        configuration.write_text(OLD_MAIN_SECRET)
        other = copy.copy(self)
        other.program = ("env", f"OPENSSL_CONF={configuration}", *self.program)
        return other

    def client_of_old(self):
        """It is served, and gets nothing to come back with (RFC 7627 §5.4)."""
        with self.lab.echo_server("--tls1.2", "--http", "--sessions", "tickets", "--connections", 1) as server:
            done = self._of_old().visit(RESUMED, server.port)
            check(reports_of(server, 1)[0]["ok"], "not in order", done, server)
            check("Extended master secret: no" in done.text, "it was not of old", done)
            check("TLS session ticket" not in done.text, "a ticket was sent", done)

    def server_of_old(self):
        """What it gives to come back with is not used."""
        with self._of_old().listen_again(RESUMED, "tickets") as server:
            done, reports = self.lab.echo_visits(server.port, "--tls1.2", "--bytes", 1000, "--visits", 2)
            check(len(reports) == 2 and all(r["ok"] for r in reports), "not in order", reports, done, server)
            check(not any(r["connection"]["resumed"] for r in reports), "a session was resumed", reports, done, server)

    def visit_with(self, words):
        case = Case("server")
        with self.lab.serve(case) as server:
            done = self.visit(case, server.port, words=words)
            visit = visit_of(done.text)
            check(visit, "no page came", done, server)
            check_visit(case, visit, done)

    def serve_with(self, words):
        case = Case("client")
        with self.listen(case, words) as server:
            done, answer = self.lab.connect(case, server.port)
            check(answer["exit_code"] == 0 and "200 ok" in answer["answer"]["text"], "no answer", done, server)

    def client_updates_keys(self):
        case = Case("server")
        with self.lab.serve(case) as server:
            with Running(self._client(case, server.port)) as client:
                check(client.wait_for("Verify return code"), "no handshake", client, server)
                for number, letter in enumerate((b"k\n", b"K\n", b"K\n", b"k\n"), 1):
                    client.write(letter)  # read as a command only if nothing else comes with it
                    check(client.wait_for(r"(?s)(KEYUPDATE.*){%d}" % number, 5), "no key update", client)
                time.sleep(0.2)
                client.write(GET % b"/json")
                client.end(5)
                check(visit_of(client.text), "no page came", client, server)

    def server_updates_keys(self):
        case = Case("client")
        with self._server(case) as server:
            command = [self.lab.handfast, "connect", "--ca", self.lab.certificates.ca, "--sni", "localhost",
                       "--send", "-", "--wait", "1", f"127.0.0.1:{server.port}"]
            with Running(command) as client:
                check(client.wait_for("Secure connection"), "no handshake", client, server)
                for i, letter in enumerate((b"k\n", b"K\n", b"K\n")):
                    server.write(letter)
                    time.sleep(0.3)
                    server.write(b"from server %d\n" % i)
                    check(client.wait_for(f"from server {i}", 3), "text did not come", client, server)
                    client.write(b"from client %d\n" % i)
                    check(server.wait_for(f"from client {i}", 3), "text did not arrive", client, server)
                client.close_input()
                check(client.end(8) == 0, "no orderly end", client, server)

    def server_is_cut(self):
        """s_server is killed in the middle: TCP ends without close_notify."""
        with self._server(Case("client")) as server:
            command = [self.lab.handfast, "connect", "--ca", self.lab.certificates.ca, "--sni", "localhost",
                       "--send", "hello\\n", "--wait", "10", f"127.0.0.1:{server.port}"]
            with Running(command) as client:
                check(server.wait_for("hello"), "no handshake", client, server)
                server.stop()
                check(client.end(8) == 32, "exit code", client)
                check("N-09" in client.text or "R-" in client.text, "truncation is not named", client)

    def client_leaves(self):
        case = Case("server")
        with self.lab.serve(case) as server:
            done = run(self._client(case, server.port))
            check(done.status == 0 and server.wait_for("ok TLS 1.3", 3), "not in order", done, server)

    def client_has_key(self):
        with self.lab.serve_by_key() as server:
            done = run([*self.program, "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_3", "-ciphersuites",
                        "TLS_AES_128_GCM_SHA256", "-psk", PSK, "-psk_identity", PSK_IDENTITY, "-ign_eof"],
                       GET % b"/json", self.lab.seconds(20))
            check(visit_of(done.text), "no page came", done, server)
            check("no peer certificate available" in done.text, "a certificate was shown", done)

    def server_has_key(self):
        command = [*self.program, "s_server", "-accept", "127.0.0.1:0", "-nocert", "-tls1_3", "-psk", PSK,
                   "-psk_identity", PSK_IDENTITY, "-www"]
        with Running(command).port_from(r"ACCEPT \S+:(\d+)") as server:
            self.lab.connect_by_key(server.port)

    def client_shows_later(self, shows):
        case = Case("server", authentication="required" if shows else "none")
        with self.lab.echo_server("--later", "--http", "--ca", self.lab.certificates.ca) as server:
            done = self.visit(case, server.port, words=["-enable_pha"])
            report = report_of(server)
            check(report["ok"] and report["answered_later"], "no answer", report, done, server)
            check((report["certificates_later"] > 0) == shows, "another answer", report, done, server)

    def server_asks_later(self, shows):
        lab = self.lab
        command = [lab.handfast, "connect", "--ca", lab.certificates.ca, "--sni", "localhost", "--send", "-", "--wait",
                   "1", "--post-handshake-auth"]
        if shows:
            command += ["--cert", lab.certificates.chain("p256"), "--key", lab.certificates.key("p256")]
        with self._server(Case("client"), "-CAfile", lab.certificates.ca, "-verify", "3") as server:
            with Running([*command, f"127.0.0.1:{server.port}"]) as client:
                check(client.wait_for("Secure connection"), "no handshake", client, server)
                client.write(b"before\n")
                check(server.wait_for("before", 3), "text did not arrive", client, server)
                server.write(b"c\n")
                check(not shows or server.wait_for("depth=0", 3), "no certificate came", client, server)
                time.sleep(0.3)
                server.write(b"from server\n")
                check(client.wait_for("from server", 3), "text did not come", client, server)
                client.write(b"from client\n")
                check(server.wait_for("from client", 3), "text did not arrive", client, server)
                client.close_input()
                check(client.end(8) == 0, "no orderly end", client, server)
                check("CertificateRequest" in client.text, "it was not asked", client, server)

    def we_are_cut(self):
        with self.lab.echo_server("--cut", "--http") as server:
            done = self.visit(Case("server"), server.port)
            check("unexpected eof" in done.text, "s_client did not notice", done)


def _pour(client, data):
    """Writes everything, waits until as much came back, then ends the input."""
    import threading

    class Back:
        out, err = b"", ""

    writer = threading.Thread(target=lambda: client.write(data), daemon=True)
    writer.start()
    client.wait_for(r"(?s).{%d}" % len(data), 20) if len(data) < 65536 else _wait_for_size(client, len(data))
    writer.join(10)
    client.close_input()
    client.end(5)
    Back.out = client.text.encode()
    return Back


def _wait_for_size(client, size, seconds=20):
    deadline = time.monotonic() + seconds
    while len(client.text) < size and time.monotonic() < deadline:
        time.sleep(0.05)
