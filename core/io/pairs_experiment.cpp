#include "core/io/pairs_experiment.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "core/base/files.h"
#include "core/config/experiment.h"

namespace lab {

bool isPairsFile(const std::filesystem::path& path) {
    return path.extension() == ".tsv" || path.extension() == ".txt";
}

Experiment experimentOnPairs(const std::filesystem::path& path) {
    const std::string text = readFile(path);
    const auto line = std::string_view(text).substr(0, text.find('\n'));
    Experiment experiment;
    experiment.name = utf8Text(path.stem());
    experiment.task.kind = "pairs";
    experiment.task.path = utf8Text(path.filename());
    // A tenth of the lines validates; an epoch of the rest must have a whole batch.
    const auto lines = static_cast<int>(std::min<std::ptrdiff_t>(std::ranges::count(text, '\n'), mostAtOnce));
    experiment.training.batch_size = std::clamp(lines - lines / 10, 1, experiment.training.batch_size);
    // Three columns are for an encoder-decoder, which alone reads a target input.
    if (std::ranges::count(line, '\t') >= 2) experiment.model.architecture = Architecture::encoder_decoder;
    return experiment;
}

}  // namespace lab
