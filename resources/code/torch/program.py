#: start
import json, sys
from types import SimpleNamespace
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def load(path):
    """The tensors of a safetensors file: 8 bytes of length, a JSON header, then the numbers."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    types = {"BF16": torch.bfloat16, "F16": torch.float16, "F32": torch.float32, "F64": torch.float64}
    tensors = {}
    for name, entry in header.items():
        kind = entry["dtype"]
        if kind in types:
            first, last = entry["data_offsets"]
            numbers = torch.frombuffer(data[first:last], dtype=types[kind])
            tensors[name] = numbers.reshape(entry["shape"]).double().requires_grad_()
        elif "F" in kind:
            sys.exit(f"{path}: {name} is {kind}, which is not read here.")
    return tensors


P = load(sys.argv[1] if len(sys.argv) > 1 else $checkpoint)

#: sizes
H, G, D, C = $H, $G, $D, $C  # heads, key-value heads, numbers of a head and of a row
tokens = torch.tensor($tokens)
#: sizes two
targets_in = torch.tensor($targetTokens)  # what the decoder reads
#: sizes vectors
vectors = torch.tensor($vectors).view(-1, $U)  #[T U]
#: sizes loss
targets = torch.tensor($targets)  # -1: no loss
#: sizes loss numbers
values = torch.tensor($values).view(-1, $classes)  #[A Y] what is to be answered where it is asked
#: sizes
h, g, i, j = $h, $g, $i, $j  # head, its key-value head, query and key in hand
#: sizes loss


def grad(of):
    """How the loss changes with each number of a tensor."""
    return torch.autograd.grad(L, of, retain_graph=True)[0]


def back(made, of):
    """The part of the gradient of `of` that comes back through `made`: a vector-Jacobian product."""
    return torch.autograd.grad(made, of, grad(made), retain_graph=True)[0]
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
    here, there = here.detach().flatten(), torch.tensor(there)
    told = ~there.isnan()
    here, there = here[told], there[told]
    apart = torch.where(here == there, 0, (here - there).abs())  # -inf is -inf
    largest = there[there.isfinite()].abs()
    allowed = 2e-4 * (largest.max() if len(largest) else 0) + 1e-7
    most = float(apart.max()) if len(apart) else 0.0
    worst[stage] = max(worst.get(stage, 0.0), most)
    if not (apart <= allowed).all():
        failed.append(f"{stage}: {name} differs by {most:.2g}")


#: checks_end
for stage, difference in worst.items():
    print(f"{stage:24} largest difference {difference:.1e}")
for line in failed:
    print(line)
sys.exit(1 if failed else 0)
