#!/usr/bin/env python3
"""The training steps of `attention-lab bench --grid pytorch` in PyTorch: models, optimizer, and a process that times them on request.

compare_pytorch.py starts this file with the interpreter that has PyTorch, and compare_text.py imports it. Started, it tells what PyTorch it
found and then answers each line {"row": 1, "mode": "eager", "seconds": .5} of its standard input with a line of its own. With --check it
compares the ways of writing a model (attention written out, banded or by PyTorch's function) with one another, which must give one loss.
"""

import argparse
import json
import math
import os
import statistics
import sys
import time
from dataclasses import dataclass

MODES = {
    "eager": "as PyTorch runs it line by line, attention by scaled_dot_product_attention where the version has it",
    "compile": "model and loss through torch.compile",
    "written": "eager, attention written out: products, softmax, products",
}


@dataclass
class Row:
    """One line of the grid, in the grid's order."""

    name: str
    d: int
    layers: int
    heads: int
    length: int
    batch: int
    feed_forward: int
    symbols: int
    architecture: str = "encoder"
    key_heads: int = 0  # 0: as many as heads
    positions: str = "sinusoidal"
    norm: str = "layer"
    before: bool = False  # a norm in front of each part instead of behind its sum
    activation: str = "relu"
    bias: bool = True
    window: int = 0  # of a decoder: a token sees so many before it; 0: all


def language_model(name, d, layers, heads, length, batch, feed_forward, symbols, **more):
    return Row(name, d, layers, heads, length, batch, feed_forward, symbols, "decoder", positions="rope", norm="rms", before=True,
               activation="swiglu", bias=False, **more)


ROWS = [
    Row("encoder d 32, L 2, h 2, n 16", 32, 2, 2, 16, 128, 64, 10),
    Row("encoder d 64, L 2, h 2, n 16", 64, 2, 2, 16, 128, 128, 10),
    Row("encoder d 64, L 2, h 2, n 64", 64, 2, 2, 64, 128, 128, 10),
    Row("encoder d 256, L 4, h 2, n 128", 256, 4, 2, 128, 128, 512, 10),
    Row("char-LM decoder d 128, L 4, h 4, n 64", 128, 4, 4, 64, 12, 512, 65, "decoder", positions="learned", before=True, activation="gelu"),
    language_model("text decoder d 192, L 6, h 6, n 128, V 2048", 192, 6, 6, 128, 32, 512, 2048),
    Row("encoder-decoder d 128, L 2+2, h 4, n 32", 128, 2, 4, 32, 64, 512, 11, "encoder-decoder"),
    language_model("GQA decoder d 256, L 4, h 8/2, n 256", 256, 4, 8, 256, 16, 688, 512, key_heads=2),
    language_model("window 32, decoder d 128, L 4, h 4, n 1024", 128, 4, 4, 1024, 4, 344, 512, window=32),
]


def rms_norm(torch, d):
    """Where there is no module of PyTorch's own, the same written out."""
    if hasattr(torch.nn, "RMSNorm"):
        return torch.nn.RMSNorm(d, eps=1e-5)

    class Norm(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.ones(d))

        def forward(self, x):
            return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * self.weight

    return Norm()


def norm_of(torch, row):
    return torch.nn.LayerNorm(row.d) if row.norm == "layer" else rms_norm(torch, row.d)


def sinusoids(torch, length, d):
    """[length, d]; Vaswani et al. 2017."""
    angles = torch.arange(length)[:, None] / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.stack([angles.sin(), angles.cos()], dim=2).reshape(length, d)


def rotated(torch, x, cos, sin):
    """[..., n, head] by halves."""
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


def band_mask(torch, length, window):
    """[length, length]: what is added to scores; a query sees itself and `window` keys before it."""
    back = torch.arange(length)[:, None] - torch.arange(length)[None, :]
    return torch.zeros(length, length).masked_fill((back < 0) | (back > window), -math.inf)


