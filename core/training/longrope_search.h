#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/config/rope_config.h"
#include "core/tensor/weights.h"

namespace lab {

struct Experiment;

/// LongRoPE's factors, one a pair, and the loss they reach.
struct LongRopeCandidate {
    std::vector<double> factors;
    double loss = 0;
};

/// How far the search goes. The paper's is 64, 16, 16, 32, 40.
struct LongRopeBudget {
    int population = 16;
    int mutations = 8;   ///< a round
    int crossovers = 4;  ///< a round
    int parents = 6;     ///< the best, from which both are made
    int rounds = 10;
    double mutationRate = 0.3;  ///< of each factor
    std::uint64_t seed = 1;

    int evaluations() const { return population + rounds * (mutations + crossovers); }
};

/// Asked for the loss under some factors; nothing ends the search.
using LongRopeLoss = std::function<std::optional<double>(const std::vector<double>&)>;
/// Told after each evaluation, with the best so far.
using LongRopeProgress = std::function<void(int evaluations, const LongRopeCandidate& best)>;

/// LongRoPE's evolutionary search (Ding 2024, arXiv 2402.13753, algorithm 1): factors from 1 to 1.25 `factor` on a grid of 0.01, never
/// falling from pair to pair, beginning with `starts`. A pure function of its arguments. The paper's second variable, how many first
/// positions stay unscaled, is left out, as it is in the models that were published with such factors.
std::optional<LongRopeCandidate> searchLongRope(const std::vector<std::vector<double>>& starts, double factor, const LongRopeBudget& budget,
                                                const LongRopeLoss& loss, const LongRopeProgress& told = {});

/// Where the search begins: the factors theta / theta' of position interpolation, NTK and YaRN.
std::vector<std::vector<double>> longRopeStarts(const RopeConfig& rope, int headDim, int originalLength, double factor);

/// LongRoPE with these factors beyond `originalLength` tokens, unscaled up to it.
RopeConfig longRopeWith(const RopeConfig& rope, std::vector<double> factors, int originalLength, double factor);

/// Loss of these weights on sequences `factor` times as long as in training under some factors: on sequences of their own, neither those
/// of training nor of validation. `weights` must outlive it.
LongRopeLoss longRopeLoss(const Experiment& experiment, const Weights& weights, int originalLength, double factor,
                          std::function<bool()> cancelled);

}  // namespace lab
