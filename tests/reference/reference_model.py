"""Reference transformer in PyTorch: the numbers that Attention Lab's core must reproduce.

One small, slow, obvious implementation of every model form in resources/help/formats.md. Parameters live in a dict whose keys are
the checkpoint's tensor names; `forward` returns logits and, on request, the trace that `attention-lab trace` exports.
Runs on PyTorch 1.13 or newer, CPU, float32 (pass dtype=torch.float64 for gradient work).
"""
import json
import math
import re
import struct

import numpy as np
import torch
import torch.nn.functional as F

import reference_bottleneck as rb
import reference_experts as rx
import reference_kernels as rk
import reference_lsh as rl
import reference_memory as rmem
import reference_scores as rs

# ---------------------------------------------------------------- safetensors (https://github.com/huggingface/safetensors)
_DTYPES = {"F32": np.float32, "F64": np.float64, "I64": np.int64, "I32": np.int32}


def save_safetensors(path, tensors, metadata=None):
    header, offset, blobs = {}, 0, []
    if metadata:
        header["__metadata__"] = metadata
    for name, value in tensors.items():
        array = np.ascontiguousarray(value.detach().cpu().numpy() if torch.is_tensor(value) else value)
        kind = {v: k for k, v in _DTYPES.items()}[array.dtype.type]
        blob = array.tobytes()
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [offset, offset + len(blob)]}
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def load_safetensors(path):
    with open(path, "rb") as f:
        data = f.read()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + size])
    metadata = header.pop("__metadata__", {})
    body = data[8 + size:]
    out = {}
    for name, entry in header.items():
        a, b = entry["data_offsets"]
        out[name] = np.frombuffer(body[a:b], _DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return out, metadata


# ---------------------------------------------------------------- positions
def sinusoidal(length, d_model):
    """PE(pos, 2i) = sin(pos / 10000^(2i/d)), PE(pos, 2i+1) = cos(same)."""
    pos = torch.arange(length, dtype=torch.float64)[:, None]
    rate = torch.exp(torch.arange(0, d_model, 2, dtype=torch.float64) * (-math.log(10000.0) / d_model))
    table = torch.zeros(length, d_model, dtype=torch.float64)
    table[:, 0::2] = torch.sin(pos * rate)
    table[:, 1::2] = torch.cos(pos * rate)[:, : d_model // 2]
    return table


def grid_encoding(length, pos_dim):
    """2D encoding P[i, j, :pos_dim] of KV+Pos: the row's sin/cos pairs, then the column's, cut to pos_dim channels."""
    half = 2 * math.ceil(pos_dim / 4)
    rate = 1.0 / (10000.0 ** (torch.arange(0, half, 2, dtype=torch.float64) / half))
    angle = torch.arange(length, dtype=torch.float64)[:, None] * rate
    line = torch.stack((angle.sin(), angle.cos()), dim=-1).flatten(-2)          # [length, half], sin and cos in turn
    grid = torch.zeros(length, length, 2 * half, dtype=torch.float64)
    grid[:, :, :half] = line[:, None, :]
    grid[:, :, half:] = line[None, :, :]
    return grid[:, :, :pos_dim]


def rope_frequencies(rope, head_dim, seq_len):
    """Per-pair angular frequencies and the factor by which cos and sin are multiplied."""
    base = rope.get("base", 10000.0)
    i = torch.arange(0, head_dim, 2, dtype=torch.float64)
    plain = base ** (-i / head_dim)
    scaling = rope.get("scaling", {"kind": "none"})
    kind, factor = scaling.get("kind", "none"), scaling.get("factor", 1.0)
    if kind == "none":
        return plain, 1.0
    if kind == "linear":                                                        # position interpolation
        return plain / factor, 1.0
    if kind == "ntk":
        return (base * factor ** (head_dim / (head_dim - 2))) ** (-i / head_dim), 1.0
    original = scaling["original_max_seq_len"]
    if kind == "yarn":
        fast, slow = scaling.get("beta_fast", 32.0), scaling.get("beta_slow", 1.0)
        turn = lambda r: head_dim * math.log(original / (r * 2 * math.pi)) / (2 * math.log(base))
        low, high = max(math.floor(turn(fast)), 0), min(math.ceil(turn(slow)), head_dim - 1)
        if low == high:
            high += 0.001
        ramp = ((torch.arange(head_dim // 2, dtype=torch.float64) - low) / (high - low)).clamp(0, 1)
        return plain / factor * ramp + plain * (1 - ramp), 0.1 * math.log(factor) + 1.0
    if kind == "longrope":
        table = scaling["long_factors"] if seq_len > original else scaling["short_factors"]
        stretch = scaling["max_seq_len"] / original
        scale = 1.0 if stretch <= 1 else math.sqrt(1 + math.log(stretch) / math.log(original))
        return plain / torch.tensor(table, dtype=torch.float64), scale
    raise ValueError(kind)


def turning(rope, head_dim):
    """Channels of a head that turn: those of its first dims / 2 pairs."""
    dims = rope.get("dims", head_dim)
    if rope.get("pairing", "half") == "interleaved":
        return list(range(dims))
    return [first + i for first in (0, head_dim // 2) for i in range(dims // 2)]


def rotate(x, rope, positions, seq_len):
    """Rotates the pairs of x [..., T, head_dim] by position * frequency; those that do not turn stay."""
    if "dims" in rope:
        channels, turned = turning(rope, x.shape[-1]), x.clone()
        turned[..., channels] = rotate(x[..., channels], {key: value for key, value in rope.items() if key != "dims"}, positions, seq_len)
        return turned
    head_dim = x.shape[-1]
    freq, scale = rope_frequencies(rope, head_dim, seq_len)
    angle = positions.to(torch.float64)[:, None] * freq
    cos, sin = (angle.cos() * scale).to(x.dtype), (angle.sin() * scale).to(x.dtype)
    if rope.get("pairing", "half") == "interleaved":
        a, b = x[..., 0::2], x[..., 1::2]
        return torch.stack((a * cos - b * sin, a * sin + b * cos), dim=-1).flatten(-2)
    a, b = x[..., : head_dim // 2], x[..., head_dim // 2:]
    return torch.cat((a * cos - b * sin, a * sin + b * cos), dim=-1)


def alibi_slopes(heads):
    """Press et al. 2022; for a head count that is no power of two the published interleaving rule."""
    def power(n):
        start = 2.0 ** (-8.0 / n)
        return [start ** (k + 1) for k in range(n)]
    if math.log2(heads).is_integer():
        return torch.tensor(power(heads))
    near = 2 ** math.floor(math.log2(heads))
    return torch.tensor(power(near) + power(2 * near)[0::2][: heads - near])


# ---------------------------------------------------------------- masks
def allowed(pattern, queries, keys, causal):
    """Boolean [queries, keys]: True where a query may look."""
    i, j = torch.arange(queries)[:, None], torch.arange(keys)[None, :]
    kind = pattern.get("kind", "full")
    if kind not in ("full", "sliding-window", "longformer", "strided", "context", "dilated", "lsh"):
        raise ValueError(kind)
    ok = torch.ones(queries, keys, dtype=torch.bool)
    if kind in ("sliding-window", "longformer"):
        ok = (i - j).abs() <= pattern["window"]
    if kind == "strided":                                                       # Child et al. 2019: local run + every stride-th
        ok = ((i - j).abs() <= pattern["window"]) | ((i - j).abs() % pattern["stride"] == 0)
    if kind == "dilated":                                                       # Beltagy et al. 2020, section 3.1: a window with gaps
        ok = ((i - j).abs() <= pattern["window"] * pattern["dilation"]) & ((i - j).abs() % pattern["dilation"] == 0)
    if kind == "longformer":
        ok = ok | (i < pattern["globals"]) | (j < pattern["globals"])
    if causal:
        ok = ok & (j <= i)
    return ok


def without_diagonal(ok):
    """Reformer, arXiv 2001.04451 section 2: nobody attends to itself, except where there are no other valid targets."""
    own = torch.eye(*ok.shape, dtype=torch.bool)
    others = ok & ~own
    return others | (own & ~others.any(-1, keepdim=True))


# ---------------------------------------------------------------- keys of other layers
def keys_of(config, name):
    """The layer whose keys and values this one reads (Cross-Layer Attention, Brandon et al. 2024, arXiv 2405.12981): the first of its group."""
    together = config["attention"].get("share_kv", 1)
    parts = name.split(".")
    if together == 1 or parts[-1] != "attention" or len(parts) != 3:
        return name
    return f"{parts[0]}.{int(parts[1]) // together * together}.attention"


# ---------------------------------------------------------------- depth
def depth_of(config):
    return config.get("depth", dict(kind="layers"))


class Halting:
    """Graves 2016, arXiv 1603.08983, equations 5 to 13, with one count a position (Dehghani et al. 2018, arXiv 1807.03819)."""

    def __init__(self, model, side, limit):
        self.model, self.side, self.limit, self.depth = model, side, limit, depth_of(model.config)
        self.halted = None

    def left(self, before, state):
        return state if self.halted is None else torch.where(self.halted[..., None], before, state)

    def step(self, n, state, trace):
        if self.halted is None:
            self.halted = torch.zeros(state.shape[:2], dtype=torch.bool)
            self.sum = self.steps = self.rest = torch.zeros(state.shape[:2], dtype=state.dtype)
            self.mean = torch.zeros_like(state)
        name = f"{self.side}.{n}"
        h = torch.sigmoid(self.model.linear(state, f"{self.side}.halting"))[..., 0].masked_fill(self.halted, 0.0)
        enough = self.sum + h - (1 - self.depth["epsilon"])
        if n + 1 < self.limit:
            self.model.nearness = min(self.model.nearness, enough[~self.halted].abs().min().item() if (~self.halted).any() else math.inf)
        ends = ~self.halted & ((enough >= 0) | torch.tensor(n + 1 == self.limit))
        last = (1 - self.sum) * ends
        share = torch.where(ends, last, h)
        self.mean = self.mean + share[..., None] * state
        self.steps = self.steps + (~self.halted)
        self.rest = self.rest + last
        self.sum = self.sum + h
        self.halted = self.halted | ends
        if trace is not None:
            trace[name + ".halting"], trace[name + ".share"] = h[0], share[0]

    def finish(self, trace, valid):
        ponder = self.steps + self.rest
        if trace is not None:
            trace[f"{self.side}.steps"], trace[f"{self.side}.ponder"] = self.steps[0], ponder[0]
        own = torch.ones_like(ponder) if valid is None else valid.to(ponder.dtype)
        self.model.code_cost = self.model.code_cost + self.depth["ponder"] * ((ponder * own).sum(-1) / own.sum(-1)).mean()
        return self.mean


# ---------------------------------------------------------------- blocks
class Model:
    def __init__(self, config, seed=0, dtype=torch.float32, scale=None):
        self.config, self.dtype = config, dtype
        self.stream = None                                                      # of segments, while they are read
        self.shared = {}                                                        # keys and values as scores read them, by layer
        self.nearness = math.inf                                                # of a code, an expert or a last step to being another one
        self.params = {k: v.to(dtype).requires_grad_(True) for k, v in init(config, seed).items()}

    def load(self, tensors):
        for name, p in self.params.items():
            p.data = torch.tensor(np.array(tensors[name])).to(self.dtype)

    def parameter(self, name):
        """None where there is none. The steps of a tied stack read its first layer's."""
        if depth_of(self.config)["kind"] != "layers":
            name = re.sub(r"^(encoder|decoder)\.\d+\.", r"\1.0.", name)
        return self.params.get(name)

    def norm(self, x, name):
        n = self.config["norm"]
        if n["kind"] == "none":
            return x
        if n["kind"] == "layer":
            return F.layer_norm(x, x.shape[-1:], self.parameter(name + ".weight"), self.parameter(name + ".bias"), n["epsilon"])
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + n["epsilon"]) * self.parameter(name + ".weight")

    def head_norm(self, x, name):
        """Of x [..., head_dim], with one gain for all heads."""
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.config["norm"]["epsilon"]) * self.parameter(name + ".weight")

    def linear(self, x, name):
        return F.linear(x, self.parameter(name + ".weight"), self.parameter(name + ".bias"))

    def latent(self, x, name):
        """DeepSeek-V2: keys and values of all heads [B, T, heads * head_dim] of one short vector a row, and one key of the channels that turn."""
        c, rope = self.config, self.config["position"].get("rope")
        heads, head_dim = c["num_heads"], c["d_model"] // c["num_heads"]
        channels = turning(rope, head_dim) if rope else []
        rest = [i for i in range(head_dim) if i not in channels]
        kept = self.linear(x, name + ".latent")
        keys = x.new_zeros(*x.shape[:2], heads, head_dim)
        if rest:
            keys[..., rest] = self.linear(kept, name + ".key").unflatten(-1, (heads, len(rest)))
        if channels:
            keys[..., channels] = self.linear(x, name + ".shared_key")[:, :, None, :].expand(-1, -1, heads, -1)
        return keys.flatten(2), self.linear(kept, name + ".value")

    def attention(self, x, memory, name, causal, trace, valid=None, cross=False):
        c, a = self.config, self.config["attention"]
        heads, kv_heads = c["num_heads"], c.get("num_kv_heads", c["num_heads"])
        places, of_keys = torch.arange(x.shape[1]), torch.arange(memory.shape[1])
        if self.stream:                                                         # Dai et al. 2019: keys of the memory before its own
            memory, places, of_keys = self.stream.join(name, x)
        batch, length, source = x.shape[0], x.shape[1], memory.shape[1]
        split = lambda t, n: t.view(batch, t.shape[1], n, -1).transpose(1, 2)
        form = "qkv" if cross else a["form"]
        leader = keys_of(c, name)
        if leader != name:                                                      # Brandon et al. 2024: k and v of another layer
            k = v = None
        elif form == "latent":
            k, v = (split(t, heads) for t in self.latent(memory, name))
        else:
            k = split(self.linear(memory, name + ".key"), kv_heads)
            v = k if form in ("q+kv", "k") else split(self.linear(memory, name + ".value"), kv_heads)
        own_query = form in ("qkv", "q+kv", "latent")
        own = lambda keys: keys[:, :, source - length:] if self.stream else keys   # a memory asks nothing
        q = split(self.linear(x, name + ".query"), heads) if own_query else own(k)
        if a.get("qk_norm") and not cross:                                      # Qwen3: per head, before the rotation
            k = self.head_norm(k, name + ".key_norm") if leader == name else k
            q = self.head_norm(q, name + ".query_norm") if own_query else own(k)
        position = c["position"]
        if position["kind"] == "rope" and not cross:
            rope = position["rope"]
            k = rotate(k, rope, of_keys, source) if leader == name else k
            q = rotate(q, rope, places, length) if own_query else own(k)
        if a.get("unit_keys") and not cross:                                    # Reformer: k = q / |q|
            k = k / k.norm(dim=-1, keepdim=True)
        if leader != name:
            k, v = self.shared[leader]
        self.shared[name] = k, v
        repeat = lambda t: t.repeat_interleave(heads // kv_heads, dim=1)
        kr, vr = repeat(k), repeat(v)
        layer = int(name.split(".")[1]) if not cross else 0
        every = a.get("full_every", 0)                                          # Gemma 2 and 3: local and global layers in turn
        full = cross or (every > 0 and (layer + 1) % every == 0)
        pattern = {"kind": "full"} if full else a.get("pattern", {"kind": "full"})
        ok = of_keys <= places[:, None] if self.stream else allowed(pattern, length, source, causal)
        if pattern["kind"] == "context":                                        # von Oswald et al. 2023: the query is nobody's key
            ends = valid.sum(-1) if valid is not None else torch.full((batch,), source)
            ok = ok & (torch.arange(source) < ends[:, None] - 1)[:, None, None, :]
        if pattern["kind"] == "lsh":
            ok, buckets, nearness = rl.seen(pattern, name, k, causal, a.get("mask_diagonal", False))
            self.nearness = min(self.nearness, nearness)
            if trace is not None:
                trace[name + ".buckets"] = buckets[0]
        elif a.get("mask_diagonal") and not cross:
            ok = without_diagonal(ok)
        if valid is not None:
            ok = ok & valid[:, None, None, :]
        kernel = "softmax" if cross else a.get("kernel", "softmax")
        if kernel not in ("softmax", "linear", "product", "performer", "retention", "gated-linear") or form not in ("qkv", "kv", "kv+pos", "q+kv", "latent", "k") or c["dropout"]:
            raise ValueError((a, c["dropout"]))
        if kernel != "softmax" and (form == "kv+pos" or position["kind"] == "alibi"):
            raise ValueError("alibi or kv+pos without softmax")
        if kernel == "product":                                                 # von Oswald et al. 2023: W_V H (W_K H)^T W_Q h
            scores = q @ kr.transpose(-1, -2)
            weights = scores * ok
        elif kernel == "performer":
            scores = None                                                       # only their shares are known: the rest is the program's choice
            w = rk.random_matrix(a["feature_seed"], name, a["features"], q.shape[-1])
            weights = rk.performer_weights(q, kr, w, ok)
        elif kernel in ("retention", "gated-linear"):
            scores = q @ kr.transpose(-1, -2) / math.sqrt(q.shape[-1])
            decay = rk.decay_map(rk.kept_of(kernel, heads, x, lambda t: self.linear(t, name + ".decay")))
            weights = scores * decay
        elif kernel == "linear":                                                # Katharopoulos et al. 2020, phi = elu + 1
            fq, fk = F.elu(q) + 1, F.elu(kr) + 1
            scores = fq @ fk.transpose(-1, -2)
            kept = scores * ok
            weights = kept / (kept.sum(-1, keepdim=True) + 1e-6)
        else:
            scores = q @ kr.transpose(-1, -2) / math.sqrt(q.shape[-1])
            if form == "kv+pos":
                grid = grid_encoding(length, a["pos_dim"]).to(x.dtype)
                w, b = self.parameter(name + ".position_map.weight"), self.parameter(name + ".position_map.bias")
                scores = scores * w.sum() + (grid @ w.view(-1)) + b
            if position["kind"] == "alibi" and not cross:
                far = (torch.arange(length)[:, None] - torch.arange(source)[None, :]).abs()
                scores = scores - alibi_slopes(heads).to(x.dtype)[:, None, None] * far
            if a.get("global_projections") and pattern["kind"] == "longformer":  # Beltagy et al. 2020, section 3.1
                first = torch.arange(length)[:, None] < pattern["globals"]
                apart = {what: split(self.linear(x, f"{name}.global_{what}"), n)
                         for what, n in (("query", heads), ("key", kv_heads), ("value", kv_heads))}
                if trace is not None:
                    for what, t in apart.items():
                        trace[f"{name}.global_{what}"] = t[0][:, :pattern["globals"]] if what == "query" else t[0]
                of_first = apart["query"] @ repeat(apart["key"]).transpose(-1, -2) / math.sqrt(q.shape[-1])
                scores = torch.where(first, of_first, scores)
            if not cross:
                scores = rmem.relative(c, self.params, name, scores, q, kr, places, of_keys, trace)
                scores = rs.staged(c, self.params, name, scores, causal, trace)
                scores, cost = rmem.span(c, self.params, name, scores, places, of_keys, trace)
                self.code_cost = self.code_cost + cost
            masked = scores.masked_fill(~ok, float("-inf"))
            weights = masked.softmax(-1) if cross else rs.weights_of(c, self.params, name, masked, trace)
            weights = weights if cross else rs.difference(c, self.params, name, weights, trace)
        out = weights @ vr
        if a.get("global_projections") and pattern["kind"] == "longformer":
            out = torch.where(first, weights @ repeat(apart["value"]), out)
        if kernel in ("retention", "gated-linear"):                             # Sun et al. 2023, section 3.2, as a root mean square
            out = out * torch.rsqrt(out.pow(2).mean(-1, keepdim=True) + c["norm"]["epsilon"])
        joined = out.transpose(1, 2).reshape(batch, length, -1)
        joined = joined if cross else rs.paired(c, self.params, name, joined, trace)
        if a.get("gate") and not cross:                                         # Qiu et al. 2025, arXiv 2505.06708
            gate = torch.sigmoid(self.linear(x, name + ".gate"))
            joined = gate * joined
            if trace is not None:
                trace[name + ".gate"] = gate[0]
        mixed = self.linear(joined, name + ".output")
        if trace is not None:
            for key, t in (("query", q), ("key", k), ("value", v), ("scores", scores), ("weights", weights),
                           ("head_output", out), ("output", mixed)):
                if t is not None:
                    trace[f"{name}.{key}"] = t[0]
            if kernel in ("retention", "gated-linear"):
                trace[name + ".decay"] = decay[0]
        return mixed

    def feed_forward(self, x, name):
        kind = self.config["feed_forward"]["activation"]
        up = self.linear(x, name + ".up")
        if kind == "swiglu":
            h = F.silu(self.linear(x, name + ".gate")) * up
        elif kind == "relu":
            h = F.relu(up)
        elif kind == "gelu":
            h = F.gelu(up)
        else:
            h = F.gelu(up, approximate="tanh")
        return self.linear(h, name + ".down")

    def feed(self, x, name, valid, trace):
        if self.config["feed_forward"].get("kind") != "experts":
            return self.feed_forward(x, name)
        mixture = rx.Mixture(self, x, name, self.feed_forward, valid, trace)
        self.code_cost = self.code_cost + mixture.cost
        self.nearness = min(self.nearness, mixture.nearness)
        return mixture.out

    def sublayer(self, x, norm, f):
        """Residual connection around f, with the norm after the sum (post) or before f (pre)."""
        if self.config["norm"]["placement"] == "post":
            return self.norm(x + f(x), norm)
        return x + f(self.norm(x, norm))

    def stack(self, x, side, causal, trace, memory=None, valid=None, memory_valid=None):
        layers = self.config["num_layers"] if side == "encoder" else self.config.get("num_decoder_layers", self.config["num_layers"])
        halting = Halting(self, side, layers) if depth_of(self.config)["kind"] == "act" else None
        for i in range(layers):
            name, before = f"{side}.{i}", x
            x = self.sublayer(x, name + ".attention_norm", lambda t: self.attention(t, t, name + ".attention", causal, trace, valid))
            if memory is not None:
                x = self.sublayer(x, name + ".cross_attention_norm",
                                  lambda t: self.attention(t, memory, name + ".cross_attention", False, trace, memory_valid, cross=True))
            if self.config["d_ff"] > 0:
                x = self.sublayer(x, name + ".feed_forward_norm", lambda t: self.feed(t, name + ".feed_forward", valid, trace))
            if halting:
                x = halting.left(before, x)
            if trace is not None:
                trace[name + ".residual"] = x[0]
            if halting:
                halting.step(i, x, trace)
        if halting:
            x = halting.finish(trace, valid)
        if self.config["norm"]["placement"] == "pre":
            x = self.norm(x, f"{side}_norm")
        return x

    def streamed(self, x, trace):
        """One segment after the other; a trace shows what has a row of each token, put together again."""
        traces = []
        def segment(part, stream):
            self.stream = stream
            traces.append({})
            return self.stack(part, "decoder", True, traces[-1])
        x = rmem.in_segments(self.config["attention"]["pattern"], x, segment)
        self.stream = None
        for name in traces[0] if trace is not None else ():
            at = {"residual": 0, "output": 0, "query": 1, "head_output": 1}.get(name.rsplit(".", 1)[1])
            if at is not None:
                trace[name] = torch.cat([t[name] for t in traces], dim=at)
        return x

    def embed_vectors(self, vectors):
        """Dosovitskiy et al. 2020, equation 1: E x_p, behind the class token where there is one, whose row of `vectors` is empty."""
        x = self.linear(vectors.to(self.dtype), "input_embedding")
        if self.config.get("class_token"):
            x = torch.cat((self.params["class_embedding.weight"].expand(len(x), 1, -1), x[:, 1:]), dim=1)
        return x

    def embed_tokens(self, tokens):
        x = F.embedding(tokens, self.params["token_embedding.weight"])
        if self.config.get("embedding_bias"):
            x = x + self.params["token_embedding.bias"]
        return x

    def embed(self, tokens):
        x = self.embed_vectors(tokens) if self.config.get("input") == "vectors" else self.embed_tokens(tokens)
        kind, length = self.config["position"]["kind"], tokens.shape[1]
        if kind == "sinusoidal":
            x = x + sinusoidal(length, x.shape[-1]).to(x.dtype)
        if kind == "learned":
            x = x + self.params["position_embedding.weight"][:length]
        return x

    def forward(self, tokens, target_input=None, trace=None, valid=None, drawn=None):
        """tokens [B, T], or vectors [B, T, D] -> logits [B, T, C]; encoder-decoder models also take target_input [B, T2] and give
        [B, T2, C]. valid [B, T]: False where a sequence has ended. drawn: (seed, step) of a training step. `code_cost` is then what a
        bottleneck's codes, uneven experts, and steps where positions halt, cost beside the answers."""
        c = self.config
        self.code_cost = 0.0
        x = self.embed(tokens)
        if trace is not None:
            trace["embedding"] = x[0]
        if c["architecture"] == "encoder":
            x = self.stack(x, "encoder", False, trace, valid=valid)
        elif c["architecture"] == "decoder":
            x = self.streamed(x, trace) if c["attention"].get("pattern", {}).get("kind") == "segments" else self.stack(x, "decoder", True, trace, valid=valid)
        else:
            memory = self.stack(x, "encoder", False, trace, valid=valid)
            if "bottleneck" in c:
                squeezed = rb.Squeezed(self, memory, tokens, valid, trace, drawn)
                memory, valid, self.code_cost = squeezed.memory, None, self.code_cost + squeezed.cost
                self.nearness = min(self.nearness, squeezed.nearness)
            y = self.embed(target_input)
            x = self.stack(y, "decoder", True, trace, memory=memory, memory_valid=valid)
        if c["output"]["kind"] == "mlp":                                        # Linear, LayerNorm, ReLU, Linear
            x = self.linear(x, "output.hidden")
            x = F.relu(F.layer_norm(x, x.shape[-1:], self.params["output.norm.weight"], self.params["output.norm.bias"], 1e-5))
        if c["output"].get("tied"):
            logits = F.linear(x, self.params["token_embedding.weight"])
        else:
            logits = self.linear(x, "output.projection")
        if trace is not None:
            trace["logits"] = logits[0]
        return logits


def init(c, seed):
    """Random parameters (not the product's initialisation: every entry is made non-trivial so that a slip shows)."""
    g = torch.Generator().manual_seed(seed)
    p = {}
    d, heads = c["d_model"], c["num_heads"]
    head_dim, kv_heads = d // heads, c.get("num_kv_heads", heads)
    rand = lambda *s: torch.randn(*s, generator=g)

    def linear(name, out, inp, bias=c.get("bias", True)):
        p[name + ".weight"] = rand(out, inp) / math.sqrt(inp)
        if bias:
            p[name + ".bias"] = 0.1 * rand(out)

    def norm(name, kind=c["norm"]["kind"]):
        if kind == "none":
            return
        p[name + ".weight"] = 1 + 0.1 * rand(d)
        if kind == "layer":
            p[name + ".bias"] = 0.1 * rand(d)

    def attention(name, cross=False):
        form = "qkv" if cross else c["attention"]["form"]
        if form in ("qkv", "q+kv", "latent"):
            linear(name + ".query", heads * head_dim, d)
        if form == "latent":
            kept, rope = c["attention"]["latent_dim"], c["position"].get("rope")
            dims = rope.get("dims", head_dim) if rope else 0
            linear(name + ".latent", kept, d)
            if dims:
                linear(name + ".shared_key", dims, d)
            if dims < head_dim:
                linear(name + ".key", heads * (head_dim - dims), kept)
            linear(name + ".value", heads * head_dim, kept)
        elif keys_of(c, name) == name:
            linear(name + ".key", kv_heads * head_dim, d)
        if form not in ("q+kv", "latent", "k") and keys_of(c, name) == name:
            linear(name + ".value", kv_heads * head_dim, d)
        if not cross and c["attention"].get("kernel") == "gated-linear":
            linear(name + ".decay", heads, d)
        number = 0 if cross else int(name.split(".")[1])
        every = c["attention"].get("full_every", 0)
        if c["attention"].get("global_projections") and not cross and not (every > 0 and (number + 1) % every == 0):
            linear(name + ".global_query", heads * head_dim, d)
            linear(name + ".global_key", kv_heads * head_dim, d)
            linear(name + ".global_value", kv_heads * head_dim, d)
        linear(name + ".output", d, heads * head_dim)
        if c["attention"].get("qk_norm") and not cross:
            for what in ("query_norm", "key_norm") if form in ("qkv", "q+kv", "latent") else ("key_norm",):
                if what == "key_norm" and keys_of(c, name) != name:
                    continue
                p[f"{name}.{what}.weight"] = 1 + 0.3 * rand(head_dim)
        if form == "kv+pos":
            p[name + ".position_map.weight"] = 0.3 * rand(1, c["attention"]["pos_dim"]) + 0.2
            p[name + ".position_map.bias"] = 0.1 * rand(1)

    def net(name):
        if c["feed_forward"]["activation"] == "swiglu":
            linear(name + ".gate", c["d_ff"], d)
        linear(name + ".up", c["d_ff"], d)
        linear(name + ".down", d, c["d_ff"])

    if c.get("input") == "vectors":
        linear("input_embedding", d, c["input_dim"], bias=c.get("embedding_bias", False))
        if c.get("class_token"):
            p["class_embedding.weight"] = rand(1, d)
    else:
        p["token_embedding.weight"] = rand(c["vocab_size"], d)
        if c.get("embedding_bias"):
            p["token_embedding.bias"] = 0.1 * rand(d)
    if c["position"]["kind"] == "learned":
        p["position_embedding.weight"] = 0.5 * rand(c["max_seq_len"], d)
    sides = {"encoder": ["encoder"], "decoder": ["decoder"], "encoder-decoder": ["encoder", "decoder"]}[c["architecture"]]
    for side in sides:
        layers = c["num_layers"] if side == "encoder" else c.get("num_decoder_layers", c["num_layers"])
        for i in range(1 if depth_of(c)["kind"] != "layers" else layers):
            name = f"{side}.{i}"
            attention(name + ".attention")
            p.update(rmem.init(c, rand, name + ".attention"))
            p.update(rs.init(c, rand, linear, name + ".attention", i == 0))
            norm(name + ".attention_norm")
            if len(sides) == 2 and side == "decoder":
                attention(name + ".cross_attention", cross=True)
                norm(name + ".cross_attention_norm")
            if c["d_ff"] == 0:
                continue
            if c["feed_forward"].get("kind") == "experts":
                rx.init(c, name + ".feed_forward", rand, linear, net)
            else:
                net(name + ".feed_forward")
            norm(name + ".feed_forward_norm")
        if depth_of(c)["kind"] == "act":
            linear(f"{side}.halting", 1, d, bias=True)
        if c["norm"]["placement"] == "pre":
            norm(f"{side}_norm")
    if "bottleneck" in c:
        p.update(rb.init(c, rand, lambda name: attention(name, cross=True)))
    if c["output"]["kind"] == "mlp":
        linear("output.hidden", d, d, bias=True)
        norm("output.norm", kind="layer")
    if not c["output"].get("tied"):
        linear("output.projection", c.get("num_classes", c["vocab_size"]), d, bias=c["output"].get("bias", True))
    return p


def learning_rate(training, step):
    """Factor-times-lr at optimizer step `step` (1-based)."""
    lr, s = training["optimizer"]["learning_rate"], training.get("schedule", {"kind": "constant"})
    if s["kind"] == "constant":
        return lr
    if s["kind"] == "cosine-warmup":                                            # UvA tutorial 6
        factor = 0.5 * (1 + math.cos(math.pi * step / training["steps"]))
        return lr * factor * min(1.0, step / s["warmup_steps"] if s["warmup_steps"] else 1.0)
    raise ValueError(s["kind"])


def loss_of(config, logits, target):
    """Mean cross-entropy; of numbers half the mean square of what is asked. target [B, T], -1 = nothing asked, or (that, values [B, T, C])."""
    if config["output"].get("loss") != "squared":
        return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), target.reshape(-1), ignore_index=-1)
    asked, values = target
    return ((logits - values.to(logits.dtype))[asked != -1] ** 2).mean() / 2


def answer_cost_of(training, logits, target):
    """What training adds to the mean cross-entropy: label smoothing (Szegedy et al. 2015) and z-loss (Chowdhery et al. 2022); 0 without."""
    smoothing, z = training.get("label_smoothing", 0), training.get("z_loss", 0)
    if not smoothing and not z:
        return 0
    logits, target = logits.reshape(-1, logits.shape[-1]), target.reshape(-1)
    smoothed = F.cross_entropy(logits, target, ignore_index=-1, label_smoothing=smoothing)
    return smoothed - F.cross_entropy(logits, target, ignore_index=-1) + z * (logits[target != -1].logsumexp(-1) ** 2).mean()


def measure_of(config, logits, target):
    """Share of right answers; of numbers the share of the targets' squares that is explained."""
    if config["output"].get("loss") != "squared":
        kept = target != -1
        return ((logits.argmax(-1) == target) & kept).sum().item() / kept.sum().item()
    asked, values = target
    wanted = values.to(logits.dtype)[asked != -1]
    return 1 - ((logits[asked != -1] - wanted) ** 2).sum().item() / (wanted ** 2).sum().item()


def train(model, training, batches):
    """batches: (tokens or vectors, target_input, target, valid). Runs len(batches) optimizer steps; returns rows (step, loss, accuracy, lr, gradient norm before clipping)."""
    o = training["optimizer"]
    common = dict(lr=o["learning_rate"], betas=(o["beta1"], o["beta2"]), eps=o["epsilon"])
    if o["kind"] == "adamw":
        decay = [p for n, p in model.params.items() if p.dim() >= 2]
        plain = [p for n, p in model.params.items() if p.dim() < 2]
        optimizer = torch.optim.AdamW([{"params": decay, "weight_decay": o["weight_decay"]}, {"params": plain, "weight_decay": 0.0}], **common)
    else:
        optimizer = torch.optim.Adam(model.params.values(), **common)
    rows = []
    for step, (tokens, target_input, target, valid) in enumerate(batches, 1):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(training, step)
        logits = model.forward(tokens, target_input, valid=valid, drawn=(training["seed"], step))
        loss = loss_of(model.config, logits, target)
        accuracy = measure_of(model.config, logits, target)
        optimizer.zero_grad()
        (loss + model.code_cost + answer_cost_of(training, logits, target)).backward()
        clip = training.get("clip_norm", 0) or float("inf")
        norm = torch.nn.utils.clip_grad_norm_(model.params.values(), clip)
        optimizer.step()
        rmem.keep_bounds(model.params)
        rows.append((step, loss.item(), accuracy, learning_rate(training, step), float(norm)))
    return rows
