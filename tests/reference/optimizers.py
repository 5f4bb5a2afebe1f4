#!/usr/bin/env python3
"""Writes optimizers.json: what each optimizer makes of small parameters in four steps, from the definitions alone.

Plain Python in double precision, no code of the program. Sources: Kingma & Ba 2015, Loshchilov & Hutter 2019, Chen et al. 2023
(arXiv 2302.06675, algorithm 2), Jordan 2024 (kellerjordan.github.io/posts/muon) as torch.optim.Muon has it: momentum by lerp, Nesterov,
five quintic Newton-Schulz steps, learning rate times sqrt(max(1, rows / columns)), decay by the learning rate itself; Shazeer & Stern
2018 (arXiv 1804.04235), algorithms 4 and 5 without momentum, with sums of rows and columns, a given learning rate and d = 1.

    python3 tests/reference/optimizers.py
"""

import json
import math
import pathlib

STEPS = 4
RATE, CLIP = 0.01, 0.5
NUMBERS = {
    "adam": {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6},
    "adamw": {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6, "weight_decay": 0.1},
    "sgd": {"momentum": 0.7},
    "lion": {"beta1": 0.8, "beta2": 0.95, "weight_decay": 0.1},
    "muon": {
        "momentum": 0.7,
        "weight_decay": 0.1,
        "beta1": 0.8,
        "beta2": 0.95,
        "epsilon": 1e-6,
        "adamw_learning_rate": 0.003,
    },
    "adafactor": {"decay_exponent": 0.7, "epsilon1": 1e-4, "weight_decay": 0.1},
}
# Name, rows, columns (0 rows: a vector), a matrix between activations.
PARAMETERS = [("table", 6, 3, False), ("tall", 5, 3, True), ("wide", 3, 7, True), ("vector", 0, 6, False)]


def numbers(count, salt):
    """Some numbers between -1 and 1 that any language can make again."""
    return [((i * 7919 + salt * 104729) % 2003) / 1001.5 - 1 for i in range(count)]


def adam(w, g, state, t, rate, n, decay):
    for i in range(len(w)):
        w[i] *= 1 - rate * decay
        m = state["first"][i] = n["beta1"] * state["first"][i] + (1 - n["beta1"]) * g[i]
        v = state["second"][i] = n["beta2"] * state["second"][i] + (1 - n["beta2"]) * g[i] ** 2
        w[i] -= rate * (m / (1 - n["beta1"] ** t)) / (math.sqrt(v / (1 - n["beta2"] ** t)) + n["epsilon"])


def sgd(w, g, state, n):
    for i in range(len(w)):
        state["first"][i] = n["momentum"] * state["first"][i] + g[i]
        w[i] -= RATE * state["first"][i]


def lion(w, g, state, n, decay):
    for i in range(len(w)):
        m = state["first"][i]
        c = n["beta1"] * m + (1 - n["beta1"]) * g[i]
        w[i] -= RATE * ((c > 0) - (c < 0) + decay * w[i])
        state["first"][i] = n["beta2"] * m + (1 - n["beta2"]) * g[i]


def adafactor(w, g, state, t, rows, columns, n, decay):
    beta = 1 - t ** -n["decay_exponent"]
    squares = [x * x + n["epsilon1"] for x in g]
    if rows > 1 and columns > 1:
        sums = state.setdefault("rows", [0.0] * rows), state.setdefault("columns", [0.0] * columns)
        for i in range(rows):
            sums[0][i] = beta * sums[0][i] + (1 - beta) * sum(squares[i * columns : (i + 1) * columns])
        for j in range(columns):
            sums[1][j] = beta * sums[1][j] + (1 - beta) * sum(squares[j::columns])
        v = [r * c / sum(sums[0]) for r in sums[0] for c in sums[1]]
    else:
        v = state["second"] = [beta * old + (1 - beta) * x for old, x in zip(state["second"], squares)]
    u = [x / math.sqrt(y) for x, y in zip(g, v)]
    longest = max(1, math.sqrt(sum(x * x for x in u) / len(u)))
    for i in range(len(w)):
        w[i] -= RATE * (u[i] / longest + decay * w[i])


def product(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]


def combined(*terms):
    """Sum of factor * matrix."""
    return [[sum(f * m[r][c] for f, m in terms) for c in range(len(terms[0][1][0]))] for r in range(len(terms[0][1]))]


def newton_schulz(x):
    a, b, c = 3.4445, -4.7750, 2.0315
    turned = len(x) > len(x[0])
    if turned:
        x = [list(row) for row in zip(*x)]
    norm = max(1e-7, math.sqrt(sum(e * e for row in x for e in row)))
    x = [[e / norm for e in row] for row in x]
    for _ in range(5):
        gram = product(x, list(zip(*x)))
        x = combined((a, x), (1, product(combined((b, gram), (c, product(gram, gram))), x)))
    return [list(row) for row in zip(*x)] if turned else x


def muon(w, g, state, rows, columns, n):
    mu = n["momentum"]
    ahead = []
    for i in range(len(w)):
        m = state["first"][i] = mu * state["first"][i] + (1 - mu) * g[i]
        ahead.append(mu * m + (1 - mu) * g[i])
    step = newton_schulz([ahead[r * columns : (r + 1) * columns] for r in range(rows)])
    for i in range(len(w)):
        w[i] -= RATE * n["weight_decay"] * w[i]
        w[i] -= RATE * math.sqrt(max(1, rows / columns)) * step[i // columns][i % columns]


def trained(rule, name, rows, columns, hidden):
    n = NUMBERS[rule]
    salt = [p[0] for p in PARAMETERS].index(name)
    size = max(1, rows) * columns
    w = numbers(size, salt)
    state = {"first": [0.0] * size, "second": [0.0] * size}
    decay = n.get("weight_decay", 0) if rows else 0
    for t in range(1, STEPS + 1):
        g = [CLIP * x for x in numbers(size, 10 * t + salt)]
        if rule == "sgd":
            sgd(w, g, state, n)
        elif rule == "lion":
            lion(w, g, state, n, decay)
        elif rule == "adafactor":
            adafactor(w, g, state, t, rows, columns, n, decay)
        elif rule == "muon" and hidden:
            muon(w, g, state, rows, columns, n)
        else:
            adam(w, g, state, t, n.get("adamw_learning_rate", RATE), n, decay)
    return w


def main():
    parameters = [{"name": p[0], "rows": p[1], "columns": p[2], "hidden": p[3]} for p in PARAMETERS]
    rules = {rule: {"numbers": NUMBERS[rule], "weights": {p[0]: trained(rule, *p) for p in PARAMETERS}} for rule in NUMBERS}
    golden = {"steps": STEPS, "rate": RATE, "clip": CLIP, "parameters": parameters, "rules": rules}
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
