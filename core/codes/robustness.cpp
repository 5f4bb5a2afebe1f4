#include "core/codes/robustness.h"

#include <algorithm>
#include <numeric>

#include "core/base/median.h"
#include "core/codes/drawn_changes.h"
#include "core/config/experiment.h"

namespace lab::codes {
namespace {

constexpr double coded = 0.3;  ///< share of the work that making codes is

/// The first of the set, as many as are asked for.
std::size_t takenOf(const SequenceSet& set, const RobustnessQuestion& question) {
    return std::min(set.samples.size(), static_cast<std::size_t>(std::max(0, question.sequences)));
}

std::vector<Opening> openingsOf(const std::vector<Sample>& samples) {
    std::vector<Opening> openings;
    for (const Sample& sample : samples) openings.push_back(openingOf(sample));
    return openings;
}

struct SymbolChange {
    std::size_t sequence = 0, position = 0;
    Symbols changed;
};

/// Number `number` of the changes of the sequences `of`: symbol after symbol, each by every other one.
SymbolChange changeAt(std::span<const Symbols> of, const std::vector<int>& symbols, std::int64_t number) {
    const auto others = std::ssize(symbols) - 1;
    SymbolChange change;
    while (number >= std::ssize(of[change.sequence]) * others) number -= std::ssize(of[change.sequence++]) * others;
    change.position = static_cast<std::size_t>(number / others);
    change.changed = of[change.sequence];
    int& symbol = change.changed[change.position];
    auto place = static_cast<std::size_t>(number % others);
    // The symbol that stands there is passed over; where it is none of these, the last of them stays untried.
    if (symbols[place] >= symbol) ++place;
    symbol = symbols[place];
    return change;
}

struct MeasuredChange {
    std::size_t position = 0;
    int slots = 0;
    double move = 0;
    std::optional<bool> exact;
};

SymbolRow rowOf(int position, const std::vector<MeasuredChange>& changes) {
    SymbolRow row;
    row.position = position;
    std::vector<double> moves;
    for (const MeasuredChange& change : changes) {
        if (position >= 0 && change.position != static_cast<std::size_t>(position)) continue;
        ++row.changes;
        row.unnoticed += change.slots == 0;
        row.slotsChanged += change.slots;
        row.move += change.move;
        moves.push_back(change.move);
        if (!change.exact) continue;
        if (!row.exact) row.exact.emplace();
        *row.exact += {*change.exact ? 1 : 0, 1};
    }
    row.slotsChanged /= std::max(1, row.changes);
    row.move /= std::max(1, row.changes);
    row.medianMove = medianOf(std::move(moves));
    return row;
}

std::vector<MeasuredChange> compared(const Coder& coder, const std::vector<SymbolChange>& changes, std::span<const Code> before,
                                     std::span<const Code> after) {
    const goedel::Natural largest = largestNumber(coder.shape());
    std::vector<MeasuredChange> measured;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const Code &from = before[changes[i].sequence], &to = after[i];
        const auto slots = static_cast<int>(differingPositions(from, to).size());
        measured.push_back({changes[i].position, slots,
                            distanceAsShare(numberOf(coder.shape(), from), numberOf(coder.shape(), to), largest), std::nullopt});
    }
    return measured;
}

/// False when the watch wants no more.
bool readBack(const Coder& coder, const Asking& asking, const std::vector<SymbolChange>& changes, std::span<const Code> codes,
              const Watch& watch, std::vector<MeasuredChange>& measured) {
    std::vector<Sample> samples;
    for (const SymbolChange& change : changes) samples.push_back(asking(change.changed));
    const auto decoded = coder.decoded(codes, openingsOf(samples), watch);
    if (!decoded) return false;
    for (std::size_t i = 0; i < samples.size(); ++i) measured[i].exact = wrongPositions(samples[i], (*decoded)[i]).empty();
    return true;
}

struct Flip {
    std::size_t sequence = 0;
    int slot = 0;
    Code code;
};

Flip flipAt(std::span<const Code> of, const BottleneckShape& shape, std::int64_t number) {
    const std::int64_t others = shape.codes - 1;
    Flip flip;
    flip.sequence = static_cast<std::size_t>(number / (shape.slotCount * others));
    flip.slot = static_cast<int>(number / others % shape.slotCount);
    flip.code = of[flip.sequence];
    int& code = flip.code[static_cast<std::size_t>(flip.slot)];
    const auto place = static_cast<int>(number % others);
    code = place + (place >= code);
    return flip;
}

void countFlip(const std::vector<int>& changed, bool exact, SlotRow& row) {
    ++row.flips;
    row.unnoticed += changed.empty();
    row.positions += static_cast<double>(changed.size());
    row.stillExact += exact;
}

void meanOfFlips(SlotRow& row) {
    row.positions /= std::max(1, row.flips);
    row.stillExact /= std::max(1, row.flips);
}

SlotRobustness tableOf(const BottleneckShape& shape, const std::vector<Flip>& flips, const std::vector<Sample>& samples,
                       std::span<const Symbols> before, std::span<const Symbols> after) {
    SlotRobustness table;
    for (const Symbols& answer : before) table.longest = std::max(table.longest, static_cast<int>(answer.size()));
    const auto longest = static_cast<std::size_t>(table.longest), slots = static_cast<std::size_t>(shape.slotCount);
    table.bySlot.resize(slots);
    table.byPositions.resize(longest + 1);
    table.positions.resize(slots * longest);
    for (std::size_t i = 0; i < flips.size(); ++i) {
        const std::vector<int> changed = differingPositions(before[flips[i].sequence], after[i]);
        const bool exact = wrongPositions(samples[flips[i].sequence], after[i]).empty();
        const auto slot = static_cast<std::size_t>(flips[i].slot);
        countFlip(changed, exact, table.all);
        countFlip(changed, exact, table.bySlot[slot]);
        ++table.byPositions[changed.size()];
        for (const int position : changed) table.positions[slot * longest + static_cast<std::size_t>(position)] += 1;
    }
    meanOfFlips(table.all);
    for (std::size_t m = 0; m < slots; ++m) {
        table.bySlot[m].slot = static_cast<int>(m);
        meanOfFlips(table.bySlot[m]);
        for (std::size_t p = 0; p < longest; ++p) table.positions[m * longest + p] /= std::max(1, table.bySlot[m].flips);
    }
    return table;
}

}  // namespace

