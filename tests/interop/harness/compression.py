"""Certificate compression (RFC 8879), in both roles, with each algorithm that the peer knows."""
from functools import partial

from .case import Case
from .lab import check, check_visit, visit_of


def check_compressed(seen, algorithm, evidence):
    """In the JSON of `handfast connect` or `serve`: the server's certificate went compressed by `algorithm`."""
    steps = [step for step in seen["handshake"]["steps"] if step["id"] == "certificate"]
    check(len(steps) == 1, "there is not one certificate message", steps, evidence)
    said = [line if isinstance(line, str) else line["text"] for line in steps[0]["say"]]
    check(any(line.startswith(f"compressed with {algorithm}: ") for line in said), "not compressed", said, evidence)


def as_server(peer, algorithm):
    case = Case("server", alpn=peer.protocols[0])
    with peer.lab.serve(case) as server:
        done = peer.visit_compressed(case, server.port, algorithm)
        visit = visit_of(done.text)
        check(visit is not None, "no page came", done, server)
        check_visit(case, visit, done)
        check_compressed(visit, algorithm, done)


def as_client(peer, algorithm):
    case = Case("client")
    with peer.listen_compressed(case, algorithm) as server:
        done, answer = peer.lab.connect(case, server.port, words=["--compress", algorithm])
        check(answer["exit_code"] == 0, "no handshake", done, server)
        check_compressed(answer, algorithm, f"{done}\n{server}")


def scenarios(peer):
    for algorithm in peer.unpacks:
        yield f"Handfast server: certificate compressed with {algorithm}", partial(as_server, peer, algorithm)
    for algorithm in peer.packs:
        yield f"Handfast client: certificate compressed with {algorithm}", partial(as_client, peer, algorithm)
