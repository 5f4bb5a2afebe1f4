"""The bottleneck between encoder and decoder in PyTorch (model.bottleneck of resources/help/formats.md): slots that read the encoder's output,
five ways to make a code of what a slot reads, and what codes cost beside the answers. Written from the papers, not from the program.

Finite scalars: Mentzer et al. 2023, arXiv 2309.15505. Vectors: van den Oord et al. 2017, arXiv 1711.00937. Gumbel softmax: Jang et al. 2016,
arXiv 1611.01144. Straight-through: Bengio et al. 2013, arXiv 1308.3432. Injectivity: Hadsell et al. 2006, eq. 4.
"""
import math

import torch

# ---------------------------------------------------------------- noise
_MASK = 0xFFFFFFFF


def philox(seed, stream, i):
    """Block i of a stream: four words of Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3")."""
    x = [i & _MASK, i >> 32, stream & _MASK, stream >> 32]
    k0, k1 = seed & _MASK, seed >> 32
    for _ in range(10):
        p, q = 0xD2511F53 * x[0], 0xCD9E8D57 * x[2]
        x = [(q >> 32) ^ x[1] ^ k0, q & _MASK, (p >> 32) ^ x[3] ^ k1, p & _MASK]
        k0, k1 = (k0 + 0x9E3779B9) & _MASK, (k1 + 0xBB67AE85) & _MASK
    return x


