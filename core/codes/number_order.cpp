#include "core/codes/number_order.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/median.h"
#include "core/base/random.h"
#include "core/config/experiment.h"
#include "core/goedel/goedel_number.h"

namespace lab::codes {
namespace {

using goedel::Natural;

/// Of all Gödel numbers together: as many are made and kept.
constexpr double mostBitsKept = 2e8;

/// Ranks from 0; equal ones have the mean of theirs.
template <class Value>
std::vector<double> ranksOf(const std::vector<Value>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> ranks(values.size());
    for (std::size_t begin = 0; begin < order.size();) {
        std::size_t end = begin;
        while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
        for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = static_cast<double>(begin + end - 1) / 2;
        begin = end;
    }
    return ranks;
}

/// Pearson's correlation.
std::optional<double> correlation(const std::vector<double>& a, const std::vector<double>& b) {
    const auto n = static_cast<double>(a.size());
    const double meanA = std::accumulate(a.begin(), a.end(), 0.0) / n, meanB = std::accumulate(b.begin(), b.end(), 0.0) / n;
    double together = 0, ofA = 0, ofB = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        together += (a[i] - meanA) * (b[i] - meanB);
        ofA += (a[i] - meanA) * (a[i] - meanA);
        ofB += (b[i] - meanB) * (b[i] - meanB);
    }
    if (!(ofA > 0) || !(ofB > 0)) return std::nullopt;
    return together / std::sqrt(ofA * ofB);
}

double shareInOrder(const std::vector<double>& a, const std::vector<double>& b) {
    std::int64_t kept = 0, pairs = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = i + 1; j < a.size(); ++j, ++pairs) kept += (a[i] < a[j] && b[i] < b[j]) || (a[i] > a[j] && b[i] > b[j]);
    return static_cast<double>(kept) / static_cast<double>(std::max<std::int64_t>(1, pairs));
}

double bitsOfNumber(const Natural& number) {
    return number.isZero() ? 0 : (number + 1).log2();
}

/// A sequence with one symbol one up or down.
struct Step {
    std::size_t sequence = 0;
    Symbols changed;
};

/// Symbols are numbers below `alphabet`.
std::vector<Step> stepsOf(std::span<const Symbols> sequences, int alphabet, const OrderQuestion& question) {
    std::vector<Step> steps;
    if (alphabet < 2) return steps;
    const RandomStream draw(question.seed, "codes.steps");
    std::uint64_t next = 0;
    for (std::size_t i = 0; i < sequences.size(); ++i)
        for (int k = 0; k < question.movesEach; ++k) {
            Step step{i, sequences[i]};
            int& symbol = step.changed[draw.below(next++, static_cast<std::uint32_t>(sequences[i].size()))];
            const bool up = draw.below(next++, 2) == 1;
            symbol += symbol == 0 || (up && symbol + 1 < alphabet) ? 1 : -1;
            steps.push_back(std::move(step));
        }
    return steps;
}

void measureMoves(const std::vector<Natural>& numbers, const std::vector<Step>& steps, const std::vector<Natural>& moved,
                  NumberMeasures& measures) {
    std::vector<Natural> sorted = numbers;
    std::ranges::sort(sorted, [](const Natural& a, const Natural& b) { return a < b; });
    const auto placeOf = [&](const Natural& number) {
        return std::ranges::lower_bound(sorted, number, [](const Natural& a, const Natural& b) { return a < b; }) - sorted.begin();
    };
    std::vector<double> moves, rankMoves;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const Natural &before = numbers[steps[i].sequence], &after = moved[i];
        const Natural& larger = before < after ? after : before;
        moves.push_back(larger.isZero() ? 0 : distanceAsShare(before, after, larger));
        const auto places = static_cast<double>(std::abs(placeOf(before) - placeOf(after)));
        rankMoves.push_back(places / static_cast<double>(sorted.size()));
    }
    measures.moves = static_cast<int>(steps.size());
    measures.medianMove = medianOf(std::move(moves));
    measures.medianRankMove = medianOf(std::move(rankMoves));
}

