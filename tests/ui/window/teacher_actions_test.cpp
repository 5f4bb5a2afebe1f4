#include "ui/window/teacher_actions.h"
#include "tests/ui/visible_labels.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>

#include "core/learn/window_parts.h"
#include "tests/patience.h"
#include "ui/lessons/hands_box.h"
#include "ui/lessons/lesson_list.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/widgets/export_panel.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/theme.h"
#include "ui/window/ask_palette.h"
#include "ui/window/file_actions.h"
#include "ui/window/lesson_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/page_table.h"
#include "ui/window/part_hiding.h"
#include "ui/window/part_table.h"
#include "ui/window/parts_panel.h"
#include "ui/window/shortcuts_dialog.h"

using namespace lab;

namespace {

/// A window whose settings lie in the folder, so that another one after it is the next start.
struct TeacherDesk {
    explicit TeacherDesk(const QTemporaryDir& folder)
        : files{window, folder.filePath("settings.ini"), folder.filePath("session.safetensors")},
          teacher(*files.findChild<TeacherActions*>()),
          lessons(*files.findChild<LessonActions*>()) {
        files.begin();
        window.resize(1280, 800);
        window.show();
        static_cast<void>(QTest::qWaitForWindowActive(&window, patience));
    }
    ~TeacherDesk() { workspace.stop(); }

    QWidget* part(const char* name) { return window.findChild<QWidget*>(name); }
    void click(const char* name) { window.findChild<QAbstractButton*>(name)->click(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) { QTest::keyClick(window.windowHandle(), key, modifiers); }
    QString badge() {
        const auto* mark = window.findChild<QAbstractButton*>("window.transport.parts");
        return mark->isVisible() ? mark->text() : QString();
    }
    QStringList palette() {
        window.actions().find("help.ask")->trigger();
        auto* asked = window.findChild<AskPalette*>();
        QStringList lines;
        const auto* list = asked->findChild<QListWidget*>();
        for (int i = 0; i < list->count(); ++i) lines << list->item(i)->text();
        delete asked;
        return lines;
    }

    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    FileActions files;
    TeacherActions& teacher;
    LessonActions& lessons;
};

void write(const QString& path, const QByteArray& text) {
    QFile out(path);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(text);
}

const char* const ownTexts =
    "# Mine\nIt is.\n## ask\nTrain.\n### question\nWhich?\n### answer x\nOne\n### answer y\nTwo\n### answer z\nThree\n### reason x\nNo.\n"
    "### reason y\nYes.\n### reason z\nNo.\n## look\nLook.\n## try\nMore.\n";

QByteArray ownLesson(const QByteArray& more = {}) {
    return R"json({"format": "attention-lab/lesson", "version": 1, "id": "mine", "minutes": 5, "preset": "copy", )json" + more + R"json(
        "set": {"training.steps": 40, "training.batch_size": 4, "training.pace": 0, "task.train_size": 64, "task.validation_size": 4},
        "steps": [
          {"id": "ask", "do": {"action": "train.toggle", "until": "step >= 3"},
           "predict": {"kind": "choice", "answers": [{"id": "x", "is": "step < 3"}, {"id": "y", "is": "step >= 3"}, {"id": "z", "is": "1 > 2"}]}},
          {"id": "look"}]})json";
}

QString writeOwn(const QTemporaryDir& folder, const QByteArray& more = {}) {
    write(folder.filePath("mine.json"), ownLesson(more));
    write(folder.filePath("mine.en.md"), ownTexts);
    return folder.filePath("mine.json");
}

}  // namespace

