#include <array>
#include <cassert>
#include <utility>

#include "core/data/tasks/tasks.h"

namespace lab {
namespace {

/// In the order of TaskKind.
constexpr std::array<std::pair<TaskKind, TaskAnswer>, 8> table{{
    {TaskKind::reverse, reverseAnswer},
    {TaskKind::sort, sortAnswer},
    {TaskKind::swap, swapAnswer},
    {TaskKind::sub, subAnswer},
    {TaskKind::copy, copyAnswer},
    {TaskKind::shift, shiftAnswer},
    {TaskKind::repeat, repeatAnswer},
    {TaskKind::pairs, nullptr},
}};

/// x SEP y: position n, which reads SEP, answers y_0, and position n + k, which reads y_{k-1}, answers y_k.
Sample decoderSample(const TaskConfig& task, std::vector<int> x, const std::vector<int>& y) {
    Sample sample;
    const std::size_t n = x.size();
    sample.targets.assign(2 * n + 1, -1);
    for (std::size_t k = 0; k < n; ++k) sample.targets[n + k] = y[k];
    sample.tokens = std::move(x);
    sample.tokens.push_back(task.vocab_size);
    sample.tokens.insert(sample.tokens.end(), y.begin(), y.end());
    return sample;
}

/// The decoder reads BOS and y without its last token.
Sample encoderDecoderSample(const TaskConfig& task, std::vector<int> x, std::vector<int> y) {
    Sample sample;
    sample.tokens = std::move(x);
    sample.targetTokens.push_back(task.vocab_size);
    if (!y.empty()) sample.targetTokens.insert(sample.targetTokens.end(), y.begin(), y.end() - 1);
    sample.targets = std::move(y);
    return sample;
}

}  // namespace

TaskAnswer answerOf(TaskKind kind) {
    const auto& [found, answer] = table[static_cast<std::size_t>(kind)];
    assert(found == kind);
    return answer;
}

Sample taskSample(const TaskConfig& task, Architecture architecture, std::vector<int> x) {
    const TaskAnswer answer = answerOf(task.kind);
    assert(answer);
    std::vector<int> y = answer(x, task.vocab_size);
    const bool framed = task.kind != TaskKind::repeat;
    if (framed && architecture == Architecture::decoder) return decoderSample(task, std::move(x), y);
    if (framed && architecture == Architecture::encoder_decoder) return encoderDecoderSample(task, std::move(x), std::move(y));
    return Sample{std::move(x), {}, std::move(y)};
}

}  // namespace lab
