#include "ui/pages/maps/maps_page.h"

#include <QAccessible>
#include <QRadioButton>
#include <QScreen>
#include <QSignalSpy>
#include <QtTest>
#include <cmath>
#include <limits>

#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/maps/all_heads.h"
#include "ui/pages/maps/cell_story.h"
#include "ui/pages/maps/detail_bar.h"
#include "ui/pages/maps/difference_view.h"
#include "ui/pages/maps/head_curves.h"
#include "ui/pages/maps/head_grid.h"
#include "ui/pages/maps/head_view.h"
#include "ui/pages/maps/line_view.h"
#include "ui/pages/maps/maps_views.h"
#include "ui/pages/maps/row_table.h"
#include "ui/runs/comparison.h"
#include "ui/runs/focus.h"
#include "ui/scenes/maps_figures.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/error_strip.h"
#include "ui/widgets/format.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/row_profile.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

LoadedTask taskWith(int layers, int heads, AttentionForm form = AttentionForm::qkv) {
    Experiment experiment = smallExperiment({.vocabulary = 5, .d_model = 8, .layers = layers, .heads = heads, .steps = 40});
    experiment.model.attention.form = form;
    return loadTask(experiment, {});
}

/// A page on a run of its own, shown, with its first trace.
struct ShownMaps {
    explicit ShownMaps(const LoadedTask& task) : page(focus) {
        run = workspace.add(task);
        focus.setRun(run);
        page.resize(1180, 620);
        page.show();
    }

    bool ready() {
        return QTest::qWaitFor(
            [this] { return focus.trace() && !page.findChild<PageHeader*>()->title().isEmpty() && !story().isEmpty() && measured(); },
            lab::patience);
    }

    /// The notice about uniform maps may stand above the maps from then on.
    bool measured() {
        if (page.views().metrics().empty()) return false;
        QCoreApplication::processEvents();
        return true;
    }

    QString story() const {
        for (const QWidget* part : page.findChild<CellStory*>()->findChildren<QWidget*>())
            if (const QString value = part->property("labPictureValue").toString(); !value.isEmpty()) return value;
        return {};
    }

    Map* enlarge() {
        page.setEnlarged(true);
        QCoreApplication::processEvents();  // lays the parts out
        return &page.findChild<HeadView*>()->map();
    }

    Workspace workspace;
    Focus focus;
    Run* run = nullptr;
    MapsPage page;
};

float weightOf(const Focus& focus, const Selection& cell) {
    const Tensor& weights =
        focus.trace()->at(focus.run()->model()->attentionBlocks()[static_cast<std::size_t>(cell.block)].name + ".weights");
    return weights.values[static_cast<std::size_t>((cell.head * weights.extent(1) + cell.query) * weights.extent(2) + cell.key)];
}

}  // namespace

void press(const QWidget& page, const QString& choice) {
    for (auto* button : page.findChildren<QRadioButton*>())
        if (button->accessibleName() == choice) return button->click();
    QFAIL(qPrintable(choice));
}

/// Also when the mouse already was there in a window before.
void pointAt(QWidget* widget, const QPoint& at) {
    QTest::mouseMove(widget, at + QPoint(1, 1));
    QCoreApplication::processEvents();
    QTest::mouseMove(widget, at);
}

LoadedTask decoderTask() {
    Experiment experiment = taskWith(1, 2).experiment;
    experiment.model.architecture = Architecture::decoder;
    for (auto* derived : {&experiment.model.vocab_size, &experiment.model.num_classes, &experiment.model.max_seq_len}) derived->reset();
    return loadTask(experiment, {});
}

class MapsPageTest : public QObject {
    Q_OBJECT

private slots:
    /// It comes from another thread, and may come when another model is open whose trace is not there yet.
    void whatWasMeasuredOfTheModelBeforeIsNoBadgeOfThis() {
        ShownMaps shown(taskWith(2, 2));
        QVERIFY(shown.ready());
        QCOMPARE(shown.page.views().metrics().size(), std::size_t{4});
        shown.run = shown.workspace.add(taskWith(1, 1));
        shown.focus.setRun(shown.run);
        shown.page.catchUp();
        emit shown.page.views().metricsChanged();
        QVERIFY(shown.ready());
        QTRY_COMPARE(shown.page.views().metrics().size(), std::size_t{1});
    }

