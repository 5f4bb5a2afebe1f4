"""Disks that are full, over quota, read-only or gone: each gives a sentence and loses nothing."""
import contextlib
import csv
import json
import os
import pwd
import shutil
import subprocess
import tempfile

from program import (ENVIRONMENT, Skipped, contents, finished, killed_after, metrics_rows, refuses, require, require_finite,
                     settings, wait_until)
from served import Served

SEEDS = [1, 2, 3, 4]
SWEEP = {"format": "attention-lab/sweep", "version": 1, "base": "reverse",
         "set": {"training.steps": 20, "training.batch_size": 16, "task.seq_len": 4, "task.train_size": 64, "task.test_size": 8},
         "grid": {"training.seed": SEEDS}}
RUN = {"preset": "copy", "set": {"training.steps": 20, "training.batch_size": 4, "task.test_size": 8}}


def needs_root():
    if os.geteuid() != 0:
        raise Skipped("needs root")


def needs(*tools):
    for tool in tools:
        if not shutil.which(tool):
            raise Skipped(f"needs {tool}")


def system(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Skipped(f"{' '.join(words)}: {done.stderr.strip()[-200:]}")


@contextlib.contextmanager
def mounted(place, *words):
    os.makedirs(place, exist_ok=True)
    system("mount", *words, place)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], capture_output=True, check=False)


def fill(disk):
    """Until nothing more goes onto it."""
    with contextlib.suppress(OSError), open(os.path.join(disk, "filler"), "wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    with contextlib.suppress(OSError):
        os.sync()


def empty(disk):
    os.remove(os.path.join(disk, "filler"))
    os.sync()


def training(*more, steps=20):
    return ["train", "reverse", *settings(f"training.steps={steps}"), "--quiet", *more]


class Kept:
    """What was saved before: it has to be there bit for bit afterwards."""

    def __init__(self, program, disk, place):
        self.program, self.disk, self.place = program, disk, place
        program.done(*training("--out", self.state), cwd=place)
        with open(os.path.join(place, "g.json"), "w", encoding="utf-8") as file:
            json.dump(SWEEP, file)
        program.done("sweep", "g.json", "--out", self.table, "--shard", "1/2", "--quiet", cwd=place)
        self.files = {path: contents(path) for path in [self.state, self.table, *self.runs()]}

    @property
    def state(self):
        return os.path.join(self.disk, "good.safetensors")

    @property
    def table(self):
        return os.path.join(self.disk, "R.csv")

    def runs(self):
        folder = os.path.join(self.disk, "R.runs")
        return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name != "lock"]

    def require_same(self):
        for path, data in self.files.items():
            require(contents(path) == data, f"{path} is no longer what it was")

    def commands_refuse(self, reason):
        """Every command that writes says why it cannot; what lies there stays. Returns the training's sentence."""
        run = lambda *words: self.program.run(*words, cwd=self.place)  # noqa: E731
        sentence = refuses(run(*training("--out", self.state)), self.state, reason)
        render = ["render", self.state, "--view", "maps", "--input", "3 1 4 1 5 9"]
        for name in ("maps.png", "maps.svg", "maps.pdf", "maps.csv"):
            refuses(run(*render, "--out", os.path.join(self.disk, name)), name, reason)
            require(not os.path.exists(os.path.join(self.disk, name)), f"{name} lies there")
        refuses(run("trace", self.state, "--input", "3 1 4 1 5 9", "--out", os.path.join(self.disk, "t.safetensors")), "t.safetensors", reason)
        refuses(run(*training("--metrics", os.path.join(self.disk, "m.csv"), steps=300)), "m.csv", reason)
        refuses(run("sweep", "g.json", "--out", self.table, "--quiet"), reason)
        self.require_same()
        return sentence

    def goes_on(self):
        """Where there is room again."""
        self.require_same()
        self.program.done("train", "--resume", self.state, "--set", "training.steps=25", "--out", self.state, "--quiet", cwd=self.place)
        require_finite(self.state)
        self.program.done("sweep", "g.json", "--out", self.table, "--quiet", cwd=self.place)
        with open(self.table, encoding="utf-8", newline="") as file:
            seeds = sorted(int(row["training.seed"]) for row in csv.DictReader(file))
        require(seeds == SEEDS, f"the sweep has seeds {seeds}")


