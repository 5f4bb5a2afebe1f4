#!/usr/bin/env python3
"""What TransformerLens makes of tests/reference/pretrained/gpt2: the logit lens, direct attribution, patching, path patching and
composition.

    python3 make_stream.py            # writes gpt2.safetensors beside itself

Needs torch, safetensors and transformer_lens 3 (made with 3.9.0 on torch 2.15.0). Nothing is folded or centred: fold_ln,
center_writing_weights and center_unembed are off. Computed in double: shares of small differences would have the noise of single.
"""
import json
import math
import pathlib

import torch
from safetensors.torch import load_file, save_file
from transformer_lens import HookedTransformer, HookedTransformerConfig

here = pathlib.Path(__file__).resolve().parent
folder = here.parent / "pretrained" / "gpt2"


def model_of(folder):
    config = json.loads((folder / "config.json").read_text())
    d, heads = config["n_embd"], config["n_head"]
    model = HookedTransformer(HookedTransformerConfig(
        n_layers=config["n_layer"], d_model=d, n_ctx=config["n_positions"], d_head=d // heads, n_heads=heads, d_mlp=4 * d,
        d_vocab=config["vocab_size"], act_fn="gelu_new", eps=config["layer_norm_epsilon"], normalization_type="LN", device="cpu",
        dtype=torch.float64))
    given = load_file(folder / "model.safetensors")
    state = {"embed.W_E": given["transformer.wte.weight"], "pos_embed.W_pos": given["transformer.wpe.weight"],
             "unembed.W_U": given["transformer.wte.weight"].T.contiguous(), "unembed.b_U": torch.zeros(config["vocab_size"]),
             "ln_final.w": given["transformer.ln_f.weight"], "ln_final.b": given["transformer.ln_f.bias"]}
    for layer in range(config["n_layer"]):
        old, new = f"transformer.h.{layer}.", f"blocks.{layer}."
        for part, name in (("ln_1", "ln1"), ("ln_2", "ln2")):
            state[new + name + ".w"], state[new + name + ".b"] = given[old + part + ".weight"], given[old + part + ".bias"]
        w, b = given[old + "attn.c_attn.weight"], given[old + "attn.c_attn.bias"]
        for i, name in enumerate("QKV"):
            state[new + f"attn.W_{name}"] = w[:, i * d:(i + 1) * d].reshape(d, heads, -1).permute(1, 0, 2)
            state[new + f"attn.b_{name}"] = b[i * d:(i + 1) * d].reshape(heads, -1)
        state[new + "attn.W_O"] = given[old + "attn.c_proj.weight"].reshape(heads, -1, d)
        state[new + "attn.b_O"] = given[old + "attn.c_proj.bias"]
        for part, name in (("c_fc", "in"), ("c_proj", "out")):
            state[new + f"mlp.W_{name}"], state[new + f"mlp.b_{name}"] = given[old + f"mlp.{part}.weight"], given[old + f"mlp.{part}.bias"]
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and all("mask" in name or "IGNORE" in name for name in missing), (missing, unexpected)
    return model.eval()


def lens(model, cache):
    """Logits of every place [places, positions, classes]: embedding, then behind attention and feed-forward of each layer."""
    places = [cache["hook_embed"][0] + cache["hook_pos_embed"][0]]
    for layer in range(model.cfg.n_layers):
        places += [cache[f"blocks.{layer}.hook_resid_mid"][0], cache[f"blocks.{layer}.hook_resid_post"][0]]
    return torch.stack([model.unembed(model.ln_final(place[None]))[0] for place in places])


def attribution(model, cache, position, answer, other):
    """What each head and feed-forward part adds to logit `answer` less `other`, the last norm's scale held."""
    direction = (model.W_U[:, answer] - model.W_U[:, other]) * model.ln_final.w
    scale = cache["ln_final.hook_scale"][0, position]

    def of(v):
        return ((v - v.mean(-1, keepdim=True)) / scale) @ direction

    heads = torch.stack([torch.stack([of(cache[f"blocks.{l}.attn.hook_z"][0, position, h] @ model.W_O[l, h])
                                      for h in range(model.cfg.n_heads)]) for l in range(model.cfg.n_layers)])
    forwards = torch.stack([of(cache[f"blocks.{l}.hook_mlp_out"][0, position]) for l in range(model.cfg.n_layers)])
    ends = torch.stack([of(cache["hook_embed"][0, position]), of(cache["hook_pos_embed"][0, position])])
    return heads, forwards, ends


