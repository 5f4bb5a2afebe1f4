#include "ui/pages/compare/compare_page.h"

#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QtTest>
#include <algorithm>
#include <cmath>

#include "core/config/comparisons.h"
#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "tests/vector_tasks.h"
#include "ui/pages/compare/compare_maps.h"
#include "ui/pages/compare/map_card.h"
#include "ui/pages/compare/run_table.h"
#include "ui/scenes/run_style.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/figure.h"
#include "ui/widgets/format.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

LoadedTask variant(const char* name, AttentionForm form, std::uint64_t seed = 42, int steps = 60) {
    Experiment experiment = smallTask(steps, seed).experiment;
    experiment.name = name;
    experiment.model.attention.form = form;
    return loadTask(experiment, {});
}

/// A shown page over a workspace; the first run is the window's.
struct ShownRuns {
    explicit ShownRuns(const std::vector<LoadedTask>& tasks) : page(focus, workspace) {
        for (const LoadedTask& task : tasks) workspace.add(task);
        focus.setRun(workspace.runs().front());
        page.resize(1164, 620);
        page.show();
    }

    void train() {
        workspace.trainAll();
        for (Run* run : workspace.runs()) QTRY_COMPARE(run->state(), Run::State::finished);
        QTRY_COMPARE(page.table().rows().size(), workspace.runs().size());
        QTRY_COMPARE(page.lossPlot().series().size(), page.table().rows().size());
        QTRY_VERIFY(everyCurveIsDrawn());
    }
    bool everyCurveIsDrawn() const {
        const auto& lines = page.lossPlot().series();
        return std::none_of(lines.begin(), lines.end(), [](const PlotSeries& line) { return line.x.empty(); });
    }

    const RunRow& row(int index) const { return page.table().rows()[static_cast<std::size_t>(index)]; }

    Workspace workspace;
    Focus focus;
    ComparePage page;
};

std::vector<LoadedTask> threeForms() {
    return {variant("QKV", AttentionForm::qkv), variant("KV", AttentionForm::kv), variant("KV+Pos", AttentionForm::kv_pos)};
}

std::vector<LoadedTask> twoFormsThreeSeeds() {
    std::vector<LoadedTask> tasks;
    for (const std::uint64_t seed : {1, 2, 3})
        tasks.push_back(variant(qPrintable(QString("QKV · seed %1").arg(seed)), AttentionForm::qkv, seed));
    for (const std::uint64_t seed : {1, 2, 3})
        tasks.push_back(variant(qPrintable(QString("KV · seed %1").arg(seed)), AttentionForm::kv, seed));
    return tasks;
}

}  // namespace

class ComparePageTest : public QObject {
    Q_OBJECT

private slots:
    void listsEveryRunWithItsNumbers();
    void drawsTheCurvesOfEveryRunAgainstEachEffort();
    void seedsBecomeAMeanWithItsBand();
    void spaceTrainsAndPausesAll();
    void everythingInTheListByKey();
    void aNameIsNotCutForADifferenceThatIsNotThere();
    void whatIsMeasuredIsNamedByTheRuns();
    void removingRunsLeavesTheRest();
    void mapsShowTheSameStepAndInputOfEveryRun();
    void mapsOfManyRunsStayLargeEnough();
    void aCellPointedAtOrChosenIsTheSameInEveryMap();
    void theDifferenceIsThatOfTheTwoMaps();
    void bestMatchShowsTheHeadThatOverlapsMost();
    void aRunThatCannotReadTheInputSaysSo();
    void removingARunWhoseMapIsShownWhileAllTrainIsSafe();
    void exportsCurvesAndMaps();
    void offersTheClassicComparisons();
    void fourRunsKeepUpWhileTheyTrain();
};

void ComparePageTest::listsEveryRunWithItsNumbers() {
    ShownRuns shown(threeForms());
    QTRY_COMPARE(shown.page.table().rows().size(), std::size_t{3});
    QCOMPARE(shown.row(0).state, QStringLiteral("ready"));
    shown.train();
    QTRY_COMPARE(shown.row(2).state, QStringLiteral("✓ done"));
    for (int i = 0; i < 3; ++i) {
        const Run* run = shown.workspace.runs()[static_cast<std::size_t>(i)];
        QCOMPARE(shown.row(i).name, run->name());
        QCOMPARE(shown.row(i).step, QStringLiteral("60"));
        QCOMPARE(shown.row(i).role, seriesRole(i));
        QCOMPARE(shown.row(i).accuracy, fixed(100 * run->records().back().validation->accuracy, 1));
        QCOMPARE(shown.row(i).parameters, grouped(static_cast<std::int64_t>(run->model()->layout().parameterCount())));
        QCOMPARE(shown.row(i).cache, QStringLiteral("–"));  // encoders keep none
        QCOMPARE(shown.row(i).current, i == 0);
    }
    QCOMPARE(shown.row(2).difference, QStringLiteral("kv+pos, pos_dim 10"));
    QCOMPARE(shown.page.table().differenceHeader(), QStringLiteral("form, pos_dim: all that differs"));
    QVERIFY(shown.page.header().detail().contains(QStringLiteral("same batches")));
}

