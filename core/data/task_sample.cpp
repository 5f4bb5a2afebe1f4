#include "core/data/task_sample.h"

#include <cassert>

#include "core/tasks/task_config.h"

namespace lab {
namespace {

Sample joinedSample(std::vector<int> x, int separator, const std::vector<int>& y) {
    Sample sample;
    sample.targets.assign(x.size(), -1);
    sample.targets.insert(sample.targets.end(), y.begin(), y.end());
    sample.targets.push_back(-1);
    sample.tokens = std::move(x);
    sample.tokens.push_back(separator);
    sample.tokens.insert(sample.tokens.end(), y.begin(), y.end());
    return sample;
}

Sample twoSidedSample(std::vector<int> x, int separator, std::vector<int> y) {
    Sample sample;
    sample.tokens = std::move(x);
    sample.targetTokens.push_back(separator);
    if (!y.empty()) sample.targetTokens.insert(sample.targetTokens.end(), y.begin(), y.end() - 1);
    sample.targets = std::move(y);
    return sample;
}

Sample inPlaceSample(std::vector<int> x, std::vector<int> y) {
    assert(y.size() <= x.size());
    y.insert(y.begin(), x.size() - y.size(), -1);
    return {std::move(x), {}, std::move(y)};
}

}  // namespace

Sample taskSample(const TaskConfig& task, Architecture architecture, std::vector<int> x) {
    assert(task.kind->isBuiltIn());
    std::vector<int> y = task.kind->answer(x, task);
    const TaskFrame frame = frameOf(task, architecture);
    if (frame.reading == Reading::joined) return joinedSample(std::move(x), *frame.separator, y);
    if (frame.reading == Reading::twoSided) return twoSidedSample(std::move(x), *frame.separator, std::move(y));
    return inPlaceSample(std::move(x), std::move(y));
}

}  // namespace lab
