#!/usr/bin/env python3
"""Fuzzes what reads files, requests and words, with libFuzzer and sanitizers.

    python3 tests/fuzz/run.py --inputs 4000000 --seed 1 [--harness NAME ...] [--jobs 2]
    python3 tests/fuzz/run.py --minutes 60 --seed 1

Builds the preset `fuzz`, shares inputs (or minutes) evenly among the harnesses of harnesses.txt, and begins each with its originals in
tests/fuzz/corpus and what earlier runs found in build/fuzz/found. An input that crashes, takes more than a second or 512 MB is kept in
build/fuzz/crashes, and the command that reads it again is printed. A row is added to the log of long checks (tests/long_checks.py).
--minimise keeps in tests/fuzz/corpus/NAME the smallest originals that reach all that they reach together, and fuzzes nothing.
Exit status: 0 nothing found, 1 something found, 2 it could not be tried.
"""

import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = ROOT / "build" / "fuzz"
PROGRAMS = BUILD / "tests" / "fuzz"
CRASHES = BUILD / "crashes"
LIMITS = ["-timeout=1", "-rss_limit_mb=512"]
SANITIZERS = {"UBSAN_OPTIONS": "print_stacktrace=1"}

sys.path.insert(0, str(HERE.parent))
import long_checks  # noqa: E402


@dataclass
class Harness:
    name: str
    most_bytes: int


@dataclass
class Outcome:
    harness: Harness
    inputs: int = 0
    seconds: float = 0.0
    slowest: int = 0
    megabytes: int = 0
    found: list = field(default_factory=list)  # files
    failed: str = ""


def harnesses():
    rows = [line.split("|") for line in (HERE / "harnesses.txt").read_text(encoding="utf-8").splitlines() if re.match("[a-z]", line)]
    return [Harness(row[0].strip(), int(row[2])) for row in rows]


def build(names):
    targets = [f"fuzz_{name}" for name in names]
    for command in (["cmake", "--preset", "fuzz"], ["cmake", "--build", "--preset", "fuzz", "--target", *targets]):
        if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL).returncode != 0:
            print(f"error: {' '.join(command)} failed", file=sys.stderr)
            sys.exit(2)


def statistic(name, text):
    """A figure that libFuzzer gives at its end; it may end more than once, at jobs of its own."""
    return max((int(value) for value in re.findall(rf"^stat::{name}:\s+(\d+)", text, re.MULTILINE)), default=0)


def inputs_in(text):
    counted = [int(value) for value in re.findall(r"^#(\d+)\s", text, re.MULTILINE)]
    return max([statistic("number_of_executed_units", text), *counted])


def command_of(harness, folders, options):
    return ["nice", "-n", "10", str(PROGRAMS / f"fuzz_{harness.name}"), f"-max_len={harness.most_bytes}", *LIMITS, *options, *folders]


def fails_again(harness, file):
    """A busy machine may stop a program for longer than a second: only what takes too long alone, too, is slow."""
    for _ in range(3):
        again = subprocess.run(command_of(harness, [str(file)], []), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env={**os.environ, **SANITIZERS}, cwd=file.parent)
        if again.returncode == 0:
            return False
    return True


def run_once(harness, limit, seed, log):
    """libFuzzer until it has read enough or found something: its exit status, how many inputs, and what it says of itself."""
    found = BUILD / "found" / harness.name
    options = [f"-seed={seed}", limit, f"-artifact_prefix={CRASHES}/{harness.name}-", "-print_final_stats=1"]
    with open(log, "w", encoding="utf-8") as to, tempfile.TemporaryDirectory() as folder:
        status = subprocess.run(command_of(harness, [str(found), str(HERE / "corpus" / harness.name)], options), stdout=to,
                                stderr=subprocess.STDOUT, cwd=folder, env={**os.environ, **SANITIZERS}).returncode
    return status, log.read_text(encoding="utf-8", errors="replace")


