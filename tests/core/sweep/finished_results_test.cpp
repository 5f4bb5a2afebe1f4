#include "core/sweep/finished_results.h"

#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "core/base/files.h"
#include "core/sweep/sweep_results.h"

using namespace lab;

/// Results that come with the program are whole ones of a grid that does too, small, and name neither a place nor a computer.
class FinishedResultsTest : public QObject {
    Q_OBJECT

private slots:
    void everyOneIsAWholeResultOfItsGrid() {
        QVERIFY(!finishedResults().empty());
        for (const FinishedResult& result : finishedResults()) {
            QTemporaryDir folder;
            const auto csv = placeFinishedResult(result, folder.path().toStdString());
            QVERIFY(isResultsFile(csv) && finishedResultOf(csv) == &result);
            const Sweep sweep = sweepOf(csv);
            QVERIFY(differenceOf(sweep, sweepNamed(std::string(result.name))).empty());
            const auto rows = resultsByRun(sweep, readResults(csv), utf8Text(csv));
            QCOMPARE(static_cast<int>(rows.size()), sweep.runCount());
            for (const auto& [run, row] : rows) QVERIFY(row.testAccuracy && !row.diverged());
            QVERIFY(result.csv.size() < 300'000);
            const QString words = QString::fromUtf8(result.csv.data(), std::ssize(result.csv)) + QString::fromStdString(sweep.about);
            for (const char* word : {"/", "localhost", "root"}) QVERIFY2(!words.contains(QLatin1String(word)), word);
            QVERIFY2(sweep.about.find("core") != std::string::npos && sweep.about.find("20") != std::string::npos, sweep.about.c_str());
        }
    }

    void whatIsThereStays() {
        QTemporaryDir folder;
        const FinishedResult& result = finishedResults().front();
        const auto csv = placeFinishedResult(result, folder.path().toStdString());
        const std::string header(result.csv.substr(0, result.csv.find('\n') + 1));
        std::ofstream(csv) << header;
        QCOMPARE(placeFinishedResult(result, folder.path().toStdString()), csv);
        QCOMPARE(readFile(csv), header);
    }
};

QTEST_APPLESS_MAIN(FinishedResultsTest)
#include "finished_results_test.moc"