    /// While a training is followed only what changes is painted: together it is what a whole painting would show.
    void newStepsLeaveNothingOldOnTheScreen() {
        for (const bool enlarged : {false, true}) {
            ShownMaps shown(taskWith(2, 2));
            QVERIFY(shown.ready());
            shown.page.setEnlarged(enlarged);
            QVERIFY(QTest::qWaitForWindowExposed(&shown.page));
            const auto onScreen = [&] {
                return shown.page.screen()->grabWindow(shown.page.winId()).toImage().convertToFormat(QImage::Format_RGB32);
            };
            const QImage before = onScreen();
            for (int step = 1; step <= 5; ++step) {
                shown.run->stepOnce();
                QTRY_COMPARE(shown.focus.traceStep(), step);
            }
            QTRY_COMPARE(onScreen(), shown.page.grab().toImage().convertToFormat(QImage::Format_RGB32));
            QVERIFY(onScreen() != before);
        }
    }

    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void offersItsPicturesWithTheNumbersOfTheTrace() {
        ShownMaps shown(taskWith(2, 2));
        QVERIFY(shown.ready());
        shown.page.setEnlarged(false);
        shown.focus.select({1, 1, 2, 3});
        const auto offers = shown.page.figures();
        QCOMPARE(offers.size(), std::size_t(4));
        QVERIFY(offers[0].name == "All heads" && offers[0].fileName == fileNameOf(shown.run->name()) + "-step-0-all-heads" &&
                offers[0].makeFilm);
        QCOMPARE(offers[0].make()->table().rows.size(), std::size_t(4 * 6 * 6));
        const auto head = offers[1].make(), row = offers[2].make();
        QVERIFY(head->caption.contains("after step 0") && head->caption.contains("layer 1 \u00B7 head 1"));
        const auto weight = [](const FigureTable& table, std::size_t at) { return std::stof(table.rows.at(at).back()); };
        QCOMPARE(weight(head->table(), 2 * 6 + 3), weightOf(shown.focus, {1, 1, 2, 3}));
        QCOMPARE(weight(row->table(), 3), weightOf(shown.focus, {1, 1, 2, 3}));
    }

    void filmsEveryKeptStep() {
        ShownMaps shown(taskWith(1, 1));
        QVERIFY(shown.ready());
        shown.run->train();
        QTRY_COMPARE(shown.run->state(), Run::State::finished);
        const auto film = shown.page.figures().front().makeFilm();
        QCOMPARE(film->count(), int(shown.run->history().size()));
        std::shared_ptr<const Figure> figure;
        connect(film.get(), &FilmSource::ready, this, [&](const std::shared_ptr<const Figure>& made) { figure = made; });
        QSizeF size;
        for (int frame : {0, film->count() - 1}) {
            figure.reset();
            film->request(frame);
            QTRY_VERIFY(figure);
            QVERIFY(figure->title.endsWith(QString::number(film->stepOf(frame))));
            if (frame > 0) QCOMPARE(figure->size(), size);
            size = figure->size();
        }
    }

    /// Both maps of a frame are of its own weights, whichever of the two traces comes first.
    void aFilmOfTwoInputsComparesThemUnderTheSameWeights() {
        ShownMaps shown(taskWith(2, 2));
        QVERIFY(shown.ready());
        shown.run->train();
        QTRY_COMPARE(shown.run->state(), Run::State::finished);
        const Input kept = shown.focus.input();
        shown.focus.comparison().keep(kept, QStringLiteral("sample 0"));
        shown.focus.showSample(3);
        shown.focus.select({1, 1, 2, 3});
        QTRY_VERIFY(shown.page.catchUp());
        const FigureOffer offer = shown.page.allFigures().front();
        QVERIFY2(offer.name.endsWith("two inputs"), qPrintable(offer.name));
        const auto film = offer.makeFilm();
        for (int frame = film->count() - 1; frame >= 0; frame -= 3) {
            std::shared_ptr<const Figure> figure;
            const auto watch = connect(film.get(), &FilmSource::ready, this, [&](auto made) { figure = made; });
            film->request(frame);
            QTRY_VERIFY(figure);
            disconnect(watch);
            const auto weights = [&](const Input& input) {
                const auto checkpoint = shown.run->history().atOrBefore(film->stepOf(frame));
                return shown.run->model()->trace(checkpoint->weights, input).at("encoder.1.attention.weights").values;
            };
            const auto before = weights(kept), now = weights(shown.focus.input());
            const FigureTable table = figure->table();
            QCOMPARE(table.header[0], std::string("input"));
            QCOMPARE(table.rows.size(), std::size_t(3 * 36));
            for (std::size_t i = 0; i < 36; ++i) {
                QCOMPARE(std::stof(table.rows[i].back()), before[36 + i]);
                QCOMPARE(std::stof(table.rows[36 + i].back()), now[36 + i]);
                QCOMPARE(std::stof(table.rows[72 + i].back()), now[36 + i] - before[36 + i]);
            }
            QVERIFY(table.rows[0][0] == "kept" && table.rows[36][0] == "now" && table.rows[72][0] == "now-kept");
        }
    }

