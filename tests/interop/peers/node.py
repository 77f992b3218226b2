"""Node's tls module, through the program in node/."""
import json
from pathlib import Path

from harness import peer
from harness.case import Case
from harness.processes import Running, run
from harness.tls12 import SUITES, groups_of

CURVES = {"x25519": "X25519", "secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
SOURCE = Path(__file__).parent.parent / "node" / "peer.js"


class Peer(peer.Peer):
    name = "node"
    suites12 = tuple(SUITES)
    comes_back_with = ("tickets", "store")
    takes_back_by = ("tickets",)

    def possible12(self, case):
        return case.role == "server" or "_DHE_" not in case.suite  # its server has no DHE unless it is given a group
    silent = ("elsewhere", "expired", "p256")  # it decides after the handshake
    # It hangs up without an alert.
    answers = {"peer refuses the client: expired": (32, ("N-09", "N-07"))}
    without = {f"Handfast {side}: 1 MiB, records of at most 512 bytes": "Node does not know record_size_limit"
               for side in ("client", "server")}

    def version(self):
        self.node = peer.find("node", "nodejs")
        return "Node " + peer.first_line([self.node, "--version"]) + " with OpenSSL " + peer.first_line(
            [self.node, "-p", "process.versions.openssl"])

    def _command(self, case, groups, **words):
        suite = SUITES.get(case.suite, "" if case.old else case.suite)
        asked = {"suite": suite, "groups": [CURVES[g] for g in groups], "alpn": case.alpn, "old": case.old, **words}
        return [self.node, SOURCE, json.dumps({name: value if isinstance(value, (bool, int, list)) else str(value)
                                               for name, value in asked.items()})]

    def _client(self, case, port, groups=None, **words):
        certificates = self.lab.certificates
        groups = groups or ((self.first_group(case.group), case.group) if case.retry else
                            groups_of(case) if case.old else (case.group,))
        if case.shows_certificate:
            words |= {"cert": certificates.chain(case.client_key), "key": certificates.key(case.client_key)}
        return self._command(case, groups, role="client", port=port, ca=self.lab.trust(case.trust), **words)

    def visit(self, case, port, path="/json"):
        return run(self._client(case, port, path=path), seconds=self.lab.seconds(20))

    def pour(self, port, data, groups=None):
        return run(self._client(Case("server"), port, groups), data, self.lab.seconds(30))

    def _server(self, case, **words):
        certificates = self.lab.certificates
        auth = "optional" if case.authentication == "absent" else case.authentication
        groups = groups_of(case) if case.old else (case.group,)
        return Running(self._command(case, groups, role="server", cert=certificates.chain(case.key),
                                     key=certificates.key(case.key), ca=certificates.ca, auth=auth,
                                     **words)).port_from(r"port (\d+)")

    def listen(self, case):
        return self._server(case)

    def listen_echo(self, case):
        return self._server(case, echo=True)

    def come_back(self, case, port, keeping):
        return run(self._client(case, port, path="/", again=True), seconds=self.lab.seconds(20))

    def listen_again(self, case, keeping):
        return self._server(case, echo=True)
