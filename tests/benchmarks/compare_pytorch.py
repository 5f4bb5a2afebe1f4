#!/usr/bin/env python3
"""Times the five training steps of `attention-lab bench --grid quick` and the same steps in PyTorch, in turn.

    apt install python3-torch libopenblas0-openmp        # Debian 12: PyTorch 1.13
    /usr/bin/python3 tests/benchmarks/compare_pytorch.py [--rows 1,2,5] [--rounds 5] [--seconds 0.5] [--threads 2] [--program FILE]

Each round goes through all rows and measures each in Attention Lab (A) and then in PyTorch (B), so that over the rounds it is A B A B ...
and whatever else the machine does meets both. A row's time is the median of its rounds, each the median of its steps behind a warm-up;
its ratio is the median of the rounds' ratios, PyTorch / Attention Lab.

The same step means: the same model (its parameters are counted against the expected number), float32, batch, loss, clipping and Adam,
dropout 0. PyTorch runs eagerly and tuned:
- Debian's: OpenBLAS with OpenMP threads instead of its generic BLAS, its kernels named (OPENBLAS_CORETYPE: its detection does not know
  newer processors); any other PyTorch with the matrix products it brings (pip's: MKL);
- glibc told to keep large blocks instead of returning them to the system after each step (MALLOC_...);
- denormals flushed, one fused projection to q, k and v, the multi-tensor Adam, gradients set to None.
- its OpenMP workers spin while they wait, which is fastest on a quiet machine and ruinous beside other programs: where that cannot be
  had, OMP_WAIT_POLICY=passive is the fairer comparison. (Attention Lab's workers never spin.)
PyTorch's batches are made beforehand; the making of Attention Lab's is part of its time.

To set the libraries up this script starts itself anew with another environment, which the program it compares with does not see.
"""

import argparse
import glob
import importlib.util
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

STARTED_ANEW = "ATTENTION_LAB_COMPARE_TUNED"
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@dataclass
class Row:
    """One line of the quick grid, in the grid's order."""

    name: str
    d: int
    layers: int
    heads: int
    length: int
    batch: int
    feed_forward: int
    symbols: int
    decoder: bool
    parameters: int  # as Attention Lab counts them


ROWS = [
    Row("encoder d 32, L 2, h 2, n 16", 32, 2, 2, 16, 128, 64, 10, False, 18858),
    Row("encoder d 64, L 2, h 2, n 16", 64, 2, 2, 16, 128, 128, 10, False, 72522),
    Row("encoder d 64, L 2, h 2, n 64", 64, 2, 2, 64, 128, 128, 10, False, 72522),
    Row("encoder d 256, L 4, h 2, n 128", 256, 4, 2, 128, 128, 512, 10, False, 2179850),
    Row("char-LM decoder d 128, L 4, h 4, n 64", 128, 4, 4, 64, 12, 512, 65, True, 809856),
]


def is_debians():
    """Whether PyTorch is Debian's package, which takes its matrix products from the system; others bring their own."""
    found = importlib.util.find_spec("torch")
    return found is not None and found.origin.startswith("/usr/lib/python3/")


def tuned_environment(threads):
    """What PyTorch is to find at its start."""
    folders = glob.glob("/usr/lib/*/openblas-openmp") if is_debians() else [""]
    if not folders:
        sys.exit("error: OpenBLAS with OpenMP is missing; apt install libopenblas0-openmp")
    with open("/proc/cpuinfo") as info:
        flags = info.read()
    environment = {
        **({"LD_LIBRARY_PATH": folders[0]} if folders[0] else {}),
        "OMP_NUM_THREADS": str(threads),
        "MALLOC_MMAP_MAX_": "0",
        "MALLOC_TRIM_THRESHOLD_": str(1 << 40),
        "MALLOC_TOP_PAD_": str(64 << 20),
        STARTED_ANEW: "1",
    }
    if " avx512f" in flags:
        environment["OPENBLAS_CORETYPE"] = "SkylakeX"
    elif " avx2" in flags:
        environment["OPENBLAS_CORETYPE"] = "Haswell"
    return environment


