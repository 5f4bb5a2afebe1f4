#include "core/analysis/tapped_evaluation.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/model/network.h"

namespace lab {
namespace {

void checkSample(const Model& model, const Sample& sample) {
    const std::size_t longest = std::max(sample.tokens.size(), sample.targetTokens.size());
    if (longest > static_cast<std::size_t>(maxTraceLength))
        throw InputError(Message(LAB_PLURAL("analysis", "A sample has %n token(s); at most %1 can be looked at."))
                             .count(static_cast<std::int64_t>(longest))
                             .arg(maxTraceLength));
    const ModelConfig& config = model.config();
    if (specOf(config.position.kind).learnedTable && longest > static_cast<std::size_t>(*config.max_seq_len))
        throw InputError(
            Message(LAB_PLURAL("analysis", "A sample has %n token(s), but the model learned positions for %1 (model.max_seq_len)."))
                .count(static_cast<std::int64_t>(longest))
                .arg(*config.max_seq_len));
}

}  // namespace

void WeightsTap::tensor(const std::string& name, const std::vector<int>& shape, float* values) {
    if (!name.ends_with(".weights")) return;
    const std::string_view block = std::string_view(name).substr(0, name.rfind('.'));
    const auto found = std::ranges::find(m_blocks, block, &AttentionBlock::name);
    if (found != m_blocks.end()) m_take(static_cast<std::size_t>(found - m_blocks.begin()), shape, values);
}

std::optional<AblationScore> evaluateTapped(const Model& model, const Weights& weights, const std::vector<Sample>& samples, Tap<float>& tap,
                                            const std::function<bool()>& cancelled, const std::function<void(std::size_t)>& before) {
    return evaluateTapped(model, weights, model.transposedCopy(weights), samples, tap, cancelled, before);
}

std::optional<AblationScore> evaluateTapped(const Model& model, const Weights& weights, const Weights& transposed,
                                            const std::vector<Sample>& samples, Tap<float>& tap, const std::function<bool()>& cancelled,
                                            const std::function<void(std::size_t)>& before) {
    Scratch scratch;
    PassSums total;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        checkSample(model, samples[i]);
        if (before) before(i);
        const Batch batch = makeBatch({samples[i]});
        scratch.arena.reset();
        Pass<float> pass{kernels<float>(), weights.data(), transposed.data(), nullptr, scratch};
        pass.tap = &tap;
        if (cancelled) pass.abandoned = &cancelled;
        const auto part = model.network().evaluateUnlessAbandoned(pass, viewOf(batch, 0, 1));
        if (!part) return std::nullopt;
        total += *part;
    }
    const double counted = std::max(1, total.counted);
    if (total.squares > 0) {  // of numbers: the share of their squares that is explained
        const double explained = 1.0 - total.loss / total.squares;
        return AblationScore{total.loss / counted, explained, explained};
    }
    return AblationScore{total.loss / counted, total.correct / counted,
                         static_cast<double>(total.sequencesRight) / std::max(1, total.sequences)};
}

}  // namespace lab
