#include "ui/pages/text/trained_text.h"

#include "core/base/path_list.h"
#include "core/config/experiment.h"
#include "core/data/text_dataset.h"
#include "core/data/text_loading.h"
#include "ui/runs/run.h"

namespace lab {

std::optional<TrainedText> trainedText(const Run& run) {
    const auto data = std::dynamic_pointer_cast<const CorpusDataset>(run.dataset());
    const TaskConfig& task = run.experiment().task;
    if (!data || task.path.empty()) return std::nullopt;
    QStringList paths;
    for (const std::string& path : pathsInList(task.path)) paths << QString::fromStdString(path);
    return TrainedText{std::shared_ptr<const Corpus>(data, &data->corpus()), std::move(paths), corpusSettings(task)};
}

}  // namespace lab
