#include <QLineEdit>
#include <QListWidget>
#include <QShortcut>
#include <QtTest>

#include "core/config/comparisons.h"
#include "core/config/presets.h"
#include "core/explain/statements/statement.h"
#include "core/learn/lesson.h"
#include "core/learn/questions.h"
#include "tests/core/runs/small_task.h"
#include "tests/patience.h"
#include "ui/forms/experiment_panel.h"
#include "ui/forms/field_row.h"
#include "ui/forms/settings_form.h"
#include "ui/lessons/lesson_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/theme.h"
#include "ui/window/ask_actions.h"
#include "ui/window/ask_palette.h"
#include "ui/window/file_actions.h"
#include "ui/window/lesson_actions.h"
#include "ui/window/main_window.h"

using namespace lab;

namespace {

/// A whole window whose settings and session lie in a folder of the test's own.
struct AskDesk {
    AskDesk() {
        files.begin();
        window.resize(1280, 800);
        window.show();
        ask = files.findChild<AskActions*>();
    }
    ~AskDesk() { workspace.stop(); }

    AskPalette* palette() {
        window.actions().find("help.ask")->trigger();
        return window.findChild<AskPalette*>();
    }
    QString page() const { return window.place().page; }

    QTemporaryDir folder;
    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    FileActions files{window, folder.filePath("settings.ini"), folder.filePath("session.safetensors")};
    AskActions* ask = nullptr;
};

LearnerQuestion aboutMix() {
    LearnerQuestion question;
    question.ask = "What is summed?";
    question.show.place = "explain?stage=mix";
    return question;
}

}  // namespace

class AskTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void aQuestionIsAnsweredBesideTheList() {
        AskDesk desk;
        QVERIFY(!learnerQuestions().empty());
        const LearnerQuestion& question = learnerQuestions().front();
        AskPalette* palette = desk.palette();
        QTest::keyClicks(&palette->field(), QString::fromStdString(question.ask));
        QCOMPARE(palette->list().item(0)->text(), QString::fromStdString(question.ask));
        QVERIFY(!palette->answer().isEmpty());
        QCOMPARE(palette->showButton().text(), QStringLiteral("Show me"));
        QTest::keyClicks(&palette->field(), " zebra");
        QVERIFY(palette->isVisible());
    }

    void everyKindOfThingIsFound_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("line");
        QTest::newRow("a command") << "pin step"
                                   << "Training: Pin the step shown";
        QTest::newRow("a page") << "page positions"
                                << "Pages: Page Positions";
        QTest::newRow("a preset") << "preset llama"
                                  << "Preset: ";
        QTest::newRow("a setting") << "num_kv_heads"
                                   << "Setting: model.num_kv_heads";
        QTest::newRow("a comparison") << "softmax linear attention"
                                      << "Comparing: Softmax / linear attention";
    }
    void everyKindOfThingIsFound() {
        QFETCH(QString, typed);
        QFETCH(QString, line);
        AskDesk desk;
        AskPalette* palette = desk.palette();
        QTest::keyClicks(&palette->field(), typed);
        bool found = false;
        for (int i = 0; i < palette->list().count(); ++i) found = found || palette->list().item(i)->text().startsWith(line);
        QVERIFY(found);
    }

    /// Before questions that mean it by another word, and before longer names.
    void aPresetsNameTypedWholeComesFirst() {
        AskDesk desk;
        AskPalette* palette = desk.palette();
        QTest::keyClicks(&palette->field(), "reverse");
        QCOMPARE(palette->list().item(0)->text(), QStringLiteral("Preset: Reverse"));
    }

    void whatALessonAnswersLeadsToIt_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("lesson");
        QTest::newRow("why") << "why does the anti-diagonal form when reversing"
                             << "reverse";
        QTest::newRow("shorter") << "why does the anti-diagonal form"
                                 << "reverse";
        QTest::newRow("weight") << "why is the weight not 1 but all answers are right"
                                << "reverse";
        QTest::newRow("title") << "lesson softmax by hand"
                               << "softmax";
        QTest::newRow("begin") << "where do I begin to understand attention"
                               << "query-key-value";
    }
    void whatALessonAnswersLeadsToIt() {
        QFETCH(QString, typed);
        QFETCH(QString, lesson);
        AskDesk desk;
        AskPalette* palette = desk.palette();
        palette->field().setText(typed);
        const LessonRow* row = findLesson(lesson.toStdString());
        const QString line = "Lesson: " + lessonPlain(row->texts.at("en").title);
        QStringList found;
        for (int i = 0; i < std::min(palette->list().count(), 3); ++i) found << palette->list().item(i)->text();
        QVERIFY2(found.contains(line), qPrintable(found.join("; ")));
        palette->list().setCurrentRow(static_cast<int>(found.indexOf(line)));
        QCOMPARE(palette->answer(), QString::fromStdString(row->texts.at("en").about));
        QTest::mouseClick(palette->list().viewport(), Qt::LeftButton, {},
                          palette->list().visualItemRect(palette->list().currentItem()).center());
        QCOMPARE(desk.files.findChild<LessonActions*>()->guide().row(), row);
    }

    /// Whoever asks as a lesson does finds it, if behind a question that is answered at once.
    void everyLessonAnswersWhatItSays() {
        AskDesk desk;
        QStringList missing;
        for (const LessonRow& row : lessons())
            for (const QString& ask : QString::fromStdString(row.texts.at("en").asks).split("\n")) {
                AskPalette* palette = desk.palette();
                palette->field().setText(ask);
                const QString line = "Lesson: " + lessonPlain(row.texts.at("en").title);
                bool found = false;
                for (int i = 0; i < palette->list().count(); ++i) found = found || palette->list().item(i)->text() == line;
                if (!found) missing << ask;
                palette->close();
                QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
            }
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join("; ")));
    }

    void statementsAreFoundByTheirWordsAndShown() {
        AskDesk desk;
        explain::Topic last = explain::Topic::learning;
        for (const explain::Statement& each : explain::statements()) {
            if (std::exchange(last, each.topic) == each.topic) continue;  // one of each topic
            const QString claim = plainFormula(shown(each.claim));
            AskPalette* palette = desk.palette();
            palette->field().setText(claim);
            QVERIFY2(palette->list().item(0) && palette->list().item(0)->text().endsWith(claim), qPrintable(claim));
            QVERIFY2(!palette->answer().contains(shown(each.why)), "who finds it judges it first");
            QTest::keyClick(&palette->field(), Qt::Key_Return);
            QCOMPARE(desk.page(), QString("explain"));
            QCOMPARE(desk.window.place().stage, "statement." + QString::fromUtf8(each.id.data(), static_cast<qsizetype>(each.id.size())));
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        }
    }

    void everyStatementIsShownInAPlaceThatThereIs() {
        AskDesk desk;
        for (const explain::Statement& each : explain::statements()) {
            const std::optional<Place> place = Place::parse(QString::fromUtf8(each.place));
            QVERIFY(place && desk.window.showPlace(*Place::parse("explain?stage=example.none")));
            QTRY_VERIFY2(desk.window.showPlace(*place), each.place);
        }
    }

    void aSettingIsOpenedAtItsRow() {
        AskDesk desk;
        desk.window.experimentPanel().setFolded(true);
        QVERIFY(desk.window.experimentPanel().reveal("training.schedule.warmup_steps"));
        QVERIFY(!desk.window.experimentPanel().isFolded());
        FieldRow& row = desk.window.experimentPanel().form().row("training.schedule.warmup_steps");
        QVERIFY(row.isVisibleTo(&desk.window));
        QVERIFY(!desk.window.experimentPanel().reveal("model.position.rope.base"));  // sinusoidal positions have none
    }

    void whatIsShownIsLeftAgainByGoingBack() {
        AskDesk desk;
        Run* run = desk.focus.run();
        desk.window.showPage(0);
        QVERIFY(!desk.window.actions().find("help.back")->isEnabled());
        QVERIFY(desk.ask->show(aboutMix()));
        QCOMPARE(desk.page(), QStringLiteral("explain"));
        desk.window.actions().find("help.back")->trigger();
        QCOMPARE(desk.page(), QStringLiteral("train"));
        QCOMPARE(desk.focus.run(), run);
        QVERIFY(!desk.window.actions().find("help.back")->isEnabled());
    }

    /// A trained run is there again, with its steps, after an answer that needed another model.
    void anotherModelIsOpenedBesideAndNothingIsLost() {
        AskDesk desk;
        Run* run = desk.window.session().openTask(smallTask(20));
        run->train();
        QTRY_COMPARE_WITH_TIMEOUT(run->state(), Run::State::finished, patience);
        LearnerQuestion question = aboutMix();
        question.show.preset = "llama-small";
        QVERIFY(desk.ask->show(question));
        QVERIFY(desk.focus.run() != run);
        QCOMPARE(desk.window.session().presetName(), std::string("llama-small"));
        desk.ask->goBack();
        QCOMPARE(desk.focus.run(), run);
        QCOMPARE(run->step(), 20);
    }

    /// A run without a step goes when another takes its place: its preset is opened again.
    void anUntrainedPresetIsThereAgain() {
        AskDesk desk;
        const std::string before = desk.window.session().presetName();
        LearnerQuestion question = aboutMix();
        question.show.preset = "llama-small";
        QVERIFY(!before.empty() && desk.ask->show(question));
        desk.ask->goBack();
        QCOMPARE(desk.window.session().presetName(), before);
    }

    /// Its weights are what it is about: it is not trained, its own input is shown, and what was open is there again.
    void aWorkedExampleIsARunOfItsOwn() {
        AskDesk desk;
        const std::string before = desk.window.session().presetName();
        QVERIFY(desk.window.showPlace(*Place::parse(QStringLiteral("explain?stage=example.le-chat-2"))));
        QCOMPARE(desk.window.session().presetName(), std::string("example:le-chat-2"));
        QCOMPARE(desk.focus.run()->state(), Run::State::paused);
        QCOMPARE(desk.focus.input().tokens.size(), 3U);
        QCOMPARE(desk.focus.sampleIndex(), -1);
        QCOMPARE(desk.page(), QStringLiteral("explain"));
        QTRY_VERIFY_WITH_TIMEOUT(desk.focus.trace(), patience);
        QTRY_COMPARE_WITH_TIMEOUT(desk.window.place().stage, QStringLiteral("weights"), patience);
        desk.ask->goBack();
        QCOMPARE(desk.window.session().presetName(), before);
        QVERIFY(!desk.window.showPlace(*Place::parse(QStringLiteral("explain?stage=example.nowhere"))));
    }

    void thePaletteFindsExamples() {
        AskDesk desk;
        AskPalette* palette = desk.palette();
        auto* line = palette->findChild<QLineEdit*>();
        line->setText(QStringLiteral("example padded sentences"));
        auto* list = palette->findChild<QListWidget*>();
        QVERIFY(list->count() > 0);
        QVERIFY2(list->item(0)->text().contains(QStringLiteral("Three sentences")), qPrintable(list->item(0)->text()));
    }

    /// In Explain as elsewhere: no page takes the key for something else.
    void theKeysLeadThereAndBack() {
        AskDesk desk;
        desk.window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        QVERIFY(desk.ask->show(aboutMix()));
        QCOMPARE(desk.page(), QStringLiteral("explain"));
        QTest::keyClick(&desk.window, Qt::Key_Home, Qt::AltModifier);
        QTRY_COMPARE(desk.page(), QStringLiteral("train"));
        QTest::keyClick(&desk.window, Qt::Key_K, Qt::ControlModifier);
        QTRY_VERIFY(desk.window.findChild<AskPalette*>());
    }

    /// No two actions have a key in common, and none has one of a page's own: neither would do anything.
    void noKeyMeansTwoThings() {
        AskDesk desk;
        QStringList taken;
        for (const QAction* action : desk.window.actions().all())
            for (const QKeySequence& key : action->shortcuts()) taken << key.toString();
        for (const QShortcut* own : desk.window.findChildren<QShortcut*>()) {
            QVERIFY2(!taken.contains(own->key().toString()), qPrintable(own->key().toString()));
        }
        const auto actions = taken.size();
        taken.removeDuplicates();
        QCOMPARE(taken.size(), actions);
    }

    void everyTargetExists() {
        for (const LearnerQuestion& question : learnerQuestions()) {
            const QuestionTarget& target = question.show;
            QVERIFY2(target.preset.empty() || findPreset(target.preset), question.id.c_str());
            const auto named = [&](const ClassicComparison& each) { return target.comparison.ends_with("-" + each.key); };
            QVERIFY2(target.comparison.empty() || std::ranges::any_of(comparisons(), named), question.id.c_str());
        }
    }

    /// Each place on the model it is about, with its picture.
    void everyPlaceIsShown() {
        AskDesk desk;
        QStringList missing;
        std::vector<const LearnerQuestion*> byPreset;
        for (const LearnerQuestion& question : learnerQuestions())
            if (question.show.comparison.empty()) byPreset.push_back(&question);
        std::ranges::stable_sort(byPreset, {}, [](const LearnerQuestion* each) { return each->show.preset; });
        for (const LearnerQuestion* question : byPreset) {
            if (question->show.preset.empty() && desk.window.session().presetName() != "reverse")
                desk.window.session().openPreset("reverse");
            const bool shown = desk.ask->show(*question);
            if (desk.focus.run()) desk.focus.run()->pause();
            Page& page = *desk.window.pages()[static_cast<std::size_t>(desk.window.pageIndex())];
            QTRY_VERIFY_WITH_TIMEOUT(page.catchUp(), patience);
            // Once more with everything there: before its first picture a page takes any stage's name.
            const std::optional<Place> place = Place::parse(QString::fromStdString(question->show.place));
            if (!shown || (place && !desk.window.showPlace(*place)))
                missing << QString::fromStdString(question->id) + ": " + desk.window.problem();
        }
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QStringLiteral("; "))));
    }
};

QTEST_MAIN(AskTest)
#include "ask_test.moc"
