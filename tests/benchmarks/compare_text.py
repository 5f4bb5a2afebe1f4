#!/usr/bin/env python3
"""Trains the recipe first-words in Attention Lab and the same model in PyTorch on the same batches, and compares what they end with.

    bible gen1:1-rev22:21 > kjv.txt                     # Debian: bible-kjv
    python3 tests/benchmarks/compare_text.py kjv.txt [--steps 1500] [--seed 42] [--program FILE] [--threads 2]

The same means: the cleaned text and its split as `attention-lab data` makes them, characters as tokens, blocks drawn by the same numbers
(Philox4x32-10, training.seed, stream "training.blocks"), model (RMS norm before each part, RoPE by halves, SwiGLU, tied output, no biases),
AdamW, schedule, clipping, and the validation of overlapping blocks, of which the second half is scored. The first weights are drawn from
the same distributions, not by the same numbers. Wanted: bits a byte at the end within .03 of one another. Needs torch and numpy.

    python3 tests/benchmarks/compare_text.py kjv.txt --time [--rounds 5] [--seconds 5] [--program FILE] [--threads 2]

Times a training step instead: of the recipe own-text (d 192, L 6, h 6, n 128, batch 32, 512 pieces) on this text, and of the char-LM
decoder of compare_pytorch.py, in Attention Lab (A) and in PyTorch (B), in turn A B A B. A row's time is the median of its rounds, each the
median of its steps behind a warm-up; its ratio is the median of the rounds' ratios, PyTorch / Attention Lab. PyTorch runs eagerly in this
interpreter, tuned as compare_pytorch.py says; its batches are cut beforehand, the cutting of Attention Lab's is part of its time. Only on a quiet machine.
"""

import argparse
import csv
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

import compare_pytorch
import pytorch_steps

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CLIP, EPSILON, DECAY = 1.0, 1e-5, 0.1


@dataclass
class Recipe:
    """What a recipe of resources/recipes says."""

    name: str
    d: int
    layers: int
    heads: int
    length: int
    wide: int
    batch: int
    rate: float
    warmup: int
    betas: tuple


FIRST_WORDS = Recipe("first-words", 128, 4, 4, 64, 344, 16, 3e-3, 100, (0.9, 0.99))
OWN_TEXT = Recipe("own-text", 192, 6, 6, 128, 512, 32, 2e-3, 200, (0.9, 0.95))
OWN_TEXT_PIECES = 512
CHAR_LM = 5  # row of pytorch_steps.py


