#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/pretrained/family.h"
#include "core/pretrained/stored_tensors.h"
#include "tests/fuzz/harness.h"

namespace lab::fuzz {

/// A config.json without tensors.
void config(std::string_view bytes) {
    accepted([&] {
        const ConfigReader config = ConfigReader::parsed(bytes, "config.json");
        const Family* family = findFamily(config.text("model_type", ""));
        if (!family) return;
        Experiment experiment;
        experiment.task.kind = "sentences";
        experiment.model = family->model(config, StoredTensors());
        validate(experiment);
        validate(resolved(experiment));
    });
}

}  // namespace lab::fuzz
