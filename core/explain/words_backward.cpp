// What the stages of the way back through one layer say.

#include "core/explain/tables.h"

namespace lab::explain {
namespace {

using enum Field;

constexpr SourceText normTakesOut = LAB_TEXT(
    "explain", "The norm undoes whatever would only make the vector longer or shorter, so that part of the gradient is taken out.");

constexpr SourceText topIsConstant =
    LAB_TEXT("explain", "The largest exponent M counts as a constant here: it cancels where the row is divided by its sum.");

constexpr SourceText everyStepAdds = LAB_TEXT(
    "explain",
    "One layer\u2019s weights serve every step. Each step adds a part, marked with the step\u2019s number in brackets, and what the "
    "weights get is the sum of all. How another step\u2019s part came about is in that step\u2019s own walk.");

constexpr WordRow wordsBackwardTable[] = {
    {"d_norm", note, "sameWeights", everyStepAdds},
    {"d_logits", formula, "", "\u2202l = (p \u2212 t) / N"},
    {"d_logits", text, "",
     LAB_TEXT("explain",
              "Now backward. \u2202l is short for \u2202L/\u2202l: how much the loss would grow for each unit that l grows. Here it is "
              "what the model said minus what was right: t is 1 at the target, 0 elsewhere; N positions share the loss.")},
    {"d_logits", text, "smoothed",
     LAB_TEXT("explain",
              "Now backward. \u2202l is how much what training pays would grow for each unit that l grows. Here it is what the model said "
              "minus what it shall say: with label smoothing t is 1 \u2212 %1 + %1 / K at the target and %1 / K elsewhere, %1 = %2; N "
              "positions share the loss."),
     "\u03B5_{s}|$smoothing"},
    {"d_logits", formula, "zloss", "\u2202l = (p \u2212 t + 2 \u03B6_{z} ln Z p) / N"},
    {"d_logits", text, "zloss !smoothed",
     LAB_TEXT("explain",
              "Now backward. \u2202l is how much what training pays would grow for each unit that l grows. Here it is what the model said "
              "minus what was right, t, 1 at the target, 0 elsewhere, and the slope of the z-loss %1 (ln Z)\u00B2, %1 = %2; N positions "
              "share the loss."),
     "\u03B6_{z}|$zloss"},
    {"d_logits", text, "zloss smoothed",
     LAB_TEXT("explain",
              "Now backward. \u2202l is how much what training pays would grow for each unit that l grows. Here it is what the model said "
              "minus what it shall say, t, with label smoothing 1 \u2212 %1 + %1 / K at the target and %1 / K elsewhere, %1 = %2, and the "
              "slope of the z-loss %3 (ln Z)\u00B2, %3 = %4; N positions share the loss."),
     "\u03B5_{s}|$smoothing|\u03B6_{z}|$zloss"},
    {"d_logits", formula, "numbers", "\u2202$l = ($l \u2212 t) $overN"},
    {"d_logits", text, "numbers",
     LAB_TEXT("explain",
              "Now backward. %1 is short for %2: how much the loss would grow for each unit that %3 grows. Half a square has the slope %4: "
              "what the model said minus what was right, shared among N positions and their outputs."),
     "\u2202$l|\u2202L/\u2202$l|$l|$l \u2212 t"},
    {"d_head", formula, "!tied", "\u2202h_{c} = \u03A3_{r} \u2202l_{r} W_{U r,c}"},
    {"d_head", formula, "tied", "\u2202h_{c} = \u03A3_{r} \u2202l_{r} E_{r,c}"},
    {"d_head", formula, "numbers", "\u2202h_{c} = \u03A3_{r} \u2202$l_{r} W_{U r,c}"},
    {"d_head", text, "numbers",
     LAB_TEXT(
         "explain",
         "The chain rule, the one idea of the way back: h_{c} moved every output r by its matrix entry, and each output moves the loss "
         "by %1. Multiply, and add up over all the ways."),
     "\u2202$l_{r}"},
    {"d_head", text, "!numbers",
     LAB_TEXT("explain",
              "The chain rule, the one idea of the way back: h_{c} moved every logit r by its matrix entry, and each logit moves the loss "
              "by \u2202l_{r}. Multiply, and add up over all the ways.")},
    {"d_hidden", formula, "",
     LAB_TEXT("explain", "\u2202x\u2032 = \u2202h where x\u2032 > 0,  LayerNorm backward,  \u2202x = W^{T} \u2202z")},
    {"d_hidden", text, "",
     LAB_TEXT("explain",
              "Relu let pass what was positive, so it lets pass back only there. LayerNorm and matrix follow; how a norm is passed is said "
              "where the block\u2019s own comes.")},
    {"d_hidden", formula, "gaps",
     LAB_TEXT("explain", "LayerNorm backward,  \u2202u_{W} = \u2202z \u00B7 f\u2032(u_{W}),  \u2202x = W^{T} \u2202u_{W}")},
    {"d_hidden", text, "gaps",
     LAB_TEXT("explain", "Norm, bend and matrix in the opposite order; how a norm is passed is said where the block\u2019s own comes.")},
    {"d_mean", formula, "post",
     "\u2202p_{H t} = \u2202x \u00B7 x^{(t)},  \u2202h_{H t} = \u2202p_{H t} \u2212 \u2202R_{H} \u2212 \u03C4 / T,  \u2202s_{H} = "
     "\u2202h_{H} h_{H} (1 \u2212 h_{H})"},
    {"d_mean", formula, "pre",
     "\u2202p_{H t} = \u2202z \u00B7 z^{(t)},  \u2202h_{H t} = \u2202p_{H t} \u2212 \u2202R_{H} \u2212 \u03C4 / T,  \u2202s_{H} = "
     "\u2202h_{H} h_{H} (1 \u2212 h_{H})"},
    {"d_mean", text, "",
     LAB_TEXT(
         "explain",
         "Before the row halts, a larger h_{H} takes from what is left for its last step: the gradient is what its own state gains less "
         "what the last state loses, \u2202R_{H}, and less %1, the cost of the rest, with %2 = %3 (model.depth.ponder) and T rows. When "
         "the "
         "row halts has no slope, so the number of steps gets nothing, and neither does h_{H} of the last step."),
     "\u03C4 / T|\u03C4|$ponder"},
    {"d_mean", note, "",
     LAB_TEXT("explain", "\u2202W_{H} is the sum over all steps and positions: what comes back to s_{H}, times the state that was read.")},
    {"d_state", formula, "post",
     LAB_TEXT("explain", "\u2202x = from the step behind + p_{H} times the mean\u2019s gradient + \u2202s_{H} W_{H}")},
    {"d_state", formula, "pre",
     LAB_TEXT("explain", "\u2202z = from the step behind + p_{H} times the mean\u2019s gradient + \u2202s_{H} W_{H}")},
    {"d_state", text, "",
     LAB_TEXT(
         "explain",
         "The state behind step %1 went into the mean, was read by the halting unit, and, unless the step is the last of all, into the "
         "step behind it: what comes back adds up. A row that had halted before that step comes straight through it."),
     "$t"},
    {"d_norm", note, "!rms",
     LAB_TEXT("explain", "\u2202\u03B3 and \u2202\u03B2 are sums over all positions: what came back, times \u1E91 for \u03B3.")},
    {"d_norm", note, "rms", LAB_TEXT("explain", "\u2202\u03B3 is a sum over all positions: what came back, times \u1E91.")},
    {"d_norm", note, "post", LAB_TEXT("explain", "Its x\u2032 is the x of what comes next.")},
    {"d_norm", note, "parallel",
     LAB_TEXT(
         "explain",
         "Parallel: this comes back to the block\u2019s input, where the ways through attention and straight on join it. Attention\u2019s "
         "output gets the gradient of the sum itself.")},
    {"norm_back", formula, "!rms",
     "\u2202\u1E91 = \u03B3 $given,  \u2202\u1E91\u22A5 = \u2202\u1E91 \u2212 mean(\u2202\u1E91) \u2212 \u1E91 mean(\u2202\u1E91 \u1E91),  "
     "$gives = \u2202\u1E91\u22A5 / \u03C3"},
    {"norm_back", formula, "rms",
     "\u2202\u1E91 = \u03B3 $given,  \u2202\u1E91\u22A5 = \u2202\u1E91 \u2212 \u1E91 mean(\u2202\u1E91 \u1E91),  $gives = "
     "\u2202\u1E91\u22A5 / rms"},
    {"norm_back", text, "!rms",
     LAB_TEXT(
         "explain",
         "\u1E91 is the normed row (z \u2212 \u03BC) / \u03C3. Shifting or stretching all of z changes nothing behind a LayerNorm, so the "
         "parts of \u2202\u1E91 that would only do that, along 1 and \u1E91, are taken out: \u2202\u1E91\u22A5 is left.")},
    {"norm_back", text, "rms",
     LAB_TEXT("explain",
              "\u1E91 is the normed row z / rms. Stretching all of z changes nothing behind an RMSNorm, so the part of \u2202\u1E91 that "
              "would only do "
              "that, along \u1E91, is taken away: \u2202\u1E91\u22A5 is left.")},
    {"d_ffn_down", formula, "", "\u2202f_{p} = \u03A3_{r} \u2202y_{r} W_{down r,p}"},
    {"d_ffn_down", text, "",
     LAB_TEXT("explain",
              "At a residual sum the gradient goes both ways unchanged. The way through the feed-forward begins with its last matrix.")},
    {"d_experts", formula, "", "\u2202y^{e} = g_{E e} \u2202y,  \u2202g_{E e} = y^{e} \u00B7 \u2202y"},
    {"d_experts", text, "",
     LAB_TEXT("explain",
              "At a residual sum the gradient goes both ways unchanged. The way through the experts begins at their sum: each of the "
              "row\u2019s experts gets the gradient times its gate, each gate what its expert made against the gradient. Experts that the "
              "row did not choose get nothing from it.")},
    {"d_ffn_down", text, "experts", LAB_TEXT("explain", "The chain rule through the expert\u2019s last matrix.")},
    {"d_ffn_down_matrix", formula, "", "\u2202W_{down r,p} = \u03A3_{i} \u2202y_{i,r} f_{i,p}"},
    {"d_ffn_down_matrix", formula, "sameWeights",
     "\u2202W_{down} = \u03A3_{t} \u2202W_{down}^{(t)},  \u2202W_{down r,p}^{($layer)} = \u03A3_{i} \u2202y_{i,r} f_{i,p}"},
    {"d_ffn_down_matrix", note, "sameWeights", everyStepAdds},
    {"d_ffn_down_matrix", text, "",
     LAB_TEXT("explain",
              "A weight moved each position\u2019s y_{r} by the f_{p} it met there: what it met times what comes back, added up over all "
              "positions.")},
    {"d_ffn_down_matrix", text, "experts",
     LAB_TEXT("explain",
              "A weight moved each position\u2019s y_{r} by the f_{p} it met there: what it met times what comes back, added up over the "
              "positions that went through this expert.")},
    {"d_ffn_bend", formula, "!gated", "\u2202u = \u2202f \u00B7 f\u2032(u)"},
    {"d_ffn_bend", formula, "gated", "\u2202u = \u2202f silu(u_{g}),  \u2202u_{g} = \u2202f u silu\u2032(u_{g})"},
    {"d_ffn_bend", text, "relu",
     LAB_TEXT("explain", "The slope of relu is 1 where u was above 0, else 0: a unit that was off learns nothing from this position.")},
    {"d_ffn_bend", text, "gelu",
     LAB_TEXT("explain", "Times the slope of the bend at u: near 1 for large u, near 0 for very negative u, smooth in between.")},
    {"d_ffn_bend", text, "tanh",
     LAB_TEXT("explain", "Times the slope of the bend at u: near 1 for large u, near 0 for very negative u, smooth in between.")},
    {"d_ffn_bend", text, "quick",
     LAB_TEXT("explain", "Times the slope of the bend at u: near 1 for large u, near 0 for very negative u, smooth in between.")},
    {"d_ffn_bend", text, "squared",
     LAB_TEXT("explain", "The slope is 2u where u was above 0, else 0: a unit that was off learns nothing from this position.")},
    {"d_ffn_bend", note, "quick", LAB_TEXT("explain", "%1, with logistic(x) = 1 / (1 + exp(\u2212x))."),
     "f\u2032(u) = logistic(1.702 u) (1 + 1.702 u (1 \u2212 logistic(1.702 u)))"},
    {"d_ffn_bend", text, "gated",
     LAB_TEXT("explain",
              "A product of two: each factor gets the gradient times the other factor; the gate\u2019s also times the slope of its bend.")},
    {"d_ffn_bend", note, "gelu",
     LAB_TEXT("explain",
              "f\u2032(u) = \u03A6(u) + u \u03A6\u2032(u), with \u03A6\u2032 the bell curve whose area to the left of u is \u03A6(u).")},
    {"d_ffn_bend", note, "tanh",
     "f\u2032(u) = \u00BD (1 + th) + \u00BD u (1 \u2212 th\u00B2) \u221A(2/\u03C0) (1 + 0.134145 u\u00B2), th = tanh(\u221A(2/\u03C0) (u + "
     "0.044715 u\u00B3))."},
    {"d_ffn_bend", note, "gated",
     LAB_TEXT("explain", "silu\u2032(x) = logistic(x) (1 + x (1 \u2212 logistic(x))), with logistic(x) = 1 / (1 + exp(\u2212x)).")},
    {"d_ffn_up", formula, "!gated pre", "\u2202x_{c} = \u03A3_{p} \u2202u_{p} W_{up p,c}"},
    {"d_ffn_up", formula, "!gated post", LAB_TEXT("explain", "\u2202x_{c} via u = \u03A3_{p} \u2202u_{p} W_{up p,c}")},
    {"d_ffn_up", formula, "gated pre", "\u2202x_{c} = \u03A3_{p} \u2202u_{g p} W_{gate p,c} + \u03A3_{p} \u2202u_{p} W_{up p,c}"},
    {"d_ffn_up", formula, "gated post",
     LAB_TEXT("explain", "\u2202x_{c} via u_{g} and u = \u03A3_{p} \u2202u_{g p} W_{gate p,c} + \u03A3_{p} \u2202u_{p} W_{up p,c}")},
    {"d_ffn_up", text, "!gated", LAB_TEXT("explain", "The same rule once more, to the row that the feed-forward read.")},
    {"d_ffn_up", text, "gated", LAB_TEXT("explain", "The row was read twice, so it gets back from both matrices.")},
    {"d_ffn_up_matrix", formula, "!gated", "\u2202W_{up p,c} = \u03A3_{i} \u2202u_{i,p} x_{i,c}"},
    {"d_ffn_up_matrix", formula, "gated",
     "\u2202W_{gate p,c} = \u03A3_{i} \u2202u_{g i,p} x_{i,c},  \u2202W_{up p,c} = \u03A3_{i} \u2202u_{i,p} x_{i,c}"},
    {"d_ffn_up_matrix", formula, "!gated sameWeights",
     "\u2202W_{up} = \u03A3_{t} \u2202W_{up}^{(t)},  \u2202W_{up p,c}^{($layer)} = \u03A3_{i} \u2202u_{i,p} x_{i,c}"},
    {"d_ffn_up_matrix", formula, "gated sameWeights",
     "\u2202W_{up} = \u03A3_{t} \u2202W_{up}^{(t)},  \u2202W_{up p,c}^{($layer)} = \u03A3_{i} \u2202u_{i,p} x_{i,c},  "
     "\u2202W_{gate p,c}^{($layer)} = \u03A3_{i} \u2202u_{g i,p} x_{i,c}"},
    {"d_ffn_up_matrix", note, "sameWeights", everyStepAdds},
    {"d_ffn_up_matrix", text, "",
     LAB_TEXT("explain", "As with W_{down}: what comes back to the output times what the input was, added up over all positions.")},
    {"d_ffn_up", formula, "!gated experts", LAB_TEXT("explain", "\u2202x_{c} via the expert = \u03A3_{p} \u2202u_{p} W_{up p,c}")},
    {"d_ffn_up", formula, "gated experts",
     LAB_TEXT("explain", "\u2202x_{c} via the expert = \u03A3_{p} \u2202u_{g p} W_{gate p,c} + \u03A3_{p} \u2202u_{p} W_{up p,c}")},
    {"d_ffn_up", text, "!gated experts", LAB_TEXT("explain", "The same rule once more, to the row that the expert read.")},
    {"d_ffn_up_matrix", text, "experts",
     LAB_TEXT(
         "explain",
         "As with W_{down}: what comes back to the output times what the input was, added up over the positions that went through this "
         "expert.")},
    {"d_router", formula, "several",
     "\u2202p_{E} = (\u2202g_{E} \u2212 \u03A3 g_{E} \u2202g_{E}) / \u03A3 p_{E},  \u2202s_{E} = p_{E} (\u2202p_{E} \u2212 \u03A3 p_{E} "
     "\u2202p_{E})"},
    {"d_router", formula, "!several", "\u2202p_{E} = \u2202g_{E},  \u2202s_{E} = p_{E} (\u2202p_{E} \u2212 \u03A3 p_{E} \u2202p_{E})"},
    {"d_router", formula, "several balanced",
     "\u2202p_{E} = (\u2202g_{E} \u2212 \u03A3 g_{E} \u2202g_{E}) / \u03A3 p_{E} + \u03B1 n_{E} f_{E} / T,  \u2202s_{E} = p_{E} "
     "(\u2202p_{E} \u2212 \u03A3 p_{E} \u2202p_{E})"},
    {"d_router", formula, "!several balanced",
     "\u2202p_{E} = \u2202g_{E} + \u03B1 n_{E} f_{E} / T,  \u2202s_{E} = p_{E} (\u2202p_{E} \u2212 \u03A3 p_{E} \u2202p_{E})"},
    {"d_router", text, "several",
     LAB_TEXT("explain",
              "The choice itself has no slope: what the experts made reaches the router by the gates of the chosen ones alone. Gates share "
              "one whole, so only an expert that did better than their average gains; then the softmax over all experts.")},
    {"d_router", text, "!several",
     LAB_TEXT("explain",
              "The choice itself has no slope: what the expert made reaches the router by its gate alone, which is its p_{E}; then the "
              "softmax over all experts.")},
    {"d_router", note, "balanced",
     LAB_TEXT(
         "explain",
         "The balance pulls at p_{E} of every expert, chosen by the row or not: with %1, T = %2 the rows of the sequence. f_{E} counts "
         "choices and has no slope."),
     "\u03B1 n_{E} f_{E} / T|$expertRows"},
    {"d_router_matrix", formula, "",
     LAB_TEXT("explain",
              "\u2202x_{c} via the router = \u03A3_{e} \u2202s_{E e} W_{E e,c},  \u2202W_{E e,c} = \u03A3_{i} \u2202s_{E i,e} "
              "x_{i,c}")},
    {"d_router_matrix", text, "",
     LAB_TEXT("explain", "The router reads every row, so its matrix learns from all positions, and the row gets back from it as well.")},
    {"d_router_matrix", note, "sameWeights", everyStepAdds},
    {"d_ffn_both", formula, "pre", LAB_TEXT("explain", "\u2202x = via the row\u2019s experts + via the router")},
    {"d_ffn_both", formula, "post", LAB_TEXT("explain", "together = via the row\u2019s experts + via the router")},
    {"d_ffn_both", text, "",
     LAB_TEXT("explain", "The row was read by each of its experts and by the router: all that comes back through them adds up.")},
    {"d_residual", formula, "", LAB_TEXT("explain", "%1 = straight on + through %2"), "$meets|$what"},
    {"d_residual", text, "post",
     LAB_TEXT("explain", "Forward, this row went on unchanged and through the %1 as well. Backward, what comes from both ways adds up."),
     "$what"},
    {"d_residual", text, "bare",
     LAB_TEXT("explain",
              "Forward, this row went on unchanged and through the %1 as well. Backward, what comes from both ways adds up; there is no "
              "norm on either."),
     "$what"},
    {"d_residual", text, "pre",
     LAB_TEXT("explain",
              "Forward, this row went on unchanged and through the %1 as well. Backward, what comes from both ways adds up. The straight "
              "way makes deep models easier to train: nothing on it shrinks the gradient."),
     "$what"},
    {"d_cross", formula, "pre", LAB_TEXT("explain", "\u2202x_{c} = \u03A3_{p} \u2202q_{p} W_{Q p,c},  all heads")},
    {"d_cross", formula, "post", LAB_TEXT("explain", "\u2202x_{c} via q = \u03A3_{p} \u2202q_{p} W_{Q p,c},  all heads")},
    {"d_cross", text, "",
     LAB_TEXT("explain",
              "Of this row the cross-attention made its queries, one for each head. Its keys and values are the encoder\u2019s: through "
              "them the gradient goes there.")},
    {"d_cross", text, "coded",
     LAB_TEXT("explain",
              "Of this row the cross-attention made its queries, one for each head. Its keys and values are the slots\u2019: through them "
              "the gradient goes there, and on to the encoder.")},
    {"d_output", formula, "", "\u2202o_{p} = \u03A3_{r} \u2202y_{r} W_{O r,p}"},
    {"d_output", text, "",
     LAB_TEXT("explain",
              "The same rule with W_{O}: o_{p} took part in every y_{r} by W_{O r,p}, and each y_{r} moves the loss by \u2202y_{r}.")},
    {"d_output", formula, "opens", "\u2202o\u2032_{p} = \u03A3_{r} \u2202y_{r} W_{O r,p}"},
    {"d_output", text, "opens",
     LAB_TEXT("explain",
              "The same rule with W_{O}: %1 took part in every y_{r} by W_{O r,p}, and each y_{r} moves the loss by \u2202y_{r}."),
     "o\u2032_{p}"},
    {"d_gate", formula, "", "\u2202o = G \u2202o\u2032,  \u2202G = o \u2202o\u2032,  \u2202\u0393 = G (1 \u2212 G) \u2202G"},
    {"d_gate", text, "",
     LAB_TEXT("explain",
              "A product of two: each factor gets the gradient times the other factor. The gate\u2019s goes on through the slope of the "
              "logistic bend, to W_{G} and to the row.")},
    {"d_head_norm", formula, "", "\u2202o\u0303 = (\u2202o \u2212 o mean(\u2202o o)) / rms"},
    {"d_head_norm", text, "", normTakesOut},
    {"d_value", formula, "", "\u2202v_{j} = \u03A3_{i} a_{ij} \u2202${oSum}_{i}"},
    {"d_value", text, "", LAB_TEXT("explain", "Each query that looked at key %1 sends its gradient back, turned down by its weight."),
     "$j"},
    {"d_value", text, "signed",
     LAB_TEXT("explain", "Each query that looked at key %1 sends its gradient back, times its weight, which may be negative."), "$j"},
    {"d_value", note, "grouped", LAB_TEXT("explain", "Grouped heads: all query heads that share this value add up.")},
    {"d_value", note, "apart !global",
     LAB_TEXT("explain", "Global projections: the first %1 queries read another value of this key, so nothing comes back from them here."),
     "$globals"},
    {"d_value", note, "global bothKinds",
     LAB_TEXT("explain",
              "Global projections: only the first %1 queries read this value of the key; what the others read has walks of its own."),
     "$globals"},
    {"d_weights", formula, "", "\u2202a_{ij} = \u2202${oSum}_{i} \u00B7 v_{j}"},
    {"d_weights", text, "",
     LAB_TEXT("explain",
              "How much the loss would grow with this weight alone: its value against the gradient. Whether the query should have looked "
              "there more depends on the rest of the row: the next stage compares it with the row\u2019s average.")},
    {"d_weights", text, "signed",
     LAB_TEXT("explain",
              "How much the loss would grow with this weight alone: its value against the gradient. No sum ties the weights of a row "
              "together, so nothing else of the row is asked.")},
    {"d_softmax", formula, "product", "\u2202s_{ij} = \u2202a_{ij}"},
    {"d_softmax", text, "product",
     LAB_TEXT("explain", "The weights are the products, so the gradient passes as it is; only where a key is hidden it is 0.")},
    {"d_softmax", formula, "softmax", "\u2202$s = a (\u2202a \u2212 \u03A3_{j} a_{j} \u2202a_{j})"},
    {"d_softmax", formula, "features", "\u2202s = (\u2202a \u2212 \u03A3_{j} a_{j} \u2202a_{j}) / \u03A3_{j} s_{ij}"},
    {"d_softmax", text, "softmax",
     LAB_TEXT("explain",
              "Weights share one whole: raising one lowers the others. So only what is better than the row\u2019s average gains, and %1 "
              "adds up to 0."),
     "\u2202$s"},
    {"d_softmax", text, "softmax sinks",
     LAB_TEXT("explain",
              "Weights and the sink share one whole: raising one lowers the others. The sink passes nothing on, so its own \u2202"
              "a "
              "is 0. With %2, which the sink\u2019s score gets of this row, %1 adds up to 0."),
     "\u2202$s|\u2202\u03C8 = \u2212a_{\u03C8} \u03A3_{j} a_{j} \u2202a_{j}"},
    {"d_softmax", note, "sinks",
     LAB_TEXT("explain", "The sink\u2019s score of a head is a weight: its gradient is the sum over all rows.")},
    {"d_softmax", note, "bucketed !capped",
     LAB_TEXT(
         "explain",
         "The number of a bucket gets the sum of this over all pairs of the bucket, of all layers of this side: they share the table.")},
    {"d_span", formula, "", LAB_TEXT("explain", "%1,  %2 over pairs on the ramp"),
     "\u2202$bent = \u2202s\u2033|\u2202z_{h} = \u03A3_{ij} \u2202s\u2033_{ij} / ($ramp m_{ij})"},
    {"d_span", text, "",
     LAB_TEXT("explain",
              "ln m is added, so the gradient passes to the score as it is. The span z_{h} gets it times the slope of ln m, which is there "
              "on the ramp alone: a key within the span or beyond it asks nothing of it.")},
    {"d_span", note, "",
     LAB_TEXT("explain",
              "What z_{h} gets is the sum over all rows of the head, and %1 / %2 besides, from the price of spans. The head\u2019s share "
              "gets that times the longest span %3."),
     "$spanPenalty|$H|$longest"},
    {"d_cap", formula, "", "\u2202$uncapped = \u2202s* (1 \u2212 (s*/cap)\u00B2)"},
    {"d_cap", text, "",
     LAB_TEXT("explain",
              "Times the slope of the bend: near 1 for small scores, near 0 for those that are almost at the cap, which learn little.")},
    {"d_cap", note, "bucketed",
     LAB_TEXT(
         "explain",
         "The number of a bucket gets the sum of this over all pairs of the bucket, of all layers of this side: they share the table.")},
    {"d_softmax", text, "features",
     LAB_TEXT("explain", "The weights share one sum: only what is better than the row\u2019s average gains.")},
    {"d_softmax", formula, "fades", "\u2202s_{ij} = \u03BB_{ij} \u2202a_{ij}"},
    {"d_softmax", text, "fades",
     LAB_TEXT("explain",
              "A weight is the score times \u03BB, so the score gets the gradient times \u03BB: the further a key, the less its score is "
              "asked to change. Where a key is hidden it is 0.")},
    {"d_decay", formula, "",
     "\u2202\u03BB_{ij} = \u2202a_{ij} s_{ij},  \u2202\u03B1_{t} = (1/\u03B1_{t}) \u03A3_{ij} \u2202\u03BB_{ij} \u03BB_{ij},  "
     "\u2202\u039B_{t} = \u03B1\u2032_{t} \u2202\u03B1_{t},  \u2202W_{\u03B1} = \u03A3_{t} \u2202\u039B_{t} x_{t}"},
    {"d_decay", text, "",
     LAB_TEXT(
         "explain",
         "The share \u03B1_{t} of a token is a factor of every \u03BB_{ij} that spans it, j < t \u2264 i: the sum for it is over these "
         "pairs. From there it goes through the slope of \u03B1 to the matrix that reads shares off rows, and to these rows.")},
    {"d_decay", note, "", "\u03B1\u2032_{t} = \u03B1_{t} (1 \u2212 logistic(\u039B_{t})) / 16"},
    {"d_query", formula, "product", "\u2202${q}_{i} = \u03A3_{j} \u2202s_{ij} ${k}_{j}"},
    {"d_query", formula, "rooted", "\u2202${q}_{i} = ($scale) \u03A3_{j} \u2202${uncapped}_{ij} ${k}_{j}"},
    {"d_query", formula, "relates", "\u2202${q}_{i} = ($scale) \u03A3_{j} \u2202${uncapped}_{ij} (${k}_{j} + \u03B4_{i\u2212j})"},
    {"d_query", formula, "map relates",
     "\u2202${q}_{i} = ($scale) \u03A3_{j} \u2202${uncapped}_{ij} ${k}_{j} + (1/\u221Ad_{h}) \u03A3_{j} \u2202${uncapped}_{ij} "
     "\u03B4_{i\u2212j}"},
    {"d_query", formula, "linear", "\u2202${q}_{i} = \u03C6\u2032(${q}_{i}) \u03A3_{j} \u2202s_{ij} \u03C6(${k}_{j})"},
    {"d_query", formula, "drawn",
     "\u2202\u03C6(${q}_{i}) = \u03A3_{j} \u2202(qk)_{ij} \u03C6(${k}_{j}),  \u2202\u03C4_{q} = \u03C6(${q}) \u2202\u03C6(${q}),  "
     "\u2202q\u0302 = "
     "\u03A9^{T} \u2202\u03C4_{q} \u2212 q\u0302 \u03A3 \u2202\u03C4_{q},  \u2202${q} = \u2202q\u0302 / \u2074\u221Ad_{h}"},
    {"d_query", text, "",
     LAB_TEXT(
         "explain",
         "The query is drawn away from keys whose score should fall and towards those whose score should rise (the step goes against %1)."),
     "\u2202$q"},
    {"d_query", note, "drawn", topIsConstant},
    {"d_query", note, "rises", LAB_TEXT("explain", "%1 is what reaches the product of query i and key j."),
     "\u2202(qk)_{ij} = \u0394_{ij} \u2202s_{ij}"},
    {"d_query", note, "negative",
     LAB_TEXT("explain", "Here \u03A3w is negative, so it is the other way round: towards keys whose score should fall.")},
    {"d_query", note, "relates",
     LAB_TEXT("explain",
              "v_{h} gets the same sum over the vectors \u03B4, of all queries; u_{h} gets a sum over the keys, W_{R} one over the "
              "distances.")},
    {"d_query", note, "rooted", LAB_TEXT("explain", "%1 is what reaches the product of query i and key j."),
     "\u2202(qk)_{ij} = ($scale) \u2202${uncapped}_{ij}"},
    {"d_query", note, "!rooted !rises", LAB_TEXT("explain", "%1 is what reaches the product of query i and key j."),
     "\u2202(qk)_{ij} = \u2202s_{ij}"},
    {"d_key", formula, "product", "\u2202${k}_{j} = \u03A3_{i} \u2202s_{ij} ${q}_{i}"},
    {"d_key", formula, "rooted", "\u2202${k}_{j} = ($scale) \u03A3_{i} \u2202${uncapped}_{ij} ${q}_{i}"},
    {"d_key", formula, "relates", "\u2202${k}_{j} = ($scale) \u03A3_{i} \u2202${uncapped}_{ij} (${q}_{i} + u_{h})"},
    {"d_key", formula, "map relates",
     "\u2202${k}_{j} = ($scale) \u03A3_{i} \u2202${uncapped}_{ij} ${q}_{i} + (1/\u221Ad_{h}) \u03A3_{i} \u2202${uncapped}_{ij} u_{h}"},
    {"d_key", formula, "linear", "\u2202${k}_{j} = \u03C6\u2032(${k}_{j}) \u03A3_{i} \u2202s_{ij} \u03C6(${q}_{i})"},
    {"d_key", formula, "drawn",
     "\u2202\u03C6(${k}_{j}) = \u03A3_{i} \u2202(qk)_{ij} \u03C6(${q}_{i}),  \u2202\u03C4_{k} = \u03C6(${k}) \u2202\u03C6(${k}),  "
     "\u2202k\u0302 = "
     "\u03A9^{T} \u2202\u03C4_{k} \u2212 k\u0302 \u03A3 \u2202\u03C4_{k},  \u2202${k} = \u2202k\u0302 / \u2074\u221Ad_{h}"},
    {"d_key", note, "drawn", topIsConstant},
    {"d_key", note, "rises", LAB_TEXT("explain", "%1 is what reaches the product of query i and key j."),
     "\u2202(qk)_{ij} = \u0394_{ij} \u2202s_{ij}"},
    {"d_key", text, "", LAB_TEXT("explain", "The same sum the other way round: every query that scored key %1 has its say."), "$j"},
    {"d_key", note, "apart !global",
     LAB_TEXT("explain", "Global projections: the first %1 queries met another key of this row, so nothing comes back from them here."),
     "$globals"},
    {"d_key", note, "global bothKinds",
     LAB_TEXT("explain",
              "Global projections: only the first %1 queries met this key of the row; what the others met has walks of its own."),
     "$globals"},
    {"d_key", note, "grouped", LAB_TEXT("explain", "Grouped heads: all query heads that share this key add up.")},
    {"d_key", note, "keeps",
     LAB_TEXT("explain",
              "Queries of later segments, which read this key as memory, are among them: what they send reaches the matrix that made the "
              "key, but not the row that it was made of.")},
    {"d_value", note, "keeps",
     LAB_TEXT("explain",
              "Queries of later segments, which read this value as memory, are among them: what they send reaches the matrix that made "
              "the value, but not the row that it was made of.")},
    {"d_key", note, "rooted", LAB_TEXT("explain", "%1 is what reaches the product of query i and key j."),
     "\u2202(qk)_{ij} = ($scale) \u2202${uncapped}_{ij}"},
    {"d_key", note, "!rooted !rises", LAB_TEXT("explain", "%1 is what reaches the product of query i and key j."),
     "\u2202(qk)_{ij} = \u2202s_{ij}"},
    {"d_divide", formula, "", "\u2202${k}\u22A5 = \u2202$k \u2212 $k ($k \u00B7 \u2202$k),  \u2202$long = \u2202${k}\u22A5 / |$long|"},
    {"d_divide", text, "",
     LAB_TEXT("explain",
              "A longer or shorter key has the same direction, so the part of the gradient along the key is taken out; the longer the key, "
              "the less the rest moves it.")},
    {"d_normalise", formula, "",
     "\u2202q = (\u2202\u1E91 \u2212 \u1E91 mean(\u2202\u1E91 \u1E91)) / rms,  \u2202\u1E91 = \u03B3 \u2202q$hat"},
    {"d_normalise", text, "", normTakesOut},
    {"d_matrix", formula, "!kv", "\u2202$WQ = \u03A3_{i} \u2202q_{i} x_{i}"},
    {"d_matrix", formula, "kv", "\u2202W_{K} = \u03A3_{i} \u2202q_{i} x_{i} + \u03A3_{j} \u2202k_{j} x_{j}"},
    {"d_matrix", formula, "kv keyvalue", "\u2202W_{K} = \u03A3_{i} \u2202q_{i} x_{i} + \u03A3_{j} (\u2202k_{j} + \u2202v_{j}) x_{j}"},
    {"d_matrix", formula, "!kv sameWeights",
     "\u2202W_{Q} = \u03A3_{t} \u2202W_{Q}^{(t)},  \u2202W_{Q}^{($layer)} = \u03A3_{i} \u2202q_{i} x_{i}"},
    {"d_matrix", formula, "kv !keyvalue sameWeights",
     "\u2202W_{K} = \u03A3_{t} \u2202W_{K}^{(t)},  \u2202W_{K}^{($layer)} = \u03A3_{i} \u2202q_{i} x_{i} + \u03A3_{j} \u2202k_{j} "
     "x_{j}"},
    {"d_matrix", formula, "kv keyvalue sameWeights",
     "\u2202W_{K} = \u03A3_{t} \u2202W_{K}^{(t)},  \u2202W_{K}^{($layer)} = \u03A3_{i} \u2202q_{i} x_{i} + \u03A3_{j} (\u2202k_{j} + "
     "\u2202v_{j}) x_{j}"},
    {"d_matrix", note, "sameWeights", everyStepAdds},
    {"d_matrix", text, "",
     LAB_TEXT("explain",
              "An ordinary parameter: every position\u2019s \u2202q times its input row, added up. So backpropagation does change the "
              "attention heads.")},
    {"d_matrix", note, "apart !global",
     LAB_TEXT("explain", "Global projections: the first %1 queries are made by W_{Qg}, so W_{Q} learns nothing from them."), "$globals"},
    {"d_matrix", note, "global", LAB_TEXT("explain", "Global projections: only the first %1 queries are made by W_{Qg}."), "$globals"},
    {"d_matrix", note, "normed !rope", LAB_TEXT("explain", "\u2202q is \u2202q\u2032 taken back through the norm.")},
    {"d_matrix", note, "normed rope",
     LAB_TEXT("explain", "RoPE and norm: \u2202q is \u2202q\u2032 turned back by its position and taken back through the norm.")},
    {"d_matrix", note, "rope !normed", LAB_TEXT("explain", "RoPE: \u2202q is \u2202q\u2032 turned back by its position.")},
    {"d_matrix", note, "kv unit",
     LAB_TEXT("explain", "As keys the rows get their share back through the division by the key\u2019s length.")},
    {"d_matrix", note, "factored", LAB_TEXT("explain", "What is turned back is multiplied by \u03BA once more.")},
    {"d_matrix", note, "kv !keyvalue", LAB_TEXT("explain", "Keys serve as queries: the one matrix learns as both at once.")},
    {"d_matrix", note, "kv keyvalue", LAB_TEXT("explain", "The one matrix learns as query, as key and as value at once.")},
};

}  // namespace

std::span<const WordRow> backwardWords() {
    return wordsBackwardTable;
}

}  // namespace lab::explain
