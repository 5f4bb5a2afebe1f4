#!/usr/bin/env python3
"""Writes the golden cases: what reference_model.py, a transformer in PyTorch, makes of small experiments (README.md).

    python3 make_reference.py NAME ...      writes these cases beside this file
    python3 make_reference.py --check       makes all of them anew elsewhere and compares: exit status 1 and a line for each that differs

Needs PyTorch 1.13 or newer (Debian: python3-torch).
"""
import argparse
import csv
import json
import os
import sys
import tempfile

import torch

sys.dont_write_bytecode = True  # the tests take every folder that is here
import reference_model as rm  # noqa: E402

PAPER = dict(architecture="encoder", vocab_size=10, num_classes=10, d_model=32, num_layers=2, num_heads=2, d_ff=64, max_seq_len=16,
             attention=dict(form="qkv", kernel="softmax", pattern=dict(kind="full")), position=dict(kind="sinusoidal"),
             norm=dict(kind="layer", placement="post", epsilon=1e-5), feed_forward=dict(activation="relu"), dropout=0.0, embedding_bias=True,
             output=dict(kind="mlp", tied=False), bias=True)
ADAM = dict(kind="adam", learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.0)


def change(base, **kw):
    out = json.loads(json.dumps(base))
    for k, v in kw.items():
        out[k] = v
    return out


LLAMA = change(PAPER, architecture="decoder", vocab_size=24, num_classes=24, d_model=48, num_heads=4, num_kv_heads=2, d_ff=96, max_seq_len=24,
               position=dict(kind="rope", rope=dict(base=10000.0, pairing="half", scaling=dict(kind="none"))),
               norm=dict(kind="rms", placement="pre", epsilon=1e-6), feed_forward=dict(activation="swiglu"), embedding_bias=False,
               output=dict(kind="linear", tied=False, bias=False), bias=False)
GPT2 = change(PAPER, architecture="decoder", vocab_size=20, num_classes=20, d_model=32, num_heads=4, d_ff=128, max_seq_len=20,
              position=dict(kind="learned"), norm=dict(kind="layer", placement="pre", epsilon=1e-5), embedding_bias=False,
              feed_forward=dict(activation="gelu-tanh"), output=dict(kind="linear", tied=True, bias=False))
BERT = change(PAPER, vocab_size=30, num_classes=5, d_model=24, num_heads=3, d_ff=40, max_seq_len=18, position=dict(kind="learned"),
              norm=dict(kind="layer", placement="post", epsilon=1e-12), feed_forward=dict(activation="gelu"),
              embedding_bias=False, output=dict(kind="linear", tied=False))
VASWANI = change(PAPER, architecture="encoder-decoder", vocab_size=14, num_classes=14, num_decoder_layers=1, embedding_bias=False, output=dict(kind="linear", tied=False))


VIT = change(PAPER, input="vectors", input_dim=12, class_token=True, readout="class", vocab_size=2, num_classes=5, max_seq_len=17, d_ff=32,
             position=dict(kind="learned"), norm=dict(kind="layer", placement="pre", epsilon=1e-5), feed_forward=dict(activation="gelu"),
             embedding_bias=True, output=dict(kind="linear", tied=False, bias=True))
NUMBERS = change(VIT, class_token=False, readout="last", vocab_size=1, input_dim=6, num_classes=1, max_seq_len=11,
                 attention=dict(form="qkv", kernel="softmax", pattern=dict(kind="context")), position=dict(kind="none"),
                 output=dict(kind="linear", tied=False, bias=True, loss="squared"))
OSWALD = change(NUMBERS, num_layers=1, num_heads=1, d_ff=0, attention=dict(form="qkv", kernel="product", pattern=dict(kind="context")),
                norm=dict(kind="none", placement="pre", epsilon=1e-5), embedding_bias=False, bias=False,
                output=dict(kind="linear", tied=False, bias=False, loss="squared"))
GARG = change(NUMBERS, architecture="decoder", readout="every", num_heads=4, d_ff=64, max_seq_len=16, position=dict(kind="learned"),
              attention=dict(form="qkv", kernel="softmax", pattern=dict(kind="full")), feed_forward=dict(activation="gelu-tanh"))


def attention(form, **kw):
    return dict(dict(form=form, kernel="softmax", pattern=dict(kind="full")), **kw)


def kernel(name):
    return dict(form="qkv", kernel=name, pattern=dict(kind="full"))


