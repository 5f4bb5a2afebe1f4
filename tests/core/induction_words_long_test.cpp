// What the preset Induction, the comparison of one layer with two and the page In context say of them, for five seeds that are in no file.

#include <QtTest>
#include <algorithm>

#include "core/analysis/head_formation.h"
#include "core/analysis/head_metrics.h"
#include "core/analysis/induction.h"
#include "core/config/comparisons.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/data/loaded_task.h"
#include "core/training/trainer.h"

using namespace lab;

namespace {

constexpr std::array inductionSeeds{11, 12, 13, 14, 15};
constexpr int looksEvery = 50;

/// A training, looked at again and again.
struct InductionCourse {
    std::vector<std::int64_t> steps;
    std::vector<InductionMeasures> measures;

    const InductionMeasures& last() const { return measures.back(); }
    std::vector<double> shareOf(const InductionHead& head, double InductionHead::*share) const {
        std::vector<double> values;
        for (const InductionMeasures& each : measures)
            for (const InductionHead& other : each.heads)
                if (other.block == head.block && other.head == head.head) values.push_back(other.*share);
        return values;
    }
    /// When its strongest head of this kind came to stay.
    std::int64_t formed(double InductionHead::*share) const {
        const auto formation = formationOf(steps, shareOf(*last().strongest(share), share));
        return formation ? formation->step : -1;
    }
    double scoreAt(std::int64_t step) const {
        return *measures[static_cast<std::size_t>(std::ranges::lower_bound(steps, step) - steps.begin())].score;
    }
};

InductionCourse courseOf(Experiment experiment, int seed) {
    experiment.training.validate_every = experiment.training.steps;
    experiment.training.seed = static_cast<std::uint64_t>(seed);
    const LoadedTask task = loadTask(experiment, {});
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment));
    std::vector<Sample> samples;
    for (int i = 0; i < 100; ++i) samples.push_back(task.dataset->validationSample(i));
    InductionCourse course;
    for (int step = 0; step <= experiment.training.steps; ++step) {
        if (step % looksEvery == 0) {
            course.steps.push_back(step);
            course.measures.push_back(*inductionMeasures(*model, trainer.state().weights, task.experiment.task, samples));
        }
        if (!trainer.finished()) trainer.advance();
    }
    return course;
}

Experiment variantOf(std::size_t index) {
    return std::ranges::find(comparisons(), std::string("induction"), &ClassicComparison::key)->variants.at(index);
}

void tell(const char* what, int seed, const InductionCourse& course) {
    const InductionHead *before = course.last().strongest(&InductionHead::previousToken),
                        *matching = course.last().strongest(&InductionHead::induction);
    qInfo("%s, seed %d: score %.2f, previous token L%d H%d %.2f from %d, induction L%d H%d %.2f from %d", what, seed, *course.last().score,
          before->block, before->head, before->previousToken, static_cast<int>(course.formed(&InductionHead::previousToken)),
          matching->block, matching->head, matching->induction, static_cast<int>(course.formed(&InductionHead::induction)));
    QString scores;
    for (std::size_t i = 0; i < course.steps.size(); i += 2) scores += QString::number(*course.measures[i].score, 'f', 2) + ' ';
    qInfo("   %s", qPrintable(scores));
}

}  // namespace

class InductionWordsLongTest : public QObject {
    Q_OBJECT

private slots:
    /// "Two heads form within the first 500 steps: one of layer 0 .. one of layer 1 .., and late tokens then cost over 3 nats less."
    void bothHeadsFormInTwoLayers() {
        for (const int seed : inductionSeeds) {
            const InductionCourse course = courseOf(parseExperiment(findPreset("induction")->json), seed);
            tell("preset", seed, course);
            for (double InductionHead::*share : {&InductionHead::previousToken, &InductionHead::induction}) {
                const InductionHead& head = *course.last().strongest(share);
                QVERIFY(head.*share > mostOfTheWeight);
                QCOMPARE(head.block, share == &InductionHead::previousToken ? 0 : 1);
                QVERIFY(course.formed(share) > 0 && course.formed(share) <= 500);
            }
            QVERIFY(*course.last().score < -3.0);
        }
    }

    /// "With a random period it stays within 1.25 nats .. no head of it looks at what followed an earlier copy."
    void oneLayerDoesNot() {
        for (const int seed : inductionSeeds) {
            const InductionCourse course = courseOf(variantOf(1), seed);
            tell("one layer, random", seed, course);
            QVERIFY(*course.last().score > -1.25);
            QVERIFY(course.last().strongest(&InductionHead::induction)->induction < mostOfTheWeight / 2);
        }
    }

    /// "One layer with a fixed period ends with late tokens more than 3 nats below early ones."
    void oneLayerDoesWhereThePeriodIsFixed() {
        for (const int seed : inductionSeeds) {
            const InductionCourse course = courseOf(variantOf(0), seed);
            tell("one layer, fixed", seed, course);
            QVERIFY(*course.last().score < -3.0);
        }
    }
};

QTEST_APPLESS_MAIN(InductionWordsLongTest)
#include "induction_words_long_test.moc"