    void exportStandsInTheHeader() {
        ShownMaps shown(taskWith(1, 2));
        QVERIFY(shown.ready());
        shown.page.setEnlarged(false);
        shown.page.findChild<Button*>(shown.page.iconName() + ".header.export")->click();
        QVERIFY(shown.page.exportPanel() && shown.page.exportPanel()->isVisible() && !shown.page.exportPanel()->isModal());
        QVERIFY(shown.page.exportPanel()->path().contains("-step-0-all-heads.svg"));
    }

    void clickEnlargesAndEscapeReturns() {
        ShownMaps shown(taskWith(2, 2));
        QVERIFY(shown.ready());
        shown.page.setEnlarged(false);
        auto* grid = shown.page.findChild<HeadGrid*>();
        QVERIFY(!shown.page.enlarged());
        QTest::mouseClick(grid, Qt::LeftButton, {}, grid->mapRect(1, 0).center().toPoint());
        QVERIFY(shown.page.enlarged());
        QCOMPARE(shown.focus.selection().block, 1);
        QCOMPARE(shown.focus.selection().head, 0);
        QCOMPARE(shown.page.findChild<PageHeader*>()->title(), QStringLiteral("Layer 1 \u00B7 head 0"));
        Map* map = &shown.page.findChild<HeadView*>()->map();
        QVERIFY(map->isVisible());
        QTest::keyClick(map, Qt::Key_Escape);
        QVERIFY(!shown.page.enlarged());
        QVERIFY(!map->isVisible());
    }

    void keysWalkTheGridAndEnterEnlarges() {
        ShownMaps shown(taskWith(2, 2));
        QVERIFY(shown.ready());
        shown.page.setEnlarged(false);
        auto* grid = shown.page.findChild<HeadGrid*>();
        grid->setFocus();
        QTest::keyClick(grid, Qt::Key_Right);
        QTest::keyClick(grid, Qt::Key_Down);
        QTest::keyClick(grid, Qt::Key_Down);
        QCOMPARE(shown.focus.selection().head, 1);
        QCOMPARE(shown.focus.selection().block, 1);
        QTest::keyClick(grid, Qt::Key_Return);
        QVERIFY(shown.page.enlarged());
    }

    void singleHeadOpensEnlarged() {
        ShownMaps shown(taskWith(1, 1));
        QVERIFY(shown.ready());
        QVERIFY(shown.page.enlarged());
        QVERIFY(!shown.page.findChild<HeadGrid*>()->isVisible());
        QTest::mouseClick(shown.page.findChild<Button*>("maps.header.back"), Qt::LeftButton);
        QVERIFY(!shown.page.enlarged());
        QVERIFY(shown.page.findChild<HeadGrid*>()->isVisible());
    }

    void manyLayersOpenBesideTheirHead() {
        ShownMaps shown(taskWith(4, 2));
        QVERIFY(shown.ready());
        QVERIFY(shown.page.enlarged());
        QVERIFY(shown.page.findChild<HeadGrid*>()->isVisible());
        shown.page.resize(700, 620);
        QTRY_VERIFY(!shown.page.enlarged());
        shown.page.resize(1180, 620);
        QTRY_VERIFY(shown.page.enlarged());
        QTest::keyClick(&shown.page, Qt::Key_Escape);
        QVERIFY(!shown.page.enlarged());
        shown.page.resize(1200, 620);  // what the person chose stays
        QCoreApplication::processEvents();
        QVERIFY(!shown.page.enlarged());
    }

