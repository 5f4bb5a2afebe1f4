#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/config/layer_config.h"
#include "core/explain/tape.h"

namespace lab::explain {

/// A stage of scores written a second time, for the twin, which shares no code with what it checks.
struct TwinStage {
    std::string name;  ///< as the trace has it: BLOCK.before_NAME
    std::function<Node(Tape& tape, Node scores, int head)> change;
};

/// Those of an attention block called `name`, in their order; of queries q and keys k, by heads, and the keys as they were kept for
/// segments to come (twinPairs), where there are such.
std::vector<TwinStage> twinStages(const LayerConfig& layer, const std::function<Node(const std::string&)>& parameter,
                                  const std::string& name, const std::vector<Node>& q, const std::vector<Node>& k,
                                  const std::vector<Node>& kept);

/// Weights of masked scores with one more score `sink` [1, 1] in each row's sum; `sunk` [queries, 1]: the share of that.
Node twinSinkSoftmax(Tape& tape, Node masked, Node sink, Node& sunk);

}  // namespace lab::explain
