#include "core/sweep/dictionary_findings.h"
#include "core/config/validation.h"

#include <QtTest>

using namespace lab;

namespace {

Sweep smallSweep() {
    return parseSweep(R"({"format": "attention-lab/sweep", "version": 1,
        "base": {"format": "attention-lab/experiment", "version": 1,
                 "task": {"kind": "glossary", "train_entries": 16},
                 "model": {"architecture": "decoder", "position": {"kind": "rope"}}},
        "grid": {"model.dictionary.kind": ["none", "context", "attended", "standing"], "task.entries": [16, 64], "training.seed": [1, 2]}})",
                      {});
}

/// Accuracies by way and size; the seeds' lie a little apart.
ResultsTable tableOf(const Sweep& sweep, const std::map<std::string, double>& accuracies) {
    ResultsTable table;
    for (const GridKey& key : sweep.grid) table.keys.push_back(key.path);
    for (int run = 0; run < sweep.runCount(); ++run) {
        ResultsRow row{cellsOf(sweep, run), {}};
        row.result.trainLoss = 0.1;
        row.result.testAccuracy = accuracies.at(row.cells[0] + " " + row.cells[1]) + (row.cells[2] == "1" ? 0.01 : -0.01);
        table.rows.push_back(std::move(row));
    }
    return table;
}

const std::map<std::string, double> accuracies{{"none 16", 0.12},    {"none 64", 0.12},    {"context 16", 0.8},   {"context 64", 0.13},
                                               {"attended 16", 0.9}, {"attended 64", 0.5}, {"standing 16", 0.96}, {"standing 64", 0.96}};

}  // namespace

class DictionaryFindingsTest : public QObject {
    Q_OBJECT

private slots:
    void runsOfAWayAndASizeAreOnePoint() {
        const Sweep sweep = smallSweep();
        const auto points = dictionaryPoints(sweep, tableOf(sweep, accuracies));
        QCOMPARE(points.size(), std::size_t{8});
        QCOMPARE(dictionarySizes(points), (std::vector<int>{16, 64}));
        const DictionaryPoint* point = dictionaryPoint(points, DictionaryKind::context, 16);
        QVERIFY(point);
        QCOMPARE(point->runs, 2);
        QVERIFY(std::abs(point->accuracy - 0.8) < 1e-12);
        QVERIFY(std::abs(point->deviation - 0.01 * std::sqrt(2.0)) < 1e-12);
        QCOMPARE(point->trainEntries, 16);
        QCOMPARE(point->cost.answer, dictionaryCost(resolved(experimentOf(sweep, 4))).answer);
        QVERIFY(!dictionaryPoint(points, DictionaryKind::context, 17));
    }

    void theSentenceIsMadeOfTheNumbers() {
        const Sweep sweep = smallSweep();
        const auto points = dictionaryPoints(sweep, tableOf(sweep, accuracies));
        const auto found = dictionaryFindings(points, 16);
        QCOMPARE(found.size(), std::size_t{4});
        const std::string first = found[0].english();
        QVERIFY2(first.starts_with("With 16 entries, the standing dictionary has 120.0 % of the accuracy of entries in the context, for "),
                 first.c_str());
        QVERIFY(found[1].english().starts_with("With 16 entries, the standing dictionary has 106.7 % of the accuracy of attended entries"));
        QCOMPARE(found[2].english(), std::string("Mean of 2 runs, with all that can be kept of the dictionary kept from text to text."));
    }

    void aRivalThatDoesNotHelpIsNoMeasure() {
        const Sweep sweep = smallSweep();
        const auto found = dictionaryFindings(dictionaryPoints(sweep, tableOf(sweep, accuracies)), 64);
        QCOMPARE(found[0].english(), std::string("With 64 entries, entries in the context answer no more than no dictionary does (13.0 %); "
                                                 "the standing dictionary answers 96.0 %."));
        QVERIFY(found[2].english().starts_with("Mean of 2 runs, trained on dictionaries of 16 entries"));
    }

    void withoutAStandingDictionaryNothingIsSaid() {
        const Sweep sweep = smallSweep();
        ResultsTable table = tableOf(sweep, accuracies);
        std::erase_if(table.rows, [](const ResultsRow& row) { return row.cells[0] == "standing"; });
        QVERIFY(dictionaryFindings(dictionaryPoints(sweep, table), 16).empty());
        QVERIFY(dictionaryFindings({}, 16).empty());
    }

    void whatDivergedCountsAsNothingRight() {
        const Sweep sweep = smallSweep();
        ResultsTable table = tableOf(sweep, accuracies);
        for (ResultsRow& row : table.rows)
            if (row.cells == std::vector<std::string>{"standing", "16", "1"}) row.result = {};
        const auto points = dictionaryPoints(sweep, table);
        QVERIFY(std::abs(dictionaryPoint(points, DictionaryKind::standing, 16)->accuracy - 0.475) < 1e-12);
    }
};

QTEST_APPLESS_MAIN(DictionaryFindingsTest)
#include "dictionary_findings_test.moc"
