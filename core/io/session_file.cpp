#include "core/io/session_file.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/experiment_json.h"
#include "core/config/json_check.h"
#include "core/config/validation.h"

namespace lab {
namespace {

using Json = nlohmann::json;

const std::string pastKey = "attention_lab.session";
const std::string runsKey = "attention_lab.session.runs";
const std::string windowKey = "attention_lab.session.window";
const std::string shownPrefix = "session.";

std::string prefixOf(std::size_t run) {
    return "session.run." + std::to_string(run) + ".";
}

Json jsonOf(const SessionRun& run) {
    Json json{{"name", run.name}, {"notes", run.notes}};
    if (run.origin) json["origin"] = {{"parent", run.origin->parent}, {"step", run.origin->step}};
    return json;
}

/// What a run that is not the shown one needs to be one.
void addWholeRun(Json& json, SessionTensors& tensors, const SessionRun& run, const std::string& prefix) {
    json["experiment"] = Json::parse(writeExperiment(run.experiment));
    json["vocabulary"] = run.tokenizer.words;
    if (!run.tokenizer.pipeline.empty()) json["tokenizer"] = run.tokenizer.pipeline;
    json["step"] = run.present->step;
    json["past"] = Json::parse(addPast(tensors, prefix, run.past));
    addState(tensors, prefix + "present", *run.present);
}

/// Reads one part of a file's metadata and says where it is when something is wrong.
class Part {
public:
    Part(const Json& json, Message place) : m_json(json), m_place(std::move(place)) {}

    [[noreturn]] void refuse(Message sentence) const { throw InputError(m_place, std::move(sentence)); }
    const Message& place() const { return m_place; }
    Message placeOf(const char* key) const { return located(m_place, Message::verbatim(key)); }

    const Json& at(const char* key) const {
        if (!m_json.is_object() || !m_json.contains(key)) refuse(Message(LAB_TEXT("io", "%1 is missing")).arg(key));
        return m_json[key];
    }
    bool has(const char* key) const { return m_json.is_object() && m_json.contains(key); }
    Part part(const char* key) const { return {at(key), placeOf(key)}; }
    std::string text(const char* key) const {
        if (!at(key).is_string()) refuse(Message(LAB_TEXT("io", "%1 is no text")).arg(key));
        return m_json[key].get<std::string>();
    }
    std::int64_t step(const char* key) const {
        const Json& value = at(key);
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() > std::numeric_limits<int>::max())
            refuse(Message(LAB_TEXT("io", "%1 must be a number from 0, not %2")).arg(key).arg(value.dump()));
        return value.get<std::int64_t>();
    }
    Metadata texts(const char* key) const {
        Metadata texts;
        if (!at(key).is_object()) refuse(Message(LAB_TEXT("io", "%1 are no texts by name")).arg(key));
        for (const auto& [name, value] : m_json[key].items()) {
            if (!value.is_string()) refuse(Message(LAB_TEXT("io", "%1 is no text")).arg(key + ("." + name)));
            texts[name] = value.get<std::string>();
        }
        return texts;
    }
    std::vector<std::string> words(const char* key) const {
        std::vector<std::string> words;
        if (!at(key).is_array()) refuse(Message(LAB_TEXT("io", "%1 is no list of words")).arg(key));
        for (const Json& word : m_json[key]) {
            if (!word.is_string()) refuse(located(key, Message(LAB_TEXT("io", "entry %1 is no word")).arg(words.size())));
            words.push_back(word.get<std::string>());
        }
        return words;
    }

private:
    const Json& m_json;
    Message m_place;
};

Json parsed(const std::string& text, const Message& place) {
    try {
        requireJson(text);
    } catch (const InputError& error) {
        throw InputError(place, error.message());
    }
    return Json::parse(text);
}

std::string textOf(const Metadata& metadata, const std::string& key) {
    const auto entry = metadata.find(key);
    return entry == metadata.end() ? std::string() : entry->second;
}

Message placeOf(const std::string& file, const std::string& key) {
    return located(file, Message(LAB_TEXT("io", "metadata %1")).arg(key));
}

Experiment readExperiment(const Part& part) {
    try {
        Experiment experiment = resolved(parseExperiment(part.at("experiment").dump()));
        validate(experiment);
        const ModelConfig& model = experiment.model;
        if (!model.vocab_size || !model.num_classes || !model.max_seq_len)
            throw InputError(LAB_TEXT("io", "model.vocab_size, num_classes and max_seq_len must be given"));
        return experiment;
    } catch (const InputError& error) {
        part.refuse(located("experiment", error.message()));
    }
}

void requirePastOf(const SessionRun& run, const Message& place) {
    const std::int64_t last = run.past.firstStep + static_cast<std::int64_t>(run.past.rows.size());
    if (!run.past.rows.empty() && last != run.present->step)
        throw InputError(
            place, Message(LAB_TEXT("io", "its records end at step %1, but its weights are of step %2")).arg(last).arg(run.present->step));
    const auto requireDone = [&](const char* key, std::int64_t step) {
        if (step >= run.past.firstStep && step <= run.present->step) return;
        throw InputError(place, Message(LAB_TEXT("io", "%1 has step %2, which the run has not done")).arg(key).arg(step));
    };
    for (const SessionPast::Moment& moment : run.past.moments) requireDone("kept", moment.step);
    for (const TrainingStatePtr& state : run.past.states) requireDone("states", state->step);
}

void readNames(SessionRun& run, const Part& part) {
    run.name = part.text("name");
    run.notes = part.texts("notes");
    if (!part.has("origin")) return;
    const Part origin = part.part("origin");
    run.origin = SessionRun::Origin{origin.text("parent"), origin.step("step")};
}

/// The run whose training state the file is.
SessionRun shownRun(const CheckpointFile& file, const LayoutOf& layoutOf) {
    SessionRun run;
    run.name = file.experiment.name;
    run.experiment = file.experiment;
    run.tokenizer = file.tokenizer;
    run.layout = layoutOf(file.experiment);
    run.present = std::make_shared<const TrainingState>(trainingStateOf(file, *run.layout, *run.experiment.training.optimizer.kind));
    if (!isSession(file)) throw InputError(placeOf(file.file, pastKey), LAB_TEXT("io", "is missing"));
    run.past = readPast(file.tensors, shownPrefix, file.metadata.at(pastKey), *run.present, placeOf(file.file, pastKey));
    requirePastOf(run, placeOf(file.file, pastKey));
    return run;
}

SessionRun otherRun(const CheckpointFile& file, const Part& part, const std::string& prefix, const LayoutOf& layoutOf) {
    SessionRun run;
    run.experiment = readExperiment(part);
    run.tokenizer.words = part.words("vocabulary");
    if (part.has("tokenizer")) run.tokenizer.pipeline = part.text("tokenizer");
    run.layout = layoutOf(run.experiment);
    run.present =
        readState(file.tensors, prefix + "present", part.step("step"), *run.layout, run.experiment.training.adapters, part.place());
    run.past = readPast(file.tensors, prefix, part.at("past").dump(), *run.present, part.placeOf("past"));
    requirePastOf(run, part.placeOf("past"));
    return run;
}

}  // namespace

