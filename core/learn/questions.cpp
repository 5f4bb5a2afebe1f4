#include "core/learn/questions.h"

#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/learn/members_json.h"

namespace lab {
namespace {

using learn::Json;
using learn::Members;

QuestionTarget targetOf(const Json& json, const std::string& place) {
    Members members(json, place);
    QuestionTarget target{members.text("preset", false), members.text("comparison", false), members.text("example", false),
                          members.text("place", false)};
    members.noOthers();
    const int kinds = !target.comparison.empty() + !target.example.empty() + !target.place.empty();
    if (kinds != 1 || (!target.preset.empty() && target.place.empty()))
        throw InputError(place, LAB_TEXT("learn", "expected one of a place (with or without a preset), a comparison or an example"));
    return target;
}

LearnerQuestion questionOf(const Json& json, const std::string& topic, const std::string& place) {
    Members members(json, place);
    LearnerQuestion question;
    question.id = members.text("id", true);
    question.topic = topic;
    question.ask = members.text("ask", true);
    question.also = members.texts("also");
    question.answer = members.text("answer", true);
    for (const Json& number : members.list("numbers", false)) {
        Members of(number, members.place("numbers"));
        question.numbers.push_back({of.text("said", true), of.text("is", false), of.text("source", false)});
        of.noOthers();
        if (question.numbers.back().is.empty() == question.numbers.back().source.empty())
            throw InputError(members.place("numbers"), LAB_TEXT("learn", "expected either what a number is, or its source"));
    }
    question.show = targetOf(members.object("show"), members.place("show"));
    question.pending = members.number("pending");
    question.example = members.text("example", question.pending > 0);
    members.noOthers();
    return question;
}

}  // namespace

std::vector<LearnerQuestion> parseQuestions(std::string_view text) {
    const Json json = learn::parsedJson(text, "questions");
    Members members(json, "questions");
    if (members.text("format", true) != "attention-lab/questions" || members.number("version") != 1)
        throw InputError("questions.format", LAB_TEXT("learn", "expected attention-lab/questions, version 1"));
    const std::string topic = members.text("topic", true);
    std::vector<LearnerQuestion> all;
    for (const Json& each : members.list("questions", true))
        all.push_back(questionOf(each, topic, "questions[" + std::to_string(all.size()) + "]"));
    members.noOthers();
    return all;
}

const std::vector<LearnerQuestion>& learnerQuestions() {
    static const std::vector<LearnerQuestion> table = [] {
        std::vector<LearnerQuestion> all;
        for (const QuestionText& text : questionTexts())
            for (LearnerQuestion& question : parseQuestions(text.json)) all.push_back(std::move(question));
        return all;
    }();
    return table;
}

}  // namespace lab