def patched(model, clean, tokens, asked, hooks):
    logits = model.run_with_hooks(tokens, fwd_hooks=hooks)[0]
    return logits[asked[0], asked[1]] - logits[asked[0], asked[2]]


def patching(model, cache, clean, corrupted, asked):
    """Recovered shares: the stream by place and position, attention and feed-forward outputs likewise, heads by layer."""
    def measure(logits):
        return logits[0, asked[0], asked[1]] - logits[0, asked[0], asked[2]]

    whole, nothing = measure(model(clean)), measure(model(corrupted))

    def share(name, put):
        def hook(value, hook):
            put(value, cache[name])
            return value
        return (measure(model.run_with_hooks(corrupted, fwd_hooks=[(name, hook)])) - nothing) / (whole - nothing)

    def at(position):
        def put(value, kept):
            value[:, position] = kept[:, position]
        return put

    def head(h):
        def put(value, kept):
            value[:, :, h] = kept[:, :, h]
        return put

    def map_of(names):
        return torch.stack([torch.stack([share(name, at(p)) for p in range(clean.shape[1])]) for name in names])

    layers = range(model.cfg.n_layers)
    return {"patch.stream": map_of(["blocks.0.hook_resid_pre"] + [f"blocks.{l}.hook_resid_post" for l in layers]),
            "patch.attention": map_of([f"blocks.{l}.hook_attn_out" for l in layers]),
            "patch.feed-forward": map_of([f"blocks.{l}.hook_mlp_out" for l in layers]),
            "patch.head": torch.stack([torch.stack([share(f"blocks.{l}.attn.hook_z", head(h)) for h in range(model.cfg.n_heads)])
                                       for l in layers])}


ways = [(end, (l1, h1), (l2, h2)) for l1 in range(3) for l2 in range(l1 + 1, 3) for h1 in range(4) for h2 in range(4) for end in "qkv"]


def paths(model, clean_cache, clean, corrupted, asked):
    """Path patching (Wang et al. 2022), one number a way of `ways`: recovered share when the clean output of the first head reaches the
    query, key or value of the second alone, all other heads and the feed-forward parts as in the corrupted run."""
    _, own = model.run_with_cache(corrupted)

    def measure(logits):
        return logits[0, asked[0], asked[1]] - logits[0, asked[0], asked[2]]

    whole, nothing = measure(model(clean)), measure(model(corrupted))

    def held(name, head=None):
        def hook(value, hook):
            value[:] = own[name]
            if head is not None:
                value[:, :, head] = clean_cache[name][:, :, head]
            return value
        return name, hook

    def way(end, first, second):
        arrived, target = {}, f"blocks.{second[0]}.attn.hook_{end}"

        def keep(value, hook):
            arrived["value"] = value[:, :, second[1]].clone()

        def put(value, hook):
            value[:, :, second[1]] = arrived["value"]
            return value

        layers = range(model.cfg.n_layers)
        hooks = [held(f"blocks.{l}.attn.hook_z", first[1] if l == first[0] else None) for l in layers]
        hooks += [held(f"blocks.{l}.hook_mlp_out") for l in layers] + [(target, keep)]
        model.run_with_hooks(corrupted, fwd_hooks=hooks)
        return (measure(model.run_with_hooks(corrupted, fwd_hooks=[(target, put)])) - nothing) / (whole - nothing)

    return torch.stack([way(*each) for each in ways])


def main():
    torch.set_grad_enabled(False)
    model = model_of(folder)
    clean = torch.tensor([[17, 301, 44, 301, 9, 512, 77, 44, 120]])
    corrupted = clean.clone()
    corrupted[0, 1], corrupted[0, 5] = 208, 33
    asked = (8, 44, 120)
    logits, cache = model.run_with_cache(clean)
    heads, forwards, ends = attribution(model, cache, *asked)
    found = {"clean": clean[0], "corrupted": corrupted[0], "asked": torch.tensor(asked), "logits": logits[0], "lens": lens(model, cache),
             "attribution.heads": heads, "attribution.feed-forward": forwards, "attribution.embedding": ends,
             **patching(model, cache, clean, corrupted, asked), "paths": paths(model, cache, clean, corrupted, asked)}
    for way in "QKV":
        found["composition." + way.lower()] = model.all_composition_scores(way)
    assert all(math.isfinite(x) for t in found.values() for x in t.flatten().tolist())
    stored = {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in found.items()}
    save_file({name: tensor.contiguous() for name, tensor in stored.items()}, here / "gpt2.safetensors")
    for name, tensor in found.items():
        print(name, list(tensor.shape))


main()