def served_refuses_and_goes_on(program, disk, place):
    """A server whose disk is full refuses what it cannot keep, and takes it when there is room."""
    folder = os.path.join(disk, "server")
    os.mkdir(folder)
    server = Served(program, folder)
    require(server.address(), "the server does not start")
    try:
        first = server.ask("POST", "/api/v1/runs", RUN)["id"]
        wait_until(lambda: server.ask("GET", f"/api/v1/runs/{first}")["state"] == "finished", "the first run")
        fill(disk)
        status, said = server.refusal("POST", "/api/v1/runs", RUN)
        require(status == 507 and "No space left on device" in said, f"it answered {status} {said}")
        status, said = server.refusal("POST", "/api/v1/datasets?name=d", b"one two " * 20000)
        require(status == 507 and "no room" in said, f"it answered an upload with {status} {said}")
        require(server.all_runs() == [first], f"runs {server.all_runs()}")
        empty(disk)
        second = server.ask("POST", "/api/v1/runs", RUN)
        require(second, "it refuses although there is room")
        server.process.kill()
        server.process.communicate()
        server = Served(program, folder)
        require(server.address() and set(server.all_runs()) == {first, second["id"]}, "its runs are not there")
    finally:
        server.process.kill()
        server.process.communicate()


class Window:
    """The window that trains and saves by itself (kill_nine_window), its session in a folder."""

    def __init__(self, program, folder, more=None):
        self.program, self.folder = program, folder
        self.log = tempfile.TemporaryFile("w+", encoding="utf-8")
        environment = {**ENVIRONMENT, "ATTENTION_LAB_AUTOSAVE_SECONDS": "0.3", **(more or {})}
        self.process = subprocess.Popen([program.window, folder], env=environment, stdout=self.log, stderr=self.log)

    def lines(self):
        with os.fdopen(os.dup(self.log.fileno()), encoding="utf-8", closefd=True) as file:
            file.seek(0)
            return file.read().splitlines()

    def said(self, *parts):
        return wait_until(lambda: next((line for line in self.lines() if all(part in line for part in parts)), None), f"{parts}")

    def lives(self):
        return self.process.poll() is None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def check(self):
        """Holds it against a training from the beginning; returns the step of what opens."""
        checked = subprocess.run([self.program.window, self.folder, "--check"], env=ENVIRONMENT, capture_output=True, text=True, check=False)
        require(checked.returncode == 0, f"the session does not open: {checked.stdout}{checked.stderr[-300:]}")
        return int(checked.stdout.split()[1])


def window_says(program, disk, reason):
    program.needs_window()
    folder = os.path.join(disk, "session")
    os.makedirs(folder, exist_ok=True)
    window = Window(program, folder)
    try:
        window.said("saved ")
        fill(disk)
        sentence = window.said("unsaved: ", reason)
        require(window.lives(), "the window ended")
        window.kill()
        empty(disk)
        window.check()
    finally:
        window.kill()
    return sentence


def full_disk(program, place):
    needs_root()
    with mounted(os.path.join(place, "disk"), "-t", "tmpfs", "-o", "size=64m", "tmpfs") as disk:
        kept = Kept(program, disk, place)
        fill(disk)
        sentence = kept.commands_refuse("No space left on device")
        require("the state of step 20 is in" in sentence, sentence)
        require_finite(os.path.join(place, "reverse.rescued.safetensors"))
        empty(disk)
        kept.goes_on()
        served_refuses_and_goes_on(program, disk, place)
        window_says(program, disk, "No space left on device")
    return sentence


def quota(program, place):
    """On a btrfs of its own: the only file system with quotas that many kernels have built in."""
    needs_root()
    needs("mkfs.btrfs", "btrfs")
    image = os.path.join(place, "image")
    with open(image, "wb") as file:
        file.truncate(256 << 20)
    system("mkfs.btrfs", "-q", "-f", image)
    with mounted(os.path.join(place, "btrfs"), "-o", "loop", image) as whole:
        system("btrfs", "quota", "enable", whole)
        disk = os.path.join(whole, "person")
        system("btrfs", "subvolume", "create", disk)
        system("btrfs", "qgroup", "limit", "8M", disk)
        kept = Kept(program, disk, place)
        fill(disk)
        sentence = kept.commands_refuse("Disk quota exceeded")
        require("the state of step 20 is in" in sentence, sentence)
        require_finite(os.path.join(place, "reverse.rescued.safetensors"))
        empty(disk)
        system("btrfs", "filesystem", "sync", whole)
        kept.goes_on()
    return sentence


def read_only_disk(program, place):
    needs_root()
    with mounted(os.path.join(place, "disk"), "-t", "tmpfs", "-o", "size=64m", "tmpfs") as disk:
        kept = Kept(program, disk, place)
        os.mkdir(os.path.join(disk, "session"))
        system("mount", "-o", "remount,ro", disk)
        sentence = kept.commands_refuse("Read-only file system")
        refuses(program.run("serve", "--listen", "127.0.0.1:0", "--data", os.path.join(disk, "served"), cwd=place), "Read-only file system")
        system("mount", "-o", "remount,rw", disk)
        kept.goes_on()
    return sentence


