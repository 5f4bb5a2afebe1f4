#pragma once

#include <QString>

#include "core/config/model_config.h"

// What a model is judged by beside its loss, in words: Evaluation::accuracy is the share of right answers, or of numbers the share of their
// squares that is explained.

namespace lab {

/// "Accuracy", "Explained".
QString measureTitle(const ModelConfig& model);
/// "accuracy", "explained": within a line.
QString measureName(const ModelConfig& model);
/// "Share of positions predicted right, %1".
QString measureHelp(const ModelConfig& model);
/// What the loss is.
QString lossHelp(const ModelConfig& model);
/// Whether a sequence is right as a whole: not where numbers are answered, and not where there is but one answer.
bool judgesSequences(const ModelConfig& model);

}  // namespace lab
