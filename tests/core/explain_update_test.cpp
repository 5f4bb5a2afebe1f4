#include <QtTest>
#include <cmath>

#include "core/training/optimizer.h"
#include "core/training/trainer.h"
#include "tests/core/analysis/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

class ExplainUpdateTest : public QObject {
    Q_OBJECT

private slots:
    void theUpdateIsWhatTheOptimizerDoesWithItsOwnMoments() {
        for (const OptimizerKind kind : {OptimizerKind::adam, OptimizerKind::adamw, OptimizerKind::sgd}) {
            const Subject s = subjectOf(smallConfig());
            TrainingState state{*s.weights, Weights(s.weights->size()), Weights(s.weights->size()), 40};
            Weights gradient(s.weights->size());
            for (const Parameter& p : s.model->layout().parameters()) {
                const Tensor& g = s.trace->at("gradient." + p.name);
                std::copy(g.values.begin(), g.values.end(), lab::at(gradient, p));
                const RandomStream random(3, p.name);
                for (std::size_t i = 0; i < p.size; ++i) {
                    lab::at(state.firstMoment, p)[i] = static_cast<float>(0.01 * random.normal(i));
                    lab::at(state.secondMoment, p)[i] = static_cast<float>(0.001 * std::abs(random.normal(i + 1000)));
                }
            }
            if (kind == OptimizerKind::sgd) state.secondMoment.clear();
            Question q = questionOf(s, 0, 1, 2, 3);
            q.optimizer.kind = kind;
            q.optimizer.weight_decay = 0.1;
            q.firstMoment = std::make_shared<const Weights>(state.firstMoment);
            if (kind != OptimizerKind::sgd) q.secondMoment = std::make_shared<const Weights>(state.secondMoment);
            q.step = state.step;
            const Walk walk = walkOf(s, q);
            double squares = 0.0;
            for (const Parameter& p : s.model->layout().parameters())
                for (std::size_t i = 0; i < p.size; ++i) squares += std::pow(static_cast<double>(lab::at(gradient, p)[i]), 2);
            const double clip = std::min(1.0, q.clipNorm / (std::sqrt(squares) + 1e-6));
            Optimizer(q.optimizer, s.model->layout())
                .update(kernels<float>(), 41, q.learningRate, clip, gradient, state, 0, state.weights.size());
            const Stage& update = *walk.find("update");
            const int row = walk.find("d_matrix")->result.row;
            const Parameter* p = s.model->layout().find("encoder.0.attention.query.weight");
            const Grid& grid = update.grids.front();
            for (int c = 0; c < grid.columns; ++c) {
                const auto theirs = static_cast<double>(lab::at(state.weights, *p)[(6 + row) * grid.columns + c]);
                QVERIFY2(std::abs(grid.at(grid.rows - 1, c) - theirs) < 1e-6, QByteArray::number(static_cast<int>(kind)));
            }
        }
    }

    void everyLineOfItFollowsFromTheLinesAbove() {
        const Subject s = subjectOf(smallConfig());
        const Walk walk = walkOf(s, questionOf(s, 0, 1, 2, 3));
        const Grid& grid = walk.find("update")->grids.front();
        for (int row = 0; row < grid.rows; ++row)
            for (int c = 0; c < grid.columns; ++c) {
                const Expression e = grid.explain(row, c);
                QCOMPARE(e.result, grid.at(row, c));
                for (const Term& term : e.terms)
                    for (const Operand& operand : term.factors)
                        if (operand.hasOrigin()) QCOMPARE(walk.explain(operand.from).result, operand.value);
            }
        // Without a memory Adam's first step is as long as the learning rate, whatever the gradient.
        for (int c = 0; c < grid.columns; ++c) QVERIFY(std::abs(std::abs(grid.at(grid.rows - 2, c)) - 0.01) < 1e-5);
    }
};

QTEST_APPLESS_MAIN(ExplainUpdateTest)
#include "explain_update_test.moc"
