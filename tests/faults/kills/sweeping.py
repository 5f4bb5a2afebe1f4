"""`attention-lab sweep`, killed and gone on with by the same command until its table is full."""
import csv
import json
import os
import shutil
import time

from program import SMALL, contents, killed_after, metrics_rows, require, require_finite

RUNS = 8
GRID = {"format": "attention-lab/sweep", "version": 1, "base": "reverse",
        "set": {**{key: int(value) for key, value in (setting.split("=") for setting in SMALL)}, "training.steps": 120},
        "grid": {"training.seed": list(range(1, RUNS + 1))}}


class Sweeping:
    share = 0.2

    def __init__(self, program, dice, scratch):
        self.program, self.dice = program, dice
        self.folder, whole = os.path.join(scratch, "sweeping"), os.path.join(scratch, "whole-sweep")
        for folder in (self.folder, whole):
            os.mkdir(folder)
            with open(os.path.join(folder, "g.json"), "w", encoding="utf-8") as file:
                json.dump(GRID, file)
        began = time.monotonic()
        program.done(*self.words(), cwd=whole)
        self.usual = time.monotonic() - began
        self.whole = self.rows(whole)
        self.files = {name: contents(os.path.join(whole, "R.runs", name)) for name in os.listdir(os.path.join(whole, "R.runs"))
                      if name.endswith(".safetensors")}
        require(len(self.whole) == RUNS and len(self.files) == RUNS, f"{len(self.whole)} of {RUNS} runs")
        self.known, self.ended = {}, 0

    @staticmethod
    def words():
        return ["sweep", "g.json", "--out", "R.csv", "--jobs", "2", "--quiet"]

    @staticmethod
    def rows(folder):
        """By seed: every cell, whole."""
        path = os.path.join(folder, "R.csv")
        if not os.path.exists(path):
            return {}
        text = contents(path).decode()
        require(text.endswith("\n"), f"{path} ends within a line")
        rows = list(csv.DictReader(text.splitlines()))
        require(all(None not in row and None not in row.values() for row in rows), f"{path} has a row that is not whole")
        return {row["training.seed"]: row for row in rows}

    @staticmethod
    def result(row):
        return {key: cell for key, cell in row.items() if key != "seconds"}

    def kill(self, _):
        process = self.program.start(*self.words(), cwd=self.folder)
        ended = killed_after(process, self.dice.uniform(0, 0.8 * self.usual))
        require(ended.status in (None, 0), ended.said)
        rows = self.rows(self.folder)
        require(all(rows.get(seed) == row for seed, row in self.known.items()), f"rows were {self.known}, now {rows}")
        for seed, row in rows.items():
            require(self.result(row) == self.result(self.whole[seed]), f"the row of seed {seed} is not that of the undisturbed sweep: {row}")
            name = f"run-{int(seed) - 1:04}"
            metrics_rows(os.path.join(self.folder, "R.runs", name + ".metrics.csv"))
            require_finite(os.path.join(self.folder, "R.runs", name + ".safetensors"))
            same = contents(os.path.join(self.folder, "R.runs", name + ".safetensors")) == self.files[name + ".safetensors"]
            require(same, f"{name} is not that of the undisturbed sweep")
        self.known = rows
        if len(rows) == RUNS:
            self.finish()
        return f"{len(rows)} of {RUNS} runs"

    def finish(self):
        self.program.done(*self.words(), cwd=self.folder)
        os.remove(os.path.join(self.folder, "R.csv"))
        shutil.rmtree(os.path.join(self.folder, "R.runs"))
        self.known = {}
        self.ended += 1

    def end(self):
        return f"{self.ended} sweeps came to all rows of the undisturbed one"
