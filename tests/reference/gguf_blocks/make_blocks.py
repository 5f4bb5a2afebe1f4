#!/usr/bin/env python3
"""Blocks of GGUF's formats and what the package `gguf` (PyPI) makes of them: NAME.blocks and NAME.floats (little-endian float32).
usage: make_blocks.py OUT       needs numpy, gguf"""
import os, sys
import numpy as np
from gguf import GGMLQuantizationType as Type, quants
from gguf.constants import GGML_QUANT_SIZES

BLOCKS = 24  # of each
HALVES = {Type.Q8_0: [0], Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q4_K: [0, 2], Type.Q6_K: [208]}  # where a block has its scales

out = sys.argv[1]
for kind, places in HALVES.items():
    random = np.random.default_rng(int(kind))
    _, size = GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 256, (BLOCKS, size), dtype=np.uint8)  # every pattern of bits is a block, but for its scales
    for place in places:
        scales = (random.standard_normal(BLOCKS) * 0.02).astype(np.float16)
        scales[0], scales[1] = 6e-8, 65504 if kind == Type.Q8_0 else -1.5  # a subnormal one, a large one
        blocks[:, place:place + 2] = scales.view(np.uint8).reshape(BLOCKS, 2)
    floats = quants.dequantize(blocks, kind).astype("<f4")
    blocks.tofile(os.path.join(out, f"{kind.name}.blocks"))
    floats.tofile(os.path.join(out, f"{kind.name}.floats"))
    print(kind.name, floats.size, float(np.abs(floats).max()))
