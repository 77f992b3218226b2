"""What one handshake of the matrix is made of, and which combinations are run.

All pairs of values of two dimensions occur in at least one case; their full product does not run.
"""
import itertools
from dataclasses import dataclass, fields, replace

SUITES = ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")
CURVES = ("x25519", "secp256r1", "secp384r1", "secp521r1")
HYBRIDS = ("X25519MLKEM768", "SecP256r1MLKEM768", "SecP384r1MLKEM1024")
KEYS = ("p256", "p384", "p521", "rsa", "rsapss", "ed25519")
ML_DSA = ("mldsa65",)  # where both sides have it, and TLS 1.3 only
# none: not asked for. absent: asked for, none shown. optional, required: asked for and shown.
AUTHENTICATION = ("none", "absent", "optional", "required")
# What a server whose key is of this kind signs with.
SCHEMES = {
    "p256": "ecdsa_secp256r1_sha256", "p384": "ecdsa_secp384r1_sha384", "p521": "ecdsa_secp521r1_sha512",
    "rsa": "rsa_pss_rsae_", "rsapss": "rsa_pss_pss_", "ed25519": "ed25519",
    "mldsa65": "mldsa65",
}


@dataclass(frozen=True)
class Case:
    role: str  # what Handfast is: "server" or "client"
    suite: str = SUITES[0]
    group: str = "x25519"
    key: str = "p256"
    retry: bool = False  # the client's first key share is of another group: HelloRetryRequest
    authentication: str = "none"
    client_key: str = "p256"
    alpn: str = ""
    trust: str = "ca"  # whom the client trusts: "ca" or "other-root"
    old: bool = False  # the peer speaks TLS 1.2 only

    @property
    def shows_certificate(self):
        return self.authentication in ("optional", "required")

    def __str__(self):
        words = [self.suite.removeprefix("TLS_").rsplit("_SHA", 1)[0], self.group, self.key]
        if self.retry:
            words.append("retry")
        if self.authentication != "none":
            words.append("client " + self.authentication + (" " + self.client_key if self.shows_certificate else ""))
        if self.alpn:
            words.append("alpn " + self.alpn)
        return f"Handfast {self.role}: " + ", ".join(words)


def matrix(role, values, possible):
    """Cases that cover all pairs of `values` (a dict of field: tuple) that `possible` allows, in a stable order."""
    names = [f.name for f in fields(Case) if f.name in values]
    candidates = [case for case in (Case(role=role, **dict(zip(names, row)))
                                    for row in itertools.product(*(values[n] for n in names)))
                  if possible(case) and (case.shows_certificate or case.client_key == values["client_key"][0])]

    def pairs(case):
        have = [(n, getattr(case, n)) for n in names]
        return frozenset(itertools.combinations(have, 2))

    wanted = {case: pairs(case) for case in candidates}
    left = set().union(*wanted.values()) if wanted else set()
    chosen = []
    while left:
        best = max(candidates, key=lambda case: len(wanted[case] & left))
        chosen.append(best)
        left -= wanted[best]
    return chosen


__all__ = ["AUTHENTICATION", "CURVES", "HYBRIDS", "KEYS", "ML_DSA", "SCHEMES", "SUITES", "Case", "matrix", "replace"]
