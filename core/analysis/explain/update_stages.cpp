// The gradient of W_Q, and what the optimizer does with it.

#include <algorithm>
#include <cmath>

#include "core/analysis/explain/attention_backward.h"
#include "core/optimizers/optimizer.h"
#include "core/optimizers/update_lines.h"

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
    double squares = 0.0;
    for (const Parameter& parameter : c.model->layout().parameters()) {
        const NumberView g = c.numbers.at("gradient." + parameter.name);
        for (std::size_t i = 0; i < parameter.size; ++i) squares += g[static_cast<std::int64_t>(i)] * g[static_cast<std::int64_t>(i)];
    }
    return lab::clipFactor(c.question.clipNorm, std::sqrt(squares));
}

/// The update of one row of a matrix: the lines that the optimizer's rule tells, each number with how it comes about.
class Update {
public:
    Update(const ContextPtr& c, const std::shared_ptr<const WeightGradient>& w, int row)
        : m_context(c),
          m_gradient(w),
          m_row(row),
          m_matrixRow(w->firstRow + row),
          m_clip(clipFactor(*c)),
          m_facts{c->question.optimizer.numbers, c->question.learningRate, c->question.firstMoment ? c->question.step + 1 : 1,
                  w->weight.rows, w->weight.columns},
          m_firstRow(needsWholeMatrix(rule()) ? 0 : m_matrixRow),
          m_lines(rule(), m_facts, start()) {}

    const UpdateRule& rule() const { return *m_context->question.optimizer.kind; }
    const UpdateFacts& facts() const { return m_facts; }
    double clip() const { return m_clip; }
    int size() const { return static_cast<int>(m_lines.size()); }
    std::string label(int line) const { return std::string(m_lines.label(static_cast<std::size_t>(line))); }
    double value(int line, int column) const {
        const int at = (m_matrixRow - m_firstRow) * m_facts.columns + column;
        return m_lines.values(static_cast<std::size_t>(line))[static_cast<std::size_t>(at)];
    }

    Expression explain(int index, int column) const {
        const UpdateLine* line = m_lines.line(static_cast<std::size_t>(index));
        const double result = value(index, column);
        if (line) return explain(*line, result, column);
        if (index == 0) return given(named(m_gradient->symbol, m_row, column), result, "the weight as it is");
        if (index == 1) return sameAs("\u2202w", {result, "", {"d_matrix", "matrix", m_row, column}});
        return sumOf("g", {product(from(label(1), column), {m_clip, "clip"})}, result);
    }

private:
    /// What the lines are made of, of this row or where the rule needs it of the whole matrix.
    UpdateStart start() const {
        UpdateStart start;
        start.clip = m_clip;
        const Parameter& parameter = *m_context->model->layout().find(m_gradient->parameter);
        const bool whole = needsWholeMatrix(rule());
        const int rows = whole ? m_facts.rows : 1;
        for (int r = m_firstRow; r < m_firstRow + rows; ++r)
            for (int column = 0; column < m_facts.columns; ++column) {
                start.weights.push_back(m_gradient->weight(r, column));
                start.gradient.push_back(m_gradient->gradient(r, column));
            }
        const auto first = parameter.offset + static_cast<std::size_t>(m_firstRow) * static_cast<std::size_t>(m_facts.columns);
        for (int moment = 0; moment < rule().moments; ++moment) {
            std::vector<double>& values = start.moments[moment];
            values.resize(start.weights.size());
            if (const auto& known = momentsOf(moment)) std::copy_n(known->data() + first, values.size(), values.begin());
        }
        return start;
    }
    const std::shared_ptr<const Weights>& momentsOf(int moment) const {
        return moment == 0 ? m_context->question.firstMoment : m_context->question.secondMoment;
    }
    Operand from(const std::string& lineLabel, int column) const {
        const auto index = static_cast<int>(m_lines.indexOf(lineLabel));
        return {value(index, column), lineLabel, {"update", "update", index, column}};
    }
    Term termOf(const UpdateTerm& data, int column) const {
        Term term;
        term.minus = data.minus;
        for (const UpdateOperand& factor : data.factors) {
            if (factor.name.empty()) break;
            const std::string name(factor.name);
            term.factors.push_back(factor.number ? Operand{factor.number(m_facts), name} : from(name, column));
        }
        return term;
    }
    Expression explain(const UpdateLine& line, double result, int column) const {
        const std::string name(line.symbol());
        const bool unknown = line.is == UpdateLine::Is::moment && !momentsOf(line.moment);
        if (unknown) return given(name, result, Message(LAB_TEXT("explain", "0: as if the optimizer began here")).english());
        if (line.is == UpdateLine::Is::moment || line.is == UpdateLine::Is::whole)
            return given(name, result, Message(line.words).english());
        Expression e = sumOf(name, {}, result);
        for (const UpdateTerm& term : line.terms)
            if (applies(term, m_facts)) e.terms.push_back(termOf(term, column));
        if (line.is == UpdateLine::Is::quotient) e.operation = Operation::quotient;
        if (line.is == UpdateLine::Is::root) e.operation = Operation::root;
        if (line.epsilon) e.epsilon = m_facts[*line.epsilon];
        return e;
    }

