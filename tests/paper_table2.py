#!/usr/bin/env python3
"""Trains the 720 runs of the sweep paper-table2 as shards over many nights: each call goes on where the last one stopped.

    python3 tests/paper_table2.py --minutes 20 [--shard 1/1] [--folder build/paper-table2] [--program FILE] [--seed 0]
    attention-lab merge build/paper-table2/*.csv --out paper-table2.csv && attention-lab report paper-table2.csv --out paper-table2.html

One results file a shard, in the folder. After the minutes the sweep is interrupted as by Ctrl-C; runs in hand are lost, rows are not. The
runs are those of the published grid, whose seeds stand in it: --seed is there for all long checks alike and must be 0.
"""
import argparse
import csv
import os
import signal
import subprocess
import sys

from long_checks import ROOT, add_log_option, logged

INTERRUPTED = 130


def rows_in(file):
    if not os.path.exists(file):
        return 0
    with open(file, encoding="utf-8", newline="") as table:
        return sum(1 for _ in csv.DictReader(table))


def sweep(options, results):
    """The sweep's exit status, once it is done or its time is over."""
    command = [options.program, "sweep", "paper-table2", "--shard", options.shard, "--out", results, "--quiet"]
    running = subprocess.Popen(command)
    try:
        return running.wait(timeout=options.minutes * 60)
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGINT)
        return running.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--shard", default="1/1", help="which part of the 720 runs, as in 3/16; 1/1 when not given")
    parser.add_argument("--folder", default=os.path.join(ROOT, "build", "paper-table2"))
    parser.add_argument("--program", default=os.path.join(ROOT, "build", "release", "app", "attention-lab"))
    parser.add_argument("--seed", type=int, choices=[0], default=0)
    add_log_option(parser)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    results = os.path.join(options.folder, f"part-{options.shard.replace('/', '-of-')}.csv")
    with logged(options.log) as check:
        before = rows_in(results)
        status = sweep(options, results)
        after = rows_in(results)
        check.inputs = after - before
        if status not in (0, INTERRUPTED):
            sys.exit(f"the sweep ended with {status}; {after} rows are in {results}")
        check.result = f"{after} runs of shard {options.shard} done" + ("" if status else ", all of it")
        print(f"{check.result}: {results}" + ("; the same command goes on" if status else ""))


if __name__ == "__main__":
    main()
