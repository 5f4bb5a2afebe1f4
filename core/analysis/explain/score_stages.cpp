// The query's row: one column per key through every operation, from q · k to the mix of values.

#include <cmath>
#include <limits>

#include "core/analysis/explain/context.h"
#include "core/layers/position/sinusoidal.h"

namespace lab::explain {
namespace {

/// More rows than these are no picture of a mask any more.
constexpr int mostQueriesDrawn = 64;

std::string at(const Context& c, const std::string& symbol, int j) {
    return named(symbol, c.query, j);
}

/// Of the query that meets the keys; in the KV forms the token's own key.
std::string queryOf(const Context& c) {
    return turned(c, c.sharesKeys() ? "k" : "q");
}

std::string keyOf(const Context& c) {
    return turned(c, "k");
}

/// "q · k", the linear kernel's of phi of them.
std::string productOf(const Context& c, const std::string& q, const std::string& k) {
    return c.linear ? "\u03C6(" + q + ") \u00B7 \u03C6(" + k + ")" : q + " \u00B7 " + k;
}

std::string productName(const Context& c, int j) {
    return productOf(c, named(queryOf(c), c.query), named(keyOf(c), j));
}

/// What q . k is the sum over: q and k, or phi of them.
std::string queryNumber(const Context& c, int p) {
    const std::string name = named(queryOf(c), c.query, p);
    return c.linear ? "\u03C6(" + name + ")" : name;
}

std::string keyNumber(const Context& c, int j, int p) {
    return c.linear ? "\u03C6(" + named(keyOf(c), j, p) + ")" : named(keyOf(c), j, p);
}

/// A band of the desk: one number per key.
Grid band(const ContextPtr& c, const std::string& id, const std::string& label, GridStyle style, const std::function<double(int)>& value) {
    Grid grid = makeGrid(id, "", style, 1, c->keys, [&](int, int j) { return value(j); });
    grid.rowLabels = {label};
    grid.litColumns = c->litKeys();
    return grid;
}

void labelKeys(Grid& grid, const Context& c) {
    labelColumns(grid, "key j", c.keys, c.question.keyTokens);
}

Grid dotBand(const ContextPtr& c) {
    const std::string q = named(queryOf(*c), c->query);
    Grid grid = band(c, "dot", productOf(*c, q, keyOf(*c) + "_{j}"), GridStyle::values, [&](int j) { return c->dot(j); });
    grid.explain = [c](int, int j) {
        std::vector<Term> terms;
        for (int p = 0; p < c->headDim; ++p)
            terms.push_back(
                product({c->scoreQ(p), queryNumber(*c, p), c->queryRef(p)}, {c->scoreK(j, p), keyNumber(*c, j, p), c->keyRef(j, p)}));
        return sumOf(productName(*c, j), std::move(terms), c->dot(j));
    };
    return grid;
}

Grid scaledBand(const ContextPtr& c) {
    Grid grid = band(c, "scaled", "\u00F7 \u221A" + text(c->headDim), GridStyle::values, [&](int j) { return c->dot(j) * c->scale; });
    grid.explain = [c](int, int j) {
        Expression e =
            sumOf(at(*c, "s", j),
                  {single({c->dot(j), productName(*c, j), {"dot", "dot", 0, j}}), single({1.0 / c->scale, "\u221A" + text(c->headDim)})},
                  c->dot(j) * c->scale);
        e.operation = Operation::quotient;
        return e;
    };
    return grid;
}

/// KV+Pos's table and map, and the score they make.
struct PositionMap {
    ParameterView weight, bias;
    GridEncoding grid;

