// The gradient of W_Q, and what the optimizer does with it.

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/analysis/explain/attention_backward.h"

namespace lab::explain {
namespace {

/// Gradients of what the projection gave, for every position: RoPE turned back; 0 where the tensor was set by hand.
std::vector<double> projectedGradient(const Context& c, bool ofQuery) {
    const NumberView g = c.numbers.at("gradient." + c.name(ofQuery ? ".query" : ".key"));
    const int head = ofQuery ? c.head : c.group, rows = ofQuery ? c.queries : c.keys;
    std::vector<double> result;
    if (c.setByHand(c.name(ofQuery ? ".query" : ".key"))) return std::vector<double>(static_cast<std::size_t>(rows * c.headDim), 0.0);
    const TurnBack turn(c, rows);
    for (int i = 0; i < rows; ++i)
        for (int p = 0; p < c.headDim; ++p) result.push_back(turn.of(i, p, [&](int at) { return g(head, i, at); }));
    return result;
}

/// dW_Q of the head (dW_K in the KV forms, where q and k both speak).
struct WeightGradient {
    std::string parameter, symbol;
    NumberView gradient;
    ParameterView weight;
    int firstRow = 0;
    std::vector<double> ofQuery, ofKey;

    explicit WeightGradient(const Context& c)
        : parameter(c.name(c.sharesKeys() ? ".key.weight" : ".query.weight")),
          symbol(c.sharesKeys() ? "W_{K}" : "W_{Q}"),
          gradient(c.numbers.at("gradient." + parameter)),
          weight(c.parameter(parameter)),
          firstRow(c.head * c.headDim),
          ofQuery(projectedGradient(c, true)) {
        if (c.sharesKeys()) ofKey = projectedGradient(c, false);
    }
    double at(int p, int column) const { return gradient(firstRow + p, column); }
};

Stage matrixStage(const ContextPtr& c, const std::shared_ptr<const WeightGradient>& w, int& bestRow, int& bestColumn) {
    Stage s;
    s.id = "d_matrix";
    s.symbol = d(w->symbol);
    s.caption = "gradient";
    s.heading = "The gradient of " + std::string(c->sharesKeys() ? "W_{K}" : "W_{Q}");
    s.formula = d(w->symbol) + " = \u03A3_{i} " + d("q_{i}") + " x_{i}" + (c->sharesKeys() ? " + \u03A3_{j} " + d("k_{j}") + " x_{j}" : "");
    s.text =
        "An ordinary parameter: every position\u2019s \u2202q times its input row, added up. So backpropagation does change the attention "
        "heads.";
    if (c->rope) s.notes.push_back("RoPE: \u2202q is \u2202q\u2032 turned back by its position.");
    if (c->sharesKeys()) s.notes.push_back("KV form: the one matrix learns as query and as key at once.");
    for (int p = 0; p < c->headDim; ++p)
        for (int column = 0; column < c->d; ++column)
            if (std::abs(w->at(p, column)) > std::abs(w->at(bestRow, bestColumn))) bestRow = p, bestColumn = column;
    Grid grid = makeGrid("matrix", "head " + text(c->head), GridStyle::values, c->headDim, c->d,
                         [&](int p, int column) { return w->at(p, column); });
    grid.rowLabels = numbered("dim ", c->headDim);
    labelColumns(grid, "input dim", c->d);
    grid.current = true;
    const NumberView x = c->numbers.at(c->queryInput);
    grid.explain = [c, w, x](int p, int column) {
        std::vector<Term> terms;
        const auto add = [&](const std::vector<double>& gradients, const std::string& symbol) {
            for (int i = 0; i < static_cast<int>(gradients.size()) / c->headDim; ++i) {
                const double value = gradients[static_cast<std::size_t>(i * c->headDim + p)];
                // RoPE turns back in between; what is set by hand gets none.
                CellRef from;
                const bool direct = !c->rope && !c->setByHand(c->name(symbol == "q" ? ".query" : ".key"));
                if (direct && symbol == "q") from = {"d_query", "sum", p, masterColumn, i, -1};
                if (direct && symbol == "k") from = {"d_key", "sum", p, masterColumn, -1, i};
                terms.push_back(product({value, named(d(symbol), i, p), from},
                                        {x(i, column), named("x", i, column), {"input", "x", 0, column, i, -1}}));
            }
        };
        add(w->ofQuery, "q");
        add(w->ofKey, "k");
        return sumOf(named(d(w->symbol), p, column), std::move(terms), w->at(p, column));
    };
    s.grids.push_back(std::move(grid));
    s.result = {"d_matrix", "matrix", bestRow, bestColumn};
    return s;
}

/// What clipping leaves of the gradient.
double clipFactor(const Context& c) {
    if (c.question.clipNorm <= 0.0) return 1.0;
    double squares = 0.0;
    for (const Parameter& parameter : c.model->layout().parameters()) {
        const NumberView g = c.numbers.at("gradient." + parameter.name);
        for (std::size_t i = 0; i < parameter.size; ++i) squares += g[static_cast<std::int64_t>(i)] * g[static_cast<std::int64_t>(i)];
    }
    return std::min(1.0, c.question.clipNorm / (std::sqrt(squares) + 1e-6));
}

/// One line of the update: a number per input dim, and how it comes about.
struct UpdateRow {
    std::string label;
    std::vector<double> values;
    std::function<Expression(int)> explain;
};

/// The update of one row of a matrix, line by line; lines refer to earlier ones by their label.
class Update {
public:
    Update(const ContextPtr& c, const std::shared_ptr<const WeightGradient>& w, int row)
        : m_context(c),
          m_gradient(w),
          m_row(row),
          m_config(c->question.optimizer),
          m_rate(c->question.learningRate),
          m_clip(clipFactor(*c)) {
        addGradient();
        if (m_config.kind == OptimizerKind::sgd)
            addVelocity();
        else
            addMoments();
        addResult();
    }

