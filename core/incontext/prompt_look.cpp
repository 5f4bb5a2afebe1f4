#include "core/incontext/prompt_look.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lab {
namespace {

/// Of a dragged query: nearer to 0 it would not say where the axis is.
constexpr double nearestQuery = 1e-4;
constexpr double slopeStep = 1e-2;  ///< of the axis; vectors are floats, so a smaller one would tell their rounding

std::size_t count(int n) {
    return static_cast<std::size_t>(n);
}

double reachOf(const PromptLook& look, double wished) {
    double reach = std::max(wished, std::abs(look.query));
    for (const double place : look.places) reach = std::max(reach, std::abs(place));
    return std::max(reach, 1e-3);
}

/// Places of the axis as points, one after the other.
std::vector<double> pointsAt(const std::vector<double>& places, const std::vector<double>& direction) {
    std::vector<double> points;
    points.reserve(places.size() * direction.size());
    for (const double place : places)
        for (const double component : direction) points.push_back(place * component);
    return points;
}

MethodLine lineOf(const Method& method, const PromptLook& look) {
    MethodLine line;
    line.method = method;
    const auto weights = fittedWeights(method, look.prompt);
    if (!weights) return line;
    line.defined = true;
    line.slope = placeAlong(*weights, look.direction);
    line.answer = answerOf(look.prompt, *weights);
    line.fit = fitLoss(look.prompt, *weights);
    return line;
}

}  // namespace

std::vector<double> promptDirection(const FunctionPrompt& prompt) {
    const auto query = prompt.query();
    std::vector<double> direction(query.begin(), query.end());
    const double length = std::sqrt(placeAlong(query, query));
    if (length == 0) {
        direction.front() = 1;
        return direction;
    }
    const auto largest = std::ranges::max_element(direction, {}, [](double component) { return std::abs(component); });
    const double signedLength = *largest < 0 ? -length : length;
    for (double& component : direction) component /= signedLength;
    return direction;
}

double placeAlong(std::span<const double> point, std::span<const double> direction) {
    return std::inner_product(point.begin(), point.end(), direction.begin(), 0.0);
}

FunctionPrompt queryAt(const FunctionPrompt& prompt, double place) {
    std::vector<double> query = promptDirection(prompt);
    const bool keepsOff = prompt.dimensions > 1 && std::abs(place) < nearestQuery;
    const double at = keepsOff ? std::copysign(nearestQuery, place) : place;
    for (double& component : query) component *= at;
    return askedAt(prompt, query);
}

FunctionPrompt withPair(FunctionPrompt prompt, int i, double place, double y) {
    const std::vector<double> direction = promptDirection(prompt);
    const double moved = place - placeAlong(prompt.point(i), direction);
    for (std::size_t k = 0; k < direction.size(); ++k) prompt.x[count(i) * direction.size() + k] += moved * direction[k];
    prompt.y[count(i)] = y;
    // Of the function itself nothing is known at a point that was moved, nor whether it still is the same function.
    prompt.truth.clear();
    prompt.weights.clear();
    return prompt;
}

FunctionPrompt withAddedPair(const FunctionPrompt& prompt, double place, double y) {
    FunctionPrompt more = prompt;
    const std::vector<double> point = pointsAt({place}, promptDirection(prompt));
    more.x.insert(more.x.end() - prompt.dimensions, point.begin(), point.end());
    more.y.insert(more.y.begin() + prompt.points(), y);
    more.truth.clear();
    more.weights.clear();
    return more;
}

FunctionPrompt withoutPair(const FunctionPrompt& prompt, int i) {
    FunctionPrompt less = prompt;
    const auto from = less.x.begin() + static_cast<std::ptrdiff_t>(i) * prompt.dimensions;
    less.x.erase(from, from + prompt.dimensions);
    less.y.erase(less.y.begin() + i);
    if (!less.truth.empty()) less.truth.erase(less.truth.begin() + i);
    return less;
}

PromptLook lookAtPrompt(const Model& model, const Weights& weights, const PromptQuestion& question) {
    PromptLook look;
    look.prompt = question.prompt;
    look.direction = promptDirection(question.prompt);
    for (int i = 0; i < question.prompt.points(); ++i) look.places.push_back(placeAlong(question.prompt.point(i), look.direction));
    look.query = placeAlong(question.prompt.query(), look.direction);
    const double reach = reachOf(look, question.reach);
    for (int i = 0; i < question.samples; ++i) look.along.push_back(-reach + 2 * reach * i / (question.samples - 1));
    // The last three: the query, and a little to both sides of it.
    std::vector<double> asked = look.along;
    const double step = slopeStep * reach;
    asked.insert(asked.end(), {look.query, look.query - step, look.query + step});
    const PromptAnswers answers(model, weights, question.task);
    look.answers = answers.along(question.prompt, pointsAt(asked, look.direction));
    const auto at = [&look, n = look.along.size()](std::size_t i) { return look.answers[n + i]; };
    look.answer = at(0);
    look.slope = (at(2) - at(1)) / (2 * step);
    look.answers.resize(look.along.size());
    if (!question.prompt.truth.empty()) look.truth = question.prompt.truth.back();
    for (const Method& method : question.methods) look.lines.push_back(lineOf(method, look));
    look.evidence = inferenceEvidence(model, weights, question.task, question.prompt);
    return look;
}

double distanceFromLine(const PromptLook& look, double slope) {
    double apart = 0, largest = 0;
    for (std::size_t i = 0; i < look.along.size(); ++i) {
        const double line = slope * look.along[i];
        apart = std::max(apart, std::abs(look.answers[i] - line));
        largest = std::max(largest, std::abs(line));
    }
    return apart == 0 ? 0 : apart / std::max(largest, 1e-12);
}

}  // namespace lab
