// An attention block on the way forward: a table, and what no table says.

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/explain/quantities.h"
#include "core/layers/attention/linear_kernel.h"
#include "core/layers/attention/unit_keys.h"
#include "core/layers/position/sinusoidal.h"

namespace lab::explain {
namespace {

constexpr NodeRow attentionRows[] = {
    {"post tokens plainInput", "x#rc", "x ic $x = emb.token + emb.vector + emb.bias + emb.position + emb.segment", "x_{$i}"},
    {"post tokens !plainInput", "x#rc", "x ic $x = same emb.out:ic", "x_{$i}"},
    {"post first !tokens", "x#rc", "x ic $x", "x_{$i}"},
    {"post !first", "x#rc", "x ic $x = same stream", "x_{$i}"},
    {"pre", "x#rc", "x ic $x = same input.result", "x_{$i}"},
    {"model cross !reading", "m#rc", "xKey jc = same memory", "m_{$j}"},
    {"reading", "x#rc", "xKey jc = same memory", "x_{$j}"},
    {"model !cross", "x#rc", "xKey jc = same x:jc", "x_{$j}"},
    {"!kv", "$WQ#rc", "W_Q (hp)c $B.${kind}query.weight"},
    {"!kv", "b#c", "b_Q (hp) $B.${kind}query.bias"},
    {"kv", "W_{K}#rc", "W_Q (hp)c $B.key.weight"},
    {"kv", "b#c", "b_Q (hp) $B.key.bias"},
    {"latent", "W_{\u2113}#rc", "W_c lc = custom"},
    {"latent bias", "b#c", "b_c l = custom"},
    {"latent", "\u2113#rc", "kept jl $B.latent = xKey W_c + b_c", "\u2113_{$j}"},
    {"latent", "$WK#rc", "W_K (gp)c = custom"},
    {"latent bias", "b#c", "b_K (gp) = custom"},
    {"!kv !latent !borrows", "$WKey#rc", "W_K (gp)c $B.${kind}key.weight"},
    {"!kv !latent !borrows", "b#c", "b_K (gp) $B.${kind}key.bias"},
    {"kv", "", "W_K := W_Q"},
    {"kv", "", "b_K := b_Q"},
    {"latent", "$WV#rc", "W_V (gp)c = custom"},
    {"latent bias", "b#c", "b_V (gp) = custom"},
    {"!keyvalue !latent !borrows", "$WV#rc", "W_V (gp)c $B.${kind}value.weight"},
    {"!keyvalue !latent !borrows", "b#c", "b_V (gp) $B.${kind}value.bias"},
    {"keyvalue !borrows", "", "W_V := W_K"},
    {"keyvalue !borrows", "", "b_V := b_K"},
    {"model", "q#rc", "q0 hip $B.${kind}${raw}query = x W_Q + b_Q", "q_{$i}"},
    {"model !borrows", "k#rc", "k0 hjp $B.${kind}${rawKey}key = xKey W_K + b_K", "k_{$j}"},
    {"model !borrows", "v#rc", "v hjp $B.${kind}value = xKey W_V + b_V", "v_{$j}"},
    {"borrows", "$k#rc", "k0 hjp $B.key", "${k}_{$j}"},
    {"borrows", "v#rc", "v hjp $B.value", "v_{$j}"},
    {"!model", "q#rc", "q0 hip $B.query", "q_{$i}"},
    {"!model", "k#rc", "k0 hjp $B.key", "k_{$j}"},
    {"!model", "v#rc", "v hjp $B.value", "v_{$j}"},
};

/// From what was projected to what meets in the scores.
constexpr NodeRow metRows[] = {
    {"normed", "", "q1 := qn.result"},
    {"normed !borrows", "k$hat#rc", "k1 hjp = same kn.result:hjp", "k${hat}_{$j}"},
    {"!normed", "", "q1 := q0"},
    {"!normed", "", "k1 := k0"},
    {"normed borrows", "", "k1 := k0"},
    {"rope", "", "cosQ ip = custom", "${kappa}cos"},
    {"rope", "", "sinQ ip = custom", "${kappa}sin"},
    {"rope !borrows", "", "cosK jp = custom", "${kappa}cos"},
    {"rope !borrows", "", "sinK jp = custom", "${kappa}sin"},
    {"rope", "q\u2032#rc", "q hip $B.${kind}query = custom"},
    {"rope !borrows", "k\u2032#rc", "k2 hjp $B.${kind}${undivided}key = custom"},
    {"rope borrows", "", "k := k1"},
    {"!rope", "", "q := q1"},
    {"!rope", "", "k2 := k1"},
    {"unit", "$long#rc", "unit.k kjp = same k2:kjp"},
    {"unit", "${longLength}\u00B2", "unit.square kj. = unit.k unit.k", "${longLength}\u00B2"},
    {"unit", "$longLength", "unit.length kj. = squareRoot unit.square", "$longLength"},
    {"unit", "$k#rc", "unit.result kjp $B.key = quotient unit.k ; unit.length"},
    {"unit", "$k#rc", "k hjp = same unit.result:hjp", "${k}_{$j}"},
    {"!unit", "", "k := k2"},
};

/// From what meets in the scores to these.
constexpr NodeRow scoreRows[] = {
    {"linear", "$q#rc", "phiOfQ hip = same q"},
    {"linear", "$k#rc", "phiOfK hjp = same k"},
    {"linear", "\u03C6($q#rc)", "phiQ hip = phi phiOfQ"},
    {"linear", "\u03C6($k#rc)", "phiK hjp = phi phiOfK"},
    {"linear", "\u03C6($qk#rc)", "Q hip = same phiQ", "$phiq"},
    {"linear", "\u03C6($k#rc)", "K hjp = same phiK"},
    {"drawn", "\u03C6($qk#rc)", "Q hin = same phiQ", "$phiq"},
    {"drawn", "\u03C6($k#rc)", "K hjn = same phiK"},
    {"scores !features", "$qk#rc", "Q hip = same q", "$phiq"},
    {"scores !features", "$k#rc", "K hjp = same k"},
    {"features", "\u03C6($qk#r) \u00B7 \u03C6($k#c)", "dot hij* = Q K", "$phiq \u00B7 $phik"},
    {"linear", "\u03C6($k#c) \u00B7 \u03C6($k#r)", "mirrored hij = same dot:hji", "$phik \u00B7 \u03C6($k_{$i})"},
    {"scores !features", "$qk#r \u00B7 $k#c", "dot hij* = Q K", "$phiq \u00B7 $phik"},
    {"scores !features", "$k#c \u00B7 $k#r", "mirrored hij = same dot:hji", "$phik \u00B7 $k_{$i}"},
    {"cosine", "|q|\u00B2", "squareOfQuery hi. = q0 q0"},
    {"cosine", "|k#c|\u00B2", "squareOfKey hij = k0 k0"},
    {"cosine", "|q|", "lengthQ hi. = squareRoot squareOfQuery"},
    {"cosine", "|k#c|", "lengthK hij = squareRoot squareOfKey", "|k_{j}|"},
    {"cosine", "|q||k#c|", "lengths hij = lengthQ lengthK", "|q_{$i}||k_{j}|"},
    {"cosine", "cos#rc", "cosine hij = quotient dot ; lengths", "cos(q_{$i}, k_{j})"},
    {"scores rooted", "\u221A$D", "root . = custom"},
    {"scores softmax", "s#rc", "scaled hij* = quotient dot ; root", "\u00F7 \u221A$D"},
    {"fades", "$qk#r \u00B7 $k#c / \u221A$D", "scaled hij* $B.scores = quotient dot ; root", "\u00F7 \u221A$D"},
    {"map", "w#c", "w .w $B.position_map.weight", "w_{c}"},
    {"map", "b", "b_map . $B.position_map.bias"},
    {"map", "P#hrc", "P ijw = custom", "P_{$i,$j}"},
    {"map", "\u03A3w", "factor . = w"},
    {"map", "\u03A3wP", "mapped ij. = w P"},
    {"map", "\u03C1#r", "rowPart ij! = custom", LAB_TEXT("explain", "row part \u03C1(i)")},
    {"map", "g#c", "columnPart ij! = custom", "g(j)"},
    {"alibi", "m_{h}", "slope . = custom"},
    {"alibi", "|i \u2212 j|", "distance ij = custom"},
    {"relates", "u_{h}#c", "contentBias hp $B.content_bias", "u_{h}"},
    {"relates", "v_{h}#c", "placeBias hp $B.position_bias", "v_{h}"},
    {"relates", "W_{R}#rc", "W_R (hp)c $B.relative.weight"},
    {"relates", "R#rc", "distanceVector jc = custom", "R_{i\u2212j}"},
    {"relates", "\u03B4#rc", "placeVector hjp! = distanceVector W_R", "\u03B4_{i\u2212j}"},
    {"relates", "\u03B4#rc", "places hjp = same placeVector", "\u03B4_{i\u2212j}"},
    {"relates", "($qk + v_{h})#rc", "asked hip = Q + placeBias", "$qk + v_{h}"},
    {"relates", "u_{h} \u00B7 $k#c", "content hij* = contentBias K", "u_{h} \u00B7 $k"},
    {"relates", "($qk + v_{h}) \u00B7 \u03B4", "placed hij* = asked places"},
    {"relates", "1/\u221A$D", "overRoot . = custom"},
    {"adds map", "s\u2032#rc",
     "score hij* $scoreTensor = factor scaled + columnPart + rowPart + b_map - slope distance + distanceBias + overRoot content + "
     "overRoot placed",
     LAB_TEXT("explain", "score")},
    {"adds !map", "s\u2032#rc", "score hij* $scoreTensor = scaled - slope distance + distanceBias + overRoot content + overRoot placed",
     LAB_TEXT("explain", "score")},
    {"!adds rooted", "", "score := scaled"},
    {"!rooted !rises", "", "score := dot"},
};

/// From the scores as they meet the mask to a row's maximum.
constexpr NodeRow maskedRows[] = {
    {"scores !factor", "mask#rc", "mask hij = custom", LAB_TEXT("explain", "+ mask")},
    {"factor", "mask#rc", "mask hij = custom", LAB_TEXT("explain", "\u00D7 mask")},
    {"scores !factor", "$s#rc", "masked hij* $B.masked_scores = same finalScore", LAB_TEXT("explain", "masked")},
    {"factor", "s#rc", "masked hij* = score mask", LAB_TEXT("explain", "masked")},
    {"scores", "seen#rc", "seen hij = custom"},
    {"scores softmax", "max#r", "max hi.* = maximum custom", "max"},
};

constexpr NodeRow weightRows[] = {
    {"scores softmax", "$s#rc \u2212 max", "shifted hij* = masked - max", "\u2212 max"},
    {"scores softmax", "e#rc", "share hij* = exp shifted", "exp"},
    {"features", "s#rc", "share hij* = same masked", LAB_TEXT("explain", "to be summed")},
    {"shares", "\u03A3#r", "sum hi.* = custom", "\u03A3"},
    {"shares", "a#rc", "weight hij* $B.weights = quotient share ; sum", LAB_TEXT("explain", "weight")},
    {"sinks", "a_{\u03C8}", "sunk hi.* = quotient sinkShare ; sum", "a_{\u03C8}"},
    {"scores !shares !factor", "a#rc", "weight hij* $B.weights = same dot", LAB_TEXT("explain", "weight")},
    {"product", "a#rc", "weight hij* $B.weights = same masked", LAB_TEXT("explain", "weight")},
    {"fades", "a#rc", "weight hij* $B.weights = masked decay", LAB_TEXT("explain", "weight")},
    {"!scores", "a#rc", "weight hij* $B.weights", LAB_TEXT("explain", "weight")},
    {"", "\u03A3 a#r", "weightSum hi.* = weight", "\u03A3"},
    {"kv", "a#cr", "mirroredWeight hij = same weight:hji", "a_{j,$i}"},
    {"!fades", "o#rc", "mixed hip* $B.head_output = weight v", "o_{$i}"},
    {"!fades", "", "mix := mixed"},
};

/// The outputs of all heads side by side.
constexpr NodeRow joinedRows[] = {
    {"model", "o^h#rc", "joined hip = same mixed"},
};

constexpr NodeRow outputRows[] = {
    {"model", "W_{O}#rc", "W_O m(hp) $B.output.weight"},
    {"model", "b#c", "b_O m $B.output.bias"},
    {"model !reading !opens", "y#rc", "y im $B.output = joined W_O + b_O", "y_{$i}"},
    {"opens", "y#rc", "y im $B.output = opened W_O + b_O", "y_{$i}"},
    {"reading", "r#rc", "y im $B.output = joined W_O + b_O", "r_{$i}"},
};

/// Of numbers without a model.
constexpr NodeRow bendRows[] = {
    {"", "x#c", "typed hip $B.value", "x"},
    {"", "relu(x#c)", "bent.relu hip = relu typed", "relu(x)"},
    {"", "gelu(x#c)", "bent.gelu hip = gelu typed", "gelu(x)"},
    {"", "gelu_{th}(x#c)", "bent.tanh hip = tanh typed", "gelu_{th}(x)"},
    {"", "silu(x#c)", "bent.silu hip = silu typed", "silu(x)"},
};

/// KV+Pos: a trained map over the table of positions.
void addPositionMap(Graph& g) {
    const auto grid = std::make_shared<const GridEncoding>(g.extent('w'));
    g.at("w").note = [](Entry) { return LAB_TEXT("explain", "a trained weight, one per channel, shared by all heads"); };
    Node& table = g.at("P");
    table.read = [grid](Entry e) { return grid->channel(e.column, e.head, e.row); };
    table.note = [grid](Entry e) {
        return e.column < grid->rowChannels() ? LAB_TEXT("explain", "of the row i only") : LAB_TEXT("explain", "of the column j only");
    };
    for (const bool ofRow : {true, false})
        g.at(ofRow ? "rowPart" : "columnPart").terms = [grid, ofRow, &weight = g.at("w"), &table](Entry e) {
            std::vector<Term> terms;
            for (int m = ofRow ? 0 : grid->rowChannels(); m < (ofRow ? grid->rowChannels() : grid->posDim()); ++m)
                terms.push_back(product(weight({0, 0, m}), table({e.row, e.column, m})));
            return terms;
        };
}

/// Where the vectors decide.
Words hiddenByHash(const Context& c, int ofHead, int i, int j) {
    const NumberView buckets = c.numbers.at(c.name(".buckets"));
    for (int round = 0; round < buckets.extent(1); ++round) {
        if (buckets(ofHead, round, i) != buckets(ofHead, round, j)) continue;
        if (i == j) return LAB_TEXT("explain", "the diagonal is masked");
        return LAB_TEXT("explain", "once in the query\u2019s bucket, but neither in its chunk nor in the one before");
    }
    return LAB_TEXT("explain", "in another bucket in every round");
}

/// Why query i of a head may not look at key j.
Words hiddenBecause(const Context& c, int ofHead, int i, int j) {
    if (!c.maskHides(ofHead, i, j)) return LAB_TEXT("explain", "beyond the head\u2019s span");
    if (c.isPadding(j)) return LAB_TEXT("explain", "masked token: hidden from every query, as padding is");
    if (c.block.visibility.causal() && j > i)
        return Message(LAB_TEXT("explain", "in the future: key %1 comes after query %2")).arg(j).arg(i);
    if (c.block.visibility.hashes() && c.numbers.has(c.name(".buckets"))) return hiddenByHash(c, ofHead, i, j);
    return c.block.visibility.whyNot(i, j, c.keys);
}

void addMask(Graph& g) {
    const Context& c = g.context();
    // What a softmax may not see is −∞; of a sum it is left out. What lies beyond a head's span is that already.
    const double hidden = c.is("factor") ? 0.0 : -std::numeric_limits<double>::infinity(), open = c.is("factor") ? 1.0 : 0.0;
    const auto masked = [&c](Entry e) { return c.masked(e.head, e.row, e.column); };
    const auto hides = [&c](Entry e) { return c.maskHides(e.head, e.row, e.column); };
    g.at("mask").read = [=](Entry e) { return hides(e) ? hidden : open; };
    g.at("mask").note = [=, &c](Entry e) {
        return hides(e) ? hiddenBecause(c, e.head, e.row, e.column) : Words(LAB_TEXT("explain", "the query may look here"));
    };
    g.at("seen").read = [=](Entry e) { return masked(e) ? -std::numeric_limits<double>::infinity() : 1.0; };
    g.at("seen").note = [=, &c](Entry e) {
        if (masked(e)) return hiddenBecause(c, e.head, e.row, e.column);
        return Words(Message(LAB_TEXT("explain", "query %1 may look at key %2")).arg(e.row).arg(e.column));
    };
    const auto ifMasked = [=](SourceText why) { return [=](Entry e) { return masked(e) ? Words(why) : Words(); }; };
    g.at("masked").why = ifMasked(LAB_TEXT("explain", "this key is hidden from the query"));
    if (Node* shifted = g.find("shifted")) shifted->why = ifMasked(LAB_TEXT("explain", "hidden"));
    if (Node* share = g.find("share"))
        share->why = ifMasked(c.is("features") ? LAB_TEXT("explain", "a hidden key counts nothing")
                                               : LAB_TEXT("explain", "e^{\u2212\u221E}: a hidden key gets nothing"));
    const auto overSeen = [&c](Node& of) {
        return [&c, &of](Entry e) {
            std::vector<Term> terms;
            for (int j = 0; j < c.keys; ++j)
                if (!c.masked(e.head, e.row, j)) terms.push_back(single(of({e.head, e.row, j})));
            return terms;
        };
    };
    if (Node* sum = g.find("sum")) sum->terms = overSeen(c.is("features") ? g.at("masked") : g.at("share"));
    if (Node* max = g.find("max")) {
        max->terms = overSeen(g.at("masked"));
        max->why = [terms = max->terms](Entry e) { return terms(e).empty() ? Words(LAB_TEXT("explain", "no key may be seen")) : Words(); };
    }
}

/// What is added to the scaled product.
double addedTo(const Graph& g, Entry e) {
    const auto value = [&g](const char* name, Entry at) { return g.find(name) ? g.at(name).value(at) : 0.0; };
    return value("columnPart", {0, e.row, e.column}) + value("rowPart", {0, e.row, e.column}) + value("b_map", {}) -
           value("slope", {}) * value("distance", {0, e.row, e.column}) + value("distanceBias", e) +
           value("overRoot", {}) * (value("content", e) + value("placed", e));
}

/// How far a fader of q·k goes: twice the row's largest product, a round number.
double reachOf(const Graph& g, const Node& dot, double root) {
    const Context& c = g.context();
    double largest = 2.0 * root;
    for (int j = 0; j < c.keys; ++j) largest = std::max(largest, std::abs(g.compute(dot, {c.head, c.query, j})));
    const double power = std::pow(10.0, std::floor(std::log10(2.0 * largest)));
    return std::ceil(2.0 * largest / power) * power;
}

/// The product that a score set by hand asks for; empty where it is what q and k give, as far as single precision says so.
std::optional<double> productByHand(const Graph& g, const Node& dot, double perScore, Entry e) {
    constexpr double rounding = 1e-4;
    const double score = g.context().numbers.at(g.context().name(".scores"))(e.head, e.row, e.column), added = addedTo(g, e);
    const double made = g.compute(dot, e), wanted = (score - added) * perScore;
    double size = (std::abs(score) + std::abs(added)) * std::abs(perScore);
    for (const Term& term : g.terms(dot, e)) size += std::abs(term.value());
    return std::abs(wanted - made) <= rounding * size ? std::nullopt : std::optional(wanted);
}

/// Scores set by hand stand in q·k: what follows is computed from there.
void addHandScores(Graph& g) {
    const Context& c = g.context();
    Node &dot = g.at("dot"), &scaled = g.at("scaled");
    const double root = std::sqrt(static_cast<double>(c.headDim)), factor = g.find("factor") ? g.at("factor").value({}) : 1.0;
    if (constexpr double least = 1e-6; std::abs(factor) < least) return;  // no product reaches the score
    const auto place = [view = c.numbers.at(c.name(".scores"))](Entry e) {
        return (std::int64_t{e.head} * view.extent(1) + e.row) * view.extent(2) + e.column;
    };
    const auto hand = [&](double perProduct, double reach) {
        return ByHand{c.name(".scores"), place, [&g, perProduct](Entry e, double value) { return value * perProduct + addedTo(g, e); },
                      reach};
    };
    const double reach = reachOf(g, dot, root);
    dot.byHand = hand(factor / root, reach);
    scaled.byHand = hand(factor, reach / root);
    if (!c.is("scoresSet")) return;
    const auto byHand = [&g, &dot, perScore = root / factor](Entry e) { return productByHand(g, dot, perScore, e); };
    dot.read = [&g, &dot, byHand](Entry e) { return byHand(e).value_or(g.compute(dot, e)); };
    dot.why = [&g, &dot, byHand](Entry e) {
        if (!byHand(e)) return Words();
        return Words(Message(LAB_TEXT("explain", "set by hand; q and k give %1")).arg(shownNumber(g.compute(dot, e), 3)));
    };
    if (c.is("adds")) g.at("score").tensor.clear();  // computed from the product, which says whose it is
    if (Node* same = g.find("mirrored"))
        same->note = [byHand, plain = same->note](Entry e) {
            if (!byHand(e) && !byHand({e.head, e.column, e.row})) return plain(e);
            return Words(
                Message(LAB_TEXT("explain", "query %1 asking key %2: one of the two products is set by hand")).arg(e.column).arg(e.row));
        };
}

void addScoreParts(Graph& g) {
    const Context& c = g.context();
    if (Node* length = g.find("unit.length"))
        length->read = [&g, length](Entry e) { return std::max(g.compute(*length, e), leastKeyLength); };
    const auto set = [&g](const char* name, std::function<double(Entry)> read) {
        if (Node* node = g.find(name)) node->read = std::move(read);
    };
    set("root", [root = std::sqrt(static_cast<double>(c.headDim))](Entry) { return root; });
    set("slope", [slope = c.slope](Entry) { return slope; });
    set("distance", [](Entry e) { return std::abs(static_cast<double>(e.row - e.column)); });
    if (Node* same = g.find("mirrored"))
        same->note = [](Entry e) {
            return Message(LAB_TEXT("explain", "query %1 asking key %2: the same product")).arg(e.column).arg(e.row);
        };
    if (Node* same = g.find("mirroredWeight"))
        same->note = [&c](Entry e) {
            if (c.masked(e.head, e.column, e.row))
                return Message(LAB_TEXT("explain", "query %1 may not look at key %2: 0, though the product is the same"))
                    .arg(e.column)
                    .arg(e.row);
            if (c.is("signed"))
                return Message(c.is("fades")
                                   ? LAB_TEXT("explain", "what query %1 gives to key %2: the same product, times what is left of it")
                                   : LAB_TEXT("explain", "what query %1 gives to key %2: the same product"))
                    .arg(e.column)
                    .arg(e.row);
            if (c.is("drawn"))
                return Message(LAB_TEXT("explain", "what query %1 gives to key %2: another row sum, and other largest exponents"))
                    .arg(e.column)
                    .arg(e.row);
            return Message(c.is("map") ? LAB_TEXT("explain",
                                                  "what query %1 gives to key %2: the same product, but the g of that key and "
                                                  "another row sum")
                           : c.is("relates")
                               ? LAB_TEXT("explain",
                                          "what query %1 gives to key %2: the same product, but other terms of the key and the distance, "
                                          "and another row sum")
                           : c.is("bucketed")
                               ? LAB_TEXT("explain",
                                          "what query %1 gives to key %2: the same product, but the number of another bucket and another "
                                          "row sum")
                               : LAB_TEXT("explain", "what query %1 gives to key %2: the same product, another row sum"))
                .arg(e.column)
                .arg(e.row);
        };
    Node& weight = g.at("weight");
    weight.epsilon = c.is("features") ? epsilonOf(c.config().attention.kernel.kind) : 0.0;
    weight.note = [given = !c.is("scores")](Entry) {
        return given ? LAB_TEXT("explain", "given") : LAB_TEXT("explain", "the score itself");
    };
    weight.why = [&c](Entry e) {
        return c.headIs(Intervention::Kind::headUniform, e.head) ? Words(LAB_TEXT("explain", "this head is made to look evenly")) : Words();
    };
    g.at("mixed").why = [&c](Entry e) {
        return c.headIs(Intervention::Kind::headOff, e.head) ? Words(LAB_TEXT("explain", "0: this head is switched off")) : Words();
    };
    if (c.is("weightsSet")) weight.label = LAB_TEXT("explain", "a, by hand");
    if (c.is("scores softmax !capped !spans")) addHandScores(g);
}

}  // namespace

void addForward(Graph& g) {
    const Context& c = g.context();
    if (c.is("bends")) {
        g.define(bendRows);
        g.at("typed").note = [](Entry) { return LAB_TEXT("explain", "given"); };
        return;
    }
    if (c.is("reading"))
        addReading(g);
    else if (c.model)
        addStream(g);
    g.define(attentionRows);
    if (c.is("post !first")) g.at("x").note = [from = c.variables.at("comesFrom")](Entry) { return from; };
    for (const char* given : {"q0", "k0", "v"})
        if (Node* node = c.model ? nullptr : g.find(given)) node->note = [](Entry) { return LAB_TEXT("explain", "given"); };
    for (const auto& [read, tensor] : {std::pair{"k0", ".key"}, {"v", ".value"}})
        if (c.is("borrows") && !c.setByHand(c.name(tensor)))
            g.at(read).note = [from = Words(Message(LAB_TEXT("explain", "made in layer %1")).arg(c.variables.at("keyLayer")))](Entry) {
                return from;
            };
    if (c.is("latent")) addLatent(g);
    if (c.is("normed")) addHeadNorms(g);
    addDistanceBias(g);
    g.define(metRows);
    addDrawnFeatures(g);
    g.define(scoreRows);
    addRise(g);
    addRelative(g);
    addCap(g);
    addSpan(g);
    g.define(maskedRows);
    addSinkShare(g);
    addDecay(g);
    g.define(weightRows);
    addHeadNorm(g);
    g.define(joinedRows);
    addGate(g);
    g.define(outputRows);
    if (c.is("rope")) addRotation(g);
    if (c.is("map")) addPositionMap(g);
    if (c.is("scores")) addMask(g);
    addExactWeights(g);
    addSinkTerms(g);
    addScoreParts(g);
    if (c.is("reading"))
        addCodes(g);
    else if (c.model)
        addLayer(g);
}

}  // namespace lab::explain
