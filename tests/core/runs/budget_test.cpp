#include "core/runs/budget.h"

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace lab;
using std::chrono::milliseconds;

class BudgetTest : public QObject {
    Q_OBJECT

private slots:
    void lookingTakesNoMoreThanItMay() { QVERIFY(budget::drawingShare + budget::tracingShare + budget::answeringShare <= 0.15); }

    void aDearFrameComesLessOften() {
        QCOMPARE(budget::frameFor(0), budget::frame);
        QCOMPARE(budget::frameFor(1), budget::frame);
        QCOMPARE(budget::frameFor(4.2), milliseconds(60));
        QCOMPARE(budget::frameFor(100), budget::slowestFrame);
        QCOMPARE(budget::frameFor(budget::dearestFrame), budget::slowestFrame);
    }

    void pausesFollowTheWork() {
        QCOMPARE(budget::between(0.25, budget::tracingShare), milliseconds(5000));
        QCOMPARE(budget::between(0, budget::answeringShare), milliseconds(0));
        QCOMPARE(budget::restAfter(0.25), milliseconds(2250));
        QCOMPARE(budget::restAfter(0.25, budget::restPerWorkAtFullSpeed), milliseconds(9750));
        QCOMPARE(budget::restAfter(0), milliseconds(1));  // other work has its turn in any case
    }

    /// How fast something plays is no cadence of looking.
    void nobodyElseHasANumberOfThisKind() {
        static const QRegularExpression number(R"(constexpr[^=;(]*([mM]illiseconds|PerSecond|restPer|\w*Interval)\b\w*\s*[={(])");
        QStringList found;
        for (const char* room : {"core", "ui", "app"}) {
            QDirIterator files(QStringLiteral(LAB_SOURCE_DIR "/") + room, {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
            while (files.hasNext()) {
                QFile file(files.next());
                if (file.fileName().endsWith("core/runs/budget.h")) continue;
                QVERIFY(file.open(QIODevice::ReadOnly));
                for (const QString& line : QString::fromUtf8(file.readAll()).split('\n'))
                    if (number.match(line).hasMatch()) found << line.simplified();
            }
        }
        QCOMPARE(found, QStringList{"constexpr int playMilliseconds = 200;"});
    }
};

QTEST_APPLESS_MAIN(BudgetTest)
#include "budget_test.moc"
