#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/analysis/ablation.h"
#include "core/analysis/prune.h"
#include "core/tensor/quantise.h"

namespace lab {

/// A model made smaller in one way, and what that costs.
struct Compressed {
    const QuantisationScheme* scheme = nullptr;  ///< null: its weights are 32-bit floats
    double share = 0;                            ///< of heads or weights that was asked to go
    std::int64_t taken = 0, of = 0;              ///< heads or weights that went
    Weights weights;                             ///< what it computes with
    std::size_t bytes = 0;                       ///< of its weights in a file
    std::int64_t zeros = 0;                      ///< of its weights
    AblationScore score;                         ///< over the samples
};

/// What the measuring is told and asked.
struct CompressionWatch {
    std::function<bool()> cancelled;
    PruneProgress progress;
};

/// The model as it is, and in each scheme. Nothing when cancelled. Throws InputError for weights that a scheme cannot keep and for samples
/// that the model cannot take.
std::optional<std::vector<Compressed>> quantisedForms(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                                      const CompressionWatch& watch = {});

/// The model as it is, and without each share of its heads or weights. By ablation the order is found on as many of the samples as
/// `orderSamples` says. Nothing when cancelled. Throws InputError as pruneOrder and for samples that the model cannot take.
std::optional<std::vector<Compressed>> prunedForms(const Model& model, const Weights& weights, PruneWhat what, PruneBy by,
                                                   std::span<const double> shares, const std::vector<Sample>& samples,
                                                   std::size_t orderSamples, const CompressionWatch& watch = {});

}  // namespace lab
