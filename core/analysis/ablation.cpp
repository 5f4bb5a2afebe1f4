#include "core/analysis/ablation.h"

#include <algorithm>
#include <string>

#include "core/base/errors.h"
#include "core/model/network.h"

namespace lab {
namespace {

/// Changes heads and looks at nothing.
class HeadSwitches final : public Tap<float> {
public:
    explicit HeadSwitches(const std::vector<Intervention>& interventions) : m_interventions(interventions) {}

    void tensor(const std::string&, const std::vector<int>&, float*) override {}
    void gradient(const std::string&, const std::vector<int>&, float*) override {}
    bool headOff(const std::string& block, int head) const override { return has(Intervention::Kind::headOff, block, head); }
    bool headUniform(const std::string& block, int head) const override { return has(Intervention::Kind::headUniform, block, head); }
    bool wantsGradients() const override { return false; }
    const std::vector<bool>& maskedKeys(bool) const override {
        static const std::vector<bool> none;
        return none;
    }

private:
    bool has(Intervention::Kind kind, const std::string& block, int head) const {
        return std::any_of(m_interventions.begin(), m_interventions.end(),
                           [&](const Intervention& i) { return i.kind == kind && i.name == block && i.head == head; });
    }
    const std::vector<Intervention>& m_interventions;
};

void checkHeads(const Model& model, const std::vector<Intervention>& interventions) {
    for (const Intervention& i : interventions) {
        const auto& blocks = model.attentionBlocks();
        const bool known = std::any_of(blocks.begin(), blocks.end(),
                                       [&](const AttentionBlock& b) { return b.name == i.name && i.head >= 0 && i.head < b.heads; });
        if (!known || i.kind == Intervention::Kind::replace)
            throw InputError(Message(LAB_TEXT("analysis", "There is no head %1 of %2 to switch off.")).arg(i.head).arg(i.name));
    }
}

void checkSample(const Model& model, const Sample& sample) {
    const std::size_t longest = std::max(sample.tokens.size(), sample.targetTokens.size());
    if (longest > static_cast<std::size_t>(maxTraceLength))
        throw InputError(Message(LAB_PLURAL("analysis", "A sample has %n token(s); at most %1 can be looked at with heads switched off."))
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

std::optional<AblationScore> evaluateWith(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                          const std::vector<Intervention>& interventions, const std::function<bool()>& cancelled) {
    checkHeads(model, interventions);
    const Weights transposed = model.transposedCopy(weights);
    HeadSwitches switches(interventions);
    Scratch scratch;
    PassSums total;
    for (const Sample& sample : samples) {
        checkSample(model, sample);
        const Batch batch = makeBatch({sample});
        scratch.arena.reset();
        Pass<float> pass{kernels<float>(), weights.data(), transposed.data(), nullptr, scratch};
        pass.tap = &switches;
        if (cancelled) pass.abandoned = &cancelled;
        const auto part = model.network().evaluateUnlessAbandoned(pass, viewOf(batch, 0, 1));
        if (!part) return std::nullopt;
        total += *part;
    }
    const double counted = std::max(1, total.counted);
    return AblationScore{total.loss / counted, total.correct / counted,
                         static_cast<double>(total.sequencesRight) / std::max(1, total.sequences)};
}

bool isMadeUniform(const Input& input, const AttentionBlock& block, int head) {
    return std::ranges::any_of(input.interventions, [&](const Intervention& change) {
        return change.kind == Intervention::Kind::headUniform && change.name == block.name && change.head == head;
    });
}

std::vector<Intervention> ablationOf(const Model& model, const AblationSubject& subject, Intervention::Kind kind) {
    const AttentionBlock& block = model.attentionBlocks()[static_cast<std::size_t>(subject.block)];
    std::vector<Intervention> result;
    for (int head = 0; head < block.heads; ++head)
        if (subject.head < 0 || subject.head == head) result.push_back({kind, block.name, head, {}});
    return result;
}

std::vector<AblationSubject> ablationSubjects(const Model& model) {
    std::vector<AblationSubject> result;
    const auto& blocks = model.attentionBlocks();
    for (int b = 0; b < static_cast<int>(blocks.size()); ++b) {
        const int heads = blocks[static_cast<std::size_t>(b)].heads;
        for (int head = 0; head < heads; ++head) result.push_back({b, head});
        if (heads > 1) result.push_back({b, -1});
    }
    return result;
}

}  // namespace lab
