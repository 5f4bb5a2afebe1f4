#include "core/io/pairs_experiment.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/limits.h"
#include "core/base/platform_files.h"
#include "core/config/experiment.h"
#include "core/io/experiment_file.h"

namespace lab {

bool isPairsFile(const std::filesystem::path& path) {
    std::string ending = path.extension().string();
    for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return ending == ".tsv" || ending == ".txt";
}

Experiment experimentOnPairs(const std::filesystem::path& path) {
    const std::string text = readFile(path);
    const auto line = std::string_view(text).substr(0, text.find('\n'));
    // Three columns are for an encoder-decoder, which alone reads a target input.
    const bool three = std::ranges::count(line, '\t') >= 2;
    return experimentOfPairs(utf8Text(path.stem()), utf8Text(path.filename()), std::ranges::count(text, '\n'),
                             three ? Architecture::encoder_decoder : Architecture::encoder);
}

Experiment experimentOfPairs(const std::string& name, const std::string& file, std::int64_t lines, Architecture architecture) {
    Experiment experiment;
    experiment.name = name;
    experiment.task.kind = "pairs";
    experiment.task.path = file;
    experiment.model.architecture = architecture;
    // A tenth of the lines validates; an epoch of the rest must have a whole batch.
    const auto known = static_cast<int>(std::min<std::int64_t>(lines, mostAtOnce));
    experiment.training.batch_size = std::clamp(known - known / 10, 1, experiment.training.batch_size);
    return experiment;
}

namespace {

/// What cannot be asked (a name too long, a folder closed) is told by the writing.
bool isThere(const std::filesystem::path& path) {
    std::error_code none;
    return std::filesystem::exists(path, none);
}

}  // namespace

PairsPaths pairsPaths(const std::filesystem::path& base) {
    PairsPaths paths{base, base};
    paths.pairs += ".tsv";
    paths.experiment += ".json";
    return paths;
}

std::filesystem::path freeBase(const std::filesystem::path& base) {
    const auto isFree = [](const PairsPaths& paths) { return !isThere(paths.pairs) && !isThere(paths.experiment); };
    std::filesystem::path free = base;
    for (int number = 2; !isFree(pairsPaths(free)); ++number) {
        free = base;
        free += "-" + std::to_string(number);
    }
    return free;
}

void savePairs(const std::filesystem::path& base, const std::string& pairs, const Experiment& experiment) {
    const PairsPaths paths = pairsPaths(base);
    for (const std::filesystem::path& path : {paths.pairs, paths.experiment})
        if (isThere(path)) throw InputError(utf8Text(path), LAB_TEXT("files", "is there already; choose another name"));
    replaceFile(paths.pairs, {pairs});
    try {
        saveExperiment(paths.experiment, experiment);
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove(paths.pairs, ignored);  // it was made a moment ago, here
        throw;
    }
}

}  // namespace lab
