#!/usr/bin/env python3
"""Kills the program at random moments with SIGKILL and holds what is left against what was saved.

    python3 tests/faults/kill_nine.py BUILD_FOLDER [--kills 200] [--seed 1] [--only training,saving] [--log F]

training    `train` with metrics and kept steps: the table is whole lines, --resume goes on, and ends with the bits of an undisturbed one
replacing   `train --out` over an earlier state: the old file or the new one
saving      the window's session, several times a second: what it said it saved is there, bit for bit (target kill_nine_window)
sweeping    `sweep`: the table has whole rows, none is lost, the same command goes on to the rows of an undisturbed one
serving     `serve`: what was answered with 2xx is there, and its runs come to the same bits
exporting   pictures, walks, traces, reports: the old file or the new one

After each kill every tensor of a state that lies there is finite. The scratch folder is kept after a failure, to look at.
"""
import argparse
import random
import shutil
import sys
import tempfile

from kills.exporting import Exporting
from kills.replacing import Replacing
from kills.saving import Saving
from kills.serving import Serving
from kills.sweeping import Sweeping
from kills.training import Training
from program import Failed, Program, Skipped

import long_checks

KINDS = {kind.__name__.lower(): kind for kind in (Training, Replacing, Saving, Sweeping, Serving, Exporting)}


def shares(kinds, kills):
    """How many kills each has, all of them together."""
    total = sum(KINDS[name].share for name in kinds)
    counts = {name: int(kills * KINDS[name].share / total) for name in kinds}
    counts[kinds[0]] += kills - sum(counts.values())
    return counts


def kill_all(program, name, kills, seed, check):
    scratch = tempfile.mkdtemp(prefix=f"kill-nine-{name}-")
    dice = random.Random(f"{seed} {name}")
    kind = KINDS[name](program, dice, scratch)
    for round in range(kills):
        try:
            left = kind.kill(round)
        except Failed as failure:
            raise Failed(f"{name}, kill {round + 1}, in {scratch}: {failure}") from None
        check.kills += 1
        print(f"{name} {round + 1}/{kills}: {left}", flush=True)
    shutil.rmtree(scratch)
    return f"{name}: {kills} kills; {kind.end()}"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("build")
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", default=",".join(KINDS), metavar="KINDS", help="some of them, with commas between")
    long_checks.add_log_option(options)
    given = options.parse_args()
    kinds = given.only.split(",")
    if unknown := [name for name in kinds if name not in KINDS]:
        options.error(f"no kind is called {unknown[0]}; there are {', '.join(KINDS)}")
    try:
        with long_checks.logged(given.log) as check:
            program = Program(given.build)
            lines = [kill_all(program, name, kills, given.seed, check) for name, kills in shares(kinds, given.kills).items()]
            check.result = "nothing that was saved is lost"
    except (Failed, Skipped) as failure:
        sys.exit(f"FAILED: {failure}")
    print("\n".join([*lines, check.result]))


if __name__ == "__main__":
    main()
