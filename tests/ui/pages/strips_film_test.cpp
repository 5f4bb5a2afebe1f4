// The strips below the maps stand in the pictures and films of the maps, too: at each step those of that step.

#include <QtTest>

#include "core/analysis/depth_map.h"
#include "core/analysis/expert_choice.h"
#include "core/analysis/lsh_rounds.h"
#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "tests/ui/runs/run_fixture.h"
#include "tests/ui/widgets/painted_texts.h"
#include "ui/pages/maps/bucket_strip.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/runs/focus.h"
#include "ui/widgets/film.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

LoadedTask stripTask(const std::function<void(Experiment&)>& change) {
    Experiment experiment = smallExperiment({.vocabulary = 5, .d_model = 8, .layers = 2, .heads = 1, .steps = 40});
    change(experiment);
    return loadTask(experiment, {});
}

/// The page Maps on a run of its own, trained, shown.
struct FilmedMaps {
    explicit FilmedMaps(const LoadedTask& task) : page(focus), run(workspace.add(task)) {
        focus.setRun(run);
        page.resize(1180, 700);
        page.show();
        run->train();
    }
    bool ready() {
        const auto done = [this] { return run->state() == Run::State::finished && focus.trace() && !page.figures().empty(); };
        return QTest::qWaitFor(done, lab::patience);
    }
    FigureOffer offer(const QString& name) {
        for (const FigureOffer& each : page.allFigures())
            if (each.name == name) return each;
        return {};
    }
    /// Null when the film fails.
    std::shared_ptr<const Figure> frame(FilmSource& film, int index) {
        std::shared_ptr<const Figure> drawn;
        const auto heard = QObject::connect(&film, &FilmSource::ready, [&](const auto& figure) { drawn = figure; });
        film.request(index);
        const bool answered = QTest::qWaitFor([&] { return drawn != nullptr; }, lab::patience);
        QObject::disconnect(heard);
        return answered ? drawn : nullptr;
    }
    Trace traceAt(std::int64_t step) { return run->model()->trace(run->history().atOrBefore(step)->weights, focus.input()); }

    Workspace workspace;
    Focus focus;
    MapsPage page;
    Run* run;
};

struct Paper {
    std::vector<PaintedText> texts;
    QSizeF size;
};

Paper onPaper(const Figure& figure) {
    const PrintTheme theme;
    Paper paper;
    paper.size = figure.size();
    TextsDevice device(paper.size.toSize());
    QPainter painter(&device);
    figure.paint(painter);
    painter.end();
    paper.texts = device.texts();
    return paper;
}

/// What stands in the row that begins with these words, from the left.
QStringList cellsBehind(const Paper& paper, const QString& label, double below = 0) {
    for (const PaintedText& first : paper.texts) {
        if (first.text != label || first.ink.top() < below) continue;
        QStringList cells;
        for (const PaintedText& each : paper.texts)
            if (each.ink.left() > first.ink.right() && std::abs(each.ink.center().y() - first.ink.center().y()) < 8) cells << each.text;
        return cells;
    }
    return {};
}

double headingOf(const Paper& paper, const QString& words) {
    for (const PaintedText& each : paper.texts)
        if (each.text.startsWith(words)) return each.ink.bottom();
    return -1;
}

QStringList numbersOf(const std::vector<int>& values) {
    QStringList texts;
    for (const int value : values) texts << QString::number(value);
    return texts;
}

}  // namespace

class StripsFilmTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void expertsOfEachStepStandInItsFrame() {
        FilmedMaps maps(stripTask([](Experiment& e) { e.model.feed_forward.kind = FeedForwardKind::experts; }));
        QVERIFY(maps.ready());
        const auto film = maps.offer(QStringLiteral("All heads")).makeFilm();
        QVERIFY(film && film->count() > 2);
        QSizeF size;
        for (const int index : {0, film->count() - 1}) {
            const auto figure = maps.frame(*film, index);
            QVERIFY(figure);
            const Paper paper = onPaper(*figure);
            if (index == 0) size = paper.size;
            QCOMPARE(paper.size, size);
            const double heading = headingOf(paper, QStringLiteral("Experts of each token"));
            QVERIFY(heading > 0 && heading < size.height());
            const auto layers = expertChoices(maps.traceAt(film->stepOf(index)), maps.run->model()->config());
            QCOMPARE(layers.size(), std::size_t{2});
            for (const ExpertChoices& layer : layers) {
                std::vector<int> first;
                for (int t = 0; t < layer.positions(); ++t) first.push_back(layer.at(t, 0));
                QCOMPARE(cellsBehind(paper, QStringLiteral("layer %1").arg(layer.layer), heading), numbersOf(first));
            }
        }
    }

    void stepsOfEachTokenStandInItsFrame() {
        FilmedMaps maps(stripTask([](Experiment& e) {
            e.model.depth.kind = DepthKind::act;
            e.model.num_layers = 3;
        }));
        QVERIFY(maps.ready());
        const auto film = maps.offer(QStringLiteral("All heads")).makeFilm();
        const int last = film->count() - 1;
        const auto figure = maps.frame(*film, last);
        QVERIFY(figure);
        const Paper paper = onPaper(*figure);
        const double heading = headingOf(paper, QStringLiteral("Steps that each token took"));
        QVERIFY(heading > 0);
        const auto depths = depthsOf(maps.run->model()->config(), maps.traceAt(film->stepOf(last)));
        QCOMPARE(cellsBehind(paper, QStringLiteral("steps"), heading), numbersOf(depths.front().steps));
    }

    /// Of the head in hand, in the order that the page shows.
    void bucketsStandBelowTheHeadInHand() {
        FilmedMaps maps(stripTask([](Experiment& e) {
            e.model.num_heads = 2;
            e.model.attention.form = AttentionForm::kv;
            e.model.attention.pattern = {"lsh", {{"buckets", 4}, {"rounds", 2}, {"chunk", 2}, {"seed", 3}}};
        }));
        QVERIFY(maps.ready());
        maps.focus.select({1, 1, 0, 0});
        const QString head = QStringLiteral("Layer 1 \u00B7 head 1");
        QTRY_COMPARE(maps.page.findChild<BucketStrip*>()->head().head, head);
        const auto offer = maps.offer(head);
        const auto film = offer.makeFilm();
        QVERIFY(film);
        const auto rounds = [&](std::int64_t step) { return lshRounds(maps.traceAt(step), maps.run->model()->attentionBlocks()[1], 1); };
        for (const int index : {0, film->count() - 1}) {
            const auto figure = maps.frame(*film, index);
            QVERIFY(figure);
            const Paper paper = onPaper(*figure);
            for (const LshRound& round : rounds(film->stepOf(index)))
                QCOMPARE(cellsBehind(paper, QStringLiteral("round %1").arg(round.round)), numbersOf(round.buckets));
        }
        // The still picture is the last frame without its step.
        const Paper still = onPaper(*offer.make());
        QCOMPARE(cellsBehind(still, QStringLiteral("round 0")), numbersOf(rounds(40).front().buckets));
    }

    void withoutStripsThePictureEndsWithTheScale() {
        FilmedMaps plain(stripTask([](Experiment&) {})),
            routed(stripTask([](Experiment&e) { e.model.feed_forward.kind = FeedForwardKind::experts; }));
        QVERIFY(plain.ready() && routed.ready());
        const QString all = QStringLiteral("All heads");
        const Paper without = onPaper(*plain.offer(all).make()), with = onPaper(*routed.offer(all).make());
        QCOMPARE(headingOf(without, QStringLiteral("Experts")), -1.0);
        QVERIFY(with.size.height() > without.size.height() + 40);
    }
};

QTEST_MAIN(StripsFilmTest)
#include "strips_film_test.moc"
