#include <QtTest>
#include <cmath>

#include "core/explain/markdown.h"
#include "core/optimizers/optimizer.h"
#include "core/training/trainer.h"
#include "tests/core/explain/explain_testing.h"
#include "tests/core/optimizers/rule_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

/// A subject's gradient as the optimizer gets it.
Weights gradientOf(const Subject& s) {
    Weights gradient(s.weights->size());
    for (const Parameter& p : s.model->layout().parameters()) {
        const Tensor& g = s.trace->at("gradient." + p.name);
        std::copy(g.values.begin(), g.values.end(), lab::at(gradient, p));
    }
    return gradient;
}

/// In the midst of a training.
TrainingState stateOf(const Subject& s, const UpdateRule& rule) {
    TrainingState state = startingState(*s.weights, rule);
    state.step = 40;
    const bool squares = firstMomentIsOfSquares(rule);
    for (const Parameter& p : s.model->layout().parameters()) {
        const RandomStream random(3, p.name);
        for (std::size_t i = 0; i < p.size; ++i) {
            const double first = 0.01 * random.normal(i);
            lab::at(state.firstMoment, p)[i] = static_cast<float>(squares ? std::abs(first) : first);
            if (rule.moments > 1) lab::at(state.secondMoment, p)[i] = static_cast<float>(0.001 * std::abs(random.normal(i + 1000)));
        }
    }
    return state;
}

double normOf(const ParameterLayout& layout, const Weights& gradient) {
    double squares = 0.0;
    for (const Parameter& p : layout.parameters())
        for (std::size_t i = 0; i < p.size; ++i) squares += std::pow(static_cast<double>(lab::at(gradient, p)[i]), 2);
    return std::sqrt(squares);
}

/// The question of the next step.
Question questionAt(const Subject& s, const UpdateRule& rule, const TrainingState& state) {
    Question q = questionOf(s, 0, 1, 2, 3);
    q.optimizer.kind = Kind<UpdateRule>(rule);
    q.optimizer.numbers.set("weight_decay", 0.1);
    q.firstMoment = std::make_shared<const Weights>(state.firstMoment);
    if (rule.moments > 1) q.secondMoment = std::make_shared<const Weights>(state.secondMoment);
    q.step = state.step;
    return q;
}

void update(const Subject& s, const Question& q, const Weights& gradient, TrainingState& state) {
    const ParameterLayout& layout = s.model->layout();
    const double clip = std::min(1.0, q.clipNorm / (normOf(layout, gradient) + 1e-6));
    Weights scratch(updateScratch(*q.optimizer.kind, layout));
    const Optimizer optimizer(q.optimizer, layout, kernels<float>());
    for (std::size_t i = 0; i < layout.parameters().size(); ++i)
        optimizer.update(i, {state.step + 1, q.learningRate, 1.0, clip}, gradient, state, scratch.data());
    ++state.step;
}

}  // namespace

class ExplainUpdateTest : public QObject {
    Q_OBJECT

private slots:
    void theUpdateIsWhatTheOptimizerDoesWithItsOwnMoments_data() {
        QTest::addColumn<int>("rule");
        const auto rules = UpdateRule::table();
        for (std::size_t i = 0; i < rules.size(); ++i) QTest::newRow(rules[i]->name.data()) << static_cast<int>(i);
    }
    void theUpdateIsWhatTheOptimizerDoesWithItsOwnMoments() {
        QFETCH(int, rule);
        const UpdateRule& r = *UpdateRule::table()[static_cast<std::size_t>(rule)];
        Subject s = subjectOf(smallConfig());
        const Weights gradient = gradientOf(s);
        TrainingState state = stateOf(s, r);
        for (int step = 0; step < 3; ++step) {
            s.weights = std::make_shared<const Weights>(state.weights);
            const Question q = questionAt(s, r, state);
            const Walk walk = walkOf(s, q);
            update(s, q, gradient, state);
            const Grid& grid = walk.find("update")->grids.front();
            const int row = walk.find("d_matrix")->result.row;
            const Parameter* p = s.model->layout().find("encoder.0.attention.query.weight");
            for (int c = 0; c < grid.columns; ++c) {
                const auto theirs = static_cast<double>(lab::at(state.weights, *p)[(6 + row) * grid.columns + c]);
                QVERIFY2(std::abs(grid.at(grid.rows - 1, c) - theirs) < 2e-6,
                         qPrintable(QString::number(grid.at(grid.rows - 1, c) - theirs)));
            }
            checkLines(walk, grid);
        }
    }

