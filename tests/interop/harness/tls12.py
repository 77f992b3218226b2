"""The matrix of TLS 1.2: suite (which says key exchange and kind of certificate) × group × key × client authentication
× kind of the client's key × ALPN. Policy `legacy`, so that DHE and RSA key exchange are there."""
from functools import partial

from .case import CURVES, ML_DSA, Case, matrix
from .lab import check, check_connection, check_visit, reports_of, visit_of

SUITES = {
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": "ECDHE-ECDSA-AES128-GCM-SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384": "ECDHE-ECDSA-AES256-GCM-SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-ECDSA-CHACHA20-POLY1305",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": "ECDHE-RSA-AES128-GCM-SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": "ECDHE-RSA-AES256-GCM-SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-RSA-CHACHA20-POLY1305",
    "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256": "DHE-RSA-AES128-GCM-SHA256",
    "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384": "DHE-RSA-AES256-GCM-SHA384",
    "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256": "DHE-RSA-CHACHA20-POLY1305",
    "TLS_RSA_WITH_AES_128_GCM_SHA256": "AES128-GCM-SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384": "AES256-GCM-SHA384",
}
ECDHE = tuple(name for name in SUITES if "_ECDHE_" in name)


def is_ecdhe(case):
    return "_ECDHE_" in case.suite


def fits(case):
    """The certificate's kind is the suite's, and only ECDHE knows groups."""
    if "_ECDSA_" in case.suite:
        kind = case.key in ("p256", "p384", "p521", "ed25519")
    elif case.suite.startswith("TLS_RSA_"):
        kind = case.key == "rsa"
    else:
        kind = case.key in ("rsa", "rsapss")
    return kind and (is_ecdhe(case) or case.group == "x25519")


def groups_of(case):
    """What a client offers: in TLS 1.2 also the curve of an ECDSA certificate must be among them (RFC 8422 §5.1.1)."""
    curves = {"p256": "secp256r1", "p384": "secp384r1", "p521": "secp521r1"}
    wanted = [case.group, curves.get(case.key)]
    if case.shows_certificate:
        wanted.append(curves.get(case.client_key))
    return list(dict.fromkeys(group for group in wanted if group))


def as_server(peer, case):
    with peer.lab.serve(case) as server:
        done = peer.visit(case, server.port)
        visit = visit_of(done.text)
        check(visit is not None, "no page came", done, server)
        check_visit(case, visit, done)
        check(done.status == 0, "the peer was not content", done, server)


def as_client(peer, case):
    with peer.listen(case) as server:
        done, answer = peer.lab.connect(case, server.port, groups=",".join(groups_of(case)))
        check_connection(case, answer, f"{done}\n{server}")


# Resumption.

RESUMED = Case("server", suite="TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", group="secp256r1", old=True)


def check_resumed(reports, evidence):
    """The first connection is a full handshake, the last one goes on with its session."""
    first, last = reports[0]["connection"], reports[-1]["connection"]
    check(reports[-1]["ok"] and last["version"] == "TLS 1.2", "not in order", reports, evidence)
    check(not first["resumed"] and last["resumed"], "the session was not resumed", reports, evidence)


def resume_as_server(peer, keeping):
    with peer.lab.echo_server("--tls1.2", "--http", "--sessions", keeping, "--connections", 2) as server:
        done = peer.come_back(RESUMED, server.port, keeping)
        check_resumed(reports_of(server, 2), f"{done}\n{server}")


def resume_as_client(peer, keeping):
    with peer.listen_again(RESUMED, keeping) as server:
        done, reports = peer.lab.echo_visits(server.port, "--tls1.2", "--bytes", 1000, "--visits", 3)
        check(len(reports) == 3 and all(r["same"] for r in reports), "what came back is not what was sent", done, server)
        check_resumed(reports, f"{done}\n{server}")


def scenarios(peer):
    values = {"suite": peer.suites12, "group": tuple(g for g in CURVES if g in peer.groups), "key": peer.keys,
              "authentication": peer.authentication, "client_key": tuple(k for k in peer.client_keys if k not in ML_DSA), "alpn": peer.protocols,
              "old": (True,)}

    def possible(case):
        return fits(case) and peer.possible12(case)

    for role, run, speaks in (("server", as_server, peer.is_client), ("client", as_client, peer.is_server)):
        if not speaks or not peer.suites12:
            continue
        for case in matrix(role, values, possible):
            yield f"TLS 1.2, {case}", partial(run, peer, case)
    for keeping in peer.comes_back_with:
        yield f"TLS 1.2, Handfast server: resumption, {keeping}", partial(resume_as_server, peer, keeping)
    for keeping in peer.takes_back_by:
        yield f"TLS 1.2, Handfast client: resumption, {keeping}", partial(resume_as_client, peer, keeping)


__all__ = ["ECDHE", "SUITES", "Case", "groups_of", "is_ecdhe", "scenarios"]
