#include "core/io/experiment_file.h"

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/path_list.h"
#include "core/base/platform_files.h"
#include "core/config/built_in_pairs.h"
#include "core/config/experiment.h"
#include "core/config/experiment_json.h"
#include "core/tasks/model_tokens.h"

namespace lab {
namespace {

/// Absolute and without links, so that two folders can be compared.
std::filesystem::path settled(const std::filesystem::path& folder) {
    std::error_code error;
    auto whole = std::filesystem::weakly_canonical(std::filesystem::absolute(folder, error), error);
    return error ? folder : whole;
}

std::string relocatedPath(const std::string& path, const std::filesystem::path& from, const std::filesystem::path& to) {
    const std::filesystem::path relative = pathFromUtf8(path);
    if (path.empty() || findBuiltInPairs(path) || relative.is_absolute() || from == to) return path;
    const std::filesystem::path file = (from / relative).lexically_normal();
    const std::filesystem::path moved = file.lexically_relative(to);
    return utf8Text(moved.empty() ? file : moved);
}

/// Of a list, each.
std::string relocatedPaths(const std::string& list, const std::filesystem::path& from, const std::filesystem::path& to) {
    std::vector<std::string> paths = pathsInList(list);
    for (std::string& path : paths) path = relocatedPath(path, from, to);
    return pathList(paths);
}

/// Its path is no path but the name of pictures that lie in one place for all.
bool isNamed(const TaskConfig& task) {
    return task.kind->source == TaskSource::pictures && task.path == fashionMnist;
}

}  // namespace

Experiment loadExperiment(const std::filesystem::path& path) {
    const std::string text = readFile(path);
    try {
        return parseExperiment(text);
    } catch (const InputError& error) {
        throw InputError(utf8Text(path), error.message());
    }
}

void saveExperiment(const std::filesystem::path& path, const Experiment& experiment) {
    replaceFile(path, {writeExperiment(experiment)});
}

Experiment relocated(Experiment experiment, const std::filesystem::path& from, const std::filesystem::path& to) {
    const auto source = settled(from.empty() ? "." : from);
    const auto target = settled(to.empty() ? "." : to);
    const bool several = experiment.task.kind->source == TaskSource::text;
    if (!isNamed(experiment.task)) experiment.task.path = (several ? relocatedPaths : relocatedPath)(experiment.task.path, source, target);
    if (isTokenizerPath(experiment.task.text.tokenizer))
        experiment.task.text.tokenizer = relocatedPath(experiment.task.text.tokenizer, source, target);
    experiment.task.text.sentences = relocatedPath(experiment.task.text.sentences, source, target);
    experiment.task.validation_path = relocatedPath(experiment.task.validation_path, source, target);
    return experiment;
}

}  // namespace lab
