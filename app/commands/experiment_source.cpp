#include "app/commands/experiment_source.h"

#include "app/commands/arguments.h"
#include "core/base/errors.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/data/text_recipes.h"
#include "core/io/experiment_file.h"
#include "core/io/pairs_experiment.h"

namespace lab {
namespace {

std::string presetNames() {
    std::string names;
    for (const Preset& preset : presets()) {
        if (!names.empty()) names += ", ";
        names += preset.name;
    }
    for (const TextRecipe* recipe : recipesByEffort()) names += ", " + std::string(recipe->name);
    return names;
}

}  // namespace

ExperimentSource experimentNamed(const std::string& fileOrPreset) {
    const std::filesystem::path path(fileOrPreset);
    if (std::filesystem::is_regular_file(path))
        return {isPairsFile(path) ? experimentOnPairs(path) : loadExperiment(path), path.parent_path(), path.stem().string()};
    if (const Preset* preset = findPreset(fileOrPreset)) return {parseExperiment(preset->json), {}, fileOrPreset};
    if (const TextRecipe* recipe = findTextRecipe(fileOrPreset)) return {experimentOfRecipe(*recipe, {}, 0), {}, fileOrPreset};
    if (path.has_extension() || path.has_parent_path()) throw InputError(fileOrPreset, LAB_TEXT("files", "no such file"));
    throw InputError(
        Message(LAB_TEXT("commands", "'%1' is neither a file nor a preset; presets are %2")).arg(fileOrPreset).arg(presetNames()));
}

void applySettings(Experiment& experiment, const std::vector<std::string>& settings) {
    for (const std::string& setting : settings) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos || equals == 0) throw UsageError("--set needs KEY=VALUE, not '" + setting + "'");
        setValue(experiment, std::string_view(setting).substr(0, equals), std::string_view(setting).substr(equals + 1));
    }
}

}  // namespace lab
