#include "ui/pages/maps/many_heads.h"

#include <QCheckBox>
#include <QComboBox>
#include <QtTest>

#include "core/optimizers/training_state.h"
#include "core/optimizers/update_rule.h"
#include "core/pretrained/pretrained_model.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/maps/all_heads.h"
#include "ui/pages/maps/dense_grid.h"
#include "ui/pages/maps/habit_filter.h"
#include "ui/pages/maps/head_grid.h"
#include "ui/pages/maps/head_view.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/pages/maps/maps_views.h"
#include "ui/pages/maps/token_view.h"
#include "ui/runs/focus.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

using namespace lab;

namespace {

LoadedTask manyHeads(int layers, int heads, int kvHeads = 0, int length = 6) {
    Experiment experiment =
        smallExperiment({.length = length, .vocabulary = 12, .validation = 16, .d_model = 2 * heads, .layers = layers, .heads = heads});
    if (kvHeads > 0) experiment.model.num_kv_heads = kvHeads;
    return loadTask(experiment, {});
}

struct ManyShown {
    explicit ManyShown(const LoadedTask& task, QSize size = {1180, 620}, std::optional<TrainingState> state = {}) : page(focus) {
        run = workspace.add(task, std::move(state));
        focus.setRun(run);
        page.resize(size);
        page.show();
    }
    /// The maps are there and what heads usually do is found out.
    bool ready() {
        return QTest::qWaitFor([this] { return focus.trace() && !page.views().metrics().empty() && complete(); }, patience);
    }
    bool complete() { return !filter().isHidden() && again().isHidden(); }
    AllHeads& all() { return *page.findChild<AllHeads*>(); }
    DenseGrid& grid() { return all().many().grid(); }
    HabitFilter& filter() { return *page.findChild<HabitFilter*>(); }
    Button& again() { return *page.findChild<Button*>(QStringLiteral("maps.filter.again")); }
    QString told() { return grid().property("labPictureValue").toString(); }
    Map* enlarge() {
        page.setEnlarged(true);
        QCoreApplication::processEvents();
        return &page.findChild<HeadView*>()->map();
    }

    Workspace workspace;
    Focus focus;
    Run* run = nullptr;
    MapsPage page;
};

/// A tiny model of another program, looked at in its first sentence.
struct OpenedCase {
    static TrainingState stateOf(PretrainedModel& opened) {
        return startingState(std::move(opened.weights), *opened.experiment.training.optimizer.kind);
    }
    static PretrainedModel open(const char* name) {
        return openPretrained(std::filesystem::path(LAB_SOURCE_DIR) / "tests/reference/pretrained" / name);
    }
    explicit OpenedCase(const char* name)
        : opened(open(name)), shown(loadSavedTask(opened.experiment, opened.tokenizer, {}), {1180, 620}, stateOf(opened)) {}

    bool ready() {
        return QTest::qWaitFor([this] { return shown.focus.trace() && !shown.page.views().metrics().empty(); }, patience);
    }
    QCheckBox* box(const char* name) { return shown.page.findChild<QCheckBox*>(QLatin1String(name)); }

    PretrainedModel opened;
    ManyShown shown;
};

}  // namespace

class ManyHeadsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void fewHeadsKeepTheirGrid() {
        ManyShown shown(manyHeads(2, 4));
        QVERIFY(QTest::qWaitFor([&] { return !shown.page.views().metrics().empty(); }, patience));
        QVERIFY(!shown.all().showsMany());
        QVERIFY(shown.filter().isHidden());
        QVERIFY(shown.all().grid().isVisible());
    }

    void aHundredAndFortyFourStandLayerBelowLayer() {
        ManyShown shown(manyHeads(12, 12), {1180, 640});
        QVERIFY(shown.ready());
        QVERIFY(shown.all().showsMany());
        DenseGrid& grid = shown.grid();
        QVERIFY(!grid.layersAcross());
        QVERIFY(grid.mapRect(0, 1).left() >= grid.mapRect(0, 0).right());
        QVERIFY(grid.mapRect(1, 0).top() >= grid.mapRect(0, 0).bottom());
        QVERIFY(grid.rect().contains(grid.mapRect(11, 11).toRect()));
        const double cells = grid.mapRect(0, 0).width() * grid.devicePixelRatioF() / 6;  // whole dots a token
        QCOMPARE(cells, std::floor(cells));
        QVERIFY(grid.dotText().isEmpty());
    }

    void moreRunAcrossAndShareKeysInGroups() {
        ManyShown shown(manyHeads(18, 9, 3));
        QVERIFY(shown.ready());
        DenseGrid& grid = shown.grid();
        QVERIFY(grid.layersAcross());
        QCOMPARE(grid.mapRect(0, 0).top(), grid.mapRect(17, 0).top());
        const double within = grid.mapRect(0, 1).top() - grid.mapRect(0, 0).top();
        const double between = grid.mapRect(0, 3).top() - grid.mapRect(0, 2).top();
        QVERIFY(between > within);
        HeadGrid& layer = shown.all().many().layer();
        QVERIFY(layer.isVisible());
        QVERIFY(layer.mapRect(0, 8).width() > grid.mapRect(0, 0).width());
        shown.page.setEnlarged(false);
        shown.focus.select({7, 2, 0, 0});
        QTest::mouseClick(&layer, Qt::LeftButton, {}, layer.mapRect(0, 4).center().toPoint());
        QCOMPARE(shown.focus.selection().head, 4);
        QVERIFY(shown.page.enlarged());
    }

    void aLongInputShowsTheLargestOfSeveralAndSaysSo() {
        ManyShown shown(manyHeads(13, 4, 0, 90));
        QVERIFY(QTest::qWaitFor([&] { return !shown.page.views().metrics().empty(); }, patience));
        QVERIFY(!shown.grid().dotText().isEmpty());
        QVERIFY(shown.all().subtitle().contains(shown.grid().dotText()));
    }

    void keysWalkHeadsAndLayers() {
        ManyShown shown(manyHeads(12, 12));
        QVERIFY(shown.ready());
        DenseGrid& grid = shown.grid();
        grid.setFocus();
        const auto hand = [&] { return std::pair(shown.focus.selection().block, shown.focus.selection().head); };
        QTest::keyClick(&grid, Qt::Key_Right);
        QTest::keyClick(&grid, Qt::Key_Down);
        QCOMPARE(hand(), std::pair(1, 1));
        QTest::keyClick(&grid, Qt::Key_End);
        QCOMPARE(hand(), std::pair(11, 1));
        QTest::keyClick(&grid, Qt::Key_Down);
        QCOMPARE(hand(), std::pair(11, 1));
        QTest::keyClick(&grid, Qt::Key_Home);
        QCOMPARE(hand(), std::pair(0, 1));
        QVERIFY2(shown.told().startsWith(QStringLiteral("Layer 0 \u00B7 head 1")), qPrintable(shown.told()));
        QVERIFY2(shown.told().contains(QStringLiteral("usually")), qPrintable(shown.told()));
        QTest::keyClick(&grid, Qt::Key_Return);
        QVERIFY(shown.page.enlarged());
    }

    void lettersShowOneKindAndZeroAll() {
        ManyShown shown(manyHeads(13, 4));
        QVERIFY(shown.ready());
        DenseGrid& grid = shown.grid();
        grid.setFocus();
        for (const HabitRow& row : habitTable()) {
            if (row.letter == ' ') continue;
            QTest::keyClick(&grid, row.letter);
            QCOMPARE(grid.filter(), std::optional(row.habit));
            QCOMPARE(shown.filter().filter(), std::optional(row.habit));
        }
        QTest::keyClick(&grid, Qt::Key_0);
        QVERIFY(!grid.filter());
    }

    /// The letters are the window's keys elsewhere: here they are taken before any shortcut.
    void lettersComeBeforeShortcuts() {
        ManyShown shown(manyHeads(13, 4));
        QVERIFY(shown.ready());
        QKeyEvent letter(QEvent::ShortcutOverride, Qt::Key_P, Qt::NoModifier, QStringLiteral("p"));
        letter.ignore();
        QCoreApplication::sendEvent(&shown.grid(), &letter);
        QVERIFY(letter.isAccepted());
        QKeyEvent other(QEvent::ShortcutOverride, Qt::Key_X, Qt::NoModifier, QStringLiteral("x"));
        other.ignore();
        QCoreApplication::sendEvent(&shown.grid(), &other);
        QVERIFY(!other.isAccepted());
    }

    void theFilterCountsEveryHeadOnce() {
        ManyShown shown(manyHeads(13, 4));
        QVERIFY(shown.ready());
        int counted = 0;
        for (const Button* button : shown.filter().findChildren<Button*>()) {
            const QString name = button->accessibleName();
            if (!button->isHidden() && button != &shown.again() && !name.isEmpty()) counted += name.section(QLatin1Char(' '), -1).toInt();
        }
        QCOMPARE(counted, 52);
        QVERIFY(shown.filter().findChild<ThemedLabel*>()->text().contains(QStringLiteral("16")));
    }

    void theFilterFitsASmallPage() {
        ManyShown shown(manyHeads(13, 4), {640, 360});
        QVERIFY(shown.ready());
        QVERIFY(shown.filter().minimumSizeHint().width() < 200);
        QVERIFY(shown.page.minimumSizeHint().width() <= 1180);
    }

    void measuringCanBeStoppedAndGoesOnAgain() {
        ManyShown shown(manyHeads(13, 4));
        QVERIFY(shown.ready());
        // Weights that are others make what is known stale.
        shown.run->stepOnce();
        QVERIFY(QTest::qWaitFor([&] { return shown.run->step() == 1 && shown.focus.shownStep() == 1; }, patience));
        QTRY_VERIFY(!shown.again().isHidden());
        QVERIFY(shown.filter().findChild<ThemedLabel*>()->text().contains(QStringLiteral("step 0")));
        shown.again().click();
        QTRY_VERIFY(shown.again().isHidden());
    }

    void sinksAreDimmedOnRequestAndTitleAndScaleSaySo() {
        OpenedCase opened("bert-mlm");
        QVERIFY(opened.ready());
        Map* map = opened.shown.enlarge();
        QCheckBox* dim = opened.box("maps.head.dim_sinks");
        QVERIFY(dim && dim->isVisible());
        const MapData before = map->data();
        QVERIFY(!before.faint);
        dim->click();
        QTRY_VERIFY(map->data().faint);
        const MapData after = map->data();
        QCOMPARE(after.columns, before.columns);
        float sum = 0;
        for (int key = 0; key < after.columns; ++key) {
            const bool sink = after.faint->at(0, key);
            if (!sink) sum += after.value(0, key);
            if (sink) QCOMPARE(after.value(0, key), before.value(0, key));
        }
        QVERIFY(std::abs(sum - 1.0F) < 1e-4F);
        QVERIFY(after.faint->at(0, 0) && after.faint->at(0, after.columns - 1));  // [CLS], [SEP]
        QVERIFY(opened.shown.all().subtitle().contains(QStringLiteral("without sinks")));
        dim->click();
        QTRY_VERIFY(!map->data().faint);
        QVERIFY(!opened.shown.all().subtitle().contains(QStringLiteral("without sinks")));
    }

    void joinedWordsAreFewerAndSelectTheirFirstToken() {
        OpenedCase opened("bert-mlm");
        QVERIFY(opened.ready());
        Map* map = opened.shown.enlarge();
        const int tokens = map->data().columns;
        QCheckBox* join = opened.box("maps.head.join_words");
        QVERIFY(join && join->isVisible());
        join->click();
        QTRY_VERIFY(map->data().columns < tokens);
        const int words = map->data().columns;
        for (int row = 0; row < words; ++row) {
            float sum = 0;
            for (int key = 0; key < words; ++key) sum += map->data().value(row, key);
            QVERIFY(std::abs(sum - 1.0F) < 1e-4F);
        }
        for (const QString& name : map->content().columnNames) QVERIFY2(!name.startsWith(QStringLiteral("##")), qPrintable(name));
        map->choose({words - 1, words - 1});
        QCOMPARE(opened.shown.focus.selection().query, tokens - 1);
        QCOMPARE(map->selection().row, words - 1);
    }

    void theHiddenHalfOfADecoderIsEmptyAndNamed() {
        OpenedCase opened("gpt2");
        QVERIFY(opened.ready());
        Map* map = opened.shown.enlarge();
        QVERIFY(!map->content().hiddenName.isEmpty());
        QVERIFY(!map->content().picture.hatched());
    }

    void oneTokenIsShownInAllHeads() {
        OpenedCase opened("llama-gqa");
        QVERIFY(opened.ready());
        MapsViews& views = opened.shown.page.views();
        opened.shown.focus.select({0, 0, 2, 1});
        views.setView(MapsViews::View::token);
        TokenView& token = views.token();
        QTRY_VERIFY(!token.fromMap().data().empty());
        const Model& model = *opened.shown.run->model();
        int heads = 0;
        for (const AttentionBlock& block : model.attentionBlocks()) heads += block.heads;
        QCOMPARE(token.fromMap().data().rows, heads);
        QCOMPARE(token.toMap().data().rows, heads);
        QCOMPARE(token.tokens().currentIndex(), 2);
        const Tensor& weights = opened.shown.focus.trace()->at(model.attentionBlocks().front().name + ".weights");
        const auto n = static_cast<std::size_t>(weights.extent(1));
        QCOMPARE(token.fromMap().data().value(0, 1), weights.values[2 * n + 1]);
        QCOMPARE(token.toMap().data().value(0, 3), weights.values[3 * n + 2]);
        token.fromMap().choose({heads - 1, 0});
        QCOMPARE(opened.shown.focus.selection().block, static_cast<int>(model.attentionBlocks().size()) - 1);
        QCOMPARE(opened.shown.page.stage(), QStringLiteral("token"));
    }
};

QTEST_MAIN(ManyHeadsTest)
#include "many_heads_test.moc"
