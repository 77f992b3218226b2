"""Java's JSSE, through the program in java/."""
from pathlib import Path

from harness import peer
from harness.case import Case
from harness.lab import check
from harness.processes import Running, run
from harness.tls12 import SUITES, groups_of

SOURCE = Path(__file__).parent.parent / "java" / "Peer.java"
FAST = ["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]


class Peer(peer.Peer):
    name = "java"
    suites12 = tuple(SUITES)
    comes_back_with = takes_back_by = ("tickets", "store")
    without = {f"Handfast {side}: 1 MiB, records of at most 512 bytes": "Java does not know record_size_limit"
               for side in ("client", "server")}
    stranger = "certificate_required"
    answers = {"peer refuses the client: no certificate": (31, ("M-02", "M-06"))}  # bad_certificate

    def version(self):
        java = peer.find("java")
        compiler = peer.find("javac")
        done = run([compiler, "-d", self.lab.folder, SOURCE], seconds=120)
        if done.status != 0:
            raise RuntimeError(str(done))
        # An archive of the classes that a handshake needs halves the time to start.
        archive = self.lab.file("classes.jsa")
        command = [java, *FAST, "-cp", self.lab.folder]
        run([*command[:-2], f"-XX:ArchiveClassesAtExit={archive}", *command[-2:], "Peer", "role=rehearse",
             f"ca={self.lab.certificates.ca}", f"bundle={self.lab.certificates.bundle('p256')}"], seconds=60)
        if archive.exists():
            command[1] = f"-XX:SharedArchiveFile={archive}"
        self.command = command
        return peer.first_line([java, "--version"], r"openjdk \S+|java \S+")

    def _words(self, case, groups, **words):
        words |= {"groups": ",".join(groups), "suite": case.suite, "alpn": case.alpn, "old": "yes" if case.old else ""}
        return ["Peer", *(f"{name}={value}" for name, value in words.items())]

    def first_group(self, group):
        # It sends one share of X25519 and one of a curve, of each kind the first.
        return None if group == "x25519" else super().first_group(group)

    @staticmethod
    def _groups12(case):
        return [*groups_of(case), *(["ffdhe2048"] if "_DHE_" in case.suite else [])]

    def _client(self, case, port, groups=None, **words):
        groups = groups or ((self.first_group(case.group), case.group) if case.retry else
                            self._groups12(case) if case.old else (case.group,))
        if case.shows_certificate:
            words["bundle"] = self.lab.certificates.bundle(case.client_key)
        return [*self.command, *self._words(case, groups, role="client", port=port, ca=self.lab.trust(case.trust),
                                            **words)]

    def visit(self, case, port, path="/json"):
        return run(self._client(case, port, path=path), seconds=self.lab.seconds(20))

    def pour(self, port, data, groups=None):
        return run(self._client(Case("server"), port, groups), data, self.lab.seconds(30))

    def _server(self, case, *properties, **words):
        auth = "optional" if case.authentication == "absent" else case.authentication
        return Running([*self.command[:-2], *properties, *self.command[-2:], *self._words(
            case, self._groups12(case) if case.old else (case.group,), role="server", ca=self.lab.certificates.ca, auth=auth,
            bundle=self.lab.certificates.bundle(case.key), **words)]).port_from(r"port (\d+)")

    def listen(self, case):
        return self._server(case)

    def listen_echo(self, case):
        return self._server(case, echo="yes")

    def come_back(self, case, port, keeping):
        return run(self._client(case, port, path="/", again="yes"), seconds=self.lab.seconds(20))

    def listen_again(self, case, keeping):
        tickets = "true" if keeping == "tickets" else "false"
        return self._server(case, f"-Djdk.tls.server.enableSessionTicketExtension={tickets}", echo="yes")

    def scenarios(self):
        yield "Handfast client: 1 MiB, Java updates keys", self.server_updates_keys

    def server_updates_keys(self):
        """Java updates its keys after so many bytes as a security property says."""
        limits = self.lab.file("limits.security")
        limits.write_text("jdk.tls.keyLimits=AES/GCM/NoPadding KeyUpdate 2^16\n")
        with self._server(Case("client"), f"-Djava.security.properties={limits}", "-Djavax.net.debug=ssl,handshake",
                          echo="yes") as server:
            done, report = self.lab.echo_client(server.port, "--bytes", 1 << 20)
            check(report["ok"] and report["same"], "what came back is not what was sent", done)
            check("KeyUpdate" in server.text, "Java did not update its keys", server.text[-3000:])
