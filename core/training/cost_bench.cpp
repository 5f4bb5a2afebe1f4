#include "core/training/cost_bench.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "core/base/median.h"
#include "core/base/random.h"
#include "core/model/initialise.h"
#include "core/model/network.h"
#include "core/tensor/batch.h"

namespace lab {
namespace {

constexpr std::uint64_t weightsSeed = 1;

Sample sampleOf(const ModelConfig& model, int n) {
    const RandomStream random(weightsSeed, "cost_bench");
    const auto count = static_cast<std::size_t>(n);
    Sample sample;
    sample.tokens.resize(count);
    if (model.readsVectors()) {
        sample.vectors.resize(count * static_cast<std::size_t>(*model.input_dim));
        for (std::size_t i = 0; i < sample.vectors.size(); ++i) sample.vectors[i] = static_cast<float>(random.normal(i));
        return sample;  // all of its tokens are vectors
    }
    for (std::size_t i = 0; i < count; ++i)
        sample.tokens[i] = static_cast<int>(random.below(i, static_cast<std::uint32_t>(*model.vocab_size)));
    if (specOf(model.architecture).twoSides()) sample.targetTokens = sample.tokens;
    return sample;
}

/// A model ready to read one sequence again and again, with memory of its own.
class Reader {
public:
    explicit Reader(const ModelConfig& model) : m_model(model) {}

    /// Seconds of one pass; empty when it was abandoned.
    std::optional<double> read(const Weights& weights, const Weights& transposed, const Batch& batch, const std::function<bool()>& left) {
        m_scratch.arena.reset();
        Pass<float> pass{kernels<float>(), weights.data(), transposed.data(), nullptr, m_scratch};
        pass.abandoned = &left;
        const auto begin = std::chrono::steady_clock::now();
        try {
            (void)m_model.network().logits(pass, viewOf(batch, 0, 1));
        } catch (const PassAbandoned&) {
            return std::nullopt;
        }
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }
    const Model& model() const { return m_model; }

private:
    Model m_model;
    Scratch m_scratch;
};

ModelConfig reaching(ModelConfig model, int n) {
    if (model.isBounded() && model.attends()) model.max_seq_len = std::max(n, *model.max_seq_len);
    return model;
}

/// Every pattern at one length; empty when it is no longer wanted.
std::vector<TimedCost> timeLength(const ModelConfig& config, int n, int rounds, const std::function<bool()>& left) {
    const ModelConfig model = reaching(config, n);
    std::vector<std::unique_ptr<Reader>> readers;
    for (const PatternConfig& pattern : costedPatterns(model)) readers.push_back(std::make_unique<Reader>(withPattern(model, pattern)));
    const Weights weights = initialWeights(readers.front()->model(), weightsSeed);  // a pattern has none
    const Weights transposed = readers.front()->model().transposedCopy(weights);
    const Batch batch = makeBatch({sampleOf(model, n)});
    std::vector<std::vector<double>> seconds(readers.size());
    for (int round = -1; round < rounds; ++round)  // the first one plans tiles and takes memory
        for (std::size_t i = 0; i < readers.size(); ++i) {
            const auto time = readers[i]->read(weights, transposed, batch, left);
            if (!time) return {};
            if (round >= 0) seconds[i].push_back(*time / n);
        }
    std::vector<TimedCost> timed;
    for (std::size_t i = 0; i < readers.size(); ++i) {
        const auto [fastest, slowest] = std::ranges::minmax(seconds[i]);
        timed.push_back({i, n, medianOf(seconds[i]), fastest, slowest});
    }
    return timed;
}

}  // namespace

std::vector<int> timedLengths() {
    std::vector<int> lengths = costedLengths();
    std::erase_if(lengths, [](int n) { return n > longestTimed; });
    return lengths;
}

std::vector<TimedCost> timeCosts(const ModelConfig& model, const CostTiming& timing, const std::function<bool()>& wanted,
                                 const std::function<void(const std::vector<TimedCost>&)>& told) {
    const std::function<bool()> left = [&wanted] { return wanted && !wanted(); };
    std::vector<TimedCost> all;
    for (const int n : timing.lengths) {
        if (!model.attends() && n > longestOf(model)) break;
        const std::vector<TimedCost> timed = timeLength(model, n, timing.rounds, left);
        if (timed.empty()) break;
        all.insert(all.end(), timed.begin(), timed.end());
        if (told) told(timed);
    }
    return all;
}

}  // namespace lab
