#include "core/data/data_print.h"

#include <QTest>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/data/pairs_dataset.h"

using namespace lab;

namespace {

LoadedTask pairs(const std::string& text, std::optional<int> validation = std::nullopt, const std::string& second = {}) {
    Experiment e;
    e.task.kind = "pairs";
    e.task.path = "pairs.tsv";
    e.task.validation_size = validation;
    if (!second.empty()) e.task.validation_path = "second.tsv";
    e.training.batch_size = 1;
    return loadPairs(resolved(e), {text, second});
}

QString difference(const LoadedTask& before, const LoadedTask& now) {
    std::map<std::string, std::string> notes;
    notePrint(notes, before);
    return QString::fromStdString(dataDifference(notes, now).english());
}

const std::string four = "1 2\t2 1\n2 1\t1 2\n1 1\t1 1\n2 2\t2 2\n";

}  // namespace

class DataPrintTest : public QObject {
    Q_OBJECT

private slots:
    void theSameTokensAreTheSameData() {
        QCOMPARE(difference(pairs(four), pairs(four)), QString());
        QCOMPARE(difference(pairs(four, 1), pairs(four, 2)), QString());  // cut elsewhere
        QCOMPARE(difference(pairs(four), pairs("1 2\t2 1\r\n2 1\t1 2\r\n1 1\t1 1\r\n2 2\t2 2")), QString());
    }

    void otherTokensLinesAndColumnsAreNot() {
        const QString same = "the data are no longer those it was trained on: as many lines, but not the same";
        QCOMPARE(difference(pairs(four), pairs("1 2\t2 1\n2 1\t1 2\n1 1\t1 1\n2 2\t2 1\n")), same);
        QCOMPARE(difference(pairs(four), pairs("2 1\t1 2\n1 2\t2 1\n1 1\t1 1\n2 2\t2 2\n")), same);
        QCOMPARE(difference(pairs("1 2\t2 1\n3\t3\n"), pairs("1\t2\n2 1\t3 3\n")), same);
        QCOMPARE(difference(pairs(four), pairs("1 2\t2 1\n")),
                 QString("the data are no longer those it was trained on: 4 lines then, 1 now"));
    }

    void whatASeedDrawsNeedsNone() {
        std::map<std::string, std::string> notes;
        const LoadedTask task = loadTask(Experiment(), {});
        notePrint(notes, task);
        QVERIFY(notes.empty());
        notes["attention_lab.data"] = "{\"lines\": 1, \"hash\": \"0\"}";
        QVERIFY(dataDifference(notes, task).empty());
        QVERIFY(dataDifference({}, pairs(four)).empty());  // a state of an earlier version
        QVERIFY(dataDifference({{"attention_lab.data", "nonsense"}}, pairs(four)).empty());
    }
};

QTEST_GUILESS_MAIN(DataPrintTest)
#include "data_print_test.moc"