    /// Under the small maps where they leave room, else in the column; two inputs have the page's width to themselves.
    void theCurveOfFormationStandsWhereThereIsRoom() {
        ShownMaps shown(taskWith(1, 4));
        QVERIFY(shown.ready());
        shown.page.setEnlarged(true);
        auto* heads = shown.page.findChild<AllHeads*>();
        HeadCurves* formation = shown.page.views().formation();
        QTRY_VERIFY(heads->isAncestorOf(formation) && formation->isVisible());
        const QRect below(formation->mapTo(heads, QPoint()), formation->size());
        QVERIFY(!below.intersects(heads->grid().mapsRect().translated(heads->grid().mapTo(heads, QPoint()))));
        shown.focus.comparison().keep(shown.focus.input(), QStringLiteral("sample 0"));
        QTRY_VERIFY(!heads->isVisible() && !formation->isVisible());
        QTRY_VERIFY(shown.page.findChild<DifferenceView*>()->width() > 800);
        shown.focus.comparison().drop();
        QTRY_VERIFY(heads->isVisible() && formation->isVisible() && heads->isAncestorOf(formation));
        shown.page.setEnlarged(false);
        QTRY_VERIFY(!heads->isAncestorOf(formation) || heads->hasRoomForCompanion());
        QVERIFY(formation->isVisible());
    }

    void wideHeadsFillThePageAsAGrid() {
        ShownMaps shown(taskWith(1, 4));
        QVERIFY(shown.ready());
        QVERIFY(!shown.page.enlarged());
    }

    /// Cross-attention has a softmax whatever the kernel.
    void capturedKernelsAreThoseOfTheBlock() {
        Experiment experiment = decoderTask().experiment;
        experiment.model.architecture = Architecture::encoder_decoder;
        experiment.model.attention.kernel.kind = KernelKind::linear;
        for (auto* derived : {&experiment.model.vocab_size, &experiment.model.num_classes, &experiment.model.max_seq_len}) derived->reset();
        ShownMaps shown(loadTask(experiment, {}));
        QVERIFY(shown.ready());
        const MapsSubject subject = mapsSubject(*shown.run, shown.focus.trace(), 0, {MapStage::scores, false});
        QVERIFY(subject.scene.kernels() == ShownKernels::both);
        for (int block = 0; block < static_cast<int>(subject.scene.blocks.size()); ++block) {
            const QString caption = headFigure(subject, block, 0)->caption;
            QCOMPARE(caption.contains(QChar(0x221A)), subject.scene.blocks[static_cast<std::size_t>(block)].info.cross);
        }
        const QString all = allHeadsFigure(subject)->caption;
        QVERIFY2(all.contains("In self-attention: s = ") && all.contains("In cross-attention: s = "), qPrintable(all));
    }

    void hoverTellsTheStoryOfTheCell() {
        ShownMaps shown(taskWith(1, 2, AttentionForm::kv_pos));
        QVERIFY(shown.ready());
        Map* map = shown.enlarge();
        pointAt(map, map->cellRect({2, 4}).center().toPoint());
        QTRY_VERIFY(shown.page.findChild<CellStory*>()->title().startsWith(QStringLiteral("query 2 ")));
        const QString weight = QString::number(weightOf(shown.focus, {0, 0, 2, 4}), 'f', 4);
        QVERIFY2(shown.story().endsWith(weight), qPrintable(shown.story()));
        QVERIFY(shown.story().contains(QStringLiteral("times \u03A3w")));
        QVERIFY(shown.page.findChild<RowTable*>()->title().startsWith(QStringLiteral("Row of query 2")));
        QCOMPARE(shown.page.findChild<RowTable*>()->accessibleDescription(), QStringLiteral("\u03A3 = 1.000"));
    }

    void theStoryIsArithmeticOnTheTracesNumbers() {
        ShownMaps shown(taskWith(1, 2));
        QVERIFY(shown.ready());
        Map* map = shown.enlarge();
        map->setFocus();
        shown.focus.select({0, 1, 4, 2});
        QTRY_VERIFY(shown.page.findChild<CellStory*>()->title().startsWith(QStringLiteral("query 4 ")));
        const Trace& trace = *shown.focus.trace();
        double dot = 0.0, largest = -1e30, sum = 0.0;
        for (int p = 0; p < 4; ++p)
            dot += static_cast<double>(trace.at("encoder.0.attention.query").values[static_cast<std::size_t>((6 + 4) * 4 + p)]) *
                   static_cast<double>(trace.at("encoder.0.attention.key").values[static_cast<std::size_t>((6 + 2) * 4 + p)]);
        const float* row = trace.at("encoder.0.attention.scores").values.data() + (6 + 4) * 6;
        for (int j = 0; j < 6; ++j) largest = std::max(largest, static_cast<double>(row[j]));
        for (int j = 0; j < 6; ++j) sum += std::exp(static_cast<double>(row[j]) - largest);
        const QString story = shown.story();
        const auto says = [&](double value, int decimals) {
            QVERIFY2(story.contains(QStringLiteral("= ") + fixed(value, decimals)),
                     qPrintable(story + " misses " + fixed(value, decimals)));
        };
        says(dot, 3);
        says(dot / 2.0, 3);
        says(dot / 2.0 - largest, 3);
        says(std::exp(dot / 2.0 - largest), 4);
        says(std::exp(dot / 2.0 - largest) / sum, 4);
        QVERIFY2(story.contains(QStringLiteral("row sum %1").arg(fixed(sum, 3))), qPrintable(story));
    }