def performer(**kw):
    return dict(kernel("performer"), **kw)


def rope(**scaling):
    return dict(kind="rope", rope=dict(base=10000.0, pairing="half", scaling=scaling))


CASES = {
    "encoder-qkv": PAPER,
    "encoder-kv": change(PAPER, attention=dict(form="kv", kernel="softmax", pattern=dict(kind="full"))),
    "encoder-kv-pos": change(PAPER, attention=dict(form="kv+pos", pos_dim=10, kernel="softmax", pattern=dict(kind="full"))),
    "encoder-linear-kernel": change(PAPER, attention=dict(form="qkv", kernel="linear", pattern=dict(kind="full"))),
    "encoder-performer": change(PAPER, d_model=30, num_heads=3, attention=performer(features=23, feature_seed=5)),
    "decoder-performer-gqa": change(LLAMA, attention=performer(features=19, feature_seed=9)),
    "decoder-retention": change(LLAMA, d_model=40, attention=kernel("retention")),
    "decoder-retention-kv": change(GPT2, d_model=28, attention=dict(kernel("retention"), form="kv")),
    "decoder-gated-linear": change(LLAMA, d_model=40, attention=kernel("gated-linear")),
    "decoder-gated-linear-bias": change(GPT2, d_model=28, attention=kernel("gated-linear")),
    "encoder-bert": BERT,
    "encoder-longformer": change(PAPER, attention=dict(form="qkv", kernel="softmax", pattern=dict(kind="longformer", window=2, globals=1))),
    "decoder-llama": LLAMA,
    "decoder-mqa-interleaved": change(LLAMA, num_kv_heads=1, position=dict(kind="rope", rope=dict(base=500.0, pairing="interleaved", scaling=dict(kind="none")))),
    "decoder-rope-linear": change(LLAMA, position=rope(kind="linear", factor=4.0)),
    "decoder-rope-ntk": change(LLAMA, position=rope(kind="ntk", factor=4.0)),
    "decoder-rope-yarn": change(LLAMA, position=rope(kind="yarn", factor=4.0, original_max_seq_len=16, beta_fast=32.0, beta_slow=1.0)),
    "decoder-rope-yarn-ramp": change(LLAMA, d_model=64, num_heads=2, num_kv_heads=1, position=dict(kind="rope", rope=dict(base=100.0, pairing="half", scaling=dict(
        kind="yarn", factor=4.0, original_max_seq_len=128, beta_fast=8.0, beta_slow=1.0)))),
    "encoder-rope-kv": change(PAPER, attention=dict(form="kv", kernel="softmax", pattern=dict(kind="full")), position=dict(kind="rope", rope=dict(base=10000.0, pairing="half", scaling=dict(kind="none")))),
    "decoder-linear-gqa": change(LLAMA, attention=dict(form="qkv", kernel="linear", pattern=dict(kind="full"))),
    "decoder-rope-longrope": change(LLAMA, position=rope(kind="longrope", original_max_seq_len=12, max_seq_len=48,
                                                         short_factors=[1.0, 1.0, 1.1, 1.2, 1.3, 1.5], long_factors=[1.0, 1.3, 1.9, 2.6, 3.3, 4.0])),
    "decoder-gpt2": GPT2,
    "decoder-alibi": change(GPT2, position=dict(kind="alibi")),
    "decoder-sliding-window": change(GPT2, attention=dict(form="qkv", kernel="softmax", pattern=dict(kind="sliding-window", window=4))),
    "decoder-strided": change(GPT2, attention=dict(form="qkv", kernel="softmax", pattern=dict(kind="strided", window=2, stride=5))),
    "encoder-decoder": VASWANI,
    "decoder-qwen3": change(LLAMA, attention=dict(form="qkv", kernel="softmax", pattern=dict(kind="full"), qk_norm=True)),
    "decoder-q-kv": change(LLAMA, attention=dict(form="q+kv", kernel="softmax", pattern=dict(kind="full"), qk_norm=True)),
    "encoder-latent": change(PAPER, d_model=30, num_heads=3, d_ff=44, attention=attention("latent", latent_dim=7)),
    "decoder-latent": change(LLAMA, d_model=36, num_heads=3, num_kv_heads=3, d_ff=50, attention=attention("latent", latent_dim=10, qk_norm=True),
                             position=dict(kind="rope", rope=dict(base=100.0, pairing="half", dims=4, scaling=dict(kind="none")))),
    "decoder-latent-interleaved": change(LLAMA, d_model=36, num_heads=3, num_kv_heads=3, d_ff=50, attention=attention("latent", latent_dim=9),
                                         position=dict(kind="rope", rope=dict(base=100.0, pairing="interleaved", dims=8, scaling=dict(kind="none")))),
    "decoder-diagonal-masked": change(GPT2, attention=dict(form="q+kv", kernel="softmax", pattern=dict(kind="full"), mask_diagonal=True)),
    "encoder-kv-diagonal-masked": change(PAPER, attention=dict(form="kv", kernel="softmax", pattern=dict(kind="sliding-window", window=3),
                                                               mask_diagonal=True, qk_norm=True)),
    "decoder-no-feed-forward": change(GPT2, d_ff=0),
    "encoder-no-norm": change(PAPER, norm=dict(kind="none", placement="post", epsilon=1e-5)),
    "encoder-product": change(PAPER, attention=dict(form="kv", kernel="product", pattern=dict(kind="sliding-window", window=3))),
    "encoder-smoothed": change(BERT, vocab_size=11, num_classes=7, d_model=18, num_layers=1, d_ff=20, max_seq_len=12),
    "decoder-smoothed-z-loss": change(GPT2, vocab_size=13, num_classes=13, d_model=20, num_layers=1, d_ff=36, max_seq_len=14),
    "encoder-k": change(PAPER, d_model=18, num_heads=3, attention=dict(form="k", kernel="softmax", pattern=dict(kind="full"), mask_diagonal=True)),
    "decoder-dilated": change(GPT2, num_layers=3, attention=dict(form="qkv", kernel="softmax", pattern=dict(kind="dilated", window=2, dilation=3), full_every=3)),
    "encoder-lsh": change(PAPER, d_model=18, num_heads=3, num_layers=2, attention=dict(
        form="kv", kernel="softmax", mask_diagonal=True, unit_keys=True, full_every=2,
        pattern=dict(kind="lsh", buckets=4, rounds=1, chunk=3, seed=9))),
    "decoder-lsh": change(GPT2, d_model=18, num_heads=3, num_layers=1, d_ff=20, attention=dict(
        form="k", kernel="softmax", mask_diagonal=True, unit_keys=True, pattern=dict(kind="lsh", buckets=4, rounds=1, chunk=2, seed=1))),
    "encoder-global-projections": change(PAPER, d_model=18, num_heads=3, attention=dict(
        form="qkv", kernel="softmax", pattern=dict(kind="longformer", window=2, globals=2), global_projections=True)),
    "decoder-global-projections": change(GPT2, num_heads=2, num_kv_heads=1, d_model=22, position=dict(kind="sinusoidal"), attention=dict(
        form="qkv", kernel="softmax", pattern=dict(kind="longformer", window=2, globals=3), global_projections=True, full_every=2)),
    "decoder-product-gqa": change(LLAMA, attention=dict(form="qkv", kernel="product", pattern=dict(kind="full"), qk_norm=True)),
}
# Small, no width a multiple of 16; each of two seeds.
SMALL = change(PAPER, vocab_size=7, num_classes=5, d_model=12, num_layers=4, num_heads=2, d_ff=18, max_seq_len=10)
SMALL_LLAMA = change(LLAMA, vocab_size=11, num_classes=11, d_model=12, num_layers=4, num_heads=3, num_kv_heads=1, d_ff=20, max_seq_len=11)
HALTS = dict(kind="act", epsilon=0.01, ponder=0.2)
DEPTH_CASES = {
    "encoder-tied": change(SMALL, depth=dict(kind="tied")),
    "encoder-tied-2": change(SMALL, depth=dict(kind="tied"), attention=attention("kv+pos", pos_dim=10), num_layers=3),
    "encoder-act": change(SMALL, depth=HALTS),
    "encoder-act-2": change(SMALL, depth=HALTS, num_layers=5, d_model=10),
    "decoder-act": change(SMALL_LLAMA, depth=HALTS),
    "decoder-act-2": change(SMALL_LLAMA, depth=change(HALTS, epsilon=0.1), num_layers=3, num_kv_heads=3),
}
CASES.update(DEPTH_CASES)
# What training adds to the loss.
ANSWER_COSTS = {"encoder-smoothed": dict(label_smoothing=0.15), "decoder-smoothed-z-loss": dict(label_smoothing=0.1, z_loss=0.02)}
VECTOR_CASES = {
    "vectors/vit": VIT,
    "vectors/vit-kv": change(VIT, attention=attention("kv")),
    "vectors/vit-kv-pos": change(VIT, attention=attention("kv+pos", pos_dim=50)),
    "vectors/every-position": change(VIT, class_token=False, readout="every", vocab_size=1, position=dict(kind="sinusoidal"), output=PAPER["output"],
                                     norm=PAPER["norm"]),
    "vectors/regression-product": OSWALD,
    "vectors/regression-product-2": change(OSWALD, num_layers=2, num_classes=2),
    "vectors/regression-softmax": change(NUMBERS, num_classes=3),
    "vectors/regression-garg": GARG,
}
# No width is a multiple of 16.
EXPERT_CASES = {
    "encoder-experts": change(PAPER, d_model=12, num_heads=3, d_ff=18, max_seq_len=11, bias=True,
                              feed_forward=dict(activation="relu", kind="experts", experts=3, top_k=1, balance=0.1)),
    "decoder-experts": change(LLAMA, vocab_size=12, num_classes=12, d_model=20, num_heads=2, num_kv_heads=1, d_ff=14, max_seq_len=10,
                              feed_forward=dict(activation="swiglu", kind="experts", experts=5, top_k=2, balance=0.05)),
}
# Small on purpose: no width is a multiple of 16, sources and answers are of different lengths.
SQUEEZED = change(VASWANI, vocab_size=7, num_classes=7, d_model=6, num_layers=1, num_heads=2, d_ff=5, max_seq_len=9)
SQUEEZED_LLAMA = change(SQUEEZED, num_heads=3, num_kv_heads=1, norm=dict(kind="rms", placement="pre", epsilon=1e-6), bias=False,
                        position=dict(kind="rope", rope=dict(base=10000.0, pairing="half", scaling=dict(kind="none"))),
                        feed_forward=dict(activation="swiglu"), output=dict(kind="linear", tied=False, bias=False))


