#include "ui/pages/sweeps/sweeps_page.h"
#include "ui/runs/workspace.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "core/sweep/run_sweep.h"
#include "tests/patience.h"
#include "ui/pages/sweeps/filter_bar.h"
#include "ui/pages/sweeps/result_text.h"
#include "ui/pages/sweeps/sweep_table.h"
#include "ui/pages/sweeps/watch_view.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/figure.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/theme.h"

using namespace lab;
namespace fs = std::filesystem;

namespace {

Sweep sweepOfSteps(int steps) {
    return parseSweep(R"({ "format": "attention-lab/sweep", "version": 1, "name": "Two forms", "base": "reverse",
      "set": { "training.steps": )" +
                          std::to_string(steps) +
                          R"(, "training.batch_size": 16, "task.seq_len": 6, "task.train_size": 128, "task.validation_size": 16,
               "task.test_size": 32, "model.d_model": 16 },
      "grid": { "task.kind": ["sort", "reverse"], "model.attention.form": ["qkv", "kv"], "training.seed": [1, 2, 3] } })",
                      {});
}

/// Rows as if they had been trained: accuracy tells the place in the grid; run 4 diverged.
void putResults(const fs::path& csv, int rows) {
    const Sweep sweep = sweepOfSteps(20);
    SweepResults results(sweep, csv);
    for (int run = 0; run < rows; ++run) {
        RunResult result;
        result.steps = run == 4 ? 7 : 20;
        result.seconds = 1.5;
        result.parameters = 1234;
        if (run != 4) {
            result.trainLoss = 1.0 / (run + 1);
            result.validationAccuracy = result.testAccuracy = 0.05 * run;
            result.validationLoss = result.testLoss = 2.0 - 0.1 * run;
        }
        results.add(run, result);
    }
}

struct ShownSweep {
    explicit ShownSweep(const fs::path& csv) : page(focus, workspace) {
        page.resize(1180, 620);
        page.show();
        page.book().open(csv);
    }
    bool has(std::size_t rows) const { return page.table().places().size() == rows; }

    Workspace workspace;
    Focus focus;
    SweepsPage page;
};

QString text(const SweepTable& table, int row, int column) {
    return table.model()->index(row, column).data().toString();
}

}  // namespace

class SweepsPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void offersToBeginWhileNothingIsOpen();
    void showsEveryRowWithItsNumbers();
    void sortsByAnyColumnWithMouseAndKey();
    void filtersByTextValuesAndCells();
    void aClickedCellStaysFramedAmongTheOthers();
    void whatCanBeReadOfAFilterHolds();
    void averagesTwoKeys();
    void showsEachRunAsADot();
    void aChosenRowIsChosenEverywhere();
    void keepsTheCursorWhileRowsComeIn();
    void opensARowAsARun();
    void watchesASweepAndStopsIt();
    void exportsPicturesAndNumbers();
    void numbersAreNamedByWhatTheyMeasure();
    void saysThatAnotherProcessWrites();

private:
    fs::path at(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }
    QTemporaryDir m_folder;
};

void SweepsPageTest::initTestCase() {
    Theme::instance().apply();
    putResults(at("full.csv"), 12);
}

void SweepsPageTest::offersToBeginWhileNothingIsOpen() {
    Focus focus;
    Workspace workspace;
    SweepsPage page(focus, workspace);
    page.setRecent({QStringLiteral("/somewhere/last.csv")});
    page.resize(1180, 620);
    page.show();
    QSignalSpy wanted(&page, &SweepsPage::newWanted), recent(&page, &SweepsPage::recentWanted);
    QVERIFY(!page.table().isVisible());
    page.findChild<Button*>(QStringLiteral("sweeps.header.new"))->click();
    QCOMPARE(wanted.size(), 1);
    page.findChild<Button*>(QStringLiteral("sweeps.empty.recent_1"))->click();
    QCOMPARE(recent[0][0].toString(), QStringLiteral("/somewhere/last.csv"));
    QVERIFY(!page.findChild<Button*>(QStringLiteral("sweeps.header.report"))->isEnabled());
    QVERIFY(page.figures().empty());
}

/// Whatever the file's column is called: of numbers its shares are explained, of a grid of both kinds one or the other.
void SweepsPageTest::numbersAreNamedByWhatTheyMeasure() {
    ResultsTable table{{"training.seed"}, {}};
    const auto test = [&] { return resultNumber(table, {1 + 4}); };
    QCOMPARE(test().title, QStringLiteral("test accuracy %"));
    QCOMPARE(test().shortTitle, QStringLiteral("test acc. %"));
    table.loss = LossKind::squared;
    QCOMPARE(test().title, QStringLiteral("test explained share %"));
    QCOMPARE(test().shortTitle, QStringLiteral("test expl. %"));
    table.loss = std::nullopt;
    QCOMPARE(test().shortTitle, QStringLiteral("test acc. or expl. %"));
    QCOMPARE(test().name, std::string("test_accuracy"));
}

