"""TLS 1.3: sessions that go on, in both roles, and early data."""
import json
from functools import partial

from .case import Case
from .lab import REQUEST, check, reports_of
from .processes import run


def check_resumed(reports, evidence):
    """The first connection is a full handshake, the last one goes on with its session."""
    first, last = reports[0]["connection"], reports[-1]["connection"]
    check(reports[-1]["ok"] and last["version"] == "TLS 1.3", "not in order", reports, evidence)
    check(not first["resumed"] and last["resumed"], "the session was not resumed", reports, evidence)


def resume_as_server(peer, keeping):
    with peer.lab.echo_server("--http", "--sessions", keeping, "--connections", 2) as server:
        done = peer.come_back(Case("server"), server.port, peer.comes_back_with[0])
        check_resumed(reports_of(server, 2), f"{done}\n{server}")


def resume_as_client(peer):
    with peer.listen_again(Case("client"), peer.takes_back_by[0]) as server:
        done, reports = peer.lab.echo_visits(server.port, "--bytes", 1000, "--visits", 3)
        check(len(reports) == 3 and all(r["same"] for r in reports), "what came back is not what was sent", done, server)
        check_resumed(reports, f"{done}\n{server}")


def early_data_as_client(peer):
    """The second visit's request goes with its first flight."""
    lab = peer.lab
    text = lab.file("early.txt")
    text.write_bytes(b"early bird\n")
    with peer.listen_early(Case("client")) as server:
        done = run([lab.handfast, "connect", "--json", "--ca", lab.certificates.ca, "--sni", "localhost", "--groups", "x25519",
                    "--early-data", text, "--wait", "1", f"127.0.0.1:{server.port}"], seconds=lab.seconds(20))
        check(done.out.startswith(b"{"), "handfast connect printed no JSON", done, server)
        said = json.loads(done.out)["resumption"]
        check(said["resumed"] and said["early_data"]["status"] == "accepted", "not accepted", said, server)
        check(not peer.shows_early_data or server.wait_for("early bird", 3), "it did not arrive", said, server)


def early_data_as_server(peer, limit, accepted):
    lab = peer.lab
    request = lab.file("early-request.txt")
    request.write_bytes(REQUEST.replace("\\r", "\r").replace("\\n", "\n").encode())
    with lab.serve(Case("server"), words=["--early-data", limit]) as server:
        done = peer.come_early(Case("server"), server.port, request)
        check(f"Early data was {'accepted' if accepted else 'rejected'}" in done.text, "early data", done, server)
        check("HTTP/1.1 200" in done.text or not accepted, "no answer to it", done, server)


def scenarios(peer):
    if peer.comes_back_with:
        for keeping in ("tickets", "store"):
            yield f"Handfast server: resumption, {keeping}", partial(resume_as_server, peer, keeping)
    if peer.takes_back_by:
        yield "Handfast client: resumption", partial(resume_as_client, peer)
    if peer.listen_early:
        yield "Handfast client: early data", partial(early_data_as_client, peer)
    if peer.come_early:
        yield "Handfast server: early data", partial(early_data_as_server, peer, 4096, True)