    void everyStageShowsItsOwnNumbers() {
        ShownMaps shown(decoderTask());
        QVERIFY(shown.ready());
        Map* map = shown.enlarge();
        const std::string block = shown.run->model()->attentionBlocks().front().name;
        const std::vector<std::pair<QString, std::string>> stages{
            {"Stage: scores", block + ".scores"},
            {"Stage: masked", block + ".masked_scores"},
            {QStringLiteral("Stage: \u2202L/\u2202s"), "gradient." + block + ".scores"},
            {QStringLiteral("Stage: \u2202L/\u2202a"), "gradient." + block + ".weights"},
            {"Stage: weights", block + ".weights"}};
        for (const auto& [choice, tensor] : stages) {
            press(shown.page, choice);
            QTRY_VERIFY(shown.focus.trace() && shown.focus.trace()->contains(tensor));
            QTRY_COMPARE(map->data().values.get(), shown.focus.trace()->at(tensor).values.data());
            const ColorScaling scaling = shown.page.findChild<HeadView*>()->findChild<ColorScaleBar*>()->scaling();
            const bool weights = tensor == block + ".weights";
            QCOMPARE(scaling.kind, weights ? ColorMap::Kind::trace : ColorMap::Kind::balance);
            QCOMPARE(scaling.low, weights ? 0.0 : -scaling.high);
            for (int head : {0, 1})
                for (std::size_t i = 0; i < 13 * 13; ++i) {
                    const float value = shown.focus.trace()->at(tensor).values[static_cast<std::size_t>(head) * 169 + i];
                    QVERIFY(std::isinf(value) || static_cast<double>(std::abs(value)) <= scaling.high * (1 + 1e-6));
                }
            QCOMPARE(map->data().masked(0, 5), tensor != block + ".scores");
        }
        QVERIFY(map->accessibleName().startsWith(QStringLiteral("Attention weights of ")));
    }

    void headsMayHaveScalesOfTheirOwn() {
        ShownMaps shown(taskWith(1, 2));
        QVERIFY(shown.ready());
        Map* map = shown.enlarge();
        press(shown.page, "Stage: scores");
        std::vector<double> reach;
        for (const char* scale : {"Scale: common", "Scale: per head"})
            for (int head : {0, 1}) {
                press(shown.page, scale);
                shown.focus.select({0, head, 0, 0});
                QTRY_VERIFY(map->accessibleName().endsWith(QStringLiteral("head %1").arg(head)));
                const Tensor& scores = shown.focus.trace()->at("encoder.0.attention.scores");
                const double own = largestMagnitude(scores.values.data() + head * 36, 36), all = largestMagnitude(scores.values.data(), 72);
                QTRY_COMPARE(shown.page.findChild<HeadView*>()->findChild<ColorScaleBar*>()->scaling().high,
                             scaleBound(scale == QLatin1String("Scale: common") ? all : own));
            }
    }

    void gradientsNeedARightAnswer() {
        ShownMaps shown(taskWith(1, 1));
        QVERIFY(shown.ready());
        Map* map = shown.enlarge();
        press(shown.page, QStringLiteral("Stage: \u2202L/\u2202s"));
        QTRY_VERIFY(shown.page.look().stage == MapStage::scoreGradient);
        shown.focus.setInput(tokensOnly({1, 2, 3}));
        QTRY_COMPARE(map->data().rows, 3);
        QVERIFY(shown.page.look().stage == MapStage::weights);
        shown.focus.showSample(0);
        QTRY_VERIFY(shown.page.look().stage == MapStage::scoreGradient);
        QTRY_VERIFY(shown.focus.trace() && shown.focus.trace()->contains("gradient.encoder.0.attention.scores"));
        shown.page.hide();
        shown.focus.showSample(1);
        QTRY_VERIFY(shown.focus.trace());
        QVERIFY(!shown.focus.trace()->contains("gradient.encoder.0.attention.scores"));  // nobody looks at them
    }

