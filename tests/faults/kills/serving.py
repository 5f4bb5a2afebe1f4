"""`attention-lab serve`, killed at its start, while it answers and while it trains: what it has answered with 2xx is there."""
import json
import os
import shutil
import threading
import time

from program import contents, require, require_finite, require_no_crash, wait_until
from served import Served, listed

KILLS_A_FOLDER = 12  # then all runs are trained to their end and compared
STEPS = 60
RUN = {"preset": "copy", "set": {"training.steps": STEPS, "training.batch_size": 4, "training.validate_every": 20, "training.seed": 5,
                                 "task.test_size": 8}}


class Serving:
    share = 0.2

    def __init__(self, program, dice, scratch):
        self.program, self.dice = program, dice
        self.folder = os.path.join(scratch, "serving")
        os.mkdir(self.folder)
        began = time.monotonic()
        server = Served(program, self.folder)
        require(server.address(), "the server does not start")
        self.usual = time.monotonic() - began
        server.process.kill()
        server.process.communicate()
        self.runs, self.deleted, self.files = set(), set(), set()
        self.answered = self.compared = 0
        self.end_bits = None

    def kill(self, round):
        if round % 3 == 0:
            self.kill_at_start()
        else:
            self.kill_at_work(round)
        self.check_folder()
        if round % KILLS_A_FOLDER == KILLS_A_FOLDER - 1:
            self.train_all_and_compare()
        return f"{len(self.runs)} runs, {len(self.files)} files, {len(self.deleted)} deleted"

    def kill_at_start(self):
        if self.dice.random() < 0.3:  # the very first start, where even the token is made
            shutil.rmtree(os.path.join(self.folder, "served"), ignore_errors=True)
            self.forget()
        server = Served(self.program, self.folder)
        time.sleep(self.dice.uniform(0, 1.2 * self.usual))
        self.end_of(server)

    def kill_at_work(self, round):
        server = self.started()
        self.check_lists(server)
        timer = threading.Timer(self.dice.uniform(0, 0.8), server.process.kill)
        timer.start()
        count = 0
        while server.process.poll() is None:
            self.ask_something(server, f"{round}-{count}")
            count += 1
        timer.join()
        self.end_of(server)

    def started(self):
        server = Served(self.program, self.folder)
        if not server.address():
            said = server.process.communicate()
            require(False, f"the server does not come back: {said}")
        return server

    def end_of(self, server):
        status = server.process.poll()
        server.process.kill()
        output, errors = server.process.communicate()
        require_no_crash(status, output + errors, server.process.args)
        require(status in (None, -9), f"the server ended by itself with {status}: {output}{errors}")
        require("cannot be" not in errors, errors)

    def ask_something(self, server, name):
        what = self.dice.random()
        if what < 0.35 and len(self.runs) < 20:
            made = server.ask("POST", "/api/v1/runs", RUN, key=name)
            if made:
                self.runs.add(made["id"])
                self.answered += 1
        elif what < 0.6:
            made = server.ask("POST", f"/api/v1/datasets?name=d{name}", f"one two three {name}".encode())
            if made:
                self.files.add(made["file"])
                self.answered += 1
        elif what < 0.7 and len(self.runs) > 3:
            run = self.dice.choice(sorted(self.runs))
            self.runs.discard(run)
            if server.ask("DELETE", f"/api/v1/runs/{run}"):
                self.deleted.add(run)
                self.answered += 1
        elif self.runs:
            run = self.dice.choice(sorted(self.runs))
            command = self.dice.choice(["pause", "resume", "step"])
            self.answered += bool(server.ask("POST", f"/api/v1/runs/{run}:{command}"))

    def check_lists(self, server):
        runs = server.all_runs()
        require(runs is not None, "the server does not list its runs")
        require(self.runs <= set(runs), f"runs {sorted(self.runs - set(runs))} were answered and are gone")
        back = self.deleted & set(runs)
        require(not back, f"runs {sorted(back)} were deleted and are back")
        files = {each["file"] for each in listed(server.ask("GET", "/api/v1/datasets"))}
        require(self.files <= files, f"files {sorted(self.files - files)} were answered and are gone")

    def check_folder(self):
        runs = os.path.join(self.folder, "served", "runs")
        for run in os.listdir(runs) if os.path.isdir(runs) else []:
            asked, state = os.path.join(runs, run, "asked.json"), os.path.join(runs, run, "state.safetensors")
            if run in self.runs:
                require(json.loads(contents(asked))["experiment"]["training"]["steps"] == STEPS, f"{asked} is not what was asked")
            if os.path.exists(state):
                require_finite(state)

    def train_all_and_compare(self):
        """Killed or not, all of them are the same training."""
        server = self.started()
        self.check_lists(server)
        for run in sorted(self.runs):
            server.ask("POST", f"/api/v1/runs/{run}:resume")
            wait_until(lambda run=run: (server.ask("GET", f"/api/v1/runs/{run}") or {}).get("state") == "finished", f"run {run}")
            bits = server.ask("GET", f"/api/v1/runs/{run}/checkpoints/{STEPS}")
            require(bits and len(bits) > 1000, f"run {run} has no weights")
            self.end_bits = self.end_bits or bits
            require(bits == self.end_bits, f"run {run} came to other weights")
            self.compared += 1
        self.end_of(server)
        shutil.rmtree(os.path.join(self.folder, "served"))
        self.forget()

    def forget(self):
        for each in (self.runs, self.deleted, self.files):
            each.clear()

    def end(self):
        return f"{self.answered} answers kept, {self.compared} runs came to the same bits"
