#include "core/analysis/fixed_maps.h"

#include <algorithm>
#include <cassert>

#include "core/analysis/average_maps.h"
#include "core/analysis/tapped_evaluation.h"

namespace lab {
namespace {

/// The weights of every block of one input, each [H, T, S].
using MapsOfInput = std::vector<std::vector<float>>;

std::size_t sizeOf(const std::vector<int>& shape) {
    return static_cast<std::size_t>(shape[0]) * static_cast<std::size_t>(shape[1]) * static_cast<std::size_t>(shape[2]);
}

bool concerns(const AblationSubject& subject, std::size_t block, int head) {
    return (subject.block < 0 || static_cast<std::size_t>(subject.block) == block) && (subject.head < 0 || subject.head == head);
}

/// Evaluations with the maps of the subject's heads replaced by those that `mapsOf` gives for a sample.
class Replaced {
public:
    Replaced(const Model& model, const Weights& weights, const std::vector<Sample>& samples, const std::function<bool()>& cancelled)
        : m_model(model), m_weights(weights), m_samples(samples), m_cancelled(cancelled) {}

    std::optional<AblationScore> score(const AblationSubject& subject,
                                       const std::function<const MapsOfInput&(std::size_t sample)>& mapsOf) const {
        const MapsOfInput* maps = nullptr;
        WeightsTap tap(m_model, [&](std::size_t block, const std::vector<int>& shape, float* values) {
            const std::size_t size = sizeOf(shape) / static_cast<std::size_t>(shape[0]);
            for (int head = 0; head < shape[0]; ++head)
                if (concerns(subject, block, head)) {
                    const std::size_t from = static_cast<std::size_t>(head) * size;
                    std::copy_n((*maps)[block].data() + from, size, values + from);
                }
        });
        return evaluateTapped(m_model, m_weights, m_samples, tap, m_cancelled, [&](std::size_t sample) { maps = &mapsOf(sample); });
    }

    /// The model as it is, and what its heads do.
    std::optional<AblationScore> own(std::vector<MapsOfInput>& maps) const {
        maps.assign(m_samples.size(), MapsOfInput(m_model.attentionBlocks().size()));
        std::size_t sample = 0;
        WeightsTap tap(m_model, [&](std::size_t block, const std::vector<int>& shape, const float* values) {
            maps[sample][block].assign(values, values + sizeOf(shape));
        });
        return evaluateTapped(m_model, m_weights, m_samples, tap, m_cancelled, [&](std::size_t index) { sample = index; });
    }

private:
    const Model& m_model;
    const Weights& m_weights;
    const std::vector<Sample>& m_samples;
    const std::function<bool()>& m_cancelled;
};

}  // namespace

std::vector<AblationSubject> fixedMapSubjects(const Model& model) {
    std::vector<AblationSubject> subjects = ablationSubjects(model);
    if (model.attentionBlocks().size() > 1) subjects.push_back({-1, -1});
    return subjects;
}

std::optional<FixedMaps> fixedMaps(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                   const std::function<bool()>& cancelled, const std::function<void(int, int)>& progress) {
    assert(samples.size() > 1);
    const std::vector<AblationSubject> subjects = fixedMapSubjects(model);
    const int total = 2 + 2 * static_cast<int>(subjects.size());
    int done = 0;
    const auto tell = [&] {
        if (progress) progress(++done, total);
    };
    const Replaced replaced(model, weights, samples, cancelled);
    std::vector<MapsOfInput> maps;
    const auto own = replaced.own(maps);
    if (!own) return std::nullopt;
    tell();
    const auto average = averageMaps(model, weights, samples, cancelled);
    if (!average) return std::nullopt;
    tell();
    MapsOfInput mean;
    for (const AverageMaps::Block& block : average->blocks) mean.push_back(block.mean);
    FixedMaps result{static_cast<int>(samples.size()), *own, {}};
    for (const AblationSubject& subject : subjects) {
        const auto withMean = replaced.score(subject, [&](std::size_t) -> const MapsOfInput& { return mean; });
        if (!withMean) return std::nullopt;
        tell();
        const auto withOther =
            replaced.score(subject, [&](std::size_t sample) -> const MapsOfInput& { return maps[(sample + 1) % maps.size()]; });
        if (!withOther) return std::nullopt;
        tell();
        result.rows.push_back({subject, *withMean, *withOther});
    }
    return result;
}

}  // namespace lab
