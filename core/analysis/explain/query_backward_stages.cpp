// A row as a query of an attention block that is not in hand: from the block's output back to q, all heads at once.

#include <cmath>

#include "core/analysis/explain/attention_backward.h"

namespace lab::explain {
namespace {

/// What the grids of the stage look things up in.
struct QueryBack {
    ContextPtr c, block;  ///< the layer's and the block's own
    std::string id;
    AttentionViews views;
    TurnBack turn;
    std::vector<double> sums;  ///< [heads] of a da over the keys

    QueryBack(const ContextPtr& layer, const ContextPtr& of, std::string stage)
        : c(layer), block(of), id(std::move(stage)), views(*of), turn(*of, of->queries) {
        for (int h = 0; h < views.heads; ++h) sums.push_back(views.weightedSum(h, row()));
    }
    int row() const { return block->query; }
    double sum(int h) const { return sums[static_cast<std::size_t>(h)]; }
    double turned(int h, int p) const {
        return turn.of(row(), p, [&](int at) { return views.dq(h, row(), at); });
    }
    CellRef ref(const std::string& grid, int h, int column) const { return {id, grid, h, column}; }
    CellRef own(int h, const CellRef& cell) const { return inOwnWalk(*block, h, cell); }
};
using QueryBackPtr = std::shared_ptr<const QueryBack>;

/// One row a head; of a single head the title is the label.
Grid headGrid(const QueryBack& b, const std::string& id, const std::string& title, int columns,
              const std::function<double(int h, int column)>& value) {
    const bool single = b.views.heads == 1;
    Grid grid = makeGrid(id, single ? "" : title, GridStyle::values, b.views.heads, columns, value);
    grid.rowLabels = single ? std::vector<std::string>{title} : numbered("head ", b.views.heads);
    return grid;
}

std::string headName(const std::string& symbol, int h, int row, int column) {
    return symbol + "^{" + text(h) + "}" + named("", row, column);
}

Grid outputGrid(const QueryBackPtr& b) {
    const ParameterView w = b->block->parameter(b->block->name(".output.weight"));
    Grid grid = headGrid(*b, "do", d("o"), b->views.headDim, [&](int h, int p) { return b->views.dout(h, b->row(), p); });
    labelColumns(grid, "dim", b->views.headDim);
    grid.explain = [b, w](int h, int p) {
        std::vector<Term> terms;
        const int column = h * b->views.headDim + p;
        for (int m = 0; m < b->c->d; ++m)
            terms.push_back(product({b->views.dy(b->row(), m), named(d("y"), m), outputGradientRef(*b->c, b->block->sublayer, m)},
                                    {w(m, column), named("W_{O}", m, column)}));
        return sumOf(headName(d("o"), h, b->row(), p), std::move(terms), b->views.dout(h, b->row(), p));
    };
    return grid;
}

Grid weightGrid(const QueryBackPtr& b) {
    Grid grid = headGrid(*b, "a", "a", b->views.keys, [&](int h, int j) { return b->views.a(h, b->row(), j); });
    grid.style = GridStyle::weights;
    grid.largest = 1.0;
    labelColumns(grid, "key j", b->views.keys, b->block->question.keyTokens);
    grid.explain = [b](int h, int j) {
        return sameAs(headName("a", h, b->row(), j), {b->views.a(h, b->row(), j), "", b->own(h, {"weights", "weights", 0, j})});
    };
    return grid;
}

Expression explainWeight(const QueryBack& b, int h, int j) {
    const std::string name = headName(d("a"), h, b.row(), j);
    const double value = b.views.da(h, b.row(), j);
    if (headIsCut(*b.block, h)) return given(name, value, "0: the head\u2019s output does not depend on it");
    std::vector<Term> terms;
    for (int p = 0; p < b.views.headDim; ++p)
        terms.push_back(product({b.views.dout(h, b.row(), p), named(d("o"), p), b.ref("do", h, p)},
                                {b.views.v(b.views.group(h), j, p), named("v", j, p), b.own(h, b.block->valueRef(j, p))}));
    return sumOf(name, std::move(terms), value);
}

Grid weightGradientGrid(const QueryBackPtr& b) {
    Grid grid = headGrid(*b, "da", d("a"), b->views.keys, [&](int h, int j) { return b->views.da(h, b->row(), j); });
    grid.masterLabel = "\u03A3 a " + d("a");
    grid.master = b->sums;
    grid.explain = [b](int h, int j) {
        if (j >= 0) return explainWeight(*b, h, j);
        std::vector<Term> terms;
        for (int key = 0; key < b->views.keys; ++key)
            terms.push_back(product({b->views.a(h, b->row(), key), named("a", key), b->ref("a", h, key)},
                                    {b->views.da(h, b->row(), key), named(d("a"), key), b->ref("da", h, key)}));
        return sumOf("\u03A3 a " + d("a"), std::move(terms), b->sum(h));
    };
    return grid;
}

Expression explainScore(const QueryBack& b, int h, int j) {
    const std::string name = headName(scoreGradient(*b.block), h, b.row(), j);
    const double value = b.views.ds(h, b.row(), j);
    if (const std::string why = whyNoScoreGradient(*b.block, h); !why.empty()) return given(name, value, why);
    if (std::isinf(b.views.masked(h, b.row(), j))) return given(name, value, "0: the key is hidden");
    Operand share{b.views.a(h, b.row(), j), "a", b.ref("a", h, j)};
    if (b.views.linear)
        share = {1.0 / (b.views.rowSum(h, b.row()) + linearKernelEpsilon), "1/\u03A3", b.own(h, {"sum", "exp", 0, masterColumn})};
    // The cell shows the sum itself, not one divided by it.
    if (b.views.linear) share.from = {};
    Term average = product(share, {b.sum(h), "\u03A3 a " + d("a"), b.ref("da", h, masterColumn)});
    average.minus = true;
    return sumOf(name, {product(share, {b.views.da(h, b.row(), j), d("a"), b.ref("da", h, j)}), average}, value);
}

Grid scoreGrid(const QueryBackPtr& b) {
    Grid grid = headGrid(*b, "ds", scoreGradient(*b->block), b->views.keys, [&](int h, int j) { return b->views.ds(h, b->row(), j); });
    grid.current = true;
    grid.explain = [b](int h, int j) { return explainScore(*b, h, j); };
    return grid;
}

Grid queryGrid(const QueryBackPtr& b) {
    Grid grid = headGrid(*b, "dq", d(turned(*b->block, "q")), b->views.headDim, [&](int h, int p) { return b->views.dq(h, b->row(), p); });
    labelColumns(grid, "dim", b->views.headDim);
    grid.explain = [b](int h, int p) {
        std::vector<Term> terms;
        for (int j = 0; j < b->views.keys; ++j) {
            Term term = product(
                {b->views.ds(h, b->row(), j), named(scoreGradient(*b->block), j), b->ref("ds", h, j)},
                {b->views.readK(h, j, p), phiOf(*b->block, named(turned(*b->block, "k"), j, p)), b->own(h, b->block->keyRef(j, p))});
            if (b->views.linear)
                term.factors.push_back({phiSlope(b->views.q(h, b->row(), p)), "\u03C6\u2032"});
            else
                term.factors.push_back({b->views.factor, scoreFactorText(*b->block)});
            terms.push_back(std::move(term));
        }
        return sumOf(headName(d(turned(*b->block, "q")), h, b->row(), p), std::move(terms), b->views.dq(h, b->row(), p));
    };
    return grid;
}

/// RoPE: what reaches the query before its rotation.
Grid turnedGrid(const QueryBackPtr& b) {
    Grid grid = headGrid(*b, "turned", d("q") + ", turned back by " + text(b->row()), b->views.headDim,
                         [&](int h, int p) { return b->turned(h, p); });
    grid.explain = [b](int h, int p) {
        const TurnBack::Factors f = b->turn.at(b->row(), p);
        const auto of = [&](int at, double factor, const std::string& name) {
            return product({b->views.dq(h, b->row(), at), named(d("q\u2032"), at), b->ref("dq", h, at)}, {factor, name});
        };
        return sumOf(headName(d("q"), h, b->row(), p), {of(p, f.cosine, "cos"), of(f.partner, f.sine, "\u00B1sin")}, b->turned(h, p));
    };
    return grid;
}

void sayQueryBack(Stage& s, const Context& c, const Context& block) {
    const std::string what = block.block.cross ? "cross-attention" : "attention";
    const std::string layer = c.later ? "Layer " + text(c.block.layer) + ": back" : "Back";
    s.symbol = scoreGradient(block) + ", " + d(turned(block, "q"));
    if (c.later) s.group = c.layer;
    s.caption = c.later ? "layer " + text(c.block.layer) + (block.block.cross ? " cross" : " attn") : "cross-attn";
    s.heading = layer + " through the " + what + ", as a query";
    s.formula =
        d("o") + " = W_{O}^{T} " + d("y") + ",  " + d("a_{j}") + " = " + d("o") + " \u00B7 v_{j},  " + scoreGradient(block) + " = " +
        (block.linear ? "(" + d("a") + " \u2212 \u03A3 a " + d("a") + ") / \u03A3" : "a (" + d("a") + " \u2212 \u03A3 a " + d("a") + ")") +
        ",  " + d(turned(block, "q")) + " = " + (block.linear ? "\u03C6\u2032(" + turned(block, "q") + ") " : scoreFactorText(block)) +
        "\u03A3_{j} " + scoreGradient(block, "_{j}") + " " + phiOf(block, turned(block, "k") + "_{j}");
    s.text = "Row " + text(block.query) + " as a query of all heads: through W_{O} to each head, to its weights, through the " +
             (block.linear ? "division" : "softmax") + " to the scores and to q.";
}

}  // namespace

Stage queryBackStage(const ContextPtr& c, const ContextPtr& block, const std::string& id) {
    Stage s;
    s.id = id;
    sayQueryBack(s, *c, *block);
    if (c->later && !c->pre) addSublayerNormBackward(s, c, block->sublayer, {});
    const auto b = std::make_shared<const QueryBack>(c, block, id);
    for (Grid (*grid)(const QueryBackPtr&) : {outputGrid, weightGrid, weightGradientGrid, scoreGrid, queryGrid}) s.grids.push_back(grid(b));
    if (block->rope) s.grids.push_back(turnedGrid(b));
    s.result = {id, "dq", largestOf(s, "dq").row, 0};
    return s;
}

std::vector<double> throughQueries(const Context& block) {
    const AttentionViews views(block);
    const TurnBack turn(block, block.queries);
    const ParameterView w = block.parameter(block.name(block.sharesKeys() ? ".key.weight" : ".query.weight"));
    std::vector<double> result(static_cast<std::size_t>(block.d), 0.0);
    if (block.setByHand(block.name(".query"))) return result;
    for (int h = 0; h < views.heads; ++h)
        for (int p = 0; p < views.headDim; ++p) {
            const double g = turn.of(block.query, p, [&](int at) { return views.dq(h, block.query, at); });
            for (int m = 0; m < block.d; ++m) result[static_cast<std::size_t>(m)] += g * w(h * views.headDim + p, m);
        }
    return result;
}

Expression explainThroughQueries(const ContextPtr& block, const std::string& queryStage, int column, double result) {
    const std::string name = "via q" + named("", column);
    if (block->setByHand(block->name(".query"))) return given(name, result, "0: the queries are set by hand");
    const AttentionViews views(*block);
    const TurnBack turn(*block, block->queries);
    const bool shared = block->sharesKeys();
    const ParameterView w = block->parameter(block->name(shared ? ".key.weight" : ".query.weight"));
    std::vector<Term> terms;
    for (int h = 0; h < views.heads; ++h)
        for (int p = 0; p < views.headDim; ++p) {
            const int row = h * views.headDim + p;
            const double g = turn.of(block->query, p, [&](int at) { return views.dq(h, block->query, at); });
            terms.push_back(product({g, headName(d("q"), h, block->query, p), {queryStage, block->rope ? "turned" : "dq", h, p}},
                                    {w(row, column), named(shared ? "W_{K}" : "W_{Q}", row, column)}));
        }
    return sumOf(name, std::move(terms), result);
}

}  // namespace lab::explain
