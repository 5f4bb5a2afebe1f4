#include "ui/scenes/measure_words.h"

#include <QCoreApplication>
#include <algorithm>

#include "ui/runs/run.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

struct MeasureWords {
    Q_DECLARE_TR_FUNCTIONS(MeasureWords)
};

bool answersOnce(const ModelConfig& model) {
    return model.readsVectors() && model.readout.value_or(Readout::every) != Readout::every;
}

QString measureWord(LossKind loss, SourceText LossMeasure::*text) {
    return shown(Message(specOf(loss).measure.*text));
}

QString eitherMeasure(SourceText LossMeasure::*first, SourceText LossMeasure::*other) {
    return MeasureWords::tr("%1 or %2").arg(measureWord(LossKind::cross_entropy, first), measureWord(LossKind::squared, other));
}

}  // namespace

Measure measureOf(const ModelConfig& model) {
    return model.output.loss.value_or(LossKind::cross_entropy);
}

Measure measureOf(const std::vector<Run*>& runs) {
    if (runs.empty()) return LossKind::cross_entropy;
    const Measure first = measureOf(runs.front()->experiment().model);
    const auto same = [&](const Run* run) { return measureOf(run->experiment().model) == first; };
    return std::ranges::all_of(runs, same) ? first : std::nullopt;
}

QString measureTitle(Measure measure) {
    return measure ? measureWord(*measure, &LossMeasure::title) : eitherMeasure(&LossMeasure::title, &LossMeasure::name);
}

QString measureName(Measure measure) {
    return measure ? measureWord(*measure, &LossMeasure::name) : measureBrief(measure);
}

QString measurePhrase(Measure measure) {
    return measure ? measureWord(*measure, &LossMeasure::phrase) : eitherMeasure(&LossMeasure::phrase, &LossMeasure::phrase);
}

QString measureBrief(Measure measure) {
    return measure ? measureWord(*measure, &LossMeasure::brief) : eitherMeasure(&LossMeasure::brief, &LossMeasure::brief);
}

std::string measureId(Measure measure) {
    const auto key = [](LossKind loss) { return std::string(specOf(loss).measure.name.text); };
    return measure ? key(*measure) : key(LossKind::cross_entropy) + "_or_" + key(LossKind::squared);
}

QString measureMeaning(Measure measure) {
    if (!measure) return MeasureWords::tr("Positions answered right, or of numbers the share of their squares that is explained");
    return specOf(*measure).numbers ? MeasureWords::tr("Share of the squares of what is asked that the answers explain")
                                    : MeasureWords::tr("Positions answered right");
}

QString measureHelp(const ModelConfig& model) {
    if (model.answersNumbers())
        return MeasureWords::tr(
                   "%1, %2:\n1 \u2212 \u03A3 (answer \u2212 truth)\u00B2 / \u03A3 truth\u00B2; always answering 0 explains 0 %")
            .arg(measureMeaning(measureOf(model)), QStringLiteral("%1"));
    return answersOnce(model) ? MeasureWords::tr("Share of right answers, %1") : MeasureWords::tr("Share of positions predicted right, %1");
}

QString lossHelp(const ModelConfig& model) {
    if (model.answersNumbers())
        return MeasureWords::tr(
            "Half the mean square of answer \u2212 truth of the step's batch, before its update:\nthe mean over all numbers that are "
            "asked");
    return MeasureWords::tr(
        "Cross-entropy of the step's batch, before its update:\nthe mean of \u2212ln p(target) over all positions that count");
}

bool judgesSequences(const ModelConfig& model) {
    return !model.answersNumbers() && !answersOnce(model);
}

}  // namespace lab
