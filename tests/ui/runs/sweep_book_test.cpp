#include "ui/runs/sweep_book.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "core/base/files.h"
#include "core/data/loaded_task.h"
#include "core/sweep/run_sweep.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/runs/sweep_run.h"

using namespace lab;
namespace fs = std::filesystem;

namespace {

Sweep sweepOfSteps(int number, const std::string& seeds = "1, 2, 3") {
    return parseSweep(R"({ "format": "attention-lab/sweep", "version": 1, "base": "reverse",
      "set": { "training.steps": )" +
                          std::to_string(number) +
                          R"(, "training.batch_size": 16, "training.validate_every": 5, "task.seq_len": 6, "task.train_size": 128,
               "task.validation_size": 16, "task.test_size": 32, "model.d_model": 16 },
      "grid": { "model.attention.form": ["qkv", "kv"], "training.seed": [)" +
                          seeds + "] } }",
                      {});
}

std::string withoutSeconds(const fs::path& csv) {
    ResultsTable table = readResults(csv);
    for (ResultsRow& row : table.rows) row.result.seconds = 0;
    return writeResults(table);
}

}  // namespace

class SweepBookTest : public QObject {
    Q_OBJECT

private slots:
    void runsASweepToItsEnd();
    void stopsWithinAStepAndGoesOn();
    void closingInTheMiddleKeepsWhatIsFinished();
    void refusesTheResultsOfAnotherGrid();
    void trainsBesideTheWorkspaceBitForBit();
    void showsResultsThatGrowElsewhere();
    void saysWhatCannotBeOpened();
    void aRowBecomesARunOfTheWorkspace();
    void aRunWithoutMetricsHasItsWeights();

private:
    fs::path at(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }
    QTemporaryDir m_folder;
};

void SweepBookTest::runsASweepToItsEnd() {
    SweepBook book;
    QSignalSpy changed(&book, &SweepBook::contentsChanged), progressed(&book, &SweepBook::progressed);
    QCOMPARE(book.state(), SweepBook::State::closed);
    book.start(sweepOfSteps(40), at("whole.csv"), {2, 2});
    QCOMPARE(book.state(), SweepBook::State::running);
    QTRY_COMPARE(book.state(), SweepBook::State::still);
    QTRY_VERIFY(book.contents() && book.contents()->rows.table.rows.size() == 6);
    QCOMPARE(book.contents()->runsLeft(), std::optional<int>(0));
    QVERIFY(changed.size() >= 2 && !progressed.isEmpty());
    QCOMPARE(book.progress().done, 6);
    QCOMPARE(book.contents()->rows.runs, (std::vector<int>{0, 1, 2, 3, 4, 5}));
    {
        SweepResults results(sweepOfSteps(40), at("alone.csv"));
        runSweep(results, runsOfShard(results.sweep(), 1, 1), 1, 1, {}, {});
    }
    QCOMPARE(withoutSeconds(at("whole.csv")), withoutSeconds(at("alone.csv")));
}

void SweepBookTest::stopsWithinAStepAndGoesOn() {
    SweepBook book;
    // Runs of this length last longer than the test: what ends it is the stop.
    book.start(sweepOfSteps(100000), at("long.csv"), {2, 2});
    QTRY_VERIFY(!book.progress().inHand.empty() && book.progress().inHand.front().step > 3);
    QVERIFY(book.progress().secondsLeft.has_value());
    book.cancel();
    QCOMPARE(book.state(), SweepBook::State::stopping);
    QTRY_COMPARE(book.state(), SweepBook::State::still);
    QTRY_VERIFY(book.contents() != nullptr);
    QVERIFY(book.contents()->rows.table.rows.empty());
    QCOMPARE(book.contents()->runsLeft(), std::optional<int>(6));
    book.resume();
    QTRY_VERIFY(!book.progress().inHand.empty());
    QCOMPARE(book.state(), SweepBook::State::running);
    book.stop();
    QCOMPARE(book.state(), SweepBook::State::still);
}

void SweepBookTest::closingInTheMiddleKeepsWhatIsFinished() {
    {
        SweepBook book;
        book.start(sweepOfSteps(60, "1, 2, 3, 4, 5, 6, 7, 8"), at("closed.csv"), {1, 1});
        QTRY_VERIFY(book.contents() && book.contents()->rows.table.rows.size() >= 2);
    }
    const auto kept = readResults(at("closed.csv")).rows.size();
    QVERIFY(kept >= 2);
    SweepBook book;
    book.open(at("closed.csv"));
    QTRY_VERIFY(book.contents() != nullptr);
    QCOMPARE(book.state(), SweepBook::State::still);
    QCOMPARE(book.contents()->rows.table.rows.size(), kept);
    book.resume();
    QTRY_VERIFY(book.contents()->runsLeft() == 0);
    QTRY_COMPARE(book.state(), SweepBook::State::still);
    QCOMPARE(readResults(at("closed.csv")).rows.size(), std::size_t(16));
}

void SweepBookTest::refusesTheResultsOfAnotherGrid() {
    { SweepResults results(sweepOfSteps(40), at("other.csv")); }
    SweepBook book;
    QSignalSpy failed(&book, &SweepBook::failed);
    book.start(sweepOfSteps(41), at("other.csv"), {});
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY2(failed[0][1].toString().contains("has the results of another grid: training.steps is 40 there and 41 here"),
             qPrintable(failed[0][1].toString()));
    QCOMPARE(book.state(), SweepBook::State::closed);
    QVERIFY(book.csv().empty());
}

