#include "app/commands/arguments.h"

#include <algorithm>

#include "core/base/path_list.h"
#include "core/config/experiment.h"
#include "core/config/experiment_json.h"
#include "core/data/typed_vectors.h"
#include "tests/fuzz/harness.h"

namespace lab::fuzz {
namespace {

/// One of each kind.
const std::vector<Option>& options() {
    static const std::vector<Option> all{{"--out", "FILE", "", false, FileUse::written},
                                         {"--metrics", "FILE", "", false, FileUse::written},
                                         {"--resume", "FILE", "", false, FileUse::replaced},
                                         {"--init", "FILE", "", false, FileUse::read},
                                         {"--set", "KEY=VALUE", "", true},
                                         {"--input", "TEXT", "", true},
                                         {"--paths", "LIST", ""},
                                         {"--threads", "N", ""},
                                         {"--steps", "N", ""},
                                         {"--temperature", "X", ""},
                                         {"--quiet", "", ""}};
    return all;
}

/// Of what a command does with its words all but the doing. Nothing is written; files are looked for in the folder in memory.
void understand(const Arguments& arguments) {
    arguments.limitPositionals(3);
    arguments.threads("--threads", 1);
    arguments.integer("--steps", 1, 0);
    arguments.real("--temperature", 1, 0);
    arguments.protectInputs(options());
    if (const auto out = arguments.path("--out")) accepted([&] { checkFolderOf(*out); });
    Experiment experiment;
    for (const std::string& setting : arguments.values("--set")) {
        const std::size_t equals = std::min(setting.find('='), setting.size());
        const auto key = std::string_view(setting).substr(0, equals);
        if (!accepted([&] { setValue(experiment, key, std::string_view(setting).substr(std::min(equals + 1, setting.size()))); })) continue;
        const std::string text = writeExperiment(experiment);
        require(writeExperiment(parseExperiment(text)) == text, "an experiment that was set is written as it is");
    }
    for (const std::string& input : arguments.values("--input")) accepted([&] { typedVectors(input, 2); });
    const auto paths = pathsInList(arguments.value("--paths").value_or(""));
    require(pathsInList(pathList(paths)) == paths, "a list of paths is written as it is read");
}

}  // namespace

/// A word a line.
void command_line(std::string_view bytes) {
    std::vector<std::string> words;
    for (std::string_view rest = bytes; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        words.emplace_back(rest.substr(0, end).substr(0, rest.find('\0')));  // a word of a command line has no NUL
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    try {
        understand(Arguments(options(), words));
    } catch (const UsageError&) {
    }
}

}  // namespace lab::fuzz