NumberMeasures measuresOf(const std::vector<Natural>& numbers, const std::vector<double>& lexicographic, const std::vector<Step>& steps,
                          const std::vector<Natural>& moved) {
    NumberMeasures measures;
    std::vector<double> bits;
    for (const Natural& number : numbers) bits.push_back(bitsOfNumber(number));
    measures.mostBits = bits.empty() ? 0 : *std::ranges::max_element(bits);
    measures.medianBits = medianOf(std::move(bits));
    const std::vector<double> ranks = ranksOf(numbers);
    measures.rankCorrelation = correlation(ranks, lexicographic);
    measures.pairsInOrder = shareInOrder(ranks, lexicographic);
    measureMoves(numbers, steps, moved, measures);
    return measures;
}

std::vector<Natural> learnedNumbers(const BottleneckShape& shape, std::span<const Code> codes) {
    std::vector<Natural> numbers;
    for (const Code& code : codes) numbers.push_back(numberOf(shape, code));
    return numbers;
}

/// As many of the first sequences as Gödel numbers, with those of the steps, may be kept of; all must be small enough to be made.
std::size_t affordable(std::span<const Symbols> sequences, const OrderQuestion& question) {
    double bits = 0;
    std::size_t count = 0;
    for (; count < sequences.size() && bits < mostBitsKept; ++count) {
        goedel::checkSize(sequences[count]);
        bits += (1 + question.movesEach) * goedel::bitsOf(goedel::factorsOf(sequences[count]));
    }
    return count;
}

std::vector<Natural> goedelNumbers(std::span<const Symbols> sequences, const Watch& watch) {
    std::vector<Natural> numbers;
    for (const Symbols& sequence : sequences) {
        const double share = static_cast<double>(numbers.size()) / static_cast<double>(sequences.size());
        numbers.push_back(goedel::goedelNumber(sequence, [&] { return watch && !watch(share); }));
        if (watch && !watch(share)) throw goedel::Cancelled();
    }
    return numbers;
}

}  // namespace

std::optional<double> rankCorrelation(const std::vector<double>& a, const std::vector<double>& b) {
    return correlation(ranksOf(a), ranksOf(b));
}

std::optional<NumberOrder> numberOrder(const Coder& coder, const Experiment& experiment, const SequenceSet& set, const CodeReport& report,
                                       const OrderQuestion& question, const Watch& watch) try {
    constexpr double coded = 0.5;  // share of the work
    const std::size_t asked = std::min(set.sequences.size(), static_cast<std::size_t>(std::max(0, question.sequences)));
    const std::size_t count = affordable(std::span(set.sequences).first(asked), question);
    const auto sequences = std::span(set.sequences).first(count);
    const std::vector<int> symbols = symbolsOf(experiment.task, set);
    const std::vector<Step> steps = stepsOf(sequences, symbols.empty() ? 0 : symbols.back() + 1, question);
    std::vector<Symbols> changed;
    for (const Step& step : steps) changed.push_back(step.changed);
    const auto codes = coder.codesOf(changed, partOfWatch(watch, 0, coded));
    if (!codes) return std::nullopt;
    const std::vector<double> lexicographic = ranksOf(std::vector<Symbols>(sequences.begin(), sequences.end()));
    NumberOrder order;
    order.sequences = static_cast<int>(count);
    order.bitsRoom = report.bitsRoom;
    order.learned = measuresOf(learnedNumbers(coder.shape(), std::span(report.codes).first(count)), lexicographic, steps,
                               learnedNumbers(coder.shape(), *codes));
    order.learned.lossless = report.isLosslessHere();
    const std::vector<Natural> numbers = goedelNumbers(sequences, partOfWatch(watch, coded, 0.6));
    order.goedel = measuresOf(numbers, lexicographic, steps, goedelNumbers(changed, partOfWatch(watch, 0.6, 1)));
    order.goedel.lossless = true;  // by the fundamental theorem of arithmetic
    return order;
} catch (const goedel::Cancelled&) {
    return std::nullopt;
}

}  // namespace lab::codes
