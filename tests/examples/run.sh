#!/bin/sh
# Runs the examples: server against client, with and without client certificates, and the signer on a thread.
#   run.sh MAKE_CERTIFICATES SERVER CLIENT CLIENT_CERTIFICATE CUSTOM_SIGNER
set -u
make_certificates=$1 server=$2 client=$3 client_certificate=$4 custom_signer=$5
folder=$(mktemp -d)
server_pid=
trap '[ -n "$server_pid" ] && kill "$server_pid" 2>/dev/null; rm -rf "$folder"' EXIT

fail() {
  echo "FAILED: $1"
  for file in "$folder"/*.log; do echo "--- $file"; cat "$file"; done
  exit 1
}

# start LOG PROGRAM ARGUMENTS…: leaves the port in $port.
start() {
  log=$1
  shift
  "$@" >"$log" 2>&1 &
  server_pid=$!
  for _ in $(seq 1 100); do
    port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$log")
    [ -n "$port" ] && return
    sleep 0.1
  done
  fail "no port from $*"
}

stop() {
  kill "$server_pid" 2>/dev/null
  wait "$server_pid" 2>/dev/null
  server_pid=
}

# expect TEXT STATUS COMMAND…: the output must hold TEXT.
expect() {
  text=$1 status=$2
  shift 2
  "$@" >"$folder/out.log" 2>&1
  got=$?
  [ "$got" = "$status" ] || fail "$1 ended with $got, not $status"
  grep -q "$text" "$folder/out.log" || fail "$1 did not say '$text'"
}

"$make_certificates" "$folder" || fail "no certificates"

start "$folder/server.log" "$server" 0 "$folder/server.pem" "$folder/server.key"
expect "hello" 0 "$client" localhost "$port" "$folder/root.pem"
expect "hello" 0 "$client" 127.0.0.1 "$port" "$folder/root.pem"
expect "not asked for" 0 "$client_certificate" localhost "$port" "$folder/root.pem" "$folder/client.pem" "$folder/client.key"
expect "not trusted" 1 "$client" localhost "$port" "$folder/stranger.pem"
stop

start "$folder/mutual.log" "$server" 0 "$folder/server.pem" "$folder/server.key" "$folder/root.pem"
expect "who am I?" 0 "$client_certificate" localhost "$port" "$folder/root.pem" "$folder/client.pem" "$folder/client.key"
expect "certificate_required" 1 "$client" localhost "$port" "$folder/root.pem"
stop

start "$folder/signer.log" "$custom_signer" 0 "$folder/server.pem" "$folder/server.key"
expect "signed elsewhere" 0 "$client" localhost "$port" "$folder/root.pem"
wait "$server_pid" || fail "custom_signer ended with $?"
server_pid=
grep -q "on another thread" "$folder/signer.log" || fail "the signer's thread did not sign"
echo "examples passed"
