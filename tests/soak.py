#!/usr/bin/env python3
"""A seeded monkey uses the window for as long as it is told, over AT-SPI: trains, scrubs, turns pages, writes texts, opens presets and
checkpoints, changes language, theme and size; memory, how long the window lets one wait, and what it says on stderr are written down.

    tests/soak.py --minutes 60 --seed 1 [--program build/release/app/attention-lab] [--display :7] [--keep FOLDER] [--replay moves.jsonl]

Every few minutes it comes to rest in the same state, where the memory is measured: its slope behind the first quarter of the time (or the first
hour) is to be under 1 MiB an hour. Whoever comes at any moment is to be answered by the window's thread within 20 ms in 95 of 100 (window_wait.py);
both with what else runs on the machine, so of a busy one they are upper bounds. No line is to be on stderr. Every move is kept in the folder
(moves.jsonl): the same seed acts the same where it sees the same, --replay does exactly the moves of such a file. Adds a row to the log of long
checks. Packages: at_spi.py. With sanitizers memory and waits are printed, not judged:

    cmake --preset asan -B build/asan-window -DATTENTION_LAB_UI=ON && cmake --build build/asan-window --target attention-lab
    tests/soak.py --minutes 15 --sanitized --program build/asan-window/app/attention-lab
"""
import argparse
import contextlib
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import at_spi
import long_checks
import window_wait

PROGRAM = os.path.join(at_spi.ROOT, "build", "release", "app", "attention-lab")
SCREEN = "1600x1000"
HISTORY_MB = 16  # so small that what is kept of trainings is full within the first minutes
LIMIT_MIB_AN_HOUR, LIMIT_WAIT_MS = 1.0, 20.0
LONG_WAIT_MS = 250.0
MIB = 1024.0
SANITIZERS = {"ASAN_OPTIONS": "detect_leaks=0", "UBSAN_OPTIONS": "print_stacktrace=1"}  # what Qt and fontconfig keep to the end is not ours


class Failed(Exception):
    pass


def memory(process):
    """MiB resident, and of them those that no file has."""
    with open(f"/proc/{process}/status", encoding="utf-8") as lines:
        found = dict(line.split(":", 1) for line in lines)
    return [int(found[key].split()[0]) / MIB for key in ("VmRSS", "RssAnon")]


def processor_seconds(process):
    with open(f"/proc/{process}/stat", encoding="utf-8") as file:
        words = file.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def open_files(process):
    return len(os.listdir(f"/proc/{process}/fd"))


