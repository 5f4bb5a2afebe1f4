#include "ui/runs/validation_inputs.h"

#include <algorithm>

#include "core/analysis/average_maps.h"
#include "core/base/errors.h"
#include "core/data/dataset.h"

namespace lab {
namespace {

constexpr int mostLookedThrough = 1 << 14;
constexpr double mostMapBytes = double{1 << 29};
constexpr double averagesMaps = 6;  ///< that an average takes as much as
constexpr std::size_t fewestMaps = 2;
constexpr std::size_t fewestVectors = 16, mostVectors = 256, mostVectorRows = 1 << 14;

std::vector<Sample> enoughInputs(const Model& model, const Dataset& data, const Sample& like, std::size_t fewest, std::size_t most) {
    if (model.attentionBlocks().empty()) throw InputError(LAB_TEXT("experiments", "This model has no attention."));
    const std::size_t length = std::max(like.tokens.size(), like.targetTokens.size());
    if (most < fewest)
        throw InputError(Message(LAB_PLURAL("experiments", "Inputs of %n token(s) are too long for this.")).count(std::int64_t(length)));
    std::vector<Sample> samples = validationInputs(data, like, most);
    if (samples.size() < fewest)
        throw InputError(
            Message(LAB_PLURAL("experiments", "%n validation input(s) are as long as this one (%1 tokens), and %2 are needed."))
                .count(std::ssize(samples))
                .arg(like.tokens.size())
                .arg(fewest));
    return samples;
}

}  // namespace

std::vector<Sample> firstSamples(const Dataset& data, int most) {
    const bool validates = data.validationSize() > 0;
    const int count = std::min(most, validates ? data.validationSize() : data.trainSize());
    std::vector<Sample> samples;
    for (int i = 0; i < count; ++i) samples.push_back(validates ? data.validationSample(i) : data.trainSample(i));
    return samples;
}

std::vector<Sample> validationInputs(const Dataset& data, const Sample& like, std::size_t most) {
    std::vector<Sample> samples;
    for (int i = 0; i < std::min(data.validationSize(), mostLookedThrough) && samples.size() < most; ++i)
        for (Sample& each : samplesAsLongAs(like, {data.validationSample(i)}, 1)) samples.push_back(std::move(each));
    return samples;
}

std::vector<Sample> inputsForMaps(const Model& model, const Dataset& data, const Sample& like) {
    const double kept = mostMapBytes / mapBytes(model, like) - averagesMaps;
    return enoughInputs(model, data, like, fewestMaps, static_cast<std::size_t>(std::clamp(kept, 0.0, static_cast<double>(mostMapInputs))));
}

std::vector<Sample> inputsForVectors(const Model& model, const Dataset& data, const Sample& like) {
    const std::size_t length = std::max({like.tokens.size(), like.targetTokens.size(), std::size_t{1}});
    return enoughInputs(model, data, like, fewestVectors, std::min(mostVectors, mostVectorRows / length));
}

bool averageFits(const Model& model, const Sample& like) {
    return averagesMaps * mapBytes(model, like) <= mostMapBytes;
}

}  // namespace lab