std::optional<SymbolRobustness> symbolRobustness(const Coder& coder, const Experiment& experiment, const SequenceSet& set,
                                                 const RobustnessQuestion& question, const Watch& watch) {
    const std::vector<int> symbols = symbolsOf(experiment.task, set);
    const auto of = std::span(set.sequences).first(takenOf(set, question));
    SymbolRobustness table;
    std::int64_t possible = 0;
    std::size_t longest = 0;
    for (const Symbols& sequence : of) {
        possible += std::ssize(sequence) * std::max<std::ptrdiff_t>(0, std::ssize(symbols) - 1);
        longest = std::max(longest, sequence.size());
    }
    std::vector<SymbolChange> changes;
    std::vector<Symbols> changed;
    for (const std::int64_t number : drawnOf(possible, question.mostChanges, question.seed)) {
        changes.push_back(changeAt(of, symbols, number));
        changed.push_back(changes.back().changed);
    }
    const auto before = coder.codesOf(of);
    const auto after = coder.codesOf(changed, partOfWatch(watch, 0, coded));
    if (!after) return std::nullopt;
    std::vector<MeasuredChange> measured = compared(coder, changes, *before, *after);
    const Asking asking = askingOf(experiment);
    if (asking && !readBack(coder, asking, changes, *after, partOfWatch(watch, coded, 1), measured)) return std::nullopt;
    table.possible = possible;
    table.all = rowOf(-1, measured);
    for (std::size_t p = 0; p < longest; ++p) table.byPosition.push_back(rowOf(static_cast<int>(p), measured));
    table.bySlots.resize(static_cast<std::size_t>(coder.shape().slotCount) + 1);
    for (const MeasuredChange& change : measured) ++table.bySlots[static_cast<std::size_t>(change.slots)];
    return table;
}

std::optional<SlotRobustness> slotRobustness(const Coder& coder, const SequenceSet& set, const RobustnessQuestion& question,
                                             const Watch& watch) {
    const std::size_t taken = takenOf(set, question);
    const std::vector<Sample> samples(set.samples.begin(), set.samples.begin() + static_cast<std::ptrdiff_t>(taken));
    const std::vector<Opening> openings = openingsOf(samples);
    const auto codes = coder.codesOf(std::span(set.sequences).first(taken));
    const auto before = coder.decoded(*codes, openings, partOfWatch(watch, 0, coded));
    if (!before) return std::nullopt;
    const std::int64_t possible = std::int64_t{coder.shape().slotCount} * (coder.shape().codes - 1) * static_cast<std::int64_t>(taken);
    std::vector<Flip> flips;
    std::vector<Code> flipped;
    std::vector<Opening> flippedOpenings;
    for (const std::int64_t number : drawnOf(possible, question.mostChanges, question.seed)) {
        flips.push_back(flipAt(*codes, coder.shape(), number));
        flipped.push_back(flips.back().code);
        flippedOpenings.push_back(openings[flips.back().sequence]);
    }
    const auto after = coder.decoded(flipped, flippedOpenings, partOfWatch(watch, coded, 1));
    if (!after) return std::nullopt;
    SlotRobustness table = tableOf(coder.shape(), flips, samples, *before, *after);
    table.possible = possible;
    return table;
}

}  // namespace lab::codes