def squeezed(kind, base=SQUEEZED, **numbers):
    return change(base, bottleneck=dict(kind=kind, **numbers, usage=0.3, injectivity=0.6))


BOTTLENECK_CASES = {
    "bottlenecks/fsq": squeezed("fsq", slots=3, levels=5),
    "bottlenecks/fsq-even": squeezed("fsq", SQUEEZED_LLAMA, slots=2, levels=4),
    "bottlenecks/bits": squeezed("bits", count=5),
    "bottlenecks/bits-rope": squeezed("bits", SQUEEZED_LLAMA, count=3),
    "bottlenecks/one-hot": squeezed("one-hot", slots=3, codes=4),
    "bottlenecks/one-hot-rope": squeezed("one-hot", SQUEEZED_LLAMA, slots=2, codes=3),
    "bottlenecks/gumbel": squeezed("gumbel", slots=2, codes=4, tau=1.5, tau_end=0.4, tau_rate=0.01),
    "bottlenecks/gumbel-rope": squeezed("gumbel", SQUEEZED_LLAMA, slots=3, codes=3, tau=0.8, tau_end=0.5, tau_rate=1e-3),
    "bottlenecks/vq": squeezed("vq", slots=3, codes=5, dim=2, beta=0.25),
    "bottlenecks/vq-rope": squeezed("vq", SQUEEZED_LLAMA, slots=2, codes=4, dim=3, beta=0.5),
}
# Small as well, and no width a multiple of 16.
SCORES_ENCODER = change(PAPER, vocab_size=9, num_classes=9, d_model=21, num_heads=3, d_ff=19, max_seq_len=14, embedding_bias=False,
                        output=dict(kind="linear", tied=False, bias=True))
