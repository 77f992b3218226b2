"""Chromium without a window, which loads the page that `handfast serve` makes of its visit. It trusts our roots
through its own certificate database. The screenshot stays in the folder of the run."""
import html
import re
import shutil
import threading

from harness import peer
from harness.case import Case
from harness.lab import check, visit_of
from harness.processes import Running, run

PNG = b"\x89PNG\r\n\x1a\n"


class Peer(peer.Peer):
    name = "chromium"
    is_server = False
    selects_group = False
    selects_suite = False
    # A browser takes long to start: the groups that differ in what it sends (a share or none), two kinds of key.
    groups = ("X25519MLKEM768", "secp256r1")
    keys = ("p256", "rsa")
    authentication = ("none", "absent")  # without a window nobody chooses a certificate
    client_keys = ("p256",)
    protocols = ("http/1.1",)
    unpacks = ("brotli",)
    _making = threading.Lock()

    def version(self):
        self.program = peer.find("chromium", "chromium-browser", "google-chrome")
        peer.find("certutil")
        shutil.rmtree(self.lab.folder)
        self.lab.folder.mkdir()
        return peer.first_line([self.program, "--version"], r"(Chromium|Google Chrome) \S+")

    def possible(self, case):
        # It sends shares of X25519MLKEM768 and X25519 only.
        return case.retry == case.group.startswith("secp")

    def _home(self, port, trust):
        home = self.lab.file(f"home-{port}")
        database = home / ".pki" / "nssdb"
        if database.exists():
            return home
        database.mkdir(parents=True)
        commands = [["certutil", "-N", "-d", f"sql:{database}", "--empty-password"]]
        for root in ("ec-root", "rsa-root") if trust == "ca" else (trust,):
            commands.append(["certutil", "-A", "-d", f"sql:{database}", "-n", root, "-t", "CT,C,C", "-i",
                             self.lab.certificates.folder / f"{root}.pem"])
        for command in commands:
            done = run(command)
            if done.status != 0:
                raise RuntimeError(str(done))
        return home

    def _browse(self, case, port, path, *words):
        home = self._home(port, case.trust)
        command = [self.program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                   "--no-first-run", "--disable-background-networking", "--disable-component-update",
                   "--disable-sync", "--no-proxy-server", "--hide-scrollbars", f"--user-data-dir={home / 'data'}",
                   *words, f"https://localhost:{port}{path}"]
        with self._making:  # one browser at a time is quicker than two
            done = run(command, seconds=self.lab.seconds(50), env={"HOME": str(home)})
        shutil.rmtree(home, ignore_errors=True)
        return done

    def visit(self, case, port, path="/json"):
        done = self._browse(case, port, path, "--dump-dom")
        match = re.search(rb"<pre[^>]*>(.*?)</pre>", done.out, re.DOTALL)
        if match:  # the browser wraps JSON into a page of its own
            done.out = html.unescape(match.group(1).decode()).encode()
        return done

    def visit_compressed(self, case, port, algorithm):
        return self.visit(case, port)  # it always asks for it

    def says(self, alert, text):
        return True  # it does not write to its output what it received

    def scenarios(self):
        yield "Handfast server: the page, with a post-quantum group", self.page
        yield "Handfast server: the throw-away authority's page", self.throw_away

    def page(self):
        case = Case("server", group="X25519MLKEM768", alpn="http/1.1")
        picture = self.lab.file("page.png")
        with self.lab.serve(case) as server:
            self._browse(case, server.port, "/", f"--screenshot={picture}", "--window-size=1280,2400")
            check(picture.exists() and picture.read_bytes().startswith(PNG), "no screenshot", server)
            check(server.wait_for(r"X25519MLKEM768.*GET / -> 200", 5), "the page was not asked for", server)
        check(picture.stat().st_size > 30_000, "the screenshot is nearly empty", picture.stat().st_size)

    def throw_away(self):
        """As a newcomer does it: serve without options, its root into the browser."""
        root = self.lab.file("root.pem")
        with Running([self.lab.handfast, "serve", "--listen", "127.0.0.1:0", "--ascii", "--write-ca", root]).port_from(
                r"https://localhost:(\d+)/") as server:
            home = self._home(server.port, "ca")
            run(["certutil", "-A", "-d", f"sql:{home}/.pki/nssdb", "-n", "own", "-t", "CT,C,C", "-i", root])
            done = self.visit(Case("server", trust="ca"), server.port)
            visit = visit_of(done.text)
            check(visit, "no page came", done.text[:2000], server)
            check(visit["connection"]["group"] == "X25519MLKEM768", "not post-quantum", visit["connection"])
            check(visit["client_hello"]["post_quantum"]["key_sent"], "no post-quantum key came", visit)
