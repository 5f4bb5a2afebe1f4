#include "ui/runs/validation_inputs.h"

#include <algorithm>

#include "core/analysis/average_maps.h"
#include "core/data/dataset.h"

namespace lab {
namespace {

constexpr int mostLookedThrough = 1 << 14;

}  // namespace

std::vector<Sample> validationInputs(const Dataset& data, const Sample& like, std::size_t most) {
    std::vector<Sample> samples;
    for (int i = 0; i < std::min(data.validationSize(), mostLookedThrough) && samples.size() < most; ++i)
        for (Sample& each : samplesAsLongAs(like, {data.validationSample(i)}, 1)) samples.push_back(std::move(each));
    return samples;
}

}  // namespace lab
