#include "ui/window/sweep_actions.h"

#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "core/base/files.h"
#include "core/sweep/run_sweep.h"
#include "tests/patience.h"
#include "ui/documents/session.h"
#include "ui/pages/sweeps/sweep_table.h"
#include "ui/pages/sweeps/sweeps_page.h"
#include "ui/pages/train/train_page.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/meter.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"

using namespace lab;
namespace fs = std::filesystem;

namespace {

const std::string smallGrid = R"({ "format": "attention-lab/sweep", "version": 1, "name": "Small", "base": "reverse",
  "set": { "training.steps": 12, "training.batch_size": 16, "training.validate_every": 5, "task.seq_len": 6, "task.train_size": 128,
           "task.validation_size": 16, "task.test_size": 32, "model.d_model": 16 },
  "grid": { "model.attention.form": ["qkv", "kv"], "training.seed": [1, 2] } })";

/// A whole window whose settings and session lie in a folder of the test's own.
struct SweepDesk {
    explicit SweepDesk(const std::optional<fs::path>& file = {})
        : files(window, folder.filePath(QStringLiteral("settings.ini")), folder.filePath(QStringLiteral("session.safetensors"))) {
        files.begin(file);
        window.resize(1280, 800);
        window.show();
        page = &window.pages().get<SweepsPage>();
        actions = files.findChild<SweepActions*>();
    }
    ~SweepDesk() { files.end(); }

    SweepDialog* dialog() { return window.findChild<SweepDialog*>(); }
    bool onSweepsPage() { return window.pages()[static_cast<std::size_t>(window.pageIndex())] == page; }

    QTemporaryDir folder;
    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    FileActions files;
    SweepsPage* page = nullptr;
    SweepActions* actions = nullptr;
};

}  // namespace

class SweepActionsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void aGridFileOpensTheFormAndRuns();
    void makesAGridFromThePresentExperiment();
    void saysWhatIsWrongWhereItIs();
    void offersTheBuiltInSweeps();
    void refusesTheFileOfAnotherGrid();
    void aGridThatCannotBeTypedRunsAsItIs();
    void aRowOpensAsARunOnEveryPage();
    void saysWhichFileOfARunIsMissing();
    void writesTheReport();
    void rememberedSweepsAreOfferedAtTheNextStart();
    void theFinishedResultIsOneClickAway();

private:
    fs::path at(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }
    QString text(const std::string& name) const { return QString::fromStdString(at(name).string()); }
    void makeResults(const std::string& name) const {
        SweepResults results(parseSweep(smallGrid, {}), at(name));
        runSweep(results, {0, 1, 2, 3}, 2, 2, {}, {});
    }
    QTemporaryDir m_folder;
};

void SweepActionsTest::initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    Theme::instance().apply();
    std::ofstream(at("grid.json")) << smallGrid;
    makeResults("done.csv");
}

void SweepActionsTest::aGridFileOpensTheFormAndRuns() {
    SweepDesk desk(at("grid.json"));
    QVERIFY(desk.onSweepsPage());
    QVERIFY(desk.dialog());
    QCOMPARE(desk.dialog()->nameField().text(), QStringLiteral("Small"));
    QCOMPARE(desk.dialog()->rows().size(), std::size_t{2});
    desk.dialog()->pathField().setText(text("started.csv"));
    emit desk.dialog()->pathField().textEdited(text("started.csv"));
    QTRY_VERIFY2(desk.dialog()->startButton().isEnabled(), qPrintable(desk.dialog()->verdict()));
    QVERIFY2(desk.dialog()->verdict().startsWith("4 runs; about "), qPrintable(desk.dialog()->verdict()));
    auto* progress = desk.window.findChild<Button*>(QStringLiteral("window.transport.sweep"));
    QVERIFY(!progress->isVisible());
    desk.dialog()->startButton().click();
    QVERIFY(progress->isVisible());  // whatever page is shown
    QTRY_VERIFY(desk.page->book().contents() && desk.page->book().contents()->runsLeft() == 0);
    QTRY_VERIFY(!progress->isVisible());
    QTRY_COMPARE(desk.page->table().places().size(), std::size_t{4});
    QVERIFY(differenceOf(sweepOf(at("started.csv")), sweepOf(at("done.csv"))).empty());
}

