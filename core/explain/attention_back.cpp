// An attention block on the way back: what comes back through each operation follows from the graph of the way forward.

#include <cmath>

#include "core/explain/quantities.h"
#include "core/layers/attention/linear_kernel.h"

namespace lab::explain {
namespace {

constexpr NodeRow outputBackRows[] = {
    {"!reading", "\u2202y#rc", "dy im = same dOut:im", "\u2202y_{$i}"},
    {"reading", "\u2202r#rc", "dy im = same dOut:im", "\u2202r_{$i}"},
};

constexpr NodeRow headBackRows[] = {
    {"!opens", "\u2202o$head#rc", "do hip gradient.$B.head_output = back y dy joined", "\u2202o$row"},
};

constexpr NodeRow attentionBackRows[] = {
    {"", "\u2202a$head#rc", "da hij gradient.$B.weights = back mix dMix weight", "\u2202a$rowj"},
    {"cut", "", "passes h.. = custom"},
    {"", "a$head#rc", "aBack hij = same weight", "a"},
    {"", "\u2202a$head#rc", "daBack hij = same da", "\u2202a"},
    {"!signed", "a#rc \u2202a#rc", "ada hij = aBack daBack", "a \u00B7 \u2202a"},
    {"!signed", "\u03A3 a \u2202a", "adaSum hi. = ada", "$adaSum"},
    {"!signed", "\u2202a#rc \u2212 \u03A3", "better hij = daBack - adaSum", "\u2202a \u2212 \u03A3"},
    {"softmax", "\u2202$s$head#rc", "ds hij gradient.$B.scores = aBack better", "\u2202$s"},
    {"product", "\u2202s$head#rc", "ds hij gradient.$B.scores = same daBack", "\u2202s"},
    {"fades", "\u2202s$head#rc", "ds hij gradient.$B.scores = daBack decayBack", "\u2202s"},
    {"features !behind", "\u2202s#rc", "ds hij gradient.$B.scores = quotient better ; sum", "\u2202s"},
    {"features behind", "1/\u03A3", "oneOverSum hi. = custom"},
    {"features behind", "\u2202s$head#rc", "ds hij gradient.$B.scores = oneOverSum daBack - oneOverSum adaSum", "\u2202s"},
};

/// From what reaches the scores as they were made of q and k.
constexpr NodeRow scaleBackRows[] = {
    {"rooted", "$scale", "perProduct . = custom"},
    {"rooted", "\u2202(qk)#rc", "dqk hij = dsIn perProduct", "($scale) \u2202$uncapped"},
    {"!rooted !rises", "\u2202(qk)#rc", "dqk hij = ds", "\u2202s"},
    {"rises", "\u0394#rc", "riseBack hij = same rise"},
    {"rises", "\u2202(qk)#rc", "dqk hij = ds riseBack", "\u0394 \u2202s"},
};

constexpr NodeRow productBackRows[] = {
    {"linear", "\u03C6\u2032($q#rc)", "slopeQ hip = phiSlope q"},
    {"linear", "\u03C6\u2032($k#rc)", "slopeK hjp = phiSlope k"},
    {"!features !relates", "\u2202$q$head#rc", "dq hip gradient.$B.${kind}query = back dot dqk Q", "\u2202$q$row"},
    {"relates", "\u2202$q$head#rc", "dq hip gradient.$B.${kind}query = back dot dqk Q + dPlace places", "\u2202$q$row"},
    {"linear", "\u2202$q$head#rc", "dq hip gradient.$B.${kind}query = dqk K slopeQ", "\u2202$q$row"},
    {"drawn", "\u2202\u03C6($q)$head#rc", "dPhiQ hin = dqk K", "\u2202\u03C6($q)"},
};

/// From what reaches q as it met the keys to its projection.
constexpr NodeRow queryBackRows[] = {
    {"rope !querySet", "\u2202q$hat$head#rc", "dq1 hip = custom", LAB_TEXT("explain", "turned back")},
    {"!rope !querySet", "", "dq1 := dq"},
    {"querySet", "\u2202q$hat$head#rc", "dq1 hip = custom", "\u2202q$hat"},
    {"!normed", "", "dq0 := dq1"},
};

/// What every reader of the key in hand sends back to it.
constexpr NodeRow readerRows[] = {
    {"", "a#rc", "aRead hij = same weight", "a_{i,$j}"},
    {"", "\u2202${oSum}#rc", "doRead hip = same dMix"},
    {"!cut", "\u2202v#rc", "dv kjp gradient.$B.${kind}value = aRead doRead", "\u2202v_{$j}"},
    {"cut", "\u2202v#rc", "dv kjp gradient.$B.${kind}value = aRead doRead passes", "\u2202v_{$j}"},
    {"rooted", "\u2202(qk)#rc", "dqkRead hij = dsIn perProduct", "($scale) \u2202${uncapped}_{i,$j}"},
    {"!rooted !rises", "\u2202(qk)#rc", "dqkRead hij = ds", "\u2202s_{i,$j}"},
    {"rises", "\u2202(qk)#rc", "dqkRead hij = ds riseBack", "\u0394 \u2202s_{i,$j}"},
    {"!features", "$qk#rc", "QRead hip = same Q"},
    {"linear", "\u03C6($qk#rc)", "QRead hip = same Q"},
    {"drawn", "\u03C6($qk#rc)", "QRead hin = same Q"},
    {"!features !relates", "\u2202$k#rc", "dk kjp gradient.$B.${kind}key = dqkRead QRead", "\u2202${k}_{$j}"},
    {"relates !map", "", "dPlaceRead := dqkRead"},
    {"relates map", "\u2202(uk)#rc", "dPlaceRead hij = same dPlace", "(1/\u221Ad_{h}) \u2202${uncapped}_{i,$j}"},
    {"relates", "\u2202$k#rc", "dk kjp gradient.$B.${kind}key = dqkRead QRead + dPlaceRead contentBias", "\u2202${k}_{$j}"},
    {"linear", "\u2202$k#rc", "dk kjp gradient.$B.${kind}key = dqkRead QRead slopeK", "\u2202${k}_{$j}"},
    {"drawn", "\u2202\u03C6($k)#rc", "dPhiK kjn = dqkRead QRead", "\u2202\u03C6($k)"},
};

constexpr NodeRow keyBackRows[] = {
    {"unit", "\u2202$k#rc", "unitBack.given kjp = same dk"},
    {"unit", "$k#rc", "unitBack.unit kjp = same unit.result"},
    {"unit", "$k#c \u2202$k#c", "unitBack.both kjp = unitBack.unit unitBack.given"},
    {"unit", "$k \u00B7 \u2202$k", "unitBack.along kj. = unitBack.both", "$k \u00B7 \u2202$k"},
    {"unit", "\u2202$k\u22A5#c", "unitBack.across kjp = unitBack.given - unitBack.unit unitBack.along"},
    {"unit", "$longLength", "unitBack.length kj. = same unit.length"},
    {"unit !unitSet", "\u2202$long#rc", "dk2 kjp gradient.$B.undivided_key = quotient unitBack.across ; unitBack.length"},
    {"unitSet", "\u2202$long#rc", "dk2 kjp = custom"},
    {"!unit", "", "dk2 := dk"},
    {"rope !keySet", "\u2202k$hat#rc", "dk1 kjp = custom", LAB_TEXT("explain", "turned back")},
    {"!rope !keySet", "", "dk1 := dk2"},
    {"keySet", "\u2202k$hat#rc", "dk1 kjp = custom"},
    {"!normed", "", "dk0 := dk1"},
};

constexpr NodeRow matrixRows[] = {
    {"!kv", "\u2202$WQ$step#rc", "dW_Q (hp)c gradient.$B.${kind}query.weight = back q0 dq0 W_Q"},
    {"kv !keyvalue", "\u2202W_{K}$step#rc", "dW_Q (hp)c gradient.$B.key.weight = back q0 dq0 W_Q + back k0 dk0 W_Q"},
    {"kv keyvalue", "\u2202W_{K}$step#rc", "dW_Q (hp)c gradient.$B.key.weight = back q0 dq0 W_Q + back k0 dk0 W_Q + back v dv W_Q"},
};

/// What comes back to a row that an attention read, through the query that it made.
constexpr NodeRow queryWayRows[] = {
    {"", "\u2202q^h#rc", "dqIn hip = same dq0"},
    {"cross pre !later", "\u2202x#c", "viaQ ic gradient.${B}_norm = back q0 dqIn x"},
    {"cross pre later", "\u2202x#c", "viaQ ic gradient.${B}_norm = back q0 dqIn x", LAB_TEXT("explain", "via q")},
    {"!cross", LAB_TEXT("explain", "via q"), "viaQ ic! = back q0 dqIn x"},
    {"cross post", LAB_TEXT("explain", "via q"), "viaQ ic! = back q0 dqIn x"},
    {"opens", LAB_TEXT("explain", "via G"), "viaG ic! = back gateSum dGateSum x"},
};

/// And through its key and its value, from each query that attended to it.
constexpr NodeRow keyWayRows[] = {
    {"rooted", "\u2202(qk)#rc", "dqkKeys hij = dsIn perProduct", "($scale) \u2202${uncapped}_{i,$j}"},
    {"!rooted !rises", "\u2202(qk)#rc", "dqkKeys hij = ds", "\u2202s_{i,$j}"},
    {"rises", "\u2202(qk)#rc", "dqkKeys hij = ds riseBack", "\u0394 \u2202s_{i,$j}"},
    {"relates !map", "", "dPlaceKeys := dqkKeys"},
    {"relates map", "\u2202(uk)#rc", "dPlaceKeys hij = dsIn overRootBack", "(1/\u221Ad_{h}) \u2202${uncapped}_{i,$j}"},
    {"relates", "u_{h}#c", "contentRow hip = same contentBias:hp"},
    {"shaped", "q\u0303#rc", "QTurned hip = custom"},
    {"shaped relates", "u\u0303#rc", "biasTurned hip = custom"},
    {"shaped !relates", "", "partK jic! = dqkKeys QTurned W_K"},
    {"shaped relates", "", "partK jic! = dqkKeys QTurned W_K + dPlaceKeys biasTurned W_K"},
    {"!shaped !features !relates", "", "partK jic! = dqkKeys Q W_K"},
    {"!shaped drawn", "q\u0303#rc", "QTurned hip = custom"},
    {"!shaped drawn", "", "partK jic! = dqkKeys QTurned W_K"},
    {"!shaped relates", "", "partK jic! = dqkKeys Q W_K + dPlaceKeys contentBias W_K"},
    {"!shaped linear", "", "partK jic! = dqkKeys Q slopeK W_K"},
    {"!global", LAB_TEXT("explain", "via k"), "viaK jc! = partK"},
    {"global", LAB_TEXT("explain", "via global k"), "viaK jc! = partK"},
    {"behind", "a#rc", "aKeys hij = same aBack", "a_{i,$j}"},
    {"!behind", "a#rc", "aKeys hij = same weight", "a_{i,$j}"},
    {"!cut", "", "partV jic! = aKeys dMix W_V"},
    {"cut", "", "partV jic! = aKeys dMix passes W_V"},
    {"!global", LAB_TEXT("explain", "via v"), "viaV jc! = partV"},
    {"global", LAB_TEXT("explain", "via global v"), "viaV jc! = partV"},
};

/// Global projections: a matrix, a key, a value gets nothing of queries that another matrix made.
void keepToOwnKind(Graph& g, std::initializer_list<const char*> names) {
    const Context& c = g.context();
    if (!c.is("apart")) return;
    for (const char* name : names) {
        Node* node = g.find(name);
        if (!node) continue;
        node->read = [&g, &c, node, read = node->read](Entry e) {
            return !c.asksAlike(e.row) ? 0.0 : read ? read(e) : node->kept ? g.kept(*node, e) : g.compute(*node, e);
        };
        node->nowhere = [&c](Entry e) { return !c.asksAlike(e.row); };
        node->why = [&c, why = node->why](Entry e) -> Words {
            if (c.asksAlike(e.row)) return why ? why(e) : Words();
            return Message(e.row < c.globals ? LAB_TEXT("explain", "0: query %1 asks and reads by the global projections, not by these")
                                             : LAB_TEXT("explain", "0: query %1 asks and reads by the common projections, not by these"))
                .arg(e.row);
        };
    }
}

}  // namespace

void addAttentionBack(Graph& g) {
    const Context& c = g.context();
    const bool all = c.is("behind");  // all heads stand there, of one row
    const std::string i = text(c.query);
    const Variables names{{"head", all ? "^h" : ""},
                          {"row", all ? "" : "_{" + i + "}"},
                          {"rowj", all ? "" : "_{" + i + ",j}"},
                          {"adaSum", all ? "\u03A3 a \u2202a" : "\u03A3"}};
    g.define(outputBackRows, names);
    addGateBack(g, names);
    g.define(headBackRows, names);
    addHeadNormBackOfSum(g, names);
    addDecayBack(g, names);
    g.define(attentionBackRows, names);
    addSpanBack(g, names);
    addCapBack(g, names);
    g.define(scaleBackRows, names);
    addRelativeBack(g);
    g.define(productBackRows, names);
    if (c.is("drawn")) addDrawnBack(g, true, "hi", names.at("head"));
    g.define(queryBackRows, names);
    Node& ds = g.at("ds");
    ds.why = [&c](Entry e) -> Words {
        if (c.is("weightsSet")) return LAB_TEXT("explain", "0: the weights are set by hand, no gradient passes them");
        if (c.headIs(Intervention::Kind::headUniform, e.head))
            return LAB_TEXT("explain", "0: the head is made to look evenly, no gradient passes its weights");
        return c.masked(e.head, e.row, e.column) ? Words(LAB_TEXT("explain", "0: the key is hidden")) : Words();
    };
    const double epsilon = c.is("features") ? epsilonOf(c.config().attention.kernel.kind) : 0.0;
    if (ds.operation == Operation::quotient) ds.epsilon = epsilon;
    const auto cut = [&c](Entry e) { return c.headIs(Intervention::Kind::headOff, e.head) || c.sumSetByHand(); };
    if (Node* passes = g.find("passes")) {
        passes->read = [cut](Entry e) { return cut(e) ? 0.0 : 1.0; };
        passes->name = [cut](Entry e) { return cut(e) ? Words(LAB_TEXT("explain", "0, the head is cut off")) : Words("1"); };
    }
    g.at("da").why = [cut](Entry e) {
        return cut(e) ? Words(LAB_TEXT("explain", "0: the head\u2019s output does not depend on it")) : Words();
    };
    if (Node* share = g.find("oneOverSum"))
        share->read = [epsilon, &sum = g.at("sum")](Entry e) {
            const double whole = sum.value(e) + epsilon;
            return whole == 0.0 ? 0.0 : 1.0 / whole;
        };
    if (Node* factor = g.find("perProduct")) {
        const double root = std::sqrt(static_cast<double>(c.headDim));
        factor->read = [root, map = g.find("factor"), set = c.is("scoresSet")](Entry) {
            return set ? 0.0 : (map ? map->value({}) : 1.0) / root;
        };
        if (c.is("scoresSet")) factor->name = [](Entry) { return LAB_TEXT("explain", "0, the scores are set by hand"); };
    }
    if (c.is("rope") || c.is("querySet")) turnBack(g, "dq1", g.at("dq"), c.is("global") ? ".global_query" : ".query");
    addHeadNormBack(g, "q", "hi");
    keepToOwnKind(g, {"dq", "dq1"});
}

void addReadersBack(Graph& g) {
    const Context& c = g.context();
    g.define(readerRows);
    keepToOwnKind(g, {"aRead", "dqkRead", "QRead"});
    if (c.is("drawn")) addDrawnBack(g, false, "kj", "");
    g.define(keyBackRows);
    if (c.is("unitSet")) {
        g.at("dk2").read = [](Entry) { return 0.0; };
        g.at("dk2").why = [](Entry) { return nothingBack(); };
    }
    if (c.is("rope") || c.is("keySet"))
        turnBack(g, "dk1", g.at("dk2"), c.is("unit") ? ".undivided_key" : c.is("global") ? ".global_key" : ".key");
    addHeadNormBack(g, "k", "kj");
    g.define(matrixRows);
}

void addQueryWay(Graph& g) {
    g.define(queryWayRows);
}

Words nothingBack() {
    return LAB_TEXT("explain", "0: it is set by hand, so nothing comes back through it");
}

namespace {

SourceText wayName(bool ofValue, bool ofSlot) {
    if (ofSlot) return ofValue ? LAB_TEXT("explain", "via v_{%1} of slot %2") : LAB_TEXT("explain", "via k_{%1} of slot %2");
    return ofValue ? LAB_TEXT("explain", "via v_{%1} of query %2") : LAB_TEXT("explain", "via k_{%1} of query %2");
}

}  // namespace

void addKeyWays(Graph& g) {
    const Context& c = g.context();
    g.define(keyWayRows);
    for (const auto& [turned, sent] : {std::pair{"QTurned", "Q"}, {"biasTurned", "contentRow"}})
        if (Node* shaped = g.find(turned)) shapeBack(g, *shaped, sent);
    keepToOwnKind(g, {"dqkKeys", "QTurned", "aKeys"});
    const std::string kind = c.is("global") ? ".global_" : ".";
    for (const bool ofValue : {false, true}) {
        Node &part = g.at(ofValue ? "partV" : "partK"), &way = g.at(ofValue ? "viaV" : "viaK");
        const bool set = c.setByHand(c.name(kind + (ofValue ? "value" : "key"))) ||
                         (!ofValue && (c.setByHand(c.name(".unrotated_key")) || c.setByHand(c.name(".unnormalised_key")) ||
                                       c.setByHand(c.name(".undivided_key"))));
        if (set) part.read = [](Entry) { return 0.0; };
        part.name = [name = wayName(ofValue, c.is("reading"))](Entry e) { return Message(name).arg(e.column).arg(e.row); };
        part.why = [set, &part](Entry e) {
            return set ? nothingBack() : part.value(e) == 0.0 ? Words(LAB_TEXT("explain", "0: nothing comes back by this query")) : Words();
        };
        if (!set) cutMemory(g, part);
        way.why = [set, &way](Entry e) {
            return set ? nothingBack() : way.value(e) == 0.0 ? Words(LAB_TEXT("explain", "0: nothing comes back by any query")) : Words();
        };
    }
}

}  // namespace lab::explain
