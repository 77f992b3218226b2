"""Web servers as Debian packages them, set up as Mozilla's guidelines call "intermediate": TLS 1.2 and 1.3, ECDHE and DHE
with AEAD, a session cache. A file in peers/ says how one is configured and started."""
import os
import shutil
from functools import partial

from . import peer
from .case import Case
from .lab import REQUEST, check, check_connection
from .processes import run
from .tls12 import RESUMED, SUITES, check_resumed, groups_of

# Mozilla's list, in its order.
CIPHERS = ":".join(SUITES[name] for name in (
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"))
KEYS = ("p256", "rsa")  # one certificate of each kind


def find(name):
    """Servers live where not everybody's PATH leads."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not path:
        raise peer.Missing(f"{name} is not installed")
    return path


class WebServer(peer.Peer):
    is_client = False
    is_server = False  # it echoes nothing, so that what every peer goes through does not fit

    def start(self, folder, tickets=False, client_auth=False):
        """The running server, which answers GET /. `folder` is its own; a session cache it has always."""
        raise NotImplementedError

    def dh_parameters(self):
        path = self.lab.file("dh.pem")
        if not path.exists():
            done = run(["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048"])
            path.write_bytes(done.out)
        return path

    def _server(self, name, **words):
        folder = self.lab.file(name.replace(" ", "-"))
        folder.mkdir(exist_ok=True)
        return self.start(folder, **words)

    def scenarios(self):
        yield "what both prefer", self.default
        for suite in ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"):
            yield f"TLS 1.3, {suite}", partial(self.one_suite, Case("client", suite=suite))
        for suite in SUITES:
            if "TLS_RSA_" not in suite:
                case = Case("client", suite=suite, group="secp256r1", key="p256" if "ECDSA" in suite else "rsa", old=True)
                yield f"TLS 1.2, {suite}", partial(self.one_suite, case)
        yield "TLS 1.2, RSA key exchange is refused", self.no_rsa
        for keeping in ("tickets", "store"):
            yield f"TLS 1.2, resumption, {keeping}", partial(self.resumption, keeping)
        for old in (False, True):
            suite = RESUMED.suite if old else "TLS_AES_128_GCM_SHA256"
            case = Case("client", suite=suite, group="secp256r1", authentication="required", old=old)
            yield f"client certificate, TLS {'1.2' if old else '1.3'}", partial(self.one_suite, case)

    def default(self):
        with self._server("default") as server:
            done = run([self.lab.handfast, "connect", "--ca", self.lab.certificates.ca, "--sni", "localhost", "--send",
                        REQUEST, f"127.0.0.1:{server.port}"])
            check(done.status == 0 and "TLS 1.3" in done.text and "200 OK" in done.text, "no page", done, server)

    def one_suite(self, case):
        name = f"{case.suite}{case.authentication}"
        with self._server(name, client_auth=case.shows_certificate) as server:
            groups = groups_of(case) if case.old else [case.group]
            done, answer = self.lab.connect(case, server.port, groups=",".join(groups))
            check_connection(case, answer, f"{done}\n{server}")
            check("200 OK" in answer["answer"]["text"], "no page", done, server)

    def no_rsa(self):
        with self._server("no-rsa") as server:
            case = Case("client", suite="TLS_RSA_WITH_AES_128_GCM_SHA256", key="rsa", old=True)
            done, answer = self.lab.connect(case, server.port)
            check(answer["exit_code"] == 30, "not refused", done, server)

    def resumption(self, keeping):
        with self._server(keeping, tickets=keeping == "tickets") as server:
            done, reports = self.lab.echo_visits(server.port, "--tls1.2", "--http", "--visits", 3)
            check(len(reports) == 3 and all(r["same"] for r in reports), "no page", done, server)
            check_resumed(reports, f"{done}\n{server}")
