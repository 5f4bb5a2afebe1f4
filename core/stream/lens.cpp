#include "core/stream/lens.h"

#include <algorithm>
#include <cmath>

#include "core/base/errors.h"

namespace lab {
namespace {

SoftmaxRow softmaxOf(const float* logits, int classes) {
    return softmaxRow(std::span(logits, static_cast<std::size_t>(classes)));
}

double largestDifference(const std::vector<float>& a, const std::vector<float>& b) {
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] != b[i]) largest = std::max(largest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    return largest;
}

constexpr std::size_t mostLikeliest = 10;

}  // namespace

LensReading readingOf(const float* logits, int classes, int target) {
    const SoftmaxRow row = softmaxOf(logits, classes);
    LensReading reading;
    reading.likeliest = likeliest(row, mostLikeliest);
    reading.top = static_cast<int>(std::max_element(logits, logits + classes) - logits);
    reading.probability = row.probability(static_cast<std::size_t>(reading.top));
    for (std::size_t c = 0; c < row.exponentials.size(); ++c)
        if (const double share = row.probability(c); share > 0) reading.entropy -= share * std::log2(share);
    if (target < 0) return reading;
    reading.ofTrue = row.probability(static_cast<std::size_t>(target));
    reading.rank = rankOf(std::span(logits, static_cast<std::size_t>(classes)), target) - 1;
    return reading;
}

Lens lensOf(const StreamRuns& runs, const Input& input, const std::function<void(int, int)>& done) {
    if (runs.model().config().answersNumbers())
        throw InputError(LAB_TEXT("stream", "This model answers numbers, so no class is likeliest at a place of its stream."));
    Lens lens{streamStates(runs, input), {}, 0};
    const StreamStates& states = lens.states;
    const auto classes = static_cast<std::ptrdiff_t>(states.classes);
    std::vector<float> logits;
    for (int place = 0; place < static_cast<int>(states.places.size()); ++place) {
        runs.goOn();
        if (done) done(place, static_cast<int>(states.places.size()));
        logits = runs.read(states.at(place), states.positions);
        for (int position = 0; position < states.positions; ++position) {
            const int target = input.targets.empty() ? -1 : input.targets[static_cast<std::size_t>(position)];
            lens.readings.push_back(readingOf(logits.data() + position * classes, states.classes, target));
        }
    }
    lens.difference = largestDifference(logits, states.logits);
    for (int position = 0; position < states.positions; ++position) {
        const float* own = states.logits.data() + position * classes;
        const int answer = static_cast<int>(std::max_element(own, own + classes) - own);
        for (int place = 0; place < static_cast<int>(states.places.size()); ++place) {
            LensReading& reading = lens.readings[static_cast<std::size_t>(place * states.positions + position)];
            reading.final = reading.top == answer;
        }
    }
    return lens;
}

std::vector<double> lensProbabilities(const StreamRuns& runs, const StreamStates& states, int place, int position) {
    const std::vector<float> logits = runs.read(states.at(place, position), 1);
    const SoftmaxRow row = softmaxOf(logits.data(), states.classes);
    std::vector<double> shares;
    for (std::size_t c = 0; c < row.exponentials.size(); ++c) shares.push_back(row.probability(c));
    return shares;
}

}  // namespace lab
