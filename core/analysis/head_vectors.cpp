#include "core/analysis/head_vectors.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/tapped_evaluation.h"

namespace lab {
namespace {

/// Catches [heads, positions, width] of a block's queries and of its keys, which may be another block's.
class VectorsTap final : public QuietTap {
public:
    VectorsTap(const AttentionBlock& block, bool beforeRotation)
        : m_block(block), m_owner(block.keyOwner.empty() ? block.name : block.keyOwner), m_beforeRotation(beforeRotation) {
        found.resize(static_cast<std::size_t>(block.heads));
    }

    void begin(const Sample& sample, int input) {
        m_sample = &sample;
        m_input = input;
        m_queryUnrotated = m_keyUnrotated = false;
    }

    void tensor(const std::string& name, const std::vector<int>& shape, float* values) override {
        if (shape.size() != 3) return;
        if (isWanted(name, m_block.name, "query", m_queryUnrotated)) take(true, shape, values);
        if (isWanted(name, m_owner, "key", m_keyUnrotated)) take(false, shape, values);
    }

    std::vector<VectorCloud> found;  ///< a head each

private:
    /// Before the rotation the unrotated vectors come first, and the rotated ones are not wanted any more.
    bool isWanted(const std::string& name, const std::string& block, const char* what, bool& unrotated) const {
        if (m_beforeRotation && name == block + ".unrotated_" + what) return unrotated = true;
        return !unrotated && name == block + "." + what;
    }

    void take(bool query, const std::vector<int>& shape, const float* values) {
        for (int head = 0; head < m_block.heads; ++head)
            addRows(query, shape, values + std::ptrdiff_t{head} * shape[0] / m_block.heads * shape[1] * shape[2],
                    found[static_cast<std::size_t>(head)]);
    }

    void addRows(bool query, const std::vector<int>& shape, const float* first, VectorCloud& into) const {
        const auto width = static_cast<std::size_t>(shape[2]);
        into.width = width;
        for (int position = 0; position < shape[1]; ++position) {
            const float* row = first + static_cast<std::size_t>(position) * width;
            double squares = 0;
            for (std::size_t c = 0; c < width; ++c) squares += static_cast<double>(row[c]) * static_cast<double>(row[c]);
            into.rows.push_back({m_input, position, tokenAt(position, query), query, std::sqrt(squares)});
        }
        into.values.insert(into.values.end(), first, first + static_cast<std::size_t>(shape[1]) * width);
    }

    int tokenAt(int position, bool query) const {
        if (!query && m_block.slotCount > 0) return -1;
        const bool ofTarget = m_block.side == "decoder" && !m_sample->targetTokens.empty() && (query || !m_block.cross);
        const std::vector<int>& tokens = ofTarget ? m_sample->targetTokens : m_sample->tokens;
        return static_cast<std::size_t>(position) < tokens.size() ? tokens[static_cast<std::size_t>(position)] : -1;
    }

    const AttentionBlock& m_block;
    const std::string m_owner;
    const bool m_beforeRotation;
    const Sample* m_sample = nullptr;
    int m_input = 0;
    bool m_queryUnrotated = false, m_keyUnrotated = false;
};

std::vector<Sample> samplesWithin(const std::vector<Sample>& samples, std::size_t mostTokens) {
    std::size_t tokens = 0, count = 0;
    for (const Sample& sample : samples) {
        tokens += std::max(sample.tokens.size(), sample.targetTokens.size());
        if (tokens > mostTokens && count > 0) break;
        ++count;
    }
    return {samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace

std::optional<std::vector<VectorCloud>> headVectors(const Model& model, const Weights& weights, const AttentionBlock& block,
                                                    bool beforeRotation, const std::vector<Sample>& samples, std::size_t mostTokens,
                                                    const std::function<bool()>& cancelled) {
    const std::vector<Sample> taken = samplesWithin(samples, mostTokens);
    VectorsTap tap(block, beforeRotation);
    const auto begin = [&](std::size_t i) { tap.begin(taken[i], static_cast<int>(i)); };
    if (!evaluateTapped(model, weights, taken, tap, cancelled, begin)) return std::nullopt;
    return std::move(tap.found);
}

}  // namespace lab
