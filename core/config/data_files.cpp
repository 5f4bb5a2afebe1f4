#include "core/config/data_files.h"

#include "core/base/path_list.h"
#include "core/config/built_in_pairs.h"
#include "core/tasks/model_tokens.h"

namespace lab {

std::vector<DataFile> dataFilesOf(const Experiment& experiment) {
    std::vector<DataFile> files;
    const auto add = [&files](const char* key, const std::string& path) {
        if (!path.empty() && !findBuiltInPairs(path)) files.push_back({key, path});
    };
    const TaskConfig& task = experiment.task;
    const bool named = task.kind->source == TaskSource::pictures && task.path == fashionMnist;
    for (const std::string& path : pathsInList(task.path))
        if (!named) add("task.path", path);
    add("task.validation_path", task.validation_path);
    add("task.sentences", task.text.sentences);
    if (isTokenizerPath(task.text.tokenizer)) add("task.tokenizer", task.text.tokenizer);
    return files;
}

}  // namespace lab
