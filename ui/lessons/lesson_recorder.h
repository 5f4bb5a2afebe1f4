#pragma once

#include <QObject>
#include <cstdint>
#include <map>
#include <string>

#include "core/learn/lesson.h"
#include "ui/runs/place.h"

namespace lab {

/// Makes steps of a lesson of what a person does in the window: looking around on one page is one step, and so is what is done there; the
/// next page, and what is done next, begin the next one. What each step says is left to be written.
class LessonRecorder : public QObject {
    Q_OBJECT

public:
    /// Appends to this lesson, with as many texts as it has steps.
    explicit LessonRecorder(LessonRow& row, QObject* parent = nullptr) : QObject(parent), m_row(row) {}

    bool isOn() const { return m_on; }
    /// `place` is what is looked at now; the first step follows the first thing that is done.
    void begin(const Place& place);
    void end() { m_on = false; }
    /// What comes next belongs to another step.
    void nextStep() { m_open = false; }

    /// What the window changed by itself, which is no step.
    void drift(const Place& place) { m_place = place; }
    void look(const Place& place);
    /// By its name: "train.toggle". Only what the step can lead a person to is kept.
    void act(const QString& action);
    /// A training has paused or ended behind this step.
    void trained(std::int64_t step);
    /// A new run: what differs from the lesson's own, as JSON.
    void start(const std::map<std::string, std::string>& settings);
    void read(const std::string& input);

signals:
    /// Another step, or more in the last one.
    void recorded();

private:
    LessonStep& step();
    LessonStep& stepToDo();
    void show(LessonStep& step) const;

    LessonRow& m_row;
    bool m_on = false;
    static constexpr std::size_t nothing = static_cast<std::size_t>(-1);
    std::size_t m_doing = nothing;  ///< the step whose training is under way, or was last
    bool m_open = false;            ///< the lesson's last step is being recorded
    Place m_place;
};

/// An id that no step has yet: "step-3".
std::string freeStepId(const Lesson& lesson);
/// What a lesson shows of a place: all but run and training step.
std::string shownPlaceOf(Place place);

}  // namespace lab
