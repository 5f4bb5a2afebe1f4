#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/sweep/grid_draft.h"
#include "core/sweep/remaining_work.h"
#include "core/sweep/row_statistics.h"
#include "core/sweep/run_sweep.h"
#include "core/sweep/saved_run_files.h"
#include "tests/core/base/input_error.h"

using namespace lab;
namespace fs = std::filesystem;

namespace {

const std::string twoForms = R"({ "format": "attention-lab/sweep", "version": 1, "base": "reverse",
  "set": { "training.steps": 12, "training.batch_size": 16, "training.validate_every": 5, "task.seq_len": 6, "task.train_size": 128,
           "task.validation_size": 16, "task.test_size": 32, "model.d_model": 16 },
  "grid": { "model.attention.form": ["qkv", "kv"], "training.seed": [1, 2] } })";

ResultsRow row(const std::string& task, const std::string& form, const std::string& width, std::optional<double> accuracy) {
    ResultsRow result{{task, form, width}, {}};
    if (accuracy) result.result.trainLoss = 1 - *accuracy;
    result.result.testAccuracy = accuracy;
    result.result.steps = accuracy ? 10 : 3;
    return result;
}

/// Two tasks, two forms, two widths; one run diverged.
SweepRows someRows() {
    ResultsTable table{{"task.kind", "model.attention.form", "model.d_model"}, {}};
    table.rows = {row("sort", "qkv", "8", 0.5),     row("sort", "qkv", "16", 1.0),    row("sort", "kv", "8", 0.25),
                  row("sort", "kv", "16", {}),      row("reverse", "qkv", "8", 0.75), row("reverse", "qkv", "16", 0.5),
                  row("reverse", "kv", "8", 0.125), row("reverse", "kv", "16", 0.375)};
    return sweepRows(std::move(table), nullptr, "rows");
}

RowPlaces passing(const SweepRows& rows, const char* text) {
    return rowsThatPass(rows, parseRowFilter(text, rows.table));
}

ResultColumn column(const SweepRows& rows, const std::string& name) {
    for (std::size_t i = 0; i < columnCount(rows.table); ++i)
        if (columnName(rows.table, {i}) == name) return {i};
    return {};
}

GridDraft draft(std::vector<DraftKey> keys) {
    return {"typed", parseExperiment(findPreset("reverse")->json), std::move(keys), {}, {}};
}

}  // namespace

class LookingTest : public QObject {
    Q_OBJECT

private slots:
    void namesKeysShortlyWhereThatIsClear() {
        QCOMPARE(shortNames({"task.kind", "model.attention.form", "training.seed"}), (std::vector<std::string>{"task", "form", "seed"}));
        const std::vector<std::string> alike{"task.seed", "training.seed", "training.steps"};  // steps is a result, too
        QCOMPARE(shortNames(alike), (std::vector<std::string>{"task.seed", "seed", "training.steps"}));
    }

    void filtersByTypedText() {
        const SweepRows rows = someRows();
        QCOMPARE(passing(rows, "").size(), 8u);
        QCOMPARE(passing(rows, "sort"), (RowPlaces{0, 1, 2, 3}));
        QCOMPARE(passing(rows, "form=kv d_model=8.0"), (RowPlaces{2, 6}));
        QCOMPARE(passing(rows, "task=sort,reverse form!=KV"), (RowPlaces{0, 1, 4, 5}));
        QCOMPARE(passing(rows, "test_accuracy<50%"), (RowPlaces{2, 6, 7}));
        QCOMPARE(passing(rows, "test_accuracy>=0.5"), (RowPlaces{0, 1, 4, 5}));
        QCOMPARE(passing(rows, "test_accuracy<=0.5"), (RowPlaces{0, 2, 5, 6, 7}));
        QCOMPARE(passing(rows, "test_accuracy>0.5"), (RowPlaces{1, 4}));
        QCOMPARE(passing(rows, "diverged"), (RowPlaces{3}));
        QCOMPARE(passing(rows, "model.d_model>8 steps=10"), (RowPlaces{1, 5, 7}));
    }

