// From the end of the layer back to what its attention block gave: norm, feed-forward, residual sums.

#include <cmath>

#include "core/analysis/explain/backward.h"

namespace lab::explain {
namespace {

std::string normTensor(const Context& c, int sublayer) {
    return c.layer + "." + c.sublayers[static_cast<std::size_t>(sublayer)] + "_norm";
}

std::string outputTensor(const Context& c, int sublayer) {
    return c.layer + "." + c.sublayers[static_cast<std::size_t>(sublayer)] + ".output";
}

bool isFeedForward(const Context& c, int sublayer) {
    return c.sublayers[static_cast<std::size_t>(sublayer)] == "feed_forward";
}

/// The gradient of the stream before sublayer `level` (their number: behind the last), and where it is explained.
NumberView streamGradient(const Context& c, int level) {
    if (level == static_cast<int>(c.sublayers.size())) return c.numbers.at("gradient." + c.layer + ".residual");
    return c.numbers.at("gradient." + (c.pre ? outputTensor(c, level - 1) : normTensor(c, level - 1)));
}

CellRef streamGradientRef(const Context& c, int level, int column) {
    if (level == static_cast<int>(c.sublayers.size())) return layerEndRef(c, column);
    return {"d_" + residualStage(c, level), "sum", 2, column};
}

/// The gradient of what a sublayer gave: it goes through the sum unchanged.
CellRef outputGradientRef(const Context& c, int sublayer, int column) {
    if (c.pre) return streamGradientRef(c, sublayer + 1, column);
    return {"d_" + normStage(c, sublayer), "norm", normResultRow, column};
}

/// What comes back through a sublayer to what it read.
struct Through {
    std::vector<double> values;
    CellRef (*from)(int column) = nullptr;
};

CellRef fromUp(int column) {
    return {"d_ffn_up", "up", column, masterColumn};
}
CellRef fromBoth(int column) {
    return {"d_ffn_up", "both", 0, column};
}
CellRef fromCross(int column) {
    return {"d_cross", "query", column, masterColumn};
}

struct FeedForwardViews {
    NumberView up, hidden, dout, dhidden, dup;
    int dff = 0;
    bool gated = false;

