"""Reference transformer in PyTorch: the numbers that Attention Lab's core must reproduce.

One small, slow, obvious implementation of every model form in resources/help/formats.md. Parameters live in a dict whose keys are
the checkpoint's tensor names; `forward` returns logits and, on request, the trace that `attention-lab trace` exports.
Runs on PyTorch 1.13 or newer, CPU, float32 (pass dtype=torch.float64 for gradient work).
"""
import json
import math
import struct

import numpy as np
import torch
import torch.nn.functional as F

import reference_bottleneck as rb

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


def rotate(x, rope, positions, seq_len):
    """Rotates the pairs of x [..., T, head_dim] by position * frequency."""
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
    if kind not in ("full", "sliding-window", "longformer", "strided", "context"):
        raise ValueError(kind)
    ok = torch.ones(queries, keys, dtype=torch.bool)
    if kind in ("sliding-window", "longformer"):
        ok = (i - j).abs() <= pattern["window"]
    if kind == "strided":                                                       # Child et al. 2019: local run + every stride-th
        ok = ((i - j).abs() <= pattern["window"]) | ((i - j).abs() % pattern["stride"] == 0)
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


# ---------------------------------------------------------------- blocks
class Model:
    def __init__(self, config, seed=0, dtype=torch.float32, scale=None):
        self.config, self.dtype = config, dtype
        self.nearness = math.inf                                                # of a code to being another one, in all passes
        self.params = {k: v.to(dtype).requires_grad_(True) for k, v in init(config, seed).items()}

    def load(self, tensors):
        for name, p in self.params.items():
            p.data = torch.tensor(np.array(tensors[name])).to(self.dtype)

    def norm(self, x, name):
        n = self.config["norm"]
        if n["kind"] == "none":
            return x
        if n["kind"] == "layer":
            return F.layer_norm(x, x.shape[-1:], self.params[name + ".weight"], self.params[name + ".bias"], n["epsilon"])
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + n["epsilon"]) * self.params[name + ".weight"]

    def head_norm(self, x, name):
        """Of x [..., head_dim], with one gain for all heads."""
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.config["norm"]["epsilon"]) * self.params[name + ".weight"]

    def linear(self, x, name):
        return F.linear(x, self.params[name + ".weight"], self.params.get(name + ".bias"))

    def attention(self, x, memory, name, causal, trace, valid=None, cross=False):
        c, a = self.config, self.config["attention"]
        heads, kv_heads = c["num_heads"], c.get("num_kv_heads", c["num_heads"])
        batch, length, source = x.shape[0], x.shape[1], memory.shape[1]
        split = lambda t, n: t.view(batch, t.shape[1], n, -1).transpose(1, 2)
        form = "qkv" if cross else a["form"]
        k = split(self.linear(memory, name + ".key"), kv_heads)
        v = k if form == "q+kv" else split(self.linear(memory, name + ".value"), kv_heads)
        own_query = form in ("qkv", "q+kv")
        q = split(self.linear(x, name + ".query"), heads) if own_query else k
        if a.get("qk_norm") and not cross:                                      # Qwen3: per head, before the rotation
            k = self.head_norm(k, name + ".key_norm")
            q = self.head_norm(q, name + ".query_norm") if own_query else k
        position = c["position"]
        if position["kind"] == "rope" and not cross:
            rope = position["rope"]
            k = rotate(k, rope, torch.arange(source), source)
            q = rotate(q, rope, torch.arange(length), length) if own_query else k
        repeat = lambda t: t.repeat_interleave(heads // kv_heads, dim=1)
        kr, vr = repeat(k), repeat(v)
        pattern = {"kind": "full"} if cross else a.get("pattern", {"kind": "full"})
        ok = allowed(pattern, length, source, causal)
        if pattern["kind"] == "context":                                        # von Oswald et al. 2023: the query is nobody's key
            ends = valid.sum(-1) if valid is not None else torch.full((batch,), source)
            ok = ok & (torch.arange(source) < ends[:, None] - 1)[:, None, None, :]
        if a.get("mask_diagonal") and not cross:
            ok = without_diagonal(ok)
        if valid is not None:
            ok = ok & valid[:, None, None, :]
        kernel = "softmax" if cross else a.get("kernel", "softmax")
        if kernel not in ("softmax", "linear", "product") or form not in ("qkv", "kv", "kv+pos", "q+kv") or c["dropout"]:
            raise ValueError((a, c["dropout"]))
        if kernel != "softmax" and (form == "kv+pos" or position["kind"] == "alibi"):
            raise ValueError("alibi or kv+pos without softmax")
        if kernel == "product":                                                 # von Oswald et al. 2023: W_V H (W_K H)^T W_Q h
            scores = q @ kr.transpose(-1, -2)
            weights = scores * ok
        elif kernel == "linear":                                                # Katharopoulos et al. 2020, phi = elu + 1
            fq, fk = F.elu(q) + 1, F.elu(kr) + 1
            scores = fq @ fk.transpose(-1, -2)
            kept = scores * ok
            weights = kept / (kept.sum(-1, keepdim=True) + 1e-6)
        else:
            scores = q @ kr.transpose(-1, -2) / math.sqrt(q.shape[-1])
            if form == "kv+pos":
                grid = grid_encoding(length, a["pos_dim"]).to(x.dtype)
                w, b = self.params[name + ".position_map.weight"], self.params[name + ".position_map.bias"]
                scores = scores * w.sum() + (grid @ w.view(-1)) + b
            if position["kind"] == "alibi" and not cross:
                far = (torch.arange(length)[:, None] - torch.arange(source)[None, :]).abs()
                scores = scores - alibi_slopes(heads).to(x.dtype)[:, None, None] * far
            weights = scores.masked_fill(~ok, float("-inf")).softmax(-1)
        out = weights @ vr
        mixed = self.linear(out.transpose(1, 2).reshape(batch, length, -1), name + ".output")
        if trace is not None:
            for key, t in (("query", q), ("key", k), ("value", v), ("scores", scores), ("weights", weights),
                           ("head_output", out), ("output", mixed)):
                trace[f"{name}.{key}"] = t[0]
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

    def sublayer(self, x, norm, f):
        """Residual connection around f, with the norm after the sum (post) or before f (pre)."""
        if self.config["norm"]["placement"] == "post":
            return self.norm(x + f(x), norm)
        return x + f(self.norm(x, norm))

    def stack(self, x, side, causal, trace, memory=None, valid=None, memory_valid=None):
        layers = self.config["num_layers"] if side == "encoder" else self.config.get("num_decoder_layers", self.config["num_layers"])
        for i in range(layers):
            name = f"{side}.{i}"
            x = self.sublayer(x, name + ".attention_norm", lambda t: self.attention(t, t, name + ".attention", causal, trace, valid))
            if memory is not None:
                x = self.sublayer(x, name + ".cross_attention_norm",
                                  lambda t: self.attention(t, memory, name + ".cross_attention", False, trace, memory_valid, cross=True))
            if self.config["d_ff"] > 0:
                x = self.sublayer(x, name + ".feed_forward_norm", lambda t: self.feed_forward(t, name + ".feed_forward"))
            if trace is not None:
                trace[name + ".residual"] = x[0]
        if self.config["norm"]["placement"] == "pre":
            x = self.norm(x, f"{side}_norm")
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
        bottleneck's codes cost beside the answers."""
        c = self.config
        self.code_cost = 0.0
        x = self.embed(tokens)
        if trace is not None:
            trace["embedding"] = x[0]
        if c["architecture"] == "encoder":
            x = self.stack(x, "encoder", False, trace, valid=valid)
        elif c["architecture"] == "decoder":
            x = self.stack(x, "decoder", True, trace, valid=valid)
        else:
            memory = self.stack(x, "encoder", False, trace, valid=valid)
            if "bottleneck" in c:
                squeezed = rb.Squeezed(self, memory, tokens, valid, trace, drawn)
                memory, valid, self.code_cost = squeezed.memory, None, squeezed.cost
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
        if form in ("qkv", "q+kv"):
            linear(name + ".query", heads * head_dim, d)
        linear(name + ".key", kv_heads * head_dim, d)
        if form != "q+kv":
            linear(name + ".value", kv_heads * head_dim, d)
        linear(name + ".output", d, heads * head_dim)
        if c["attention"].get("qk_norm") and not cross:
            for what in ("query_norm", "key_norm") if form in ("qkv", "q+kv") else ("key_norm",):
                p[f"{name}.{what}.weight"] = 1 + 0.3 * rand(head_dim)
        if form == "kv+pos":
            p[name + ".position_map.weight"] = 0.3 * rand(1, c["attention"]["pos_dim"]) + 0.2
            p[name + ".position_map.bias"] = 0.1 * rand(1)

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
        for i in range(layers):
            name = f"{side}.{i}"
            attention(name + ".attention")
            norm(name + ".attention_norm")
            if len(sides) == 2 and side == "decoder":
                attention(name + ".cross_attention", cross=True)
                norm(name + ".cross_attention_norm")
            if c["d_ff"] == 0:
                continue
            if c["feed_forward"]["activation"] == "swiglu":
                linear(name + ".feed_forward.gate", c["d_ff"], d)
            linear(name + ".feed_forward.up", c["d_ff"], d)
            linear(name + ".feed_forward.down", d, c["d_ff"])
            norm(name + ".feed_forward_norm")
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
        (loss + model.code_cost).backward()
        clip = training.get("clip_norm", 0) or float("inf")
        norm = torch.nn.utils.clip_grad_norm_(model.params.values(), clip)
        optimizer.step()
        rows.append((step, loss.item(), accuracy, learning_rate(training, step), float(norm)))
    return rows
