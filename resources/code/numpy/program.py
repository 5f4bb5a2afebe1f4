#: start
import json, math, sys
from types import SimpleNamespace
import numpy as np


def load(path):
    """The tensors of a safetensors file: 8 bytes of length, a JSON header, then the numbers."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        kind = entry["dtype"]
        if kind in ("F16", "F32", "F64"):
            first, last = entry["data_offsets"]
            numbers = np.frombuffer(data[first:last], "<f" + str(int(kind[1:]) // 8))
            tensors[name] = numbers.reshape(entry["shape"]).astype(np.float64)
        elif "F" in kind:
            sys.exit(f"{path}: {name} is {kind}, which NumPy cannot read.")
    return tensors


P = load(sys.argv[1] if len(sys.argv) > 1 else $checkpoint)

#: sizes
H, G, D, C = $H, $G, $D, $C  # heads, key-value heads, numbers of a head and of a row
tokens = np.array($tokens)
#: sizes two
targets_in = np.array($targetTokens) # what the decoder reads
#: sizes vectors
vectors = np.array($vectors).reshape(-1, $U)  #[T U]
#: sizes loss
targets = np.array($targets)  # -1: no loss
#: sizes loss numbers
values = np.array($values).reshape(-1, $classes)  #[A Y] what is to be answered where it is asked
#: sizes
h, g, i, j = $h, $g, $i, $j  # head, its key-value head, query and key in hand
#: function


def $name($arguments):
$body
    return SimpleNamespace(**locals())
#: embedding_function


def embedding(ids):
$body
    return rows
#: end
end = $end
#: embed
$z = embedding($ids)
#: run_back
$b = $call
#: cross_back
b_cross = $call
$through = b_cross.via_q
#: memory_sum
dm = $sum
#: run_layer
f_$l = $call
#: run_self
f_self = $call
#: run_encoder
enc = encoder()
m = enc.end
#: checks
from math import inf, nan
worst, failed = {}, []


def check(stage, name, here, there):
    """Compares with what the program computed; float32 explains a part in 5,000 of a stage's largest number."""
    here, there = np.ravel(here).astype(float), np.ravel(there)
    told = ~np.isnan(there)
    here, there = here[told], there[told]
    with np.errstate(invalid="ignore"):
        apart = np.where(here == there, 0, abs(here - there))  # -inf is -inf
    largest = abs(there[np.isfinite(there)]).max(initial=0)
    worst[stage] = max(worst.get(stage, 0), apart.max(initial=0))
    if not (apart <= 2e-4 * largest + 1e-7).all():
        failed.append(f"{stage}: {name} differs by {apart.max():.2g}")


#: checks_end
for stage, difference in worst.items():
    print(f"{stage:24} largest difference {difference:.1e}")
for line in failed:
    print(line)
sys.exit(1 if failed else 0)
