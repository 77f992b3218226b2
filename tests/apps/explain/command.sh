#!/bin/sh
# `handfast explain` as it is called: arguments, exit codes, streams. command.sh HANDFAST
set -u
handfast=$1
failed=0
# expect STATUS TEXT ARGUMENTS…: standard input is $input.
input=
expect() {
  status=$1 text=$2
  shift 2
  output=$(printf '%b' "$input" | "$handfast" "$@" 2>&1)
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
expect 0 "exit codes" explain --help
expect 0 "forgot an intermediate" explain C-01
expect 0 "handshake_failure" explain 40
expect 0 "handshake_failure" explain HANDSHAKE_FAILURE
expect 0 "unsafe legacy" explain error:0A000152
expect 0 "P-09" explain --error "error:0A000152"
expect 0 "C-07" explain certificate has expired
expect 0 "N-01" explain "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)"
expect 0 '"schema": "handfast.explain-text/1"' explain --json C-01
expect 1 "nothing to explain" explain ""
expect 1 "nothing to explain" explain
expect 1 "knows no failure" explain hello
expect 1 '"failures": []' explain --json hello
expect 1 'hello\x1b' explain "$(printf 'hello\033[31m')"
input='curl: (60) SSL certificate problem: certificate has expired\n'
expect 0 "C-07" explain -
input='\0377\0376 certificate revoked \000\033'
expect 0 "C-22" explain -
input=
expect 1 "nothing to explain" explain -
output=$(head -c 1000000 /dev/zero | "$handfast" explain - 2>&1)
[ $? = 1 ] || { echo "FAILED: a million zeros: $output"; failed=1; }

# Captures: the header of a pcap file without packets, and files that are none.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf '\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0' >"$folder/empty.pcap"
printf '\324\303\262\241\2\0' >"$folder/cut.pcap"
printf '\0\1\2\3 no capture' >"$folder/other.bin"
expect 41 "0 TLS conversations in 0 packets" explain "$folder/empty.pcap"
expect 41 '"schema": "handfast.explain-capture/1"' explain --json "$folder/empty.pcap"
expect 40 "ends in its header" explain "$folder/cut.pcap"
expect 40 "no pcap or pcapng" explain "$folder/other.bin"
expect 1 "No such file" explain nowhere.pcap
expect 1 "No such file" explain "$folder/empty.pcap" --keys "$folder/nowhere.log"
expect 41 "no secrets that decrypt" explain "$folder/empty.pcap" --keys "$folder/empty.pcap"
expect 1 "does not go with" explain --redact -x "$folder/empty.pcap"
output=$("$handfast" explain - <"$folder/empty.pcap" 2>&1)
[ $? = 41 ] || { echo "FAILED: a capture on standard input: $output"; failed=1; }

# What goes to standard output is the answer and nothing else.
output=$("$handfast" explain hello 2>/dev/null)
[ -z "$output" ] || { echo "FAILED: an error on standard output: $output"; failed=1; }
output=$("$handfast" explain --ascii C-01 2>&1)
if printf '%s' "$output" | LC_ALL=C grep -q '[^[:print:][:space:]]'; then
  echo "FAILED: --ascii printed something else"
  failed=1
fi
[ "$failed" = 0 ] && echo "explain command passed"
exit "$failed"
