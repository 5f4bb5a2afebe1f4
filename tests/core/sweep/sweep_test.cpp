#include "core/sweep/sweep.h"

#include <QTest>
#include <random>

#include "core/base/errors.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/config/validation.h"

using namespace lab;

namespace {

const std::string sound = R"({ "format": "attention-lab/sweep", "version": 1, "base": "reverse", "set": { "training.steps": 60 },
  "grid": { "model.attention.form": ["qkv", "kv"], "training.seed": [1, 2, 3] } })";

/// What parseSweep says; empty when it takes the text.
std::string complaintAbout(const std::string& json) {
    try {
        parseSweep(json, {});
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const std::size_t at = text.find(what);
    return at == std::string::npos ? std::string() : text.replace(at, what.size(), by);
}

bool isOneSentence(const std::string& text) {
    return !text.empty() && text.size() < 400 && text.find('\n') == std::string::npos && text.find("json.exception") == std::string::npos;
}

}  // namespace

class SweepTest : public QObject {
    Q_OBJECT

private slots:
    void runsTheLastKeyFastest() {
        const Sweep sweep = parseSweep(sound, {});
        QCOMPARE(sweep.runCount(), 6);
        QCOMPARE(cellsOf(sweep, 0), (std::vector<std::string>{"qkv", "1"}));
        QCOMPARE(cellsOf(sweep, 2), (std::vector<std::string>{"qkv", "3"}));
        QCOMPARE(cellsOf(sweep, 3), (std::vector<std::string>{"kv", "1"}));
        const Experiment experiment = experimentOf(sweep, 4);
        QCOMPARE(experiment.model.attention.form, AttentionForm::kv);
        QCOMPARE(experiment.training.seed, std::uint64_t(2));
        QCOMPARE(experiment.training.steps, 60);
        QCOMPARE(QString::fromStdString(describeRun(sweep, 4)), QString("model.attention.form = kv, training.seed = 2"));
    }

    void keepsTheGridsOrderWhateverTheAlphabetSays() {
        const Sweep sweep = parseSweep(replaced(replaced(sound, R"("model.attention.form": ["qkv", "kv"], )", ""),
                                                R"("training.seed": [1, 2, 3])", R"("training.seed": [3, 1], "model.d_model": [64, 32])"),
                                       {});
        QCOMPARE(cellsOf(sweep, 1), (std::vector<std::string>{"3", "32"}));
    }

    void takesSectionsListsAndTruthValues() {
        const Sweep sweep = parseSweep(
            replaced(
                sound, R"("training.seed": [1, 2, 3])",
                R"("model.attention.pattern": [{"kind": "full"}, {"kind": "sliding-window", "window": 3}], "model.bias": [true, false], "model.dropout": [0, 1e-1])"),
            {});
        QCOMPARE(sweep.runCount(), 16);
        QCOMPARE(cellsOf(sweep, 7), (std::vector<std::string>{"qkv", R"({"kind":"sliding-window","window":3})", "false", "0.1"}));
        QCOMPARE(experimentOf(sweep, 7).model.attention.pattern.parameters.find("window"), std::optional(3.0));
    }

