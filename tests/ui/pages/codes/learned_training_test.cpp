#include <QComboBox>
#include <QPainter>
#include <QSignalSpy>

#include "core/codes/code_sentences.h"
#include "tests/ui/pages/codes/learned_bench.h"
#include "ui/pages/codes/course_view.h"
#include "ui/pages/codes/slots_view.h"
#include "ui/pages/codes/training_tables.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/plot/plot.h"

using namespace lab;

namespace {

struct TrainingDesk : LearnedDesk<CodesTrainingTab> {
    explicit TrainingDesk(const Experiment& experiment = learnedExperiment()) : LearnedDesk<CodesTrainingTab>(experiment, {1164, 560}) {
        tab.history().setQuestion(smallCodeSizes().report);
        tab.controls()->setParent(&controlsHost);
        controlsHost.show();
    }
    ~TrainingDesk() { tab.controls()->setParent(&tab); }

    Plot& shares() const { return part<Plot>("codes.training.shares"); }
    const std::vector<TrainingRow>& rows(const char* name) const { return part<TrainingTable>(name).rows(); }
    Button& again() { return *tab.controls()->template findChild<Button*>(QStringLiteral("codes.training.again")); }

    QWidget controlsHost;
};

}  // namespace

class LearnedTrainingTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void everyKeptStepIsAPoint() {
        TrainingDesk desk;
        desk.train();
        QVERIFY(desk.ready());
        QVERIFY2(desk.tab.absence().isEmpty(), qPrintable(desk.tab.absence()));
        QVERIFY(desk.tab.history().complete());
        const auto& series = desk.shares().series();
        QCOMPARE(series.size(), std::size_t(3));
        QCOMPARE(series[0].x.size(), desk.run().history().size());
        const LoadedTask task{desk.run().experiment(), desk.run().dataset()};
        for (const CheckpointPtr& checkpoint : {desk.run().history().checkpoints().front(), desk.run().history().last()}) {
            const auto report = codes::codeReport({desk.run().model(), checkpoint->weights}, task, smallCodeSizes().report);
            const auto at = std::ranges::find(series[0].x, static_cast<double>(checkpoint->step)) - series[0].x.begin();
            QCOMPARE(series[0].y[std::size_t(at)], report->exactShare());
            QCOMPARE(series[1].y[std::size_t(at)], report->positionShare());
            QCOMPARE(series[2].y[std::size_t(at)], report->collisionRate());
            QCOMPARE(desk.part<Plot>("codes.training.bits").series()[0].y[std::size_t(at)], report->bitsUsed);
        }
        QCOMPARE(desk.tab.course().sentence(), shown(codes::courseSentence(desk.tab.history().points())));
        QVERIFY(desk.tab.course().progress().isEmpty());
    }

    void theCurveMovesTheShownStep() {
        TrainingDesk desk;
        desk.train();
        QVERIFY(desk.ready());
        QCOMPARE(desk.shares().scene().hand->x, static_cast<double>(desk.focus.shownStep()));
        desk.shares().setFocus();
        QTest::keyClick(&desk.shares(), Qt::Key_Home);
        QCOMPARE(desk.focus.shownStep(), std::int64_t(0));
        QVERIFY(desk.ready());
        QCOMPARE(desk.shares().scene().hand->x, 0.0);
        const QPointF at = desk.shares().place(4, 0.5);
        QTest::mouseClick(&desk.shares(), Qt::LeftButton, {}, at.toPoint());
        QCOMPARE(desk.focus.shownStep(), std::int64_t(4));
    }

    void theTablesAreWhatCoreMeasures() {
        TrainingDesk desk;
        QVERIFY(desk.ready());
        const CodeFindings& found = desk.tab.study().findings();
        QVERIFY(found.report && found.symbols && found.flips && found.lengths && found.order);
        QCOMPARE(desk.rows("codes.training.symbols").size(), found.symbols->byPosition.size() + 1);
        QCOMPARE(desk.rows("codes.training.flips").size(), std::size_t(3 + 1));
        QCOMPARE(desk.rows("codes.training.lengths").size(), found.lengths->size());
        QCOMPARE(desk.rows("codes.training.order").size(), std::size_t(7));
        QVERIFY(desk.rows("codes.training.flips")[0].bold && !desk.rows("codes.training.flips")[1].bold);
        // G\u00F6del's loses nothing.
        QVERIFY(desk.rows("codes.training.order").back().cells[2].text.startsWith(QChar(0x2713)));
        const auto trained = std::ranges::find_if(*found.lengths.value, &codes::LengthRow::trained);
        QVERIFY(trained != found.lengths->end());
        QVERIFY(desk.rows("codes.training.lengths")[std::size_t(trained - found.lengths->begin())].bold);
    }

    void theSlotsLookWhereTheTraceSays() {
        TrainingDesk desk;
        QVERIFY(desk.ready());
        SlotsView& view = desk.tab.slotsView();
        const Tensor& weights = desk.focus.trace()->at("bottleneck.attention.weights");
        QCOMPARE(view.readsMap().data().rows, 3);
        QCOMPARE(view.readsMap().data().columns, static_cast<int>(desk.focus.input().tokens.size()));
        QCOMPARE(view.readsMap().data().value(2, 1), weights.values[2 * desk.focus.input().tokens.size() + 1]);
        // The other head.
        auto& heads = desk.part<QComboBox>("codes.training.head");
        QCOMPARE(heads.count(), 2);
        heads.setCurrentIndex(1);
        emit heads.activated(1);
        QCOMPARE(view.readsMap().data().value(0, 0), weights.values[3 * desk.focus.input().tokens.size()]);
        QVERIFY(desk.tab.showCell(QStringLiteral("say")));
        QVERIFY(desk.ready());
        QCOMPARE(view.saysMap().data().rows, 3);
        QCOMPARE(view.saysMap().data().columns, desk.tab.study().findings().flips->longest);
        QVERIFY(!desk.tab.showCell(QStringLiteral("nowhere")));
        QVERIFY(!desk.tab.notes().isEmpty());
    }

    void escapeStopsAndTheButtonGoesOn() {
        TrainingDesk desk;
        desk.train();
        desk.tab.refresh();
        QVERIFY(desk.tab.study().measuring());
        QCOMPARE(desk.again().text(), QStringLiteral("Stop"));
        QVERIFY(desk.tab.escape());
        QVERIFY(!desk.tab.escape());
        QVERIFY(desk.ready());
        const std::size_t before = desk.tab.history().points().size();
        QVERIFY(before < desk.run().history().size());
        QVERIFY(!desk.tab.study().findings().order);
        QCOMPARE(desk.again().text(), QStringLiteral("Go on"));
        QTest::mouseClick(&desk.again(), Qt::LeftButton);
        QVERIFY(desk.ready());
        QCOMPARE(desk.tab.history().points().size(), desk.run().history().size());
        QVERIFY(bool(desk.tab.study().findings().order));
        QVERIFY(desk.again().isHidden());
    }

    void anotherStepHasOtherTables() {
        TrainingDesk desk(learnedExperiment(30));
        QVERIFY(desk.ready());
        const auto before = desk.tab.study().findings().flips.value;
        desk.train();
        QVERIFY(desk.ready());
        QCOMPARE(desk.tab.study().findings().flips.step, desk.focus.shownStep());
        QVERIFY(desk.tab.study().findings().flips.value != before);
        desk.focus.showKeptStep(0);
        QVERIFY(desk.ready());
        QCOMPARE(desk.tab.study().findings().flips.value, before);
    }

    void withoutABottleneckItSaysSo() {
        TrainingDesk desk(smallTask(20).experiment);
        QVERIFY(desk.ready());
        QVERIFY(!desk.tab.absence().isEmpty());
        QVERIFY(desk.tab.figures().empty() && !desk.tab.showsWeights());
        QSignalSpy places(&desk.tab, &PageTab::placeWanted);
        QTest::mouseClick(&desk.part<QWidget>("codes.training.none.open"), Qt::LeftButton);
        QCOMPARE(places.count(), 1);
        QCOMPARE(places[0][0].value<Place>().stage, QStringLiteral("preset.codes-fsq"));
    }

    void everythingCanBeExported() {
        TrainingDesk desk;
        desk.train();
        QVERIFY(desk.ready());
        const std::vector<FigureOffer> offers = desk.tab.figures();
        QVERIFY(offers.size() >= 7);  // two plots, four tables, a map
        for (const FigureOffer& offer : offers) {
            const PrintTheme paper;
            const auto figure = offer.make();
            QVERIFY2(!figure->table().rows.empty(), qPrintable(offer.name));
            QImage image(figure->size().toSize(), QImage::Format_ARGB32_Premultiplied);
            QPainter painter(&image);
            figure->paint(painter);
        }
    }

    void theRunMayGoWhileItIsMeasured() {
        TrainingDesk desk;
        desk.train();
        Run* second = desk.workspace.add(loadTask(learnedExperiment(8, "vq", {{"slots", 2}, {"codes", 4}}), {}));
        desk.tab.refresh();
        Run* gone = desk.focus.run();
        desk.focus.setRun(second);
        desk.workspace.remove(gone);
        QCoreApplication::sendPostedEvents(gone, QEvent::DeferredDelete);
        QVERIFY(desk.ready());
        QCOMPARE(desk.rows("codes.training.flips").size(), std::size_t(2 + 1));
        QCOMPARE(desk.tab.history().points().size(), second->history().size());
    }
};

QTEST_MAIN(LearnedTrainingTest)
#include "learned_training_test.moc"
