#include "ui/pages/stream/neurons_tab.h"

#include <QComboBox>
#include <QPainter>
#include <QSpinBox>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/stream/stream_page.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

struct NeuronsBench {
    Workspace workspace;
    Focus focus;
    StreamPage page{focus};

    explicit NeuronsBench(const std::function<void(Experiment&)>& change = {}) {
        Experiment experiment = smallExperiment({.vocabulary = 5, .layers = 2, .steps = 60});
        experiment.model.output.kind = OutputKind::linear;
        if (change) change(experiment);
        focus.setRun(workspace.add(loadTask(experiment, {})));
        page.resize(1100, 560);
        page.showTab(QStringLiteral("neurons"));
        static_cast<QWidget&>(page).show();
        (void)ready();
    }
    NeuronsTab& tab() const { return dynamic_cast<NeuronsTab&>(page.tab()); }
    bool ready() {
        return QTest::qWaitFor([this] { return page.catchUp() && tab().ready(); }, patience);
    }
    template <class Part>
    Part& part(const char* name) const {
        return *page.findChild<Part*>(QString::fromLatin1(name));
    }
};

}  // namespace

class NeuronsTabTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void itBeginsWithTheLoudestNeuron() {
        NeuronsBench bench;
        QVERIFY2(bench.tab().look(), qPrintable(bench.tab().absence()));
        const NeuronLook& look = *bench.tab().look();
        for (const float value : look.activations)
            QVERIFY(std::abs(value) <= std::abs(look.activations[static_cast<std::size_t>(look.neuron.index)]));
        QCOMPARE(bench.part<DataTable>("stream.neurons.activations").places().size(), look.activations.size());
        QVERIFY(!bench.tab().examples().empty());
        QVERIFY(!bench.part<TextTable>("stream.neurons.writes").rows().empty());
        for (const FigureOffer& offer : bench.tab().figures()) QVERIFY(!offer.make()->table().header.empty());
    }

    void layerPositionAndNeuronAreChosen() {
        NeuronsBench bench;
        auto& layers = bench.part<QComboBox>("stream.neurons.layer");
        QCOMPARE(layers.count(), 2);
        layers.setCurrentIndex(1);
        emit layers.activated(1);
        bench.part<QSpinBox>("stream.neurons.position").setValue(3);
        QVERIFY(bench.ready());
        QCOMPARE(bench.focus.selection().query, 3);
        emit bench.part<DataTable>("stream.neurons.activations").rowChosen(2);
        QVERIFY(bench.ready());
        const NeuronLook& look = *bench.tab().look();
        QCOMPARE(look.neuron, (Neuron{1, 2}));
        QCOMPARE(look.position, 3);
    }

    void heldAtItsLargestIsWhatWasFound() {
        NeuronsBench bench;
        auto& hold = bench.part<SegmentedControl>("stream.neurons.hold");
        hold.setCurrent(1);
        emit hold.chosen(1);
        QVERIFY(bench.ready());
        const NeuronLook& look = *bench.tab().look();
        QVERIFY(!look.classes.empty());
        const StreamRuns runs(*bench.focus.run()->model(), bench.focus.checkpoint()->weights);
        const NeuronLook expected = neuronLook(
            runs, bench.focus.input(), {look.neuron.layer, look.position, look.neuron.index, bench.tab().examples().front().activation});
        QCOMPARE(look.classes.front().id, expected.classes.front().id);
        QCOMPARE(look.classes.front().behind, expected.classes.front().behind);
    }

    void theSearchIsStoppedAndBegunAgain() {
        NeuronsBench bench;
        auto& stop = bench.part<Button>("stream.neurons.stop");
        QCOMPARE(bench.tab().searched().first, bench.tab().searched().second);
        QVERIFY(!stop.isVisible());
        const int other = bench.tab().look()->neuron.index == 0 ? 1 : 0;
        bool stopped = false;
        const auto connection = connect(&bench.tab(), &PageTab::changed, this, [&] {
            if (!stopped && bench.tab().look()->neuron.index == other) {
                stopped = true;
                QVERIFY(bench.page.escape());
            }
        });
        emit bench.part<DataTable>("stream.neurons.activations").rowChosen(static_cast<std::size_t>(other));
        QTRY_VERIFY(bench.ready() && stopped);
        disconnect(connection);
        QVERIFY(bench.tab().searched().first < bench.tab().searched().second);
        QVERIFY(stop.isVisible());
        QVERIFY(!bench.page.escape());
        QTest::mouseClick(&stop, Qt::LeftButton);
        QVERIFY(bench.ready());
        QCOMPARE(bench.tab().searched().first, bench.tab().searched().second);
        QVERIFY(!bench.tab().examples().empty());
    }

    void whatIsChosenIsKept() {
        NeuronsBench bench;
        QVERIFY(bench.tab().notes().isEmpty());
        auto& layers = bench.part<QComboBox>("stream.neurons.layer");
        layers.setCurrentIndex(1);
        emit layers.activated(1);
        QVERIFY(bench.ready());
        emit bench.part<DataTable>("stream.neurons.activations").rowChosen(2);
        QVERIFY(bench.ready());
        const QJsonObject notes = bench.tab().notes();
        NeuronsBench other;
        other.tab().takeNotes(notes);
        QCOMPARE(other.tab().notes(), notes);
        QVERIFY(other.ready());
        QCOMPARE(other.tab().look()->neuron, (Neuron{1, 2}));
        QCOMPARE(other.tab().notes(), notes);
        other.tab().takeNotes({{QStringLiteral("layer"), 99}, {QStringLiteral("neuron"), 9999}});
        QVERIFY(other.ready());
    }

    void whatHasNoNeuronsSaysSo() {
        NeuronsBench bench([](Experiment& e) { e.model.d_ff = 0; });
        QVERIFY(!bench.tab().look());
        QVERIFY(bench.part<EmptyState>("stream.neurons.none").isVisible());
        QVERIFY(bench.tab().figures().empty());
    }

    void anOutputHeadThatIsNoMatrixKeepsTheRest() {
        NeuronsBench bench([](Experiment& e) { e.model.output.kind = OutputKind::mlp; });
        QVERIFY(bench.tab().look() && bench.tab().look()->writes.empty());
        QVERIFY(!bench.part<TextTable>("stream.neurons.writes").isVisible());
        QVERIFY(!bench.tab().look()->classes.empty());
    }
};

QTEST_MAIN(NeuronsTabTest)
#include "neurons_tab_test.moc"
