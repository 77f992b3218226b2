#!/bin/sh
# The program's edge: exit codes and streams, without a network. command.sh HANDFAST
set -u
handfast=$1
failed=0
# expect STATUS TEXT ARGUMENTS…
expect() {
  status=$1 text=$2
  shift 2
  output=$("$handfast" "$@" 2>&1 </dev/null)
  got=$?
  if [ "$got" != "$status" ]; then
    echo "FAILED: handfast $*: exit $got, not $status"
    echo "$output"
    failed=1
  elif ! printf '%s' "$output" | grep -qF -- "$text"; then
    echo "FAILED: handfast $*: no '$text' in:"
    echo "$output"
    failed=1
  fi
}

LC_ALL=C.UTF-8
export LC_ALL
expect 0 "handfast 0." --version
expect 0 "connect" --help
expect 0 "--insecure" connect --help
expect 1 "subcommand" 2>/dev/null
expect 1 "HOST" connect
expect 1 "nonsense" connect --nonsense localhost
expect 1 "unknown group 'nope'" connect --groups nope localhost
expect 1 "has no TLS 1.2" connect --tls1.2 --policy modern localhost
expect 1 "--key needs --cert" connect --key x localhost
expect 1 "No such file" connect --ca /nowhere/root.pem localhost
expect 1 "H-09" connect --insecure "no host"
expect 5 "N-10" connect --insecure 127.0.0.1:1
expect 5 '"exit_code": 5' connect --insecure --json 127.0.0.1:1
expect 1 '"schema": "handfast.connect/1"' connect --insecure --json "$(printf 'bad\033host')"

expect 1 "--passphrase-file needs --cert" connect --passphrase-file x localhost

# What of a bundle cannot be used is named once, on standard error; the rest counts.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$handfast" demo --ascii --write-ca "$folder/root.pem" </dev/null >/dev/null || { echo "FAILED: demo"; failed=1; }
{
  cat "$folder/root.pem"
  for _ in 1 2 3 4 5; do printf -- '-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n'; done
} >"$folder/bundle.pem"
for json in "" --json; do
  # shellcheck disable=SC2086  # empty: no argument
  "$handfast" connect --ascii $json --ca "$folder/bundle.pem" 127.0.0.1:1 >/dev/null 2>"$folder/notes"
  if [ "$?" != 5 ] || [ "$(grep -c 'note: left out' "$folder/notes")" != 4 ] ||
    ! grep -qF "bundle.pem: certificate 2 of the file, at byte $(wc -c <"$folder/root.pem")" "$folder/notes" ||
    ! grep -qF "left out: 2 more" "$folder/notes"; then
    echo "FAILED: what was left out: $(cat "$folder/notes")"
    failed=1
  fi
done
SSL_CERT_FILE="$folder/bundle.pem" "$handfast" connect --ascii 127.0.0.1:1 >/dev/null 2>"$folder/notes"
grep -qF "note: left out: $folder/bundle.pem: certificate 2" "$folder/notes" ||
  { echo "FAILED: the system's store"; failed=1; }
# Whoever reads has enough: the program ends, and does not complain where nobody reads.
for _ in 1 2 3 4 5; do
  { "$handfast" connect --ascii --ca "$folder/bundle.pem" 127.0.0.1:1 2>&1; echo "$?" >"$folder/status"; } | true
  case $(cat "$folder/status") in
    1 | 5) ;;
    *) echo "FAILED: a closed pipe: exit $(cat "$folder/status")" && failed=1 ;;
  esac
done
# A report that could not be written is none.
if [ -c /dev/full ]; then
  "$handfast" connect --insecure --json 127.0.0.1:1 >/dev/full 2>"$folder/notes"
  if [ "$?" != 1 ] || ! grep -qF 'standard output' "$folder/notes"; then
    echo "FAILED: a full disk: $(cat "$folder/notes")"
    failed=1
  fi
fi

# Nothing that a pipe or NO_COLOR must not see.
output=$(CLICOLOR_FORCE= NO_COLOR=1 "$handfast" connect --ascii --insecure 127.0.0.1:1 2>&1)
if printf '%s' "$output" | LC_ALL=C grep -q '[^[:print:][:space:]]'; then
  echo "FAILED: --ascii printed something else"
  failed=1
fi
[ "$failed" = 0 ] && echo "connect command passed"
exit "$failed"
