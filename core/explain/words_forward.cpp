// What the stages of the way forward say.

#include "core/explain/tables.h"

namespace lab::explain {
namespace {

using enum Field;

constexpr SourceText asSetByHand = LAB_TEXT("explain", "%1 as set by hand");
constexpr SourceText weightsByHand =
    LAB_TEXT("explain", "These weights are set by hand: no softmax made them, and they need not add up to 1.");
constexpr SourceText scoresByHand =
    LAB_TEXT("explain",
             "A score is set by hand. The softmax is made anew from it, so the weights still add up to 1, and all that follows is computed "
             "from them.");
constexpr SourceText scoresByHandWithSink = LAB_TEXT(
    "explain", "A score is set by hand. The softmax is made anew from it, the sink included, and all that follows is computed from it.");
constexpr SourceText encoderEnds = LAB_TEXT(
    "explain", "The encoder ends here. The decoder reads this row through its cross-attention; what follows is its answer at position %1.");

constexpr SourceText orderCounts =
    LAB_TEXT("explain",
             "Keys serve as queries: k_{i} \u00B7 k_{j} = k_{j} \u00B7 k_{i}, the products are symmetric. The scores that follow are not: "
             "what is added depends on which of the two comes first.");

constexpr SourceText encoderEndsInSlots =
    LAB_TEXT("explain",
             "The encoder ends here. The slots of the bottleneck read this row, and the decoder gets nothing but their codes; what follows "
             "is its answer at position %1.");

constexpr SourceText sharesOfOneWhole = LAB_TEXT("explain", "Shares of one whole: none is negative and the row adds up to 1.");

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
    {"divide", note, "rope", LAB_TEXT("explain", "The division comes behind RoPE, whose turn leaves the direction as it is.")},
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
    {"dot", formula, "!features", "$phiq \u00B7 $phik = \u03A3_{p} ${qk}_{$i,p} ${k}_{j,p}"},
    {"dot", formula, "linear", "s_{$i,j} = $phiq \u00B7 $phik = \u03A3_{p} \u03C6(${qk}_{$i,p}) \u03C6(${k}_{j,p})"},
    {"dot", text, "!features",
     LAB_TEXT(
         "explain",
         "Multiply dim by dim and add: large where both vectors point the same way. No cosine: lengths count, and there is no bound.")},
    {"dot", text, "linear",
     LAB_TEXT("explain", "Multiply dim by dim and add. All factors are positive, so no product is negative; there is no upper bound.")},
    {"dot", text, "!features normed",
     LAB_TEXT("explain",
              "Multiply dim by dim and add: large where both vectors point the same way. Their lengths were taken out before; only the "
              "gains \u03B3 still weigh the dims.")},
    {"dot", text, "linear normed",
     LAB_TEXT("explain", "Multiply dim by dim and add. All factors are positive, so no product is negative.")},
    {"dot", text, "!linear unit",
     LAB_TEXT("explain",
              "Multiply dim by dim and add. Keys have length 1, so this is the query\u2019s length times the cosine of the angle between "
              "both: among the keys of a query direction alone decides.")},
    {"dot", formula, "drawn", "$phiq \u00B7 $phik = \u03A3_{n} \u03C6(${qk}_{$i})_{n} \u03C6(${k}_{j})_{n}"},
    {"dot", formula, "drawn !rises", "s_{$i,j} = $phiq \u00B7 $phik = \u03A3_{n} \u03C6(${qk}_{$i})_{n} \u03C6(${k}_{j})_{n}"},
    {"dot", text, "drawn", LAB_TEXT("explain", "Multiply feature by feature and add. No feature is negative, so no product is.")},
    {"dot", note, "kv drawn",
     LAB_TEXT("explain",
              "Keys serve as queries, but these products are not symmetric: another largest exponent was subtracted from a query\u2019s "
              "exponents than from the keys\u2019.")},
    {"rise", formula, "", "s_{ij} = \u03B7_{ij} $phii \u00B7 $phik,  \u03B7_{ij} = exp(M_{k j} \u2212 M_{k i})"},
    {"rise", text, "",
     LAB_TEXT(
         "explain",
         "From a key\u2019s exponents the largest up to that key was subtracted, so that no later key changes an earlier row. Where it "
         "has grown since, the products of earlier keys are brought to the largest that holds at the query\u2019s place: then one row "
         "has one scale.")},
    {"dot", note, "kv !map bucketed !scoresSet !unit", orderCounts},
    {"dot", note, "kv !map relates !scoresSet !unit", orderCounts},
    {"dot", note, "kv !map !bucketed !relates !scoresSet !signed !drawn !unit",
     LAB_TEXT("explain",
              "Keys serve as queries: k_{i} \u00B7 k_{j} = k_{j} \u00B7 k_{i}, the scores are symmetric. The weights are not: each row is "
              "divided by its "
              "own sum.")},
    {"dot", note, "kv !scoresSet product !unit",
     LAB_TEXT("explain",
              "Keys serve as queries: k_{i} \u00B7 k_{j} = k_{j} \u00B7 k_{i}. The products are the weights, so these are symmetric too "
              "wherever both may "
              "look at each other.")},
    {"dot", note, "kv !scoresSet fades",
     LAB_TEXT("explain",
              "Keys serve as queries: k_{i} \u00B7 k_{j} = k_{j} \u00B7 k_{i}, the products are symmetric. Only one of the two is used: no "
              "query looks at a key that comes after it.")},
    {"dot", note, "map !relates !scoresSet !unit",
     LAB_TEXT("explain",
              "KV+Pos: k_{i} \u00B7 k_{j} = k_{j} \u00B7 k_{i}, the products are symmetric. The scores that follow are not: the position "
              "map adds a number g(j) for the key alone.")},
    {"scale", formula, "", "s_{$i,j} = ($phiq \u00B7 $phik) / \u221Ad_{h},  d_{h} = $D"},
    {"scale", text, "",
     LAB_TEXT("explain",
              "A sum of d_{h} products spreads like \u221A"
              "d_{h}. Dividing keeps scores of wide heads as moderate as those of narrow ones; "
              "otherwise the weights would tend to crowd on one key.")},
    {"scale", text, "fades",
     LAB_TEXT("explain",
              "A sum of d_{h} products spreads like \u221A"
              "d_{h}. Dividing keeps the scores of wide heads as moderate as those of narrow ones.")},
    {"scale", note, "fades",
     LAB_TEXT("explain",
              "The norm of the head\u2019s sum, which follows, would take such a factor out again, but for the \u03B5 that it adds.")},
    {"scale", text, "unit",
     LAB_TEXT("explain", "A key of length 1 makes no product larger than the query is long. It is divided by the root all the same.")},
    {"scale", note, "kv !unit",
     LAB_TEXT("explain",
              "Keys serve as queries: a token\u2019s product with itself is a sum of squares, which grows like d_{h}; the root takes only "
              "a part of "
              "that out.")},
    {"position", formula, "!adds", "s\u2032 = s"},
    {"position", formula, "alibi", "s\u2032_{ij} = s_{ij} \u2212 m_{h} |i \u2212 j|,  m_{h} = $slope"},
    {"position", formula, "map", "s\u2032_{ij} = \u03A3_{c} w_{c} (s_{ij} + P_{ijc}) + b = \u03A3w \u00B7 s_{ij} + g(j) + \u03C1(i) + b"},
    {"position", formula, "map alibi",
     "s\u2032_{ij} = \u03A3w \u00B7 s_{ij} + g(j) + \u03C1(i) + b \u2212 m_{h} |i \u2212 j|,  m_{h} = $slope"},
    {"position", formula, "bucketed", LAB_TEXT("explain", "%1,  n = the bucket of j \u2212 i"), "s\u2032_{ij} = s_{ij} + b_{h,n}"},
    {"position", formula, "map bucketed", LAB_TEXT("explain", "%1,  n = the bucket of j \u2212 i"),
     "s\u2032_{ij} = \u03A3w \u00B7 s_{ij} + g(j) + \u03C1(i) + b + b_{h,n}"},
    {"position", formula, "relates",
     "s\u2032_{ij} = s_{ij} + (u_{h} \u00B7 ${k}_{j} + (${qk}_{i} + v_{h}) \u00B7 \u03B4_{i\u2212j}) / \u221Ad_{h},  \u03B4_{i\u2212j} = "
     "W_{R} R_{i\u2212j}"},
    {"position", formula, "map relates",
     "s\u2032_{ij} = \u03A3w \u00B7 s_{ij} + g(j) + \u03C1(i) + b + (u_{h} \u00B7 ${k}_{j} + (${qk}_{i} + v_{h}) \u00B7 "
     "\u03B4_{i\u2212j}) / \u221Ad_{h},  \u03B4_{i\u2212j} = W_{R} R_{i\u2212j}"},
    {"position", text, "!adds", LAB_TEXT("explain", "This model is not told any positions.")},
    {"position", text, "!adds tells",
     LAB_TEXT("explain", "This model is not told any positions; only who may look at whom tells its places apart.")},
    {"position", text, "!adds inrows",
     LAB_TEXT("explain", "Nothing is added to the scores: in this model the position is already part of the input row.")},
    {"position", text, "cross",
     LAB_TEXT("explain", "Cross-attention adds nothing to the scores: query and key stand in different sequences.")},
    {"position", text, "rope", LAB_TEXT("explain", "RoPE has already turned q and k; nothing is added to the scores.")},
    {"position", text, "alibi",
     LAB_TEXT("explain", "ALiBi: far keys lose score, in proportion to their distance; each head has its own fixed slope m_{h}.")},
    {"position", text, "bucketed",
     LAB_TEXT(
         "explain",
         "Each head adds a number that it has learned for the distance of key and query. Distances share %1 buckets: near ones have one "
         "each, further ones ever wider ones, and from %2 on all are in the last."),
     "$buckets|$maxDistance"},
    {"position", text, "relates",
     LAB_TEXT("explain",
              "Besides the query, a vector u_{h} that is the same for all queries asks each key; and query and v_{h} together ask the "
              "distance i \u2212 j, by the vector \u03B4 that W_{R} makes of its sines and cosines R. Each layer has u, v and W_{R} of its "
              "own.")},
    {"position", text, "map relates",
     LAB_TEXT("explain",
              "The map\u2019s weights w add up to one factor \u03A3w on every score, one number g(j) for each key, and parts that are the "
              "same for all keys. Besides, a vector u_{h} that is the same for all queries asks each key, and query and v_{h} together ask "
              "the distance i \u2212 j, by the vector \u03B4 that W_{R} makes of it.")},
    {"position", note, "relates", LAB_TEXT("explain", "R holds %1 for c = 0, 1, \u2026, then the cosines of the same numbers."),
     "sin((i \u2212 j) / 10000^{2c/$d})"},
    {"position", note, "bucketed !causal", LAB_TEXT("explain", "Half of the buckets are for keys behind the query.")},
    {"position", note, "bucketed", LAB_TEXT("explain", "The table of these numbers is the same for all layers of this side.")},
    {"position", text, "map",
     LAB_TEXT(
         "explain",
         "The map\u2019s weights w add up to one factor \u03A3w on every score, one number g(j) for each key, and parts that are the same "
         "for all keys.")},
    {"position", note, "map !capped !sinks",
     LAB_TEXT(
         "explain",
         "The row part \u03C1(i) and b are the same for every key: subtracting the maximum cancels them. Only \u03A3w and g(j) are left, "
         "and \u03A3w "
         "may be negative.")},
    {"position", note, "map capped",
     LAB_TEXT("explain",
              "The row part \u03C1(i) and b are the same for every key. They count all the same: the cap that follows takes the more off a "
              "score the larger it is.")},
    {"position", note, "map sinks !capped",
     LAB_TEXT(
         "explain",
         "The row part \u03C1(i) and b are the same for every key, but the sink\u2019s score has none of them: they decide how much of "
         "the row goes to the sink.")},
    {"position", note, "map negative",
     LAB_TEXT("explain",
              "Here \u03A3w = %1 is negative: as far as s_{ij} decides, the order is turned round, and keys with low scores gain."),
     "$mapFactor"},
    {"position", note, "map alibi",
     LAB_TEXT("explain", "ALiBi besides: far keys lose score, in proportion to their distance; each head has its own fixed slope m_{h}.")},
    {"cap", formula, "", "s* = cap \u00B7 tanh($uncapped / cap),  cap = $cap"},
    {"cap", text, "",
     LAB_TEXT("explain",
              "No score leaves \u2212%1 .. %1: small ones stay almost as they are, large ones are bent towards the cap. So none can grow "
              "without bound, and their order stays."),
     "$cap"},
    {"span", formula, "", "s\u2033_{ij} = ${bent}_{ij} + ln m_{ij},  m_{ij} = min(1, max(0, ($ramp + z_{h} \u2212 |i \u2212 j|) / $ramp))"},
    {"span", text, "",
     LAB_TEXT("explain",
              "Behind the softmax each weight is multiplied by m_{ij}, and the row divided by what is left. m is 1 up to the head\u2019s "
              "span z_{h} and falls to 0 over the next %1 tokens; keys beyond get \u2212\u221E and take no part."),
     "$ramp"},
    {"span", text, "sinks",
     LAB_TEXT(
         "explain",
         "Behind the softmax each weight is multiplied by m_{ij}, and the row divided by what is left, the sink\u2019s share included. "
         "m is 1 up to the head\u2019s span z_{h} and falls to 0 over the next %1 tokens; keys beyond get \u2212\u221E and take no "
         "part."),
     "$ramp"},
    {"span", note, "",
     LAB_TEXT("explain",
              "z_{h} is a share between 0 and 1 that the head learns, times the longest span %1. Training adds to the loss %2 times the "
              "mean of all heads\u2019 spans, of each layer, so that a head keeps only the span that it needs."),
     "$longest|$spanPenalty"},
    {"mask", formula, "!factor", LAB_TEXT("explain", "hidden keys: %1 = \u2212\u221E"), "${s}_{ij}"},
    {"mask", formula, "factor", LAB_TEXT("explain", "hidden keys: %1 = 0"), "s_{ij}"},
    {"mask", text, "!mask", LAB_TEXT("explain", "Every query sees every key: nothing is hidden in this block.")},
    {"mask", text, "!mask spans",
     LAB_TEXT("explain", "No mask hides a key in this block: those beyond the head\u2019s span have \u2212\u221E already.")},
    {"mask", text, "mask", LAB_TEXT("explain", "A hidden key gets \u2212\u221E, so its exponential is 0 and it takes no part at all.")},
    {"mask", text, "mask features",
     LAB_TEXT("explain",
              "Without a softmax there is no \u2212\u221E: a hidden key is left out of the row\u2019s sum and takes no part at all.")},
    {"mask", text, "mask signed",
     LAB_TEXT("explain", "Without a softmax there is no \u2212\u221E: the product with a hidden key is 0, and it takes no part at all.")},
    {"mask", note, "causal",
     LAB_TEXT("explain", "Causal: query i sees no key after i; otherwise a decoder could copy the token it has to guess.")},
    {"mask", note, "pattern", "$pattern"},
    {"mask", note, "keeps",
     LAB_TEXT("explain",
              "Keys of segments before are read as they were made when their own segment was: the same numbers, but on the way back "
              "nothing passes them to their rows.")},
    {"mask", note, "diagonal",
     LAB_TEXT("explain", "The diagonal is masked: a query does not see its own key, unless no other is left to it.")},
    {"mask", note, "padded", LAB_TEXT("explain", "Padding: masked tokens are hidden from every query.")},
    {"max", formula, "", "${s}_{ij} \u2212 max_{j} ${s}_{ij}"},
    {"max", formula, "sinks", LAB_TEXT("explain", "%1,  max: of the row\u2019s scores and %2"), "${s}_{ij} \u2212 max|\u03C8_{h}"},
    {"max", text, "",
     LAB_TEXT("explain",
              "Changes no weight: it divides each key\u2019s exponential and their sum alike, by exp(max). It only keeps exp from growing "
              "beyond what a computer can hold.")},
    {"exp", formula, "", "e_{ij} = exp(${s}_{ij} \u2212 max)"},
    {"exp", text, "",
     LAB_TEXT("explain",
              "2.718 to the power of the score minus the maximum: positive for every key that may be seen. The best of them has 1; for "
              "every 1 that a score is lower, its key counts 2.718 times less.")},
    {"exp", text, "sinks",
     LAB_TEXT("explain",
              "2.718 to the power of the score minus the maximum: positive for every key that may be seen. For every 1 that a score is "
              "lower, its key counts 2.718 times less.")},
    {"exp", text, "blind", LAB_TEXT("explain", "This query sees no key, so there is nothing to compare: all its exponentials are 0.")},
    {"sum", formula, "!features", "\u03A3_{j} e_{ij} = \u03A3_{j} exp(${s}_{ij} \u2212 max)"},
    {"sum", formula, "features", "\u03A3_{j} s_{ij}"},
    {"sum", formula, "sinks", "\u03A3 = e_{\u03C8} + \u03A3_{j} e_{ij},  e_{\u03C8} = exp(\u03C8_{h} \u2212 max)"},
    {"sum", text, "!features",
     LAB_TEXT("explain", "One number for the whole row: what the shares are shares of. Each query has its own sum.")},
    {"sum", text, "sinks",
     LAB_TEXT("explain",
              "One number for the whole row: what the shares are shares of. Beside the keys it holds one exponential of no key, of a score "
              "that the head has learned: its sink.")},
    {"sum", text, "linear",
     LAB_TEXT("explain", "What replaces softmax: the products are positive already and are divided by their own sum (plus 0.000001).")},
    {"sum", text, "drawn",
     LAB_TEXT("explain",
              "What replaces softmax: no product is negative, and each is divided by their sum. So what was subtracted cancels.")},
    {"decay", formula, "!learnsDecay", "\u03BB_{ij} = \u03B3_{h}^{i \u2212 j},  \u03B3_{h} = 1 \u2212 2^{\u22125 \u2212 h} = $decayFactor"},
    {"decay", formula, "learnsDecay",
     "\u03BB_{ij} = \u03B1_{j+1} \u00B7 \u2026 \u00B7 \u03B1_{i},  \u03B1_{t} = logistic(\u03B4_{t})^{1/16},  \u03B4_{t} = W_{\u03B1} "
     "x_{t}$bDecay"},
    {"decay", text, "!learnsDecay",
     LAB_TEXT("explain",
              "No softmax here: what a key gives fades. With every place between it and the query its weight is multiplied by "
              "\u03B3_{h}, which is fixed: head 0 forgets fastest, each head after it more slowly.")},
    {"decay", text, "learnsDecay",
     LAB_TEXT("explain",
              "No softmax here: what a key gives fades. Each token t behind it, the query\u2019s own the last, keeps a share \u03B1_{t} of "
              "all that stood before it; the head reads this share off the token\u2019s row. So a token can make the head forget.")},
    {"decay", note, "learnsDecay",
     LAB_TEXT("explain", "The root of degree 16 keeps \u03B1 near 1, so that a head can remember over many tokens.")},
    {"weights", formula, "softmax", "a_{ij} = e_{ij} / \u03A3_{j} e_{ij}"},
    {"weights", formula, "sinks", "a_{ij} = e_{ij} / (e_{\u03C8} + \u03A3_{j} e_{ij}),  a_{\u03C8} = 1 \u2212 \u03A3_{j} a_{ij}"},
    {"weights", formula, "features", "a_{ij} = s_{ij} / \u03A3_{j} s_{ij}"},
    {"weights", formula, "scores !shares", "a_{ij} = q_{i} \u00B7 k_{j}"},
    {"weights", formula, "product", "a_{$i,j} = $phiq \u00B7 $phik"},
    {"weights", formula, "fades", "a_{ij} = \u03BB_{ij} s_{ij}"},
    {"weights", formula, "even", LAB_TEXT("explain", "%1 = 1 / the number of keys that query %2 may see"), "a_{$i,j}|$i"},
    {"weights", formula, "weightsSet", asSetByHand, "a_{ij}"},
    {"weights", formula, "!scores", LAB_TEXT("explain", "%1 as given"), "a_{j}"},
    {"weights", text, "shares", sharesOfOneWhole},
    {"weights", text, "shares sinks !even",
     LAB_TEXT("explain",
              "Shares of one whole, none negative. The row adds up to less than 1: %1 of it goes to the sink, which has no value to give."),
     "$sunk"},
    {"weights", text, "shares blind", LAB_TEXT("explain", "This query sees no key: all its weights are 0, and it takes nothing away.")},
    {"weights", text, "weightsSet", weightsByHand},
    {"weights", note, "ties", LAB_TEXT("explain", "A tie for the largest weight of this row: %1."), "$ties"},
    {"weights", text, "scores !shares",
     LAB_TEXT("explain", "No softmax here: the scores themselves are the weights. They are no shares and need not add up to 1.")},
    {"weights", text, "product !weightsSet !even",
     LAB_TEXT("explain",
              "No softmax here: the products themselves are the weights, neither exponentiated nor divided by anything. They are of any "
              "size, may be negative, and need not add up to 1.")},
    {"weights", text, "fades",
     LAB_TEXT("explain",
              "A weight is the score times what is left of the key. Weights are of any size, may be negative, and need not add up to 1.")},
    {"weights", text, "signed even", sharesOfOneWhole},
    {"weights", text, "signed blind", LAB_TEXT("explain", "This query sees no key: all its weights are 0, and it takes nothing away.")},
    {"weights", text, "signed weightsSet", weightsByHand},
    {"weights", note, "product !blind",
     LAB_TEXT("explain",
              "So what a query takes away is linear in its own vector and in each key\u2019s: twice the query, twice what it takes.")},
    {"weights", text, "!scores",
     LAB_TEXT("explain", "These weights are given. A softmax would make shares of one whole: none negative, together 1.")},
    {"weights", note, "kv !map !scoresSet !weightsSet !even !signed !drawn !unit",
     LAB_TEXT("explain",
              "Keys serve as queries: the products were symmetric, the weights are not. Below stands what the others give to token %1: "
              "each of them "
              "divides by a sum of its own."),
     "$i"},
    {"weights", note, "kv drawn !scoresSet !weightsSet !even",
     LAB_TEXT("explain", "Keys serve as queries. Below stands what the others give to token %1: each of them divides by a sum of its own."),
     "$i"},
    {"weights", note, "drawn",
     LAB_TEXT("explain",
              "Beside them stands what the softmax of q \u00B7 k / \u221A"
              "d_{h} would give, which the features stand for, and how far this row is from it: half the sum of the differences.")},
    {"weights", note, "map !scoresSet !weightsSet !even !unit",
     LAB_TEXT("explain",
              "KV+Pos: the products were symmetric, the weights are not. Below stands what the others give to token %1: g(%1) counts "
              "there, not their own g, and each of them divides by a sum of its own."),
     "$i"},
    {"weights", note, "kv causal !unit", LAB_TEXT("explain", "The queries before token %1 may not look at it: they give it nothing."),
     "$i"},
    {"mix", note, "weightsSet", weightsByHand},
    {"dot", note, "scoresSet !sinks", scoresByHand},
    {"scale", note, "scoresSet !sinks", scoresByHand},
    {"dot", note, "scoresSet sinks", scoresByHandWithSink},
    {"scale", note, "scoresSet sinks", scoresByHandWithSink},
    {"mix", formula, "", "${oSum}_{$i} = \u03A3_{j} a_{$i,j} v_{j}"},
    {"mix", text, "", LAB_TEXT("explain", "Each key\u2019s value, turned up or down by its weight; the sum is what query %1 takes away."),
     "$i"},
    {"mix", text, "signed",
     LAB_TEXT("explain",
              "Each key\u2019s value times its weight, which turns it round where it is negative; the sum is what query %1 takes away."),
     "$i"},
    {"head_norm", formula, "", LAB_TEXT("explain", "%1 = %2 / rms,  rms = \u221A(mean of %3 + \u03B5)"), "o_{$i}|o\u0303_{$i}|o\u0303^{2}"},
    {"head_norm", text, "",
     LAB_TEXT("explain",
              "These weights add up to no fixed number, so what a head has summed may be of any size. Dividing it by its root mean square "
              "keeps its direction only; this norm has no gain to be trained.")},
    {"heads", formula, "single", LAB_TEXT("explain", "o = o^{0},  %1 numbers"), "$D"},
    {"heads", formula, "!single", LAB_TEXT("explain", "o = [o^{0}, \u2026, o^{%1}],  %2 \u00B7 %3 numbers"), "$lastHead|$H|$D"},
    {"heads", formula, "pair", LAB_TEXT("explain", "o = [o^{0}, o^{1}],  2 \u00B7 %1 numbers"), "$D"},
    {"heads", text, "keyvalue",
     LAB_TEXT("explain", "Every head did the same with q and k of its own. Their outputs stand side by side; nothing is added yet.")},
    {"heads", text, "!kv !keyvalue",
     LAB_TEXT("explain", "Every head did the same with q, k and v of its own. Their outputs stand side by side; nothing is added yet.")},
    {"heads", text, "kv",
     LAB_TEXT("explain", "Every head did the same with k and v of its own. Their outputs stand side by side; nothing is added yet.")},
    {"heads", text, "kv keyvalue",
     LAB_TEXT("explain", "Every head did the same with k of its own. Their outputs stand side by side; nothing is added yet.")},
    {"heads", text, "grouped",
     LAB_TEXT("explain",
              "Every head did the same with q of its own and the k and v of its group. Their outputs stand side by side; nothing is added "
              "yet.")},
    {"heads", text, "single", LAB_TEXT("explain", "With one head, its output goes on as it is.")},
    {"gate", formula, "", "o\u2032 = G o,  G = logistic(\u0393),  \u0393 = W_{G} x_{$i}$bG"},
    {"gate", text, "",
     LAB_TEXT("explain",
              "Every number of the heads\u2019 outputs is multiplied by one between 0 and 1, which a matrix reads off the row that the "
              "attention read: so a head can be turned down, number by number.")},
    {"output", formula, "", "y_{$i} = W_{O} o$bO"},
    {"output", formula, "opens", "y_{$i} = W_{O} o\u2032$bO"},
    {"output", text, "single",
     LAB_TEXT("explain", "One more matrix: it turns what the head took away into something that can be added to the row.")},
    {"output", text, "!single", LAB_TEXT("explain", "Here the outputs of the heads meet: each of the %1 results draws on all of them."),
     "$d"},
    {"residual", formula, "post", "z = x + $what($reads)"},
    {"residual", formula, "bare", "x\u2032 = x + $what($reads)"},
    {"residual", formula, "pre", "z\u2032 = z + $what($reads),  x = norm(z)"},
    {"residual", text, "",
     LAB_TEXT(
         "explain",
         "The %1 does not replace the row, it adds to it. This row, added to by every part of every layer, is called the residual stream."),
     "$what"},
    {"residual", note, "bare", LAB_TEXT("explain", "This model has no norms: the stream goes on as it was summed.")},
    {"residual", note, "!feeds",
     LAB_TEXT("explain", "Its blocks have no feed-forward layer: the attention is all that adds to the stream.")},
    {"norm", formula, "", "$normed = \u03B3 (z \u2212 \u03BC) / \u03C3"},
    {"norm", formula, "shift", "$normed = \u03B3 (z \u2212 \u03BC) / \u03C3 + \u03B2"},
    {"norm", formula, "rms", "$normed = \u03B3 z / rms(z)"},
    {"norm", text, "",
     LAB_TEXT("explain",
              "The row is shifted by its mean \u03BC and divided by its spread \u03C3 (standard deviation), then each dim gets its own "
              "trained \u03B3.")},
    {"norm", text, "shift",
     LAB_TEXT("explain",
              "The row is shifted by its mean \u03BC and divided by its spread \u03C3 (standard deviation), then each dim gets its own "
              "trained \u03B3 and \u03B2.")},
    {"norm", text, "rms", LAB_TEXT("explain", "The row is divided by its root mean square, then each dim gets its own trained \u03B3.")},
    {"norm", note, "pre",
     LAB_TEXT("explain", "Pre-norm: the stream itself, the z\u2032 just summed, is not normed, only what the next part reads.")},
    {"norm", note, "post", LAB_TEXT("explain", "Post-norm, as in the original: the stream goes on normed.")},
    {"ffn_up", formula, "!gated", "u = W_{up} x$bUp"},
    {"ffn_up", formula, "gated", "u_{g} = W_{gate} x$bUp,  u = W_{up} x$bUp"},
    {"ffn_up", text, "!gated", LAB_TEXT("explain", "Now every position by itself: %1 numbers become %2. x is the row that the norm left."),
     "$d|$dff"},
    {"ffn_up", text, "gated",
     LAB_TEXT("explain",
              "Now every position by itself: %1 numbers become %2, twice: one half gates the other. x is the row that the norm left."),
     "$d|$dff"},
    {"ffn_up", text, "!gated bare",
     LAB_TEXT("explain", "Now every position by itself: %1 numbers become %2. x is the row that the sum left, its x\u2032."), "$d|$dff"},
    {"ffn_up", text, "gated bare",
     LAB_TEXT("explain",
              "Now every position by itself: %1 numbers become %2, twice: one half gates the other. x is the row that the sum left, its "
              "x\u2032."),
     "$d|$dff"},
    {"ffn_up", note, "post !bare", LAB_TEXT("explain", "The norm\u2019s x\u2032 is the x of what comes next.")},
    {"router", formula, "", "s_{E} = W_{E} x,  p_{E} = exp(s_{E} \u2212 max) / \u03A3 exp(s_{E} \u2212 max)"},
    {"router", text, "",
     LAB_TEXT(
         "explain",
         "In place of one feed-forward layer there are %1, the experts. A router reads the row, gives each expert a score by a matrix, "
         "and a softmax makes probabilities of the scores. x is the row that the experts read, too."),
     "$expertCount"},
    {"choice", formula, "several", LAB_TEXT("explain", "%1,  of the chosen experts alone"), "g_{E} = p_{E} / \u03A3 p_{E}"},
    {"choice", formula, "!several", LAB_TEXT("explain", "%1,  of the chosen expert alone"), "g_{E} = p_{E}"},
    {"choice", text, "several",
     LAB_TEXT("explain",
              "The row goes through the %1 experts with the largest p_{E} (of equal ones the first) and through no other. Its gates are "
              "their p_{E} divided by the sum of these. This row\u2019s experts, with their gates: %2."),
     "$chosenCount|$chosenExperts"},
    {"choice", text, "!several",
     LAB_TEXT("explain",
              "The row goes through the one expert with the largest p_{E} (of equal ones the first) and through no other. Its gate is that "
              "p_{E} itself. This row\u2019s expert, with its gate: %1."),
     "$chosenExperts"},
    {"choice", note, "balanced",
     LAB_TEXT(
         "explain",
         "Training pays for choices that are not balanced, too: %1 of each sequence, summed over the %2 experts, where %3 is the share "
         "of the sequence\u2019s choices that are the expert, %4 the mean of its p_{E} over the sequence\u2019s rows, and %5 = %6 the "
         "weight of the balance. L, and the losses on the page Train, are without it."),
     "\u03B1 n_{E} f_{E} P_{E}|$expertCount|f_{E}|P_{E}|\u03B1|$balance"},
    {"ffn_up", text, "!gated experts",
     LAB_TEXT("explain",
              "An expert that the row goes through: %1 numbers become %2, with matrices of the expert\u2019s own. Rows that did not choose "
              "it do not pass here. x is the row that the router read."),
     "$d|$dff"},
    {"ffn_up", text, "gated experts",
     LAB_TEXT(
         "explain",
         "An expert that the row goes through: %1 numbers become %2, twice, with matrices of the expert\u2019s own: one half gates the "
         "other. Rows that did not choose it do not pass here. x is the row that the router read."),
     "$d|$dff"},
    {"ffn_bend", formula, "relu", "f = max(0, u)"},
    {"ffn_bend", formula, "gelu", "f = u \u00B7 \u03A6(u)"},
    {"ffn_bend", formula, "tanh", "f = \u00BD u (1 + tanh(\u221A(2/\u03C0) (u + 0.044715 u^{3})))"},
    {"ffn_bend", formula, "gated", "f = silu(u_{g}) \u00B7 u,  silu(x) = x / (1 + exp(\u2212x))"},
    {"ffn_bend", text, "relu",
     LAB_TEXT("explain", "What is negative becomes 0. Without such a bend two matrices in a row could do no more than one.")},
    {"ffn_bend", text, "gelu", LAB_TEXT("explain", "A smooth bend: u times the chance that a normal number is below u.")},
    {"ffn_bend", text, "tanh", LAB_TEXT("explain", "A smooth bend, in the tanh approximation that GPT-2 uses.")},
    {"ffn_bend", text, "gated", LAB_TEXT("explain", "The gate decides how much of u passes.")},
    {"ffn_down", formula, "", "y = W_{down} f$bDown"},
    {"ffn_down", text, "", LAB_TEXT("explain", "Back to %1 numbers, ready to be added to the stream."), "$d"},
    {"ffn_down", text, "experts", LAB_TEXT("explain", "Back to %1 numbers: what this expert gives."), "$d"},
    {"experts", formula, "", "y = $sumOfExperts"},
    {"experts", text, "",
     LAB_TEXT("explain",
              "What the row\u2019s experts made of it, each times its gate, added up. The other experts take no part in this row.")},
    {"later", formula, "post", "x \u2190 layer(x)"},
    {"later", formula, "pre", "z \u2190 layer(z)"},
    {"later", text, "answers", LAB_TEXT("explain", "No layer follows: this row goes on to the output head.")},
    {"later", text, "!answers", LAB_TEXT("explain", "No layer follows: this row goes on to the decoder.")},
    {"later", text, "!answers coded", LAB_TEXT("explain", "No layer follows: this row goes on to the slots of the bottleneck.")},
    {"later", text, "pre", LAB_TEXT("explain", "No layer follows: this row goes on to the final norm.")},
    {"later", text, "!last", LAB_TEXT("explain", "The layers that follow do the same with their own weights. Each has a walk of its own.")},
    {"later", note, "lends !last",
     LAB_TEXT("explain", "Up to layer %1 they read this layer\u2019s keys and values instead of making their own."), "$lastReader"},
    {"later", text, "!last sameWeights",
     LAB_TEXT("explain", "The steps that follow do the same with the same weights. Each has a walk of its own.")},
    {"later", text, "halts",
     LAB_TEXT(
         "explain",
         "What each step from this one on leaves of the row. All steps use the same weights; a row that has halted is left as it came. "
         "Behind the last step stands the mean of all states.")},
    {"later", note, "halts",
     LAB_TEXT("explain",
              "This row halted after %1 of at most %2 steps. What later steps compute of it is thrown away, but other rows still read the "
              "keys and values that they make of it."),
     "$stepsTaken|$stepsAtMost"},
    {"input", note, "halted",
     LAB_TEXT("explain",
              "This row had halted before this step, after %1 steps: the step leaves it as it came, and what is computed here of its query "
              "goes nowhere. Its key and value are read by other rows."),
     "$stepsTaken"},
    {"later", note, "!answers post !coded !halts", encoderEnds, "$answer"},
    {"later", note, "!answers post coded !halts", encoderEndsInSlots, "$answer"},
    {"halting", formula, "", "s_{H} = W_{H} x$bHalt,  h_{H} = 1 / (1 + exp(\u2212s_{H}))"},
    {"halting", formula, "pre", "s_{H} = W_{H} z$bHalt,  h_{H} = 1 / (1 + exp(\u2212s_{H}))"},
    {"halting", text, "",
     LAB_TEXT(
         "explain",
         "Behind each step a unit reads the row and gives a number between 0 and 1. The row halts at the first step at which the sum of "
         "these reaches %1, at the latest at step number %2; here after %3. Each step\u2019s share p_{H} of the mean is its h_{H}, that of "
         "the step at which it halts what is left of 1, the rest R_{H}; steps are counted from 0."),
     "$haltAt|$stepsAtMost|$stepsTaken"},
    {"halting", note, "",
     LAB_TEXT(
         "explain",
         "Training pays for steps, too: %1 (N_{H} + R_{H}), N_{H} the number of steps, the mean over the rows (model.depth.ponder). L, and "
         "the losses on the page Train, are without it."),
     "$ponder"},
    {"mean", formula, "post", "x = \u03A3_{t} p_{H t} x^{(t)}"},
    {"mean", formula, "pre", "z = \u03A3_{t} p_{H t} z^{(t)}"},
    {"mean", text, "",
     LAB_TEXT("explain", "What goes on is no state alone but their mean: each state of the row times its share, which add up to 1.")},
    {"mean", note, "!answers post !coded", encoderEnds, "$answer"},
    {"mean", note, "!answers post coded", encoderEndsInSlots, "$answer"},
    {"final_norm", formula, "", "x\u2032 = \u03B3 (z \u2212 \u03BC) / \u03C3"},
    {"final_norm", formula, "shift", "x\u2032 = \u03B3 (z \u2212 \u03BC) / \u03C3 + \u03B2"},
    {"final_norm", formula, "rms", "x\u2032 = \u03B3 z / rms(z)"},
    {"final_norm", text, "answers",
     LAB_TEXT("explain", "Pre-norm models norm the stream once more behind the last layer: this is what the output head reads.")},
    {"final_norm", text, "!answers",
     LAB_TEXT("explain", "Pre-norm models norm the stream once more behind the last layer: this is what the decoder reads.")},
    {"final_norm", text, "!answers coded",
     LAB_TEXT("explain",
              "Pre-norm models norm the stream once more behind the last layer: this is what the slots of the bottleneck read.")},
    {"final_norm", note, "!answers !coded", encoderEnds, "$answer"},
    {"final_norm", note, "!answers coded", encoderEndsInSlots, "$answer"},
    {"hidden", formula, "", "h = max(0, LayerNorm(W x$bHidden))"},
    {"hidden", text, "",
     LAB_TEXT("explain", "One more matrix, norm and bend before the classes: z = %1, x\u2032 = LayerNorm(z), h = max(0, x\u2032)."),
     "$hiddenSum"},
    {"logits", formula, "!tied", "l = W_{U} h$bU"},
    {"logits", formula, "tied", "l = E h"},
    {"logits", text, "!mlp post",
     LAB_TEXT("explain", "One number per class: how strongly this row speaks for it. h is the row that the last layer left.")},
    {"logits", text, "!mlp pre",
     LAB_TEXT("explain",
              "One number per class: how strongly this row speaks for it. h is the row that the final norm left (its x\u2032).")},
    {"logits", text, "mlp", LAB_TEXT("explain", "One number per class: how strongly this row speaks for it.")},
    {"logits", formula, "numbers", "$l = W_{U} h$bU"},
    {"logits", text, "numbers !mlp",
     LAB_TEXT("explain",
              "The answer itself: a number for each output, of any size. Nothing is done to it any more, and there is no softmax. h is the "
              "row that the last layer left.")},
    {"logits", text, "numbers !mlp pre",
     LAB_TEXT("explain",
              "The answer itself: a number for each output, of any size. Nothing is done to it any more, and there is no softmax. h is the "
              "row that the final norm left (its x\u2032).")},
    {"logits", text, "numbers mlp",
     LAB_TEXT("explain",
              "The answer itself: a number for each output, of any size. Nothing is done to it any more, and there is no softmax.")},
    {"logits", text, "!mlp post halts !numbers",
     LAB_TEXT("explain", "One number per class: how strongly this row speaks for it. h is the mean of the row\u2019s states.")},
    {"logits", text, "numbers !mlp post halts",
     LAB_TEXT("explain",
              "The answer itself: a number for each output, of any size. Nothing is done to it any more, and there is no softmax. h is the "
              "mean of the row\u2019s states.")},
    {"logits", note, "asksOne",
     LAB_TEXT("explain",
              "This model is asked at position %1 alone. At others it computes the same, but nothing there is trained or counted."),
     "$asked"},
    {"logits", note, "tied", LAB_TEXT("explain", "Tied: the token table itself is the matrix.")},
    {"probabilities", formula, "", "p_{r} = exp(l_{r} \u2212 max) / \u03A3_{r} exp(l_{r} \u2212 max)"},
    {"probabilities", text, "",
     LAB_TEXT("explain", "The same softmax as in the attention, now over the classes. The largest is the model's answer.")},
    {"probabilities", text, "sinks",
     LAB_TEXT("explain",
              "A softmax as in the attention, but without a sink, now over the classes. The largest is the model\u2019s answer.")},
    {"probabilities", text, "factor",
     LAB_TEXT("explain",
              "A softmax over the classes, though this attention had none: exponentials of the logits, divided by their sum. The largest "
              "is the model's answer.")},
    {"loss", formula, "", LAB_TEXT("explain", "L = (1/N) \u03A3_{i} \u2212ln p_{i}(target)")},
    {"loss", text, "",
     LAB_TEXT("explain",
              "How surprised the model is by what is right, averaged over the N = %1 positions that count: 0 when it is certain and right, "
              "ln %2 = %3 when it finds all classes equally likely."),
     "$N|$classes|$lnClasses"},
    {"loss", note, "smoothed",
     LAB_TEXT("explain",
              "Training pays for certainty, too: label smoothing adds %1 D, D the target\u2019s logit less the mean of all, %1 = %2 "
              "(training.label_smoothing). With it the target is 1 \u2212 %1 + %1 / K at the right class and %1 / K at the others of K. L, "
              "and the losses on the page Train, are without it."),
     "\u03B5_{s}|$smoothing"},
    {"loss", note, "zloss",
     LAB_TEXT(
         "explain",
         "Training pays for logits that drift, too: the z-loss adds %1 (ln Z)\u00B2, Z the sum of the exponentials of a position\u2019s "
         "logits, %1 = %2 (training.z_loss). L, and the losses on the page Train, are without it."),
     "\u03B6_{z}|$zloss"},
    {"loss", formula, "numbers", LAB_TEXT("explain", "L = (1/N) \u03A3_{i} mean_{r} \u00BD (\u0177_{i,r} \u2212 t_{i,r})\u00B2")},
    {"loss", text, "numbers",
     LAB_TEXT("explain",
              "Half the square of what the answer misses, averaged over its outputs and over the N = %1 positions that count: 0 when it is "
              "exactly right. The answer 0 would cost %2 here."),
     "$N|$zeroLoss"},
};

}  // namespace

std::span<const WordRow> forwardWords() {
    return wordsForwardTable;
}

}  // namespace lab::explain
