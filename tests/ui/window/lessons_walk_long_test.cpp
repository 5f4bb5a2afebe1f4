#include <QAbstractButton>
#include <QDir>
#include <QtTest>

#include "tests/patience.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/lessons/lesson_words.h"
#include "ui/lessons/prediction_box.h"
#include "ui/text/language.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/lesson_actions.h"
#include "ui/window/main_window.h"

using namespace lab;

namespace {

/// Where each step is kept as a picture, to be looked at: a folder named by this variable.
constexpr const char* picturesVariable = "ATTENTION_LAB_LESSON_PICTURES";

/// Any answer: the first, or as many zeros as are wanted.
Revealed anyAnswer(const LessonGuide& guide) {
    const Prediction& prediction = *guide.step().predict;
    switch (prediction.kind) {
        case Prediction::Kind::choice:
            return {{prediction.answers.front().id}, {}};
        case Prediction::Kind::order: {
            Revealed all;
            for (const Prediction::Answer& answer : prediction.answers) all.answers.push_back(answer.id);
            return all;
        }
        case Prediction::Kind::cell:
            return {{}, {0, 0}};
        case Prediction::Kind::number:
        case Prediction::Kind::bars:
        case Prediction::Kind::curve:
            break;
    }
    return {{}, std::vector<double>(guide.count(), 0.0)};
}

}  // namespace

/// Every lesson of the program, step by step in a window.
class LessonsWalkLongTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void everyStepComesToItsEnd_data() {
        QTest::addColumn<QString>("id");
        for (const LessonRow& row : lessons()) QTest::newRow(row.lesson.id.c_str()) << QString::fromStdString(row.lesson.id);
    }
    void everyStepComesToItsEnd() {
        QFETCH(QString, id);
        QTemporaryDir folder;
        Workspace workspace;
        Focus focus;
        MainWindow window(workspace, focus);
        FileActions files(window, folder.filePath("settings.ini"), folder.filePath("session.safetensors"));
        files.begin();
        window.resize(1280, 800);
        window.show();
        auto* actions = files.findChild<LessonActions*>();
        LessonGuide& guide = actions->guide();
        useLanguage(QStringLiteral("de"));
        actions->start(*findLesson(id.toStdString()));
        while (!guide.isBehindTheLast()) {
            const QString step = QStringLiteral("%1-%2-%3").arg(id).arg(guide.index() + 1).arg(QString::fromStdString(guide.step().id));
            QTRY_VERIFY2(focus.trace() && focus.traceStep() == focus.wantedStep(), qPrintable(step));
            keep(window, step + QStringLiteral("-asked"));
            if (guide.step().predict) {
                guide.setSaid(anyAnswer(guide));
                QCOMPARE(guide.stage(), LessonGuide::Stage::ready);
            }
            if (guide.stage() != LessonGuide::Stage::done) guide.act();
            QVERIFY2(QTest::qWaitFor([&guide] { return guide.stage() == LessonGuide::Stage::done; }, 4 * patience), qPrintable(step));
            QVERIFY2(guide.problem().isEmpty(), qPrintable(step + ": " + guide.problem()));
            QVERIFY2(window.problem().isEmpty(), qPrintable(step + ": " + window.problem()));
            QCOMPARE(guide.right().has_value(), guide.step().predict.has_value());
            keep(window, step + QStringLiteral("-seen"));
            guide.next();
        }
        actions->close();
        workspace.stop();
    }

private:
    static void keep(MainWindow& window, const QString& name) {
        const QString folder = qEnvironmentVariable(picturesVariable);
        if (folder.isEmpty()) return;
        QCoreApplication::processEvents();
        QVERIFY(window.grab().save(QDir(folder).filePath(name + QStringLiteral(".png"))));
    }
};

QTEST_MAIN(LessonsWalkLongTest)
#include "lessons_walk_long_test.moc"
