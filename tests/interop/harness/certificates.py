"""Makes the certificates of a run with openssl(1): two authorities (ECDSA and RSA), a chain of three for each kind
of key, and those that must be refused. All keys are thrown away with the folder."""
import shutil
import subprocess
from pathlib import Path

KEY_OPTIONS = {
    "p256": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "p384": ["EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    "p521": ["EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
    "rsa": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "rsapss": ["RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
    "ed25519": ["ED25519"],
    "mldsa65": ["ML-DSA-65"],
}
CONFIG = """
[ca]
default_ca = authority
[authority]
database = {folder}/index
rand_serial = yes
new_certs_dir = {folder}
unique_subject = no
default_md = sha256
policy = anything
x509_extensions = leaf
[anything]
commonName = supplied
[req]
distinguished_name = name
prompt = no
[name]
CN = unused
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature{more_usage}
extendedKeyUsage = serverAuth, clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:{name}, IP:127.0.0.1
"""
LIFE = ("20260101000000Z", "20491231000000Z")
EXPIRED = ("20200101000000Z", "20210101000000Z")
NOT_YET = ("20480101000000Z", "20491231000000Z")


def openssl(*words):
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {' '.join(map(str, words))}\n{done.stderr.decode()}")


def has_ml_dsa():
    """Whether openssl(1) can make such keys: from OpenSSL 3.5 on."""
    listed = subprocess.run(["openssl", "list", "-public-key-algorithms"], capture_output=True, timeout=60)
    return b"ML-DSA-65" in listed.stdout


class Certificates:
    """Files: <name>.pem (leaf and intermediate), <name>.key, <name>.p12; ca.pem (both roots), other.pem."""

    def __init__(self, folder, renew=False):
        self.folder = Path(folder)
        self.ca = self.folder / "ca.pem"
        self.other_ca = self.folder / "other-root.pem"
        if renew or not (self.folder / "complete").exists():
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            self._make()

    def _make(self):
        for authority in ("ec", "rsa", "other"):
            self._authority(authority, "rsa" if authority == "rsa" else "p256")
        self.ca.write_text("".join((self.folder / f"{a}-root.pem").read_text() for a in ("ec", "rsa")))
        kinds = [kind for kind in KEY_OPTIONS if kind != "mldsa65" or has_ml_dsa()]
        for kind in kinds:
            self._leaf(kind, kind, "rsa" if kind.startswith("rsa") else "ec")
        self._leaf("expired", "p256", "ec", life=EXPIRED)
        self._leaf("future", "p256", "ec", life=NOT_YET)
        self._leaf("elsewhere", "p256", "ec", host="elsewhere.test")
        self._leaf("stranger", "p256", "other")
        for name in (*kinds, "expired", "future", "elsewhere", "stranger"):
            self._derive(name)
        (self.folder / "complete").touch()

    def chain(self, name):
        return self.folder / f"{name}.pem"

    def key(self, name):
        return self.folder / f"{name}.key"

    def intermediates(self, name):
        """The chain without the leaf."""
        return self.folder / f"{name}-rest.pem"

    def bundle(self, name):
        """PKCS #12, password "password"."""
        return self.folder / f"{name}.p12"

    def combined(self, name):
        """Chain and key in one file."""
        return self.folder / f"{name}-both.pem"

    def _derive(self, name):
        self.combined(name).write_text(self.chain(name).read_text() + self.key(name).read_text())
        openssl("pkcs12", "-export", "-in", self.chain(name), "-inkey", self.key(name), "-name", name,
                "-passout", "pass:password", "-out", self.bundle(name))

    def _new_key(self, name, kind):
        openssl("genpkey", "-algorithm", *KEY_OPTIONS[kind], "-out", self.key(name))

    def _config(self, name, more_usage=""):
        (self.folder / "index").touch()
        path = self.folder / "openssl.cnf"
        path.write_text(CONFIG.format(folder=self.folder, name=name, more_usage=more_usage))
        return path

    def _sign(self, name, subject, issuer, extensions, config, life):
        request, out = self.folder / f"{name}.csr", self.folder / f"{name}.crt"
        openssl("req", "-new", "-config", config, "-key", self.key(name), "-subj", f"/CN={subject}", "-out", request)
        by = ["-selfsign", "-keyfile", self.key(name)] if issuer == name else [
            "-cert", self.folder / f"{issuer}.crt", "-keyfile", self.key(issuer)]
        openssl("ca", "-batch", "-notext", "-config", config, "-extensions", extensions, *by, "-startdate", life[0],
                "-enddate", life[1], "-in", request, "-out", out)
        return out.read_text()

    def _authority(self, name, kind):
        config = self._config("unused")
        self._new_key(f"{name}-root", kind)
        root = self._sign(f"{name}-root", f"Interop Root {name}", f"{name}-root", "root", config, LIFE)
        (self.folder / f"{name}-root.pem").write_text(root)
        self._new_key(f"{name}-sub", kind)
        self._sign(f"{name}-sub", f"Interop Intermediate {name}", f"{name}-root", "intermediate", config, LIFE)

    def _leaf(self, name, kind, authority, life=LIFE, host="localhost"):
        # Some want it of an RSA key although TLS 1.3 has no use for it.
        config = self._config(host, more_usage=", keyEncipherment" if kind == "rsa" else "")
        self._new_key(name, kind)
        leaf = self._sign(name, name, f"{authority}-sub", "leaf", config, life)
        rest = (self.folder / f"{authority}-sub.crt").read_text()
        self.intermediates(name).write_text(rest)
        self.chain(name).write_text(leaf + rest)
