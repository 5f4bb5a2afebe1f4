#pragma once

#include <QString>
#include <optional>

#include "core/analysis/head_metrics.h"
#include "core/analysis/head_survey.h"
#include "core/config/architecture.h"
#include "ui/widgets/badge.h"

// What the metrics of heads are called, what they mean, and what may be said of a head on their account.

namespace lab {

/// The column of a metric: "eff. keys"; agreement is called by the task's own pattern: "mirror".
QString metricTitle(HeadMetric metric, const std::optional<SourcePattern>& pattern);
/// Name, formula, meaning: three lines.
QString metricHelp(HeadMetric metric, const std::optional<SourcePattern>& pattern);
/// With the decimals of its column; a dash for what is not a number.
QString metricText(HeadMetric metric, double value);

struct HeadBadge {
    QString text;
    Badge::Kind kind = Badge::Kind::plain;
    QString help;  ///< which number passes which threshold
};
/// `cross`: of a cross-attention, whose keys stand in the source.
HeadBadge headBadge(const HeadMetrics& metrics, const std::optional<SourcePattern>& pattern, bool cross = false);
/// Where a mass lies: "the position before the query".
QString massPlace(HeadMetric metric, const std::optional<SourcePattern>& pattern, bool cross);

/// "previous token": on a button, before its number.
QString habitTitle(HeadHabit habit);
/// "P"; empty for what has none.
QString habitLetter(HeadHabit habit);
/// What heads of this kind do, and from what on they are called so.
QString habitHelp(HeadHabit habit);
/// What a head usually does: "previous token: 71 % of its weight on the position before the query, over 200 sentences".
HeadBadge habitBadge(const SurveyedHead& head, int sentences);

/// "L0"; in an encoder-decoder "enc 0", "dec 0", "cross 0".
QString shortBlockName(const AttentionBlock& block, Architecture architecture);
/// "L0 H1"; in an encoder-decoder "enc 0 H1", "dec 0 H1", "cross 0 H1".
QString shortHeadName(const AttentionBlock& block, int head, Architecture architecture);

/// The metric that tells best when a head formed: the task's own pattern, else what the head does, else its entropy.
HeadMetric tellingMetric(const HeadMetrics& metrics);

}  // namespace lab
