// Random features (kernel performer): from a query or key by the random matrix to its features, and back.

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/explain/quantities.h"
#include "core/layers/attention/random_features.h"

namespace lab::explain {
namespace {

constexpr NodeRow drawnConstants[] = {
    {"drawn", "\u03A9#rc", "omega np = custom"},
    {"drawn", "\u2074\u221A$D", "fourthRoot . = custom"},
    {"drawn", "\u221A$F", "featureRoot . = custom"},
    {"drawn", "\u00BD", "half . = custom"},
};

/// Of queries (node q) or keys.
constexpr NodeRow drawnRows[] = {
    {"", "${node}\u0302#rc", "hat$name h${row}p! = quotient $node ; fourthRoot", "${node}\u0302"},
    {"", "\u00BD|${node}\u0302#r|\u00B2", "square$name h$row. = half hat$name hat$name", "\u00BD|${node}\u0302|\u00B2"},
    {"", "\u03C4_{$node}#rc", "exponent$name h${row}n! = hat$name omega - square$name", "\u03C4_{$node}"},
};

constexpr NodeRow queryFeatureRows[] = {
    {"", "M_{q}#r", "topQ hi. = maximum exponentQ", "M_{q}"},
};

/// Of a key by itself, and of all keys that a query may compare: with a causal mask those up to it.
constexpr NodeRow keyFeatureRows[] = {
    {"", "max \u03C4_{k}#r", "ownTopK hj. = maximum exponentK", LAB_TEXT("explain", "largest")},
    {"", "M_{k}#r", "topK hj. = maximum custom", "M_{k}"},
};

constexpr NodeRow grownRows[] = {
    {"", "\u03C4_{$node}#rc \u2212 M_{$node}#r", "below$name h${row}n = exponent$name - top$name", "\u2212 M_{$node}"},
    {"", "exp(\u03C4_{$node}#rc \u2212 M_{$node}#r)", "grown$name h${row}n = exp below$name", "exp"},
    {"", "\u03C6(${of}#rc)", "phi$name h${row}n! = quotient grown$name ; featureRoot", "\u03C6($of)"},
};

/// With a causal mask the largest exponent grows from key to key; products are brought to the query's.
constexpr NodeRow riseRows[] = {
    {"rises", "M_{k}#c \u2212 M_{k}#r", "riseLog hij* = topK - topK:hi.", "M_{k j} \u2212 M_{k $i}"},
    {"rises", "\u0394#rc", "rise hij* = exp riseLog", "\u0394"},
    {"rises", "\u0394#rc \u03C6($qk#r) \u00B7 \u03C6($k#c)", "score hij* $B.scores = dot rise", "\u0394 $phiq \u00B7 $phik"},
};

constexpr NodeRow exactRows[] = {
    {"drawn", "softmax", "exact hij $B.exact_weights", LAB_TEXT("explain", "the softmax\u2019s")},
    {"drawn", LAB_TEXT("explain", "distance"), "exactDistance hi. = custom", LAB_TEXT("explain", "distance")},
};

/// From the gradient of features, "dPhi$name", to that of what they were made of.
constexpr NodeRow drawnBackRows[] = {
    {"", "\u03C6($of#rc)", "phiBack$name ${row}n = same phi$name:${row}n", "\u03C6"},
    {"", "\u2202\u03C4_{$node}$head#rc", "dExponent$name ${row}n! = dPhi$name phiBack$name", "\u2202\u03C4_{$node}"},
    {"", "\u03A3 \u2202\u03C4_{$node}", "dExponentSum$name ${row}. = dExponent$name", "\u03A3"},
    {"", "${node}\u0302#rc", "hatBack$name ${row}p = same hat$name:${row}p", "${node}\u0302"},
    {"", "\u2202${node}\u0302$head#rc", "dHat$name ${row}p! = dExponent$name omega - dExponentSum$name hatBack$name",
     "\u2202${node}\u0302"},
    {"", "\u2202$met$head#rc", "$result ${row}p gradient.$B.$tensor = quotient dHat$name ; fourthRoot", "\u2202$met"},
};

Variables drawnNames(const Context& c, bool ofQueries) {
    const char* const node = ofQueries ? "q" : "k";
    return {
        {"name", ofQueries ? "Q" : "K"}, {"row", ofQueries ? "i" : "j"}, {"node", node}, {"of", c.variables.at(ofQueries ? "qk" : "k")}};
}

void addConstants(Graph& g) {
    const Context& c = g.context();
    const AttentionConfig& attention = c.config().attention;
    const auto drawn = std::make_shared<const RandomFeatures>(c.headDim, attention.features, attention.feature_seed, c.block.name);
    Node& omega = g.at("omega");
    omega.read = [drawn, width = c.headDim](Entry e) { return drawn->matrix()[static_cast<std::size_t>(e.row * width + e.column)]; };
    omega.note = [](Entry) { return LAB_TEXT("explain", "drawn once, before training; no gradient changes it"); };
    const auto constant = [&g](const char* name, double value) { g.at(name).read = [value](Entry) { return value; }; };
    constant("fourthRoot", std::pow(static_cast<double>(c.headDim), 0.25));
    constant("featureRoot", std::sqrt(static_cast<double>(attention.features)));
    constant("half", 0.5);
}

/// The largest exponent of keys 0 .. j with a causal mask, else of all.
void addTopOfKeys(Graph& g) {
    const Context& c = g.context();
    Node &top = g.at("topK"), &own = g.at("ownTopK");
    top.terms = [&c, &top, &own](Entry e) {
        std::vector<Term> terms;
        if (c.is("rises")) {
            if (e.row > 0) terms.push_back(single(top({e.head, e.row - 1, 0})));
            terms.push_back(single(own(e)));
            return terms;
        }
        for (int j = 0; j < c.keys; ++j) terms.push_back(single(own({e.head, j, 0})));
        return terms;
    };
    top.read = [&c, &own](Entry e) {
        double largest = own.value({e.head, 0, 0});
        for (int j = 1; j < (c.is("rises") ? e.row + 1 : c.keys); ++j) largest = std::max(largest, own.value({e.head, j, 0}));
        return largest;
    };
}

}  // namespace

void addDrawnFeatures(Graph& g) {
    const Context& c = g.context();
    g.define(drawnConstants);
    if (!c.is("drawn")) return;
    addConstants(g);
    for (const bool ofQueries : {true, false}) {
        const Variables names = drawnNames(c, ofQueries);
        g.define(drawnRows, names);
        g.define(ofQueries ? std::span<const NodeRow>(queryFeatureRows) : std::span<const NodeRow>(keyFeatureRows));
        g.define(grownRows, names);
    }
    addTopOfKeys(g);
}

void addRise(Graph& g) {
    g.define(riseRows);
    Node* log = g.find("riseLog");
    if (!log) return;
    log->read = [&g, log](Entry e) { return e.column > e.row ? 0.0 : g.compute(*log, e); };
    log->why = [](Entry e) {
        return e.column > e.row ? Words(LAB_TEXT("explain", "0: the key comes after the query, which does not see it")) : Words();
    };
}

void addExactWeights(Graph& g) {
    const Context& c = g.context();
    g.define(exactRows);
    if (!c.is("drawn")) return;
    if (Node* exact = g.find("exact"))
        exact->note = [](Entry) { return LAB_TEXT("explain", "what the softmax would give this key; nothing is made of it"); };
    Node& distance = g.at("exactDistance");
    distance.note = [](Entry) { return LAB_TEXT("explain", "half the sum of what the weights differ by from the softmax\u2019s"); };
    const NumberView view = c.numbers.at(c.name(".weights_distance"));
    distance.read = [view, queries = c.queries](Entry e) { return view[std::int64_t{e.head} * queries + e.row]; };
}

void addDrawnBack(Graph& g, bool ofQueries, const char* row, const Words& head) {
    Variables names = drawnNames(g.context(), ofQueries);
    names["row"] = row;
    names["head"] = head;
    names["met"] = g.context().variables.at(ofQueries ? "q" : "k");
    names["result"] = ofQueries ? "dq" : "dk";
    names["tensor"] = ofQueries ? "query" : "key";
    g.define(drawnBackRows, names);
}

}  // namespace lab::explain
