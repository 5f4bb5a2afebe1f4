#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/message.h"
#include "core/config/layer_config.h"
#include "core/model/model.h"
#include "core/tensor/batch.h"

namespace lab {

/// One curve of a measure.
struct PartCurve {
    Message name;   ///< "L0 H1"
    Message group;  ///< of what stands for it where there are too many to tell apart: "L0, mean of its heads"; equal: the same group

    bool operator==(const PartCurve&) const = default;
};

/// A value that a measure is compared with.
struct PartLevel {
    double value = 0;
    Message label;
};

/// What a part of a model does that is learned beside the answers, as curves over a training: a row a part. Numbers are functions of
/// weights and samples alone.
struct PartMeasure {
    using Cancelled = std::function<bool()>;

    std::string_view id;  ///< "spans"
    SourceText choice;    ///< "spans"
    SourceText title;     ///< "Spans over training"
    SourceText unit;      ///< "tokens"
    SourceText help;
    double low = 0;  ///< where the axis of its values begins
    int decimals = 1;
    bool (*suits)(const ModelConfig&) = nullptr;
    std::vector<PartCurve> (*curves)(const Model&) = nullptr;
    /// In the order of the curves; NaN where the samples say nothing: of a step that none of them takes. Nothing when cancelled, which is
    /// asked between two samples; throws InputError for samples that the model cannot take.
    std::optional<std::vector<double>> (*values)(const Model&, const Weights&, const std::vector<Sample>&, const Cancelled&) = nullptr;
    double (*ofGroup)(std::span<const double>) = nullptr;  ///< of its curves' values
    std::optional<PartLevel> (*level)(const ModelConfig&) = nullptr;

    static std::span<const PartMeasure* const> table();
    /// Those that a model has.
    static std::vector<const PartMeasure*> of(const ModelConfig& model);
};

/// "L0"; in an encoder-decoder "enc 0", "dec 0".
Message shortLayerName(const ModelConfig& model, Side side, int layer);
double meanOfPart(std::span<const double> values);
double largestOfPart(std::span<const double> values);

}  // namespace lab
