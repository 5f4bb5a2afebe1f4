#!/usr/bin/env python3
"""Times the training steps of `attention-lab bench --grid pytorch` and the same steps in PyTorch, in turn.

    apt install python3-torch libopenblas0-openmp        # Debian 12: PyTorch 1.13, eager only
    python3 -m venv torch && torch/bin/pip install torch # a newer one
    tests/benchmarks/compare_pytorch.py --python torch/bin/python [--modes eager,compile] [--rows 1,2,5] [--rounds 5] [--seconds 0.5]
        [--threads 2] [--program FILE] [--json FILE]

Each round goes through all rows and measures each in Attention Lab (A) and then in PyTorch (B), in every mode, so that over the rounds it
is A B A B ... and whatever else the machine does meets both. A row's time is the median of its rounds, each the median of its steps behind
a warm-up. Of PyTorch's modes the one whose median is less counts, the other is printed beside it; the ratio is the median of the rounds'
own ratios, PyTorch / Attention Lab, with their range and quartiles.

The same step means: the same model (its parameters are counted on both sides), float32, batch, loss, clipping and Adam, dropout 0. PyTorch
has scaled_dot_product_attention and the fused Adam where its version has them, one fused projection to q, k and v, and to a gate and what
it gates; a window is computed in blocks of its width, which are less work than a mask. torch.compile takes model and loss with their way
back; what it takes to compile is not counted. PyTorch is a process of its own and runs tuned:
- Debian's: OpenBLAS with OpenMP threads instead of its generic BLAS, its kernels named (OPENBLAS_CORETYPE: its detection does not know
  newer processors); any other PyTorch with the matrix products it brings (pip's: MKL);
- glibc told to keep large blocks instead of returning them to the system after each step (MALLOC_...);
- denormals flushed, gradients set to None.
- its OpenMP workers spin while they wait, which is fastest on a quiet machine and ruinous beside other programs: where that cannot be
  had, OMP_WAIT_POLICY=passive is the fairer comparison. (Attention Lab's workers never spin for long.)
PyTorch's batches are made beforehand; the making of Attention Lab's is part of its time.
"""

import argparse
import glob
import json
import os
import statistics
import subprocess
import sys
import tempfile

from pytorch_steps import MODES, ROWS

STARTED_ANEW = "ATTENTION_LAB_COMPARE_TUNED"
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def is_debians(python):
    """Whether that interpreter's PyTorch is Debian's package, which takes its matrix products from the system; others bring their own."""
    ask = "import importlib.util; found = importlib.util.find_spec('torch'); print(found.origin if found else '')"
    origin = subprocess.run([python, "-c", ask], check=True, capture_output=True, text=True).stdout.strip()
    if not origin:
        sys.exit(f"error: {python} has no PyTorch; apt install python3-torch and use /usr/bin/python3, or name one by --python")
    return origin.startswith("/usr/lib/python3/")


def tuned_environment(threads, python=sys.executable):
    """What PyTorch is to find at its start."""
    debians = is_debians(python)
    folders = glob.glob("/usr/lib/*/openblas-openmp")
    if debians and not folders:
        sys.exit("error: OpenBLAS with OpenMP is missing; apt install libopenblas0-openmp")
    with open("/proc/cpuinfo") as info:
        flags = info.read()
    environment = {
        **({"LD_LIBRARY_PATH": folders[0]} if debians else {}),
        "OMP_NUM_THREADS": str(threads),
        "MALLOC_MMAP_MAX_": "0",
        "MALLOC_TRIM_THRESHOLD_": str(1 << 40),
        "MALLOC_TOP_PAD_": str(64 << 20),
        STARTED_ANEW: "1",
    }
    if debians and " avx512f" in flags:
        environment["OPENBLAS_CORETYPE"] = "SkylakeX"
    elif debians and " avx2" in flags:
        environment["OPENBLAS_CORETYPE"] = "Haswell"
    return environment


def start_anew(threads):
    """For who has PyTorch in its own process: libraries read these variables before main, so the script is executed again with them."""
    if STARTED_ANEW not in os.environ:
        os.execve(sys.executable, [sys.executable] + sys.argv, {**os.environ, **tuned_environment(threads)})


def plain_environment(threads):
    """The environment without PyTorch's tuning, for Attention Lab."""
    if STARTED_ANEW not in os.environ:
        return dict(os.environ)
    tuned = tuned_environment(threads)
    return {name: value for name, value in os.environ.items() if name not in tuned}


def measure_attention_lab(program, number, threads, seconds):
    """What `bench` writes of a row, counted from 1."""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "bench.json")
        command = [program, "bench", "--grid", "pytorch", "--row", str(number), "--threads", str(threads)]
        command += ["--rounds", "1", "--seconds", str(seconds), "--json", file]
        done = subprocess.run(command, env=plain_environment(threads), capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr.strip())
        with open(file) as report:
            return json.load(report)["results"][0]


def time_attention_lab(program, number, threads, seconds):
    """Seconds of one step."""
    return measure_attention_lab(program, number, threads, seconds)["step_ms"] * 1e-3


class PyTorch:
    """The other side, in a process of its own."""

    def __init__(self, python, threads):
        command = [python, os.path.join(HERE, "pytorch_steps.py"), "--threads", str(threads)]
        environment = {**os.environ, **tuned_environment(threads, python)}
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.about = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("error: PyTorch's process has ended")
        return json.loads(line)

    def measure(self, number, mode, seconds):
        """{"step": seconds, "parameters": count}"""
        print(json.dumps({"row": number, "mode": mode, "seconds": seconds}), file=self.process.stdin, flush=True)
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def require_same(row, ours, theirs):
    """Both sides are to have measured the same experiment."""
    expected = {"architecture": row.architecture, "d_model": row.d, "num_layers": row.layers, "num_heads": row.heads, "seq_len": row.length,
                "batch_size": row.batch, "parameters": theirs["parameters"]}
    for key, value in expected.items():
        if ours[key] != value:
            sys.exit(f"error: {row.name}: {key} is {ours[key]} in Attention Lab and {value} in PyTorch")


