#include "core/data/guessing.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "core/config/experiment.h"
#include "core/data/dataset.h"

namespace lab {
namespace {

constexpr std::int64_t tokensCounted = 1 << 17;  // half of them to learn from, half to be held against
constexpr std::int64_t numbersCounted = 1 << 13;
constexpr double noticeable = 0.02;  // of the accuracy, and in nats

/// How often each answer occurred, smoothed so that none is impossible.
class Frequencies {
public:
    void add(int answer) {
        ++m_counts[answer];
        ++m_total;
        if (m_counts[answer] > m_counts[m_best]) m_best = answer;
    }
    int commonest() const { return m_best; }
    double share(int answer, int choices) const {
        const auto found = m_counts.find(answer);
        return ((found == m_counts.end() ? 0 : found->second) + 1.0 / choices) / (m_total + 1.0);
    }

private:
    std::map<int, int> m_counts;
    int m_total = 0, m_best = 0;
};

/// What a guess made of an answer and of its place is worth over samples.
class Account {
public:
    void add(const Frequencies& known, int answer, int choices) {
        m_loss -= std::log(known.share(answer, choices));
        m_right += known.commonest() == answer ? 1 : 0;
        ++m_count;
    }
    Guess guess() const { return {m_loss / std::max(m_count, 1), static_cast<double>(m_right) / std::max(m_count, 1)}; }
    bool empty() const { return m_count == 0; }

private:
    double m_loss = 0.0;
    int m_right = 0, m_count = 0;
};

bool isBetter(const Guess& guess, const Guess& than) {
    return guess.accuracy >= than.accuracy + noticeable && guess.loss <= than.loss - noticeable;
}

/// As many samples, from the first on, as hold the tokens that are counted; of overlapping blocks some from all over the text.
std::vector<std::vector<int>> someTargets(const Dataset& dataset) {
    std::vector<std::vector<int>> targets;
    std::int64_t tokens = 0;
    const auto length = std::max<std::int64_t>(1, std::ssize(dataset.trainSample(0).targets));
    const auto step = dataset.drawsBlocks() ? static_cast<int>(std::max(length, dataset.trainSize() * length / tokensCounted)) : 1;
    for (int i = 0; i < dataset.trainSize() && tokens < tokensCounted; i += step) {
        targets.push_back(dataset.trainSample(i).targets);
        tokens += std::ssize(targets.back());
    }
    return targets;
}

/// Sums over the numbers that are asked for, so many at each place.
struct NumberSums {
    std::vector<double> sums;
    double squares = 0;
    std::int64_t count = 0;

    void add(const Sample& sample) {
        const std::size_t width = sums.size();
        for (std::size_t place = 0; place < sample.targets.size(); ++place) {
            if (sample.targets[place] < 0) continue;
            ++count;
            for (std::size_t i = 0; i < width; ++i) {
                const auto value = static_cast<double>(sample.values[place * width + i]);
                sums[i] += value;
                squares += value * value;
            }
        }
    }
    /// Half the mean square of the difference from one answer for all.
    double lossOf(const std::vector<double>& answer) const {
        double sum = squares;
        for (std::size_t i = 0; i < sums.size(); ++i) sum += answer[i] * (answer[i] * static_cast<double>(count) - 2 * sums[i]);
        return sum / (2.0 * static_cast<double>(std::max<std::int64_t>(1, count)) * static_cast<double>(sums.size()));
    }
};

/// As with classes: half of the samples to learn the mean from, half to be held against.
Guesses numberGuessesOf(int outputs, const Dataset& dataset) {
    const std::vector<double> zero(static_cast<std::size_t>(outputs));
    NumberSums known{zero}, others{zero};
    for (int i = 0; i < dataset.trainSize() && known.count + others.count < numbersCounted; ++i)
        (i % 2 == 0 ? known : others).add(dataset.trainSample(i));
    std::vector<double> mean = known.sums;
    for (double& x : mean) x /= static_cast<double>(std::max<std::int64_t>(1, known.count));
    Guesses guesses;
    guesses.numbers = true;
    guesses.uniform = {others.lossOf(zero), 0.0};
    const double loss = others.lossOf(mean), explained = 1 - loss / std::max(guesses.uniform.loss, 1e-300);
    if (explained >= noticeable) guesses.commonest = {loss, explained};
    return guesses;
}

}  // namespace

Guesses guessesOf(const Experiment& experiment, const Dataset& dataset) {
    if (experiment.model.answersNumbers()) return numberGuessesOf(*experiment.model.num_classes, dataset);
    Guesses guesses;
    guesses.choices =
        std::max(1, experiment.task.kind->isBuiltIn() ? experiment.task.vocab_size : experiment.model.num_classes.value_or(1));
    guesses.uniform = {std::log(static_cast<double>(guesses.choices)), 1.0 / guesses.choices};

    const std::vector<std::vector<int>> targets = someTargets(dataset);
    Frequencies everywhere;
    std::map<std::size_t, Frequencies> atPlace;
    Account commonest, byPlace;
    for (const bool learning : {true, false})
        for (std::size_t s = learning ? 0 : 1; s < targets.size(); s += 2)
            for (std::size_t place = 0; place < targets[s].size(); ++place) {
                const int answer = targets[s][place];
                if (answer < 0) continue;
                if (learning) {
                    everywhere.add(answer);
                    atPlace[place].add(answer);
                } else {
                    commonest.add(everywhere, answer, guesses.choices);
                    byPlace.add(atPlace[place], answer, guesses.choices);
                }
            }
    if (commonest.empty()) return guesses;
    if (isBetter(commonest.guess(), guesses.uniform)) guesses.commonest = commonest.guess();
    if (isBetter(byPlace.guess(), guesses.commonest.value_or(guesses.uniform))) guesses.byPlace = byPlace.guess();
    return guesses;
}

}  // namespace lab
