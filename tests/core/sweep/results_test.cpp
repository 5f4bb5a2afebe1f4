#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <random>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/data/loaded_task.h"
#include "core/io/checkpoint.h"
#include "core/sweep/merge.h"
#include "core/sweep/run_sweep.h"
#include "core/training/metrics_csv.h"
#include "tests/core/base/input_error.h"

using namespace lab;
namespace fs = std::filesystem;

namespace {

const std::string smallGrid = R"({ "format": "attention-lab/sweep", "version": 1, "base": "reverse",
  "set": { "training.steps": 12, "training.batch_size": 16, "training.validate_every": 5, "task.seq_len": 6, "task.train_size": 128,
           "task.validation_size": 16, "task.test_size": 32, "model.d_model": 16 },
  "grid": { "model.attention.form": ["qkv", "kv", "kv+pos"], "training.seed": [1, 2] } })";

void put(const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

/// The rows with their times made equal.
std::string withoutSeconds(const fs::path& csv) {
    ResultsTable table = readResults(csv);
    for (ResultsRow& row : table.rows) row.result.seconds = 0;
    return writeResults(table);
}

std::vector<int> allRuns(const Sweep& sweep) {
    return runsOfShard(sweep, 1, 1);
}

void runAll(const fs::path& csv, int jobs = 2, int shard = 1, int shards = 1) {
    SweepResults results(parseSweep(smallGrid, {}), csv);
    runSweep(results, runsOfShard(results.sweep(), shard, shards), jobs, 2, {}, {});
}

}  // namespace

class ResultsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        runAll(at("whole.csv"));
    }

    void otherTablesAreNoResults() {
        QVERIFY(isResultsFile(at("whole.csv")));
        put(at("mine.csv"), "text,label\nfine,good\n");
        QVERIFY(!isResultsFile(at("mine.csv")));
        put(at("empty.csv"), "");
        QVERIFY(!isResultsFile(at("empty.csv")));
        QVERIFY(!isResultsFile(at("nowhere.csv")));
        // A damaged file beside the folder of its runs is told of where results are shown.
        fs::create_directories(at("damaged.runs"));
        put(at("damaged.runs") / "sweep.json", smallGrid);
        put(at("damaged.csv"), "train_l");
        QVERIFY(isResultsFile(at("damaged.csv")));
    }

    void hasARowForEachRunInTheGridsOrder() {
        const ResultsTable table = readResults(at("whole.csv"));
        QCOMPARE(table.keys, (std::vector<std::string>{"model.attention.form", "training.seed"}));
        QCOMPARE(table.rows.size(), std::size_t(6));
        const Sweep sweep = parseSweep(smallGrid, {});
        for (int run = 0; run < 6; ++run) QCOMPARE(table.rows[static_cast<std::size_t>(run)].cells, cellsOf(sweep, run));
        for (const ResultsRow& row : table.rows) {
            QCOMPARE(row.result.steps, std::int64_t(12));
            QVERIFY(row.result.seconds > 0 && *row.result.testAccuracy > 0);
        }
    }

    void agreesWithATrainingByHand() {
        const LoadedTask task = loadTask(experimentOf(parseSweep(smallGrid, {}), 3), {});
        const auto model = std::make_shared<const Model>(task.experiment.model);
        Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment), 1);
        StepRecord last;
        while (!trainer.finished()) last = trainer.advance();
        const RunResult result = readResults(at("whole.csv")).rows[3].result;
        QCOMPARE(*result.trainLoss, last.train.loss);
        QCOMPARE(*result.validationAccuracy, last.validation->accuracy);
        QCOMPARE(*result.testLoss, trainer.evaluateTest().loss);
        QCOMPARE(*result.testAccuracy, trainer.evaluateTest().accuracy);
        QCOMPARE(result.parameters, static_cast<std::int64_t>(model->layout().parameterCount()));
        const RunsFolder folder(at("whole.csv"));
        const CheckpointFile saved = readCheckpoint(folder.checkpoint(3));
        QVERIFY(weightsOf(saved, model->layout()) == trainer.state().weights);
        QCOMPARE(saved.step, std::optional<std::int64_t>(12));
        QCOMPARE(readMetrics(folder.metrics(3)).size(), std::size_t(12));
    }

    void doesNotDependOnTheJobs() {
        for (const int jobs : {1, 3, 8}) {
            const fs::path csv = at("jobs" + std::to_string(jobs) + ".csv");
            runAll(csv, jobs);
            QCOMPARE(withoutSeconds(csv), withoutSeconds(at("whole.csv")));
        }
    }

    void shardsCoverTheGridOnce() {
        const Sweep sweep = parseSweep(smallGrid, {});
        for (int shards = 1; shards <= 8; ++shards) {
            std::vector<int> runs;
            for (int shard = 1; shard <= shards; ++shard)
                for (const int run : runsOfShard(sweep, shard, shards)) runs.push_back(run);
            std::ranges::sort(runs);
            QCOMPARE(runs, allRuns(sweep));
        }
    }

    void mergedShardsAreTheWholeSweep() {
        std::vector<fs::path> parts;
        for (int shard = 1; shard <= 3; ++shard) {
            parts.push_back(at("part" + std::to_string(shard) + ".csv"));
            runAll(parts.back(), 1, shard, 3);
        }
        MergeSummary summary = mergeResults({parts[0], parts[2]}, at("merged.csv"));
        QCOMPARE(summary.rows, 4);
        summary = mergeResults({parts[1], parts[0]}, at("merged.csv"));
        QCOMPARE(summary.rows, 6);
        QCOMPARE(summary.runs, 6);
        QCOMPARE(summary.filesMissing, 0);
        QCOMPARE(withoutSeconds(at("merged.csv")), withoutSeconds(at("whole.csv")));
        for (int run = 0; run < 6; ++run) {
            QCOMPARE(readFile(RunsFolder(at("merged.csv")).checkpoint(run)), readFile(RunsFolder(at("whole.csv")).checkpoint(run)));
            QVERIFY(fs::exists(RunsFolder(at("merged.csv")).metrics(run)));
        }
    }

    void mergeRefusesWhatDisagrees() {
        fs::copy(at("whole.csv"), at("other.csv"));
        fs::copy(at("whole.runs"), at("other.runs"), fs::copy_options::recursive);
        ResultsTable table = readResults(at("other.csv"));
        table.rows[4].result.seconds += 1;
        put(at("other.csv"), writeResults(table));
        QCOMPARE(mergeResults({at("whole.csv"), at("other.csv")}, at("both.csv")).rows, 6);
        *table.rows[4].result.testLoss += 1e-9;
        put(at("other.csv"), writeResults(table));
        const std::string said = messageOf([&] { mergeResults({at("whole.csv"), at("other.csv")}, at("both.csv")); });
        QVERIFY2(said.find("disagree about the run model.attention.form = kv+pos, training.seed = 1") != std::string::npos, said.c_str());
        QVERIFY(!messageOf([&] { mergeResults({at("other.csv")}, at("both.csv")); }).empty());
    }

    void mergeRefusesAnotherGrid() {
        std::string grid = smallGrid;
        grid.replace(grid.find("\"training.steps\": 12"), 20, "\"training.steps\": 13");
        { SweepResults results(parseSweep(grid, {}), at("longer.csv")); }
        const std::string said = messageOf([&] { mergeResults({at("whole.csv"), at("longer.csv")}, at("never.csv")); });
        QVERIFY2(said.find("different grids: training.steps is 12 there and 13 here") != std::string::npos, said.c_str());
        QVERIFY(!fs::exists(at("never.csv")));
    }

    void goesOnOnlyWithItsOwnGrid() {
        std::string grid = smallGrid;
        grid.replace(grid.find("[1, 2]"), 6, "[1, 3]");
        const std::string said = messageOf([&] { SweepResults(parseSweep(grid, {}), at("whole.csv")); });
        QVERIFY2(said.find("has the results of another grid: training.seed runs through 1, 2 there and 1, 3 here") != std::string::npos,
                 said.c_str());
        put(at("alone.csv"), readFile(at("whole.csv")));
        QVERIFY(messageOf([&] { SweepResults(parseSweep(smallGrid, {}), at("alone.csv")); }).find("which says of what grid it is") !=
                std::string::npos);
    }

    void twoSweepsNeverWriteOneFile() {
        const SweepResults first(parseSweep(smallGrid, {}), at("locked.csv"));
        const std::string said = messageOf([&] { SweepResults(parseSweep(smallGrid, {}), at("locked.csv")); });
        QVERIFY2(said.find("another sweep is writing it") != std::string::npos, said.c_str());
    }

    void twoResultsNeverShareOneFolder() {
        { SweepResults results(parseSweep(smallGrid, {}), at("shared.csv")); }
        const std::string said = messageOf([&] { SweepResults(parseSweep(smallGrid, {}), at("shared.txt")); });
        QVERIFY2(said.find("shared.txt: its folder ") != std::string::npos && said.find("shared.csv, too") != std::string::npos,
                 said.c_str());
        QVERIFY(!fs::exists(at("shared.txt")));
        put(at("shared.notes"), "no results");  // a neighbour of that name is no hindrance
        SweepResults(parseSweep(smallGrid, {}), at("shared.csv"));
    }

    void stopsAndGoesOn() {
        const fs::path csv = at("stopped.csv");
        std::stop_source stop;
        {
            SweepResults results(parseSweep(smallGrid, {}), csv);
            SweepObserver observer;
            observer.stepped = [&](int run, const StepRecord& record) {
                if (run == 2 && record.step == 3) stop.request_stop();
            };
            runSweep(results, allRuns(results.sweep()), 1, 1, stop.get_token(), observer);
            QCOMPARE(results.finishedCount(), std::size_t(2));
        }
        QCOMPARE(readResults(csv).rows.size(), std::size_t(2));
        std::vector<int> again;
        SweepResults results(parseSweep(smallGrid, {}), csv);
        runSweep(results, allRuns(results.sweep()), 1, 1, {}, {[&](int run) { again.push_back(run); }, {}, {}});
        QCOMPARE(again, (std::vector<int>{2, 3, 4, 5}));
        QCOMPARE(withoutSeconds(csv), withoutSeconds(at("whole.csv")));
    }

    void aDivergedTrainingIsAResult() {
        // Plain gradient descent with giant steps and nothing that clips them.
        std::string grid = smallGrid;
        grid.replace(grid.find("\"training.steps\""), 0,
                     R"("training.optimizer.kind": "sgd", "training.clip_norm": 0, "model.norm.placement": "pre",
                        "model.feed_forward.activation": "swiglu", "model.init": "xavier", "model.output.kind": "linear", )");
        grid.replace(grid.find("\"training.seed\": [1, 2]"), 23, "\"training.optimizer.learning_rate\": [1e-3, 1e6]");
        SweepResults results(parseSweep(grid, {}), at("diverging.csv"));
        runSweep(results, {0, 1}, 1, 1, {}, {});
        const ResultsTable table = readResults(at("diverging.csv"));
        QVERIFY(!table.rows[0].result.diverged());
        QVERIFY(table.rows[1].result.diverged());
        QVERIFY(table.rows[1].result.steps < 12);
        QVERIFY(!table.rows[1].result.testAccuracy);
        QVERIFY(results.isFinished(1));
    }

    /// In its only step, whose loss and gradients are finite.
    void aTrainingThatDivergesInItsLastStepIsARowThatCanBeRead() {
        std::string grid = smallGrid;
        grid.replace(grid.find("\"training.steps\": 12"), 20, R"("training.steps": 1, "training.optimizer.kind": "adam")");
        grid.replace(grid.find("\"training.seed\": [1, 2]"), 23, "\"training.optimizer.epsilon\": [1e-8, 1e-300]");
        SweepResults results(parseSweep(grid, {}), at("last.csv"));
        runSweep(results, {0, 1}, 1, 1, {}, {});
        QVERIFY(readFile(at("last.csv")).find("nan") == std::string::npos);
        const ResultsTable table = readResults(at("last.csv"));
        QVERIFY(!table.rows[0].result.diverged());
        QVERIFY(table.rows[1].result.diverged());
        QCOMPARE(table.rows[1].result.steps, 0);
        QVERIFY(readMetrics(results.folder().metrics(1)).empty());
        const CheckpointFile kept = readCheckpoint(results.folder().checkpoint(1));
        const Model model(kept.experiment.model);
        QVERIFY(trainingStateOf(kept, model.layout(), *kept.experiment.training.optimizer.kind).step == 0);
    }

    /// By earlier versions.
    void resultsWithNumbersThatAreNoneAreOfRunsThatDiverged() {
        std::string text = readFile(at("whole.csv"));
        const std::string row = "\nkv,2,";
        const std::size_t loss = text.find(row) + row.size();
        text.replace(loss, text.find(',', loss) - loss, "-nan");
        put(at("nan.csv"), text);
        const ResultsTable table = readResults(at("nan.csv")), whole = readResults(at("whole.csv"));
        for (std::size_t run = 0; run < table.rows.size(); ++run) QCOMPARE(table.rows[run].result.diverged(), run == 3);
        QVERIFY(!table.rows[3].result.testLoss);
        QCOMPARE(table.rows[3].result.steps, whole.rows[3].result.steps);
    }

    void aRunThatCannotBeTrainedCostsNoOther() {
        put(at("there.tsv"), "1 2\t2 1\n2 1\t1 2\n1 1\t1 1\n");
        const std::string grid = R"({ "format": "attention-lab/sweep", "version": 1, "base": "reverse",
          "set": { "task.kind": "pairs", "training.steps": 2, "training.batch_size": 1, "model.d_model": 16 },
          "grid": { "task.path": ["missing.tsv", "there.tsv"] } })";
        SweepResults results(parseSweep(grid, fs::path(m_folder.path().toStdString())), at("pairs.csv"));
        const std::string said = messageOf([&] { runSweep(results, {0, 1}, 1, 1, {}, {}); });
        QVERIFY2(said.starts_with("run 0 (task.path = ") && said.find("missing.tsv: cannot be read") != std::string::npos, said.c_str());
        QVERIFY(!results.isFinished(0));
        QVERIFY(results.isFinished(1));
    }

    void tellsWhatWentWrongInARun() {
        SweepResults results(parseSweep(smallGrid, {}), at("broken.csv"));
        fs::create_directories(results.folder().metrics(1));  // where a file must go
        const std::string said = messageOf([&] { runSweep(results, {0, 1, 2}, 2, 2, {}, {}); });
        QVERIFY2(said.starts_with("run 1 (model.attention.form = qkv, training.seed = 2): "), said.c_str());
        QVERIFY(!results.isFinished(1));
    }

    void brokenResultsByTheHundredGiveOneSentence() {
        const std::string whole = readFile(at("whole.csv"));
        std::mt19937 random(11);
        int refused = 0;
        for (int i = 0; i < 1500; ++i) {
            std::string text = whole;
            constexpr std::string_view letters = ",\"\n\r;xk-+e1\xC3\xFF";
            for (std::size_t changes = 1 + random() % 3; changes > 0; --changes) {
                const std::size_t place = random() % text.size();
                if (random() % 2 == 0) {
                    text.erase(place, 1 + random() % 40);
                } else {
                    text.insert(place, 1, letters[random() % letters.size()]);
                }
                if (text.empty()) text = "\n";
            }
            put(at("mutant.csv"), text);
            const std::string said = messageOf([&] {
                const ResultsTable table = readResults(at("mutant.csv"));
                resultsByRun(parseSweep(smallGrid, {}), table, "mutant.csv");
            });
            if (said.empty()) continue;
            ++refused;
            QVERIFY2(said.find('\n') == std::string::npos && said.find("mutant.csv: ") != std::string::npos, (text + said).c_str());
        }
        QVERIFY(refused > 500);
    }

    void readsItsOwnQuotes() {
        ResultsTable table;
        table.keys = {"model.attention.pattern"};
        table.rows.push_back({{R"({"kind":"sliding-window","window":3})"}, {}});
        RunResult result;
        result.trainLoss = 0.25;
        result.steps = 3;
        table.rows.push_back({{"a\nb"}, result});
        put(at("quotes.csv"), writeResults(table));
        const ResultsTable again = readResults(at("quotes.csv"));
        QCOMPARE(again.rows.size(), std::size_t(2));
        for (std::size_t i = 0; i < 2; ++i) {
            QCOMPARE(again.rows[i].cells, table.rows[i].cells);
            QVERIFY(again.rows[i].result == table.rows[i].result);
        }
    }

    /// Answers in numbers that are worse than always 0: what was written must be read again.
    void aShareExplainedMayLieBelowNothing() {
        ResultsTable table{{"training.seed"}, {{{"1"}, {}}}};
        table.rows[0].result.trainLoss = 2.5;
        table.rows[0].result.validationAccuracy = -0.25;
        table.rows[0].result.testAccuracy = -3.5;
        const ResultsTable again = parseResults(writeResults(table), "numbers.csv");
        QVERIFY(again.rows[0].result == table.rows[0].result);
        table.rows[0].result.testAccuracy = 1.25;
        const std::string said = messageOf([&] { parseResults(writeResults(table), "numbers.csv"); });
        QVERIFY2(said.find("'1.25' is not a share of at most 1") != std::string::npos, said.c_str());
    }

    void rowsAreWrittenAsTheFormatSays() {
        const std::string text = readFile(at("whole.csv"));
        QVERIFY(text.starts_with(
            "model.attention.form,training.seed,train_loss,validation_loss,validation_accuracy,test_loss,test_accuracy,steps,"
            "seconds,parameters\nqkv,1,"));
    }

private:
    fs::path at(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(ResultsTest)
#include "results_test.moc"
