#include "app/commands/measure_text.h"

#include "app/commands/status_line.h"

namespace lab {
namespace {

LossKind lossOf(const ModelConfig& model) {
    return model.output.loss.value_or(LossKind::cross_entropy);
}

}  // namespace

std::string measureText(LossKind loss, double share) {
    return std::string(specOf(loss).measure.name.text) + formatted(" %.2f %%", 100 * share);
}

std::string measureText(const ModelConfig& model, double share) {
    return measureText(lossOf(model), share);
}

std::string evaluationText(const ModelConfig& model, const Evaluation& found, const char* whole) {
    const std::string text = measureText(model, found.accuracy);
    const bool once = model.readsVectors() && model.readout.value_or(Readout::every) != Readout::every;
    return specOf(lossOf(model)).numbers || once ? text : text + ", " + whole + formatted(" %.2f %%", 100 * found.sequenceAccuracy);
}

}  // namespace lab
