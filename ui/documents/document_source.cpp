#include "ui/documents/document_source.h"

#include <QFileInfo>
#include <algorithm>

#include "core/base/errors.h"
#include "core/base/file_start.h"
#include "core/base/files.h"
#include "core/base/path_list.h"
#include "core/config/derive.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/config/visitor.h"
#include "core/data/loaded_task.h"
#include "core/examples/worked_example.h"
#include "core/io/experiment_file.h"
#include "core/io/pairs_experiment.h"
#include "core/io/quantised_checkpoint.h"
#include "core/io/safetensors.h"
#include "core/io/session_file.h"
#include "core/pretrained/model_files.h"
#include "core/pretrained/pretrained_model.h"
#include "core/text/gzip.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

namespace fs = std::filesystem;

/// A checkpoint continues where it was saved; one without moments begins with its weights. A quantised one stands where its training ended.
TrainingState stateOf(const CheckpointFile& checkpoint) {
    const Model model(checkpoint.experiment.model);
    const UpdateRule& rule = *checkpoint.experiment.training.optimizer.kind;
    if (const auto note = quantisationOf(checkpoint.metadata, checkpoint.file)) {
        TrainingState state = startingState(weightsOf(checkpoint, model.layout()), rule);
        state.step = note->step;
        return state;
    }
    return checkpoint.isState() ? trainingStateOf(checkpoint, model.layout(), rule)
                                : startingState(weightsOf(checkpoint, model.layout()), rule);
}

}  // namespace

fs::path pathOf(const QString& path) {
    return pathFromUtf8(path.toStdString());
}

fs::path folderOf(const QString& path) {
    return fs::absolute(pathOf(path)).parent_path();
}

bool isCheckpoint(const QString& path) {
    return QFileInfo(path).suffix().compare(QLatin1String("safetensors"), Qt::CaseInsensitive) == 0;
}

bool isForeignModel(const QString& path) {
    return holdsPretrained(pathOf(path));
}

bool holdsWeights(const QString& path) {
    return isCheckpoint(path) || looksLikeSafetensors(pathOf(path)) || isForeignModel(path);
}

QString sentenceOf(const std::exception& error) {
    return shown(messageOf(error));
}

Experiment editableSettings(const Experiment& experiment, const LoadedTask& task, const fs::path& folder) {
    if (experiment.task.kind->isBuiltIn()) return withoutDerived(experiment);
    Experiment bare = experiment;
    for (const FieldInfo& field : fieldTable())
        if (field.presence == Presence::derived) field.put(bare, FieldValue());
    try {
        const LoadedTask again = loadTask(bare, folder, task);
        return differences(again.experiment, task.experiment).empty() ? bare : experiment;
    } catch (const InputError&) {
        return experiment;  // a session brings its pairs along to where their file is not
    }
}

namespace {

DocumentSource exampleSource(const std::string& name) {
    const WorkedExampleRow* row = findWorkedExample(name.substr(std::string_view(examplePrefix).size()));
    if (!row) throw InputError(name, LAB_TEXT("files", "no such example"));
    WorkedExample example = makeWorkedExample(*row);
    DocumentSource source;
    source.state = startingState(std::move(example.weights), *example.task.experiment.training.optimizer.kind);
    source.experiment = std::move(example.task.experiment);
    source.presetName = name;
    source.input = std::move(example.input);
    return source;
}

}  // namespace

DocumentSource presetSource(const std::string& name) {
    if (name.starts_with(examplePrefix)) return exampleSource(name);
    const Preset* preset = findPreset(name);
    if (!preset) throw InputError(name, LAB_TEXT("files", "no such preset"));
    DocumentSource source;
    source.experiment = parseExperiment(preset->json);
    source.presetName = name;
    return source;
}

bool takesLongToRead(const QString& path) {
    constexpr qint64 bytesAtOnce = 8 << 20;
    return isForeignModel(path) || (QFileInfo(path).size() > bytesAtOnce && holdsWeights(path));
}

bool takesLongToCut(std::uintmax_t bytes) {
    constexpr std::uintmax_t bytesAtOnce = 64 << 10;
    return bytes > bytesAtOnce;
}

namespace {

/// A folder's and a pipe's say nothing: they may be anything. Packed text is several times as long.
bool isLongText(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) return false;
    if (!fs::is_regular_file(status)) return true;
    constexpr std::uintmax_t packing = 4;
    const std::uintmax_t size = fs::file_size(path, error);
    return !error && takesLongToCut(isGzip(fileStart(path, 2)) ? packing * size : size);
}

}  // namespace

bool takesLongToLoad(const Experiment& experiment, const fs::path& folder) {
    if (experiment.task.kind->source != TaskSource::text) return false;
    std::vector<std::string> files = pathsInList(experiment.task.path);
    files.push_back(experiment.task.text.tokenizer);  // where that is a file
    constexpr std::size_t many = 16;
    return files.size() > many ||
           std::ranges::any_of(files, [&](const std::string& each) { return isLongText(folder / pathFromUtf8(each)); });
}

namespace {

/// A run without a step, whose data are some sentences; it has no file of ours yet.
DocumentSource foreignSource(const fs::path& path, const Watch& watch) {
    PretrainedModel opened = openPretrained(path, watch);
    DocumentSource source;
    source.state = TrainingState{std::move(opened.weights), {}, {}, 0};  // an optimizer's memory when it is trained
    source.experiment = std::move(opened.experiment);
    source.tokenizer = std::move(opened.tokenizer);
    source.said = std::move(opened.notes);
    return source;
}

}  // namespace

DocumentSource readDocument(const fs::path& path, const Watch& watch) {
    if (isForeignModel(QString::fromStdString(utf8Text(path)))) return foreignSource(path, watch);
    DocumentSource source;
    source.folder = fs::absolute(path).parent_path();
    if (holdsWeights(QString::fromStdString(utf8Text(path)))) {
        auto checkpoint = std::make_shared<const CheckpointFile>(readCheckpoint(path, watch));
        if (isSession(*checkpoint)) {
            source.session = std::move(checkpoint);
            return source;
        }
        source.experiment = checkpoint->experiment;
        source.state = stateOf(*checkpoint);
        source.savedStep = source.state->step;
        source.notes = checkpoint->metadata;
        source.tokenizer = checkpoint->tokenizer;
        if (quantisationOf(checkpoint->metadata, checkpoint->file))
            return source;  // saving must not put floats in the place of its integers
    } else if (isPairsFile(path)) {
        source.experiment = experimentOnPairs(path);
        return source;  // not a document yet: it has no file of its own
    } else {
        source.experiment = loadExperiment(path);
    }
    source.path = QString::fromStdString(utf8Text(fs::absolute(path)));
    return source;
}

}  // namespace lab
