#!/usr/bin/env python3
"""The log of checks that go on for hours, so that times add up.

    python3 tests/long_checks.py sum [F]            hours, inputs, kills and failures by script
    python3 tests/long_checks.py add SCRIPT --seconds 600 --result "no difference" [--arguments "--seed 1"] [--inputs N] [--kills N] [--log F]

A script of Python's calls add_log_option(parser) and does its work within `with logged(log) as check:`, counting check.inputs and
check.kills and leaving a sentence in check.result; a row is written however it ends. F is build/long-checks.csv when not given.
"""
import argparse
import contextlib
import csv
import datetime
import fcntl
import io
import os
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
USUAL_LOG = os.path.join(ROOT, "build", "long-checks.csv")
COLUMNS = ["date", "machine", "commit", "script", "arguments", "seconds", "inputs", "kills", "result"]
FAILED = "FAILED: "


@dataclass
class Check:
    inputs: int = 0
    kills: int = 0
    result: str = "done"


def machine():
    name = "unknown processor"
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as info:
        name = next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), name)
    return f"{name}, {os.cpu_count()} cores"


def commit():
    """As git calls it; "-dirty" when files differ from it."""
    git = ["git", "-c", f"safe.directory={ROOT}", "-C", ROOT, "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        return subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def append(log, script, arguments, seconds, check):
    """One row, whole, whoever else writes there at the same time."""
    os.makedirs(os.path.dirname(os.path.abspath(log)), exist_ok=True)
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    result = " ".join(check.result.split())
    row = [now, machine(), commit(), script, arguments, f"{seconds:.1f}", check.inputs, check.kills, result]
    with open(log, "a", encoding="utf-8", newline="") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if os.fstat(file.fileno()).st_size == 0:
            writer.writerow(COLUMNS)
        writer.writerow(row)
        file.write(text.getvalue())


def add_log_option(parser):
    parser.add_argument("--log", metavar="F", default=USUAL_LOG, help="a row is added to it at the end; build/long-checks.csv when not given")


@contextlib.contextmanager
def logged(log, script=None):
    check = Check()
    began = time.monotonic()
    try:
        yield check
    except BaseException as error:
        check.result = f"{FAILED}{str(error).removeprefix(FAILED) or type(error).__name__}"
        raise
    finally:
        append(log, script or os.path.basename(sys.argv[0]), shlex.join(sys.argv[1:]), time.monotonic() - began, check)


def sums(log):
    """By script: how often, hours, inputs, kills, failures."""
    found = {}
    with open(log, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            of = found.setdefault(row["script"], [0, 0.0, 0, 0, 0])
            fails = row["result"].startswith(FAILED)
            more = [1, float(row["seconds"]) / 3600, int(row["inputs"]), int(row["kills"]), int(fails)]
            found[row["script"]] = [sum(pair) for pair in zip(of, more)]
    return found


def print_sums(log):
    if not os.path.exists(log):
        sys.exit(f"{log}: no such file; no long check has been logged there")
    line = "{:<28}{:>8}{:>10}{:>14}{:>10}{:>8}"
    print(line.format("script", "checks", "hours", "inputs", "kills", "failed"))
    for script, (checks, hours, inputs, kills, failed) in sorted(sums(log).items()):
        print(line.format(script, checks, f"{hours:.2f}", inputs, kills, failed))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    summing = commands.add_parser("sum", help="add up a log")
    summing.add_argument("log", nargs="?", default=USUAL_LOG)
    adding = commands.add_parser("add", help="add a row, of a script that is not Python's")
    adding.add_argument("script")
    adding.add_argument("--arguments", default="")
    adding.add_argument("--seconds", type=float, required=True)
    adding.add_argument("--inputs", type=int, default=0)
    adding.add_argument("--kills", type=int, default=0)
    adding.add_argument("--result", required=True)
    add_log_option(adding)
    given = parser.parse_args()
    if given.command == "sum":
        print_sums(given.log)
    else:
        append(given.log, given.script, given.arguments, given.seconds, Check(given.inputs, given.kills, given.result))


if __name__ == "__main__":
    main()
