"""Apache's httpd, as Debian builds it."""
import os
from pathlib import Path

from harness import peer
from harness.processes import Running, free_port
from harness.webserver import CIPHERS, KEYS, WebServer, find

CONFIGURATION = """
ServerRoot {folder}
ServerName localhost
PidFile {folder}/pid
ErrorLog /dev/stderr
DefaultRuntimeDir {folder}
Mutex file:{folder} default
{modules}
{user}
Listen 127.0.0.1:{port}
DocumentRoot {folder}/www
<Directory {folder}/www>
  Require all granted
</Directory>
DirectoryIndex index.txt
SSLEngine on
{certificates}
SSLProtocol -all +TLSv1.2 +TLSv1.3
SSLCipherSuite {ciphers}
SSLHonorCipherOrder off
SSLOpenSSLConfCmd DHParameters {dh}
SSLSessionCache shmcb:{folder}/cache(512000)
SSLSessionTickets {tickets}
{more}
"""
MODULES = ("mpm_event", "authz_core", "dir", "socache_shmcb", "ssl")


class Peer(WebServer):
    name = "apache"
    package = "apache2-bin"

    def version(self):
        self.program = find("apache2")
        self.modules = Path(self.program).resolve().parents[2] / "usr/lib/apache2/modules"
        if not self.modules.exists():
            self.modules = Path(self.program).resolve().parents[1] / "lib/apache2/modules"
        if not (self.modules / "mod_ssl.so").exists():
            raise peer.Missing("Apache's modules are not where Debian puts them")
        return peer.first_line([self.program, "-v"], r"Apache/\S+")

    def start(self, folder, tickets=False, client_auth=False):
        port = free_port()
        certificates = self.lab.certificates
        (folder / "www").mkdir(exist_ok=True)
        (folder / "www" / "index.txt").write_text("hello from Apache\n")
        pairs = "".join(f"SSLCertificateFile {certificates.chain(key)}\nSSLCertificateKeyFile {certificates.key(key)}\n"
                        for key in KEYS)
        loaded = "".join(f"LoadModule {name}_module {self.modules}/mod_{name}.so\n" for name in MODULES)
        more = f"SSLCACertificateFile {certificates.ca}\nSSLVerifyClient require\nSSLVerifyDepth 3\n"
        configuration = folder / "apache.conf"
        configuration.write_text(CONFIGURATION.format(
            folder=folder, port=port, modules=loaded, certificates=pairs, ciphers=CIPHERS, dh=self.dh_parameters(),
            user="User www-data\nGroup www-data" if os.geteuid() == 0 else "", tickets="on" if tickets else "off",
            more=more if client_auth else ""))
        for path in (folder, folder / "www"):
            path.chmod(0o755)
        return Running([self.program, "-X", "-f", configuration]).port_open(port)