    void enterAsksForTheExplanationOfTheCellInHand() {
        ShownMaps shown(taskWith(1, 1));
        QVERIFY(shown.ready());
        Map* map = shown.enlarge();
        map->setFocus();
        QSignalSpy wanted(&shown.page, &Page::placeWanted);
        QTest::keyClick(map, Qt::Key_Down);
        QTest::keyClick(map, Qt::Key_Right);
        QTest::keyClick(map, Qt::Key_Return);
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(shown.focus.selection(), (Selection{0, 0, 1, 1}));
        QTest::mouseClick(map, Qt::LeftButton, {}, map->cellRect({3, 4}).center().toPoint());  // which it leaves out, too
        QTest::mouseDClick(map, Qt::LeftButton, {}, map->cellRect({3, 4}).center().toPoint());
        QTest::mouseRelease(map, Qt::LeftButton, {}, map->cellRect({3, 4}).center().toPoint());  // which the double click leaves out
        QCOMPARE(wanted.count(), 2);
        QCOMPARE(shown.focus.selection(), (Selection{0, 0, 3, 4}));
    }

    void aLitColumnTellsWhoLooksThere() {
        ShownMaps shown(taskWith(1, 1));
        QVERIFY(shown.ready());
        Map* map = shown.enlarge();
        shown.focus.select({0, 0, 2, 3});
        QTRY_COMPARE(map->selection(), (MapCell{2, 3}));
        QTest::keyClick(map, Qt::Key_C);
        QVERIFY(shown.page.findChild<RowTable*>()->title().startsWith(QStringLiteral("Who looks at key 3 ")));
        double sum = 0.0;
        for (int i = 0; i < 6; ++i) sum += static_cast<double>(weightOf(shown.focus, {0, 0, i, 3}));
        QCOMPARE(shown.page.findChild<RowTable*>()->accessibleDescription(), QStringLiteral("\u03A3 = ") + fixed(sum, 3));
        QTest::keyClick(map, Qt::Key_Escape);  // puts the light out and stays
        QVERIFY(shown.page.enlarged());
        QVERIFY(shown.page.findChild<RowTable*>()->title().startsWith(QStringLiteral("Row of query 2 ")));
    }

    void theRowThatIsLitUpStandsBelowTheMap() {
        ShownMaps shown(taskWith(1, 1));
        QVERIFY(shown.ready());
        Map* map = shown.enlarge();
        map->choose({2, 3});
        auto* profile = shown.page.findChild<RowProfile*>();
        QVERIFY(profile->accessibleName().startsWith("row 2"));
        map->pointAt(MapLight{MapLight::Axis::row, 4});
        QVERIFY2(profile->accessibleName().startsWith("row 4"), qPrintable(profile->accessibleName()));
        map->pointAt(MapLight{});
        QVERIFY(profile->accessibleName().startsWith("row 2"));
    }

    void aLockedCellKeepsItsStory() {
        ShownMaps shown(taskWith(1, 1));
        QVERIFY(shown.ready());
        Map* map = shown.enlarge();
        pointAt(map, map->cellRect({2, 4}).center().toPoint());
        QTRY_VERIFY(shown.page.findChild<CellStory*>()->title().startsWith(QStringLiteral("query 2 ")));
        QTest::keyClick(map, Qt::Key_L);
        pointAt(map, map->cellRect({5, 1}).center().toPoint());
        QTRY_COMPARE(map->hoveredCell(), (MapCell{5, 1}));
        QVERIFY(shown.page.findChild<CellStory*>()->title().startsWith(QStringLiteral("query 2 ")));
        QCOMPARE(shown.focus.selection(), (Selection{0, 0, 2, 4}));
        for (auto* button : shown.page.findChild<CellStory*>()->findChildren<Button*>())
            if (button->isChecked()) button->click();
        QVERIFY(!map->locked());
    }

