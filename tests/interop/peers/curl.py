"""curl, with whatever TLS library it was built on."""
from harness import peer
from harness.case import Case
from harness.processes import run
from harness.tls12 import SUITES, groups_of

CURVES = {"x25519": "X25519", "secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}


class Peer(peer.Peer):
    name = "curl"
    suites12 = tuple(SUITES)
    comes_back_with = ("store",)  # curl 7 asks OpenSSL to do without tickets
    is_server = False
    pour_words = ("--http",)
    silent = ("elsewhere",)  # it compares the name after the handshake
    without = {"Handfast server: 1 MiB, records of at most 512 bytes": "OpenSSL does not know record_size_limit"}

    def version(self):
        peer.find("curl")
        line = peer.first_line(["curl", "--version"], r"curl \S+ .*")
        if "OpenSSL/" not in line:
            raise peer.Missing("curl was built on another library than OpenSSL")
        return " ".join(word for word in line.split() if word[0].isdigit() or word.startswith(("curl", "OpenSSL")))

    def _command(self, case, port, groups=None):
        lab = self.lab
        if groups is None:
            groups = (self.first_group(case.group), case.group) if case.retry else (case.group,)
            if case.old:
                groups = groups_of(case)
        command = ["curl", "--silent", "--show-error", "--verbose", "--noproxy", "*", "--resolve",
                   f"localhost:{port}:127.0.0.1", "--cacert", lab.trust(case.trust), "--curves", ":".join(CURVES[g] for g in groups), "--http1.1"]
        command += (["--tlsv1.2", "--tls-max", "1.2", "--ciphers", SUITES[case.suite]] if case.old else
                    ["--tlsv1.3", "--tls13-ciphers", case.suite])
        command += ["--alpn"] if case.alpn else ["--no-alpn"]
        if case.shows_certificate:
            command += ["--cert", lab.certificates.chain(case.client_key),
                        "--key", lab.certificates.key(case.client_key)]
        return command

    def visit(self, case, port, path="/json"):
        return run([*self._command(case, port), f"https://localhost:{port}{path}"], seconds=self.lab.seconds(20))

    def pour(self, port, data, groups=None):
        command = [*self._command(Case("server"), port, groups), "--data-binary", "@-", "-H", "Expect:",
                   f"https://localhost:{port}/"]
        return run(command, data, self.lab.seconds(30))

    def come_back(self, case, port, keeping):
        url = f"https://localhost:{port}/"
        return run([*self._command(case, port), url, url], seconds=self.lab.seconds(20))
