"""`attention-lab train` with metrics and kept steps, killed, gone on with from the newest kept step, killed again."""
import os
import shutil

from program import contents, killed_after, metrics_rows, require, require_finite, settings, step_of, without_speed

STEPS, KEPT_EVERY = 600, 40


class Training:
    share = 0.2

    def __init__(self, program, dice, scratch):
        self.program, self.dice = program, dice
        self.folder = os.path.join(scratch, "training")
        self.whole = os.path.join(scratch, "undisturbed")
        os.mkdir(self.whole)
        self.usual = program.seconds(*self.words(None), cwd=self.whole)
        self.undisturbed = without_speed(metrics_rows(os.path.join(self.whole, "m.csv")))
        self.resumed = self.ended = 0
        self.begin()

    def words(self, state):
        what = ["--resume", state] if state else ["reverse", *settings(f"training.steps={STEPS}", "training.validate_every=1000")]
        return ["train", *what, "--metrics", "m.csv", "--save-every", str(KEPT_EVERY), "--save-in", "steps", "--out", "out.safetensors", "--quiet"]

    def begin(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.mkdir(self.folder)

    def kept(self):
        folder = os.path.join(self.folder, "steps")
        names = os.listdir(folder) if os.path.isdir(folder) else []
        return sorted(os.path.join("steps", name) for name in names if name.endswith(".safetensors"))

    def kill(self, round):
        before = self.kept()
        if before:
            self.resumed += 1
        elif round > 0:
            self.begin()
        process = self.program.start(*self.words(before[-1] if before else None), cwd=self.folder)
        ended = killed_after(process, self.dice.uniform(0, 1.1 * self.usual))
        require(ended.status in (None, 0), f"{ended.said} in {self.folder}")
        kept = self.kept()
        require(set(before) <= set(kept), f"of {before} only {kept} are there")
        for name in kept:
            step = step_of(os.path.join(self.folder, name))
            require(name.endswith(f"{step:07}.safetensors"), f"{name} is of step {step}")
        metrics = os.path.join(self.folder, "m.csv")
        rows = without_speed(metrics_rows(metrics)) if os.path.exists(metrics) else []
        require(rows == self.undisturbed[:len(rows)], "the losses are not those of the undisturbed training")
        require(not kept or len(rows) >= step, f"step {kept and step} is kept, the metrics end at {len(rows)}")
        if ended.status == 0:
            self.finish()
        return f"{len(kept)} kept steps, {len(rows)} rows{', at its end' if ended.status == 0 else ''}"

    def finish(self):
        """Killed and gone on with as often as it was: what came out is what the undisturbed training gave."""
        require_finite(os.path.join(self.folder, "out.safetensors"))
        for name in ["out.safetensors", *self.kept()]:
            same = contents(os.path.join(self.folder, name)) == contents(os.path.join(self.whole, name))
            require(same, f"{name} in {self.folder} is not that of the undisturbed training")
        require(len(metrics_rows(os.path.join(self.folder, "m.csv"))) == STEPS, "rows are missing at the end")
        self.ended += 1
        self.begin()

    def end(self):
        return f"{self.resumed} trainings went on with --resume, {self.ended} came to the bits of the undisturbed one"
