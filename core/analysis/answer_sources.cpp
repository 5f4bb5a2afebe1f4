#include "core/analysis/answer_sources.h"

#include <algorithm>
#include <cassert>

namespace lab {
namespace {

std::optional<SourcePattern> patternOf(TaskKind kind) {
    switch (kind) {
        case TaskKind::reverse:
            return SourcePattern::mirrored;
        case TaskKind::swap:
            return SourcePattern::otherHalf;
        case TaskKind::sub:
        case TaskKind::copy:
            return SourcePattern::own;
        case TaskKind::shift:
            return SourcePattern::previous;
        case TaskKind::sort:
            return SourcePattern::answer;
        case TaskKind::repeat:
            return SourcePattern::induction;
        case TaskKind::pairs:
            break;
    }
    return std::nullopt;
}

/// The keys that answer i of a sequence x of n tokens comes from.
std::vector<int> keysOfAnswer(SourcePattern pattern, const std::vector<int>& x, int n, int i) {
    switch (pattern) {
        case SourcePattern::mirrored:
            return {n - 1 - i};
        case SourcePattern::otherHalf:
            return {(i + n / 2) % n};
        case SourcePattern::own:
            return {i};
        case SourcePattern::previous:
            return {(i + n - 1) % n};
        case SourcePattern::answer: {
            std::vector<int> sorted(x.begin(), x.begin() + n);
            std::sort(sorted.begin(), sorted.end());
            std::vector<int> keys;
            for (int j = 0; j < n; ++j)
                if (x[static_cast<std::size_t>(j)] == sorted[static_cast<std::size_t>(i)]) keys.push_back(j);
            return keys;
        }
        case SourcePattern::induction:
            break;
    }
    return {};
}

/// A block of n / 2 tokens, twice: from the last query of the first half on, query i predicts token i + 1, which stands at key i + 1 - n
/// / 2.
void fillInduction(Sources& sources, int n) {
    for (int i = n / 2 - 1; i + 1 < n; ++i) sources.keys[static_cast<std::size_t>(i)] = {i + 1 - n / 2};
}

}  // namespace

std::optional<Sources> answerSources(const TaskConfig& task, Architecture architecture, const AttentionBlock& block, const Trace& trace) {
    const std::optional<SourcePattern> pattern = patternOf(task.kind);
    if (!pattern) return std::nullopt;
    const std::vector<int>& tokens = trace.tokens;
    const int length = static_cast<int>(tokens.size());
    Sources sources;
    sources.pattern = *pattern;
    int n = length;       // tokens of x
    int firstAnswer = 0;  // the query that answers y_0
    std::size_t queries = tokens.size();
    if (architecture == Architecture::decoder && *pattern != SourcePattern::induction) {
        // x SEP y: position n, the separator, answers y_0 (FORMATS.md 1).
        const auto separator = std::find(tokens.begin(), tokens.end(), task.vocab_size);
        if (separator == tokens.end()) return std::nullopt;
        n = firstAnswer = static_cast<int>(separator - tokens.begin());
    }
    if (architecture == Architecture::encoder_decoder) {
        if (!block.cross) return std::nullopt;
        queries = trace.targetTokens.size();
    }
    if (n == 0 || (*pattern == SourcePattern::otherHalf && n % 2 != 0)) return std::nullopt;
    sources.keys.resize(queries);
    if (*pattern == SourcePattern::induction) {
        if (n % 2 != 0) return std::nullopt;
        fillInduction(sources, n);
        return sources;
    }
    for (int i = 0; i < n && static_cast<std::size_t>(firstAnswer + i) < queries; ++i)
        sources.keys[static_cast<std::size_t>(firstAnswer + i)] = keysOfAnswer(*pattern, tokens, n, i);
    return sources;
}

std::optional<double> sourceMass(const Trace& trace, const AttentionBlock& block, int head, const Sources& sources) {
    const Tensor& weights = trace.at(block.name + ".weights");
    const std::int64_t queries = weights.extent(1);
    assert(head < weights.extent(0) && static_cast<std::int64_t>(sources.keys.size()) == queries);
    double mass = 0.0;
    int answers = 0;
    for (std::int64_t i = 0; i < queries; ++i) {
        const std::vector<int>& keys = sources.keys[static_cast<std::size_t>(i)];
        if (keys.empty()) continue;
        ++answers;
        const float* row = weights.values.data() + (head * queries + i) * weights.extent(2);
        for (int key : keys) mass += row[key];
    }
    return answers > 0 ? std::optional(mass / answers) : std::nullopt;
}

}  // namespace lab