void ComparePageTest::drawsTheCurvesOfEveryRunAgainstEachEffort() {
    ShownRuns shown(threeForms());
    shown.train();
    const auto last = [&](int line) {
        const PlotSeries& series = shown.page.lossPlot().series()[static_cast<std::size_t>(line)];
        return QPointF(series.x.back(), series.y.back());
    };
    QTRY_COMPARE(last(0).x(), 60.0);
    for (const Effort effort : {Effort::steps, Effort::tokens, Effort::seconds}) {
        shown.page.setAgainst(effort);
        for (int i = 0; i < 3; ++i) {
            const auto& records = shown.workspace.runs()[static_cast<std::size_t>(i)]->records();
            double expected = effort == Effort::steps ? 60 : 0;
            std::vector<double> losses;
            for (const StepRecord& record : records) {
                losses.push_back(record.train.loss);
                expected += effort == Effort::tokens ? record.tokens : effort == Effort::seconds ? record.seconds : 0;
            }
            QTRY_VERIFY(std::abs(last(i).x() - expected) < 1e-9);
            QVERIFY(std::abs(last(i).y() - exponentialAverage(losses, RunCurve::smoothingFactor).back()) < 1e-12);
        }
    }
}

void ComparePageTest::seedsBecomeAMeanWithItsBand() {
    ShownRuns shown(twoFormsThreeSeeds());
    shown.train();
    QTRY_COMPARE(shown.page.table().rows().size(), std::size_t{6});
    for (const auto show : {ComparePage::Show::deviation, ComparePage::Show::range}) {
        shown.page.setShow(show);
        QTRY_COMPARE(shown.page.table().rows().size(), std::size_t{2});
        QTRY_COMPARE(shown.page.lossPlot().series().size(), std::size_t{2});
        QCOMPARE(shown.row(0).name, QStringLiteral("QKV"));
        QCOMPARE(shown.row(1).difference, QStringLiteral("kv"));
        std::vector<double> ends;
        for (int i = 0; i < 3; ++i) {
            std::vector<double> losses;
            for (const StepRecord& record : shown.workspace.runs()[static_cast<std::size_t>(i)]->records())
                losses.push_back(record.train.loss);
            ends.push_back(exponentialAverage(losses, RunCurve::smoothingFactor).back());
        }
        const Spread spread = spreadOf(ends);
        const auto [low, high] = bandOf(spread, show == ComparePage::Show::range ? BandKind::range : BandKind::deviation);
        const auto drawn = [&] { return shown.page.lossPlot().series()[0]; };
        QTRY_VERIFY(!drawn().low.empty() && std::abs(drawn().low.back() - low) < 1e-12);
        QVERIFY(std::abs(drawn().y.back() - spread.mean) < 1e-12);
        QVERIFY(std::abs(drawn().high.back() - high) < 1e-12);
    }
}

void ComparePageTest::spaceTrainsAndPausesAll() {
    ShownRuns shown({variant("a", AttentionForm::qkv, 1, 1000000), variant("b", AttentionForm::kv, 1, 1000000)});
    QVERIFY(shown.page.toggleTraining());
    for (const Run* run : shown.workspace.runs()) QCOMPARE(run->state(), Run::State::training);
    QVERIFY(shown.page.toggleTraining());
    for (const Run* run : shown.workspace.runs()) QCOMPARE(run->state(), Run::State::paused);
    ShownRuns alone({variant("a", AttentionForm::qkv)});
    QVERIFY(!alone.page.toggleTraining());  // the window's own way
}