SCORES_DECODER = change(LLAMA, vocab_size=11, num_classes=11, d_model=30, num_heads=6, num_kv_heads=2, d_ff=22, max_seq_len=15)


def spanned(longest, ramp):
    return attention("qkv", span=True, max_span=longest, span_ramp=ramp, span_penalty=0.03)


def buckets(count, max_distance):
    return dict(kind="relative-bias", buckets=count, max_distance=max_distance)


SCORE_FORMS = {
    "scores/encoder-relative-gate": change(SCORES_ENCODER, attention=attention("qkv", gate=True), position=buckets(8, 7)),
    "scores/decoder-relative-gqa": change(SCORES_DECODER, position=buckets(7, 9)),
    "scores/decoder-cap-sink-rope": change(SCORES_DECODER, d_model=18, num_heads=3, num_kv_heads=3, attention=attention("qkv", soft_cap=1.5, sink=True)),
    "scores/encoder-decoder-relative": change(SCORES_ENCODER, architecture="encoder-decoder", num_decoder_layers=2, d_model=18,
                                              attention=attention("qkv", sink=True, gate=True), position=buckets(6, 8)),
    "scores/segments-relative": change(SCORES_DECODER, attention=attention("qkv", pattern=dict(kind="segments", segment=4, memory=6)), position=dict(kind="relative")),
    "scores/segments-rope-qk-norm": change(SCORES_DECODER, d_model=18, num_heads=3, num_kv_heads=1, attention=attention("qkv", qk_norm=True, pattern=dict(kind="segments", segment=3, memory=5))),
    "scores/segments-kv-relative": change(SCORES_DECODER, d_model=18, num_heads=3, num_kv_heads=3, position=dict(kind="relative"),
                                          attention=attention("kv", pattern=dict(kind="segments", segment=5, memory=3))),
    "scores/segments-latent-rope": change(SCORES_DECODER, d_model=18, num_heads=3, num_kv_heads=3,
                                          attention=attention("latent", latent_dim=5, pattern=dict(kind="segments", segment=4, memory=4)),
                                          position=dict(kind="rope", rope=dict(base=10000.0, pairing="half", dims=2, scaling=dict(kind="none")))),
    "scores/decoder-span-relative": change(SCORES_DECODER, attention=spanned(9, 3.0), position=dict(kind="relative")),
    "scores/encoder-span": change(SCORES_ENCODER, attention=spanned(6, 2.0)),
    "scores/encoder-differential": change(SCORES_ENCODER, d_model=28, num_heads=4, attention=attention("qkv", differential=True)),
    "scores/decoder-differential-rope": change(SCORES_DECODER, d_model=24, num_heads=4, num_kv_heads=4, attention=attention("qkv", differential=True, gate=True)),
}
# Layers that read the keys and values of another layer, by each training kernel, in groups of two and three of which one is cut short.
SHARED_KEY_FORMS = {
    "scores/shared-keys-encoder": change(SCORES_ENCODER, num_layers=3, attention=attention("qkv", share_kv=2)),
    "scores/shared-keys-encoder-q-kv": change(SCORES_ENCODER, num_layers=3, d_model=18, attention=attention("q+kv", share_kv=3), position=buckets(6, 8)),
    "scores/shared-keys-decoder-gqa-rope": change(SCORES_DECODER, d_model=36, num_layers=4, attention=attention("qkv", share_kv=3, qk_norm=True)),
    "scores/shared-keys-decoder-window": change(SCORES_DECODER, d_model=36, num_layers=4, num_kv_heads=1, attention=attention(
        "q+kv", share_kv=2, qk_norm=True, full_every=3, pattern=dict(kind="sliding-window", window=2))),
    "scores/shared-keys-decoder-linear": change(SCORES_DECODER, d_model=36, num_layers=2, attention=attention("qkv", share_kv=2, kernel="linear")),
    "scores/shared-keys-encoder-decoder": change(SCORES_ENCODER, architecture="encoder-decoder", num_decoder_layers=2, d_model=18,
                                          attention=attention("qkv", share_kv=2)),
}
TWICE = {**SCORE_FORMS, **SHARED_KEY_FORMS}
SCORE_CASES = {name + seed: form for seed in ("", "-2") for name, form in TWICE.items()}  # of two seeds
TRAINED = ("bottlenecks/fsq", "bottlenecks/gumbel")  # the other bottlenecks have no thirty steps: they would only be larger
# Those of which positions halt after different steps, none by a hair.
DEPTH_SEEDS = {"encoder-tied": 7, "encoder-tied-2": 8, "encoder-act": 11, "encoder-act-2": 7, "decoder-act": 7, "decoder-act-2": 13}
DRAWN_STEP = 12  # of which a drawn code's gradients are
ALL = {**CASES, **EXPERT_CASES, **VECTOR_CASES, **BOTTLENECK_CASES, **SCORE_CASES}
EXPERT_SEEDS = {"encoder-experts": 16, "decoder-experts": 17}  # with which no choice of an expert hangs on rounding
RAGGED = ("vectors/every-position", "vectors/regression-product-2", "vectors/regression-softmax")  # sequences of different lengths


