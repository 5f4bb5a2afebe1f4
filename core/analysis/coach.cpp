#include "core/analysis/coach.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/uniform_maps.h"

namespace lab {
namespace {

constexpr std::int64_t longAtChance = 200;  ///< steps after the warm-up
constexpr double noticeableRise = 0.02;     ///< of the best validation loss
constexpr double leastRise = 0.01;          ///< nats: less is the noise of a loss near 0
constexpr double spentShare = 0.01;         ///< of the highest learning rate

std::span<const CoachEvaluation> lastOf(const std::vector<CoachEvaluation>& evaluations, std::size_t count) {
    const std::span all(evaluations);
    return all.size() < count ? std::span<const CoachEvaluation>() : all.last(count);
}

bool nothingMore(const TrainingStory& story) {
    const auto last = lastOf(story.evaluations, inARow);
    return story.step < story.steps && !last.empty() &&
           std::ranges::all_of(last, [](const CoachEvaluation& each) { return each.accuracy >= 1.0; });
}

bool isSpent(const TrainingStory& story) {
    return story.step < story.steps && story.step > story.warmupSteps && story.learningRate <= spentShare * story.highestLearningRate;
}

std::optional<Advice> validationRises(const TrainingStory& story) {
    const auto last = lastOf(story.evaluations, inARow + 1);
    if (last.empty()) return std::nullopt;
    const auto doesNotRise = [](const CoachEvaluation& before, const CoachEvaluation& after) { return !(after.loss > before.loss); };
    if (std::ranges::adjacent_find(last, doesNotRise) != last.end()) return std::nullopt;
    const double best = std::ranges::min(story.evaluations, {}, &CoachEvaluation::loss).loss;
    if (last.back().loss < best + std::max(noticeableRise * best, leastRise)) return std::nullopt;
    return Advice{AdviceKind::validationRises, -1, last.front().step, last.back().trainLoss < last.front().trainLoss};
}

/// It has not done one thing all along, and the last looks found the same.
std::optional<Advice> formed(const std::vector<HeadSight>& sights, int head) {
    if (sights.size() <= inARow || !metricOf(sights.back().kind)) return std::nullopt;
    std::size_t first = sights.size() - 1;
    while (first > 0 && sights[first - 1].kind == sights.back().kind) --first;
    if (first == 0 || sights.size() - first < inARow) return std::nullopt;
    return Advice{AdviceKind::headFormed, head, sights[first].step, false};
}

}  // namespace

std::vector<Advice> adviceOn(const TrainingStory& story) {
    std::vector<Advice> advice;
    const bool guesses = story.chanceLoss > 0.0 && isGuessing(story.recentLoss, story.chanceLoss);
    if (nothingMore(story)) advice.push_back({.kind = AdviceKind::nothingMore});
    if (const auto rise = validationRises(story)) advice.push_back(*rise);
    for (std::size_t head = 0; head < story.heads.size() && !guesses; ++head)
        if (const auto found = formed(story.heads[head], static_cast<int>(head))) advice.push_back(*found);
    if (isSpent(story)) advice.push_back({.kind = AdviceKind::spent});
    if (guesses && story.step >= story.warmupSteps + longAtChance) advice.push_back({.kind = AdviceKind::atChance});
    return advice;
}

}  // namespace lab
