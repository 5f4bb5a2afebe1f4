"""`attention-lab train --out` over the state of an earlier training: the old file or the new one, whole."""
import os
import time

from program import killed_after, metrics_rows, require, step_of


class Replacing:
    share = 0.15

    def __init__(self, program, dice, scratch):
        self.program, self.dice = program, dice
        self.folder = os.path.join(scratch, "replacing")
        os.mkdir(self.folder)
        began = time.monotonic()
        program.done(*self.words(5), cwd=self.folder)
        self.usual = time.monotonic() - began
        self.known, self.replaced = 5, 0

    def words(self, steps):
        return ["train", "reverse", "--set", f"training.steps={steps}", "--set", "training.validate_every=1000", "--set", "task.test_size=200",
                "--set", "model.d_model=128", "--out", "run.safetensors", "--metrics", "metrics.csv"]

    def kill(self, round):
        steps = 6 + round % 50
        ended = killed_after(self.program.start(*self.words(steps), cwd=self.folder), self.dice.uniform(0, 1.5 * self.usual))
        said = "\nsaved " in "\n" + ended.errors
        step = step_of(os.path.join(self.folder, "run.safetensors"))
        require(step == steps or (not said and step == self.known),
                f"step {self.known} was saved, then {steps}{' was told' if said else ''}; step {step} is there")
        metrics_rows(os.path.join(self.folder, "metrics.csv"))
        self.program.done("train", "--resume", "run.safetensors", "--set", f"training.steps={step + 1}", "--quiet", cwd=self.folder)
        self.replaced += step != self.known
        self.known = step
        return f"step {step}"

    def end(self):
        return f"{self.replaced} kills came after the new file"
