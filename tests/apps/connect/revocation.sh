#!/bin/sh
# Revocation with data of another maker: CRLs by `openssl ca`, OCSP responses by `openssl ocsp`, stapled by
# `openssl s_server` and by `handfast serve`. revocation.sh HANDFAST
set -u
handfast=$1
if ! command -v openssl >/dev/null; then
  echo "openssl is not there: skipped"
  exit 77
fi
folder=$(mktemp -d)
server=
stop_server() {
  [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null
  server=
}
trap 'stop_server; rm -rf "$folder"' EXIT
cd "$folder" || exit 1
failed=0

# --- a CA with three certificates: one good, one revoked, one that demands a staple ---
cat >ca.cnf <<'END'
[ca]
default_ca = this
[this]
dir = .
database = index.txt
new_certs_dir = .
serial = serial
crlnumber = crlnumber
default_md = sha256
default_days = 30
default_crl_days = 7
policy = any
copy_extensions = copy
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
authorityKeyIdentifier = keyid
extendedKeyUsage = serverAuth
keyUsage = critical,digitalSignature
subjectAltName = DNS:localhost
[staple]
authorityKeyIdentifier = keyid
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost
tlsfeature = status_request
[responder]
authorityKeyIdentifier = keyid
extendedKeyUsage = OCSPSigning
END
new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
issue() {
  new_key "$1"
  openssl req -new -config ca.cnf -key "$1.key" -subj "/CN=$1" -out "$1.csr"
  openssl ca -batch -notext -config ca.cnf -cert root.pem -keyfile root.key -extensions "$2" -in "$1.csr" \
    -out "$1.pem"
}
# The responder's answer about certificate $1, signed by $2, holding for $3 days, in $1.$4.
answer() {
  openssl ocsp -sha256 -issuer root.pem -cert "$1.pem" -reqout request -no_nonce
  openssl ocsp -index index.txt -CA root.pem -rsigner "$2.pem" -rkey "$2.key" -reqin request -ndays "$3" \
    -respout "$1.$4"
}
{
  touch index.txt
  echo 1000 >serial
  echo 1000 >crlnumber
  new_key root
  openssl req -x509 -new -config ca.cnf -extensions root -key root.key -subj "/CN=Test root" -days 60 -out root.pem
  issue good leaf
  issue bad leaf
  issue demanding staple
  issue responder responder
  openssl ca -config ca.cnf -cert root.pem -keyfile root.key -gencrl -out before.crl
  answer bad root 7 before
  openssl ca -config ca.cnf -cert root.pem -keyfile root.key -revoke bad.pem -crl_reason keyCompromise
  openssl ca -config ca.cnf -cert root.pem -keyfile root.key -gencrl -out after.crl
  openssl crl -in after.crl -outform DER -out after.der
  openssl ca -config ca.cnf -cert root.pem -keyfile root.key -gencrl -crl_lastupdate 20200101000000Z \
    -crl_nextupdate 20200201000000Z -out old.crl
  answer good root 7 by-root
  answer good responder 7 by-responder
  answer good demanding 7 by-nobody
  answer bad root 7 after
  answer demanding root 7 by-root
} >log 2>&1 || { cat log; exit 1; }

# --- servers ---
wait_for() {
  tries=0
  until grep -q "$1" out 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -gt 100 ] && { echo "FAILED: no server"; cat out; exit 1; }
    sleep 0.1
  done
}
# Certificate $1; $2: the staple's file, or nothing.
serve_openssl() {
  stop_server
  rm -f out
  openssl s_server -accept 127.0.0.1:0 -cert "$1.pem" -key "$1.key" ${2:+-status_file "$2"} -www >out 2>&1 &
  server=$!
  wait_for '^ACCEPT 127'
  port=$(sed -n 's/^ACCEPT 127.0.0.1:\([0-9]*\)$/\1/p' out | head -n 1)
}
serve_handfast() {
  stop_server
  rm -f out
  "$handfast" serve --ascii --listen 127.0.0.1:0 --cert "$1.pem" --key "$1.key" ${2:+--ocsp "$2"} >out 2>&1 &
  server=$!
  wait_for 'https://localhost:[1-9]'
  port=$(sed -n 's/.*https:\/\/localhost:\([0-9]*\).*/\1/p' out | head -n 1)
}
# expect STATUS TEXT OPTIONS…
expect() {
  status=$1 text=$2
  shift 2
  output=$("$handfast" connect --ascii --ca root.pem "$@" "localhost:$port" 2>&1 </dev/null)
  got=$?
  if [ "$got" = "$status" ] && printf '%s' "$output" | grep -qF -- "$text"; then
    passed=$((passed + 1))
    return
  fi
  echo "FAILED: connect $*: exit $got, wanted $status and '$text' in:"
  echo "$output"
  failed=1
}
passed=0

serve_openssl good
expect 0 "trusted" --crl after.crl
expect 0 "trusted" --crl after.der --crl-required
expect 0 "trusted" --crl old.crl
expect 20 "C-23" --crl old.crl --crl-required
expect 1 "--crl root.pem" --crl root.pem
expect 1 "No such file" --crl nowhere.crl
serve_openssl bad
expect 0 "trusted" --crl before.crl
expect 20 "C-22" --crl after.crl
expect 20 "keyCompromise" --crl after.der

for serve in serve_openssl serve_handfast; do
  $serve good good.by-root
  expect 0 "OCSP staple: good"
  expect 0 '"verdict": "good"' --json
  $serve good good.by-responder
  expect 0 "OCSP staple: good"
  $serve good good.by-nobody
  expect 20 "C-25"
  expect 20 '"verdict": "refused"' --json
  $serve good bad.before
  expect 20 "another certificate"
  $serve bad bad.before
  expect 0 "OCSP staple: good"
  expect 20 "C-22" --crl after.crl
  $serve bad bad.after
  expect 20 "C-22"
  expect 20 '"status": "revoked"' --json
  expect 0 "NOT CHECKED (--insecure)" --insecure
  $serve demanding
  expect 20 "C-24"
  $serve demanding demanding.by-root
  expect 0 "OCSP staple: good"
done
# The other way round: openssl reads what handfast staples.
serve_handfast good good.by-root
if openssl s_client -connect "localhost:$port" -CAfile root.pem -status </dev/null 2>&1 |
  grep -q "OCSP Response Status: successful"; then
  passed=$((passed + 1))
else
  echo "FAILED: openssl s_client saw no staple"
  failed=1
fi
[ "$failed" = 0 ] && echo "revocation passed: $passed checks"
exit "$failed"
