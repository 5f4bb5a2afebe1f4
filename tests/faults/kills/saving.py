"""The window, its session saved several times a second, with pins, scrubbing, branches and now and then a fresh start beside a session.

Whatever it said it saved is there, opens, and is bit for bit the training that it was: kill_nine_window computes it again."""
import os
import subprocess
import tempfile
import time

from program import ENVIRONMENT, killed_after, require, require_finite, unfinished

ROUNDS_A_FOLDER = 12  # then a new one: the longer a training, the longer it takes to compute it again
OFTEN = {**ENVIRONMENT, "ATTENTION_LAB_AUTOSAVE_SECONDS": "0.1"}


def told(lines, word):
    """The numbers behind the last line that begins with the word."""
    found = [line.split()[1:] for line in lines if line.startswith(word + " ")]
    return [int(number) for number in found[-1]] if found else None


class Saving:
    share = 0.2

    def __init__(self, program, dice, scratch):
        program.needs_window()
        self.window, self.dice = program.window, dice
        self.scratch = os.path.join(scratch, "saving")
        os.mkdir(self.scratch)
        self.usual = self.seconds_until_saved(tempfile.mkdtemp(dir=self.scratch))
        self.folder = self.last = None
        self.saves = self.fresh_starts = 0

    def start(self, *words):
        return subprocess.Popen([self.window, *words], env=OFTEN, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def seconds_until_saved(self, folder):
        began = time.monotonic()
        process = self.start(folder)
        for line in process.stdout:
            if line.startswith("saved"):
                break
        process.kill()
        process.communicate()
        return time.monotonic() - began

    def check(self):
        checked = subprocess.run([self.window, self.folder, "--check"], env=OFTEN, capture_output=True, text=True, check=False)
        require(checked.returncode == 0, f"the session in {self.folder} is not what it was: {checked.stdout} {checked.stderr[-400:]}")
        for name in os.listdir(self.folder):
            if name.endswith(".safetensors"):
                require_finite(os.path.join(self.folder, name))
        lines = checked.stdout.splitlines()
        return told(lines, "last"), told(lines, "before")

    def kill(self, round):
        if round % ROUNDS_A_FOLDER == 0:
            self.folder, self.last = tempfile.mkdtemp(dir=self.scratch), None
        fresh = self.last is not None and round % 4 == 3
        self.fresh_starts += fresh
        process = self.start(self.folder, *(["--fresh"] if fresh else []))
        ended = killed_after(process, self.dice.uniform(0.3, 2.5) * self.usual)
        lines = ended.output.splitlines()
        itself = ended.status is not None or any(line.startswith("failed") for line in lines)
        require(not itself, f"the window ended by itself with {ended.status}: {lines[-3:]} {ended.errors[-300:]}")
        saved = told(lines, "saved")
        self.saves += sum(line.startswith("saved ") for line in lines)
        if saved is None and self.last is None:
            return "nothing saved yet"
        now, before = self.check()
        self.compare(saved, now, before, fresh)
        self.last = now
        return f"{now} before {before}{' fresh' if fresh else ''}"

    def compare(self, saved, now, before, fresh):
        """A save that was whole but not yet told may be there too."""
        if not fresh:
            known = saved or self.last
            require(now[0] >= known[0], f"step {known[0]} was saved, step {now[0]} is there")
        elif saved:
            require(before == self.last, f"{self.last} became the session before, but that is {before}")
        else:
            require(self.last in (now, before), f"{self.last} was saved, but {now} and {before} are there")

    def end(self):
        return f"{self.saves} saves told, {self.fresh_starts} fresh starts; {len(unfinished(self.scratch))} unfinished files lie about"
