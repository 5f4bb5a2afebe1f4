#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/model/model.h"
#include "core/tensor/batch.h"

namespace lab {

/// Which experts the router of one layer chose for each position of a trace, the most probable first.
struct ExpertChoices {
    std::string side;  ///< "encoder"
    int layer = 0;
    int experts = 0;           ///< E
    int perPosition = 0;       ///< k
    std::vector<int> chosen;   ///< [positions, k]
    std::vector<float> gates;  ///< [positions, k]

    int positions() const { return perPosition > 0 ? static_cast<int>(chosen.size()) / perPosition : 0; }
    int at(int position, int rank) const { return chosen[index(position, rank)]; }
    float gate(int position, int rank) const { return gates[index(position, rank)]; }
    /// Of each expert, of all choices: they sum to 1.
    std::vector<double> shares() const;

    bool operator==(const ExpertChoices&) const = default;

private:
    std::size_t index(int position, int rank) const {
        return static_cast<std::size_t>(position) * static_cast<std::size_t>(perPosition) + static_cast<std::size_t>(rank);
    }
};

/// Of every layer, the encoder's first; empty of a model without experts.
std::vector<ExpertChoices> expertChoices(const Trace& trace, const ModelConfig& model);

/// What each expert of a layer has of all choices over some samples.
struct ExpertShares {
    std::string layer;           ///< "encoder.0"
    std::vector<double> shares;  ///< [E], sum 1
};

/// Of every layer, the encoder's first; empty of a model without experts, and when cancelled.
std::vector<ExpertShares> expertShares(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                       const std::function<bool()>& cancelled = {});

}  // namespace lab
