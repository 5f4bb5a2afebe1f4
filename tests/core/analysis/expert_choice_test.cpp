#include "core/analysis/expert_choice.h"

#include <QtTest>

#include <map>
#include <numeric>

#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

Input inputOf(const ModelConfig& config) {
    const Sample sample = randomSample(config, 4, 7, 5);
    Input input;
    input.tokens = sample.tokens;
    input.targetTokens = sample.targetTokens;
    return input;
}

}  // namespace

class ExpertChoiceTest : public QObject {
    Q_OBJECT

private slots:
    void saysWhatTheTraceSaysOfEveryLayer() {
        for (const NamedConfig& form : expertForms()) {
            const Model model(form.config);
            const Trace trace = model.trace(randomWeights<float>(model, 2), inputOf(form.config));
            const std::vector<ExpertChoices> all = expertChoices(trace, form.config);
            const bool two = form.config.architecture == Architecture::encoder_decoder;
            QCOMPARE(all.size(), std::size_t(two ? 3 : 2));
            for (const ExpertChoices& choices : all) {
                const std::string name = choices.side + "." + std::to_string(choices.layer) + ".feed_forward";
                const Tensor &chosen = trace.at(name + ".experts"), &gates = trace.at(name + ".gates");
                QCOMPARE(choices.positions(), two && choices.side == "decoder" ? 5 : 7);
                QCOMPARE(choices.perPosition, form.config.feed_forward.top_k);
                for (int i = 0; i < choices.positions(); ++i)
                    for (int j = 0; j < choices.perPosition; ++j) {
                        const auto place = static_cast<std::size_t>(i * choices.perPosition + j);
                        QCOMPARE(static_cast<float>(choices.at(i, j)), chosen.values[place]);
                        QCOMPARE(choices.gate(i, j), gates.values[place]);
                    }
            }
        }
    }

    void sharesCountChoices() {
        const ExpertChoices choices{"encoder", 0, 4, 2, {0, 1, 0, 3, 0, 1}, {}};
        QCOMPARE(choices.positions(), 3);
        const std::vector<double> shares = choices.shares(), expected{0.5, 1.0 / 3, 0, 1.0 / 6};
        for (std::size_t e = 0; e < 4; ++e) QVERIFY(std::abs(shares[e] - expected[e]) < 1e-12);
    }

    void whatAHandPutThereIsTheNearestExpert() {
        const ModelConfig config = expertForms().front().config;
        const Model model(config);
        Input input = inputOf(config);
        Intervention change;
        change.name = "encoder.0.feed_forward.experts";
        change.values.assign(14, 1.6f);
        change.values[3] = 40;
        input.interventions = {change};
        const ExpertChoices first = expertChoices(model.trace(randomWeights<float>(model, 2), input), config).front();
        QCOMPARE(first.at(0, 0), 2);
        QCOMPARE(first.at(1, 1), 3);
    }

    void sharesOverSamplesAreThoseOfTheirTracesTogether() {
        for (const NamedConfig& form : expertForms()) {
            const Model model(form.config);
            const Weights weights = randomWeights<float>(model, 2);
            std::vector<Sample> samples;
            std::map<std::string, std::vector<double>> counts;
            for (std::uint64_t i = 0; i < 5; ++i) {
                samples.push_back(randomSample(form.config, i, 4 + static_cast<int>(i), 5));
                Input input;
                input.tokens = samples.back().tokens;
                input.targetTokens = samples.back().targetTokens;
                for (const ExpertChoices& choices : expertChoices(model.trace(weights, input), form.config)) {
                    auto& layer = counts[choices.side + "." + std::to_string(choices.layer)];
                    layer.resize(static_cast<std::size_t>(choices.experts));
                    for (const int expert : choices.chosen) layer[static_cast<std::size_t>(expert)] += 1;
                }
            }
            const std::vector<ExpertShares> shares = expertShares(model, weights, samples);
            QCOMPARE(shares.size(), counts.size());
            for (const ExpertShares& layer : shares) {
                const std::vector<double>& expected = counts.at(layer.layer);
                const double all = std::accumulate(expected.begin(), expected.end(), 0.0);
                for (std::size_t e = 0; e < expected.size(); ++e)
                    QVERIFY2(std::abs(layer.shares[e] - expected[e] / all) < 1e-12, form.name.c_str());
            }
            QVERIFY(expertShares(model, weights, samples, [] { return true; }).empty());
        }
    }

    void aModelWithoutExpertsHasNoChoices() {
        const Model model(smallConfig());
        QVERIFY(expertChoices(model.trace(randomWeights<float>(model, 2), inputOf(smallConfig())), smallConfig()).empty());
    }
};

QTEST_APPLESS_MAIN(ExpertChoiceTest)
#include "expert_choice_test.moc"