void ComparePageTest::everythingInTheListByKey() {
    ShownRuns shown({variant("a", AttentionForm::qkv, 1, 1000000), variant("b", AttentionForm::kv, 1, 1000000)});
    QTRY_COMPARE(shown.page.table().rows().size(), std::size_t{2});
    RunTable& table = shown.page.table();
    Run* second = shown.workspace.runs()[1];
    QTest::keyClick(&table, Qt::Key_Down);
    QCOMPARE(shown.focus.run(), second);
    QTRY_VERIFY(shown.row(1).current);
    QTest::keyClick(&table, Qt::Key_Return);
    QCOMPARE(second->state(), Run::State::training);
    QCOMPARE(shown.workspace.runs()[0]->state(), Run::State::paused);
    QTRY_VERIFY(shown.row(1).does == RunRow::Does::pause);
    QTest::keyClick(&table, Qt::Key_Return);
    QCOMPARE(second->state(), Run::State::paused);
    QVERIFY(shown.row(1).mapped);
    QTest::keyClick(&table, Qt::Key_M);
    QTRY_VERIFY(!shown.row(1).mapped);
    QTest::keyClick(&table, Qt::Key_F2);
    auto* field = table.findChild<QLineEdit*>();
    QVERIFY(field);
    field->setText(QStringLiteral("renamed"));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(second->name(), QStringLiteral("renamed"));
    QTest::keyClick(&table, Qt::Key_Delete);
    QCOMPARE(shown.workspace.runs().size(), std::size_t{1});
    QCOMPARE(shown.focus.run(), shown.workspace.runs()[0]);
    QTRY_COMPARE(table.rows().size(), std::size_t{1});
    QTest::keyClick(&table, Qt::Key_Delete);  // the last one stays
    QCOMPARE(shown.workspace.runs().size(), std::size_t{1});
}

void ComparePageTest::aNameIsNotCutForADifferenceThatIsNotThere() {
    ShownRuns shown({variant("a usual name", AttentionForm::qkv)});
    shown.page.resize(Theme::instance().px(844), 600);
    QTRY_COMPARE(shown.page.table().rows().size(), std::size_t{1});
    RunTable& table = shown.page.table();
    table.edit(0);
    const auto* field = table.findChild<QLineEdit*>();
    QVERIFY(field);
    QVERIFY2(field->width() >= Theme::instance().px(140), qPrintable(QString::number(field->width())));
}

/// Accuracy, of numbers what is explained, and both where runs of both kinds stand beside each other.
void ComparePageTest::whatIsMeasuredIsNamedByTheRuns() {
    ShownRuns shown({smallPrompts()});
    const auto level = [&] { return shown.page.findChild<Button*>("compare.runs.level")->toolTip(); };
    QTRY_VERIFY(shown.page.table().measure() == LossKind::squared);
    QVERIFY2(level().contains("explained share") && !level().contains("accuracy"), qPrintable(level()));
    Run* classes = shown.workspace.add(smallPictures());
    QTRY_VERIFY(!shown.page.table().measure());
    QVERIFY2(level().contains("accuracy or explained share"), qPrintable(level()));
    shown.focus.setRun(classes);
    shown.workspace.remove(shown.workspace.runs().front());
    QTRY_VERIFY(shown.page.table().measure() == LossKind::cross_entropy);
}

void ComparePageTest::removingRunsLeavesTheRest() {
    ShownRuns shown(twoFormsThreeSeeds());
    shown.page.setShow(ComparePage::Show::deviation);
    QTRY_COMPARE(shown.page.table().rows().size(), std::size_t{2});
    emit shown.page.table().removeWanted(0);  // all seeds of the variant
    QTRY_COMPARE(shown.page.table().rows().size(), std::size_t{1});
    QCOMPARE(shown.workspace.runs().size(), std::size_t{3});
    QVERIFY(shown.focus.run() && shown.focus.run()->name().startsWith(QStringLiteral("KV")));
    QCOMPARE(shown.row(0).difference, QString());
}

void ComparePageTest::mapsShowTheSameStepAndInputOfEveryRun() {
    ShownRuns shown(threeForms());
    shown.train();
    shown.focus.showStep(17);
    shown.focus.showSample(4);
    shown.focus.select({0, 1, 2, 3});
    QTRY_VERIFY(shown.focus.trace() && shown.focus.traceStep() == 17);
    for (int i = 0; i < 3; ++i) {
        const Run* run = shown.workspace.runs()[static_cast<std::size_t>(i)];
        const CheckpointPtr at = run->history().atOrBefore(17);
        QCOMPARE(at->step, 17);
        const Trace expected = run->model()->trace(at->weights, tokensOnly(shown.focus.input().tokens));
        const Tensor& weights = expected.at("encoder.0.attention.weights");
        const auto same = [&] {
            const MapData& map = shown.page.maps().map(i).data();
            if (map.empty()) return false;
            for (int q = 0; q < 6; ++q)
                for (int k = 0; k < 6; ++k)
                    if (map.value(q, k) != weights.values[static_cast<std::size_t>((6 + q) * 6 + k)]) return false;  // head 1
            return true;
        };
        QTRY_VERIFY2(same(), qPrintable(run->name()));
    }
    const std::optional<HeadPlace> place = shown.page.maps().headShown(2);
    const HeadPlace expected{0, 1};
    QCOMPARE(place, std::optional(expected));
}

