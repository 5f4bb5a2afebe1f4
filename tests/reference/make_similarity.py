#!/usr/bin/env python3
"""make_similarity.py: writes similarity.json beside itself, how alike the models of pretrained/ make pairs of sentences.

Each sentence is read by itself, in float32, by transformers' AutoModel; its vector behind a layer is the mean of the hidden states of all its
tokens, those that frame it included, which is what sentence-transformers' mean pooling makes of one sentence. Needs torch and transformers.
"""
import json
import pathlib

import torch
from transformers import AutoModel, PreTrainedTokenizerFast

HERE = pathlib.Path(__file__).resolve().parent
CASES = ["bert-bare", "distilbert", "roberta", "gpt2", "llama-gqa", "qwen3"]
PAIRS = [
    ["A dog sleeps in the sun.", "An animal is resting outside."],
    ["The train left the station at nine.", "The train left the station at nine."],
    ["Two and two are four", "red, green, blue, red, green, blue"],
    ["Why?", "Because the river that the miller dammed in spring had run dry by autumn."],
]


def states(model, tokenizer, sentence):
    ids = torch.tensor([tokenizer(sentence)["input_ids"]])
    with torch.no_grad():
        found = model(input_ids=ids, attention_mask=torch.ones_like(ids), output_hidden_states=True)
    return ids[0].tolist(), [state[0].double() for state in found.hidden_states]


def cosine(a, b):
    return float(a @ b / (a.norm() * b.norm()))


def case(name):
    folder = HERE / "pretrained" / name
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    pairs = []
    for a, b in PAIRS:
        ids_a, of_a = states(model, tokenizer, a)
        ids_b, of_b = states(model, tokenizer, b)
        tokens = torch.nn.functional.normalize(of_a[-1], dim=1) @ torch.nn.functional.normalize(of_b[-1], dim=1).T
        pairs.append({"a": a, "b": b, "ids_a": ids_a, "ids_b": ids_b, "cosines": [cosine(x.mean(0), y.mean(0)) for x, y in zip(of_a, of_b)],
                      "tokens": [round(float(t), 6) for t in tokens.flatten()]})
    return pairs


def main():
    made = {name: case(name) for name in CASES}
    lines = ",\n".join(f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(pair) for pair in pairs) + "]" for name, pairs in made.items())
    (HERE / "similarity.json").write_text("{" + lines + "}\n", "utf-8")


if __name__ == "__main__":
    main()
