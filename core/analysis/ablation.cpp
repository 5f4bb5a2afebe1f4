#include "core/analysis/ablation.h"

#include <algorithm>
#include <cmath>
#include <numeric>
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

namespace {

/// Over its positions.
std::optional<std::vector<double>> meanOutput(const Model& model, const Weights& weights, const Sample& sample,
                                              const std::vector<Intervention>& interventions, const std::function<bool()>& cancelled) {
    Input input;
    input.tokens = sample.tokens;
    input.targetTokens = sample.targetTokens;
    input.vectors = sample.vectors;
    input.interventions = interventions;
    if (cancelled && cancelled()) return std::nullopt;
    const Trace trace = model.trace(weights, input, {.intermediates = false});
    const Tensor& outputs = trace.at("logits");
    const auto width = static_cast<std::size_t>(outputs.shape.back());
    std::vector<double> mean(width, 0.0);
    for (std::size_t i = 0; i < outputs.values.size(); ++i) mean[i % width] += static_cast<double>(outputs.values[i]);
    return mean;  // its length says nothing of a cosine
}

double cosineOf(const std::vector<double>& a, const std::vector<double>& b) {
    const double lengths =
        std::sqrt(std::inner_product(a.begin(), a.end(), a.begin(), 0.0) * std::inner_product(b.begin(), b.end(), b.begin(), 0.0));
    return lengths > 0 ? std::inner_product(a.begin(), a.end(), b.begin(), 0.0) / lengths : 1.0;
}

}  // namespace

AblationJudge::AblationJudge(const Model& model, const Weights& weights, const std::vector<Sample>& samples)
    : m_model(model), m_weights(weights), m_samples(samples), m_vectors(judgesVectors(samples)) {}

bool AblationJudge::judgesVectors(const std::vector<Sample>& samples) {
    return std::ranges::all_of(
        samples, [](const Sample& sample) { return std::ranges::all_of(sample.targets, [](int target) { return target < 0; }); });
}

std::optional<AblationScore> AblationJudge::score(const std::vector<Intervention>& interventions, const std::function<bool()>& cancelled) {
    checkHeads(m_model, interventions);
    if (m_vectors) return moved(interventions, cancelled);
    if (!m_transposed) m_transposed = m_model.transposedCopy(m_weights);
    HeadSwitches switches(interventions);
    return evaluateTapped(m_model, m_weights, *m_transposed, m_samples, switches, cancelled);
}

std::optional<AblationScore> AblationJudge::moved(const std::vector<Intervention>& interventions, const std::function<bool()>& cancelled) {
    double cosine = 0;
    for (std::size_t i = 0; i < m_samples.size(); ++i) {
        if (i == m_unchanged.size()) {
            const auto unchanged = meanOutput(m_model, m_weights, m_samples[i], {}, cancelled);
            if (!unchanged) return std::nullopt;
            m_unchanged.push_back(*unchanged);
        }
        const auto changed =
            interventions.empty() ? std::optional(m_unchanged[i]) : meanOutput(m_model, m_weights, m_samples[i], interventions, cancelled);
        if (!changed) return std::nullopt;
        cosine += cosineOf(m_unchanged[i], *changed) / static_cast<double>(m_samples.size());
    }
    if (interventions.empty()) cosine = 1.0;  // but for the last bit
    return AblationScore{1.0 - cosine, cosine, cosine};
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