def fnv1a(name):
    """64 bits of a name: which stream it is."""
    h = 0xCBF29CE484222325
    for byte in name.encode():
        h = (h ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return h


def uniform(seed, name, i):
    """In [0, 1), 53 bits."""
    words = philox(seed, fnv1a(name), i)
    return ((words[0] << 32 | words[1]) >> 11) * 2.0 ** -53


def gumbel_noise(shape, seed, step):
    """-ln(-ln u) of each number [B, M, K] of a training step, sample by sample."""
    batch, slots, codes = shape
    numbers = [[-math.log(-math.log(max(uniform(seed, f"bottleneck.noise.{step}.{sample}", i), 1e-12))) for i in range(slots * codes)]
               for sample in range(batch)]
    return torch.tensor(numbers, dtype=torch.float64).view(shape)


# ---------------------------------------------------------------- codes
def shape_of(b):
    """Slots M, codes K of each, numbers W of a slot."""
    if b["kind"] == "bits":
        return b["count"], 2, 1
    if b["kind"] == "fsq":
        return b["slots"], b["levels"], 1
    return b["slots"], b["codes"], b["dim"] if b["kind"] == "vq" else b["codes"]


def relaxed_of(b, h, drawn):
    """h [B, M, W] -> y [B, M, W]. drawn: (seed, step) of a training step, else None."""
    kind = b["kind"]
    if kind == "fsq":
        levels = b["levels"]
        half, off = (levels - 1) * (1 + 1e-3) / 2, 0.5 if levels % 2 == 0 else 0.0
        return (half * torch.tanh(h + math.atanh(off / half)) - off) / (levels // 2)
    if kind == "bits":
        return torch.tanh(h)
    if kind == "vq":
        return h
    if kind == "gumbel" and drawn:
        tau = max(b["tau_end"], b["tau"] * math.exp(-b["tau_rate"] * drawn[1]))
        return ((h + gumbel_noise(h.shape, *drawn).to(h.dtype)) / tau).softmax(-1)
    return h.softmax(-1)


def distances(y, book):
    """Squared, of y [B, M, W] to each of the book's vectors [K, W]: [B, M, K]."""
    return ((y[..., None, :] - book) ** 2).sum(-1)


def codes_of(b, y, book):
    """[B, M]"""
    kind = b["kind"]
    if kind == "fsq":
        return (y[..., 0] * (b["levels"] // 2)).round().long() + b["levels"] // 2
    if kind == "bits":
        return (y[..., 0] >= 0).long()
    return distances(y, book).argmin(-1) if kind == "vq" else y.argmax(-1)


def numbers_of(b, codes, book, dtype):
    """What codes [B, M] are sent on as: [B, M, W]."""
    kind = b["kind"]
    if kind == "fsq":
        return ((codes - b["levels"] // 2).to(dtype) / (b["levels"] // 2))[..., None]
    if kind == "bits":
        return (2 * codes - 1).to(dtype)[..., None]
    return book[codes] if kind == "vq" else torch.nn.functional.one_hot(codes, b["codes"]).to(dtype)


def nearness(b, y, book):
    """How far each code is from being another one; a case whose codes hang on rounding would test nothing."""
    kind = b["kind"]
    if kind == "fsq":
        place = y[..., 0] * (b["levels"] // 2)
        return 0.5 - (place - place.round()).abs()
    if kind == "bits":
        return y[..., 0].abs()
    best = (-distances(y, book) if kind == "vq" else y).topk(2, -1).values
    return best[..., 0] - best[..., 1]


# ---------------------------------------------------------------- what codes cost
def shares_of(b, y, book):
    """How y [B, M, W] shares itself among the codes: [B, M, K]."""
    kind = b["kind"]
    if kind == "fsq":
        place = ((y + 1) * (b["levels"] // 2)).clamp(0, b["levels"] - 1)
        return (1 - (place - torch.arange(b["levels"], dtype=y.dtype)).abs()).clamp(min=0)
    if kind == "bits":
        return torch.cat(((1 - y) / 2, (1 + y) / 2), -1)
    return (-distances(y, book.detach())).softmax(-1) if kind == "vq" else y


def usage_of(b, y, book):
    """ln K - H of a slot's mean shares, mean over slots."""
    mean = shares_of(b, y, book).mean(0)
    return math.log(mean.shape[-1]) + torch.special.xlogy(mean, mean.clamp(min=1e-12)).sum(-1).mean()


def margin_of(b):
    if b["kind"] == "fsq":
        return 1.0 / (b["levels"] // 2)
    return {"bits": 2.0, "vq": 1.0}.get(b["kind"], math.sqrt(2))


def injectivity_of(b, y, tokens, valid):
    """1/2 max(0, m - D)^2, mean over pairs; equal sequences add nothing."""
    loss, pairs = y.new_zeros(()), 0
    sequences = [row[ok].tolist() for row, ok in zip(tokens, valid)]
    for s in range(len(sequences)):
        for t in range(s):
            pairs += 1
            if sequences[s] != sequences[t]:
                loss = loss + (margin_of(b) - (y[s] - y[t]).flatten().norm()).clamp(min=0) ** 2 / 2
    return loss / max(pairs, 1)


def commitment_of(b, y, codes, book):
    """|sg(y) - e|^2 + beta |y - sg(e)|^2, mean over slots and sequences."""
    if b["kind"] != "vq":
        return y.new_zeros(())
    e = book[codes]
    return ((y.detach() - e) ** 2 + b["beta"] * (y - e.detach()) ** 2).sum(-1).mean()


# ---------------------------------------------------------------- the layer
class Squeezed:
    """What a bottleneck makes of a batch: `memory` [B, M, d_model] for the decoder, and what the codes cost."""

    def __init__(self, model, encoded, tokens, valid, trace, drawn):
        b, params = model.config["bottleneck"], model.params
        slots, _, width = shape_of(b)
        book = params.get("bottleneck.book")
        valid = torch.ones(tokens.shape, dtype=torch.bool) if valid is None else valid
        queries = params["bottleneck.queries"].expand(len(encoded), -1, -1)
        read = model.attention(queries, encoded, "bottleneck.attention", False, trace, valid, cross=True)
        h = torch.einsum("mwd,bmd->bmw", params["bottleneck.in.weight"].view(slots, width, -1), read) + params["bottleneck.in.bias"].view(slots, width)
        y = relaxed_of(b, h, drawn)
        codes = codes_of(b, y, book)
        sent = y if b["kind"] == "gumbel" and drawn else numbers_of(b, codes, book, y.dtype).detach() + (y - y.detach())
        self.memory = torch.einsum("mdw,bmw->bmd", params["bottleneck.out.weight"].view(slots, -1, width), sent) + params["bottleneck.out.bias"]
        self.cost = (commitment_of(b, y, codes, book) + b.get("usage", 0) * usage_of(b, y, book) +
                     b.get("injectivity", 0) * injectivity_of(b, y, tokens, valid))
        self.nearness = nearness(b, y, book).min().item()
        if trace is not None:
            for name, t in (("numbers", h), ("relaxed", y), ("codes", codes.to(y.dtype)), ("sent", sent), ("memory", self.memory)):
                trace["bottleneck." + name] = t[0]


def init(c, rand, attention):
    """Random parameters of a bottleneck, by name."""
    slots, codes, width = shape_of(c["bottleneck"])
    d = c["d_model"]
    p = {"bottleneck.queries": rand(slots, d)}
    attention("bottleneck.attention")
    p["bottleneck.in.weight"] = 1.5 * rand(slots * width, d) / math.sqrt(d)
    p["bottleneck.in.bias"] = 0.3 * rand(slots * width)
    p["bottleneck.out.weight"] = rand(slots * d, width) / math.sqrt(width)
    p["bottleneck.out.bias"] = 0.3 * rand(slots, d)
    if c["bottleneck"]["kind"] == "vq":
        p["bottleneck.book"] = rand(codes, width)
    return p
