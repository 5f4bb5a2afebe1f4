"""Reformer's hashing, written from the paper (Kitaev 2020, arXiv 2001.04451, section 2), slow and obvious. The program draws the directions
by its own random numbers (reference_bottleneck.py has them too), of a stream `ATTENTION.lsh.HEAD.ROUND`."""
import math

import torch

import reference_bottleneck as rb


def normal(seed, name, i):
    words = rb.philox(seed, rb.fnv1a(name), i)
    u = (words[0] + ((words[1] >> 12) + 0.5) * 2.0 ** -20) * 2.0 ** -32
    return math.sqrt(-2 * math.log(u)) * math.cos(2 * math.pi * words[2] * 2.0 ** -32)


_drawn = {}


def directions(pattern, name, head, rounds, width):
    """[buckets / 2, width]"""
    key = (pattern["seed"], pattern["buckets"], name, head, rounds, width)
    if key not in _drawn:
        half = pattern["buckets"] // 2
        numbers = [normal(pattern["seed"], f"{name}.lsh.{head}.{rounds}", i) for i in range(half * width)]
        _drawn[key] = torch.tensor(numbers, dtype=torch.float64).view(half, width)
    return _drawn[key]


def chunks(bucket, chunk, causal):
    """The chunk of each position, whose buckets these are."""
    n = len(bucket)
    if causal:                                                                  # each bucket by itself: a decoder's sequence has no end
        return [sum(bucket[j] == bucket[i] for j in range(i)) // chunk for i in range(n)]
    order = sorted(range(n), key=lambda i: (bucket[i], i))
    return [order.index(i) // chunk for i in range(n)]


def seen(pattern, name, keys, causal, masks_diagonal):
    """keys [B, H, T, D] -> Boolean [B, H, T, T], buckets [B, H, rounds, T], and how near the nearest key is to another bucket."""
    batch, heads, n, width = keys.shape
    ok = torch.zeros(batch, heads, n, n, dtype=torch.bool)
    buckets = torch.zeros(batch, heads, pattern["rounds"], n)
    margin = math.inf
    for b in range(batch):
        for h in range(heads):
            for r in range(pattern["rounds"]):
                along = keys[b, h].detach().double() @ directions(pattern, name, h, r, width).T
                along = torch.cat((along, -along), -1)
                two = along.topk(2, -1).values
                margin = min(margin, ((two[:, 0] - two[:, 1]) / keys[b, h].detach().double().norm(dim=-1)).min().item())
                bucket = along.argmax(-1).tolist()
                buckets[b, h, r] = torch.tensor(bucket, dtype=torch.float32)
                number = chunks(bucket, pattern["chunk"], causal)
                for i in range(n):
                    for j in range(n):
                        ok[b, h, i, j] |= bucket[i] == bucket[j] and number[i] - number[j] in (0, 1)
    i, j = torch.arange(n)[:, None], torch.arange(n)[None, :]
    if causal:
        ok &= j <= i
    if masks_diagonal:
        ok &= i != j
    alone = ~ok.any(-1)
    return ok | (alone[..., None] & (i == j)), buckets, margin
