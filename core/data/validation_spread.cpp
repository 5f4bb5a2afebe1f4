#include "core/data/validation_spread.h"

#include <algorithm>
#include <cstdint>

#include "core/data/dataset.h"

namespace lab {

std::vector<Sample> validationSpread(const Dataset& data, int mostTokens) {
    const int size = data.validationSize();
    std::vector<Sample> samples;
    if (size == 0) return samples;
    const Sample first = data.validationSample(0);
    const int length = std::max(1, static_cast<int>(first.tokens.size() + first.targetTokens.size()));
    const int count = std::clamp(mostTokens / length, 1, size);
    for (int i = 0; i < count; ++i) samples.push_back(data.validationSample(static_cast<int>(std::int64_t{i} * size / count)));
    return samples;
}

}  // namespace lab
