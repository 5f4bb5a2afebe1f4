#include "core/codes/lengths.h"

#include <set>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/training/length_evaluation.h"

namespace lab::codes {
namespace {

/// False when the watch wants no more.
bool measure(const Coder& coder, const Experiment& experiment, int sequences, const Watch& watch, LengthRow& row) {
    Experiment other = atSequenceLength(experiment, row.length, std::nullopt);
    other.task.test_size = sequences;
    const LoadedTask task = loadTask(other, {});
    CodeQuestion question;
    question.sequences = sequences;
    question.mostCollisions = 0;
    question.losses = false;
    const auto report = codeReport(coder, task, question, watch);
    if (!report) return false;
    row.sequences = report->sequences;
    row.exact = report->exact;
    row.positions = report->positions;
    row.colliding = report->colliding;
    row.bitsNeeded = report->needed.bits;
    return true;
}

}  // namespace

std::vector<int> lengthsAround(int trained) {
    std::set<int> lengths;
    for (const int length : {trained / 2, trained - 2, trained - 1, trained, trained + 1, trained + 2, trained + trained / 2, 2 * trained})
        if (length >= 1) lengths.insert(length);
    return {lengths.begin(), lengths.end()};
}

std::optional<std::vector<LengthRow>> byLength(const Coder& coder, const Experiment& experiment, const std::vector<int>& lengths,
                                               int sequences, const Watch& watch) {
    (void)atSequenceLength(experiment, experiment.task.seq_len, std::nullopt);  // throws for what has no other lengths
    std::vector<LengthRow> rows;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        const auto shareAt = [&](std::size_t done) { return static_cast<double>(done) / static_cast<double>(lengths.size()); };
        LengthRow& row = rows.emplace_back();
        row.length = lengths[i];
        row.trained = row.length == experiment.task.seq_len;
        try {
            if (!measure(coder, experiment, sequences, partOfWatch(watch, shareAt(i), shareAt(i + 1)), row)) return std::nullopt;
        } catch (const InputError& error) {
            row.cannot = error.message();
        }
    }
    return rows;
}

}  // namespace lab::codes