    explicit FeedForwardViews(const Context& c) : dff(*c.config().d_ff), gated(c.config().feed_forward.activation == Activation::swiglu) {
        const std::string name = c.layer + ".feed_forward.";
        up = c.numbers.at(name + "up");
        hidden = c.numbers.at(name + "hidden");
        dout = c.numbers.at("gradient." + name + "output");
        dhidden = c.numbers.at("gradient." + name + "hidden");
        dup = c.numbers.at("gradient." + name + "up");
    }
    /// Rows of the grid of the bend: of u, and of the two results.
    int uRow() const { return gated ? 2 : 1; }
    int gradientRow(bool ofGate) const { return gated ? (ofGate ? 6 : 5) : 3; }
};

Stage downStage(const ContextPtr& c) {
    Stage s;
    s.id = "d_ffn_down";
    s.symbol = d("f");
    s.caption = "via W_{down}";
    s.heading = "Back through the feed-forward\u2019s second matrix";
    s.formula = d("f_{p}") + " = \u03A3_{m} " + d("y_{m}") + " W_{down m,p}";
    s.text = "At a residual sum the gradient goes both ways unchanged. The way through the feed-forward begins with its last matrix.";
    const FeedForwardViews f(*c);
    TransposedSpec spec;
    spec.stage = s.id;
    spec.id = "down";
    spec.result = d("f");
    spec.given = d("y");
    spec.weightName = "W_{down}";
    spec.rows = f.dff;
    spec.columns = c->d;
    spec.g = [c, f](int m) { return f.dout(c->query, m); };
    const int last = static_cast<int>(c->sublayers.size()) - 1;
    spec.gFrom = [c, last](int m) { return outputGradientRef(*c, last, m); };
    spec.weight = c->parameter(c->layer + ".feed_forward.down.weight");
    spec.value = [c, f](int p) { return f.dhidden(c->query, p); };
    spec.columnsAre = "dim m";
    addTransposed(s, spec);
    s.result = {s.id, "down", 0, masterColumn};
    return s;
}

Stage downMatrixStage(const ContextPtr& c) {
    Stage s;
    s.id = "d_ffn_down_matrix";
    s.symbol = d("W_{down}");
    s.caption = "gradient";
    s.heading = "The gradient of W_{down}";
    s.formula = d("W_{down m,p}") + " = \u03A3_{i} " + d("y_{i,m}") + " f_{i,p}";
    s.text =
        "A weight moved each position\u2019s y_{m} by the f_{p} it met there: what it met times what comes back, added up over all "
        "positions.";
    const FeedForwardViews f(*c);
    MatrixGradientSpec spec;
    spec.id = "matrix";
    spec.weightName = "W_{down}";
    spec.parameter = c->layer + ".feed_forward.down";
    spec.given = d("y");
    spec.input = "f";
    spec.positions = f.dout.extent(0);
    spec.g = [f](int i, int m) { return f.dout(i, m); };
    spec.x = [f](int i, int p) { return f.hidden(i, p); };
    spec.gFrom = [](int i, int m) { return CellRef{"d_ffn_down", "down_in", 0, m, i, -1}; };
    const int last = f.gated ? 2 : 1;
    spec.xFrom = [last](int i, int p) { return CellRef{"ffn_bend", "bend", last, p, i, -1}; };
    addMatrixGradient(s, c, spec);
    s.result = largestOf(s, "matrix");
    return s;
}

void sayBend(Stage& s, Activation activation) {
    s.symbol = d("u");
    s.formula = d("u") + " = " + d("f") + " \u00B7 f\u2032(u)";
    switch (activation) {
        case Activation::relu:
            s.caption = "relu";
            s.text = "The slope of relu is 1 where u was above 0, else 0: a unit that was off learns nothing from this position.";
            break;
        case Activation::gelu:
        case Activation::gelu_tanh: {
            const bool exact = activation == Activation::gelu;
            s.caption = exact ? "gelu" : "gelu (tanh)";
            s.text = "Times the slope of the bend at u: near 1 for large u, near 0 for very negative u, smooth in between.";
            s.notes.push_back(
                exact ? "f\u2032(u) = \u03A6(u) + u \u03C6(u), with \u03C6 the bell curve whose area to the left of u is \u03A6(u)."
                      : "f\u2032(u) = \u00BD (1 + t) + \u00BD u (1 \u2212 t\u00B2) \u221A(2/\u03C0) (1 + 0.134145 u\u00B2), t = "
                        "tanh(\u221A(2/\u03C0) (u + 0.044715 u\u00B3)).");
            break;
        }
        case Activation::swiglu:
            s.symbol = d("g") + ", " + d("u");
            s.caption = "swiglu";
            s.formula = d("u") + " = " + d("f") + " silu(g),  " + d("g") + " = " + d("f") + " u silu\u2032(g)";
            s.text =
                "A product of two: each factor gets the gradient times the other factor; the gate\u2019s also times the slope of its bend.";
            s.notes.push_back("silu\u2032(g) = \u03C3(g) (1 + g (1 \u2212 \u03C3(g))), with \u03C3(g) = 1 / (1 + e^{\u2212g}).");
            break;
    }
}

Operation slopeOf(Activation activation) {
    switch (activation) {
        case Activation::relu:
            return Operation::reluSlope;
        case Activation::gelu:
            return Operation::geluSlope;
        case Activation::gelu_tanh:
            return Operation::geluTanhSlope;
        case Activation::swiglu:
            break;
    }
    return Operation::siluSlope;
}

/// The slope, or silu itself, at a number that a forward cell shows.
Expression bendAt(const std::string& name, Operation operation, const Operand& at) {
    Expression e = sumOf(name, {single(at)}, 0.0);
    e.operation = operation;
    e.result = evaluate(e);
    return e;
}

/// Rows df, u, slope, du; gated: df, g, u, silu(g), silu'(g), du, dg.
Grid bendGrid(const ContextPtr& c) {
    const FeedForwardViews f(*c);
    const Operation slope = slopeOf(c->config().feed_forward.activation);
    const auto read = [c, f](int r, int k) { return f.up(c->query, (r - 1) * f.dff + k); };  // rows 1 and, gated, 2
    const int slopeRow = f.gated ? 4 : 2;
    const auto bent = [=](int r, int k) {
        return bendAt(r == 3 ? named("silu", k) : named("slope", k), r == slopeRow ? slope : Operation::silu,
                      {read(1, k), "", {"d_ffn_bend", "bend", 1, k}});
    };
    const auto value = [=](int r, int k) {
        if (r == 0) return f.dhidden(c->query, k);
        if (r < 1 + (f.gated ? 2 : 1)) return read(r, k);
        if (r == f.gradientRow(false)) return f.dup(c->query, f.gated ? f.dff + k : k);
        if (f.gated && r == f.gradientRow(true)) return f.dup(c->query, k);
        return bent(r, k).result;
    };
    Grid grid = makeGrid("bend", "", GridStyle::values, f.gated ? 7 : 4, f.dff, value);
    grid.rowLabels = f.gated ? std::vector<std::string>{d("f"), "g", "u", "silu(g)", "silu\u2032(g)", d("u"), d("g")}
                             : std::vector<std::string>{d("f"), "u", "f\u2032(u)", d("u")};
    labelColumns(grid, "dim", f.dff);
    grid.current = true;
    grid.rowScales = true;
    grid.explain = [=](int r, int k) {
        const auto cell = [&](int row, const std::string& name) { return Operand{value(row, k), name, {"d_ffn_bend", "bend", row, k}}; };
        if (r == 0) return sameAs(named(d("f"), k), {value(0, k), "", {"d_ffn_down", "down", k, masterColumn}});
        if (r <= f.uRow()) return sameAs(named(f.gated && r == 1 ? "g" : "u", k), {value(r, k), "", {"ffn_bend", "bend", r - 1, k}});
        if (r == f.gradientRow(false))
            return sumOf(named(d("u"), k), {product(cell(0, d("f")), cell(f.gated ? 3 : 2, "slope"))}, value(r, k));
        if (f.gated && r == f.gradientRow(true)) {
            Term term = product(cell(0, d("f")), cell(2, "u"));
            term.factors.push_back(cell(4, "slope"));
            return sumOf(named(d("g"), k), {term}, value(r, k));
        }
        return bent(r, k);
    };
    return grid;
}

Stage bendStage(const ContextPtr& c) {
    Stage s;
    s.id = "d_ffn_bend";
    s.heading = "Back through the bend";
    sayBend(s, c->config().feed_forward.activation);
    s.grids.push_back(bendGrid(c));
    s.result = {s.id, "bend", s.grids.front().rows - 1, 0};
    return s;
}

TransposedSpec upSpec(const ContextPtr& c, bool gate) {
    const FeedForwardViews f(*c);
    TransposedSpec spec;
    spec.stage = "d_ffn_up";
    spec.id = gate ? "gate" : "up";
    spec.result = !f.gated ? d("x") : gate ? "via g" : "via u";
    spec.given = gate ? d("g") : d("u");
    spec.weightName = gate ? "W_{gate}" : "W_{up}";
    spec.rows = c->d;
    spec.columns = f.dff;
    const int first = f.gated && !gate ? f.dff : 0, row = f.gradientRow(gate);
    spec.g = [c, f, first](int m) { return f.dup(c->query, first + m); };
    spec.gFrom = [row](int m) { return CellRef{"d_ffn_bend", "bend", row, m}; };
    spec.weight = c->parameter(c->layer + ".feed_forward." + spec.id + ".weight");
    spec.columnsAre = "dim m";
    if (!f.gated && c->pre) {
        const NumberView dnormed = c->numbers.at("gradient." + c->layer + ".feed_forward_norm");
        spec.value = [c, dnormed](int k) { return dnormed(c->query, k); };
    }
    return spec;
}

/// Both ways of a gated feed-forward together.
Grid bothGrid(const ContextPtr& c, const std::vector<double>& gate, const std::vector<double>& up) {
    const NumberView traced = c->pre ? c->numbers.at("gradient." + c->layer + ".feed_forward_norm") : NumberView();
    const auto value = [=](int k) {
        const auto at = static_cast<std::size_t>(k);
        return traced ? traced(c->query, k) : gate[at] + up[at];
    };
    Grid grid = makeGrid("both", "both ways together", GridStyle::values, 1, c->d, [&](int, int k) { return value(k); });
    grid.rowLabels = {d("x")};
    labelColumns(grid, "dim", c->d);
    grid.current = true;
    grid.explain = [=](int, int k) {
        const auto at = static_cast<std::size_t>(k);
        return sumOf(named(d("x"), k),
                     {single({gate[at], "via g", {"d_ffn_up", "gate", k, masterColumn}}),
                      single({up[at], "via u", {"d_ffn_up", "up", k, masterColumn}})},
                     value(k));
    };
    return grid;
}

Stage upStage(const ContextPtr& c, Through& through) {
    Stage s;
    const bool gated = c->config().feed_forward.activation == Activation::swiglu;
    s.id = "d_ffn_up";
    s.symbol = d("x");
    s.caption = "via W_{up}";
    s.heading = "Back through the feed-forward\u2019s first matrix";
    s.formula = gated ? d("x_{i}") + " = \u03A3_{m} " + d("g_{m}") + " W_{gate m,i} + \u03A3_{m} " + d("u_{m}") + " W_{up m,i}"
                      : d("x_{i}") + " = \u03A3_{m} " + d("u_{m}") + " W_{up m,i}";
    s.text = gated ? "The row was read twice, so it gets back from both matrices."
                   : "The same rule once more, to the row that the feed-forward read.";
    std::vector<double> gate;
    through.values.clear();
    for (const bool ofGate : {true, false}) {
        if (ofGate && !gated) continue;
        const TransposedSpec spec = upSpec(c, ofGate);
        addTransposed(s, spec);
        for (int k = 0; k < c->d; ++k) (ofGate ? gate : through.values).push_back(spec.at(k));
    }
    through.from = fromUp;
    s.result = {s.id, "up", 0, masterColumn};
    if (gated) {
        Grid both = bothGrid(c, gate, through.values);
        through.values = both.values;
        through.from = fromBoth;
        s.grids.insert(s.grids.begin(), std::move(both));
        s.result = {s.id, "both", 0, 0};
    }
    return s;
}

Stage upMatrixStage(const ContextPtr& c) {
    Stage s;
    const FeedForwardViews f(*c);
    s.id = "d_ffn_up_matrix";
    s.symbol = d("W_{up}");
    s.caption = "gradient";
    s.heading = f.gated ? "The gradients of W_{gate} and W_{up}" : "The gradient of W_{up}";
    s.formula = (f.gated ? d("W_{gate m,c}") + " = \u03A3_{i} " + d("g_{i,m}") + " x_{i,c},  " : std::string()) + d("W_{up m,c}") +
                " = \u03A3_{i} " + d("u_{i,m}") + " x_{i,c}";
    s.text = "As with W_{down}: what comes back to the output times what the input was, added up over all positions.";
    for (const bool gate : {true, false}) {
        if (gate && !f.gated) continue;
        MatrixGradientSpec spec;
        spec.id = gate ? "gate" : "up";
        spec.title = f.gated ? spec.id : "";
        spec.weightName = gate ? "W_{gate}" : "W_{up}";
        spec.parameter = c->layer + ".feed_forward." + spec.id;
        spec.given = gate ? d("g") : d("u");
        spec.input = "x";
        spec.positions = f.dup.extent(0);
        const int first = f.gated && !gate ? f.dff : 0, row = f.gradientRow(gate);
        spec.g = [f, first](int i, int m) { return f.dup(i, first + m); };
        spec.x = [c](int i, int k) { return feedForwardInput(*c, i, k); };
        spec.gFrom = [row](int i, int m) { return CellRef{"d_ffn_bend", "bend", row, m, i, -1}; };
        spec.xFrom = [c](int i, int k) {
            CellRef ref = feedForwardInputRef(*c, k);
            ref.query = i;
            return ref;
        };
        addMatrixGradient(s, c, spec);
    }
    s.result = largestOf(s, f.gated ? "gate" : "up");
    return s;
}

/// The cross-attention between the block in hand and the feed-forward: its queries were made of this row.
Stage crossStage(const ContextPtr& c, Through& through) {
    Stage s;
    s.id = "d_cross";
    s.symbol = d("x");
    s.caption = "via cross q";
    s.heading = "Back through the cross-attention\u2019s queries";
    s.formula = d("x_{i}") + " = \u03A3_{p} " + d("q_{p}") + " W_{Q p,i},  all heads";
    s.text =
        "Of this row the cross-attention made its queries, one for each head. How \u2202q comes about, its own walk shows: choose its "
        "block.";
    const std::string cross = c->layer + ".cross_attention";
    const NumberView dq = c->numbers.at("gradient." + cross + ".query");
    TransposedSpec spec;
    spec.stage = s.id;
    spec.id = "query";
    spec.result = d("x");
    spec.given = d("q");
    spec.weightName = "W_{Q}";
    spec.rows = c->d;
    spec.columns = dq.extent(0) * c->headDim;
    spec.g = [c, dq](int m) { return dq(m / c->headDim, c->query, m % c->headDim); };
    spec.gFrom = [](int) { return CellRef{}; };
    spec.weight = c->parameter(cross + ".query.weight");
    spec.columnsAre = "head, dim";
    if (c->pre) {
        const NumberView dnormed = c->numbers.at("gradient." + cross + "_norm");
        spec.value = [c, dnormed](int k) { return dnormed(c->query, k); };
    }
    addTransposed(s, spec);
    through.values.clear();
    for (int k = 0; k < c->d; ++k) through.values.push_back(spec.at(k));
    through.from = fromCross;
    s.result = {s.id, "query", 0, masterColumn};
    return s;
}

/// The norm behind a sublayer (post) or before it (pre).
Stage normBackStage(const ContextPtr& c, int sublayer, const Through& through, std::vector<double>& result) {
    Stage s;
    const bool layer = c->config().norm.kind == NormKind::layer;
    const std::string tensor = normTensor(*c, sublayer);
    s.id = "d_" + normStage(*c, sublayer);
    s.symbol = d("z");
    s.caption = "norm";
    s.heading = layer ? "Back through LayerNorm" : "Back through RMSNorm";
    sayNormBackward(s, c->config().norm.kind);
    NormBackwardSpec norm;
    const NumberView dx = c->numbers.at("gradient." + tensor), dout = c->numbers.at("gradient." + outputTensor(*c, sublayer));
    norm.stage = s.id;
    norm.given = d("x\u2032");
    norm.parameter = tensor;
    norm.row = c->query;
    norm.columns = c->d;
    norm.positions = dx.extent(0);
    norm.in = [dx](int i, int k) { return dx(i, k); };
    norm.z = [c, sublayer](int i, int k) {
        return c->pre ? c->stream(sublayer, i, k) : c->stream(sublayer, i, k) + sublayerOutput(*c, sublayer, i, k);
    };
    norm.inFrom = [c, sublayer, from = through.from](int k) { return c->pre ? from(k) : streamGradientRef(*c, sublayer + 1, k); };
    const std::string forward = normStage(*c, sublayer);
    norm.normedFrom = [forward, layer](int k) { return CellRef{forward, "norm", layer ? 2 : 1, k}; };
    norm.deviationFrom = {forward, "norm", layer ? 1 : 0, masterColumn};
    if (!c->pre) norm.value = [c, dout](int k) { return dout(c->query, k); };
    norm.kind = c->config().norm.kind;
    norm.epsilon = c->config().norm.epsilon;
    result = addNormBackward(s, c, norm);
    s.notes.push_back(layer ? "\u2202\u03B3 and \u2202\u03B2 are sums over all positions: what came back, times n for \u03B3."
                            : "\u2202\u03B3 is a sum over all positions: what came back, times n.");
    s.result = {s.id, "norm", normResultRow, 0};
    return s;
}

/// The stream before a sublayer: what went straight on, and what comes back through the sublayer.
Stage residualBackStage(const ContextPtr& c, int sublayer, const std::vector<double>& through, const std::function<CellRef(int)>& from) {
    Stage s;
    s.id = "d_" + residualStage(*c, sublayer);
    const std::string before = c->pre ? d("z") : d("x"), after = c->pre ? d("z\u2032") : d("z");  // as the residual sum names them
    s.symbol = before;
    s.caption = "both ways";
    s.heading = "The two ways of the residual stream meet";
    const std::string what = isFeedForward(*c, sublayer) ? "the feed-forward" : "the cross-attention";
    s.formula = before + " = straight on + through " + what.substr(4);
    s.text =
        "Forward, this row went on unchanged and through " + what +
        " as well. Backward, what comes from both ways adds up. The straight way is why deep models can be trained: nothing on it shrinks "
        "the gradient.";
    if (!c->pre)
        s.text = "Forward, this row went on unchanged and through " + what + " as well. Backward, what comes from both ways adds up.";
    const NumberView straight = c->pre ? streamGradient(*c, sublayer + 1) : c->numbers.at("gradient." + outputTensor(*c, sublayer));
    const NumberView sum = streamGradient(*c, sublayer);
    const auto value = [=](int r, int k) {
        return r == 0 ? straight(c->query, k) : r == 1 ? through[static_cast<std::size_t>(k)] : sum(c->query, k);
    };
    Grid grid = makeGrid("sum", "", GridStyle::values, 3, c->d, value);
    grid.rowLabels = {"straight on", isFeedForward(*c, sublayer) ? "+ feed-forward" : "+ cross-attention", before};
    labelColumns(grid, "dim", c->d);
    grid.current = true;
    const std::string self = s.id;
    grid.explain = [=](int r, int k) {
        if (r == 0) return sameAs(named(after, k), {value(0, k), "", outputGradientRef(*c, sublayer, k)});
        if (r == 1) return sameAs(named("through", k), {value(1, k), "", from(k)});
        return sumOf(named(before, k),
                     {single({value(0, k), "straight", {self, "sum", 0, k}}), single({value(1, k), "through", {self, "sum", 1, k}})},
                     value(2, k));
    };
    s.grids.push_back(std::move(grid));
    s.result = {s.id, "sum", 2, 0};
    return s;
}

void addSublayer(Walk& walk, const ContextPtr& c, int sublayer, Through& through) {
    if (!isFeedForward(*c, sublayer)) {
        walk.stages.push_back(crossStage(c, through));
        return;
    }
    walk.stages.push_back(downStage(c));
    walk.stages.push_back(downMatrixStage(c));
    walk.stages.push_back(bendStage(c));
    walk.stages.push_back(upStage(c, through));
    walk.stages.push_back(upMatrixStage(c));
}

}  // namespace

CellRef attentionOutputRef(const Context& c, int column) {
    return outputGradientRef(c, c.sublayer, column);
}

void addBlockBackwardStages(Walk& walk, const ContextPtr& c) {
    for (int sublayer = static_cast<int>(c->sublayers.size()) - 1; sublayer > c->sublayer; --sublayer) {
        Through through;
        std::vector<double> ofNorm;
        if (!c->pre) walk.stages.push_back(normBackStage(c, sublayer, through, ofNorm));
        addSublayer(walk, c, sublayer, through);
        std::function<CellRef(int)> from = through.from;
        if (c->pre) {
            walk.stages.push_back(normBackStage(c, sublayer, through, ofNorm));
            const std::string id = walk.stages.back().id;
            from = [id](int k) { return CellRef{id, "norm", normResultRow, k}; };
        }
        walk.stages.push_back(residualBackStage(c, sublayer, c->pre ? ofNorm : through.values, from));
    }
    std::vector<double> ofNorm;
    if (!c->pre) walk.stages.push_back(normBackStage(c, c->sublayer, {}, ofNorm));
}

}  // namespace lab::explain
