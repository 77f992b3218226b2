"""Go's crypto/tls, through the program in go/."""
import re
from pathlib import Path

from harness import peer
from harness.case import CURVES, HYBRIDS, Case
from harness.lab import check
from harness.processes import Running, run
from harness.tls12 import groups_of

NUMBERS = {"secp256r1": 23, "secp384r1": 24, "secp521r1": 25, "x25519": 29, "X25519MLKEM768": 0x11ec,
           "SecP256r1MLKEM768": 0x11eb, "SecP384r1MLKEM1024": 0x11ed}
SUITES12 = {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": 0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384": 0xc02c,
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": 0xcca9, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": 0xc02f,
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": 0xc030, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": 0xcca8,
            "TLS_RSA_WITH_AES_128_GCM_SHA256": 0x9c, "TLS_RSA_WITH_AES_256_GCM_SHA384": 0x9d}
# go.mod names an old version, so that old compilers take it; what came later must then be switched on.
ENABLED = {"GODEBUG": "tlsmlkem=1,tlssecpmlkem=1"}
SOURCE = Path(__file__).parent.parent / "go"


class Peer(peer.Peer):
    name = "go"
    keys = ("p256", "p384", "p521", "rsa", "ed25519")  # no RSASSA-PSS keys
    client_keys = keys
    suites12 = tuple(SUITES12)  # Go has no DHE
    comes_back_with = takes_back_by = ("tickets",)  # no session ids
    selects_suite = False
    alert_words = {"unknown_ca": "unknown certificate authority", "certificate_expired": "expired certificate",
                   "handshake_failure": "handshake failure"}
    without = {"Handfast server: 1 MiB, records of at most 512 bytes": "Go does not know record_size_limit",
               "Handfast client: 1 MiB, records of at most 512 bytes": "Go does not know record_size_limit",
               "Handfast client: no common suite": "Go's TLS 1.3 suites cannot be chosen"}

    def version(self):
        go = peer.find("go")
        version = peer.first_line([go, "version"], r"go\d+\.\d+\S*")
        number = tuple(map(int, re.match(r"go(\d+)\.(\d+)", version).groups()))
        if number < (1, 19):
            raise peer.Missing(f"{version} is older than 1.19")
        self.groups = CURVES + (HYBRIDS[:1] if number >= (1, 24) else ()) + (HYBRIDS[1:] if number >= (1, 26) else ())
        self.program = self.lab.file("gopeer")
        done = run([go, "build", "-o", self.program, "."], cwd=SOURCE, seconds=240,
                   env={"GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod", "GOPROXY": "off", "CGO_ENABLED": "0"})
        if done.status != 0:
            raise RuntimeError(str(done))
        return version

    def first_group(self, group):
        # Go has an order of its own, and sends a share of the first, and of X25519 with X25519MLKEM768.
        if group in ("X25519MLKEM768", "x25519"):
            return None
        return "x25519" if group in CURVES else "X25519MLKEM768"

    def _words(self, case, groups):
        words = ["-groups", ",".join(str(NUMBERS[g]) for g in groups)]
        words += ["-suite", SUITES12[case.suite]] if case.suite in SUITES12 else []
        return words + (["-alpn", case.alpn] if case.alpn else []) + (["-old"] if case.old else [])

    def _client(self, case, port, groups=None):
        lab = self.lab
        groups = groups or ((self.first_group(case.group), case.group) if case.retry else
                            groups_of(case) if case.old else (case.group,))
        command = [self.program, "client", "-port", port, "-ca", lab.trust(case.trust), *self._words(case, groups)]
        if case.shows_certificate:
            command += ["-cert", lab.certificates.chain(case.client_key),
                        "-key", lab.certificates.key(case.client_key)]
        return command

    def visit(self, case, port, path="/json"):
        return run([*self._client(case, port), "-path", path], seconds=self.lab.seconds(20), env=ENABLED)

    def pour(self, port, data, groups=None):
        return run(self._client(Case("server"), port, groups), data, self.lab.seconds(30), env=ENABLED)

    def _server(self, case, *words):
        lab = self.lab
        auth = "optional" if case.authentication == "absent" else case.authentication
        return Running([self.program, "server", "-cert", lab.certificates.chain(case.key), "-key",
                        lab.certificates.key(case.key), "-ca", lab.certificates.ca, "-auth", auth,
                        *self._words(case, groups_of(case) if case.old else (case.group,)), *words], env=ENABLED).port_from(r"port (\d+)")

    def listen(self, case):
        return self._server(case)

    def listen_echo(self, case):
        return self._server(case, "-echo")

    def come_back(self, case, port, keeping):
        return run([*self._client(case, port), "-path", "/", "-again"], seconds=self.lab.seconds(20), env=ENABLED)

    def listen_again(self, case, keeping):
        return self._server(case, "-echo")

    def scenarios(self):
        yield "Handfast client: Go writes byte by byte", self.small_records

    def small_records(self):
        case = Case("client")
        with self._server(case, "-small") as server:
            done, answer = self.lab.connect(case, server.port)
            check("hello from Go" in answer["answer"]["text"], "the text did not come", done, server)
