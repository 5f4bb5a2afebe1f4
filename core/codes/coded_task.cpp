#include "core/codes/coded_task.h"

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/goedel/goedel_number.h"

namespace lab::codes {
namespace {

/// Ends a measurement that nobody waits for.
struct Unwatched {};

template <class Result>
Result waitedFor(std::optional<Result> result) {
    if (!result) throw Unwatched();
    return std::move(*result);
}

void compareNumbers(const CodedTask& coded, const Watch& watch, CodeMeasures& measures) {
    try {
        measures.order = waitedFor(numberOrder(coded.coder, coded.task.experiment, coded.set, measures.report, {}, watch));
    } catch (const InputError& error) {
        measures.notCompared = error.message();
    }
}

}  // namespace

std::optional<CodeMeasures> measured(const CodedTask& coded, const MeasuresWanted& wanted, const Watch& watch) {
    const Experiment& experiment = coded.task.experiment;
    CodeMeasures measures;
    try {
        measures.report = waitedFor(codeReport(coded.coder, experiment.task, coded.set, {}, watch));
        compareNumbers(coded, watch, measures);
        if (wanted.changes) {
            measures.symbolChanges = waitedFor(symbolRobustness(coded.coder, experiment, coded.set, {}, watch));
            measures.slotFlips = waitedFor(slotRobustness(coded.coder, coded.set, {}, watch));
        }
        if (wanted.lengths)
            measures.lengths =
                waitedFor(byLength(coded.coder, experiment, lengthsAround(experiment.task.seq_len), measures.report.sequences, watch));
    } catch (const Unwatched&) {
        return std::nullopt;
    }
    return measures;
}

std::optional<SequenceLook> lookedAt(const CodedTask& coded, const Symbols& sequence, std::size_t nearest, std::span<const Turn> turns,
                                     const Watch& watch) {
    SequenceLook look{lookedAt(coded.coder, coded.task, sequence), {}, {}, {}, {}};
    look.goedel = goedel::goedelNumber(sequence);
    auto codes = coded.coder.codesOf(coded.set.sequences, watch);
    if (!codes) return std::nullopt;
    look.codes = std::move(*codes);
    look.nearest = nearestSequences(coded.coder, sequence, look.own.code, coded.set, look.codes, nearest);
    for (const Turn& turn : turns)
        look.turns.push_back(turned(coded.coder, look.own.code, look.own.decoded, look.own.opening, turn.slot, turn.code));
    return look;
}

DecodedNumber decodedNumber(const CodedTask& coded, goedel::Natural number) {
    Code code = codeOfNumber(coded.coder.shape(), number);
    if (coded.set.size() == 0) throw InputError(LAB_TEXT("codes", "This run has no sequences that say how many tokens to decode."));
    Symbols decoded = coded.coder.decoded(code, openingOf(coded.set.samples.front()));
    return {std::move(number), std::move(code), std::move(decoded)};
}

}  // namespace lab::codes
