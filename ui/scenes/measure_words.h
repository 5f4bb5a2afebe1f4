#pragma once

#include <QString>
#include <optional>
#include <string>
#include <vector>

#include "core/config/model_config.h"

// What runs are judged by beside their loss, in words: Evaluation::accuracy is the share of right answers, or of numbers the share of their
// squares that is explained.

namespace lab {

class Run;

/// The loss whose measure it is; nothing: of some runs this one, of others that one.
using Measure = std::optional<LossKind>;

Measure measureOf(const ModelConfig& model);
/// Of all of them together; without any, accuracy.
Measure measureOf(const std::vector<Run*>& runs);

/// "Accuracy", "Explained", "Accuracy or explained".
QString measureTitle(Measure measure);
/// "accuracy", "explained", and over a column that has both "acc. or expl.": within a line.
QString measureName(Measure measure);
/// "accuracy", "explained share", "accuracy or explained share": within a sentence.
QString measurePhrase(Measure measure);
/// "acc.", "expl.": over a narrow column.
QString measureBrief(Measure measure);
/// "accuracy", "explained", "accuracy_or_explained": the key of a column in a file.
std::string measureId(Measure measure);
/// "Positions answered right": what its share is of.
QString measureMeaning(Measure measure);
/// "Share of positions predicted right, %1".
QString measureHelp(const ModelConfig& model);
/// What the loss is.
QString lossHelp(const ModelConfig& model);
/// Whether a sequence is right as a whole: not where numbers are answered, and not where there is but one answer.
bool judgesSequences(const ModelConfig& model);

}  // namespace lab