void SweepsPageTest::showsEveryRowWithItsNumbers() {
    ShownSweep shown(at("full.csv"));
    QTRY_VERIFY(shown.has(12));
    const SweepTable& table = shown.page.table();
    QCOMPARE(shown.page.header().title(), QStringLiteral("Two forms"));
    QCOMPARE(table.model()->columnCount(), 3 + 8);
    QCOMPARE(table.model()->headerData(0, Qt::Horizontal).toString(), QStringLiteral("task"));
    QCOMPARE(text(table, 5, 1), QStringLiteral("kv"));
    QCOMPARE(text(table, 5, 3 + 4), QStringLiteral("25.00"));  // test accuracy in percent
    QCOMPARE(text(table, 5, 3), QStringLiteral("0.1667"));
    QCOMPARE(text(table, 4, 3), QStringLiteral("\u2013"));  // diverged
    QVERIFY(table.model()->index(4, 3).data(Qt::ToolTipRole).toString().contains("diverged after step 7"));
    QCOMPARE(table.model()->index(4, 3 + 4).data(Qt::AccessibleTextRole).toString(), QStringLiteral("diverged"));
    QCOMPARE(text(table, 0, 3 + 7), QStringLiteral("1\u202F234"));
    QCOMPARE(shown.page.watch().sentence(), QStringLiteral("All 12 runs are finished"));
}

void SweepsPageTest::sortsByAnyColumnWithMouseAndKey() {
    ShownSweep shown(at("full.csv"));
    QTRY_VERIFY(shown.has(12));
    SweepTable& table = shown.page.table();
    QHeaderView* header = table.horizontalHeader();
    const int accuracy = 3 + 4;
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, {header->sectionViewportPosition(accuracy) + 5, header->height() / 2});
    QCOMPARE(table.sortColumn(), accuracy);
    QCOMPARE(table.places().front(), std::size_t{11});  // the best first
    QCOMPARE(table.places().back(), std::size_t{4});    // no number
    table.setCurrentIndex(table.model()->index(0, accuracy));
    QTest::keyClick(&table, Qt::Key_S);
    QCOMPARE(table.places().front(), std::size_t{0});
    QCOMPARE(table.chosen(), std::optional<std::size_t>(11));  // the cursor stays on its row
}

void SweepsPageTest::filtersByTextValuesAndCells() {
    ShownSweep shown(at("full.csv"));
    QTRY_VERIFY(shown.has(12));
    FilterBar& filter = shown.page.filter();
    QTest::keyClicks(&filter.field(), QStringLiteral("form=kv test_accuracy>20%"));
    QTRY_COMPARE(shown.page.table().places(), (RowPlaces{5, 9, 10, 11}));
    filter.choose(2, {"3"});
    QTRY_COMPARE(shown.page.table().places(), (RowPlaces{5, 11}));
    QCOMPARE(filter.words(), QStringLiteral("seed = 3, form=kv test_accuracy>20%"));
    QVERIFY(shown.page.escape());
    QTRY_VERIFY(shown.has(12));
    QVERIFY(!shown.page.escape());
    emit filter.menu()->aboutToShow();
    QMenu* seeds = filter.menu()->actions()[2]->menu();
    seeds->actions()[0]->trigger();
    seeds->actions()[1]->trigger();
    QTRY_COMPARE(shown.page.table().places(), (RowPlaces{0, 1, 3, 4, 6, 7, 9, 10}));
    const auto chips = filter.findChildren<Button*>();
    const auto chip = std::find_if(chips.begin(), chips.end(), [](const Button* each) { return each->text().startsWith("seed = 1, 2"); });
    QVERIFY(chip != chips.end());
    (*chip)->click();
    QTRY_VERIFY(shown.has(12));
    emit shown.page.heat().activated(1, 0);  // reverse, qkv
    QTRY_COMPARE(shown.page.table().places(), (RowPlaces{6, 7, 8}));
}