    ContextPtr m_context;
    std::shared_ptr<const WeightGradient> m_gradient;
    int m_row, m_matrixRow;  ///< of the head, of the parameter
    double m_clip;
    UpdateFacts m_facts;
    int m_firstRow;  ///< of the parameter's rows that the lines hold
    UpdateLines m_lines;
};

/// Whose moments stand in the first rows.
Message memoryText(const Question& q) {
    if (!q.firstMoment) return LAB_TEXT("explain", "The optimizer\u2019s own memory at this step is not at hand: it begins at 0 here.");
    if (q.shownStep < 0 || q.shownStep == q.step)
        return Message(LAB_TEXT("explain", "What the optimizer remembers is the run\u2019s own after step %1.")).arg(q.step);
    return Message(
               LAB_TEXT("explain",
                        "What the optimizer remembers is the run\u2019s own after step %1, the newest at hand; weights and gradients are "
                        "those of step %2. When the training rests, both are of one step."))
        .arg(q.step)
        .arg(q.shownStep);
}

Message clippingText(double clipNorm, double clip) {
    if (clipNorm <= 0.0) return LAB_TEXT("explain", "This training does not clip gradients.");
    return Message(LAB_TEXT("explain", "Clipping: gradients longer than %1 are shortened to it; here by the factor %2."))
        .arg(shownNumber(clipNorm, 2))
        .arg(shownNumber(clip, 4));
}

void sayUpdate(Stage& s, const Context& c, const Update& update) {
    const UpdateExplanation& says = update.rule().explanation;
    const UpdateFacts& facts = update.facts();
    s.caption = says.title;
    s.formula = says.formula;
    s.text = Message(says.text).arg(shownNumber(c.question.learningRate, 4)).english();
    const Message asIf = LAB_TEXT("explain", "As if this one sequence were the whole next batch.");
    s.notes.push_back(Message::joined({asIf, memoryText(c.question)}).english());
    for (const UpdateNote& note : says.notes) {
        if (note.applies && !note.applies(facts)) continue;
        Message message(note.text);
        if (note.number) message.arg(shownNumber(note.number(facts), 3));
        s.notes.push_back(message.english());
    }
    s.notes.push_back(clippingText(c.question.clipNorm, update.clip()).english());
}

Stage updateStage(const ContextPtr& c, const std::shared_ptr<const WeightGradient>& w, int row, int bestColumn) {
    Stage s;
    s.id = "update";
    s.symbol = "update";
    s.heading = "What the optimizer would do with it";
    const auto update = std::make_shared<const Update>(c, w, row);
    sayUpdate(s, *c, *update);
    Grid grid = makeGrid("update", "row " + text(row) + " of " + w->symbol + ", head " + text(c->head), GridStyle::plain, update->size(),
                         c->d, [&](int line, int column) { return update->value(line, column); });
    for (int line = 0; line < update->size(); ++line) grid.rowLabels.push_back(update->label(line));
    labelColumns(grid, "input dim", c->d);
    grid.current = true;
    grid.explain = [update](int line, int column) { return update->explain(line, column); };
    s.grids.push_back(std::move(grid));
    s.result = {"update", "update", update->size() - 1, bestColumn};
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