    void runsThroughTheNumbersOfAKind() {
        const Sweep sweep = parseSweep(R"({"format": "attention-lab/sweep", "version": 1, "base": "vaswani-small",
            "set": {"model.bottleneck.kind": "fsq", "model.bottleneck.levels": 5},
            "grid": {"model.bottleneck.slots": [2, 8], "training.seed": [1, 2]}})",
                                       {});
        QCOMPARE(sweep.runCount(), 4);
        for (int run = 0; run < 4; ++run) {
            const Experiment experiment = experimentOf(sweep, run);
            QVERIFY(problemsOf(experiment).empty());
            const BottleneckShape shape = resolved(experiment).model.bottleneck.shape();
            QCOMPARE(shape.slotCount, run < 2 ? 2 : 8);
            QCOMPARE(shape.codes, 5);
        }
        QVERIFY(!complaintAbout(R"({"format": "attention-lab/sweep", "version": 1, "base": "vaswani-small",
            "set": {"model.bottleneck.kind": "fsq"}, "grid": {"model.bottleneck.slots": [2, 0]}})")
                     .empty());
    }

    void writesWhatItReadsBack() {
        Sweep sweep = parseSweep(sound, {});
        sweep.name = "A name";
        const Sweep again = parseSweep(writeSweep(sweep), {});
        QCOMPARE(again.grid, sweep.grid);
        QCOMPARE(again.name, sweep.name);
        QCOMPARE(QString::fromStdString(differenceOf(again, sweep).english()), QString());
        QCOMPARE(writeSweep(again), writeSweep(sweep));
    }

    void valuesThatAreFilesLeadToTheSameFilesFromAnotherFolder() {
        const Sweep sweep = parseSweep(R"({"format": "attention-lab/sweep", "version": 1, "base": "reverse",
            "grid": {"task.tokenizer": ["characters", "pieces.json"], "task.path": ["a.tsv", "b/c.tsv"]}})",
                                       "/data");
        const Sweep moved = relocated(sweep, "/data/sweeps");
        QCOMPARE(moved.grid[0].cells, (std::vector<std::string>{"characters", "../pieces.json"}));
        QCOMPARE(moved.grid[1].cells, (std::vector<std::string>{"../a.tsv", "../b/c.tsv"}));
        QCOMPARE(relocated(moved, "/data").grid, sweep.grid);
    }

    void namesTheFirstDifference() {
        const Sweep here = parseSweep(sound, {});
        const auto difference = [&](const std::string& what, const std::string& by) {
            return QString::fromStdString(differenceOf(parseSweep(replaced(sound, what, by), {}), here).english());
        };
        QCOMPARE(difference("60", "61"), QString("training.steps is 61 there and 60 here"));
        QCOMPARE(difference("[1, 2, 3]", "[1, 2]"), QString("training.seed runs through 1, 2 there and 1, 2, 3 here"));
        QCOMPARE(difference("training.seed", "task.seed"), QString("the grid's key is task.seed there and training.seed here"));
        QCOMPARE(difference(R"(, "training.seed": [1, 2, 3])", ""), QString("the grid has 1 key there and 2 here"));
        QCOMPARE(difference(R"("training.steps": 60)", R"("training.steps": 60, "name": "x", "training.pace": 3)"), QString());
    }

    void saysWhatIsWrongAndWhere_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("by");
        QTest::addColumn<QString>("complaint");
        const auto row = [](const char* name, const char* what, const char* by, const char* complaint) {
            QTest::newRow(name) << what << by << complaint;
        };
        row("format", "attention-lab/sweep", "attention-lab/experiment",
            "format: expected \"attention-lab/sweep\", got \"attention-lab/experiment\"");
        row("version", "1,", "2,", "version: expected 1, got 2");
        row("version text", "1,", "\"1\",", "version: expected 1, got \"1\"");
        row("no base", "\"base\": \"reverse\", ", "", "base: missing; give a preset's name, an experiment file or an experiment");
        row("unknown base", "\"reverse\"", "\"revers\"", "base: 'revers' is neither a preset nor a file");
        row("base list", "\"reverse\"", "[1]", "base: expected a preset's name, a file or an experiment, got [1]");
        row("base object", "\"reverse\"", "{}", "base: format: missing; an experiment says \"format\": \"attention-lab/experiment\"");
        row("unknown key", "\"base\"", "\"jobs\": 3, \"base\"",
            "jobs: unknown key; a sweep has format, version, name, about, base, set and grid");
        row("set list", "{ \"training.steps\": 60 }", "[60]", "set: expected an object, got [60]");
        row("set unknown", "training.steps", "training.step", "set: training.step: unknown key; did you mean training.steps?");
        row("set type", "60", "\"x\"", "set: training.steps: expected an integer, got \"x\"");
        row("grid unknown", "model.attention.form", "attention.form",
            "grid: attention.form: unknown key; did you mean model.attention.form?");
        row("grid type", "[1, 2, 3]", "[1, \"two\"]", "grid: training.seed: expected an integer, got \"two\"");
        row("grid choice", "\"kv\"", "\"vk\"", nullptr);
        row("no list", "[1, 2, 3]", "1", "grid.training.seed: expected a list of values, got 1");
        row("empty list", "[1, 2, 3]", "[]", "grid.training.seed: the list is empty");
        row("twice", "[1, 2, 3]", "[1, 2, 1]", "grid.training.seed: 1 is given twice");
        row("duplicate key", "\"training.seed\": [1, 2, 3]", "\"training.seed\": [1], \"training.seed\": [2]", nullptr);
        row("section and key", "\"training.seed\": [1, 2, 3]", "\"model.attention\": [{\"form\": \"qkv\"}, {}]",
            "grid.model.attention: holds model.attention.form, which is a key of the grid too");
        row("two names", "\"training.seed\": [1, 2, 3]",
            "\"model.attention.kernel\": [\"softmax\"], \"model.attention.kernel.kind\": [\"linear\"]",
            "grid.model.attention.kernel: this key is given twice");
        row("together", "\"training.seed\": [1, 2, 3]", "\"model.num_heads\": [1, 2], \"model.num_kv_heads\": [1]", nullptr);
        row("no grid", "\"grid\"", "\"name\": \"x\", \"grit\"", nullptr);
        row("not json", "\"version\": 1", "\"version\" 1", nullptr);
    }

    void saysWhatIsWrongAndWhere() {
        QFETCH(QString, what);
        QFETCH(QString, by);
        QFETCH(QString, complaint);
        const std::string text = replaced(sound, what.toStdString(), by.toStdString());
        QVERIFY(!text.empty());
        const std::string said = complaintAbout(text);
        if (!complaint.isEmpty()) QCOMPARE(QString::fromStdString(said), complaint);
        QVERIFY2(isOneSentence(said), said.c_str());
    }

    void namesTheRunWhoseValuesDoNotFitTogether() {
        const std::string said = complaintAbout(replaced(sound, R"("training.seed": [1, 2, 3])", R"("model.num_heads": [1, 2, 5])"));
        QVERIFY2(said.starts_with("run 2 (model.attention.form = qkv, model.num_heads = 5): model.num_heads"), said.c_str());
    }

    void refusesGridsOfMillions() {
        std::string list = "[0";
        for (int i = 1; i < 400; ++i) list += "," + std::to_string(i);
        list += "]";
        const std::string said =
            complaintAbout(replaced(sound, R"("training.seed": [1, 2, 3])", "\"training.seed\": " + list + ", \"task.seed\": " + list));
        QCOMPARE(QString::fromStdString(said), QString("grid: more than 100000 runs"));
    }

    void takesAGridOfTensOfThousands() {
        std::string list = "[0";
        for (int i = 1; i < 180; ++i) list += "," + std::to_string(i);
        list += "]";
        const std::string text =
            replaced(sound, R"("training.seed": [1, 2, 3])", "\"training.seed\": " + list + ", \"task.seed\": " + list);
        QVERIFY(parseSweep(text, {}).runCount() > 50000);
    }

    void brokenTextsByTheHundredGiveOneSentence() {
        std::mt19937 random(7);
        int refused = 0;
        for (int i = 0; i < 1500; ++i) {
            std::string text = sound;
            const int changes = 1 + static_cast<int>(random() % 3);
            for (int c = 0; c < changes; ++c) {
                const std::size_t at = random() % text.size();
                constexpr std::string_view letters = "{}[]\",:0123456789-.eE truefalsn\n\xC3\xFF";
                switch (random() % 3) {
                    case 0:
                        text.erase(at, 1 + random() % 6);
                        break;
                    case 1:
                        text.insert(at, 1, letters[random() % letters.size()]);
                        break;
                    default:
                        text[at] = letters[random() % letters.size()];
                }
                if (text.empty()) text = " ";
            }
            const std::string said = complaintAbout(text);
            if (said.empty()) continue;
            ++refused;
            QVERIFY2(isOneSentence(said), (text + "\n" + said).c_str());
        }
        QVERIFY(refused > 1000);
    }

    void thePapersSweepsAreWhatTheSpecSays() {
        const Sweep small = sweepNamed("paper-table2-small");
        QCOMPARE(small.runCount(), 90);
        QCOMPARE(sweepNamed("paper-table2").runCount(), 5 * 3 * 16 * 3);
        for (const int run : {0, 44, 89}) {
            const Experiment e = resolved(experimentOf(small, run));
            QCOMPARE(e.training.steps, 780);
            QCOMPARE(e.task.seq_len, 64);
            QCOMPARE(*e.model.d_ff, 128);
            QCOMPARE(e.training.optimizer.learning_rate, 0.001);
            QCOMPARE(warmupSteps(*e.training.schedule.kind, e.training.schedule.numbers, e.training.steps), 5);
            QCOMPARE(e.training.batch_size, 128);
            QCOMPARE(e.model.dropout, 0.1);
            QVERIFY(e.model.embedding_bias);
            QVERIFY(e.training.clip_norm == 5.0 && e.task.train_size == 50000 && e.task.test_size == 10000);
        }
        QVERIFY_THROWS_EXCEPTION(InputError, sweepNamed("paper-table3"));
    }
};

QTEST_GUILESS_MAIN(SweepTest)
#include "sweep_test.moc"
