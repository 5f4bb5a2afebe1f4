// What the stages behind the attention say, up to the loss.

#include "core/explain/tables.h"

namespace lab::explain {
namespace {

using enum Field;

constexpr SourceText encoderEnds = LAB_TEXT(
    "explain", "The encoder ends here. The decoder reads this row through its cross-attention; what follows is its answer at position %1.");

constexpr SourceText encoderEndsInSlots =
    LAB_TEXT("explain",
             "The encoder ends here. The slots of the bottleneck read this row, and the decoder gets nothing but their codes; what follows "
             "is its answer at position %1.");

constexpr SourceText sideBySide =
    LAB_TEXT("explain",
             "Parallel: the feed-forward layer reads the block\u2019s input, as attention does, and not what attention left. What both "
             "make is added to the stream.");

constexpr WordRow wordsAnswerTable[] = {
    {"residual", formula, "post", "z = x + $what($reads)"},
    {"residual", formula, "bare", "x\u2032 = x + $what($reads)"},
    {"residual", formula, "pre", "z\u2032 = z + $what($reads),  x = norm(z)"},
    {"residual_beside", formula, "", LAB_TEXT("explain", "%1,  x = norm of the block\u2019s input"), "z\u2032 = z + $what(x)"},
    {"residual_beside", formula, "bare", LAB_TEXT("explain", "%1 of the block\u2019s input"), "x\u2032 = x + $what"},
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
    {"norm", note, "pre parallel", sideBySide},
    {"norm", note, "pre !parallel",
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
    {"ffn_up", text, "!gated bare parallel",
     LAB_TEXT("explain", "Now every position by itself: %1 numbers become %2. x is the row that the block reads."), "$d|$dff"},
    {"ffn_up", text, "gated bare parallel",
     LAB_TEXT("explain",
              "Now every position by itself: %1 numbers become %2, twice: one half gates the other. x is the row that the block reads."),
     "$d|$dff"},
    {"ffn_up", note, "bare parallel", sideBySide},
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
    {"ffn_bend", formula, "quick", "f = u / (1 + exp(\u22121.702 u))"},
    {"ffn_bend", formula, "squared", "f = max(0, u)\u00B2"},
    {"ffn_bend", text, "relu",
     LAB_TEXT("explain", "What is negative becomes 0. Without such a bend two matrices in a row could do no more than one.")},
    {"ffn_bend", text, "gelu", LAB_TEXT("explain", "A smooth bend: u times the chance that a normal number is below u.")},
    {"ffn_bend", text, "tanh", LAB_TEXT("explain", "A smooth bend, in the tanh approximation that GPT-2 uses.")},
    {"ffn_bend", text, "quick",
     LAB_TEXT("explain", "A smooth bend: u times a logistic curve, which comes near gelu and is quicker to compute.")},
    {"ffn_bend", text, "squared", LAB_TEXT("explain", "What is negative becomes 0; what is positive is squared.")},
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
    {"later", text, "answers noHead", LAB_TEXT("explain", "No layer follows: this row is the model\u2019s result.")},
    {"later", text, "pre noHead", LAB_TEXT("explain", "No layer follows: this row goes on to the final norm.")},
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
    {"later", note, "!answers post !coded !halts !noHead", encoderEnds, "$answer"},
    {"later", note, "!answers post coded !halts !noHead", encoderEndsInSlots, "$answer"},
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
    {"mean", note, "!answers post !coded !noHead", encoderEnds, "$answer"},
    {"mean", note, "!answers post coded !noHead", encoderEndsInSlots, "$answer"},
    {"final_norm", formula, "", "x\u2032 = \u03B3 (z \u2212 \u03BC) / \u03C3"},
    {"final_norm", formula, "shift", "x\u2032 = \u03B3 (z \u2212 \u03BC) / \u03C3 + \u03B2"},
    {"final_norm", formula, "rms", "x\u2032 = \u03B3 z / rms(z)"},
    {"final_norm", text, "answers",
     LAB_TEXT("explain", "Pre-norm models norm the stream once more behind the last layer: this is what the output head reads.")},
    {"final_norm", text, "answers noHead",
     LAB_TEXT("explain", "Pre-norm models norm the stream once more behind the last layer: this is the model\u2019s result.")},
    {"final_norm", text, "!answers",
     LAB_TEXT("explain", "Pre-norm models norm the stream once more behind the last layer: this is what the decoder reads.")},
    {"final_norm", text, "!answers coded",
     LAB_TEXT("explain",
              "Pre-norm models norm the stream once more behind the last layer: this is what the slots of the bottleneck read.")},
    {"final_norm", note, "!answers !coded !noHead", encoderEnds, "$answer"},
    {"final_norm", note, "!answers coded !noHead", encoderEndsInSlots, "$answer"},
    {"hidden", formula, "", "h = max(0, LayerNorm(W x$bHidden))"},
    {"hidden", formula, "gaps", "u_{W} = $hiddenSum,  z = $bendName(u_{W}),  h = LayerNorm(z)"},
    {"hidden", text, "",
     LAB_TEXT("explain", "One more matrix, norm and bend before the classes: z = %1, x\u2032 = LayerNorm(z), h = max(0, x\u2032)."),
     "$hiddenSum"},
    {"hidden", text, "gaps",
     LAB_TEXT("explain",
              "One more matrix, the bend of the feed-forward layers and a norm before the words, as models have it that are trained to "
              "fill gaps.")},
    {"logits", formula, "!tied", "l = W_{U} h$bU"},
    {"logits", formula, "tied", "l = E h$bU"},
    {"logits", text, "plainHead post",
     LAB_TEXT("explain", "One number per class: how strongly this row speaks for it. h is the row that the last layer left.")},
    {"logits", text, "plainHead pre",
     LAB_TEXT("explain",
              "One number per class: how strongly this row speaks for it. h is the row that the final norm left (its x\u2032).")},
    {"logits", text, "!plainHead", LAB_TEXT("explain", "One number per class: how strongly this row speaks for it.")},
    {"logits", formula, "numbers", "$l = W_{U} h$bU"},
    {"logits", text, "numbers plainHead",
     LAB_TEXT("explain",
              "The answer itself: a number for each output, of any size. Nothing is done to it any more, and there is no softmax. h is the "
              "row that the last layer left.")},
    {"logits", text, "numbers plainHead pre",
     LAB_TEXT("explain",
              "The answer itself: a number for each output, of any size. Nothing is done to it any more, and there is no softmax. h is the "
              "row that the final norm left (its x\u2032).")},
    {"logits", text, "numbers !plainHead",
     LAB_TEXT("explain",
              "The answer itself: a number for each output, of any size. Nothing is done to it any more, and there is no softmax.")},
    {"logits", text, "plainHead post halts !numbers",
     LAB_TEXT("explain", "One number per class: how strongly this row speaks for it. h is the mean of the row\u2019s states.")},
    {"logits", text, "numbers plainHead post halts",
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

std::span<const WordRow> answerWords() {
    return wordsAnswerTable;
}

}  // namespace lab::explain