class Data:
    """What a case learns from. `target` [N, T], or of numbers (that, values [N, T, C]); -1 = nothing asked."""

    def __init__(self, inputs, second, target, valid=None):
        self.inputs, self.second, self.target, self.valid = inputs, second, target, valid

    def part(self, at):
        cut = lambda t: None if t is None else tuple(map(cut, t)) if isinstance(t, tuple) else t[at]
        return tuple(map(cut, (self.inputs, self.second, self.target, self.valid)))


def pairs(config, count, seed):
    """Random input and target sequences; the last 1 to 5 targets of a row are -1 ('no loss here') in the decoder cases."""
    g = torch.Generator().manual_seed(seed)
    length, decoder = config["max_seq_len"] - 2, config["architecture"] == "decoder"
    tokens = torch.randint(config["vocab_size"], (count, length), generator=g)
    out = config["num_classes"]
    second = torch.randint(config["vocab_size"], (count, length - 3), generator=g) if config["architecture"] == "encoder-decoder" else None
    target = torch.randint(out, (count, length - 3 if second is not None else length), generator=g)
    if decoder:
        for row in range(count):                                                # unequal numbers of counting positions
            target[row, length - 1 - row % 5:] = -1
    return Data(tokens, second, target)


def asks(config, lengths, length):
    """Boolean [N, T]: where the model reads out; in decoders of every position at every other, as Garg et al. 2022 ask."""
    at = torch.arange(length)
    if config["readout"] == "class":
        return (at == 0).expand(len(lengths), -1)
    if config["readout"] == "last":
        return at == lengths[:, None] - 1
    return (at < lengths[:, None]) & (at % (2 if config["architecture"] == "decoder" else 1) == 0)