    void linesShowTheSameHead() {
        ShownMaps shown(taskWith(1, 2));
        QVERIFY(shown.ready());
        Map* map = shown.enlarge();
        press(shown.page, "Shown as: both");
        QCoreApplication::processEvents();
        auto* lines = shown.page.findChild<LineView*>();
        QVERIFY(lines->isVisible() && map->isVisible());
        QVERIFY(!lines->geometry().intersects(map->geometry()));
        QCOMPARE(lines->picture().weights().values.get(), shown.focus.trace()->at("encoder.0.attention.weights").values.data());
        // A token lights up its row, here and in the map.
        const QRectF room = lines->room();
        pointAt(lines, QPointF(room.left() + 4, lines->picture().queryY(room, 3)).toPoint());
        QTRY_COMPARE(map->light(), (MapLight{MapLight::Axis::row, 3}));
        pointAt(lines, QPointF(room.right() - 4, lines->picture().keyY(room, 5)).toPoint());
        QTRY_COMPARE(map->light(), (MapLight{MapLight::Axis::column, 5}));
        pointAt(lines, QPoint(2, 2));
        QTRY_COMPARE(map->light(), MapLight{});
        QTest::keyClick(lines, Qt::Key_Down);
        QTest::keyClick(lines, Qt::Key_Down);
        QCOMPARE(shown.focus.selection().query, 2);
        QVERIFY(lines->property("labPictureValue").toString().startsWith(QStringLiteral("query 2 ")));
        press(shown.page, "Shown as: lines");
        QVERIFY(lines->isVisible() && !map->isVisible());
        const auto offers = shown.page.figures();
        QVERIFY(offers.front().name.endsWith(QStringLiteral("lines")));
        const auto figure = offers.front().make();
        QVERIFY(figure->size().height() > 100);
        QCOMPARE(figure->table().rows.size(), std::size_t(36));
    }

    void longSequencesSayWhatADotStandsFor() {
        ShownMaps shown(taskWith(1, 1));
        QVERIFY(shown.ready());
        Map* map = shown.enlarge();
        auto* detail = shown.page.findChild<DetailBar*>();
        QVERIFY(!detail->isVisible());
        std::vector<int> tokens;
        for (int i = 0; i < 700; ++i) tokens.push_back(i % 5);
        shown.focus.setInput(tokensOnly(tokens));
        QTRY_COMPARE(map->data().rows, 700);
        QTRY_VERIFY(detail->isVisible());
        const int cells = map->cellsPerDot();
        QVERIFY(cells > 1);
        QVERIFY2(detail->text().contains(QStringLiteral("strongest of %1 \u00D7 %1 cells").arg(cells)), qPrintable(detail->text()));
        press(shown.page, "Several cells in one dot: mean");
        QVERIFY(detail->text().contains(QStringLiteral("the mean of")));
        QCOMPARE(map->pooling(), Pooling::mean);
        while (map->cellsPerDot() > 1) map->zoom(1.25);
        QVERIFY2(!detail->text().contains(QStringLiteral("one dot")) && detail->text().startsWith(QStringLiteral("queries ")),
                 qPrintable(detail->text()));
        std::vector<int> tooMany(2049, 1);
        shown.focus.setInput(tokensOnly(tooMany));
        QTRY_VERIFY(shown.page.findChild<ErrorStrip*>()->isVisible());
        QVERIFY2(shown.focus.traceError().contains("2048") || shown.focus.traceError().contains("2,048"),
                 qPrintable(shown.focus.traceError()));
    }

    void selectingACellMovesTheFocusOfTheWindow() {
        ShownMaps shown(taskWith(1, 2));
        QVERIFY(shown.ready());
        Map* map = shown.enlarge();
        QTest::mouseClick(map, Qt::LeftButton, {}, map->cellRect({3, 1}).center().toPoint());
        QCOMPARE(shown.focus.selection(), (Selection{0, 0, 3, 1}));
        shown.focus.select({0, 1, 2, 2});
        QTRY_COMPARE(map->selection(), (MapCell{2, 2}));
    }

    void mapsLiveWhileTraining() {
        ShownMaps shown(taskWith(1, 2));
        QVERIFY(shown.ready());
        const QImage before = shown.page.findChild<HeadGrid*>()->grab().toImage();
        shown.run->train();
        QTRY_COMPARE(shown.run->state(), Run::State::finished);
        QTRY_COMPARE(shown.focus.traceStep(), std::int64_t{40});
        QTRY_VERIFY(shown.page.findChild<PageHeader*>()->detail().startsWith(QStringLiteral("step 40 ")));
        QVERIFY(shown.page.findChild<HeadGrid*>()->grab().toImage() != before);
    }