    double clip() const { return m_clip; }
    const std::vector<UpdateRow>& rows() const { return m_rows; }

private:
    const UpdateRow& row(const std::string& label) const { return *std::ranges::find(m_rows, label, &UpdateRow::label); }
    Operand from(const std::string& label, int column) const {
        const auto index = static_cast<int>(&row(label) - m_rows.data());
        return {row(label).values[static_cast<std::size_t>(column)], label, {"update", "update", index, column}};
    }
    void add(const std::string& label, const std::function<double(int)>& value, std::function<Expression(int)> explain) {
        std::vector<double> values;
        for (int column = 0; column < m_context->d; ++column) values.push_back(value(column));
        m_rows.push_back({label, std::move(values), std::move(explain)});
    }
    /// A line that its own expression computes.
    void addComputed(const std::string& label, const std::function<Expression(int)>& expression) {
        add(
            label, [expression](int column) { return evaluate(expression(column)); },
            [expression](int column) {
                Expression e = expression(column);
                e.result = evaluate(e);
                return e;
            });
    }
    std::size_t place(int column) const {
        const Parameter* p = m_context->model->layout().find(m_gradient->parameter);
        return p->offset + static_cast<std::size_t>(m_gradient->firstRow + m_row) * static_cast<std::size_t>(p->shape.back()) +
               static_cast<std::size_t>(column);
    }
    double moment(const std::shared_ptr<const Weights>& moments, int column) const {
        return moments ? static_cast<double>(moments->data()[place(column)]) : 0.0;
    }
    void addMoment(const std::string& label, bool first, const std::string& what) {
        const auto values = first ? m_context->question.firstMoment : m_context->question.secondMoment;
        const auto value = [this, values](int column) { return moment(values, column); };
        add(label, value, [=](int column) { return given(label, value(column), values ? what : "0: as if the optimizer began here"); });
    }

