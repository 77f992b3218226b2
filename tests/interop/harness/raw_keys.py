"""Raw public keys (RFC 7250), in both roles, one side's or both's."""
from functools import partial

from .case import Case
from .lab import Failed, check, visit_of
from .processes import run


def public_key(lab, name):
    path = lab.file(f"{name}.public.pem")
    done = run(["openssl", "pkey", "-in", lab.certificates.key(name), "-pubout", "-out", path])
    check(done.status == 0, "no public key", done)
    return path


def step_says(seen, step, what, *evidence):
    """In the JSON of `handfast connect` or `serve`: that step says it."""
    said = [line if isinstance(line, str) else line["text"]
            for one in seen["handshake"]["steps"] if one["id"] == step for line in one["say"]]
    check(any(what in line for line in said), f"{step} does not say '{what}'", said, *evidence)


def as_server(peer, mutual):
    lab, case = peer.lab, Case("server")
    words = ["--client-auth", "required", "--client-raw-key", public_key(lab, "p384")] if mutual else []
    with lab.serve_raw(case, words) as server:
        done = peer.visit_raw(case, server.port, "p384" if mutual else None)
        visit = visit_of(done.text)
        check(visit is not None, "no page came", done, server)
        step_says(visit, "certificate", "raw public key: ", done)
        if mutual:
            step_says(visit, "client_auth", "raw public key: ", done)


def as_client(peer, mutual):
    lab, case = peer.lab, Case("client")
    words = ["--raw-key", public_key(lab, case.key)]
    words += ["--key", lab.certificates.key("p384")] if mutual else []
    with peer.listen_raw(case, mutual) as server:
        done, answer = lab.connect(case, server.port, words=words, ca=False)
        check(answer["exit_code"] == 0, "no handshake", done, server)
        step_says(answer, "certificate", "raw public key: ", done)
        if mutual:
            step_says(answer, "client_auth", "raw public key: ", done)


def other_key(peer):
    lab, case = peer.lab, Case("client")
    with peer.listen_raw(case, False) as server:
        done, answer = lab.connect(case, server.port, words=["--raw-key", public_key(lab, "p521")], ca=False)
        check(answer["error"] and answer["error"]["code"] == "raw_public_key_unknown", "believed", done, server)


def no_raw_key(peer):
    """A peer that knows nothing of it, or does not want it, shows a certificate: refused unseen."""
    lab, case = peer.lab, Case("client")
    with peer.listen(case) as server:
        done, answer = lab.connect(case, server.port, words=["--raw-key", public_key(lab, case.key)], ca=False)
        if not answer["error"] or answer["error"]["code"] not in ("no_common_certificate_type", "alert_received"):
            raise Failed(f"believed\n{done}\n{server}")


def scenarios(peer):
    if peer.is_server:
        yield "Handfast client: certificate where a raw key is asked for", partial(no_raw_key, peer)
    if not peer.raw_keys:
        return
    yield "Handfast client: another raw key", partial(other_key, peer)
    for mutual in (False, True):
        who = "mutual raw keys" if mutual else "raw key"
        yield f"Handfast server: {who}", partial(as_server, peer, mutual)
        yield f"Handfast client: {who}", partial(as_client, peer, mutual)
