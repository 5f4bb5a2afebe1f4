#pragma once

#include <optional>
#include <vector>

#include "core/base/message.h"
#include "core/config/dictionary_kind.h"
#include "core/sweep/results_table.h"
#include "core/sweep/sweep.h"
#include "core/training/dictionary_cost.h"

// What a sweep over ways to give a dictionary (model.dictionary.kind) and its size (task.entries) says together.

namespace lab {

/// The runs of one way and one size; seeds are what they differ in.
struct DictionaryPoint {
    DictionaryKind kind = DictionaryKind::none;
    int entries = 0;
    int trainEntries = 0;
    int runs = 0;  ///< with an accuracy; those that diverged count as nothing right
    double accuracy = 0;
    double deviation = 0;  ///< standard deviation over the runs (N - 1); 0 of one
    DictionaryCost cost;
};

/// In the order of ways, then sizes; empty of a sweep of something else.
std::vector<DictionaryPoint> dictionaryPoints(const Sweep& sweep, const ResultsTable& table);

/// Null where there are no such runs.
const DictionaryPoint* dictionaryPoint(const std::vector<DictionaryPoint>& points, DictionaryKind kind, int entries);

/// Sizes that have runs, ascending.
std::vector<int> dictionarySizes(const std::vector<DictionaryPoint>& points);

/// What came out at one size: the standing dictionary beside its rivals, in accuracy, multiply-adds and memory. The first sentence is the
/// one to show. Empty without runs of a standing dictionary and of a rival.
std::vector<Message> dictionaryFindings(const std::vector<DictionaryPoint>& points, int entries);

}  // namespace lab
