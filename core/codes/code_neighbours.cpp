#include "core/codes/code_neighbours.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "core/base/errors.h"

namespace lab::codes {
namespace {

double distanceOf(const std::vector<float>& a, const std::vector<float>& b) {
    double squares = 0;
    for (std::size_t i = 0; i < a.size(); ++i) squares += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
    return std::sqrt(squares);
}

CodeOfSequence lookedAt(const Coder& coder, const Symbols& sequence, const Opening& opening) {
    CodeOfSequence look;
    look.sequence = sequence;
    look.code = coder.codeOf(sequence);
    look.number = numberOf(coder.shape(), look.code);
    look.largest = largestNumber(coder.shape());
    look.opening = opening;
    look.decoded = coder.decoded(look.code, opening);
    return look;
}

std::vector<DialTurn> turnedTo(const Coder& coder, const Code& code, const Symbols& decoded, const Opening& opening, int slot,
                               const std::vector<int>& to) {
    std::vector<DialTurn> turns;
    std::vector<Code> codes;
    const auto place = static_cast<std::size_t>(slot);
    for (const int c : to) {
        Code& other = codes.emplace_back(code);
        other[place] = c;
        turns.push_back({slot, code[place], c, other, numberOf(coder.shape(), other), {}, {}});
    }
    auto read = *coder.decoded(codes, std::vector<Opening>(codes.size(), opening));
    for (std::size_t i = 0; i < turns.size(); ++i) {
        turns[i].decoded = std::move(read[i]);
        turns[i].changed = differingPositions(decoded, turns[i].decoded);
    }
    return turns;
}

void checkSlot(const BottleneckShape& shape, int slot) {
    if (slot < 0 || slot >= shape.slotCount)
        throw InputError(Message(LAB_TEXT("codes", "There is no slot %1; they are 0 .. %2.")).arg(slot).arg(shape.slotCount - 1));
}

}  // namespace

std::vector<Neighbour> nearestSequences(const Coder& coder, const Symbols& sequence, const Code& code, const SequenceSet& set,
                                        std::span<const Code> codes, std::size_t count) {
    const std::vector<float> sent = coder.sentFor(code);
    std::vector<Neighbour> all;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (set.sequences[i] == sequence) continue;
        all.push_back({i, differingPositions(code, codes[i]), distanceOf(sent, coder.sentFor(codes[i])), {}});
    }
    const auto keep = static_cast<std::ptrdiff_t>(std::min(count, all.size()));
    std::ranges::partial_sort(all, all.begin() + keep, {},
                              [](const Neighbour& n) { return std::tuple(n.otherSlots.size(), n.distance, n.index); });
    all.resize(static_cast<std::size_t>(keep));
    for (Neighbour& neighbour : all) neighbour.differing = differingPositions(sequence, set.sequences[neighbour.index]);
    return all;
}

DialTurn turned(const Coder& coder, const Code& code, const Symbols& decoded, const Opening& opening, int slot, int to) {
    checkSlot(coder.shape(), slot);
    Code other = code;
    other[static_cast<std::size_t>(slot)] = to;
    checkCode(coder.shape(), other);
    return turnedTo(coder, code, decoded, opening, slot, {to}).front();
}

std::vector<DialTurn> turnedAround(const Coder& coder, const Code& code, const Symbols& decoded, const Opening& opening, int slot) {
    checkSlot(coder.shape(), slot);
    std::vector<int> all(static_cast<std::size_t>(coder.shape().codes));
    std::iota(all.begin(), all.end(), 0);
    return turnedTo(coder, code, decoded, opening, slot, all);
}

CodeOfSequence lookedAt(const Coder& coder, const Sample& sample) {
    CodeOfSequence look = lookedAt(coder, sample.tokens, openingOf(sample));
    look.wanted = sample.targets;
    look.wrong = wrongPositions(sample, look.decoded);
    return look;
}

CodeOfSequence lookedAt(const Coder& coder, const LoadedTask& task, const Symbols& sequence) {
    coder.check(sequence);  // before the task is asked about it
    if (const Asking asking = askingOf(task.experiment)) return lookedAt(coder, asking(sequence));
    return lookedAt(coder, sequence, openingFor(task, sequence));
}

}  // namespace lab::codes
