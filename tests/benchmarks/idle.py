#!/usr/bin/env python3
"""Whether a window that has nothing to do sleeps: counts what each thread of the real program is woken for in ten seconds.

    apt install xvfb openbox xdotool strace
    tests/benchmarks/idle.py [--program FILE] [--seconds 10] [--display 77] [--settle 75] [--open FILE ...]

The program is started under an X server of its own, with a home of its own, and is left alone: paused as it opens, trained for a moment and
paused, then with the keyboard in a text field, then minimised. Wanted is 0 in each: a thread that sleeps through has neither a voluntary
context switch (/proc) nor a system call that ended (strace -c -f, where strace is there). What the X server sends would be seen as a read
of its socket; on a still screen it sends nothing.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def switches(pid):
    """Voluntary context switches of each thread: {(id, name): count}."""
    found = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/status") as status:
            fields = dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line)
        found[(int(task), fields["Name"])] = int(fields["voluntary_ctxt_switches"])
    return found


def seconds_used(pid):
    """Of processors, by all threads."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def woken(pid, seconds):
    """Threads that were, and how often."""
    before = switches(pid)
    time.sleep(seconds)
    return {f"{name} ({task})": count - before.get((task, name), 0) for (task, name), count in switches(pid).items()
            if count != before.get((task, name), 0)}


def calls(pid, seconds):
    """What strace -c -f counts; only of calls that ended while it looked."""
    with tempfile.NamedTemporaryFile("r", suffix=".strace") as report:
        tracer = subprocess.Popen(["strace", "-c", "-f", "-p", str(pid), "-o", report.name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        tracer.send_signal(signal.SIGINT)
        tracer.wait()
        lines = report.read().splitlines()
    rows = [line.split() for line in lines if line and line.split()[0].replace(".", "").isdigit() and not line.endswith("total")]
    return {row[-1]: int(row[3]) for row in rows if row[-1] != "restart_syscall"}  # of the tracer's own coming


class Desk:
    """A screen with a window manager and the program on it."""

    def __init__(self, options, file):
        self.home = tempfile.TemporaryDirectory()
        self.environment = {**os.environ, "DISPLAY": f":{options.display}", "HOME": self.home.name, "QT_QPA_PLATFORM": "xcb",
                            "XDG_CONFIG_HOME": self.home.name, "XDG_DATA_HOME": self.home.name, "ATTENTION_LAB_LANGUAGE": "en"}
        self.processes = [self.start(["Xvfb", f":{options.display}", "-screen", "0", "1400x900x24", "-nolisten", "tcp"])]
        time.sleep(1)
        self.processes.append(self.start(["openbox"]))
        self.processes.append(self.start([options.program, *([file] if file else [])]))
        self.program = self.processes[-1]
        self.window = self.visible_window()

    def start(self, command):
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def tool(self, *words):
        return subprocess.run(["xdotool", *words], env=self.environment, capture_output=True, text=True).stdout.split()

    def visible_window(self):
        for _ in range(600):
            if found := self.tool("search", "--onlyvisible", "--pid", str(self.program.pid), "--name", "."):
                self.tool("windowactivate", found[-1])
                return found[-1]
            time.sleep(0.1)
        sys.exit("error: no window has come")

    def press(self, *keys):
        self.tool("key", "--window", self.window, *keys)

    def close(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait()
        self.home.cleanup()


def look(desk, what, options):
    """Prints and says how often it was woken."""
    time.sleep(options.settle)  # what was begun ends: pictures, the session that is kept, a cursor that blinks
    wakes = woken(desk.program.pid, options.seconds)
    print(f"{what:55} context switches {sum(wakes.values()):5}  {wakes if wakes else ''}")
    count = sum(wakes.values())
    if shutil.which("strace"):
        ended = calls(desk.program.pid, options.seconds)
        print(f"{'':55} system calls     {sum(ended.values()):5}  {ended if ended else ''}")
    sys.stdout.flush()
    return count


def measure(options, file):
    desk = Desk(options, file)
    name = os.path.basename(file) if file else "the start page"
    try:
        count = look(desk, f"{name}, as it opens", options)
        before = seconds_used(desk.program.pid)
        desk.press("ctrl+space")  # trains all runs
        time.sleep(2)
        desk.press("ctrl+space")  # pauses them
        print(f"{name}: trained for {seconds_used(desk.program.pid) - before:.1f} s of a processor")
        count += look(desk, f"{name}, trained and paused", options)
        desk.tool("mousemove", "--window", desk.window, "700", "400", "click", "1")
        desk.press("ctrl+k")
        count += look(desk, f"{name}, the keyboard in a text field", options)
        desk.press("Escape")
        desk.tool("windowminimize", desk.window)
        count += look(desk, f"{name}, minimised", options)
    finally:
        desk.close()
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(ROOT, "build", "release", "app", "attention-lab"))
    parser.add_argument("--seconds", type=float, default=10, help="of each look, default 10")
    parser.add_argument("--settle", type=float, default=75, help="seconds before each look; the session is kept after 60; default 75")
    parser.add_argument("--display", type=int, default=77, help="number of the X server, default 77")
    parser.add_argument("--open", nargs="*", default=["", os.path.join(ROOT, "resources", "presets", "reverse.json")],
                        help="what is opened, each in a program of its own, '' for the start page; default: that and a preset")
    options = parser.parse_args()
    for tool in ("Xvfb", "openbox", "xdotool"):
        if not shutil.which(tool):
            parser.error(f"{tool} is missing; apt install xvfb openbox xdotool strace")
    sys.exit(1 if sum(measure(options, file) for file in options.open) > 0 else 0)


if __name__ == "__main__":
    main()
