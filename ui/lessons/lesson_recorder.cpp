#include "ui/lessons/lesson_recorder.h"

#include <algorithm>

namespace lab {
namespace {

const QString trains = QStringLiteral("train.toggle"), stepsOnce = QStringLiteral("train.step");

/// Whether a step can lead a person to it: menus, pages and help are ways, not things that are done.
bool isWorthAStep(const QString& action) {
    return action == trains || action == stepsOnce || action.startsWith(QLatin1String("input.")) ||
           action.startsWith(QLatin1String("time."));
}

std::string untilStep(std::int64_t step) {
    return "step >= " + std::to_string(step);
}

}  // namespace

std::string freeStepId(const Lesson& lesson) {
    for (std::size_t number = lesson.steps.size() + 1;; ++number) {
        const std::string id = "step-" + std::to_string(number);
        if (std::ranges::find(lesson.steps, id, &LessonStep::id) == lesson.steps.end()) return id;
    }
}

std::string shownPlaceOf(Place place) {
    place.run.clear();
    place.step.reset();
    return place.text().toStdString();
}

void LessonRecorder::begin(const Place& place) {
    m_on = true;
    m_open = false;
    m_doing = nothing;
    m_place = place;
}

/// The one that is being recorded.
LessonStep& LessonRecorder::step() {
    if (!m_open) {
        LessonStep step;
        step.id = freeStepId(m_row.lesson);
        m_row.lesson.steps.push_back(std::move(step));
        for (auto& [language, texts] : m_row.texts) texts.steps.resize(m_row.lesson.steps.size());
        m_open = true;
        show(m_row.lesson.steps.back());
    }
    return m_row.lesson.steps.back();
}

/// One in which nothing was done yet.
LessonStep& LessonRecorder::stepToDo() {
    if (m_open && m_row.lesson.steps.back().act) m_open = false;
    return step();
}

void LessonRecorder::show(LessonStep& step) const {
    step.show = shownPlaceOf(m_place);
    step.step = m_place.step ? std::to_string(*m_place.step) : "latest";
}

void LessonRecorder::look(const Place& place) {
    if (!m_on || place == m_place) return;
    const bool turned = place.page != m_place.page;
    m_place = place;
    if (turned || (m_open && m_row.lesson.steps.back().act)) m_open = false;
    show(step());
    emit recorded();
}

void LessonRecorder::act(const QString& action) {
    if (!m_on || !isWorthAStep(action)) return;
    const std::string name = action.toStdString();
    const bool again = m_open && m_row.lesson.steps.back().act && m_row.lesson.steps.back().act->action == name;
    LessonStep& now = again ? step() : stepToDo();
    if (action == trains || action == stepsOnce) {
        now.act = LessonAct{name, now.act ? now.act->until : std::string(), {}, {}};
        m_doing = m_row.lesson.steps.size() - 1;
    }
    now.highlight = {name};
    emit recorded();
}

void LessonRecorder::trained(std::int64_t trainedTo) {
    if (!m_on || m_doing >= m_row.lesson.steps.size() || !m_row.lesson.steps[m_doing].act) return;
    m_row.lesson.steps[m_doing].act->until = untilStep(trainedTo);
    emit recorded();
}

void LessonRecorder::start(const std::map<std::string, std::string>& settings) {
    if (!m_on || settings.empty()) return;
    stepToDo().act = LessonAct{{}, {}, settings, {}};
    m_doing = m_row.lesson.steps.size() - 1;
    emit recorded();
}

void LessonRecorder::read(const std::string& input) {
    if (!m_on || input.empty()) return;
    if (m_open && m_row.lesson.steps.back().act && !m_row.lesson.steps.back().act->input.empty())
        step().act->input = input;
    else
        stepToDo().act = LessonAct{{}, {}, {}, input};
    emit recorded();
}

}  // namespace lab
