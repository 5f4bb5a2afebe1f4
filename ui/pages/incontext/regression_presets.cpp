#include "ui/pages/incontext/regression_presets.h"

#include "core/config/experiment.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"

namespace lab {

namespace {

QString foundPreset(bool product) {
    const KernelKind wanted = product ? KernelKind::product : KernelKind::softmax;
    for (const Preset& preset : presets()) {
        const Experiment experiment = parseExperiment(preset.json);
        const ModelConfig& model = experiment.model;
        if (experiment.task.kind->source != TaskSource::functions || model.num_layers != 1) continue;
        if (model.attention.kernel.kind == wanted) return QString::fromUtf8(preset.name.data(), static_cast<qsizetype>(preset.name.size()));
    }
    return {};
}

}  // namespace

QString regressionPreset(bool product) {
    static const QString withoutSoftmax = foundPreset(true), withSoftmax = foundPreset(false);
    return product ? withoutSoftmax : withSoftmax;
}

}  // namespace lab
