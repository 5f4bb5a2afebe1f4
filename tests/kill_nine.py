#!/usr/bin/env python3
"""Kills the program at random moments with SIGKILL, during training and saving, and holds what is left against what was saved.

    tests/kill_nine.py BUILD_FOLDER [--kills 200] [--seed 1]

Half of the kills hit the window (offscreen, its session saved several times a second, with pins, scrubbing, branches and now and then a
fresh start beside a session), half hit `attention-lab train --out`. After each kill: whatever the program said it saved is there, opens,
and is bit for bit the training that it was (the window's sessions are computed again from the beginning); a file that was there before is
as it was, or new and whole. Needs the targets kill_nine_window and attention-lab.
"""
import argparse
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

ENVIRONMENT = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "OMP_WAIT_POLICY": "passive", "ATTENTION_LAB_AUTOSAVE_SECONDS": "0.1"}
ROUNDS_A_FOLDER = 12  # then a new one: the longer a training, the longer it takes to compute it again


def fail(sentence):
    sys.exit(f"FAILED: {sentence}")


def run(*words):
    return subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True)


def kill_after(seconds, *words):
    """What it said until it was killed, and how it ended before that: None when it was killed."""
    program = subprocess.Popen(words, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(seconds)
    ended = program.poll()
    program.send_signal(signal.SIGKILL)
    out, errors = program.communicate()
    return out.splitlines(), errors.splitlines(), ended


def seconds_until(word, *words):
    """How long a program takes until it says a line that begins so; it is killed then."""
    began = time.monotonic()
    program = subprocess.Popen(words, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for line in program.stdout:
        if line.startswith(word):
            break
    program.kill()
    program.communicate()
    return time.monotonic() - began


def told(lines, word):
    """The numbers behind the last line that begins with the word."""
    found = [line.split()[1:] for line in lines if line.startswith(word + " ")]
    return [int(number) for number in found[-1]] if found else None


def check_session(program, folder):
    checked = run(program, folder, "--check")
    lines = checked.stdout.splitlines()
    if checked.returncode != 0:
        fail(f"the session in {folder} is not what it was: {lines} {checked.stderr[-400:]}")
    return told(lines, "last"), told(lines, "before")


def kill_windows(program, kills, dice, scratch):
    saves = fresh_starts = 0
    folder, last = None, None
    usual = seconds_until("saved", program, tempfile.mkdtemp(dir=scratch))
    for round in range(kills):
        if round % ROUNDS_A_FOLDER == 0:
            folder, last = tempfile.mkdtemp(dir=scratch), None
        fresh = last is not None and round % 4 == 3
        fresh_starts += fresh
        lines, errors, ended = kill_after(dice.uniform(0.3, 2.5) * usual, program, folder, *(["--fresh"] if fresh else []))
        if ended is not None or any(line.startswith("failed") for line in lines):
            fail(f"round {round}: the window ended by itself with {ended}: {lines[-3:]} {errors[-3:]}")
        saved = told(lines, "saved")
        saves += sum(line.startswith("saved ") for line in lines)
        if saved is None and last is None:
            continue
        now, before = check_session(program, folder)
        # A save that was whole but not yet told may be there too.
        if saved and not fresh and now[0] < saved[0]:
            fail(f"round {round}: step {saved[0]} was saved, step {now[0]} is there")
        if not saved and not fresh and now[0] < last[0]:
            fail(f"round {round}: step {last[0]} was saved, step {now[0]} is there")
        if fresh and saved and before != last:
            fail(f"round {round}: {last} became the session before, but that is {before}")
        if fresh and not saved and last not in (now, before):
            fail(f"round {round}: {last} was saved, but {now} and {before} are there")
        last = now
        print(f"window {round + 1}/{kills}: {now} before {before}{' fresh' if fresh else ''}", flush=True)
    left = [name for _, _, names in os.walk(scratch) for name in names if name.endswith(".tmp")]
    print(f"window: {kills} kills, {saves} saves told, {fresh_starts} fresh starts; {len(left)} unfinished temporary files lie about")


def state_step(path):
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        metadata = json.loads(file.read(length))["__metadata__"]
    return json.loads(metadata["attention_lab.state"])["step"]


def kill_trainings(program, kills, dice, scratch):
    folder = tempfile.mkdtemp(dir=scratch)
    out, trace = os.path.join(folder, "run.safetensors"), os.path.join(folder, "trace.safetensors")
    metrics = os.path.join(folder, "metrics.csv")

    def words(steps):
        return [program, "train", "reverse", "--set", f"training.steps={steps}", "--set", "training.validate_every=1000", "--set",
                "model.d_model=128", "--out", out, "--metrics", metrics]

    began = time.monotonic()
    if run(*words(5)).returncode != 0:
        fail("the training itself does not go")
    usual = time.monotonic() - began
    known, replaced = 5, 0
    for round in range(kills):
        steps = 6 + round % 50
        lines, errors, _ = kill_after(dice.uniform(0, 1.5 * usual), *words(steps))
        said = any(line.startswith("saved ") for line in errors)
        step = state_step(out)
        if step != steps and (said or step != known):
            fail(f"round {round}: step {known} was saved, then {steps}{' was told' if said else ''}; step {step} is there")
        opened = run(program, "trace", out, "--input", "3 1 4 1 5", "--out", trace)
        resumed = run(program, "train", "--resume", out, "--set", f"training.steps={step + 1}", "--quiet")
        if opened.returncode != 0 or resumed.returncode != 0:
            fail(f"round {round}: {out} does not open: {opened.stderr}{resumed.stderr}")
        replaced += step != known
        known = step
    left = [name for name in os.listdir(folder) if name.endswith(".tmp")]
    print(f"train --out: {kills} kills, {replaced} of them after the new file; {len(left)} unfinished temporary files lie about")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("build")
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    dice = random.Random(given.seed)
    scratch = tempfile.mkdtemp()  # kept after a failure, to look at
    kill_windows(os.path.join(given.build, "tests", "kill_nine_window"), given.kills // 2, dice, scratch)
    kill_trainings(os.path.join(given.build, "app", "attention-lab"), given.kills - given.kills // 2, dice, scratch)
    shutil.rmtree(scratch)
    print("nothing that was saved is lost")


if __name__ == "__main__":
    main()
