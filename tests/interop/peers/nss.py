"""NSS's tstclnt, strsclnt and selfserv, the library of Firefox. selfserv cannot be told to listen on loopback only."""
import json
import shutil
import threading
from functools import partial

from harness import peer, tls12
from harness.case import CURVES, Case
from harness.lab import check
from harness.processes import Running, free_port, run

SUITES = {"TLS_AES_128_GCM_SHA256": ":1301", "TLS_AES_256_GCM_SHA384": ":1302",
          "TLS_CHACHA20_POLY1305_SHA256": ":1303"}
SUITES12 = {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": ":c02b", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384": ":c02c",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": ":cca9", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": ":c02f",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": ":c030", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": ":cca8",
            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256": ":009e", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384": ":009f",
            "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256": ":ccaa", "TLS_RSA_WITH_AES_128_GCM_SHA256": ":009c",
            "TLS_RSA_WITH_AES_256_GCM_SHA384": ":009d"}
GROUPS = dict(zip(CURVES, ("x25519", "P256", "P384", "P521")))
# This NSS has neither Ed25519 certificates nor, in its tools, RSA-PSS keys from PKCS #12.
KEYS = ("p256", "p384", "p521", "rsa")
NAMES = (*KEYS, "expired", "future", "elsewhere", "stranger")


class Peer(peer.Peer):
    name = "nss"
    suites12 = tuple(SUITES12)
    comes_back_with = ("tickets", "store")
    keys = KEYS
    client_keys = KEYS
    alert_words = {
        "unknown_ca": "UNKNOWN_CA_ALERT|does not recognize and trust the CA",
        "bad_certificate": "BAD_CERT_ALERT|cannot verify your certificate",
        "certificate_required": "CERTIFICATE_REQUIRED_ALERT",
        "certificate_expired": "EXPIRED_CERT_ALERT|rejected your certificate as expired",
        "handshake_failure": "HANDSHAKE_FAILURE_ALERT|NO_CYPHER_OVERLAP",
    }
    _making = threading.Lock()

    def possible12(self, case):
        # selfserv agrees on a curve as strong as its certificate's, if the client offers one.
        strong = {"p384": "secp384r1", "p521": "secp521r1"}.get(case.key)
        return case.role == "server" or strong in (None, case.group)

    def version(self):
        for tool in ("tstclnt", "strsclnt", "selfserv", "certutil", "pk12util"):
            peer.find(tool)
        shutil.rmtree(self.lab.folder)
        self.lab.folder.mkdir()
        return "NSS " + peer.first_line(["dpkg-query", "-W", "-f", "${Version}", "libnss3-tools"])

    def _database(self, trust, keys=True):
        """A certificate database that trusts what is in <trust>.pem, with or without certificates of its own:
        tstclnt shows what it has, asked or not."""
        folder = self.lab.file(f"db-{trust}-{'keys' if keys else 'bare'}")
        with self._making:
            if not (folder / "complete").exists():
                self._make_database(folder, trust, keys)
        return f"sql:{folder}"

    def _make_database(self, folder, trust, keys):
        folder.mkdir(exist_ok=True)
        certificates = self.lab.certificates
        commands = [["certutil", "-N", "-d", f"sql:{folder}", "--empty-password"]]
        roots = ("ec-root", "rsa-root") if trust == "ca" else (trust,)
        for root in roots:
            commands.append(["certutil", "-A", "-d", f"sql:{folder}", "-n", root, "-t", "CT,C,C", "-i",
                             certificates.folder / f"{root}.pem"])
        for name in NAMES if keys else ():
            commands.append(["pk12util", "-i", certificates.bundle(name), "-d", f"sql:{folder}", "-W", "password",
                             "-K", ""])
        for command in commands:
            done = run(command)
            if done.status != 0:
                raise RuntimeError(str(done))
        (folder / "complete").touch()

    def visit(self, case, port, path="/json"):
        groups = (self.first_group(case.group), case.group) if case.retry else (case.group,)
        version, suite = ("tls1.2", SUITES12.get(case.suite)) if case.old else ("tls1.3", SUITES[case.suite])
        if case.old:
            groups = tls12.groups_of(case)
        request = self.lab.file(f"request-{port}")
        request.write_text(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n")
        command = ["tstclnt", "-4", "-h", "localhost", "-p", port, "-d", self._database(case.trust, case.shows_certificate), "-V",
                   f"{version}:{version}", "-c", suite, "-I", self._groups(case, groups), "-A", request]
        if case.shows_certificate:
            command += ["-n", case.client_key]
        return run(command, seconds=self.lab.seconds(20))

    def come_back(self, case, port, keeping):
        # tstclnt of this NSS crashes when it comes back (free(): invalid pointer); strsclnt does so for a living.
        version, suite = ("tls1.2", ["-C", SUITES12[case.suite]]) if case.old else ("tls1.3", [])
        return run(["strsclnt", "-p", port, "-d", self._database("ca", False), "-V", f"{version}:{version}", *suite, "-q",
                    "-t", "1", "-c", "2", *(["-u"] if keeping == "tickets" else []), "localhost"],
                   seconds=self.lab.seconds(20))

    @staticmethod
    def _groups(case, groups):
        return ",".join([*(GROUPS[g] for g in groups), *(["FF2048"] if "_DHE_" in case.suite else [])])

    protocols = ("",)

    def listen(self, case, words=()):
        port = free_port()
        asks = {"none": [], "absent": ["-r"], "optional": ["-r"], "required": ["-r", "-r"]}[case.authentication]
        version = "tls1.2" if case.old else "tls1.3"
        suites = [SUITES12.get(case.suite, ":c02b")] if case.old else [SUITES[case.suite]]
        groups = tls12.groups_of(case) if case.old else (case.group,)
        command = ["selfserv", "-n" if case.key == "rsa" else "-e", case.key, "-p", port, "-d", self._database("ca"),
                   "-V", f"{version}:{version}", "-c", *suites, "-I", self._groups(case, groups), "-v", *asks, *words]
        if case.alpn:
            command += ["-Q"]
        return Running(command).port_open(port)

    # selfserv answers requests and nothing else, so it is the program that comes back.

    def scenarios(self):
        for name, case, words in (("", Case("client"), ["-u"]),
                                  ("TLS 1.2, ", tls12.RESUMED, ["-u"]),
                                  ("TLS 1.2, by session id, ", tls12.RESUMED, [])):
            yield f"{name}Handfast client: resumption, selfserv", partial(self.resumed_by_selfserv, case, words)

    def resumed_by_selfserv(self, case, words):
        lab = self.lab
        with self.listen(case, words) as server:
            done = run([lab.handfast, "connect", "--json", "--ca", lab.certificates.ca, "--sni", "localhost", "--resume",
                        "--send", "GET / HTTP/1.0\\r\\n\\r\\n", "--wait", "1", *(["--tls1.2"] if case.old else []),
                        f"127.0.0.1:{server.port}"], seconds=lab.seconds(20))
            check(done.out.startswith(b"{"), "handfast connect printed no JSON", done, server)
            check(json.loads(done.out)["resumption"]["resumed"], "the session was not resumed", done, server)
