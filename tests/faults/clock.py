"""A clock that is set back, and programs that are suspended and go on: what comes out is what undisturbed ones give."""
import csv
import glob
import json
import os
import signal
import subprocess
import tempfile
import time

from disk import SWEEP, Window
from program import Skipped, contents, finished, metrics_rows, require, require_finite, settings, wait_until, without_speed
from served import Served

STEPS = 1500
RUN = {"preset": "copy", "set": {"training.steps": 400, "training.batch_size": 4, "task.test_size": 8}}
LONG_SWEEP = {**SWEEP, "set": {**SWEEP["set"], "training.steps": 150}, "grid": {"training.seed": list(range(1, 9))}}


def training(out):
    more = settings(f"training.steps={STEPS}", "training.validate_every=10")
    return ["train", "reverse", *more, "--out", f"{out}.safetensors", "--metrics", f"{out}.csv", "--quiet"]


def write_grid(place):
    with open(os.path.join(place, "g.json"), "w", encoding="utf-8") as file:
        json.dump(LONG_SWEEP, file)


def sweep_rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = {row["training.seed"]: row for row in csv.DictReader(file)}
    require(all(float(row["seconds"]) >= 0 for row in rows.values()), f"{path}: seconds below 0")
    return {seed: {key: cell for key, cell in row.items() if key != "seconds"} for seed, row in rows.items()}


def undisturbed(program, place):
    write_grid(place)
    program.done(*training("whole"), cwd=place)
    program.done("sweep", "g.json", "--out", "whole-sweep.csv", "--quiet", cwd=place)


def require_like_undisturbed(place, out):
    require(contents(os.path.join(place, f"{out}.safetensors")) == contents(os.path.join(place, "whole.safetensors")),
            f"{out}.safetensors is not the undisturbed training")
    rows = [metrics_rows(os.path.join(place, f"{name}.csv")) for name in (out, "whole")]
    require(without_speed(rows[0]) == without_speed(rows[1]), f"{out}.csv is not the undisturbed training")
    require(all(float(row[-1]) >= 0 for row in rows[0]), f"{out}.csv: tokens per second below 0")


def require_sweep_like_undisturbed(place, out):
    require(sweep_rows(os.path.join(place, out)) == sweep_rows(os.path.join(place, "whole-sweep.csv")), f"{out} is not the undisturbed sweep")


class Clock:
    """A clock of the program's own, by libfaketime: only what tells the date; clocks that only go on cannot be set."""

    def __init__(self, place):
        found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1") + glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
        if not found:
            raise Skipped("needs the package faketime")
        self.file = os.path.join(place, "clock")
        self.set("+0")
        self.environment = {"LD_PRELOAD": found[0], "FAKETIME_TIMESTAMP_FILE": self.file, "FAKETIME_NO_CACHE": "1",
                            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}

    def set(self, offset):
        with open(self.file + ".new", "w", encoding="utf-8") as file:
            file.write(offset + "\n")
        os.replace(self.file + ".new", self.file)

    def require_works(self):
        date = lambda: int(subprocess.run(["date", "+%s"], env={**os.environ, **self.environment}, capture_output=True, text=True,  # noqa: E731
                                          check=True).stdout)
        self.set("-2d")
        require(abs(date() - (time.time() - 2 * 86400)) < 100, "the clock cannot be set")
        self.set("+0")


def at_work(path, process):
    wait_until(lambda: os.path.exists(path) and os.path.getsize(path) > 300 or process.poll() is not None, path)
    require(process.poll() is None, f"{process.args} was over too soon")


def clock_set_back(program, place):
    clock = Clock(place)
    clock.require_works()
    undisturbed(program, place)
    process = program.start(*training("back"), cwd=place, environment=clock.environment)
    at_work(os.path.join(place, "back.csv"), process)
    clock.set("-400d")
    require(finished(process).status == 0, "the training does not end well")
    require_like_undisturbed(place, "back")

    clock.set("+0")
    process = program.start("sweep", "g.json", "--out", "back-sweep.csv", "--quiet", cwd=place, environment=clock.environment)
    at_work(os.path.join(place, "back-sweep.csv"), process)
    clock.set("-400d")
    require(finished(process).status == 0, "the sweep does not end well")
    require_sweep_like_undisturbed(place, "back-sweep.csv")
    serve_with_clock_set_back(program, place, clock)
    if os.access(program.window, os.X_OK):
        window_with_clock_set_back(program, place, clock)
    return f"{STEPS} steps, a sweep, a server{' and a window' if os.access(program.window, os.X_OK) else ''} as if it had not been set"


