"""Two windows of one person at once, on a display of their own: neither's session nor recent files are lost."""
import contextlib
import glob
import json
import os
import subprocess
import time

from disk import needs
from program import ENVIRONMENT, finished, require, require_finite, settings, step_of, wait_until

NAMES = ("Ann", "Ben", "Cid", "Dot")


@contextlib.contextmanager
def display():
    """A screen that nobody sees, with a window manager, so that keys reach the window they are meant for."""
    needs("Xvfb", "xdotool", "openbox")
    read, write = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24"], pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as told:
        name = f":{told.readline().strip()}"
    manager = subprocess.Popen(["openbox"], env={**ENVIRONMENT, "DISPLAY": name}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield name
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait()


class Person:
    """A home, a screen, and windows of the program."""

    def __init__(self, program, home, screen):
        self.program, self.home = program, home
        # Nothing of the environment may lead to another home.
        self.environment = {"HOME": home, "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb", "ATTENTION_LAB_AUTOSAVE_SECONDS": "0.4",
                            "XDG_CONFIG_HOME": f"{home}/.config", "XDG_DATA_HOME": f"{home}/.local/share", "XDG_CACHE_HOME": f"{home}/.cache"}

    def window(self, *words):
        process = self.program.start("--no-start", *words, cwd=self.home, environment=self.environment)
        self.to(process, "search", "--sync", "--onlyvisible", "--pid", str(process.pid))
        return process

    def to(self, process, *words):
        done = subprocess.run(["timeout", "30", "xdotool", *words], env={**ENVIRONMENT, **self.environment}, capture_output=True, text=True,
                              check=False)
        require(done.returncode == 0 and process.poll() is None, f"xdotool {' '.join(words)}: {done.stderr}; window {process.poll()}")
        return done.stdout.split()

    def keys(self, process, *words):
        shown = self.to(process, "search", "--onlyvisible", "--pid", str(process.pid))[-1]
        self.to(process, "windowactivate", "--sync", shown)
        self.to(process, *words)

    def open(self, process, path):
        """By the dialog, as a person does."""
        self.keys(process, "key", "ctrl+o")
        wait_until(lambda: len(self.to(process, "search", "--onlyvisible", "--pid", str(process.pid))) > 1, "the dialog", 20)
        time.sleep(0.5)
        self.to(process, "type", path)
        self.to(process, "key", "Return")
        wait_until(lambda: path in self.settings(), f"{path} among the recent files", 20)

    def settings(self):
        return "\n".join(open(path, encoding="utf-8").read() for path in glob.glob(f"{self.home}/.config/attention-lab/*.conf"))

    def sessions(self):
        return sorted(glob.glob(f"{self.home}/.local/share/**/session*.safetensors", recursive=True))


def write_experiment(path, name):
    values = {key: value for key, value in (setting.split("=") for setting in settings()[1::2])}
    model = ", ".join(f'"{key[6:]}": {value}' for key, value in values.items() if key.startswith("model."))
    task = ", ".join(f'"{key[5:]}": {value}' for key, value in values.items() if key.startswith("task."))
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'{{"format": "attention-lab/experiment", "version": 1, "name": "{name}", "task": {{"kind": "reverse", {task}}}, '
                   f'"model": {{{model}}}, "training": {{"steps": 1000000}}}}\n')


def kept_names(person):
    """Of the experiments that the session files keep, each whole."""
    found = {}
    for session in person.sessions():
        text = json.dumps(require_finite(session))
        found[session] = next((name for name in NAMES if f"{name} of the two windows" in text), None)
    return found


def train_both(person, windows):
    """Until each session was saved again and again."""
    for window in windows:
        person.keys(window, "key", "space")
    wait_until(lambda: len(person.sessions()) == 2, "two sessions", 60)
    for _ in range(2):
        times = {path: os.stat(path).st_mtime_ns for path in person.sessions()}
        wait_until(lambda times=times: all(os.stat(path).st_mtime_ns > time for path, time in times.items()), "both saved again", 60)


@contextlib.contextmanager
def two(person, *words):
    windows = []
    try:
        windows = [person.window(*word) for word in words]
        yield windows
    finally:
        for window in windows:
            window.terminate()
        ended = [finished(window) for window in windows]
    require(all(each.status == 0 for each in ended), f"they ended with {[(each.status, each.said[-300:]) for each in ended]}")


def two_windows(program, place):
    files = {name: os.path.join(place, f"{name.lower()}.json") for name in NAMES}
    for name, path in files.items():
        write_experiment(path, f"{name} of the two windows")
    with display() as screen:
        person = Person(program, place, screen)
        with two(person, [files["Ann"]], [files["Ben"]]) as windows:
            person.open(windows[0], files["Cid"])  # behind what the other one has noted
            person.open(windows[1], files["Dot"])
            train_both(person, windows)
        lost = [name for name, path in files.items() if path not in person.settings()]
        require(not lost, f"{lost} are no longer among the recent files")
        kept = kept_names(person)
        require(sorted(kept.values()) == ["Cid", "Dot"], f"sessions {kept}")
        steps = {path: step_of(path) for path in kept}
        with two(person, [], []) as windows:  # each takes up one of them
            for window in windows:
                person.keys(window, "key", "ctrl+shift+r")
            train_both(person, windows)
        require(kept_names(person) == kept, f"sessions {kept_names(person)}, which were {kept}")
        require(all(step_of(path) > step for path, step in steps.items()), "a session did not go on")
    return f"both sessions went on from steps {sorted(steps.values())}, all {len(files)} recent files are there"