    void anotherInputChangesTheTokens() {
        ShownMaps shown(taskWith(1, 1));
        QVERIFY(shown.ready());
        Input input;
        input.tokens = {4, 3, 2};
        shown.focus.setInput(input);
        Map* map = &shown.page.findChild<HeadView*>()->map();
        QTRY_COMPARE(map->data().rows, 3);
        QTRY_COMPARE(map->describe({0, 2}), QStringLiteral("query 0 \u201C4\u201D \u2192 key 2 \u201C2\u201D"));
        QVERIFY(shown.page.findChild<PageHeader*>()->detail().contains(QStringLiteral("own input")));
    }

    void inputThatCannotBeTracedIsExplained() {
        ShownMaps shown(taskWith(1, 1));
        QVERIFY(shown.ready());
        Input input;
        input.tokens = {4, 99};
        shown.focus.setInput(input);
        QTRY_VERIFY(shown.page.findChild<ErrorStrip*>()->isVisible());
        QVERIFY(shown.page.findChild<ErrorStrip*>()->accessibleDescription().contains(shown.focus.traceError()));
    }

    void survivesTheEndOfItsRunUntilTheNextRefresh() {
        ShownMaps shown(taskWith(2, 2));
        QVERIFY(shown.ready());
        Map* map = shown.enlarge();
        shown.workspace.remove(shown.run);
        Theme::instance().setMode(Theme::Mode::dark);
        QTest::keyClick(map, Qt::Key_Down);
        QTest::keyClick(map, Qt::Key_Escape);
        QTRY_COMPARE(shown.page.findChild<PageHeader*>()->title(), QStringLiteral("Maps"));
        Theme::instance().setMode(Theme::Mode::light);
    }

    void smallMapsShowTheirOwnHeads() {
        ShownMaps shown(taskWith(1, 2));
        QVERIFY(shown.ready());
        auto* grid = shown.page.findChild<HeadGrid*>();
        const QImage picture = grid->grab().toImage();
        for (int head : {0, 1}) {
            const QRectF map = grid->mapRect(0, head);
            const double cell = map.width() / 6;
            const QPoint at = (map.topLeft() + QPointF(4.5 * cell, 2.5 * cell)).toPoint();
            const QRgb expected = ColorMap::of(ColorMap::Kind::trace, false).color(weightOf(shown.focus, {0, head, 2, 4}));
            QCOMPARE(picture.pixelColor(at), QColor::fromRgb(expected));
        }
    }

    void withoutARunThePageSaysWhatToDo() {
        Focus focus;
        MapsPage page(focus);
        page.resize(1180, 620);
        page.show();
        QTRY_COMPARE(page.findChild<PageHeader*>()->title(), QStringLiteral("Maps"));
        page.grab();
    }

    void captionOnlyClaimsWhatTheNumbersSupport() {
        const Sources mirrored{*sourcePattern({}, Architecture::encoder), {}};
        HeadMetrics head;
        head.values.fill(std::numeric_limits<double>::quiet_NaN());
        head[HeadMetric::agreement] = 0.93;
        head.evenMass(HeadMetric::agreement) = 1.0 / 16;
        head[HeadMetric::effectiveKeys] = 1.9;
        head.visibleKeys = 16;
        head.queries = 16;
        head.counted.fill(16);
        QCOMPARE(liveCaption(head, mirrored), QStringLiteral("puts 93\u00A0% of its weight on the mirrored position"));
        head[HeadMetric::agreement] = 0.062;
        head[HeadMetric::effectiveKeys] = 15.8;
        QCOMPARE(liveCaption(head, mirrored), QStringLiteral("nearly uniform: 15.8 of 16 keys in use"));
        head[HeadMetric::agreement] = 0.25;
        head[HeadMetric::effectiveKeys] = 9;
        QCOMPARE(liveCaption(head, mirrored),
                 QStringLiteral("25\u00A0% of its weight on the mirrored position; uniform would be 6\u00A0%"));
        head[HeadMetric::firstToken] = 0.6;
        QCOMPARE(liveCaption(head, mirrored), QStringLiteral("puts 60\u00A0% of its weight on the first position"));
        QCOMPARE(liveCaption(head, mirrored, true), QStringLiteral("puts 60\u00A0% of its weight on the source's first position"));
        head[HeadMetric::firstToken] = 0.4;
        head[HeadMetric::agreement] = std::numeric_limits<double>::quiet_NaN();
        QCOMPARE(liveCaption(head, std::nullopt), QStringLiteral("uses 9.0 of 16 keys on average"));
    }
};

QTEST_MAIN(MapsPageTest)
#include "maps_page_test.moc"