    void everyLineOfItFollowsFromTheLinesAbove() {
        const Subject s = subjectOf(smallConfig());
        const Walk walk = walkOf(s, questionOf(s, 0, 1, 2, 3));
        const Grid& grid = walk.find("update")->grids.front();
        checkLines(walk, grid);
        // Without a memory Adam's first step is as long as the learning rate, whatever the gradient.
        for (int c = 0; c < grid.columns; ++c) QVERIFY(std::abs(std::abs(grid.at(grid.rows - 2, c)) - 0.01) < 1e-5);
    }

    /// Every word of a rule's row, with its numbers filled in.
    void itIsSaidInWords() {
        const Subject s = subjectOf(smallConfig());
        for (const UpdateRule* rule : UpdateRule::table()) {
            const Stage stage = *walkOf(s, questionAt(s, *rule, stateOf(s, *rule))).find("update");
            QCOMPARE(stage.caption.english(), std::string(rule->explanation.title));
            QVERIFY2(stage.text.english().find("0.01") != std::string::npos, stage.text.english().c_str());
            for (const Words& note : stage.notes) QVERIFY2(note.english().find('%') == std::string::npos, note.english().c_str());
            const bool decays = std::ranges::any_of(rule->parameters, [](const ParameterSpec& p) { return p.key == "weight_decay"; });
            const bool saysSo = std::ranges::any_of(
                stage.notes, [](const Words& note) { return note.english().find("\u03BB = 0.1") != std::string::npos; });
            QCOMPARE(saysSo, decays);
        }
    }

    /// What the run does not train is said to stay, and clipping does not count it.
    void aFrozenMatrixStays() {
        const Subject s = subjectOf(smallConfig());
        Question q = questionOf(s, 0, 1, 2, 3);
        const Grid all = walkOf(s, q).find("update")->grids.front();
        q.frozen = {"attention.query"};
        const Walk walk = walkOf(s, q);
        const Stage& stage = *walk.find("update");
        QVERIFY2(stage.text.english().find("does not train W_{Q}") != std::string::npos, stage.text.english().c_str());
        const Grid& grid = stage.grids.front();
        QCOMPARE(grid.rows, 2);
        for (int c = 0; c < grid.columns; ++c) {
            QCOMPARE(grid.at(0, c), all.at(0, c));
            QCOMPARE(grid.at(1, c), grid.at(0, c));
            QCOMPARE(evaluate(grid.explain(1, c)), grid.at(0, c));
        }
        q.frozen = {"feed_forward", "output"};
        q.clipNorm = 1e-3;
        const Grid clipped = walkOf(s, q).find("update")->grids.front();
        q.frozen.clear();
        const Grid clippedByAll = walkOf(s, q).find("update")->grids.front();
        QVERIFY(std::abs(clipped.at(2, 0)) > std::abs(clippedByAll.at(2, 0)));
    }

    /// Of a run with adapters no matrix is moved itself; the stage says what is.
    void whatAdaptersAreAddedToStays() {
        const Subject s = subjectOf(smallConfig());
        Question q = questionOf(s, 0, 1, 2, 3);
        q.adapterRank = 4;
        const Walk walk = walkOf(s, q);
        const Stage& stage = *walk.find("update");
        QCOMPARE(stage.caption.english(), std::string("Adapters"));
        QVERIFY2(stage.text.english().find("adapters of rank 4") != std::string::npos, stage.text.english().c_str());
        const Grid& grid = stage.grids.front();
        QCOMPARE(grid.rows, 1);  // what becomes of the sum is not known from the matrix alone
        for (int c = 0; c < grid.columns; ++c) QCOMPARE(evaluate(grid.explain(0, c)), grid.at(0, c));
    }