def vectors(config, count, seed, ragged):
    """Random vectors and what is asked of them."""
    g = torch.Generator().manual_seed(seed)
    length = config["max_seq_len"]
    lengths = torch.tensor([length - (3 * row % 7 if ragged else 0) for row in range(count)])
    valid = torch.arange(length) < lengths[:, None]
    inputs = torch.rand(count, length, config["input_dim"], generator=g) - 0.5
    inputs[~valid] = 0
    if config["class_token"]:
        inputs[:, 0] = 0
    asked = asks(config, lengths, length)
    if config["output"].get("loss") != "squared":
        return Data(inputs, None, torch.randint(config["num_classes"], (count, length), generator=g).where(asked, torch.tensor(-1)), valid)
    values = torch.randn(count, length, config["num_classes"], generator=g) * asked[..., None]
    return Data(inputs, None, (torch.where(asked, 0, -1), values), valid)


def unequal(config, count, seed):
    """Random sources and answers of different lengths; of every eight the third has the first one's source."""
    g = torch.Generator().manual_seed(seed)
    longest = config["max_seq_len"]
    inputs = torch.randint(config["vocab_size"], (count, longest), generator=g)
    second = torch.randint(config["vocab_size"], (count, longest - 2), generator=g)
    target = torch.randint(config["num_classes"], (count, longest - 2), generator=g)
    lengths = torch.tensor([longest - row * 5 % 7 for row in range(count)])
    answers = torch.tensor([longest - 2 - row * 3 % 5 for row in range(count)])
    inputs[2::8], lengths[2::8] = inputs[0::8], lengths[0::8]
    valid, asked = torch.arange(longest) < lengths[:, None], torch.arange(longest - 2) < answers[:, None]
    return Data(inputs * valid, second * asked, torch.where(asked, target, -1), valid)


HERE = os.path.dirname(os.path.abspath(__file__))


def optimizer_of(config):
    """Decoders and what has a bottleneck train as language models do, the others as the papers' tasks."""
    adamw = config["architecture"] == "decoder" or "bottleneck" in config
    return dict(ADAM, kind="adamw", weight_decay=0.1, beta2=0.95) if adamw else ADAM


def write_pairs(path, data):
    line = lambda row: " ".join(str(int(t)) for t in row)
    columns = [(c, None) for c in (data.inputs, data.second, data.target) if c is not None]
    if data.valid is not None:                                                  # lines of different lengths
        columns = [(data.inputs, data.valid), (data.second, data.target != -1), (data.target, data.target != -1)]
    with open(path, "w") as f:
        for n in range(len(data.inputs)):
            f.write("\t".join(line(column[n] if there is None else column[n][there[n]]) for column, there in columns) + "\n")


