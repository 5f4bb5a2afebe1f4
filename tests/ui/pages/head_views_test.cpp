#include <QAccessible>
#include <QComboBox>
#include <QHeaderView>
#include <QSignalSpy>
#include <QtTest>
#include <cmath>
#include <set>

#include "core/analysis/attention_flow.h"
#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/maps/ablation_view.h"
#include "ui/pages/maps/average_view.h"
#include "ui/pages/maps/flow_view.h"
#include "ui/pages/maps/head_curves.h"
#include "ui/pages/maps/head_grid.h"
#include "ui/pages/maps/heads_view.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/pages/maps/maps_views.h"
#include "ui/pages/maps/uniform_notice.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/sample_table.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

using namespace lab;

namespace {

/// What the Reverse task calls its keys.
const std::optional<SourcePattern> mirrored = sourcePattern({}, Architecture::encoder);

LoadedTask twoLayers(int steps, int seqLen = 6) {
    LoadedTask task = smallTask(steps);
    Experiment experiment = task.experiment;
    experiment.task.seq_len = seqLen;
    experiment.model.num_layers = 2;
    experiment.model.max_seq_len.reset();
    return loadTask(experiment, {});
}

/// A page on a trained run, shown, with its first metrics.
struct ShownHeads {
    explicit ShownHeads(int steps = 30, int seqLen = 6) : page(focus) {
        run = workspace.add(twoLayers(steps, seqLen));
        run->train();
        trained = QTest::qWaitFor([this] { return run->state() == Run::State::finished; }, lab::patience);
        focus.setRun(run);
        page.resize(1180, 620);
        page.show();
    }

    bool ready() {
        return trained &&
               QTest::qWaitFor([this] { return focus.trace() && page.views().metrics().size() == 4 && page.views().history().complete(); },
                               lab::patience);
    }

    void show(MapsViews::View view) {
        page.views().setView(view);
        QCoreApplication::processEvents();
    }

    template <class T>
    T& part() {
        return *page.findChild<T*>();
    }

    std::vector<HeadMetrics> expected() const { return allHeadMetrics(*run->model(), run->experiment().task, *focus.trace()); }

    Workspace workspace;
    Focus focus;
    Run* run = nullptr;
    bool trained = false;
    MapsPage page;
};

QString textAt(const QTableView& table, int row, int column) {
    return table.model()->index(row, column).data().toString();
}

}  // namespace

class HeadViewsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void theTableShowsTheMetricsOfTheTraceSorted() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        shown.show(MapsViews::View::metrics);
        const HeadTable& table = shown.part<HeadsView>().table();
        QCOMPARE(table.places().size(), std::size_t(4));
        const auto expected = shown.expected();
        for (std::size_t i = 0; i < 4; ++i) {
            const HeadRow& row = table.row(i);
            for (const HeadMetric metric : headMetricList) {
                const double wanted = expected[static_cast<std::size_t>(2 * row.block + row.head)][metric];
                QVERIFY(row.metrics[metric] == wanted || (std::isnan(wanted) && std::isnan(row.metrics[metric])));
                QCOMPARE(textAt(table, static_cast<int>(i), HeadTable::firstMetric + static_cast<int>(metric)), metricText(metric, wanted));
            }
            if (i > 0) QVERIFY(table.row(i - 1).metrics[HeadMetric::agreement] >= row.metrics[HeadMetric::agreement]);
        }
    }

    void keysSortChooseAndOpen() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        shown.show(MapsViews::View::metrics);
        HeadTable& table = shown.part<HeadsView>().table();
        table.setFocus();
        table.setCurrentIndex(table.model()->index(0, HeadTable::firstMetric + static_cast<int>(HeadMetric::entropy)));
        QTest::keyClick(&table, Qt::Key_S);
        QCOMPARE(table.chosen(), HeadMetric::entropy);
        QCOMPARE(shown.part<HeadsView>().findChild<QComboBox*>()->currentText(), QStringLiteral("entropy"));
        const auto sorted = [&] {
            for (std::size_t i = 1; i < 4; ++i)
                if (table.row(i - 1).metrics[HeadMetric::entropy] < table.row(i).metrics[HeadMetric::entropy]) return false;
            return true;
        };
        QVERIFY(sorted());
        QTest::keyClick(&table, Qt::Key_S);
        QVERIFY(!sorted() || table.row(0).metrics[HeadMetric::entropy] == table.row(3).metrics[HeadMetric::entropy]);
        table.setCurrentIndex(table.model()->index(0, 0));
        QTest::keyClick(&table, Qt::Key_Down);
        const HeadRow second = table.row(1);
        QCOMPARE(shown.focus.selection().block, second.block);
        QCOMPARE(shown.focus.selection().head, second.head);
        QTest::keyClick(&table, Qt::Key_Return);
        QCOMPARE(shown.page.views().view(), MapsViews::View::maps);
        QVERIFY(shown.page.enlarged());
    }

    void aClickOnATitleSorts() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        shown.show(MapsViews::View::metrics);
        HeadTable& table = shown.part<HeadsView>().table();
        QHeaderView& header = *table.horizontalHeader();
        const int column = HeadTable::firstMetric + static_cast<int>(HeadMetric::meanDistance);
        const QPoint at(header.sectionViewportPosition(column) + 10, header.height() / 2);
        QTest::mouseClick(header.viewport(), Qt::LeftButton, {}, at);
        QCOMPARE(table.chosen(), HeadMetric::meanDistance);
        for (std::size_t i = 1; i < 4; ++i)
            QVERIFY(table.row(i - 1).metrics[HeadMetric::meanDistance] >= table.row(i).metrics[HeadMetric::meanDistance]);
    }

    void theSparklineAndTheCurvesAreTheKeptSteps() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        shown.show(MapsViews::View::metrics);
        const HeadsView& view = shown.part<HeadsView>();
        const HeadHistory& history = shown.page.views().history();
        QCOMPARE(history.steps().size(), shown.run->history().size());
        for (std::size_t i = 0; i < 4; ++i) {
            const HeadRow& row = view.table().row(i);
            QCOMPARE(row.series, history.values(2 * row.block + row.head, HeadMetric::agreement));
        }
        const auto& curves = view.curves().plot().series();
        QCOMPARE(curves.size(), std::size_t(4));
        QCOMPARE(curves.front().name, QStringLiteral("L0 H0"));  // the head in hand
        QCOMPARE(curves.front().y, history.values(0, HeadMetric::agreement));
        QCOMPARE(curves.front().x.back(), static_cast<double>(shown.run->step()));
    }

    void draggingTheCurvesShowsThatStep() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        shown.show(MapsViews::View::metrics);
        Plot& plot = shown.part<HeadsView>().curves().plot();
        plot.setFocus();
        QTest::keyClick(&plot, Qt::Key_Left);
        QTRY_COMPARE(shown.focus.shownStep(), shown.run->step() - 1);
    }

    void theStepAtWhichAHeadFormedIsAClickAway() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        HeadCurves& curves = *shown.page.views().formation();
        HeadCurve curve{"L0 H0", {0.06, 0.1, 0.6, 0.93}, Formation{20, 10, 0.93}};
        curves.setCurves(HeadMetric::agreement, mirrored, {0, 10, 20, 30}, {curve}, 1.0 / 6);
        QVERIFY(!curves.formedButton().isHidden());
        QTest::mouseClick(&curves.formedButton(), Qt::LeftButton);
        QTRY_COMPARE(shown.focus.shownStep(), 20);
        curve.formation.reset();
        curves.setCurves(HeadMetric::agreement, mirrored, {0, 10, 20, 30}, {curve}, 1.0 / 6);
        QVERIFY(curves.formedButton().isHidden());
    }

    void tablesTellScreenReadersNamesAndValues() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        shown.show(MapsViews::View::metrics);
        HeadTable& table = shown.part<HeadsView>().table();
        QAccessibleInterface* told = QAccessible::queryAccessibleInterface(&table);
        QCOMPARE(told->text(QAccessible::Name), QStringLiteral("Head metrics"));
        QVERIFY(told->tableInterface());
        QCOMPARE(told->tableInterface()->rowCount(), 4);
        QCOMPARE(told->tableInterface()->cellAt(0, 0)->text(QAccessible::Name), table.row(0).name);
        const QString training = table.model()->index(0, HeadTable::trainingColumn).data(Qt::AccessibleTextRole).toString();
        QVERIFY2(training.startsWith("from ") && training.contains("at step 0 to"), qPrintable(training));
        QVERIFY(
            table.model()->headerData(HeadTable::firstMetric, Qt::Horizontal, Qt::ToolTipRole).toString().contains("mirrored position"));
    }

    void badgesStandInTheGridWithTheirThresholds() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        shown.page.setEnlarged(false);
        HeadGrid& grid = *shown.page.findChild<HeadGrid*>();
        const HeadBadge badge = headBadge(shown.expected().front(), mirrored);
        QTRY_VERIFY(grid.property("labPictureValue").toString().contains(badge.text));
        QVERIFY(badge.help.contains('%') || badge.help.contains("no pattern"));
        HeadMetrics head;
        head.values.fill(std::nan(""));
        head.visibleKeys = 16;
        head[HeadMetric::effectiveKeys] = 2;
        head[HeadMetric::agreement] = 0.93;
        const HeadBadge mirror = headBadge(head, mirrored);
        QCOMPARE(mirror.text, QStringLiteral("mirror"));
        QVERIFY(mirror.kind == Badge::Kind::needed && mirror.help.contains("93\u00A0%") && mirror.help.contains("50\u00A0%"));
        QVERIFY(mirror.help.contains("where the answers of this task come from; whether the model needs it"));
        head[HeadMetric::agreement] = std::nan("");
        head[HeadMetric::diagonal] = 0.9;
        head.queries = 16;
        head.counted.fill(16);
        QVERIFY(headBadge(head, mirrored).help.contains("the query's own position"));
        QVERIFY(headBadge(head, mirrored, true).help.contains("the source's position with the query's own number"));
        head[HeadMetric::effectiveKeys] = 15.9;
        const HeadBadge uniform = headBadge(head, mirrored);
        QCOMPARE(uniform.text, QStringLiteral("uniform"));
        QVERIFY(uniform.kind == Badge::Kind::uniform && uniform.help.contains("switching it off and making it uniform shows") &&
                uniform.help.contains("97\u00A0%"));
    }

    void switchingAHeadOffReachesEveryView() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        shown.show(MapsViews::View::switches);
        AblationView& view = shown.part<AblationView>();
        QTRY_VERIFY(view.study().outcome());
        AblationTable& table = view.table();
        QCOMPARE(table.places().size(), std::size_t(6));  // four heads, two layers
        table.setFocus();
        table.setCurrentIndex(table.model()->index(1, AblationTable::stateColumn));
        QTest::keyClick(&table, Qt::Key_O);
        const std::vector<Intervention> expected{{Intervention::Kind::headOff, "encoder.0.attention", 1, {}}};
        QCOMPARE(shown.focus.headChanges(), expected);
        QTRY_COMPARE(textAt(table, 1, AblationTable::stateColumn), QStringLiteral("off"));
        QTRY_COMPARE(view.study().outcome()->interventions, expected);
        QTRY_VERIFY(shown.focus.trace());
        QTRY_COMPARE(shown.page.findChild<PageHeader*>()->title(), QStringLiteral("Heads switched off"));
        QTest::keyClick(&table, Qt::Key_U);
        QCOMPARE(shown.focus.headChanges().front().kind, Intervention::Kind::headUniform);
        QTest::keyClick(&table, Qt::Key_U);
        QVERIFY(shown.focus.headChanges().empty());
    }

    void aMouseSwitchesAWholeLayer() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        shown.show(MapsViews::View::switches);
        AblationView& view = shown.part<AblationView>();
        QTRY_VERIFY(view.study().outcome());
        AblationTable& table = view.table();
        QCOMPARE(table.row(5).name, QStringLiteral("L1 all"));
        const QPoint off = table.stateRect(5, AblationTable::State::off).center();
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, off);
        QCOMPARE(shown.focus.headChanges().size(), std::size_t(2));
        QCOMPARE(view.stateOf({1, -1}), AblationTable::State::off);
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, table.stateRect(3, AblationTable::State::on).center());
        QCOMPARE(view.stateOf({1, 0}), AblationTable::State::on);
        QCOMPARE(view.stateOf({1, -1}), AblationTable::State::several);
        QTRY_VERIFY(view.study().outcome()->interventions.size() == 1);
        const SampleTable& answers = *view.findChild<SampleTable*>();
        QTRY_COMPARE(answers.rows().size(), std::size_t(3));
        for (std::size_t i = 0; i < answers.rows()[2].cells.size(); ++i)
            QCOMPARE(answers.rows()[2].cells[i].text, QString::number(view.study().outcome()->changedAnswer[i]));
    }

    void ranksHeadsAndSortsThem() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        shown.show(MapsViews::View::switches);
        AblationView& view = shown.part<AblationView>();
        for (Button* button : view.findChildren<Button*>())
            if (button->text().startsWith("Rank")) button->click();
        QVERIFY(view.study().ranking());
        QTRY_VERIFY(!view.study().ranking());
        const AblationTable& table = view.table();
        const auto change = [&](std::size_t i) { return table.row(i).entry.off->loss - view.study().ranked().whole->loss; };
        for (std::size_t i = 1; i < table.places().size(); ++i) QVERIFY(change(i - 1) >= change(i));
        const FigureTable numbers = view.table().table();
        QCOMPARE(numbers.rows.size(), std::size_t(6));
        QVERIFY(std::abs(std::stod(numbers.rows[0][2]) - change(0)) < 1e-12);
    }

    void theSwitchBesideAMapIsTheSame() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        shown.page.setEnlarged(true);
        Button& button = *shown.page.views().headSwitch();
        QVERIFY(button.isVisibleTo(&shown.page));
        button.click();
        QCOMPARE(shown.focus.headChanges().size(), std::size_t(1));
        QCOMPARE(button.text(), QStringLiteral("Switched off"));
        button.click();
        QVERIFY(shown.focus.headChanges().empty());
    }

    void rolloutAndFlowAreThoseOfTheTrace() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        shown.show(MapsViews::View::flow);
        FlowView& view = shown.part<FlowView>();
        QTRY_VERIFY(!view.rolloutMap().data().empty());
        const auto layers = residualAttention(*shown.run->model(), *shown.focus.trace(), "encoder");
        const AttentionMatrix rolled = rollout(layers).back(), flow = *attentionFlow(layers);
        for (int i = 0; i < 6; ++i)
            for (int j = 0; j < 6; ++j) {
                QCOMPARE(view.rolloutMap().data().value(i, j), static_cast<float>(rolled(i, j)));
                QCOMPARE(view.flowMap().data().value(i, j), static_cast<float>(flow(i, j)));
            }
        view.layers().setCurrentIndex(0);
        emit view.layers().activated(0);
        QTRY_COMPARE(view.rolloutMap().data().value(0, 1), static_cast<float>(layers.front()(0, 1)));
        QTRY_COMPARE(view.flowMap().data().value(0, 1), static_cast<float>(layers.front()(0, 1)));
    }

    /// Over the first validation inputs of the same length, and of the head and the step in hand.
    void theAverageIsOverTheFirstInputsOfThatLength() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        shown.show(MapsViews::View::average);
        AverageView& view = shown.part<AverageView>();
        view.counts().setCurrentIndex(0);
        QTRY_VERIFY(view.ready() && !view.meanMap().data().empty());
        const Dataset& data = *shown.run->dataset();
        std::vector<Sample> samples;
        for (int i = 0; i < std::min(16, data.validationSize()); ++i) samples.push_back(data.validationSample(i));
        const auto expected = averageMaps(*shown.run->model(), shown.focus.checkpoint()->weights, samples);
        const auto same = [&](const Map& map, const std::vector<float>& values, std::size_t head) {
            for (int i = 0; i < 36; ++i)
                if (map.data().value(i / 6, i % 6) != values[head * 36 + static_cast<std::size_t>(i)]) return false;
            return true;
        };
        QVERIFY(same(view.meanMap(), expected->blocks[0].mean, 0) && same(view.spreadMap(), expected->blocks[0].spread, 0));
        QVERIFY(same(view.ownMap(), shown.focus.trace()->at("encoder.0.attention.weights").values, 0));
        QVERIFY2(view.caption().text().contains(view.inputsText()), qPrintable(view.caption().text()));
        QVERIFY(view.inputsText().contains(QString::number(samples.size())) && view.inputsText().contains("6 tokens"));
        view.heads().setCurrentIndex(3);
        emit view.heads().activated(3);
        QVERIFY(same(view.meanMap(), expected->blocks[1].mean, 1) && same(view.spreadMap(), expected->blocks[1].spread, 1));
        QCOMPARE(shown.focus.selection().block, 1);
        const auto offers = shown.page.figures();
        QCOMPARE(offers.size(), std::size_t(3));
        const auto figure = offers[0].make();
        QVERIFY2(figure->caption.contains(view.inputsText()), qPrintable(figure->caption));
        QVERIFY(!figureImage(*figure).isNull());
    }

    void anInputOfALengthThatNoneHasIsNotAveraged() {
        ShownHeads shown(4);
        QVERIFY(shown.ready());
        shown.show(MapsViews::View::average);
        AverageView& view = shown.part<AverageView>();
        QTRY_VERIFY(!view.meanMap().data().empty());
        Input longer = shown.focus.input();
        longer.tokens.push_back(1);
        longer.targets.clear();
        shown.focus.setInput(longer);
        QTRY_VERIFY(view.meanMap().data().empty() && view.caption().text().contains("7 tokens"));
        QCOMPARE(view.ownMap().data().rows, 7);
    }

    void longInputsHaveNoFlowAndSayWhy() {
        ShownHeads shown(4, 40);
        QVERIFY(shown.ready());
        shown.show(MapsViews::View::flow);
        FlowView& view = shown.part<FlowView>();
        QTRY_COMPARE(view.rolloutMap().data().rows, 40);
        QVERIFY(view.flowMap().data().empty());
        QVERIFY(view.flowMap().accessibleDescription().contains("up to n = 32, and this input has 40"));
        QCOMPARE(view.flowMap().focusPolicy(), Qt::NoFocus);
        view.grab();
    }

    void everyViewOffersItsPicturesAndNumbers() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        const auto first = [&](MapsViews::View view) {
            shown.show(view);
            return shown.page.figures();
        };
        const auto metrics = first(MapsViews::View::metrics);
        QVERIFY(metrics.size() >= 2);
        const FigureTable table = metrics[0].make()->table();
        QCOMPARE(table.rows.size(), std::size_t(4));
        QCOMPARE(table.header[2], std::string("agreement"));
        QCOMPARE(std::stod(table.rows[0][2]), shown.part<HeadsView>().table().row(0).metrics[HeadMetric::agreement]);
        QCOMPARE(metrics[1].make()->table().header.size(), std::size_t(3));
        QVERIFY(!figureImage(*metrics[0].make()).isNull() && !figureImage(*metrics[1].make()).isNull());
        const auto switches = first(MapsViews::View::switches);
        QVERIFY(!switches.empty() && !figureImage(*switches[0].make()).isNull());
        shown.show(MapsViews::View::flow);
        QTRY_COMPARE(shown.page.figures().size(), std::size_t(2));
        QVERIFY(shown.page.figures()[0].fileName.contains("rollout"));
    }

    /// Each at its own step, whatever was computed off the window's thread for it.
    void filmsShowEveryStepItsOwn_data() {
        QTest::addColumn<int>("view");
        QTest::newRow("metrics") << static_cast<int>(MapsViews::View::metrics);
        QTest::newRow("switches") << static_cast<int>(MapsViews::View::switches);
        QTest::newRow("flow") << static_cast<int>(MapsViews::View::flow);
    }
    void filmsShowEveryStepItsOwn() {
        QFETCH(int, view);
        ShownHeads shown;
        QVERIFY(shown.ready());
        shown.show(static_cast<MapsViews::View>(view));
        if (shown.page.views().view() == MapsViews::View::switches) shown.part<AblationView>().setState({0, 1}, AblationTable::State::off);
        QTRY_VERIFY(shown.page.catchUp());
        for (const FigureOffer& offer : shown.page.allFigures()) {
            if (!offer.makeFilm) continue;
            const auto film = offer.makeFilm();
            for (const int frame : {0, film->count() / 2, 1, film->count() - 1}) {
                std::shared_ptr<const Figure> figure;
                const auto watch = connect(film.get(), &FilmSource::ready, this, [&](auto made) { figure = made; });
                film->request(frame);
                QTRY_VERIFY2(figure, qPrintable(offer.name));
                disconnect(watch);
                const CheckpointPtr kept = shown.run->history().atOrBefore(film->stepOf(frame));
                QVERIFY2(frameIs(shown, offer.name, figure->table(), *kept),
                         qPrintable(QStringLiteral("%1 at step %2").arg(offer.name).arg(kept->step)));
            }
        }
    }

    /// What the frame's numbers must be, computed here from the kept weights.
    static bool frameIs(ShownHeads& shown, const QString& picture, const FigureTable& table, const Checkpoint& kept) {
        const Model& model = *shown.run->model();
        const Trace trace = model.trace(kept.weights, shown.focus.input());
        if (picture == QStringLiteral("Attention rollout") || picture == QStringLiteral("Attention flow")) {
            const auto layers = residualAttention(model, trace, "encoder");
            const AttentionMatrix expected = picture.endsWith("flow") ? *attentionFlow(layers) : rollout(layers).back();
            for (std::size_t i = 0; i < table.rows.size(); ++i)
                if (std::stof(table.rows[i].back()) != static_cast<float>(expected.values[i])) return false;
            return table.rows.size() == expected.values.size();
        }
        if (picture == QStringLiteral("Head metrics")) {
            const auto expected = allHeadMetrics(model, shown.run->experiment().task, trace);
            std::multiset<double> wanted, found;
            for (const HeadMetrics& head : expected) wanted.insert(head[HeadMetric::entropy]);
            for (const auto& row : table.rows) found.insert(std::stod(row[3]));
            return table.header[3] == "normalised_entropy" && wanted == found;
        }
        if (picture == QStringLiteral("With and without the changes")) {
            std::vector<Sample> samples;
            for (int i = 0; i < shown.part<AblationView>().study().sampleCount(); ++i)
                samples.push_back(shown.run->dataset()->validationSample(i));
            const auto off = ablationOf(model, {0, 1}, Intervention::Kind::headOff);
            return table.rows[0][1] == lossText(evaluateWith(model, kept.weights, samples, {})->loss).toStdString() &&
                   table.rows[0][2] == lossText(evaluateWith(model, kept.weights, samples, off)->loss).toStdString();
        }
        return true;  // curves over all steps
    }

    /// It stays at the step it was made for, and says so.
    void aRankingIsNoFilm() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        shown.show(MapsViews::View::switches);
        AblationStudy& study = shown.part<AblationView>().study();
        study.rank(shown.run, shown.focus.checkpoint());
        QTRY_VERIFY(!study.ranking() && study.ranked().whole);
        shown.focus.showStep(0);
        QTRY_COMPARE(shown.focus.traceStep(), 0);
        QTRY_VERIFY(shown.page.catchUp());
        const FigureOffer offer = shown.page.allFigures().front();
        QVERIFY(!offer.makeFilm);
        QVERIFY2(offer.make()->caption.contains("after step 30"), qPrintable(offer.make()->caption));
    }

    void theJobOfMeasuringLeadsBackHere() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        QSignalSpy wanted(&shown.page, &Page::placeWanted);
        shown.show(MapsViews::View::switches);
        AblationView& view = shown.part<AblationView>();
        for (Button* button : view.findChildren<Button*>())
            if (button->text() == AblationView::tr("Rank all heads")) QTest::mouseClick(button, Qt::LeftButton);
        QTRY_VERIFY(view.study().job() && view.study().job()->state() == Job::State::finished);
        const auto& ranked = view.study().ranked();
        const EvenMapsEvidence evidence = view.evidenceAt(ranked.step);
        QVERIFY(evidence.ablation && evidence.ablation->unchanged == ranked.whole->accuracy);
        for (const auto& entry : ranked.entries) QVERIFY(evidence.ablation->off <= entry.off->accuracy);
        QVERIFY(!view.evidenceAt(ranked.step + 1).ablation);  // it speaks of its own step
        shown.show(MapsViews::View::maps);
        view.study().job()->open();
        QCOMPARE(shown.page.views().view(), MapsViews::View::switches);
        QCOMPARE(wanted.size(), 1);
    }

    void escapeReturnsToTheMaps() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        for (const auto view : {MapsViews::View::metrics, MapsViews::View::switches, MapsViews::View::flow}) {
            shown.show(view);
            QVERIFY(shown.page.views().current()->isVisible());
            QVERIFY(shown.page.escape());
            QCoreApplication::processEvents();
            QCOMPARE(shown.page.views().view(), MapsViews::View::maps);
            QTRY_VERIFY(shown.page.findChild<HeadGrid*>()->isVisible());
        }
    }

    void aRunWithoutAPatternSaysSoAndWhy() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        const MapsScene scene = mapsScene(shown.run, shown.focus.trace());
        std::vector<HeadMetrics> heads = allHeadMetrics(*shown.run->model(), shown.run->experiment().task, *shown.focus.trace());
        for (HeadMetrics& head : heads) head[HeadMetric::effectiveKeys] = 0.999 * head.visibleKeys;
        const QString untrained = uniformNotice(*shown.run, 0, scene, heads);
        QVERIFY2(untrained.contains("All maps are nearly uniform") && untrained.contains("Nothing has been learned yet"),
                 qPrintable(untrained));
        QVERIFY(!uniformNotice(*shown.run, shown.run->step(), scene, heads).contains("Nothing has been learned"));
        const std::int64_t unrecorded = shown.run->step() + 1;
        const QString unmeasured = uniformNotice(*shown.run, unrecorded, scene, heads);
        QVERIFY2(!unmeasured.contains("without looking") && !unmeasured.contains("made uniform"), qPrintable(unmeasured));
        const QString measured =
            uniformNotice(*shown.run, unrecorded, scene, heads, {AloneAblation{0.99, 0.2, 0.98}, 1, "over 64 validation samples"});
        QVERIFY2(measured.contains("An even average is all that the answers need here: unchanged 99\u00A0% of the answers are right, made "
                                   "uniform 98\u00A0%, switched off 20\u00A0% (over 64 validation samples)."),
                 qPrintable(measured));
        const QString several =
            uniformNotice(*shown.run, unrecorded, scene, heads, {AloneAblation{0.99, 0.2, 0.98}, 4, "over 64 validation samples"});
        QVERIFY2(several.contains("(each of the head or layer for which that change costs most; over 64"), qPrintable(several));
        heads.back()[HeadMetric::effectiveKeys] = 1.5;
        QVERIFY(uniformNotice(*shown.run, 0, scene, heads).isEmpty());  // one head with a pattern is enough
    }

    void noNoticeSurvivesItsRun() {
        ShownHeads shown;
        QVERIFY(shown.ready());
        const ThemedLabel& notice = *shown.page.views().notice();
        LoadedTask even = twoLayers(30);
        const Model model(even.experiment.model);
        TrainingState start = initialState(model, even.experiment);
        std::fill(start.weights.begin(), start.weights.end(), 0.0F);
        shown.focus.setRun(shown.workspace.add(even, start));
        QTRY_VERIFY(notice.isVisible());
        QVERIFY(notice.text().contains(QStringLiteral("uniform")));
        shown.focus.setRun(shown.run);
        QVERIFY(notice.isHidden());
    }

    /// Reverse stays on the plateau of guessing for long and then learns: that alone is no fault of the learning rate.
    void aPlateauIsNotBlamedOnTheLearningRateAtOnce() {
        Experiment experiment = twoLayers(200).experiment;
        experiment.training.optimizer.learning_rate = 1e-9;
        Workspace workspace;
        Run* run = workspace.add(loadTask(experiment, {}));
        run->train();
        QTRY_COMPARE_WITH_TIMEOUT(run->state(), Run::State::finished, lab::patience);
        Focus focus;
        focus.setRun(run);
        QTRY_VERIFY_WITH_TIMEOUT(focus.trace(), lab::patience);
        std::vector<HeadMetrics> heads = allHeadMetrics(*run->model(), run->experiment().task, *focus.trace());
        for (HeadMetrics& head : heads) head[HeadMetric::effectiveKeys] = 0.999 * head.visibleKeys;
        const QString notice = uniformNotice(*run, 200, mapsScene(run, focus.trace()), heads);
        QVERIFY2(notice.contains("may stay there for hundreds of steps") && notice.contains("if it lasts, learning_rate"),
                 qPrintable(notice));
    }

    /// A decoder's rollout leaves out what comes through its cross-attention.
    void theRolloutSaysWhoseTokensItTells() {
        Experiment experiment = smallExperiment({.vocabulary = 5, .validation = 16, .layers = 1, .steps = 20});
        experiment.model.architecture = Architecture::encoder_decoder;
        Workspace workspace;
        Focus focus;
        MapsPage page(focus);
        focus.setRun(workspace.add(loadTask(experiment, {})));
        page.resize(1180, 620);
        page.show();
        QTRY_VERIFY_WITH_TIMEOUT(focus.trace() && !page.views().metrics().empty(), lab::patience);
        page.views().setView(MapsViews::View::flow);
        auto* sides = page.findChild<QComboBox*>("maps.rollout.side");
        const auto saysSo = [&] {
            const auto panels = page.findChild<FlowView*>()->findChildren<PanelFrame*>();
            return std::ranges::count_if(panels,
                                         [](const PanelFrame* panel) { return panel->toolTip().contains("cross-attention is left out"); });
        };
        QTRY_VERIFY(!page.findChild<FlowView*>()->rolloutMap().data().empty());
        QCOMPARE(saysSo(), 0);
        sides->setCurrentIndex(1);
        emit sides->activated(1);
        QTRY_COMPARE(saysSo(), 2);
    }

    void formationIsSaidInWords() {
        HeadCurve curve{
            "L0 H0", {0.06, 0.1, 0.6, 0.93}, formationOf(std::vector<std::int64_t>{0, 10, 20, 30}, std::vector{0.06, 0.1, 0.6, 0.93})};
        QCOMPARE(formationText(HeadMetric::agreement, curve, true), QStringLiteral("half of it at step 20"));
        QVERIFY(formationText(HeadMetric::agreement, curve, false).startsWith("measuring"));
        QVERIFY(formationText(HeadMetric::entropy, curve, true).isEmpty());
        curve = {"L0 H0", {0.06, 0.12}, {}};
        QCOMPARE(formationText(HeadMetric::agreement, curve, true), QStringLiteral("not yet: 12\u00A0%"));
        curve = {"L0 H0", {0.06, 0.93}, {}};  // a run of a sweep
        QCOMPARE(formationText(HeadMetric::agreement, curve, true), QStringLiteral("93\u00A0% at the end; no step between is kept"));
        curve = {"L0 H0", {0.8, 0.9}, {}};
        QCOMPARE(formationText(HeadMetric::agreement, curve, true), QStringLiteral("from the start"));
    }
};

QTEST_MAIN(HeadViewsTest)
#include "head_views_test.moc"
