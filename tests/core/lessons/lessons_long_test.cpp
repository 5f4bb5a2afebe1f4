#include <QtTest>

#include "core/lessons/lesson_play.h"

using namespace lab;

/// Every lesson of the program says what its run shows, from five seeds.
class LessonsLongTest : public QObject {
    Q_OBJECT

private slots:
    void fiveSeeds_data() {
        QTest::addColumn<QString>("id");
        for (const LessonRow& row : lessons()) QTest::newRow(row.lesson.id.c_str()) << QString::fromStdString(row.lesson.id);
    }
    void fiveSeeds() {
        QFETCH(QString, id);
        const LessonRow* row = findLesson(id.toStdString());
        QVERIFY(row);
        for (int seed = 1; seed <= 5; ++seed) {
            LessonPlayOptions options;
            options.seed = seed;
            for (const LessonFinding& finding : playLesson(row->lesson, options))
                QVERIFY2(finding.good,
                         qPrintable(QString("seed %1, %2: %3").arg(seed).arg(finding.step.c_str(), finding.what.english().c_str())));
        }
    }
};

QTEST_APPLESS_MAIN(LessonsLongTest)
#include "lessons_long_test.moc"
