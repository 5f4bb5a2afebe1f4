"""What the faults share: the program as a process, a small training, and what its files have to be whatever happened."""
import array
import json
import math
import os
import signal
import struct
import subprocess
import sys
import time
from dataclasses import dataclass

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests"))

ENVIRONMENT = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "OMP_WAIT_POLICY": "passive", "ATTENTION_LAB_LANGUAGE": "en"}
CRASHES = {signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGTRAP}
LONGEST = 120  # seconds that anything here may take before it counts as hanging

# A model whose step takes a millisecond or two, of which a few are validated and tested on.
SMALL = ["model.d_model=16", "model.num_layers=1", "task.seq_len=6", "task.train_size=256", "task.validation_size=16", "task.test_size=16",
         "training.batch_size=16"]


class Failed(Exception):
    """Something saved was lost, or a sentence was not said."""


class Skipped(Exception):
    """It cannot be tried here, and why."""


def require(condition, sentence):
    if not condition:
        raise Failed(sentence)


def settings(*more):
    """--set for each; the later one holds."""
    return [word for setting in [*SMALL, *more] for word in ("--set", setting)]


@dataclass
class Ended:
    status: int
    output: str
    errors: str

    @property
    def said(self):
        return self.output + self.errors

    @property
    def sentence(self):
        """The line that a person would read last."""
        lines = [line for line in self.errors.splitlines() if line.strip()]
        return lines[-1] if lines else ""


class Program:
    def __init__(self, build):
        self.path = os.path.join(os.path.abspath(build), "app", "attention-lab")
        self.window = os.path.join(os.path.abspath(build), "tests", "kill_nine_window")
        if not os.access(self.path, os.X_OK):
            raise Skipped(f"{self.path} is not built")

    def needs_window(self):
        if not os.access(self.window, os.X_OK):
            raise Skipped("needs the target kill_nine_window")

    def start(self, *words, cwd, environment=None, before=(), **more):
        """`before`: the words of what starts it, as `prlimit --nofile=9`."""
        return subprocess.Popen([*before, self.path, *words], cwd=cwd, env={**ENVIRONMENT, **(environment or {})}, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, errors="replace", **more)

    def run(self, *words, cwd, **how):
        return finished(self.start(*words, cwd=cwd, **how))

    def done(self, *words, cwd, **how):
        """It has to go well."""
        ended = self.run(*words, cwd=cwd, **how)
        require(ended.status == 0, f"{' '.join(words)}: status {ended.status}: {ended.said[-600:]}")
        return ended

    def seconds(self, *words, cwd):
        began = time.monotonic()
        self.done(*words, cwd=cwd)
        return time.monotonic() - began


def finished(process, longest=LONGEST):
    try:
        output, errors = process.communicate(timeout=longest)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
        raise Failed(f"{' '.join(process.args)} hangs: {(output + errors)[-400:]}") from None
    return Ended(process.returncode, output, errors)


def killed_after(process, seconds):
    """How it ended, status None when it was killed; what crashes by itself is a failure."""
    time.sleep(seconds)
    status = process.poll()
    process.kill()
    output, errors = process.communicate()
    require_no_crash(status, output + errors, process.args)
    return Ended(status, output, errors)


def require_no_crash(status, said, words):
    crashed = status is not None and status < 0 and -status in CRASHES
    require(not crashed, f"{' '.join(words)} crashed with signal {-(status or 0)}: {said[-400:]}")


def refuses(ended, *parts, status=1):
    """One clear sentence: the last line begins with "error: " and has these parts."""
    require_no_crash(ended.status, ended.said, ["it"])
    require(ended.status == status, f"status {ended.status}, not {status}: {ended.said[-600:]}")
    require(ended.sentence.startswith("error: "), f"no sentence: {ended.errors[-600:]}")
    missing = [part for part in parts if part not in ended.sentence]
    require(not missing, f"'{ended.sentence}' does not say {missing}")
    return ended.sentence


def wait_until(condition, what, longest=LONGEST):
    until = time.monotonic() + longest
    while not (found := condition()):
        require(time.monotonic() < until, f"waited in vain for {what}")
        time.sleep(0.02)
    return found


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def read_tensors(path):
    """Metadata and the bytes of each tensor, with its type; that they are all of the file is checked."""
    data = contents(path)
    require(len(data) >= 8, f"{path} has {len(data)} bytes")
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__", {})
    tensors, end = {}, 0
    for name, entry in header.items():
        begin, end_of = entry["data_offsets"]
        tensors[name] = (entry["dtype"], data[8 + length + begin:8 + length + end_of])
        end = max(end, end_of)
    require(8 + length + end == len(data), f"{path} is {len(data)} bytes, its header tells of {8 + length + end}")
    return metadata, tensors


def require_finite(path):
    """Every tensor of floats in the file; but in a session's table of steps a number that was not measured is none."""
    metadata, tensors = read_tensors(path)
    require(tensors, f"{path} has no tensors")
    for name, (kind, data) in tensors.items():
        code = {"F32": "f", "F64": "d"}.get(kind)
        if code and not name.endswith(".rows"):
            numbers = array.array(code)
            numbers.frombytes(data)
            require(all(map(math.isfinite, numbers)), f"{path}: {name} is not finite")
    return metadata


def step_of(path):
    return json.loads(require_finite(path)["attention_lab.state"])["step"]


def metrics_rows(path):
    """Cells of each row; every line is whole, and no step is missing or there twice."""
    text = contents(path).decode()
    require(text.endswith("\n"), f"{path} ends within a line: ...{text[-60:]!r}")
    lines = [line.split(",") for line in text.splitlines()]
    for step, row in enumerate(lines[1:], start=1):
        require(len(row) == len(lines[0]) and row[0] == str(step), f"{path}: row {step} is {row}")
        require(math.isfinite(float(row[1])), f"{path}: row {step} is {row}")
    return lines[1:]


def without_speed(rows):
    """What is the same on every run: all but tokens per second, the last column."""
    return [row[:-1] for row in rows]


def unfinished(folder):
    """Temporary files that lie about below a folder."""
    return [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names if name.endswith(".tmp")]
