#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/model/model.h"
#include "core/tensor/batch.h"
#include "core/tensor/tally.h"

namespace lab {

/// How often the target is the most probable class given the true input, by the groups of the targets: what a model knows of each
/// phenomenon of its stories. `groups` has one for each sample. Some heads may be switched off or made uniform, as in evaluateWith (its
/// errors, its threads, its `cancelled`).
std::optional<std::vector<Tally>> talliesOf(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                            const std::vector<TargetGroups>& groups, int groupCount,
                                            const std::vector<Intervention>& interventions = {},
                                            const std::function<bool()>& cancelled = {});

/// What one head does for each group: how much of it is still right without the head.
struct HeadWorth {
    int block = 0;  ///< index into Model::attentionBlocks()
    int head = 0;
    std::vector<Tally> tallies;  ///< by group, the head switched off
};

/// Every head switched off by itself, block after block. Nothing when cancelled.
std::optional<std::vector<HeadWorth>> headWorths(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                                 const std::vector<TargetGroups>& groups, int groupCount,
                                                 const std::function<bool()>& cancelled = {});

/// Where a position should look: a target's position and that of the token it follows from.
struct SourceCell {
    int sample = 0;
    int position = 0;  ///< the query: the position that gives the target
    int source = 0;    ///< the key
    int group = 0;
};

/// The mean weight of attention that each head puts on the source, by group: [block][head][group], 0 for a group without cells. Sources are
/// positions of the same sequence, so blocks of cross-attention have none. Nothing when cancelled.
using SourceWeights = std::vector<std::vector<std::vector<double>>>;
std::optional<SourceWeights> sourceWeights(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                           const std::vector<SourceCell>& cells, int groupCount,
                                           const std::function<bool()>& cancelled = {});

/// The head without which least of a group is right; of equal ones the one that looks most at the sources.
struct ResponsibleHead {
    int block = 0;  ///< index into Model::attentionBlocks()
    int head = 0;
    Tally with, without;  ///< of the model as it is, and with this head switched off
    double weight = 0;    ///< the mean weight that it puts on the sources
};

/// By group. Needs a model with attention; nothing when cancelled.
std::optional<std::vector<ResponsibleHead>> responsibleHeads(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                                             const std::vector<TargetGroups>& groups, const std::vector<SourceCell>& cells,
                                                             int groupCount, const std::function<bool()>& cancelled = {});

}  // namespace lab
