"""Handfast's side of each case: `handfast serve`, `handfast connect`, and interop_echo for the rest."""
import json
from dataclasses import dataclass
from pathlib import Path

from .case import SCHEMES
from .processes import Running, run

REQUEST = r"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"


PSK = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
PSK_IDENTITY = "meter-17"
POLICY_OF_TLS12 = ["--policy", "legacy", "--tls1.2"]


def speaks_tls12(case):
    """A peer with `old` and a suite of TLS 1.3 is one that Handfast has nothing in common with."""
    return case.old and "_WITH_" in case.suite


def scheme_of(case, key):
    """What a key of this kind signs with. In TLS 1.2 a curve goes with any hash, and RSA keys may use PKCS #1 v1.5."""
    scheme = SCHEMES[key]
    return scheme.split("_")[0] if speaks_tls12(case) else scheme


class Failed(Exception):
    """A case that did not go as it should; the text says what did."""


def check(condition, what, *evidence):
    if not condition:
        raise Failed("\n".join([what, *(str(item) for item in evidence)]))


@dataclass
class Lab:
    handfast: Path
    echo: Path
    certificates: object
    folder: Path
    patience: float = 1.0  # multiplies deadlines on slow machines

    def file(self, name):
        return self.folder / name

    def trust(self, name):
        return self.certificates.folder / f"{name}.pem"

    def seconds(self, number):
        return number * self.patience

    # Servers.

    def serve(self, case, one_suite=False, words=()):
        groups = case.group + (",ffdhe2048" if "_DHE_" in case.suite else "")
        command = [self.handfast, "serve", "--listen", "127.0.0.1:0", "--ascii", "--groups", groups,
                   "--cert", self.certificates.chain(case.key), "--key", self.certificates.key(case.key), *words]
        if speaks_tls12(case):
            command += [*POLICY_OF_TLS12, "--suites", case.suite]
        if case.authentication != "none":
            how = "optional" if case.authentication == "absent" else case.authentication
            command += ["--client-auth", how, "--client-ca", self.certificates.ca]
        if one_suite:
            command += ["--suites", case.suite]
        if case.alpn:
            command += ["--alpn", case.alpn]
        return Running(command).port_from(r"https://localhost:(\d+)/")

    def serve_raw(self, case, words=()):
        return Running([self.handfast, "serve", "--listen", "127.0.0.1:0", "--ascii", "--groups", case.group,
                        "--raw-key", self.certificates.key(case.key), *words]).port_from(
                            r"https://localhost:(\d+)/")

    def echo_server(self, *words, key="p256"):
        return Running([self.echo, "server", "--cert", self.certificates.chain(key), "--key",
                        self.certificates.key(key), *words]).port_from(r"^port (\d+)")

    # Clients.

    def connect(self, case, port, groups=None, send=REQUEST, wait=5, words=(), ca=True):
        """A run of `handfast connect`; what it printed and its JSON."""
        trust = ["--ca", self.trust(case.trust)] if ca else []
        command = [self.handfast, "connect", "--json", *trust, "--sni", "localhost",
                   "--groups", groups or case.group, "--suites", case.suite, "--max-time", self.seconds(15),
                   "--wait", wait, "--send", send, *words]
        if speaks_tls12(case):
            command += POLICY_OF_TLS12
        if case.shows_certificate:
            command += ["--cert", self.certificates.chain(case.client_key),
                        "--key", self.certificates.key(case.client_key)]
        if case.alpn:
            command += ["--alpn", case.alpn]
        done = run([*command, f"127.0.0.1:{port}"], seconds=self.seconds(20))
        check(done.out.startswith(b"{"), "handfast connect printed no JSON", done)
        answer = json.loads(done.out)
        done.out = summary_of(answer).encode()
        return done, answer

    # Keys that both ends were given beforehand.

    def key_words(self, *more):
        """What makes `handfast` take the key below, without an import."""
        file = self.file("psk.txt")
        file.write_text(PSK + "\n")
        return ["--psk", file, "--psk-identity", PSK_IDENTITY, "--danger-bare-psk", *more]

    def connect_by_key(self, port, *more):
        done = run([self.handfast, "connect", "--json", *self.key_words(*more), "--suites", "TLS_AES_128_GCM_SHA256",
                    "--send", REQUEST, "--wait", 2, f"127.0.0.1:{port}"], seconds=self.seconds(20))
        check(done.out.startswith(b"{"), "handfast connect printed no JSON", done)
        answer = json.loads(done.out)
        check(answer["exit_code"] == 0, "no connection", done)
        check(answer["connection"]["external_psk"] == PSK_IDENTITY, "the key was not used", done)
        check(answer["answer"]["bytes"] > 0, "no answer", done)
        return answer

    def serve_by_key(self, *more):
        return Running([self.handfast, "serve", "--listen", "127.0.0.1:0", "--ascii", *self.key_words(*more)]).port_from(
            r"https://localhost:(\d+)/")

    def echo_visits(self, port, *words):
        """What interop_echo says of several connections, one after the other."""
        done = run([self.echo, "client", "--port", port, "--ca", self.certificates.ca, *words],
                   seconds=self.seconds(30))
        return done, [json.loads(line) for line in done.out.splitlines()]

    def echo_client(self, port, *words, key=None):
        shown = ["--cert", self.certificates.chain(key), "--key", self.certificates.key(key)] if key else []
        done = run([self.echo, "client", "--port", port, "--ca", self.certificates.ca, *words, *shown],
                   seconds=self.seconds(30))
        check(done.out.startswith(b"{"), "interop_echo printed nothing", done)
        return done, json.loads(done.out.splitlines()[0])


