#include "core/analysis/explain/context.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace lab::explain {

int Context::blockOf(const std::string& blockName) const {
    const auto& blocks = model->attentionBlocks();
    return static_cast<int>(std::ranges::find(blocks, blockName, &AttentionBlock::name) - blocks.begin());
}

ParameterView Context::parameter(const std::string& parameterName) const {
    const Parameter* p = model ? model->layout().find(parameterName) : nullptr;
    if (!p) return {};
    return {lab::at(*weights, *p), p->shape.front(), p->shape.size() > 1 ? p->shape.back() : 1};
}

bool Context::setByHand(const std::string& tensorName) const {
    return std::ranges::any_of(question.input.interventions,
                               [&](const Intervention& i) { return i.kind == Intervention::Kind::replace && i.name == tensorName; });
}

bool Context::masked(int j) const {
    return std::isinf(maskedScore(j));
}

bool Context::hasMask() const {
    if (!model) {
        for (int j = 0; hasScores && j < keys; ++j)
            if (masked(j)) return true;
        return false;
    }
    return !block.visibility.hidesNothing() || std::ranges::any_of(question.input.masked, [](bool m) { return m; });
}

double phi(double x) {
    return linearFeature(x);
}

double Context::scoreQ(int p) const {
    return linear ? phi(q(p)) : q(p);
}

double Context::scoreK(int j, int p) const {
    return linear ? phi(k(j, p)) : k(j, p);
}

double Context::exponential(int j) const {
    if (masked(j)) return 0.0;
    return linear ? maskedScore(j) : std::exp(maskedScore(j) - rowMaximum());
}

void Context::prepare() {
    m_value = tensor(".value");
    m_weights = tensor(".weights");
    m_output = tensor(".head_output");
    m_lit.resize(static_cast<std::size_t>(keys));
    std::iota(m_lit.begin(), m_lit.end(), 0);
    std::stable_sort(m_lit.begin(), m_lit.end(), [&](int a, int b) { return std::abs(weight(a)) > std::abs(weight(b)); });
    m_lit.resize(std::min<std::size_t>(m_lit.size(), 3));
    std::erase_if(m_lit, [&](int j) { return weight(j) == 0.0; });
    if (!hasScores) return;
    m_query = tensor(".query");
    m_key = tensor(".key");
    m_scores = tensor(".scores");
    m_masked = tensor(".masked_scores");
    m_rowMaximum = -std::numeric_limits<double>::infinity();
    for (int j = 0; j < keys; ++j) {
        double sum = 0.0;
        for (int p = 0; p < headDim; ++p) sum += scoreQ(p) * scoreK(j, p);
        m_dots.push_back(sum);
        m_rowMaximum = std::max(m_rowMaximum, maskedScore(j));
    }
    if (std::isinf(m_rowMaximum)) m_rowMaximum = 0.0;
    for (int j = 0; j < keys; ++j) m_rowSum += exponential(j);
}

std::optional<std::string> Context::streamTensor(int level) const {
    if (level == static_cast<int>(sublayers.size())) return layer + ".residual";
    if (level == 0) {
        if (block.layer > 0) return block.side + "." + std::to_string(block.layer - 1) + ".residual";
        return block.side == "decoder" && config().architecture == Architecture::encoder_decoder ? "target_embedding" : "embedding";
    }
    if (pre) return std::nullopt;
    return layer + "." + sublayers[static_cast<std::size_t>(level - 1)] + "_norm";
}

double Context::stream(int level, int row, int c) const {
    if (const auto tensorName = streamTensor(level)) return numbers.at(*tensorName)(row, c);
    return stream(level - 1, row, c) + numbers.at(layer + "." + sublayers[static_cast<std::size_t>(level - 1)] + ".output")(row, c);
}

CellRef Context::inputRef(int c) const {
    return {"input", "x", 0, c};
}

CellRef Context::keyInputRef(int j, int c) const {
    return {"input", "xkey", 0, c, -1, j};
}