    void addGradient() {
        const std::string symbol = m_gradient->symbol;
        const auto weight = [w = m_gradient, row = m_row](int column) { return w->weight(w->firstRow + row, column); };
        add("w", weight, [=, row = m_row](int column) { return given(named(symbol, row, column), weight(column), "the weight as it is"); });
        const auto raw = [w = m_gradient, row = m_row](int column) { return w->at(row, column); };
        add("gradient", raw, [=, row = m_row](int column) {
            return sameAs("\u2202w", {raw(column), "", {"d_matrix", "matrix", row, column}});
        });
        addComputed("g, clipped", [this](int column) { return sumOf("g", {product(from("gradient", column), {m_clip, "clip"})}, 0.0); });
    }
    /// factor * old + share * newer
    Expression blend(const std::string& name, const Operand& old, double factor, const std::string& factorName, const Term& newer) const {
        return sumOf(name, {product({factor, factorName}, old), newer}, 0.0);
    }
    void addVelocity() {
        addMoment("velocity", true, "the gathered momentum of this run");
        addComputed("velocity\u2032", [this](int column) {
            return blend("velocity\u2032", from("velocity", column), m_config.momentum, "\u03BC", single(from("g, clipped", column)));
        });
        addComputed("step", [this](int column) {
            Term move = product({m_rate, "\u03B7"}, from("velocity\u2032", column));
            move.minus = true;
            return sumOf("step", {move}, 0.0);
        });
    }
    void addMoments() {
        const double b1 = m_config.beta1, b2 = m_config.beta2;
        const auto steps = static_cast<double>(m_context->question.firstMoment ? m_context->question.step + 1 : 1);
        addMoment("m", true, "the running mean of this run\u2019s gradients");
        addMoment("v", false, "the running mean of their squares");
        addComputed("m\u2032", [=, this](int column) {
            return blend("m\u2032", from("m", column), b1, "\u03B2_{1}",
                         product({1.0 - b1, "1 \u2212 \u03B2_{1}"}, from("g, clipped", column)));
        });
        addComputed("v\u2032", [=, this](int column) {
            Term square = product(from("g, clipped", column), from("g, clipped", column));
            square.factors.insert(square.factors.begin(), {1.0 - b2, "1 \u2212 \u03B2_{2}"});
            return blend("v\u2032", from("v", column), b2, "\u03B2_{2}", square);
        });
        addCorrected("m\u2032 corrected", "m\u2032", 1.0 - std::pow(b1, steps));
        addCorrected("v\u2032 corrected", "v\u2032", 1.0 - std::pow(b2, steps));
        addComputed("its root", [this](int column) {
            Expression e = sumOf("\u221Av", {single(from("v\u2032 corrected", column))}, 0.0);
            e.operation = Operation::root;
            return e;
        });
        addComputed("step", [this](int column) {
            Term move = product({m_rate, "\u03B7"}, from("m\u2032 corrected", column));
            move.minus = true;
            Expression e = sumOf("step", {move, single(from("its root", column))}, 0.0);
            e.operation = Operation::quotient;
            e.epsilon = m_config.epsilon;
            return e;
        });
    }
    /// Undoes the start at zero.
    void addCorrected(const std::string& label, const std::string& of, double share) {
        addComputed(label, [=, this](int column) {
            Expression e = sumOf(label, {single(from(of, column)), single({share, "1 \u2212 \u03B2^{t}"})}, 0.0);
            e.operation = Operation::quotient;
            return e;
        });
    }
    void addResult() {
        const double decay = m_config.kind == OptimizerKind::adamw ? m_config.weight_decay : 0.0;
        addComputed("w after", [=, this](int column) {
            std::vector<Term> terms{single(from("w", column)), single(from("step", column))};
            if (decay > 0.0) {
                terms.push_back(product({m_rate * decay, "\u03B7\u03BB"}, from("w", column)));
                terms.back().minus = true;
            }
            return sumOf("w\u2032", std::move(terms), 0.0);
        });
    }

