// A client and a server by Node's tls, driven by peers/node.py. Options come as JSON in the first argument.
'use strict';
const fs = require('fs');
const tls = require('tls');

const asked = JSON.parse(process.argv[2]);
const options = {
  minVersion: asked.old ? 'TLSv1.2' : 'TLSv1.3',
  maxVersion: asked.old ? 'TLSv1.2' : 'TLSv1.3',
  ecdhCurve: asked.groups.join(':'),
  ca: fs.readFileSync(asked.ca),
};
if (asked.suite) options.ciphers = asked.suite;
if (asked.cert) {
  options.cert = fs.readFileSync(asked.cert);
  options.key = fs.readFileSync(asked.key);
}
if (asked.alpn) options.ALPNProtocols = [asked.alpn];

function client(session) {
  const socket = tls.connect({...options, session, host: '127.0.0.1', port: asked.port, servername: 'localhost'});
  let kept;
  socket.on('session', (one) => { kept = one; });
  socket.on('close', () => {
    if (asked.again && !session) client(kept);
  });
  socket.on('secureConnect', () => {
    if (asked.path) {
      socket.write(`GET ${asked.path} HTTP/1.0\r\nHost: localhost\r\n\r\n`);
    } else {
      process.stdin.pipe(socket);
    }
  });
  socket.on('error', (error) => {
    console.error(error.code, error.message);
    process.exit(1);
  });
  socket.pipe(process.stdout);
}

function server() {
  if (asked.auth !== 'none') options.requestCert = true;
  options.rejectUnauthorized = asked.auth === 'required';
  const listener = tls.createServer(options, (socket) => {
    socket.on('error', (error) => console.log('connection failed:', error.code, error.message));
    if (asked.echo) {
      socket.pipe(socket);
      return;
    }
    socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello from Node\n'));
  });
  listener.on('tlsClientError', (error) => console.log('handshake failed:', error.code, error.message));
  listener.listen(0, '127.0.0.1', () => console.log('port', listener.address().port));
}

if (asked.role === 'client') client(); else server();
