"""What is shown with every peer, beside the matrix: many bytes, key updates, closing, tickets, and refusals in both
directions with the alert on the wire, the exit code and the id from the list of failures."""
from functools import partial

from .case import Case, replace
from .lab import check, check_connection, check_visit, report_of, visit_of

MEGABYTE = 1 << 20


def lines(size):
    """Text whose lines read the same backwards (see echo/echo.cpp)."""
    out = bytearray()
    while len(out) < size:
        half = b"%08d-the-quick-brown-fox-jumps-over-the-lazy-dog-" % (len(out) // 97)
        out += half + half[::-1] + b"\n"
    return bytes(out)


# The matrix.

def handshake_as_server(peer, case):
    with peer.lab.serve(case, one_suite=not peer.selects_suite) as server:
        done = peer.visit(case, server.port)
        visit = visit_of(done.text)
        check(visit is not None, "no page came", done, server)
        check_visit(case, visit, done)
        check(done.status == 0, "the peer was not content", done, server)


def first_share(peer, case):
    """The group that `handfast connect` sends its share of, so that the server must ask for another."""
    return {"secp384r1": "secp256r1"}.get(case.group, "secp384r1")


def handshake_as_client(peer, case):
    groups = f"{first_share(peer, case)},{case.group}" if case.retry else case.group
    with peer.listen(case) as server:
        done, answer = peer.lab.connect(case, server.port, groups=groups)
        check_connection(case, answer, f"{done}\n{server}")


# Bytes and keys.

def pour_as_server(peer, *words):
    data = lines(MEGABYTE)
    with peer.lab.echo_server(*peer.pour_words, *words) as server:
        back = peer.pour(server.port, data)
        report = report_of(server)
        check(back.out.endswith(data) or data in back.out, f"{len(back.out)} bytes came back", back.err, report)
        check(report["ok"], "the connection did not end in order", report)
        if "--update-every" in words:
            check(report["key_updates_sent"] > 2, "no keys were updated", report)


def pour_as_client(peer, *words, case=Case("client")):
    with peer.listen_echo(case) as server:
        done, report = peer.lab.echo_client(server.port, "--bytes", MEGABYTE, *words)
        check(report["ok"] and report["same"], "what came back is not what was sent", done, server.text[-2000:])
        if "--update-every" in words:
            check(report["key_updates_sent"] > 2, "no keys were updated", report)
        return report


def retry_with_cookie(peer):
    """The server adds a cookie to its HelloRetryRequest, which must come back."""
    group = next(g for g in reversed(peer.groups) if peer.first_group(g) and peer.first_group(g) != g)
    data = lines(10_000)
    with peer.lab.echo_server(*peer.pour_words, "--cookie", "--groups", group) as server:
        back = peer.pour(server.port, data, groups=(peer.first_group(group), group))
        report = report_of(server)
        check(report["ok"] and report["connection"]["hello_retry"], "no retry", report, back)


# Refusals. What a peer sends when it refuses is its own choice within the RFC's "should"; we must name it.

def refuse_server(peer, case, exit_code, ids, alert):
    """Handfast as a client does not accept the server."""
    with peer.listen(case) as server:
        done, answer = peer.lab.connect(case, server.port)
        check_refusal(answer, exit_code, ids, done)
        check(answer["error"]["alert"] == alert, f"the alert should be {alert}", done)
        noticed = _until(lambda: peer.says(alert, server.text))
        check(noticed, f"the peer did not see {alert}", server)


def refused_by_server(peer, theirs, ours, exit_code, ids):
    """The server (`theirs`) does not accept Handfast as a client (`ours`)."""
    with peer.listen(theirs) as server:
        done, answer = peer.lab.connect(ours, server.port)
        check_refusal(answer, exit_code, ids, f"{done}\n{server}")


def check_refusal(answer, exit_code, ids, evidence):
    check(answer["exit_code"] == exit_code, f"exit code {answer['exit_code']}, not {exit_code}", evidence)
    # An alert that says no more than "no" has candidates; a probe may tell them apart, one connection cannot.
    found = [one["id"] for f in answer["findings"] for one in (f, *f["candidates"])]
    check(set(found) & set(ids), f"found {found}, not {ids}", evidence)


def refused_by_client(peer, case):
    """The peer as a client does not accept Handfast's certificate, and Handfast names what it said."""
    with peer.lab.serve(case) as server:
        done = peer.visit(case, server.port)
        check(visit_of(done.text) is None, "the peer accepted it", done)
        if case.key in peer.silent:
            return
        words = r"bad_certificate|unknown_ca|certificate_unknown|certificate_expired|unsupported_certificate"
        check(server.wait_for(rf"X .*({words}|bad certificate|unknown.*certificate|expired)", 3),
              "no alert was reported", server, done)


def refuse_client(peer, ours, theirs, alert):
    """Handfast as a server (`ours`) does not accept the client (`theirs`); the peer sees why."""
    with peer.lab.serve(ours) as server:
        done = peer.visit(theirs, server.port)
        check(visit_of(done.text) is None, "Handfast let it in", done, server)
        check(server.wait_for(" X ", 3), "Handfast reported nothing", server)
        check(peer.says(alert, done.text), f"the peer did not see {alert}", done, server)


def no_common_group(peer):
    case = Case("server", group="secp521r1")
    with peer.lab.serve(case) as server:
        done = peer.visit(replace(case, group="secp256r1"), server.port)
        check(visit_of(done.text) is None, "a handshake without a common group", done)
        check(server.wait_for(r"P-05", 3), "no common group: not named", server, done)
        check(peer.says("handshake_failure", done.text), "the peer did not see handshake_failure", done)


def no_common_suite(peer):
    with peer.lab.echo_server("--suites", "TLS_AES_128_GCM_SHA256") as server:
        done = peer.visit(Case("server", suite="TLS_CHACHA20_POLY1305_SHA256"), server.port)
        report = report_of(server)
        check(report["error"]["code"] == "no_common_suite", "not named", report, done)
        check(peer.says("handshake_failure", done.text), "the peer did not see handshake_failure", done)


def _until(condition, seconds=3):
    import time
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return met


def as_server(peer):
    """Scenarios in which the peer is the client."""
    case = Case("server")
    if type(peer).pour.__qualname__ != "Peer.pour":
        yield "1 MiB there and back", partial(pour_as_server, peer)
        yield "1 MiB, our key updates", partial(pour_as_server, peer, "--update-every", 100_000)
        yield "1 MiB, our key updates that ask for theirs", partial(pour_as_server, peer, "--update-every", 100_000,
                                                                    "--ask")
        yield "1 MiB, padded records", partial(pour_as_server, peer, "--padding", 4096)
        yield "1 MiB, automatic key updates", partial(pour_as_server, peer, "--key-lifetime", 16)
        yield "1 MiB, records of at most 512 bytes", partial(pour_as_server, peer, "--record-limit", 512)
        yield "HelloRetryRequest with cookie", partial(retry_with_cookie, peer)
    for name, change in {"other authority": {"trust": "other-root"}, "expired": {"key": "expired"},
                         "other name": {"key": "elsewhere"}}.items():
        yield f"peer refuses the server: {name}", partial(refused_by_client, peer, replace(case, **change))
    required = replace(case, authentication="required")
    if "required" in peer.authentication:
        stranger, expired = replace(required, client_key="stranger"), replace(required, client_key="expired")
        yield "client refused: no certificate", partial(refuse_client, peer, required, case, "certificate_required")
        yield "client refused: unknown authority", partial(refuse_client, peer, required, stranger, peer.stranger)
        yield "client refused: expired", partial(refuse_client, peer, required, expired, "certificate_expired")
    if peer.selects_group:
        yield "no common group", partial(no_common_group, peer)
    if peer.selects_suite:
        yield "no common suite", partial(no_common_suite, peer)


def as_client(peer):
    """Scenarios in which the peer is the server."""
    def refused(name, theirs, ours, exit_code, ids):
        exit_code, ids = peer.answers.get(name, (exit_code, ids))
        return name, partial(refused_by_server, peer, theirs, ours, exit_code, ids)

    case = Case("client")
    if type(peer).listen_echo.__qualname__ != "Peer.listen_echo":
        yield "1 MiB there and back", partial(pour_as_client, peer)
        yield "1 MiB, our key updates", partial(pour_as_client, peer, "--update-every", 100_000)
        yield "1 MiB, our key updates that ask for theirs", partial(pour_as_client, peer, "--update-every", 100_000,
                                                                    "--ask")
        yield "1 MiB, padded records", partial(pour_as_client, peer, "--padding", 4096)
        yield "1 MiB, automatic key updates", partial(pour_as_client, peer, "--key-lifetime", 16)
        yield "1 MiB, records of at most 512 bytes", partial(pour_as_client, peer, "--record-limit", 512)
        yield "1 MiB without middlebox compatibility", partial(pour_as_client, peer, "--no-compatibility")
    yield "server refused: other authority", partial(
        refuse_server, peer, replace(case, trust="other-root"), 20, ("C-01", "C-02", "C-04"), "unknown_ca")
    yield "server refused: expired", partial(
        refuse_server, peer, replace(case, key="expired"), 22, ("C-07",), "certificate_expired")
    yield "server refused: not yet valid", partial(
        refuse_server, peer, replace(case, key="future"), 22, ("C-09", "C-10"), "certificate_expired")
    yield "server refused: other name", partial(
        refuse_server, peer, replace(case, key="elsewhere"), 21, ("H-01", "H-04"), "bad_certificate")
    required = replace(case, authentication="required")
    if "required" in peer.authentication:
        yield refused("peer refuses the client: no certificate", required, case, 31, ("M-02", "M-01"))
        # M-02, M-04: the server named its authorities, so that Handfast had nothing to show.
        yield refused("peer refuses the client: unknown authority", required, replace(required, client_key="stranger"),
                      31, ("M-05", "M-06", "M-02", "M-04"))
        yield refused("peer refuses the client: expired", required, replace(required, client_key="expired"), 31,
                      ("M-08", "M-06"))
    yield refused("no common group", case, replace(case, group="secp521r1"), 30, ("P-05",))
    yield refused("no common suite", case, replace(case, suite="TLS_CHACHA20_POLY1305_SHA256"), 30, ("P-03", "P-04"))
    yield refused("TLS 1.2 only", replace(case, old=True), case, 30, ("P-01", "P-02"))
    yield refused("no common protocol", replace(case, alpn="http/1.1"), replace(case, alpn="imap"), 30, ("P-21",))


def matrix_scenarios(peer, cases):
    for case in cases:
        run = handshake_as_server if case.role == "server" else handshake_as_client
        yield str(case), partial(run, peer, case)


__all__ = ["as_client", "as_server", "lines", "matrix_scenarios"]
