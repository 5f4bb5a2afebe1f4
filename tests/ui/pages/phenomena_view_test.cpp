#include "ui/pages/train/phenomena_view.h"

#include "core/data/loaded_task.h"
#include "core/text/stories/phenomenon.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/train/train_page.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/table/text_table.h"

using namespace lab;

namespace {

LoadedTask storiesTask(int steps = 6) {
    Experiment e;
    e.name = "tales";
    e.task.kind = "stories";
    e.task.seq_len = 160;
    e.task.train_size = 100;
    e.task.validation_size = 12;
    e.task.test_size = 4;
    e.model.architecture = Architecture::decoder;
    e.model.d_model = 16;
    e.model.num_layers = 1;
    e.model.num_heads = 2;
    e.training.steps = steps;
    e.training.batch_size = 2;
    e.training.validate_every = 2;
    return loadTask(e, {});
}

}  // namespace

class PhenomenaViewTest : public QObject {
    Q_OBJECT

    struct Bench {
        Workspace workspace;
        Focus focus;
        TrainPage page{focus};
        Run* run;

        explicit Bench(const LoadedTask& task) : run(workspace.add(task)) {
            run->setName("tales");
            focus.setRun(run);
            page.resize(1200, 700);
            page.show();
        }
        PhenomenaView& view() { return page.phenomena(); }
        void train() {
            run->train();
            QTRY_COMPARE(run->state(), Run::State::finished);
            QTRY_VERIFY(!view().curves().series().empty() && view().curves().series()[0].x.size() == 3);
        }
    };

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void otherTasksHaveNone() {
        Bench bench(smallTask(5));
        QVERIFY(!PhenomenaView::isFor(bench.run) && !PhenomenaView::isFor(nullptr));
        QVERIFY(!bench.view().isVisible() && bench.page.moreSamples().isVisible());
    }

    void curvesAndTableAreTheValidations() {
        Bench bench(storiesTask());
        QVERIFY(bench.view().isVisible() && !bench.page.moreSamples().isVisible());
        bench.train();
        const auto rows = StoryPhenomenon::table();
        const auto& curves = bench.view().curves().series();
        const auto& table = bench.view().table().rows();
        QCOMPARE(curves.size(), rows.size());
        QCOMPARE(table.size(), rows.size());
        for (std::size_t row = 0; row < rows.size(); ++row) {
            QCOMPARE(curves[row].name, shown(rows[row]->title));
            QCOMPARE(curves[row].x, (std::vector<double>{2, 4, 6}));
            for (std::size_t k = 0; k < 3; ++k)
                QCOMPARE(curves[row].y[k], 100 * bench.run->records()[2 * k + 1].validation->groups[row].share());
            QCOMPARE(table[row].cells[1], fixed(curves[row].y[2], 1));
        }
    }

    void theTableSpeaksOfTheShownStep() {
        Bench bench(storiesTask());
        bench.train();
        bench.focus.showStep(3);
        QTRY_COMPARE(bench.view().table().rows()[0].cells[1], fixed(bench.view().curves().series()[0].y[0], 1));
        bench.focus.showStep(1);
        QTRY_COMPARE(bench.view().table().rows()[0].cells[1], QStringLiteral("\u2013"));
    }

    void countingStandsBesideIt() {
        Bench bench(storiesTask());
        QTRY_COMPARE(bench.view().baselines().size(), StoryPhenomenon::table().size());
        const StoryBaseline& agreement = bench.view().baselines()[0];
        QCOMPARE(bench.view().table().rows()[0].cells[2], QStringLiteral("50.0"));
        QCOMPARE(bench.view().table().rows()[0].cells[3], fixed(100 * agreement.fiveGram, 1));
        QVERIFY(bench.view().ready());
    }

    void everyPartIsExported() {
        Bench bench(storiesTask());
        bench.train();
        QStringList names;
        for (const FigureOffer& offer : bench.page.figures()) names << offer.name;
        QVERIFY(names.contains("Right by phenomenon") && names.contains("By phenomenon"));
    }

    void anotherRunTakesItsPlace() {
        Bench bench(storiesTask());
        bench.train();
        Run* other = bench.workspace.add(smallTask(5));
        bench.focus.setRun(other);
        QTRY_VERIFY(!bench.view().isVisible());
        QVERIFY(bench.view().curves().series().empty());
        bench.focus.setRun(bench.run);
        QTRY_COMPARE(bench.view().curves().series().size(), StoryPhenomenon::table().size());
    }
};

QTEST_MAIN(PhenomenaViewTest)
#include "phenomena_view_test.moc"