std::string Context::projectedTensor(bool ofQuery) const {
    const std::string part = ofQuery ? "query" : "key";
    return qkNorm ? ".unnormalised_" + part : normalisedTensor(ofQuery);
}

std::string Context::normalisedTensor(bool ofQuery) const {
    const std::string part = ofQuery ? "query" : "key";
    return rope ? ".unrotated_" + part : "." + part;
}

CellRef Context::queryRef(int p) const {
    if (linear) return {"phi", "q", 1, p};
    if (rope) return {"rotate", "q", 3, p};
    if (qkNorm) return {"normalise", "q", lastNormRow(NormKind::rms), p};
    return {"project", "q", p, masterColumn};
}

CellRef Context::keyRef(int j, int p) const {
    if (linear) return {"phi", "k", 1, p, -1, j};
    if (rope) return {"rotate", "k", 3, p, -1, j};
    if (qkNorm) return {"normalise", "k", lastNormRow(NormKind::rms), p, -1, j};
    return {"project", "k", p, masterColumn, -1, j};
}

CellRef Context::valueRef(int j, int p) const {
    return {"project", "v", p, masterColumn, -1, j};
}

std::string text(int number) {
    return std::to_string(number);
}

namespace {

/// An index joins the subscript that the symbol ends with: "W_{O 3,1}".
std::string indexed(const std::string& symbol, const std::string& index) {
    const std::size_t subscript = symbol.rfind("_{");
    const bool joins = subscript != std::string::npos && symbol.find('}', subscript) == symbol.size() - 1;
    return joins ? symbol.substr(0, symbol.size() - 1) + " " + index + "}" : symbol + "_{" + index + "}";
}

}  // namespace

std::string named(const std::string& symbol, int a) {
    return indexed(symbol, text(a));
}

std::string named(const std::string& symbol, int a, int b) {
    return indexed(symbol, text(a) + "," + text(b));
}

bool hasPositionTerms(const Context& c) {
    return !c.block.cross && c.softmax && c.model && (c.form == AttentionForm::kv_pos || c.slope != 0.0);
}

std::string scoreSymbol(const Context& c) {
    return hasPositionTerms(c) ? "s\u2032" : "s";
}

std::string turned(const Context& c, const std::string& symbol) {
    return c.rope ? symbol + "\u2032" : symbol;
}

std::string plusBias(const ParameterView& bias) {
    return bias ? " + b" : "";
}

Term product(Operand a, Operand b) {
    return {{std::move(a), std::move(b)}, false};
}

Term single(Operand a) {
    return {{std::move(a)}, false};
}

Term minus(Operand a) {
    return {{std::move(a)}, true};
}

Expression sumOf(std::string name, std::vector<Term> terms, double result) {
    Expression e;
    e.name = std::move(name);
    e.operation = Operation::sum;
    e.terms = std::move(terms);
    e.result = result;
    return e;
}

Expression sameAs(std::string name, Operand origin, const std::string& note) {
    Expression e;
    e.name = std::move(name);
    e.result = origin.value;
    e.note = note;
    e.terms = {single(std::move(origin))};
    return e;
}

Expression given(std::string name, double value, std::string note) {
    Expression e;
    e.name = std::move(name);
    e.result = value;
    e.note = std::move(note);
    return e;
}

