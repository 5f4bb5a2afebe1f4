#include "core/analysis/phenomena.h"

#include <QtTest>
#include <random>

#include "core/analysis/ablation.h"
#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"

using namespace lab;

namespace {

constexpr int groupCount = 3;

/// A decoder of two layers with three heads each, and samples of different lengths.
struct PhenomenaBench {
    PhenomenaBench() {
        Experiment experiment;
        experiment.model.architecture = Architecture::decoder;
        experiment.model.d_model = 24;
        experiment.model.num_heads = 3;
        experiment.model.num_layers = 2;
        experiment = resolved(experiment);
        model = std::make_unique<Model>(experiment.model);
        weights = initialWeights(*model, 3);
        std::mt19937 random(5);
        for (int i = 0; i < 9; ++i) {
            Sample sample;
            TargetGroups labels;
            for (int p = 0; p < 5 + i; ++p) {
                sample.tokens.push_back(static_cast<int>(random() % 10));
                sample.targets.push_back(static_cast<int>(random() % 10));
                labels.push_back(static_cast<signed char>(static_cast<int>(random() % (groupCount + 1)) - 1));
            }
            // Some targets are what is said, so that there is something right.
            const auto said = predictions(model->trace(weights, {sample.tokens, {}, sample.targets, {}, {}}));
            for (std::size_t p = 0; p < said.size(); p += 2) sample.targets[p] = said[p];
            for (int p = 1; p < 5 + i; p += 3) cells.push_back({i, p, p / 2, p % 2});
            samples.push_back(sample);
            groups.push_back(labels);
        }
    }

    Trace trace(std::size_t i, const std::vector<Intervention>& interventions = {}) const {
        return model->trace(weights, {samples[i].tokens, {}, samples[i].targets, {}, interventions});
    }
    std::vector<Tally> slowly(const std::vector<Intervention>& interventions) const {
        std::vector<Tally> tallies(groupCount);
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const std::vector<int> said = predictions(trace(i, interventions));
            for (std::size_t p = 0; p < said.size(); ++p)
                if (groups[i][p] >= 0) tallies[static_cast<std::size_t>(groups[i][p])] += {said[p] == samples[i].targets[p] ? 1 : 0, 1};
        }
        return tallies;
    }

    std::unique_ptr<Model> model;
    Weights weights;
    std::vector<Sample> samples;
    std::vector<TargetGroups> groups;
    std::vector<SourceCell> cells;
};

}  // namespace

class PhenomenaTest : public QObject {
    Q_OBJECT

private slots:
    void talliesAreThoseOfTheTraces() {
        const PhenomenaBench bench;
        const auto tallies = talliesOf(*bench.model, bench.weights, bench.samples, bench.groups, groupCount);
        QVERIFY(tallies && *tallies == bench.slowly({}));
        for (const Tally& tally : *tallies) QVERIFY(tally.right > 0 && tally.right < tally.asked);
    }

    void aHeadIsWorthWhatIsLostWithoutIt() {
        const PhenomenaBench bench;
        const auto worths = headWorths(*bench.model, bench.weights, bench.samples, bench.groups, groupCount);
        QVERIFY(worths && worths->size() == 6);
        std::size_t k = 0;
        for (int block = 0; block < 2; ++block)
            for (int head = 0; head < 3; ++head, ++k) {
                const HeadWorth& worth = (*worths)[k];
                QVERIFY(worth.block == block && worth.head == head);
                QVERIFY(worth.tallies == bench.slowly(ablationOf(*bench.model, {block, head}, Intervention::Kind::headOff)));
            }
    }

    void sourceWeightsAreMeansOfTheMaps() {
        const PhenomenaBench bench;
        const auto means = sourceWeights(*bench.model, bench.weights, bench.samples, bench.cells, groupCount);
        QVERIFY(means);
        for (std::size_t block = 0; block < 2; ++block)
            for (std::size_t head = 0; head < 3; ++head)
                for (int group = 0; group < groupCount; ++group) {
                    double sum = 0;
                    int count = 0;
                    for (const SourceCell& cell : bench.cells) {
                        if (cell.group != group) continue;
                        const Trace trace = bench.trace(static_cast<std::size_t>(cell.sample));
                        const Tensor& weights = trace.at(bench.model->attentionBlocks()[block].name + ".weights");
                        const auto n = static_cast<std::size_t>(weights.extent(1));
                        sum +=
                            weights
                                .values[(head * n + static_cast<std::size_t>(cell.position)) * n + static_cast<std::size_t>(cell.source)];
                        ++count;
                    }
                    const double expected = count > 0 ? sum / count : 0;
                    QVERIFY(std::abs((*means)[block][head][static_cast<std::size_t>(group)] - expected) < 1e-6);
                }
    }

    void theResponsibleHeadIsTheOneThatIsMissedMost() {
        const PhenomenaBench bench;
        const auto heads = responsibleHeads(*bench.model, bench.weights, bench.samples, bench.groups, bench.cells, groupCount);
        const auto worths = headWorths(*bench.model, bench.weights, bench.samples, bench.groups, groupCount);
        const auto means = sourceWeights(*bench.model, bench.weights, bench.samples, bench.cells, groupCount);
        QVERIFY(heads && heads->size() == groupCount);
        for (std::size_t g = 0; g < groupCount; ++g) {
            const ResponsibleHead& found = (*heads)[g];
            QVERIFY(found.with == bench.slowly({})[g]);
            QCOMPARE(found.weight, (*means)[static_cast<std::size_t>(found.block)][static_cast<std::size_t>(found.head)][g]);
            for (const HeadWorth& worth : *worths) {
                QVERIFY(worth.tallies[g].right >= found.without.right);
                if (worth.block == found.block && worth.head == found.head) QVERIFY(worth.tallies[g] == found.without);
            }
        }
    }

    void whoCancelsGetsNothing() {
        const PhenomenaBench bench;
        const auto at = [] { return true; };
        QVERIFY(!talliesOf(*bench.model, bench.weights, bench.samples, bench.groups, groupCount, {}, at));
        QVERIFY(!responsibleHeads(*bench.model, bench.weights, bench.samples, bench.groups, bench.cells, groupCount, at));
        QVERIFY(!headWorths(*bench.model, bench.weights, bench.samples, bench.groups, groupCount, at));
        QVERIFY(!sourceWeights(*bench.model, bench.weights, bench.samples, bench.cells, groupCount, at));
    }

    void aHeadThatIsNotThereIsAnError() {
        const PhenomenaBench bench;
        QVERIFY_EXCEPTION_THROWN(talliesOf(*bench.model, bench.weights, bench.samples, bench.groups, groupCount,
                                           {{Intervention::Kind::headOff, "decoder.0.attention", 3, {}}}),
                                 InputError);
    }
};

QTEST_APPLESS_MAIN(PhenomenaTest)
#include "phenomena_test.moc"
