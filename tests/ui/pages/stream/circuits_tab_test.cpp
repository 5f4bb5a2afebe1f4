#include "ui/pages/stream/circuits_tab.h"

#include <QComboBox>
#include <QPainter>
#include <QRadioButton>

#include "tests/patience.h"
#include "tests/regression_experiment.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/stream/circuit_view.h"
#include "ui/pages/stream/joint_view.h"
#include "ui/pages/stream/stream_page.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

struct CircuitsBench {
    Workspace workspace;
    Focus focus;
    StreamPage page{focus};

    explicit CircuitsBench(int layers = 2, const std::function<void(Experiment&)>& change = {}) {
        Experiment experiment = smallExperiment({.vocabulary = 5, .layers = layers, .steps = 60});
        experiment.model.architecture = Architecture::decoder;
        experiment.model.output.kind = OutputKind::linear;
        if (change) change(experiment);
        focus.setRun(workspace.add(loadTask(experiment, {})));
        page.resize(1100, 560);
        page.showTab(QStringLiteral("circuits"));
        static_cast<QWidget&>(page).show();
        (void)ready();
    }
    CircuitsTab& tab() const { return dynamic_cast<CircuitsTab&>(page.tab()); }
    bool ready() {
        return QTest::qWaitFor([this] { return page.catchUp() && tab().ready(); }, patience);
    }
    template <class Part>
    Part& part(const char* name) const {
        return *page.findChild<Part*>(QString::fromLatin1(name));
    }
    void chosen(const char* segments, int index) {
        auto& control = part<SegmentedControl>(segments);
        control.setCurrent(index);
        emit control.chosen(index);
    }
};

}  // namespace

class CircuitsTabTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void itShowsWhatTheWeightsSay() {
        CircuitsBench bench;
        QVERIFY2(bench.tab().look(), qPrintable(bench.tab().absence()));
        const auto look = bench.tab().look();
        QCOMPARE(look->graph.secondHeads, 2);
        QCOMPARE(bench.part<Map>("stream.circuits.match").data().rows, static_cast<int>(look->tokens.size()));
        QCOMPARE(bench.part<Map>("stream.circuits.writes").data().rows, static_cast<int>(look->tokens.size()));
        QCOMPARE(bench.part<DataTable>("stream.circuits.table").places().size(), std::size_t{2});
        QVERIFY(bench.tab().showsWeights());
        QVERIFY(bench.tab().figures().size() >= 5);
        for (const FigureOffer& offer : bench.tab().figures()) QVERIFY(!offer.make()->table().header.empty());
    }

    void linesAreThoseOfTheChosenKindAndAboveTheChosenLevel() {
        CircuitsBench bench;
        bench.chosen("stream.circuits.above", 1);
        const auto& view = bench.part<CircuitView>("stream.circuits.graph");
        const std::size_t all = view.scene().lines.size();
        QVERIFY(all > 0);  // random matrices compose, too
        for (const auto& line : view.scene().lines)
            QCOMPARE(line.value, bench.tab().look()->graph.value(line.second, line.first, line.end, false));
        bench.chosen("stream.circuits.lines", 3);
        for (const auto& line : view.scene().lines) QCOMPARE(line.end, PathEnd::value);
        QVERIFY(view.scene().lines.size() < all);
    }

    void aHeadOrALineIsTakenByMouseAndByKeys() {
        CircuitsBench bench;
        auto& view = bench.part<CircuitView>("stream.circuits.graph");
        emit view.lineChosen(1, 0, PathEnd::value);
        QVERIFY(bench.ready());
        QCOMPARE(bench.tab().look()->first.head, 1);
        QCOMPARE(bench.tab().look()->second.head, 0);
        QCOMPARE(bench.tab().look()->end, PathEnd::value);
        QVERIFY(bench.tab().heading().detail.contains(QLatin1Char('V')));
        QTest::keyClick(&view, Qt::Key_Right);
        QVERIFY(bench.ready());
        QCOMPARE(bench.tab().look()->second.head, 1);
        QTest::keyClick(&view, Qt::Key_Down);
        QTest::keyClick(&view, Qt::Key_Left);
        QVERIFY(bench.ready());
        QCOMPARE(bench.tab().look()->first.head, 0);
        QTest::keyClick(&view, Qt::Key_Q);
        QVERIFY(bench.ready());
        QCOMPARE(bench.tab().look()->end, PathEnd::query);
    }

    void theMapIsDirectOrThroughTheEarlierHead() {
        CircuitsBench bench;
        const auto look = bench.tab().look();
        const auto& map = bench.part<Map>("stream.circuits.match");
        bench.chosen("stream.circuits.way", 1);
        QCOMPARE(map.data().value(0, 1), static_cast<float>(look->through.scores(0, 1)));
        bench.chosen("stream.circuits.way", 0);
        QCOMPARE(map.data().value(0, 1), static_cast<float>(look->direct.scores(0, 1)));
    }

    void positionsAloneAreAMapOfATable() {
        CircuitsBench bench(2, [](Experiment& e) { e.model.position.kind = PositionKind::sinusoidal; });
        const auto look = bench.tab().look();
        bench.chosen("stream.circuits.way", 2);
        const auto& map = bench.part<Map>("stream.circuits.match");
        QVERIFY(map.isVisible());
        QCOMPARE(map.data().rows, static_cast<int>(bench.focus.input().tokens.size()));
        QCOMPARE(map.data().value(1, 2), static_cast<float>(look->byPosition(1, 2)));
    }

    void positionsAloneAreACurveOfDistancesUnderRope() {
        CircuitsBench bench(2, [](Experiment& e) { e.model.position.kind = PositionKind::rope; });
        const auto look = bench.tab().look();
        QVERIFY(bench.part<CircuitView>("stream.circuits.graph").scene().foot.contains(QStringLiteral("distance 0")));
        bench.chosen("stream.circuits.way", 2);
        const auto& plot = bench.part<Plot>("stream.circuits.distances");
        QVERIFY(plot.isVisible());
        QCOMPARE(plot.series().front().y, look->byDistance);
        QCOMPARE(plot.series().front().y.size(), bench.focus.input().tokens.size());
    }

    void modelsWithoutPositionsHaveNone() {
        CircuitsBench bench(2, [](Experiment& e) { e.model.position.kind = PositionKind::none; });
        for (const auto* each : bench.part<SegmentedControl>("stream.circuits.way").findChildren<QRadioButton*>())
            QCOMPARE(each->isEnabled(), !each->text().contains(QStringLiteral("positions")));
    }

    void whatIsChosenIsKept() {
        CircuitsBench bench(3);
        QVERIFY(bench.tab().notes().isEmpty());
        auto& layers = bench.part<QComboBox>("stream.circuits.layers");
        layers.setCurrentIndex(0);
        emit layers.activated(0);
        QVERIFY(bench.ready());
        emit bench.part<CircuitView>("stream.circuits.graph").lineChosen(1, 0, PathEnd::value);
        QVERIFY(bench.ready());
        bench.chosen("stream.circuits.above", 1);
        emit bench.part<JointView>("stream.circuits.together").queryChosen(2);
        const QJsonObject notes = bench.tab().notes();
        CircuitsBench other(3);
        other.tab().takeNotes(notes);
        QVERIFY(other.ready());
        const auto look = other.tab().look();
        QCOMPARE(look->graph.blocks, (BlockPair{0, 1}));
        QCOMPARE(look->first.head, 1);
        QCOMPARE(look->second.head, 0);
        QCOMPARE(look->end, PathEnd::value);
        QCOMPARE(other.part<JointView>("stream.circuits.together").scene().look->query, 2);
        QCOMPARE(other.tab().notes(), notes);
    }

    void anotherQueryIsAnotherChain() {
        CircuitsBench bench;
        auto& view = bench.part<JointView>("stream.circuits.together");
        QVERIFY(view.scene().look);
        emit view.queryChosen(3);
        QCOMPARE(view.scene().look->query, 3);
        QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(view.scene().look->query, 2);
        QVERIFY(view.accessibleDescription().contains(QLatin1Char('2')));
    }

    void aHeadIsSwitchedOffEverywhereAndOnAgain() {
        CircuitsBench bench;
        auto& button = bench.part<Button>("stream.circuits.switch");
        const auto look = bench.tab().look();
        const QString off = button.text();
        QTest::mouseClick(&button, Qt::LeftButton);
        QCOMPARE(bench.focus.headChanges().size(), std::size_t{1});
        QCOMPARE(bench.focus.headChanges().front().head, look->first.head);
        QVERIFY(button.text() != off);
        QVERIFY(bench.ready());
        QTest::mouseClick(&button, Qt::LeftButton);
        QVERIFY(bench.focus.headChanges().empty());
    }

    void oneLayerHasNoPairAndSaysSo() {
        CircuitsBench bench(1);
        QVERIFY(!bench.tab().look());
        QVERIFY(bench.part<EmptyState>("stream.circuits.none").isVisible());
        QVERIFY(bench.tab().figures().empty());
        bench.focus.setRun(bench.workspace.add(loadTask(
            [] {
                Experiment e = smallExperiment({.vocabulary = 5, .layers = 2, .steps = 60});
                e.model.architecture = Architecture::decoder;
                return e;
            }(),
            {})));
        QVERIFY(bench.ready());
        QTRY_VERIFY_WITH_TIMEOUT(bench.ready() && bench.tab().look(), patience);
    }

    void aModelThatReadsVectorsIsRefusedInASentence() {
        CircuitsBench bench(2, [](Experiment& e) { e = regressionExperiment({.layers = 2}); });
        QVERIFY(!bench.tab().look());
        QVERIFY(!bench.tab().absence().isEmpty());
        QVERIFY(bench.part<EmptyState>("stream.circuits.none").isVisible());
    }

    void whatHasNoOutputMatrixKeepsTheRest() {
        CircuitsBench bench(2, [](Experiment& e) { e.model.output.kind = OutputKind::mlp; });
        QVERIFY(bench.tab().look());
        QVERIFY(bench.part<Map>("stream.circuits.writes").data().empty());
        QVERIFY(!bench.part<Map>("stream.circuits.match").data().empty());
    }
};

QTEST_MAIN(CircuitsTabTest)
#include "circuits_tab_test.moc"
