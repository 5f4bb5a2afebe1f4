// A row as a key of an attention block that is not in hand: what every query that attended to it sends back through its k, or its v.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/analysis/explain/attention_backward.h"

namespace lab::explain {
namespace {

struct KeyBack {
    ContextPtr block;
    KeyBackSpec spec;
    AttentionViews views;
    TurnBack turn;
    ParameterView weight;
    bool byHand;
    std::vector<double> parts;   ///< [queries, d]: what comes by each query
    std::vector<double> master;  ///< [d]

    KeyBack(const ContextPtr& of, KeyBackSpec what)
        : block(of),
          spec(std::move(what)),
          views(*of),
          turn(*of, of->keys),
          weight(of->parameter(of->name(spec.ofValues ? ".value.weight" : ".key.weight"))),
          byHand(of->setByHand(of->name(spec.ofValues ? ".value" : ".key"))),
          parts(static_cast<std::size_t>(of->queries) * static_cast<std::size_t>(of->d), 0.0),
          master(static_cast<std::size_t>(of->d), 0.0) {
        for (int i = 0; i < views.queries && !byHand; ++i)
            for (int h = 0; h < views.heads; ++h) add(h, i);
        for (int i = 0; i < views.queries; ++i)
            for (int m = 0; m < of->d; ++m) master[static_cast<std::size_t>(m)] += at(m, i);
    }
    bool turns() const { return block->rope && !spec.ofValues; }
    /// 0: the query does not see the row, or nothing comes back to it.
    double factor(int h, int i) const {
        if (!spec.ofValues) return views.ds(h, i, spec.row) * views.factor;
        return headIsCut(*block, h) ? 0.0 : views.a(h, i, spec.row);
    }
    bool sees(int i) const {
        for (int h = 0; h < views.heads; ++h)
            if (factor(h, i) != 0.0) return true;
        return false;
    }
    double slope(int h, int p) const { return views.linear ? phiSlope(views.k(views.group(h), spec.row, p)) : 1.0; }
    /// What the factor turns up or down: q, or the gradient of the head's output, before W.
    double vector(int h, int i, int p) const {
        if (spec.ofValues) return views.dout(h, i, p);
        if (!turns()) return views.readQ(h, i, p) * slope(h, p);
        return turn.of(spec.row, p, [&](int at) { return views.readQ(h, i, at) * slope(h, at); });
    }
    int weightRow(int h, int p) const { return views.group(h) * views.headDim + p; }
    double at(int m, int i) const { return parts[static_cast<std::size_t>(i) * master.size() + static_cast<std::size_t>(m)]; }

private:
    void add(int h, int i) {
        const double f = factor(h, i);
        if (f == 0.0) return;
        double* part = parts.data() + static_cast<std::size_t>(i) * master.size();
        for (int p = 0; p < views.headDim; ++p) {
            const double x = f * vector(h, i, p);
            const float* w = weight.values + static_cast<std::ptrdiff_t>(weightRow(h, p)) * weight.columns;
            for (int m = 0; m < weight.columns; ++m) part[m] += x * static_cast<double>(w[m]);
        }
    }
};
using KeyBackPtr = std::shared_ptr<const KeyBack>;

void labelQueries(Grid& grid, const KeyBack& b) {
    labelColumns(grid, "query i", b.views.queries, b.block->question.queryTokens);
}

/// The queries by which most comes.
std::vector<int> largestQueries(const KeyBack& b) {
    constexpr std::size_t most = 3;
    std::vector<double> sizes(static_cast<std::size_t>(b.views.queries), 0.0);
    for (int m = 0; m < b.block->d; ++m)
        for (int i = 0; i < b.views.queries; ++i) sizes[static_cast<std::size_t>(i)] += std::abs(b.at(m, i));
    std::vector<int> order(sizes.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::greater<>(), [&](int i) { return sizes[static_cast<std::size_t>(i)]; });
    order.resize(std::min(order.size(), most));
    std::erase_if(order, [&](int i) { return sizes[static_cast<std::size_t>(i)] == 0.0; });
    return order;
}

std::string factorName(const KeyBack& b, int i) {
    return b.spec.ofValues ? named("a", i, b.spec.row) : productGradient(i, b.spec.row);
}

Grid factorGrid(const KeyBackPtr& b) {
    const std::string row = text(b->spec.row);
    const std::string name =
        b->spec.ofValues ? "a_{i," + row + "}" : scoreFactorText(*b->block) + scoreGradient(*b->block, "_{i," + row + "}");
    const bool single = b->views.heads == 1;
    Grid grid =
        makeGrid("factors", single ? "" : name, b->spec.ofValues ? GridStyle::weights : GridStyle::values, b->views.heads, b->views.queries,
                 [&](int h, int i) { return b->spec.ofValues ? b->views.a(h, i, b->spec.row) : b->factor(h, i); });
    if (b->spec.ofValues) grid.largest = 1.0;
    grid.rowLabels = single ? std::vector<std::string>{name} : numbered("head ", b->views.heads);
    labelQueries(grid, *b);
    grid.explain = [b](int h, int i) {
        if (b->spec.ofValues) return sameAs(factorName(*b, i), {b->views.a(h, i, b->spec.row), "", b->spec.weightFrom(h, i)});
        const Operand score{b->views.ds(h, i, b->spec.row), named(scoreGradient(*b->block), i, b->spec.row), b->spec.scoreFrom(h, i)};
        if (b->views.factor == 1.0) return sameAs(factorName(*b, i), score);
        return sumOf(factorName(*b, i), {product(score, {b->views.factor, scoreFactorText(*b->block)})}, b->factor(h, i));
    };
    return grid;
}

/// The number that the factor is multiplied with, as one factor or two.
std::vector<Operand> vectorOperands(const KeyBack& b, int h, int i, int p) {
    if (b.spec.ofValues) return {{b.views.dout(h, i, p), named(d("o"), i, p), b.spec.outputFrom(h, i, p)}};
    if (b.turns()) return {{b.vector(h, i, p), named("q\u0303", i, p), {b.spec.id, "turned", h * b.views.headDim + p, i}}};
    CellRef from = b.block->queryRef(p);
    from.query = i;
    std::vector<Operand> operands{
        {b.views.readQ(h, i, p), phiOf(*b.block, named(turned(*b.block, "q"), i, p)), inOwnWalk(*b.block, h, from)}};
    if (b.views.linear) operands.push_back({b.slope(h, p), "\u03C6\u2032"});
    return operands;
}

Expression explainPart(const KeyBack& b, int m, int i) {
    const std::string name = (b.spec.ofValues ? "via v" : "via k") + named("", m) + " of query " + text(i);
    if (b.byHand) return given(name, 0.0, b.spec.ofValues ? "0: the values are set by hand" : "0: the keys are set by hand");
    std::vector<Term> terms;
    for (int h = 0; h < b.views.heads; ++h) {
        if (b.factor(h, i) == 0.0) continue;
        for (int p = 0; p < b.views.headDim; ++p) {
            Term term{{{b.factor(h, i), factorName(b, i), {b.spec.id, "factors", h, i}}}};
            for (Operand& operand : vectorOperands(b, h, i, p)) term.factors.push_back(std::move(operand));
            term.factors.push_back({b.weight(b.weightRow(h, p), m), named(b.spec.ofValues ? "W_{V}" : "W_{K}", b.weightRow(h, p), m)});
            terms.push_back(std::move(term));
        }
    }
    if (terms.empty()) return given(name, 0.0, "0: nothing comes back by this query");
    return sumOf(name, std::move(terms), b.at(m, i));
}

Grid sumGrid(const KeyBackPtr& b) {
    const std::string via = b->spec.ofValues ? "via v" : "via k";
    Grid grid = makeGrid("sum", d(b->spec.symbol) + " parts", GridStyle::values, b->block->d, b->views.queries,
                         [&](int m, int i) { return b->at(m, i); });
    grid.rowLabels = numbered("dim ", b->block->d);
    grid.masterLabel = via;
    grid.master = b->master;
    grid.litColumns = largestQueries(*b);
    grid.current = true;
    grid.explain = [b, via](int m, int i) {
        if (i >= 0) return explainPart(*b, m, i);
        std::vector<Term> terms;
        for (int query = 0; query < b->views.queries; ++query) {
            if (!b->sees(query)) continue;
            terms.push_back(single({b->at(m, query), "query " + text(query), {b->spec.id, "sum", m, query}}));
        }
        if (terms.empty()) return given(named(via, m), 0.0, b->byHand ? explainPart(*b, m, 0).note : "0: nothing comes back by any query");
        return sumOf(named(via, m), std::move(terms), b->master[static_cast<std::size_t>(m)]);
    };
    return grid;
}

/// RoPE: the queries as the unrotated key meets them.
Grid turnedGrid(const KeyBackPtr& b) {
    const int width = b->views.headDim;
    Grid grid = makeGrid("turned", "q\u0303: q\u2032_{i}, turned back by " + text(b->spec.row), GridStyle::values, b->views.heads * width,
                         b->views.queries, [&](int r, int i) { return b->vector(r / width, i, r % width); });
    for (int r = 0; r < grid.rows; ++r) grid.rowLabels.push_back(text(r / width) + ":" + text(r % width));
    grid.explain = [b, width](int r, int i) {
        const int h = r / width, p = r % width;
        const TurnBack::Factors f = b->turn.at(b->spec.row, p);
        const auto of = [&](int at, double factor, const std::string& name) {
            CellRef from = b->block->queryRef(at);
            from.query = i;
            Term term =
                product({b->views.readQ(h, i, at), phiOf(*b->block, named(turned(*b->block, "q"), i, at)), inOwnWalk(*b->block, h, from)},
                        {factor, name});
            if (b->views.linear) term.factors.push_back({b->slope(h, at), "\u03C6\u2032"});
            return term;
        };
        return sumOf(named("q\u0303", i, p), {of(p, f.cosine, "cos"), of(f.partner, f.sine, "\u00B1sin")}, b->vector(h, i, p));
    };
    return grid;
}

/// "(1/√d_{h}) ∂s_{i,5} q_{i}"
std::string factorText(const KeyBack& b, const std::string& row) {
    const std::string score = scoreFactorText(*b.block) + scoreGradient(*b.block, "_{i," + row + "}");
    if (b.turns()) return score + " q\u0303_{i}";
    return (b.views.linear ? "\u03C6\u2032(k_{" + row + "}) " : "") + score + " " + phiOf(*b.block, "q_{i}");
}

}  // namespace

Stage keyBackStage(const ContextPtr& block, const KeyBackSpec& spec, Through& through) {
    Stage s;
    s.id = spec.id;
    const auto b = std::make_shared<const KeyBack>(block, spec);
    const std::string row = text(spec.row);
    s.symbol = spec.ofValues ? "via v" : "via k";
    s.formula = d(spec.symbol + "_{" + row + "}") + (spec.ofValues ? " via v = \u03A3_{i} W_{V}^{T} a_{i," + row + "} " + d("o_{i}")
                                                                   : " via k = \u03A3_{i} W_{K}^{T} " + factorText(*b, row));
    s.grids.push_back(factorGrid(b));
    s.grids.push_back(sumGrid(b));
    s.grids[0].litColumns = s.grids[1].litColumns;
    if (b->turns()) s.grids.push_back(turnedGrid(b));
    if (!spec.ofValues) s.notes.push_back(productNote(*block));
    if (b->turns())
        s.notes.push_back("q\u0303 is each query\u2019s q\u2032 turned back by " + row + ", as RoPE had turned this row\u2019s key by " +
                          row + ".");
    if (block->block.heads > 1) s.notes.push_back("One column a query, all its heads together.");
    s.result = {s.id, "sum", 0, masterColumn};
    through.values = b->master;
    through.from = [id = s.id](int m) { return CellRef{id, "sum", m, masterColumn}; };
    return s;
}

}  // namespace lab::explain
