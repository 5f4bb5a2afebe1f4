#include "core/learn/questions.h"

#include <nlohmann/json.hpp>
#include <set>

#include "core/base/errors.h"

namespace lab {
namespace {

using Json = nlohmann::json;

/// Reads the members of one object: every member has to be asked for, so that a mistyped key is found.
class Members {
public:
    Members(const Json& object, std::string place) : m_object(object), m_place(std::move(place)) {
        if (!object.is_object()) throw InputError(m_place, LAB_TEXT("learn", "expected an object"));
    }

    std::string text(const char* key, bool wanted) { return has(key, wanted) ? textOf(m_object[key], key) : std::string(); }
    int number(const char* key) {
        if (!has(key, false)) return 0;
        if (!m_object[key].is_number_unsigned()) refuse(key, LAB_TEXT("learn", "expected a whole number"));
        return m_object[key].get<int>();
    }
    std::vector<std::string> texts(const char* key) {
        std::vector<std::string> all;
        for (const Json& each : list(key, false)) all.push_back(textOf(each, key));
        return all;
    }
    const Json& list(const char* key, bool wanted) {
        static const Json none = Json::array();
        if (!has(key, wanted)) return none;
        if (!m_object[key].is_array()) refuse(key, LAB_TEXT("learn", "expected a list"));
        return m_object[key];
    }
    const Json& object(const char* key) {
        has(key, true);
        return m_object[key];
    }
    void noOthers() const {
        for (const auto& [key, value] : m_object.items())
            if (!m_known.contains(key)) refuse(key, LAB_TEXT("learn", "unknown key"));
    }
    std::string place(const char* key) const { return m_place + "." + key; }

private:
    bool has(const char* key, bool wanted) {
        m_known.insert(key);
        if (wanted && !m_object.contains(key)) refuse(key, LAB_TEXT("learn", "missing"));
        return m_object.contains(key);
    }
    std::string textOf(const Json& value, const char* key) const {
        if (!value.is_string() || value.get<std::string>().empty()) refuse(key, LAB_TEXT("learn", "expected a text"));
        return value.get<std::string>();
    }
    [[noreturn]] void refuse(const std::string& key, const Message& message) const { throw InputError(m_place + "." + key, message); }

    const Json& m_object;
    std::string m_place;
    std::set<std::string> m_known;
};

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
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) throw InputError("questions", LAB_TEXT("learn", "not JSON"));
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
