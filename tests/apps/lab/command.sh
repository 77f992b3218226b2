#!/bin/sh
# `handfast lab` as a person runs it, and what connect saves. command.sh HANDFAST
set -u
handfast=$1
failed=0
LC_ALL=C.UTF-8
export LC_ALL
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

complain() {
  echo "FAILED: $1"
  failed=1
}
# expect STATUS TEXT ARGUMENTS…
expect() {
  status=$1 text=$2
  shift 2
  output=$("$handfast" "$@" 2>&1 </dev/null)
  got=$?
  [ "$got" = "$status" ] || complain "handfast $*: exit $got, not $status: $output"
  printf '%s' "$output" | grep -qF -- "$text" || complain "handfast $*: no '$text' in: $output"
}

expect 0 "C-01" lab list
expect 0 '"schema": "handfast.lab/1"' lab list --json
expect 0 "%ca" lab test --help
expect 1 "no scenario 'C-99'" lab run C-99
expect 1 "whose command" lab test
expect 1 "one scenario" lab run C-01 C-03 --port 1
expect 0 "2 trials, 2 with exit status 0" lab test --only C-01 --only C-03 echo %i
expect 1 "no-such-client" lab test --only C-01 no-such-client

# Starts a scenario; its port and the file of its root are in $port and $ca.
start() {
  "$handfast" lab run "$1" --json >"$folder/lab.json" &
  lab=$!
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    grep -q '^}' "$folder/lab.json" && break
    sleep 0.2
  done
  port=$(sed -n 's/.*"port": \([0-9]*\).*/\1/p' "$folder/lab.json")
  ca=$(sed -n 's/.*"ca": "\(.*\)".*/\1/p' "$folder/lab.json")
}
stop() {
  kill "$lab"
  wait "$lab" || complain "lab run: not a clean end"
  [ ! -e "$ca" ] || complain "lab run left $ca behind"
}

start C-01
expect 20 "[C-01, certain]" connect --ca "$ca" "localhost:$port"
expect 20 "completes the chain" connect --ca "$ca" "localhost:$port"
expect 20 "[C-01, likely]" connect --no-probes --ca "$ca" "localhost:$port"
cd "$folder" || exit 1
expect 20 "handfast-lab-intermediate.pem" connect --save-missing --ca "$ca" "localhost:$port"
grep -q "BEGIN CERTIFICATE" handfast-lab-intermediate.pem || complain "nothing was saved"
echo mine >handfast-lab-intermediate.pem
expect 20 "is there already" connect --save-missing --ca "$ca" "localhost:$port"
[ "$(cat handfast-lab-intermediate.pem)" = mine ] || complain "a file was written over"
stop

# Nothing is asked after --max-time.
start N-06
expect 3 "--max-time is over" connect --max-time 1 --ca "$ca" "localhost:$port"
stop

[ "$failed" = 0 ] && echo "all as expected"
exit "$failed"
