#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QSettings>
#include <QStandardPaths>
#include <QtTest>

#include "tests/core/runs/small_task.h"
#include "tests/patience.h"
#include "tests/ui/text/pseudo_locale.h"
#include "ui/forms/experiment_panel.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/lessons/prediction_box.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/runs/sweep_book.h"
#include "ui/text/language.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spin_text.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/lesson_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/open_window.h"
#include "ui/window/preset_menu.h"
#include "ui/window/split_view.h"
#include "ui/window/write_actions.h"

using namespace lab;

namespace {

constexpr int spokenSteps = 60;

struct SpokenDesk {
    SpokenDesk() : open(workspace, focus, folder.filePath("settings.ini"), folder.filePath("session.safetensors")) {
        Theme::instance().apply();
        open.files().begin();
        window().resize(1280, 800);
        window().show();
    }
    ~SpokenDesk() { workspace.stop(); }
    MainWindow& window() { return open.window(); }
    QString pageTitle(int index) { return window().pages()[static_cast<std::size_t>(index)]->title(); }

    QTemporaryDir folder;
    Workspace workspace;
    Focus focus;
    OpenWindow open;
};

std::vector<double> lossesOf(const Run& run) {
    std::vector<double> losses;
    for (const StepRecord& record : run.records()) losses.push_back(record.train.loss);
    return losses;
}

LessonRow choiceLesson() {
    LessonRow row;
    row.lesson = parseLesson(R"json({"format": "attention-lab/lesson", "version": 1, "id": "small", "minutes": 5, "preset": "copy",
        "set": {"training.steps": 40, "training.batch_size": 4, "task.train_size": 64, "task.validation_size": 4},
        "steps": [{"id": "ask", "predict": {"kind": "choice", "answers": [{"id": "a", "is": "1"}, {"id": "b", "is": "0"}]}}]})json");
    for (const char* code : {"en", "de"}) {
        LessonTexts& texts = row.texts[code];
        texts.title = std::string("Title ") + code;
        LessonStepTexts step;
        step.question = std::string("Question ") + code;
        step.answers = {{"a", "first"}, {"b", "second"}};
        texts.steps = {step};
    }
    return row;
}

}  // namespace

