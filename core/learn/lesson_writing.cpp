#include "core/learn/lesson_writing.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform_files.h"
#include "core/learn/prediction_kinds.h"

namespace lab {
namespace {

using Ordered = nlohmann::ordered_json;

/// Nothing is written of what is empty.
void put(Ordered& object, const char* key, const std::string& text) {
    if (!text.empty()) object[key] = text;
}
void put(Ordered& object, const char* key, const std::vector<std::string>& texts) {
    if (!texts.empty()) object[key] = texts;
}
void put(Ordered& object, const char* key, const std::map<std::string, std::string>& settings) {
    for (const auto& [path, value] : settings) {
        Ordered parsed = Ordered::parse(value, nullptr, false);
        object[key][path] = parsed.is_discarded() ? Ordered(value) : std::move(parsed);
    }
}

Ordered jsonOf(const Prediction& prediction) {
    Ordered json;
    json["kind"] = predictionKind(prediction.kind).name;
    for (const Prediction::Answer& answer : prediction.answers) {
        Ordered of = Ordered::object();
        put(of, "id", answer.id);
        put(of, "is", answer.expression);
        json["answers"].push_back(std::move(of));
    }
    put(json, "value", prediction.value);
    put(json, "row", prediction.row);
    put(json, "column", prediction.column);
    if (prediction.tolerance != 0) json["tolerance"] = prediction.tolerance;
    if (prediction.from != 0) json["from"] = prediction.from;
    if (prediction.to != 1) json["to"] = prediction.to;
    return json;
}

Ordered jsonOf(const LessonAct& act) {
    Ordered json = Ordered::object();
    put(json, "action", act.action);
    put(json, "set", act.set);
    put(json, "input", act.input);
    put(json, "until", act.until);
    return json;
}

Ordered jsonOf(const LessonStep& step) {
    Ordered json = Ordered::object();
    put(json, "id", step.id);
    put(json, "show", step.show);
    if (step.step != "latest") put(json, "step", step.step);
    put(json, "highlight", step.highlight);
    if (step.cover) json["cover"] = *step.cover;
    if (step.predict) json["predict"] = jsonOf(*step.predict);
    if (step.act) json["do"] = jsonOf(*step.act);
    put(json, "check", step.checks);
    return json;
}

Ordered jsonOf(const Lesson& lesson) {
    Ordered json;
    json["format"] = "attention-lab/lesson";
    json["version"] = 1;
    put(json, "id", lesson.id);
    json["minutes"] = lesson.minutes;
    put(json, "preset", lesson.preset);
    put(json, "example", lesson.example);
    if (lesson.opened) json["opened"] = true;
    put(json, "set", lesson.set);
    put(json, "input", lesson.input);
    put(json, "hide", lesson.hide);
    json["steps"] = Ordered::array();
    for (const LessonStep& step : lesson.steps) json["steps"].push_back(jsonOf(step));
    put(json, "recall", lesson.recall);
    return json;
}

}  // namespace

std::string lessonJson(const Lesson& lesson) {
    return jsonOf(lesson).dump(2) + "\n";
}

std::string lessonMarkdown(const LessonTexts& texts, const Lesson& lesson) {
    std::string markdown;
    const auto part = [&markdown](const std::string& heading, const std::string& body) {
        markdown += (markdown.empty() ? "" : "\n") + heading + "\n" + (body.empty() ? "" : body + "\n");
    };
    const auto partIfAny = [&part](const std::string& heading, const std::string& body) {
        if (!body.empty()) part(heading, body);
    };
    const auto ofAnswer = [](const char* heading, const std::string& id) { return heading + (" " + id); };
    part("# " + texts.title, texts.about);
    for (std::size_t i = 0; i < std::min(lesson.steps.size(), texts.steps.size()); ++i) {
        const LessonStepTexts& said = texts.steps[i];
        part("## " + lesson.steps[i].id, said.say);
        partIfAny("### question", said.question);
        for (const auto& answers = lesson.steps[i].predict ? lesson.steps[i].predict->answers : std::vector<Prediction::Answer>();
             const Prediction::Answer& answer : answers) {
            if (said.answers.contains(answer.id)) partIfAny(ofAnswer("### answer", answer.id), said.answers.at(answer.id));
            if (said.reasons.contains(answer.id)) partIfAny(ofAnswer("### reason", answer.id), said.reasons.at(answer.id));
        }
        for (const std::string& hint : said.hints) partIfAny("### hint", hint);
        partIfAny("### why", said.why);
    }
    partIfAny("## try", texts.tryNext);
    partIfAny("## asks", texts.asks);
    return markdown;
}

namespace {

std::string fileOfTexts(const LessonRow& row, const std::string& language) {
    return row.lesson.id + "." + language + ".md";
}

/// What stands in a lesson's files, by their names.
std::map<std::string, std::string> filesOf(const LessonRow& row) {
    std::map<std::string, std::string> files = {{row.lesson.id + ".json", lessonJson(row.lesson)}};
    for (const auto& [language, texts] : row.texts) files[fileOfTexts(row, language)] = lessonMarkdown(texts, row.lesson);
    return files;
}

/// Files that were written, and what stood there before; unless all were written, that stands there again.
class WrittenFiles {
public:
    ~WrittenFiles() {
        if (m_whole) return;
        for (const auto& [file, before] : m_before) {
            std::error_code ignored;
            try {
                if (before)
                    replaceFile(file, {*before});
                else
                    std::filesystem::remove(file, ignored);
            } catch (const InputError&) {  // the disk that refused the new text refuses the old one: nothing more can be done
            }
        }
    }
    void write(const std::filesystem::path& file, const std::string& text) {
        std::optional<std::string> before;
        if (std::filesystem::exists(file)) before = readFile(file);
        m_before.emplace_back(file, std::move(before));
        replaceFile(file, {text});
    }
    void keep() { m_whole = true; }

private:
    std::vector<std::pair<std::filesystem::path, std::optional<std::string>>> m_before;
    bool m_whole = false;
};

}  // namespace

void writeLesson(const LessonRow& whole, const std::filesystem::path& folder) {
    const LessonRow row = withoutEmptyTexts(whole);
    if (const auto faults = faultsOf(row); !faults.empty()) throw InputError(faults.front().what);
    WrittenFiles written;
    for (const auto& [name, text] : filesOf(row)) written.write(folder / pathFromUtf8(name), text);
    written.keep();
}

std::vector<std::filesystem::path> filesInTheWay(const LessonRow& row, const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> there;
    for (const auto& [name, text] : filesOf(withoutEmptyTexts(row)))
        if (std::filesystem::exists(folder / pathFromUtf8(name))) there.push_back(folder / pathFromUtf8(name));
    return there;
}

}  // namespace lab
