#include "core/data/loaded_task.h"

#include "core/config/validation.h"
#include "core/data/built_in_dataset.h"
#include "core/data/function_dataset.h"
#include "core/data/glossary_dataset.h"
#include "core/data/pairs_dataset.h"
#include "core/data/picture_dataset.h"
#include "core/data/sentences_dataset.h"
#include "core/data/story_dataset.h"
#include "core/data/text_loading.h"

namespace lab {

namespace {

LoadedTask completed(LoadedTask task) {
    task.experiment = resolved(task.experiment);  // what follows from the length of its lines
    validate(task.experiment);                    // what the data derived must fit the rest
    return task;
}

}  // namespace

LoadedTask loadTask(const Experiment& experiment, const std::filesystem::path& folder, const Watch& watch) {
    validate(experiment);
    Experiment whole = resolved(experiment);
    if (whole.task.kind->isBuiltIn()) {
        auto dataset = std::make_shared<BuiltInDataset>(whole);
        return {std::move(whole), std::move(dataset)};
    }
    if (whole.task.kind->source == TaskSource::told) {
        auto dataset = std::make_shared<StoryDataset>(whole);
        return {std::move(whole), std::move(dataset)};
    }
    if (whole.task.kind->source == TaskSource::pictures) return completed(loadPictures(std::move(whole), folder, watch));
    if (whole.task.kind->source == TaskSource::functions) {
        auto dataset = std::make_shared<FunctionDataset>(whole);
        return {std::move(whole), std::move(dataset)};
    }
    if (whole.task.kind->source == TaskSource::glossary) {
        auto dataset = std::make_shared<GlossaryDataset>(whole);
        return {std::move(whole), std::move(dataset)};
    }
    if (whole.task.kind->source == TaskSource::sentences) return completed(loadSentences(std::move(whole), {}, folder, watch));
    const bool text = whole.task.kind->source == TaskSource::text;
    return completed(text ? loadText(std::move(whole), {}, folder, watch) : loadPairs(std::move(whole), folder));
}

LoadedTask loadSavedTask(const Experiment& experiment, const KeptTokenizer& kept, const std::filesystem::path& folder, const Watch& watch) {
    const TaskSource source = experiment.task.kind->source;
    const bool reads = source == TaskSource::text || source == TaskSource::sentences || source == TaskSource::pairs;
    if (!reads || kept.pipeline.empty()) return loadTask(experiment, folder, watch);
    validate(experiment);
    if (source == TaskSource::pairs) return completed(loadPairs(resolved(experiment), folder, kept));
    if (source == TaskSource::sentences) return completed(loadSentences(resolved(experiment), kept, folder, watch));
    return completed(loadText(resolved(experiment), kept, folder, watch));
}

LoadedTask loadTask(const Experiment& experiment, const std::filesystem::path& folder, const LoadedTask& known) {
    validate(experiment);
    Experiment whole = resolved(experiment);
    auto text = textInCommon(whole, known);
    return text ? completed(loadText(std::move(whole), std::move(text))) : loadTask(experiment, folder);
}

KeptTokenizer tokenizerOfBranch(const Experiment& changed, const LoadedTask& from) {
    const TaskConfig &now = changed.task, &before = from.experiment.task;
    const auto source = [](const TaskConfig& task, TaskSource wanted) { return task.kind->source == wanted; };
    const auto cuts = [&](const TaskConfig& task) { return source(task, TaskSource::text) || source(task, TaskSource::sentences); };
    const Tokenizer& learned = from.dataset->tokenizer();
    if (learned.isText() && (source(now, TaskSource::pairs) || source(before, TaskSource::pairs))) return learned.kept();
    const bool sameTokens = now.text.tokenizer == before.text.tokenizer && now.text.pieces == before.text.pieces;
    return cuts(now) && cuts(before) && sameTokens ? learned.kept() : KeptTokenizer();
}

LoadedTask loadBranchTask(const Experiment& changed, const std::filesystem::path& folder, const LoadedTask& from) {
    const KeptTokenizer tokenizer = tokenizerOfBranch(changed, from);
    if (tokenizer.empty() || textInCommon(resolved(changed), from)) return loadTask(changed, folder, from);
    return loadSavedTask(changed, tokenizer, folder);
}

}  // namespace lab
