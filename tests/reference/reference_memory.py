"""What counts how far keys lie back, for reference_model.py: Transformer-XL's relative positions (Dai et al. 2019, arXiv 1901.02860), its
stream in segments read one after the other, and adaptive spans (Sukhbaatar et al. 2019, arXiv 1905.07799). From the papers.
"""
import math

import torch


class Stream:
    """States that the segments before have left, by attention block; no gradient goes back into them (equation 3)."""

    def __init__(self, memory):
        self.memory, self.start, self.kept = memory, 0, {}

    def join(self, name, h):
        """h~ = [SG(memory) o h], of which keys and values are made, h [B, T, d] the segment at hand; and the places of the queries and of
        all keys."""
        own = self.start + torch.arange(h.shape[1])
        first = max(0, self.start - self.memory)
        everything = torch.cat((self.kept.get(name, h[:, :0]), h), 1)
        self.kept[name] = everything.detach()
        return everything[:, first:], own, first + torch.arange(everything.shape[1] - first)


def in_segments(pattern, x, stack):
    """stack(rows of a segment, stream) of each segment of x [B, T, d] in turn."""
    stream, out = Stream(pattern["memory"]), []
    for part in x.split(pattern["segment"], dim=1):
        out.append(stack(part, stream))
        stream.start += part.shape[1]
    return torch.cat(out, dim=1)


def relative(config, params, name, scores, q, k, places, of_keys, trace):
    """Section 3.3, terms b, c and d beside a, which `scores` [B, H, T, S] are: R of i - j, sines then cosines."""
    if config["position"]["kind"] != "relative":
        return scores
    if trace is not None:
        trace[name + ".before_relative"] = scores[0]
    d, heads = config["d_model"], config["num_heads"]
    rate = 10000.0 ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = (places[:, None] - of_keys[None, :]).to(torch.float64)[..., None] * rate
    R = torch.cat((angle.sin(), angle.cos()[..., : d // 2]), dim=-1).to(q.dtype)
    mapped = (R @ params[name + ".relative.weight"].T).view(len(places), len(of_keys), heads, -1)
    content = torch.einsum("hc,bhjc->bhj", params[name + ".content_bias"], k)[:, :, None, :]
    place = torch.einsum("bhic,ijhc->bhij", q + params[name + ".position_bias"][:, None, :], mapped)
    return scores + (content + place) / math.sqrt(q.shape[-1])


def span(config, params, name, scores, places, of_keys, trace):
    """Equations 2 to 4: a is m e^s over its sum. Returns scores + ln m, and what the block's spans cost (equation 6)."""
    a = config["attention"]
    if not a.get("span"):
        return scores, 0.0
    if trace is not None:
        trace[name + ".before_span"] = scores[0]
    z = a["max_span"] * params[name + ".span"].clamp(0, 1)
    far = (places[:, None] - of_keys[None, :]).abs()
    m = ((a["span_ramp"] + z[:, None, None] - far) / a["span_ramp"]).clamp(0, 1)
    return scores + m.log(), a["span_penalty"] * z.mean()


def keep_bounds(params):
    """Behind an update: shares stay shares."""
    for name, p in params.items():
        if name.endswith(".span"):
            p.data.clamp_(0, 1)


def init(config, rand, name):
    heads, d, p = config["num_heads"], config["d_model"], {}
    if config["position"]["kind"] == "relative":
        p[name + ".relative.weight"] = rand(d // heads * heads, d) / math.sqrt(d)
        p[name + ".content_bias"], p[name + ".position_bias"] = 0.7 * rand(heads, d // heads), 0.7 * rand(heads, d // heads)
    if config["attention"].get("span"):
        p[name + ".span"] = 0.7 * torch.sigmoid(rand(heads))
    return p
