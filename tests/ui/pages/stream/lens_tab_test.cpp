#include "ui/pages/stream/lens_tab.h"

#include <QPainter>
#include <QScrollBar>
#include <QSignalSpy>

#include "core/model/sample_input.h"
#include "core/stream/depth.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/stream/depth_panel.h"
#include "ui/pages/stream/lens_map.h"
#include "ui/pages/stream/logit_panel.h"
#include "ui/pages/stream/stream_page.h"
#include "ui/pages/stream/waterfall_view.h"
#include "ui/runs/validation_inputs.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"

using namespace lab;

namespace {

LoadedTask layeredTask(Architecture architecture = Architecture::encoder, int layers = 2) {
    Experiment experiment = smallExperiment({.vocabulary = 5, .steps = 20});
    experiment.model.architecture = architecture;
    experiment.model.num_layers = layers;
    return loadTask(experiment, {});
}

struct LensDesk {
    Workspace workspace;
    Focus focus;
    StreamPage page{focus};

    explicit LensDesk(const std::vector<LoadedTask>& tasks = {layeredTask()}) {
        for (const LoadedTask& task : tasks) workspace.add(task);
        if (!tasks.empty()) focus.setRun(workspace.runs().front());
        page.resize(1180, 600);
        page.show();
        static_cast<void>(ready());
    }
    LensTab& tab() const { return dynamic_cast<LensTab&>(page.tab()); }
    bool ready() {
        return QTest::qWaitFor([this] { return page.catchUp() && tab().ready(); }, patience) &&
               QTest::qWaitFor([this] { return page.catchUp(); }, patience);
    }
    template <class Part>
    Part& part(const char* name) const {
        return *page.findChild<Part*>(QString::fromLatin1(name));
    }
    LensMap& map() const { return part<LensMap>("stream.lens.map"); }
    WaterfallView& logit() const { return part<WaterfallView>("stream.lens.logit"); }
    const LensStudy::Found& found() const { return *tab().study().found(); }
    void choose(const char* control, int index) {
        emit part<SegmentedControl>(control).chosen((part<SegmentedControl>(control).setCurrent(index), index));
    }
    void press(int bar) { emit logit().barPressed(bar); }
    int headBar() const {
        const auto& bars = logit().scene().bars;
        return static_cast<int>(std::ranges::find_if(bars, [](const auto& bar) { return bar.head.has_value(); }) - bars.begin());
    }
};

}  // namespace

class LensTabTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void withoutARunItSaysSo() {
        LensDesk desk(std::vector<LoadedTask>{});
        QVERIFY(desk.part<EmptyState>("stream.lens.none").isVisible());
        QVERIFY(desk.page.figures().empty());
        QVERIFY(desk.ready());
    }

    void theMapIsCoresLens_data() {
        QTest::addColumn<Architecture>("architecture");
        QTest::newRow("encoder") << Architecture::encoder;
        QTest::newRow("decoder") << Architecture::decoder;
        QTest::newRow("both") << Architecture::encoder_decoder;
    }
    void theMapIsCoresLens() {
        QFETCH(Architecture, architecture);
        LensDesk desk({layeredTask(architecture)});
        Run& run = *desk.workspace.runs().front();
        const StreamRuns runs(*run.model(), desk.focus.checkpoint()->weights);
        const Lens lens = lensOf(runs, desk.focus.input());
        const LensScene& scene = desk.map().scene();
        QVERIFY(!scene.empty());
        QCOMPARE(scene.rowCount(), 3);  // the embedding and two layers
        QCOMPARE(scene.columns(), lens.states.positions);
        QCOMPARE(scene.tokens.size(), qsizetype{lens.states.positions});
        for (int row = 0; row < scene.rowCount(); ++row)
            for (int column = 0; column < scene.columns(); ++column)
                QCOMPARE(scene.at(row, column), lens.at(scene.rows[static_cast<std::size_t>(row)], column));
        desk.choose("stream.lens.rows", 1);
        QVERIFY(desk.ready());
        QCOMPARE(desk.map().scene().rowCount(), static_cast<int>(lens.states.places.size()));
        const Attribution sum = attributionOf(runs, desk.focus.input(), desk.found().question);
        QCOMPARE(desk.found().attribution->sum, sum.sum);
        QVERIFY(std::abs(sum.difference()) <= 1e-5 * (1 + sum.size));
        QCOMPARE(desk.logit().scene().logit, sum.logit);
    }

    void cellsSayTheTopTokenTheRankOfTheTrueOneOrTheEntropy() {
        LensDesk desk;
        const LensReading reading = desk.map().scene().at(1, 2);
        QVERIFY(reading.rank >= 0);
        QCOMPARE(desk.map().scene().text(1, 2), desk.map().scene().classText(reading.top));
        QCOMPARE(desk.map().scene().value(1, 2), reading.probability);
        desk.choose("stream.lens.cell", 1);
        QVERIFY(desk.ready());
        QCOMPARE(desk.map().scene().text(1, 2), QString::number(reading.rank + 1));
        QCOMPARE(desk.map().scene().value(1, 2), reading.ofTrue);
        desk.choose("stream.lens.cell", 2);
        QVERIFY(desk.ready());
        QCOMPARE(desk.map().scene().value(1, 2), reading.entropy);
        QVERIFY(desk.map().tip({1, 2}).contains(desk.map().scene().likeliest(1, 2)));
    }

    void aCellIsTakenInHandByMouseAndKeys() {
        LensDesk desk;
        QTest::mouseClick(desk.map().viewport(), Qt::LeftButton, {}, desk.map().cellRect({1, 2}).center().toPoint());
        QVERIFY(desk.ready());
        QCOMPARE(desk.found().question.position, 2);
        QCOMPARE(desk.map().chosen(), (MapCell{1, 2}));
        QTest::keyClick(&desk.map(), Qt::Key_Right);
        QTest::keyClick(&desk.map(), Qt::Key_Up);
        QVERIFY(desk.ready());
        QCOMPARE(desk.map().chosen(), (MapCell{0, 3}));
        QCOMPARE(desk.found().question.position, 3);
        QVERIFY(desk.map().accessibleDescription().contains(QStringLiteral("embedding")));
        QSignalSpy places(&desk.page, &Page::placeWanted);
        QTest::keyClick(&desk.map(), Qt::Key_Down);
        QTest::keyClick(&desk.map(), Qt::Key_Return);
        QCOMPARE(places.count(), 1);
        const auto place = places[0][0].value<Place>();
        QCOMPARE(place.page, QStringLiteral("explain"));
        QCOMPARE(place.block, QStringLiteral("encoder.0.attention"));
        QCOMPARE(place.query, std::optional(3));
    }

    void aPlaceNamesACell() {
        LensDesk desk;
        QVERIFY(desk.page.showStage(QStringLiteral("lens"), QStringLiteral("2,1")));
        QVERIFY(desk.ready());
        QCOMPARE(desk.map().chosen(), (MapCell{1, 1}));
        QVERIFY(!desk.page.showStage(QStringLiteral("lens"), QStringLiteral("here")));
    }

    void theDepthOfAPositionIsCores() {
        LensDesk desk;
        const auto& series = desk.part<Plot>("stream.lens.depth").series();
        const DepthCourse& course = desk.found().course;
        QCOMPARE(series.size(), course.classes.size());
        for (std::size_t c = 0; c < series.size(); ++c) QCOMPARE(series[c].y, course.shares[c]);
        QCOMPARE(series[0].x, (std::vector<double>{0, 0.5, 1, 1.5, 2}));
        QVERIFY(!decisionWords(desk.map().scene(), desk.found().question.position).isEmpty());
        emit desk.part<Plot>("stream.lens.depth").handMoved(1.1);
        QCOMPARE(desk.map().chosen().row, 1);
    }

    void aHeadIsSplitByItsSourcesAndOpensInMaps() {
        LensDesk desk;
        const auto whole = desk.logit().scene();
        const int bar = desk.headBar();
        const auto head = whole.bars[static_cast<std::size_t>(bar)];
        desk.press(bar);
        QVERIFY(desk.ready());
        QCOMPARE(desk.found().question.split, head.head);
        double sum = 0;
        for (const auto& part : desk.logit().scene().bars)
            if (part.head == head.head) sum += part.value;
        QVERIFY(std::abs(sum - head.value) < 1e-5 * (1 + std::abs(head.value)));
        QVERIFY(desk.logit().scene().bars.size() > whole.bars.size());
        QSignalSpy places(&desk.page, &Page::placeWanted);
        QTest::mouseClick(&desk.part<Button>("stream.lens.maps"), Qt::LeftButton);
        QCOMPARE(places.count(), 1);
        const auto place = places[0][0].value<Place>();
        QCOMPARE(place.page, QStringLiteral("maps"));
        QCOMPARE(place.head, std::optional(head.head->second));
        QVERIFY(place.key);
        QVERIFY(desk.page.escape());
        QVERIFY(desk.ready());
        QCOMPARE(desk.logit().scene().bars.size(), whole.bars.size());
        QVERIFY(!desk.page.escape());
    }

    void againstAnotherAnswer() {
        LensDesk desk;
        QCOMPARE(desk.found().question.against, LogitQuestion::Against::mean);
        desk.choose("stream.lens.against", 1);
        QVERIFY(desk.ready());
        QCOMPARE(desk.found().question.against, LogitQuestion::Against::other);
        QVERIFY(desk.found().question.other != desk.found().question.answer);
    }

    /// Heads of a layer are one bar in a deep model, until it is pressed.
    void manyPartsAreJoinedAndUnfold() {
        LensDesk desk({layeredTask(Architecture::encoder, 16)});
        const auto joined = desk.logit().scene();
        const auto isJoined = [](const WaterfallScene::Bar& bar) { return bar.joined; };
        QCOMPARE(std::ranges::count_if(joined.bars, isJoined), 16);
        desk.press(static_cast<int>(std::ranges::find_if(joined.bars, isJoined) - joined.bars.begin()));
        const auto& opened = desk.logit().scene();
        QCOMPARE(std::ranges::count_if(opened.bars, isJoined), 15);
        QVERIFY(opened.bars.size() >= joined.bars.size());
        double before = 0, after = 0;
        for (const auto& bar : joined.bars) before += bar.value;
        for (const auto& bar : opened.bars) after += bar.value;
        QVERIFY(std::abs(before - after) < 1e-9);
    }

    /// Deep models show every second layer, and all of them when asked; the answer's row and the last position stay in sight.
    void deepModelsShowEverySecondLayer() {
        LensDesk desk({layeredTask(Architecture::encoder, 26)});
        const LensScene& scene = desk.map().scene();
        QCOMPARE(scene.rowCount(), 14);
        QCOMPARE(scene.lens->states.places[static_cast<std::size_t>(scene.rows[1])].layer, 1);
        QCOMPARE(scene.rows.back(), static_cast<int>(scene.lens->states.places.size()) - 1);
        desk.choose("stream.lens.rows", 0);
        QVERIFY(desk.ready());
        QCOMPARE(desk.map().scene().rowCount(), 27);
        const int last = desk.map().scene().rowCount() - 1, right = desk.map().scene().columns() - 1;
        QScrollBar& scroll = *desk.map().verticalScrollBar();
        for (const int scrolled : {0, scroll.maximum()}) {
            scroll.setValue(scrolled);
            QVERIFY(desk.map().viewport()->rect().contains(desk.map().cellRect({last, right}).toRect().adjusted(1, 1, -1, -1)));
        }
        QVERIFY(scroll.maximum() > 0);
        QTest::mouseClick(desk.map().viewport(), Qt::LeftButton, {}, desk.map().cellRect({last, right}).center().toPoint());
        QCOMPARE(desk.map().chosen(), (MapCell{last, right}));
        QTest::keyClick(&desk.map(), Qt::Key_Home);
        QTest::keyClick(&desk.map(), Qt::Key_Up);
        const QRectF next = desk.map().cellRect(desk.map().chosen());
        QVERIFY(next.bottom() <= desk.map().cellRect({last, 0}).top() + 1);
    }

    void theMeanOverTheValidationSetIsCores() {
        LensDesk desk;
        desk.choose("stream.lens.over", 1);
        QTRY_VERIFY(desk.ready());
        const MeanLogitStudy& study = desk.page.findChild<LogitPanel*>()->mean();
        QVERIFY2(study.found(), qPrintable(study.error()));
        const int position = desk.found().question.position;
        const Run& run = *desk.workspace.runs().front();
        const StreamRuns runs(*run.model(), desk.focus.checkpoint()->weights);
        AttributionMean mean;
        for (const Sample& sample : firstSamples(*run.dataset(), 100))
            if (const auto question = trueAnswerAt(runs, inputOf(sample), position, LogitQuestion::Against::mean))
                mean.add(attributionOf(runs, inputOf(sample), *question));
        QVERIFY(mean.count() > 1);
        QCOMPARE(study.found()->inputs, mean.count());
        QCOMPARE(study.found()->mean.sum, mean.mean().sum);
        QCOMPARE(desk.logit().scene().logit, mean.mean().logit);
        const auto bars = desk.logit().scene().bars.size();
        desk.press(desk.headBar());  // of many inputs no head is split by source
        QVERIFY(desk.ready());
        QCOMPARE(desk.logit().scene().bars.size(), bars);
        desk.choose("stream.lens.against", 1);
        QTRY_VERIFY(desk.ready());
        QCOMPARE(study.against(), LogitQuestion::Against::other);
        desk.choose("stream.lens.over", 0);
        QVERIFY(desk.ready());
        QCOMPARE(desk.logit().scene().logit, desk.found().attribution->logit);
    }

    void aMeanThatIsStoppedIsMeasuredAgain() {
        LensDesk desk;
        auto& measure = desk.part<Button>("stream.lens.measure");
        QVERIFY(!measure.isVisible());
        desk.choose("stream.lens.over", 1);
        const MeanLogitStudy& study = desk.page.findChild<LogitPanel*>()->mean();
        QVERIFY(study.measuring() && measure.isVisible());
        QTest::mouseClick(&measure, Qt::LeftButton);
        QVERIFY(!study.measuring() && study.lacksSome() && measure.isVisible());
        QTest::mouseClick(&measure, Qt::LeftButton);
        QTRY_VERIFY(desk.ready());
        QVERIFY(!study.lacksSome() && !measure.isVisible());
    }

    void whatIsChosenIsKept() {
        LensDesk desk;
        QVERIFY(desk.page.notes().isEmpty());
        desk.choose("stream.lens.rows", 1);
        desk.choose("stream.lens.cell", 2);
        desk.choose("stream.lens.against", 1);
        QVERIFY(desk.page.showStage(QStringLiteral("lens"), QStringLiteral("2,1")));
        QVERIFY(desk.ready());
        const QJsonObject notes = desk.page.notes();
        LensDesk other;
        other.page.takeNotes(notes);
        QCOMPARE(other.page.notes(), notes);  // before it is shown
        QVERIFY(other.ready());
        QCOMPARE(other.page.notes(), notes);
        QCOMPARE(other.map().chosen(), (MapCell{2, 1}));
        QCOMPARE(other.found().question.against, LogitQuestion::Against::other);
        other.page.takeNotes({});
        QVERIFY(other.ready());
        QVERIFY(other.page.notes().isEmpty());
    }

    void itFollowsStepAndInput() {
        LensDesk desk;
        Run& run = *desk.workspace.runs().front();
        const auto first = desk.found().lens;
        desk.focus.showSample(1);
        QVERIFY(desk.ready());
        QCOMPARE(desk.found().input, desk.focus.input());
        QVERIFY(desk.found().lens != first);
        run.train();
        QTRY_VERIFY(run.step() == 20 && run.state() != Run::State::training);
        QTRY_VERIFY(desk.ready() && desk.found().step == 20);
        desk.focus.showStep(0);
        QTRY_VERIFY(desk.ready() && desk.found().step == 0);
    }

    void whatCannotBeReadIsCoresSentence() {
        Experiment experiment = smallExperiment({.vocabulary = 5, .steps = 20});
        experiment.model.depth.kind = DepthKind::act;
        LensDesk desk({loadTask(experiment, {})});
        QVERIFY(desk.part<EmptyState>("stream.lens.none").isVisible());
        QVERIFY(desk.found().error.contains(QStringLiteral("act")));
        QVERIFY(desk.page.figures().empty());
    }

    void picturesAndTablesAreForExport() {
        LensDesk desk;
        const auto offers = desk.page.figures();
        QVERIFY(offers.size() >= 3);
        for (const FigureOffer& offer : offers) {
            const PrintTheme print;
            const auto figure = offer.make();
            const QSizeF size = figure->size();
            QVERIFY2(size.width() > 100 && size.height() > 100, qPrintable(offer.name));
            QImage image(size.toSize(), QImage::Format_RGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            figure->paint(painter);
            QVERIFY(!figure->caption.isEmpty());
            QVERIFY(!figure->table().rows.empty());
        }
        QCOMPARE(offers[0].make()->table().rows.size(),
                 static_cast<std::size_t>(desk.map().scene().rowCount() * desk.map().scene().columns()));
    }
};

QTEST_MAIN(LensTabTest)
#include "lens_tab_test.moc"