def fuzz(harness, inputs, seconds, seed):
    (BUILD / "found" / harness.name).mkdir(parents=True, exist_ok=True)
    log = BUILD / "found" / f"{harness.name}.log"
    before = set(CRASHES.glob(f"{harness.name}-*"))
    outcome = Outcome(harness)
    began = time.monotonic()
    while True:
        left = inputs - outcome.inputs if inputs else seconds - (time.monotonic() - began)
        limit = f"-runs={left}" if inputs else f"-max_total_time={max(1, round(left))}"
        status, text = run_once(harness, limit, seed, log)
        outcome.inputs += inputs_in(text)
        outcome.seconds = time.monotonic() - began
        outcome.slowest = max(outcome.slowest, statistic("slowest_unit_time_sec", text))
        outcome.megabytes = max(outcome.megabytes, statistic("peak_rss_mb", text))
        if status == 0:
            break
        files = set(CRASHES.glob(f"{harness.name}-*")) - before
        slow = {file for file in files if file.name.startswith(f"{harness.name}-timeout-") and not fails_again(harness, file)}
        for file in slow:
            file.unlink()
        outcome.found = sorted(files - slow)
        if outcome.found or not slow:
            outcome.failed = f"exit status {status}, see {log.relative_to(ROOT)}"
            break
        if (inputs and outcome.inputs >= inputs) or (seconds and outcome.seconds >= seconds):
            break
        seed += 1
    return outcome


def told(outcome):
    speed = outcome.inputs / outcome.seconds if outcome.seconds else 0
    result = outcome.failed or "nothing found"
    print(f"{outcome.harness.name:<14}{outcome.inputs:>12}{outcome.seconds:>9.0f}{speed:>10.0f}{outcome.slowest:>9}{outcome.megabytes:>7}  {result}",
          flush=True)
    for file in outcome.found:
        print(f"    again: {PROGRAMS.relative_to(ROOT)}/fuzz_{outcome.harness.name} {file.relative_to(ROOT)}", flush=True)
    return outcome


def fuzz_all(wanted, given):
    CRASHES.mkdir(parents=True, exist_ok=True)
    inputs = -(-given.inputs // len(wanted)) if given.inputs else 0
    seconds = given.minutes * 60 * given.jobs / len(wanted) if given.minutes else 0
    print(f"{'harness':<14}{'inputs':>12}{'seconds':>9}{'a second':>10}{'slowest':>9}{'MB':>7}")
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as jobs:
        return list(jobs.map(lambda harness: told(fuzz(harness, inputs, seconds, given.seed)), wanted))


def minimise(wanted):
    for harness in wanted:
        corpus = HERE / "corpus" / harness.name
        with tempfile.TemporaryDirectory() as folder:
            kept = Path(folder) / "kept"
            kept.mkdir()
            subprocess.run(command_of(harness, [str(kept), str(corpus)], ["-merge=1"]), stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, cwd=folder, check=True)
            contents = {file.read_bytes() for file in kept.iterdir()}
            for file in sorted(corpus.iterdir()):
                if file.read_bytes() not in contents:
                    print(f"{harness.name}: {file.name} adds nothing")
                    file.unlink()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    much = parser.add_mutually_exclusive_group(required=True)
    much.add_argument("--inputs", type=int, help="of all harnesses together")
    much.add_argument("--minutes", type=float, help="of all harnesses together")
    much.add_argument("--minimise", action="store_true", help="leave out originals that add nothing")
    parser.add_argument("--harness", action="append", default=[], help="one of harnesses.txt; all of them when not given")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="harnesses at the same time")
    long_checks.add_log_option(parser)
    given = parser.parse_args()
    if (given.inputs is not None and given.inputs < 1) or (given.minutes is not None and given.minutes <= 0) or given.jobs < 1:
        parser.error("--inputs, --minutes and --jobs have to be above 0")
    unknown = set(given.harness) - {harness.name for harness in harnesses()}
    if unknown:
        parser.error(f"there is no harness {', '.join(sorted(unknown))}")
    return given


def main():
    given = arguments()
    wanted = [harness for harness in harnesses() if not given.harness or harness.name in given.harness]
    build([harness.name for harness in wanted])
    if given.minimise:
        minimise(wanted)
        return 0
    with long_checks.logged(given.log) as check:
        outcomes = fuzz_all(wanted, given)
        check.inputs = sum(outcome.inputs for outcome in outcomes)
        failed = [outcome.harness.name for outcome in outcomes if outcome.failed]
        check.result = f"{long_checks.FAILED}{', '.join(failed)}" if failed else f"{len(outcomes)} harnesses, nothing found"
    print(f"{check.inputs} inputs; {check.result}")
    return 1 if failed else 0


if __name__ == "__main__":
    if shutil.which("clang++") is None:
        sys.exit("error: clang++ is missing; on Debian: apt install clang")
    sys.exit(main())
