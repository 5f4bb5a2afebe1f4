#include "core/analysis/phenomena.h"

#include <algorithm>
#include <cassert>

#include "core/analysis/head_switches.h"

namespace lab {
namespace {

/// Sees the logits of one sample after the other.
class TallyTap final : public HeadSwitches {
public:
    TallyTap(const std::vector<Intervention>& interventions, const std::vector<Sample>& samples, const std::vector<TargetGroups>& groups,
             int groupCount)
        : HeadSwitches(interventions), m_samples(samples), m_groups(groups), m_tallies(static_cast<std::size_t>(groupCount)) {}

    void begin(std::size_t sample) { m_sample = sample; }
    void tensor(const std::string& name, const std::vector<int>& shape, float* values) override {
        if (name == "logits") count(shape[1], values);
    }
    const std::vector<Tally>& tallies() const { return m_tallies; }

private:
    void count(int classes, const float* logits) {
        const TargetGroups& groups = m_groups[m_sample];
        assert(groups.size() == m_samples[m_sample].targets.size());
        for (std::size_t p = 0; p < groups.size(); ++p) {
            if (groups[p] < 0) continue;
            const float* row = logits + static_cast<std::ptrdiff_t>(p) * classes;
            Tally& tally = m_tallies[static_cast<std::size_t>(groups[p])];
            ++tally.asked;
            tally.right += std::max_element(row, row + classes) - row == m_samples[m_sample].targets[p] ? 1 : 0;
        }
    }

    const std::vector<Sample>& m_samples;
    const std::vector<TargetGroups>& m_groups;
    std::vector<Tally> m_tallies;
    std::size_t m_sample = 0;
};

}  // namespace

std::optional<std::vector<Tally>> talliesOf(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                            const std::vector<TargetGroups>& groups, int groupCount,
                                            const std::vector<Intervention>& interventions, const std::function<bool()>& cancelled) {
    assert(groups.size() == samples.size());
    checkHeads(model, interventions);
    TallyTap tap(interventions, samples, groups, groupCount);
    if (!evaluateTapped(model, weights, samples, tap, cancelled, [&](std::size_t i) { tap.begin(i); })) return std::nullopt;
    return tap.tallies();
}

std::optional<std::vector<HeadWorth>> headWorths(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                                 const std::vector<TargetGroups>& groups, int groupCount,
                                                 const std::function<bool()>& cancelled) {
    std::vector<HeadWorth> worths;
    for (const AblationSubject& subject : ablationSubjects(model)) {
        if (subject.head < 0) continue;
        const auto off = ablationOf(model, subject, Intervention::Kind::headOff);
        auto tallies = talliesOf(model, weights, samples, groups, groupCount, off, cancelled);
        if (!tallies) return std::nullopt;
        worths.push_back({subject.block, subject.head, std::move(*tallies)});
    }
    return worths;
}

std::optional<SourceWeights> sourceWeights(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                           const std::vector<SourceCell>& cells, int groupCount, const std::function<bool()>& cancelled) {
    const auto& blocks = model.attentionBlocks();
    SourceWeights means;
    for (const AttentionBlock& block : blocks)
        means.emplace_back(static_cast<std::size_t>(block.heads), std::vector<double>(static_cast<std::size_t>(groupCount)));
    std::vector<std::vector<SourceCell>> bySample(samples.size());
    std::vector<int> counts(static_cast<std::size_t>(groupCount));
    for (const SourceCell& cell : cells) {
        bySample[static_cast<std::size_t>(cell.sample)].push_back(cell);
        ++counts[static_cast<std::size_t>(cell.group)];
    }
    std::size_t sample = 0;
    WeightsTap tap(model, [&](std::size_t b, const std::vector<int>& shape, const float* values) {
        if (blocks[b].cross) return;
        for (const SourceCell& cell : bySample[sample])
            for (int head = 0; head < shape[0]; ++head)
                means[b][static_cast<std::size_t>(head)][static_cast<std::size_t>(cell.group)] +=
                    static_cast<double>(values[(static_cast<std::ptrdiff_t>(head) * shape[1] + cell.position) * shape[2] + cell.source]) /
                    counts[static_cast<std::size_t>(cell.group)];
    });
    if (!evaluateTapped(model, weights, samples, tap, cancelled, [&](std::size_t i) { sample = i; })) return std::nullopt;
    return means;
}

std::optional<std::vector<ResponsibleHead>> responsibleHeads(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                                             const std::vector<TargetGroups>& groups, const std::vector<SourceCell>& cells,
                                                             int groupCount, const std::function<bool()>& cancelled) {
    assert(!model.attentionBlocks().empty());
    const auto with = talliesOf(model, weights, samples, groups, groupCount, {}, cancelled);
    const auto means = with ? sourceWeights(model, weights, samples, cells, groupCount, cancelled) : std::nullopt;
    const auto worths = means ? headWorths(model, weights, samples, groups, groupCount, cancelled) : std::nullopt;
    if (!worths) return std::nullopt;
    std::vector<ResponsibleHead> heads;
    for (std::size_t g = 0; g < static_cast<std::size_t>(groupCount); ++g) {
        const auto weightOf = [&](const HeadWorth& worth) {
            return (*means)[static_cast<std::size_t>(worth.block)][static_cast<std::size_t>(worth.head)][g];
        };
        const auto found = std::ranges::min_element(
            *worths, {}, [&](const HeadWorth& worth) { return std::pair(worth.tallies[g].right, -weightOf(worth)); });
        heads.push_back({found->block, found->head, (*with)[g], found->tallies[g], weightOf(*found)});
    }
    return heads;
}

}  // namespace lab
