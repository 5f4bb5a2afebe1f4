#!/usr/bin/env python3
"""Writes masked/: what PyTorch makes of training pretrained/bert-mlm on masked words, in double precision.

Blocks of ids between [CLS] and [SEP], of different lengths, masked as in BERT (Devlin et al. 2018): of 15 % of the tokens 80 % are replaced
by [MASK], 10 % by any token, 10 % stay; the loss is the mean over the chosen positions alone. Adam with a constant learning rate, clipped.
steps.safetensors has tokens and targets of each step (-1: padding, or nothing asked) and, in the metadata, what they were trained with and
the losses; model.safetensors the weights behind the last one, named as transformers names them.

    python3 tests/reference/masked.py     needs torch, transformers and safetensors
"""
import json
import os

import torch
from safetensors.torch import save_file
from transformers import AutoTokenizer, BertForMaskedLM

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS, BATCH, LONGEST, SHARE = 6, 4, 24, 0.15
TRAINING = dict(learning_rate=2e-3, beta1=0.9, beta2=0.98, epsilon=1e-5, clip_norm=1.0)
TEXT = "Mira lost the small key. Then Mira gave the key to Tom, and Tom said: thank you! The quiet owl carries the letters. " * 12


def masked(ids, tokenizer, generator):
    """What is read and what is asked, -1 elsewhere."""
    special = set(tokenizer.all_special_ids)
    places = [i for i, t in enumerate(ids) if t not in special]
    order = torch.randperm(len(places), generator=generator).tolist()
    read, asked = list(ids), [-1] * len(ids)
    for k in order[:max(1, round(SHARE * len(places)))]:
        at, tenth = places[k], int(torch.randint(10, (1,), generator=generator))
        asked[at] = ids[at]
        if tenth < 8:
            read[at] = tokenizer.mask_token_id
        elif tenth == 8:
            read[at] = int(torch.randint(len(special), len(tokenizer), (1,), generator=generator))
    return read, asked


def batches(tokenizer):
    g = torch.Generator().manual_seed(31)
    ids = tokenizer(TEXT, add_special_tokens=False)["input_ids"]
    for _ in range(STEPS):
        tokens, targets = (torch.full((BATCH, LONGEST), -1) for _ in range(2))
        for row in range(BATCH):
            n = int(torch.randint(8, LONGEST - 1, (1,), generator=g))
            first = int(torch.randint(len(ids) - n, (1,), generator=g))
            read, asked = masked([tokenizer.cls_token_id, *ids[first:first + n], tokenizer.sep_token_id], tokenizer, g)
            tokens[row, :len(read)], targets[row, :len(asked)] = torch.tensor(read), torch.tensor(asked)
        yield tokens, targets


def write():
    folder = f"{HERE}/pretrained/bert-mlm"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = BertForMaskedLM.from_pretrained(folder, attn_implementation="eager").double().eval()
    optimizer = torch.optim.Adam(model.parameters(), lr=TRAINING["learning_rate"], betas=(TRAINING["beta1"], TRAINING["beta2"]),
                                 eps=TRAINING["epsilon"])
    tensors, losses = {}, []
    for step, (tokens, targets) in enumerate(batches(tokenizer)):
        logits = model(input_ids=tokens.clamp(min=0), attention_mask=(tokens >= 0).long()).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), TRAINING["clip_norm"])
        optimizer.step()
        losses.append(loss.item())
        tensors[f"{step}.tokens"], tensors[f"{step}.targets"] = tokens.int(), targets.int()
    os.makedirs(f"{HERE}/masked", exist_ok=True)
    meta = {"training": json.dumps(TRAINING), "losses": json.dumps(losses)}
    save_file(tensors, f"{HERE}/masked/steps.safetensors", metadata=meta)
    model.float().save_pretrained(f"{HERE}/masked")
    for name in os.listdir(f"{HERE}/masked"):
        if not name.endswith(".safetensors"):
            os.remove(f"{HERE}/masked/{name}")  # as those of pretrained/bert-mlm
    print("losses", " ".join(f"{loss:.6f}" for loss in losses))


if __name__ == "__main__":
    write()
