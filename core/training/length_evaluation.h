#pragma once

#include <functional>
#include <optional>

#include "core/config/rope_config.h"
#include "core/training/trainer.h"

namespace lab {

/// The experiment put to sequences of another length: task.seq_len is `seqLen`, and under RoPE the rotation may be another one. Throws
/// InputError for what has no longer sequences: pairs, learned positions beyond those trained, and a net over the positions beyond those it
/// has weights for.
Experiment atSequenceLength(const Experiment& experiment, int seqLen, const std::optional<RopeConfig>& rope);

/// How well these weights do on `sequences` fresh validation sequences of that experiment. One thread and no OpenMP, so that it may run
/// beside a training. `cancelled` is asked every few milliseconds of work; nothing is returned then.
std::optional<Evaluation> evaluateWeights(const Experiment& experiment, const Weights& weights, int sequences,
                                          const std::function<bool()>& cancelled);

}  // namespace lab
