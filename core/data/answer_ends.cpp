#include "core/data/answer_ends.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/data/dataset.h"

namespace lab {

AnswerEnds answerEnds(const Dataset& dataset) {
    AnswerEnds ends;
    std::map<int, int> begins;
    std::set<int> within;  // what answers go on behind
    for (int i = 0; i < dataset.trainSize(); ++i) {
        const Sample sample = dataset.trainSample(i);
        ++begins[sample.targetTokens.front()];
        within.insert(sample.targets.begin(), sample.targets.end() - 1);
        if (i == 0) ends.end = sample.targets.back();
        if (ends.end && *ends.end != sample.targets.back()) ends.end.reset();
        ends.longest = std::max(ends.longest, static_cast<int>(sample.targets.size()));
    }
    const auto commonest = std::ranges::max_element(begins, {}, &std::pair<const int, int>::second);
    if (commonest != begins.end()) ends.begin = commonest->first;
    if (ends.end && (*ends.end < 0 || within.contains(*ends.end))) ends.end.reset();
    return ends;
}

}  // namespace lab
