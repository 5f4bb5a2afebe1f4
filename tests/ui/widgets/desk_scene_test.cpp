#include "ui/widgets/desk_scene.h"
#include "ui/widgets/formula_text.h"

#include <QLineEdit>
#include <QMouseEvent>
#include <QScrollBar>
#include <QSignalSpy>
#include <QtTest>
#include <cmath>

#include "core/explain/examples.h"
#include "tests/core/explain/explain_testing.h"
#include "ui/text/message_text.h"
#include "ui/widgets/figure_file.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/stage_desk.h"
#include "ui/widgets/stage_figure.h"
#include "ui/widgets/theme.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

/// A cell's text agrees with its number to the last digit that it shows.
bool shows(const QString& written, int exponent, double value) {
    if (std::isnan(value)) return written.isEmpty();
    QString text = written;
    text.replace(QChar(0x2212), '-');
    if (std::isinf(value)) return text == "-\u221E" || text == "\u2013";
    bool isNumber = false;
    const double shown = text.toDouble(&isNumber);
    const qsizetype point = text.indexOf('.');
    const auto decimals = static_cast<int>(point < 0 ? 0 : text.size() - point - 1);
    return isNumber && std::abs(shown * std::pow(10.0, exponent) - value) <= 0.500001 * std::pow(10.0, exponent - decimals);
}

void checkTexts(const std::string& name, const Walk& walk, double width) {
    for (const Stage& stage : walk.stages) {
        DeskScene scene;
        scene.setStage(stage, width);
        for (std::size_t g = 0; g < stage.grids.size(); ++g)
            for (int r = 0; r < stage.grids[g].rows; ++r)
                for (int c = leadColumn; c < stage.grids[g].columns; ++c) {
                    if (stage.grids[g].style == GridStyle::marks && c >= 0) continue;  // signs, no numbers
                    const QString text = scene.cellText(g, r, c);
                    QVERIFY2(shows(text, scene.cellExponent(g, r, c), stage.grids[g].at(r, c)),
                             (name + " " + stage.id + "/" + stage.grids[g].id + ": " + text.toStdString()).c_str());
                }
    }
}

/// n keys, one band of weights and values below.
Stage wideStage(int n) {
    Example e;
    e.kind = Example::Kind::weights;
    e.dim = 2;
    for (int j = 0; j < n; ++j) {
        e.tokens.push_back(std::to_string(j % 10));
        e.weights.push_back(j == n - 2 ? 0.5 : 0.5 / (n - 1));
        e.v.insert(e.v.end(), {0.1 * j - 3.0, -12.5 + j});
    }
    return *exampleWalk(e, 0, 0).find("mix");
}

}  // namespace

