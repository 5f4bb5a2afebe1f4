#include "core/analysis/ablation.h"

#include <algorithm>
#include <string>

#include "core/analysis/head_switches.h"
#include "core/base/errors.h"

namespace lab {
void checkHeads(const Model& model, const std::vector<Intervention>& interventions) {
    for (const Intervention& i : interventions) {
        const auto& blocks = model.attentionBlocks();
        const bool known = std::any_of(blocks.begin(), blocks.end(),
                                       [&](const AttentionBlock& b) { return b.name == i.name && i.head >= 0 && i.head < b.heads; });
        if (!known || i.kind == Intervention::Kind::replace)
            throw InputError(Message(LAB_TEXT("analysis", "There is no head %1 of %2 to switch off.")).arg(i.head).arg(i.name));
    }
}

bool HeadSwitches::has(Intervention::Kind kind, const std::string& block, int head) const {
    return std::any_of(m_interventions.begin(), m_interventions.end(),
                       [&](const Intervention& i) { return i.kind == kind && i.name == block && i.head == head; });
}

std::optional<AblationScore> evaluateWith(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                          const std::vector<Intervention>& interventions, const std::function<bool()>& cancelled) {
    checkHeads(model, interventions);
    HeadSwitches switches(interventions);
    return evaluateTapped(model, weights, samples, switches, cancelled);
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

bool scoresAreSet(const Input& input, const AttentionBlock& block) {
    return std::ranges::any_of(input.interventions, [&](const Intervention& change) {
        return change.kind == Intervention::Kind::replace && change.name == block.name + ".scores";
    });
}

}  // namespace lab
