#!/usr/bin/env python3
"""Trains the recipe first-words in Attention Lab and the same model in PyTorch on the same batches, and compares what they end with.

    bible gen1:1-rev22:21 > kjv.txt                     # Debian: bible-kjv
    python3 tests/benchmarks/compare_text.py kjv.txt [--steps 1500] [--seed 42] [--program FILE] [--threads 2]

The same means: the cleaned text and its split as `attention-lab data` makes them, characters as tokens, blocks drawn by the same numbers
(Philox4x32-10, training.seed, stream "training.blocks"), model (RMS norm before each part, RoPE by halves, SwiGLU, tied output, no biases),
AdamW, schedule, clipping, and the validation of overlapping blocks, of which the second half is scored. The first weights are drawn from
the same distributions, not by the same numbers. Wanted: bits a byte at the end within .03 of one another. Needs torch and numpy.
"""

import argparse
import json
import math
import os
import subprocess
import tempfile

import numpy as np
import torch
import torch.nn.functional as F

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
D, LAYERS, HEADS, LENGTH, WIDE, BATCH = 128, 4, 4, 64, 344, 16
RATE, WARMUP, BETAS, DECAY, CLIP, EPSILON = 3e-3, 100, (0.9, 0.99), 0.1, 1.0, 1e-5


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


def starts(seed, step, count):
    index = np.arange(step * BATCH, (step + 1) * BATCH, dtype=np.uint64)
    return ((philox_bits(seed, fnv("training.blocks"), index) * np.uint64(count)) >> np.uint64(32)).astype(np.int64)


def rotated(x, cos, sin):
    half = x.shape[-1] // 2
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


class Model(torch.nn.Module):
    def __init__(self, symbols):
        super().__init__()
        def drawn(rows, columns, scale=0.02):
            return torch.nn.Parameter(torch.randn(rows, columns) * scale)
        residual = 0.02 / math.sqrt(2 * LAYERS)
        self.table = drawn(symbols, D)
        self.blocks = torch.nn.ModuleList()
        for _ in range(LAYERS):
            block = torch.nn.Module()
            block.qkv = drawn(3 * D, D)
            block.out = drawn(D, D, residual)
            block.gate, block.up, block.down = drawn(WIDE, D), drawn(WIDE, D), drawn(D, WIDE, residual)
            block.first, block.second = torch.nn.Parameter(torch.ones(D)), torch.nn.Parameter(torch.ones(D))
            self.blocks.append(block)
        self.last = torch.nn.Parameter(torch.ones(D))
        head = D // HEADS
        angles = torch.arange(LENGTH)[:, None] * 10000.0 ** (-torch.arange(0, head, 2) / head)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)

    @staticmethod
    def norm(x, weight):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPSILON) * weight

    def forward(self, tokens):
        x = self.table[tokens]
        batch, length, _ = x.shape
        cos, sin = self.cos[:length], self.sin[:length]
        for b in self.blocks:
            q, k, v = (F.linear(self.norm(x, b.first), b.qkv)).view(batch, length, 3, HEADS, D // HEADS).permute(2, 0, 3, 1, 4)
            y = F.scaled_dot_product_attention(rotated(q, cos, sin), rotated(k, cos, sin), v, is_causal=True)
            x = x + F.linear(y.transpose(1, 2).reshape(batch, length, D), b.out)
            h = self.norm(x, b.second)
            x = x + F.linear(F.silu(F.linear(h, b.gate)) * F.linear(h, b.up), b.down)
        return F.linear(self.norm(x, self.last), self.table)


def scored_blocks(count):
    """Begin and first scored place of each block (core/data/text_dataset.cpp), overlapping by half."""
    blocks, scored, last = [], 0, count - 1
    while scored < last:
        end = min(last, LENGTH if not blocks else scored + LENGTH // 2)
        begin = max(0, end - LENGTH)
        blocks.append((begin, scored - begin))
        scored = end
    return blocks


@torch.no_grad()
def validated(model, ids):
    """Nats a token over the whole text."""
    total, counted = 0.0, 0
    blocks = scored_blocks(len(ids))
    for i in range(0, len(blocks), 64):
        part = blocks[i:i + 64]
        tokens = torch.stack([ids[b:b + LENGTH] for b, _ in part])
        targets = torch.stack([ids[b + 1:b + LENGTH + 1] for b, _ in part]).clone()
        for row, (_, first) in enumerate(part):
            targets[row, :first] = -1
        logits = model(tokens)
        total += F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1, reduction="sum").item()
        counted += int((targets >= 0).sum())
    return total / counted


def trained(train, symbols, steps, seed):
    torch.manual_seed(seed)
    model = Model(symbols)
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": DECAY}, {"params": vectors, "weight_decay": 0.0}], lr=RATE,
                                  betas=BETAS, eps=1e-8)
    for step in range(steps):
        rate = RATE * (step + 1) / WARMUP if step < WARMUP else RATE * 0.5 * (1 + math.cos(math.pi * (step + 1 - WARMUP) / (steps - WARMUP)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        begins = starts(seed, step, len(train) - LENGTH)
        tokens = torch.stack([train[b:b + LENGTH] for b in begins])
        targets = torch.stack([train[b + 1:b + LENGTH + 1] for b in begins])
        loss = F.cross_entropy(model(tokens).flatten(0, 1), targets.flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        if (step + 1) % 100 == 0:
            print(f"  PyTorch step {step + 1}: loss {loss.item():.4f}", flush=True)
    return model


def parts_of(program, path, folder):
    """The cleaned text that is trained on and the one that is validated on."""
    parts = [os.path.join(folder, name) for name in ("train.txt", "validation.txt")]
    subprocess.run([program, "data", path, "--train", parts[0], "--validation", parts[1]], check=True, stdout=subprocess.DEVNULL)
    return [open(part, encoding="utf-8", newline="").read() for part in parts]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("text")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--program", default=os.path.join(ROOT, "build", "release", "app", "attention-lab"))
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    text = os.path.abspath(options.text)
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
    model = trained(ids[0], len(symbols), options.steps, options.seed)
    bytes_per_token = len(validation.encode()) / len(validation)
    theirs = validated(model, ids[1]) / bytes_per_token / math.log(2)
    print(f"bits a byte after {options.steps} steps: Attention Lab {ours:.4f}, PyTorch {theirs:.4f}, difference {ours - theirs:+.4f}")


if __name__ == "__main__":
    main()