    void saysWhatIsWrongWithAFilter_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("said");
        QTest::newRow("unknown") << "heads=2"
                                 << "heads: is no column";
        QTest::newRow("number") << "steps<many"
                                << "'many' is not a number";
        QTest::newRow("no value") << "form="
                                  << "write it as name=value";
        QTest::newRow("comma only") << "form=,"
                                    << "there is no value";
        QTest::newRow("quote") << "\"sort"
                               << "a quote is not closed";
    }
    void saysWhatIsWrongWithAFilter() {
        QFETCH(QString, text);
        QFETCH(QString, said);
        const SweepRows rows = someRows();
        const std::string message = messageOf([&] { parseRowFilter(text.toStdString(), rows.table); });
        QVERIFY2(QString::fromStdString(message).contains(said), message.c_str());
    }

    void sortsNumbersAsNumbersAndWhatIsMissingLast() {
        const SweepRows rows = someRows();
        const RowPlaces all = passing(rows, "");
        QCOMPARE(sortedBy(rows, all, column(rows, "test_accuracy"), true), (RowPlaces{6, 2, 7, 0, 5, 4, 1, 3}));
        QCOMPARE(sortedBy(rows, all, column(rows, "test_accuracy"), false), (RowPlaces{1, 4, 0, 5, 7, 2, 6, 3}));
        QCOMPARE(sortedBy(rows, all, column(rows, "model.d_model"), true).front(), 0u);  // 8 before 16
        QCOMPARE(sortedBy(rows, all, column(rows, "task.kind"), true).front(), 0u);      // as they come
    }

    void averagesTwoKeysOverTheRest() {
        const SweepRows rows = someRows();
        const HeatTable table = heatTable(rows, passing(rows, ""), 0, 1, column(rows, "test_accuracy"));
        QCOMPARE(table.rows, (std::vector<std::string>{"sort", "reverse"}));
        QCOMPARE(table.columns, (std::vector<std::string>{"qkv", "kv"}));
        QCOMPARE(*table.cell(0, 0).mean, 0.75);
        QCOMPARE(table.cell(0, 0).deviation, std::sqrt(0.125));
        QCOMPARE(*table.cell(0, 1).mean, 0.25);  // the diverged one has no number
        QCOMPARE(table.cell(0, 1).rows, 2);
        QCOMPARE(table.cell(0, 1).diverged, 1);
        QCOMPARE(table.low, 0.25);
        QCOMPARE(table.high, 0.75);
        QCOMPARE(*heatTable(rows, passing(rows, "form=qkv"), 2, std::nullopt, column(rows, "test_accuracy")).cell(1, 0).mean, 0.75);
        QVERIFY(heatTable(rows, {}, 0, 1, column(rows, "steps")).cells.empty());
    }

    void distributesANumberByAKey() {
        const SweepRows rows = someRows();
        const std::vector<RowGroup> groups = distribution(rows, passing(rows, ""), 1, column(rows, "test_accuracy"));
        QCOMPARE(groups.size(), 2u);
        QCOMPARE(groups[0].numbers, (std::vector<double>{0.5, 0.5, 0.75, 1.0}));
        QCOMPARE(groups[0].places, (RowPlaces{0, 5, 4, 1}));
        QCOMPARE(*groups[0].mean, 0.6875);
        QCOMPARE(groups[0].median, 0.625);
        QCOMPARE(groups[0].lowerQuartile, 0.5);
        QCOMPARE(groups[0].upperQuartile, 0.8125);
        QCOMPARE(groups[1].diverged, 1);
        QCOMPARE(groups[1].numbers.size(), 3u);
        QCOMPARE(quantile({1, 2, 3, 4}, 0.25), 1.75);
    }

    void knowsTheGridsOrderAndRuns() {
        const Sweep sweep = parseSweep(twoForms, {});
        ResultsTable table{{"model.attention.form", "training.seed"}, {}};
        table.rows = {{{"kv", "2"}, {}}, {{"qkv", "1"}, {}}};
        const SweepRows rows = sweepRows(table, &sweep, "R.csv");
        QCOMPARE(rows.runs, (std::vector<int>{3, 0}));
        QCOMPARE(rows.values[0], (std::vector<std::string>{"qkv", "kv"}));
        QCOMPARE(sortedBy(rows, {0, 1}, {0}, true), (RowPlaces{1, 0}));
        table.rows[0].cells[0] = "v";
        QVERIFY(!messageOf([&] { sweepRows(table, &sweep, "R.csv"); }).empty());
    }

    /// Classes are right, numbers are explained; a grid may have both.
    void knowsWhatItsAccuraciesMeasure() {
        Sweep sweep = parseSweep(twoForms, {});
        QVERIFY(sweepRows({{"model.attention.form", "training.seed"}, {}}, &sweep, "R.csv").table.loss == LossKind::cross_entropy);
        sweep.base.task.kind = "regression";
        QVERIFY(lossOf(sweep) == LossKind::squared);
        sweep.grid.push_back({"task.kind", {"\"sort\"", "\"regression\""}, {"sort", "regression"}});
        QVERIFY(!lossOf(sweep));
        sweep.grid.back() = {"task.kind", {"\"sort\"", "\"copy\""}, {"sort", "copy"}};
        QVERIFY(lossOf(sweep) == LossKind::cross_entropy);
    }

    void readsATypedGrid() {
        const GridDraft typed =
            draft({{"model.attention.form", "qkv, kv"}, {"training.seed", "1..3, 7"}, {"training.optimizer.learning_rate", "1e-3,0.01"}});
        QCOMPARE(*runCountOf(typed), 16);
        const Sweep sweep = sweepOfDraft(typed);
        QCOMPARE(sweep.runCount(), 16);
        QCOMPARE(sweep.grid[1].cells, (std::vector<std::string>{"1", "2", "3", "7"}));
        QCOMPARE(experimentOf(sweep, 15).training.seed, 7u);
        QCOMPARE(experimentOf(sweep, 15).training.optimizer.learning_rate, 0.01);
        QVERIFY(experimentOf(sweep, 15).model.attention.form == AttentionForm::kv);
        QCOMPARE(draftOf(sweep)->keys[1].values, std::string("1, 2, 3, 7"));
        QVERIFY(differenceOf(sweepOfDraft(*draftOf(sweep)), sweep).empty());
    }

    void refusesATypedGridInASentence_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("values");
        QTest::addColumn<QString>("said");
        QTest::newRow("empty") << "model.d_model"
                               << ""
                               << "give its values";
        QTest::newRow("comma") << "model.d_model"
                               << "16,,32"
                               << "a comma without a value";
        QTest::newRow("type") << "model.d_model"
                              << "16, wide"
                              << "wide";
        QTest::newRow("limit") << "model.d_model"
                               << "16, 0"
                               << "0: must be from 1";
        QTest::newRow("twice") << "model.d_model"
                               << "16, 32, 16"
                               << "16 is given twice";
        QTest::newRow("range") << "model.d_model"
                               << "5..2"
                               << "is no range";
        QTest::newRow("choice") << "model.attention.form"
                                << "qkv, vk"
                                << "vk";
        QTest::newRow("unknown key") << "model.heads"
                                     << "1"
                                     << "unknown key";
        QTest::newRow("list") << "model.position.rope.scaling.short_factors"
                              << "1, 2"
                              << "cannot be typed";
    }
    void refusesATypedGridInASentence() {
        QFETCH(QString, path);
        QFETCH(QString, values);
        QFETCH(QString, said);
        const GridDraft typed = draft({{path.toStdString(), values.toStdString()}});
        const std::string problem = problemOfKey(typed, 0).english();
        QVERIFY2(QString::fromStdString(problem).contains(said), problem.c_str());
        QVERIFY(!runCountOf(typed));
        QVERIFY(!messageOf([&] { sweepOfDraft(typed); }).empty());
    }

    void refusesRunsThatCannotBe() {
        const GridDraft typed = draft({{"model.num_heads", "2, 3"}});
        QVERIFY(problemOfKey(typed, 0).empty());  // by itself 3 is a number of heads
        const std::string message = messageOf([&] { sweepOfDraft(typed); });
        QVERIFY2(message.find("run 1 (model.num_heads = 3)") != std::string::npos, message.c_str());
        QCOMPARE(problemOfKey(draft({{"training.seed", "1"}, {"training.seed", "2"}}), 1).english(),
                 std::string("this key is given twice"));
    }

    void saysWhatAResultsFileIsForASweep() {
        const fs::path csv = at("state.csv");
        const Sweep sweep = parseSweep(twoForms, {});
        QVERIFY(!resultsState(sweep, csv).exists);
        {
            SweepResults results(sweep, csv);
            runSweep(results, {0, 2}, 1, 1, {}, {});
        }
        QCOMPARE(resultsState(sweep, csv).finished, 2);
        QVERIFY(resultsState(sweep, csv).problem.empty());
        Sweep other = sweep;
        other.base.training.steps = 13;
        QVERIFY(resultsState(other, csv).problem.english().find("another grid") != std::string::npos);
        std::ofstream(at("bare.csv")) << "x\n";
        QVERIFY(resultsState(sweep, at("bare.csv")).problem.english().find("does not") != std::string::npos);
    }

    void readsARunBack() {
        const fs::path csv = at("run.csv");
        SweepResults results(parseSweep(twoForms, {}), csv);
        runSweep(results, {1}, 1, 1, {}, {});
        const SavedSweepRun saved = readSweepRun(csv, 1);
        QVERIFY2(saved.missing.empty(), saved.missing.english().c_str());
        QCOMPARE(saved.records.size(), 12u);
        QCOMPARE(saved.state.step, 12);
        QVERIFY(saved.records[4].validation && !saved.records[3].validation);
        const auto model = std::make_shared<const Model>(saved.task.experiment.model);
        Trainer trainer(saved.task.experiment, model, saved.task.dataset, initialState(*model, saved.task.experiment), 1);
        for (const StepRecord& record : saved.records) QCOMPARE(trainer.advance().train.loss, record.train.loss);
        QVERIFY(trainer.state().weights == saved.state.weights);
        QVERIFY(trainer.state().secondMoment == saved.state.secondMoment);

        fs::remove(RunsFolder(csv).metrics(1));
        const SavedSweepRun bare = readSweepRun(csv, 1);
        QVERIFY(bare.records.empty() && bare.missing.english().find("run-0001.metrics.csv") != std::string::npos);
        const std::string message = messageOf([&] { readSweepRun(csv, 0); });
        QVERIFY2(message.find("run-0000.safetensors") != std::string::npos, message.c_str());
    }

    void tellsHowMuchIsLeft() {
        const Sweep sweep = parseSweep(twoForms, {});
        RemainingWork work(sweep, {1, 2, 3}, 1);
        QVERIFY(!work.secondsLeft(5));
        work.begun(1);
        StepRecord record;
        for (record.step = 1; record.step <= 12; ++record.step) work.stepped(1, record);
        QCOMPARE(work.inHand().front().steps, 12);
        work.ended(1);
        QCOMPARE(work.doneCount(), 2);
        QVERIFY(work.inHand().empty());
        QVERIFY(std::abs(*work.secondsLeft(6) - 12) < 1.5);  // two like it: kv has a projection less, the estimate does not know
        work.begun(2);
        work.ended(2);  // diverged at once
        QCOMPARE(work.share(), 0.5);
        QVERIFY(*measuredRate(sweep, 0, 1, {}) > 0);
        std::stop_source stopped;
        stopped.request_stop();
        QVERIFY(!measuredRate(sweep, 0, 1, stopped.get_token()));
    }

    void tellsASweepFromAnExperiment() {
        std::ofstream(at("grid.json")) << twoForms;
        std::ofstream(at("experiment.json")) << std::string(findPreset("reverse")->json);
        std::ofstream(at("broken.json")) << "{ \"format\": ";
        QVERIFY(isSweepFile(at("grid.json")));
        QVERIFY(!isSweepFile(at("experiment.json")));
        QVERIFY(!isSweepFile(at("broken.json")));
        QVERIFY(!isSweepFile(at("nothing.json")));
    }

private:
    fs::path at(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(LookingTest)
#include "looking_test.moc"