def until_idle(process, seconds=20.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        before = processor_seconds(process)
        time.sleep(1)
        if processor_seconds(process) - before < 0.1:
            return


def slope(points):
    """MiB an hour of (seconds, MiB): the median of the slopes of all pairs, and between what the middle half of them lies; None of too few."""
    pairs = sorted(3600 * (b[1] - a[1]) / (b[0] - a[0]) for i, a in enumerate(points) for b in points[i + 1 :])
    if len(points) < 4:
        return None
    return statistics.median(pairs), pairs[len(pairs) // 4], pairs[3 * len(pairs) // 4]


class Soak:
    def __init__(self, options, folder, check):
        self.options, self.folder, self.check = options, folder, check
        self.began = time.monotonic()
        self.moves = open(self.path("moves.jsonl"), "w", encoding="utf-8", buffering=1)
        self.rests, self.acted, self.offset = [], [], 0
        self.program = self.monkey = self.probe = None

    def path(self, name):
        return os.path.join(self.folder, name)

    def elapsed(self):
        return time.monotonic() - self.began

    def note(self, number, why, move):
        self.acted.append((time.monotonic(), why))
        self.moves.write(json.dumps([number, round(self.elapsed(), 2), why, move]) + "\n")

    def prepare(self):
        """A checkpoint and an experiment that the start page offers, and little room for histories."""
        words = [self.options.program, "train", "reverse", "--set", "training.steps=60", "--quiet", "--out", self.path("soak.safetensors")]
        if subprocess.run(words, stderr=subprocess.DEVNULL).returncode:
            raise Failed("the program does not train")
        shutil.copy(os.path.join(at_spi.ROOT, "resources", "presets", "copy.json"), self.path("soak.json"))
        settings = os.path.join(os.environ["XDG_CONFIG_HOME"], "attention-lab", "attention-lab.conf")
        os.makedirs(os.path.dirname(settings), exist_ok=True)
        recent = ", ".join(self.path(name) for name in ("soak.safetensors", "soak.json"))
        with open(settings, "w", encoding="utf-8") as file:
            file.write(f"[files]\nrecent={recent}\n[history]\nbudget_mb={HISTORY_MB}\n[window]\ntheme=light\n")

    def start(self):
        with open(self.path("stderr.txt"), "w", encoding="utf-8") as errors:
            self.program = subprocess.Popen([self.options.program], stderr=errors, cwd=self.folder, env={**SANITIZERS, **os.environ})
        app = at_spi.window_of(self.program)
        if not app:
            raise Failed(f"the window is not heard of; it ended with {self.program.poll()}")
        import soak_monkey

        self.monkey = soak_monkey.Monkey(app, self.program, self.options.seed, self.note)
        words = [sys.executable, window_wait.__file__, str(self.program.pid), self.path("waits.txt")]
        self.probe = subprocess.Popen(words)
        self.began = time.monotonic()

    def row(self):
        """One a minute."""
        resident, own = memory(self.program.pid)
        window, bus, self.offset = window_wait.read(self.path("waits.txt"), self.offset)
        waits = window_wait.moments([milliseconds for _, milliseconds in window])
        values = [self.elapsed() / 60, self.check.inputs, resident, own, open_files(self.program.pid), window_wait.percentile(waits, 0.5),
                  window_wait.percentile(waits, 0.95), max(waits, default=float("nan")), window_wait.percentile([each for _, each in bus], 0.95)]
        print("{:6.0f} {:8} {:9.1f} {:9.1f} {:6} {:8.1f} {:8.1f} {:8.0f} {:8.1f}".format(*values), flush=True)

    def rest(self, number):
        self.monkey.rest(number)
        until_idle(self.program.pid)
        resident, own = memory(self.program.pid)
        self.rests.append((self.elapsed(), resident))
        print(f"{self.elapsed() / 60:6.1f}  at rest {resident:9.1f} {own:9.1f}", flush=True)

    def goes_on(self):
        if self.program.poll() is not None:
            with open(self.path("stderr.txt"), encoding="utf-8") as file:
                last = file.read().splitlines()[-12:]
            raise Failed(f"the program ended with {self.program.poll()} after {self.acted[-1:]}: {last}")
        return self.elapsed() < 60 * self.options.minutes

    def soak(self):
        pause = 60 * min(5.0, max(self.options.minutes / 24, 0.5))
        row, rest, number = 0, 0, 0
        print("minute  actions  resident       own  files  wait p50  p95 ms   worst  bus p95", flush=True)
        while self.goes_on():
            if self.elapsed() >= pause * rest:
                self.rest(number)
                rest = int(self.elapsed() / pause) + 1
            if self.elapsed() >= 60 * (row + 1):
                self.row()
                row = int(self.elapsed() / 60)
            self.monkey.act(number)
            number += 1
            self.check.inputs = number

    def replay(self, file):
        with open(file, encoding="utf-8") as lines:
            for number, at, why, move in map(json.loads, lines):
                if not self.goes_on():
                    return
                time.sleep(max(0.0, min(at - self.elapsed(), 5.0)))
                with contextlib.suppress(at_spi.GONE):
                    self.monkey.do(move, why, number)
                self.check.inputs = number

    def end(self):
        """As a person ends it: nothing may be said then either."""
        if self.program and self.program.poll() is None:
            self.program.send_signal(signal.SIGTERM)
            try:
                self.program.wait(60)
            except subprocess.TimeoutExpired:
                self.program.kill()
                raise Failed("it does not end") from None
        if self.probe:
            self.probe.wait(30)

    def stop(self):
        for process in (self.program, self.probe):
            if process and process.poll() is None:
                process.kill()
                process.wait()
        self.moves.close()

    def warnings(self):
        with open(self.path("stderr.txt"), encoding="utf-8", errors="replace") as file:
            return [line for line in file.read().splitlines() if line.strip()]

    def long_waits(self, window):
        """What was done last before the longest."""
        longest = sorted((each for each in window if each[1] >= LONG_WAIT_MS), key=lambda each: -each[1])
        print(f"waits of {LONG_WAIT_MS:.0f} ms and more: {len(longest)}")
        for began, milliseconds in longest[:12]:
            why = next((why for at, why in reversed(self.acted) if at <= began + milliseconds / 1000), "start")
            print(f"  {milliseconds:7.0f} ms at {began - self.began:7.0f} s, {why}")

    def judge(self):
        """Sentences of what is not as it should be; prints what was measured."""
        failures = []
        window, bus, _ = window_wait.read(self.path("waits.txt"))
        waits = window_wait.moments([milliseconds for _, milliseconds in window])
        p95, bus_p95 = window_wait.percentile(waits, 0.95), window_wait.percentile([each for _, each in bus], 0.95)
        self.long_waits(window)
        settled = min(self.elapsed() / 4, 3600)
        grown = slope([each for each in self.rests if each[0] >= settled])
        said = self.warnings()
        growth = f"{grown[0]:+.1f} MiB an hour at rest ({grown[1]:+.1f} to {grown[2]:+.1f})" if grown else "too short for a slope"
        self.check.result = (f"{self.check.inputs} actions, {growth}, window answers in {window_wait.percentile(waits, 0.5):.1f} ms, 95 of 100 in "
                             f"{p95:.1f}, 99 in {window_wait.percentile(waits, 0.99):.1f}, worst {max(waits, default=0):.0f} (bus alone 95 of 100 in "
                             f"{bus_p95:.1f}), {len(said)} lines on stderr")
        print(self.check.result)
        if grown and grown[0] > LIMIT_MIB_AN_HOUR and not self.options.sanitized:
            failures.append(f"memory grows by {grown[0]:.1f} MiB an hour")
        if not p95 <= LIMIT_WAIT_MS and not self.options.sanitized:
            failures.append(f"5 of 100 wait longer than {p95:.1f} ms")
        if said:
            failures.append(f"{len(said)} lines on stderr, the first: {said[0]}")
            print("\n".join(said[:40]))
        return failures


def inside(options):
    with long_checks.logged(options.log, "soak.py") as check, contextlib.ExitStack() as stack:
        folder = options.keep or stack.enter_context(tempfile.TemporaryDirectory())
        os.makedirs(folder, exist_ok=True)
        stack.enter_context(at_spi.manager())
        soak = Soak(options, os.path.abspath(folder), check)
        failures = []
        try:
            soak.prepare()
            soak.start()
            soak.replay(options.replay) if options.replay else soak.soak()
            soak.end()
        except Failed as failed:
            failures.append(str(failed))
        finally:
            soak.stop()
        failures += soak.judge() if soak.program else []
        for each in failures:
            print(f"FAILED: {each}")
        if failures:
            sys.exit(f"{long_checks.FAILED}{'; '.join(failures)}; {check.result}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--program", type=os.path.abspath, default=PROGRAM)
    parser.add_argument("--display", help="the number of the display that is made, as :7; a free one when not given")
    parser.add_argument("--keep", metavar="FOLDER", type=os.path.abspath, help="moves, waits and stderr stay there")
    parser.add_argument("--replay", metavar="FILE", type=os.path.abspath)
    parser.add_argument("--sanitized", action="store_true", help="memory and waits are not judged")
    parser.add_argument(at_spi.INSIDE, action="store_true", help=argparse.SUPPRESS)
    long_checks.add_log_option(parser)
    options = parser.parse_args()
    if options.inside:
        return inside(options)
    lacking = at_spi.missing()
    if lacking:
        sys.exit(f"FAILED: {lacking}")
    return at_spi.in_own_session(SCREEN, options.display)


if __name__ == "__main__":
    main()
