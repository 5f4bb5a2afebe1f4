#include "ui/pages/positions/bias_view.h"

#include <QStackedWidget>
#include <QtTest>
#include <algorithm>
#include <cmath>

#include "core/data/loaded_task.h"
#include "core/layers/position/relative_buckets.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "tests/ui/runs/run_fixture.h"
#include "tests/ui/widgets/picture_testing.h"
#include "ui/pages/positions/positions_page.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/theme.h"

using namespace lab;

// Learned terms of distances on the page Positions: T5's buckets and Transformer-XL's vectors.

namespace {

/// Six buckets up to 7: of a decoder one each for 0 to 3, one for 4 and 5, one for all from 6 on.
Experiment ofDistances(PositionKind kind, Architecture architecture = Architecture::decoder) {
    Experiment e = smallExperiment({.vocabulary = 5, .validation = 16, .layers = 2, .heads = 2, .steps = 20});
    e.task.kind = "copy";
    e.model.architecture = architecture;
    e.model.position.kind = kind;
    e.model.position.buckets = 6;
    e.model.position.max_distance = 7;
    return e;
}

struct ShownBias {
    explicit ShownBias(const Experiment& experiment) : page(focus) {
        run = workspace.add(loadTask(experiment, {}));
        focus.setRun(run);
        page.resize(1180, 620);
        page.show();
    }
    bool ready() {
        return QTest::qWaitFor([this] { return focus.trace() != nullptr && view() != nullptr; }, lab::patience);
    }
    /// Until the view shows weights that are no longer those of the start.
    bool trained() {
        run->train();
        return QTest::qWaitFor([this] { return run->state() == Run::State::finished && view() && pairs()->data().value(3, 1) != 0; },
                               lab::patience);
    }
    QWidget* current() { return page.findChild<QStackedWidget*>()->currentWidget(); }
    BiasView* view() { return qobject_cast<BiasView*>(current()); }
    Plot* plot(const char* name) { return page.findChild<Plot*>(QLatin1String(name)); }
    Plot* curves() { return plot("positions.bias.curves"); }
    Plot* factor() { return plot("positions.bias.factor"); }
    Map* pairs() { return page.findChild<Map*>(QStringLiteral("positions.bias.pairs")); }
    /// What stands beside a panel's title, of all panels of the view.
    QString subtitles() {
        QString all;
        for (const auto* panel : view()->findChildren<PanelFrame*>()) all += panel->subtitle() + QLatin1Char('\n');
        return all;
    }
    QString absence() {
        const auto* state = qobject_cast<EmptyState*>(current());
        return state ? state->accessibleName() + QLatin1Char('\n') + state->accessibleDescription() : QString();
    }

    Workspace workspace;
    Focus focus;
    Run* run = nullptr;
    PositionsPage page;
};

}  // namespace

class PositionsBiasTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void bucketsFollowTheTimeline() {
        ShownBias shown(ofDistances(PositionKind::relative_bias));
        QVERIFY(shown.ready());
        QCOMPARE(static_cast<int>(shown.page.kind()), static_cast<int>(PositionsPage::Kind::relative));
        QVERIFY2(shown.subtitles().contains("at step 0, all are 0, the same in all layers\n"), qPrintable(shown.subtitles()));
        QVERIFY2(shown.subtitles().contains("all keys 6 or more away share one bucket"), qPrintable(shown.subtitles()));
        QVERIFY(shown.trained());
        QTRY_VERIFY(!shown.subtitles().contains("all are 0"));
        shown.focus.select({1, 1, 9, 6});
        QTRY_COMPARE(shown.view()->head(), 1);
        const CheckpointPtr last = shown.run->history().last();
        const float* table = at(last->weights, *shown.run->model()->layout().find("decoder.0.attention.relative_bias.weight"));
        for (int i = 0; i < shown.pairs()->data().rows; ++i)
            for (int j = 0; j <= i; ++j) QTRY_COMPARE(shown.pairs()->data().value(i, j), table[relativeBucket(j - i, 6, 7, true) * 2 + 1]);
        QCOMPARE(shown.factor()->legend()->entries().front().value, fixed(std::exp(static_cast<double>(table[3 * 2 + 1])), 3));
        shown.focus.showStep(0);
        QTRY_COMPARE(shown.pairs()->data().value(3, 1), 0.0F);
        QTRY_VERIFY(shown.subtitles().contains("all are 0"));
    }

    void bucketsAreStepsWithTheirBorders() {
        ShownBias shown(ofDistances(PositionKind::relative_bias));
        QVERIFY(shown.ready() && shown.trained());
        const int farthest = 26;  // 13 tokens, and as many again
        const PlotSeries& curve = shown.curves()->series().front();
        QCOMPARE(curve.x, (std::vector<double>{-farthest, -5.5, -5.5, -3.5, -3.5, -2.5, -2.5, -1.5, -1.5, -0.5, -0.5, 0.5}));
        for (std::size_t i = 0; i < curve.x.size(); i += 2) QCOMPARE(curve.y[i], curve.y[i + 1]);
        std::vector<double> marks;
        for (const PlotScene::Mark& mark : shown.curves()->scene().marks) marks.push_back(mark.x);
        QCOMPARE(marks, (std::vector<double>{-5.5, -3.5, 0.5}));
        QVERIFY(shown.curves()->scene().marks.back().label.contains("hidden"));
        QCOMPARE(shown.curves()->scene().shade->from, -12.0);
        QCOMPARE(shown.curves()->scene().shade->to, 0.5);
        // The level of the last bucket is painted where it belongs, and nothing where keys are hidden.
        const QImage image = shown.curves()->grab().toImage();
        const QColor ink = Theme::instance().color(Role::series1);
        QVERIFY(inked(image, shown.curves()->place(-20, curve.y.front()), ink, 3) > 2);
        for (const PlotSeries& each : shown.curves()->series()) QVERIFY(each.x.back() <= 0.5);
        QVERIFY(shown.pairs()->data().masked(1, 3));
        QVERIFY(!shown.pairs()->data().masked(3, 1));
    }

    void anEncoderSeesBothSides() {
        ShownBias shown(ofDistances(PositionKind::relative_bias, Architecture::encoder));
        QVERIFY(shown.ready());
        const PlotSeries& curve = shown.curves()->series().front();
        QCOMPARE(curve.x.front(), -curve.x.back());
        QVERIFY(!shown.pairs()->data().masked(1, 3));
        QVERIFY2(shown.subtitles().contains("on each side, all keys"), qPrintable(shown.subtitles()));
        for (const PlotScene::Mark& mark : shown.curves()->scene().marks) QVERIFY(mark.label.isEmpty());
        QTest::keyClick(shown.curves(), Qt::Key_End);
        QCOMPARE(shown.view()->offset(), static_cast<int>(curve.x.back()));
    }

    void vectorsHaveACurveOfEachLayer() {
        ShownBias shown(ofDistances(PositionKind::relative));
        QVERIFY(shown.ready());
        QCOMPARE(static_cast<int>(shown.page.kind()), static_cast<int>(PositionsPage::Kind::relative));
        QVERIFY(!shown.subtitles().contains("the same in"));
        QVERIFY(shown.trained());
        QVERIFY(shown.curves()->scene().marks.size() == 1);  // where hidden keys begin
        std::vector<double> first;
        for (const int block : {0, 1}) {
            shown.focus.select({block, 1, 9, 6});
            const auto bias = distanceBias(*shown.run->model(), shown.run->history().last()->weights,
                                           shown.run->model()->attentionBlocks()[static_cast<std::size_t>(block)], 26);
            const auto shows = [&] { return shown.curves()->series().front().y; };
            std::vector<double> wanted = bias->heads[1];
            wanted.resize(27);  // no farther than the query itself
            QTRY_COMPARE(shows(), wanted);
            QVERIFY(wanted != first);
            first = wanted;
        }
    }

    void theHeadInHandStandsOut() {
        ShownBias shown(ofDistances(PositionKind::relative_bias));
        QVERIFY(shown.ready());
        shown.focus.select({0, 0, 9, 6});
        QTRY_COMPARE(shown.view()->head(), 0);
        for (const char* name : {"head 0", "head 1"}) {
            const auto& series = shown.curves()->series();
            QCOMPARE(series.size(), std::size_t{2});
            QCOMPARE(series[0].name, QLatin1String(name));
            QVERIFY(!series[0].quiet && series[1].quiet && series[1].width < series[0].width);
            QCOMPARE(shown.curves()->legend()->entries().size(), std::size_t{1});
            QVERIFY(valueOf(*shown.curves()).contains(QLatin1String(name)));
            QTest::keyClick(shown.curves(), Qt::Key_PageDown);
        }
        QCOMPARE(shown.focus.selection().block, 1);
    }

    void keysMoveTheDistance() {
        ShownBias shown(ofDistances(PositionKind::relative_bias));
        QVERIFY(shown.ready());
        shown.focus.select({0, 0, 9, 6});
        QTRY_COMPARE(shown.view()->offset(), -3);
        QCOMPARE(shown.pairs()->selection(), (MapCell{9, 6}));
        QTest::keyClick(shown.curves(), Qt::Key_Left);
        QCOMPARE(shown.view()->offset(), -4);
        QCOMPARE(shown.pairs()->selection(), (MapCell{9, 5}));
        QVERIFY(valueOf(*shown.factor()).startsWith(QStringLiteral("j \u2212 i = \u22124: ")));
        QTest::keyClick(shown.factor(), Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(shown.view()->offset(), -14);
        QVERIFY(!shown.pairs()->selection().valid());  // no two tokens are so far apart
        QTest::keyClick(shown.curves(), Qt::Key_End);
        QCOMPARE(shown.view()->offset(), 0);  // keys behind are hidden
        QTest::keyClick(shown.pairs(), Qt::Key_Down);
        QCOMPARE(shown.view()->offset(), shown.pairs()->selection().column - shown.pairs()->selection().row);
        // The window's pair comes back when it is another one.
        shown.focus.select({0, 0, 8, 6});
        QTRY_COMPARE(shown.view()->offset(), -2);
    }

    void aCapLeavesNoFixedFactor() {
        Experiment capped = ofDistances(PositionKind::relative_bias);
        capped.model.attention.soft_cap = 5;
        ShownBias shown(capped);
        QVERIFY(shown.ready());
        QVERIFY(shown.factor()->series().empty());
        QVERIFY(shown.factor()->scene().emptyText.contains("caps its scores"));
        QVERIFY(!shown.curves()->series().empty());
    }

    void othersSayWhatIsMissing() {
        ShownBias shown(ofDistances(PositionKind::alibi));
        QVERIFY(QTest::qWaitFor([&] { return shown.focus.trace() != nullptr; }, lab::patience));
        shown.page.setKind(PositionsPage::Kind::relative);
        QTRY_VERIFY2(shown.absence().contains("relative-bias or relative"), qPrintable(shown.absence()));
        ShownBias twoSided(ofDistances(PositionKind::relative_bias, Architecture::encoder_decoder));
        QVERIFY(twoSided.ready());
        QVERIFY2(twoSided.subtitles().contains("all layers of this side"), qPrintable(twoSided.subtitles()));
        const auto& blocks = twoSided.run->model()->attentionBlocks();
        const auto cross = std::ranges::find_if(blocks, [](const AttentionBlock& block) { return block.cross; });
        twoSided.focus.select({static_cast<int>(cross - blocks.begin()), 0, 0, 0});
        QTRY_VERIFY2(twoSided.absence().contains("Cross-attention has no position terms"), qPrintable(twoSided.absence()));
    }

    void everyPictureHasANameAValueAndAFigure() {
        for (const PositionKind kind : {PositionKind::relative_bias, PositionKind::relative}) {
            ShownBias shown(ofDistances(kind));
            QVERIFY(shown.ready());
            shown.focus.select({0, 0, 9, 6});
            QTRY_COMPARE(shown.view()->offset(), -3);
            for (const QWidget* part :
                 {static_cast<QWidget*>(shown.curves()), static_cast<QWidget*>(shown.factor()), static_cast<QWidget*>(shown.pairs())}) {
                QVERIFY(!part->accessibleName().isEmpty());
                QVERIFY2(!valueOf(*part).isEmpty(), qPrintable(part->accessibleName()));
            }
            const auto offers = shown.page.figures();
            QCOMPARE(offers.size(), std::size_t{3});
            for (const FigureOffer& offer : offers) QVERIFY(!offer.make()->table().rows.empty());
            for (const auto mode : {Theme::Mode::dark, Theme::Mode::light}) {
                Theme::instance().setMode(mode);
                QVERIFY(!shown.page.grab().isNull());
            }
        }
    }
};

QTEST_MAIN(PositionsBiasTest)
#include "positions_bias_test.moc"
