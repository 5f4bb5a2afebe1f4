#pragma once

#include <optional>
#include <vector>

#include "core/model/model.h"

namespace lab {

/// Which keys a task's answer stands on.
enum class SourcePattern {
    mirrored,   ///< reverse: key n - 1 - i for answer i
    otherHalf,  ///< swap: key i +- n/2
    own,        ///< sub, copy: key i
    previous,   ///< shift: key i - 1, cyclic
    answer,     ///< sort: all keys that hold the answer's token
    induction,  ///< repeat: key i + 1 - n/2, behind the earlier occurrence of the query's place
};

/// Where each query of a block would have to look to read its answer.
struct Sources {
    SourcePattern pattern = SourcePattern::own;
    std::vector<std::vector<int>> keys;  ///< per query; empty for queries without an answer
};

/// Nothing when the task has no such keys (pairs), the block does not produce answers (an encoder-decoder's self-attention), or the
/// sequence does not have the task's form.
std::optional<Sources> answerSources(const TaskConfig& task, Architecture architecture, const AttentionBlock& block, const Trace& trace);

/// Mean over the queries with an answer of a head's weight on the keys it stands on; nothing when no query has one.
std::optional<double> sourceMass(const Trace& trace, const AttentionBlock& block, int head, const Sources& sources);

}  // namespace lab