def summary_of(answer):
    """What a person needs of the JSON when a case failed."""
    kept = {"steps": [f"{s['id']} {s['t_ms']:.0f} ms" for s in answer["handshake"]["steps"]]}
    kept |= {name: answer.get(name) for name in ("connection", "error", "findings", "exit_code")}
    kept["findings"] = [{name: f[name] for name in ("id", "title", "evidence")} for f in kept["findings"]]
    return json.dumps(kept, indent=1, ensure_ascii=False)


def visit_of(text):
    """The visit's JSON in what a client printed around it."""
    start = text.find('{\n  "schema": "handfast.visit/1"')
    return None if start < 0 else json.JSONDecoder().raw_decode(text[start:])[0]


def report_of(server, seconds=10):
    """The line that interop_echo printed about its first connection."""
    match = server.wait_for(r"(?m)^(\{.*\})$", seconds)
    check(match, "interop_echo reported nothing", server)
    return json.loads(match.group(1))


def reports_of(server, number, seconds=10):
    """The lines that interop_echo printed about its first connections."""
    check(server.wait_for(r"(?ms)(^\{.*?\}$.*){%d}" % number, seconds), "interop_echo reported too little", server)
    return [json.loads(line) for line in server.text.splitlines() if line.startswith("{")]


def check_visit(case, visit, evidence):
    """What Handfast as a server says of a handshake is what the case asked for."""
    seen = visit["connection"]
    check_common(case, seen, seen["server_signature_scheme"], evidence)
    scheme = seen["client_signature_scheme"]
    if case.shows_certificate:
        check(scheme and scheme.startswith(scheme_of(case, case.client_key)), "another client signature", seen, evidence)
    else:
        check(scheme is None, "a client certificate that was not expected", seen, evidence)


def check_connection(case, answer, evidence):
    """The same for Handfast as a client."""
    check(answer["exit_code"] == 0 and answer["established"], "handfast connect failed", evidence)
    check(answer["identity_checked"], "the server's identity was not checked", evidence)
    seen = answer["connection"]
    check_common(case, seen, seen["signature_scheme"], evidence)
    check(seen["client_certificate"] == case.shows_certificate, "client certificate", seen, evidence)
    check(answer["answer"]["bytes"] > 0, "no answer to the request", evidence)


def check_common(case, seen, scheme, evidence):
    check(seen["cipher_suite"] == case.suite, "another cipher suite", seen, evidence)
    version = "TLS 1.2" if speaks_tls12(case) else "TLS 1.3"
    check(seen["version"] == version, f"not {version}", seen, evidence)
    by_group = "_ECDHE_" in case.suite or not speaks_tls12(case)
    check(not by_group or seen["group"] == case.group, "another group", seen, evidence)
    check(seen["hello_retry"] == case.retry, "HelloRetryRequest: not as asked", seen, evidence)
    if not case.suite.startswith("TLS_RSA_"):  # nothing is signed there
        check(scheme.startswith(scheme_of(case, case.key)), "another signature scheme", seen, evidence)
    check((seen["application_protocol"] or "") == case.alpn, "another application protocol", seen, evidence)
