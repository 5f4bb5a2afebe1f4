"""Kernels of attention beyond the softmax in PyTorch, from their papers: drawn features (Choromanski et al. 2020, arXiv 2009.14794) and
weights that fade (Sun et al. 2023, arXiv 2307.08621; Yang et al. 2023, arXiv 2312.06635).
"""
import math

import numpy as np
import torch
import torch.nn.functional as F

from reference_bottleneck import fnv1a, philox


def normal(seed, name, i):
    """Number i of a stream of standard normal numbers (Box-Muller), as the program draws them."""
    words = philox(seed, fnv1a(name), i)
    u = (words[0] + ((words[1] >> 12) + 0.5) * 2.0 ** -20) * 2.0 ** -32
    return math.sqrt(-2 * math.log(u)) * math.cos(2 * math.pi * words[2] * 2.0 ** -32)


def random_matrix(seed, name, features, d):
    """w [features, d]: rows orthogonal in blocks of d, as long as rows of normal numbers; of row r numbers 2 r d .. make the direction."""
    draw = lambda first: [normal(seed, name + ".features", first + c) for c in range(d)]
    rows = []
    for begin in range(0, features, d):
        block = range(begin, min(begin + d, features))
        directions = np.array([draw(2 * r * d) for r in block])
        lengths = np.linalg.norm([draw(2 * r * d + d) for r in block], axis=1)
        q, upper = np.linalg.qr(directions.T)
        rows.append((q * np.sign(np.diag(upper))).T * lengths[:, None])
    return torch.tensor(np.concatenate(rows))


def exponents(x, w):
    x = x / x.shape[-1] ** 0.25
    return x @ w.to(x.dtype).T - x.pow(2).sum(-1, keepdim=True) / 2


def performer_weights(q, k, w, ok):
    """Rows of phi(q) phi(k) over what may be seen, divided by their sums; in logarithms, so that nothing has to be subtracted."""
    pairs = exponents(q, w)[..., :, None, :] + exponents(k, w)[..., None, :, :]
    return pairs.logsumexp(-1).masked_fill(~ok, float("-inf")).softmax(-1)


def decay_map(kept):
    """kept [B, H, T]: product of what tokens j + 1 .. i keep, 0 where j > i."""
    length = kept.shape[-1]
    rows = []
    for i in range(length):
        rows.append(torch.stack([kept[..., j + 1:i + 1].prod(-1) if j <= i else torch.zeros_like(kept[..., 0]) for j in range(length)], -1))
    return torch.stack(rows, -2)


def kept_of(kernel, heads, x, linear):
    """[B, H, T]: retention's gamma_h of every token, or what the token says."""
    if kernel == "retention":
        gamma = 1 - 2.0 ** (-5 - torch.arange(heads, dtype=x.dtype))
        return gamma[None, :, None].expand(x.shape[0], heads, x.shape[1])
    return (F.logsigmoid(linear(x)) / 16).exp().transpose(1, 2)
