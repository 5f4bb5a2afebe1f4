#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/limits.h"
#include "core/learn/lesson_writing.h"
#include "core/learn/members_json.h"
#include "core/learn/prediction_kinds.h"

namespace lab {
namespace {

using Json = nlohmann::json;

constexpr const char* draftFormat = "attention-lab/lesson-draft";

std::string textAt(const Json& json, const char* key) {
    return json.value(key, std::string());
}
std::vector<std::string> textsAt(const Json& json, const char* key) {
    return json.value(key, std::vector<std::string>());
}
/// 0 of what is no count.
int countAt(const Json& json, const char* key) {
    const Json count = json.value(key, Json());
    return count.is_number_unsigned() && count.get<std::uint64_t>() <= std::uint64_t{mostCounted} ? count.get<int>() : 0;
}
std::map<std::string, std::string> settingsAt(const Json& json, const char* key) {
    std::map<std::string, std::string> settings;
    if (!json.contains(key)) return settings;
    for (const auto& [path, value] : json.at(key).items()) settings[path] = value.dump();
    return settings;
}

Prediction predictionFrom(const Json& json) {
    Prediction prediction;
    for (const PredictionKindRow& row : predictionKinds)
        if (row.name == textAt(json, "kind")) prediction.kind = row.kind;
    for (const Json& each : json.value("answers", Json::array())) prediction.answers.push_back({textAt(each, "id"), textAt(each, "is")});
    prediction.value = textAt(json, "value");
    prediction.row = textAt(json, "row");
    prediction.column = textAt(json, "column");
    prediction.tolerance = json.value("tolerance", 0.0);
    prediction.from = json.value("from", 0.0);
    prediction.to = json.value("to", 1.0);
    return prediction;
}

LessonStep stepFrom(const Json& json) {
    LessonStep step;
    step.id = textAt(json, "id");
    step.show = textAt(json, "show");
    step.step = json.value("step", std::string("latest"));
    step.highlight = textsAt(json, "highlight");
    if (json.contains("cover")) step.cover = json.at("cover").get<bool>();
    if (json.contains("predict")) step.predict = predictionFrom(json.at("predict"));
    if (json.contains("do")) {
        const Json& act = json.at("do");
        step.act = LessonAct{textAt(act, "action"), textAt(act, "until"), settingsAt(act, "set"), textAt(act, "input")};
    }
    step.checks = textsAt(json, "check");
    return step;
}

Lesson lessonFrom(const Json& json) {
    Lesson lesson;
    lesson.id = textAt(json, "id");
    lesson.minutes = countAt(json, "minutes");
    lesson.preset = textAt(json, "preset");
    lesson.example = textAt(json, "example");
    lesson.opened = json.value("opened", false);
    lesson.set = settingsAt(json, "set");
    lesson.input = textAt(json, "input");
    lesson.hide = textsAt(json, "hide");
    for (const Json& each : json.at("steps")) lesson.steps.push_back(stepFrom(each));
    lesson.recall = textsAt(json, "recall");
    return lesson;
}

using Words = std::map<std::string, std::string>;

Json jsonOf(const LessonTexts& texts) {
    Json json = {{"title", texts.title}, {"about", texts.about}, {"try", texts.tryNext}, {"asks", texts.asks}, {"steps", Json::array()}};
    for (const LessonStepTexts& each : texts.steps)
        json["steps"].push_back({{"say", each.say},
                                 {"question", each.question},
                                 {"why", each.why},
                                 {"answers", each.answers},
                                 {"reasons", each.reasons},
                                 {"hints", each.hints}});
    return json;
}

LessonTexts textsFrom(const Json& json, std::size_t steps) {
    LessonTexts texts{textAt(json, "title"), textAt(json, "about"), {}, textAt(json, "try"), textAt(json, "asks")};
    for (const Json& each : json.at("steps"))
        texts.steps.push_back({textAt(each, "say"), textAt(each, "question"), textAt(each, "why"), each.value("answers", Words()),
                               each.value("reasons", Words()), textsAt(each, "hints")});
    texts.steps.resize(steps);
    return texts;
}

}  // namespace

std::string draftText(const LessonRow& row) {
    Json json = {{"format", draftFormat}, {"version", 1}, {"lesson", Json::parse(lessonJson(row.lesson))}, {"texts", Json::object()}};
    for (const auto& [language, texts] : row.texts) json["texts"][language] = jsonOf(texts);
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

LessonRow readDraft(std::string_view text) {
    try {
        const Json json = learn::parsedJson(text, "draft");
        if (textAt(json, "format") != draftFormat || countAt(json, "version") != 1)
            throw InputError("format", LAB_TEXT("learn", "expected the draft of a lesson, version 1"));
        LessonRow row{lessonFrom(json.at("lesson")), {}};
        for (const auto& [language, texts] : json.at("texts").items()) row.texts[language] = textsFrom(texts, row.lesson.steps.size());
        return row;
    } catch (const Json::exception&) {
        throw InputError("draft", LAB_TEXT("learn", "cannot be read"));
    }
}

}  // namespace lab