void SweepActionsTest::makesAGridFromThePresentExperiment() {
    SweepDesk desk;
    SweepDialog* dialog = desk.actions->askForSweep();
    QCOMPARE(dialog->rows().size(), std::size_t{2});
    dialog->rows()[0]->keyBox().setEditText(QStringLiteral("model.d_model"));
    dialog->rows()[0]->valuesField().setText(QStringLiteral("16, 32"));
    dialog->addButton().click();
    QCOMPARE(dialog->rows().size(), std::size_t{3});
    QVERIFY(!dialog->startButton().isEnabled());
    dialog->rows()[2]->keyBox().setEditText(QStringLiteral("training.steps"));
    dialog->rows()[2]->valuesField().setText(QStringLiteral("5"));
    dialog->pathField().setText(text("mine.csv"));
    emit dialog->pathField().textEdited(text("mine.csv"));
    QTRY_VERIFY2(dialog->startButton().isEnabled(), qPrintable(dialog->verdict()));
    QVERIFY(dialog->verdict().startsWith("6 runs"));
    QSignalSpy wanted(dialog, &SweepDialog::wanted);
    dialog->startButton().click();
    QCOMPARE(wanted.size(), 1);
    const auto sweep = wanted[0][0].value<Sweep>();
    QCOMPARE(sweep.runCount(), 6);
    QCOMPARE(experimentOf(sweep, 5).model.d_model, 32);
    QCOMPARE(experimentOf(sweep, 5).training.steps, 5);
    QVERIFY(!experimentOf(sweep, 5).model.d_ff);  // follows the width
    QTRY_VERIFY(desk.page->book().contents() && desk.page->book().contents()->runsLeft() == 0);
}

void SweepActionsTest::saysWhatIsWrongWhereItIs() {
    SweepDesk desk;
    SweepDialog* dialog = desk.actions->askForSweep();
    GridKeyRow& row = *dialog->rows()[0];
    row.valuesField().setText(QStringLiteral("qkv, vk"));
    QVERIFY2(row.problem().contains("vk"), qPrintable(row.problem()));
    QVERIFY(!dialog->startButton().isEnabled());
    row.keyBox().setEditText(QStringLiteral("model.heads"));
    QVERIFY2(row.problem().contains("unknown key"), qPrintable(row.problem()));
    row.keyBox().setEditText(QStringLiteral("model.num_heads"));
    row.valuesField().setText(QStringLiteral("2, 3"));
    QVERIFY(row.problem().isEmpty());
    QTRY_VERIFY2(dialog->verdict().contains("does not divide"), qPrintable(dialog->verdict()));
    QVERIFY(!dialog->startButton().isEnabled());
    row.valuesField().setText(QStringLiteral("2"));
    QTRY_VERIFY(dialog->startButton().isEnabled());
}

void SweepActionsTest::offersTheBuiltInSweeps() {
    SweepDesk desk;
    desk.window.actions().find(QStringLiteral("sweep.paper-table2-small"))->trigger();
    QVERIFY(desk.dialog());
    QCOMPARE(desk.dialog()->rows().size(), std::size_t{4});
    QTRY_VERIFY2(desk.dialog()->verdict().startsWith("90 runs"), qPrintable(desk.dialog()->verdict()));
}

void SweepActionsTest::refusesTheFileOfAnotherGrid() {
    SweepDesk desk;
    SweepDialog* dialog = desk.actions->askForSweep();
    dialog->pathField().setText(text("done.csv"));
    emit dialog->pathField().textEdited(text("done.csv"));
    QTRY_VERIFY2(dialog->verdict().contains("has the results of another grid"), qPrintable(dialog->verdict()));
    QVERIFY(!dialog->startButton().isEnabled());
}

void SweepActionsTest::aGridThatCannotBeTypedRunsAsItIs() {
    std::ofstream(at("patterns.json"))
        << R"({ "format": "attention-lab/sweep", "version": 1, "base": "reverse", "set": { "training.steps": 3 },
      "grid": { "model.attention.pattern": [ { "kind": "full" }, { "kind": "sliding-window", "window": 4 } ] } })";
    SweepDesk desk(at("patterns.json"));
    QVERIFY(desk.dialog());
    QVERIFY(desk.dialog()->rows().empty());
    QTRY_VERIFY2(desk.dialog()->startButton().isEnabled(), qPrintable(desk.dialog()->verdict()));
    QVERIFY(desk.dialog()->verdict().startsWith("2 runs"));
}

void SweepActionsTest::aRowOpensAsARunOnEveryPage() {
    SweepDesk desk;
    desk.files.open(text("done.csv"));
    QTRY_COMPARE(desk.page->table().places().size(), std::size_t{4});
    QVERIFY(desk.onSweepsPage());
    desk.page->table().setChosen(3);
    desk.page->openChosen();
    QTRY_COMPARE(desk.workspace.runs().size(), std::size_t{2});
    Run* run = desk.workspace.runs()[1];
    QCOMPARE(desk.focus.run(), run);
    QCOMPARE(run->name(), QStringLiteral("kv seed 2"));
    QCOMPARE(run->step(), 12);
    QCOMPARE(run->records().size(), std::size_t{12});
    QVERIFY(run->experiment().model.attention.form == AttentionForm::kv);
    QCOMPARE(desk.window.session().run(), run);
    QVERIFY(!desk.window.session().isModified());
    QVERIFY(desk.window.problem().isEmpty());
    // What its metrics do not say has no number.
    const QList<Meter*> meters = desk.window.findChildren<Meter*>();
    QTRY_VERIFY(std::any_of(meters.begin(), meters.end(), [](const Meter* meter) { return meter->value() == QStringLiteral("12"); }));
    for (const Meter* meter : meters)
        QVERIFY2(!meter->value().contains(QStringLiteral("nan"), Qt::CaseInsensitive), qPrintable(meter->value()));
    // Once more: the same run.
    desk.actions->open(text("done.csv"));
    desk.page->openChosen();
    QTRY_COMPARE(desk.window.pageIndex(), 0);
    QCOMPARE(desk.workspace.runs().size(), std::size_t{2});
}

