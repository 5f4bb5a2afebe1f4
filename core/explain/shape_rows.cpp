// Which tensors a stage reads and makes, and what their axes are.

#include "core/explain/shape_rows.h"

namespace lab::explain {
namespace {

using enum TensorKind;

constexpr AxisRow axes[] = {
    {'B', "B", LAB_TEXT("explain", "batch"), LAB_TEXT("explain", "batch: sequences computed together")},
    {'H', "H", LAB_TEXT("explain", "heads"), LAB_TEXT("explain", "heads, of the queries")},
    {'G', "G", LAB_TEXT("explain", "key-value heads"), LAB_TEXT("explain", "key-value heads: H, or fewer that the heads share")},
    {'T', "T", LAB_TEXT("explain", "queries"), LAB_TEXT("explain", "positions that ask (queries)")},
    {'S', "S", LAB_TEXT("explain", "keys"), LAB_TEXT("explain", "positions that are asked (keys)")},
    {'D', "d_{h}", LAB_TEXT("explain", "channels of a head"), LAB_TEXT("explain", "channels of a head")},
    {'R', "d_{h}/2", LAB_TEXT("explain", "pairs of channels"), LAB_TEXT("explain", "pairs of channels of a head")},
    {'J', "H d_{h}", LAB_TEXT("explain", "of all heads"), LAB_TEXT("explain", "channels of all heads, side by side")},
    {'K', "G d_{h}", LAB_TEXT("explain", "of all key-value heads"), LAB_TEXT("explain", "channels of all key-value heads, side by side")},
    {'C', "d_{model}", LAB_TEXT("explain", "of the stream"), LAB_TEXT("explain", "channels of the residual stream")},
    {'F', "d_{ff}", LAB_TEXT("explain", "of the feed-forward"), LAB_TEXT("explain", "channels of the feed-forward in between")},
    {'Y', "classes", {}, LAB_TEXT("explain", "classes that an answer is chosen from")},
    {'V', "vocab", LAB_TEXT("explain", "vocabulary"), LAB_TEXT("explain", "tokens of the vocabulary")},
    {'P', "max", LAB_TEXT("explain", "rows of the table of positions"), LAB_TEXT("explain", "rows of the table of positions")},
    {'W', "pos_dim", LAB_TEXT("explain", "channels of the position map"), LAB_TEXT("explain", "channels of the position map")},
    {'A', "T", {}, LAB_TEXT("explain", "positions that answer")},
    {'N', "S", LAB_TEXT("explain", "encoder positions"), LAB_TEXT("explain", "positions of the encoder")},
    {'O', "1", {}, LAB_TEXT("explain", "one number: repeated along this axis where it meets more (broadcast)")},
};

constexpr TensorKindRow kinds[] = {
    {weight, "\u25A0", LAB_TEXT("explain", "weight"), LAB_TEXT("explain", "trained; the same for every input")},
    {activation, "\u25CB", LAB_TEXT("explain", "activation"), LAB_TEXT("explain", "computed anew from each input")},
    {gradient, "\u2202", LAB_TEXT("explain", "gradient"),
     LAB_TEXT("explain", "computed on the way back, of the same shape as what it is of")},
    {constant, "\u25C7", LAB_TEXT("explain", "constant"),
     LAB_TEXT("explain", "neither trained nor computed from the input: it follows from a rule")},
    {state, "\u25A3", LAB_TEXT("explain", "optimizer state"), LAB_TEXT("explain", "what the optimizer keeps from step to step")},
    {data, "\u2193", LAB_TEXT("explain", "data"), LAB_TEXT("explain", "given with the input")},
};

// Meanings that several stages share.
constexpr SourceText inputRows = LAB_TEXT("explain", "the rows that attention reads");
constexpr SourceText encoderRows = LAB_TEXT("explain", "the encoder\u2019s rows, which cross-attention makes keys and values of");
constexpr SourceText queryMeaning = LAB_TEXT("explain", "queries, a row for each head and position");
constexpr SourceText keyMeaning = LAB_TEXT("explain", "keys, a row for each key-value head and position");
constexpr SourceText valueMeaning = LAB_TEXT("explain", "values, a row for each key-value head and position");
constexpr SourceText scoreMeaning = LAB_TEXT("explain", "scores: each query with each key");
constexpr SourceText weightMeaning = LAB_TEXT("explain", "attention weights: each query over all keys");
constexpr SourceText streamMeaning = LAB_TEXT("explain", "the residual stream, a row for each position");
constexpr SourceText gainMeaning = LAB_TEXT("explain", "the norm\u2019s gain, one number for each channel");
constexpr SourceText shiftMeaning = LAB_TEXT("explain", "the norm\u2019s shift, one number for each channel");
constexpr SourceText biasMeaning = LAB_TEXT("explain", "bias: added to every row alike (broadcast)");
constexpr SourceText normedMeaning = LAB_TEXT("explain", "the rows as the norm puts them out");
constexpr SourceText hiddenMeaning = LAB_TEXT("explain", "the feed-forward\u2019s hidden rows, after the bend");
constexpr SourceText upMeaning = LAB_TEXT("explain", "the feed-forward\u2019s rows before the bend");
constexpr SourceText gateMeaning = LAB_TEXT("explain", "the gate\u2019s rows before their bend");
constexpr SourceText outputMeaning = LAB_TEXT("explain", "what the part adds to the stream, a row for each position");
constexpr SourceText headOutputs = LAB_TEXT("explain", "the heads\u2019 outputs");
constexpr SourceText logitMeaning = LAB_TEXT("explain", "logits, a number for each class and position");
constexpr SourceText answerMeaning = LAB_TEXT("explain", "the rows that the last matrix reads");
constexpr SourceText gradientMeaning = LAB_TEXT("explain", "the gradient, of the same shape as the tensor it is of");
constexpr SourceText summedGradient = LAB_TEXT("explain", "the matrix\u2019s gradient: summed over all sequences and positions");
constexpr SourceText queryMatrix = LAB_TEXT("explain", "makes the queries of all heads");
constexpr SourceText keyMatrix = LAB_TEXT("explain", "makes the keys of all key-value heads");
constexpr SourceText valueMatrix = LAB_TEXT("explain", "makes the values of all key-value heads");
constexpr SourceText downMatrix = LAB_TEXT("explain", "the feed-forward\u2019s second matrix");
constexpr SourceText upMatrix = LAB_TEXT("explain", "the feed-forward\u2019s first matrix");
constexpr SourceText gateMatrix = LAB_TEXT("explain", "the matrix of the gate");

constexpr bool turned = true;

constexpr ShapeRow shapeTable[] = {
    {"input", "first", " ", "token", LAB_TEXT("explain", "the tokens, by number"), "BT", data, "", false, "int32"},
    {"input", "first", ",", "E", LAB_TEXT("explain", "table of tokens, a row each"), "VC", weight, "token_embedding.weight"},
    {"input", "first", "", "b", biasMeaning, "C", weight, "token_embedding.bias"},
    {"input", "first learned", "+", "PE", LAB_TEXT("explain", "table of positions, a row each"), "PC", weight, "position_embedding.weight"},
    {"input", "first sines", "+", "PE", LAB_TEXT("explain", "sine and cosine of the positions, a row each"), "TC", constant, "", false, ""},
    {"input", "first pre", "\u2192", "z", streamMeaning, "BTC", activation, "$below"},
    {"input", "!first pre !cross", " ", "z", streamMeaning, "BTC", activation, "$below"},
    {"input", "cross pre", " ", "z", streamMeaning, "BTC", activation},
    {"input", "pre", "", "\u03B3", gainMeaning, "C", weight, "${B}_norm.weight"},
    {"input", "pre", "", "\u03B2", shiftMeaning, "C", weight, "${B}_norm.bias"},
    {"input", "first", "\u2192", "x", inputRows, "BTC", activation, "$x"},
    {"input", "!first pre", "\u2192", "x", inputRows, "BTC", activation, "$x"},
    {"input", "!first post", " ", "x", inputRows, "BTC", activation, "$x"},
    {"input", "cross", ",", "m", encoderRows, "BSC", activation, "$memory"},

    {"project", "model", " ", "x", inputRows, "BTC", activation, "$x"},
    {"project", "cross", "", "m", encoderRows, "BSC", activation, "$memory"},
    {"project", "!kv", "\u00B7", "W_{Q}", queryMatrix, "JC", weight, "$B.query.weight", turned},
    {"project", "kv", "\u00B7", "W_{K}", LAB_TEXT("explain", "makes the keys, which serve as queries too"), "JC", weight, "$B.key.weight",
     turned},
    {"project", "!kv", "", "b_{Q}", biasMeaning, "J", weight, "$B.query.bias"},
    {"project", "scores", "\u2192", "q", queryMeaning, "BHTD", activation, "$B.${raw}query"},
    {"project", "!kv", "", "W_{K}", keyMatrix, "KC", weight, "$B.key.weight"},
    {"project", "", "", "b_{K}", biasMeaning, "K", weight, "$B.key.bias"},
    {"project", "scores", ",", "k", keyMeaning, "BGSD", activation, "$B.${raw}key"},
    {"project", "!keyvalue", "", "W_{V}", valueMatrix, "KC", weight, "$B.value.weight"},
    {"project", "!keyvalue", "", "b_{V}", biasMeaning, "K", weight, "$B.value.bias"},
    {"project", "!keyvalue", ",", "v", valueMeaning, "BGSD", activation, "$B.value"},
    {"project", "keyvalue", ",", "v", LAB_TEXT("explain", "values: the keys as projected"), "BGSD", activation, "$B.value"},

    {"normalise", "", " ", "q", queryMeaning, "BHTD", activation, "$B.unnormalised_query"},
    {"normalise", "!kv", "", "\u03B3_{Q}", LAB_TEXT("explain", "the gain of the queries\u2019 norm, the same for all heads"), "D", weight,
     "$B.query_norm.weight"},
    {"normalise", "kv", "", "\u03B3", LAB_TEXT("explain", "the gain of the keys\u2019 norm, which are the queries too"), "D", weight,
     "$B.key_norm.weight"},
    {"normalise", "", "\u2192", "q$hat", queryMeaning, "BHTD", activation, "$B.${turned}query"},
    {"normalise", "", ",", "k", keyMeaning, "BGSD", activation, "$B.unnormalised_key"},
    {"normalise", "!kv", "", "\u03B3_{K}", LAB_TEXT("explain", "the gain of the keys\u2019 norm, the same for all heads"), "D", weight,
     "$B.key_norm.weight"},
    {"normalise", "", "\u2192", "k$hat", keyMeaning, "BGSD", activation, "$B.${turned}key"},

    {"rotate", "", " ", "q$hat", queryMeaning, "BHTD", activation, "$B.unrotated_query"},
    {"rotate", "", ",", "cos", LAB_TEXT("explain", "cosine of each position\u2019s angle, one for each pair of channels"), "TR", constant,
     "", false, ""},
    {"rotate", "", "", "sin", LAB_TEXT("explain", "sine of each position\u2019s angle, one for each pair of channels"), "TR", constant, "",
     false, ""},
    {"rotate", "", "\u2192", "q\u2032", queryMeaning, "BHTD", activation, "$B.query"},
    {"rotate", "", "", "k$hat", keyMeaning, "BGSD", activation, "$B.unrotated_key"},
    {"rotate", "", ",", "k\u2032", keyMeaning, "BGSD", activation, "$B.key"},

    {"phi", "", " ", "$qk", queryMeaning, "BHTD", activation, "$B.query"},
    {"phi", "", "\u2192", "$Q", LAB_TEXT("explain", "queries after the feature map"), "BHTD", activation},
    {"phi", "", "", "$k", keyMeaning, "BGSD", activation, "$B.key"},
    {"phi", "", ",", "$K", LAB_TEXT("explain", "keys after the feature map"), "BGSD", activation},

    {"dot", "", " ", "$Q", queryMeaning, "BHTD", activation, "$dotQuery"},
    {"dot", "", "\u00B7", "$K", LAB_TEXT("explain", "keys, with positions and channels exchanged: a column for each position"), "BGSD",
     activation, "$dotKey", turned},
    {"dot", "", "\u2192", "s", LAB_TEXT("explain", "products: each query with each key"), "BHTS", activation},
    {"scale", "", " ", "s", LAB_TEXT("explain", "products: each query with each key"), "BHTS", activation},
    {"scale", "", "\u00F7", "\u221Ad_{h}", LAB_TEXT("explain", "the root of the head\u2019s width"), "O", constant, "", false, ""},
    {"scale", "", "\u2192", "s", scoreMeaning, "BHTS", activation},
    {"position", "", " ", "s", scoreMeaning, "BHTS", activation},
    {"position", "alibi", "\u2212", "m_{h}", LAB_TEXT("explain", "ALiBi\u2019s slopes, one for each head"), "HOO", constant, "", false, ""},
    {"position", "alibi", "\u00B7", "|i \u2212 j|", LAB_TEXT("explain", "distances of the positions"), "TS", constant, "", false, ""},
    {"position", "map", ",", "P", LAB_TEXT("explain", "encodings of pairs of positions"), "TSW", constant, "", false, ""},
    {"position", "map", ",", "w", LAB_TEXT("explain", "the position map\u2019s weights, shared by all heads"), "OW", weight,
     "$B.position_map.weight"},
    {"position", "map", "", "b", LAB_TEXT("explain", "the position map\u2019s bias"), "O", weight, "$B.position_map.bias"},
    {"position", "map", "", "P w", LAB_TEXT("explain", "added, beside b, to the scores times the sum of w; the same for all heads"), "TS",
     activation},
    {"position", "", "\u2192", "$s", scoreMeaning, "BHTS", activation, "$B.scores"},
    {"mask", "", " ", "$s", scoreMeaning, "BHTS", activation, "$B.scores"},
    {"mask", "softmax", "+", LAB_TEXT("explain", "mask"), LAB_TEXT("explain", "0 where a query may look, \u2212\u221E elsewhere"), "TS",
     constant, "", false, ""},
    {"mask", "linear", "\u00D7", LAB_TEXT("explain", "mask"), LAB_TEXT("explain", "1 where a query may look, 0 elsewhere"), "TS", constant,
     "", false, ""},
    {"mask", "padded", "", LAB_TEXT("explain", "padding"), LAB_TEXT("explain", "which tokens are hidden from every query"), "BS", data, "",
     false, "bool"},
    {"mask", "", "\u2192", "$s", scoreMeaning, "BHTS", activation, "$B.masked_scores"},
    {"max", "", " ", "$s", scoreMeaning, "BHTS", activation, "$B.masked_scores"},
    {"max", "", "\u2212", "max", LAB_TEXT("explain", "each row\u2019s largest score, repeated along its own row (broadcast)"), "BHTO",
     activation},
    {"max", "", "\u2192", "$s \u2212 max", LAB_TEXT("explain", "scores less the largest of their row"), "BHTS", activation},
    {"exp", "", " ", "$s \u2212 max", LAB_TEXT("explain", "scores less the largest of their row"), "BHTS", activation},
    {"exp", "", "\u2192", "e", LAB_TEXT("explain", "exponentials"), "BHTS", activation},
    {"sum", "softmax", " ", "e", LAB_TEXT("explain", "exponentials"), "BHTS", activation},
    {"sum", "linear", " ", "s", scoreMeaning, "BHTS", activation, "$B.masked_scores"},
    {"sum", "", "\u2192", "\u03A3", LAB_TEXT("explain", "each row\u2019s sum over the keys"), "BHTO", activation},
    {"weights", "softmax", " ", "e", LAB_TEXT("explain", "exponentials"), "BHTS", activation},
    {"weights", "linear", " ", "s", scoreMeaning, "BHTS", activation, "$B.masked_scores"},
    {"weights", "shares", "\u00F7", "\u03A3", LAB_TEXT("explain", "each row\u2019s sum, repeated along its own row (broadcast)"), "BHTO",
     activation},
    {"weights", "", "\u2192", "a", weightMeaning, "BHTS", activation, "$B.weights"},
    {"mix", "", " ", "a", weightMeaning, "BHTS", activation, "$B.weights"},
    {"mix", "", "\u00B7", "v", valueMeaning, "BGSD", activation, "$B.value"},
    {"mix", "", "\u2192", "o", headOutputs, "BHTD", activation, "$B.head_output"},
    {"heads", "", " ", "o", headOutputs, "BHTD", activation, "$B.head_output"},
    {"heads", "", "\u2192", "o", LAB_TEXT("explain", "the heads\u2019 outputs, side by side in each position\u2019s row"), "BTJ",
     activation},
    {"output", "", " ", "o", LAB_TEXT("explain", "the heads\u2019 outputs, side by side in each position\u2019s row"), "BTJ", activation},
    {"output", "", "\u00B7", "W_{O}", LAB_TEXT("explain", "mixes the heads\u2019 outputs"), "CJ", weight, "$B.output.weight", turned},
    {"output", "", "", "b_{O}", biasMeaning, "C", weight, "$B.output.bias"},
    {"output", "", "\u2192", "y", outputMeaning, "BTC", activation, "$B.output"},

    {"residual", "pre", " ", "z", streamMeaning, "BTC", activation},
    {"residual", "post", " ", "x", streamMeaning, "BTC", activation},
    {"residual", "", "+", "y", outputMeaning, "BTC", activation, "$part.output"},
    {"residual", "pre", "\u2192", "z\u2032", streamMeaning, "BTC", activation},
    {"residual", "post", "\u2192", "z", LAB_TEXT("explain", "the sum, which the norm reads"), "BTC", activation},
    {"norm", "", " ", "z", LAB_TEXT("explain", "the rows that the norm reads"), "BTC", activation},
    {"norm", "", "", "\u03B3", gainMeaning, "C", weight, "${part}_norm.weight"},
    {"norm", "", "", "\u03B2", shiftMeaning, "C", weight, "${part}_norm.bias"},
    {"norm", "", "\u2192", "x\u2032", normedMeaning, "BTC", activation, "${part}_norm"},

    {"ffn_up", "", " ", "x", LAB_TEXT("explain", "the rows that the feed-forward reads"), "BTC", activation},
    {"ffn_up", "", "\u00B7", "W_{up}", upMatrix, "FC", weight, "$L.feed_forward.up.weight", turned},
    {"ffn_up", "", "", "b", biasMeaning, "F", weight, "$L.feed_forward.up.bias"},
    {"ffn_up", "!gated", "\u2192", "u", upMeaning, "BTF", activation, "$L.feed_forward.up"},
    {"ffn_up", "gated", "\u2192", "u", upMeaning, "BTF", activation},
    {"ffn_up", "gated", "", "W_{gate}", gateMatrix, "FC", weight, "$L.feed_forward.gate.weight"},
    {"ffn_up", "gated", "", "b", biasMeaning, "F", weight, "$L.feed_forward.gate.bias"},
    {"ffn_up", "gated", ",", "u_{g}", gateMeaning, "BTF", activation},
    {"bends", "", " ", "x", upMeaning, "F", activation},
    {"bends", "", "\u2192", "f(x)", hiddenMeaning, "F", activation},
    {"ffn_bend", "gated", " ", "u_{g}", gateMeaning, "BTF", activation},
    {"ffn_bend", "gated", ",", "u", upMeaning, "BTF", activation},
    {"ffn_bend", "!gated", " ", "u", upMeaning, "BTF", activation, "$L.feed_forward.up"},
    {"ffn_bend", "", "\u2192", "f", hiddenMeaning, "BTF", activation, "$L.feed_forward.hidden"},
    {"ffn_down", "", " ", "f", hiddenMeaning, "BTF", activation, "$L.feed_forward.hidden"},
    {"ffn_down", "", "\u00B7", "W_{down}", downMatrix, "CF", weight, "$L.feed_forward.down.weight", turned},
    {"ffn_down", "", "", "b", biasMeaning, "C", weight, "$L.feed_forward.down.bias"},
    {"ffn_down", "", "\u2192", "y", outputMeaning, "BTC", activation, "$L.feed_forward.output"},
    {"later", "pre", " ", "z", streamMeaning, "BTC", activation},
    {"later", "post", " ", "x", streamMeaning, "BTC", activation},
    {"later", "pre", "\u2192", "z", LAB_TEXT("explain", "the stream behind the last layer: no layer changes the shape"), "BTC", activation,
     "$last"},
    {"later", "post", "\u2192", "x", LAB_TEXT("explain", "the stream behind the last layer: no layer changes the shape"), "BTC", activation,
     "$last"},

    {"final_norm", "", " ", "z", LAB_TEXT("explain", "the rows that the norm reads"), "BTC", activation, "$last"},
    {"final_norm", "", "", "\u03B3", gainMeaning, "C", weight, "${side}_norm.weight"},
    {"final_norm", "", "", "\u03B2", shiftMeaning, "C", weight, "${side}_norm.bias"},
    {"final_norm", "", "\u2192", "x\u2032", normedMeaning, "BTC", activation, "${side}_norm"},
    {"hidden", "", " ", "x", LAB_TEXT("explain", "the rows that the output head reads"), "BAC", activation},
    {"hidden", "", "\u00B7", "W", LAB_TEXT("explain", "the output head\u2019s hidden matrix"), "CC", weight, "output.hidden.weight",
     turned},
    {"hidden", "", "", "b", biasMeaning, "C", weight, "output.hidden.bias"},
    {"hidden", "", "", "\u03B3", gainMeaning, "C", weight, "output.norm.weight"},
    {"hidden", "", "", "\u03B2", shiftMeaning, "C", weight, "output.norm.bias"},
    {"hidden", "", "\u2192", "h", answerMeaning, "BAC", activation, "output.hidden"},
    {"logits", "", " ", "h", answerMeaning, "BAC", activation},
    {"logits", "!tied", "\u00B7", "W_{U}", LAB_TEXT("explain", "makes the logits, a row for each class"), "YC", weight,
     "output.projection.weight", turned},
    {"logits", "tied", "\u00B7", "E", LAB_TEXT("explain", "the table of tokens again: each class is a token"), "YC", weight,
     "token_embedding.weight", turned},
    {"logits", "!tied", "", "b", biasMeaning, "Y", weight, "output.projection.bias"},
    {"logits", "", "\u2192", "l", logitMeaning, "BAY", activation, "logits"},
    {"probabilities", "", " ", "l", logitMeaning, "BAY", activation, "logits"},
    {"probabilities", "", "", "\u03A3", LAB_TEXT("explain", "each position\u2019s sum over the classes (broadcast)"), "BAO", activation},
    {"probabilities", "", "\u2192", "p", LAB_TEXT("explain", "probabilities, of each class and position"), "BAY", activation},
    {"loss", "", " ", "p", LAB_TEXT("explain", "probabilities, of each class and position"), "BAY", activation},
    {"loss", "", ",", "t", LAB_TEXT("explain", "the targets, by number"), "BA", data, "", false, "int32"},
    {"loss", "", "", "\u2212ln p", LAB_TEXT("explain", "the loss of each position that counts"), "BA", activation},
    {"loss", "", "\u2192", "L", LAB_TEXT("explain", "the loss: their mean"), "O", activation, "loss"},

    {"d_logits", "", " ", "p", LAB_TEXT("explain", "probabilities, of each class and position"), "BAY", activation},
    {"d_logits", "", "\u2212", "t", LAB_TEXT("explain", "1 at the target class, 0 elsewhere"), "BAY", data, "", false, ""},
    {"d_logits", "", "\u2192", "\u2202l", gradientMeaning, "BAY", gradient, "gradient.logits"},
    {"d_head", "", " ", "\u2202l", gradientMeaning, "BAY", gradient, "gradient.logits"},
    {"d_head", "!tied", "\u00B7", "W_{U}", LAB_TEXT("explain", "makes the logits, a row for each class"), "YC", weight,
     "output.projection.weight"},
    {"d_head", "tied", "\u00B7", "E", LAB_TEXT("explain", "the table of tokens again: each class is a token"), "YC", weight,
     "token_embedding.weight"},
    {"d_head", "", "\u2192", "\u2202h", gradientMeaning, "BAC", gradient},
    {"d_hidden", "", " ", "\u2202h", gradientMeaning, "BAC", gradient},
    {"d_hidden", "", "\u00B7", "W", LAB_TEXT("explain", "the output head\u2019s hidden matrix"), "CC", weight, "output.hidden.weight"},
    {"d_hidden", "", "\u2192", "\u2202x", gradientMeaning, "BAC", gradient},
    {"d_final_norm", "", " ", "\u2202x\u2032", gradientMeaning, "BTC", gradient, "gradient.${side}_norm"},
    {"d_final_norm", "", "\u2192", "\u2202z", gradientMeaning, "BTC", gradient, "gradient.$last"},
    {"d_ffn_down", "", " ", "\u2202y", gradientMeaning, "BTC", gradient, "gradient.$L.feed_forward.output"},
    {"d_ffn_down", "", "\u00B7", "W_{down}", downMatrix, "CF", weight, "$L.feed_forward.down.weight"},
    {"d_ffn_down", "", "\u2192", "\u2202f", gradientMeaning, "BTF", gradient, "gradient.$L.feed_forward.hidden"},
    {"d_ffn_down_matrix", "", " ", "\u2202y", gradientMeaning, "BTC", gradient, "gradient.$L.feed_forward.output", turned},
    {"d_ffn_down_matrix", "", "\u00B7", "f", hiddenMeaning, "BTF", activation, "$L.feed_forward.hidden"},
    {"d_ffn_down_matrix", "", "\u2192", "\u2202W_{down}", summedGradient, "CF", gradient, "gradient.$L.feed_forward.down.weight"},
    {"d_ffn_down_matrix", "bias", "", "\u2202b", gradientMeaning, "C", gradient, "gradient.$L.feed_forward.down.bias"},
    {"d_ffn_bend", "", " ", "\u2202f", gradientMeaning, "BTF", gradient, "gradient.$L.feed_forward.hidden"},
    {"d_ffn_bend", "!gated", "\u2299", "f\u2032(u)", LAB_TEXT("explain", "slopes of the bend, number by number"), "BTF", activation},
    {"d_ffn_bend", "gated", "", "u_{g}", gateMeaning, "BTF", activation},
    {"d_ffn_bend", "gated", "", "u", upMeaning, "BTF", activation},
    {"d_ffn_bend", "!gated", "\u2192", "\u2202u", gradientMeaning, "BTF", gradient, "gradient.$L.feed_forward.up"},
    {"d_ffn_bend", "gated", "\u2192", "\u2202u_{g}", gradientMeaning, "BTF", gradient},
    {"d_ffn_bend", "gated", ",", "\u2202u", gradientMeaning, "BTF", gradient},
    {"d_ffn_up", "", " ", "\u2202u", gradientMeaning, "BTF", gradient},
    {"d_ffn_up", "", "\u00B7", "W_{up}", upMatrix, "FC", weight, "$L.feed_forward.up.weight"},
    {"d_ffn_up", "gated", "", "\u2202u_{g}", gradientMeaning, "BTF", gradient},
    {"d_ffn_up", "gated", "", "W_{gate}", gateMatrix, "FC", weight, "$L.feed_forward.gate.weight"},
    {"d_ffn_up", "", "\u2192", "\u2202x", gradientMeaning, "BTC", gradient},
    {"d_ffn_up_matrix", "", " ", "\u2202u", gradientMeaning, "BTF", gradient, "", turned},
    {"d_ffn_up_matrix", "", "\u00B7", "x", LAB_TEXT("explain", "the rows that the feed-forward reads"), "BTC", activation},
    {"d_ffn_up_matrix", "", "\u2192", "\u2202W_{up}", summedGradient, "FC", gradient, "gradient.$L.feed_forward.up.weight"},
    {"d_ffn_up_matrix", "gated", ",", "\u2202W_{gate}", summedGradient, "FC", gradient, "gradient.$L.feed_forward.gate.weight"},
    {"d_norm", "", " ", "\u2202x\u2032", gradientMeaning, "BTC", gradient, "gradient.${part}_norm"},
    {"d_norm", "", "\u2192", "\u2202z", gradientMeaning, "BTC", gradient},
    {"d_norm", "", "", "\u2202\u03B3", LAB_TEXT("explain", "the gain\u2019s gradient: summed over all rows"), "C", gradient,
     "gradient.${part}_norm.weight"},
    {"d_norm", "!rms", "", "\u2202\u03B2", LAB_TEXT("explain", "the shift\u2019s gradient: summed over all rows"), "C", gradient,
     "gradient.${part}_norm.bias"},
    {"d_residual", "", " ", LAB_TEXT("explain", "straight on"), gradientMeaning, "BTC", gradient},
    {"d_residual", "", "+", LAB_TEXT("explain", "through"), gradientMeaning, "BTC", gradient},
    {"d_residual", "pre", "\u2192", "\u2202z", gradientMeaning, "BTC", gradient},
    {"d_residual", "post", "\u2192", "\u2202x", gradientMeaning, "BTC", gradient},
    {"d_cross", "", " ", "\u2202q", gradientMeaning, "BHTD", gradient},
    {"d_cross", "", "\u00B7", "W_{Q}", queryMatrix, "JC", weight, "$L.cross_attention.query.weight"},
    {"d_cross", "", "\u2192", "\u2202x", gradientMeaning, "BTC", gradient},
    {"d_output", "", " ", "\u2202y", gradientMeaning, "BTC", gradient, "gradient.$B.output"},
    {"d_output", "", "\u00B7", "W_{O}", LAB_TEXT("explain", "mixes the heads\u2019 outputs"), "CJ", weight, "$B.output.weight"},
    {"d_output", "", "\u2192", "\u2202o", LAB_TEXT("explain", "the gradient, cut into heads again"), "BHTD", gradient,
     "gradient.$B.head_output"},
    {"d_value", "", " ", "a", weightMeaning, "BHTS", activation, "$B.weights", turned},
    {"d_value", "", "\u00B7", "\u2202o", gradientMeaning, "BHTD", gradient, "gradient.$B.head_output"},
    {"d_value", "", "\u2192", "\u2202v", LAB_TEXT("explain", "the gradient: heads that share a value add up"), "BGSD", gradient,
     "gradient.$B.value"},
    {"d_weights", "", " ", "\u2202o", gradientMeaning, "BHTD", gradient, "gradient.$B.head_output"},
    {"d_weights", "", "\u00B7", "v", valueMeaning, "BGSD", activation, "$B.value", turned},
    {"d_weights", "", "\u2192", "\u2202a", gradientMeaning, "BHTS", gradient, "gradient.$B.weights"},
    {"d_softmax", "", " ", "a", weightMeaning, "BHTS", activation, "$B.weights"},
    {"d_softmax", "", ",", "\u2202a", gradientMeaning, "BHTS", gradient, "gradient.$B.weights"},
    {"d_softmax", "", "", "\u03A3 a \u2202a", LAB_TEXT("explain", "each row\u2019s sum, repeated along its own row (broadcast)"), "BHTO",
     gradient},
    {"d_softmax", "", "\u2192", "\u2202$s", gradientMeaning, "BHTS", gradient, "gradient.$B.scores"},
    {"d_query", "", " ", "\u2202$s", gradientMeaning, "BHTS", gradient, "gradient.$B.scores"},
    {"d_query", "", "\u00B7", "$K", keyMeaning, "BGSD", activation, "$dotKey"},
    {"d_query", "", "\u2192", "\u2202$q", gradientMeaning, "BHTD", gradient},
    {"d_key", "", " ", "\u2202$s", gradientMeaning, "BHTS", gradient, "gradient.$B.scores", turned},
    {"d_key", "", "\u00B7", "$Q", queryMeaning, "BHTD", activation, "$dotQuery"},
    {"d_key", "", "\u2192", "\u2202$k", LAB_TEXT("explain", "the gradient: heads that share a key add up"), "BGSD", gradient},
    {"d_normalise", "", " ", "\u2202q$hat", gradientMeaning, "BHTD", gradient},
    {"d_normalise", "", "\u2192", "\u2202q", gradientMeaning, "BHTD", gradient},
    {"d_normalise", "", "", "\u2202k$hat", gradientMeaning, "BGSD", gradient},
    {"d_normalise", "", ",", "\u2202k", gradientMeaning, "BGSD", gradient},
    {"d_matrix", "!kv", " ", "\u2202q", LAB_TEXT("explain", "the queries\u2019 gradients, heads side by side"), "BTJ", gradient, "",
     turned},
    {"d_matrix", "kv", " ", "(\u2202q + \u2202k)",
     LAB_TEXT("explain", "the gradients of the rows as queries and as keys, heads side by side"), "BTJ", gradient, "", turned},
    {"d_matrix", "", "\u00B7", "x", inputRows, "BTC", activation, "$x"},
    {"d_matrix", "!kv", "\u2192", "\u2202W_{Q}", summedGradient, "JC", gradient, "gradient.$B.query.weight"},
    {"d_matrix", "kv", "\u2192", "\u2202W_{K}",
     LAB_TEXT("explain", "the matrix\u2019s gradient: summed over all sequences and positions, as query and as key"), "JC", gradient,
     "gradient.$B.key.weight"},

    {"d_later_ffn", "", " ", "\u2202y", gradientMeaning, "BTC", gradient},
    {"d_later_ffn", "", "\u2192", "\u2202u", gradientMeaning, "BTF", gradient},
    {"d_later_ffn", "", "\u2192", "\u2202x", gradientMeaning, "BTC", gradient},
    {"d_later_query", "", " ", "\u2202o", gradientMeaning, "BHTD", gradient},
    {"d_later_query", "", "\u2192", "\u2202s", gradientMeaning, "BHTT", gradient},
    {"d_later_query", "", "\u2192", "\u2202q", gradientMeaning, "BHTD", gradient},
    {"d_later_cross_query", "", " ", "\u2202o", gradientMeaning, "BHTD", gradient},
    {"d_later_cross_query", "", "\u2192", "\u2202s", gradientMeaning, "BHTN", gradient},
    {"d_later_cross_query", "", "\u2192", "\u2202q", gradientMeaning, "BHTD", gradient},
    {"d_cross_query", "", " ", "\u2202o", gradientMeaning, "BHTD", gradient},
    {"d_cross_query", "", "\u2192", "\u2202s", gradientMeaning, "BHTN", gradient},
    {"d_cross_query", "", "\u2192", "\u2202q", gradientMeaning, "BHTD", gradient},
    {"d_later_keys", "", " ", "\u2202k", gradientMeaning, "BGTD", gradient},
    {"d_later_keys", "", "\u2192", "\u2202x", gradientMeaning, "BTC", gradient},
    {"d_later_values", "", " ", "\u2202v", gradientMeaning, "BGTD", gradient},
    {"d_later_values", "", "\u2192", "\u2202x", gradientMeaning, "BTC", gradient},
    {"d_later_sum", "", " ", LAB_TEXT("explain", "through"), gradientMeaning, "BTC", gradient},
    {"d_later_sum", "", "+", LAB_TEXT("explain", "straight on"), gradientMeaning, "BTC", gradient},
    {"d_later_sum", "", "\u2192", "\u2202z", gradientMeaning, "BTC", gradient},
    {"d_later_cross_sum", "", " ", LAB_TEXT("explain", "through"), gradientMeaning, "BTC", gradient},
    {"d_later_cross_sum", "", "+", LAB_TEXT("explain", "straight on"), gradientMeaning, "BTC", gradient},
    {"d_later_cross_sum", "", "\u2192", "\u2202z", gradientMeaning, "BTC", gradient},
    {"d_memory_keys", "", " ", "\u2202k", gradientMeaning, "BGND", gradient},
    {"d_memory_keys", "", "\u2192", "\u2202m", gradientMeaning, "BNC", gradient},
    {"d_memory_values", "", " ", "\u2202v", gradientMeaning, "BGND", gradient},
    {"d_memory_values", "", "\u2192", "\u2202m", gradientMeaning, "BNC", gradient},
    {"d_memory", "", " ", LAB_TEXT("explain", "through"), gradientMeaning, "BNC", gradient},
    {"d_memory", "", "\u2192", "\u2202m", gradientMeaning, "BNC", gradient},

    {"update", "!kv", " ", "W_{Q}", queryMatrix, "JC", weight, "$B.query.weight"},
    {"update", "kv", " ", "W_{K}", keyMatrix, "JC", weight, "$B.key.weight"},
    {"update", "!kv", ",", "g", gradientMeaning, "JC", gradient, "gradient.$B.query.weight"},
    {"update", "kv", ",", "g", gradientMeaning, "JC", gradient, "gradient.$B.key.weight"},
    {"update", "", "", "$firstMoment", LAB_TEXT("explain", "what the optimizer keeps for each weight"), "JC", state},
    {"update", "twoMoments", "", "$secondMoment", LAB_TEXT("explain", "the second number that it keeps for each weight"), "JC", state},
    {"update", "", "\u2192", "W\u2032", LAB_TEXT("explain", "the weights after the step"), "JC", weight},
};

}  // namespace

std::span<const ShapeRow> shapeRows() {
    return shapeTable;
}

std::span<const AxisRow> axisRows() {
    return axes;
}

std::span<const TensorKindRow> tensorKindRows() {
    return kinds;
}

}  // namespace lab::explain
