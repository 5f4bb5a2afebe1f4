#pragma once

#include <string>
#include <vector>

#include "core/config/experiment.h"

namespace lab {

/// What one thread's training step is made of, each piece measured by itself: medians of some steps, in seconds.
struct StepPieces {
    int sequences = 0;
    int groups = 0;  ///< of sequences, which go side by side; a group's shards follow each other
    int sequencesPerShard = 0;
    std::vector<double> shards;  ///< there and back, by the place of their first sequence
    std::vector<double> chunks;  ///< sums of the groups' gradients
    std::vector<double> parts;   ///< updates, a parameter each
    double batch = 0;            ///< making the next one, beside the last shards
    double step = 0;             ///< of a trainer with one thread: what is not above is done by one thread whatever there is
    double wait = 0;             ///< until two threads that wait for each other go on

    double rest() const;
};
StepPieces measurePieces(const Experiment& experiment, double seconds);

/// The same step by so many cores, on paper: each takes a shard as the trainer's threads do, then its share of the sums, then one parameter
/// after another. All cores are as fast as the one that was measured, and so is their memory.
struct SimulatedStep {
    int cores = 1;
    double shards = 0;  ///< until the last one is done, and the next batch made
    double sums = 0;
    double updates = 0;
    double serial = 0;  ///< the rest, and waiting for each other

    double seconds() const { return shards + sums + updates + serial; }
};
SimulatedStep simulateStep(const StepPieces& pieces, int cores);

}  // namespace lab
