#include "ui/window/file_actions.h"

#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <limits>

#include "core/config/presets.h"
#include "core/config/validation.h"
#include "core/io/checkpoint.h"
#include "core/io/experiment_file.h"
#include "core/io/session_file.h"
#include "core/model/initialise.h"
#include "core/runs/session_run.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "ui/forms/experiment_panel.h"
#include "ui/forms/field_row.h"
#include "ui/forms/settings_form.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/error_strip.h"
#include "ui/widgets/notice_strip.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/theme.h"
#include "ui/window/about_dialog.h"
#include "ui/window/main_window.h"
#include "ui/window/shortcuts_dialog.h"

using namespace lab;

namespace {

/// Answers in the person's place.
class AnsweringActions : public FileActions {
public:
    using FileActions::FileActions;
    Answer askAboutChanges(const QString&) override {
        ++questions;
        return answer;
    }
    Answer answer = Answer::cancel;
    int questions = 0;
};

Experiment endlessExperiment() {
    return smallExperiment({.name = "Small", .length = 4, .train = 64, .validation = 8, .d_model = 8, .steps = 100000, .batch = 8});
}

/// A whole window whose settings and session lie in a folder of the test's own.
class FilesDesk {
public:
    explicit FilesDesk(const QString& folder, const QString& session = {})
        : files(window, folder + QStringLiteral("/settings.ini"),
                session.isEmpty() ? folder + QStringLiteral("/session.safetensors") : session) {}
    void begin() {
        files.begin();
        window.resize(1280, 800);
        window.show();
    }
    /// With small.json in this folder as the document.
    bool beginWithSmall(const QString& folder) {
        const QString path = folder + QStringLiteral("/small.json");
        saveExperiment(path.toStdString(), endlessExperiment());
        begin();
        return window.session().openFile(path);
    }
    QAction* action(const char* name) { return window.actions().find(QLatin1String(name)); }
    void type(const char* path, const QString& text) {
        auto* line = qobject_cast<QLineEdit*>(&window.experimentPanel().form().row(path).editor());
        line->selectAll();
        QTest::keyClicks(line, text);
    }
    ErrorStrip* problem() { return window.findChild<ErrorStrip*>(); }

    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    AnsweringActions files;
};

Page& pageOf(const FilesDesk& desk, const char* name) {
    return *desk.window.pages()[static_cast<std::size_t>(desk.window.indexOf(QLatin1String(name)))];
}

}  // namespace

class FileActionsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        Theme::instance().apply();
    }

    void theFirstStartShowsReverse() {
        QTemporaryDir folder;
        FilesDesk desk(folder.path());
        desk.begin();
        QVERIFY(desk.focus.run());
        QCOMPARE(desk.focus.run()->experiment().training.steps, 3900);
        QCOMPARE(desk.window.experimentPanel().draft().name, std::string("Reverse"));
        QVERIFY(desk.window.windowTitle().startsWith(QStringLiteral("Reverse[*]")));
        QVERIFY(!desk.window.isWindowModified());
    }

    void aChosenPresetIsTakenBackByOneKey() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("small.json"));
        saveExperiment(path.toStdString(), endlessExperiment());
        FilesDesk desk(folder.path());
        desk.begin();
        Session& session = desk.window.session();
        QVERIFY(session.openFile(path));
        Run* small = desk.focus.run();
        small->stepOnce();
        QTRY_COMPARE(small->step(), 1);
        desk.type("training.steps", QStringLiteral("77"));
        desk.files.answer = SessionHost::Answer::discard;
        QVERIFY(session.openPreset("swap"));
        QCOMPARE(desk.workspace.runs().front(), small);
        QCOMPARE(desk.action("file.back")->shortcut(), QKeySequence(Qt::CTRL | Qt::Key_Z));
        desk.action("file.back")->trigger();
        QCOMPARE(desk.focus.run(), small);
        QVERIFY(desk.window.windowTitle().startsWith(QStringLiteral("small.json")));
        QCOMPARE(desk.window.experimentPanel().draft().training.steps, 100000);
    }

    /// By what is in it: neither results of a sweep nor own data.
    void aStateIsOneWhateverItsFileIsCalled() {
        QTemporaryDir folder;
        const QString settings = folder.filePath(QStringLiteral("small.json")),
                      state = folder.filePath(QStringLiteral("state.safetensors"));
        saveExperiment(settings.toStdString(), endlessExperiment());
        {
            FilesDesk desk(folder.path());
            desk.begin();
            QVERIFY(desk.window.session().openFile(settings));
            desk.focus.run()->stepOnce();
            QTRY_COMPARE(desk.focus.run()->step(), 1);
            QSignalSpy saved(&desk.window.session(), &Session::saved);
            QVERIFY(desk.window.session().saveTo(state));
            QTRY_COMPARE(saved.size(), 1);
        }
        for (const char* name : {"state.csv", "state.tsv", "state"}) {
            const QString copy = folder.filePath(QLatin1String(name));
            QVERIFY(QFile::copy(state, copy));
            QTemporaryDir elsewhere;
            FilesDesk desk(elsewhere.path());
            desk.begin();
            emit desk.window.fileWanted(copy);
            QVERIFY2(desk.focus.run()->step() == 1, name);
            QVERIFY(desk.window.windowTitle().startsWith(QLatin1String(name)));
        }
        FilesDesk started(folder.path());
        started.files.begin(std::filesystem::path(state.toStdString()).replace_filename("state.csv"));
        QCOMPARE(started.focus.run()->step(), 1);
    }

    void savingSaysWhatItSaves() {
        QTemporaryDir folder;
        FilesDesk desk(folder.path());
        QVERIFY(desk.beginWithSmall(folder.path()));
        QCOMPARE(desk.action("file.save")->text(), QStringLiteral("&Save the settings"));
        QVERIFY(desk.window.session().saveTo(folder.filePath(QStringLiteral("run.safetensors"))));
        QTRY_COMPARE(desk.action("file.save")->text(), QStringLiteral("&Save the run with its weights"));
    }

    void continuesFromAnEarlierStepWithAndWithoutChanges() {
        QTemporaryDir folder;
        FilesDesk desk(folder.path());
        QVERIFY(desk.beginWithSmall(folder.path()));
        Run* parent = desk.focus.run();
        parent->train();
        QTRY_VERIFY(parent->step() > 300);
        desk.focus.showStep(207);
        desk.action("time.continue")->trigger();
        QTRY_VERIFY(desk.focus.run() != parent);
        QPointer<Run> branch = desk.focus.run();
        QCOMPARE(branch->origin(), std::optional(RunOrigin{parent->name(), 207}));
        QCOMPARE(branch->state(), Run::State::training);
        QCOMPARE(parent->state(), Run::State::paused);
        QVERIFY2(desk.window.windowTitle().contains(QStringLiteral("from step 207")), qPrintable(desk.window.windowTitle()));
        QTRY_VERIFY(!branch->records().empty());
        QCOMPARE(branch->records().front().train.loss, parent->records()[207].train.loss);

        desk.focus.setRun(parent);
        QCOMPARE(desk.window.session().run(), parent);
        desk.type("training.optimizer.learning_rate", QStringLiteral("0.02"));
        desk.focus.showStep(207);
        desk.action("time.continue")->trigger();
        QTRY_VERIFY(desk.focus.run() != parent);
        QCOMPARE(desk.focus.run()->experiment().training.optimizer.learning_rate, 0.02);
        QCOMPARE(desk.window.session().experiment().training.optimizer.learning_rate, 0.02);
        QCOMPARE(desk.workspace.runs().size(), std::size_t{3});

        desk.focus.setRun(parent);
        desk.type("model.d_model", QStringLiteral("16"));
        desk.focus.showStep(100);
        desk.action("time.continue")->trigger();
        QTRY_VERIFY(desk.problem()->isVisible());
        QCOMPARE(desk.focus.run(), parent);
    }

    void aSessionComesBackWithItsPastAfterACrash() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("small.json"));
        saveExperiment(path.toStdString(), endlessExperiment());
        const QString session = folder.filePath(QStringLiteral("session.safetensors"));
        const QJsonObject judged{{"cache", 0}, {"bloom", 3}};
        std::vector<StepRecord> told;
        {
            FilesDesk desk(folder.path());
            desk.begin();
            QVERIFY(desk.window.session().openFile(path));
            Run* run = desk.focus.run();
            run->train();
            QTRY_VERIFY(run->step() > 300);
            run->pin(run->history().atOrBefore(57), QStringLiteral("fifty-seven"));
            desk.action("page.maps")->trigger();
            desk.focus.showSample(3);
            desk.focus.showStep(101);
            pageOf(desk, "explain").takeNotes(judged);
            desk.files.keeper().saveSoon();
            QTRY_VERIFY(QFile::exists(session));
            QTRY_VERIFY(!desk.files.keeper().isSaving());
            told = run->records();
        }  // no end(): as if the program had been killed
        FilesDesk again(folder.path());
        again.begin();
        QCOMPARE(again.focus.run()->step(), 0);
        QVERIFY(again.window.notice().isVisible());
        QVERIFY2(again.window.notice().accessibleName().contains(QStringLiteral("Small")),
                 qPrintable(again.window.notice().accessibleName()));
        again.action("session.restore")->trigger();
        QVERIFY(!again.window.notice().isVisible());
        QCOMPARE(again.window.pages()[static_cast<std::size_t>(again.window.pageIndex())]->iconName(), QStringLiteral("maps"));
        QCOMPARE(again.focus.sampleIndex(), 3);
        QCOMPARE(again.focus.wantedStep(), 101);
        QCOMPARE(pageOf(again, "explain").notes(), judged);
        Run* run = again.focus.run();
        QVERIFY(run->step() > 300);
        QCOMPARE(run->history().pins().at(57), std::string("fifty-seven"));
        QCOMPARE(run->history().checkpoints().front()->step, 0);
        for (const StepRecord& record : run->records()) {
            const StepRecord& before = told[static_cast<std::size_t>(record.step - 1)];
            QCOMPARE(record.train.loss, before.train.loss);
            QCOMPARE(record.validation.has_value(), before.validation.has_value());
            QCOMPARE(record.tokens, before.tokens);
        }
        again.focus.showStep(223);
        QTRY_COMPARE(again.focus.shownStep(), 223);
        run->train();
        const std::int64_t resumed = run->step();
        QTRY_VERIFY(run->step() > resumed + 5);
        QCOMPARE(run->records()[static_cast<std::size_t>(resumed)].step, resumed + 1);
    }

    void thePresetMenuOpensAndMarks() {
        QTemporaryDir folder;
        FilesDesk desk(folder.path());
        desk.begin();
        QList<QAction*> presets;
        for (QMenu* menu : desk.window.findChildren<QMenu*>())
            for (QAction* action : menu->actions())
                if (action->objectName().startsWith(QStringLiteral("preset."))) presets << action;
        QVERIFY(presets.size() >= 18);
        const auto named = [&presets](const char* name) {
            return *std::find_if(presets.begin(), presets.end(), [name](QAction* a) { return a->objectName() == QLatin1String(name); });
        };
        QCOMPARE(static_cast<std::size_t>(presets.size()), lab::presets().size());
        for (QMenu* menu : desk.window.findChildren<QMenu*>()) emit menu->aboutToShow();
        for (const QAction* action : presets) {
            const QString sentence = action->text().section(QLatin1Char('\n'), 1);
            QVERIFY2(sentence.size() > 40 && !action->icon().isNull(), qPrintable(action->objectName()));
        }
        // Sorted by what they show: families of one section stand together under its heading.
        QStringList headings, families;
        for (const QAction* action : desk.window.presetMenu()->actions()) (action->isSeparator() ? headings : families) << action->text();
        QVERIFY(headings.size() == 8 && !headings.contains(QString()));
        QVERIFY(families.indexOf("Reverse") < families.indexOf("Sort") && families.indexOf("Sort") < families.indexOf("Copy"));
        QVERIFY(families.indexOf("Copy") < families.indexOf("Words") && families.indexOf("Words") < families.indexOf("Paper"));
        QVERIFY(families.contains("Induction") && families.contains("Regression") && families.contains("ViT"));
        QVERIFY(families.indexOf("Regression") < families.indexOf("ViT") && families.indexOf("ViT") < families.indexOf("Words"));
        QCOMPARE(named("preset.regression-softmax")->parent(), named("preset.regression")->parent());
        QVERIFY(named("preset.reverse")->isChecked());
        named("preset.sort-kv")->trigger();
        QVERIFY(desk.focus.run()->experiment().task.kind == "sort");
        QVERIFY(named("preset.sort-kv")->isChecked());
        QVERIFY(!named("preset.reverse")->isChecked());

        desk.type("training.steps", QStringLiteral("10"));
        QVERIFY(desk.window.isWindowModified());
        named("preset.reverse")->trigger();  // the answer is Cancel
        QCOMPARE(desk.files.questions, 1);
        QVERIFY(named("preset.sort-kv")->isChecked());
        QVERIFY(desk.focus.run()->experiment().task.kind == "sort");
    }

    void trainOnADraftStartsANewRun() {
        QTemporaryDir folder;
        FilesDesk desk(folder.path());
        desk.begin();
        const Run* before = desk.focus.run();
        desk.type("model.d_model", QStringLiteral("16"));
        QCOMPARE(desk.focus.run(), before);
        desk.action("train.toggle")->trigger();
        QCOMPARE(desk.focus.run()->experiment().model.d_model, 16);
        QVERIFY(!desk.window.experimentPanel().hasChanges());
        QVERIFY(desk.window.experimentPanel().form().row("model.d_model").isChanged());
        QTRY_VERIFY(desk.focus.run()->step() > 0);
    }

    void newRunDoesNotTrainYet() {
        QTemporaryDir folder;
        FilesDesk desk(folder.path());
        desk.begin();
        desk.type("model.num_layers", QStringLiteral("2"));
        desk.window.experimentPanel().newRunButton().click();
        QCOMPARE(desk.focus.run()->experiment().model.num_layers, 2);
        QCOMPARE(desk.focus.run()->state(), Run::State::paused);
    }

    void anErrorInTheSettingsKeepsFromTraining() {
        QTemporaryDir folder;
        FilesDesk desk(folder.path());
        desk.begin();
        Run* before = desk.focus.run();
        desk.type("model.num_heads", QStringLiteral("3"));
        desk.action("train.toggle")->trigger();
        QCOMPARE(desk.focus.run(), before);
        QCOMPARE(before->state(), Run::State::paused);
        // The panel says it once; while it is folded the window does.
        QVERIFY(!desk.problem()->isVisible());
        QVERIFY(desk.window.experimentPanel().problem().sentence().contains(QStringLiteral("3 does not divide")));
        desk.window.experimentPanel().setFolded(true);
        desk.action("train.toggle")->trigger();
        QVERIFY(desk.problem()->isVisible());
        QVERIFY(desk.problem()->accessibleDescription().contains(QStringLiteral("3 does not divide")));
    }

    void aBrokenFileIsToldInTheWindow() {
        QTemporaryDir folder;
        FilesDesk desk(folder.path());
        desk.begin();
        const Run* before = desk.focus.run();
        desk.files.open(folder.path() + QStringLiteral("/none.json"));
        QCOMPARE(desk.focus.run(), before);
        QVERIFY(desk.problem()->isVisible());
        QVERIFY(desk.problem()->accessibleName().contains(QStringLiteral("none.json")));
    }

    void aBrokenFileOnTheCommandLineIsToldToo() {
        QTemporaryDir folder;
        const QString path = folder.path() + QStringLiteral("/broken.safetensors");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("garbage") == 7);
        file.close();
        FilesDesk desk(folder.path());
        desk.files.begin(path.toStdString());
        desk.window.show();
        QVERIFY(desk.focus.run());
        QVERIFY(desk.problem()->isVisible());
        QVERIFY(desk.problem()->accessibleName().contains(QStringLiteral("broken.safetensors")));
    }

    /// Meanwhile there is something to look at.
    void aLargeFileOnTheCommandLineIsReadBesideTheWindow() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("large.safetensors"));
        Experiment large = endlessExperiment();
        large.name = "Large";
        large.model.vocab_size = 400'000;
        large = resolved(large);
        const Model model(large.model);
        writeCheckpoint(path.toStdString(), large, {}, model.layout(), initialWeights(model, large.training.seed));
        FilesDesk desk(folder.path());
        desk.files.begin(path.toStdString());
        desk.window.show();
        QCOMPARE(desk.window.session().presetName(), std::string("reverse"));
        QTRY_COMPARE(desk.window.session().title(), QStringLiteral("large.safetensors"));
        QVERIFY(desk.window.problem().isEmpty());
        // One that is broken says so, and what is open stays.
        QFile broken(path);
        QVERIFY(broken.resize(broken.size() - 1));
        desk.files.begin(path.toStdString());
        QTRY_VERIFY2(desk.window.problem().contains(QStringLiteral("large.safetensors cannot be opened")),
                     qPrintable(desk.window.problem()));
        QCOMPARE(desk.window.session().presetName(), std::string("reverse"));
    }

    void openedFilesAreRemembered() {
        QTemporaryDir folder;
        const QString file = folder.path() + QStringLiteral("/small.json");
        saveExperiment(file.toStdString(), endlessExperiment());
        {
            FilesDesk desk(folder.path());
            desk.begin();
            desk.files.open(file);
            QVERIFY(desk.window.windowTitle().startsWith(QStringLiteral("small.json")));
            QCOMPARE(desk.files.settings().recentFiles(), QStringList{file});
        }
        FilesDesk next(folder.path());
        QCOMPARE(next.files.settings().recentFiles(), QStringList{file});
    }

    void theThemeIsRemembered() {
        QTemporaryDir folder;
        {
            FilesDesk desk(folder.path());
            desk.begin();
            desk.action("theme.dark")->trigger();
            QVERIFY(Theme::instance().dark());
        }
        Theme::instance().setMode(Theme::Mode::light);
        FilesDesk next(folder.path());
        QVERIFY(Theme::instance().dark());
        QVERIFY(next.action("theme.dark")->isChecked());
        next.action("theme.light")->trigger();
        QVERIFY(!Theme::instance().dark());
    }

    void aSessionIsOfferedAtTheNextStart() {
        QTemporaryDir folder;
        const QString file = folder.path() + QStringLiteral("/small.json");
        saveExperiment(file.toStdString(), endlessExperiment());
        std::int64_t step = 0;
        Input own;
        {
            FilesDesk desk(folder.path());
            desk.begin();
            desk.files.open(file);
            desk.action("train.toggle")->trigger();
            QTRY_VERIFY(desk.focus.run()->step() > 0);
            own = desk.focus.input();
            own.tokens[0] = (own.tokens[0] + 1) % 5;
            desk.focus.setInput(own);
            desk.focus.select({0, 0, 2, 1});
            desk.files.end();  // in the middle of the training
            step = desk.workspace.finalState(desk.focus.run())->step;
        }
        {
            FilesDesk next(folder.path());
            next.begin();
            next.action("session.restore")->trigger();
            QCOMPARE(next.focus.run()->step(), step);
            QVERIFY(next.focus.input().tokens == own.tokens && next.focus.sampleIndex() < 0);
            QVERIFY(next.focus.selection() == (Selection{0, 0, 2, 1}));
            QVERIFY(next.window.windowTitle().startsWith(QStringLiteral("small.json")));
            QVERIFY(!next.window.isWindowModified());
            next.files.end();
        }
        FilesDesk last(folder.path());
        last.begin();
        QVERIFY(last.window.notice().isVisible());
    }

    void startingFreshLosesNothing() {
        QTemporaryDir folder;
        const QString file = folder.path() + QStringLiteral("/small.json");
        saveExperiment(file.toStdString(), endlessExperiment());
        const auto trainSome = [&](std::int64_t least) {
            FilesDesk desk(folder.path());
            desk.begin();
            desk.files.open(file);
            desk.action("train.toggle")->trigger();
            if (!QTest::qWaitFor([&] { return desk.focus.run()->step() > least; }, patience)) return std::int64_t{-1};
            desk.files.end();
            return desk.workspace.finalState(desk.focus.run())->step;
        };
        const std::int64_t first = trainSome(50), second = trainSome(5);
        {
            FilesDesk looking(folder.path());  // opened and closed: nothing changes
            looking.begin();
            looking.action("session.fresh")->trigger();
            QVERIFY(!looking.window.notice().isVisible());
            looking.files.end();
        }
        FilesDesk desk(folder.path());
        desk.begin();
        desk.action("session.before")->trigger();
        QCOMPARE(desk.focus.run()->step(), first);
        desk.files.answer = SessionHost::Answer::discard;
        desk.action("session.restore")->trigger();
        QCOMPARE(desk.focus.run()->step(), second);
    }

    void twoProgramsKeepTwoSessions() {
        QTemporaryDir folder;
        FilesDesk one(folder.path()), two(folder.path());
        QVERIFY(one.files.keeper().file() != two.files.keeper().file());
    }

    void anyNumberOfProgramsKeepASessionEach() {
        QTemporaryDir folder;
        std::vector<std::unique_ptr<FilesDesk>> desks;
        QSet<QString> files;
        for (int i = 0; i < 12; ++i) {
            desks.push_back(std::make_unique<FilesDesk>(folder.path()));
            files.insert(desks.back()->files.keeper().file());
        }
        QCOMPARE(files.size(), 12);
    }

    /// Two windows at once, the second of which is closed first; the next start has one window.
    void everySessionIsOfferedTheNewestFirst() {
        QTemporaryDir folder;
        const QString file = folder.path() + QStringLiteral("/small.json");
        saveExperiment(file.toStdString(), endlessExperiment());
        const auto stepsTo = [&](FilesDesk& desk, std::int64_t step) {
            desk.begin();
            desk.files.open(file);
            while (desk.focus.run()->step() < step) {
                const std::int64_t before = desk.focus.run()->step();
                desk.action("train.step")->trigger();
                if (!QTest::qWaitFor([&] { return desk.focus.run()->step() > before; }, patience)) return;
            }
        };
        QString older, newer;
        {
            FilesDesk one(folder.path()), two(folder.path());
            stepsTo(one, 2);
            stepsTo(two, 3);
            one.files.end();
            two.files.end();
            older = one.files.keeper().file();
            newer = two.files.keeper().file();
            QFile last(newer);
            QVERIFY(last.open(QIODevice::ReadWrite) &&
                    last.setFileTime(QDateTime::currentDateTime().addSecs(60), QFileDevice::FileModificationTime));
        }
        FilesDesk next(folder.path());
        next.begin();
        QVERIFY(next.window.notice().isVisible());
        QCOMPARE(next.files.keeper().found().size(), std::size_t(2));
        QCOMPARE(next.files.keeper().found().front().file, newer);
        FilesDesk beside(folder.path());  // what one has the other is not offered
        QCOMPARE(beside.files.keeper().found().size(), std::size_t(1));
        QCOMPARE(beside.files.keeper().last()->step, 2);
        next.action("session.restore")->trigger();
        QCOMPARE(next.focus.run()->step(), 3);
        QVERIFY(beside.files.keeper().restore(older));
        QCOMPARE(beside.focus.run()->step(), 2);
    }

    void aRunThatCannotBeRestoredCostsNoOther() {
        QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath(QStringLiteral("session.safetensors")).toStdString();
        {
            FilesDesk desk(folder.path());
            desk.begin();
            desk.action("train.step")->trigger();
            QTRY_COMPARE(desk.focus.run()->step(), 1);
            desk.files.end();
        }
        SessionFile session = sessionOf(readCheckpoint(file), layoutOf);
        session.runs.push_back(session.runs.front());
        TrainingState broken = *session.runs[1].present;
        broken.weights.front() = std::numeric_limits<float>::quiet_NaN();
        session.runs[1].present = std::make_shared<const TrainingState>(std::move(broken));
        writeSessionOfRuns(file, session);
        FilesDesk desk(folder.path());
        desk.begin();
        desk.action("session.restore")->trigger();
        QCOMPARE(desk.workspace.runs().size(), std::size_t(1));
        QCOMPARE(desk.focus.run()->step(), 1);
        QCOMPARE(desk.window.problem(), QString("Not every run of the session could be restored"));
        QVERIFY(desk.problem()->accessibleDescription().contains("not finite"));
        desk.action("train.step")->trigger();
        QTRY_COMPARE(desk.focus.run()->step(), 2);
        desk.files.end();
        QCOMPARE(readSessionSummary(desk.files.keeper().fileBefore().toStdString()).runs, std::size_t(2));  // what was found is still there
    }

    void withoutASessionOneSentenceSaysSo() {
        QTemporaryDir folder;
        FilesDesk desk(folder.path());
        desk.begin();
        desk.action("session.restore")->trigger();
        QCOMPARE(desk.window.problem(), QString("There is no session to continue yet"));
        desk.action("session.before")->trigger();
        QCOMPARE(desk.window.problem(), QString("There is no session to continue yet"));
    }

    void aFolderThatVanishesIsMadeAgainAndOneThatCannotBeIsSaid() {
        QTemporaryDir folder;
        const QString session = folder.filePath(QStringLiteral("deep/session.safetensors"));
        FilesDesk desk(folder.path(), session);
        desk.begin();
        desk.action("train.step")->trigger();
        QTRY_COMPARE(desk.focus.run()->step(), 1);
        QVERIFY(QDir(folder.filePath(QStringLiteral("deep"))).removeRecursively());
        desk.files.keeper().saveSoon();
        QTRY_VERIFY(QFile::exists(session));

        // A file where the folder was: it cannot be made.
        QVERIFY(QDir(folder.filePath(QStringLiteral("deep"))).removeRecursively());
        QFile wall(folder.filePath(QStringLiteral("deep")));
        QVERIFY(wall.open(QIODevice::WriteOnly));
        desk.action("train.step")->trigger();
        QTRY_COMPARE(desk.focus.run()->step(), 2);
        QTRY_VERIFY(!desk.files.keeper().isSaving());
        desk.files.keeper().saveSoon();
        QTRY_VERIFY(desk.problem()->isVisible());
        QVERIFY2(desk.problem()->accessibleDescription().contains(session), qPrintable(desk.problem()->accessibleDescription()));

        // Mended, it is saved the next time, and the sentence goes.
        QVERIFY(wall.remove());
        QTRY_VERIFY(!desk.files.keeper().isSaving());
        desk.files.keeper().saveSoon();
        QTRY_VERIFY(QFile::exists(session));
        QTRY_VERIFY(!desk.problem()->isVisible());
    }

    void aSessionThatCannotBeReadIsSaidAndKept() {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("session.safetensors")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("garbage") == 7);
        file.close();
        FilesDesk desk(folder.path());
        desk.begin();
        QVERIFY(desk.problem()->isVisible());
        QVERIFY(!desk.window.notice().isVisible());
        desk.action("train.step")->trigger();
        QTRY_COMPARE(desk.focus.run()->step(), 1);
        desk.files.end();
        QCOMPARE(QFile(desk.files.keeper().fileBefore()).size(), 7);
    }

    void closingKeepsTheSessionFirst() {
        QTemporaryDir folder;
        FilesDesk desk(folder.path());
        desk.begin();
        desk.action("train.toggle")->trigger();
        QTRY_VERIFY(desk.focus.run()->step() > 3);
        desk.window.close();
        QTRY_VERIFY(!desk.window.isVisible());
        QCOMPARE(readSessionSummary(desk.files.keeper().file().toStdString()).step, desk.focus.run()->step());
    }

    void aboutSaysWhatItComputesWith() {
        QTemporaryDir folder;
        FilesDesk desk(folder.path());
        desk.begin();
        desk.action("help.about")->trigger();
        auto* dialog = desk.window.findChild<AboutDialog*>();
        QVERIFY(dialog);
        QVERIFY(dialog->isVisible());
        for (const char* fact : {"Version: ", "Instruction set: ", "Threads: ", "Processor: "})
            QVERIFY2(computedWith().contains(QLatin1String(fact)), fact);
    }

    void everyShortcutIsListedOnce() {
        QTemporaryDir folder;
        FilesDesk desk(folder.path());
        QStringList keys;
        for (const KeyGroup& group : shortcutGroups(desk.window.actions()))
            for (const auto& entry : group.entries) keys << entry.first;
        QVERIFY(keys.contains(QStringLiteral("Ctrl+S")));
        QVERIFY(keys.contains(QStringLiteral("F1")));
        QCOMPARE(keys.removeDuplicates(), 0);
    }
};

QTEST_MAIN(FileActionsTest)
#include "file_actions_test.moc"
