#include "core/explain/waterfall.h"

#include <QTest>
#include <cmath>

#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::testing;
using namespace lab::explain;

/// What the picture of a matrix shows.
class WaterfallTest : public QObject {
    Q_OBJECT

private slots:
    void theSumEndsAtTheNumberInEveryMatrix() {
        for (const auto& [name, config] : walkedForms()) {
            const Subject s = subjectOf(config);
            for (int block = 0; block < static_cast<int>(s.model->attentionBlocks().size()); ++block) {
                const Walk walk = walkOf(s, questionOf(s, block, 0, 3, 1));
                std::set<std::string> pictured;
                for (const Stage& stage : walk.stages) {
                    if (!hasMatrix(stage)) continue;
                    pictured.insert(stage.id);
                    for (const Grid& grid : stage.grids) {
                        if (!grid.matrix) continue;
                        const CellRef cell = summedCell(stage, {stage.id, grid.id, grid.rows - 1, 0});
                        QCOMPARE(cell.grid, grid.id);
                        QCOMPARE(cell.row, grid.rows - 1);
                        const Expression e = walk.explain(cell);
                        const Waterfall fall = waterfallOf(e);
                        if (fall.empty()) continue;  // nothing comes back, or set by hand
                        const double given = fall.start + std::accumulate(fall.products.begin(), fall.products.end(), 0.0);
                        QVERIFY2(std::abs(fall.result() - given) < 1e-12, (name + " " + stage.id).c_str());
                        double size = 1.0;  // rounding grows with what is added
                        for (const double product : fall.products) size += std::abs(product);
                        QVERIFY2(std::abs(fall.result() - e.result) < 1e-4 * size, (name + " " + stage.id).c_str());
                        QVERIFY(fall.left.empty() || fall.left.size() == fall.products.size());
                        for (std::size_t i = 0; i < fall.left.size(); ++i)
                            QVERIFY(std::abs(fall.left[i] * fall.right[i] - fall.products[i]) < 1e-12);
                    }
                }
                for (const std::string id : {"project", "output", "ffn_up", "ffn_down", "logits", "d_head", "d_matrix"})
                    QVERIFY2(pictured.contains(id) == (config.hasFeedForward() || !id.starts_with("ffn")), (name + " " + id).c_str());
                for (const char* id : {"mix", "weights", "loss", "residual", "d_softmax"}) QVERIFY(!pictured.contains(id));
            }
        }
    }

    void whatIsReadLeadsToTheMatrixBelowIt() {
        const Subject s = subjectOf(smallConfig());
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 3, 1));
        const Stage& stage = *walk.find("project");
        QCOMPARE(summedCell(stage, {"project", "k_in", 0, 2}).grid, std::string("k"));
        QCOMPARE(summedCell(stage, {"project", "v", 2, 1}), (CellRef{"project", "v", 2, masterColumn}));
        QCOMPARE(summedCell(stage, {}), stage.result);
        const Stage& gradient = *walk.find("d_matrix");
        QCOMPARE(summedCell(gradient, {"d_matrix", "matrix", 1, 2}), (CellRef{"d_matrix", "matrix", 1, 2}));
    }

    void namesLoseTheirIndexAlone() {
        QCOMPARE(withoutIndex("W_{Q 3,1}").english(), std::string("W_{Q}"));
        QCOMPARE(withoutIndex("x_{5,2}").english(), std::string("x"));
        QCOMPARE(withoutIndex("o^{1}_{5,2}").english(), std::string("o"));
        QCOMPARE(withoutIndex("\u03C6(q_{5,2})").english(), std::string("\u03C6(q)"));
        QCOMPARE(withoutIndex("b").english(), std::string("b"));
    }
};

QTEST_APPLESS_MAIN(WaterfallTest)
#include "waterfall_test.moc"
