#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/config/model_config.h"
#include "core/model/model.h"
#include "core/tasks/task_config.h"
#include "core/tensor/batch.h"

// How far back a model can look, by what its layers see and by what it answers.

namespace lab {

/// Of each position of a sequence the first one that what it gives can depend on, layer upon layer of what masks let see; of a model of one
/// side. With segments and a memory that lies about layers times memory back (Dai et al. 2019, arXiv 1901.02860, section 3.2).
std::vector<int> farthestSources(const ModelConfig& model, int length);

/// Answers to questions whose only source stands so many segments before them.
struct ReachRow {
    int segments = 0;  ///< 0: in the question's own
    int asked = 0, right = 0;
    int within = 0;  ///< of those asked, how many sources the layers can reach at all

    double accuracy() const { return asked > 0 ? static_cast<double>(right) / asked : 0; }
};

/// Of the answers that stand on one place of x, by the distance in segments of `segment` tokens; a row for each distance up to the farthest
/// that occurs. Nothing when cancelled, or where the task does not say what its answers stand on. `samples` as the task gives them to a
/// decoder, question beneath question (Reading::nextToken). Throws InputError for samples that the model cannot take.
std::optional<std::vector<ReachRow>> reachBySegments(const Model& model, const Weights& weights, const TaskConfig& task,
                                                     const std::vector<Sample>& samples, int segment,
                                                     const std::function<bool()>& cancelled = {});

}  // namespace lab