def start_anew(threads):
    """Libraries read these variables before main: execute the script again with them."""
    if STARTED_ANEW not in os.environ:
        os.execve(sys.executable, [sys.executable] + sys.argv, {**os.environ, **tuned_environment(threads)})


def plain_environment(threads):
    """The environment without PyTorch's tuning, for Attention Lab."""
    tuned = tuned_environment(threads)
    return {name: value for name, value in os.environ.items() if name not in tuned}


def time_attention_lab(program, number, threads, seconds):
    """Seconds of one step of a row, counted from 1."""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "bench.json")
        command = [program, "bench", "--grid", "quick", "--row", str(number), "--threads", str(threads)]
        command += ["--rounds", "1", "--seconds", str(seconds), "--json", file]
        done = subprocess.run(command, env=plain_environment(threads), capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr.strip())
        with open(file) as report:
            return json.load(report)["results"][0]["step_ms"] * 1e-3


def build_model(torch, row):
    """The model of a row: post-norm encoder with an MLP at its end, or pre-norm decoder with tied embeddings."""
    nn, F = torch.nn, torch.nn.functional

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.qkv = nn.Linear(row.d, 3 * row.d)
            self.output = nn.Linear(row.d, row.d)
            self.factor = 1 / math.sqrt(row.d // row.heads)
            if row.decoder:
                mask = torch.full((row.length, row.length), -math.inf).triu(1)
                self.register_buffer("mask", mask)

        def forward(self, x):
            batch, length, d = x.shape
            q, k, v = self.qkv(x).view(batch, length, 3, row.heads, d // row.heads).permute(2, 0, 3, 1, 4)
            scores = (q * self.factor) @ k.transpose(-2, -1)
            if row.decoder:
                scores = scores + self.mask
            mixed = torch.softmax(scores, dim=-1) @ v
            return self.output(mixed.transpose(1, 2).reshape(batch, length, d))

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.attention = Attention()
            self.attention_norm = nn.LayerNorm(row.d)
            activation = nn.GELU() if row.decoder else nn.ReLU()
            self.feed_forward = nn.Sequential(nn.Linear(row.d, row.feed_forward), activation, nn.Linear(row.feed_forward, row.d))
            self.feed_forward_norm = nn.LayerNorm(row.d)

        def forward(self, x):
            if row.decoder:
                x = x + self.attention(self.attention_norm(x))
                return x + self.feed_forward(self.feed_forward_norm(x))
            x = self.attention_norm(x + self.attention(x))
            return self.feed_forward_norm(x + self.feed_forward(x))

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(row.symbols, row.d)
            self.blocks = nn.Sequential(*[Block() for _ in range(row.layers)])
            if row.decoder:
                self.positions = nn.Parameter(0.02 * torch.randn(row.length, row.d))
                self.final_norm = nn.LayerNorm(row.d)
            else:
                self.register_buffer("positions", sinusoids(torch, row.length, row.d))
                self.output = nn.Sequential(
                    nn.Linear(row.d, row.d), nn.LayerNorm(row.d), nn.ReLU(), nn.Linear(row.d, row.symbols)
                )

        def forward(self, tokens):
            x = self.blocks(self.embedding(tokens) + self.positions)
            return F.linear(self.final_norm(x), self.embedding.weight) if row.decoder else self.output(x)

    model = Model()
    parameters = sum(p.numel() for p in model.parameters())
    assert parameters == row.parameters, f"{row.name}: {parameters} parameters, not {row.parameters}"
    return model


def sinusoids(torch, length, d):
    """[length, d]; Vaswani et al. 2017."""
    angles = torch.arange(length)[:, None] / 10000 ** (torch.arange(0, d, 2) / d)
    return torch.stack([angles.sin(), angles.cos()], dim=2).reshape(length, d)


class PyTorchStep:
    """The training step of a row; built once, for its memory comes warm from the rounds before."""

    batches = 16

    def __init__(self, torch, row):
        torch.manual_seed(42)
        self.torch = torch
        self.model = build_model(torch, row)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3, foreach=True)
        tokens = torch.randint(row.symbols, (self.batches, row.batch, row.length))
        targets = tokens.roll(-1, 2) if row.decoder else tokens.flip(2)
        if row.decoder:
            targets[:, :, -1] = -1
        self.pairs = list(zip(tokens, targets.reshape(self.batches, -1)))
        self.done = 0

    def advance(self):
        tokens, targets = self.pairs[self.done % self.batches]
        self.done += 1
        self.optimizer.zero_grad(set_to_none=True)
        logits = self.model(tokens)
        loss = self.torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets, ignore_index=-1)
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


