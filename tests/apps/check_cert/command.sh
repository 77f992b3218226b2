#!/bin/sh
# handfast check-cert on files that the openssl command made: verdicts, ids, exit codes, and a sentence for each kind
# of bad file. command.sh HANDFAST OPENSSL
set -u
handfast=$1
openssl=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
failed=0
LC_ALL=C.UTF-8
export LC_ALL

# expect STATUS TEXT ARGUMENTS…
expect() {
  status=$1 text=$2
  shift 2
  output=$("$handfast" check-cert "$@" 2>&1 </dev/null)
  got=$?
  flat=$(printf '%s' "$output" | tr -s ' \n' ' ')
  if [ "$got" != "$status" ]; then
    echo "FAILED: check-cert $*: exit $got, not $status"
    echo "$output"
    failed=1
  elif ! printf '%s' "$flat" | grep -qF -- "$text"; then
    echo "FAILED: check-cert $*: no '$text' in:"
    echo "$output"
    failed=1
  fi
}

quiet() { "$@" >log 2>&1 || { echo "FAILED: $*"; cat log; exit 1; }; }

key() { quiet "$openssl" ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
# issue NAME SUBJECT ISSUER DAYS: with the extensions of NAME.ext
issue() {
  key "$1"
  quiet "$openssl" req -new -key "$1.key" -subj "$2" -out "$1.csr"
  quiet "$openssl" x509 -req -in "$1.csr" -CA "$3.pem" -CAkey "$3.key" -days "$4" -extfile "$1.ext" \
    -set_serial "0x$("$openssl" rand -hex 8 | sed 's/^./1/')" -out "$1.pem"
}
ids="subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid"

key root
quiet "$openssl" req -x509 -new -key root.key -subj "/O=Test/CN=Test Root" -days 3650 -out root.pem \
  -addext keyUsage=critical,keyCertSign,cRLSign
printf '%s\nbasicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n' "$ids" >middle.ext
issue middle "/O=Test/CN=Test Intermediate" root 100
server="$ids
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth"
printf '%s\nsubjectAltName=DNS:www.example.org,DNS:example.org\nauthorityInfoAccess=caIssuers;URI:http://ca.test/i.der\n' \
  "$server" >leaf.ext
issue leaf "/CN=www.example.org" middle 90
cat leaf.pem middle.pem >chain.pem

expect 0 "✔ Trusted as a server's certificate for www.example.org" chain.pem --ca root.pem --name www.example.org
expect 0 "0 errors" chain.pem root.pem --ca root.pem --name www.example.org
expect 0 "a root need not be sent" chain.pem root.pem --ca root.pem
expect 10 "a root need not be sent" chain.pem root.pem --ca root.pem --fail-on advice
expect 21 "[H-01]" chain.pem --ca root.pem --name mail.example.org
expect 21 "[H-07]" chain.pem --ca root.pem --name 192.0.2.1
expect 20 "http://ca.test/i.der" leaf.pem --ca root.pem
expect 20 "C-01 certificate 1" leaf.pem --ca root.pem
expect 22 "[C-07]" chain.pem --ca root.pem --at "$(date -u -d '+95 days' +%Y-%m-%d)"
expect 22 "C-08 certificate 2" chain.pem --ca root.pem --at "$(date -u -d '+105 days' +%Y-%m-%d)"
expect 22 "[C-09]" chain.pem --ca root.pem --at 2020-01-01
expect 0 "ends soon" chain.pem --ca root.pem --at "$(date -u -d '+85 days' +%Y-%m-%d)"
expect 10 "ends soon" chain.pem --ca root.pem --at "$(date -u -d '+85 days' +%Y-%m-%d)" --fail-on warning
expect 20 "extendedKeyUsage = clientAuth" chain.pem --ca root.pem --client
expect 0 "C-27" chain.pem --ca root.pem --profile webpki

# An intermediate that ended before the leaf: C-08, not C-07.
printf '%s\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n' "$ids" >short.ext
issue short "/CN=Short CA" root 5
cp leaf.ext late.ext
issue late "/CN=www.example.org" short 90
expect 22 "[C-08]" late.pem short.pem --ca root.pem --at "$(date -u -d '+10 days' +%Y-%m-%d)"

# Names in the common name only: H-08.
printf '%s\n' "$server" >bare.ext
issue bare "/CN=www.example.org" middle 90
expect 21 "[H-08]" bare.pem middle.pem --ca root.pem --name www.example.org

# Signed by itself, while the trust store has another one of its name: C-03 all the same.
for name in own other; do
  key $name
  quiet "$openssl" req -x509 -new -key $name.key -subj "/CN=localhost" -days 30 -out $name.pem
done
expect 20 "[C-04]" chain.pem root.pem --ca other.pem
mkdir store && cp other.pem store/
expect 20 "[C-03]" own.pem --ca other.pem
output=$(SSL_CERT_FILE='' SSL_CERT_DIR=store "$handfast" check-cert own.pem 2>&1)
printf '%s' "$output" | grep -qF '[C-03]' || { echo "FAILED: SSL_CERT_DIR: $output"; failed=1; }
mkdir broken && cp root.pem broken/ && head -c 300 root.pem >broken/cut.pem
output=$(SSL_CERT_FILE='' SSL_CERT_DIR=broken "$handfast" check-cert chain.pem 2>&1) ||
  { echo "FAILED: a broken file in SSL_CERT_DIR: $output"; failed=1; }
printf '%s' "$output" | tr -s ' \n' ' ' | grep -qF 'left out: broken//cut.pem' || printf '%s' "$output" |
  tr -s ' \n' ' ' | grep -qF 'left out: broken/cut.pem' || { echo "FAILED: not reported: $output"; failed=1; }

# Keys.
expect 0 "the private key belongs to the first certificate" chain.pem --ca root.pem --key leaf.key
quiet "$openssl" pkcs8 -topk8 -in leaf.key -out locked.key -passout pass:secret
printf 'secret\n' >pass && printf 'wrong\n' >wrong
expect 1 "no passphrase was given" chain.pem --ca root.pem --key locked.key
expect 1 "the passphrase does not open" chain.pem --ca root.pem --key locked.key --passphrase-file wrong
expect 0 "the private key belongs" chain.pem --ca root.pem --key locked.key --passphrase-file pass
expect 10 "S-01" chain.pem --ca root.pem --key middle.key
printf 'secret\r\nnot the first line\n' >lines && : >nothing
expect 0 "the private key belongs" chain.pem --ca root.pem --key locked.key --passphrase-file lines
expect 1 "nothing: it is empty; its first line is the passphrase" chain.pem --ca root.pem --key locked.key \
  --passphrase-file nothing
expect 1 "nowhere: No such file" chain.pem --ca root.pem --key locked.key --passphrase-file nowhere
expect 1 "leaf.pem: it holds a certificate and no private key" chain.pem --ca root.pem --key leaf.pem

# Bad files.
: >empty.pem
printf 'hello' >text.pem
head -c 300 leaf.pem >cut.pem
quiet "$openssl" x509 -in leaf.pem -outform DER -out leaf.der
head -c 200 leaf.der >cut.der
expect 1 "empty.pem: it is empty" empty.pem --ca root.pem
expect 1 "text.pem: no certificate in it" text.pem --ca root.pem
expect 1 "leaf.key: it holds a private key and no certificate" leaf.key --ca root.pem
expect 1 "store: Is a directory" store --ca root.pem
expect 1 "No such file" nowhere.pem --ca root.pem
expect 1 "empty.pem" chain.pem --ca empty.pem
expect 20 "cut.pem, certificate 1, at byte 0" cut.pem --ca root.pem
expect 20 "cut.der, certificate 1, at byte 0" cut.der --ca root.pem
expect 0 "certificate 3" leaf.der middle.pem cut.pem --ca root.pem
head -c 17000000 /dev/zero >large.pem
expect 1 "large.pem is larger than" large.pem --ca root.pem
i=0
while [ $i -lt 200 ]; do cat leaf.pem; i=$((i + 1)); done >many.pem
expect 20 "200 certificates" many.pem --ca root.pem

# Arguments.
expect 1 "FILE" --ca root.pem
expect 1 "is no time" chain.pem --at yesterday
expect 1 "unknown profile" chain.pem --profile strict
expect 1 "is no host name" chain.pem --name 'a b'
expect 0 "check-cert" --help

# For programs, and without anything beyond ASCII.
"$handfast" check-cert chain.pem --ca root.pem --name www.example.org --json >out.json
python3 - out.json <<'P' || failed=1
import json, sys
report = json.load(open(sys.argv[1]))
assert report["schema"] == "handfast.check-cert/1", report
assert report["accepted"] and report["exit_code"] == 0, report
assert [step["certificate"] for step in report["path"]] == [0, 1, None], report
assert report["certificates"][0]["names"] == ["www.example.org", "example.org"], report
P
# File names of any bytes, wherever they are shown.
odd=$(printf 'odd\033[31m\001"\\ \n\377.pem')
cp chain.pem "$odd" && cp leaf.key "key$odd" && cat root.pem cut.pem >"ca$odd" && head -c 300 leaf.pem >"cut$odd"
"$handfast" check-cert "$odd" "cut$odd" --ca "ca$odd" --key "key$odd" --json >odd.json
python3 - odd.json <<'P' || failed=1
import json, sys
raw = open(sys.argv[1], "rb").read()
report = json.loads(raw.decode("utf-8"))
shown = "odd\\x1b[31m\\x01\"\\ \\x0a\\xff.pem"
assert not any(byte < 0x20 and byte != 0x0a for byte in raw), raw
assert report["certificates"][0]["file"] == shown, report["certificates"][0]["file"]
assert report["trust"] == "ca" + shown, report["trust"]
assert "ca" + shown in report["notes"][0], report["notes"]
assert report["certificates"][2]["file"] == "cut" + shown and "problem" in report["certificates"][2], report
P
"$handfast" check-cert "$odd" --ca "ca$odd" --key "leaf.pem$odd" >odd.txt 2>&1
"$handfast" check-cert "$odd" "cut$odd" --ca "ca$odd" --key middle.key >>odd.txt 2>&1
if LC_ALL=C grep -q "$(printf '[\001\033\377]')" odd.txt; then
  echo "FAILED: a file name reached the terminal as it is"
  failed=1
fi
if "$handfast" check-cert --ascii chain.pem root.pem --ca root.pem | LC_ALL=C grep -q '[^[:print:][:space:]]'; then
  echo "FAILED: --ascii printed something else"
  failed=1
fi
# What could not be written is no verdict.
if [ -c /dev/full ]; then
  for kind in "" --json; do
    # shellcheck disable=SC2086  # empty: no argument
    "$handfast" check-cert chain.pem --ca root.pem $kind >/dev/full 2>err
    got=$?
    if [ "$got" != 1 ] || ! grep -qF 'standard output' err; then
      echo "FAILED: a full disk: exit $got: $(cat err)"
      failed=1
    fi
  done
fi
"$handfast" check-cert - --ca root.pem <chain.pem >/dev/null || { echo "FAILED: standard input"; failed=1; }
# A name that attacks the terminal.
key evil
quiet "$openssl" req -x509 -new -utf8 -key evil.key -subj "/CN=$(printf 'a\033[31mb')" -days 30 -out evil.pem
if "$handfast" check-cert evil.pem --ca root.pem | grep -q "$(printf '\033\[31mb')"; then
  echo "FAILED: a name reached the terminal as it is"
  failed=1
fi
[ "$failed" = 0 ] && echo "check-cert command passed"
exit "$failed"
