#include "core/stream/lens.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/errors.h"
#include "core/ops/softmax_row.h"

namespace lab {
namespace {

std::vector<double> softmaxOf(const float* logits, int classes) {
    const SoftmaxRow row = softmaxRow(std::span(logits, static_cast<std::size_t>(classes)));
    std::vector<double> shares;
    for (std::size_t c = 0; c < row.exponentials.size(); ++c) shares.push_back(row.probability(c));
    return shares;
}

double largestDifference(const std::vector<float>& a, const std::vector<float>& b) {
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] != b[i]) largest = std::max(largest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    return largest;
}

constexpr std::size_t mostLikeliest = 10;

std::vector<LensShare> likeliestOf(const std::vector<double>& shares) {
    std::vector<int> order(shares.size());
    std::iota(order.begin(), order.end(), 0);
    const auto share = [&](int answer) { return shares[static_cast<std::size_t>(answer)]; };
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(mostLikeliest, order.size()));
    std::partial_sort(order.begin(), end, order.end(), [&](int a, int b) { return share(a) != share(b) ? share(a) > share(b) : a < b; });
    std::vector<LensShare> likeliest;
    for (auto answer = order.begin(); answer != end; ++answer) likeliest.push_back({*answer, share(*answer)});
    return likeliest;
}

}  // namespace

LensReading readingOf(const float* logits, int classes, int target) {
    const std::vector<double> shares = softmaxOf(logits, classes);
    LensReading reading;
    reading.top = static_cast<int>(std::max_element(logits, logits + classes) - logits);
    reading.probability = shares[static_cast<std::size_t>(reading.top)];
    for (const double share : shares)
        if (share > 0) reading.entropy -= share * std::log2(share);
    reading.likeliest = likeliestOf(shares);
    if (target < 0) return reading;
    reading.ofTrue = shares[static_cast<std::size_t>(target)];
    reading.rank = static_cast<int>(std::count_if(logits, logits + classes, [&](float logit) { return logit > logits[target]; }));
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
    return softmaxOf(logits.data(), states.classes);
}

}  // namespace lab