def compare(torch, options):
    """(row, times of A, times of B) for each row."""
    chosen = [(number, ROWS[number - 1]) for number in options.rows]
    steps = [PyTorchStep(torch, row) for _, row in chosen]
    times = [(row, [], []) for _, row in chosen]
    for turn in range(options.rounds):
        for i, (number, row) in enumerate(chosen):
            print(f"round {turn + 1} / {options.rounds}  {row.name}", file=sys.stderr, flush=True)
            times[i][1].append(time_attention_lab(options.program, number, options.threads, options.seconds))
            times[i][2].append(time_pytorch(steps[i], options.seconds))
    return times


def print_table(torch, options, times):
    library = f"OpenBLAS {os.environ.get('OPENBLAS_CORETYPE', 'detected')}" if is_debians() else "its own products"
    print(f"PyTorch {torch.__version__}, eager, {library}; {torch.get_num_threads()} threads; {options.rounds} rounds A B")
    print(f"{'':40} {'Attention Lab ms':>17} {'PyTorch ms':>11} {'ratio':>8}   {'range':>13}")
    for row, ours, theirs in times:
        ratios = [b / a for a, b in zip(ours, theirs)]
        a, b = statistics.median(ours) * 1e3, statistics.median(theirs) * 1e3
        spread = f"{min(ratios):.2f} .. {max(ratios):.2f}"
        print(f"{row.name:40} {a:17.3f} {b:11.3f} {statistics.median(ratios):6.2f} x   {spread:>13}")


def row_list(text):
    words = text.split(",")
    if not all(word.isdigit() and 1 <= int(word) <= len(ROWS) for word in words):
        raise argparse.ArgumentTypeError(f"needs numbers from 1 to {len(ROWS)}, as in 1,2, not '{text}'")
    return [int(word) for word in words]


def warn_if_busy():
    if (load := os.getloadavg()[0]) > 0.5:
        print(f"note: other programs are busy (load {load:.1f}); the figures will not mean much", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    everything = ",".join(str(i + 1) for i in range(len(ROWS)))
    parser.add_argument("--rows", type=row_list, default=everything, help=f"rows of the grid, default {everything}")
    parser.add_argument("--rounds", type=int, default=5, help="default 5")
    parser.add_argument("--seconds", type=float, default=0.5, help="of measuring a row in each round, default 0.5; three steps at least")
    parser.add_argument("--threads", type=int, default=2, help="default 2")
    parser.add_argument("--program", default=os.path.join(ROOT, "build", "release", "app", "attention-lab"))
    options = parser.parse_args()
    if not os.access(options.program, os.X_OK):
        parser.error(f"{options.program}: no such program; build it first (sh app/run.sh) or name it with --program")
    start_anew(options.threads)
    try:
        import torch
    except ImportError:
        sys.exit("error: PyTorch is missing; apt install python3-torch and use Debian's own /usr/bin/python3, or pip install torch")
    warn_if_busy()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    print_table(torch, options, compare(torch, options))


if __name__ == "__main__":
    main()