/// The window in another language, while everything goes on.
class LanguageSwitchTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("attention-lab-test");
        QCoreApplication::setApplicationName("language_switch_test");
        QSettings().clear();
    }
    void cleanup() {
        useLanguage("en");
        qunsetenv("ATTENTION_LAB_TRANSLATIONS");
        QGuiApplication::setLayoutDirection(Qt::LeftToRight);
    }

    void aRunThatTrainsNoticesNothing() {
        SpokenDesk desk;
        const LoadedTask task = smallTask(spokenSteps);
        Run* run = desk.open.session().openTask(task);
        run->setPace(0);
        const QPointer<MainWindow> first = &desk.window();
        Experiment draft = desk.open.session().draft();
        draft.training.optimizer.learning_rate = 0.125;
        first->experimentPanel().setDraft(draft);
        first->resize(1300, 820);
        QVERIFY(first->showPlace(*Place::parse("maps?head=1&query=2&key=1")));
        run->train();
        QTRY_VERIFY(run->step() > 2);
        const QString title = desk.pageTitle(0);
        const auto place = first->place().text();

        QVERIFY(desk.open.speak("de"));
        QVERIFY(!first);
        MainWindow& german = desk.window();
        QCOMPARE(language(), QString("de"));
        QCOMPARE(QSettings().value("window/language").toString(), QString("de"));
        QCOMPARE(german.place().text(), place);
        QCOMPARE(german.size(), QSize(1300, 820));
        QVERIFY(german.isVisible());
        QCOMPARE(desk.focus.run(), run);
        QVERIFY(run->state() == Run::State::training || run->step() == spokenSteps);
        QVERIFY(desk.open.session().hasDraftChanges());
        QCOMPARE(german.experimentPanel().draft().training.optimizer.learning_rate, 0.125);
        QVERIFY(german.isWindowModified());
        QCOMPARE(german.actions().find("theme.dark")->text(), QString("&Dunkel"));
        QVERIFY(german.actions().find("language.de")->isChecked());

        QTRY_COMPARE(run->step(), spokenSteps);
        QVERIFY(desk.open.speak("en"));
        QCOMPARE(desk.pageTitle(0), title);
        QCOMPARE(desk.window().actions().find("theme.dark")->text(), QString("&Dark"));
        QCOMPARE(desk.window().place().text(), place);

        Workspace undisturbed;
        Run* other = undisturbed.add(task);
        other->setPace(0);
        other->train();
        QTRY_COMPARE(other->step(), spokenSteps);
        QCOMPARE(lossesOf(*run), lossesOf(*other));
        QVERIFY(run->latest()->weights == other->latest()->weights);
        undisturbed.stop();
    }

    /// Also the two pages beside each other, the panel and what is served by actions.
    void whatStandsWhereStays() {
        SpokenDesk desk;
        desk.open.session().openTask(smallTask(spokenSteps));
        desk.workspace.add(smallTask(spokenSteps, 43));
        desk.window().showPage(2);
        desk.window().experimentPanel().setFolded(false);
        QVERIFY(desk.window().split().toggle());
        Run* second = desk.window().split().secondRun();
        desk.window().actions().find("jobs.show")->trigger();
        desk.window().actions().find("input.compare")->trigger();
        desk.window().actions().find("input.likely")->trigger();
        desk.window().actions().find("input.type")->trigger();
        desk.window().findChild<QLineEdit*>("window.input.line")->setText("3 1 4");
        auto* axis = desk.window().pages().get<ComparePage>().findChild<SegmentedControl*>("compare.header.axis");
        emit axis->chosen(2);
        QVERIFY(desk.open.speak("de"));
        QVERIFY(desk.window().findChild<QAbstractButton*>("window.input.compare")->isChecked());
        QVERIFY(desk.window().findChild<QWidget*>("window.likely.position")->isVisible());
        QCOMPARE(desk.window().findChild<QLineEdit*>("window.input.line")->text(), QString("3 1 4"));
        QCOMPARE(desk.window().findChild<SegmentedControl*>("compare.header.axis")->current(), 2);
        QCOMPARE(desk.window().pageIndex(), 2);
        QCOMPARE(desk.window().split().secondRun(), second);
        QVERIFY(desk.window().findChild<QDialog*>("jobs") || desk.window().findChildren<QDialog*>().size() > 0);
        desk.window().actions().find("train.step")->trigger();
        QTRY_COMPARE(desk.focus.run()->step(), 1);
    }

    /// The longer words of another language have room in the window that the program is made for.
    void theWindowIsNotWiderInGerman() {
        SpokenDesk desk;
        QVERIFY(desk.open.speak("de"));
        QVERIFY2(desk.window().minimumSizeHint().width() <= 1280, qPrintable(QString::number(desk.window().minimumSizeHint().width())));
    }

    void whatIsWrittenOfALessonGoesAlong() {
        SpokenDesk desk;
        const LessonRow row = choiceLesson();
        desk.open.files().findChild<WriteActions*>()->editor().setRow(row);
        QVERIFY(desk.open.speak("de"));
        QCOMPARE(desk.open.files().findChild<WriteActions*>()->editor().row().lesson, row.lesson);
        QVERIFY(desk.open.speak("en"));
        QCOMPARE(desk.open.files().findChild<WriteActions*>()->editor().row().lesson, row.lesson);
    }

    void aLessonGoesOn() {
        SpokenDesk desk;
        const LessonRow row = choiceLesson();
        auto* lessons = desk.open.files().findChild<LessonActions*>();
        lessons->start(row);
        QVERIFY(lessons->panel().isVisible());
        QVERIFY(lessons->panel().box()->takeKey(Qt::Key_B));
        Run* ofLesson = desk.focus.run();
        QCOMPARE(lessons->guide().stage(), LessonGuide::Stage::ready);

        QVERIFY(desk.open.speak("de"));
        lessons = desk.open.files().findChild<LessonActions*>();
        QCOMPARE(lessons->guide().row(), &row);
        QCOMPARE(desk.focus.run(), ofLesson);
        QVERIFY(lessons->panel().isVisible());
        QCOMPARE(lessons->guide().stage(), LessonGuide::Stage::ready);
        QCOMPARE(lessons->panel().box()->said()->answers, std::vector<std::string>{"b"});
        QStringList said;
        for (const QLabel* each : lessons->panel().findChildren<QLabel*>()) said << each->text();
        QVERIFY2(said.contains("Title de") && said.contains("Question de"), qPrintable(said.join('|')));
        lessons->guide().act();
        QTRY_COMPARE(lessons->guide().stage(), LessonGuide::Stage::done);
        QCOMPARE(lessons->guide().right()->answers.front(), std::string("a"));

        QVERIFY(desk.open.speak("en"));  // what was revealed is seen again
        lessons = desk.open.files().findChild<LessonActions*>();
        QCOMPARE(lessons->guide().stage(), LessonGuide::Stage::done);
        QVERIFY(!lessons->panel().box()->takeKey(Qt::Key_A));
        lessons->close();
        QVERIFY(desk.focus.run() != ofLesson);
    }

    void theSweepThatIsOpenStays() {
        SpokenDesk desk;
        SweepBook& book = desk.workspace.sweepBook();
        QVERIFY(desk.open.speak("de"));
        QCOMPARE(&desk.workspace.sweepBook(), &book);
    }

    void aDialogWithSomethingBegunIsNotThrownAway() {
        SpokenDesk desk;
        desk.window().actions().find("compare.duplicate")->trigger();
        QVERIFY(!desk.open.speak("de"));
        QCOMPARE(language(), QString("en"));
        QVERIFY(!desk.window().problem().isEmpty());
        for (QDialog* each : desk.window().findChildren<QDialog*>()) each->close();
        QVERIFY(desk.open.speak("de"));
    }

    void theMenuSwitches() {
        SpokenDesk desk;
        QSignalSpy replaced(&desk.open, &OpenWindow::replaced);
        desk.window().actions().find("language.de")->trigger();
        QTRY_COMPARE(replaced.size(), 1);
        QCOMPARE(language(), QString("de"));
        QCOMPARE(desk.window().actions().find("language.en")->text(), QString("English"));
    }

    /// Qt mirrors the window; every page has to stand it.
    void aLanguageFromRightToLeft() {
        if (toolOfQt("lrelease").isEmpty()) QSKIP("lrelease is not installed");
        const auto found = findSentences(LAB_SOURCE_DIR);
        QVERIFY(found);
        QTemporaryDir folder;
        QVERIFY(releasePseudoFile(folder.path(), "he", found->sentences));
        qputenv("ATTENTION_LAB_TRANSLATIONS", folder.path().toUtf8());
        SpokenDesk desk;
        desk.open.session().openTask(smallTask(spokenSteps));
        QVERIFY(desk.open.speak("he"));
        MainWindow& window = desk.window();
        QCOMPARE(window.layoutDirection(), Qt::RightToLeft);
        QCOMPARE(window.actions().find("theme.dark")->text(), pseudo("&Dark"));
        const auto* rail = window.findChild<QWidget*>("window.transport.menu");
        QVERIFY(rail->mapTo(&window, QPoint()).x() > window.width() / 2);
        for (int page = 0; page < static_cast<int>(window.pages().size()); ++page) {
            window.showPage(page);
            QTRY_VERIFY(window.pages()[static_cast<std::size_t>(page)]->catchUp());
            QVERIFY(!window.grab().isNull());
        }
    }

    void aNumberIsTypedWithPointOrComma() {
        for (const char* code : {"en", "de"}) {
            useLanguage(code);
            for (const char* typed : {"1.5", "1,5"}) {
                RealBox box;
                box.setRange(-10, 10);
                box.selectAll();
                QTest::keyClicks(&box, typed);
                QCOMPARE(box.value(), 1.5);
                QCOMPARE(box.text(), QString(code == QString("de") ? "1,5" : "1.5"));
            }
        }
    }
};

QTEST_MAIN(LanguageSwitchTest)
#include "language_switch_test.moc"