def block_mask(torch, blocks, window):
    """[blocks, window, 2 window]: the same for queries in blocks beside the keys of their own block and of the one before."""
    query, key = torch.arange(window)[:, None], torch.arange(2 * window)[None, :]
    hidden = ((key < query) | (key > query + window)).expand(blocks, -1, -1).clone()
    hidden[0] |= key < window  # nothing is before the first
    return torch.zeros(blocks, window, 2 * window).masked_fill(hidden, -math.inf)


def mixed(torch, q, k, v, mask, causal, written):
    """[..., n, head]; one head or as many keys and values as queries."""
    function = getattr(torch.nn.functional, "scaled_dot_product_attention", None)
    if function and not written:
        return function(q, k, v, attn_mask=mask, is_causal=causal and mask is None)
    scores = (q / math.sqrt(q.shape[-1])) @ k.transpose(-2, -1)
    return torch.softmax(scores if mask is None else scores + mask, dim=-1) @ v


def attention_class(torch, row, written, banded):
    nn = torch.nn
    key_heads, head = row.key_heads or row.heads, row.d // row.heads

    class Attention(nn.Module):
        """Of a row's queries to themselves, or (cross) to what an encoder gave."""

        def __init__(self, causal, cross=False):
            super().__init__()
            self.causal, self.cross = causal, cross
            if cross:
                self.query = nn.Linear(row.d, row.d, bias=row.bias)
            self.projection = nn.Linear(row.d, (0 if cross else row.d) + 2 * key_heads * head, bias=row.bias)
            self.output = nn.Linear(row.d, row.d, bias=row.bias)
            if row.positions == "rope":
                angles = torch.arange(row.length)[:, None] * 10000.0 ** (-torch.arange(0, head, 2) / head)
                self.register_buffer("cos", angles.cos(), persistent=False)
                self.register_buffer("sin", angles.sin(), persistent=False)
            mask = None
            if row.window and banded:
                mask = block_mask(torch, row.length // row.window, row.window)
            elif row.window:
                mask = band_mask(torch, row.length, row.window)
            elif causal and (written or not hasattr(nn.functional, "scaled_dot_product_attention")):
                mask = band_mask(torch, row.length, row.length)
            self.register_buffer("mask", mask, persistent=False)

        def heads_of(self, x, memory):
            """Queries, keys, values, each [batch, heads, n, head]."""
            if self.cross:
                parts = [self.query(x), *self.projection(memory).chunk(2, -1)]
            elif key_heads == row.heads:
                parts = self.projection(x).chunk(3, -1)
            else:
                parts = self.projection(x).split([row.d, key_heads * head, key_heads * head], -1)
            return [part.unflatten(-1, (-1, head)).transpose(1, 2) for part in parts]

        def in_blocks(self, q, k, v):
            batch, heads, length, _ = q.shape
            blocks, window = length // row.window, row.window
            pairs = [torch.nn.functional.pad(x, (0, 0, window, 0)).unfold(2, 2 * window, window).transpose(-1, -2) for x in (k, v)]
            q, k, v = (x.reshape(batch * heads, blocks, -1, head) for x in (q.unflatten(2, (blocks, window)), *pairs))
            return mixed(torch, q, k, v, self.mask, False, written).reshape(batch, heads, length, head)

        def forward(self, x, memory=None):
            q, k, v = self.heads_of(x, memory)
            if row.positions == "rope":
                q, k = rotated(torch, q, self.cos, self.sin), rotated(torch, k, self.cos, self.sin)
            if key_heads < row.heads:
                k, v = (part.repeat_interleave(row.heads // key_heads, 1) for part in (k, v))
            y = self.in_blocks(q, k, v) if row.window and banded else mixed(torch, q, k, v, self.mask, self.causal, written)
            return self.output(y.transpose(1, 2).flatten(2))

    return Attention


def feed_forward_class(torch, row):
    nn = torch.nn

    class FeedForward(nn.Module):
        def __init__(self):
            super().__init__()
            gated = row.activation == "swiglu"
            self.inner = nn.Linear(row.d, row.feed_forward * (2 if gated else 1), bias=row.bias)
            self.outer = nn.Linear(row.feed_forward, row.d, bias=row.bias)

        def forward(self, x):
            hidden = self.inner(x)
            if row.activation == "swiglu":
                gate, up = hidden.chunk(2, -1)
                return self.outer(nn.functional.silu(gate) * up)
            return self.outer(nn.functional.relu(hidden) if row.activation == "relu" else nn.functional.gelu(hidden))

    return FeedForward


def block_class(torch, row, written, banded):
    Attention, FeedForward = attention_class(torch, row, written, banded), feed_forward_class(torch, row)

    class Block(torch.nn.Module):
        def __init__(self, causal, cross=False):
            super().__init__()
            self.parts = torch.nn.ModuleList([Attention(causal), *([Attention(False, True)] if cross else []), FeedForward()])
            self.norms = torch.nn.ModuleList([norm_of(torch, row) for _ in self.parts])

        def forward(self, x, memory=None):
            for part, norm in zip(self.parts, self.norms):
                read = norm(x) if row.before else x
                x = x + (part(read, memory) if getattr(part, "cross", False) else part(read))
                x = x if row.before else norm(x)
            return x

    return Block


def build_model(torch, row, written=False, banded=True):
    """Post-norm encoder with an MLP at its end, pre-norm decoder with tied embeddings, or both sides with one table."""
    nn = torch.nn
    Block = block_class(torch, row, written, banded)

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(row.symbols, row.d)
            nn.init.normal_(self.embedding.weight, std=0.02)
            if row.positions == "learned":
                self.positions = nn.Parameter(0.02 * torch.randn(row.length, row.d))
            elif row.positions == "sinusoidal":
                self.register_buffer("positions", sinusoids(torch, row.length, row.d))
            self.decodes, self.encodes = "decoder" in row.architecture, "encoder" in row.architecture
            if self.encodes:
                self.encoder = nn.ModuleList([Block(False) for _ in range(row.layers)])
            if self.decodes:
                self.decoder = nn.ModuleList([Block(True, self.encodes) for _ in range(row.layers)])
            else:
                self.output = nn.Sequential(nn.Linear(row.d, row.d), nn.LayerNorm(row.d), nn.ReLU(), nn.Linear(row.d, row.symbols))
            if row.before:
                self.last = norm_of(torch, row)

        def embedded(self, tokens):
            x = self.embedding(tokens)
            return x if row.positions == "rope" else x + self.positions

        def forward(self, tokens, read):
            """`read`: what the decoder of two sides has before each of its answers."""
            x = self.embedded(tokens)
            memory = None
            if self.encodes:
                for block in self.encoder:
                    x = block(x)
                if self.decodes:
                    memory, x = x, self.embedded(read)
            if self.decodes:
                for block in self.decoder:
                    x = block(x, memory)
            x = self.last(x) if row.before else x
            return nn.functional.linear(x, self.embedding.weight) if self.decodes else self.output(x)

    return Model()


def adam_of(torch, parameters, kind="Adam", **settings):
    """The fused update where the version has one for processors, else the one of many tensors at once."""
    optimizer = getattr(torch.optim, kind)
    try:
        return optimizer(parameters, fused=True, **settings), "fused " + kind
    except (RuntimeError, TypeError):
        return optimizer(parameters, foreach=True, **settings), "multi-tensor " + kind


def compile_every_row(torch):
    """All rows compile the same function; behind a few of them torch would go on eagerly, with a warning among others."""
    config = torch._dynamo.config
    setattr(config, "recompile_limit" if hasattr(config, "recompile_limit") else "cache_size_limit", 4 * len(ROWS))


class PyTorchStep:
    """The training step of a row; built once, for its memory comes warm from the rounds before."""

    batches = 16

    def __init__(self, torch, row, mode="eager"):
        torch.manual_seed(42)
        self.torch = torch
        self.model = build_model(torch, row, mode == "written")
        if mode == "compile":
            compile_every_row(torch)
        self.loss_of = torch.compile(self.plain_loss) if mode == "compile" else self.plain_loss
        parameters = [p for p in self.model.parameters()]
        self.parameters = sum(p.numel() for p in parameters)
        self.optimizer, self.adam = adam_of(torch, parameters, lr=1e-3)
        symbols = row.symbols - (1 if row.architecture == "encoder-decoder" else 0)  # the last one begins an answer
        tokens = torch.randint(symbols, (self.batches, row.batch, row.length))
        targets = tokens.roll(-1, 2) if row.architecture == "decoder" else tokens.flip(2)
        read = torch.cat([torch.full_like(targets[:, :, :1], row.symbols - 1), targets[:, :, :-1]], 2)
        if row.architecture == "decoder":
            targets[:, :, -1] = -1
        self.triples = list(zip(tokens, read, targets.reshape(self.batches, -1)))
        self.done = 0

    def plain_loss(self, tokens, read, targets):
        return self.torch.nn.functional.cross_entropy(self.model(tokens, read).flatten(0, 1), targets, ignore_index=-1)

    def advance(self):
        batch = self.triples[self.done % self.batches]
        self.done += 1
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss_of(*batch)
        loss.backward()
        self.torch.nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        self.optimizer.step()
        return loss.item()

    def run(self, seconds, steps):
        """Times of steps until both limits are met."""
        times = []
        while sum(times) < seconds or len(times) < steps:
            begin = time.perf_counter()
            self.advance()
            times.append(time.perf_counter() - begin)
        return times


def time_pytorch(step, seconds):
    step.run(0.25 * seconds, 1)
    return statistics.median(step.run(seconds, 3))


def description(torch):
    """What a figure hangs on."""
    lines = [line.strip(" -") for line in torch.__config__.show().splitlines()]
    libraries = [line for line in lines if "Math Kernel Library" in line or "MKL-DNN" in line or "OpenMP" in line]
    attention = "scaled_dot_product_attention" if hasattr(torch.nn.functional, "scaled_dot_product_attention") else "attention written out"
    _, adam = adam_of(torch, [torch.zeros(1, requires_grad=True)])
    return {"version": torch.__version__, "libraries": libraries, "attention": attention, "adam": adam, "threads": torch.get_num_threads(),
            "modes": [mode for mode in MODES if mode != "compile" or hasattr(torch, "compile")]}


def answer_requests(torch):
    """Whatever a compiler says goes to standard error; standard output has the answers alone."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    steps = {}

    def say(answer):
        print(json.dumps(answer), file=answers, flush=True)

    say(description(torch))
    for line in sys.stdin:
        asked = json.loads(line)
        key = (asked["row"], asked["mode"])
        if key not in steps:
            steps[key] = PyTorchStep(torch, ROWS[asked["row"] - 1], asked["mode"])
            steps[key].run(0, 3)
        say({"step": time_pytorch(steps[key], asked["seconds"]), "parameters": steps[key].parameters})


def check(torch):
    """The ways of writing a row's attention give one loss."""
    for row in ROWS:
        losses = []
        for written, banded in ((False, True), (True, True), (True, False)):
            step = PyTorchStep(torch, row)
            torch.manual_seed(7)
            step.model = build_model(torch, row, written, banded)
            with torch.no_grad():
                losses.append(step.plain_loss(*step.triples[0]).item())
        print(f"{row.name:45} {step.parameters:9} parameters, loss {losses[0]:.6f}")
        if max(losses) - min(losses) > 1e-5 * losses[0]:
            sys.exit(f"error: {row.name}: the ways of writing it differ: {losses}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2, help="default 2")
    parser.add_argument("--check", action="store_true", help="compare the ways of writing the models")
    options = parser.parse_args()
    import torch

    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    check(torch) if options.check else answer_requests(torch)


if __name__ == "__main__":
    main()