@contextlib.contextmanager
def ordinary_user():
    """Root is refused nothing: somebody who is."""
    if os.geteuid() != 0:
        yield {}
        return
    needs("useradd", "userdel")
    name = f"lab-faults-{os.getpid()}"
    system("useradd", "--system", "--no-create-home", "--shell", "/bin/false", name)
    try:
        yield {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}
    finally:
        subprocess.run(["userdel", name], capture_output=True, check=False)


def read_only_folder(program, place):
    folder, home = os.path.join(place, "folder"), os.path.join(place, "home")
    with ordinary_user() as who:
        for each in (folder, home):
            os.mkdir(each)
        kept = Kept(program, folder, place)
        os.chmod(place, 0o755)
        for path, _, names in os.walk(folder):
            os.chmod(path, 0o555)
            for name in names:
                os.chmod(os.path.join(path, name), 0o444)
        if who:
            os.chown(home, pwd.getpwnam(who["user"]).pw_uid, -1)
        as_user = lambda *words: finished(program.start(*words, cwd=home, environment={"HOME": home}, **who))  # noqa: E731
        sentence = refuses(as_user(*training("--out", kept.state)), "Permission denied")
        render = ["render", kept.state, "--view", "maps", "--input", "3 1 4 1 5 9", "--out"]
        refuses(as_user(*render, os.path.join(folder, "maps.svg")), "maps.svg", "Permission denied")
        refuses(as_user(*training("--metrics", os.path.join(folder, "m.csv"))), "Permission denied")
        refuses(as_user("sweep", os.path.join(place, "g.json"), "--out", kept.table), "Permission denied")
        refuses(as_user("serve", "--listen", "127.0.0.1:0", "--data", os.path.join(folder, "served")), "Permission denied")
        kept.require_same()
        as_user_done = as_user(*render, os.path.join(home, "maps.svg"))
        require(as_user_done.status == 0, f"what may be read is not: {as_user_done.said}")
        for path, _, names in os.walk(folder):
            os.chmod(path, 0o755)
            for name in names:
                os.chmod(os.path.join(path, name), 0o644)
        kept.goes_on()
    return sentence


def begun(program, place, metrics, *words):
    """A training or sweep that is at work: its table grows."""
    process = program.start(*words, cwd=place)
    path = os.path.join(place, metrics)
    wait_until(lambda: os.path.exists(path) and os.path.getsize(path) > 500 or process.poll() is not None, metrics)
    return process


def vanished_folder(program, place):
    """While it is trained, swept and served there."""
    gone = os.path.join(place, "gone")
    os.mkdir(gone)
    training_words = training("--set", "training.validate_every=20", "--out", "gone/s.safetensors", "--metrics", "m.csv", steps=3000)
    process = begun(program, place, "m.csv", *training_words)
    shutil.rmtree(gone)
    sentence = refuses(finished(process), "gone/s.safetensors", "is in reverse.rescued.safetensors")
    require(len(metrics_rows(os.path.join(place, "m.csv"))) == 3000, "the metrics are not whole")
    program.done("train", "--resume", "reverse.rescued.safetensors", "--set", "training.steps=3010", "--quiet", cwd=place)

    os.mkdir(gone)
    with open(os.path.join(place, "g.json"), "w", encoding="utf-8") as file:
        json.dump({**SWEEP, "set": {**SWEEP["set"], "training.steps": 200}, "grid": {"training.seed": list(range(1, 60))}}, file)
    process = begun(program, place, "gone/R.csv", "sweep", "g.json", "--out", "gone/R.csv", "--quiet")
    saved = contents(os.path.join(gone, "R.csv"))
    os.rename(gone, gone + "-away")
    refuses(finished(process), "gone")
    os.rename(gone + "-away", gone)
    require(contents(os.path.join(gone, "R.csv")).startswith(saved), "the table is no longer what it was")
    killed = killed_after(program.start("sweep", "g.json", "--out", "gone/R.csv", "--quiet", cwd=place), 1.0)
    require(killed.status in (None, 0) and len(contents(os.path.join(gone, "R.csv"))) >= len(saved), f"it does not go on: {killed.said}")

    server = Served(program, place)
    require(server.address(), "the server does not start")
    try:
        shutil.rmtree(os.path.join(place, "served"))
        server.refusal("POST", "/api/v1/runs", RUN)  # kept in a new folder, or refused: either way it answers
        require(server.all_runs() is not None and server.process.poll() is None, "the server ended when its folder went")
    finally:
        server.process.terminate()
        ended = finished(server.process)
    require(ended.status == 0, f"the server ended with {ended.status}: {ended.said}")
    return sentence
