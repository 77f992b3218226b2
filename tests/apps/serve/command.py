#!/usr/bin/env python3
"""`handfast serve` and `handfast demo` as a person starts them: several certificates by name, client certificates, the
demonstration in a terminal. Each visitor is `handfast connect`, told by its JSON.

usage: command.py HANDFAST
"""
import contextlib
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HANDFAST = str(Path(sys.argv[1]).resolve())
PATIENCE = 20  # seconds for anything that takes milliseconds


def certificate(folder, name, extensions):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem",
         *[word for extension in extensions for word in ("-addext", extension)]],
        check=True, capture_output=True)


def read_until(descriptor, pattern):
    """What was said until `pattern` came."""
    said, end = "", time.monotonic() + PATIENCE
    while not re.search(pattern, said):
        ready, _, _ = select.select([descriptor], [], [], max(0, end - time.monotonic()))
        data = b""
        with contextlib.suppress(OSError):  # a terminal whose other end is gone
            data = os.read(descriptor, 65536) if ready else b""
        if not data:
            raise AssertionError(f"no '{pattern}' in: {said}")
        said += data.decode()
    return said


@contextlib.contextmanager
def serving(*options):
    server = subprocess.Popen([HANDFAST, "serve", "--listen", "127.0.0.1:0", "--ascii", *map(str, options)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        yield re.search(r"https://[^/\s]*:(\d+)", read_until(server.stdout.fileno(), r"https://\S+:\d+/")).group(1)
        server.send_signal(signal.SIGINT)
        assert server.wait(PATIENCE) == 0, "Ctrl-C is the ordinary end"
    finally:
        server.kill()
        server.wait()


def connect(port, *options):
    done = subprocess.run([HANDFAST, "connect", "--json", *map(str, options), f"127.0.0.1:{port}"], check=False,
                          capture_output=True, text=True, timeout=PATIENCE)
    return done.returncode, json.loads(done.stdout)


def subjects(report):
    return [certificate["subject"] for certificate in report["certificates"].values()]


def expect(got, wanted, what):
    if got != wanted:
        raise AssertionError(f"{what}: {got}, not {wanted}")


def certificates_by_name(folder):
    for name in ("a.test", "b.test"):
        certificate(folder, name, [f"subjectAltName=DNS:{name}"])
    pairs = [word for name in ("a.test", "b.test")
             for word in ("--cert", folder / f"{name}.pem", "--key", folder / f"{name}.key")]
    with serving(*pairs) as port:
        for name in ("a.test", "b.test"):
            code, report = connect(port, "--sni", name, "--ca", folder / f"{name}.pem")
            expect(code, 0, f"asking for {name}")
            expect(subjects(report), [f"CN={name}"], "the certificates shown")
        code, report = connect(port, "--sni", "c.test", "--ca", folder / "a.test.pem")
        expect((code, subjects(report)), (21, ["CN=a.test"]), "an unknown name gets the first")


def client_certificates(folder):
    certificate(folder, "server.test", ["subjectAltName=DNS:server.test"])
    certificate(folder, "visitor", ["extendedKeyUsage=clientAuth", "keyUsage=critical,digitalSignature,keyCertSign"])
    certificate(folder, "stranger", ["extendedKeyUsage=clientAuth"])
    (folder / "other").mkdir()
    certificate(folder / "other", "visitor", ["extendedKeyUsage=clientAuth"])
    own = ("--cert", folder / "server.test.pem", "--key", folder / "server.test.key",
           "--client-ca", folder / "visitor.pem")
    asking = ("--sni", "server.test", "--ca", folder / "server.test.pem", "--send", "GET / HTTP/1.0\\r\\n\\r\\n")

    def visit(port, who):
        shown = () if who is None else ("--cert", folder / f"{who}.pem", "--key", folder / f"{who}.key")
        return connect(port, *asking, *shown)[0]

    with serving(*own, "--client-auth", "required") as port:
        expect(visit(port, "visitor"), 0, "required, a known certificate")
        expect(visit(port, None), 31, "required, none")
        expect(visit(port, "stranger"), 31, "required, one of no authority that the server names")
        expect(visit(port, "other/visitor"), 31, "required, one with an authority's name and another key")
    with serving(*own, "--client-auth", "optional") as port:
        expect(visit(port, "visitor"), 0, "optional, a known certificate")
        expect(visit(port, None), 0, "optional, none")
        expect(visit(port, "stranger"), 0, "optional, one that the client keeps to itself")
        expect(visit(port, "other/visitor"), 31, "optional, one with an authority's name and another key")


def run_openssl(folder, *words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, cwd=folder)


def revoked_client_certificates(folder):
    certificate(folder, "server.test", ["subjectAltName=DNS:server.test"])
    certificate(folder, "authority", ["keyUsage=critical,keyCertSign,cRLSign"])
    (folder / "client.ext").write_text("extendedKeyUsage=clientAuth\nauthorityKeyIdentifier=keyid\n")
    for serial, name in ((17, "good"), (18, "revoked")):
        run_openssl(folder, "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                    f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        run_openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "authority.pem", "-CAkey", "authority.key",
                    "-days", "2", "-set_serial", serial, "-extfile", "client.ext", "-out", f"{name}.pem")
    (folder / "index.txt").write_text("R\t491231235959Z\t250101000000Z\t12\tunknown\t/CN=revoked\n")
    (folder / "ca.cnf").write_text("[ca]\ndefault_ca=this\n[this]\ndatabase=index.txt\ndefault_md=sha256\n")
    run_openssl(folder, "ca", "-config", "ca.cnf", "-gencrl", "-crldays", "2", "-cert", "authority.pem", "-keyfile",
                "authority.key", "-out", "list.pem")
    run_openssl(folder, "crl", "-in", "list.pem", "-outform", "DER", "-out", "list.der")
    (folder / "cut.der").write_bytes((folder / "list.der").read_bytes()[:100])
    own = ("--cert", folder / "server.test.pem", "--key", folder / "server.test.key", "--client-ca",
           folder / "authority.pem", "--client-auth", "required")
    asking = ("--sni", "server.test", "--ca", folder / "server.test.pem", "--send", "GET / HTTP/1.0\\r\\n\\r\\n")

    def visit(port, who):
        code, report = connect(port, *asking, "--cert", folder / f"{who}.pem", "--key", folder / f"{who}.key")
        alert = (report["error"] or {}).get("detail", "") + json.dumps(report["error"])
        return code, "certificate_revoked" in alert

    with serving(*own) as port:
        expect(visit(port, "revoked"), (0, False), "no list")
    for kind in ("list.pem", "list.der"):
        with serving(*own, "--client-crl", folder / kind) as port:
            expect(visit(port, "good"), (0, False), f"{kind}, a certificate that is not in it")
            expect(visit(port, "revoked"), (31, True), f"{kind}, a certificate that is in it")
    refused(("--client-crl", folder / "list.pem"), "need --client-auth")
    refused((*own, "--client-crl", folder / "cut.der"), "--client-crl")
    refused((*own, "--client-crl", folder / "nowhere.crl"), "No such file")


def refused(options, why):
    done = subprocess.run([HANDFAST, "serve", "--listen", "127.0.0.1:0", *map(str, options)], check=False,
                          capture_output=True, text=True, timeout=PATIENCE)
    if done.returncode != 1 or why not in done.stderr:
        raise AssertionError(f"{options}: {done.returncode}, no '{why}' in: {done.stderr}")


def keys_under_a_passphrase(folder):
    for name in ("a.test", "b.test"):
        certificate(folder, name, [f"subjectAltName=DNS:{name}", "extendedKeyUsage=serverAuth,clientAuth"])
        run_openssl(folder, "pkcs8", "-topk8", "-in", f"{name}.key", "-out", f"{name}.locked", "-passout",
                    f"pass:open {name}")
        (folder / f"{name}.pass").write_text(f"open {name}\nnot the first line\n")
    (folder / "empty").touch()
    pair = {name: ("--cert", folder / f"{name}.pem", "--key", folder / f"{name}.locked") for name in ("a.test", "b.test")}
    word = {name: ("--passphrase-file", folder / f"{name}.pass") for name in pair}
    with serving(*pair["a.test"], *pair["b.test"], *word["a.test"], *word["b.test"]) as port:
        for name in pair:
            expect(connect(port, "--sni", name, "--ca", folder / f"{name}.pem")[0], 0, f"the key of {name}")
    refused(pair["a.test"], "no passphrase was given")
    refused((*pair["a.test"], *word["b.test"]), "the passphrase does not open the private key")
    refused((*pair["a.test"], "--passphrase-file", folder / "empty"), "it is empty; its first line is the passphrase")
    refused((*pair["a.test"], "--passphrase-file", folder / "nowhere"), "No such file")
    refused((*pair["a.test"], *word["a.test"], *word["b.test"]), "one for each --key")
    refused(word["a.test"], "needs --cert")
    # The other side of it.
    own = ("--cert", folder / "a.test.pem", "--key", folder / "a.test.key", "--client-auth", "required", "--client-ca",
           folder / "b.test.pem")
    with serving(*own) as port:
        asking = ("--sni", "a.test", "--ca", folder / "a.test.pem", *pair["b.test"])
        expect(connect(port, *asking, *word["b.test"])[0], 0, "a client's key")
        for options, why in (((), "no passphrase was given"),
                             (word["a.test"], "the passphrase does not open the private key"),
                             (("--passphrase-file", folder / "empty"), "it is empty")):
            code, report = connect(port, *asking, *options)
            said = json.dumps(report["error"]) + json.dumps(report["findings"])
            if code != 1 or why not in said:
                raise AssertionError(f"{options}: {code}, no '{why}' in: {said}")


def what_is_left_out(folder):
    certificate(folder, "server.test", ["subjectAltName=DNS:server.test"])
    broken = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n"
    (folder / "bundle.pem").write_text(broken + (folder / "server.test.pem").read_text())
    server = subprocess.Popen([HANDFAST, "serve", "--listen", "127.0.0.1:0", "--client-auth", "optional", "--client-ca",
                               folder / "bundle.pem"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        read_until(server.stderr.fileno(), r"note: left out: .*bundle.pem: certificate 1 of the file, at byte 0: ")
    finally:
        server.kill()
        server.wait()


def demonstration_in_a_terminal(_):
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(HANDFAST, [HANDFAST, "demo", "--ascii"])
    try:
        said = read_until(terminal, "Enter or Ctrl-C ends")
        port = re.findall(r"https://[^/\s]*:(\d+)/", said)[-1]
        expect(connect(port, "--insecure")[0], 0, "a visitor while the demonstration waits")
        read_until(terminal, "TLS 1.3")  # the line about the visitor
        os.write(terminal, b"\n")
        end = time.monotonic() + PATIENCE
        done = (0, 0)
        while done[0] == 0 and time.monotonic() < end:
            done = os.waitpid(child, os.WNOHANG)
            time.sleep(0.02)
        expect(done, (child, 0), "Enter ends it")
        child = 0
    finally:
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def main():
    if shutil.which("openssl") is None:
        print("skipped: openssl is not installed")
        sys.exit(77)
    for scenario in (certificates_by_name, client_certificates, revoked_client_certificates, keys_under_a_passphrase,
                     what_is_left_out, demonstration_in_a_terminal):
        with tempfile.TemporaryDirectory() as folder:
            scenario(Path(folder))
        print(f"{scenario.__name__}: passed")


main()
