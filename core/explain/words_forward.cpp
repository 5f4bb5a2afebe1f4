// What the stages up to the keys and queries say.

#include "core/explain/tables.h"

namespace lab::explain {
namespace {

using enum Field;

constexpr WordRow wordsForwardTable[] = {
    {"bends", formula, "", "relu(x) = max(0, x),  gelu(x) = x \u00B7 \u03A6(x),  silu(x) = x / (1 + e^{\u2212x})"},
    {"bends", text, "",
     LAB_TEXT("explain",
              "A feed-forward layer bends each hidden number by itself. relu cuts at 0. gelu and silu let a little of what is below 0 "
              "through and rise smoothly; gelu_{th} is gelu with a hyperbolic tangent in place of \u03A6.")},
    {"dot", note, "cosine",
     LAB_TEXT("explain",
              "The cosine is q \u00B7 k divided by both lengths: it tells directions alone and lies between \u2212"
              "1 and 1. The softmax of this attention is of q \u00B7 k / \u221A"
              "d_{h}, where length counts.")},
    {"input", formula, "post !tokens", "x_{$i}"},
    {"input", formula, "post tokens", "x_{$i} = $parts"},
    {"input", formula, "pre !tokens", "x_{$i} = norm(z_{$i})"},
    {"input", formula, "pre tokens", "x_{$i} = norm(z_{$i}),  z_{$i} = $parts"},
    {"input", formula, "set", asSetByHand, "x_{$i}"},
    {"input", text, "",
     LAB_TEXT("explain",
              "Every position is a row of %1 numbers. Query %2 is the position we follow: the one that looks. The positions it looks at "
              "are the keys; key %3 is opened with it."),
     "$d|$i|$j"},
    {"input", note, "tokens !inrows !vectors", LAB_TEXT("explain", "E holds one trained row for each token of the vocabulary.")},
    {"input", note, "tokens vectors !ofClass",
     LAB_TEXT(
         "explain",
         "\u03BE are the %1 numbers that stand at this position; the trained matrix W_{in}, the same for all positions, brings them to "
         "%2."),
     "$inputDim|$d"},
    {"input", note, "tokens ofClass",
     LAB_TEXT("explain",
              "The class token stands before the others: no number of the input is in this row yet, it is the same trained row for every "
              "input.")},
    {"input", note, "tokens vectors inrows", LAB_TEXT("explain", "PE holds one row for each position.")},
    {"input", note, "tokens inrows !vectors",
     LAB_TEXT("explain", "E holds one trained row for each token of the vocabulary, PE one row for each position.")},
    {"input", note, "tokens segments",
     LAB_TEXT("explain",
              "E_{segment} is a trained row for each of %1 segments, counted from 0; behind a token that ends one the next begins. This "
              "position is in segment %2."),
     "$segmentCount|$segment"},
    {"input", note, "tokens normedInput",
     LAB_TEXT("explain", "The sum is normed before the stream begins, by a norm that belongs to no layer.")},
    {"input", note, "tokens mapped",
     LAB_TEXT("explain", "The tables hold rows of %1 numbers; the trained matrix W_{map} brings what is made of them to %2."),
     "$tableWidth|$d"},
    {"input", note, "pre !set",
     LAB_TEXT("explain", "Pre-norm: z is the row of the residual stream; the attention reads x, the normed copy of it.")},
    {"input", note, "cross !slots",
     LAB_TEXT("explain", "Cross-attention: the query comes from the decoder, keys and values from the encoder's rows m.")},
    {"input", note, "slots",
     LAB_TEXT("explain",
              "Cross-attention behind a bottleneck: the query comes from the decoder, keys and values from the rows m of %1 slots. Of the "
              "source the decoder knows nothing but the codes of these."),
     "$slotCount"},
    {"slot_project", formula, "", "q_{$i} = W_{Q} \u03C9_{$i}$bV,  k_{$j} = W_{K} x_{$j}$bV,  v_{$j} = W_{V} x_{$j}$bV"},
    {"slot_project", text, "",
     LAB_TEXT(
         "explain",
         "Where the row of the key comes from: slot %1 of %2 asks with a trained row \u03C9 of its own, the same for every input. Keys "
         "and values are made of the encoder\u2019s rows x; opened is token %3, which the slot looks at most."),
     "$i|$slotCount|$j"},
    {"slot_project", note, "padded", LAB_TEXT("explain", "Padding: masked tokens are hidden from every slot.")},
    {"slot_read", formula, "",
     "a_{$i,j} = exp(s_{$i,j} \u2212 max) / \u03A3_{j} exp(s_{$i,j} \u2212 max),  s_{$i,j} = q_{$i} \u00B7 k_{j} / \u221A"
     "d_{h},  o_{$i} = \u03A3_{j} a_{$i,j} v_{j}"},
    {"slot_read", text, "",
     LAB_TEXT(
         "explain",
         "Attention as everywhere, with the slot as its query: its products with every token\u2019s key, their softmax, and the values "
         "in these shares.")},
    {"slot_output", formula, "", "r_{$i} = W_{O} o$bO"},
    {"slot_output", text, "",
     LAB_TEXT("explain", "What slot %1 has read of the source, all heads together. No norm and no residual stream stands around it."),
     "$i"},
    {"slot_numbers", formula, "", "\u03B6_{$i} = W_{r} r_{$i} + b"},
    {"slot_numbers", text, "",
     LAB_TEXT("explain",
              "Each slot has rows of W_{r} of its own, %1 of them: so many numbers are left of it, weighted sums of what it has read."),
     "$codeWidth"},
    {"slot_code", formula, "levels", LAB_TEXT("explain", "%1,  c = the nearest level,  %2"),
     "\u03B6\u2032 = reach \u00B7 tanh(\u03B6 + shift) \u2212 off|\u03C7 = step \u00B7 c \u2212 1"},
    {"slot_code", formula, "signs", LAB_TEXT("explain", "%1,  c = 1 where %2, else 0,  %3"),
     "\u03B6\u2032 = tanh \u03B6|\u03B6\u2032 \u2265 0|\u03C7 = 2c \u2212 1"},
    {"slot_code", formula, "choice", LAB_TEXT("explain", "%1,  c = the place of the largest,  %2 = 1 there, 0 elsewhere"),
     "\u03B6\u2032 = softmax(\u03B6)|\u03C7"},
    {"slot_code", formula, "book", LAB_TEXT("explain", "%1,  c = the nearest row of the table,  %2"),
     "\u03B6\u2032 = \u03B6|\u03C7 = C_{c}"},
    {"slot_code", text, "levels",
     LAB_TEXT("explain",
              "Finite scalar quantisation: the number is bounded by tanh, so that each of %1 levels has room, and rounded to the nearest. "
              "The code is that level, %2 the middle; what is sent on are the numbers \u03C7 of the code, and nothing of what was rounded "
              "away."),
     "$codeCount|$codeUnit"},
    {"slot_code", text, "signs",
     LAB_TEXT("explain",
              "The code is one bit, the number\u2019s sign; what is sent on is \u2212"
              "1 or 1, and nothing of how large it was.")},
    {"slot_code", text, "choice",
     LAB_TEXT("explain",
              "The code is one of %1, the largest of the slot\u2019s numbers; what is sent on says which, and nothing of by how much."),
     "$codeCount"},
    {"slot_code", text, "book",
     LAB_TEXT("explain",
              "Vector quantisation: the code is one of %1 rows of a trained table, which all slots share, the nearest to the slot\u2019s "
              "numbers; what is sent on is that row, and nothing of how far it was."),
     "$codeCount"},
    {"slot_memory", formula, "", "m_{$i} = W_{m} \u03C7_{$i} + b"},
    {"slot_memory", text, "",
     LAB_TEXT("explain",
              "Each slot has rows of W_{m} and a b of its own, which tell it from the others. This is the row that every layer of the "
              "decoder makes a key and a value of.")},
    {"project", formula, "model", "q_{$i} = $WQ x_{$i}$bV,  k_{$j} = $WK ${m}_{$j}$bV,  v_{$j} = $WV ${m}_{$j}$bV"},
    {"project", formula, "borrows", LAB_TEXT("explain", "%1,  %2 and %3 of layer %4"),
     "q_{$i} = W_{Q} x_{$i}$bV|${k}_{$j}|v_{$j}|$keyLayer"},
    {"project", formula, "!model scores", "q, k, v"},
    {"project", formula, "!scores", "v"},
    {"project", text, "latent",
     LAB_TEXT("explain",
              "Of each token only the %1 numbers of \u2113 = W_{\u2113} x are kept for the tokens to come, not its keys and values: these "
              "are made "
              "of \u2113, so that W_{K} W_{\u2113} and W_{V} W_{\u2113} do what W_{K} and W_{V} do elsewhere."),
     "$latentDim"},
    {"project", text, "latent rope",
     LAB_TEXT("explain",
              "The channels that RoPE turns are no part of \u2113: a key of %1 numbers is made of x itself, kept beside \u2113, and is the "
              "same in "
              "all heads."),
     "$sharedDim"},
    {"project", text, "bias",
     LAB_TEXT("explain",
              "A vector times a matrix: each number of q is a row of W against x, plus a bias b. q is what a position asks for, k what it "
              "offers, v what it passes on when it is chosen.")},
    {"project", text, "!bias",
     LAB_TEXT("explain",
              "A vector times a matrix: each number of q is a row of W against x. q is what a position asks for, k what it offers, v what "
              "it passes on when it is chosen.")},
    {"project", text, "borrows",
     LAB_TEXT("explain",
              "A vector times a matrix makes the query, what a position asks for. What a position offers and what it passes on, k and v, "
              "are those of layer %1, as its scores read them: this layer has no W_{K} and W_{V}, and a decoder that writes keeps nothing "
              "for it."),
     "$keyLayer"},
    {"project", text, "!model", LAB_TEXT("explain", "No model: these vectors are given, and you may edit them.")},
    {"project", note, "kv unit",
     LAB_TEXT("explain",
              "Keys serve as queries: there is no W_{Q}. The query is the token\u2019s own key, before this is divided by its length.")},
    {"project", note, "kv !unit",
     LAB_TEXT("explain",
              "Keys serve as queries: there is no W_{Q}. The query is the token's own key, so k_{i} \u00B7 k_{j} = k_{j} \u00B7 k_{i}.")},
    {"project", note, "keyvalue !borrows",
     LAB_TEXT("explain",
              "Keys serve as values: there is no W_{V}. What a key is found by is also what it passes on, as it is before any norm or "
              "rotation.")},
    {"project", note, "lends",
     LAB_TEXT("explain", "These keys and values, as this layer\u2019s scores read them, serve the layers behind it too, up to layer %1."),
     "$lastReader"},
    {"project", note, "grouped",
     LAB_TEXT("explain",
              "Grouped heads: query heads %1 to %2 share key-value head %3: each has its own q, all of them meet the same k and v."),
     "$firstOfGroup|$lastOfGroup|$group"},
    {"project", note, "cross !slots",
     LAB_TEXT("explain", "Keys and values are made of the encoder's rows m, the query of the decoder's row x.")},
    {"project", note, "slots",
     LAB_TEXT("explain", "Keys and values are made of the slots\u2019 rows m, the query of the decoder's row x.")},
    {"project", note, "global",
     LAB_TEXT("explain",
              "Global projections: queries of the first %1 tokens are made by a matrix of their own, W_{Qg}, and read keys and values that "
              "two more, W_{Kg} and W_{Vg}, make of every row. Query %2 is one of them."),
     "$globals|$i"},
    {"project", note, "apart !global",
     LAB_TEXT("explain",
              "Global projections: queries of the first %1 tokens are made and read by matrices of their own, which their walks open. "
              "Query %2 is none of them: it uses the common ones, towards these tokens too."),
     "$globals|$i"},
    {"project", note, "sameWeights",
     LAB_TEXT("explain",
              "One layer\u2019s weights serve every step of this stack: all steps read these same matrices, and only the rows differ.")},
    {"normalise", formula, "", LAB_TEXT("explain", "%1 = \u03B3 q / \u221A(mean of q^{2} + \u03B5),  k likewise"), "q$hat"},
    {"normalise", formula, "borrows", LAB_TEXT("explain", "%1 = \u03B3 q / \u221A(mean of q^{2} + \u03B5)"), "q$hat"},
    {"normalise", text, "",
     LAB_TEXT("explain",
              "Each is divided by its root mean square and multiplied, dimension by dimension, by a gain \u03B3 that the layer learned. So "
              "the scores cannot grow by mere length.")},
    {"normalise", text, "borrows",
     LAB_TEXT(
         "explain",
         "The query is divided by its root mean square and multiplied, dimension by dimension, by a gain \u03B3 that the layer learned; "
         "the keys have been through a norm in layer %1. So the scores cannot grow by mere length."),
     "$keyLayer"},
    {"normalise", note, "kv", LAB_TEXT("explain", "Keys serve as queries: both have the one gain.")},
    {"normalise", note, "rope !borrows", LAB_TEXT("explain", "The norm comes before RoPE turns them; v is not normalised.")},
    {"normalise", note, "rope borrows", LAB_TEXT("explain", "The norm comes before RoPE turns it; v is not normalised.")},
    {"rotate", formula, "!factored",
     "(q_{1}, q_{2}) \u2192 (q_{1} cos i\u03B8 \u2212 q_{2} sin i\u03B8,  q_{1} sin i\u03B8 + q_{2} cos i\u03B8)"},
    {"rotate", formula, "factored",
     "(q_{1}, q_{2}) \u2192 \u03BA (q_{1} cos i\u03B8 \u2212 q_{2} sin i\u03B8,  q_{1} sin i\u03B8 + q_{2} cos i\u03B8),  \u03BA = "
     "$kappaRule = $kappaValue"},
    {"rotate", text, "",
     LAB_TEXT("explain",
              "Each pair of numbers is turned, counter-clockwise where the first points right and the second up, by its position times "
              "\u03B8. Of the "
              "positions q\u2032 \u00B7 k\u2032 then depends on the distance i \u2212 j alone, however far along both stand.")},
    {"rotate", text, "linear",
     LAB_TEXT("explain",
              "Each pair of numbers is turned, counter-clockwise where the first points right and the second up, by its position times "
              "\u03B8. Of the positions q\u2032 \u00B7 k\u2032 then depends on the distance i \u2212 j alone, but the scores here are "
              "\u03C6(q\u2032) \u00B7 \u03C6(k\u2032): the feature map comes after the turn, so they also depend on where both stand.")},
    {"rotate", text, "drawn",
     LAB_TEXT("explain",
              "Each pair of numbers is turned, counter-clockwise where the first points right and the second up, by its position times "
              "\u03B8. Of the positions q\u2032 \u00B7 k\u2032 then depends on the distance i \u2212 j alone. The random features come "
              "after the "
              "turn: on average over draws of \u03A9 their products depend on the distance alone, too; with one draw not quite.")},
    {"rotate", note, "!borrows",
     LAB_TEXT("explain", "Pairs (q_{1}, q_{2}) here: dims %1; each pair has a \u03B8 of its own, and k is turned likewise, by j\u03B8."),
     "$pairs"},
    {"rotate", note, "borrows",
     LAB_TEXT("explain",
              "Pairs (q_{1}, q_{2}) here: dims %1; each pair has a \u03B8 of its own, and k was turned likewise, by j\u03B8, in layer %2."),
     "$pairs|$keyLayer"},
    {"rotate", note, "",
     LAB_TEXT("explain",
              "The product q\u2032 \u00B7 k\u2032 is %1|q||k| cos(\u2220q \u2212 \u2220k + (i \u2212 j)\u03B8) in each pair, "
              "summed over the pairs; v is not turned."),
     "${kappaSquare}"},
    {"rotate", note, "factored !features unit",
     LAB_TEXT("explain",
              "\u03BA is the attention factor of %1 for %2 times the trained length n_{0} = %3: it makes query and key longer, and the "
              "division by its length takes it out of the key again. So every product is multiplied by \u03BA = %4."),
     "$kappaOf|$stretch|$trainedLength|$kappaValue"},
    {"rotate", note, "factored features unit",
     LAB_TEXT("explain",
              "\u03BA is the attention factor of %1 for %2 times the trained length n_{0} = %3: it makes query and key longer, and the "
              "division by its length takes it out of the key again, before the feature map."),
     "$kappaOf|$stretch|$trainedLength"},
    {"rotate", note, "factored !features !unit",
     LAB_TEXT("explain",
              "\u03BA is the attention factor of %1 for %2 times the trained length n_{0} = %3: it makes query and key longer, so every "
              "product q\u2032 \u00B7 k\u2032 is multiplied by \u03BA\u00B2 = %4."),
     "$kappaOf|$stretch|$trainedLength|$kappaSquared"},
    {"rotate", note, "factored features !unit",
     LAB_TEXT("explain",
              "\u03BA is the attention factor of %1 for %2 times the trained length n_{0} = %3: it makes query and key longer before the "
              "feature map."),
     "$kappaOf|$stretch|$trainedLength"},
    {"divide", formula, "", "${k}_{j} = ${long}_{j} / |${long}_{j}|"},
    {"divide", text, "",
     LAB_TEXT("explain",
              "Each key is divided by its own length, the root of the sum of its squares: only its direction is left. Queries keep their "
              "length.")},
    {"divide", note, "kv",
     LAB_TEXT("explain",
              "Keys serve as queries: the query is the key before this division. So a token\u2019s own key no longer wins by its length, "
              "and the products are not symmetric.")},
    {"divide", note, "keyvalue", LAB_TEXT("explain", "Keys serve as values: these are the keys as projected, which are not divided.")},
    {"divide", note, "!keyvalue", LAB_TEXT("explain", "Values are not divided.")},
    {"divide", note, "normed", LAB_TEXT("explain", "The norm comes first: of its gain \u03B3 the key keeps only what turns it.")},
    {"divide", note, "rope", LAB_TEXT("explain", "The division comes behind RoPE, whose turn leaves the length as it is.")},
    {"phi", formula, "linear", "\u03C6(x) = x + 1 for x > 0,  exp(x) otherwise"},
    {"phi", formula, "drawn",
     "\u03C6($qk)_{n} = exp(\u03C4_{q n} \u2212 M_{q}) / \u221A$F,  \u03C4_{q n} = \u03A9_{n} \u00B7 q\u0302 \u2212 \u00BD|q\u0302|\u00B2, "
     " q\u0302 = $qk / "
     "\u2074\u221Ad_{h}"},
    {"phi", text, "",
     LAB_TEXT("explain", "No softmax here: q and k are made positive first, and their products, divided by their sum, are the shares.")},
    {"phi", text, "drawn",
     LAB_TEXT("explain",
              "No softmax here: query and key go through random features, of which none is negative. On average over draws of the random "
              "matrix \u03A9 the products of features are what a softmax takes: exp(q \u00B7 k / \u221A"
              "d_{h}). \u03A9 was drawn once and stays as it is; all heads of the layer share it. Keys go the same way.")},
    {"phi", note, "drawn !rises",
     LAB_TEXT("explain",
              "M keeps exponentials from growing beyond what a computer can hold: for a query it is the largest of its own exponents, for "
              "keys the largest of all keys. Both cancel where a row is divided by its sum.")},
    {"phi", note, "rises",
     LAB_TEXT("explain",
              "M keeps exponentials from growing beyond what a computer can hold: for a query it is the largest of its own exponents, for "
              "a key the largest of its own and of all keys before it. Both cancel where a row is divided by its sum.")},
    {"phi", note, "!causal !pattern",
     LAB_TEXT("explain",
              "The sums over keys can then be gathered once for all queries: work grows with the number of positions, not with its "
              "square.")},
    {"phi", note, "causal !pattern",
     LAB_TEXT("explain",
              "The sums over keys can then run along with i: each position adds its own key to them, so work grows with the number of "
              "positions, not with its square.")},
    {"phi", note, "diagonal !pattern",
     LAB_TEXT("explain", "The diagonal is masked: each query leaves its own key out of its sums, unless no other is left to it.")},
    {"phi", note, "pattern", LAB_TEXT("explain", "The pattern lets each query see keys of its own, so there is a sum for each of them.")},
};

}  // namespace

std::span<const WordRow> forwardWords() {
    return wordsForwardTable;
}

}  // namespace lab::explain