    explicit PositionMap(const Context& c)
        : weight(c.parameter(c.name(".position_map.weight"))), bias(c.parameter(c.name(".position_map.bias"))), grid(weight.columns) {}
    double factor() const {
        double sum = 0.0;
        for (int m = 0; m < grid.posDim(); ++m) sum += weight(0, m);
        return sum;
    }
    double part(int i, int j, bool ofRow) const {
        double sum = 0.0;
        for (int m = 0; m < grid.posDim(); ++m)
            if ((m < grid.rowChannels()) == ofRow) sum += weight(0, m) * grid.channel(m, i, j);
        return sum;
    }
};

std::vector<Term> positionTerms(const ContextPtr& c, int j) {
    const Operand scaled{c->dot(j) * c->scale, at(*c, "s", j), {"scale", "scaled", 0, j}};
    std::vector<Term> terms{single(scaled)};
    if (c->form == AttentionForm::kv_pos && !c->block.cross) {
        const PositionMap map(*c);
        terms = {product({map.factor(), "s", {"position", "map", 0, masterColumn}}, scaled),
                 single({map.part(c->query, j, false), "g(j)", {"position", "column", 0, j}}),
                 single({map.part(c->query, j, true), "row", {"position", "row", 0, j}}), single({map.bias(0), "b"})};
    }
    if (c->slope != 0.0) {
        Term distance = product({c->slope, "m"}, {std::abs(static_cast<double>(c->query - j)), "|i \u2212 j|"});
        distance.minus = true;
        terms.push_back(distance);
    }
    return terms;
}

/// Where a key's score before the mask is explained.
CellRef scoreRef(const Context& c, int j) {
    if (hasPositionTerms(c)) return {"position", "score", 0, j};
    if (c.softmax) return {"scale", "scaled", 0, j};
    return {"dot", "dot", 0, j};
}

Grid scoreBand(const ContextPtr& c) {
    Grid grid = band(c, "score", "score", GridStyle::values, [&](int j) { return c->score(j); });
    grid.explain = [c](int, int j) { return sumOf(at(*c, "s\u2032", j), positionTerms(c, j), c->score(j)); };
    return grid;
}

Grid maskedBand(const ContextPtr& c) {
    Grid grid = band(c, "masked", "masked", GridStyle::values, [&](int j) { return c->maskedScore(j); });
    grid.explain = [c](int, int j) {
        if (c->masked(j)) return given(at(*c, scoreSymbol(*c), j), c->maskedScore(j), "this key is hidden from the query");
        return sameAs(at(*c, scoreSymbol(*c), j), {c->maskedScore(j), "", scoreRef(*c, j)});
    };
    return grid;
}

CellRef maskedRef(const Context& c, int j) {
    return c.hasMask() ? CellRef{"mask", "masked", 0, j} : scoreRef(c, j);
}

std::string shiftedName(const Context& c, int j) {
    return at(c, scoreSymbol(c), j) + " \u2212 max";
}

Grid shiftedBand(const ContextPtr& c) {
    const double largest = c->rowMaximum();
    Grid grid = band(c, "shifted", "\u2212 max", GridStyle::plain, [&](int j) { return c->maskedScore(j) - largest; });
    grid.masterLabel = "max";
    grid.master = {largest};
    grid.explain = [c, largest](int, int j) {
        if (j == masterColumn) {
            std::vector<Term> terms;
            for (int key = 0; key < c->keys; ++key)
                if (!c->masked(key)) terms.push_back(single({c->maskedScore(key), at(*c, scoreSymbol(*c), key), maskedRef(*c, key)}));
            Expression e = sumOf(named("max", c->query), std::move(terms), largest);
            e.operation = Operation::maximum;
            if (e.terms.empty()) e = given(named("max", c->query), largest, "no key may be seen");
            return e;
        }
        const std::string name = shiftedName(*c, j);
        if (c->masked(j)) return given(name, c->maskedScore(j), "hidden");
        return sumOf(name,
                     {single({c->maskedScore(j), at(*c, scoreSymbol(*c), j), maskedRef(*c, j)}),
                      minus({largest, "max", {"max", "shifted", 0, masterColumn}})},
                     c->maskedScore(j) - largest);
    };
    return grid;
}

Expression explainSum(const ContextPtr& c, const std::string& stage) {
    std::vector<Term> terms;
    for (int j = 0; j < c->keys; ++j)
        if (!c->masked(j))
            terms.push_back(
                single({c->exponential(j), at(*c, c->linear ? "s" : "e", j), c->linear ? maskedRef(*c, j) : CellRef{stage, "exp", 0, j}}));
    return sumOf(named("\u03A3", c->query), std::move(terms), c->rowSum());
}

Grid expBand(const ContextPtr& c) {
    Grid grid = band(c, "exp", "exp", GridStyle::plain, [&](int j) { return c->exponential(j); });
    grid.masterLabel = "\u03A3";
    grid.master = {c->rowSum()};
    grid.explain = [c](int, int j) {
        if (j == masterColumn) return explainSum(c, "exp");
        if (c->masked(j)) return given(at(*c, "e", j), 0.0, "e^{\u2212\u221E}: a hidden key gets nothing");
        Expression e = sumOf(at(*c, "e", j), {single({c->maskedScore(j) - c->rowMaximum(), shiftedName(*c, j), {"max", "shifted", 0, j}})},
                             c->exponential(j));
        e.operation = Operation::exponential;
        return e;
    };
    return grid;
}

/// Linear kernel: the row sum alone.
Grid sumBand(const ContextPtr& c) {
    Grid grid = band(c, "exp", "to be summed", GridStyle::plain, [&](int j) { return c->exponential(j); });
    grid.masterLabel = "\u03A3";
    grid.master = {c->rowSum()};
    grid.explain = [c](int, int j) {
        if (j == masterColumn) return explainSum(c, "sum");
        if (c->masked(j)) return given(at(*c, "s", j), 0.0, "a hidden key counts nothing");
        return sameAs(at(*c, "s", j), {c->exponential(j), "", maskedRef(*c, j)});
    };
    return grid;
}

Expression explainWeight(const ContextPtr& c, int j) {
    const std::string name = at(*c, "a", j);
    if (!c->hasScores) return given(name, c->weight(j), "given");
    if (c->setByHand(c->name(".weights"))) return given(name, c->weight(j), "set by hand");
    if (!c->softmax && !c->linear) return sameAs(name, {c->weight(j), "", {"dot", "dot", 0, j}}, "the score itself");
    const CellRef above{c->linear ? "sum" : "exp", "exp", 0, j}, sum{"sum", "exp", 0, masterColumn};
    Expression e = sumOf(name, {single({c->exponential(j), at(*c, c->linear ? "s" : "e", j), above}), single({c->rowSum(), "\u03A3", sum})},
                         c->weight(j));
    e.operation = Operation::quotient;
    if (c->linear) e.epsilon = linearKernelEpsilon;
    return e;
}

Grid weightBand(const ContextPtr& c) {
    const bool normalised = c->softmax || c->linear || !c->hasScores;
    Grid grid = band(c, "weights", "weight", normalised ? GridStyle::faders : GridStyle::values, [&](int j) { return c->weight(j); });
    double sum = 0.0;
    for (int j = 0; j < c->keys; ++j) sum += c->weight(j);
    grid.masterLabel = "\u03A3";
    grid.master = {sum};
    if (!c->hasScores || c->model) grid.tensor = c->name(".weights");
    grid.place = [c](int, int j) { return j < 0 ? std::int64_t{-1} : (std::int64_t{c->head} * c->queries + c->query) * c->keys + j; };
    grid.largest = normalised ? 1.0 : 0.0;
    grid.explain = [c, sum](int, int j) {
        if (j != masterColumn) return explainWeight(c, j);
        std::vector<Term> terms;
        for (int key = 0; key < c->keys; ++key) terms.push_back(single({c->weight(key), at(*c, "a", key), {"weights", "weights", 0, key}}));
        return sumOf("\u03A3" + named(" a", c->query), std::move(terms), sum);
    };
    return grid;
}

/// The values, and the sum that the head passes on.
Grid mixGrid(const ContextPtr& c) {
    Grid grid = makeGrid("mix", "\u00D7 value v_{j}", GridStyle::values, c->headDim, c->keys, [&](int p, int j) { return c->v(j, p); });
    grid.rowLabels = numbered("dim ", c->headDim);
    grid.litColumns = c->litKeys();
    grid.masterLabel = named("o", c->query);
    for (int p = 0; p < c->headDim; ++p) grid.master.push_back(c->output(p));
    grid.tensor = c->name(".value");
    grid.place = [c](int p, int j) { return j < 0 ? std::int64_t{-1} : c->place(c->group, c->keys, j, p); };
    grid.explain = [c](int p, int j) {
        if (j >= 0) return sameAs(named("v", j, p), {c->v(j, p), "", c->valueRef(j, p)});
        if (c->setByHand(c->name(".head_output"))) return given(named("o", c->query, p), c->output(p), "set by hand");
        std::vector<Term> terms;
        for (int key = 0; key < c->keys; ++key)
            terms.push_back(product({c->weight(key), at(*c, "a", key), {"weights", "weights", 0, key}},
                                    {c->v(key, p), named("v", key, p), c->valueRef(key, p)}));
        return sumOf(named("o", c->query, p), std::move(terms), c->output(p));
    };
    return grid;
}

/// The keys under the query's numbers: what q · k is made of.
Grid keyGrid(const ContextPtr& c) {
    Grid grid = makeGrid("keys", c->linear ? "\u03C6(" + keyOf(*c) + "_{j})" : keyOf(*c) + "_{j}", GridStyle::values, c->headDim, c->keys,
                         [&](int p, int j) { return c->scoreK(j, p); });
    grid.rowLabels = numbered("dim ", c->headDim);
    grid.litColumns = c->litKeys();
    const std::string query = named(queryOf(*c), c->query);
    grid.leadLabel = c->linear ? "\u03C6(" + query + ")" : query;
    for (int p = 0; p < c->headDim; ++p) grid.lead.push_back(c->scoreQ(p));
    grid.explain = [c](int p, int j) {
        if (j == leadColumn) return sameAs(queryNumber(*c, p), {c->scoreQ(p), "", c->queryRef(p)});
        return sameAs(keyNumber(*c, j, p), {c->scoreK(j, p), "", c->keyRef(j, p)});
    };
    return grid;
}

/// Why query i may not look at key j.
std::string hiddenBecause(const Context& c, int i, int j) {
    const std::vector<bool>& padding = c.question.input.masked;
    const bool ofKeys = c.block.side == "encoder" || c.block.cross || c.question.input.targetTokens.empty();
    if (ofKeys && static_cast<std::size_t>(j) < padding.size() && padding[static_cast<std::size_t>(j)])
        return "masked token: hidden from every query, as padding is";
    if (c.block.visibility.causal() && j > i) return "in the future: key " + text(j) + " comes after query " + text(i);
    return c.block.visibility.whyNot(i, j, c.keys).english();
}

Grid maskBand(const ContextPtr& c) {
    const double hidden = -std::numeric_limits<double>::infinity();
    Grid grid = band(c, "mask", "+ mask", GridStyle::plain, [&](int j) { return c->masked(j) ? hidden : 0.0; });
    grid.explain = [c, hidden](int, int j) {
        const std::string name = at(*c, "mask", j);
        if (!c->masked(j)) return given(name, 0.0, "the query may look here");
        return given(name, hidden, hiddenBecause(*c, c->query, j));
    };
    return grid;
}

/// The mask of all queries, the one in hand among them.
Grid seenGrid(const ContextPtr& c) {
    const double hidden = -std::numeric_limits<double>::infinity();
    Grid grid = makeGrid("seen", "who sees whom: one row per query", GridStyle::marks, c->queries, c->keys,
                         [&](int i, int j) { return c->hidden(i, j) ? hidden : 1.0; });
    grid.rowLabels = numbered("query ", c->queries);
    grid.litRow = c->query;
    grid.explain = [c, hidden](int i, int j) {
        const std::string name = named("seen", i, j);
        if (!c->hidden(i, j)) return given(name, 1.0, "query " + text(i) + " may look at key " + text(j));
        return given(name, hidden, hiddenBecause(*c, i, j));
    };
    return grid;
}

/// KV forms: the same products with the roles exchanged.
Grid mirrorDotBand(const ContextPtr& c) {
    const auto value = [c](int j) {
        double sum = 0.0;
        for (int p = 0; p < c->headDim; ++p)
            sum += c->linear ? phi(c->qOf(j, p)) * c->scoreK(c->query, p) : c->qOf(j, p) * c->k(c->query, p);
        return sum;
    };
    Grid grid = band(c, "mirror", productOf(*c, keyOf(*c) + "_{j}", named(keyOf(*c), c->query)), GridStyle::values, value);
    grid.explain = [c, value](int, int j) {
        return sameAs(productOf(*c, named(keyOf(*c), j), named(keyOf(*c), c->query)), {value(j), "", {"dot", "dot", 0, c->query, j, -1}},
                      "query " + text(j) + " asking key " + text(c->query) + ": the same product");
    };
    return grid;
}

/// KV forms: the weights that the others give to this token. They differ, because each row has its own sum.
Grid mirrorWeightBand(const ContextPtr& c) {
    Grid grid = band(c, "mirror", "a_{j," + text(c->query) + "}", GridStyle::weights, [&](int j) { return c->weightOf(j, c->query); });
    grid.largest = 1.0;
    grid.explain = [c](int, int j) {
        return sameAs(named("a", j, c->query), {c->weightOf(j, c->query), "", {"weights", "weights", 0, c->query, j, -1}},
                      "what query " + text(j) + " gives to key " + text(c->query) + ": the same product, another row sum");
    };
    return grid;
}

/// KV+Pos: the map's weights over P_{ij} of the key in hand.
Grid mapGrid(const ContextPtr& c) {
    const auto map = std::make_shared<const PositionMap>(*c);
    Grid grid = makeGrid("map", "the position map, key " + text(c->key), GridStyle::values, 2, map->grid.posDim(),
                         [&](int r, int m) { return r == 0 ? map->weight(0, m) : map->grid.channel(m, c->query, c->key); });
    grid.rowLabels = {"w_{c}", named("P", c->query, c->key)};
    labelColumns(grid, "channel c", map->grid.posDim());
    grid.masterLabel = "s, \u03A3wP";
    grid.master = {map->factor(), map->part(c->query, c->key, true) + map->part(c->query, c->key, false)};
    grid.explain = [c, map](int r, int m) {
        if (m >= 0 && r == 0) return given(named("w", m), map->weight(0, m), "a trained weight, one per channel, shared by all heads");
        if (m >= 0)
            return given("P_{" + text(c->query) + "," + text(c->key) + "," + text(m) + "}", map->grid.channel(m, c->query, c->key),
                         m < map->grid.rowChannels() ? "of the row i only" : "of the column j only");
        std::vector<Term> terms;
        for (int channel = 0; channel < map->grid.posDim(); ++channel) {
            const Operand w{map->weight(0, channel), named("w", channel), {"position", "map", 0, channel}};
            if (r == 0)
                terms.push_back(single(w));
            else
                terms.push_back(product(w, {map->grid.channel(channel, c->query, c->key), "P", {"position", "map", 1, channel}}));
        }
        const double result = r == 0 ? map->factor() : map->part(c->query, c->key, true) + map->part(c->query, c->key, false);
        return sumOf(r == 0 ? "s" : "\u03A3 w P", std::move(terms), result);
    };
    return grid;
}

/// Row part (the same for every key) or column part g(j) of KV+Pos.
Grid mapPartBand(const ContextPtr& c, bool ofRow) {
    const auto map = std::make_shared<const PositionMap>(*c);
    Grid grid = band(c, ofRow ? "row" : "column", ofRow ? "row part" : "g(j)", GridStyle::values,
                     [&](int j) { return map->part(c->query, j, ofRow); });
    grid.explain = [c, map, ofRow](int, int j) {
        std::vector<Term> terms;
        for (int m = 0; m < map->grid.posDim(); ++m)
            if ((m < map->grid.rowChannels()) == ofRow)
                terms.push_back(
                    product({map->weight(0, m), named("w", m), {"position", "map", 0, m}}, {map->grid.channel(m, c->query, j), "P"}));
        return sumOf(ofRow ? "row" : "g(" + text(j) + ")", std::move(terms), map->part(c->query, j, ofRow));
    };
    return grid;
}

/// The bands of the desk; the current one is lit.
void addBands(Stage& stage, const ContextPtr& c, const std::string& current) {
    std::vector<Grid> bands;
    const bool noScores = !c->hasScores;
    if (!noScores) bands.push_back(dotBand(c));
    if (!noScores && c->softmax) bands.push_back(scaledBand(c));
    if (hasPositionTerms(*c)) {
        if (current == "position" && c->form == AttentionForm::kv_pos) {
            bands.push_back(mapPartBand(c, true));
            bands.push_back(mapPartBand(c, false));
        }
        bands.push_back(scoreBand(c));
    }
    if (!noScores && (c->hasMask() || current == "mask")) {
        if (current == "mask") bands.push_back(maskBand(c));
        bands.push_back(maskedBand(c));
    }
    if (!noScores && c->softmax) {
        bands.push_back(shiftedBand(c));
        bands.push_back(expBand(c));
    } else if (c->linear) {
        bands.push_back(sumBand(c));
    }
    bands.push_back(weightBand(c));
    labelKeys(bands.front(), *c);
    for (Grid& grid : bands) {
        grid.current = grid.id == current || (current == "position" && (grid.id == "score" || grid.id == "row" || grid.id == "column")) ||
                       (current == "mask" && grid.id == "masked");
        stage.grids.push_back(std::move(grid));
    }
}

Stage rowStage(const ContextPtr& c, std::string id, const std::string& current) {
    Stage stage;
    stage.id = std::move(id);
    stage.rowDesk = true;
    if (current == "dot") {
        Grid dots = dotBand(c);
        labelKeys(dots, *c);
        dots.current = true;
        stage.grids.push_back(std::move(dots));
        if (c->sharesKeys()) stage.grids.push_back(mirrorDotBand(c));
        stage.grids.push_back(keyGrid(c));
        return stage;
    }
    addBands(stage, c, current);
    if (current == "weights" && c->sharesKeys()) stage.grids.push_back(mirrorWeightBand(c));
    if (current == "mask" && c->hasMask() && c->queries <= mostQueriesDrawn) stage.grids.push_back(seenGrid(c));
    Grid mix = mixGrid(c);
    mix.current = current == "mix";
    stage.grids.push_back(std::move(mix));
    if (stage.id == "position" && hasPositionTerms(*c) && c->form == AttentionForm::kv_pos) stage.grids.push_back(mapGrid(c));
    return stage;
}

int mostWeighty(const Context& c) {
    const std::vector<int>& lit = c.litKeys();
    return lit.empty() ? 0 : lit.front();
}

Stage dotStage(const ContextPtr& c) {
    Stage s = rowStage(c, "dot", "dot");
    s.symbol = c->linear ? "\u03C6q \u00B7 \u03C6k" : "q \u00B7 k";
    s.caption = "every key";
    s.heading = "How well does each key answer the query?";
    const std::string i = text(c->query), q = queryOf(*c), k = keyOf(*c);
    s.formula = c->linear ? "s_{" + i + ",j} = \u03C6(" + q + "_{" + i + "}) \u00B7 \u03C6(" + k + "_{j}) = \u03A3_{p} \u03C6(" + q + "_{" +
                                i + ",p}) \u03C6(" + k + "_{j,p})"
                          : q + "_{" + i + "} \u00B7 " + k + "_{j} = \u03A3_{p} " + q + "_{" + i + ",p} " + k + "_{j,p}";
    s.text = "Multiply dim by dim and add: large where both vectors point the same way. No cosine: lengths count, and there is no bound.";
    if (c->linear) s.text = "Multiply dim by dim and add. All factors are positive, so no product is negative; there is no upper bound.";
    if (c->sharesKeys())
        s.notes.push_back(c->form == AttentionForm::kv_pos ? "KV+Pos: k_{i} \u00B7 k_{j} = k_{j} \u00B7 k_{i}, the products are symmetric. "
                                                             "The scores that follow are not: the position "
                                                             "map adds a number g(j) for the key alone."
                                                           : "KV form: k_{i} \u00B7 k_{j} = k_{j} \u00B7 k_{i}, the scores are symmetric. "
                                                             "The weights are not: each row is divided by its "
                                                             "own sum.");
    s.result = {"dot", "dot", 0, mostWeighty(*c)};
    return s;
}

Stage scaleStage(const ContextPtr& c) {
    Stage s = rowStage(c, "scale", "scaled");
    s.symbol = "\u00F7 \u221Ad";
    s.caption = "scale";
    s.heading = "Divide by the root of the head's width";
    s.formula = "s_{" + text(c->query) + ",j} = (" + productOf(*c, named(queryOf(*c), c->query), keyOf(*c) + "_{j}") +
                ") / \u221Ad_{h},  d_{h} = " + text(c->headDim);
    s.text =
        "A sum of d_{h} products spreads like \u221Ad_{h}. Dividing keeps scores of wide heads as moderate as those of narrow ones; "
        "otherwise the weights would tend to crowd on one key.";
    s.result = {"scale", "scaled", 0, mostWeighty(*c)};
    return s;
}

/// Where the position comes in instead.
std::string withoutPositionTerms(const Context& c) {
    if (c.rope) return "RoPE has already turned q and k; nothing is added to the scores.";
    if (c.block.cross) return "Cross-attention adds nothing to the scores: query and key stand in different sequences.";
    const PositionKind kind = c.config().position.kind;
    if (kind == PositionKind::sinusoidal || kind == PositionKind::learned)
        return "Nothing is added to the scores: in this model the position is already part of the input row.";
    return "This model is not told any positions.";
}

Stage positionStage(const ContextPtr& c) {
    Stage s = rowStage(c, "position", "position");
    s.symbol = "+ pos";
    s.heading = "Position terms";
    s.result = {"position", "score", 0, mostWeighty(*c)};
    if (!hasPositionTerms(*c)) {
        s.caption = c->rope ? "in q and k" : "none here";
        s.formula = "s\u2032 = s";
        s.text = withoutPositionTerms(*c);
        s.result = scoreRef(*c, mostWeighty(*c));
        s.result.stage = "position";
        return s;
    }
    if (c->form == AttentionForm::kv_pos) {
        s.caption = "KV+Pos";
        s.formula = "s\u2032_{ij} = \u03A3_{c} w_{c} (s_{ij} + P_{ijc}) + b = s \u00B7 s_{ij} + g(j) + row + b";
        s.text =
            "The map\u2019s weights w add up to one factor s on every score, one number g(j) for each key, and parts that are the same for "
            "all keys.";
        s.notes.push_back(
            "The row part and b are the same for every key: subtracting the maximum cancels them. Only s and g(j) are left, and s may be "
            "negative.");
        if (const double factor = PositionMap(*c).factor(); factor < 0.0)
            s.notes.push_back("Here s = " + shownNumber(factor, 3) +
                              " is negative: what s_{ij} ranks first comes last, and the keys least like the query gain.");
    }
    if (c->slope != 0.0) {
        const bool alone = s.formula.empty();
        const std::string slope = " \u2212 m |i \u2212 j|,  m = " + shownNumber(c->slope, 4);
        const std::string what = "far keys lose score, in proportion to their distance; each head has its own fixed slope m.";
        s.caption = alone ? "ALiBi" : "KV+Pos, ALiBi";
        s.formula = "s\u2032_{ij} = " + std::string(alone ? "s_{ij}" : "s \u00B7 s_{ij} + g(j) + row + b") + slope;
        if (alone)
            s.text = "ALiBi: " + what;
        else
            s.notes.push_back("ALiBi besides: " + what);
    }
    return s;
}

Stage maskStage(const ContextPtr& c) {
    Stage s = rowStage(c, "mask", "mask");
    s.symbol = "mask";
    s.heading = "What may be seen";
    s.formula = c->linear ? "hidden keys: left out of the row" : "hidden keys: " + scoreSymbol(*c) + "_{ij} = \u2212\u221E";
    if (!c->hasMask()) {
        s.caption = "none here";
        s.text = "Every query sees every key: nothing is hidden in this block.";
    } else {
        s.caption = c->block.visibility.causal() ? "no future" : "hidden keys";
        s.text = "A hidden key gets \u2212\u221E, so its exponential is 0 and it takes no part at all.";
        if (c->block.visibility.causal())
            s.notes.push_back("Causal: query i sees keys 0 to i; otherwise a decoder could copy the token it has to guess.");
        if (c->block.visibility.hasPattern()) s.notes.push_back(c->block.visibility.summary().english());
        for (const bool hidden : c->question.input.masked)
            if (hidden) {
                s.notes.push_back("Padding: masked tokens are hidden from every query.");
                break;
            }
    }
    if (c->linear && c->hasMask()) s.text = "A hidden key counts nothing in the row\u2019s sum and takes no part at all.";
    s.result = {"mask", "masked", 0, mostWeighty(*c)};
    return s;
}

Stage maxStage(const ContextPtr& c) {
    Stage s = rowStage(c, "max", "shifted");
    s.symbol = "\u2212 max";
    s.caption = "shift row";
    s.heading = "Subtract the row's maximum";
    const std::string score = scoreSymbol(*c);
    s.formula = score + "_{ij} \u2212 max_{j} " + score + "_{ij}";
    s.text =
        "Changes no weight: exp(s \u2212 max) = exp(s) / exp(max), and exp(max) divides each key and their sum alike. It only keeps exp "
        "from growing beyond what a computer can hold.";
    s.result = {"max", "shifted", 0, mostWeighty(*c)};
    return s;
}

Stage expStage(const ContextPtr& c) {
    Stage s = rowStage(c, "exp", "exp");
    s.symbol = "exp";
    s.caption = "of scores";
    s.heading = "Exponentials";
    s.formula = "e_{ij} = exp(" + scoreSymbol(*c) + "_{ij} \u2212 max)";
    s.text =
        "2.718 to the power of the score: always positive. The best key has 1; for every 1 that a score is lower, its key counts 2.718 "
        "times less.";
    s.result = {"exp", "exp", 0, mostWeighty(*c)};
    return s;
}

Stage sumStage(const ContextPtr& c) {
    Stage s = rowStage(c, "sum", "exp");
    s.symbol = "\u03A3";
    s.caption = "row sum";
    s.heading = "The row's sum";
    s.formula = c->linear ? "\u03A3_{j} s_{ij}" : "\u03A3_{j} e_{ij} = \u03A3_{j} exp(" + scoreSymbol(*c) + "_{ij} \u2212 max)";
    s.text = c->linear ? "What replaces softmax: the products are positive already and are divided by their own sum (plus 0.000001)."
                       : "One number for the whole row: what the shares are shares of. Each query has its own sum.";
    s.result = {"sum", "exp", 0, masterColumn};
    return s;
}

Stage weightStage(const ContextPtr& c) {
    Stage s = rowStage(c, "weights", "weights");
    s.symbol = "a";
    s.caption = "weights";
    s.heading = "Attention weights";
    s.formula = c->linear ? "a_{ij} = s_{ij} / \u03A3_{j} s_{ij}" : "a_{ij} = e_{ij} / \u03A3_{j} e_{ij}";
    s.text = "Shares of one whole: none is negative and the row adds up to 1.";
    if (!c->hasScores) {
        s.formula = "a_{j} as given";
        s.text = "These weights are given. As a softmax would make them, they are shares of one whole: none negative, together 1.";
    } else if (!c->softmax && !c->linear) {
        s.formula = "a_{ij} = q_{i} \u00B7 k_{j}";
        s.text = "No softmax here: the scores themselves are the weights. They are no shares and need not add up to 1.";
    }
    if (c->sharesKeys())
        s.notes.push_back("KV form: the products were symmetric, the weights are not. Below stands what the others give to token " +
                          text(c->query) + ": each of them divides by a sum of its own.");
    if (c->setByHand(c->name(".weights")))
        s.notes.push_back("These weights are set by hand: no softmax made them, and they need not add up to 1.");
    s.result = {"weights", "weights", 0, mostWeighty(*c)};
    return s;
}

Stage mixStage(const ContextPtr& c) {
    Stage s = rowStage(c, "mix", "mix");
    s.symbol = "\u03A3 a v";
    s.caption = "mix values";
    s.heading = "The weighted sum of the values";
    const std::string i = text(c->query);
    s.formula = "o_{" + i + "} = \u03A3_{j} a_{" + i + ",j} v_{j}";
    s.text = "Each key\u2019s value, turned up or down by its weight; the sum is what query " + i + " takes away.";
    s.result = {"mix", "mix", 0, masterColumn};
    return s;
}

}  // namespace

void addScoreStages(Walk& walk, const ContextPtr& c) {
    if (c->hasScores) walk.stages.push_back(dotStage(c));
    if (c->hasScores && c->softmax) {
        walk.stages.push_back(scaleStage(c));
        if (c->model) walk.stages.push_back(positionStage(c));
    }
    if (c->hasScores && (c->softmax || c->linear)) {
        if (c->model) walk.stages.push_back(maskStage(c));
        if (c->softmax) {
            walk.stages.push_back(maxStage(c));
            walk.stages.push_back(expStage(c));
        }
        walk.stages.push_back(sumStage(c));
    }
    walk.stages.push_back(weightStage(c));
    walk.stages.push_back(mixStage(c));
}

}  // namespace lab::explain