void ComparePageTest::mapsOfManyRunsStayLargeEnough() {
    std::vector<LoadedTask> tasks;
    for (const char* name : {"one", "two", "three", "four", "five", "six", "seven", "eight"})
        tasks.push_back(variant(name, AttentionForm::qkv));
    ShownRuns shown(tasks);
    CompareMaps& maps = shown.page.maps();
    QTRY_VERIFY(maps.ready() && maps.headShown(3));
    for (int i = 0; i < 4; ++i) {
        const auto larger = [&] { return std::min(maps.map(i).width(), maps.map(i).height()) >= Theme::instance().px(140); };
        QTRY_VERIFY(larger());
        const QWidget& card = *maps.map(i).parentWidget();
        QVERIFY(card.geometry().bottom() < card.parentWidget()->height());                    // the captions are seen,
        QVERIFY(maps.map(i).geometry().bottom() + Theme::instance().px(15) < card.height());  // below the maps
    }
}

void ComparePageTest::aCellPointedAtOrChosenIsTheSameInEveryMap() {
    ShownRuns shown(threeForms());
    CompareMaps& maps = shown.page.maps();
    for (int i = 0; i < 3; ++i) QTRY_VERIFY(!maps.map(i).data().empty());
    emit maps.map(1).selected(3, 2);
    QCOMPARE(shown.focus.selection().query, 3);
    QCOMPARE(shown.focus.selection().key, 2);
    const MapCell cell{3, 2};
    for (int i = 0; i < 3; ++i) QTRY_COMPARE(maps.map(i).selection(), cell);
    emit maps.map(2).hovered(1, 4);
    for (int i = 0; i < 3; ++i) {
        auto* card = qobject_cast<MapCard*>(maps.map(i).parentWidget());
        QCOMPARE(card->value(), fixed(maps.map(i).data().value(1, 4), 2));
        const MapCell pointedAt{1, 4};
        QCOMPARE(maps.map(i).selection(), pointedAt);
    }
    emit maps.map(2).hovered(-1, -1);
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(maps.map(i).selection(), cell);
    }
}

void ComparePageTest::theDifferenceIsThatOfTheTwoMaps() {
    ShownRuns shown(threeForms());
    shown.train();
    CompareMaps& maps = shown.page.maps();
    const auto matches = [&](int with) {
        const MapData &a = maps.map(0).data(), &b = maps.map(with).data(), &difference = maps.differenceMap().data();
        if (a.empty() || b.empty() || difference.empty()) return false;
        for (int q = 0; q < 6; ++q)
            for (int k = 0; k < 6; ++k)
                if (difference.value(q, k) != b.value(q, k) - a.value(q, k)) return false;
        return true;
    };
    QTRY_VERIFY(matches(1));
    shown.focus.setRun(shown.workspace.runs()[2]);  // the run in hand is held against the first
    QTRY_VERIFY(matches(2));
    QTRY_VERIFY(maps.overlapWithFirst(2).has_value());
    double expected = 0;
    for (int q = 0; q < 6; ++q)
        for (int k = 0; k < 6; ++k) expected += std::min<double>(maps.map(0).data().value(q, k), maps.map(2).data().value(q, k)) / 6;
    QVERIFY(std::abs(*maps.overlapWithFirst(2) - expected) < 1e-6);
}

void ComparePageTest::bestMatchShowsTheHeadThatOverlapsMost() {
    ShownRuns shown({variant("a", AttentionForm::qkv, 1), variant("b", AttentionForm::qkv, 2)});
    shown.train();
    CompareMaps& maps = shown.page.maps();
    maps.setBestMatch(true);
    QTRY_VERIFY(!maps.matching().answers().empty());
    const auto latest = [&] {
        const auto& answers = maps.matching().answers();
        return !answers.empty() && answers.front().question.weightsA->step == 60 && answers.front().question.weightsB->step == 60;
    };
    QTRY_VERIFY(latest());
    for (const int head : {0, 1}) {
        shown.focus.select({0, head, 0, 0});
        const HeadMatching& matching = *maps.matching().answers().front().matching;
        const int other = *matching.overlap(head, 0) >= *matching.overlap(head, 1) ? 0 : 1;
        const HeadPlace expected{0, other};
        QTRY_COMPARE(maps.headShown(1), std::optional(expected));
    }
}

