#include <QtTest>

#include "core/data/loaded_task.h"
#include "core/model/model.h"
#include "core/training/trainer.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/widgets/theme.h"
#include "ui/window/page_table.h"

using namespace lab;

namespace {

LoadedTask taskWithRotaryPositions() {
    Experiment experiment = smallTask().experiment;
    experiment.model.position.kind = PositionKind::rope;
    return loadTask(experiment, {});
}

/// All pages of a window that looks at one run, untrained.
class Pages {
public:
    Pages(const LoadedTask& task, TrainingState start) {
        for (const PageRow& row : pageTable())
            if (!row.ofSeveralRuns) m_pages.push_back(row.make(m_focus, nullptr, nullptr));
        m_focus.setRun(m_workspace.add(task, std::move(start)));
        for (Page* page : m_pages) page->resize(1180, 620);
    }
    ~Pages() { qDeleteAll(m_pages); }

    const std::vector<Page*>& list() const { return m_pages; }
    bool traced() const { return m_focus.trace() != nullptr; }

private:
    Workspace m_workspace;
    Focus m_focus;
    std::vector<Page*> m_pages;
};

QImage pictureOf(Page* page) {
    return page->grab().toImage();
}

}  // namespace

/// What a page shows is a function of (run, step, input): the same weights give the same picture, one other weight another one.
class OneWeightTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void oneWeightChangesEveryPage() {
        const LoadedTask task = taskWithRotaryPositions();
        const Model model(task.experiment.model);
        const TrainingState drawn = initialState(model, task.experiment);
        TrainingState changed = drawn;
        *at(changed.weights, *model.layout().find("encoder.0.attention.query.weight")) += 3.0f;

        Pages first(task, drawn), again(task, drawn), other(task, changed), otherAgain(task, changed);
        QTRY_VERIFY(first.traced() && again.traced() && other.traced() && otherAgain.traced());
        for (std::size_t i = 0; i < first.list().size(); ++i) {
            for (Pages* pages : {&first, &again, &other, &otherAgain}) pages->list()[i]->show();
            // Of a page that is still computing any picture differs from any other.
            for (Pages* pages : {&first, &again, &other, &otherAgain}) QTRY_VERIFY(pages->list()[i]->catchUp());
            QTRY_COMPARE(pictureOf(again.list()[i]), pictureOf(first.list()[i]));
            QTRY_COMPARE(pictureOf(otherAgain.list()[i]), pictureOf(other.list()[i]));
            if (first.list()[i]->showsWeights())
                QTRY_VERIFY2(pictureOf(other.list()[i]) != pictureOf(first.list()[i]), qPrintable(first.list()[i]->title()));
            for (Pages* pages : {&first, &again, &other, &otherAgain}) pages->list()[i]->hide();
        }
    }
};

QTEST_MAIN(OneWeightTest)
#include "one_weight_test.moc"
