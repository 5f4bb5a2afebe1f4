// What the stages of the way back through later layers, and to the rows, say.

#include "core/explain/tables.h"

namespace lab::explain {
namespace {

using enum Field;

constexpr SourceText memoryStays =
    LAB_TEXT("explain", "Queries of later segments read this row as memory, which stands as it was: from them nothing comes back to it.");

constexpr WordRow wordsLaterTable[] = {
    {"d_later_ffn", formula, "!gated post",
     LAB_TEXT("explain",
              "\u2202"
              "f = W_{down}^{T} \u2202y,  \u2202u = \u2202"
              "f \u00B7 f\u2032(u),  \u2202x = straight on + W_{up}^{T} \u2202u")},
    {"d_later_ffn", formula, "gated post",
     LAB_TEXT("explain",
              "\u2202"
              "f = W_{down}^{T} \u2202y,  \u2202u = \u2202"
              "f silu(u_{g}),  \u2202x = straight on + W_{up}^{T} \u2202u + W_{gate}^{T} \u2202u_{g}")},
    {"d_later_ffn", formula, "!gated pre",
     LAB_TEXT("explain",
              "\u2202"
              "f = W_{down}^{T} \u2202y,  \u2202u = \u2202"
              "f \u00B7 f\u2032(u),  \u2202z = straight on + norm backward of W_{up}^{T} "
              "\u2202u")},
    {"d_later_ffn", formula, "gated pre",
     LAB_TEXT("explain",
              "\u2202"
              "f = W_{down}^{T} \u2202y,  \u2202u = \u2202"
              "f silu(u_{g}),  \u2202z = straight on + norm backward of (W_{up}^{T} \u2202u + "
              "W_{gate}^{T} \u2202u_{g})")},
    {"d_later_ffn", text, "",
     LAB_TEXT("explain",
              "This row went on through layer %1, so its gradient comes back through it: norm, matrices and bend by the same rules. What "
              "the weights get is in that layer\u2019s own walk."),
     "$layer"},
    {"d_later_ffn", text, "bare",
     LAB_TEXT("explain",
              "This row went on through layer %1, so its gradient comes back through it: matrices and bend by the same rules. What the "
              "weights get is in that layer\u2019s own walk."),
     "$layer"},
    {"d_later_ffn", text, "sameWeights",
     LAB_TEXT("explain",
              "This row went on through step %1, so its gradient comes back through it: norm, matrices and bend by the same rules. What "
              "this step adds to the weights\u2019 gradient is in its own walk."),
     "$layer"},
    {"d_later_ffn", text, "sameWeights bare",
     LAB_TEXT(
         "explain",
         "This row went on through step %1, so its gradient comes back through it: matrices and bend by the same rules. What this step "
         "adds to the weights\u2019 gradient is in its own walk."),
     "$layer"},
    {"d_later_ffn", note, "parallel",
     LAB_TEXT("explain",
              "Parallel: this is of the layer\u2019s input; what comes back through its attention joins in the sum that follows.")},
    {"d_later_experts", formula, "", "\u2202y^{e} = g_{E e} \u2202y,  \u2202g_{E e} = y^{e} \u00B7 \u2202y"},
    {"d_later_experts", text, "",
     LAB_TEXT(
         "explain",
         "This row went on through layer %1 and there through experts of its own: each gets the gradient times its gate, each gate what "
         "its expert made against the gradient."),
     "$layer"},
    {"d_later_expert", formula, "!gated",
     LAB_TEXT("explain",
              "\u2202"
              "f = W_{down}^{T} \u2202y,  \u2202u = \u2202"
              "f \u00B7 f\u2032(u),  via the expert = W_{up}^{T} \u2202u")},
    {"d_later_expert", formula, "gated",
     LAB_TEXT("explain",
              "\u2202"
              "f = W_{down}^{T} \u2202y,  \u2202u = \u2202"
              "f silu(u_{g}),  via the expert = W_{up}^{T} \u2202u + W_{gate}^{T} \u2202u_{g}")},
    {"d_later_expert", text, "",
     LAB_TEXT("explain", "Through one of them by the same rules. What its weights get is in that layer\u2019s own walk.")},
    {"d_later_ffn", formula, "experts pre",
     LAB_TEXT(
         "explain",
         "\u2202s_{E} = p_{E} (\u2202p_{E} \u2212 \u03A3 p_{E} \u2202p_{E}),  \u2202z = straight on + norm backward of (via the experts "
         "+ W_{E}^{T} \u2202s_{E})")},
    {"d_later_ffn", formula, "experts post",
     LAB_TEXT("explain",
              "\u2202s_{E} = p_{E} (\u2202p_{E} \u2212 \u03A3 p_{E} \u2202p_{E}),  \u2202x = straight on + via the experts + W_{E}^{T} "
              "\u2202s_{E}")},
    {"d_later_ffn", text, "experts",
     LAB_TEXT("explain",
              "From the gates back to the router by the same rules as in the layer in hand; then all ways of the row add up. What the "
              "router\u2019s weights get is in that layer\u2019s own walk.")},
    {"d_query_back", formula, "product",
     "$viaGate,  \u2202a_{j} = \u2202o \u00B7 v_{j},  \u2202s = \u2202a,  \u2202$q = \u03A3_{j} \u2202s_{j} ${k}_{j}"},
    {"d_query_back", formula, "softmax",
     "$viaGate,  \u2202a_{j} = \u2202o \u00B7 v_{j},  \u2202$s = a (\u2202a \u2212 \u03A3 a \u2202a),  $throughCap\u2202$q = "
     "($scale) \u03A3_{j} \u2202${uncapped}_{j} ${k}_{j}"},
    {"d_query_back", formula, "relates",
     "$viaGate,  \u2202a_{j} = \u2202o \u00B7 v_{j},  \u2202$s = a (\u2202a \u2212 \u03A3 a \u2202a),  $throughCap\u2202$q = "
     "($scale) \u03A3_{j} \u2202${uncapped}_{j} (${k}_{j} + \u03B4_{i\u2212j})"},
    {"d_query_back", formula, "map relates",
     "$viaGate,  \u2202a_{j} = \u2202o \u00B7 v_{j},  \u2202$s = a (\u2202a \u2212 \u03A3 a \u2202a),  $throughCap\u2202$q = "
     "($scale) \u03A3_{j} \u2202${uncapped}_{j} ${k}_{j} + (1/\u221Ad_{h}) \u03A3_{j} \u2202${uncapped}_{j} \u03B4_{i\u2212j}"},
    {"d_query_back", formula, "linear",
     "$viaGate,  \u2202a_{j} = \u2202o \u00B7 v_{j},  \u2202s = (\u2202a \u2212 \u03A3 a \u2202a) / \u03A3_{j} s_{ij},  "
     "\u2202$q = "
     "\u03C6\u2032($q) \u03A3_{j} \u2202s_{j} \u03C6(${k}_{j})"},
    {"d_query_back", formula, "fades",
     "$viaGate,  $throughHeadNorm\u2202a_{j} = \u2202${oSum} \u00B7 v_{j},  \u2202s = \u03BB \u2202a,  \u2202$q = ($scale) \u03A3_{j} "
     "\u2202s_{j} ${k}_{j}"},
    {"d_query_back", formula, "drawn",
     "$viaGate,  \u2202a_{j} = \u2202o \u00B7 v_{j},  \u2202s = (\u2202a \u2212 \u03A3 a \u2202a) / \u03A3_{j} s_{ij},  \u2202\u03C6($q) = "
     "\u03A3_{j} "
     "\u2202(qk)_{j} \u03C6(${k}_{j}),  \u2202\u03C4_{q} = \u03C6($q) \u2202\u03C6($q),  \u2202q\u0302 = \u03A9^{T} \u2202\u03C4_{q} "
     "\u2212 q\u0302 \u03A3 "
     "\u2202\u03C4_{q},  \u2202$q = \u2202q\u0302 / \u2074\u221Ad_{h}"},
    {"d_query_back", text, "drawn",
     LAB_TEXT("explain",
              "Row %1 as a query of all heads: through W_{O} to each head, to its weights, through the division to the scores, to the "
              "query\u2019s features, to their exponents and to q."),
     "$i"},
    {"d_query_back", text, "fades",
     LAB_TEXT(
         "explain",
         "Row %1 as a query of all heads: through W_{O} and the norm of its sum to each head, to its weights, through the decay to the "
         "scores and to q."),
     "$i"},
    {"d_query_back", text, "product",
     LAB_TEXT("explain", "Row %1 as a query of all heads: through W_{O} to each head, to its weights, which are the products, and to q."),
     "$i"},
    {"d_query_back", text, "softmax",
     LAB_TEXT("explain",
              "Row %1 as a query of all heads: through W_{O} to each head, to its weights, through the softmax to the scores and to q."),
     "$i"},
    {"d_query_back", text, "linear",
     LAB_TEXT("explain",
              "Row %1 as a query of all heads: through W_{O} to each head, to its weights, through the division to the scores and to q."),
     "$i"},
    {"d_keys", formula, "product !shaped", LAB_TEXT("explain", "%1 via k = %2"),
     "\u2202${m}_{$j}|\u03A3_{i} ${WKey}^{T} \u2202s_{i,$j} q_{i}"},
    {"d_keys", formula, "product shaped", LAB_TEXT("explain", "%1 via k = %2"),
     "\u2202${m}_{$j}|\u03A3_{i} ${WKey}^{T} \u2202s_{i,$j} q\u0303_{i}"},
    {"d_keys", formula, "rooted !shaped", LAB_TEXT("explain", "%1 via k = %2"),
     "\u2202${m}_{$j}|\u03A3_{i} ${WKey}^{T} ($scale) \u2202${uncapped}_{i,$j} q_{i}"},
    {"d_keys", formula, "linear !shaped", LAB_TEXT("explain", "%1 via k = %2"),
     "\u2202${m}_{$j}|\u03A3_{i} ${WKey}^{T} \u03C6\u2032(k_{$j}) \u2202s_{i,$j} \u03C6(q_{i})"},
    {"d_keys", formula, "rooted shaped", LAB_TEXT("explain", "%1 via k = %2"),
     "\u2202${m}_{$j}|\u03A3_{i} ${WKey}^{T} ($scale) \u2202${uncapped}_{i,$j} q\u0303_{i}"},
    {"d_keys", formula, "linear shaped", LAB_TEXT("explain", "%1 via k = %2"),
     "\u2202${m}_{$j}|\u03A3_{i} ${WKey}^{T} \u2202s_{i,$j} q\u0303_{i}"},
    {"d_keys", formula, "relates !shaped", LAB_TEXT("explain", "%1 via k = %2"),
     "\u2202${m}_{$j}|\u03A3_{i} W_{K}^{T} ($scale) \u2202${uncapped}_{i,$j} (q_{i} + u_{h})"},
    {"d_keys", formula, "relates shaped", LAB_TEXT("explain", "%1 via k = %2"),
     "\u2202${m}_{$j}|\u03A3_{i} W_{K}^{T} ($scale) \u2202${uncapped}_{i,$j} (q\u0303_{i} + u\u0303)"},
    {"d_keys", formula, "map relates !shaped", LAB_TEXT("explain", "%1 via k = %2"),
     "\u2202${m}_{$j}|\u03A3_{i} W_{K}^{T} \u2202${uncapped}_{i,$j} (($scale) q_{i} + (1/\u221Ad_{h}) u_{h})"},
    {"d_keys", formula, "map relates shaped", LAB_TEXT("explain", "%1 via k = %2"),
     "\u2202${m}_{$j}|\u03A3_{i} W_{K}^{T} \u2202${uncapped}_{i,$j} (($scale) q\u0303_{i} + (1/\u221Ad_{h}) u\u0303)"},
    {"d_keys", note, "normed relates", LAB_TEXT("explain", "u\u0303 is u_{h} taken back through the same norm.")},
    {"d_keys", note, "keeps", memoryStays},
    {"d_keys", formula, "drawn", LAB_TEXT("explain", "%1 via k = %2"),
     "\u2202${m}_{$j}|\u03A3_{i} W_{K}^{T} \u2202(qk)_{i,$j} q\u0303_{i}"},
    {"d_keys", note, "rises", LAB_TEXT("explain", "%1 is what reaches the product of query i and key j."),
     "\u2202(qk)_{ij} = \u0394_{ij} \u2202s_{ij}"},
    {"d_keys", note, "drawn !shaped", "q\u0303_{i} = $sent"},
    {"d_keys", note, "rooted", LAB_TEXT("explain", "%1 is what reaches the product of query i and key j."),
     "\u2202(qk)_{ij} = ($scale) \u2202${uncapped}_{ij}"},
    {"d_keys", note, "!rooted !rises", LAB_TEXT("explain", "%1 is what reaches the product of query i and key j."),
     "\u2202(qk)_{ij} = \u2202s_{ij}"},
    {"d_keys", note, "unit !normed !rope",
     LAB_TEXT("explain", "q\u0303 is each query\u2019s %1 taken back through the division of this row\u2019s key by its length."), "$sent"},
    {"d_keys", note, "unit !normed rope",
     LAB_TEXT(
         "explain",
         "q\u0303 is each query\u2019s %2 taken back through the division of this row\u2019s key by its length and turned back by %1."),
     "$j|$sent"},
    {"d_keys", note, "unit normed !rope",
     LAB_TEXT("explain",
              "q\u0303 is each query\u2019s %1 taken back through the division of this row\u2019s key by its length and through its norm."),
     "$sent"},
    {"d_keys", note, "unit normed rope",
     LAB_TEXT("explain",
              "q\u0303 is each query\u2019s %2 taken back through the division of this row\u2019s key by its length, turned back by %1 and "
              "taken back through its norm."),
     "$j|$sent"},
    {"d_keys", note, "normed !rope !unit",
     LAB_TEXT("explain", "q\u0303 is each query\u2019s %1 taken back through the norm of this row\u2019s key."), "$sent"},
    {"d_keys", note, "normed rope !unit",
     LAB_TEXT("explain", "q\u0303 is each query\u2019s %2 turned back by %1 and taken back through the norm of this row\u2019s key."),
     "$j|$sent"},
    {"d_keys", note, "rope !normed !unit",
     LAB_TEXT("explain", "q\u0303 is each query\u2019s %2 turned back by %1, as RoPE had turned this row\u2019s key by %1."), "$j|$sent"},
    {"d_keys", note, "factored", LAB_TEXT("explain", "What is turned back is multiplied by \u03BA once more.")},
    {"d_keys", note, "!single", LAB_TEXT("explain", "One column a query, all its heads together.")},
    {"d_values", formula, "", LAB_TEXT("explain", "%1 via v = %2"), "\u2202${m}_{$j}|\u03A3_{i} $WV^{T} a_{i,$j} \u2202${oSum}_{i}"},
    {"d_values", note, "keeps", memoryStays},
    {"d_values", note, "!single", LAB_TEXT("explain", "One column a query, all its heads together.")},
    {"d_later_keys", text, "",
     LAB_TEXT("explain", "Every query i that scored this row sends back its own q, as much as its score should change.")},
    {"d_later_keys", text, "relates",
     LAB_TEXT("explain", "Every query i that scored this row sends back its own q and u_{h}, as much as its score should change.")},
    {"d_later_keys", text, "linear",
     LAB_TEXT("explain",
              "Every query i that scored this row sends back its own \u03C6(q) times the slope \u03C6\u2032 at this row\u2019s key, as "
              "much as its score should change.")},
    {"d_later_keys", text, "drawn",
     LAB_TEXT(
         "explain",
         "Every query i that scored this row sends back its features, through the features of this row\u2019s key, as much as its score "
         "should change.")},
    {"d_later_keys", note, "apart !global",
     LAB_TEXT("explain", "Global projections: the first %1 queries met another key of this row, which comes apart."), "$globals"},
    {"d_later_keys", note, "global", LAB_TEXT("explain", "Global projections: this is the key that the first %1 queries met."), "$globals"},
    {"d_later_values", note, "apart !global",
     LAB_TEXT("explain", "Global projections: the first %1 queries read another value of this row, which comes apart."), "$globals"},
    {"d_later_values", note, "global", LAB_TEXT("explain", "Global projections: this is the value that the first %1 queries read."),
     "$globals"},
    {"d_later_values", text, "",
     LAB_TEXT("explain", "Every query i that looked at this row sends back what its head\u2019s output got, turned down by the weight.")},
    {"d_later_sum", formula, "post", LAB_TEXT("explain", "\u2202x = straight on + via q + via k + via v")},
    {"d_later_sum", formula, "pre", LAB_TEXT("explain", "\u2202z = straight on + norm backward of (via q + via k + via v)")},
    {"d_later_sum", formula, "post opens", LAB_TEXT("explain", "\u2202x = straight on + via q + via k + via v + via the gate")},
    {"d_later_sum", formula, "pre opens",
     LAB_TEXT("explain", "\u2202z = straight on + norm backward of (via q + via k + via v + via the gate)")},
    {"d_later_sum", formula, "post learnsDecay", LAB_TEXT("explain", "\u2202x = straight on + via q + via k + via v + via \u03B1")},
    {"d_later_sum", formula, "pre learnsDecay",
     LAB_TEXT("explain", "\u2202z = straight on + norm backward of (via q + via k + via v + via \u03B1)")},
    {"d_later_sum", formula, "post opens learnsDecay",
     LAB_TEXT("explain", "\u2202x = straight on + via q + via k + via v + via the gate + via \u03B1")},
    {"d_later_sum", formula, "pre opens learnsDecay",
     LAB_TEXT("explain", "\u2202z = straight on + norm backward of (via q + via k + via v + via the gate + via \u03B1)")},
    {"d_later_sum", formula, "post bothKinds",
     LAB_TEXT("explain", "\u2202x = straight on + via q + via k + via v + via global k + via global v")},
    {"d_later_sum", formula, "pre bothKinds",
     LAB_TEXT("explain", "\u2202z = straight on + norm backward of (via q + via k + via v + via global k + via global v)")},
    {"d_later_sum", formula, "post opens bothKinds",
     LAB_TEXT("explain", "\u2202x = straight on + via q + via k + via v + via global k + via global v + via the gate")},
    {"d_later_sum", formula, "pre opens bothKinds",
     LAB_TEXT("explain", "\u2202z = straight on + norm backward of (via q + via k + via v + via global k + via global v + via the gate)")},
    {"d_later_sum", text, "",
     LAB_TEXT("explain",
              "The row was read as query, as key and as value, and went on as well. Backward, all of it adds up to the gradient at the end "
              "of layer %1."),
     "$layerBelow"},
    {"d_later_sum", text, "opens",
     LAB_TEXT(
         "explain",
         "The row was read as query, as key, as value and by the gate, and went on as well. Backward, all of it adds up to the gradient "
         "at the end of layer %1."),
     "$layerBelow"},
    {"d_later_sum", note, "learnsDecay",
     LAB_TEXT("explain", "\u03B1 is the share that this row\u2019s token keeps of all before it: the layer read that off the row, too.")},
    {"d_later_cross_sum", formula, "post", LAB_TEXT("explain", "\u2202x = straight on + via q")},
    {"d_later_cross_sum", formula, "pre", LAB_TEXT("explain", "\u2202z = straight on + norm backward of via q")},
    {"d_later_cross_sum", text, "",
     LAB_TEXT("explain", "Of this row the cross-attention made its queries only. Its keys and values are the encoder\u2019s.")},
    {"d_later_cross_sum", text, "coded",
     LAB_TEXT("explain", "Of this row the cross-attention made its queries only. Its keys and values are the slots\u2019.")},
    {"d_memory_keys", text, "",
     LAB_TEXT("explain",
              "Every position i of the decoder that scored this row sends back its own q, as much as its score should change. Click "
              "\u2202s to see how it came about.")},
    {"d_memory_keys", text, "slots",
     LAB_TEXT("explain",
              "Every position i of the decoder that scored this slot sends back its own q, as much as its score should change. Click "
              "\u2202s to see how it came about.")},
    {"d_read_keys", text, "",
     LAB_TEXT(
         "explain",
         "Every slot i that scored this row sends back its own q, as much as its score should change. Click \u2202s to see how it came "
         "about.")},
    {"d_read_values", text, "",
     LAB_TEXT("explain", "Every slot i that looked at this row sends back what its head\u2019s output got, turned down by the weight.")},
    {"d_memory_values", text, "",
     LAB_TEXT(
         "explain",
         "Every position i of the decoder that looked at this row sends back what its head\u2019s output got, turned down by the weight.")},
    {"d_memory_values", text, "slots",
     LAB_TEXT("explain",
              "Every position i of the decoder that looked at this slot sends back what its head\u2019s output got, turned down by the "
              "weight.")},
    {"d_memory", formula, "", LAB_TEXT("explain", "%1 = the sum over the layers of (via k + via v)"), "\u2202m_{$i}"},
    {"d_memory", text, "",
     LAB_TEXT("explain",
              "Each decoder layer\u2019s cross-attention made a key and a value of this row. What comes back through all of them, from "
              "every position of the decoder, adds up.")},
    {"d_memory", formula, "coded !reading", LAB_TEXT("explain", "%1 = via k + via v"), "\u2202x_{$i}"},
    {"d_memory", text, "coded !reading",
     LAB_TEXT(
         "explain",
         "The slots\u2019 reading made a key and a value of this row. What comes back through both, from every slot, adds up: all that "
         "the encoder learns of what the decoder answered has come through the slots.")},
    {"d_memory", text, "reading",
     LAB_TEXT("explain",
              "Each decoder layer\u2019s cross-attention made a key and a value of this slot\u2019s row m. What comes back through all of "
              "them, from every position of the decoder, adds up.")},
    {"d_slot_memory", formula, "", "\u2202\u03C7 = W_{m}^{T} \u2202m_{$i}"},
    {"d_slot_memory", text, "",
     LAB_TEXT("explain", "The chain rule once more, with the slot\u2019s own rows of W_{m}: to the numbers of its code.")},
    {"d_slot_code", formula, "!codeLosses levels", "\u2202\u03B6\u2032 = \u2202\u03C7,  \u2202\u03B6 = \u2202\u03B6\u2032 \u00B7 slope"},
    {"d_slot_code", formula, "!codeLosses signs",
     "\u2202\u03B6\u2032 = \u2202\u03C7,  \u2202\u03B6 = \u2202\u03B6\u2032 (1 \u2212 \u03B6\u2032\u00B2)"},
    {"d_slot_code", formula, "!codeLosses choice",
     "\u2202\u03B6\u2032 = \u2202\u03C7,  \u2202\u03B6 = \u03B6\u2032 (\u2202\u03B6\u2032 \u2212 \u03A3 \u03B6\u2032 \u2202\u03B6\u2032)"},
    {"d_slot_code", formula, "codeLosses levels",
     "\u2202\u03B6\u2032 = \u2202\u03C7 + cost,  \u2202\u03B6 = \u2202\u03B6\u2032 \u00B7 slope"},
    {"d_slot_code", formula, "codeLosses signs",
     "\u2202\u03B6\u2032 = \u2202\u03C7 + cost,  \u2202\u03B6 = \u2202\u03B6\u2032 (1 \u2212 \u03B6\u2032\u00B2)"},
    {"d_slot_code", formula, "codeLosses choice",
     "\u2202\u03B6\u2032 = \u2202\u03C7 + cost,  \u2202\u03B6 = \u03B6\u2032 (\u2202\u03B6\u2032 \u2212 \u03A3 \u03B6\u2032 "
     "\u2202\u03B6\u2032)"},
    {"d_slot_code", formula, "book", "\u2202\u03B6 = \u2202\u03B6\u2032 = \u2202\u03C7 + cost"},
    {"d_slot_code", text, "",
     LAB_TEXT("explain",
              "The choice of a code has no slope: a number that moves a little leaves the code as it is. So the gradient goes straight "
              "through, as if what was sent were the number itself (straight-through), and only the way up to it is derived.")},
    {"d_slot_code", note, "codeLosses",
     LAB_TEXT(
         "explain",
         "cost is what losses of the codes themselves add, beside the loss of the answers: of one sequence alone, while training works "
         "with many.")},
    {"d_slot_code", note, "book",
     LAB_TEXT("explain", "The table\u2019s row gets nothing of this: a loss of its own draws it to the numbers that chose it.")},
    {"d_slot_numbers", formula, "", "\u2202r_{$i} = W_{r}^{T} \u2202\u03B6"},
    {"d_slot_numbers", text, "", LAB_TEXT("explain", "Back through the slot\u2019s own rows of W_{r} to what it has read.")},
    {"d_slot_read", formula, "",
     "\u2202o = W_{O}^{T} \u2202r,  \u2202a_{j} = \u2202o \u00B7 v_{j},  \u2202s = a (\u2202a \u2212 \u03A3 a \u2202a),  \u2202q = "
     "(1/\u221A"
     "d_{h}) \u03A3_{j} \u2202s_{j} k_{j}"},
    {"d_slot_read", text, "",
     LAB_TEXT("explain",
              "Slot %1 as a query of all heads: through W_{O} to each head, to its weights, through the softmax to the scores and to q. "
              "Through keys and values the gradient goes to the encoder\u2019s rows; it is in the walks of the encoder."),
     "$i"},
};

}  // namespace

std::span<const WordRow> laterWords() {
    return wordsLaterTable;
}

}  // namespace lab::explain
