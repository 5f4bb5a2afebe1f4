#pragma once

#include <QString>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config/experiment.h"
#include "core/io/checkpoint.h"
#include "core/model/trace.h"
#include "core/training/trainer.h"

// Documents as they lie in files, before anything is built of them.

namespace lab {

struct LoadedTask;

struct DocumentSource {
    Experiment experiment;
    std::filesystem::path folder;  ///< what its paths are relative to
    QString path;
    std::optional<TrainingState> state;
    std::int64_t savedStep = -1;
    Metadata notes;           ///< of a checkpoint
    KeptTokenizer tokenizer;  ///< of a checkpoint
    std::string presetName;
    std::vector<Message> said;                      ///< what a person should know of it
    std::optional<Input> input;                     ///< what it is to be seen with; else a sample
    std::shared_ptr<const CheckpointFile> session;  ///< if it is one: then the rest is not there
};

/// An experiment, a checkpoint, a session, pairs or a model of another program, by what is in it and, of a text, the name. Throws
/// InputError.
DocumentSource readDocument(const std::filesystem::path& path, const Watch& watch = {});
/// Longer than a frame or two.
bool takesLongToRead(const QString& path);
/// To be cleaned and cut into tokens: the text that an experiment names; `folder`: what its paths are relative to.
bool takesLongToLoad(const Experiment& experiment, const std::filesystem::path& folder);
/// The same of a text of so many bytes.
bool takesLongToCut(std::uintmax_t bytes);
/// A preset, or by examplePrefix and its id a worked example. Throws InputError when there is none.
DocumentSource presetSource(const std::string& name);
constexpr const char* examplePrefix = "example:";

/// The settings as a person edits them: what would be worked out anyway is absent, so that it follows the others.
Experiment editableSettings(const Experiment& experiment, const LoadedTask& task, const std::filesystem::path& folder);

std::filesystem::path pathOf(const QString& path);
/// Where a file lies.
std::filesystem::path folderOf(const QString& path);
/// A folder with a model of another program, or its file.
bool isForeignModel(const QString& path);
/// By its name: weights, and what else a checkpoint holds.
bool isCheckpoint(const QString& path);
/// By its name or, whatever that is, by how the file begins; and a model of another program, a folder or a file.
bool holdsWeights(const QString& path);
/// Why something did not go, for a person.
QString sentenceOf(const std::exception& error);

}  // namespace lab
