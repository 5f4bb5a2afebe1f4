#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/learn/expression.h"
#include "core/learn/lesson.h"
#include "core/learn/members_json.h"
#include "core/learn/prediction_kinds.h"
#include "core/learn/window_parts.h"

namespace lab {
namespace {

using learn::Json;
using learn::Members;
using learn::parsedJson;

std::string expressionOf(Members& members, const char* key, bool wanted) {
    const std::string text = members.text(key, wanted);
    if (text.empty()) return text;
    try {
        checkExpression(text);
    } catch (const InputError& error) {
        members.refuse(key, error.message());
    }
    return text;
}

std::map<std::string, std::string> settingsOf(Members& members, const char* key) {
    std::map<std::string, std::string> settings;
    const Json* json = members.objectIfAny(key);
    if (!json) return settings;
    if (!json->is_object()) members.refuse(key, LAB_TEXT("learn", "expected an object"));
    for (const auto& [path, value] : json->items()) settings[path] = value.dump();
    return settings;
}

std::vector<std::string> partsOf(Members& members) {
    std::vector<std::string> parts = members.texts("hide");
    for (const std::string& part : parts)
        if (std::ranges::find(windowParts(), part) == windowParts().end())
            members.refuse("hide", Message(LAB_TEXT("learn", "the window has no part %1")).arg(part));
    if (std::ranges::find(parts, "lesson.text") != parts.end())
        members.refuse("hide", LAB_TEXT("learn", "a lesson cannot hide its own text"));
    return parts;
}

std::vector<Prediction::Answer> answersOf(Members& members, const std::string& place) {
    std::vector<Prediction::Answer> answers;
    for (const Json& each : members.list("answers", true)) {
        Members of(each, place + ".answers[" + std::to_string(answers.size()) + "]");
        answers.push_back({of.text("id", true), expressionOf(of, "is", true)});
        of.noOthers();
    }
    if (answers.size() < 2) members.refuse("answers", LAB_TEXT("learn", "expected at least two"));
    return answers;
}

Prediction predictionOf(const Json& json, const std::string& place) {
    Members members(json, place);
    const std::string name = members.text("kind", true);
    const auto row = std::ranges::find_if(predictionKinds, [&name](const PredictionKindRow& each) { return each.name == name; });
    if (row == predictionKinds.end()) {
        std::vector<std::string> names;
        for (const PredictionKindRow& each : predictionKinds) names.emplace_back(each.name);
        members.refuse("kind", Message(LAB_TEXT("learn", "expected %1, got %2")).arg(alternatives(names)).arg(name));
    }
    Prediction prediction;
    prediction.kind = row->kind;
    if (row->answers) prediction.answers = answersOf(members, place);
    if (row->value) prediction.value = expressionOf(members, "value", true);
    if (row->value) prediction.tolerance = members.real("tolerance");
    if (row->drawn) {
        prediction.from = members.real("from");
        prediction.to = members.has("to") ? members.real("to") : 1;
        if (prediction.to <= prediction.from) members.refuse("to", LAB_TEXT("learn", "expected more than from"));
    }
    if (row->cell) prediction.row = expressionOf(members, "row", true);
    if (row->cell) prediction.column = expressionOf(members, "column", true);
    members.noOthers();
    return prediction;
}

LessonAct actOf(const Json& json, const std::string& place) {
    Members members(json, place);
    LessonAct act;
    act.action = members.text("action", false);
    act.until = expressionOf(members, "until", false);
    if (!act.until.empty() && asksStream(act.until))
        members.refuse("until", LAB_TEXT("learn", "nothing that is asked at every step may ask a stream, which takes passes of the model"));
    act.set = settingsOf(members, "set");
    act.input = members.text("input", false);
    members.noOthers();
    if (!act.action.empty() + !act.set.empty() + !act.input.empty() != 1)
        throw InputError(place, LAB_TEXT("learn", "expected one of an action, settings or an input"));
    if (!act.action.empty() && act.until.empty()) members.refuse("until", LAB_TEXT("learn", "missing"));
    return act;
}

std::string stepOf(Members& members) {
    const std::string step = members.text("step", false);
    if (step.empty()) return "latest";
    const auto number = parseInteger(step);
    if (step != "latest" && (!number || *number < 0)) members.refuse("step", LAB_TEXT("learn", "expected a number or latest"));
    return step;
}

LessonStep stepOf(const Json& json, const std::string& place) {
    Members members(json, place);
    LessonStep step;
    step.id = members.text("id", true);
    if (step.id == "try") members.refuse("id", LAB_TEXT("learn", "try is what stands last in the texts"));
    if (step.id == "asks") members.refuse("id", LAB_TEXT("learn", "asks are the questions by which the texts are found"));
    step.show = members.text("show", false);
    step.step = stepOf(members);
    step.highlight = members.texts("highlight");
    if (members.has("cover")) step.cover = members.flag("cover");
    if (const Json* predict = members.objectIfAny("predict")) step.predict = predictionOf(*predict, members.place("predict"));
    if (const Json* act = members.objectIfAny("do")) step.act = actOf(*act, members.place("do"));
    for (const std::string& check : members.texts("check")) {
        step.checks.push_back(check);
        try {
            checkExpression(check);
        } catch (const InputError& error) {
            members.refuse("check", error.message());
        }
    }
    members.noOthers();
    return step;
}

}  // namespace

bool asksStream(const Prediction& prediction) {
    const auto asks = [](const std::string& expression) { return !expression.empty() && asksStream(expression); };
    return asks(prediction.value) || asks(prediction.row) || asks(prediction.column) ||
           std::ranges::any_of(prediction.answers, asks, &Prediction::Answer::expression);
}

Lesson parseLesson(std::string_view text) {
    const Json json = parsedJson(text, "lesson");
    Members members(json, "lesson");
    if (members.text("format", true) != "attention-lab/lesson" || members.number("version") != 1)
        throw InputError("lesson.format", LAB_TEXT("learn", "expected attention-lab/lesson, version 1"));
    Lesson lesson;
    lesson.id = members.text("id", true);
    lesson.minutes = members.number("minutes");
    lesson.preset = members.text("preset", false);
    lesson.example = members.text("example", false);
    if (!lesson.preset.empty() && !lesson.example.empty())
        members.refuse("example", LAB_TEXT("learn", "a lesson opens a preset or an example, not both"));
    lesson.opened = members.flag("opened");
    if (lesson.opened && lesson.preset.empty())
        members.refuse("opened", LAB_TEXT("learn", "a lesson needs a preset for those who have nothing open"));
    lesson.set = settingsOf(members, "set");
    lesson.input = members.text("input", false);
    lesson.hide = partsOf(members);
    lesson.recall = members.texts("recall");
    for (const Json& each : members.list("steps", true)) {
        const std::string place = "lesson.steps[" + std::to_string(lesson.steps.size()) + "]";
        lesson.steps.push_back(stepOf(each, place));
        const auto same = [&lesson](const LessonStep& step) { return step.id == lesson.steps.back().id; };
        if (std::ranges::count_if(lesson.steps, same) > 1)
            throw InputError(place + ".id", Message(LAB_TEXT("learn", "%1 is the name of an earlier step")).arg(lesson.steps.back().id));
    }
    members.noOthers();
    if (lesson.steps.empty()) members.refuse("steps", LAB_TEXT("learn", "expected at least one"));
    return lesson;
}

const std::vector<LessonRow>& lessons() {
    static const std::vector<LessonRow> table = [] {
        std::vector<LessonRow> rows;
        std::map<std::string_view, std::size_t> byName;
        for (const LessonFile& file : lessonFiles()) {
            if (file.name.find('.') != file.name.npos) continue;
            byName[file.name] = rows.size();
            rows.push_back({parseLesson(file.text), {}});
        }
        for (const LessonFile& file : lessonFiles()) {
            const std::size_t dot = file.name.find('.');
            if (dot == file.name.npos) continue;
            LessonRow& row = rows[byName.at(file.name.substr(0, dot))];
            row.texts[std::string(file.name.substr(dot + 1))] = parseLessonTexts(file.text, row.lesson);
        }
        return rows;
    }();
    return table;
}

const LessonRow* findLesson(std::string_view id) {
    const auto found = std::ranges::find_if(lessons(), [id](const LessonRow& row) { return row.lesson.id == id; });
    return found == lessons().end() ? nullptr : &*found;
}

}  // namespace lab
