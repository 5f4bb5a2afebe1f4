#!/usr/bin/env python3
"""Writes adapters/NAME.safetensors: what PyTorch makes of low-rank adapters on the models of golden cases, in double precision.

W + (alpha / rank) B A in place of W, A and B alone trained (Hu et al. 2021), by Adam or AdamW with the case's own schedule, batches and
clipping of the adapters' gradient. A is drawn here, B begins with zeros. Tensors: first.X.a; after the last step X.a, X.b; in the metadata
what the adapters are and, a step, loss and gradient norm.

    python3 tests/reference/adapters.py
"""
import json
import os
import sys

import torch

sys.dont_write_bytecode = True
import reference_model as rm  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS, BATCH = 10, 8
CASES = {
    "encoder-qkv": dict(rank=2, alpha=4.0, targets=["attention.query", "attention.value"]),
    "decoder-llama": dict(rank=4, alpha=8.0, targets=["attention", "feed_forward"]),
    "decoder-gpt2": dict(rank=1, alpha=8.0, targets=["attention.output", "feed_forward"]),
}


def named(parameter, target):
    return f".{target}." in f".{parameter}."


def rows_of(path):
    """Sequences and targets of pairs.tsv."""
    lines = [line.rstrip("\n").split("\t") for line in open(path)]
    column = lambda c: torch.tensor([[int(t) for t in line[c].split(" ")] for line in lines])
    return column(0), column(1)


def write(name, adapters):
    experiment = json.load(open(f"{HERE}/{name}/experiment.json"))
    training, config = experiment["training"], experiment["model"]
    model = rm.Model(config, 0, dtype=torch.float64)
    model.load(rm.load_safetensors(f"{HERE}/{name}/init.safetensors")[0])
    base = {k: v.detach().clone() for k, v in model.params.items()}
    g = torch.Generator().manual_seed(31)
    a, b = {}, {}
    for key, weight in base.items():
        if weight.dim() == 2 and any(named(key, target) for target in adapters["targets"]):
            out, inputs = weight.shape
            drawn = (2 * torch.rand(adapters["rank"], inputs, generator=g) - 1) / inputs ** 0.5
            a[key], b[key] = drawn.double().requires_grad_(True), torch.zeros(out, adapters["rank"], dtype=torch.float64, requires_grad=True)
    first = {f"first.{key}.a": t.detach().clone() for key, t in a.items()}
    o = training["optimizer"]
    kind = torch.optim.AdamW if o["kind"] == "adamw" else torch.optim.Adam
    trained = [*a.values(), *b.values()]
    optimizer = kind(trained, lr=o["learning_rate"], betas=(o["beta1"], o["beta2"]), eps=o["epsilon"],
                     weight_decay=o["weight_decay"] if o["kind"] == "adamw" else 0.0)
    tokens, target = rows_of(f"{HERE}/{name}/pairs.tsv")
    losses, norms = [], []
    for step in range(STEPS):
        for key in a:
            model.params[key] = base[key] + adapters["alpha"] / adapters["rank"] * b[key] @ a[key]
        at = slice(step % 4 * BATCH, step % 4 * BATCH + BATCH)
        loss = rm.loss_of(config, model.forward(tokens[at], None), target[at])
        optimizer.zero_grad()
        loss.backward()
        norms.append(float(torch.nn.utils.clip_grad_norm_(trained, training["clip_norm"])))
        for group in optimizer.param_groups:
            group["lr"] = rm.learning_rate(training, step + 1)
        optimizer.step()
        losses.append(loss.item())
    last = {f"{key}.{which}": t.detach() for which, of in (("a", a), ("b", b)) for key, t in of.items()}
    os.makedirs(f"{HERE}/adapters", exist_ok=True)
    meta = {"adapters": json.dumps(adapters), "losses": json.dumps(losses), "gradient_norms": json.dumps(norms)}
    rm.save_safetensors(f"{HERE}/adapters/{name}.safetensors", {k: v.float() for k, v in {**first, **last}.items()}, meta)
    print(f"{name:20s} {len(a)} adapters, loss {losses[0]:.6f} -> {losses[-1]:.6f}")


if __name__ == "__main__":
    for case, settings in CASES.items():
        write(case, settings)
