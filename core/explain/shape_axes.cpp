// What axes tensors have, and of what kinds they are.

#include "core/explain/shapes.h"

namespace lab::explain {
namespace {

using enum TensorKind;

constexpr AxisRow everyAxis[] = {
    {'B', "B", LAB_TEXT("explain", "batch"), LAB_TEXT("explain", "batch: sequences computed together")},
    {'H', "H", LAB_TEXT("explain", "heads"), LAB_TEXT("explain", "heads, of the queries")},
    {'G', "G", LAB_TEXT("explain", "key-value heads"), LAB_TEXT("explain", "key-value heads: H, or fewer that the heads share")},
    {'T', "T", LAB_TEXT("explain", "queries"), LAB_TEXT("explain", "positions that ask (queries)")},
    {'g', "globals", LAB_TEXT("explain", "first queries"),
     LAB_TEXT("explain", "first positions, which have projections of their own as queries")},
    {'S', "S", LAB_TEXT("explain", "keys"), LAB_TEXT("explain", "positions that are asked (keys)")},
    {'D', "d_{h}", LAB_TEXT("explain", "channels of a head"), LAB_TEXT("explain", "channels of a head")},
    {'R', "d_{h}/2", LAB_TEXT("explain", "pairs of channels"), LAB_TEXT("explain", "pairs of channels of a head")},
    {'J', "H d_{h}", LAB_TEXT("explain", "of all heads"), LAB_TEXT("explain", "channels of all heads, side by side")},
    {'K', "G d_{h}", LAB_TEXT("explain", "of all key-value heads"), LAB_TEXT("explain", "channels of all key-value heads, side by side")},
    {'C', "d_{model}", LAB_TEXT("explain", "of the stream"), LAB_TEXT("explain", "channels of the residual stream")},
    {'w', "embedding_dim", LAB_TEXT("explain", "numbers of an embedding"), LAB_TEXT("explain", "numbers of a row of the embedding tables")},
    {'s', "segments", {}, LAB_TEXT("explain", "rows of the table of segments")},
    {'F', "d_{ff}", LAB_TEXT("explain", "of the feed-forward"), LAB_TEXT("explain", "channels of the feed-forward in between")},
    {'Y', "classes", {}, LAB_TEXT("explain", "classes that an answer is chosen from")},
    {'Z', "outputs", {}, LAB_TEXT("explain", "numbers of an answer")},
    {'U', "input_dim", LAB_TEXT("explain", "numbers of a vector"), LAB_TEXT("explain", "numbers of a vector of the input")},
    {'V', "vocab", LAB_TEXT("explain", "vocabulary"), LAB_TEXT("explain", "tokens of the vocabulary")},
    {'P', "max", LAB_TEXT("explain", "rows of the table of positions"), LAB_TEXT("explain", "rows of the table of positions")},
    {'W', "pos_dim", LAB_TEXT("explain", "channels of the position map"), LAB_TEXT("explain", "channels of the position map")},
    {'f', "features", {}, LAB_TEXT("explain", "random features of a query or key")},
    {'r', "rounds", {}, LAB_TEXT("explain", "rounds of hashing")},
    {'X', "latent_dim", {}, LAB_TEXT("explain", "numbers that are kept of a token")},
    {'x', "dims", {}, LAB_TEXT("explain", "channels of a head that turn")},
    {'y', "latent_dim + dims", {}, LAB_TEXT("explain", "numbers that are kept of a token, with the key that all heads share")},
    {'k', "H (d_{h} \u2212 dims)", {}, LAB_TEXT("explain", "channels of all heads that do not turn, side by side")},
    {'e', "n_{E}", LAB_TEXT("explain", "experts"), LAB_TEXT("explain", "experts of the layer")},
    {'n', "top_k", {}, LAB_TEXT("explain", "experts that each row goes through")},
    {'t', "T top_k/n_{E}", LAB_TEXT("explain", "rows of an expert"),
     LAB_TEXT("explain", "rows that go through an expert, were the choices spread evenly")},
    {'d', "steps", {}, LAB_TEXT("explain", "steps that the stack makes at most")},
    {'b', "buckets", {}, LAB_TEXT("explain", "buckets of distances")},
    {'A', "T", {}, LAB_TEXT("explain", "positions that answer")},
    {'N', "S", LAB_TEXT("explain", "encoder positions"), LAB_TEXT("explain", "positions of the encoder")},
    {'M', "M", LAB_TEXT("explain", "slots"), LAB_TEXT("explain", "slots of the bottleneck")},
    {'E', "width", LAB_TEXT("explain", "numbers of a slot"), LAB_TEXT("explain", "numbers that are read off a slot, and sent on of it")},
    {'L', "codes", {}, LAB_TEXT("explain", "codes that a slot may have")},
    {'I', "M width", LAB_TEXT("explain", "numbers of all slots"), LAB_TEXT("explain", "numbers of all slots, one after the other")},
    {'Q', "M d_{model}", LAB_TEXT("explain", "of all slots\u2019 rows"),
     LAB_TEXT("explain", "channels of all slots\u2019 rows, one after the other")},
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

}  // namespace

std::span<const AxisRow> axisRows() {
    return everyAxis;
}

std::span<const TensorKindRow> tensorKindRows() {
    return kinds;
}

}  // namespace lab::explain