    ContextPtr m_context;
    std::shared_ptr<const WeightGradient> m_gradient;
    int m_row;
    OptimizerConfig m_config;
    double m_rate, m_clip;
    std::vector<UpdateRow> m_rows;
};

/// Whose moments stand in the first rows.
std::string memoryText(const Question& q, bool adam) {
    const std::string what = adam ? "m and v are" : "The velocity is";
    if (!q.firstMoment) return "The optimizer\u2019s own memory at this step is not at hand: it begins at 0 here.";
    const std::string own = what + " the run\u2019s own after step " + std::to_string(q.step);
    if (q.shownStep < 0 || q.shownStep == q.step) return own + ".";
    return own + ", the newest at hand; weights and gradients are those of step " + std::to_string(q.shownStep) +
           ". When the training rests, both are of one step.";
}

void sayUpdate(Stage& s, const Context& c, double clip) {
    const OptimizerConfig optimizer = c.question.optimizer;
    const bool adam = optimizer.kind != OptimizerKind::sgd;
    const std::string rate = shownNumber(c.question.learningRate, 4);
    s.caption = optimizer.kind == OptimizerKind::adamw ? "AdamW" : adam ? "Adam" : "SGD";
    s.formula =
        adam ? "w \u2190 w \u2212 \u03B7 m\u2032 / (\u221Av\u2032 + \u03B5), both corrected" : "w \u2190 w \u2212 \u03B7 velocity\u2032";
    if (adam)
        s.text =
            "Adam divides a running mean m of the gradients by the root of their running mean square v, so a weight moves by about \u03B7 "
            "= " +
            rate + " or less, however small its gradient is.";
    else
        s.text = "A step against the gathered gradients, \u03B7 = " + rate + " times as long.";
    s.notes.push_back("As if this one sequence were the whole next batch. " + memoryText(c.question, adam));
    if (adam) s.notes.push_back("Both means began at 0; dividing by 1 \u2212 \u03B2^{t} corrects for that.");
    s.notes.push_back(c.question.clipNorm > 0.0 ? "Clipping: gradients longer than " + shownNumber(c.question.clipNorm, 2) +
                                                      " are shortened to it; here by the factor " + shownNumber(clip, 4) + "."
                                                : "This training does not clip gradients.");
    if (optimizer.kind == OptimizerKind::adamw && optimizer.weight_decay > 0.0)
        s.notes.push_back(
            "AdamW also lets every matrix shrink by \u03B7\u03BB of itself, \u03BB = " + shownNumber(optimizer.weight_decay, 3) + ".");
}

Stage updateStage(const ContextPtr& c, const std::shared_ptr<const WeightGradient>& w, int row, int bestColumn) {
    Stage s;
    s.id = "update";
    s.symbol = "update";
    s.heading = "What the optimizer would do with it";
    const auto update = std::make_shared<const Update>(c, w, row);
    sayUpdate(s, *c, update->clip());
    const auto& rows = update->rows();
    Grid grid = makeGrid("update", "row " + text(row) + " of " + w->symbol + ", head " + text(c->head), GridStyle::plain,
                         static_cast<int>(rows.size()), c->d,
                         [&](int r, int column) { return rows[static_cast<std::size_t>(r)].values[static_cast<std::size_t>(column)]; });
    for (const UpdateRow& line : rows) grid.rowLabels.push_back(line.label);
    labelColumns(grid, "input dim", c->d);
    grid.current = true;
    grid.explain = [update](int r, int column) { return update->rows()[static_cast<std::size_t>(r)].explain(column); };
    s.grids.push_back(std::move(grid));
    s.result = {"update", "update", static_cast<int>(rows.size()) - 1, bestColumn};
    return s;
}

}  // namespace

void addUpdateStages(Walk& walk, const ContextPtr& c) {
    const auto w = std::make_shared<const WeightGradient>(*c);
    int row = 0, column = 0;
    Stage matrix = matrixStage(c, w, row, column), update = updateStage(c, w, row, column);
    walk.stages.push_back(std::move(matrix));
    walk.stages.push_back(std::move(update));
}

}  // namespace lab::explain
