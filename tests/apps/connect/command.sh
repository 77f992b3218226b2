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

# Nothing that a pipe or NO_COLOR must not see.
output=$(CLICOLOR_FORCE= NO_COLOR=1 "$handfast" connect --ascii --insecure 127.0.0.1:1 2>&1)
if printf '%s' "$output" | LC_ALL=C grep -q '[^[:print:][:space:]]'; then
  echo "FAILED: --ascii printed something else"
  failed=1
fi
[ "$failed" = 0 ] && echo "connect command passed"
exit "$failed"
