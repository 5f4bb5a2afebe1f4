#include <algorithm>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/learn/lesson_writing.h"

namespace lab {
namespace {

const std::string onlyStep = "lesson.steps[0]";

/// Of what reads it; nothing when it reads the same.
template <class Read>
std::optional<Message> refusal(Read read) {
    try {
        read();
    } catch (const InputError& error) {
        return error.message();
    }
    return std::nullopt;
}

/// A message about "lesson.steps[0].predict.value" says "predict.value", one about "lesson.minutes" says "minutes".
Message shortPlace(const Message& message, const std::string& prefix) {
    if (message.arguments().size() != 2 || !message.arguments().front().isVerbatim()) return message;
    const std::string place = message.arguments().front().english();
    if (!place.starts_with(prefix + ".")) return message;
    return located(place.substr(prefix.size() + 1), message.arguments().back());
}

bool isEmpty(const LessonStepTexts& texts) {
    const auto none = [](const auto& map) { return std::ranges::all_of(map, [](const auto& each) { return each.second.empty(); }); };
    return texts.say.empty() && texts.question.empty() && texts.why.empty() && none(texts.answers) && none(texts.reasons) &&
           std::ranges::all_of(texts.hints, &std::string::empty);
}

bool isEmpty(const LessonTexts& texts) {
    return texts.title.empty() && texts.about.empty() && texts.tryNext.empty() && texts.asks.empty() &&
           std::ranges::all_of(texts.steps, [](const LessonStepTexts& each) { return isEmpty(each); });
}

LessonStep plainStep() {
    LessonStep step;
    step.id = "step";
    return step;
}

/// One step as it is, in a lesson that is right otherwise.
Lesson around(const LessonStep& step) {
    Lesson lesson;
    lesson.id = "lesson";
    lesson.steps = {step};
    return lesson;
}

/// What parts of the texts the Markdown would take for others.
Message mangled() {
    return LAB_TEXT("learn", "no line of a text begins with #, which begins the next part");
}

std::optional<Message> faultOfTexts(const LessonTexts& texts, const Lesson& lesson) {
    LessonTexts read;
    auto fault = refusal([&] { read = parseLessonTexts(lessonMarkdown(texts, lesson), lesson); });
    if (!fault && lessonMarkdown(read, lesson) != lessonMarkdown(texts, lesson)) fault = mangled();
    return fault;
}

std::optional<Message> faultOfStep(const LessonTexts& texts, const LessonStep& step, std::size_t place) {
    LessonTexts alone;
    alone.title = alone.about = alone.tryNext = "-";
    alone.steps = {texts.steps[place]};
    const auto fault = faultOfTexts(alone, around(step));
    return fault ? std::optional(withoutPlace(*fault, "## " + step.id)) : std::nullopt;
}

std::optional<Message> faultOfWhole(const LessonTexts& texts, const Lesson& lesson) {
    LessonTexts alone{texts.title, texts.about, {LessonStepTexts{"-", {}, {}, {}, {}, {}}}, texts.tryNext, texts.asks};
    Lesson plain = around(plainStep());
    plain.id = lesson.id;
    const auto fault = faultOfTexts(alone, plain);
    return fault ? std::optional(withoutPlace(*fault, lesson.id)) : std::nullopt;
}

void addFaultsOfTexts(std::vector<LessonFault>& faults, const LessonRow& row) {
    for (const auto& [language, texts] : row.texts) {
        if (const auto fault = faultOfWhole(texts, row.lesson)) faults.push_back({std::nullopt, language, *fault});
        for (std::size_t i = 0; i < row.lesson.steps.size(); ++i)
            if (!row.lesson.steps[i].id.empty())
                if (const auto fault = faultOfStep(texts, row.lesson.steps[i], i)) faults.push_back({i, language, *fault});
    }
}

/// An id that two steps have, at the second.
void addSameIds(std::vector<LessonFault>& faults, const Lesson& lesson) {
    for (std::size_t i = 1; i < lesson.steps.size(); ++i) {
        const auto end = lesson.steps.begin() + static_cast<std::ptrdiff_t>(i);
        if (std::find_if(lesson.steps.begin(), end, [&](const LessonStep& each) { return each.id == lesson.steps[i].id; }) == end) continue;
        Lesson both = around(lesson.steps[i]);
        both.steps.push_back(plainStep());
        both.steps.back().id = lesson.steps[i].id;
        if (const auto fault = refusal([&] { parseLesson(lessonJson(both)); }))
            faults.push_back({i, {}, shortPlace(*fault, "lesson.steps[1]")});
    }
}

}  // namespace

LessonRow withoutEmptyTexts(LessonRow row) {
    std::erase_if(row.texts, [](const auto& each) { return isEmpty(each.second); });
    return row;
}

std::vector<LessonFault> faultsOf(const LessonRow& all) {
    const LessonRow row = withoutEmptyTexts(all);
    std::vector<LessonFault> faults;
    Lesson whole = row.lesson;
    if (!whole.steps.empty()) whole.steps = {plainStep()};
    if (const auto fault = refusal([&] { parseLesson(lessonJson(whole)); }))
        faults.push_back({std::nullopt, {}, shortPlace(*fault, "lesson")});
    if (row.lesson.id.find_first_of("/\\") != std::string::npos || row.lesson.id.starts_with('.'))
        faults.push_back({std::nullopt, {}, located("id", LAB_TEXT("learn", "expected a name that a file can have"))});
    for (std::size_t i = 0; i < row.lesson.steps.size(); ++i)
        if (const auto fault = refusal([&] { parseLesson(lessonJson(around(row.lesson.steps[i]))); }))
            faults.push_back({i, {}, shortPlace(*fault, onlyStep)});
    addSameIds(faults, row.lesson);
    if (row.texts.empty()) faults.push_back({std::nullopt, {}, LAB_TEXT("learn", "there is no text in any language")});
    addFaultsOfTexts(faults, row);
    return faults;
}

}  // namespace lab
