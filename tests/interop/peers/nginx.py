"""nginx."""
from harness import peer
from harness.processes import Running, free_port
from harness.webserver import CIPHERS, KEYS, WebServer, find

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr info;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl http2;
    server_name localhost;
{certificates}
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers {ciphers};
    ssl_prefer_server_ciphers off;
    ssl_dhparam {dh};
    ssl_session_timeout 1d;
    ssl_session_cache shared:MozSSL:1m;
    ssl_session_tickets {tickets};
{more}
    location / {{ return 200 "hello from nginx\\n"; }}
  }}
}}
"""


class Peer(WebServer):
    name = "nginx"
    package = "nginx"

    def version(self):
        self.program = find("nginx")
        return peer.first_line([self.program, "-v"], r"nginx/\S+")

    def start(self, folder, tickets=False, client_auth=False):
        port = free_port()
        certificates = self.lab.certificates
        pairs = "".join(f"    ssl_certificate {certificates.chain(key)};\n    ssl_certificate_key {certificates.key(key)};\n"
                        for key in KEYS)
        more = f"    ssl_client_certificate {certificates.ca};\n    ssl_verify_client on;\n    ssl_verify_depth 3;\n"
        configuration = folder / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(
            folder=folder, port=port, certificates=pairs, ciphers=CIPHERS, dh=self.dh_parameters(),
            tickets="on" if tickets else "off", more=more if client_auth else ""))
        return Running([self.program, "-e", "stderr", "-p", folder, "-c", configuration]).port_open(port)
