#pragma once

#include <optional>
#include <vector>

#include "core/config/architecture.h"
#include "core/model/model.h"
#include "core/tasks/task_spec.h"

namespace lab {

struct TaskConfig;

/// What the keys are called that a task's answers stand on, in the frame that the architecture gives the task.
struct SourcePattern {
    Message title;  ///< of a column and a badge: "mirror"
    Message brief;  ///< behind a share of the weight: "mirrored"
    Message place;  ///< "the mirrored position"
    Message keys;   ///< which key belongs to which query: "key n − 1 − i, the mirrored position"

    bool operator==(const SourcePattern&) const = default;
};

/// Nothing when the task has no such keys (pairs).
std::optional<SourcePattern> sourcePattern(const TaskConfig& task, Architecture architecture);

/// Where each query of a block would have to look to read its answer.
struct Sources {
    SourcePattern pattern;
    AnswerKeys keys;  ///< per query; empty for queries without an answer
};

/// Nothing when the task has no such keys (pairs), the block does not produce answers (an encoder-decoder's self-attention), or the
/// sequence does not have the task's form.
std::optional<Sources> answerSources(const TaskConfig& task, Architecture architecture, const AttentionBlock& block, const Trace& trace);

/// Mean over the queries with an answer of a head's weight on the keys it stands on; nothing when no query has one.
std::optional<double> sourceMass(const Trace& trace, const AttentionBlock& block, int head, const Sources& sources);

}  // namespace lab