def write_vectors(path, data):
    """samples.safetensors: vectors [N, T, D] (zeros at a class token), lengths [N], targets [N, T], and values [N, T, C] of numbers."""
    numbers = isinstance(data.target, tuple)
    target, values = data.target if numbers else (data.target, None)
    rm.save_safetensors(path, {"vectors": data.inputs, "lengths": data.valid.sum(-1), "targets": target, **({"values": values} if numbers else {})})


def write_inputs(folder, config, training, data, params):
    """experiment.json, pairs.tsv or samples.safetensors, init.safetensors: what the program is given."""
    of_vectors = config.get("input") == "vectors"
    task = {} if of_vectors else dict(task=dict(kind="pairs", path="pairs.tsv"))
    experiment = dict(format="attention-lab/experiment", version=1, **task, model=config, training=training)
    with open(f"{folder}/experiment.json", "w") as f:
        json.dump(experiment, f, indent=2)
        f.write("\n")
    if of_vectors:
        write_vectors(f"{folder}/samples.safetensors", data)
    else:
        write_pairs(f"{folder}/pairs.tsv", data)
    meta = {"attention_lab.experiment": json.dumps(experiment)}
    rm.save_safetensors(f"{folder}/init.safetensors", params, meta)
    return meta


def trace_of(model, data):
    """Of the first sequence; with a bottleneck what is of it, and the logits."""
    trace, c = {}, model.config
    inputs, second, target, valid = data.part(slice(0, 1))
    if valid is not None:
        inputs = inputs[:, valid[0]]
    if "bottleneck" in c:
        second = second[:, target[0] != -1]
    model.forward(inputs, second, trace)
    if "bottleneck" in c:
        trace = {name: t for name, t in trace.items() if name == "logits" or name.startswith("bottleneck.")}
    trace["tokens"] = inputs[0]
    if c.get("input") == "vectors":
        trace["tokens"] = torch.tensor([1 if c["class_token"] and i == 0 else 0 for i in range(inputs.shape[1])])
        trace["vectors"] = inputs[0]
    if second is not None:
        trace["target_tokens"] = second[0]
    return trace


def check_choices(path, model, least):
    """A case whose codes, experts or positions' last steps hang on rounding would not be the same twice: another seed is needed."""
    if model.nearness < least:
        raise ValueError(f"{path}: a choice hangs on {model.nearness:.1e}")


def write_gradients(path, config, training, seed, data, drawn=None):
    """Of the first batch's mean loss and what its codes and answers cost beside it, in double precision; of codes as they are drawn in (seed, step)."""
    exact = rm.Model(config, seed, dtype=torch.float64)
    inputs, second, target, valid = data
    logits = exact.forward(inputs, second, valid=valid, drawn=drawn)
    loss, beside = rm.loss_of(config, logits, target), rm.answer_cost_of(training, logits, target)
    (loss + exact.code_cost + beside).backward()
    meta = {"loss": repr(loss.item()), **({"answers": repr(beside.item())} if torch.is_tensor(beside) else {})}
    check_choices(path, exact, 1e-3)
    if torch.is_tensor(exact.code_cost):
        meta["codes"] = repr(exact.code_cost.item())
    if drawn:
        meta["seed"], meta["step"] = map(str, drawn)
    kept = torch.float32 if "bottleneck" in config else torch.float64
    rm.save_safetensors(path, {k: p.grad.to(kept) for k, p in exact.params.items()}, meta)


def data_of(name, config, count, seed):
    if "bottleneck" in config:
        return unequal(config, count, seed)
    return vectors(config, count, seed, name in RAGGED) if config.get("input") == "vectors" else pairs(config, count, seed)


def seed_of(name):
    """Of the weights and the data."""
    for cases in (BOTTLENECK_CASES, ANSWER_COSTS):
        if name in cases:
            return 7 + list(cases).index(name)
    if name in SCORE_CASES:
        return 8 if name.endswith("-2") else 7
    return {**DEPTH_SEEDS, **EXPERT_SEEDS}.get(name, 7)


