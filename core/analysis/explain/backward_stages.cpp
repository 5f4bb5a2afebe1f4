// From the attention block's output back to q, k and v.

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/analysis/explain/attention_backward.h"

namespace lab::explain {
namespace {

NumberView gradient(const Context& c, const std::string& suffix) {
    return c.numbers.at("gradient." + c.name(suffix));
}

Stage headStage(const ContextPtr& c) {
    Stage s;
    s.id = "d_output";
    s.symbol = d("o");
    s.caption = "via W_{O}";
    s.heading = "Back through W_{O}";
    s.formula = d("o_{p}") + " = \u03A3_{m} " + d("y_{m}") + " W_{O m,p}";
    s.text = "The same rule with W_{O}: o_{p} took part in every y_{m} by W_{O m,p}, and each y_{m} moves the loss by \u2202y_{m}.";
    const NumberView dy = gradient(*c, ".output"), dout = gradient(*c, ".head_output");
    const ParameterView w = c->parameter(c->name(".output.weight"));
    const int first = c->head * c->headDim;
    Grid in = makeGrid("dy", "", GridStyle::values, 1, c->d, [&](int, int m) { return dy(c->query, m); });
    in.rowLabels = {named(d("y"), c->query)};
    labelColumns(in, "dim m", c->d);
    in.explain = [c, dy](int, int m) { return sameAs(named(d("y"), c->query, m), {dy(c->query, m), "", attentionOutputRef(*c, m)}); };
    Grid grid = makeGrid("do", "W_{O}, transposed", GridStyle::values, c->headDim, c->d, [&](int p, int m) { return w(m, first + p); });
    grid.rowLabels = numbered("dim ", c->headDim);
    grid.masterLabel = named(d("o"), c->query);
    for (int p = 0; p < c->headDim; ++p) grid.master.push_back(dout(c->head, c->query, p));
    grid.current = true;
    grid.explain = [=](int p, int m) {
        if (m >= 0) return given(named("W_{O}", m, first + p), w(m, first + p), "a trained weight");
        std::vector<Term> terms;
        for (int k = 0; k < c->d; ++k)
            terms.push_back(product({dy(c->query, k), named(d("y"), k), {"d_output", "dy", 0, k}},
                                    {w(k, first + p), "W_{O}", {"d_output", "do", p, k}}));
        return sumOf(named(d("o"), c->query, p), std::move(terms), dout(c->head, c->query, p));
    };
    s.grids.push_back(std::move(in));
    s.grids.push_back(std::move(grid));
    s.result = {"d_output", "do", 0, masterColumn};
    return s;
}

Stage weightStage(const ContextPtr& c) {
    Stage s;
    s.id = "d_weights";
    s.symbol = d("a");
    s.caption = "weights";
    s.heading = "Which weights should have been larger?";
    s.formula = d("a_{ij}") + " = " + d("o_{i}") + " \u00B7 v_{j}";
    s.text =
        "How much the loss would grow with a weight: its value against the gradient. Negative: the query should have looked there more.";
    const NumberView dout = gradient(*c, ".head_output"), da = gradient(*c, ".weights");
    Grid values = makeGrid("values", "v_{j}", GridStyle::values, c->headDim, c->keys, [&](int p, int j) { return c->v(j, p); });
    values.rowLabels = numbered("dim ", c->headDim);
    labelColumns(values, "key j", c->keys, c->question.keyTokens);
    values.leadLabel = named(d("o"), c->query);
    for (int p = 0; p < c->headDim; ++p) values.lead.push_back(dout(c->head, c->query, p));
    values.explain = [c, dout](int p, int j) {
        if (j == leadColumn)
            return sameAs(named(d("o"), c->query, p), {dout(c->head, c->query, p), "", {"d_output", "do", p, masterColumn}});
        return sameAs(named("v", j, p), {c->v(j, p), "", c->valueRef(j, p)});
    };
    Grid grid = makeGrid("da", "", GridStyle::values, 1, c->keys, [&](int, int j) { return da(c->head, c->query, j); });
    grid.rowLabels = {d("a_{" + text(c->query) + ",j}")};
    grid.litColumns = values.litColumns = c->litKeys();
    grid.current = true;
    grid.explain = [=](int, int j) {
        std::vector<Term> terms;
        for (int p = 0; p < c->headDim; ++p)
            terms.push_back(product({dout(c->head, c->query, p), named(d("o"), c->query, p), {"d_output", "do", p, masterColumn}},
                                    {c->v(j, p), named("v", j, p), c->valueRef(j, p)}));
        return sumOf(named(d("a"), c->query, j), std::move(terms), da(c->head, c->query, j));
    };
    s.grids.push_back(std::move(values));
    s.grids.push_back(std::move(grid));
    s.result = {"d_weights", "da", 0, c->litKeys().empty() ? 0 : c->litKeys().front()};
    return s;
}

/// Query heads that share the key-value head in hand, and their queries, side by side.
struct Readers {
    int firstHead, count, queries;
    explicit Readers(const Context& c)
        : firstHead(c.group * (c.block.heads / c.block.kvHeads)), count(c.block.heads / c.block.kvHeads), queries(c.queries) {}
    int columns() const { return count * queries; }
    int head(int column) const { return firstHead + column / queries; }
    int query(int column) const { return column % queries; }
    void label(Grid& grid, const Context& c) const {
        labelColumns(grid, count == 1 ? "query i" : "head:query", columns());
        for (int k = 0; k < columns(); ++k) {
            if (count > 1) grid.columnLabels[static_cast<std::size_t>(k)] = text(head(k)) + ":" + text(query(k));
            const auto at = static_cast<std::size_t>(query(k));
            grid.columnTokens.push_back(at < c.question.queryTokens.size() ? c.question.queryTokens[at] : "");
        }
    }
};

/// d_v_j or d_k_j: what every reader of the key sends back to it. Factors above, vectors below.
struct KeyGradient {
    std::string stage, symbol, factorName, vectorName;
    std::function<double(int h, int i)> factor;
    std::function<double(int h, int i, int p)> vector;
    std::function<Expression(int h, int i)> explainFactor;
    std::function<Expression(int h, int i, int p)> explainVector;
    std::function<double(int p)> slope;  ///< times the sum; 1 unless the linear kernel's phi stands in between
    NumberView result;
    double largestFactor = 0.0;
};

/// The same with another head in hand.
Expression inWalkOf(int head, Expression e) {
    for (Term& term : e.terms)
        for (Operand& operand : term.factors)
            if (operand.hasOrigin()) operand.from.head = head;
    return e;
}

void addKeyGradient(Stage& s, const ContextPtr& c, const KeyGradient& what) {
    const auto g = std::make_shared<const KeyGradient>(what);
    const Readers readers(*c);
    Grid factors = makeGrid("factors", "", GridStyle::values, 1, readers.columns(),
                            [&](int, int k) { return g->factor(readers.head(k), readers.query(k)); });
    factors.rowLabels = {g->factorName};
    readers.label(factors, *c);
    factors.explain = [g, readers](int, int k) { return inWalkOf(readers.head(k), g->explainFactor(readers.head(k), readers.query(k))); };
    Grid grid = makeGrid("sum", g->vectorName, GridStyle::values, c->headDim, readers.columns(),
                         [&](int p, int k) { return g->vector(readers.head(k), readers.query(k), p); });
    grid.rowLabels = numbered("dim ", c->headDim);
    grid.masterLabel = named(d(g->symbol), c->key);
    for (int p = 0; p < c->headDim; ++p) grid.master.push_back(g->result(c->group, c->key, p));
    grid.current = true;
    const std::string stage = g->stage;
    grid.explain = [c, g, readers, stage](int p, int k) {
        if (k >= 0) return inWalkOf(readers.head(k), g->explainVector(readers.head(k), readers.query(k), p));
        std::vector<Term> terms;
        for (int column = 0; column < readers.columns(); ++column) {
            const int h = readers.head(column), i = readers.query(column);
            Term term = product({g->factor(h, i), g->explainFactor(h, i).name, {stage, "factors", 0, column}},
                                {g->vector(h, i, p), g->explainVector(h, i, p).name, {stage, "sum", p, column}});
            if (g->slope) term.factors.push_back({g->slope(p), "\u03C6\u2032"});
            terms.push_back(std::move(term));
        }
        return sumOf(named(d(g->symbol), c->key, p), std::move(terms), g->result(c->group, c->key, p));
    };
    s.grids.push_back(std::move(factors));
    s.grids.push_back(std::move(grid));
    s.result = {stage, "sum", 0, masterColumn};
}

Stage valueStage(const ContextPtr& c) {
    Stage s;
    s.id = "d_value";
    s.symbol = d("v");
    s.caption = "value path";
    s.heading = "The value path";
    s.formula = d("v_{j}") + " = \u03A3_{i} a_{ij} " + d("o_{i}");
    s.text = "Each query that looked at key " + text(c->key) + " sends its gradient back, turned down by its weight.";
    if (c->block.heads > c->block.kvHeads) s.notes.push_back("Grouped heads: all query heads that share this value add up.");
    const NumberView a = c->tensor(".weights"), dout = gradient(*c, ".head_output");
    KeyGradient g;
    g.stage = s.id;
    g.symbol = "v";
    g.factorName = "a_{i," + text(c->key) + "}";
    g.vectorName = d("o_{i}");
    g.factor = [c, a](int h, int i) { return a(h, i, c->key); };
    g.vector = [dout](int h, int i, int p) { return dout(h, i, p); };
    g.explainFactor = [c, a](int h, int i) {
        return sameAs(named("a", i, c->key), {a(h, i, c->key), "", {"weights", "weights", 0, c->key, i, -1}});
    };
    g.explainVector = [dout](int h, int i, int p) {
        return sameAs(named(d("o"), i, p), {dout(h, i, p), "", {"d_output", "do", p, masterColumn, i, -1}});
    };
    g.result = gradient(*c, ".value");
    addKeyGradient(s, c, g);
    return s;
}

Stage softmaxStage(const ContextPtr& c) {
    Stage s;
    s.id = "d_softmax";
    s.symbol = scoreGradient(*c);
    s.caption = c->linear ? "division" : "softmax";
    s.heading = c->linear ? "Back through the division" : "Back through the softmax";
    s.formula = c->linear ? d("s") + " = (" + d("a") + " \u2212 \u03A3 a " + d("a") + ") / \u03A3"
                          : scoreGradient(*c) + " = a (" + d("a") + " \u2212 \u03A3_{j} a_{j} " + d("a_{j}") + ")";
    s.text = "Weights share one whole: raising one lowers the others. So only what is better than the row\u2019s average gains, and " +
             scoreGradient(*c) + " adds up to 0.";
    if (c->linear) s.text = "The weights share one sum: only what is better than the row\u2019s average gains.";
    const NumberView da = gradient(*c, ".weights"), ds = gradient(*c, ".scores");
    double sum = 0.0;
    for (int j = 0; j < c->keys; ++j) sum += c->weight(j) * da(c->head, c->query, j);
    const auto value = [=](int r, int j) {
        const double a = c->weight(j), gradientOfA = da(c->head, c->query, j);
        return r == 0 ? a : r == 1 ? gradientOfA : r == 2 ? a * gradientOfA : r == 3 ? gradientOfA - sum : ds(c->head, c->query, j);
    };
    const std::vector<std::string> labels{"a", d("a"), "a \u00B7 " + d("a"), d("a") + " \u2212 \u03A3", scoreGradient(*c)};
    for (int r = 0; r < 5; ++r) {
        Grid grid = makeGrid(r == 4 ? "ds" : "row" + text(r), "", r == 0 ? GridStyle::weights : GridStyle::values, 1, c->keys,
                             [&](int, int j) { return value(r, j); });
        grid.rowLabels = {labels[static_cast<std::size_t>(r)]};
        if (r == 0) labelColumns(grid, "key j", c->keys, c->question.keyTokens);
        if (r == 0) grid.largest = 1.0;
        grid.litColumns = c->litKeys();
        grid.current = r == 4;
        if (r == 2) {
            grid.masterLabel = "\u03A3";
            grid.master = {sum};
        }
        grid.explain = [=](int, int j) {
            const auto ref = [&](int row, int column) { return CellRef{"d_softmax", "row" + text(row), 0, column}; };
            if (j == masterColumn) {
                std::vector<Term> terms;
                for (int k = 0; k < c->keys; ++k) terms.push_back(single({value(2, k), "a " + d("a") + named("", k), ref(2, k)}));
                return sumOf("\u03A3 a " + d("a"), std::move(terms), sum);
            }
            const std::string index = named("", c->query, j);
            switch (r) {
                case 0:
                    return sameAs("a" + index, {value(0, j), "", {"weights", "weights", 0, j}});
                case 1:
                    return sameAs(d("a") + index, {value(1, j), "", {"d_weights", "da", 0, j}});
                case 2:
                    return sumOf("a " + d("a"), {product({value(0, j), "a", ref(0, j)}, {value(1, j), d("a"), ref(1, j)})}, value(2, j));
                case 3:
                    return sumOf(d("a") + " \u2212 \u03A3",
                                 {single({value(1, j), d("a"), ref(1, j)}), minus({sum, "\u03A3", ref(2, masterColumn)})}, value(3, j));
                default:
                    break;
            }
            const std::string name = scoreGradient(*c) + index;
            if (c->setByHand(c->name(".weights")))
                return given(name, value(4, j), "0: the weights are set by hand, no gradient passes them");
            if (c->masked(j)) return given(name, value(4, j), "0: the key is hidden");
            if (!c->linear)
                return sumOf(name, {product({value(0, j), "a", ref(0, j)}, {value(3, j), d("a") + " \u2212 \u03A3", ref(3, j)})},
                             value(4, j));
            Expression e = sumOf(name,
                                 {single({value(3, j), d("a") + " \u2212 \u03A3", ref(3, j)}),
                                  single({c->rowSum(), "\u03A3", {"sum", "exp", 0, masterColumn}})},
                                 value(4, j));
            e.operation = Operation::quotient;
            e.epsilon = linearKernelEpsilon;
            return e;
        };
        s.grids.push_back(std::move(grid));
    }
    s.result = {"d_softmax", "ds", 0, c->litKeys().empty() ? 0 : c->litKeys().front()};
    return s;
}

Stage queryStage(const ContextPtr& c) {
    Stage s;
    s.id = "d_query";
    const std::string q = turned(*c, "q"), k = turned(*c, "k");
    s.symbol = d(q);
    s.caption = "query";
    s.heading = "The query\u2019s gradient";
    s.formula = d(q + "_{i}") + " = " + (c->linear ? "\u03C6\u2032(" + q + "_{i}) " : scoreFactorText(*c)) + "\u03A3_{j} " +
                scoreGradient(*c, "_{ij}") + " " + phiOf(*c, k + "_{j}");
    s.text = "The query is drawn away from keys whose score should fall and towards those whose score should rise (the step goes against " +
             d(q) + ").";
    if (scoreFactor(*c) < 0.0) s.notes.push_back("Here s is negative, so it is the other way round: towards keys whose score should fall.");
    s.notes.push_back(productNote(*c));
    const NumberView ds = gradient(*c, ".scores"), dq = gradient(*c, ".query");
    const double factor = scoreFactor(*c);
    Grid scores = makeGrid("factors", "", GridStyle::values, 1, c->keys, [&](int, int j) { return ds(c->head, c->query, j) * factor; });
    scores.rowLabels = {scoreFactorText(*c) + scoreGradient(*c)};
    labelColumns(scores, "key j", c->keys, c->question.keyTokens);
    scores.explain = [=](int, int j) {
        return sumOf(productGradient(c->query, j),
                     {product({ds(c->head, c->query, j), scoreGradient(*c), {"d_softmax", "ds", 0, j}}, {factor, "factor"})},
                     ds(c->head, c->query, j) * factor);
    };
    Grid grid =
        makeGrid("sum", phiOf(*c, k + "_{j}"), GridStyle::values, c->headDim, c->keys, [&](int p, int j) { return c->scoreK(j, p); });
    grid.rowLabels = numbered("dim ", c->headDim);
    grid.masterLabel = named(d(q), c->query);
    for (int p = 0; p < c->headDim; ++p) grid.master.push_back(dq(c->head, c->query, p));
    grid.litColumns = scores.litColumns = c->litKeys();
    grid.current = true;
    grid.explain = [=](int p, int j) {
        if (j >= 0) return sameAs(phiOf(*c, named(k, j, p)), {c->scoreK(j, p), "", c->keyRef(j, p)});
        std::vector<Term> terms;
        for (int key = 0; key < c->keys; ++key) {
            Term term = product({ds(c->head, c->query, key) * factor, productGradient(c->query, key), {"d_query", "factors", 0, key}},
                                {c->scoreK(key, p), phiOf(*c, named(k, key, p)), c->keyRef(key, p)});
            if (c->linear) term.factors.push_back({phiSlope(c->q(p)), "\u03C6\u2032"});
            terms.push_back(std::move(term));
        }
        return sumOf(named(d(q), c->query, p), std::move(terms), dq(c->head, c->query, p));
    };
    s.grids.push_back(std::move(scores));
    s.grids.push_back(std::move(grid));
    s.result = {"d_query", "sum", 0, masterColumn};
    return s;
}

Stage keyStage(const ContextPtr& c) {
    Stage s;
    s.id = "d_key";
    const std::string q = turned(*c, "q"), k = turned(*c, "k");
    s.symbol = d(k);
    s.caption = "key";
    s.heading = "The key\u2019s gradient";
    s.formula = d(k + "_{j}") + " = " + (c->linear ? "\u03C6\u2032(" + k + "_{j}) " : scoreFactorText(*c)) + "\u03A3_{i} " +
                scoreGradient(*c, "_{ij}") + " " + phiOf(*c, q + "_{i}");
    s.text = "The same sum the other way round: every query that scored key " + text(c->key) + " has its say.";
    s.notes.push_back(productNote(*c));
    const NumberView ds = gradient(*c, ".scores"), queries = c->tensor(".query");
    const double factor = scoreFactor(*c);
    KeyGradient g;
    g.stage = s.id;
    g.symbol = k;
    g.factorName = scoreFactorText(*c) + scoreGradient(*c, "_{i," + text(c->key) + "}");
    g.vectorName = phiOf(*c, q + "_{i}");
    g.factor = [c, ds, factor](int h, int i) { return ds(h, i, c->key) * factor; };
    g.vector = [c, queries](int h, int i, int p) { return c->linear ? phi(queries(h, i, p)) : queries(h, i, p); };
    g.explainFactor = [c, ds, factor](int h, int i) {
        return sumOf(productGradient(i, c->key),
                     {product({ds(h, i, c->key), scoreGradient(*c), {"d_softmax", "ds", 0, c->key, i, -1}}, {factor, "factor"})},
                     ds(h, i, c->key) * factor);
    };
    g.explainVector = [c, q, queries](int h, int i, int p) {
        CellRef from = c->queryRef(p);
        from.query = i;
        return sameAs(phiOf(*c, named(q, i, p)), {c->linear ? phi(queries(h, i, p)) : queries(h, i, p), "", from});
    };
    if (c->linear) g.slope = [c](int p) { return phiSlope(c->k(c->key, p)); };
    g.result = gradient(*c, ".key");
    addKeyGradient(s, c, g);
    return s;
}

}  // namespace

void addBackwardStages(Walk& walk, const ContextPtr& c) {
    const std::size_t forward = walk.stages.size();
    addHeadBackwardStages(walk, c);
    addLaterBackwardStages(walk, c);
    addBlockBackwardStages(walk, c);
    for (Stage (*stage)(const ContextPtr&) : {headStage, valueStage, weightStage, softmaxStage, queryStage, keyStage})
        walk.stages.push_back(stage(c));
    addUpdateStages(walk, c);
    for (std::size_t i = forward; i < walk.stages.size(); ++i) walk.stages[i].backward = true;
}

}  // namespace lab::explain