void SweepsPageTest::aClickedCellStaysFramedAmongTheOthers() {
    ShownSweep shown(at("full.csv"));
    QTRY_VERIFY(shown.has(12));
    const HeatTable before = shown.page.heatScene().table;
    emit shown.page.heat().activated(1, 0);
    QTRY_COMPARE(shown.page.table().places().size(), std::size_t{3});
    QCOMPARE(shown.page.heatScene().table.rows, before.rows);
    QCOMPARE(shown.page.heatScene().table.columns, before.columns);
    QCOMPARE(shown.page.heat().content().framed, (MapCell{1, 0}));
    QImage framed = shown.page.heat().grab().toImage();
    emit shown.page.heat().activated(0, 1);  // from one to the next
    QTRY_COMPARE(shown.page.heat().content().framed, (MapCell{0, 1}));
    QVERIFY(shown.page.heat().grab().toImage() != framed);
    QCOMPARE(shown.page.heatScene().table.rows, before.rows);
    // A hand that filters otherwise is followed.
    shown.page.filter().choose(2, {"3"});
    QTRY_COMPARE(shown.page.heatScene().table.cell(1, 0).rows, 1);
    shown.page.filter().choose(0, {before.rows[1]});
    QTRY_COMPARE(shown.page.heatScene().table.rows.size(), std::size_t{1});
    QVERIFY(!shown.page.heat().content().framed.valid());
    QVERIFY(shown.page.escape());
    QTRY_COMPARE(shown.page.heatScene().table.rows, before.rows);
}

void SweepsPageTest::whatCanBeReadOfAFilterHolds() {
    ShownSweep shown(at("full.csv"));
    QTRY_VERIFY(shown.has(12));
    FilterBar& filter = shown.page.filter();
    filter.field().setText(QStringLiteral("diverged"));
    QTRY_COMPARE(shown.page.table().places(), RowPlaces{4});
    filter.field().setText(QStringLiteral("form=kv heads=2 swap"));
    QVERIFY2(filter.problem().startsWith("heads: is no column"), qPrintable(filter.problem()));
    QTRY_COMPARE(shown.page.table().places(), (RowPlaces{3, 4, 5, 9, 10, 11}));
    filter.field().clear();
    QVERIFY(filter.problem().isEmpty());
    QTRY_VERIFY(shown.has(12));
}

void SweepsPageTest::averagesTwoKeys() {
    ShownSweep shown(at("full.csv"));
    QTRY_VERIFY(shown.has(12));
    const HeatScene& scene = shown.page.heatScene();
    QCOMPARE(scene.table.rows, (std::vector<std::string>{"sort", "reverse"}));
    QCOMPARE(scene.table.columns, (std::vector<std::string>{"qkv", "kv"}));
    QVERIFY(qFuzzyCompare(*scene.table.cell(1, 1).mean, 0.5));
    QVERIFY2(scene.describe(0, 1).contains("20.00, mean of 2 runs") && scene.describe(0, 1).contains("diverged"),
             qPrintable(scene.describe(0, 1)));
    QCOMPARE(scene.countSentence(), QStringLiteral("means of 2 to 3 runs"));
    QVERIFY(scene.scaling.low <= 5 && scene.scaling.high >= 50 && scene.scaling.high <= 100);
    shown.page.setNumber("parameters");
    QTRY_COMPARE(shown.page.heatScene().number.name, std::string("parameters"));
    shown.page.setHeatKeys(2, std::nullopt);
    QTRY_COMPARE(shown.page.heatScene().table.rows.size(), std::size_t{3});
    QCOMPARE(shown.page.heatScene().table.columns.size(), std::size_t{1});
    // The keyboard reaches every cell.
    QSignalSpy chosen(&shown.page.heat(), &Map::activated);
    QTest::keyClick(&shown.page.heat(), Qt::Key_Down);
    QTest::keyClick(&shown.page.heat(), Qt::Key_Return);
    QCOMPARE(chosen[0][0].toInt(), 1);
}

void SweepsPageTest::showsEachRunAsADot() {
    ShownSweep shown(at("full.csv"));
    QTRY_VERIFY(shown.has(12));
    DistributionView& view = shown.page.distribution();
    QCOMPARE(view.scene().groups.size(), std::size_t{2});
    QCOMPARE(view.layoutOfDots().dots.size(), std::size_t{11});
    for (const DistributionDot& dot : view.layoutOfDots().dots) {
        QVERIFY(view.layoutOfDots().plot.contains(dot.at));
        const double shownNumber = view.scene().groups[dot.group].numbers[dot.index] * 100;
        const double share = (dot.at.x() - view.layoutOfDots().plot.left()) / view.layoutOfDots().plot.width();
        QVERIFY(std::abs(view.scene().axis.at(share) - shownNumber) < 1e-6);
    }
    QVERIFY(view.scene().describe(1).contains("1 diverged"));
    shown.page.setDistributionKey(std::nullopt);
    QTRY_COMPARE(view.scene().groups.size(), std::size_t{1});
    QCOMPARE(view.scene().groups[0].numbers.size(), std::size_t{11});
}