Grid makeGrid(std::string id, std::string title, GridStyle style, int rows, int columns, const std::function<double(int, int)>& value) {
    Grid grid;
    grid.id = std::move(id);
    grid.title = std::move(title);
    grid.style = style;
    grid.rows = rows;
    grid.columns = columns;
    grid.values.reserve(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
    for (int r = 0; r < rows; ++r)
        for (int c = 0; c < columns; ++c) grid.values.push_back(value(r, c));
    return grid;
}

std::vector<std::string> numbered(const std::string& before, int count) {
    std::vector<std::string> labels;
    for (int i = 0; i < count; ++i) labels.push_back(before + text(i));
    return labels;
}

void labelColumns(Grid& grid, std::string what, int count, const std::vector<std::string>& tokens) {
    grid.columnsAre = std::move(what);
    grid.columnLabels = numbered("", count);
    grid.columnTokens = tokens;
}

void addLinear(Stage& stage, const LinearSpec& spec) {
    const auto s = std::make_shared<const LinearSpec>(spec);
    const auto indexed = [](const std::string& symbol, int first, int index) {
        return first >= 0 ? named(symbol, first, index) : named(symbol, index);
    };
    Grid in = makeGrid(s->id + "_in", "", GridStyle::values, 1, s->columns, [&](int, int c) { return s->x(c); });
    in.rowLabels = {s->inIndex >= 0 ? named(s->inSymbol, s->inIndex) : s->inSymbol};
    labelColumns(in, s->columnsAre, s->columns);
    in.explain = [s, indexed](int, int c) { return sameAs(indexed(s->inSymbol, s->inIndex, c), {s->x(c), "", s->xFrom(c)}); };
    stage.grids.push_back(std::move(in));

    Grid grid =
        makeGrid(s->id, s->title, GridStyle::values, s->rows, s->columns, [&](int r, int c) { return s->weight(s->firstRow + r, c); });
    grid.rowLabels = numbered("dim ", s->rows);
    grid.masterLabel = s->outIndex >= 0 ? named(s->out, s->outIndex) : s->out;
    for (int r = 0; r < s->rows; ++r) grid.master.push_back(s->result(r));
    if (s->bias) {
        grid.leadLabel = "b";
        for (int r = 0; r < s->rows; ++r) grid.lead.push_back(s->bias(s->firstRow + r));
    }
    grid.current = true;
    grid.tensor = s->tensor;
    const std::int64_t first = s->tensorOffset;
    grid.place = [first](int row, int column) { return column == masterColumn ? first + row : std::int64_t{-1}; };
    grid.explain = [s, indexed](int r, int c) {
        if (c == leadColumn) return given(named("b", r), s->bias(s->firstRow + r), "a trained bias");
        if (c >= 0) return given(named(s->weightName, r, c), s->weight(s->firstRow + r, c), "a trained weight");
        if (s->setByHand) return given(indexed(s->out, s->outIndex, r), s->result(r), "set by hand");
        std::vector<Term> terms;
        for (int i = 0; i < s->columns; ++i)
            terms.push_back(
                product({s->x(i), indexed(s->inSymbol, s->inIndex, i), s->xFrom(i)}, {s->weight(s->firstRow + r, i), named("W", r, i)}));
        if (s->bias) terms.push_back(single({s->bias(s->firstRow + r), named("b", r)}));
        return sumOf(indexed(s->out, s->outIndex, r), std::move(terms), s->result(r));
    };
    stage.grids.push_back(std::move(grid));
}

int lastNormRow(NormKind kind) {
    return kind == NormKind::layer ? 3 : 2;
}

namespace {

/// The numbers of a norm, once.
struct NormNumbers {
    NormSpec spec;
    std::vector<double> z;
    double mean = 0.0, deviation = 1.0;

    explicit NormNumbers(const NormSpec& s) : spec(s) {
        for (int c = 0; c < s.columns; ++c) z.push_back(s.z(c));
        const auto count = static_cast<double>(s.columns);
        if (s.kind == NormKind::layer) mean = std::accumulate(z.begin(), z.end(), 0.0) / count;
        double squares = 0.0;
        for (const double x : z) squares += (x - mean) * (x - mean);
        deviation = std::sqrt(squares / count + s.epsilon);
    }
    double centred(int c) const { return z[static_cast<std::size_t>(c)] - mean; }
    double normed(int c) const { return centred(c) / deviation; }
    /// Rows counted as those of the layer norm; rms has no centred row.
    int full(int row) const { return spec.kind == NormKind::rms && row > 0 ? row + 1 : row; }
    int rowOf(int fullRow) const {
        return spec.kind == NormKind::rms && fullRow > 1 ? fullRow - 1 : spec.kind == NormKind::rms ? 0 : fullRow;
    }
    double at(int row, int c) const {
        switch (full(row)) {
            case 0:
                return z[static_cast<std::size_t>(c)];
            case 1:
                return centred(c);
            case 2:
                return normed(c);
            default:
                return spec.result(c);
        }
    }
};

Expression explainMaster(const NormNumbers& n, int row) {
    Expression e;
    std::vector<Term> terms;
    const int columns = n.spec.columns;
    if (row == 0 && n.spec.kind == NormKind::layer) {
        for (int c = 0; c < columns; ++c) terms.push_back(single({n.at(0, c), named("z", c)}));
        e = sumOf("\u03BC", std::move(terms), n.mean);
        e.operation = Operation::mean;
        return e;
    }
    for (int c = 0; c < columns; ++c) {
        const std::string name = named("z", c) + (n.spec.kind == NormKind::layer ? " \u2212 \u03BC" : "");
        terms.push_back(product({n.centred(c), name}, {n.centred(c), name}));
    }
    e = sumOf(n.spec.kind == NormKind::layer ? "\u03C3" : "rms", std::move(terms), n.deviation);
    e.operation = Operation::deviation;
    e.epsilon = n.spec.epsilon;
    return e;
}

Expression explainNorm(const NormNumbers& n, int row, int c) {
    const auto ref = [&](int r, int column) { return CellRef{n.spec.stage, n.spec.id, r, column}; };
    switch (n.full(row)) {
        case 0:
            return sameAs(named("z", c), {n.at(0, c), "", n.spec.zFrom(c)});
        case 1:
            return sumOf(named("z", c) + " \u2212 \u03BC",
                         {single({n.at(0, c), named("z", c), ref(0, c)}), minus({n.mean, "\u03BC", ref(0, masterColumn)})}, n.centred(c));
        case 2: {
            const int above = n.rowOf(1);
            Expression e =
                sumOf(named("n", c),
                      {single({n.centred(c), named("z", c) + (n.spec.kind == NormKind::layer ? " \u2212 \u03BC" : ""), ref(above, c)}),
                       single({n.deviation, n.spec.kind == NormKind::layer ? "\u03C3" : "rms", ref(above, masterColumn)})},
                      n.normed(c));
            e.operation = Operation::quotient;
            return e;
        }
        default: {
            std::vector<Term> terms{product({n.spec.gamma(c), named("\u03B3", c)}, {n.normed(c), named("n", c), ref(n.rowOf(2), c)})};
            if (n.spec.beta) terms.push_back(single({n.spec.beta(c), named("\u03B2", c)}));
            return sumOf(named(n.spec.symbol, c), std::move(terms), n.spec.result(c));
        }
    }
}

}  // namespace

Grid normGrid(const NormSpec& spec) {
    const auto n = std::make_shared<const NormNumbers>(spec);
    const bool layer = spec.kind == NormKind::layer;
    Grid grid = makeGrid(spec.id, spec.title, GridStyle::values, lastNormRow(spec.kind) + 1, spec.columns,
                         [&](int r, int c) { return n->at(r, c); });
    grid.rowLabels =
        layer ? std::vector<std::string>{"z", "\u2212 \u03BC", "\u00F7 \u03C3", spec.beta ? "\u00B7 \u03B3 + \u03B2" : "\u00B7 \u03B3"}
              : std::vector<std::string>{"z", "\u00F7 rms", "\u00B7 \u03B3"};
    labelColumns(grid, "dim", spec.columns);
    const double nothing = std::numeric_limits<double>::quiet_NaN();
    grid.masterLabel = layer ? "\u03BC, \u03C3" : "rms";
    grid.master =
        layer ? std::vector<double>{n->mean, n->deviation, nothing, nothing} : std::vector<double>{n->deviation, nothing, nothing};
    grid.current = true;
    grid.explain = [n](int row, int c) { return c == masterColumn ? explainMaster(*n, row) : explainNorm(*n, row, c); };
    return grid;
}

}  // namespace lab::explain