class Measured:
    """Of one row, a value a round."""

    def __init__(self, row, modes):
        self.row = row
        self.ours, self.shares = [], []
        self.theirs = {mode: [] for mode in modes}

    def better(self):
        return min(self.theirs, key=lambda mode: statistics.median(self.theirs[mode]))

    def ratios(self):
        return [b / a for a, b in zip(self.ours, self.theirs[self.better()])]


def compare(pytorch, options, modes):
    rows = [Measured(ROWS[number - 1], modes) for number in options.rows]
    for number in options.rows:  # models are built and compiled before anything counts
        for mode in modes:
            print(f"preparing {ROWS[number - 1].name}, {mode}", file=sys.stderr, flush=True)
            pytorch.measure(number, mode, 0)
    for turn in range(options.rounds):
        for number, measured in zip(options.rows, rows):
            print(f"round {turn + 1} / {options.rounds}  {measured.row.name}", file=sys.stderr, flush=True)
            ours = measure_attention_lab(options.program, number, options.threads, options.seconds)
            measured.ours.append(ours["step_ms"] * 1e-3)
            measured.shares.append(ours["peak_share"])
            for mode in modes:
                theirs = pytorch.measure(number, mode, options.seconds)
                require_same(measured.row, ours, theirs)
                measured.theirs[mode].append(theirs["step"])
    return rows


def spread(ratios):
    """Range and quartiles, of four values and more."""
    quartiles = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
    return f"{min(ratios):5.2f} .. {max(ratios):5.2f}   {quartiles[0]:5.2f}, {quartiles[2]:5.2f}"


def print_table(about, rounds, rows):
    print(f"PyTorch {about['version']}, {about['attention']}, {about['adam']}; {about['threads']} threads; {rounds} rounds A B")
    for line in about["libraries"]:
        print(f"  {line}")
    modes = list(rows[0].theirs)
    print(f"{'':46} {'Attention Lab ms':>16} {'of peak':>8} {''.join(f' {mode:>10}' for mode in modes)} {'ratio':>8}   {'range':>14}   quartiles")
    for measured in rows:
        times = "".join(f" {statistics.median(measured.theirs[mode]) * 1e3:10.3f}" for mode in modes)
        ratios = measured.ratios()
        share = f"{100 * statistics.median(measured.shares):.1f} %" if measured.shares else ""
        print(f"{measured.row.name:46} {statistics.median(measured.ours) * 1e3:16.3f} {share:>8} {times} "
              f"{statistics.median(ratios):6.2f} x   {spread(ratios)}")


def write_json(path, about, rows):
    results = [{"name": m.row.name, "attention_lab_s": m.ours, "peak_share": m.shares, "pytorch_s": m.theirs, "better": m.better(),
                "ratios": m.ratios(), "ratio": statistics.median(m.ratios())} for m in rows]
    with open(path, "w") as file:
        json.dump({"pytorch": about, "results": results}, file, indent=1)


def row_list(text):
    words = text.split(",")
    if not all(word.isdigit() and 1 <= int(word) <= len(ROWS) for word in words):
        raise argparse.ArgumentTypeError(f"needs numbers from 1 to {len(ROWS)}, as in 1,2, not '{text}'")
    return [int(word) for word in words]


def mode_list(text):
    modes = text.split(",")
    if not all(mode in MODES for mode in modes):
        raise argparse.ArgumentTypeError(f"has modes of {', '.join(MODES)}, not '{text}'")
    return modes


def warn_if_busy():
    if (load := os.getloadavg()[0]) > 0.5:
        print(f"note: other programs are busy (load {load:.1f}); the figures will not mean much", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    everything = ",".join(str(i + 1) for i in range(len(ROWS)))
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has PyTorch; default: this one")
    parser.add_argument("--modes", type=mode_list, default="eager,compile",
                        help="default eager,compile; " + "; ".join(f"{mode}: {what}" for mode, what in MODES.items()))
    parser.add_argument("--rows", type=row_list, default=everything, help=f"rows of the grid, default {everything}")
    parser.add_argument("--rounds", type=int, default=5, help="default 5")
    parser.add_argument("--seconds", type=float, default=0.5, help="of measuring a row in each round, default 0.5; three steps at least")
    parser.add_argument("--threads", type=int, default=2, help="default 2")
    parser.add_argument("--program", default=os.path.join(ROOT, "build", "release", "app", "attention-lab"))
    parser.add_argument("--json", help="write every round's times, too")
    options = parser.parse_args()
    if not os.access(options.program, os.X_OK):
        parser.error(f"{options.program}: no such program; build it first (sh app/run.sh) or name it with --program")
    warn_if_busy()
    pytorch = PyTorch(options.python, options.threads)
    modes = [mode for mode in options.modes if mode in pytorch.about["modes"]]
    if not modes:
        parser.error(f"PyTorch {pytorch.about['version']} has no {' and no '.join(options.modes)}")
    rows = compare(pytorch, options, modes)
    pytorch.close()
    print_table(pytorch.about, options.rounds, rows)
    if options.json:
        write_json(options.json, pytorch.about, rows)


if __name__ == "__main__":
    main()
