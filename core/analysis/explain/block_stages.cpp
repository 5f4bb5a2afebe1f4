// From the head's output to the end of its layer: heads side by side, W_O, residual, norm, feed-forward.

#include <cmath>
#include <limits>

#include "core/analysis/explain/context.h"

namespace lab::explain {

std::string residualStage(const Context& c, int sublayer) {
    return "residual" + (sublayer == c.sublayer ? std::string() : text(sublayer - c.sublayer));
}

std::string normStage(const Context& c, int sublayer) {
    return "norm" + (sublayer == c.sublayer ? std::string() : text(sublayer - c.sublayer));
}

double sublayerOutput(const Context& c, int sublayer, int row, int column) {
    return c.numbers.at(c.layer + "." + c.sublayers[static_cast<std::size_t>(sublayer)] + ".output")(row, column);
}

double feedForwardInput(const Context& c, int row, int column) {
    const int last = static_cast<int>(c.sublayers.size()) - 1;
    if (c.pre) return c.numbers.at(c.layer + ".feed_forward_norm")(row, column);
    return c.stream(last, row, column);
}

CellRef feedForwardInputRef(const Context& c, int column) {
    const int sublayer = static_cast<int>(c.sublayers.size()) - 1;
    return {normStage(c, c.pre ? sublayer : sublayer - 1), "norm", lastNormRow(c.config().norm.kind), column};
}

namespace {

double mixed(const Context& c, int column) {
    return c.tensor(".head_output")(column / c.headDim, c.query, column % c.headDim);
}

Stage headsStage(const ContextPtr& c) {
    Stage s;
    s.id = "heads";
    s.symbol = "heads";
    s.caption = c->block.heads == 1 ? "one head" : "joined";
    s.heading = "The heads side by side";
    s.formula = c->block.heads == 1 ? "o = o^{0},  " + text(c->headDim) + " numbers"
                                    : "o = [o^{0}, \u2026, o^{" + text(c->block.heads - 1) + "}],  " + text(c->block.heads) + " \u00B7 " +
                                          text(c->headDim) + " numbers";
    const std::string own = c->block.kvHeads < c->block.heads ? "q of its own and the k and v of its group"
                            : c->sharesKeys()                 ? "k and v of its own"
                                                              : "q, k and v of its own";
    s.text = c->block.heads == 1 ? "With one head, its output goes on as it is."
                                 : "Every head did the same with " + own + ". Their outputs stand side by side; nothing is added yet.";
    Grid grid = makeGrid("heads", "head outputs of query " + text(c->query), GridStyle::values, c->block.heads, c->headDim,
                         [&](int h, int p) { return c->tensor(".head_output")(h, c->query, p); });
    grid.rowLabels = numbered("head ", c->block.heads);
    labelColumns(grid, "dim", c->headDim);
    grid.current = true;
    grid.explain = [c](int h, int p) {
        const double value = c->tensor(".head_output")(h, c->query, p);
        const std::string name = "o^{" + text(h) + "}" + named("", c->query, p);
        return sameAs(name, {value, "", {"mix", "mix", p, masterColumn, -1, -1, -1, h}});
    };
    s.grids.push_back(std::move(grid));
    s.result = {"heads", "heads", c->head, 0};
    return s;
}

Stage outputStage(const ContextPtr& c) {
    Stage s;
    s.id = "output";
    s.symbol = "W_{O}";
    s.caption = c->block.heads == 1 ? "output" : "mix heads";
    s.heading = c->block.heads == 1 ? "W_{O} turns the head\u2019s output" : "W_{O} mixes the heads";
    s.formula = named("y", c->query) + " = W_{O} o" + plusBias(c->parameter(c->name(".output.bias")));
    s.text = c->block.heads == 1 ? "One more matrix: it turns what the head took away into something that can be added to the row."
                                 : "The only place where heads meet: each of the " + text(c->d) + " results draws on all of them.";
    LinearSpec spec;
    spec.id = "output";
    spec.out = "y";
    spec.outIndex = c->query;
    spec.weightName = "W_{O}";
    spec.inSymbol = "o";
    spec.rows = c->d;
    spec.columns = c->block.heads * c->headDim;
    spec.x = [c](int column) { return mixed(*c, column); };
    spec.xFrom = [c](int column) { return CellRef{"heads", "heads", column / c->headDim, column % c->headDim}; };
    spec.weight = c->parameter(c->name(".output.weight"));
    spec.bias = c->parameter(c->name(".output.bias"));
    const NumberView y = c->tensor(".output");
    spec.result = [c, y](int m) { return y(c->query, m); };
    spec.columnsAre = c->block.heads == 1 ? "dim" : "joined dim";
    spec.setByHand = c->setByHand(c->name(".output"));
    addLinear(s, spec);
    for (int m = 0; m < spec.columns; ++m)
        if (m / c->headDim == c->head) s.grids.back().litColumns.push_back(m);
    s.result = {"output", "output", 0, masterColumn};
    return s;
}

/// Where the stream before `level` is explained in this walk.
CellRef streamRef(const Context& c, int level, int column) {
    if (level <= c.sublayer) {
        if (!c.pre) return {"input", "x", 0, column};
        return {"input", "norm", 0, column};
    }
    if (c.pre) return {residualStage(c, level - 1), "sum", 2, column};
    return {normStage(c, level - 1), "norm", lastNormRow(c.config().norm.kind), column};
}

CellRef outputRef(const Context& c, int sublayer, int column) {
    if (sublayer == c.sublayer) return {"output", "output", column, masterColumn};
    if (c.sublayers[static_cast<std::size_t>(sublayer)] == "feed_forward") return {"ffn_down", "down", column, masterColumn};
    const int cross = c.blockOf(c.layer + ".cross_attention");
    return {"output", "output", column, masterColumn, -1, 0, cross};
}

Stage residualStageOf(const ContextPtr& c, int sublayer) {
    Stage s;
    s.id = residualStage(*c, sublayer);
    s.symbol = "x + \u2026";
    s.caption = "residual";
    const bool ofBlock = sublayer == c->sublayer;
    const std::string kind = c->sublayers[static_cast<std::size_t>(sublayer)];
    const std::string what = kind == "feed_forward" ? "feed-forward" : kind == "cross_attention" ? "cross-attention" : "attention";
    // Pre-norm: the stream is z, and x the normed copy that the part reads.
    const std::string before = c->pre ? "z" : "x", after = c->pre ? "z\u2032" : "z";
    s.heading = "Add to the residual stream";
    s.formula =
        after + " = " + before + " + " + what + "(x" + (kind == "cross_attention" ? ", m)" : ")") + (c->pre ? ",  x = norm(z)" : "");
    s.text = "The " + what +
             " does not replace the row, it adds to it. This row, added to by every part of every layer, is called the residual "
             "stream.";
    if (!ofBlock && what == "cross-attention")
        s.notes.push_back("How the cross-attention made its output is a walk of its own: click a number of y.");
    const auto stream = [c, sublayer](int column) { return c->stream(sublayer, c->query, column); };
    const auto added = [c, sublayer](int column) { return sublayerOutput(*c, sublayer, c->query, column); };
    Grid grid = makeGrid("sum", "", GridStyle::values, 3, c->d, [&](int r, int column) {
        return r == 0 ? stream(column) : r == 1 ? added(column) : stream(column) + added(column);
    });
    grid.rowLabels = {before, "+ " + what, after};
    labelColumns(grid, "dim", c->d);
    grid.current = true;
    const std::string self = s.id;
    grid.explain = [=](int r, int column) {
        if (r == 0) return sameAs(named(before, column), {stream(column), "", streamRef(*c, sublayer, column)});
        if (r == 1) return sameAs(named("y", column), {added(column), "", outputRef(*c, sublayer, column)});
        return sumOf(named(after, column),
                     {single({stream(column), named(before, column), {self, "sum", 0, column}}),
                      single({added(column), named("y", column), {self, "sum", 1, column}})},
                     stream(column) + added(column));
    };
    s.grids.push_back(std::move(grid));
    s.result = {s.id, "sum", 2, 0};
    return s;
}

/// The norm that stands behind sublayer `sublayer` (post) or before it (pre).
Stage normStageOf(const ContextPtr& c, int sublayer) {
    Stage s;
    const std::string kind = c->config().norm.kind == NormKind::layer ? "LayerNorm" : "RMSNorm";
    const std::string tensor = c->layer + "." + c->sublayers[static_cast<std::size_t>(sublayer)] + "_norm";
    const bool beta = static_cast<bool>(c->parameter(tensor + ".bias"));
    const std::string out = c->pre ? "x" : "x\u2032";
    s.id = normStage(*c, sublayer);
    s.symbol = "norm";
    s.caption = c->pre ? "before" : "after sum";
    s.heading = kind;
    s.formula = c->config().norm.kind == NormKind::layer ? out + " = \u03B3 (z \u2212 \u03BC) / \u03C3" + (beta ? " + \u03B2" : "")
                                                         : out + " = \u03B3 z / rms(z)";
    s.text = kind == "LayerNorm" ? "The row is shifted by its mean \u03BC and divided by its spread \u03C3 (standard deviation), then each "
                                   "dim gets its own trained \u03B3" +
                                       std::string(beta ? " and \u03B2." : ".")
                                 : "The row is divided by its root mean square, then each dim gets its own trained \u03B3.";
    s.notes.push_back(c->pre ? "Pre-norm: the stream itself, the z\u2032 just summed, is not normed, only what the next part reads."
                             : "Post-norm, as in the original: the stream goes on normed.");
    NormSpec spec;
    spec.stage = s.id;
    spec.id = "norm";
    spec.symbol = out;
    spec.columns = c->d;
    const int level = c->pre ? sublayer : sublayer + 1;
    const std::string sumStage = residualStage(*c, c->pre ? sublayer - 1 : sublayer);
    if (c->pre)
        spec.z = [c, level](int column) { return c->stream(level, c->query, column); };
    else
        spec.z = [c, sublayer](int column) {
            return c->stream(sublayer, c->query, column) + sublayerOutput(*c, sublayer, c->query, column);
        };
    spec.zFrom = [sumStage](int column) { return CellRef{sumStage, "sum", 2, column}; };
    const NumberView result = c->numbers.at(tensor);
    spec.result = [c, result](int column) { return result(c->query, column); };
    spec.gamma = c->parameter(tensor + ".weight");
    spec.beta = c->parameter(tensor + ".bias");
    spec.kind = c->config().norm.kind;
    spec.epsilon = c->config().norm.epsilon;
    s.grids.push_back(normGrid(spec));
    s.result = {s.id, "norm", lastNormRow(spec.kind), 0};
    return s;
}

Stage upStage(const ContextPtr& c) {
    Stage s;
    s.id = "ffn_up";
    s.symbol = "FFN";
    s.caption = "up";
    s.heading = "Feed-forward, up";
    const int dff = *c->config().d_ff;
    const bool gated = c->config().feed_forward.activation == Activation::swiglu;
    const std::string b = plusBias(c->parameter(c->layer + ".feed_forward.up.bias"));
    s.formula = (gated ? "g = W_{gate} x" + b + ",  u = W_{up} x" + b : "u = W_{up} x" + b);
    s.text = "Now every position by itself: " + text(c->d) + " numbers become " + text(dff) +
             (gated ? ", twice: one half gates the other." : ".") + " x is the row that the norm left" + (c->pre ? "." : " (its x\u2032).");
    const NumberView up = c->numbers.at(c->layer + ".feed_forward.up");
    for (const bool gate : {true, false}) {
        if (gate && !gated) continue;
        LinearSpec spec;
        spec.id = gate ? "gate" : "up";
        spec.title = gated ? spec.id : "";
        spec.out = gate ? "g" : "u";
        spec.weightName = gate ? "W_{gate}" : "W_{up}";
        spec.inSymbol = "x";
        spec.rows = dff;
        spec.columns = c->d;
        spec.x = [c](int column) { return feedForwardInput(*c, c->query, column); };
        spec.xFrom = [c](int column) { return feedForwardInputRef(*c, column); };
        const std::string parameter = c->layer + ".feed_forward." + (gate ? "gate" : "up");
        spec.weight = c->parameter(parameter + ".weight");
        spec.bias = c->parameter(parameter + ".bias");
        const int first = gated && !gate ? dff : 0;
        spec.result = [c, up, first](int r) { return up(c->query, first + r); };
        spec.columnsAre = "dim";
        addLinear(s, spec);
    }
    s.result = {"ffn_up", gated ? "gate" : "up", 0, masterColumn};
    return s;
}

struct ActivationNames {
    Operation operation;
    std::string formula, caption, text;
};

ActivationNames activationNames(Activation activation) {
    switch (activation) {
        case Activation::relu:
            return {Operation::relu, "f = max(0, u)", "relu",
                    "What is negative becomes 0. Without such a bend two matrices in a row could do no more than one."};
        case Activation::gelu:
            return {Operation::gelu, "f = u \u00B7 \u03A6(u)", "gelu",
                    "A smooth bend: u times the chance that a normal number is below u."};
        case Activation::gelu_tanh:
            return {Operation::geluTanh, "f = \u00BD u (1 + tanh(\u221A(2/\u03C0) (u + 0.044715 u^{3})))", "gelu (tanh)",
                    "A smooth bend, in the tanh approximation that GPT-2 uses."};
        case Activation::swiglu:
            break;
    }
    return {Operation::siluProduct, "f = silu(g) \u00B7 u,  silu(g) = g / (1 + e^{\u2212g})", "swiglu",
            "The gate decides how much of u passes."};
}

Stage activationStage(const ContextPtr& c) {
    Stage s;
    const ActivationNames names = activationNames(c->config().feed_forward.activation);
    const bool gated = names.operation == Operation::siluProduct;
    const int dff = *c->config().d_ff;
    s.id = "ffn_bend";
    s.symbol = "f";
    s.caption = names.caption;
    s.heading = "The bend";
    s.formula = names.formula;
    s.text = names.text;
    const NumberView up = c->numbers.at(c->layer + ".feed_forward.up"), hidden = c->numbers.at(c->layer + ".feed_forward.hidden");
    const int rows = gated ? 3 : 2;
    Grid grid = makeGrid("bend", "", GridStyle::values, rows, dff,
                         [&](int r, int column) { return r == rows - 1 ? hidden(c->query, column) : up(c->query, r * dff + column); });
    grid.rowLabels = gated ? std::vector<std::string>{"g", "u", "f"} : std::vector<std::string>{"u", "f"};
    labelColumns(grid, "dim", dff);
    grid.current = true;
    grid.explain = [=](int r, int column) {
        if (r < rows - 1)
            return sameAs(named(gated && r == 0 ? "g" : "u", column),
                          {up(c->query, r * dff + column), "", {"ffn_up", gated && r == 0 ? "gate" : "up", column, masterColumn}});
        std::vector<Term> terms{single({up(c->query, column), named(gated ? "g" : "u", column), {"ffn_bend", "bend", 0, column}})};
        if (gated) terms.push_back(single({up(c->query, dff + column), named("u", column), {"ffn_bend", "bend", 1, column}}));
        Expression e = sumOf(named("f", column), std::move(terms), hidden(c->query, column));
        e.operation = names.operation;
        return e;
    };
    s.grids.push_back(std::move(grid));
    s.result = {"ffn_bend", "bend", rows - 1, 0};
    return s;
}

Stage downStage(const ContextPtr& c) {
    Stage s;
    s.id = "ffn_down";
    s.symbol = "FFN";
    s.caption = "down";
    s.heading = "Feed-forward, down";
    s.formula = "y = W_{down} f" + plusBias(c->parameter(c->layer + ".feed_forward.down.bias"));
    s.text = "Back to " + text(c->d) + " numbers, ready to be added to the stream.";
    LinearSpec spec;
    spec.id = "down";
    spec.out = "y";
    spec.weightName = "W_{down}";
    spec.inSymbol = "f";
    spec.rows = c->d;
    spec.columns = *c->config().d_ff;
    const NumberView hidden = c->numbers.at(c->layer + ".feed_forward.hidden"), y = c->numbers.at(c->layer + ".feed_forward.output");
    const int last = c->config().feed_forward.activation == Activation::swiglu ? 2 : 1;
    spec.x = [c, hidden](int column) { return hidden(c->query, column); };
    spec.xFrom = [last](int column) { return CellRef{"ffn_bend", "bend", last, column}; };
    spec.weight = c->parameter(c->layer + ".feed_forward.down.weight");
    spec.bias = c->parameter(c->layer + ".feed_forward.down.bias");
    spec.result = [c, y](int m) { return y(c->query, m); };
    spec.columnsAre = "dim";
    addLinear(s, spec);
    s.result = {"ffn_down", "down", 0, masterColumn};
    return s;
}

}  // namespace

void addBlockStages(Walk& walk, const ContextPtr& c) {
    walk.stages.push_back(headsStage(c));
    walk.stages.push_back(outputStage(c));
    const int count = static_cast<int>(c->sublayers.size());
    for (int sublayer = c->sublayer; sublayer < count; ++sublayer) {
        const bool feedForward = sublayer == count - 1;
        if (c->pre && sublayer > c->sublayer) walk.stages.push_back(normStageOf(c, sublayer));
        if (feedForward) {
            walk.stages.push_back(upStage(c));
            walk.stages.push_back(activationStage(c));
            walk.stages.push_back(downStage(c));
        }
        walk.stages.push_back(residualStageOf(c, sublayer));
        if (!c->pre) walk.stages.push_back(normStageOf(c, sublayer));
    }
}

}  // namespace lab::explain
