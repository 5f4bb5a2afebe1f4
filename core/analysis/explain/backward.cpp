// The three rules of the way back: through a matrix, to a matrix, through a norm.

#include "core/analysis/explain/backward.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace lab::explain {

std::string d(const std::string& symbol) {
    return "\u2202" + symbol;
}

double TransposedSpec::computed(int row) const {
    double sum = 0.0;
    for (int m = 0; m < columns; ++m) sum += g(m) * weight(firstRow + m, row);
    return sum;
}

Expression TransposedSpec::expression(int row) const {
    std::vector<Term> terms;
    for (int m = 0; m < columns; ++m) {
        Operand out{g(m), named(given, m), asRow ? gFrom(m) : CellRef{stage, id + "_in", 0, m}};
        Operand w{weight(firstRow + m, row), named(asRow ? weightName : "W", m, row)};
        if (!asRow) w.from = {stage, id, row, m};
        terms.push_back(product(std::move(out), std::move(w)));
    }
    return sumOf(named(result, row), std::move(terms), at(row));
}

namespace {

void addTransposedRow(Stage& stage, const std::shared_ptr<const TransposedSpec>& s) {
    const auto values = std::make_shared<std::vector<double>>();
    for (int p = 0; p < s->rows; ++p) values->push_back(s->at(p));
    Grid grid =
        makeGrid(s->id, s->title, GridStyle::values, 1, s->rows, [&](int, int p) { return (*values)[static_cast<std::size_t>(p)]; });
    grid.rowLabels = {s->result};
    labelColumns(grid, "dim", s->rows);
    grid.current = true;
    grid.explain = [s](int, int p) { return s->expression(p); };
    stage.grids.push_back(std::move(grid));
}

}  // namespace

void addTransposed(Stage& stage, const TransposedSpec& spec) {
    const auto s = std::make_shared<const TransposedSpec>(spec);
    if (s->asRow) return addTransposedRow(stage, s);
    Grid in = makeGrid(s->id + "_in", "", GridStyle::values, 1, s->columns, [&](int, int m) { return s->g(m); });
    in.rowLabels = {s->given};
    labelColumns(in, s->columnsAre, s->columns);
    in.explain = [s](int, int m) { return sameAs(named(s->given, m), {s->g(m), "", s->gFrom(m)}); };
    stage.grids.push_back(std::move(in));

    Grid grid = makeGrid(s->id, s->title.empty() ? s->weightName + ", transposed" : s->title, GridStyle::values, s->rows, s->columns,
                         [&](int p, int m) { return s->weight(s->firstRow + m, p); });
    grid.rowLabels = numbered("dim ", s->rows);
    grid.masterLabel = s->result;
    for (int p = 0; p < s->rows; ++p) grid.master.push_back(s->at(p));
    grid.current = true;
    grid.explain = [s](int p, int m) {
        return m < 0 ? s->expression(p) : given(named(s->weightName, m, p), s->weight(s->firstRow + m, p), "a trained weight");
    };
    stage.grids.push_back(std::move(grid));
}

void addMatrixGradient(Stage& stage, const ContextPtr& c, const MatrixGradientSpec& spec) {
    const auto s = std::make_shared<const MatrixGradientSpec>(spec);
    const NumberView gradient = c->numbers.at("gradient." + s->parameter + ".weight");
    const NumberView bias = c->numbers.find("gradient." + s->parameter + ".bias");
    Grid grid = makeGrid(s->id, s->title, GridStyle::values, gradient.extent(0), gradient.extent(1),
                         [&](int r, int column) { return gradient(r, column); });
    grid.rowLabels = numbered("dim ", grid.rows);
    labelColumns(grid, "input dim", grid.columns);
    if (bias) {
        grid.leadLabel = d("b");
        for (int r = 0; r < grid.rows; ++r) grid.lead.push_back(bias[r]);
    }
    grid.current = true;
    grid.explain = [s, gradient, bias](int r, int column) {
        std::vector<Term> terms;
        for (int i = 0; i < s->positions; ++i) {
            const Operand out{s->g(i, r), named(s->given, i, r), s->gFrom(i, r)};
            terms.push_back(column < 0 ? single(out) : product(out, {s->x(i, column), named(s->input, i, column), s->xFrom(i, column)}));
        }
        return column < 0 ? sumOf(named(d("b"), r), std::move(terms), bias[r])
                          : sumOf(named(d(s->weightName), r, column), std::move(terms), gradient(r, column));
    };
    stage.grids.push_back(std::move(grid));
}