void writeSession(const std::filesystem::path& path, const SessionFile& session, const Metadata& extra) {
    SessionTensors tensors;
    Metadata metadata = extra;
    Json runs = Json::array();
    for (std::size_t i = 0; i < session.runs.size(); ++i) {
        Json json = jsonOf(session.runs[i]);
        if (i == session.shown)
            metadata[pastKey] = addPast(tensors, shownPrefix, session.runs[i].past);
        else
            addWholeRun(json, tensors, session.runs[i], prefixOf(i));
        runs.push_back(std::move(json));
    }
    metadata[runsKey] = Json{{"shown", session.shown}, {"runs", runs}}.dump();
    if (!session.window.empty()) metadata[windowKey] = session.window;
    const SessionRun& shown = session.runs.at(session.shown);
    writeCheckpoint(path, shown.experiment, shown.tokenizer, *shown.layout, *shown.present, metadata, tensors.tensors);
}

bool isSession(const CheckpointFile& checkpoint) {
    return checkpoint.metadata.contains(pastKey);
}

SessionFile sessionOf(const CheckpointFile& file, const LayoutOf& layoutOf) {
    std::vector<Message> lost;
    SessionFile session = soundRunsOf(file, layoutOf, lost);
    if (!lost.empty()) throw InputError(lost.front());
    return session;
}

SessionFile soundRunsOf(const CheckpointFile& file, const LayoutOf& layoutOf, std::vector<Message>& lost) {
    SessionFile session;
    session.file = file.file;
    session.window = textOf(file.metadata, windowKey);
    if (!session.window.empty()) (void)parsed(session.window, placeOf(file.file, windowKey));
    const std::string text = textOf(file.metadata, runsKey);
    if (text.empty()) {
        session.runs.push_back(shownRun(file, layoutOf));
        return session;
    }
    const Json json = parsed(text, placeOf(file.file, runsKey));
    const Part whole(json, placeOf(file.file, runsKey));
    const Json& runs = whole.at("runs");
    const auto shown = static_cast<std::size_t>(whole.step("shown"));
    if (!runs.is_array() || shown >= runs.size()) whole.refuse(LAB_TEXT("io", "shown names none of the runs"));
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const Part part(runs[i], located(whole.place(), Message(LAB_TEXT("io", "run %1")).arg(i)));
        try {
            SessionRun run = i == shown ? shownRun(file, layoutOf) : otherRun(file, part, prefixOf(i), layoutOf);
            readNames(run, part);
            if (i == shown) session.shown = session.runs.size();
            session.runs.push_back(std::move(run));
        } catch (const InputError& error) {
            lost.push_back(error.message());
        }
    }
    if (session.runs.empty()) throw InputError(lost.front());
    return session;
}

SessionSummary readSessionSummary(const std::filesystem::path& path) {
    CheckpointFile head;
    head.file = utf8Text(path);
    head.metadata = readSafetensorsMetadata(path);
    readCheckpointMetadata(head);
    SessionSummary summary{head.experiment.name, head.step.value_or(0), head.experiment.training.steps, 1, isSession(head)};
    const std::string text = textOf(head.metadata, runsKey);
    if (text.empty()) return summary;
    const Json json = parsed(text, placeOf(head.file, runsKey));
    const Part whole(json, placeOf(head.file, runsKey));
    const Json& runs = whole.at("runs");
    const auto shown = static_cast<std::size_t>(whole.step("shown"));
    if (!runs.is_array() || shown >= runs.size()) whole.refuse(LAB_TEXT("io", "shown names none of the runs"));
    summary.runs = runs.size();
    summary.name = Part(runs[shown], whole.place()).text("name");
    return summary;
}

}  // namespace lab