    /// What is pruned is said to stay, and clipping does not count it.
    void zerosThatStayAreSaid() {
        Subject s = subjectOf(smallConfig());
        const Parameter& p = *s.model->layout().find("encoder.0.attention.query.weight");
        Weights pruned = *s.weights;
        for (std::size_t i = p.offset; i < p.offset + p.size; i += 2) pruned[i] = 0;
        s.weights = std::make_shared<const Weights>(pruned);
        Question q = questionOf(s, 0, 1, 2, 3);
        q.clipNorm = 1e-3;
        const auto told = [&] {
            const Walk walk = walkOf(s, q);
            const Stage& stage = *walk.find("update");
            return std::pair(std::ranges::any_of(stage.notes,
                                                 [](const Words& note) {
                                                     return note.english().find("stay 0 (training.keep_zeros)") != std::string::npos;
                                                 }),
                             stage.grids.front());
        };
        const auto without = told();
        q.keepZeros = true;
        const auto with = told();
        QVERIFY(!without.first && with.first);
        QVERIFY(std::abs(with.second.at(2, 1)) > std::abs(without.second.at(2, 1)));
    }

    /// However small the step: before and after never read alike where they differ.
    void theDigitsThatChangeAreWritten() {
        const Subject s = subjectOf(smallConfig());
        for (const double rate : {1e-2, 1e-4, 1e-6}) {
            Question q = questionOf(s, 0, 1, 2, 3);
            q.learningRate = rate;
            const Walk walk = walkOf(s, q);
            const Grid& grid = walk.find("update")->grids.front();
            QVERIFY(grid.tellsChange);
            for (int c = 0; c < grid.columns; ++c) {
                const Expression after = grid.explain(grid.rows - 1, c);
                QCOMPARE(after.before, std::optional(grid.at(0, c)));
                const int digits = digitsApart(after, 3);
                QVERIFY(shownNumber(*after.before, digits) != shownNumber(after.result, digits));
                QVERIFY(digits == 3 || shownNumber(*after.before, digits - 1) == shownNumber(after.result, digits - 1));
                const ExpressionText text = expressionText(after, 4);
                QCOMPARE(text.result, shownNumber(after.result, digits));
                QVERIFY2(text.left.english().find(shownNumber(*after.before, digits)) != std::string::npos, text.left.english().c_str());
            }
            const std::string page = markdown(walk, {"model", "head 1", "2 3"});
            const auto cellsOf = [&](const std::string& label) {
                const std::size_t at = page.rfind("| " + label + " |");
                return QString::fromStdString(page.substr(at, page.find('\n', at) - at)).split(QStringLiteral(" | ")).mid(1);
            };
            const QStringList before = cellsOf("w"), after = cellsOf("w after");
            QCOMPARE(before.size(), qsizetype{grid.columns});
            for (int c = 0; c < grid.columns; ++c) QVERIFY2(before[c] != after[c], qPrintable(before[c]));
        }
    }

private:
    /// Each number is what its expression gives, and its operands are the numbers of the cells they come from.
    static void checkLines(const Walk& walk, const Grid& grid) {
        for (int row = 0; row < grid.rows; ++row)
            for (int c = 0; c < grid.columns; ++c) {
                const Expression e = grid.explain(row, c);
                QCOMPARE(e.result, grid.at(row, c));
                if (e.operation != Operation::given) QVERIFY(std::abs(evaluate(e) - e.result) <= 1e-12 * std::max(1.0, std::abs(e.result)));
                for (const Term& term : e.terms)
                    for (const Operand& operand : term.factors)
                        if (operand.hasOrigin()) QCOMPARE(walk.explain(operand.from).result, operand.value);
            }
    }
};

QTEST_APPLESS_MAIN(ExplainUpdateTest)
#include "explain_update_test.moc"