CellRef largestOf(const Stage& stage, const std::string& id) {
    const Grid& grid = *stage.find(id);
    const auto most = std::ranges::max_element(grid.values, {}, [](double x) { return std::abs(x); });
    const auto at = static_cast<int>(most - grid.values.begin());
    return {stage.id, id, at / grid.columns, at % grid.columns};
}

namespace {

/// The numbers of a norm backward, once.
struct NormBackward {
    NormBackwardSpec spec;
    ParameterView gamma;
    std::vector<double> g, n, result;
    double meanOfG = 0.0, meanOfProduct = 0.0, deviation = 1.0;

    NormBackward(const Context& c, const NormBackwardSpec& s) : spec(s), gamma(c.parameter(s.parameter + ".weight")) {
        const auto count = static_cast<double>(s.columns);
        n = normed(s.row, deviation);
        for (int k = 0; k < s.columns; ++k) g.push_back(s.in(s.row, k) * gamma(k));
        if (s.kind == NormKind::layer) meanOfG = std::accumulate(g.begin(), g.end(), 0.0) / count;
        meanOfProduct = std::inner_product(g.begin(), g.end(), n.begin(), 0.0) / count;
        for (int k = 0; k < s.columns; ++k) result.push_back(s.value ? s.value(k) : centred(k) / deviation);
    }
    std::vector<double> normed(int row, double& spread) const {
        std::vector<double> z;
        for (int k = 0; k < spec.columns; ++k) z.push_back(spec.z(row, k));
        const auto count = static_cast<double>(spec.columns);
        const double mean = spec.kind == NormKind::layer ? std::accumulate(z.begin(), z.end(), 0.0) / count : 0.0;
        double squares = 0.0;
        for (double& x : z) {
            x -= mean;
            squares += x * x;
        }
        spread = std::sqrt(squares / count + spec.epsilon);
        for (double& x : z) x /= spread;
        return z;
    }
    double product(int k) const { return g[static_cast<std::size_t>(k)] * n[static_cast<std::size_t>(k)]; }
    double centred(int k) const { return g[static_cast<std::size_t>(k)] - meanOfG - n[static_cast<std::size_t>(k)] * meanOfProduct; }
    double at(int row, int k) const {
        const auto i = static_cast<std::size_t>(k);
        switch (row) {
            case givenRow:
                return spec.in(spec.row, k);
            case scaledRow:
                return g[i];
            case normedRow:
                return n[i];
            case productRow:
                return product(k);
            case centredRow:
                return centred(k);
            default:
                return result[i];
        }
    }
    CellRef ref(int row, int column) const { return {spec.stage, "norm", row, column}; }
    std::string resultName() const { return spec.result.empty() ? d("z") : spec.result; }
    std::string spread() const { return spec.kind == NormKind::layer ? "\u03C3" : "rms"; }
};

Expression explainMean(const NormBackward& b, int row) {
    std::vector<Term> terms;
    for (int k = 0; k < b.spec.columns; ++k)
        terms.push_back(single({b.at(row, k), named("g", k) + (row == scaledRow ? std::string() : " " + named("n", k)), b.ref(row, k)}));
    Expression e = sumOf(row == scaledRow ? "mean g" : "mean(g n)", std::move(terms), row == scaledRow ? b.meanOfG : b.meanOfProduct);
    e.operation = Operation::mean;
    return e;
}

Expression explainNormBackward(const NormBackward& b, int row, int k) {
    if (k == masterColumn && row == normResultRow) return sameAs(b.spread(), {b.deviation, "", b.spec.deviationFrom});
    if (k == masterColumn) return explainMean(b, row);
    const Operand g{b.at(scaledRow, k), named("g", k), b.ref(scaledRow, k)}, n{b.at(normedRow, k), named("n", k), b.ref(normedRow, k)};
    switch (row) {
        case givenRow:
            return sameAs(named(b.spec.given, k), {b.at(row, k), "", b.spec.inFrom(k)});
        case scaledRow:
            return sumOf(named("g", k),
                         {product({b.at(givenRow, k), named(b.spec.given, k), b.ref(givenRow, k)}, {b.gamma(k), named("\u03B3", k)})},
                         b.at(row, k));
        case normedRow:
            return sameAs(named("n", k), {b.at(row, k), "", b.spec.normedFrom(k)});
        case productRow:
            return sumOf(named("g", k) + " " + named("n", k), {product(g, n)}, b.at(row, k));
        case centredRow: {
            std::vector<Term> terms{single(g)};
            if (b.spec.kind == NormKind::layer) terms.push_back(minus({b.meanOfG, "mean g", b.ref(scaledRow, masterColumn)}));
            Term along = product(n, {b.meanOfProduct, "mean(g n)", b.ref(productRow, masterColumn)});
            along.minus = true;
            terms.push_back(along);
            return sumOf(named("c", k), std::move(terms), b.at(row, k));
        }
        default: {
            Expression e = sumOf(named(b.resultName(), k),
                                 {single({b.at(centredRow, k), named("c", k), b.ref(centredRow, k)}),
                                  single({b.deviation, b.spread(), b.ref(normResultRow, masterColumn)})},
                                 b.at(row, k));
            e.operation = Operation::quotient;
            return e;
        }
    }
}

/// The gradients of gamma and beta: sums over positions.
Grid trainedGrid(const ContextPtr& c, const std::shared_ptr<const NormBackward>& b) {
    const NumberView gamma = c->numbers.at("gradient." + b->spec.parameter + ".weight");
    const NumberView beta = c->numbers.find("gradient." + b->spec.parameter + ".bias");
    Grid grid = makeGrid("trained", "", GridStyle::values, beta ? 2 : 1, b->spec.columns,
                         [&](int r, int k) { return r == 0 ? gamma[k] : beta[k]; });
    grid.rowLabels = {d("\u03B3")};
    grid.rowScales = true;
    if (beta) grid.rowLabels.push_back(d("\u03B2"));
    grid.explain = [b, gamma, beta](int r, int k) {
        std::vector<Term> terms;
        for (int i = 0; i < b->spec.positions; ++i) {
            double spread = 1.0;
            const Operand in{b->spec.in(i, k), named(b->spec.given, i, k), {b->spec.stage, "norm", givenRow, k, i, -1}};
            if (r == 1)
                terms.push_back(single(in));
            else
                terms.push_back(product(
                    in,
                    {b->normed(i, spread)[static_cast<std::size_t>(k)], named("n", i, k), {b->spec.stage, "norm", normedRow, k, i, -1}}));
        }
        return sumOf(named(d(r == 0 ? "\u03B3" : "\u03B2"), k), std::move(terms), r == 0 ? gamma[k] : beta[k]);
    };
    return grid;
}

}  // namespace

std::vector<double> addNormBackward(Stage& stage, const ContextPtr& c, const NormBackwardSpec& spec) {
    const auto b = std::make_shared<const NormBackward>(*c, spec);
    const bool layer = spec.kind == NormKind::layer;
    Grid grid = makeGrid("norm", spec.title, GridStyle::values, normResultRow + 1, spec.columns, [&](int r, int k) { return b->at(r, k); });
    grid.rowLabels = {spec.given, "g", "n", "g n", "c", b->resultName()};
    grid.rowScales = true;
    labelColumns(grid, "dim", spec.columns);
    const double nothing = std::numeric_limits<double>::quiet_NaN();
    grid.masterLabel = layer ? "mean, \u03C3" : "mean, rms";
    grid.master = {nothing, layer ? b->meanOfG : nothing, nothing, b->meanOfProduct, nothing, b->deviation};
    grid.current = true;
    grid.explain = [b](int r, int k) { return explainNormBackward(*b, r, k); };
    stage.grids.push_back(std::move(grid));
    if (spec.positions > 0) stage.grids.push_back(trainedGrid(c, b));
    return b->result;
}

}  // namespace lab::explain
