#include <QtTest>

#include <cmath>

#include "core/analysis/answer_sources.h"
#include "core/analysis/attention_memory.h"
#include "core/analysis/average_maps.h"
#include "core/analysis/head_metrics.h"
#include "core/analysis/kept_map.h"
#include "core/analysis/map_stage.h"
#include "core/analysis/position_probe.h"
#include "core/analysis/rollout.h"
#include "core/analysis/run_comparison.h"
#include "core/config/validation.h"
#include "core/tasks/task_config.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

/// An encoder-decoder on task copy whose decoder looks at slots; none: at the source.
struct Copied {
    explicit Copied(BottleneckConfig bottleneck)
        : experiment([&] {
              Experiment e;
              e.task.kind = "copy";
              e.task.seq_len = 6;
              e.task.vocab_size = 8;
              e.model.architecture = Architecture::encoder_decoder;
              e.model.d_model = 16;
              e.model.num_layers = 1;
              e.model.num_heads = 2;
              e.model.bottleneck = std::move(bottleneck);
              return resolved(e);
          }()),
          model(experiment.model),
          weights(randomWeights<float>(model, 5)) {}

    Sample sample(std::uint64_t seed, int length = 6) const { return randomSample(experiment.model, seed, length, length); }
    Input input(std::uint64_t seed = 1) const {
        const Sample from = sample(seed);
        return {from.tokens, from.targetTokens, {}, {}, {}};
    }
    int slotCount() const { return model.attentionBlocks().back().slotCount; }

    Experiment experiment;
    Model model;
    Weights weights;
};

std::vector<BottleneckConfig> fewAndMany() {
    return {{"fsq", {{"slots", 3}, {"levels", 5}}}, {"vq", {{"slots", 9}, {"codes", 4}, {"dim", 2}}}};
}

}  // namespace

/// What is measured of maps keeps slots and tokens apart, whether there are fewer slots or more.
class AnalysisOfSlotsTest : public QObject {
    Q_OBJECT

private slots:
    void slotsHaveNoPlacesAndNoAnswerComesFromThem() {
        for (const BottleneckConfig& bottleneck : fewAndMany()) {
            const Copied copied(bottleneck);
            const Trace trace = copied.model.trace(copied.weights, copied.input());
            const std::vector<HeadMetrics> metrics = allHeadMetrics(copied.model, copied.experiment.task, trace);
            std::size_t at = 0;
            for (const AttentionBlock& block : copied.model.attentionBlocks()) {
                const auto sources = answerSources(copied.experiment.task, Architecture::encoder_decoder, block, trace);
                QVERIFY(!sources);  // the encoder's and the decoder's own blocks give no answers here either
                for (int head = 0; head < block.heads; ++head, ++at) {
                    const HeadMetrics& of = metrics[at];
                    for (const HeadMetric metric : {HeadMetric::diagonal, HeadMetric::previousToken, HeadMetric::nextToken,
                                                    HeadMetric::firstToken, HeadMetric::meanDistance, HeadMetric::agreement}) {
                        const bool placed = !block.cross && metric != HeadMetric::agreement;
                        QVERIFY2(std::isnan(of[metric]) != placed, headMetricName(metric).c_str());
                    }
                    QVERIFY(std::isfinite(of[HeadMetric::entropy]) && std::isfinite(of[HeadMetric::effectiveKeys]));
                    if (block.cross) QCOMPARE(of.visibleKeys, static_cast<double>(copied.slotCount()));
                }
            }
        }
    }

    /// Of the same model without a bottleneck they have.
    void tokensKeepTheirs() {
        const Copied copied({});
        const Trace trace = copied.model.trace(copied.weights, copied.input());
        const AttentionBlock& cross = copied.model.attentionBlocks().back();
        const auto sources = answerSources(copied.experiment.task, Architecture::encoder_decoder, cross, trace);
        QVERIFY(cross.cross && sources);
        const HeadMetrics of = headMetrics(trace, cross, 0, sources);
        for (const HeadMetric metric : {HeadMetric::diagonal, HeadMetric::meanDistance, HeadMetric::firstToken, HeadMetric::agreement})
            QVERIFY(std::isfinite(of[metric]));
    }