def write_training(folder, model, training, batches, meta):
    """metrics.csv and final.safetensors"""
    rows = rm.train(model, training, batches)
    check_choices(folder, model, 1e-4)
    with open(f"{folder}/metrics.csv", "w") as f:
        f.write("step,train_loss,train_accuracy,learning_rate,gradient_norm\n")
        for r in rows:
            f.write("%d,%.7g,%.7g,%.7g,%.7g\n" % r)
    rm.save_safetensors(f"{folder}/final.safetensors", model.params, meta)
    return rows[0][1], rows[-1][1]


def write_case(folder, name, steps=30, batch=8):
    """Returns the first and the last loss of its training, if it has one."""
    os.makedirs(folder, exist_ok=True)
    config, seed = ALL[name], seed_of(name)
    training = dict(seed=1, steps=steps, batch_size=batch, optimizer=optimizer_of(config), schedule=dict(kind="cosine-warmup", warmup_steps=5),
                    clip_norm=1.0, shuffle=False, **ANSWER_COSTS.get(name, {}))
    again = name in SCORE_CASES and name.endswith("-2")
    trains = not (name in BOTTLENECK_CASES or again) or name in TRAINED
    data = data_of(name, config, batch * (4 if trains else 1), seed)
    model = rm.Model(config, seed)
    meta = write_inputs(folder, config, training, data, model.params)
    rm.save_safetensors(f"{folder}/trace.safetensors", trace_of(model, data))
    check_choices(folder, model, 1e-3)
    first = data.part(slice(0, batch))
    write_gradients(f"{folder}/gradients.safetensors", config, training, seed, first)
    if config.get("bottleneck", {}).get("kind") == "gumbel":
        write_gradients(f"{folder}/drawn.safetensors", config, training, seed, first, (training["seed"], DRAWN_STEP))
    if not trains:
        return None
    return write_training(folder, model, training, [data.part(slice(step % 4 * batch, step % 4 * batch + batch)) for step in range(steps)], meta)


def far(new, kept, absolute, relative):
    """Whether numbers differ by more than another processor's rounding makes them."""
    return new.shape != kept.shape or bool((abs(new - kept) > absolute + relative * abs(kept)).any())


def differences(new, kept):
    """What of a case is not as it was: the inputs to the letter, what is computed within rounding."""
    data = "pairs.tsv" if os.path.exists(f"{kept}/pairs.tsv") else "samples.safetensors"
    for name in ("experiment.json", data, "init.safetensors"):
        if open(f"{new}/{name}", "rb").read() != open(f"{kept}/{name}", "rb").read():
            yield name
    # 30 steps of training carry the rounding of each on to the next.
    for name, absolute, relative in (("trace.safetensors", 2e-5, 2e-4), ("gradients.safetensors", 1e-9, 1e-7), ("drawn.safetensors", 1e-9, 1e-7),
                                     ("final.safetensors", 2e-3, 2e-2)):
        if not os.path.exists(f"{new}/{name}"):
            continue
        (a, _), (b, _) = rm.load_safetensors(f"{new}/{name}"), rm.load_safetensors(f"{kept}/{name}")
        if a.keys() != b.keys():
            yield f"{name}: other tensors"
            continue
        for key in a:
            if far(a[key], b[key], absolute, relative):
                yield f"{name}: {key}"
    if not os.path.exists(f"{new}/metrics.csv"):
        return
    read = lambda path: torch.tensor([[float(x) for x in row] for row in list(csv.reader(open(path)))[1:]])
    if far(read(f"{new}/metrics.csv"), read(f"{kept}/metrics.csv"), 1e-4, 1e-3):
        yield "metrics.csv"


def check():
    failures = 0
    for name in ALL:
        with tempfile.TemporaryDirectory() as folder:
            write_case(folder, name)
            found = list(differences(folder, f"{HERE}/{name}"))
        failures += bool(found)
        print(f"{name:28s} {'; '.join(found) or 'as it was'}")
    return 1 if failures else 0


def main():
    parser = argparse.ArgumentParser(description="Writes or checks the golden cases.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="cases to write: " + ", ".join(ALL))
    parser.add_argument("--check", action="store_true", help="compare all kept cases with what is made now")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in ALL]
    if unknown or bool(arguments.names) == arguments.check:
        parser.error(f"no case {unknown[0]}" if unknown else "name cases, or --check")
    if arguments.check:
        return check()
    for name in arguments.names:
        losses = write_case(f"{HERE}/{name}", name)
        print(f"{name:28s} " + ("loss {:.4f} -> {:.4f}".format(*losses) if losses else "written"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