void ComparePageTest::aRunThatCannotReadTheInputSaysSo() {
    Experiment experiment = smallTask().experiment;
    experiment.name = "fewer digits";
    experiment.task.vocab_size = 2;
    experiment.model.vocab_size.reset();
    experiment.model.num_classes.reset();
    ShownRuns shown({variant("a", AttentionForm::qkv), loadTask(experiment, {})});
    shown.focus.setInput(tokensOnly({4, 4, 4, 4, 4, 4}));
    QTRY_VERIFY(!shown.page.maps().map(0).data().empty());
    QTRY_VERIFY(shown.page.maps().map(1).isHidden());
    QVERIFY(!shown.page.maps().overlapWithFirst(1));
}

void ComparePageTest::removingARunWhoseMapIsShownWhileAllTrainIsSafe() {
    std::vector<LoadedTask> tasks;
    for (const std::uint64_t seed : {1, 2, 3, 4}) tasks.push_back(variant("run", AttentionForm::qkv, seed, 1000000));
    ShownRuns shown(tasks);
    shown.workspace.trainAll();
    for (int left = 4; left > 1; --left) {
        QTRY_VERIFY(!shown.page.maps().map(left - 1).data().empty());
        const std::int64_t before = shown.workspace.runs().front()->step();
        shown.page.removeRun(shown.workspace.runs()[static_cast<std::size_t>(left % 2 == 0 ? 0 : left - 1)]);
        shown.workspace.add(variant("another", AttentionForm::kv, static_cast<std::uint64_t>(left)))->train();
        shown.page.removeRun(shown.workspace.runs().back());
        QTRY_VERIFY(shown.workspace.runs().front()->step() != before);
        QTRY_COMPARE(static_cast<int>(shown.page.table().rows().size()), left - 1);
    }
    QVERIFY(shown.focus.run());
}

void ComparePageTest::exportsCurvesAndMaps() {
    ShownRuns shown(threeForms());
    shown.train();
    QTRY_COMPARE(shown.page.figures().size(), std::size_t{3});
    const PrintTheme theme;
    for (const FigureOffer& offer : shown.page.figures()) {
        const auto figure = offer.make();
        QVERIFY(figure);
        QVERIFY(!figure->caption.isEmpty());
        QTRY_VERIFY(!offer.make()->table().rows.empty());
        QImage image(figure->size().toSize(), QImage::Format_RGB32);
        QPainter painter(&image);
        figure->paint(painter);
    }
    QTRY_COMPARE(shown.page.figures().front().make()->table().rows.size(), std::size_t{3 * 60});
}

void ComparePageTest::offersTheClassicComparisons() {
    ShownRuns shown(threeForms());
    QSignalSpy wanted(&shown.page, &ComparePage::comparisonWanted);
    int offered = 0;
    for (QAction* action : shown.page.classicMenu()->actions()) {
        if (action->isSeparator()) continue;
        ++offered;
        action->trigger();
    }
    QCOMPARE(offered, static_cast<int>(2 * comparisons().size()));
    QCOMPARE(wanted.size(), offered);
    QCOMPARE(wanted.front().at(0).toInt(), 0);
    QCOMPARE(wanted.front().at(1).toBool(), false);
    QCOMPARE(wanted.back().at(1).toBool(), true);
}

/// Nothing is lost on the way to the screen, however fast they are.
void ComparePageTest::fourRunsKeepUpWhileTheyTrain() {
    std::vector<LoadedTask> tasks = threeForms();
    tasks.push_back(variant("other seed", AttentionForm::qkv, 7));
    ShownRuns shown(tasks);
    shown.train();
    for (int i = 0; i < 4; ++i) {
        QTRY_COMPARE(shown.page.lossPlot().series()[static_cast<std::size_t>(i)].x.size(), std::size_t{60});
        QTRY_COMPARE(shown.row(i).step, QStringLiteral("60"));
    }
}

QTEST_MAIN(ComparePageTest)
#include "compare_page_test.moc"
