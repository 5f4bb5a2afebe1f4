// What stands between scores, weights and the heads' outputs: a learned bias of distances, a cap, a sink, a gate. Forward and back.

#include <cmath>

#include "core/explain/quantities.h"
#include "core/layers/position/relative_buckets.h"

namespace lab::explain {
namespace {

constexpr NodeRow capRows[] = {
    {"!capped", "", "bentScore := score"},
    {"capped", "cap", "cap . = custom"},
    {"capped", "${uncapped}#rc / cap", "overCap hij* = quotient score ; cap", "\u00F7 cap"},
    {"capped", "tanh(${uncapped}#rc / cap)", "capBent hij* = th overCap", "tanh"},
    {"capped", "s*#rc", "bentScore hij* $bentTensor = cap capBent", LAB_TEXT("explain", "capped")},
};

constexpr NodeRow sinkRows[] = {
    {"sinks", "\u03C8#c", "sinkLogit h $B.sink"},
    {"sinks", "\u03C8#h", "sink h.. = same sinkLogit:h"},
};

/// Behind the row's maximum, before its sum.
constexpr NodeRow sinkShareRows[] = {
    {"sinks", "\u03C8#h \u2212 max", "sinkShifted hi.* = sink - max", "\u2212 max"},
    {"sinks", "e_{\u03C8}", "sinkShare hi.* = exp sinkShifted", "e_{\u03C8}"},
};

constexpr NodeRow gateRows[] = {
    {"opens", "W_{G}#rc", "W_G (hp)c $B.gate.weight"},
    {"opens", "b#c", "b_G (hp) $B.gate.bias"},
    {"opens", "\u0393#rc", "gateSum hip = x W_G + b_G"},
    {"opens", "G#rc", "headGate hip = logistic gateSum", "G"},
    {"opens", "o\u2032#rc", "opened hip = joined headGate", "o\u2032"},
};

constexpr NodeRow gateBackRows[] = {
    {"opens", "\u2202o\u2032$head#rc", "dOpened hip = back y dy opened", "\u2202o\u2032$row"},
    {"opens", "\u2202o$head#rc", "do hip gradient.$B.head_output = dOpened headGate", "\u2202o$row"},
    {"opens", "\u2202G$head#rc", "dGate hip = dOpened joined", "\u2202G$row"},
    {"opens", "G(1 \u2212 G)", "gateSlope hip = custom"},
    {"opens", "\u2202\u0393$head#rc", "dGateSum hip = dGate gateSlope", "\u2202\u0393$row"},
};

constexpr NodeRow capBackRows[] = {
    {"!capped", "", "dsIn := dsBent"},
    {"capped", "1 \u2212 tanh\u00B2", "capSlope hij = custom"},
    {"capped", "\u2202$uncapped$head#rc", "dsIn hij gradient.$B.before_soft_cap = dsBent capSlope", "\u2202$uncapped"},
    {"sinks", "\u2202\u03C8", "dSink hi. = - sunk adaSum", "\u2202\u03C8"},
};

/// A tensor [queries, heads * head_dim] under a node that has a head in its first slot.
void readJoined(Graph& g, Node& node, const std::string& tensor) {
    const Context& c = g.context();
    if (!c.numbers.has(tensor)) return;
    node.tensor = tensor;
    node.place = [width = std::int64_t{c.block.heads} * c.headDim, of = c.headDim](Entry e) {
        return e.row * width + std::int64_t{e.head} * of + e.column;
    };
    node.read = [view = c.numbers.at(tensor), place = node.place](Entry e) { return view[place(e)]; };
}

}  // namespace

/// The number that a head has learned for the bucket of a distance.
void addDistanceBias(Graph& g) {
    const Context& c = g.context();
    static constexpr NodeRow row[] = {{"bucketed", "b", "distanceBias hij = custom", "+ b_{h,n}"}};
    g.define(row);
    Node* bias = g.find("distanceBias");
    if (!bias) return;
    const auto bucket = [position = c.config().position, causal = c.block.visibility.causal()](Entry e) {
        return relativeBucket(e.column - e.row, position.buckets, position.max_distance, causal);
    };
    bias->read = [bucket, table = c.parameter(c.variables.at("biasTable").english())](Entry e) { return table(bucket(e), e.head); };
    bias->name = [bucket](Entry e) { return Words("b_{" + text(e.head) + "," + text(bucket(e)) + "}"); };
    bias->note = [bucket](Entry e) {
        return Message(LAB_TEXT("explain", "what head %1 has learned for bucket %2, in which the distance j \u2212 i = %3 falls"))
            .arg(e.head)
            .arg(bucket(e))
            .arg(shownNumber(e.column - e.row, 0));
    };
}

void addCap(Graph& g) {
    g.define(capRows);
    g.define(sinkRows);
    if (Node* cap = g.find("cap")) cap->read = [value = g.context().config().attention.soft_cap](Entry) { return value; };
}

void addSinkShare(Graph& g) {
    g.define(sinkShareRows);
}

/// One more score in a row's maximum, one more exponential in its sum.
void addSinkTerms(Graph& g) {
    const Context& c = g.context();
    if (!c.is("sinks")) return;
    for (const auto& [name, more] : {std::pair{"max", "sink"}, {"sum", "sinkShare"}}) {
        Node& node = g.at(name);
        node.terms = [terms = node.terms, &extra = g.at(more)](Entry e) {
            std::vector<Term> all = terms(e);
            all.push_back(single(extra({e.head, e.row, 0})));
            return all;
        };
    }
    g.at("max").why = {};
    Node& sunk = g.at("sunk");
    const auto even = [&c](Entry e) { return c.headIs(Intervention::Kind::headUniform, e.head); };
    sunk.read = [&g, &sunk, even](Entry e) { return even(e) ? 0.0 : g.compute(sunk, e); };
    sunk.why = [even](Entry e) { return even(e) ? Words(LAB_TEXT("explain", "this head is made to look evenly")) : Words(); };
}

void addGate(Graph& g) {
    g.define(gateRows);
    if (Node* gate = g.find("headGate")) readJoined(g, *gate, g.context().name(".gate"));
}

void addGateBack(Graph& g, const Variables& names) {
    const Context& c = g.context();
    if (!c.is("opens")) return;
    g.define(gateBackRows, names);
    readJoined(g, g.at("dGate"), "gradient." + c.name(".gate"));
    Node& slope = g.at("gateSlope");
    slope.read = [&gate = g.at("headGate")](Entry e) { return gate.value(e) * (1.0 - gate.value(e)); };
    slope.name = [&gate = g.at("headGate")](Entry e) { return Message::joined({gate.nameOf(e), Words("(1 \u2212 G)")}, ""); };
    if (!c.setByHand(c.name(".gate"))) return;
    g.at("dGateSum").read = [](Entry) { return 0.0; };
    g.at("dGateSum").why = [](Entry) { return nothingBack(); };
}

void addCapBack(Graph& g, const Variables& names) {
    const Context& c = g.context();
    g.define(capBackRows, names);
    Node* slope = g.find("capSlope");
    if (!slope) return;
    slope->read = [cap = c.config().attention.soft_cap, &score = g.at("bentScore")](Entry e) {
        const double t = score.value(e) / cap;
        return 1.0 - t * t;
    };
    slope->name = [](Entry) { return Words("(1 \u2212 (s*/cap)\u00B2)"); };
    if (!c.is("scoresSet")) return;
    g.at("dsIn").read = [](Entry) { return 0.0; };
    g.at("dsIn").why = [](Entry) { return nothingBack(); };
}

}  // namespace lab::explain
