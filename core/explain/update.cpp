#include "core/explain/update.h"

#include <algorithm>
#include <cmath>

#include "core/model/frozen.h"
#include "core/optimizers/optimizer.h"
#include "core/optimizers/update_lines.h"

namespace lab::explain {
namespace {

/// The matrix whose gradient was shown: W_Q of the head, W_K in the KV forms.
struct WeightGradient {
    std::string parameter, symbol;
    NumberView gradient;
    ParameterView weight;
    int firstRow = 0;

    explicit WeightGradient(const Context& c)
        : parameter(c.name(c.is("kv")       ? ".key.weight"
                           : c.is("global") ? ".global_query.weight"
                                            : ".query.weight")),
          symbol(c.variables.at("WQ").english()),
          gradient(c.numbers.at(c.gradientOf(parameter))),
          weight(c.parameter(parameter)),
          firstRow(c.head * c.headDim) {}
    double at(int p, int column) const { return gradient(firstRow + p, column); }
};

/// The rules' own names of their lines and formulas that are words; all others are symbols.
constexpr SourceText namesOfLines[] = {
    LAB_TEXT("explain", "gradient"),
    LAB_TEXT("explain", "g, clipped"),
    LAB_TEXT("explain", "m\u2032 corrected"),
    LAB_TEXT("explain", "v\u2032 corrected"),
    LAB_TEXT("explain", "its root"),
    LAB_TEXT("explain", "its size"),
    LAB_TEXT("explain", "its sign"),
    LAB_TEXT("explain", "ahead"),
    LAB_TEXT("explain", "orthogonal"),
    LAB_TEXT("explain", "velocity"),
    LAB_TEXT("explain", "velocity\u2032"),
    LAB_TEXT("explain", "mean of the row"),
    LAB_TEXT("explain", "mean of the column"),
    LAB_TEXT("explain", "mean of all rows"),
    LAB_TEXT("explain", "u, shortened"),
    LAB_TEXT("explain", "step"),
    LAB_TEXT("explain", "w after"),
    LAB_TEXT("explain", "w \u2190 w \u2212 \u03B7 m\u2032 / (\u221Av\u2032 + \u03B5), both corrected"),
};

Words wordsOf(std::string_view name) {
    const auto found = std::ranges::find(namesOfLines, name, &SourceText::text);
    return found == std::end(namesOfLines) ? Words(std::string(name)) : Words(*found);
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
        if (line) {
            Expression e = explain(*line, result, column);
            if (index == size() - 1) e.before = value(0, column);
            return e;
        }
        if (index == 0)
            return given(named(m_gradient->symbol, text(m_row) + "," + text(column)), result, LAB_TEXT("explain", "the weight as it is"));
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
        return {value(index, column), wordsOf(lineLabel), {"update", "update", index, column}};
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
        const Words name = wordsOf(line.symbol());
        const bool unknown = line.is == UpdateLine::Is::moment && !momentsOf(line.moment);
        if (unknown) return given(name, result, LAB_TEXT("explain", "0: as if the optimizer began here"));
        if (line.is == UpdateLine::Is::moment || line.is == UpdateLine::Is::whole) return given(name, result, line.words);
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
    s.caption = std::string(says.title);
    s.formula = wordsOf(says.formula);
    s.text = Message(says.text).arg(shownNumber(c.question.learningRate, 4));
    const bool drops = c.config().dropout > 0 || c.config().layer_dropout > 0;
    const Message asIf = drops ? LAB_TEXT("explain", "As if this one sequence were the whole next batch, without dropout.")
                               : LAB_TEXT("explain", "As if this one sequence were the whole next batch.");
    s.notes.push_back(Message::joined({asIf, memoryText(c.question)}));
    for (const UpdateNote& note : says.notes) {
        if (note.applies && !note.applies(facts)) continue;
        Message message(note.text);
        if (note.number) message.arg(shownNumber(note.number(facts), 3));
        s.notes.push_back(std::move(message));
    }
    s.notes.push_back(clippingText(c.question.clipNorm, update.clip()));
}

/// Of a pruned row: which of its weights the lines are not about.
void sayKeptZeros(Stage& s, const Context& c, const WeightGradient& w, int row) {
    if (!c.question.keepZeros) return;
    std::int64_t zeros = 0;
    for (int column = 0; column < c.d; ++column) zeros += w.weight(w.firstRow + row, column) == 0.0;
    if (zeros > 0)
        s.notes.push_back(
            Message(LAB_PLURAL("explain", "%n weight(s) of this row are 0 and stay 0 (training.keep_zeros), whatever the lines say."))
                .count(zeros));
}

/// Without its rows.
Stage emptyStage(const Context& c, const WeightGradient& w, int row) {
    Stage s;
    s.id = "update";
    s.symbol = LAB_TEXT("explain", "update");
    s.heading = LAB_TEXT("explain", "What the optimizer would do with it");
    Grid grid;
    grid.id = "update";
    grid.title = Message(LAB_TEXT("explain", "row %1 of %2, head %3")).arg(row).arg(w.symbol).arg(c.head);
    grid.style = GridStyle::plain;
    grid.columns = c.d;
    grid.columnsAre = LAB_TEXT("explain", "input dim");
    for (int column = 0; column < c.d; ++column) grid.columnLabels.push_back(text(column));
    grid.current = true;
    s.grids.push_back(std::move(grid));
    return s;
}

/// What is trained in place of the matrix, and why it stays as it is.
void sayWhatIsTrained(Stage& s, const Question& q, const WeightGradient& w) {
    if (q.adapterRank > 0) {
        s.caption = LAB_TEXT("explain", "Adapters");
        s.formula = std::string("dB = (\u03B1/r) dW A^{T},  dA = (\u03B1/r) B^{T} dW");
        s.text =
            Message(LAB_TEXT("explain",
                             "This run trains adapters of rank %1 alone: a matrix that has one (training.adapters.targets) is the sum of "
                             "what stays and (\u03B1/r) B A, and with its gradient dW the optimizer moves B and A. All other matrices "
                             "stay bit for bit as they are."))
                .arg(q.adapterRank);
        return;
    }
    s.caption = LAB_TEXT("explain", "Frozen");
    s.formula = std::string("w\u2032 = w");
    s.text = Message(LAB_TEXT("explain",
                              "This run does not train %1: training.frozen names it. It stays bit for bit as it is, whatever its "
                              "gradient."))
                 .arg(w.symbol);
}

/// Of a matrix that is not trained itself: before and after, the same numbers.
Stage frozenStage(const ContextPtr& c, const std::shared_ptr<const WeightGradient>& w, int row, int bestColumn) {
    Stage s = emptyStage(*c, *w, row);
    sayWhatIsTrained(s, c->question, *w);
    Grid& grid = s.grids.front();
    grid.rowLabels = {std::string("w")};
    if (c->question.adapterRank == 0) grid.rowLabels.emplace_back(std::string("w after"));
    grid.rows = static_cast<int>(std::ssize(grid.rowLabels));
    for (int line = 0; line < grid.rows; ++line)
        for (int column = 0; column < c->d; ++column) grid.values.push_back(w->weight(w->firstRow + row, column));
    grid.explain = [w, row](int line, int column) {
        const double value = w->weight(w->firstRow + row, column);
        if (line == 1) return sameAs("w\u2032", {value, "w", {"update", "update", 0, column}});
        return given(named(w->symbol, text(row) + "," + text(column)), value, LAB_TEXT("explain", "the weight as it is"));
    };
    s.result = {"update", "update", grid.rows - 1, bestColumn};
    return s;
}

Stage updateStage(const ContextPtr& c, const std::shared_ptr<const WeightGradient>& w, int row, int bestColumn) {
    if (c->question.adapterRank > 0 || isNamed(w->parameter, c->question.frozen)) return frozenStage(c, w, row, bestColumn);
    Stage s = emptyStage(*c, *w, row);
    const auto update = std::make_shared<const Update>(c, w, row);
    sayUpdate(s, *c, *update);
    sayKeptZeros(s, *c, *w, row);
    Grid& grid = s.grids.front();
    grid.rows = update->size();
    for (int line = 0; line < grid.rows; ++line) {
        grid.rowLabels.push_back(wordsOf(update->label(line)));
        for (int column = 0; column < c->d; ++column) grid.values.push_back(update->value(line, column));
    }
    grid.tellsChange = true;
    grid.explain = [update](int line, int column) { return update->explain(line, column); };
    s.result = {"update", "update", update->size() - 1, bestColumn};
    return s;
}

}  // namespace

double clipFactor(const Context& c) {
    double squares = 0.0;
    for (const Parameter& parameter : c.model->layout().parameters()) {
        if (isNamed(parameter.name, c.question.frozen)) continue;
        const NumberView g = c.numbers.at("gradient." + parameter.name);
        const float* held = c.question.keepZeros && parameter.isHiddenMatrix() ? c.parameter(parameter.name).values : nullptr;
        for (std::size_t i = 0; i < parameter.size; ++i) {
            const double each = held && held[i] == 0.0f ? 0.0 : g[static_cast<std::int64_t>(i)];
            squares += each * each;
        }
    }
    return lab::clipFactor(c.question.clipNorm, std::sqrt(squares));
}

void addUpdateStage(Walk& walk, const ContextPtr& c) {
    const CellRef cell = walk.find("d_matrix")->result;
    walk.stages.push_back(updateStage(c, std::make_shared<const WeightGradient>(*c), cell.row, cell.column));
    walk.stages.back().backward = true;
}

}  // namespace lab::explain
