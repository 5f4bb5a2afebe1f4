// Adaptive computation time (core/layers/halting.h says what it is): how far each position goes, and the mean of its states, forward and
// back.

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/explain/quantities.h"

namespace lab::explain {
namespace {

/// A step leaves a row that had halted as it came.
constexpr NodeRow cameRows[] = {{"pre", "z#c", "came ic $below"}, {"post", "x#c", "came ic $below"}};

/// A state behind a step before the one in hand.
constexpr NodeRow pastRows[] = {{"pre", "z#rc", "past$t ic $tensor"}, {"post", "x#rc", "past$t ic $tensor"}};

constexpr NodeRow haltingRows[] = {
    {"", "W_{H}#c", "W_halt .c $side.halting.weight"},
    {"", "b#c", "b_halt . $side.halting.bias"},
    {"", "s_{H}", "haltScore i. = level0 W_halt + b_halt"},
    {"", "h_{H}", "unit i. = logistic haltScore"},
    {"", "h_{H}#c", "haltUnit it = custom", "h_{H}"},
    {"", "p_{H}#c", "haltShare it = custom", "p_{H}"},
    {"", "N_{H} + R_{H}", "ponder i. = custom"},
    {"pre", "z#c", "mean ic! = custom", LAB_TEXT("explain", "mean of the states")},
    {"post", "x#c", "mean ic! = custom", LAB_TEXT("explain", "mean of the states")},
};

constexpr NodeRow unitBackRows[] = {
    {"pre", "\u2202z#c", "dMeanIn ic = same $of:ic"},
    {"post", "\u2202x#c", "dMeanIn ic = same $of:ic"},
    {"", "\u2202p_{H}#c", "dShare it = custom"},
    {"", "\u03C4 / T", "dPonder . = custom"},
    {"", "\u2202h_{H}#c", "dUnit it = custom"},
    {"", "h_{H}#c", "haltUnitBack it = same haltUnit"},
    {"", LAB_TEXT("explain", "slope"), "haltSlope it = haltUnitBack - haltUnitBack haltUnitBack",
     LAB_TEXT("explain", "slope h (1 \u2212 h)")},
    {"", "\u2202s_{H}#c", "dHaltScore it = dUnit haltSlope"},
    {"", "\u2202W_{H}#c", "dW_halt .c gradient.$side.halting.weight = custom"},
};

/// What reaches the state behind step $t.
constexpr NodeRow stateRows[] = {
    {"", "p_{H}", "shareAt$t i. = custom"},
    {"", "\u2202s_{H}", "dScoreAt$t i. = custom"},
    {"", LAB_TEXT("explain", "via the mean"), "viaMean$t ic = shareAt$t dMeanIn"},
    {"", LAB_TEXT("explain", "via h_{H}"), "viaUnit$t ic = dScoreAt$t W_halt"},
    {"pre", "\u2202z#c", "dState$t ic gradient.$side.$t.residual = behind$t + viaMean$t + viaUnit$t"},
    {"post", "\u2202x#c", "dState$t ic gradient.$side.$t.residual = behind$t + viaMean$t + viaUnit$t"},
};

/// And from the step behind it; a row that had halted before that step came straight through it, too.
constexpr NodeRow behindRows[] = {
    {"", LAB_TEXT("explain", "from the step behind"), "behind$t ic = same fromStep$t:ic"},
    {"", LAB_TEXT("explain", "from the step behind"), "behind$t ic = fromStep$t:ic + $straight"},
};

std::string stepTensor(const Context& c, int step, const char* what) {
    return c.block.side + "." + text(step) + what;
}

int stepsAtMost(const Context& c) {
    return c.layersOfSide();
}

std::vector<NumberView> ofSteps(const Context& c, const std::string& side, int steps, const char* what, const std::string& before = "") {
    std::vector<NumberView> views;
    for (int t = 0; t < steps; ++t) views.push_back(c.numbers.at(before + side + "." + text(t) + what));
    return views;
}

/// The state behind a step, as the walk has it.
Node& stateOf(const Graph& g, int step) {
    const int own = g.context().block.layer;
    return g.at(step < own ? "past" + text(step) : "level" + text(step - own));
}

/// "h_{H}" of another step, which stands in that step's walk.
CellRef unitOfStep(const Graph& g, Entry e) {
    const Context& c = g.context();
    CellRef cell = g.at("unit").cell({0, e.row, 0});
    if (e.column == c.block.layer) return cell;
    cell.block = c.blockOf(c.block.side + "." + text(e.column) + ".attention");
    cell.key = c.block.cross ? 0 : -1;
    return cell;
}

Words hadHalted() {
    return LAB_TEXT("explain", "0: the row had halted before this step");
}

/// The numbers h of all steps, and what of 1 each takes.
void setShares(Graph& g) {
    const Context& c = g.context();
    const int own = c.block.layer;
    const auto units = ofSteps(c, c.block.side, stepsAtMost(c), ".halting"), shares = ofSteps(c, c.block.side, stepsAtMost(c), ".share");
    Node &unit = g.at("unit"), &each = g.at("haltUnit"), &share = g.at("haltShare");
    unit.tensor = stepTensor(c, own, ".halting");
    unit.read = [view = units[static_cast<std::size_t>(own)]](Entry e) { return view[e.row]; };
    unit.why = [&c, own](Entry e) { return c.stepsOf(e.row) <= own ? hadHalted() : Words(); };
    each.operation = Operation::given;
    each.read = [units](Entry e) { return units[static_cast<std::size_t>(e.column)][e.row]; };
    each.why = [&c](Entry e) { return c.stepsOf(e.row) <= e.column ? hadHalted() : Words(); };
    each.terms = [&g, &each](Entry e) { return std::vector{single({each.value(e), {}, unitOfStep(g, e)})}; };
    share.read = [shares](Entry e) { return shares[static_cast<std::size_t>(e.column)][e.row]; };
    share.why = [&c](Entry e) {
        if (c.setByHand(stepTensor(c, e.column, ".share"))) return Words(LAB_TEXT("explain", "set by hand"));
        return c.stepsOf(e.row) <= e.column ? hadHalted() : Words();
    };
    share.terms = [&c, &each](Entry e) {
        const int last = c.stepsOf(e.row) - 1;
        if (e.column < last) return std::vector{single(each(e))};
        std::vector<Term> terms{single({1.0, "1"})};
        for (int t = 0; t < last; ++t) {
            terms.push_back(single(each({0, e.row, t})));
            terms.back().minus = true;
        }
        return terms;
    };
}

void setMean(Graph& g) {
    const Context& c = g.context();
    Node &share = g.at("haltShare"), &ponder = g.at("ponder");
    g.at("mean").terms = [&g, &c, &share](Entry e) {
        std::vector<Term> terms;
        for (int t = 0; t < std::max(c.stepsOf(e.row), 1); ++t)
            terms.push_back(product(share({0, e.row, t}), stateOf(g, t)({0, e.row, e.column}, true)));
        return terms;
    };
    ponder.tensor = c.block.side + ".ponder";
    ponder.read = [view = c.numbers.at(ponder.tensor)](Entry e) { return view[e.row]; };
    ponder.terms = [&c, &share](Entry e) {
        const int steps = c.stepsOf(e.row);
        return std::vector{single({static_cast<double>(steps), "N_{H}"}), single(share({0, e.row, std::max(steps, 1) - 1}))};
    };
}

/// What comes back to the numbers h: what is left for the last step falls by what a step before it takes, and so does the cost.
void setUnitBack(Graph& g) {
    const Context& c = g.context();
    const int steps = stepsAtMost(c);
    const auto shares = ofSteps(c, c.block.side, steps, ".share", "gradient."),
               units = ofSteps(c, c.block.side, steps, ".halting", "gradient.");
    Node &dShare = g.at("dShare"), &dUnit = g.at("dUnit"), &cost = g.at("dPonder");
    dShare.read = [shares](Entry e) { return shares[static_cast<std::size_t>(e.column)][e.row]; };
    dShare.terms = [&g, &dMean = g.at("dMeanIn")](Entry e) {
        std::vector<Term> terms;
        const Node& state = stateOf(g, e.column);
        for (int m = 0; m < g.columns(state); ++m) terms.push_back(product(dMean({0, e.row, m}), state({0, e.row, m}, true)));
        return terms;
    };
    const double rows = c.numbers.at(c.block.side + ".steps").extent(0);
    cost.read = [cost = c.config().depth.ponder / rows](Entry) { return cost; };
    bool byHand = c.setByHand(c.block.side + ".ponder");
    for (int t = 0; t < steps; ++t) byHand = byHand || c.setByHand(stepTensor(c, t, ".share"));
    dUnit.read = [units](Entry e) { return units[static_cast<std::size_t>(e.column)][e.row]; };
    dUnit.why = [&c, byHand](Entry e) -> Words {
        const int last = c.stepsOf(e.row) - 1;
        if (e.column > last) return hadHalted();
        if (e.column == last) return LAB_TEXT("explain", "0: the step at which the row halts takes what is left, whatever its h_{H} is");
        return byHand ? Words(LAB_TEXT("explain", "nothing comes back through what is set by hand")) : Words();
    };
    dUnit.terms = [&c, &dShare, &cost](Entry e) {
        std::vector<Term> terms{single(dShare(e)), single(dShare({0, e.row, c.stepsOf(e.row) - 1})), single(cost({}))};
        terms[1].minus = terms[2].minus = true;
        return terms;
    };
    Node& score = g.at("dHaltScore");
    score.why = [&c](Entry e) { return c.setByHand(stepTensor(c, e.column, ".halting")) ? nothingBack() : Words(); };
    score.read = [&c, &dUnit, &slope = g.at("haltSlope")](Entry e) {
        return c.setByHand(stepTensor(c, e.column, ".halting")) ? 0.0 : dUnit.value(e) * slope.value(e);
    };
    g.at("dW_halt").terms = [&g, &score, steps, count = static_cast<int>(rows)](Entry e) {
        std::vector<Term> terms;
        for (int t = 0; t < steps; ++t)
            for (int row = 0; row < count; ++row)
                if (score.value({0, row, t}) != 0.0)
                    terms.push_back(product(score({0, row, t}, true), stateOf(g, t)({0, row, e.column}, true)));
        return terms;
    };
}

}  // namespace

std::string addLeftAsItCame(Graph& g) {
    const Context& c = g.context();
    g.define(cameRows);
    const std::string below = c.block.side + "." + text(c.block.layer - 1) + ".attention";
    g.at("came").elsewhere = [cross = c.block.cross, to = c.blockOf(below), query = c.query](Entry e) {
        return CellRef{"later", "stream", 0, e.column, e.row == query ? -1 : e.row, cross ? 0 : -1, to};
    };
    return "came";
}

void addHalting(Graph& g) {
    const Context& c = g.context();
    const Variables side{{"side", c.block.side}};
    for (int t = 0; t < c.block.layer; ++t) {
        const std::string step = c.block.side + "." + text(t);
        g.define(pastRows, {{"t", text(t)}, {"tensor", step + ".residual"}});
        Node& past = g.at("past" + text(t));
        past.label = Message(LAB_TEXT("explain", "after layer %1")).arg(t);
        past.elsewhere = [cross = c.block.cross, to = c.blockOf(step + ".attention"), query = c.query](Entry e) {
            return CellRef{"later", "stream", 0, e.column, e.row == query ? -1 : e.row, cross ? 0 : -1, to};
        };
    }
    g.define(haltingRows, side);
    setShares(g);
    setMean(g);
    if (c.is("halted"))
        g.at("level0").note = [](Entry) { return LAB_TEXT("explain", "the row had halted: the step leaves it as it came"); };
}

void addHaltingBack(Graph& g, const std::string& of) {
    const Context& c = g.context();
    g.define(unitBackRows, {{"of", of}, {"side", c.block.side}});
    setUnitBack(g);
}

std::string addStateBack(Graph& g, int step, Node* fromStep) {
    const Context& c = g.context();
    const std::string t = text(step), next = text(step + 1);
    const Variables v{{"t", t}, {"side", c.block.side}};
    if (fromStep) {
        g.adopt("fromStep" + t, *fromStep);
        const bool left = c.stepsOf(c.query) <= step + 1;
        g.define({&behindRows[left ? 1 : 0], 1}, {{"t", t}, {"straight", "dState" + next}});
    }
    g.define(std::span(stateRows).first(2), v);
    for (const auto& [name, from] : {std::pair{"shareAt", "haltShare"}, {"dScoreAt", "dHaltScore"}}) {
        Node &at = g.at(name + t), &all = g.at(from);
        at.operation = Operation::given;
        at.read = [&all, step](Entry e) { return all.value({0, e.row, step}); };
        at.name = [&all, step](Entry e) { return all.nameOf({0, e.row, step}); };
        at.elsewhere = [&all, step](Entry e) { return all.cell({0, e.row, step}); };
    }
    g.define(std::span(stateRows).subspan(2), v);
    return "dState" + t;
}

std::function<double(Entry)> meanOfStates(const Context& c, const std::string& side, int steps) {
    return [states = ofSteps(c, side, steps, ".residual"), shares = ofSteps(c, side, steps, ".share")](Entry e) {
        double sum = 0.0;
        for (std::size_t t = 0; t < states.size(); ++t) sum += shares[t][e.row] * states[t](e.row, e.column);
        return sum;
    };
}

void addEncoderRows(Graph& g) {
    const Context& c = g.context();
    static constexpr NodeRow traced[] = {{"!reading", "m#c", "memory jc $memory"}, {"reading", "x#c", "memory jc $memory"}};
    static constexpr NodeRow computed[] = {{"!reading", "m#c", "memory jc = custom"}, {"reading", "x#c", "memory jc = custom"}};
    const bool mean = endsInMean(c.config());
    g.define(mean ? std::span<const NodeRow>(computed) : std::span<const NodeRow>(traced));
    if (mean) g.at("memory").read = meanOfStates(c, "encoder", c.config().num_layers);
    g.at("memory").elsewhere = encoderCell(c);
}

}  // namespace lab::explain
