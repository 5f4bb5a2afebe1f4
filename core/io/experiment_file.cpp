#include "core/io/experiment_file.h"

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/base/platform_files.h"
#include "core/config/built_in_pairs.h"
#include "core/config/experiment.h"
#include "core/config/experiment_json.h"

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

/// Of several paths, parted by semicolons, each.
std::string relocatedPaths(const std::string& paths, const std::filesystem::path& from, const std::filesystem::path& to) {
    std::string result;
    for (std::size_t begin = 0; begin <= paths.size();) {
        const std::size_t end = std::min(paths.find(';', begin), paths.size());
        result +=
            (begin > 0 ? ";" : "") + relocatedPath(std::string(trimmed(std::string_view(paths).substr(begin, end - begin))), from, to);
        begin = end + 1;
    }
    return result;
}

bool isPath(const std::string& tokenizer) {
    return tokenizer != characterTokens && tokenizer != byteTokens && tokenizer != bpeTokens;
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
    experiment.task.path = (several ? relocatedPaths : relocatedPath)(experiment.task.path, source, target);
    if (isPath(experiment.task.text.tokenizer))
        experiment.task.text.tokenizer = relocatedPath(experiment.task.text.tokenizer, source, target);
    experiment.task.validation_path = relocatedPath(experiment.task.validation_path, source, target);
    return experiment;
}

}  // namespace lab
