#!/usr/bin/env python3
"""Runs Handfast against other people's programs: see README.md in this folder.

usage: run.py --handfast PROGRAM --echo PROGRAM --folder DIR [--filter TEXT] [--list] [-v] PEER...
       run.py --certificates --folder DIR
       run.py --table --folder DIR
"""
import argparse
import concurrent.futures
import importlib
import json
import os
import sys
import time
import traceback
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parent))
from harness import compression, processes, raw_keys, report, scenarios, sessions, tls12  # noqa: E402
from harness.case import matrix  # noqa: E402
from harness.certificates import Certificates  # noqa: E402
from harness.lab import Failed, Lab  # noqa: E402
from harness.peer import Missing  # noqa: E402

PEERS = sorted(path.stem for path in (Path(__file__).parent / "peers").glob("*.py") if path.stem != "__init__")


def cases_of(peer):
    values = {"suite": peer.suites, "group": peer.groups, "key": peer.keys, "retry": (False, True),
              "authentication": peer.authentication, "client_key": peer.client_keys, "alpn": peer.protocols}

    def server_can(case):
        other = peer.first_group(case.group)
        return peer.possible(case) and (not case.retry or (other is not None and other != case.group))

    def client_can(case):
        # `handfast connect` always sends the shares of its first group and, if they are in its list, of
        # X25519 and X25519MLKEM768: no retry can lead to these.
        return peer.possible(case) and not (case.retry and case.group in ("x25519", "X25519MLKEM768"))

    out = []
    if peer.is_client:
        out += matrix("server", values, server_can)
    if peer.is_server:
        out += matrix("client", values, client_can)
    return out


def scenarios_of(peer):
    yield from scenarios.matrix_scenarios(peer, cases_of(peer))
    if peer.is_client:
        for name, function in scenarios.as_server(peer):
            yield "Handfast server: " + name, function
    if peer.is_server:
        for name, function in scenarios.as_client(peer):
            yield "Handfast client: " + name, function
    yield from tls12.scenarios(peer)
    yield from sessions.scenarios(peer)
    yield from compression.scenarios(peer)
    yield from raw_keys.scenarios(peer)
    yield from peer.scenarios()


def run_one(peer, sums, name, function):
    if name in peer.without:
        sums.add(name, skipped=peer.without[name])
        return
    began = time.monotonic()
    try:
        function()
    except Missing as missing:
        sums.add(name, skipped=str(missing))
    except Failed as failed:
        sums.add(name, problem=str(failed))
    except Exception:
        sums.add(name, problem=traceback.format_exc())
    else:
        sums.add(name, took=time.monotonic() - began)


def run_peer(name, options):
    folder = options.folder / name
    folder.mkdir(parents=True, exist_ok=True)
    sums = report.Report(name, options.verbose)
    lab = Lab(options.handfast, options.echo, Certificates(options.folder / "certificates"), folder,
              options.patience)
    peer = importlib.import_module(f"peers.{name}").Peer(lab)
    try:
        version = peer.version()
    except Missing as missing:
        sums.add("everything", skipped=str(missing))
        return sums, str(missing)
    chosen = [(n, f) for n, f in scenarios_of(peer) if options.filter in n]
    if options.list:
        print("\n".join(f"{name}: {n}" for n, _ in chosen))
        return sums, version
    print(f"{name}: {version}", flush=True)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for n, f in chosen:
            pool.submit(run_one, peer, sums, n, f)
    return sums, version


def keep(folder, sums, version):
    (folder / f"{sums.peer}.json").write_text(json.dumps({"version": version, **{
        what: getattr(sums, what) for what in ("peer", "passed", "failed", "skipped")}}))


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1])
    parser.add_argument("peers", nargs="*", metavar="PEER")
    parser.add_argument("--handfast", type=Path)
    parser.add_argument("--echo", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--filter", default="")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--certificates", action="store_true")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--patience", type=float, default=1.0)
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    if options.certificates:
        Certificates(options.folder / "certificates", renew=True)
        for old in options.folder.glob("*.json"):
            old.unlink()
        return 0
    if options.table:
        kept = [json.loads(path.read_text()) for path in sorted(options.folder.glob("*.json"))]
        print(report.table([(SimpleNamespace(**one), one["version"]) for one in kept]))
        return 0
    results = []
    for name in options.peers or PEERS:
        sums, version = run_peer(name, options)
        if not options.list:
            keep(options.folder, sums, version)
        results.append((sums, version))
    processes.end_all()
    if options.list:
        return 0
    print("\n" + report.table(results))
    if any(sums.failed for sums, _ in results):
        return 1
    return 0 if any(sums.passed for sums, _ in results) else report.SKIPPED


sys.exit(main())
