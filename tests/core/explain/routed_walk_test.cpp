// Walks of rows that go through layers of their own: a mixture of experts, and steps as many as each row needs.

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <set>

#include "core/explain/walk_limits.h"
#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

double routedNumber(const Subject& s, const std::string& tensor, int row, int column) {
    const Tensor& t = s.trace->at(tensor);
    return static_cast<double>(t.values[static_cast<std::size_t>(row * (t.shape.size() > 1 ? t.extent(1) : 1) + column)]);
}

std::vector<int> expertsOfRow(const Subject& s, const std::string& layer, int row) {
    std::vector<int> chosen;
    const std::string tensor = layer + ".feed_forward.experts";
    for (int n = 0; n < static_cast<int>(s.trace->at(tensor).extent(1)); ++n)
        chosen.push_back(static_cast<int>(std::lround(routedNumber(s, tensor, row, n))));
    return chosen;
}

bool routedSays(const Walk& walk, const char* stage, const std::string& what) {
    const Stage& of = *walk.find(stage);
    return std::ranges::any_of(of.notes, [&](const Words& note) { return note.english().find(what) != std::string::npos; }) ||
           of.text.english().find(what) != std::string::npos || of.formula.english().find(what) != std::string::npos;
}

/// Every number of the stages follows from its terms.
void checkStages(const std::string& form, const Walk& walk, const std::function<bool(const Stage&)>& wanted) {
    for (const Stage& stage : walk.stages) {
        if (!wanted(stage)) continue;
        for (const Grid& grid : stage.grids)
            for (int row = 0; row < grid.rows; ++row)
                for (int column = masterColumn; column < grid.columns; ++column) {
                    if (!walk.grid({stage.id, grid.id, row, column}) || std::isnan(grid.at(row, column))) continue;
                    const Expression e = grid.explain(row, column);
                    const std::string where = form + ": " + stage.id + "/" + grid.id + " " + e.name.english();
                    QVERIFY2(e.result == grid.at(row, column), where.c_str());
                    if (e.operation == Operation::given) continue;
                    double size = std::abs(e.result);
                    for (const Term& term : e.terms) size += std::abs(term.value());
                    QVERIFY2(std::abs(evaluate(e) - e.result) <= 3e-6 * size + 1e-7, where.c_str());
                }
    }
}

bool ofFeedForward(const Stage& stage) {
    return stage.part == "ffn";
}

}  // namespace

class RoutedWalkTest : public QObject {
    Q_OBJECT

private slots:
    /// Of all experts those alone are opened that the row goes through, with the gates and numbers of the trace.
    void aRowsOwnExpertsAreOpened() {
        for (const auto& [name, config] : expertForms()) {
            QVERIFY2(whyNoWalk(config).empty() && !whyNoCode(config).empty(), name.c_str());
            const Subject s = subjectOf(config);
            for (std::size_t b = 0; b < s.model->attentionBlocks().size(); ++b) {
                const AttentionBlock& block = s.model->attentionBlocks()[b];
                const std::string layer = block.side + "." + std::to_string(block.layer), feeds = layer + ".feed_forward";
                for (const int row : {0, 3}) {
                    const Walk walk = walkOf(s, questionOf(s, static_cast<int>(b), 0, row, 1));
                    const std::vector<int> chosen = expertsOfRow(s, layer, row);
                    const auto opened =
                        std::ranges::count_if(walk.stages, [](const Stage& stage) { return stage.id.starts_with("ffn_up"); });
                    QCOMPARE(static_cast<std::size_t>(opened), chosen.size());
                    const Grid &choice = *walk.find("choice")->find("choice"), &sum = *walk.find("experts")->find("sum");
                    for (int n = 0; n < static_cast<int>(chosen.size()); ++n) {
                        const std::string expert = std::to_string(chosen[static_cast<std::size_t>(n)]);
                        QCOMPARE(choice.at(0, n), static_cast<double>(chosen[static_cast<std::size_t>(n)]));
                        QCOMPARE(choice.at(2, n), routedNumber(s, feeds + ".gates", row, n));
                        QCOMPARE(sum.at(n, masterColumn), routedNumber(s, feeds + ".gates", row, n));
                        const Stage& up = *walk.find(n == 0 ? "ffn_up" : "ffn_up" + std::to_string(n));
                        QVERIFY(up.caption.english().find(expert) != std::string::npos);
                        QVERIFY2(routedSays(walk, "choice", expert + " ("), name.c_str());
                    }
                    for (int c = 0; c < config.d_model; ++c) {
                        QCOMPARE(sum.at(sum.rows - 1, c), routedNumber(s, feeds + ".output", row, c));
                        QCOMPARE(sum.explain(sum.rows - 1, c).terms.size(), chosen.size());
                    }
                    const Grid& p = *walk.find("router")->find("p");
                    for (int e = 0; e < config.feed_forward.experts; ++e) {
                        QCOMPARE(p.at(0, e), routedNumber(s, feeds + ".router", row, e));
                        QCOMPARE(walk.find("d_router")->find("p")->at(0, e), routedNumber(s, "gradient." + feeds + ".router", row, e));
                    }
                    QCOMPARE(choice.rows, 3);
                    QCOMPARE(walk.find("choice")->find("balance") != nullptr, config.feed_forward.balance > 0.0);
                }
            }
        }
    }

