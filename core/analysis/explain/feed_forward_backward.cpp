// Back through the feed-forward: the stages of the layer in hand, and the grids of later ones.

#include <cmath>

#include "core/analysis/explain/layer_backward.h"

namespace lab::explain {
namespace {

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

TransposedSpec downSpec(const ContextPtr& c) {
    const FeedForwardViews f(*c);
    TransposedSpec spec;
    spec.stage = "d_ffn_down";
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
    spec.asRow = c->later;
    return spec;
}

Stage downStage(const ContextPtr& c) {
    Stage s;
    s.id = "d_ffn_down";
    s.symbol = d("f");
    s.caption = "via W_{down}";
    s.heading = "Back through the feed-forward\u2019s second matrix";
    s.formula = d("f_{p}") + " = \u03A3_{m} " + d("y_{m}") + " W_{down m,p}";
    s.text = "At a residual sum the gradient goes both ways unchanged. The way through the feed-forward begins with its last matrix.";
    addTransposed(s, downSpec(c));
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

/// Where a cell of the bend stands on the way forward.
CellRef forwardBendRef(const Context& c, int row, int column) {
    const CellRef cell{"ffn_bend", "bend", row, column};
    return c.later ? inOwnWalk(c, c.head, cell) : cell;
}

/// Rows df, u, slope, du; gated: df, g, u, silu(g), silu'(g), du, dg.
Grid bendGrid(const ContextPtr& c, const std::string& stage) {
    const FeedForwardViews f(*c);
    const Operation slope = slopeOf(c->config().feed_forward.activation);
    const auto read = [c, f](int r, int k) { return f.up(c->query, (r - 1) * f.dff + k); };  // rows 1 and, gated, 2
    const int slopeRow = f.gated ? 4 : 2;
    const TransposedSpec down = downSpec(c);
    const auto bent = [=](int r, int k) {
        return bendAt(r == 3 ? named("silu", k) : named("slope", k), r == slopeRow ? slope : Operation::silu,
                      {read(1, k), "", {stage, "bend", 1, k}});
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
        const auto cell = [&](int row, const std::string& name) { return Operand{value(row, k), name, {stage, "bend", row, k}}; };
        if (r == 0) return c->later ? down.expression(k) : sameAs(named(d("f"), k), {value(0, k), "", down.resultRef(k)});
        if (r <= f.uRow()) return sameAs(named(f.gated && r == 1 ? "g" : "u", k), {value(r, k), "", forwardBendRef(*c, r - 1, k)});
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
    addBendBackward(s, c);
    s.result = {s.id, "bend", s.grids.front().rows - 1, 0};
    return s;
}

TransposedSpec upSpec(const ContextPtr& c, const std::string& stage, bool gate) {
    const FeedForwardViews f(*c);
    TransposedSpec spec;
    spec.stage = stage;
    spec.asRow = c->later;
    spec.id = gate ? "gate" : "up";
    spec.result = f.gated ? (gate ? "via g" : "via u") : wayName(*c, "via u");
    spec.given = gate ? d("g") : d("u");
    spec.weightName = gate ? "W_{gate}" : "W_{up}";
    spec.rows = c->d;
    spec.columns = f.dff;
    const int first = f.gated && !gate ? f.dff : 0, row = f.gradientRow(gate);
    spec.g = [c, f, first](int m) { return f.dup(c->query, first + m); };
    spec.gFrom = [bend = c->later ? stage : std::string("d_ffn_bend"), row](int m) { return CellRef{bend, "bend", row, m}; };
    spec.weight = c->parameter(c->layer + ".feed_forward." + spec.id + ".weight");
    spec.columnsAre = "dim m";
    if (!f.gated && c->pre) {
        const NumberView dnormed = c->numbers.at("gradient." + c->layer + ".feed_forward_norm");
        spec.value = [c, dnormed](int k) { return dnormed(c->query, k); };
    }
    return spec;
}

/// Both ways of a gated feed-forward together.
Grid bothGrid(const ContextPtr& c, const TransposedSpec& gateSpec, const TransposedSpec& upSpec, const std::vector<double>& gate,
              const std::vector<double>& up) {
    const NumberView traced = c->pre ? c->numbers.at("gradient." + c->layer + ".feed_forward_norm") : NumberView();
    const auto value = [=](int k) {
        const auto at = static_cast<std::size_t>(k);
        return traced ? traced(c->query, k) : gate[at] + up[at];
    };
    Grid grid = makeGrid("both", c->later ? "" : "both ways together", GridStyle::values, 1, c->d, [&](int, int k) { return value(k); });
    grid.rowLabels = {wayName(*c, "together")};
    labelColumns(grid, "dim", c->d);
    grid.current = true;
    grid.explain = [=](int, int k) {
        const auto at = static_cast<std::size_t>(k);
        return sumOf(named(wayName(*c, "together"), k),
                     {single({gate[at], "via g", gateSpec.resultRef(k)}), single({up[at], "via u", upSpec.resultRef(k)})}, value(k));
    };
    return grid;
}

Stage upStage(const ContextPtr& c, Through& through) {
    Stage s;
    const bool gated = c->config().feed_forward.activation == Activation::swiglu;
    s.id = "d_ffn_up";
    s.symbol = wayName(*c, gated ? "via g, u" : "via u");
    s.caption = "via W_{up}";
    s.heading = "Back through the feed-forward\u2019s first matrix";
    const std::string x = d("x_{i}") + (c->pre ? "" : gated ? " via g and u" : " via u");
    s.formula = gated ? x + " = \u03A3_{m} " + d("g_{m}") + " W_{gate m,i} + \u03A3_{m} " + d("u_{m}") + " W_{up m,i}"
                      : x + " = \u03A3_{m} " + d("u_{m}") + " W_{up m,i}";
    s.text = gated ? "The row was read twice, so it gets back from both matrices."
                   : "The same rule once more, to the row that the feed-forward read.";
    through = addUpBackward(s, c);
    s.result = through.from(0);
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

}  // namespace

void addBendBackward(Stage& stage, const ContextPtr& c) {
    stage.grids.push_back(bendGrid(c, stage.id));
}

Through addUpBackward(Stage& stage, const ContextPtr& c) {
    const bool gated = c->config().feed_forward.activation == Activation::swiglu;
    const TransposedSpec gate = upSpec(c, stage.id, true), up = upSpec(c, stage.id, false);
    const std::size_t first = stage.grids.size();
    std::vector<double> ofGate;
    Through through;
    for (const TransposedSpec* spec : {&gate, &up}) {
        if (spec == &gate && !gated) continue;
        addTransposed(stage, *spec);
        for (int k = 0; k < c->d; ++k) (spec == &gate ? ofGate : through.values).push_back(spec->at(k));
    }
    through.from = [up](int k) { return up.resultRef(k); };
    if (!gated) return through;
    Grid both = bothGrid(c, gate, up, ofGate, through.values);
    through.values = both.values;
    through.from = [id = stage.id](int k) { return CellRef{id, "both", 0, k}; };
    if (c->later) {  // rows of the same columns
        stage.grids.back().columnLabels.clear();
        both.columnLabels.clear();
    }
    // Above the matrices, but below the rows that it adds up.
    stage.grids.insert(c->later ? stage.grids.end() : stage.grids.begin() + static_cast<std::ptrdiff_t>(first), std::move(both));
    return through;
}

Through addFeedForwardBackwardStages(Walk& walk, const ContextPtr& c) {
    Through through;
    walk.stages.push_back(downStage(c));
    walk.stages.push_back(downMatrixStage(c));
    walk.stages.push_back(bendStage(c));
    walk.stages.push_back(upStage(c, through));
    walk.stages.push_back(upMatrixStage(c));
    return through;
}

}  // namespace lab::explain
