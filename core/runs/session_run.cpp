#include "core/runs/session_run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/data/data_print.h"
#include "core/data/pairs_dataset.h"
#include "core/data/text_dataset.h"
#include "core/data/text_loading.h"
#include "core/model/model.h"
#include "core/ops/kernels.h"

namespace lab {
namespace {

constexpr std::size_t columns = 13;  ///< and two for each group of the validation's targets: right, asked
constexpr std::int64_t mostSeries = 65'535;

// Notes of a run: its own pairs, so that it goes on where their files are not.
const std::string pairsNote = "pairs";
const std::string validationPairsNote = "validation_pairs";
const std::string paceNote = "pace";
const std::string seriesNote = "series";
/// A file's header has its bounds; larger data stay where they are.
constexpr std::size_t mostPairsBytes = std::size_t{16} << 20;

/// The lowest validation loss before the records begin.
const std::string bestNote = "best_before";

/// Of a text: cleaned, what is trained on and what is validated on.
const std::string textNote = "text";
const std::string validationTextNote = "validation_text";

void noteText(Metadata& notes, const TrainingRun& run, const CorpusDataset& data) {
    notePrint(notes, {run.experiment(), run.dataset()});
    if (data.corpus().train.size() + data.corpus().validation.size() > mostPairsBytes) return;
    notes[textNote] = data.corpus().train;
    notes[validationTextNote] = data.corpus().validation;
}

void noteData(Metadata& notes, const TrainingRun& run) {
    if (const auto* text = dynamic_cast<const CorpusDataset*>(run.dataset().get())) return noteText(notes, run, *text);
    const TaskSource source = run.experiment().task.kind->source;
    if (source == TaskSource::pictures) return notePrint(notes, {run.experiment(), run.dataset()});
    if (source != TaskSource::pairs) return;
    PairsTexts texts = pairsTexts(*run.dataset(), run.experiment());
    if (texts.train.size() + texts.validation.size() > mostPairsBytes) return notePrint(notes, {run.experiment(), run.dataset()});
    notes[pairsNote] = std::move(texts.train);
    notes[validationPairsNote] = std::move(texts.validation);
}

LoadedTask textTaskOf(const SessionRun& run, const std::filesystem::path& folder, const Watch& watch) {
    const auto text = run.notes.find(textNote), validation = run.notes.find(validationTextNote);
    if (text == run.notes.end() || validation == run.notes.end()) return loadSavedTask(run.experiment, run.tokenizer, folder, watch);
    const auto hashes = notedText(run.notes);
    auto corpus = std::make_shared<const Corpus>(partedCorpus(text->second, validation->second, hashes.raw, hashes.clean));
    return loadText(run.experiment, std::move(corpus), run.tokenizer, folder, watch);
}

LoadedTask taskOf(const SessionRun& run, const std::filesystem::path& folder, const Watch& watch) {
    if (run.experiment.task.kind->source == TaskSource::text) return textTaskOf(run, folder, watch);
    if (run.experiment.task.kind->source == TaskSource::sentences) return loadSavedTask(run.experiment, run.tokenizer, folder, watch);
    const auto pairs = run.notes.find(pairsNote), validation = run.notes.find(validationPairsNote);
    if (!run.experiment.task.kind->readsFiles() || pairs == run.notes.end()) return loadSavedTask(run.experiment, run.tokenizer, folder);
    return loadPairs(run.experiment, {pairs->second, validation == run.notes.end() ? std::string() : validation->second}, run.tokenizer);
}

void put(std::vector<double>& row, const Evaluation& evaluation) {
    row.insert(row.end(), {evaluation.loss, evaluation.accuracy, evaluation.sequenceAccuracy});
}

/// Whether what stands behind the columns can be counts.
bool hasGroups(const std::vector<double>& row) {
    constexpr std::size_t mostGroups = 127;
    if ((row.size() - columns) % 2 != 0 || row.size() > columns + 2 * mostGroups) return false;
    for (std::size_t k = columns; k < row.size(); k += 2) {
        const double right = row[k], asked = row[k + 1];
        if (std::isnan(right) && std::isnan(asked)) continue;
        if (!(right >= 0 && right <= asked && asked <= std::numeric_limits<int>::max())) return false;
    }
    return true;
}

std::vector<Tally> groupsOf(const std::vector<double>& row) {
    std::vector<Tally> groups;
    for (std::size_t k = columns; k + 1 < row.size() && !std::isnan(row[k]); k += 2)
        groups.push_back({static_cast<int>(row[k]), static_cast<int>(row[k + 1])});
    return groups;
}

StepRecord recordOf(const std::vector<double>& row) {
    StepRecord record;
    record.step = static_cast<std::int64_t>(row[0]);
    record.train = {row[1], row[2], row[3]};
    if (!std::isnan(row[4])) record.validation = Evaluation{row[4], row[5], row[6], groupsOf(row)};
    record.learningRate = row[7];
    record.gradientNorm = row[8];
    record.seconds = row[9];
    record.tokens = static_cast<int>(row[10]);
    return record;
}

BestValidation bestAfter(const RunPast& past) {
    BestValidation best = past.best;
    for (const StepRecord& record : past.records)
        if (record.validation) best.take(record.step, record.validation->loss);
    return best;
}

SessionPast pastOf(const TrainingRun& run, std::int64_t step) {
    SessionPast session;
    session.firstStep = run.records().empty() ? run.step() : run.records().front().step - 1;
    for (const CheckpointPtr& checkpoint : run.history().checkpoints())
        if (checkpoint->step <= step) session.moments.push_back({checkpoint->step, {checkpoint, &checkpoint->weights}});
    for (const TrainingStatePtr& state : run.history().states())
        if (state->step <= step) session.states.push_back(state);
    for (const auto& [pinned, name] : run.history().pins())
        if (pinned <= step) session.pins[pinned] = name;
    for (const StepRecord& record : run.records())
        if (record.step <= step) session.rows.push_back(sessionRow(record));
    std::size_t longest = columns;
    for (const std::vector<double>& row : session.rows) longest = std::max(longest, row.size());
    for (std::vector<double>& row : session.rows) row.resize(longest, std::numeric_limits<double>::quiet_NaN());
    return session;
}

RunPast runPast(const SessionPast& session) {
    RunPast past;
    past.firstStep = session.firstStep;
    past.records = recordsOf(session);
    for (const SessionPast::Moment& moment : session.moments)
        past.checkpoints.push_back(std::make_shared<const Checkpoint>(moment.step, moment.weights));
    past.states = session.states;
    past.pins = session.pins;
    return past;
}

}  // namespace

SessionRun sessionRunOf(const TrainingRun& run, const TrainingStatePtr& present) {
    SessionRun kept;
    kept.name = run.name();
    kept.origin = run.origin();
    kept.experiment = run.experiment();
    kept.tokenizer = run.dataset()->tokenizer().kept();
    kept.layout = {run.model(), &run.model()->layout()};
    kept.present = present;
    kept.past = pastOf(run, present->step);
    noteData(kept.notes, run);
    if (const BestValidation before = run.bestUpTo(kept.past.firstStep); before.any()) kept.notes[bestNote] = bestText(before);
    kept.notes[paceNote] = numberText(run.pace());
    kept.notes[seriesNote] = std::to_string(run.series());
    return kept;
}

std::size_t textBytesOf(const SessionRun& run) {
    std::size_t bytes = 0;
    for (const std::string& note : {textNote, validationTextNote})
        if (const auto found = run.notes.find(note); found != run.notes.end()) bytes += found->second.size();
    return bytes;
}

std::vector<double> sessionRow(const StepRecord& record) {
    const double absent = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> row{static_cast<double>(record.step)};
    put(row, record.train);
    put(row, record.validation.value_or(Evaluation{absent, absent, absent, {}}));
    row.insert(row.end(), {record.learningRate, record.gradientNorm, record.seconds, static_cast<double>(record.tokens)});
    row.resize(columns);
    if (record.validation)
        for (const Tally& group : record.validation->groups)
            row.insert(row.end(), {static_cast<double>(group.right), static_cast<double>(group.asked)});
    return row;
}

std::vector<StepRecord> recordsOf(const SessionPast& past) {
    std::vector<StepRecord> records;
    for (const std::vector<double>& row : past.rows) {
        const std::int64_t expected = past.firstStep + static_cast<std::int64_t>(records.size()) + 1;
        if (row.size() < columns || !hasGroups(row) || !(row[0] == static_cast<double>(expected)))
            throw InputError(
                Message(LAB_TEXT("session", "The session's records are not of the steps from %1 on.")).arg(past.firstStep + 1));
        if (!(row[10] >= 0 && row[10] <= std::numeric_limits<int>::max()))
            throw InputError(Message(LAB_TEXT("session", "The session's record of step %1 has no number of tokens.")).arg(expected));
        records.push_back(recordOf(row));
    }
    return records;
}

RunToRestore prepared(const SessionRun& run, const std::filesystem::path& folder, const Watch& watch) {
    RunToRestore ready;
    ready.task = taskOf(run, folder, watch);
    ready.present = *run.present;
    ready.past = runPast(run.past);
    if (const auto before = run.notes.find(bestNote); before != run.notes.end())
        ready.past.best = bestOf(before->second, located("notes", Message::verbatim(bestNote)));
    ready.present.best = bestAfter(ready.past);
    ready.name = run.name;
    ready.origin = run.origin;
    if (const auto pace = run.notes.find(paceNote); pace != run.notes.end())
        if (const auto steps = parseReal(pace->second); steps && *steps >= 0) ready.pace = steps;
    if (const auto series = run.notes.find(seriesNote); series != run.notes.end()) {
        const std::int64_t number = parseInteger(series->second).value_or(0);
        ready.series = number >= 0 && number <= mostSeries ? static_cast<int>(number) : 0;
    }
    if (const Message difference = dataDifference(run.notes, ready.task); !difference.empty()) throw InputError("task.path", difference);
    if (ready.task.dataset->tokenizer().kept() != run.tokenizer)
        throw InputError("task.path",
                         Message(LAB_TEXT("session", "the words of the pairs are no longer those that %1 has learned")).arg(run.name));
    const UpdateRule& rule = *run.experiment.training.optimizer.kind;
    if (!hasMomentsOf(ready.present, rule))
        throw InputError("training.optimizer.kind",
                         Message(LAB_TEXT("session", "the moments kept of %1 are another optimizer's")).arg(run.name));
    for (const TrainingStatePtr& state : ready.past.states)
        if (!hasMomentsOf(*state, rule))
            throw InputError("training.optimizer.kind",
                             Message(LAB_TEXT("session", "the states kept of %1 are another optimizer's")).arg(run.name));
    return ready;
}

void restore(TrainingRun& run, RunToRestore ready) {
    run.setName(std::move(ready.name));
    if (ready.pace) run.setPace(*ready.pace);
    if (ready.series) run.setSeries(*ready.series);
    const std::int64_t last = ready.past.firstStep + static_cast<std::int64_t>(ready.past.records.size());
    if (last == run.step() && !ready.past.checkpoints.empty()) run.remember(std::move(ready.past));
}

std::shared_ptr<const ParameterLayout> layoutOf(const Experiment& experiment) {
    const auto model = std::make_shared<const Model>(experiment.model);
    return {model, &model->layout()};
}

namespace {

/// A file's header bears the texts of all its runs, escaped twice; of too many the longest stay with their files.
constexpr std::size_t mostTextsOfSession = std::size_t{40} << 20;

SessionFile withinHeader(SessionFile session) {
    std::size_t all = 0;
    for (const SessionRun& run : session.runs) all += textBytesOf(run);
    while (all > mostTextsOfSession) {
        SessionRun& longest = *std::ranges::max_element(session.runs, {}, textBytesOf);
        all -= textBytesOf(longest);
        for (const std::string& note : {textNote, validationTextNote}) longest.notes.erase(note);
    }
    return session;
}

}  // namespace

void writeSessionOfRuns(const std::filesystem::path& path, const SessionFile& session) {
    // Another processor's instruction set gives other bits: a state says which made it.
    writeSession(path, withinHeader(session), {{"attention_lab.computed_with", std::string("Attention Lab, ") + kernels<float>().isa}});
}

}  // namespace lab
