// Weights that fade (kernels retention and gated-linear): what is left of a key, where a learned decay comes from, and the norm behind a
// head's sum. Forward and back.

#include "core/layers/attention/decay.h"

#include "core/explain/quantities.h"

namespace lab::explain {
namespace {

constexpr NodeRow headDecayRows[] = {
    {"fades !learnsDecay", "\u03B3_{h}", "decayFactor h.. = custom"},
    {"fades !learnsDecay", "i \u2212 j", "gap ij = custom"},
    {"fades !learnsDecay", "\u03BB#rc", "decay hij* $B.decay = power decayFactor ; gap", "\u03BB"},
};

/// What a token keeps of all before it has its head in the row and the token in the column.
constexpr NodeRow learnedDecayRows[] = {
    {"learnsDecay", "W_{\u03B1}#rc", "W_a hc $B.decay.weight"},
    {"learnsDecay", "b#c", "b_a h $B.decay.bias"},
    {"learnsDecay", "\u039B#c", "keptLogit hj* = xKey W_a + b_a", "\u039B"},
    {"learnsDecay", "logistic(\u039B#c)", "keptBent hj* = logistic keptLogit", "logistic(\u039B)"},
    {"learnsDecay", "1/16", "keptRoot . = custom"},
    {"learnsDecay", "\u03B1#c", "retained hj* = power keptBent ; keptRoot", "\u03B1"},
    {"learnsDecay", "\u03BB#rc", "decay hij* $B.decay = custom", "\u03BB"},
};

constexpr NodeRow headNormRows[] = {
    {"fades", "o\u0303#rc", "headSum hip* $B.unnormalised_head_output = weight v", "o\u0303_{$i}"},
    {"fades", "", "mix := headSum"},
    {"fades", "rms", "headSpread hi. = deviation headSum headSum", "rms"},
    {"fades", "o#rc", "mixed hip* $B.head_output = quotient headSum ; headSpread", "o_{$i}"},
};

constexpr NodeRow headNormBackRows[] = {
    {"!fades", "", "dMix := do"},
    {"fades", "o$head#rc", "normedBack hip = same mixed", "o$row"},
    {"fades", "\u2202o$head#rc o$head#rc", "alongBack hip = do normedBack", "\u2202o \u00B7 o"},
    {"fades", LAB_TEXT("explain", "mean(\u2202o o)"), "alongMean hi. = mean alongBack", LAB_TEXT("explain", "mean")},
    {"fades", "\u2202o\u22A5$head#rc", "acrossBack hip = do - normedBack alongMean", "\u2202o\u22A5$row"},
    {"fades", "rms", "spreadBack hi. = same headSpread", "rms"},
    {"fades", "\u2202o\u0303$head#rc", "dMix hip gradient.$B.unnormalised_head_output = quotient acrossBack ; spreadBack",
     "\u2202o\u0303$row"},
};

constexpr NodeRow decayBackRows[] = {
    {"fades", "\u03BB$head#rc", "decayBack hij = same decay", "\u03BB"},
};

/// From the weights' gradient to what a learned decay was read off.
constexpr NodeRow keptBackRows[] = {
    {"", "\u2202a$head#rc", "daKept hij = same da", "\u2202a"},
    {"", "s$head#rc", "sKept hij = same masked", "s"},
    {"", "\u2202\u03BB$head#rc", "dDecay hij gradient.$B.decay = daKept sKept", "\u2202\u03BB"},
    {"", LAB_TEXT("explain", "sum of \u2202\u03BB \u03BB"), "dKeptSum hj* = custom", "\u03A3 \u2202\u03BB \u03BB"},
    {"", "\u2202\u03B1$head#c", "dKept hj* = quotient dKeptSum ; retained", "\u2202\u03B1"},
    {"", "\u03B1\u2032$head#c", "keptSlope hj* = custom", "\u03B1\u2032"},
    {"", "\u2202\u039B$head#c", "dKeptLogit hj* = dKept keptSlope", "\u2202\u039B"},
    {"", "\u2202W_{\u03B1}#rc", "dW_a hc gradient.$B.decay.weight = dKeptLogit xKey"},
};

bool fadesNot(const Context& c, Entry e) {
    return c.masked(e.head, e.row, e.column);
}

/// A tensor [tokens, heads] under a node of heads and tokens.
void readKept(const Context& c, Node& node, const std::string& tensor) {
    if (!c.numbers.has(tensor)) return;
    const NumberView view = c.numbers.at(tensor);
    node.tensor = tensor;
    node.place = [heads = c.block.heads](Entry e) { return std::int64_t{e.column} * heads + e.row; };
    node.read = [view, place = node.place](Entry e) { return view[place(e)]; };
}

void addHeadDecay(Graph& g) {
    Node* factor = g.find("decayFactor");
    if (!factor) return;
    factor->read = [](Entry e) { return keptByHead(e.head); };
    factor->note = [](Entry e) {
        return Message(LAB_TEXT("explain",
                                "fixed: 1 \u2212 2^{\u2212"
                                "5 \u2212 h}, of head %1"))
            .arg(e.head);
    };
    g.at("gap").read = [](Entry e) { return static_cast<double>(e.row - e.column); };
}

/// Each token between key and query takes its share, the query's own the last.
void addLearnedDecay(Graph& g) {
    Node* kept = g.find("retained");
    if (!kept) return;
    readKept(g.context(), *kept, g.context().name(".kept"));
    g.at("keptRoot").read = [](Entry) { return 1.0 / decayRoot; };
    Node& decay = g.at("decay");
    decay.terms = [kept, &decay](Entry e) {
        return std::vector{product((*kept)({0, e.head, e.row}), decay({e.head, e.row - 1, e.column}))};
    };
}

}  // namespace

void addDecay(Graph& g) {
    const Context& c = g.context();
    g.define(headDecayRows);
    g.define(learnedDecayRows);
    addHeadDecay(g);
    addLearnedDecay(g);
    Node* decay = g.find("decay");
    if (!decay) return;
    decay->why = [learned = c.is("learnsDecay")](Entry e) -> Words {
        if (e.column > e.row) return Message(LAB_TEXT("explain", "0: key %1 comes after query %2")).arg(e.column).arg(e.row);
        return learned && e.column == e.row ? Words(LAB_TEXT("explain", "1: no token lies between")) : Words();
    };
}

void addHeadNorm(Graph& g) {
    g.define(headNormRows);
    if (Node* spread = g.find("headSpread")) spread->epsilon = g.context().config().norm.epsilon;
}

void addHeadNormBackOfSum(Graph& g, const Variables& names) {
    const Context& c = g.context();
    g.define(headNormBackRows, names);
    if (!c.is("fades")) return;
    g.at("dMix").why = [&c](Entry e) {
        const bool cut = c.headIs(Intervention::Kind::headOff, e.head) || c.setByHand(c.name(".head_output"));
        return cut ? Words(LAB_TEXT("explain", "0: the head\u2019s output does not depend on it")) : Words();
    };
}

void addDecayBack(Graph& g, const Variables& names) {
    g.define(decayBackRows, names);
}

void addKeptBack(Graph& g) {
    const Context& c = g.context();
    if (!c.is("learnsDecay")) return;
    g.define(keptBackRows, {{"head", c.is("behind") ? "^h" : ""}});
    readKept(c, g.at("dKept"), "gradient." + c.name(".kept"));
    Node &dDecay = g.at("dDecay"), &sum = g.at("dKeptSum"), &dKept = g.at("dKept"), &kept = g.at("retained"), &decay = g.at("decay");
    dDecay.why = [&c](Entry e) -> Words {
        if (c.is("weightsSet")) return LAB_TEXT("explain", "0: the weights are set by hand, no gradient passes them");
        if (c.headIs(Intervention::Kind::headUniform, e.head))
            return LAB_TEXT("explain", "0: the head is made to look evenly, no gradient passes its weights");
        return fadesNot(c, e) ? Words(LAB_TEXT("explain", "0: the key is hidden")) : Words();
    };
    sum.terms = [&c, &dDecay, &decay](Entry e) {
        std::vector<Term> terms;
        for (int i = e.column; i < c.queries; ++i)
            for (int j = 0; j < e.column; ++j)
                if (!fadesNot(c, {e.row, i, j})) terms.push_back(product(dDecay({e.row, i, j}, true), decay({e.row, i, j}, true)));
        return terms;
    };
    // As the trace has it: a sum over pairs for every token would be long.
    if (!dKept.tensor.empty()) sum.read = [&dKept, &kept](Entry e) { return dKept.value(e) * kept.value(e); };
    Node &slope = g.at("keptSlope"), &bent = g.at("keptBent"), &dLogit = g.at("dKeptLogit");
    slope.terms = [&g, &kept, &bent](Entry e) {
        const Operand rest{1.0 - bent.value(e), Message::joined({Words("1 \u2212 "), bent.nameOf(e)}, "")};
        return std::vector{Term{{kept(e), rest, g.at("keptRoot")({})}, false}};
    };
    const auto nothing = [](Node& node) {
        node.read = [](Entry) { return 0.0; };
        node.why = [](Entry) { return nothingBack(); };
    };
    if (c.setByHand(c.name(".decay"))) nothing(sum);
    if (c.setByHand(c.name(".kept"))) nothing(dLogit);
}

}  // namespace lab::explain
