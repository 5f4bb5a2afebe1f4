#!/usr/bin/env python3
"""Times training and encoding of byte-level BPE against the Python package `tokenizers`, in turn on one thread, and says whether pieces,
merges and ids are the same.

    python3 tests/benchmarks/compare_tokenizers.py TEXT [--pieces 2048] [--rounds 5] [--program build/release/app/attention-lab]
"""
import argparse, json, os, statistics, subprocess, tempfile, time

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
import tokenizers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

parser = argparse.ArgumentParser()
parser.add_argument("text")
parser.add_argument("--pieces", type=int, default=2048)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--program", default="build/release/app/attention-lab")
options = parser.parse_args()


def seconds(act):
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def run(*arguments, out=subprocess.DEVNULL):
    subprocess.run([options.program, *arguments], check=True, stdout=out, stderr=subprocess.DEVNULL)


def merges(tokenizer):
    return [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in tokenizer["model"]["merges"]]


text = open(options.text, encoding="utf-8", newline="").read()
times = {name: [] for name in ("train here", "train there", "encode here", "encode there")}
with tempfile.TemporaryDirectory() as folder:
    ours, ids = os.path.join(folder, "t.json"), os.path.join(folder, "ids")
    for _ in range(options.rounds):
        times["train here"].append(seconds(lambda: run("tokenizer", "train", options.text, "--pieces", str(options.pieces), "--out", ours, "--quiet")))
        theirs = Tokenizer(models.BPE())
        theirs.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        theirs.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(vocab_size=options.pieces, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
        times["train there"].append(seconds(lambda: theirs.train_from_iterator([text], trainer)))
        with open(ids, "w") as out:
            times["encode here"].append(seconds(lambda: run("tokenize", ours, "--file", options.text, "--ids", out=out)))
        # By lines, which it does faster than a text as a whole.
        times["encode there"].append(seconds(lambda: [theirs.encode(line).ids for line in text.splitlines(keepends=True)]))
    a, b = json.load(open(ours)), json.loads(theirs.to_str())
    print("tokenizers", tokenizers.__version__, "-", len(text.encode()), "bytes,", options.pieces, "pieces")
    for name, values in times.items():
        print(f"  {name:12} median {statistics.median(values):6.3f} s, best {min(values):6.3f} s")
    print("  same pieces:", a["model"]["vocab"] == b["model"]["vocab"], "- same merges:", merges(a) == merges(b), "- same ids:",
          theirs.encode(text).ids == [int(i) for i in open(ids).read().split()])
