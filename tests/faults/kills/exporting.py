"""Commands that write a file over the one of before: the old one or the new one, whole."""
import os

from program import contents, killed_after, require, settings

INPUTS = ["3 1 4 1 5 9", "2 7 1 8 2 8"]
# What ends each kind whose bytes differ from one writing to the next (a PDF has its date).
ENDINGS = {".pdf": b"%%EOF"}


def exports(given):
    maps = ["render", "s.safetensors", "--view", "maps", "--input", given]
    explain = ["explain", "s.safetensors", "--input", given]
    return {"maps.svg": maps, "maps.png": maps, "maps.pdf": maps, "maps.csv": maps,
            "trace.safetensors": ["trace", "s.safetensors", "--input", given],
            "walk.md": explain, "walk.py": [*explain, "--code", "numpy"], "walk.pdf": explain,
            "report.html": ["report", "R.csv" if given == INPUTS[0] else "S.csv"],
            "q.safetensors": ["quantize", "s.safetensors", "--bits", "8" if given == INPUTS[0] else "4"]}


class Exporting:
    share = 0.25

    def __init__(self, program, dice, scratch):
        self.program, self.dice = program, dice
        self.folder = os.path.join(scratch, "exporting")
        os.mkdir(self.folder)
        program.done("train", "reverse", *settings("training.steps=3"), "--out", "s.safetensors", "--quiet", cwd=self.folder)
        for name, seeds in (("R", "1, 2"), ("S", "3, 4")):
            with open(os.path.join(self.folder, f"{name}.json"), "w", encoding="utf-8") as file:
                file.write('{"format": "attention-lab/sweep", "version": 1, "base": "reverse", "set": {"training.steps": 2, '
                           f'"task.test_size": 8}}, "grid": {{"training.seed": [{seeds}]}}}}')
            program.done("sweep", f"{name}.json", "--out", f"{name}.csv", "--quiet", cwd=self.folder)
        self.names = list(exports(INPUTS[0]))
        self.whole = {name: [self.written(name, given) for given in INPUTS] for name in self.names}
        self.usual = {name: program.seconds(*exports(INPUTS[1])[name], "--out", name, cwd=self.folder) for name in self.names}
        self.now = {name: contents(self.path(name)) for name in self.names}
        self.replaced = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def written(self, name, given):
        """What an undisturbed writing gives; nothing when the next one gives something else."""
        found = []
        for _ in range(2):
            self.program.done(*exports(given)[name], "--out", name, cwd=self.folder)
            found.append(contents(self.path(name)))
        require(found[0] == found[1] or os.path.splitext(name)[1] in ENDINGS, f"{name} is not the same when it is written again")
        return found[0] if found[0] == found[1] else None

    def is_whole(self, name, data, new):
        if data == self.now[name]:
            return True
        if new is not None:
            return data == new
        return data.rstrip().endswith(ENDINGS[os.path.splitext(name)[1]]) and abs(len(data) - len(self.now[name])) < len(data) // 2

    def kill(self, round):
        name = self.names[round % len(self.names)]
        which = round // len(self.names) % 2
        late = round % 3 != 0  # where it writes
        seconds = self.dice.uniform(0.75 if late else 0, 1.15) * self.usual[name]
        ended = killed_after(self.program.start(*exports(INPUTS[which])[name], "--out", name, cwd=self.folder), seconds)
        require(ended.status in (None, 0), ended.said)
        data = contents(self.path(name))
        require(self.is_whole(name, data, self.whole[name][which]), f"{self.path(name)} is neither the old one nor the new one")
        require(ended.status is None or data != self.now[name] or self.whole[name][which] == data, f"{name} was told written and is not")
        new = data != self.now[name]
        self.replaced += new
        self.now[name] = data
        return f"{name}: the {'new' if new else 'old'} one"

    def end(self):
        return f"{self.replaced} kills came after the new file"