    void averagesHaveAColumnASlot() {
        for (const BottleneckConfig& bottleneck : fewAndMany()) {
            const Copied copied(bottleneck);
            std::vector<Sample> samples;
            for (std::uint64_t i = 1; i < 5; ++i) samples.push_back(copied.sample(i));
            const auto maps = averageMaps(copied.model, copied.weights, samples);
            QVERIFY(maps);
            double cells = 0;
            for (const AverageMaps::Block& block : maps->blocks) {
                QCOMPARE(block.mean.size(), block.allowed.size() * static_cast<std::size_t>(block.heads));
                cells += static_cast<double>(block.heads) * block.queries * block.keys;
            }
            QCOMPARE(maps->blocks.back().keys, copied.slotCount());
            QCOMPARE(mapBytes(copied.model, samples.front()), sizeof(float) * cells);
        }
    }

    void theSharpestMapIsOfSlots() {
        for (const BottleneckConfig& bottleneck : fewAndMany()) {
            const Copied copied(bottleneck);
            const KeptMap map = sharpestMap(copied.model, copied.experiment.task, copied.model.trace(copied.weights, copied.input()));
            QCOMPARE(map.rows, 6);
            QCOMPARE(map.columns, copied.slotCount());
        }
    }

    void headsOfSlotsAreNotHeldAgainstHeadsOfTokens() {
        const Copied tokens({}), few({"fsq", {{"slots", 6}, {"levels", 5}}}), other({"vq", {{"slots", 6}, {"codes", 4}, {"dim", 2}}});
        const auto overlapOf = [](const Copied& a, const Copied& b) {
            HeadMatching matching(a.model, b.model);
            matching.add(a.model.trace(a.weights, a.input()), b.model.trace(b.weights, b.input()));
            return matching.overlap(static_cast<int>(matching.rows().size()) - 1, static_cast<int>(matching.columns().size()) - 1);
        };
        QVERIFY(!overlapOf(tokens, few));  // six slots and six tokens
        QVERIFY(overlapOf(few, other) && overlapOf(tokens, tokens));
    }

    void aSlotIsAStoredPattern() {
        for (const BottleneckConfig& bottleneck : fewAndMany()) {
            const Copied copied(bottleneck);
            const Input input = copied.input();
            const Trace trace = copied.model.trace(copied.weights, input);
            const int cross = static_cast<int>(copied.model.attentionBlocks().size()) - 1;
            const AttentionMemory memory = attentionMemory(copied.model, copied.weights, input, trace, {cross, 1, 2});
            QVERIFY(memory.isNet && memory.agrees);
            QCOMPARE(memory.patterns.count, copied.slotCount());
            QVERIFY(std::ranges::any_of(memory.remarks,
                                        [](const Message& remark) { return remark.english().find("slots") != std::string::npos; }));
            QVERIFY(std::ranges::none_of(memory.remarks,
                                         [](const Message& remark) { return remark.english().find("tokens") != std::string::npos; }));
        }
    }

    /// What asks for queries alone, or for one side, is as it was.
    void theRestIsMeasured() {
        for (const BottleneckConfig& bottleneck : fewAndMany()) {
            const Copied copied(bottleneck);
            const Trace trace = copied.model.trace(copied.weights, copied.input());
            for (const char* side : {"encoder", "decoder"})
                for (const AttentionMatrix& layer : rollout(residualAttention(copied.model, trace, side))) QCOMPARE(layer.n, 6);
            std::vector<Sample> samples;
            for (std::uint64_t i = 1; i < 9; ++i) samples.push_back(copied.sample(i));
            const auto probes = positionProbes(copied.model, copied.weights, samples);
            QVERIFY(probes && probes->blocks.size() == copied.model.attentionBlocks().size());
        }
    }
};

QTEST_APPLESS_MAIN(AnalysisOfSlotsTest)
#include "analysis_of_slots_test.moc"
