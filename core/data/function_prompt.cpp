#include "core/data/function_prompt.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/random.h"
#include "core/config/model_config.h"
#include "core/data/vector_sample.h"

namespace lab {
namespace {

constexpr std::string_view partNames[] = {"functions.train", "functions.validation", "functions.test", "functions.study"};

std::size_t promptSize(int n) {
    return static_cast<std::size_t>(n);
}

/// The numbers of one prompt: a stream of its own among those of its part.
class PromptNumbers {
public:
    PromptNumbers(std::uint64_t seed, FunctionPart part, std::int64_t i, std::int64_t each)
        : m_random(seed, partNames[static_cast<std::size_t>(part)]), m_next(static_cast<std::uint64_t>(i * each)) {}

    double normal() { return m_random.normal(m_next++); }
    double uniform() { return m_random.uniform(m_next++); }
    int below(int n) { return static_cast<int>(uniform() * n); }

private:
    RandomStream m_random;
    std::uint64_t m_next;
};

/// More than any prompt of this task draws.
std::int64_t numbersOfPrompt(const FunctionConfig& task) {
    const std::int64_t d = task.dimensions, points = task.points + 1, hidden = task.hidden;
    const std::int64_t function = task.function == FunctionKind::relu ? hidden * (d + 1) : 2 * d;
    return points * (d + 1) + function;
}

void drawPoints(const FunctionConfig& task, PromptNumbers& numbers, FunctionPrompt& prompt) {
    for (double& x : prompt.x) x = task.input_scale * (task.inputs == InputDraw::uniform ? numbers.uniform() - 0.5 : numbers.normal());
}

/// Of sparse functions a choice of coordinates without order: the first `nonzero` of a shuffled list.
std::vector<double> drawWeights(const FunctionConfig& task, PromptNumbers& numbers) {
    std::vector<double> weights(promptSize(task.dimensions));
    for (double& w : weights) w = task.weight_scale * numbers.normal();
    if (task.function != FunctionKind::sparse) return weights;
    std::vector<int> order(weights.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
    for (int i = 0; i < task.nonzero; ++i) std::swap(order[promptSize(i)], order[promptSize(i + numbers.below(task.dimensions - i))]);
    for (int i = task.nonzero; i < task.dimensions; ++i) weights[promptSize(order[promptSize(i)])] = 0;
    return weights;
}

double productOf(std::span<const double> a, std::span<const double> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

void fillRelu(const FunctionConfig& task, PromptNumbers& numbers, FunctionPrompt& prompt) {
    const double factor = task.weight_scale * std::sqrt(2.0 / task.hidden);
    std::vector<double> unit(promptSize(task.dimensions));
    for (int h = 0; h < task.hidden; ++h) {
        for (double& w : unit) w = numbers.normal();
        const double out = factor * numbers.normal();
        for (int p = 0; p <= prompt.points(); ++p) prompt.truth[promptSize(p)] += out * std::max(0.0, productOf(unit, prompt.point(p)));
    }
}

/// Where the vectors of a layout lie.
struct PromptVectors {
    int width, first, count, stride;  ///< numbers of a vector; positions of the first x and from one x to the next

    PromptVectors(const ModelConfig& model, const FunctionConfig& task, int points)
        : width(task.layout == PromptLayout::joined ? task.dimensions + 1 : task.dimensions),
          first(firstVector(model)),
          count(task.layout == PromptLayout::joined ? points + 1 : 2 * points + 1),
          stride(task.layout == PromptLayout::joined ? 1 : 2) {}

    /// Where y of point p stands: behind x in its vector, or first in the next.
    std::size_t labelOf(int p) const { return stride == 1 ? promptSize(p * width + width - 1) : promptSize((2 * p + 1) * width); }
    std::size_t inputOf(int p) const { return promptSize(p * stride * width); }
};

}  // namespace

std::span<const double> FunctionPrompt::point(int i) const {
    return std::span(x).subspan(promptSize(i * dimensions), promptSize(dimensions));
}

FunctionPrompt drawPrompt(const FunctionConfig& task, std::uint64_t seed, FunctionPart part, std::int64_t i) {
    PromptNumbers numbers(seed, part, i, numbersOfPrompt(task));
    FunctionPrompt prompt;
    prompt.dimensions = task.dimensions;
    const std::size_t points = promptSize(task.points + 1);
    prompt.x.resize(points * promptSize(task.dimensions));
    prompt.truth.assign(points, 0);
    drawPoints(task, numbers, prompt);
    if (specOf(task.function).isLinear) {
        prompt.weights = drawWeights(task, numbers);
        for (int p = 0; p <= task.points; ++p) prompt.truth[promptSize(p)] = productOf(prompt.weights, prompt.point(p));
    } else {
        fillRelu(task, numbers, prompt);
    }
    prompt.y = prompt.truth;
    if (task.noise > 0)
        for (double& y : prompt.y) y += task.noise * numbers.normal();
    return prompt;
}

FunctionPrompt scaled(FunctionPrompt prompt, double x, double w) {
    // Both kinds of function are homogeneous in x and in what is drawn for them.
    for (double& value : prompt.x) value *= x;
    for (double& value : prompt.weights) value *= w;
    for (std::size_t p = 0; p < prompt.y.size(); ++p) {
        const double told = p < prompt.truth.size() ? prompt.truth[p] : prompt.y[p];
        prompt.y[p] += told * (x * w - 1);
    }
    for (double& value : prompt.truth) value *= x * w;
    return prompt;
}

FunctionPrompt askedAt(FunctionPrompt prompt, std::span<const double> query) {
    std::ranges::copy(query, prompt.x.end() - prompt.dimensions);
    const bool known = !prompt.weights.empty();
    prompt.y.back() = known ? productOf(prompt.weights, query) : 0;
    if (known && !prompt.truth.empty())
        prompt.truth.back() = prompt.y.back();
    else
        prompt.truth.clear();
    return prompt;
}

FunctionPrompt withPoints(const FunctionPrompt& prompt, int points) {
    FunctionPrompt fewer = prompt;
    const int from = prompt.points();
    if (points >= from) return fewer;
    const auto drop = [points, from](std::vector<double>& values, int each) {
        if (!values.empty()) values.erase(values.begin() + points * each, values.begin() + from * each);
    };
    drop(fewer.x, prompt.dimensions);
    drop(fewer.y, 1);
    drop(fewer.truth, 1);
    return fewer;
}

int answerPosition(const ModelConfig& model, const FunctionConfig& task, int points) {
    const PromptVectors at(model, task, points);
    return model.readout == Readout::class_token ? 0 : at.first + points * at.stride;
}

Sample promptSample(const ModelConfig& model, const FunctionConfig& task, const FunctionPrompt& prompt) {
    const int points = prompt.points();
    const PromptVectors at(model, task, points);
    std::vector<float> vectors(promptSize(at.count * at.width), 0);
    for (int p = 0; p <= points; ++p) {
        std::ranges::transform(prompt.point(p), vectors.begin() + static_cast<std::ptrdiff_t>(at.inputOf(p)),
                               [](double x) { return static_cast<float>(x); });
        if (p < points) vectors[at.labelOf(p)] = static_cast<float>(prompt.y[promptSize(p)]);
    }
    Sample sample = vectorSample(model, std::move(vectors), at.count);
    const bool every = task.layout == PromptLayout::separate && model.readout == Readout::every;
    for (int p = every ? 0 : points; p <= points && !prompt.truth.empty(); ++p) {
        const auto wanted = static_cast<float>(prompt.truth[promptSize(p)]);
        const int position = p == points ? answerPosition(model, task, points) : at.first + p * at.stride;
        askNumbers(sample, position, std::span(&wanted, 1));
    }
    return sample;
}

std::optional<FunctionPrompt> promptOf(const ModelConfig& model, const FunctionConfig& task, std::span<const float> vectors,
                                       std::span<const float> values) {
    const bool joined = task.layout == PromptLayout::joined;
    const std::size_t width = promptSize(joined ? task.dimensions + 1 : task.dimensions), first = promptSize(firstVector(model));
    if (vectors.size() % width != 0 || vectors.size() / width < first + 2) return std::nullopt;
    const int count = static_cast<int>(vectors.size() / width - first);
    if (!joined && count % 2 == 0) return std::nullopt;
    const int points = joined ? count - 1 : count / 2;
    const PromptVectors at(model, task, points);
    const std::span<const float> numbers = vectors.subspan(first * width);
    FunctionPrompt prompt;
    prompt.dimensions = task.dimensions;
    for (int p = 0; p <= points; ++p) {
        const auto x = numbers.subspan(at.inputOf(p), promptSize(task.dimensions));
        prompt.x.insert(prompt.x.end(), x.begin(), x.end());
        prompt.y.push_back(p < points ? numbers[at.labelOf(p)] : 0);
    }
    const std::size_t asked = promptSize(answerPosition(model, task, points));
    if (values.size() != vectors.size() / width) return prompt;
    prompt.y.back() = values[asked];
    prompt.truth = prompt.y;
    return prompt;
}

}  // namespace lab
