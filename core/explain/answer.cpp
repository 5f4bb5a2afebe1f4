// From the last layer's end to the loss, and back.

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/explain/quantities.h"
#include "core/model/output_head.h"

namespace lab::explain {
namespace {

constexpr NodeRow answerRows[] = {
    {"!plainHead", "x#rc", "hx ac = same top:ac", "x_{$answer}"},
    {"mlp", "W#rc", "W_hidden mc output.hidden.weight"},
    {"mlp", "b#c", "b_hidden m output.hidden.bias"},
    {"mlp", "z#c", "hz am! = hx W_hidden + b_hidden"},
    {"gaps", "W#rc", "W_hidden ${wide}c output.hidden.weight"},
    {"gaps", "b#c", "b_hidden $wide output.hidden.bias"},
    {"gaps", "u_{W}#c", "hz a$wide! = hx W_hidden + b_hidden"},
    {"gaps", "u_{W}#c", "hzRead a$wide = same hz"},
    {"gaps relu", "z#c", "hBent a$wide = relu hzRead"},
    {"gaps gelu", "z#c", "hBent a$wide = gelu hzRead"},
    {"gaps tanh", "z#c", "hBent a$wide = tanh hzRead"},
    {"gaps quick", "z#c", "hBent a$wide = quick hzRead"},
    {"gaps squared", "z#c", "hBent a$wide = squared hzRead"},
};

constexpr NodeRow logitRows[] = {
    {"mlp", "h#c", "headHidden ac output.hidden = relu head.result", "relu"},
    {"mlp", "h#c", "read ac = same headHidden"},
    {"gaps", "h#c", "read a$wide = same head.result"},
    {"plainHead", "h#c", "read ac = same top:ac"},
    {"tied", "E#rc", "W_U y$read token_embedding.weight"},
    {"!tied", "W_{U}#rc", "W_U y$read output.projection.weight"},
    {"", "b#c", "b_U y output.projection.bias"},
    {"", "$l#c", "logits ay logits = read W_U + b_U"},
    {"!numbers", "l#c", "logit ay = same logits", LAB_TEXT("explain", "logit")},
    {"!numbers", "max", "logitMax a. = maximum logit"},
    {"!numbers", "l#c \u2212 max", "logitShifted ay = logit - logitMax", "\u2212 max"},
    {"!numbers", "e#c", "logitExp ay = exp logitShifted", "exp"},
    {"!numbers", "\u03A3", "logitSum a. = logitExp"},
    {"!numbers", "p#c", "p ay = quotient logitExp ; logitSum"},
    {"loss !numbers", "p#c", "ofTarget a = custom", LAB_TEXT("explain", "p(target)")},
    {"loss !numbers", "L#c", "surprise a = log ofTarget", "\u2212ln p"},
    {"loss !numbers", "L", "loss . = mean custom", LAB_TEXT("explain", "mean")},
};

/// Of a model that answers numbers: how far each lies from its target.
constexpr NodeRow squareRows[] = {
    {"", "$l#c", "logit ay = same logits"},
    {"", "t#c", "goal ay = custom"},
    {"", "$l#c \u2212 t#c", "miss ay = logit - goal", "$l \u2212 t"},
    {"", "\u00BD", "half . = custom"},
    {"", "\u00BD($l#c \u2212 t#c)\u00B2", "square ay = half miss miss", "\u00BD($l \u2212 t)\u00B2"},
    {"", "L#c", "surprise a = mean custom", LAB_TEXT("explain", "mean over the outputs")},
    {"", "L", "loss . = mean custom", LAB_TEXT("explain", "mean")},
};

/// What training adds to the loss.
constexpr NodeRow answerCostRows[] = {
    {"smoothed", "\u03B5_{s}", "smoothing . = custom"},
    {"smoothed", "D#c", "spread a = custom", LAB_TEXT("explain", "target\u2019s logit \u2212 mean")},
    {"smoothed", "\u03B5_{s} D#c", "smoothingCost a = smoothing spread", LAB_TEXT("explain", "of label smoothing")},
    {"zloss", "\u03B6_{z}", "zFactor . = custom"},
    {"zloss", "ln Z#c", "logSum a = custom", "ln Z"},
    {"zloss", "ln Z#c", "paidLogSum a = custom", "ln Z"},
    {"zloss", "\u03B6_{z} (ln Z#c)\u00B2", "zCost a = zFactor paidLogSum paidLogSum", LAB_TEXT("explain", "of z-loss")},
};

constexpr NodeRow outputHeadRows[] = {
    {"!numbers", "p#c", "pBack ay = same p"},
    {"!numbers", "t#c", "isTarget ay = custom"},
    {"numbers", "$l#c", "pBack ay = same logit"},
    {"numbers", "t#c", "isTarget ay = same goal"},
    {"", "$overN", "overN . = custom"},
    {"zloss", "2", "two . = custom"},
    {"zloss", "2 \u03B6_{z} ln Z p#c", "zPull ay = two zFactor logSum:a pBack", "2 \u03B6_{z} ln Z p"},
    {"", "\u2202$l#c", "dl ay gradient.logits = pBack overN - isTarget overN + zPull overN"},
    {"", "\u2202$l#c", "dlIn ay = same dl"},
    {"mlp", "\u2202h#c", "dh ac! = back logits dlIn read"},
    {"gaps", "\u2202h#c", "dh a$wide! = back logits dlIn read"},
    {"plainHead", "\u2202h#c", "dh ac! $end = back logits dlIn read"},
    {"plainHead", "", "dHead := dh"},
    {"gaps", "\u2202h#c", "dhIn a$wide = same dh"},
    {"mlp", "\u2202h#c", "dhIn ac = same dh"},
    {"mlp", "relu\u2032", "open ac = custom"},
    {"mlp", "\u2202x\u2032#c", "dHidden ac = dhIn open"},
};

constexpr NodeRow hiddenRows[] = {
    {"mlp", "\u2202z#c", "dhzIn am = same headBack.result:am"},
    {"gaps", "\u2202z#c", "dhBent a$wide = same headBack.result"},
    {"gaps", "u_{W}#c", "hzBack a$wide = same hzRead"},
    {"gaps relu", "f\u2032(u_{W}#c)", "hBend a$wide = reluSlope hzBack"},
    {"gaps gelu", "f\u2032(u_{W}#c)", "hBend a$wide = geluSlope hzBack"},
    {"gaps tanh", "f\u2032(u_{W}#c)", "hBend a$wide = tanhSlope hzBack"},
    {"gaps quick", "f\u2032(u_{W}#c)", "hBend a$wide = quickSlope hzBack"},
    {"gaps squared", "f\u2032(u_{W}#c)", "hBend a$wide = squaredSlope hzBack"},
    {"gaps", "\u2202u_{W}#c", "dhz a$wide = dhBent hBend"},
    {"gaps", "\u2202u_{W}#c", "dhzIn a$wide = same dhz"},
    {"!plainHead", "\u2202x#c", "dHead ac! $end = back hz dhzIn hx"},
};

/// The norm of a hidden layer: of mlp before its bend, of masked-word behind it.
void addHiddenNorm(Graph& g) {
    const Context& c = g.context();
    if (c.is("mlp"))
        addNorm(g, {{"norm", "head"}, {"of", "hz"}, {"row", "a"}, {"symbol", "x\u2032#c"}, {"tensor", ""}, {"parameter", "output.norm"}},
                false, outputNormEpsilon);
    if (c.is("gaps"))
        addNorm(g,
                {{"norm", "head"},
                 {"of", "hBent"},
                 {"row", "a"},
                 {"col", c.variables.at("wide")},
                 {"symbol", "h#c"},
                 {"tensor", "output.hidden"},
                 {"parameter", "output.norm"}},
                false, c.config().norm.epsilon);
}

/// Back through the bend behind mlp's norm: what was positive passes.
void addOpen(Graph& g) {
    Node& open = g.at("open");
    open.read = [&of = g.at("head.result")](Entry e) { return of.value(e) > 0.0 ? 1.0 : 0.0; };
    open.name = [&open](Entry e) {
        return open.read(e) > 0.0 ? Words(LAB_TEXT("explain", "1, as x\u2032 > 0")) : Words(LAB_TEXT("explain", "0, as x\u2032 \u2264 0"));
    };
}

void addHiddenBack(Graph& g, const Variables& end) {
    const Context& c = g.context();
    if (c.is("mlp")) {
        addOpen(g);
        addNormBack(g, {{"norm", "head"}, {"back", "headBack"}, {"of", "dHidden"}, {"row", "a"}, {"parameter", "output.norm"}});
    } else {
        addNormBack(g, {{"norm", "head"},
                        {"back", "headBack"},
                        {"of", "dhIn"},
                        {"row", "a"},
                        {"col", c.variables.at("wide")},
                        {"given", "\u2202h#c"},
                        {"parameter", "output.norm"}});
    }
    g.define(hiddenRows, end);
}

/// How probable the target was, at each position that has one.
void addSurprise(Graph& g) {
    const Context& c = g.context();
    Node& target = g.at("ofTarget");
    target.operation = Operation::given;
    target.read = [&c, &p = g.at("p")](Entry e) {
        const int at = c.targetAt(e.column);
        return at < 0 ? std::numeric_limits<double>::quiet_NaN() : p.value({0, e.column, at});
    };
    target.terms = [&c, &p = g.at("p")](Entry e) { return std::vector{single(p({0, e.column, c.targetAt(e.column)}))}; };
    target.why = [&c](Entry e) {
        return e.column == c.answer ? Words() : Words(Message(LAB_TEXT("explain", "the same at position %1")).arg(e.column));
    };
}

/// A position of which nothing is asked has no target, and nothing that is missed.
void addSquares(Graph& g) {
    const Context& c = g.context();
    g.define(squareRows);
    g.at("half").read = [](Entry) { return 0.5; };
    Node& goal = g.at("goal");
    goal.read = [&c](Entry e) { return c.targetAt(e.row) < 0 ? std::numeric_limits<double>::quiet_NaN() : c.goal(e.row, e.column); };
    goal.note = [](Entry) { return LAB_TEXT("explain", "given with the input"); };
    Node& mean = g.at("surprise");
    mean.terms = [outputs = g.extent('y'), &of = g.at("square")](Entry e) {
        std::vector<Term> terms;
        for (int r = 0; r < outputs; ++r) terms.push_back(single(of({0, e.column, r})));
        return terms;
    };
    mean.why = [&c](Entry e) {
        return e.column == c.answer ? Words() : Words(Message(LAB_TEXT("explain", "the same at position %1")).arg(e.column));
    };
}

/// Beside what each position costs by itself; a position without a target costs nothing.
void addAnswerCosts(Graph& g) {
    const Context& c = g.context();
    const AnswerCost& cost = c.question.answerCost;
    g.define(answerCostRows);
    if (c.is("smoothed")) {
        g.at("smoothing").read = [&cost](Entry) { return cost.label_smoothing; };
        Node& spread = g.at("spread");
        spread.read = [&c, classes = g.extent('y'), &logit = g.at("logit")](Entry e) {
            const int target = c.targetAt(e.column);
            if (target < 0) return std::numeric_limits<double>::quiet_NaN();
            double mean = 0.0;
            for (int r = 0; r < classes; ++r) mean += logit.value({0, e.column, r}) / classes;
            return logit.value({0, e.column, target}) - mean;
        };
        spread.note = [](Entry) { return LAB_TEXT("explain", "the target\u2019s logit less the mean of all logits of this position"); };
    }
    if (!c.is("zloss")) return;
    g.at("zFactor").read = [&cost](Entry) { return cost.z_loss; };
    Node &logSum = g.at("logSum"), &paid = g.at("paidLogSum");
    logSum.read = [&largest = g.at("logitMax"), &sum = g.at("logitSum")](Entry e) {
        return largest.value({0, e.column, 0}) + std::log(sum.value({0, e.column, 0}));
    };
    paid.read = [&c, &logSum](Entry e) { return c.targetAt(e.column) < 0 ? std::numeric_limits<double>::quiet_NaN() : logSum.value(e); };
    logSum.note =
        paid.note = [](Entry) { return LAB_TEXT("explain", "of the softmax: the largest logit + ln of the sum of the exponentials"); };
}

/// What a class has of the target's distribution.
void markTarget(Graph& g) {
    const Context& c = g.context();
    Node& target = g.at("isTarget");
    const double smoothing = c.is("smoothed") ? c.question.answerCost.label_smoothing : 0.0, everywhere = smoothing / g.extent('y');
    target.read = [&c, smoothing, everywhere](Entry e) { return (e.column == c.targetAt(e.row) ? 1.0 - smoothing : 0.0) + everywhere; };
    target.note = [&c](Entry e) {
        if (c.is("smoothed"))
            return e.column == c.targetAt(e.row) ? LAB_TEXT("explain", "the target: 1 \u2212 \u03B5_{s} + \u03B5_{s} / K")
                                                 : LAB_TEXT("explain", "not the target: \u03B5_{s} / K");
        return e.column == c.targetAt(e.row) ? LAB_TEXT("explain", "the target") : LAB_TEXT("explain", "not the target");
    };
}

}  // namespace

void addAnswer(Graph& g) {
    const Context& c = g.context();
    static constexpr NodeRow level[] = {
        {"", "$z#c", "there$l ic $tensor"},
        {"", "$z#rc", "level$l ic $tensor = same $of", LAB_TEXT("explain", "after layer")},
    };
    std::string top;
    for (int l = c.block.layer; l < c.layersOfSide(); ++l) {
        const std::string layer = c.block.side + "." + text(l), n = text(l - c.block.layer);
        g.define(level,
                 {{"l", n}, {"tensor", layer + ".residual"}, {"of", n == "0" ? "end" : "there" + n}, {"z", c.is("pre") ? "z" : "x"}});
        g.at("there" + n).elsewhere = [cross = c.block.cross, to = c.blockOf(layer + ".attention")](Entry e) {
            return CellRef{"later", "stream", 0, e.column, -1, cross ? 0 : -1, to};
        };
        g.at("level" + n).label = Message(LAB_TEXT("explain", "after layer %1")).arg(l);
        top = "level" + n;
    }
    if (c.is("halts")) {
        addHalting(g);
        top = "mean";
    }
    if (c.is("pre")) addNorm(g, "final", top, "x\u2032#c", c.block.side + "_norm");
    const std::string last = "decoder." + text(c.is("two") ? *c.config().num_decoder_layers - 1 : 0) + ".residual";
    static constexpr NodeRow tops[] = {{"answers", "", "top := $of"},
                                       {"!answers pre", "x#c", "top ac decoder_norm"},
                                       {"!answers post !halts", "x#c", "top ac $last"},
                                       {"!answers post halts", "x#c", "top ac = custom"}};
    g.define(tops, {{"of", c.is("pre") ? "final.result" : top}, {"last", last}});
    if (c.is("!answers post halts")) g.at("top").read = meanOfStates(c, "decoder", *c.config().num_decoder_layers);
    if (c.is("noHead")) return;
    g.define(answerRows);
    addHiddenNorm(g);
    g.define(logitRows);
    if (!c.is("loss")) return;
    if (c.is("numbers"))
        addSquares(g);
    else
        addSurprise(g);
    addAnswerCosts(g);
    Node& loss = g.at("loss");
    loss.read = [view = c.numbers.at("loss")](Entry) { return view[0]; };
    loss.terms = [&c, &of = g.at("surprise")](Entry) {
        std::vector<Term> terms;
        for (int i = 0; i < c.numbers.at("logits").extent(0); ++i)
            if (c.targetAt(i) >= 0) terms.push_back(single(of({0, 0, i})));
        return terms;
    };
}

void addAnswerBack(Graph& g) {
    const Context& c = g.context();
    // Where no norm stands at its end, the stream itself is read, whose gradient the trace has.
    const bool readsStream = c.is("bare answers !halts");
    const Variables end{{"end", readsStream ? "gradient." + c.block.side + "." + text(c.layersOfSide() - 1) + ".residual" : ""}};
    g.define(outputHeadRows, end);
    auto counted = static_cast<double>(std::ranges::count_if(c.question.input.targets, [](int t) { return t >= 0; }));
    if (c.is("numbers")) counted *= g.extent('y');
    g.at("overN").read = [counted](Entry) { return 1.0 / counted; };
    if (!c.is("numbers")) markTarget(g);
    if (c.is("zloss")) g.at("two").read = [](Entry) { return 2.0; };
    g.at("dl").why = [&c](Entry e) { return c.targetAt(e.row) < 0 ? Words(LAB_TEXT("explain", "no loss at this position")) : Words(); };
    if (!c.is("plainHead")) addHiddenBack(g, end);
}

}  // namespace lab::explain
