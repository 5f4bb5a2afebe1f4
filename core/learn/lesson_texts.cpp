#include <algorithm>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/learn/lesson.h"

namespace lab {
namespace {

/// One heading with what stands below it.
struct Section {
    int line = 0, depth = 0;
    std::string heading, body;
};

std::vector<Section> sectionsOf(std::string_view markdown) {
    std::vector<Section> sections;
    for (int line = 1; !markdown.empty(); ++line) {
        const std::size_t end = std::min(markdown.find('\n'), markdown.size());
        std::string_view text = markdown.substr(0, end);
        markdown.remove_prefix(std::min(end + 1, markdown.size()));
        const std::size_t depth = std::min(text.find_first_not_of('#'), text.size());
        if (depth >= 1 && depth <= 3 && depth < text.size() && text[depth] == ' ')
            sections.push_back({line, static_cast<int>(depth), std::string(trimmed(text.substr(depth))), {}});
        else if (!sections.empty())
            sections.back().body.append(text).append("\n");
        else if (!trimmed(text).empty())
            throw InputError(Message(LAB_TEXT("learn", "line %1")).arg(line), LAB_TEXT("learn", "expected the title, # and its words"));
    }
    for (Section& section : sections) section.body = std::string(trimmed(section.body));
    return sections;
}

[[noreturn]] void refuse(const Section& section, const Message& why) {
    throw InputError(Message(LAB_TEXT("learn", "line %1")).arg(section.line), why);
}

/// Puts the parts of one step where they belong.
class StepReader {
public:
    StepReader(const LessonStep& step, LessonStepTexts& texts) : m_step(step), m_texts(texts) {}

    void take(const Section& section) {
        if (section.body.empty()) refuse(section, Message(LAB_TEXT("learn", "%1: nothing stands below it")).arg(section.heading));
        const std::size_t space = std::min(section.heading.find(' '), section.heading.size());
        const std::string part = section.heading.substr(0, space);
        const std::string id(trimmed(section.heading.substr(space)));
        if (part == "hint" && id.empty())
            m_texts.hints.push_back(section.body);
        else if (std::string* text = id.empty() ? plain(part) : ofAnswer(part, section, id); text && text->empty())
            *text = section.body;
        else
            refuse(section, Message(text ? LAB_TEXT("learn", "%1 is said twice")
                                         : LAB_TEXT("learn", "%1: expected question, answer ID, reason ID, hint or why"))
                                .arg(section.heading));
    }

private:
    std::string* plain(const std::string& part) { return part == "question" ? &m_texts.question : part == "why" ? &m_texts.why : nullptr; }
    std::string* ofAnswer(const std::string& part, const Section& section, const std::string& id) {
        if (part != "answer" && part != "reason") return nullptr;
        const bool known =
            m_step.predict && std::ranges::any_of(m_step.predict->answers, [&id](const auto& each) { return each.id == id; });
        if (!known) refuse(section, Message(LAB_TEXT("learn", "step %1 has no answer %2")).arg(m_step.id).arg(id));
        return part == "answer" ? &m_texts.answers[id] : &m_texts.reasons[id];
    }

    const LessonStep& m_step;
    LessonStepTexts& m_texts;
};

void requireWhole(const LessonStep& step, const LessonStepTexts& texts) {
    const auto require = [&step](bool there, Message what) {
        if (!there) throw InputError("## " + step.id, Message(LAB_TEXT("learn", "%1 is missing")).arg(std::move(what)));
    };
    const auto heading = [](const char* part, const std::string& id) { return Message::verbatim(part + (" " + id)); };
    require(!texts.say.empty(), LAB_TEXT("learn", "what is said"));
    require(texts.question.empty() != step.predict.has_value(), Message::verbatim("### question"));
    if (!step.predict) return;
    for (const Prediction::Answer& answer : step.predict->answers) {
        require(texts.answers.contains(answer.id), heading("### answer", answer.id));
        require(step.predict->kind != Prediction::Kind::choice || texts.reasons.contains(answer.id), heading("### reason", answer.id));
    }
}

}  // namespace

LessonTexts parseLessonTexts(std::string_view markdown, const Lesson& lesson) {
    LessonTexts texts;
    texts.steps.resize(lesson.steps.size());
    LessonStepTexts* current = nullptr;
    const LessonStep* step = nullptr;
    for (const Section& section : sectionsOf(markdown)) {
        if (section.depth == 1) {
            if (!texts.title.empty()) refuse(section, LAB_TEXT("learn", "a lesson has one title"));
            texts.title = section.heading;
            texts.about = section.body;
        } else if (section.depth == 2 && section.heading == "try") {
            texts.tryNext = section.body;
            step = nullptr;
        } else if (section.depth == 2 && section.heading == "asks") {
            texts.asks = section.body;
            step = nullptr;
        } else if (section.depth == 2) {
            const auto found = std::ranges::find(lesson.steps, section.heading, &LessonStep::id);
            if (found == lesson.steps.end()) refuse(section, Message(LAB_TEXT("learn", "the lesson has no step %1")).arg(section.heading));
            step = &*found;
            current = &texts.steps[static_cast<std::size_t>(found - lesson.steps.begin())];
            if (!current->say.empty()) refuse(section, Message(LAB_TEXT("learn", "%1 is said twice")).arg(section.heading));
            current->say = section.body;
        } else {
            if (!step) refuse(section, LAB_TEXT("learn", "stands below no step"));
            StepReader(*step, *current).take(section);
        }
    }
    for (std::size_t i = 0; i < lesson.steps.size(); ++i) requireWhole(lesson.steps[i], texts.steps[i]);
    const auto require = [&lesson](const std::string& text, Message what) {
        if (text.empty()) throw InputError(lesson.id, Message(LAB_TEXT("learn", "%1 is missing")).arg(std::move(what)));
    };
    require(texts.title, Message::verbatim("# title"));
    require(texts.about, LAB_TEXT("learn", "what stands below the title"));
    require(texts.tryNext, Message::verbatim("## try"));
    return texts;
}

}  // namespace lab
