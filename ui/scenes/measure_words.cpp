#include "ui/scenes/measure_words.h"

#include <QCoreApplication>

namespace lab {
namespace {

struct MeasureWords {
    Q_DECLARE_TR_FUNCTIONS(MeasureWords)
};

bool answersOnce(const ModelConfig& model) {
    return model.readsVectors() && model.readout.value_or(Readout::every) != Readout::every;
}

}  // namespace

QString measureTitle(const ModelConfig& model) {
    return model.answersNumbers() ? MeasureWords::tr("Explained") : MeasureWords::tr("Accuracy");
}

QString measureName(const ModelConfig& model) {
    return model.answersNumbers() ? MeasureWords::tr("explained") : MeasureWords::tr("accuracy");
}

QString measureHelp(const ModelConfig& model) {
    if (model.answersNumbers())
        return MeasureWords::tr(
            "Share of the squares of what is asked that the answers explain, %1:\n"
            "1 \u2212 \u03A3 (answer \u2212 truth)\u00B2 / \u03A3 truth\u00B2; always answering 0 explains 0 %");
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
