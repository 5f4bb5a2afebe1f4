#include "ui/pages/explain/explain_page.h"

#include <QtTest>

#include "core/config/validation.h"
#include "core/data/dataset.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

LoadedTask smallTask() {
    Experiment e;
    e.task.seq_len = 6;
    e.task.train_size = 200;
    e.task.test_size = 10;
    e.task.validation_size = 20;
    e.model.d_model = 8;
    e.model.num_layers = 1;
    e.model.num_heads = 2;
    return loadTask(resolved(e), {});
}

}  // namespace

class ExplainPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void init() {
        m_workspace = std::make_unique<Workspace>();
        m_focus = std::make_unique<Focus>();
        m_page = std::make_unique<ExplainPage>(*m_focus);
        m_page->resize(1160, 620);
        m_page->show();
        m_focus->setRun(m_workspace->add(smallTask()));
        QTRY_VERIFY(m_page->walk().hasBackward);
    }
    void cleanup() {
        m_page.reset();
        m_focus.reset();
        m_workspace.reset();
    }

    void theStageStaysWhenInputHeadAndQueryChange() {
        m_page->showStage("d_softmax");
        m_focus->select({0, 1, 3, 2});
        QTRY_COMPARE(m_page->walk().query, 3);
        QCOMPARE(m_page->stageId(), QString("d_softmax"));
        m_focus->showSample(5);
        QTest::qWait(0);
        QCOMPARE(m_page->stageId(), QString("d_softmax"));
    }

    void digsDownAndComesBack() {
        m_page->showStage("mix");
        const explain::Expression sum = m_page->walk().explain(m_page->shownCell());
        const explain::CellRef weight = sum.terms[1].factors[0].from;
        m_page->dig(weight);
        QCOMPARE(m_page->stageId(), QString("weights"));
        QCOMPARE(m_page->walk().explain(m_page->shownCell()).result, sum.terms[1].factors[0].value);
        m_page->goBack();
        QCOMPARE(m_page->stageId(), QString("mix"));
    }

    void aValueOfAnotherKeyPutsThatKeyInHand() {
        m_page->showStage("mix");
        const explain::Expression sum = m_page->walk().explain(m_page->shownCell());
        m_page->dig(sum.terms[4].factors[1].from);
        QCOMPARE(m_page->walk().key, 4);
        QCOMPARE(m_page->walk().explain(m_page->shownCell()).result, sum.terms[4].factors[1].value);
    }

    void ownNumbersAreUndoneAndRedoneAndGiveWayToTheModels() {
        m_page->showStage("mix");
        const explain::CellRef cell{"mix", "mix", 0, 2};
        const double before = m_page->walk().grid(cell)->at(0, 2);
        QVERIFY(m_page->edit(cell, 5.0));
        QTRY_COMPARE(m_page->walk().grid(cell)->at(0, 2), 5.0);
        m_page->undo();
        QTRY_COMPARE(m_page->walk().grid(cell)->at(0, 2), before);
        m_page->redo();
        QTRY_COMPARE(m_page->walk().grid(cell)->at(0, 2), 5.0);
        m_page->returnToModel();
        QTRY_COMPARE(m_page->walk().grid(cell)->at(0, 2), before);
        QVERIFY(!m_page->edit({"mix", "exp", 0, 0}, 1.0));
    }

    void examplesNeedNoModel() {
        m_page->showExample(2);
        const explain::Grid* mix = m_page->walk().find("mix")->find("mix");
        QVERIFY(std::abs(mix->at(0, explain::masterColumn) - 1.8) < 1e-12);
        QVERIFY(m_page->edit({"mix", "weights", 0, 0}, 0.0));
        QVERIFY(std::abs(m_page->walk().find("mix")->find("mix")->at(0, explain::masterColumn) - 1.1) < 1e-12);
        m_page->undo();
        QVERIFY(std::abs(m_page->walk().find("mix")->find("mix")->at(0, explain::masterColumn) - 1.8) < 1e-12);
        m_page->returnToModel();
        QVERIFY(m_page->walk().find("logits"));
    }

    void everyStageCanBeDrawn() {
        for (const explain::Stage& stage : m_page->walk().stages) {
            m_page->showStage(QString::fromStdString(stage.id));
            QVERIFY(!m_page->grab().isNull());
        }
    }

private:
    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<Focus> m_focus;
    std::unique_ptr<ExplainPage> m_page;
};

QTEST_MAIN(ExplainPageTest)
#include "explain_page_test.moc"
