#include "ui/pages/stream/superposition_tab.h"

#include <QPainter>
#include <QSlider>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/stream/feature_scene.h"
#include "ui/pages/stream/stream_page.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

struct ToyBench {
    Focus focus;
    StreamPage page{focus};

    ToyBench() {
        page.resize(1100, 560);
        page.showTab(QStringLiteral("superposition"));
        static_cast<QWidget&>(page).show();
        page.catchUp();
    }
    SuperpositionTab& tab() const { return dynamic_cast<SuperpositionTab&>(page.tab()); }
    template <class Part>
    Part& part(const char* name) const {
        return *page.findChild<Part*>(QString::fromLatin1(name));
    }
};

}  // namespace

class SuperpositionTabTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void theTabAndItsSettingsAreKept() {
        ToyBench bench;
        QVERIFY(bench.tab().notes().isEmpty());
        bench.part<QSlider>("stream.superposition.features").setValue(7);
        bench.part<QSlider>("stream.superposition.dimensions").setValue(3);
        const QJsonObject notes = bench.page.notes();
        Focus focus;
        StreamPage other(focus);
        other.takeNotes(notes);
        QCOMPARE(other.stage(), QStringLiteral("superposition"));
        QCOMPARE(dynamic_cast<SuperpositionTab&>(other.tab()).toy().config(), bench.tab().toy().config());
        QCOMPARE(other.notes(), notes);
        other.takeNotes({});
        QCOMPARE(other.stage(), QStringLiteral("lens"));
    }

    void itIsThereWithoutARunAndTrainsByTheButton() {
        ToyBench bench;
        QCOMPARE(bench.tab().toy().step(), 0);
        QTest::mouseClick(&bench.part<Button>("stream.superposition.step"), Qt::LeftButton);
        const int steps = bench.tab().toy().step();
        QVERIFY(steps > 0);
        Superposition alone(bench.tab().toy().config());
        alone.train(steps);
        QVERIFY(alone.weights() == bench.tab().toy().weights());
        const auto& loss = bench.part<Plot>("stream.superposition.loss").series().front();
        QCOMPARE(loss.x.back(), static_cast<double>(steps));
        QCOMPARE(loss.y.back(), alone.validationLoss());
        QCOMPARE(bench.part<Map>("stream.superposition.returned").data().value(1, 2), static_cast<float>(alone.returned()(1, 2)));
        QTest::mouseClick(&bench.part<Button>("stream.superposition.reset"), Qt::LeftButton);
        QCOMPARE(bench.tab().toy().step(), 0);
    }

    void itTrainsLiveUntilAnotherTabIsShown() {
        ToyBench bench;
        QTest::mouseClick(&bench.part<Button>("stream.superposition.train"), Qt::LeftButton);
        auto& tab = bench.tab();
        QTRY_VERIFY_WITH_TIMEOUT(tab.toy().step() > 3, patience);
        QVERIFY(!bench.part<Button>("stream.superposition.step").isEnabled());
        bench.page.showTab(QStringLiteral("lens"));
        QVERIFY(!tab.training());
    }

    void slidersMakeAnotherToy() {
        ToyBench bench;
        bench.part<QSlider>("stream.superposition.dimensions").setValue(4);
        bench.part<QSlider>("stream.superposition.features").setValue(3);  // never fewer features than dimensions
        const SuperpositionConfig& config = bench.tab().toy().config();
        QCOMPARE(config.features, 3);
        QCOMPARE(config.dimensions, 3);
        bench.part<QSlider>("stream.superposition.sparsity").setValue(50);
        bench.part<QSlider>("stream.superposition.importance").setValue(70);
        QCOMPARE(bench.tab().toy().config().sparsity, 0.5);
        QCOMPARE(bench.tab().toy().config().importance, 0.7);
        QCOMPARE(bench.part<Map>("stream.superposition.returned").data().rows, 3);
    }

    void arrowsAreExportedWhereThereIsAPlane() {
        ToyBench bench;
        const std::size_t flat = bench.tab().figures().size();
        for (const FigureOffer& offer : bench.tab().figures()) {
            QVERIFY(offer.still);
            QVERIFY(!offer.make()->table().rows.empty());
        }
        bench.part<QSlider>("stream.superposition.dimensions").setValue(3);
        QCOMPARE(bench.tab().figures().size(), flat - 1);
        QVERIFY(!bench.part<FeatureArrows>("stream.superposition.arrows").accessibleDescription().isEmpty());
    }
};

QTEST_MAIN(SuperpositionTabTest)
#include "superposition_tab_test.moc"
