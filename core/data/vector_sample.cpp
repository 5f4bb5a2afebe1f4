#include "core/data/vector_sample.h"

#include <algorithm>
#include <cassert>

#include "core/config/model_config.h"

namespace lab {

int firstVector(const ModelConfig& model) {
    return model.class_token ? 1 : 0;
}

Sample vectorSample(const ModelConfig& model, std::vector<float> vectors, int count) {
    assert(count > 0 && vectors.size() % static_cast<std::size_t>(count) == 0);
    const std::size_t width = vectors.size() / static_cast<std::size_t>(count);
    Sample sample;
    sample.tokens.assign(static_cast<std::size_t>(count), vectorToken);
    sample.vectors = std::move(vectors);
    if (model.class_token) {
        sample.tokens.insert(sample.tokens.begin(), classToken);
        sample.vectors.insert(sample.vectors.begin(), width, 0.0f);
    }
    sample.targets.assign(sample.tokens.size(), -1);
    return sample;
}

void ask(Sample& sample, int position, int target) {
    sample.targets[static_cast<std::size_t>(position)] = target;
}

void askNumbers(Sample& sample, int position, std::span<const float> numbers) {
    sample.values.resize(sample.targets.size() * numbers.size());
    std::ranges::copy(numbers, sample.values.begin() + static_cast<std::ptrdiff_t>(position) * std::ssize(numbers));
    ask(sample, position, 0);
}

void askByReadout(const ModelConfig& model, Sample& sample, int target) {
    const int last = static_cast<int>(sample.tokens.size()) - 1;
    switch (*model.readout) {
        case Readout::every:
            for (int position = firstVector(model); position <= last; ++position) ask(sample, position, target);
            break;
        case Readout::last:
            ask(sample, last, target);
            break;
        case Readout::class_token:
            ask(sample, 0, target);
            break;
    }
}

}  // namespace lab
