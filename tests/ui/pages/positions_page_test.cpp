#include "ui/pages/positions/positions_page.h"

#include <QComboBox>
#include <QLabel>
#include <QSpinBox>
#include <QStackedWidget>
#include <QtTest>
#include <cmath>

#include "core/data/loaded_task.h"
#include "core/layers/position/alibi.h"
#include "core/layers/position/rope.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/positions/alibi_view.h"
#include "ui/pages/positions/pair_grid.h"
#include "ui/pages/positions/pair_table.h"
#include "ui/pages/positions/permutation_view.h"
#include "ui/pages/positions/position_map_view.h"
#include "ui/pages/positions/rope_circles.h"
#include "ui/pages/positions/rope_extension_view.h"
#include "ui/pages/positions/rope_phases.h"
#include "ui/pages/positions/score_bars.h"
#include "ui/pages/positions/table_view.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/figure_file.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/phase_circle.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

LoadedTask taskWith(PositionKind kind, AttentionForm form = AttentionForm::qkv, Kind<RopeScalingSpec> scaling = {},
                    RopePairing pairing = RopePairing::half, Architecture architecture = Architecture::decoder, int heads = 2) {
    Experiment experiment = smallExperiment({.vocabulary = 5, .validation = 16, .layers = 2, .heads = heads, .steps = 20});
    experiment.task.kind = "copy";
    experiment.model.architecture = architecture;
    experiment.model.attention.form = form;
    experiment.model.position.kind = kind;
    experiment.model.position.rope.base = 100;
    experiment.model.position.rope.pairing = pairing;
    experiment.model.position.rope.scaling.kind = scaling;
    if (!scaling->keys.empty()) {
        RopeScalingConfig& s = experiment.model.position.rope.scaling;
        s.factor = 2;
        s.original_max_seq_len = 8;  // of 13 tokens: LongRoPE takes its long factors
        s.max_seq_len = 16;
        s.short_factors = {1, 1, 1, 1};
        s.long_factors = {1, 1.2, 1.7, 2.4};
        s.low_freq_factor = 0.1;
        s.high_freq_factor = 2;
    }
    return loadTask(experiment, {});
}

struct ShownPositions {
    explicit ShownPositions(const LoadedTask& task) : page(focus) {
        run = workspace.add(task);
        focus.setRun(run);
        page.resize(1180, 620);
        page.show();
    }
    bool ready() {
        return QTest::qWaitFor([this] { return focus.trace() && (page.kind() != PositionsPage::Kind::rope || page.study().hasModel()); },
                               lab::patience);
    }
    QWidget* current() { return page.findChild<QStackedWidget*>()->currentWidget(); }

    Workspace workspace;
    Focus focus;
    Run* run = nullptr;
    PositionsPage page;
};

/// Whether the title or description of a part of `view` says so.
bool said(const QWidget& view, const char* text) {
    for (const QWidget* part : view.findChildren<QWidget*>())
        if (part->accessibleName().contains(text) || part->accessibleDescription().contains(text)) return true;
    return false;
}

QString valueOf(const QWidget* widget) {
    return widget->property("labPictureValue").toString();
}

}  // namespace

class PositionsPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void eachModelOpensItsOwnKind_data() {
        QTest::addColumn<int>("position");
        QTest::addColumn<int>("form");
        QTest::addColumn<int>("kind");
        const auto row = [](const char* name, PositionKind position, AttentionForm form, PositionsPage::Kind kind) {
            QTest::newRow(name) << static_cast<int>(position) << static_cast<int>(form) << static_cast<int>(kind);
        };
        row("rope", PositionKind::rope, AttentionForm::qkv, PositionsPage::Kind::rope);
        row("sinusoidal", PositionKind::sinusoidal, AttentionForm::qkv, PositionsPage::Kind::sinusoidal);
        row("learned", PositionKind::learned, AttentionForm::qkv, PositionsPage::Kind::learned);
        row("alibi", PositionKind::alibi, AttentionForm::qkv, PositionsPage::Kind::alibi);
        row("relative-bias", PositionKind::relative_bias, AttentionForm::qkv, PositionsPage::Kind::relative);
        row("relative", PositionKind::relative, AttentionForm::qkv, PositionsPage::Kind::relative);
        row("kv+pos", PositionKind::sinusoidal, AttentionForm::kv_pos, PositionsPage::Kind::positionMap);
        row("none", PositionKind::none, AttentionForm::qkv, PositionsPage::Kind::none);
    }
    void eachModelOpensItsOwnKind() {
        QFETCH(int, position);
        QFETCH(int, form);
        QFETCH(int, kind);
        ShownPositions shown(taskWith(static_cast<PositionKind>(position), static_cast<AttentionForm>(form)));
        QVERIFY(shown.ready());
        QTRY_COMPARE(static_cast<int>(shown.page.kind()), kind);
        QTRY_VERIFY(!qobject_cast<EmptyState*>(shown.current()));
        // Every kind can be looked at from every model without harm.
        for (int other = 0; other < 7; ++other) {
            shown.page.setKind(static_cast<PositionsPage::Kind>(other));
            QVERIFY(!shown.page.grab().isNull());
        }
    }

    void theSumIsTheModelsScore_data() {
        QTest::addColumn<int>("pairing");
        QTest::addColumn<QByteArray>("scaling");
        for (const RopePairing pairing : {RopePairing::half, RopePairing::interleaved})
            for (const RopeScalingSpec* scaling : RopeScalingSpec::table())
                QTest::addRow("%d %s", static_cast<int>(pairing), scaling->name.data())
                    << static_cast<int>(pairing) << QByteArray(scaling->name.data());
    }
    void theSumIsTheModelsScore() {
        QFETCH(int, pairing);
        QFETCH(QByteArray, scaling);
        ShownPositions shown(taskWith(PositionKind::rope, AttentionForm::qkv, scaling.constData(), static_cast<RopePairing>(pairing)));
        QVERIFY(shown.ready());
        shown.focus.select({1, 1, 5, 2});
        QTRY_COMPARE(shown.page.study().queryPosition(), 5);
        const Tensor& scores = shown.focus.trace()->at("decoder.1.attention.scores");
        const float model = scores.values[static_cast<std::size_t>((1 * scores.extent(1) + 5) * scores.extent(2) + 2)];
        const ScoreCheck check = shown.page.study().check();
        QCOMPARE(check.other, static_cast<double>(model));
        QVERIFY(check.equal);
        const auto* proof = shown.page.findChild<ScoreProof*>();
        QVERIFY(valueOf(proof).contains(QString::number(std::abs(model), 'f', 4)));
        QVERIFY(valueOf(proof).contains(QStringLiteral("\u2713 equal")));
        QVERIFY(valueOf(shown.page.findChild<ScoreBars*>()).endsWith(QString::number(std::abs(model), 'f', 4)));
        // The shown angles are those of the model's rotation.
        const std::vector<double> theta = ropeFrequencies(shown.run->model()->config().position.rope, 8, 13).theta;
        for (int p = 0; p < 4; ++p)
            QCOMPARE(shown.page.study().geometry().pairs()[static_cast<std::size_t>(p)].theta, theta[static_cast<std::size_t>(p)]);
    }

    /// The pairs add up to q . k; what the linear kernel and the map of KV+Pos make of it is another number.
    void theSumIsCalledTheScoreOnlyWhereItIsOne_data() {
        QTest::addColumn<bool>("linear");
        QTest::addColumn<bool>("positionMap");
        QTest::newRow("softmax") << false << false;
        QTest::newRow("linear") << true << false;
        QTest::newRow("kv+pos") << false << true;
    }
    void theSumIsCalledTheScoreOnlyWhereItIsOne() {
        QFETCH(bool, linear);
        QFETCH(bool, positionMap);
        Experiment experiment = taskWith(PositionKind::rope, positionMap ? AttentionForm::kv_pos : AttentionForm::qkv).experiment;
        if (linear) experiment.model.attention.kernel.kind = KernelKind::linear;
        ShownPositions shown(loadTask(experiment, {}));
        QVERIFY(shown.ready());
        shown.page.setKind(PositionsPage::Kind::rope);
        const bool isScore = !linear && !positionMap;
        const QString product = QStringLiteral("q \u00B7 k / \u221Ad\u2095");
        QTRY_VERIFY(shown.page.study().hasModel());
        QCOMPARE(shown.page.study().sumIsScore(), isScore);
        const auto* bars = shown.page.findChild<ScoreBars*>();
        QCOMPARE(bars->accessibleName(), QStringLiteral("The pairs add up to ") + (isScore ? QStringLiteral("the score") : product));
        QVERIFY(valueOf(bars).startsWith(isScore ? QStringLiteral("score ") : product));
        QCOMPARE(shown.page.findChild<Plot*>("positions.circles.curve")->series().front().name,
                 isScore ? QStringLiteral("score") : product);
        for (const QWidget* part : {static_cast<const QWidget*>(bars), static_cast<const QWidget*>(shown.page.findChild<ScoreProof*>()),
                                    static_cast<const QWidget*>(shown.page.findChild<QWidget*>("positions.circles.shift"))})
            QCOMPARE(part->toolTip().contains("can depend on m and n themselves"), !isScore);
        const auto figure = shown.page.figures().front().make();
        QCOMPARE(figure->caption.contains("and not the score"), !isScore);
    }

    void theOtherPairingBreaksTheModel() {
        ShownPositions shown(taskWith(PositionKind::rope));
        QVERIFY(shown.ready());
        shown.focus.select({0, 0, 5, 2});
        QTRY_COMPARE(shown.page.study().queryPosition(), 5);
        QVERIFY(shown.page.findChild<ScoreProof*>()->holds());
        shown.page.study().setPairing(RopePairing::interleaved);
        QVERIFY(!shown.page.findChild<ScoreProof*>()->holds());
        QVERIFY(valueOf(shown.page.findChild<ScoreProof*>()).contains(QStringLiteral("\u00D7 not equal")));
    }

    void shiftingBothChangesNothing() {
        ShownPositions shown(taskWith(PositionKind::rope));
        QVERIFY(shown.ready());
        shown.focus.select({0, 0, 5, 2});
        RopeStudy& study = shown.page.study();
        QTRY_COMPARE(study.queryPosition(), 5);
        const double before = study.geometry().score(study.distance());
        for (int i = 0; i < 60; ++i) {
            study.shiftBoth(1);
            QCOMPARE(study.distance(), 3);
            QVERIFY(std::abs(study.check().other - before) < 1e-5);
        }
        QVERIFY(std::abs(study.shiftedScore(100) - before) < 1e-5);
    }

    void keysMovePositionsPairsAndHeads() {
        ShownPositions shown(taskWith(PositionKind::rope));
        QVERIFY(shown.ready());
        shown.focus.select({0, 0, 5, 2});
        RopeStudy& study = shown.page.study();
        QTRY_COMPARE(study.queryPosition(), 5);
        auto* circle = shown.page.findChild<PhaseCircle*>();
        QTest::keyClick(circle, Qt::Key_Up);
        QTest::keyClick(circle, Qt::Key_Left);
        QCOMPARE(study.queryPosition(), 6);
        QCOMPARE(study.keyPosition(), 1);
        QVERIFY(shown.page.findChild<PageHeader*>()->detail().contains("m = 6, n = 1"));
        auto* grid = shown.page.findChild<PairGrid*>();
        QTest::keyClick(grid, Qt::Key_Right);
        QCOMPARE(study.pair(), 1);
        QTest::keyClick(shown.page.findChild<PairTable*>(), Qt::Key_End);
        QCOMPARE(study.pair(), 3);
        QVERIFY(valueOf(grid).startsWith("pair 3 adds "));
        QTest::mouseClick(grid, Qt::LeftButton, {}, grid->cellRect(2).center().toPoint());
        QCOMPARE(study.pair(), 2);
        QTest::keyClick(grid, Qt::Key_PageDown);
        QCOMPARE(shown.focus.selection().head, 1);
        QTest::keyClick(grid, Qt::Key_PageDown);
        QCOMPARE(shown.focus.selection(), (Selection{1, 0, 5, 2}));
        QTest::keyClick(grid, Qt::Key_PageUp);
        QCOMPARE(shown.focus.selection(), (Selection{0, 1, 5, 2}));
        auto* query = shown.page.findChild<QSpinBox*>();
        QTest::keyClick(query, Qt::Key_Up);
        QCOMPARE(shown.focus.selection().query, 6);
        QCOMPARE(study.queryPosition(), 6);
    }

    void theCurveMovesTheDistance() {
        ShownPositions shown(taskWith(PositionKind::rope));
        QVERIFY(shown.ready());
        auto* curve = shown.page.findChild<RopeCircles*>()->findChild<Plot*>();
        const int before = shown.page.study().distance();
        QTest::keyClick(curve, Qt::Key_Right);
        QCOMPARE(shown.page.study().distance(), before + 1);
        QVERIFY(valueOf(curve).contains(QStringLiteral("|q||k| cos")));
        QCOMPARE(curve->series()[1].verdict, QStringLiteral("\u00D7 false"));
    }

    void playingMovesTheQueryAndStopsWhenHidden() {
        ShownPositions shown(taskWith(PositionKind::rope));
        QVERIFY(shown.ready());
        auto* circles = shown.page.findChild<RopeCircles*>();
        const int before = shown.page.study().queryPosition();
        circles->setPlaying(true);
        QTRY_VERIFY(shown.page.study().queryPosition() != before);
        shown.page.setKind(PositionsPage::Kind::alibi);
        QVERIFY(!circles->playing());
    }

    void freeVectorsNeedNoModel() {
        Focus focus;
        PositionsPage page(focus);
        page.resize(1180, 620);
        page.show();
        QTRY_COMPARE(page.findChild<PageHeader*>()->title(), QStringLiteral("Free vectors"));
        RopeStudy& study = page.study();
        QVERIFY(study.isFree());
        QCOMPARE(study.pairs(), 8);
        QVERIFY(study.check().equal);
        study.setVector(false, 2.0, 0.5);
        QVERIFY(std::abs(study.geometry().pairs()[0].queryLength - 2.0) < 1e-6);
        QVERIFY(study.check().equal);
        for (int kind = 0; kind < 7; ++kind) {
            page.setKind(static_cast<PositionsPage::Kind>(kind));
            QVERIFY(!page.grab().isNull());
        }
        for (int view = 0; view < 3; ++view) {
            page.setKind(PositionsPage::Kind::rope);
            page.setRopeView(static_cast<PositionsPage::RopeView>(view));
            QVERIFY(!page.grab().isNull());
        }
    }

    void otherModelsAskWhatIf() {
        ShownPositions shown(taskWith(PositionKind::sinusoidal));
        QVERIFY(shown.ready());
        QTRY_VERIFY(shown.page.study().hasModel());
        shown.page.setKind(PositionsPage::Kind::rope);
        QVERIFY(!shown.page.study().modelRotates());
        QVERIFY(!shown.page.study().isFree());
        QTRY_COMPARE(shown.page.findChild<PageHeader*>()->detail(), QStringLiteral("what if it used RoPE"));
        QVERIFY(shown.page.study().check().equal);
    }

    void wavelengthsSayWhichPairsNeverTurn() {
        ShownPositions shown(taskWith(PositionKind::rope));
        QVERIFY(shown.ready());
        shown.page.setRopeView(PositionsPage::RopeView::phases);
        auto* phases = shown.page.findChild<RopePhases*>();
        QVERIFY(phases->isVisible());
        // theta 1, .316, .1, .0316: 6.3 of 13 tokens turn, 19.9, 62.8, 198.7 do not.
        QVERIFY(said(*phases, "3 of 4 pairs never complete a turn within 13 tokens"));
        auto* map = phases->findChild<Map*>();
        QTest::keyClick(map, Qt::Key_Right);
        QCOMPARE(shown.page.study().pair(), 1);
    }

    void oneHeadsSlopeStandsWhereItWouldAmongMany() {
        for (const int heads : {1, 2}) {
            ShownPositions shown(taskWith(PositionKind::alibi, AttentionForm::qkv, {}, RopePairing::half, Architecture::decoder, heads));
            QVERIFY(shown.ready());
            auto* view = qobject_cast<AlibiView*>(shown.current());
            QVERIFY(view);
            const Plot* slopes = view->findChild<Plot*>(QStringLiteral("positions.alibi.slopes"));
            QTRY_COMPARE(slopes->series().front().y.size(), static_cast<std::size_t>(heads));
            const Plot* decay = view->findChild<Plot*>(QStringLiteral("positions.alibi.decay"));
            QTRY_VERIFY(decay->height() > slopes->height());
        }
    }

    /// YaRN's factor stands on q and on k.
    void theAttentionFactorCountsTwice() {
        RopeConfig rope;
        rope.scaling.kind = "yarn";
        rope.scaling.factor = 4;
        rope.scaling.original_max_seq_len = 8;
        const RopeGeometry yarn(rope, 32, std::vector<float>(8, 1.0f), std::vector<float>(8, 1.0f));
        QVERIFY(yarn.attentionFactor() > 1.0);
        QVERIFY2(attentionFactorText(yarn).endsWith(QStringLiteral("\u00B2")), qPrintable(attentionFactorText(yarn)));
    }

    void modelsWithoutRotationAreMeasuredAsTheyAre() {
        for (const PositionKind kind : {PositionKind::rope, PositionKind::sinusoidal}) {
            ShownPositions shown(taskWith(kind));
            QVERIFY(shown.ready());
            shown.page.setKind(PositionsPage::Kind::rope);
            shown.page.setRopeView(PositionsPage::RopeView::extension);
            const QString hint = shown.page.findChild<Plot*>("positions.extension.lengths")->scene().emptyText;
            QCOMPARE(hint.contains("once for each extension"), kind == PositionKind::rope);
            QCOMPARE(hint.contains("as trained"), kind != PositionKind::rope);
        }
    }

    void extensionsAreMeasured() {
        ShownPositions shown(taskWith(PositionKind::rope));
        QVERIFY(shown.ready());
        shown.page.setRopeView(PositionsPage::RopeView::extension);
        auto* view = shown.page.findChild<RopeExtensionView*>();
        auto* table = view->findChild<TextTable*>();
        QCOMPARE(table->rows().size(), std::size_t{7});
        QCOMPARE(table->rows()[1].cells[3], QStringLiteral("4"));  // linear interpolates all four pairs
        view->setFactor(8);
        QVERIFY(valueOf(table).contains("YaRN"));
        QSignalSpy ends(&view->sweep(), &LengthSweep::finished);
        view->toggleMeasurement();
        QVERIFY(view->sweep().running());
        QTRY_COMPARE_WITH_TIMEOUT(ends.size(), 1, lab::patience);
        QVERIFY(ends.front().front().toBool());
        const auto plots = view->findChildren<Plot*>();
        const Plot* lengths = plots.back()->series().size() == 7 && plots.back()->series()[0].x.size() == 6 ? plots.back() : plots.front();
        QCOMPARE(lengths->series().size(), std::size_t{7});
        for (const PlotSeries& series : lengths->series()) QCOMPARE(series.x, (std::vector<double>{6, 12, 18, 24, 36, 48}));
        view->toggleMeasurement();
        view->toggleMeasurement();
        QTRY_VERIFY(!view->sweep().running());
    }

    void longRopesFactorsAreSearched() {
        ShownPositions shown(taskWith(PositionKind::rope));
        QVERIFY(shown.ready());
        shown.page.setRopeView(PositionsPage::RopeView::extension);
        auto* view = shown.page.findChild<RopeExtensionView*>();
        const auto longRope = [&] { return view->findChild<TextTable*>()->rows()[5].cells[0]; };
        QCOMPARE(longRope(), QStringLiteral("LongRoPE, start"));
        const auto measuredLongRope = [&] {
            for (const Plot* plot : view->findChildren<Plot*>())
                for (const PlotSeries& series : plot->series())
                    if (series.name == "LongRoPE" && !series.x.empty() && series.x.front() >= 6) return true;
            return false;
        };
        view->toggleMeasurement();
        QTRY_VERIFY_WITH_TIMEOUT(!view->sweep().running() && measuredLongRope(), lab::patience);
        QSignalSpy ends(&view->search(), &LongRopeJob::finished);
        LongRopeCandidate best;
        connect(&view->search(), &LongRopeJob::progressed, view, [&](int, int, const LongRopeCandidate& found) { best = found; });
        view->toggleSearch();
        QVERIFY(view->search().running());
        QTRY_COMPARE_WITH_TIMEOUT(ends.size(), 1, lab::patience);
        QVERIFY(ends.front().front().toBool());
        QCOMPARE(longRope(), QStringLiteral("LongRoPE, found"));
        QCOMPARE(best.factors.size(), std::size_t{4});
        QVERIFY(!measuredLongRope());  // that curve was of other factors
        // The plot shows 1 / lambda of every pair.
        for (const Plot* plot : view->findChildren<Plot*>()) {
            if (plot->series().size() != 7 || plot->series()[5].x.size() != 4) continue;
            for (std::size_t p = 0; p < 4; ++p) QVERIFY(std::abs(plot->series()[5].y[p] * best.factors[p] - 1) < 1e-9);
        }
        view->setFactor(2);  // searched for another factor
        QCOMPARE(longRope(), QStringLiteral("LongRoPE, start"));
        view->toggleSearch();
        view->toggleSearch();
        QTRY_VERIFY(!view->search().running());
        view->setFactor(1);
        view->toggleSearch();
        QVERIFY(!view->search().running());
    }

    void learnedTableFollowsTheTimeline() {
        ShownPositions shown(taskWith(PositionKind::learned));
        QVERIFY(shown.ready());
        QTRY_COMPARE(static_cast<int>(shown.page.kind()), static_cast<int>(PositionsPage::Kind::learned));
        auto* map = qobject_cast<TableView*>(shown.current())->findChild<Map*>();
        const float before = map->data().value(0, 0);
        QCOMPARE(map->data().rows, 13);
        shown.run->train();
        QTRY_VERIFY(shown.run->state() == Run::State::finished);
        QTRY_VERIFY(map->data().value(0, 0) != before);
        shown.focus.showStep(0);
        QTRY_COMPARE(map->data().value(0, 0), before);
    }

    void positionMapTermsCancelBeforeTheEyes() {
        ShownPositions shown(taskWith(PositionKind::sinusoidal, AttentionForm::kv_pos, "none", RopePairing::half, Architecture::encoder));
        QVERIFY(shown.ready());
        QTRY_COMPARE(static_cast<int>(shown.page.kind()), static_cast<int>(PositionsPage::Kind::positionMap));
        shown.focus.select({0, 0, 3, 4});
        auto* table = shown.current()->findChild<TextTable*>();
        QTRY_VERIFY(table->rows().size() == 9);
        QCOMPARE(table->rows()[3].cells[2], QStringLiteral("cancels"));
        QTRY_VERIFY(said(*shown.current(), "Score of query 3, key 4"));
        for (const std::size_t row : {6u, 7u}) QCOMPARE(table->rows()[row].cells[1], table->rows()[8].cells[1]);
        for (const std::size_t row : {5u, 7u, 8u}) QVERIFY(table->rows()[row].cells[2].startsWith(QStringLiteral("\u2713")));
        auto* view = qobject_cast<PositionMapView*>(shown.current());
        view->setChannel(7);
        QCOMPARE(view->channel(), 7);
        shown.focus.setHeadChanges({{Intervention::Kind::headUniform, "encoder.0.attention", 0, {}}});
        QTRY_COMPARE(table->rows()[8].cells[0], QStringLiteral("made uniform in its place"));
        QTRY_COMPARE(table->rows()[8].cells[1], fixed(1.0 / static_cast<double>(shown.focus.input().tokens.size()), 6));
        QVERIFY(table->rows()[8].cells[2].isEmpty());
    }

    /// ALiBi's slope stays in the softmax beside what is left of the map.
    void positionMapAndSlopesAddUpTogether() {
        ShownPositions shown(taskWith(PositionKind::alibi, AttentionForm::kv_pos, "none", RopePairing::half, Architecture::encoder));
        QVERIFY(shown.ready());
        shown.page.setKind(PositionsPage::Kind::positionMap);
        shown.focus.select({0, 1, 3, 5});
        auto* table = shown.current()->findChild<TextTable*>();
        QTRY_VERIFY(said(*shown.current(), "Score of query 3, key 5"));
        QCOMPARE(table->rows().size(), std::size_t{10});
        QVERIFY(table->rows()[3].cells[0].startsWith("ALiBi"));
        QCOMPARE(table->rows()[3].cells[1], signedFixed(-2 * alibiSlopes(2)[1], 4));
        for (const std::size_t row : {6u, 8u, 9u}) QVERIFY(table->rows()[row].cells[2].startsWith(QStringLiteral("\u2713")));
        for (const std::size_t row : {7u, 8u}) QCOMPARE(table->rows()[row].cells[1], table->rows()[9].cells[1]);
    }

    void withoutPositionsTheOutputsPermuteAlong() {
        ShownPositions shown(taskWith(PositionKind::none, AttentionForm::qkv, "none", RopePairing::half, Architecture::encoder));
        QVERIFY(shown.ready());
        QTRY_COMPARE(static_cast<int>(shown.page.kind()), static_cast<int>(PositionsPage::Kind::none));
        auto* view = qobject_cast<PermutationView*>(shown.current());
        QVERIFY(view);
        QTRY_VERIFY(view->probe().has_value());
        QVERIFY(view->probe()->own.difference < 1e-5);
        auto* table = view->findChild<TextTable*>();
        QCOMPARE(table->rows().size(), std::size_t{6});
        for (const TextTable::Row& row : table->rows()) QVERIFY(row.cells.back().startsWith(QStringLiteral("\u2713")));
        const std::vector<int> order = view->probe()->order;
        view->shuffle();
        QTRY_VERIFY(view->probe()->order != order);
    }

    void withPositionsTheOutputsDoNot() {
        ShownPositions shown(taskWith(PositionKind::sinusoidal, AttentionForm::qkv, "none", RopePairing::half, Architecture::encoder));
        QVERIFY(shown.ready());
        shown.page.setKind(PositionsPage::Kind::none);
        auto* view = qobject_cast<PermutationView*>(shown.current());
        QTRY_VERIFY(view->probe().has_value());
        auto* table = view->findChild<TextTable*>();
        QCOMPARE(table->titles().size(), std::size_t{11});
        bool differs = false;
        for (const TextTable::Row& row : table->rows()) {
            differs = differs || row.cells[7].startsWith(QStringLiteral("\u00D7"));
            QVERIFY(row.cells[10].startsWith(QStringLiteral("\u2713")));
        }
        QVERIFY(differs);
    }

    /// Only where all places are treated alike can no task that asks where something stands be learned.
    void whatCannotBeLearnedDependsOnTheMask() {
        const auto said = [](Architecture architecture, int window) {
            LoadedTask task = taskWith(PositionKind::none, AttentionForm::qkv, "none", RopePairing::half, architecture);
            if (window > 0) {
                Experiment experiment = task.experiment;
                experiment.model.attention.pattern = {"sliding-window", {{"window", window}}};
                task = loadTask(experiment, {});
            }
            ShownPositions shown(task);
            if (!shown.ready()) return QString();
            shown.page.setKind(PositionsPage::Kind::none);
            auto* view = qobject_cast<PermutationView*>(shown.current());
            if (!view || !QTest::qWaitFor([view] { return view->probe().has_value(); })) return QString();
            QString text;
            for (const auto* label : view->findChildren<QLabel*>()) text += label->text() + QLatin1Char('\n');
            return text;
        };
        const QString blind = said(Architecture::encoder, 0), causal = said(Architecture::decoder, 0),
                      window = said(Architecture::encoder, 1), wideWindow = said(Architecture::encoder, 20),
                      twoSided = said(Architecture::encoder_decoder, 0);
        QVERIFY2(blind.contains("no task that asks where something stands can be learned"), qPrintable(blind));
        QVERIFY2(wideWindow.contains("no task that asks where something stands can be learned"), qPrintable(wideWindow));
        QVERIFY2(!causal.contains("no task") && causal.contains("causal mask tells places apart"), qPrintable(causal));
        QVERIFY2(!window.contains("no task") && window.contains("attention pattern tells places apart"), qPrintable(window));
        QVERIFY2(twoSided.contains("leave every output as it is") && twoSided.contains("in the source"), qPrintable(twoSided));
    }

    void alibiShowsTheHeadInHand() {
        ShownPositions shown(taskWith(PositionKind::alibi));
        QVERIFY(shown.ready());
        QTRY_COMPARE(static_cast<int>(shown.page.kind()), static_cast<int>(PositionsPage::Kind::alibi));
        shown.focus.select({0, 1, 0, 0});
        auto* view = qobject_cast<AlibiView*>(shown.current());
        QVERIFY(view);
        QTRY_COMPARE(view->head(), 1);
        auto* map = view->findChild<Map*>();
        QCOMPARE(map->data().value(3, 1), -2.0f / 256);
        QVERIFY(map->data().masked(1, 3));
        QTest::keyClick(view->findChild<Plot*>(), Qt::Key_Left);
        QCOMPARE(view->head(), 0);
    }

    void widePagesPutCirclesAboveTheirBars() {
        ShownPositions shown(taskWith(PositionKind::rope));
        QVERIFY(shown.ready());
        auto* grid = shown.page.findChild<PairGrid*>();
        auto* bars = shown.page.findChild<ScoreBars*>();
        QVERIFY(!grid->aligned());
        shown.page.resize(1800, 900);
        QTRY_VERIFY(grid->aligned());
        QTRY_COMPARE(grid->width(), bars->width());
        QCOMPARE(grid->mapTo(&shown.page, QPoint()).x(), bars->mapTo(&shown.page, QPoint()).x());
        QVERIFY(grid->mapTo(&shown.page, QPoint()).y() < bars->mapTo(&shown.page, QPoint()).y());
        for (int pair = 0; pair < 4; ++pair) {
            // A click below the middle of a circle meets the pair's own bar.
            QTest::mouseClick(bars, Qt::LeftButton, {}, QPoint(qRound(grid->cellRect(pair).center().x()), bars->height() / 2));
            QCOMPARE(shown.page.study().pair(), pair);
        }
        shown.page.resize(1180, 620);
        QTRY_VERIFY(!grid->aligned());
        QVERIFY(bars->isVisible());
    }

    void narrowPagesFoldTheirHeader() {
        ShownPositions shown(taskWith(PositionKind::rope));
        QVERIFY(shown.ready());
        QVERIFY2(
            shown.page.minimumSizeHint().width() <= 924 && shown.page.minimumSizeHint().height() <= 460,
            qPrintable(QStringLiteral("%1 x %2").arg(shown.page.minimumSizeHint().width()).arg(shown.page.minimumSizeHint().height())));
        auto* box = shown.page.findChild<QComboBox*>();
        QVERIFY(!box->isVisible());
        shown.page.resize(924, 460);
        QTRY_VERIFY(box->isVisible());
        QCOMPARE(box->currentText(), QStringLiteral("RoPE"));
        QTest::keyClick(box, Qt::Key_Down);
        QCOMPARE(static_cast<int>(shown.page.kind()), static_cast<int>(PositionsPage::Kind::sinusoidal));
        QVERIFY(!shown.page.grab().isNull());
    }

    /// Half a screen of 1920 x 1080 without the window's frame: nothing is to be scrolled sideways.
    void everyViewFitsTheNarrowestWindow() {
        for (const PositionKind kind : {PositionKind::rope, PositionKind::alibi, PositionKind::learned, PositionKind::relative_bias}) {
            ShownPositions shown(taskWith(kind));
            QVERIFY(shown.ready());
            shown.page.resize(860, 340);
            for (const auto each :
                 {PositionsPage::Kind::rope, PositionsPage::Kind::sinusoidal, PositionsPage::Kind::learned, PositionsPage::Kind::alibi,
                  PositionsPage::Kind::relative, PositionsPage::Kind::positionMap, PositionsPage::Kind::none})
                for (const auto view :
                     {PositionsPage::RopeView::circles, PositionsPage::RopeView::phases, PositionsPage::RopeView::extension}) {
                    shown.page.setKind(each);
                    shown.page.setRopeView(view);
                    QVERIFY2(shown.page.minimumSizeHint().width() <= Theme::instance().px(860),
                             qPrintable(QStringLiteral("kind %1, view %2: %3")
                                            .arg(static_cast<int>(each))
                                            .arg(static_cast<int>(view))
                                            .arg(shown.page.minimumSizeHint().width())));
                    const auto* header = shown.page.findChild<PageHeader*>();
                    for (const QWidget* control : header->findChildren<QWidget*>())
                        if (control->isVisible())
                            QVERIFY(header->rect().contains(QRect(control->mapTo(header, QPoint()), control->size())));
                }
        }
    }

    void everyViewCanBeExported() {
        ShownPositions shown(taskWith(PositionKind::rope));
        QVERIFY(shown.ready());
        shown.focus.select({0, 0, 5, 2});
        QTRY_COMPARE(shown.page.study().queryPosition(), 5);
        const std::vector<FigureOffer> offers = shown.page.figures();
        QCOMPARE(offers.front().name, QStringLiteral("Pairs and score"));
        const auto figure = offers.front().make();
        const FigureTable table = figure->table();
        QCOMPARE(table.rows.size(), std::size_t{4});
        double sum = 0;
        for (const auto& row : table.rows) sum += std::stod(row.back());
        QVERIFY(std::abs(sum - shown.page.study().check().other) < 1e-5);
        const QImage image = figureImage(*figure);
        QVERIFY(!image.isNull());
        QVERIFY(figureBytes(*figure, FigureFormat::svg).contains("<path"));
        for (int kind = 0; kind < 7; ++kind) {
            for (int view = 0; view < 3; ++view) {
                shown.page.setKind(static_cast<PositionsPage::Kind>(kind));
                shown.page.setRopeView(static_cast<PositionsPage::RopeView>(view));
                for (const FigureOffer& offer : shown.page.figures()) {
                    const auto made = offer.make();
                    QVERIFY(!figureImage(*made).isNull());
                    QVERIFY(!made->table().rows.empty());
                    QVERIFY(made->caption.contains("after step 0"));
                }
            }
        }
    }

    void everyPictureHasANameAndAValue() {
        ShownPositions shown(taskWith(PositionKind::rope));
        QVERIFY(shown.ready());
        QTRY_VERIFY(shown.page.isVisible());
        for (const QWidget* part :
             {static_cast<QWidget*>(shown.page.findChild<PhaseCircle*>()), static_cast<QWidget*>(shown.page.findChild<PairGrid*>()),
              static_cast<QWidget*>(shown.page.findChild<PairTable*>()), static_cast<QWidget*>(shown.page.findChild<ScoreBars*>()),
              static_cast<QWidget*>(shown.page.findChild<ScoreProof*>()),
              static_cast<QWidget*>(shown.page.findChild<RopeCircles*>()->findChild<Plot*>())}) {
            QVERIFY(!part->accessibleName().isEmpty());
            QVERIFY2(!valueOf(part).isEmpty(), qPrintable(part->accessibleName()));
        }
    }

    void survivesTheEndOfItsRun() {
        ShownPositions shown(taskWith(PositionKind::rope));
        QVERIFY(shown.ready());
        shown.workspace.remove(shown.run);
        Theme::instance().setMode(Theme::Mode::dark);
        QTest::keyClick(shown.page.findChild<PhaseCircle*>(), Qt::Key_Up);
        QTRY_COMPARE(shown.page.findChild<PageHeader*>()->title(), QStringLiteral("Free vectors"));
        Theme::instance().setMode(Theme::Mode::light);
    }
};

QTEST_MAIN(PositionsPageTest)
#include "positions_page_test.moc"