    /// The gradient of an expert's matrix is a sum over the rows alone that went through it.
    void anExpertLearnsFromItsOwnRows() {
        for (const auto& [name, config] : expertForms()) {
            const Subject s = subjectOf(config);
            const std::string layer = s.model->attentionBlocks().front().side + ".0";
            const Walk walk = walkOf(s, questionOf(s, 0, 0, 2, 1));
            const int expert = expertsOfRow(s, layer, 2).front();
            const int rows = static_cast<int>(s.trace->at(layer + ".feed_forward.experts").extent(0));
            std::size_t own = 0;
            for (int row = 0; row < rows; ++row) own += static_cast<std::size_t>(std::ranges::count(expertsOfRow(s, layer, row), expert));
            for (const char* stage : {"d_ffn_down_matrix", "d_ffn_up_matrix"}) {
                const Grid& matrix = walk.find(stage)->grids.front();
                QCOMPARE(matrix.explain(0, 0).terms.size(), own);
            }
            QCOMPARE(walk.find("d_router_matrix")->find("matrix")->explain(0, 0).terms.size(), static_cast<std::size_t>(rows));
        }
    }

    /// Where nothing balances the choices, gradient reaches the router through the gates of the chosen alone.
    void onlyTheChosenReachTheRouter() {
        const NamedConfig form = expertForms()[3];  // two of five, no balance
        const Subject s = subjectOf(form.config);
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 3, 1));
        const std::vector<int> chosen = expertsOfRow(s, s.model->attentionBlocks().front().side + ".0", 3);
        const Grid& back = *walk.find("d_router")->find("p");
        for (int e = 0; e < back.columns; ++e) {
            const bool through = std::ranges::find(chosen, e) != chosen.end();
            const Expression p = back.explain(0, e);
            QCOMPARE(p.operation == Operation::given, !through);
            if (!through) QVERIFY(back.at(0, e) == 0.0 && p.note.english().starts_with("0: "));
        }
    }

    /// What the hand puts in the place of probabilities, choices and gates, an expert chosen twice among it.
    void whatIsSetByHandIsRouted() {
        for (const NamedConfig& form : {expertForms()[0], expertForms()[3]}) {
            const std::string feeds = subjectOf(form.config).model->attentionBlocks().front().side + ".0.feed_forward";
            for (const char* tensor : {".router", ".experts", ".gates"}) {
                const int width = std::string_view(tensor) == ".router" ? form.config.feed_forward.experts : form.config.feed_forward.top_k;
                const Subject s = subjectOf(form.config, [&](Input& input) {
                    std::vector<float> values;
                    for (std::size_t i = 0; i < input.tokens.size() * static_cast<std::size_t>(width); ++i)
                        values.push_back(std::string_view(tensor) == ".experts" ? static_cast<float>(i / 3 % 3)
                                                                                : 0.1F + 0.1F * static_cast<float>(i * i % 5));
                    input.interventions = {{Intervention::Kind::replace, feeds + tensor, 0, values}};
                });
                for (const int row : {0, 1, 2, 5}) {
                    const Question q = questionOf(s, 0, 0, row, 1);
                    const Walk walk = walkOf(s, q), twin = buildWalk(s.model, s.weights, NumberSource(s.twin), q);
                    checkStages(form.name + tensor, walk, ofFeedForward);
                    if (QTest::currentTestFailed()) return;
                    for (std::size_t i = 0; i < walk.stages.size(); ++i)
                        if (ofFeedForward(walk.stages[i]))
                            QVERIFY2(checkStage(walk.stages[i], twin.stages[i]).agrees,
                                     (form.name + tensor + " " + walk.stages[i].id).c_str());
                }
            }
        }
    }

    /// Rows that halt early and late: their states' shares, and the mean that goes on.
    void aRowsStatesAreAddedUp() {
        std::set<int> taken;
        for (const auto& [name, config] : haltingForms()) {
            QVERIFY2(whyNoWalk(config).empty(), name.c_str());
            const Subject s = subjectOf(config);
            for (std::size_t b = 0; b < s.model->attentionBlocks().size(); ++b) {
                const AttentionBlock& block = s.model->attentionBlocks()[b];
                const int rows = static_cast<int>(s.trace->at(block.side + ".steps").extent(0));
                for (int row = 0; row < rows; row += 2) {
                    const Walk walk = walkOf(s, questionOf(s, static_cast<int>(b), 0, row, 1));
                    checkStages(name, walk, [](const Stage& stage) { return stage.part == "halt"; });
                    if (QTest::currentTestFailed()) return;
                    const int steps = static_cast<int>(std::lround(routedNumber(s, block.side + ".steps", row, 0)));
                    taken.insert(steps);
                    const Grid &mean = *walk.find("mean")->find("mean"), &shares = *walk.find("halting")->find("steps");
                    double sum = 0.0;
                    for (int t = 0; t < shares.columns; ++t) {
                        sum += shares.at(1, t);
                        QCOMPARE(shares.at(1, t), routedNumber(s, block.side + "." + std::to_string(t) + ".share", row, 0));
                    }
                    QVERIFY2(std::abs(sum - 1.0) < 1e-6, name.c_str());
                    QCOMPARE(static_cast<int>(mean.explain(mean.rows - 1, 0).terms.size()), steps);
                    QCOMPARE(routedSays(walk, "input", "had halted"), steps <= block.layer);
                    const Grid& state = *walk.find("d_state")->find("state");
                    const std::string layer = block.side + "." + std::to_string(block.layer);
                    for (int c = 0; c < config.d_model; ++c) {
                        QCOMPARE(state.at(state.rows - 1, c), routedNumber(s, "gradient." + layer + ".residual", row, c));
                        QCOMPARE(walk.find("d_mean")->find("weight")->at(0, c),
                                 routedNumber(s, "gradient." + block.side + ".halting.weight", 0, c));
                    }
                }
            }
        }
        QVERIFY(taken.size() > 1);
    }
};

QTEST_APPLESS_MAIN(RoutedWalkTest)
#include "routed_walk_test.moc"
