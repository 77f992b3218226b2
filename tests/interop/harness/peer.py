"""What a peer is to the runner. A file in peers/ holds one class derived from Peer."""
import re
import shutil

from .case import AUTHENTICATION, CURVES, KEYS, SUITES
from .processes import run


class Missing(Exception):
    """The peer cannot be run here; the text says why."""


def find(*names):
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    raise Missing(f"{' or '.join(names)} is not installed")


def first_line(command, pattern=r".+"):
    match = re.search(pattern, run(command).text)
    return match.group(0).strip() if match else "unknown version"


class Peer:
    name = ""
    package = ""  # what to install
    # What it can do, as a client and as a server.
    suites = SUITES
    groups = CURVES
    keys = KEYS
    client_keys = KEYS
    authentication = AUTHENTICATION
    protocols = ("", "http/1.1")
    is_client = True
    is_server = True
    selects_group = True
    selects_suite = True  # as a client; if not, the server's list has one suite only
    suites12 = ()  # of TLS 1.2; empty: it does not speak that here
    # Early data: listen_early(case) takes some; come_early(case, port, file) sends the file with its second visit.
    listen_early = None
    shows_early_data = True  # and prints it
    come_early = None
    # How it resumes sessions of TLS 1.2 as a client, and keeps them as a server: in "tickets", by session id in a "store".
    comes_back_with = ()
    takes_back_by = ()
    # Certificate compression: what it unpacks as a client (visit_compressed(case, port, algorithm)) and packs as a
    # server (listen_compressed(case, algorithm)).
    unpacks = ()
    packs = ()
    # Raw public keys: visit_raw(case, port, client_key or None) and listen_raw(case, mutual).
    raw_keys = False
    # Scenarios that cannot be shown with this peer: name of the scenario → reason.
    without = {}

    def __init__(self, lab):
        self.lab = lab

    def version(self):
        """One line for the report. Raises Missing. May build what the peer needs."""
        raise NotImplementedError

    def possible(self, case):
        """Whether it can be made to do this at all. Never used to hide a failure."""
        return True

    def possible12(self, case):
        return True

    def first_group(self, group):
        """For a HelloRetryRequest to `group`: the group whose share the peer, as a client, sends first."""
        return "secp384r1" if group != "secp384r1" else "secp521r1"

    def visit(self, case, port, path="/json"):
        """As a client: GET `path`. The finished process; its output holds the answer."""
        raise NotImplementedError

    def listen(self, case):
        """As a server that answers a GET: the running process."""
        raise NotImplementedError

    # Words for interop_echo as the other end of pour().
    pour_words = ()

    def pour(self, port, data, groups=None):
        """As a client (of the groups given, the first one's share only): sends `data` and answers what came back."""
        raise NotImplementedError

    def listen_echo(self, case):
        """As a server that echoes lines (or reverses them)."""
        raise NotImplementedError

    def come_back(self, case, port, keeping):
        """As a client: two visits, the second of which resumes the session of the first."""
        raise NotImplementedError

    def listen_again(self, case, keeping):
        """As listen_echo(), with sessions kept in that way only."""
        raise NotImplementedError

    # Of those that it refuses as a client ("expired", …): where it sends no alert, because it looks only afterwards.
    silent = ()
    # What it hears when it has only a certificate of an authority that the server did not name: some show it, others
    # show none.
    stranger = "unknown_ca"
    # What it answers as a server, where that is another choice: scenario → (exit code, ids).
    answers = {}

    # What it calls an alert it received: alert name → pattern. By default the name in any spelling.
    alert_words = {}

    def says(self, alert, text):
        words = self.alert_words.get(alert, alert.replace("_", "[ _-]?"))
        return re.search(words, text, re.IGNORECASE) is not None

    def scenarios(self):
        """Its own, beyond those of harness/scenarios.py: (name, function) pairs."""
        return []
