#include "ui/window/timeline_bar.h"

#include <QtTest>

#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/timeline_strip.h"

using namespace lab;

namespace {

/// Few samples, so that validation soon rises.
LoadedTask fewSamples(int steps) {
    Experiment e = smallExperiment({.name = "few", .train = 24, .validation = 64, .test = 0, .d_model = 32, .steps = steps, .batch = 16});
    e.training.optimizer.learning_rate = 0.01;
    e.training.validate_every = 10;
    e.training.early_stop = 5;
    return loadTask(e, {});
}

struct TimelineBench {
    explicit TimelineBench(int steps) : run(workspace.add(fewSamples(steps))) {
        focus.setRun(run);
        bar.resize(1000, 60);
        bar.show();
        run->train();
    }
    bool finished() const {
        return QTest::qWaitFor([this] { return run->state() == Run::State::finished; }, lab::patience);
    }
    TimelineStrip& strip() { return *bar.findChild<TimelineStrip*>(); }

    Workspace workspace;
    Focus focus;
    TimelineBar bar{focus};
    Run* run;
};

}  // namespace

class TimelineBarTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void theBestStepHasAFlagOnceALaterOneWasNotLower() {
        TimelineBench bench(3000);
        QVERIFY(bench.finished());
        const std::int64_t best = *bench.run->history().bestStep();
        QTRY_COMPARE(bench.strip().flags(), std::vector<std::int64_t>{best});
        QVERIFY(bench.run->history().pins().empty());  // nobody pinned it
        QCOMPARE(bench.run->history().atOrBefore(best)->step, best);
        const FigureTable table = bench.bar.figures()[0].make()->table();
        const auto row = std::ranges::find(table.rows, std::to_string(best), [](const auto& cells) { return cells.front(); });
        QCOMPARE(row->back(), std::string("best"));
        QCOMPARE((*row)[3], std::string("1"));

        // A name makes it a pin of the person's, which is taken away as any; the flag stays.
        emit bench.strip().pinNamed(best, {});
        QVERIFY(bench.run->history().pins().empty());
        emit bench.strip().pinNamed(best, "before it learned by heart");
        QCOMPARE(bench.run->history().pins().at(best), std::string("before it learned by heart"));
        QCOMPARE(bench.strip().flags(), std::vector<std::int64_t>{best});
        emit bench.strip().pinNamed(best, {});
        QVERIFY(bench.run->history().pins().empty());
        QCOMPARE(bench.strip().flags(), std::vector<std::int64_t>{best});
    }

    void theNewestStepNeedsNone() {
        TimelineBench bench(20);
        QVERIFY(bench.finished());
        QCOMPARE(bench.run->history().bestStep(), std::optional<std::int64_t>(20));
        QVERIFY(bench.strip().flags().empty());
    }
};

QTEST_MAIN(TimelineBarTest)
#include "timeline_bar_test.moc"
