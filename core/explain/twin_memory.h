#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/config/layer_config.h"
#include "core/explain/tape.h"

// What counts how far keys lie back, written a second time for the twin: pairs without a gradient, vectors of distances, spans of heads.

namespace lab::explain {

/// The same numbers, from which no gradient goes back.
Node twinCopy(Tape& tape, Node a);

/// f(key) [queries, keys], of pairs that are detached f(kept): the same keys, made of a copy of the states. kept null: there are none.
Node twinPairs(Tape& tape, const Visibility& visibility, Node key, Node kept, const std::function<Node(Node key)>& f);

/// weights [queries, keys] times values, of detached pairs times those that were kept.
Node twinMix(Tape& tape, const Visibility& visibility, Node weights, Node values, Node kept);

/// scores + (u k_j + (q_i + v) W R_{i-j}) / sqrt(head_dim); u, v, W are the rows of one head.
struct TwinRelative {
    Node u, v, map;
    Node operator()(Tape& tape, const Visibility& visibility, Node scores, Node q, Node k, Node kept) const;
};

/// scores + ln m of the head's span; shares [heads, 1].
Node twinSpan(Tape& tape, const LayerConfig& layer, Node scores, Node shares, int head);
/// What the spans of a block cost beside the answers, as [1, 1].
Node twinSpanCost(Tape& tape, const LayerConfig& layer, Node shares);

}  // namespace lab::explain