/// The teacher's view.
class TeacherActionsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(m_home.isValid());
        qputenv("XDG_CONFIG_HOME", m_home.path().toUtf8());
        Theme::instance().apply();
    }

    void whatExportsGoesWithTheExports() {
        QTemporaryDir folder;
        TeacherDesk desk(folder);
        desk.window.actions().find("page.export")->trigger();
        auto* panel = desk.window.findChild<ExportPanel*>();
        QVERIFY(panel && panel->isVisible());
        auto* hiding = desk.teacher.findChild<PartHiding*>();
        hiding->setChosen({"loss"});
        QVERIFY(panel->isVisible());
        hiding->setChosen({"exports"});
        QVERIFY(!panel->isVisible());
    }

    void theTableIsThatOfTheLessons() {
        QTemporaryDir folder;
        TeacherDesk desk(folder);
        QStringList names, pages;
        for (const PartRow& row : partTable()) {
            names << row.name;
            for (const QString& control : row.controls) {
                const auto all = desk.window.findChildren<QWidget*>();
                QVERIFY2(std::ranges::any_of(all,
                                             [&](const QWidget* each) {
                                                 return control.startsWith('*') ? each->objectName().endsWith(control.mid(1))
                                                                                : each->objectName() == control;
                                             }),
                         qPrintable(control));
            }
            for (const QString& action : row.actions) {
                if (action == "preset.") continue;  // what the palette offers
                const auto& all = desk.window.actions().all();
                QVERIFY2(std::ranges::any_of(all,
                                             [&](const QAction* each) {
                                                 return each->objectName() == action ||
                                                        (action.endsWith('.') && each->objectName().startsWith(action));
                                             }),
                         qPrintable(action));
            }
            if (row.group == PartGroup::pages) pages << row.name;
        }
        QStringList ofCore, ofWindow;
        for (const std::string_view name : windowParts()) ofCore << QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
        for (const PageRow& row : pageTable()) ofWindow << "page." + row.name();
        QCOMPARE(names, ofCore);
        QCOMPARE(pages, ofWindow);
        for (const PartSet& set : partSets()) {
            QStringList known;
            for (const QString& name : names)
                if (set.hidden.contains(name)) known << name;
            QCOMPARE(set.hidden, known);  // in the order of the table, as sets are compared
        }
    }

    void aLectureHidesWithoutGapsAndWithItsKeys() {
        QTemporaryDir folder;
        TeacherDesk desk(folder);
        desk.window.showPage(desk.window.indexOf("codes"));
        desk.press(Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(desk.teacher.panel().isVisible());
        QVERIFY(desk.badge().isEmpty());
        desk.click("parts.sets.2");
        QCOMPARE(desk.teacher.hiding().hidden(), partSets()[1].hidden);
        QCOMPARE(desk.window.place().page, QString("train"));  // the page that was shown is hidden
        for (const char* name : {"window.transport.preset", "window.transport.step", "window.transport.pace", "window.transport.lessons",
                                 "window.settings", "window.rail.codes", "window.input.type", "window.input.mask", "train.header.export"})
            QVERIFY2(!desk.part(name)->isVisible(), name);
        for (const char* name : {"window.transport.train", "window.transport.loss", "window.rail.maps", "window.input", "window.timeline"})
            QVERIFY2(desk.part(name)->isVisible(), name);
        QTRY_COMPARE(desk.part("window.rail.explain")->y(), 2 * desk.part("window.rail.maps")->y() - desk.part("window.rail.train")->y());
        QTRY_VERIFY(desk.part("window.transport.train")->x() < 100);  // where the preset was
        QVERIFY(testing::visibleLabels(desk.teacher.panel()).contains("3 of 11 shown"));
        desk.press(Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!desk.teacher.panel().isVisible());

        desk.press(Qt::Key_Period);  // a step
        desk.press(Qt::Key_0);       // Codes
        desk.press(Qt::Key_F2);
        desk.press(Qt::Key_F4);
        desk.press(Qt::Key_I, Qt::ControlModifier);
        QCOMPARE(desk.window.place().page, QString("train"));
        QVERIFY(!desk.lessons.course().isVisible());
        QVERIFY(!desk.part("window.input.line")->isVisible());
        QCOMPARE(desk.focus.run()->step(), 0);
        QVERIFY(!desk.window.actions().find("train.step")->isEnabled());
        QVERIFY(desk.window.actions().find("train.toggle")->isEnabled());
        desk.press(Qt::Key_2);
        QCOMPARE(desk.window.place().page, QString("maps"));
    }

    void paletteMenusAndListOfKeysLackWhatIsHidden() {
        QTemporaryDir folder;
        TeacherDesk desk(folder);
        const QStringList before = desk.palette();
        QVERIFY(!before.filter("One step").isEmpty() && !before.filter("Preset: ").isEmpty() && !before.filter("Setting: ").isEmpty());
        desk.teacher.hiding().setChosen(partSets()[1].hidden);
        const QStringList lines = desk.palette();
        for (const char* gone : {"One step", "Preset: ", "Setting: ", "Component: ", "Experiment panel", "Page Codes", "Type or paste"})
            QVERIFY2(lines.filter(gone).isEmpty(), gone);
        QVERIFY(!lines.filter("Train or pause").isEmpty() && !lines.filter("Page Maps").isEmpty());
        QVERIFY(!lines.filter("Hide controls").isEmpty());
        for (const QAction* action : desk.window.menu()->actions()) QVERIFY(action->objectName() != "panel.toggle" || !action->isVisible());
        QVERIFY(!desk.window.findChild<QMenu*>("file.sweeps")->menuAction()->isVisible());
        for (const KeyGroup& group : shortcutGroups(desk.window.actions()))
            for (const auto& [keys, text] : group.entries) QVERIFY2(!text.startsWith("One step"), qPrintable(text));
        QVERIFY(!desk.window.showPlace(*Place::parse("codes")));
        QVERIFY(desk.window.problem().contains("Codes is hidden"));
        desk.window.showSetting("model.d_model");
        QVERIFY(desk.window.problem().contains("settings are hidden"));
        QVERIFY(!desk.part("window.settings")->isVisible());
    }

    void nothingBringsAHiddenPartBackButItsBox() {
        QTemporaryDir folder;
        TeacherDesk desk(folder);
        desk.click("parts.show.step");
        desk.click("parts.show.meters");
        desk.click("parts.show.input.change");
        for (const int width : {1600, 1000, 1400}) {
            desk.window.resize(width, 700);
            QCoreApplication::processEvents();
            for (const char* name : {"window.transport.step", "window.transport.whole", "window.transport.left", "window.input.shuffle"})
                QVERIFY2(!desk.part(name)->isVisible(), name);
        }
        desk.window.showPage(desk.window.indexOf("memory"));  // has bars of its own
        desk.window.showPage(desk.window.indexOf("maps"));
        QVERIFY(desk.part("window.transport.train")->isVisible());
        QVERIFY(!desk.part("window.transport.step")->isVisible());
        desk.click("parts.show.train");
        const QAction* train = desk.window.actions().find("train.toggle");
        QVERIFY(!train->isEnabled());
        desk.window.showPage(desk.window.indexOf("memory"));
        QVERIFY(train->isEnabled());  // it is the page's own button, which is shown
        desk.window.showPage(desk.window.indexOf("maps"));
        QVERIFY(!train->isEnabled());
        desk.press(Qt::Key_Space);
        QCOMPARE(desk.focus.run()->state(), Run::State::paused);
        const auto tokens = desk.focus.input().tokens;
        desk.part("window.input.tokens")->setFocus();
        QTest::keyClick(desk.part("window.input.tokens"), Qt::Key_M);
        QTest::keyClick(desk.part("window.input.tokens"), Qt::Key_Delete);
        QCOMPARE(desk.focus.input().tokens, tokens);
        QVERIFY(desk.focus.input().masked.empty());
        desk.click("parts.show.step");
        desk.click("parts.show.input.change");
        QTRY_VERIFY(desk.part("window.transport.step")->isVisible() && desk.part("window.input.type")->isVisible());
        QVERIFY(desk.window.actions().find("train.step")->isEnabled());
    }

    void onePageIsAlwaysLeft() {
        QTemporaryDir folder;
        TeacherDesk desk(folder);
        for (const PartRow& row : partTable())
            if (row.group == PartGroup::pages) desk.click(qPrintable(QStringLiteral("parts.show.") + row.name));
        QCOMPARE(desk.window.place().page, QString("codes"));  // the last one did not go
        QVERIFY(desk.part("window.rail.codes")->isVisible());
        QVERIFY(desk.window.findChild<QCheckBox*>("parts.show.page.codes")->isChecked());
        QStringList every;
        for (const PartRow& row : partTable()) every << row.name;
        desk.teacher.hiding().setChosen(every);
        QVERIFY(desk.part("window.rail.codes")->isVisible());
        QVERIFY(!desk.part("window.rail.maps")->isVisible());
    }

    void theBadgeTellsAndOpensAndTheNextStartIsTheSame() {
        QTemporaryDir folder;
        {
            TeacherDesk desk(folder);
            desk.click("parts.sets.2");
            QCOMPARE(desk.badge(), QString("Lecture \u00b7 17 parts hidden"));
            desk.click("parts.show.questions");
            QCOMPARE(desk.badge(), QString("18 parts hidden"));
        }
        TeacherDesk desk(folder);
        QCOMPARE(desk.badge(), QString("18 parts hidden"));
        QVERIFY(!desk.part("window.settings")->isVisible());
        QVERIFY(!desk.teacher.panel().isVisible());
        desk.click("window.transport.parts");
        QVERIFY(desk.teacher.panel().isVisible());
        desk.click("parts.sets.1");
        QVERIFY(desk.badge().isEmpty());
        QVERIFY(desk.part("window.settings")->isVisible());
    }

    void setsOfOnesOwnAreKept() {
        QTemporaryDir folder;
        {
            TeacherDesk desk(folder);
            desk.press(Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
            desk.click("parts.show.pace");
            desk.click("parts.save_as");
            auto* name = desk.window.findChild<QLineEdit*>("parts.name");
            QVERIFY(name->isVisible());
            name->setText("Week 3/4");
            QTest::keyClick(name, Qt::Key_Return);
            QVERIFY(!name->isVisible());
            QCOMPARE(desk.badge(), QString("Week 3/4 \u00b7 1 part hidden"));
            desk.click("parts.sets.1");
        }
        TeacherDesk desk(folder);
        desk.press(Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!desk.part("parts.own")->isVisible());
        desk.click("parts.sets.5");
        QCOMPARE(desk.teacher.hiding().hidden(), QStringList{"pace"});
        QCOMPARE(desk.window.findChild<QComboBox*>("parts.own")->currentText(), QString("Week 3/4"));
        desk.click("parts.remove");
        QVERIFY(!desk.part("parts.own")->isVisible());
        QCOMPARE(desk.badge(), QString("1 part hidden"));
        desk.click("parts.sets.3");
        desk.click("parts.save_as");
        desk.window.findChild<QLineEdit*>("parts.name")->setText("As in the lab");
        desk.click("parts.save");
        QVERIFY(desk.badge().startsWith("As in the lab"));  // and can be removed
        QVERIFY(desk.part("parts.own")->isVisible());
        desk.click("parts.sets.3");
        QVERIFY(desk.badge().startsWith("Lab") && !desk.part("parts.own")->isVisible());
    }

    void handsAreCountedAndTheRightOneIsMarked() {
        QTemporaryDir folder;
        TeacherDesk desk(folder);
        auto& hands = *desk.teacher.panel().findChild<HandsBox*>();
        const auto count = [&](int answer) { return hands.findChild<QSpinBox*>(QStringLiteral("parts.hands.%1").arg(answer)); };
        desk.press(Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
        auto* reveal = hands.findChild<QAbstractButton*>("parts.hands.reveal");
        QVERIFY(hands.findChild<QLineEdit*>("parts.hands.question")->isVisible());  // no lesson: a question of one's own
        QVERIFY(!reveal->isVisible());
        QVERIFY(count(3)->isVisible() && !count(4)->isVisible());
        desk.click("parts.hands.more");
        QVERIFY(count(4)->isVisible());

        desk.lessons.startFile(writeOwn(folder));
        QVERIFY(testing::visibleLabels(hands).contains("Which?"));
        QVERIFY(desk.lessons.panel().isVisible() && desk.lessons.panel().isFolded());  // both would leave the page no room
        QVERIFY(!hands.findChild<QLineEdit*>("parts.hands.question")->isVisible());
        QVERIFY(count(3)->isVisible() && !count(4)->isVisible());
        QVERIFY(reveal->isVisible() && !reveal->isEnabled());  // nobody has raised a hand
        count(1)->setValue(4);
        count(2)->setValue(17);
        count(3)->setValue(6);
        const QString said = testing::visibleLabels(hands);
        QVERIFY(said.contains("27 hands") && said.contains("15 %") && said.contains("63 %") && said.contains("22 %"));
        QVERIFY(!said.contains("Two"));
        desk.click("parts.show.lesson.text");
        QVERIFY(testing::visibleLabels(hands).contains("Two"));  // nobody else says what B is
        QVERIFY(!desk.lessons.panel().isVisible());
        reveal->click();
        QTRY_COMPARE_WITH_TIMEOUT(desk.lessons.guide().stage(), LessonGuide::Stage::done, patience);
        QVERIFY(testing::visibleLabels(hands).contains(QString("B\u2009\u2713")));
        QCOMPARE(reveal->text(), QString("Next"));
        reveal->click();
        QCOMPARE(desk.lessons.guide().index(), 1);
        QCOMPARE(hands.hands(), 0);
    }

    void aLessonHidesPartsWhileItIsOpen() {
        QTemporaryDir folder;
        TeacherDesk desk(folder);
        desk.click("parts.show.pace");
        desk.lessons.startFile(writeOwn(folder, R"("hide": ["experiment", "page.codes"],)"));
        QVERIFY(desk.lessons.panel().isVisible());
        QVERIFY(!desk.part("window.settings")->isVisible() && !desk.part("window.rail.codes")->isVisible());
        QCOMPARE(desk.badge(), QString("3 parts hidden"));
        QVERIFY(!desk.window.findChild<QCheckBox*>("parts.show.experiment")->isEnabled());
        desk.click("parts.show.page.text");
        desk.lessons.close();
        QVERIFY(desk.part("window.settings")->isVisible() && desk.part("window.rail.codes")->isVisible());
        QCOMPARE(desk.teacher.hiding().hidden(), (QStringList{"pace", "page.text"}));
    }

    void aPinnedLessonStaysAndOpensAtTheNextStart() {
        QTemporaryDir folder;
        const QString file = writeOwn(folder);
        {
            TeacherDesk desk(folder);
            desk.lessons.startFile(file);
            desk.click("lesson.pin");
            QVERIFY(desk.lessons.isPinned());
            QVERIFY(!desk.part("lesson.close")->isEnabled());
            desk.lessons.start(lessons().front());
            QVERIFY(desk.window.problem().contains("pinned"));
            desk.lessons.close();
            QCOMPARE(desk.lessons.guide().row()->lesson.id, std::string("mine"));
        }
        {
            TeacherDesk desk(folder);
            desk.files.beginLesson();
            QVERIFY(desk.lessons.panel().isVisible());
            QCOMPARE(desk.lessons.guide().row()->lesson.id, std::string("mine"));
            desk.window.actions().find("lessons.pin")->trigger();
            QVERIFY(desk.part("lesson.close")->isEnabled());
            desk.click("lesson.close");
            QVERIFY(!desk.lessons.panel().isVisible());
        }
        TeacherDesk desk(folder);
        desk.files.beginLesson();
        QVERIFY(!desk.lessons.panel().isVisible());
        desk.files.beginLesson("tokens");  // by its id
        QCOMPARE(desk.lessons.guide().row()->lesson.id, std::string("tokens"));
    }

    void aPinnedLessonThatIsGoneIsSaidOnce() {
        QTemporaryDir folder;
        const QString file = writeOwn(folder);
        {
            TeacherDesk desk(folder);
            desk.lessons.startFile(file);
            desk.lessons.togglePin();
        }
        QFile::remove(file);
        {
            TeacherDesk desk(folder);
            desk.files.beginLesson();
            QVERIFY(desk.window.problem().contains("cannot be opened"));
        }
        TeacherDesk desk(folder);
        desk.files.beginLesson();
        QVERIFY(desk.window.problem().isEmpty());
    }

    void theCourseShowsLessonsOfAFolderAndWhatIsWrongWithOne() {
        QTemporaryDir folder, own;
        writeOwn(own);
        write(own.filePath("broken.json"), "{");
        QDir(folder.path()).mkdir("lessons");
        write(folder.filePath("lessons/other.json"), ownLesson().replace("\"mine\"", "\"other\""));
        write(folder.filePath("lessons/other.en.md"), QByteArray(ownTexts).replace("Mine", "Other"));
        TeacherDesk desk(folder);
        desk.files.settings().setLessonFolder(own.path());
        desk.press(Qt::Key_F2);
        auto* table = desk.window.findChild<DataTable*>("course.own");
        QVERIFY(table->isVisible());
        QStringList titles;
        for (int row = 0; row < table->model()->rowCount(); ++row) titles << table->columns()[1].cell(static_cast<std::size_t>(row)).text;
        QCOMPARE(titles.size(), 3);
        QVERIFY(!titles.filter("Mine").isEmpty() && !titles.filter("Other").isEmpty() && !titles.filter("not JSON").isEmpty());
        QCOMPARE(desk.window.findChild<DataTable*>("course.lessons")->model()->rowCount(), static_cast<int>(lessons().size()));

        const auto choose = [&](const QString& title) {
            const auto row = static_cast<std::size_t>(titles.indexOf(titles.filter(title).front()));
            table->setChosen(row);
            emit table->rowChosen(row);
        };
        choose("not JSON");
        QVERIFY(!desk.lessons.course().chosen());
        QVERIFY(!desk.part("course.go")->isEnabled());
        QVERIFY(testing::visibleLabels(desk.lessons.course()).contains("not JSON"));
        choose("Mine");
        desk.click("course.go");
        QCOMPARE(desk.lessons.guide().row()->lesson.id, std::string("mine"));
        desk.press(Qt::Key_F2);  // the list reads the folder anew while its lesson is open
        QCOMPARE(desk.lessons.guide().row()->lesson.id, std::string("mine"));
        desk.click("course.parts");
        QVERIFY(desk.teacher.panel().isVisible());
    }

private:
    QTemporaryDir m_home;
};

QTEST_MAIN(TeacherActionsTest)
#include "teacher_actions_test.moc"
