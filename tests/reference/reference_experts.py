"""A mixture of experts (Shazeer 2017, arXiv 1701.06538; Fedus 2021, arXiv 2101.03961; Jiang 2024, arXiv 2401.04088): every expert reads every
row here, and a mask keeps what the chosen ones gave."""
import torch


def init(c, name, rand, linear, net):
    """Parameters: the router's, then each expert's."""
    linear(name + ".router", c["feed_forward"]["experts"], c["d_model"], bias=False)
    for e in range(c["feed_forward"]["experts"]):
        net(f"{name}.experts.{e}")


class Mixture:
    """Of x [B, T, d]: `out`; `cost`, what the sequences pay for unevenness, in the mean; `nearness`, the smallest distance between a
    probability that is chosen and one that is not."""

    def __init__(self, model, x, name, net, valid=None, trace=None):
        c = model.config["feed_forward"]
        count, k = c["experts"], c["top_k"]
        p = model.linear(x, name + ".router").softmax(-1)
        best = p.topk(min(k + 1, count), dim=-1).values
        self.nearness = (best[..., k - 1] - best[..., k]).min().item() if k < count else float("inf")
        chosen = p.topk(k, dim=-1).indices
        mask = torch.zeros_like(p).scatter(-1, chosen, 1.0)
        gates = p * mask
        if k > 1:
            gates = gates / gates.sum(-1, keepdim=True)
        self.out = sum(gates[..., e:e + 1] * net(x, f"{name}.experts.{e}") for e in range(count))
        rows = torch.ones(x.shape[:2], dtype=x.dtype) if valid is None else valid.to(x.dtype)
        lengths = rows.sum(-1, keepdim=True)
        share = (mask * rows[..., None]).sum(1) / (lengths * k)                  # [B, E]
        mean = (p * rows[..., None]).sum(1) / lengths
        self.cost = c["balance"] * count * (share * mean).sum(-1).mean()
        if trace is not None:
            for key, t in (("router", p), ("experts", chosen.to(x.dtype)), ("gates", gates.gather(-1, chosen)), ("output", self.out)):
                trace[f"{name}.{key}"] = t[0]
