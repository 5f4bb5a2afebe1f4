// What the stages from the scores to the attention's output say.

#include "core/explain/tables.h"

namespace lab::explain {
namespace {

using enum Field;

constexpr SourceText weightsByHand =
    LAB_TEXT("explain", "These weights are set by hand: no softmax made them, and they need not add up to 1.");

constexpr SourceText scoresByHand =
    LAB_TEXT("explain",
             "A score is set by hand. The softmax is made anew from it, so the weights still add up to 1, and all that follows is computed "
             "from them.");

constexpr SourceText scoresByHandWithSink = LAB_TEXT(
    "explain", "A score is set by hand. The softmax is made anew from it, the sink included, and all that follows is computed from it.");

constexpr SourceText orderCounts =
    LAB_TEXT("explain",
             "Keys serve as queries: k_{i} \u00B7 k_{j} = k_{j} \u00B7 k_{i}, the products are symmetric. The scores that follow are not: "
             "what is added depends on which of the two comes first.");

constexpr SourceText sharesOfOneWhole = LAB_TEXT("explain", "Shares of one whole: none is negative and the row adds up to 1.");

constexpr WordRow wordsAttentionTable[] = {
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
    {"rise", formula, "", "s_{ij} = \u0394_{ij} $phii \u00B7 $phik,  \u0394_{ij} = exp(M_{k j} \u2212 M_{k i})"},
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
    {"position", text, "!adds skipped",
     LAB_TEXT("explain", "This layer is not told any positions: in this model one layer of %1 goes without."), "$skipEvery"},
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
     "\u03BB_{ij} = \u03B1_{j+1} \u00B7 \u2026 \u00B7 \u03B1_{i},  \u03B1_{t} = logistic(\u039B_{t})^{1/16},  \u039B_{t} = W_{\u03B1} "
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
};

}  // namespace

std::span<const WordRow> attentionWords() {
    return wordsAttentionTable;
}

}  // namespace lab::explain
