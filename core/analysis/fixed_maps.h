#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/analysis/ablation.h"

namespace lab {

/// Is a map reusable? How a model answers inputs of one length when some heads weigh the values by a map that is not the input's own.
struct FixedMaps {
    struct Row {
        AblationSubject subject;  ///< block -1: every head of the model
        AblationScore mean;       ///< with the mean over all the inputs in place of each one's own map
        AblationScore other;      ///< with the next input's own map (the first's, for the last)
    };
    int inputs = 0;
    AblationScore own;  ///< the model as it is
    std::vector<Row> rows;
};

/// Every head alone, each block of several, and all together: what fixedMaps() gives a row.
std::vector<AblationSubject> fixedMapSubjects(const Model& model);

/// `samples`: two or more of one length. The other inputs' maps are those of the model as it is. Dense path, one thread, dropout off.
/// Nothing when cancelled; `progress` is told how many of how many evaluations are done.
std::optional<FixedMaps> fixedMaps(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                   const std::function<bool()>& cancelled = {}, const std::function<void(int, int)>& progress = {});

}  // namespace lab