void SweepsPageTest::aChosenRowIsChosenEverywhere() {
    ShownSweep shown(at("full.csv"));
    QTRY_VERIFY(shown.has(12));
    DistributionView& view = shown.page.distribution();
    const DistributionDot dot = view.layoutOfDots().dots[3];
    QTest::mouseClick(&view, Qt::LeftButton, {}, dot.at.toPoint());
    QCOMPARE(shown.page.table().chosen(), std::optional(view.scene().groups[dot.group].places[dot.index]));
    QTest::keyClick(&view, Qt::Key_Right);
    QVERIFY(shown.page.table().chosen() != std::optional(view.scene().groups[dot.group].places[dot.index]));
}

void SweepsPageTest::keepsTheCursorWhileRowsComeIn() {
    putResults(at("growing.csv"), 3);
    ShownSweep shown(at("growing.csv"));
    QTRY_VERIFY(shown.has(3));
    SweepTable& table = shown.page.table();
    table.sortByColumn(3 + 4, false);
    table.setChosen(1);
    putResults(at("growing.csv"), 8);
    QTRY_VERIFY(shown.has(8));
    QCOMPARE(table.sortColumn(), 3 + 4);
    QCOMPARE(table.places().front(), std::size_t{7});
    QCOMPARE(table.chosen(), std::optional<std::size_t>(1));
    QCOMPARE(shown.page.watch().sentence(), QStringLiteral("8 of 12 runs are finished"));
}

void SweepsPageTest::opensARowAsARun() {
    ShownSweep shown(at("full.csv"));
    QTRY_VERIFY(shown.has(12));
    QSignalSpy wanted(&shown.page, &SweepsPage::runWanted);
    SweepTable& table = shown.page.table();
    table.sortByColumn(3 + 4, false);
    table.setCurrentIndex(table.model()->index(1, 0));
    QTest::keyClick(&table, Qt::Key_Return);
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted[0][1].toInt(), 10);
    QCOMPARE(wanted[0][2].toString(), QStringLiteral("reverse kv seed 2"));
}

void SweepsPageTest::watchesASweepAndStopsIt() {
    Focus focus;
    Workspace workspace;
    SweepsPage page(focus, workspace);
    page.resize(1180, 620);
    page.show();
    page.book().start(sweepOfSteps(100000), at("watched.csv"), {2, 2});
    QTRY_VERIFY(page.watch().stopButton().isVisible() && page.watch().stopButton().isEnabled());
    QTRY_VERIFY2(page.watch().sentence().startsWith("0 of 12 runs, "), qPrintable(page.watch().sentence()));
    QTRY_VERIFY(!page.book().progress().inHand.empty());
    page.watch().stopButton().click();
    QTRY_COMPARE(page.book().state(), SweepBook::State::still);
    QTRY_VERIFY(page.watch().resumeButton().isVisible());
    QVERIFY(!page.watch().stopButton().isVisible());
    page.watch().resumeButton().click();
    QTRY_VERIFY(page.watch().stopButton().isVisible());
}

void SweepsPageTest::exportsPicturesAndNumbers() {
    ShownSweep shown(at("full.csv"));
    QTRY_VERIFY(shown.has(12));
    shown.page.filter().field().setText(QStringLiteral("qkv"));
    QTRY_VERIFY(shown.has(6));
    const std::vector<FigureOffer> offers = shown.page.figures();
    QCOMPARE(offers.size(), std::size_t{3});
    for (const FigureOffer& offer : offers) {
        const auto figure = offer.make();
        QVERIFY(figure && !figure->table().rows.empty() && !figureImage(*figure).isNull());
        QVERIFY(figure->caption.contains("qkv"));
        for (const auto& row : figure->table().rows) QCOMPARE(row.size(), figure->table().header.size());
    }
    const FigureTable rows = offers[2].make()->table();
    QCOMPARE(rows.rows.size(), std::size_t{6});
    QCOMPARE(rows.header[7], std::string("test_accuracy"));
    QCOMPARE(rows.rows[1][7], std::string("0.05"));
    QCOMPARE(offers[1].make()->table().rows.size(), std::size_t{6});
}

void SweepsPageTest::saysThatAnotherProcessWrites() {
    putResults(at("elsewhere.csv"), 2);
    SweepResults writer(sweepOfSteps(20), at("elsewhere.csv"));
    ShownSweep shown(at("elsewhere.csv"));
    QTRY_COMPARE(shown.page.book().state(), SweepBook::State::elsewhere);
    QTRY_VERIFY(shown.has(2));
    QVERIFY(!shown.page.watch().resumeButton().isVisible());
    const auto labels = shown.page.watch().findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(),
                        [](const QLabel* label) { return label->text().contains("Another process is writing it"); }));
}

QTEST_MAIN(SweepsPageTest)
#include "sweeps_page_test.moc"