def serve_with_clock_set_back(program, place, clock):
    """Also behind a start in what is now its past."""
    clock.set("+0")
    runs, bits = [], set()
    for offset in ("-400d", "-800d"):
        server = Served(program, place, environment=clock.environment)
        require(server.address(), "the server does not start")
        runs.append(server.ask("POST", "/api/v1/runs", RUN)["id"])
        clock.set(offset)
        runs.append(server.ask("POST", "/api/v1/runs", RUN)["id"])
        require(set(server.all_runs()) == set(runs), f"runs {server.all_runs()}, not {runs}")
        if offset == "-800d":
            break
        server.process.kill()
        server.process.communicate()
    for run in runs:
        wait_until(lambda run=run: server.ask("GET", f"/api/v1/runs/{run}")["state"] == "finished", f"run {run}")
        bits.add(server.ask("GET", f"/api/v1/runs/{run}/checkpoints/400"))
    server.process.terminate()
    require(finished(server.process).status == 0 and len(bits) == 1, "the runs came to different weights")


def window_with_clock_set_back(program, place, clock):
    """Its sessions are saved on, and the last one is the one that opens."""
    clock.set("+0")
    folder = os.path.join(place, "session")
    os.mkdir(folder)
    window = Window(program, folder, clock.environment)
    try:
        window.said("saved ")
        before = len(window.lines())
        clock.set("-400d")
        wait_until(lambda: len(window.lines()) > before + 2, "saves behind the setting of the clock")
    finally:
        window.kill()
    window.check()
    last = int([line for line in window.lines() if line.startswith("saved ")][-1].split()[1])
    require(window.check() >= last, f"step {last} was saved; an older one opens")


def suspend(process, seconds):
    process.send_signal(signal.SIGSTOP)
    time.sleep(seconds)
    process.send_signal(signal.SIGCONT)


def suspended(program, place):
    undisturbed(program, place)
    process = program.start(*training("slept"), cwd=place)
    at_work(os.path.join(place, "slept.csv"), process)
    for _ in range(3):
        suspend(process, 0.5)
        time.sleep(0.05)
    require(finished(process).status == 0, "the training does not end well")
    require_like_undisturbed(place, "slept")

    process = program.start("sweep", "g.json", "--out", "slept-sweep.csv", "--quiet", cwd=place)
    at_work(os.path.join(place, "slept-sweep.csv"), process)
    suspend(process, 1)
    require(finished(process).status == 0, "the sweep does not end well")
    require_sweep_like_undisturbed(place, "slept-sweep.csv")
    worker_that_sleeps_beyond_its_lease(program, place)
    server_that_sleeps(program, place)
    if os.access(program.window, os.X_OK):
        window_that_sleeps(program, place)
    return f"{STEPS} steps, a sweep, a worker beyond its lease and a server as if they had not been suspended"


def worker_that_sleeps_beyond_its_lease(program, place):
    """Its row goes to another; when it wakes, no row is lost or there twice."""
    folder = tempfile.mkdtemp(dir=place)
    server = Served(program, folder, "--lease", "1")
    require(server.address(), "the server does not start")
    words = ["sweep", "--server", server.url, "--token-file", os.path.join(folder, "served", "token"), "--shard", "auto",
             os.path.join(place, "g.json"), "--quiet"]
    try:
        sleeper = program.start(*words, "--out", "a.csv", cwd=folder)
        wait_until(lambda: server.ask("GET", "/api/v1/sweeps") and "training" in json.dumps(server.ask("GET", "/api/v1/sweeps")), "a sweep")
        time.sleep(0.3)
        sleeper.send_signal(signal.SIGSTOP)
        other = finished(program.start(*words, "--out", "b.csv", cwd=folder))
        sleeper.send_signal(signal.SIGCONT)
        ended = finished(sleeper)
        require(other.status == 0, f"the other worker: {other.said}")
        require(ended.status == 0, f"the one that slept: {ended.said}")
        for name in ("a.csv", "b.csv"):
            require(sweep_rows(os.path.join(folder, name)) == sweep_rows(os.path.join(place, "whole-sweep.csv")), f"{name} has other rows")
    finally:
        server.process.terminate()
        finished(server.process)


def server_that_sleeps(program, place):
    server = Served(program, place)
    require(server.address(), "the server does not start")
    try:
        run = server.ask("POST", "/api/v1/runs", RUN)["id"]
        suspend(server.process, 2)
        wait_until(lambda: server.ask("GET", f"/api/v1/runs/{run}")["state"] == "finished", f"run {run}")
    finally:
        server.process.terminate()
        ended = finished(server.process)
    require(ended.status == 0, ended.said)
    require_finite(os.path.join(place, "served", "runs", run, "state.safetensors"))


def window_that_sleeps(program, place):
    folder = os.path.join(place, "session")
    os.mkdir(folder)
    window = Window(program, folder)
    try:
        window.said("saved ")
        suspend(window.process, 2)
        before = len(window.lines())
        wait_until(lambda: len(window.lines()) > before + 1, "saves behind the sleep")
    finally:
        window.kill()
    window.check()