def fnv(name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def philox_bits(seed, stream, index):
    """32 bits for each index: word index % 4 of block index // 4 (core/base/random.cpp)."""
    mask = np.uint64(0xFFFFFFFF)
    block = (index // 4).astype(np.uint64)
    x = [block & mask, block >> np.uint64(32), np.full_like(block, stream & 0xFFFFFFFF), np.full_like(block, stream >> 32)]
    key0, key1 = seed & 0xFFFFFFFF, seed >> 32
    for _ in range(10):
        p, q = np.uint64(0xD2511F53) * x[0], np.uint64(0xCD9E8D57) * x[2]
        x = [(q >> np.uint64(32)) ^ x[1] ^ np.uint64(key0), q & mask, (p >> np.uint64(32)) ^ x[3] ^ np.uint64(key1), p & mask]
        key0, key1 = (key0 + 0x9E3779B9) & 0xFFFFFFFF, (key1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack(x)[(index % 4).astype(np.int64), np.arange(len(index))]


def starts(recipe, seed, step, count):
    index = np.arange(step * recipe.batch, (step + 1) * recipe.batch, dtype=np.uint64)
    return ((philox_bits(seed, fnv("training.blocks"), index) * np.uint64(count)) >> np.uint64(32)).astype(np.int64)


def rotated(x, cos, sin):
    half = x.shape[-1] // 2
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


class Model(torch.nn.Module):
    def __init__(self, recipe, symbols):
        super().__init__()
        self.heads, d, wide = recipe.heads, recipe.d, recipe.wide

        def drawn(rows, columns, scale=0.02):
            return torch.nn.Parameter(torch.randn(rows, columns) * scale)
        residual = 0.02 / math.sqrt(2 * recipe.layers)
        self.table = drawn(symbols, d)
        self.blocks = torch.nn.ModuleList()
        for _ in range(recipe.layers):
            block = torch.nn.Module()
            block.qkv = drawn(3 * d, d)
            block.out = drawn(d, d, residual)
            block.gate, block.up, block.down = drawn(wide, d), drawn(wide, d), drawn(d, wide, residual)
            block.first, block.second = torch.nn.Parameter(torch.ones(d)), torch.nn.Parameter(torch.ones(d))
            self.blocks.append(block)
        self.last = torch.nn.Parameter(torch.ones(d))
        head = d // recipe.heads
        angles = torch.arange(recipe.length)[:, None] * 10000.0 ** (-torch.arange(0, head, 2) / head)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)

    @staticmethod
    def norm(x, weight):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPSILON) * weight

    def forward(self, tokens):
        x = self.table[tokens]
        batch, length, d = x.shape
        cos, sin = self.cos[:length], self.sin[:length]
        for b in self.blocks:
            q, k, v = (F.linear(self.norm(x, b.first), b.qkv)).view(batch, length, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
            y = F.scaled_dot_product_attention(rotated(q, cos, sin), rotated(k, cos, sin), v, is_causal=True)
            x = x + F.linear(y.transpose(1, 2).reshape(batch, length, d), b.out)
            h = self.norm(x, b.second)
            x = x + F.linear(F.silu(F.linear(h, b.gate)) * F.linear(h, b.up), b.down)
        return F.linear(self.norm(x, self.last), self.table)


def scored_blocks(count, length):
    """Begin and first scored place of each block (core/data/text_dataset.cpp), overlapping by half."""
    blocks, scored, last = [], 0, count - 1
    while scored < last:
        end = min(last, length if not blocks else scored + length // 2)
        begin = max(0, end - length)
        blocks.append((begin, scored - begin))
        scored = end
    return blocks


@torch.no_grad()
def validated(model, ids, length):
    """Nats a token over the whole text."""
    total, counted = 0.0, 0
    blocks = scored_blocks(len(ids), length)
    for i in range(0, len(blocks), 64):
        part = blocks[i:i + 64]
        tokens = torch.stack([ids[b:b + length] for b, _ in part])
        targets = torch.stack([ids[b + 1:b + length + 1] for b, _ in part]).clone()
        for row, (_, first) in enumerate(part):
            targets[row, :first] = -1
        logits = model(tokens)
        total += F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1, reduction="sum").item()
        counted += int((targets >= 0).sum())
    return total / counted


def adamw(model, recipe):
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() == 1]
    groups = [{"params": matrices, "weight_decay": DECAY}, {"params": vectors, "weight_decay": 0.0}]
    return pytorch_steps.adam_of(torch, groups, "AdamW", lr=recipe.rate, betas=recipe.betas, eps=1e-8)[0]


def advance(model, optimizer, tokens, targets):
    loss = F.cross_entropy(model(tokens).flatten(0, 1), targets.flatten())
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
    optimizer.step()
    return loss


def blocks_of(train, begins, length):
    """Tokens and targets, each [block, place]."""
    return [torch.stack([train[b + shift:b + shift + length] for b in begins]) for shift in (0, 1)]


def trained(recipe, train, symbols, steps, seed):
    torch.manual_seed(seed)
    model = Model(recipe, symbols)
    optimizer = adamw(model, recipe)
    for step in range(steps):
        progress = (step + 1 - recipe.warmup) / (steps - recipe.warmup)
        factor = (step + 1) / recipe.warmup if step < recipe.warmup else 0.5 * (1 + math.cos(math.pi * progress))
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate * factor
        tokens, targets = blocks_of(train, starts(recipe, seed, step, len(train) - recipe.length), recipe.length)
        loss = advance(model, optimizer, tokens, targets)
        if (step + 1) % 100 == 0:
            print(f"  PyTorch step {step + 1}: loss {loss.item():.4f}", flush=True)
    return model


def parts_of(program, path, folder):
    """The cleaned text that is trained on and the one that is validated on."""
    parts = [os.path.join(folder, name) for name in ("train.txt", "validation.txt")]
    subprocess.run([program, "data", path, "--train", parts[0], "--validation", parts[1]], check=True, stdout=subprocess.DEVNULL)
    return [open(part, encoding="utf-8", newline="").read() for part in parts]


class OwnTextStep:
    """The training step of own-text in PyTorch; built once, for its memory comes warm from the rounds before."""

    batches = 16

    def __init__(self, train):
        torch.manual_seed(42)
        self.model = Model(OWN_TEXT, OWN_TEXT_PIECES)
        self.optimizer = adamw(self.model, OWN_TEXT)
        count = len(train) - OWN_TEXT.length
        self.pairs = [blocks_of(train, starts(OWN_TEXT, 42, step, count), OWN_TEXT.length) for step in range(self.batches)]
        self.done = 0

    def run(self, seconds, steps):
        """Times of steps until both limits are met."""
        times = []
        while sum(times) < seconds or len(times) < steps:
            begin = time.perf_counter()
            advance(self.model, self.optimizer, *self.pairs[self.done % self.batches]).item()
            times.append(time.perf_counter() - begin)
            self.done += 1
        return times


def time_own_text(options, text, steps, folder):
    """Median seconds of a step of `attention-lab train own-text`, without the first fifth of the steps."""
    metrics = os.path.join(folder, "metrics.csv")
    subprocess.run([options.program, "train", "own-text", "--set", f"task.path={text}", "--set", f"training.steps={steps}",
                    "--set", f"training.validate_every={steps}", "--set", "task.validation_size=1", "--set", "task.test_size=0",
                    "--threads", str(options.threads), "--metrics", metrics, "--quiet"],
                   check=True, stdout=subprocess.DEVNULL, env=compare_pytorch.plain_environment(options.threads))
    with open(metrics, newline="") as file:
        speeds = [float(row["tokens_per_second"]) for row in csv.DictReader(file)]
    return OWN_TEXT.batch * OWN_TEXT.length / statistics.median(speeds[steps // 5:])


def pieces_of(program, text, folder):
    """The ids of the text's tokens by own-text's tokenizer, [n]."""
    tokenizer = os.path.join(folder, "tokenizer.json")
    subprocess.run([program, "tokenizer", "train", text, "--pieces", str(OWN_TEXT_PIECES), "--out", tokenizer], check=True,
                   stdout=subprocess.DEVNULL)
    listed = subprocess.run([program, "tokenize", tokenizer, "--file", text, "--ids"], check=True, capture_output=True,
                            text=True)
    return torch.tensor([int(word) for word in listed.stdout.split()])


def time_steps(options, text):
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    compare_pytorch.warn_if_busy()
    rows = [compare_pytorch.Measured(row, ["eager"]) for row in (pytorch_steps.ROWS[CHAR_LM - 1], OWN_TEXT)]
    with tempfile.TemporaryDirectory() as folder:
        theirs = [pytorch_steps.PyTorchStep(torch, rows[0].row), OwnTextStep(pieces_of(options.program, text, folder))]
        for turn in range(options.rounds):
            print(f"round {turn + 1} / {options.rounds}", file=sys.stderr, flush=True)
            rows[0].ours.append(compare_pytorch.time_attention_lab(options.program, CHAR_LM, options.threads, options.seconds))
            rows[0].theirs["eager"].append(pytorch_steps.time_pytorch(theirs[0], options.seconds))
            rows[1].ours.append(time_own_text(options, text, 25, folder))
            rows[1].theirs["eager"].append(pytorch_steps.time_pytorch(theirs[1], options.seconds))
    compare_pytorch.print_table(pytorch_steps.description(torch), options.rounds, rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--program", default=os.path.join(ROOT, "build", "release", "app", "attention-lab"))
    parser.add_argument("--time", action="store_true", help="time training steps instead of training")
    parser.add_argument("--rounds", type=int, default=5, help="of --time; default 5")
    parser.add_argument("--seconds", type=float, default=5, help="of measuring a row in each round of --time, default 5")
    options = parser.parse_args()
    text = os.path.abspath(options.text)
    if options.time:
        compare_pytorch.start_anew(options.threads)
        time_steps(options, text)
        return
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as folder:
        train, validation = parts_of(options.program, text, folder)
        checkpoint = os.path.join(folder, "ours.safetensors")
        subprocess.run([options.program, "train", "first-words", "--set", f"task.path={text}", "--set", f"training.steps={options.steps}",
                        "--set", f"training.seed={options.seed}", "--out", checkpoint], check=True)
        report = subprocess.run([options.program, "evaluate", checkpoint, "--json"], check=True, capture_output=True, text=True).stdout
    ours = json.loads(report)["bits_per_byte"]
    symbols = sorted(set(train + validation))
    number = {c: i for i, c in enumerate(symbols)}
    ids = [torch.tensor([number[c] for c in part]) for part in (train, validation)]
    model = trained(FIRST_WORDS, ids[0], len(symbols), options.steps, options.seed)
    bytes_per_token = len(validation.encode()) / len(validation)
    theirs = validated(model, ids[1], FIRST_WORDS.length) / bytes_per_token / math.log(2)
    print(f"bits a byte after {options.steps} steps: Attention Lab {ours:.4f}, PyTorch {theirs:.4f}, difference {ours - theirs:+.4f}")


if __name__ == "__main__":
    main()