void SweepActionsTest::saysWhichFileOfARunIsMissing() {
    makeResults("holes.csv");
    fs::remove(RunsFolder(at("holes.csv")).checkpoint(1));
    fs::remove(RunsFolder(at("holes.csv")).metrics(2));
    SweepDesk desk;
    desk.files.open(text("holes.csv"));
    QTRY_COMPARE(desk.page->table().places().size(), std::size_t{4});
    desk.page->table().setChosen(1);
    desk.page->openChosen();
    QTRY_VERIFY2(desk.window.problem().contains("qkv seed 2 cannot be opened as a run"), qPrintable(desk.window.problem()));
    QCOMPARE(desk.workspace.runs().size(), std::size_t{1});
    desk.page->table().setChosen(2);
    desk.page->openChosen();
    QTRY_COMPARE(desk.workspace.runs().size(), std::size_t{2});
    QTRY_VERIFY2(desk.window.problem().contains("kv seed 1 has no curves"), qPrintable(desk.window.problem()));
}

void SweepActionsTest::writesTheReport() {
    SweepDesk desk;
    desk.files.open(text("done.csv"));
    QTRY_COMPARE(desk.page->table().places().size(), std::size_t{4});
    QSignalSpy reported(desk.actions, &SweepActions::reported);
    desk.actions->writeReport(text("report.html"));
    QTRY_COMPARE(reported.size(), 1);
    const std::string html = readFile(at("report.html"));
    QVERIFY(html.find("<h1>Small</h1>") != std::string::npos && html.find("4 of 4 runs are finished") != std::string::npos);
    desk.actions->writeReport(text("report.pdf"));
    QTRY_COMPARE(reported.size(), 2);
    QVERIFY(readFile(at("report.pdf")).starts_with("%PDF-"));
    desk.actions->writeReport(text("nowhere/report.html"));
    QTRY_VERIFY2(desk.window.problem().contains("cannot be written"), qPrintable(desk.window.problem()));
}

void SweepActionsTest::rememberedSweepsAreOfferedAtTheNextStart() {
    QTemporaryDir folder;
    const QString settings = folder.filePath(QStringLiteral("settings.ini")), session = folder.filePath(QStringLiteral("session"));
    const auto pageOf = [](const MainWindow& window) { return &window.pages().get<SweepsPage>(); };
    {
        Workspace workspace;
        Focus focus;
        MainWindow window(workspace, focus);
        FileActions files(window, settings, session);
        files.begin(at("done.csv"));
        window.show();
        QTRY_VERIFY(pageOf(window)->book().contents() != nullptr);
        files.end();
    }
    Workspace workspace;
    Focus focus;
    MainWindow window(workspace, focus);
    FileActions files(window, settings, session);
    files.begin();
    window.show();
    auto* again = pageOf(window)->findChild<Button*>(QStringLiteral("sweeps.empty.recent_1"));
    QVERIFY(again);
    QVERIFY(again->text().contains("done.csv"));
    again->click();
    QTRY_VERIFY(pageOf(window)->book().contents() != nullptr);
    files.end();
}

void SweepActionsTest::theFinishedResultIsOneClickAway() {
    QDir(SweepActions::resultsFolder()).removeRecursively();
    SweepDesk desk;
    desk.window.actions().find(QStringLiteral("sweep.open"));  // the page is there
    auto* button = desk.page->findChild<Button*>(QStringLiteral("sweeps.empty.finished.paper-grid-small"));
    QVERIFY(button);
    button->click();
    QTRY_VERIFY(desk.page->book().contents());
    QVERIFY(desk.onSweepsPage());
    const SweepContents& contents = *desk.page->book().contents();
    QCOMPARE(contents.rows.table.rows.size(), std::size_t{90});
    QCOMPARE(contents.runsLeft(), std::optional<int>(0));
    QVERIFY(contents.sweep && contents.sweep->about.find("29 November 2026") != std::string::npos);
    QTRY_COMPARE(desk.page->table().places().size(), std::size_t{90});
    emit desk.page->runWanted(contents.csv, 3, QStringLiteral("a row"));
    QVERIFY(desk.window.problem().contains(QStringLiteral("a row")));
    desk.window.clearProblem();
    desk.window.actions().find(QStringLiteral("sweep.finished.paper-grid-small"))->trigger();  // once more: what is there stays
    QVERIFY(desk.window.problem().isEmpty());
    QDir(SweepActions::resultsFolder()).removeRecursively();
}

QTEST_MAIN(SweepActionsTest)
#include "sweep_actions_test.moc"