void SweepBookTest::trainsBesideTheWorkspaceBitForBit() {
    const LoadedTask task = smallTask(300);
    Workspace workspace;
    Run* run = workspace.add(task);
    SweepBook book;
    book.start(sweepOfSteps(80), at("beside.csv"), {2, 2});
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    QVERIFY(sameBits(run->latest()->weights, trainedAlone(task)));
    QTRY_COMPARE_WITH_TIMEOUT(book.state(), SweepBook::State::still, lab::patience);
    {
        SweepResults results(sweepOfSteps(80), at("beside-alone.csv"));
        runSweep(results, runsOfShard(results.sweep(), 1, 1), 1, 1, {}, {});
    }
    QCOMPARE(withoutSeconds(at("beside.csv")), withoutSeconds(at("beside-alone.csv")));
}

void SweepBookTest::showsResultsThatGrowElsewhere() {
    const Sweep sweep = sweepOfSteps(10);
    SweepBook book;
    {
        SweepResults elsewhere(sweep, at("elsewhere.csv"));  // holds the lock, as another process would
        book.open(at("elsewhere.csv"));
        QTRY_COMPARE(book.state(), SweepBook::State::elsewhere);
        runSweep(elsewhere, {4}, 1, 1, {}, {});
        QTRY_COMPARE(book.contents()->rows.table.rows.size(), std::size_t(1));
        QCOMPARE(book.contents()->rows.runs, std::vector<int>{4});
        QSignalSpy failed(&book, &SweepBook::failed);
        book.resume();
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY2(failed[0][1].toString().contains("another sweep is writing it"), qPrintable(failed[0][1].toString()));
    }
    QTRY_COMPARE(book.state(), SweepBook::State::still);
    book.resume();
    QTRY_VERIFY(book.contents()->runsLeft() == 0);
}

void SweepBookTest::saysWhatCannotBeOpened() {
    std::ofstream(at("text.csv")) << "this is, no table\n";
    SweepBook book;
    QSignalSpy failed(&book, &SweepBook::failed);
    book.open(at("text.csv"));
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY2(failed[0][1].toString().contains("not a sweep's results"), qPrintable(failed[0][1].toString()));
    book.open(at("nowhere.csv"));
    QTRY_COMPARE(failed.size(), 2);
    QVERIFY(failed[1][1].toString().contains("No such file"));
    QCOMPARE(book.state(), SweepBook::State::closed);
    // A table whose folder is gone can be looked at.
    { SweepResults results(sweepOfSteps(10), at("bare.csv")); }
    fs::remove_all(at("bare.runs"));
    book.open(at("bare.csv"));
    QTRY_VERIFY(book.contents() != nullptr);
    QVERIFY(!book.contents()->sweep && book.contents()->problem.english().find("sweep.json") != std::string::npos);
    QVERIFY(!book.contents()->runsLeft());
    // While one runs, another one is not looked at.
    book.start(sweepOfSteps(100000), at("busy.csv"), {});
    book.open(at("bare.csv"));
    QCOMPARE(failed.size(), 3);
}

void SweepBookTest::aRowBecomesARunOfTheWorkspace() {
    {
        SweepResults results(sweepOfSteps(25), at("rows.csv"));
        runSweep(results, {1}, 1, 1, {}, {});
    }
    Workspace workspace;
    Run* run = restore(workspace, preparedSweepRun(readSweepRun(at("rows.csv"), 1), QStringLiteral("qkv seed 2")));
    QCOMPARE(run->name(), QStringLiteral("qkv seed 2"));
    QCOMPARE(run->step(), 25);
    QCOMPARE(run->records().size(), std::size_t(25));
    QCOMPARE(run->history().last()->step, 25);
    const LoadedTask task = loadTask(experimentOf(sweepOfSteps(25), 1), {});
    QVERIFY(sameBits(run->latest()->weights, trainedAlone(task)));
    QVERIFY(run->experiment().about.empty());  // what the grid's base says of itself
    // Moments that were not kept are recomputed from its beginning.
    QSignalSpy ready(run, &Run::weightsReady);
    run->requestWeightsAt(10);
    QTRY_COMPARE(ready.size(), 1);
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment));
    for (int step = 0; step < 10; ++step) trainer.advance();
    QVERIFY(sameBits(ready[0][0].value<CheckpointPtr>()->weights, trainer.state().weights));
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
}

void SweepBookTest::aRunWithoutMetricsHasItsWeights() {
    {
        SweepResults results(sweepOfSteps(12), at("bald.csv"));
        runSweep(results, {0}, 1, 1, {}, {});
    }
    fs::remove(RunsFolder(at("bald.csv")).metrics(0));
    SavedSweepRun saved = readSweepRun(at("bald.csv"), 0);
    QVERIFY(!saved.missing.empty());
    Workspace workspace;
    Run* run = restore(workspace, preparedSweepRun(std::move(saved), QStringLiteral("bald")));
    QCOMPARE(run->step(), 12);
    QVERIFY(run->records().empty());
    QVERIFY(sameBits(run->latest()->weights, trainedAlone(loadTask(experimentOf(sweepOfSteps(12), 0), {}))));
}

QTEST_GUILESS_MAIN(SweepBookTest)
#include "sweep_book_test.moc"
