#include "core/explain/handout.h"

#include <QTest>
#include <algorithm>
#include <cmath>

#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::testing;
using namespace lab::explain;

/// What a reader is to work out, and that it can be.
class HandoutTest : public QObject {
    Q_OBJECT

private slots:
    void tasksAreComputedNumbersOfTheirStage() {
        for (const auto& [name, config] : walkedForms()) {
            const Subject s = subjectOf(config);
            const Walk walk = walkOf(s, questionOf(s, 0, 0, 3, 1));
            for (const Stage& stage : walk.stages) {
                const std::vector<CellRef> tasks = handoutTasks(stage);
                QVERIFY2(tasks.size() <= 3, stage.id.c_str());
                const Stage question = handoutQuestion(stage);
                for (const CellRef& task : tasks) {
                    const Grid* grid = question.find(task.grid);  // nothing that is asked for is cut off
                    QVERIFY2(grid, (name + " " + stage.id).c_str());
                    const Expression e = grid->explain(task.row, task.column);
                    QVERIFY2(std::abs(evaluate(e) - grid->at(task.row, task.column)) < 1e-4 * (1.0 + std::abs(e.result)),
                             (name + " " + stage.id).c_str());
                }
            }
            const std::vector<std::string> usual = usualHandout(walk);
            for (const std::string& id : usual) QVERIFY2(!handoutTasks(*walk.find(id)).empty(), (name + " " + id).c_str());
            QVERIFY(usual.size() >= 4);
            // Products that are the weights leave nothing to work out there.
            const bool made = !specOf(config.attention.kernel.kind).plainProduct();
            QVERIFY2((std::ranges::find(usual, "weights") != usual.end()) == made, name.c_str());
        }
    }

    void whatFollowsFromATaskIsLeftOut() {
        const Subject s = subjectOf(smallConfig());
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 3, 1));
        const Stage question = handoutQuestion(*walk.find("scale"));
        QVERIFY(question.find("dot") && question.find("scaled"));
        QVERIFY(!question.find("exp") && !question.find("weights") && !question.find("mix"));
        QCOMPARE(handoutQuestion(*walk.find("dot")).grids.size(), walk.find("dot")->grids.size());  // made of the keys below it
        QCOMPARE(handoutQuestion(*walk.find("mix")).grids.size(), walk.find("mix")->grids.size());
    }
};

QTEST_APPLESS_MAIN(HandoutTest)
#include "handout_test.moc"
