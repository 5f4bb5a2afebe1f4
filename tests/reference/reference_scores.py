"""What stands between the scores, the weights and the heads' outputs of reference_model.py: T5's relative bias, Gemma 2's soft cap,
gpt-oss's sinks and Qiu et al.'s gate, each from its paper and its published rule.
"""
import math

import torch
import torch.nn.functional as F


def bucket_of(offset, buckets, max_distance, both_sides):
    """Raffel et al. 2020: of each offset (key - query), a tensor of integers; T5's rule."""
    first = torch.zeros_like(offset)
    if both_sides:
        buckets //= 2
        first = (offset > 0).to(torch.long) * buckets
        distance = offset.abs()
    else:
        distance = (-offset).clamp(min=0)
    exact = buckets // 2
    ratio = torch.log(distance.clamp(min=exact).to(torch.float64) / exact) / math.log(max_distance / exact)
    wide = (exact + (ratio * (buckets - exact)).to(torch.long)).clamp(max=buckets - 1)
    return first + torch.where(distance < exact, distance, wide)


def staged(config, params, name, scores, causal, trace):
    """What becomes of scores [B, H, T, S] before the mask."""
    position, cap = config["position"], config["attention"].get("soft_cap", 0)
    keep = lambda stage: trace.__setitem__(f"{name}.before_{stage}", scores[0]) if trace is not None else None
    if position["kind"] == "relative-bias":
        keep("relative_bias")
        offset = torch.arange(scores.shape[-1])[None, :] - torch.arange(scores.shape[-2])[:, None]
        table = params[name.split(".")[0] + ".0.attention.relative_bias.weight"]
        scores = scores + F.embedding(bucket_of(offset, position["buckets"], position["max_distance"], not causal), table).permute(2, 0, 1)
    if cap:
        keep("soft_cap")
        scores = cap * torch.tanh(scores / cap)
    return scores


def weights_of(config, params, name, masked, trace):
    """Softmax of masked scores; a sink is one more score of each head, whose weight is dropped."""
    if not config["attention"].get("sink"):
        return masked.softmax(-1)
    sink = params[name + ".sink"].view(1, -1, 1, 1).expand(*masked.shape[:3], 1)
    weights = torch.cat((masked, sink), dim=-1).softmax(-1)
    if trace is not None:
        trace[name + ".sunk"] = weights[0, :, :, -1]
    return weights[..., :-1]


def difference_start(name):
    """Ye et al. 2024, arXiv 2410.05258, section 2.1, whose layers count from 1."""
    return 0.8 - 0.6 * math.exp(-0.3 * int(name.split(".")[1]))


def difference(config, params, name, weights, trace):
    """Pairs of maps [B, H, T, S]: the first less lambda times the second, for both heads of a pair."""
    if not config["attention"].get("differential"):
        return weights
    product = lambda n: (params[f"{name}.lambda_query_{n}"] * params[f"{name}.lambda_key_{n}"]).sum().exp()
    share = product(1) - product(2) + difference_start(name)
    if trace is not None:
        trace[name + ".softmax_weights"] = weights[0]
        trace[name + ".lambda"] = share.reshape(1)
    return (weights[:, 0::2] - share * weights[:, 1::2]).repeat_interleave(2, dim=1)


def paired(config, params, name, joined, trace):
    """Outputs [B, T, H D]: each pair's 2 D numbers over their root mean square."""
    if not config["attention"].get("differential"):
        return joined
    gain = params[name + ".pair_norm.weight"]
    pairs = joined.unflatten(-1, (-1, gain.numel()))
    pairs = pairs * torch.rsqrt(pairs.pow(2).mean(-1, keepdim=True) + config["norm"]["epsilon"]) * gain
    joined = (pairs * (1 - difference_start(name))).flatten(-2)
    if trace is not None:
        trace[name + ".normalised_pair"] = joined[0]
    return joined


def init(config, rand, linear, name, first):
    """Parameters of an attention block; the first of a side holds the bias that all of them read."""
    attention, position, heads = config["attention"], config["position"], config["num_heads"]
    p = {}
    if position["kind"] == "relative-bias" and first:
        p[name + ".relative_bias.weight"] = 0.7 * rand(position["buckets"], heads)
    if attention.get("sink"):
        p[name + ".sink"] = rand(heads)
    if attention.get("differential"):
        width = config["d_model"] // heads
        for which in ("query_1", "key_1", "query_2", "key_2"):
            p[f"{name}.lambda_{which}"] = 0.4 * rand(width)
        p[name + ".pair_norm.weight"] = 1 + 0.3 * rand(2 * width)
    if attention.get("gate"):
        linear(name + ".gate", heads * (config["d_model"] // heads), config["d_model"])
    return p