class DeskSceneTest : public QObject {
    Q_OBJECT

private slots:
    void columnsStandInLinesWhereThereIsRoomAndEveryCellIsFoundThere() {
        const Subject s = subjectOf(smallConfig());
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 2, 3));
        const Stage& norm = *walk.find("d_norm1");
        DeskScene scene;
        DeskScene::View view;
        view.width = 420.0;
        view.visibleHeight = 1200.0;
        scene.setStage(norm, view.width, view.visibleHeight);
        QVERIFY(scene.lines() > 1);
        QCOMPARE(scene.shownColumns(), scene.columns());
        QCOMPARE(scene.overviewHeight(), 0.0);
        for (const Grid& grid : norm.grids)
            for (int r = 0; r < grid.rows; ++r)
                for (int c = masterColumn; c < grid.columns; ++c) {
                    const CellRef cell{norm.id, grid.id, r, c};
                    if (!walk.grid(cell) || std::isnan(grid.at(r, c))) continue;
                    const QRectF place = scene.cellRect(cell, view);
                    QVERIFY(QRectF(0, 0, view.width, scene.height()).contains(place));
                    QCOMPARE(scene.cellAt(place.center(), view).value_or(CellRef{}), cell);
                }
        scene.setStage(norm, view.width, 100.0);  // no room: they scroll
        QCOMPARE(scene.lines(), 1);
        QVERIFY(scene.shownColumns() < scene.columns());
    }

    void sixtyFourColumnsOfFourRowsNeedNoScrollingInTheSmallestWindow() {
        Stage stage;
        stage.id = "bend";
        Grid grid;
        grid.id = "rows";
        grid.rows = 4;
        grid.columns = 64;
        for (int i = 0; i < 4 * 64; ++i) grid.values.push_back(0.013 * (i % 200) - 1.3);
        grid.rowLabels = {"z", "\u2212 \u03BC", "\u00F7 \u03C3", "\u00B7 \u03B3 + \u03B2"};
        for (int c = 0; c < 64; ++c) grid.columnLabels.push_back(std::to_string(c));
        grid.columnsAre = "dim";
        stage.grids = {grid};
        DeskScene scene;
        scene.setStage(stage, 702.0, 460.0);  // the desk in a window of 1280 x 800
        QVERIFY(scene.lines() > 1);
        QCOMPARE(scene.shownColumns(), 64);
        QVERIFY(scene.height() + scene.legendHeight() <= 460.0);
        for (int r = 0; r < 4; ++r)  // numbers fit their cells
            for (int c = 0; c < 64; ++c)
                QVERIFY(QFontMetricsF(Theme::instance().font(TextSize::caption)).horizontalAdvance(scene.cellText(0, r, c)) <
                        scene.columnWidth());
    }

    void labelsOfRowsAreNeverCut() {
        ModelConfig config = smallConfig();
        config.d_model = 32;
        const Subject s = subjectOf(config);
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 2, 3));
        const QFont bold = Theme::instance().font(TextSize::axis, true);
        DeskScene scene;
        for (const Stage& stage : walk.stages)
            for (double width = 420.0; width < 1700.0; width += 60.0) {
                scene.setStage(stage, width, 450.0);
                DeskScene::View view;
                view.width = width;
                double room = scene.leftWidth();
                for (const Grid& grid : stage.grids)
                    if (!grid.lead.empty()) room = scene.cellRect({stage.id, grid.id, 0, leadColumn}, view).left();
                for (std::size_t g = 0; g < stage.grids.size(); ++g)
                    for (int r = 0; r < stage.grids[g].rows && static_cast<std::size_t>(r) < stage.grids[g].rowLabels.size(); ++r)
                        QVERIFY2(formulaWidth(bold, scene.labelText(g, r)) + Theme::instance().px(8) <= room,
                                 (stage.id + ", " + std::to_string(width) + ": " + scene.labelText(g, r).toStdString()).c_str());
            }
    }

    void resultsStandBesideTheirOwnColumnsEvenUnderAWiderGrid() {
        ModelConfig config = smallConfig();
        config.attention.form = AttentionForm::kv_pos;
        const Subject s = subjectOf(config, [](Input& input) {
            input.tokens.resize(3);
            input.targets.resize(3);
        });
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 2, 1));
        const Stage& position = *walk.find("position");
        DeskScene scene;
        DeskScene::View view;
        view.width = 900.0;
        view.visibleHeight = 900.0;
        scene.setStage(position, view.width, view.visibleHeight);
        QCOMPARE(scene.columns(), 10);  // the map's channels
        for (const auto& [id, last] : {std::pair{"mix", 2}, std::pair{"map", 9}}) {
            const QRectF before = scene.cellRect({position.id, id, 0, last}, view);
            const QRectF result = scene.cellRect({position.id, id, 0, masterColumn}, view);
            QVERIFY(result.left() >= before.right() && result.left() < before.right() + Theme::instance().px(24));
            QCOMPARE(scene.cellAt(result.center(), view).value_or(CellRef{}).column, masterColumn);
        }
    }

    void whatTheColumnsAreIsNeverCut() {
        Stage stage;
        stage.id = "any";
        Grid grid;
        grid.id = "row";
        grid.rows = 1;
        grid.columns = 2;
        grid.values = {1.0, 2.0};
        grid.rowLabels = {"o"};
        grid.columnLabels = {"0", "1"};
        grid.columnsAre = "a long name for dims";
        stage.grids = {grid};
        DeskScene scene;
        scene.setStage(stage, 702.0);
        QVERIFY(scene.leftWidth() > formulaWidth(Theme::instance().font(TextSize::caption), QStringLiteral("a long name for dims")));
    }

    void theNameOfTheFirstColumnHasItsRoom() {
        const Subject s = subjectOf(smallConfig());
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 2, 3));
        DeskScene scene;
        DeskScene::View view;
        view.width = 720.0;
        int leads = 0;
        for (const Stage& stage : walk.stages)
            for (const Grid& grid : stage.grids) {
                if (grid.lead.empty()) continue;
                scene.setStage(stage, view.width);
                const QFont bold = Theme::instance().font(TextSize::axis, true);
                const auto g = static_cast<std::size_t>(&grid - stage.grids.data());
                QString name = shown(grid.leadLabel);
                if (scene.cellExponent(g, 0, leadColumn) != 0) name += QStringLiteral(" ×10");
                const double place = scene.cellRect({stage.id, grid.id, 0, leadColumn}, view).width();
                QVERIFY2(place >= formulaWidth(bold, name), stage.id.c_str());
                ++leads;
            }
        QVERIFY(leads > 2);
    }

    void rowsOfDifferentQuantitiesHaveDigitsOfTheirOwn() {
        const Subject s = subjectOf(smallConfig());
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 2, 3));
        DeskScene scene;
        const Stage& norm = *walk.find("d_norm1");
        scene.setStage(norm, 2000.0);
        for (int r = 0; r < norm.grids.front().rows; ++r) {
            double largest = 0.0;
            for (int c = 0; c < norm.grids.front().columns; ++c) largest = std::max(largest, std::abs(norm.grids.front().at(r, c)));
            QCOMPARE(scene.scaleOf({norm.id, "norm", r, 0}), largest);
            QVERIFY(largest * std::pow(10.0, -scene.cellExponent(0, r, 0)) >= 0.09);  // never a row of zeros
        }
    }

    /// Before and after agree in most digits: those that do not are in sight, whole and marked.
    void aSmallStepShowsTheDigitsThatChange() {
        const Subject s = subjectOf(smallConfig());
        for (const double rate : {1e-2, 1e-4, 1e-6}) {
            Question q = questionOf(s, 0, 1, 2, 3);
            q.learningRate = rate;
            const Walk walk = walkOf(s, q);
            const Stage& stage = *walk.find("update");
            const int last = stage.grids.front().rows - 1;
            for (const double width : {400.0, 900.0}) {
                DeskScene scene;
                scene.setStage(stage, width, 600.0);
                QCOMPARE(scene.cellExponent(0, 0, 0), scene.cellExponent(0, last, 0));
                for (int c = 0; c < stage.grids.front().columns; ++c) {
                    const QString before = scene.cellText(0, 0, c), after = scene.cellText(0, last, c);
                    QVERIFY2(before != after, qPrintable(before));
                    QCOMPARE(before.size() - before.indexOf(QLatin1Char('.')), after.size() - after.indexOf(QLatin1Char('.')));
                    const int stays = scene.stayingCharacters(0, last, c);
                    QVERIFY(stays >= 0 && stays < after.size());
                    QCOMPARE(before.left(stays), after.left(stays));
                    QCOMPARE(scene.stayingCharacters(0, 1, c), -1);
                    QVERIFY(textWidth(Theme::instance().font(TextSize::caption), after) <= scene.columnWidth());
                }
            }
        }
    }

    void initTestCase() { Theme::instance().apply(); }

    void everyCellShowsItsNumberInAllFormsAndMasksAndWidths() {
        for (const auto& [name, config] : allForms())
            for (const bool padded : {false, true}) {
                const Subject s = subjectOf(config, [padded](Input& input) {
                    input.masked.assign(input.tokens.size(), false);
                    input.masked[1] = padded;
                });
                for (std::size_t b = 0; b < s.model->attentionBlocks().size(); ++b) {
                    const Walk walk = walkOf(s, questionOf(s, static_cast<int>(b), 0, 3, 2));
                    checkTexts(name, walk, 700);
                    checkTexts(name, walk, 340);
                    if (QTest::currentTestFailed()) return;
                }
            }
    }

    void threeKeysAndSixteenFitAndSixtyFourAreScrolledWhole() {
        for (const int n : {3, 16}) {
            DeskScene scene;
            scene.setStage(wideStage(n), 720);
            QCOMPARE(scene.shownColumns(), n);
            QCOMPARE(scene.overviewHeight(), 0.0);
            QVERIFY(scene.leftWidth() + scene.columnsWidth() + scene.rightWidth() <= 720);
        }
        DeskScene scene;
        scene.setStage(wideStage(64), 720);
        QVERIFY(scene.shownColumns() >= 10 && scene.shownColumns() < 64);
        QVERIFY(scene.overviewHeight() > 0);
        QVERIFY(scene.leftWidth() + scene.shownColumns() * scene.columnWidth() + scene.rightWidth() <= 720);
        const QRectF place(0, 0, 720, scene.overviewHeight());
        QCOMPARE(scene.overviewColumn(place, 0), 0);
        QCOMPARE(scene.overviewColumn(place, 720), 64 - scene.shownColumns());
    }

    void whatWeighsMostIsInSightAtFirst() {
        StageDesk desk;
        desk.resize(720, 400);
        desk.show();
        desk.setStage(wideStage(64));
        DeskScene::View view;
        view.width = desk.viewport()->width();
        QVERIFY(desk.grab().size().isValid());
        const int first = desk.horizontalScrollBar()->value();
        QVERIFY(first <= 62 && first + desk.scene().shownColumns() > 62);
    }

    void aTypedNumberIsEditedAndNonsenseIsNot() {
        StageDesk desk;
        desk.resize(720, 400);
        desk.setStage(wideStage(3));
        desk.show();
        const CellRef cell{"mix", "mix", 0, 1};
        desk.setSelected(cell);
        QSignalSpy edited(&desk, &StageDesk::edited);
        QTest::keyClicks(&desk, "7");
        QVERIFY(!desk.editor()->isVisible());  // not before the hand was let in
        desk.setOwnNumbers(true);
        QTest::keyClick(&desk, Qt::Key_7);
        QVERIFY(desk.editor()->isVisible());
        QTest::keyClicks(desk.editor(), ",5x");
        QTest::keyClick(desk.editor(), Qt::Key_Return);
        QVERIFY(desk.editor()->isVisible());
        QCOMPARE(edited.count(), 0);
        QTest::keyClick(desk.editor(), Qt::Key_Backspace);
        QTest::keyClick(desk.editor(), Qt::Key_Return);
        QCOMPARE(edited.count(), 1);
        QCOMPARE(edited[0][0].value<CellRef>(), cell);
        QCOMPARE(edited[0][1].toDouble(), 7.5);
        QVERIFY(!desk.editor()->isVisible());
        QTest::keyClick(&desk, Qt::Key_F2);
        QTest::keyClick(desk.editor(), Qt::Key_Escape);
        QCOMPARE(edited.count(), 1);
    }

    void aFaderIsDraggedToItsWeight() {
        StageDesk desk;
        desk.resize(720, 400);
        desk.setStage(wideStage(3));
        desk.setOwnNumbers(true);
        desk.show();
        DeskScene::View view;
        view.width = desk.viewport()->width();
        view.visibleHeight = desk.viewport()->height();
        const CellRef cell{"mix", "weights", 0, 0};
        const QPoint below = desk.scene().cellRect(cell, view).center().toPoint() - QPoint(0, 20);
        QVERIFY(desk.scene().inFader(cell, below, view));
        QSignalSpy edited(&desk, &StageDesk::edited);
        QTest::mousePress(desk.viewport(), Qt::LeftButton, {}, below);
        const QPoint steps[] = {below - QPoint(0, 10), below - QPoint(0, 25)};
        for (const QPoint& point : steps) {
            QMouseEvent move(QEvent::MouseMove, point, desk.viewport()->mapToGlobal(point), Qt::NoButton, Qt::LeftButton, {});
            QCoreApplication::sendEvent(desk.viewport(), &move);
        }
        QTest::mouseRelease(desk.viewport(), Qt::LeftButton, {}, steps[1]);
        QCOMPARE(edited.count(), 2);
        QCOMPARE(edited[0][2].toBool(), false);
        QCOMPARE(edited[1][2].toBool(), true);
        QVERIFY(edited[1][1].toDouble() > edited[0][1].toDouble());
        QVERIFY(std::abs(edited[1][1].toDouble() - desk.scene().faderValue(cell, steps[1].y(), view)) < 1e-3);
    }

    void theFigureOfAStageHoldsEveryNumber() {
        const Subject s = subjectOf(smallConfig());
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 2, 1));
        for (const Stage& stage : walk.stages) {
            const StageFigure figure(stage, stage.result);
            const FigureTable table = figure.table();
            std::size_t cells = 0;
            for (const Grid& grid : stage.grids)
                for (int r = 0; r < grid.rows; ++r)
                    for (int c = leadColumn; c < grid.columns; ++c) cells += !std::isnan(grid.at(r, c));
            QCOMPARE(table.rows.size(), cells);
            const QByteArray svg = figureBytes(figure, FigureFormat::svg);
            QVERIFY(svg.contains("<svg") && !svg.contains("<image"));
            if (stage.id == "probabilities") QVERIFY(svg.contains(">probability<") && !svg.contains(">weight<"));
        }
    }
};

QTEST_MAIN(DeskSceneTest)
#include "desk_scene_test.moc"
