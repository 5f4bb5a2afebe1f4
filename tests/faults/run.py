#!/usr/bin/env python3
"""Brings about one fault after the other and prints what came of each.

    python3 tests/faults/run.py [--build build/release] [--only full-disk,quota] [--quick] [--log F]

After each of them: the exit status is right and one sentence says what is wrong, what was saved before is there bit for bit, and what was
begun goes on when the fault is over. Those that want root, a package or a target that is not there are left out, and say so.
--quick: those that need neither and take seconds. Exit status: 0 nothing was lost, 1 something was.
"""
import argparse
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Callable

import account
import clock
import disk
import limits
from program import ROOT, Failed, Program, Skipped

import long_checks


@dataclass
class Fault:
    name: str
    bring: Callable  # (program, place) -> the sentence that was said, or what came of it
    quick: bool = False


FAULTS = [
    Fault("full-disk", disk.full_disk),
    Fault("quota", disk.quota),
    Fault("read-only-disk", disk.read_only_disk),
    Fault("read-only-folder", disk.read_only_folder),
    Fault("vanished-folder", disk.vanished_folder, quick=True),
    Fault("no-descriptors", limits.no_descriptors),
    Fault("little-memory", limits.little_memory),
    Fault("large-model", limits.memory_of_a_large_model, quick=True),
    Fault("clock-set-back", clock.clock_set_back),
    Fault("suspended", clock.suspended),
    Fault("two-windows", account.two_windows),
]


def brought(fault, program):
    """The word and the sentence of its row; its folder stays when something was lost."""
    place = tempfile.mkdtemp(prefix=f"fault-{fault.name}-")
    try:
        row = "kept", fault.bring(program, place)
    except Skipped as why:
        row = "left out", str(why)
    except Failed as failure:
        return "LOST", f"{failure} (in {place})"
    shutil.rmtree(place, ignore_errors=True)
    return row


def chosen(given, parser):
    names = given.only.split(",") if given.only else [fault.name for fault in FAULTS if fault.quick or not given.quick]
    if unknown := set(names) - {fault.name for fault in FAULTS}:
        parser.error(f"no fault is called {sorted(unknown)[0]}; there are {', '.join(fault.name for fault in FAULTS)}")
    return [fault for fault in FAULTS if fault.name in names]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "release"))
    parser.add_argument("--only", metavar="NAMES", help="some of them, with commas between")
    parser.add_argument("--quick", action="store_true")
    long_checks.add_log_option(parser)
    given = parser.parse_args()
    faults = chosen(given, parser)
    lost = []
    try:
        program = Program(given.build)
        with long_checks.logged(given.log, "faults/run.py") as check:
            for fault in faults:
                began = time.monotonic()
                word, sentence = brought(fault, program)
                lost += [fault.name] if word == "LOST" else []
                check.inputs += word == "kept"
                print(f"{fault.name:<18}{word:<10}{time.monotonic() - began:6.1f} s  {sentence}", flush=True)
            if lost:
                raise Failed(f"lost by {', '.join(lost)}")
            check.result = f"{check.inputs} of {len(faults)} faults brought about, nothing lost"
    except (Failed, Skipped) as failure:
        sys.exit(f"FAILED: {failure}")
    print(check.result)


if __name__ == "__main__":
    main()
